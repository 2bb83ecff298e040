//! Columns of a virtual table: where they lie, their heads, and cells painted without a widget each, so that a row costs
//! one interaction and a few galleys however many rows there are.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{
    Align2, Color32, EventFilter, Galley, Key, Modifiers, Painter, Rangef, Rect, Response, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo,
    pos2, vec2,
};

use super::controls::focus_ring;
use crate::ui::theme::{Theme, Type, size};

/// Room between two columns.
const GAP: f32 = 10.0;
/// Room left of the first and right of the last column.
const PAD: f32 = 12.0;

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its head.
    pub title: String,
    /// What it shows, on hover.
    pub tip: String,
    /// Points; of the last column the least, it takes what is left.
    pub width: f32,
    /// Figures stand at the right.
    pub right: bool,
}

/// Which column sorts, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorted {
    /// The column.
    pub column: usize,
    /// Largest first.
    pub descending: bool,
}

/// The least width in which every column has its room.
pub fn least_width(columns: &[Column]) -> f32 {
    columns.iter().map(|c| c.width + GAP).sum::<f32>() - GAP + 2.0 * PAD
}

/// Scroll bars that are seen while nobody points at them, beside the rows and not over them: columns out of sight are
/// else not known of.
pub fn show_bars(ui: &mut Ui) {
    let scroll = &mut ui.spacing_mut().scroll;
    (scroll.dormant_handle_opacity, scroll.floating_allocated_width) = (0.5, scroll.floating_width + 2.0);
}

/// A table: its heads, and below them what `add` draws; across where the columns need more room than there is. `add` is told
/// which head was clicked.
pub fn table(ui: &mut Ui, theme: &Theme, columns: &[Column], sorted: Option<Sorted>, add: impl FnOnce(&mut Ui, Option<usize>)) {
    let width = least_width(columns).max(ui.available_width());
    show_bars(ui);
    ScrollArea::horizontal().id_salt("across").auto_shrink(false).show(ui, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 0.0;
        let clicked = head(ui, theme, columns, sorted);
        add(ui, clicked);
    });
}

/// Where each column lies between `left` and `left + width`.
pub fn ranges(columns: &[Column], left: f32, width: f32) -> Vec<Rangef> {
    let spare = (width - least_width(columns)).max(0.0);
    let mut x = left + PAD;
    let last = columns.len().saturating_sub(1);
    columns
        .iter()
        .enumerate()
        .map(|(i, column)| {
            let w = column.width + if i == last { spare } else { 0.0 };
            let range = Rangef::new(x, x + w);
            x += w + GAP;
            range
        })
        .collect()
}

/// The row of heads; with `sorted` each can be clicked. Answers the clicked column.
fn head(ui: &mut Ui, theme: &Theme, columns: &[Column], sorted: Option<Sorted>) -> Option<usize> {
    let c = &theme.colors;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW_LOG), Sense::hover());
    let mut clicked = None;
    for (i, (column, x)) in columns.iter().zip(ranges(columns, rect.left(), rect.width())).enumerate() {
        let cell = Rect::from_x_y_ranges(x, rect.y_range());
        let sense = if sorted.is_some() { Sense::click() } else { Sense::hover() };
        let response = ui.interact(cell, ui.scope_id().with(("head", i)), sense);
        let this = sorted.filter(|s| s.column == i);
        let label = match this {
            Some(s) => format!("{} {}", column.title, if s.descending { "↓" } else { "↑" }),
            None => column.title.clone(),
        };
        let role = if sorted.is_some() { Role::Button } else { Role::ColumnHeader };
        response.widget_info(|| WidgetInfo::selected(role, true, this.is_some(), &label));
        let ink = if this.is_some() || (sorted.is_some() && response.hovered()) { c.text_1 } else { c.text_3 };
        let (at, align) =
            if column.right { (cell.right_center(), Align2::RIGHT_CENTER) } else { (cell.left_center(), Align2::LEFT_CENTER) };
        ui.painter().with_clip_rect(cell.expand2(vec2(GAP / 2.0, 0.0))).text(at, align, label, Type::Caption.font(), ink);
        focus_ring(ui, theme, &response);
        if response.on_hover_text(&column.tip).clicked() {
            clicked = Some(i);
        }
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, c.line));
    clicked
}

/// Where the keys want to go from the row that has the focus.
pub fn step(ui: &Ui, response: &Response, rows_a_page: usize) -> Option<isize> {
    if !response.has_focus() {
        return None;
    }
    // Else egui moves the focus to whatever lies below, which ends at the last visible row.
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    let page = isize::try_from(rows_a_page.max(2) - 1).unwrap_or(1);
    let keys = [
        (Key::ArrowUp, -1),
        (Key::ArrowDown, 1),
        (Key::PageUp, -page),
        (Key::PageDown, page),
        (Key::Home, isize::MIN),
        (Key::End, isize::MAX),
    ];
    ui.input_mut(|i| {
        keys.into_iter().find(|(key, _)| i.consume_key(Modifiers::NONE, *key) || i.consume_key(Modifiers::SHIFT, *key)).map(|(_, by)| by)
    })
}

