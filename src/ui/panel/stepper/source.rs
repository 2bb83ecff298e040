//! The file of a model as the person reads it: lines with numbers, and the lines that matter now with a ground. It knows no
//! lane; what is lit and why comes from the caller.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Align2, Color32, Pos2, Rect, Role as A11y, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{Role, Theme, Type, space};

use super::rust::{Piece, pieces};

/// Height of a line of code.
const LINE: f32 = 22.0;
const SIZE: f32 = 12.5;
/// Numbers end here, and the text begins there.
const NUMBER: f32 = 34.0;
const TEXT: f32 = 48.0;

/// Why a line is lit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The lane is held before the call of this line.
    Held,
    /// The lane stands in the call of this line.
    Inside,
    /// The last wait came back here.
    Waited,
    /// The last call was made here; the lane runs its own code.
    Last,
}

/// A lit line, with the words for it.
#[derive(Clone, Debug)]
pub struct Lit {
    /// From 1.
    pub line: u32,
    pub why: Why,
    /// For the tooltip and for screen readers.
    pub words: String,
}

/// A line to scroll to.
#[derive(Clone, Copy, Debug)]
pub struct Follow {
    /// From 1.
    pub line: u32,
    /// Whose line it is.
    pub lane: Option<u32>,
    /// Each time it changes; else only when the file or another lane is shown first, for lines that change too fast to be followed.
    pub always: bool,
}

/// The lines of one file, laid out once.
#[derive(Default)]
pub struct SourceView {
    of: Option<(&'static str, bool)>,
    lines: Vec<LayoutJob>,
    longest: usize,
    /// The line that was scrolled to last, and whose it was.
    seen: Option<(Option<u32>, u32)>,
}

impl SourceView {
    /// Draws it in the whole ui.
    pub fn ui(&mut self, ui: &mut Ui, theme: &Theme, source: &'static str, lit: &[Lit], follow: Option<Follow>) {
        self.lay_out(theme, source);
        let c = &theme.colors;
        let place = ui.max_rect();
        ui.painter().rect_filled(place, 0.0, c.stage);
        let letter = ui.painter().layout_no_wrap("m".to_owned(), Type::Data.at(SIZE), c.text_1).size().x;
        let size = vec2(TEXT + letter * self.longest as f32 + space::M, LINE * self.lines.len() as f32 + 2.0 * space::S);
        let name = source.as_ptr() as usize;
        ScrollArea::both().id_salt(("source", name)).auto_shrink(false).show_viewport(ui, |ui, viewport| {
            ui.set_min_size(size.max(viewport.size()));
            let origin = ui.min_rect().min;
            let first = ((viewport.top() - space::S) / LINE).floor().max(0.0) as usize;
            let last = (((viewport.bottom() - space::S) / LINE).ceil().max(0.0) as usize).min(self.lines.len());
            let clip = ui.clip_rect();
            for n in first..last {
                let top = origin.y + space::S + LINE * n as f32;
                let row = Rect::from_min_max(pos2(clip.left(), top), pos2(clip.right(), top + LINE));
                let this = lit.iter().find(|l| l.line as usize == n + 1);
                self.line_ui(ui, theme, n, row, origin, this);
            }
            let is_new = |f: &Follow| self.seen.is_none_or(|(lane, line)| lane != f.lane || f.always && line != f.line);
            if let Some(Follow { line, lane, .. }) = follow.filter(is_new) {
                self.seen = Some((lane, line));
                let top = origin.y + space::S + LINE * line.saturating_sub(1) as f32;
                let rect = Rect::from_min_size(pos2(clip.left(), top), vec2(1.0, LINE));
                if !clip.shrink2(vec2(0.0, LINE)).contains_rect(rect) {
                    ui.scroll_to_rect(rect, Some(Align::Center));
                }
            }
        });
        ui.painter().hline(place.x_range(), place.bottom(), Stroke::new(1.0, c.line));
    }

    fn line_ui(&self, ui: &Ui, theme: &Theme, n: usize, row: Rect, origin: Pos2, lit: Option<&Lit>) {
        let c = &theme.colors;
        let Some(job) = self.lines.get(n) else { return };
        let (ground, bar) = match lit.map(|l| l.why) {
            Some(Why::Held) => (c.running.soft, Some(c.running.text)),
            Some(Why::Inside) => (c.waiting.soft, Some(c.waiting.text)),
            Some(Why::Waited) => (c.waiting.soft, None),
            Some(Why::Last) => (c.stage, Some(c.line_strong)),
            None => (c.stage, None),
        };
        let painter = ui.painter();
        painter.rect_filled(row, 0.0, ground);
        let galley = painter.layout_job(job.clone());
        painter.galley(pos2(origin.x + TEXT, row.center().y - galley.size().y / 2.0), galley, c.text_1);
        // Numbers stay where they are while the text goes left.
        if origin.x < row.left() {
            painter.rect_filled(row.with_max_x(row.left() + TEXT - space::XS), 0.0, ground);
        }
        let at = pos2(row.left() + NUMBER, row.center().y);
        let ink = if lit.is_some() { c.text_2 } else { c.text_disabled };
        painter.text(at, Align2::RIGHT_CENTER, n + 1, Type::Data.at(SIZE), ink);
        if let Some(color) = bar {
            painter.rect_filled(row.with_max_x(row.left() + 3.0), 0.0, color);
        }
        let response = ui.interact(row, ui.scope_id().with(("line", n)), Sense::hover());
        let words = lit.map_or("", |l| l.words.as_str());
        response.widget_info(|| {
            let code = job.text.trim();
            let label = if words.is_empty() { format!("{} {code}", n + 1) } else { format!("{} {code}: {words}", n + 1) };
            WidgetInfo::labeled(A11y::Label, true, label)
        });
        if !words.is_empty() {
            response.on_hover_text(words);
        }
    }

    fn lay_out(&mut self, theme: &Theme, source: &'static str) {
        if self.of.is_some_and(|(was, dark)| std::ptr::eq(was, source) && dark == theme.dark) {
            return;
        }
        if !self.of.is_some_and(|(was, _)| std::ptr::eq(was, source)) {
            self.seen = None;
        }
        self.of = Some((source, theme.dark));
        self.lines = source.lines().map(|line| job(theme, line)).collect();
        self.longest = self.lines.iter().map(|job| job.text.chars().count()).max().unwrap_or(0);
    }
}

fn job(theme: &Theme, line: &str) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    // Half the indentation: the calls of a loop stand deep, and the panel is narrow.
    let indent = line.len() - line.trim_start_matches(' ').len();
    let line = &line[indent / 2..];
    for (range, piece) in pieces(line) {
        let (style, ink) = ink(theme, piece);
        job.append(&line[range], 0.0, TextFormat::simple(style.at(SIZE), ink));
    }
    job
}

fn ink(theme: &Theme, piece: Piece) -> (Type, Color32) {
    let c = &theme.colors;
    match piece {
        Piece::Plain => (Type::Data, c.text_1),
        Piece::Keyword | Piece::Literal => (Type::Data, c.text_2),
        Piece::Comment => (Type::Data, c.text_3),
        Piece::Call(Role::Waiting) => (Type::Figure, c.text_1),
        Piece::Call(role) => (Type::Figure, theme.role(role).text),
    }
}
