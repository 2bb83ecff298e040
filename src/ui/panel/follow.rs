//! How a log follows its newest row, and stays where a person looks. The rows themselves are the table's.

use eframe::egui::{Align, Layout, Rect, Response, ScrollArea, Ui, UiBuilder, pos2, scroll_area::ScrollAreaOutput, vec2};

use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{icons, size, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::{format, grid};

/// Rows that Page Up and Page Down move by.
const PAGE: usize = 20;

/// Where one log stands.
#[derive(Debug)]
pub struct Follow {
    /// Stays where it is, instead of at the newest row.
    held: bool,
    /// Rows that had ever passed when following ended.
    passed_then: u64,
    offset: f32,
    /// Rows in the last frame.
    rows: usize,
    /// Points of a row.
    row: f32,
    /// Goes to the newest row in the next frame.
    jump: bool,
    /// A row that the keys moved to: it gets focus once it is painted.
    focus: Option<usize>,
    /// Where it goes in the next frame.
    wanted: Option<f32>,
    /// A row that is to be seen in the next frame.
    sought: Option<usize>,
}

impl Default for Follow {
    fn default() -> Self {
        Self::with_rows(size::ROW_LOG)
    }
}

impl Follow {
    /// With rows of this height.
    pub fn with_rows(row: f32) -> Self {
        Self { held: false, passed_then: 0, offset: 0.0, rows: 0, row, jump: false, focus: None, wanted: None, sought: None }
    }

    /// Other rows than before, about the same place.
    pub fn set_row(&mut self, row: f32) {
        let first = self.offset / self.row;
        self.row = row;
        if self.held {
            self.wanted = Some(first * row);
        }
    }

    /// Stops following. `passed` are the rows that ever passed.
    pub fn hold(&mut self, passed: u64) {
        if !std::mem::replace(&mut self.held, true) {
            self.passed_then = passed;
        }
    }

    /// Goes to a row: it gets the focus and is seen.
    pub fn go_to(&mut self, row: usize, passed: u64) {
        self.hold(passed);
        self.focus = Some(row);
    }

    /// Brings a row into sight and leaves the focus where it is.
    pub fn reveal(&mut self, row: usize, passed: u64) {
        self.hold(passed);
        self.sought = Some(row);
    }

    /// Draws `rows` rows, of which only those in sight are asked for; `gone` left at the front since the last frame.
    pub fn show(&mut self, ui: &mut Ui, rows: usize, gone: usize, passed: u64, mut row: impl FnMut(&mut Self, &mut Ui, usize)) {
        // Whole rows only: the first one in sight is never cut by the head above it.
        let room = ui.available_height();
        let height = ((room / self.row).floor() * self.row).max(self.row.min(room));
        let sought = self.sought.take().and_then(|row| grid::reveal_of(self.row, row, self.offset, height));
        let moved = self.wanted.take().or(sought);
        let wanted = match self.focus {
            None if moved.is_some() => moved,
            Some(row) => grid::reveal_of(self.row, row, self.offset, height),
            // Rows that left at the front must not move those one looks at.
            None if gone > 0 && self.held => Some((self.offset - gone as f32 * self.row).max(0.0)),
            // Fewer rows than in the last frame: sticking to the end would show nothing below them until the next one.
            None if !self.held && rows < self.rows => Some((rows as f32 * self.row - height).max(0.0)),
            None => None,
        };
        let jump = std::mem::take(&mut self.jump);
        let area = ScrollArea::vertical().id_salt("rows").auto_shrink(false).animated(false).stick_to_bottom(!self.held).max_height(height);
        let area = wanted.map_or(area.clone(), |offset| area.vertical_scroll_offset(offset));
        let each = self.row;
        let out = area.show_rows(ui, each, rows, |ui, range| {
            if jump {
                // The end is known only here; an offset set from outside is held within the last frame's content.
                let below = (rows - range.start) as f32 * each;
                let last = Rect::from_min_size(ui.max_rect().left_top() + vec2(0.0, below - 1.0), vec2(1.0, 1.0));
                ui.scroll_to_rect(last, Some(Align::BOTTOM));
            }
            for n in range {
                row(self, ui, n);
            }
        });
        self.scrolled(ui, &out, rows, jump, passed);
    }

    fn scrolled(&mut self, ui: &Ui, out: &ScrollAreaOutput<()>, rows: usize, jumped: bool, passed: u64) {
        let before = std::mem::replace(&mut self.offset, out.state.clamped_offset().y);
        let at_end = self.offset >= out.content_size.y - out.inner_rect.height() - 1.0;
        if jumped {
            ui.ctx().request_repaint();
        } else if !self.held && !at_end {
            self.hold(passed);
        } else if self.held && at_end && self.offset > before {
            self.held = false;
        }
        if !self.held && self.rows != rows {
            // Sticking to the end takes effect in the next frame.
            ui.ctx().request_repaint();
        }
        self.rows = rows;
    }

    /// Gives a painted row the focus that the keys asked for, and moves it on. Answers whether a step was made.
    pub fn keys(&mut self, ui: &Ui, response: &Response, n: usize, rows: usize, passed: u64) -> bool {
        if self.focus == Some(n) {
            response.request_focus();
        }
        match grid::step(ui, response, PAGE) {
            Some(by) => {
                self.go_to(grid::moved(n, by, rows), passed);
                true
            }
            None => {
                if self.focus == Some(n) {
                    self.focus = None;
                }
                false
            }
        }
    }

    /// The button back to the newest row, with how many are new; `key` begins its locale keys.
    pub fn jump_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, area: Rect, passed: u64, key: &str) {
        if !self.held || self.rows == 0 {
            return;
        }
        let label = match passed.saturating_sub(self.passed_then) {
            0 => tr!(cx.text, key),
            new => tr!(cx.text, &format!("{key}-new"), rows = format::count(new)),
        };
        let rect = Rect::from_min_max(pos2(area.left(), area.bottom() - size::CONTROL - space::S), area.max - vec2(space::M, space::S));
        let builder = UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(builder, |ui| {
            let tip = tr!(cx.text, &format!("{key}-tip"));
            if ButtonSpec::new(&label, &tip).with_icon(icons::ARROW_DOWN, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
                (self.held, self.jump) = (false, true);
            }
        });
    }
}