/// The row that many steps away, kept within `rows`.
pub fn moved(row: usize, by: isize, rows: usize) -> usize {
    row.saturating_add_signed(by).min(rows.saturating_sub(1))
}

/// The offset at which a row of a log can be seen, if it cannot be seen now.
pub fn reveal(row: usize, offset: f32, height: f32) -> Option<f32> {
    reveal_of(size::ROW_LOG, row, offset, height)
}

/// The same for rows of this height.
pub fn reveal_of(each: f32, row: usize, offset: f32, height: f32) -> Option<f32> {
    let top = row as f32 * each;
    if top < offset {
        Some(top)
    } else if top + each > offset + height {
        Some(top + each - height)
    } else {
        None
    }
}

/// The ground of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Its number, for the zebra.
    pub row: usize,
    /// Selected rows have a ground and a bar.
    pub selected: bool,
}

/// One row while it is painted.
pub struct Cells<'a> {
    painter: Painter,
    columns: &'a [Column],
    ranges: &'a [Rangef],
    rect: Rect,
}

impl<'a> Cells<'a> {
    /// Paints the ground of a row and gives its cells.
    pub fn begin(ui: &Ui, theme: &Theme, columns: &'a [Column], ranges: &'a [Rangef], response: &Response, ground: Ground) -> Self {
        let c = &theme.colors;
        let rect = response.rect;
        let painter = ui.painter_at(rect);
        let fill = match ground {
            Ground { selected: true, .. } => Some(c.selected),
            _ if response.hovered() => Some(c.hover),
            // The zebra is a step of 2 % from the panel towards the text.
            Ground { row, .. } if row % 2 == 1 => Some(c.panel.lerp_to_gamma(c.text_1, 0.02)),
            Ground { .. } => None,
        };
        if let Some(fill) = fill {
            painter.rect_filled(rect, 0.0, fill);
        }
        if ground.selected {
            painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), 0.0, c.accent);
        }
        if response.has_focus() {
            painter.rect_stroke(rect.shrink(1.0), 0.0, Stroke::new(2.0, c.accent), eframe::egui::StrokeKind::Inside);
        }
        Self { painter, columns, ranges, rect }
    }

    /// Words in a cell, cut with an ellipsis where they do not fit.
    pub fn text(&self, column: usize, text: impl Into<String>, style: Type, color: Color32) {
        self.text_after(column, 0.0, text, style, color);
    }

    /// Words behind a mark that takes `lead` points.
    pub fn text_after(&self, column: usize, lead: f32, text: impl Into<String>, style: Type, color: Color32) {
        let font = match style {
            Type::Data => style.at(11.5),
            Type::Caption | Type::Body | Type::Strong | Type::Title | Type::Sentence | Type::Figure => style.font(),
        };
        self.job(column, lead, LayoutJob::single_section(text.into(), TextFormat::simple(font, color)));
    }

    /// A laid-out text in a cell.
    pub fn job(&self, column: usize, lead: f32, mut job: LayoutJob) {
        let x = self.ranges[column];
        job.wrap = TextWrapping { max_width: x.span() - lead, max_rows: 1, break_anywhere: true, overflow_character: Some('…') };
        job.break_on_newline = false;
        let galley: Arc<Galley> = self.painter.layout_job(job);
        let left = if self.columns[column].right { x.max - galley.size().x } else { x.min + lead };
        self.painter.galley(pos2(left, self.rect.center().y - galley.size().y / 2.0), galley, Color32::PLACEHOLDER);
    }

    /// The painter of the row and the centre of a mark at the left of a cell.
    pub fn mark(&self, column: usize) -> (&Painter, eframe::egui::Pos2) {
        (&self.painter, pos2(self.ranges[column].min + 5.0, self.rect.center().y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_column_takes_what_is_left_and_steps_stay_inside() {
        let column = |width| Column { title: String::new(), tip: String::new(), width, right: false };
        let columns = [column(50.0), column(100.0)];
        assert_eq!(least_width(&columns), 12.0 + 50.0 + 10.0 + 100.0 + 12.0);
        let wide = ranges(&columns, 10.0, 300.0);
        assert_eq!((wide[0], wide[1]), (Rangef::new(22.0, 72.0), Rangef::new(82.0, 298.0)));
        assert_eq!((moved(3, -5, 10), moved(3, isize::MIN, 10), moved(3, isize::MAX, 10), moved(0, 1, 0)), (0, 0, 9, 0));
        assert_eq!((reveal(2, 0.0, 100.0), reveal(0, 10.0, 100.0), reveal(10, 0.0, 100.0)), (None, Some(0.0), Some(164.0)));
        assert_eq!(ranges(&columns, 0.0, 50.0)[1], Rangef::new(72.0, 172.0), "never less than its width");
    }
}
