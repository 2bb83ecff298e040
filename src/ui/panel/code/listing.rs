//! Lines of text with numbers, of which only those in sight are laid out, and the lines that matter now with a bar and a ground.
//! It knows no program and no call; what is marked and why comes from the caller.

use std::ops::Range;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Align2, Color32, Painter, Pos2, Rect, Role as A11y, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::code::{self, Language};
use crate::ui::theme::{Role, RoleColors, Theme, Type, space};

use super::highlight::{self, Piece};

/// Height of a line of code.
const LINE: f32 = 22.0;
const SIZE: f32 = 12.5;
/// Numbers end here, and the text begins there.
const NUMBER: f32 = 40.0;
const TEXT: f32 = 54.0;
/// The bar at the left of a marked line.
pub const BAR: f32 = 3.0;

/// Why lines are marked; each has a hue and a bar of its own shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The newest call that came back was made here: a whole bar.
    Newest,
    /// A thread sleeps in the call of these lines: a dotted bar.
    Inside,
    /// A person holds a thread before the call of these lines: two bars.
    Held,
}

/// Marked lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub why: Why,
    /// From 0.
    pub lines: Vec<Range<usize>>,
    /// For the tooltip, the foot and screen readers.
    pub words: String,
}

/// Where a listing goes in this frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// It stays.
    Stay,
    /// To this line, from 0, unless it is in sight.
    Line(usize),
    /// To the last line, each time there are more.
    End,
}

/// One text, cut and coloured once.
#[derive(Debug)]
pub struct Listing {
    lines: Vec<LayoutJob>,
    /// In columns of a letter.
    longest: usize,
    dark: bool,
}

impl Listing {
    pub fn new(theme: &Theme, language: Language, text: &str) -> Self {
        let cut = highlight::lines(language, text);
        let lines: Vec<LayoutJob> = text.lines().zip(cut).map(|(line, pieces)| job(theme, line, pieces)).collect();
        let longest = lines.iter().map(|job| code::columns(&job.text)).max().unwrap_or(0);
        Self { lines, longest, dark: theme.dark }
    }

    /// Whether its colours are this theme's.
    pub fn is_of(&self, theme: &Theme) -> bool {
        self.dark == theme.dark
    }

    /// Draws it in the whole ui. `salt` is one for each text that keeps its own place.
    pub fn ui(&self, ui: &mut Ui, theme: &Theme, salt: &str, marks: &[Mark], go: Go) {
        let c = &theme.colors;
        ui.painter().rect_filled(ui.max_rect(), 0.0, c.stage);
        let letter = ui.painter().layout_no_wrap("m".to_owned(), Type::Data.at(SIZE), c.text_1).size().x;
        let size = vec2(TEXT + letter * self.longest as f32 + space::M, LINE * self.lines.len() as f32 + 2.0 * space::S);
        let area = ScrollArea::both().id_salt(("listing", salt)).auto_shrink(false).animated(false).stick_to_bottom(go == Go::End);
        area.show_viewport(ui, |ui, viewport| {
            ui.set_min_size(size.max(viewport.size()));
            let origin = ui.min_rect().min;
            let clip = ui.clip_rect();
            for n in in_sight(viewport.y_range().min, viewport.y_range().max, self.lines.len()) {
                let row = row(origin, clip, n);
                let mark = marks.iter().find(|mark| mark.lines.iter().any(|lines| lines.contains(&n)));
                self.line_ui(ui, theme, n, row, origin, mark);
            }
            if let Go::Line(line) = go {
                let rect = row(origin, clip, line).with_max_x(clip.left() + 1.0);
                if !clip.shrink2(vec2(0.0, LINE)).contains_rect(rect) {
                    ui.scroll_to_rect(rect, Some(Align::Center));
                }
            }
        });
    }

    fn line_ui(&self, ui: &Ui, theme: &Theme, n: usize, row: Rect, origin: Pos2, mark: Option<&Mark>) {
        let c = &theme.colors;
        let Some(job) = self.lines.get(n) else { return };
        let ground = mark.map_or(c.stage, |mark| colors(theme, mark.why).soft);
        let painter = ui.painter();
        painter.rect_filled(row, 0.0, ground);
        let galley = painter.layout_job(job.clone());
        painter.galley(pos2(origin.x + TEXT, row.center().y - galley.size().y / 2.0), galley, c.text_1);
        // Numbers stay where they are while the text goes left.
        if origin.x < row.left() {
            painter.rect_filled(row.with_max_x(row.left() + TEXT - space::XS), 0.0, ground);
        }
        let ink = if mark.is_some() { c.text_1 } else { c.text_3 };
        painter.text(pos2(row.left() + NUMBER, row.center().y), Align2::RIGHT_CENTER, n + 1, Type::Data.at(SIZE), ink);
        if let Some(mark) = mark {
            bar(painter, theme, mark.why, row);
        }
        let response = ui.interact(row, ui.scope_id().with(("line", n)), Sense::hover());
        response.widget_info(|| {
            let code = job.text.trim();
            let label = mark.map_or_else(|| format!("{} {code}", n + 1), |mark| format!("{} {code}: {}", n + 1, mark.words));
            WidgetInfo::labeled(A11y::Label, true, label)
        });
        if let Some(mark) = mark {
            response.on_hover_text(&mark.words);
        }
    }
}

/// The lines that a view from `top` to `bottom` shows.
fn in_sight(top: f32, bottom: f32, lines: usize) -> Range<usize> {
    let first = ((top - space::S) / LINE).floor().max(0.0) as usize;
    let last = ((bottom - space::S) / LINE).ceil().max(0.0) as usize;
    first.min(lines)..last.min(lines)
}

fn row(origin: Pos2, clip: Rect, n: usize) -> Rect {
    let top = origin.y + space::S + LINE * n as f32;
    Rect::from_min_max(pos2(clip.left(), top), pos2(clip.right(), top + LINE))
}

fn colors(theme: &Theme, why: Why) -> RoleColors {
    let c = &theme.colors;
    match why {
        Why::Newest => c.running,
        Why::Inside => c.waiting,
        Why::Held => RoleColors { text: c.accent, mark: c.accent, soft: c.selected },
    }
}

/// The bar of a mark at the left edge of this place.
pub fn bar(painter: &Painter, theme: &Theme, why: Why, place: Rect) {
    let ink = colors(theme, why).text;
    let at = |left: f32, width: f32| {
        Rect::from_min_max(pos2(place.left() + left, place.top()), pos2(place.left() + left + width, place.bottom()))
    };
    match why {
        Why::Newest => _ = painter.rect_filled(at(0.0, BAR), 0.0, ink),
        Why::Inside => {
            let whole = at(0.0, BAR);
            let mut top = whole.top() + 2.0;
            while top + BAR <= whole.bottom() {
                painter.rect_filled(whole.with_min_y(top).with_max_y(top + BAR), 0.0, ink);
                top += 2.0 * BAR;
            }
        }
        Why::Held => {
            painter.rect_filled(at(0.0, 2.0), 0.0, ink);
            painter.rect_filled(at(4.0, 2.0), 0.0, ink);
        }
    }
}

fn job(theme: &Theme, line: &str, pieces: Vec<(Range<usize>, Piece)>) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    for (range, piece) in pieces {
        let (style, ink) = ink(theme, piece);
        job.append(&line[range], 0.0, TextFormat::simple(style.at(SIZE), ink));
    }
    job
}

/// Hue is of roles alone: words of the language stand out by weight, comments step back.
fn ink(theme: &Theme, piece: Piece) -> (Type, Color32) {
    let c = &theme.colors;
    match piece {
        Piece::Plain | Piece::Call => (Type::Data, c.text_1),
        Piece::Keyword => (Type::Figure, c.text_2),
        Piece::Text | Piece::Number => (Type::Data, c.text_2),
        Piece::Comment => (Type::Data, c.text_3),
        Piece::System(Role::Waiting) => (Type::Figure, c.text_1),
        Piece::System(role) => (Type::Figure, theme.role(role).text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_in_sight_are_laid_out() {
        assert_eq!(in_sight(0.0, 220.0, 5_000), 0..10);
        assert_eq!(in_sight(2_208.0, 2_428.0, 5_000), 100..110);
        assert_eq!(in_sight(0.0, 9_000.0, 3), 0..3);
        assert_eq!(in_sight(0.0, 100.0, 0), 0..0);
    }
}
