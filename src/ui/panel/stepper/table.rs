//! The ready set as a table: one row per descriptor, the one at work on a ground. It only draws and lets a connection be
//! selected.

use eframe::egui::{Align, Align2, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::engine::Source;
use crate::lab::EndpointId;
use crate::tr;
use crate::ui::theme::{Type, icons, radius, size, space};
use crate::ui::widget::controls::focus_ring;
use crate::ui::widget::{paint, shapes};
use crate::ui::{Action, Cx, Selection};

use super::ready::{Ready, Row, Stand, UNREAD};

/// Height of the heads.
const HEAD: f32 = 22.0;
/// Where columns begin, in a table this wide.
const FULL: f32 = 360.0;
const KERNEL: [f32; 5] = [22.0, 78.0, 170.0, 170.0, 240.0];
const ASKED: [f32; 5] = [22.0, 62.0, 150.0, 212.0, 284.0];

/// Where the columns lie in a row: descriptor, who, asked, answered, unread.
struct Columns {
    edges: [f32; 6],
    asks: bool,
}

impl Columns {
    fn new(asks: bool, width: f32) -> Self {
        let starts = if asks { ASKED } else { KERNEL };
        let room = width - 2.0 * space::S;
        let scale = (room / FULL).min(1.0);
        let mut edges = [room; 6];
        edges.iter_mut().zip(starts).for_each(|(edge, start)| *edge = start * scale);
        Self { edges, asks }
    }

    fn cell(&self, row: Rect, column: usize) -> Rect {
        let left = row.left() + space::S;
        Rect::from_x_y_ranges(left + self.edges[column]..=left + self.edges[column + 1] - space::XS, row.y_range())
    }
}

/// Draws heads and rows in the room that is left above `below`.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, server: EndpointId, ready: &Ready, below: f32) {
    let c = &cx.theme.colors;
    let columns = Columns::new(ready.shows_asked, ui.available_width());
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    let heads = [("stepper-fd", 0), ("stepper-who", 1), ("stepper-asked", 2), ("stepper-events", 3), ("stepper-unread", 4)];
    for (key, column) in heads.into_iter().filter(|(_, column)| *column != 2 || ready.shows_asked) {
        let cell = columns.cell(head, column);
        let end = paint::line(ui.painter(), cell, Align::Min, &cx.text.get(key), Type::Body.at(12.0), c.text_3);
        if column == 4 {
            source_dot(ui, cx, pos2(end.right() + 9.0, head.center().y), UNREAD, "head");
        }
    }
    let height = (ui.available_height() - below).max(size::ROW_LIST * 1.5);
    ScrollArea::vertical().id_salt("ready rows").max_height(height).auto_shrink([false, true]).show_rows(
        ui,
        size::ROW_LIST,
        ready.rows.len() + usize::from(ready.more > 0),
        |ui, shown| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for n in shown {
                match ready.rows.get(n) {
                    Some(row) => row_ui(ui, cx, server, &columns, row),
                    None => {
                        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW_LIST), Sense::hover());
                        let words = tr!(cx.text, "stepper-more", n = ready.more);
                        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
                        let cell = rect.with_min_x(columns.cell(rect, 0).left());
                        paint::line(ui.painter(), cell, Align::Min, &words, Type::Caption.font(), c.text_3);
                    }
                }
            }
        },
    );
}

fn row_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: EndpointId, columns: &Columns, row: &Row) {
    let c = &cx.theme.colors;
    let sense = if row.conn.is_some() { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW_LIST), sense);
    let unread = row.unread.as_ref().map_or("–", |(words, _)| words);
    let role = if row.conn.is_some() { Role::Button } else { Role::Label };
    response.widget_info(|| {
        let stand = cx.text.get(match row.stand {
            Stand::Now => "stepper-row-now",
            Stand::Ready => "stepper-row-ready",
            Stand::Quiet => "stepper-row-quiet",
        });
        WidgetInfo::labeled(role, true, format!("{} {}: {stand} {} {unread}", row.fd, row.who, row.got))
    });
    let painter = ui.painter();
    let ground = match row.stand {
        Stand::Now => Some(c.running.soft),
        Stand::Ready | Stand::Quiet if response.hovered() && row.conn.is_some() => Some(c.hover),
        Stand::Ready | Stand::Quiet => None,
    };
    if let Some(ground) = ground {
        painter.rect_filled(rect, radius::CHIP, ground);
    }
    let mark = pos2(rect.left() + space::S + 6.0, rect.center().y);
    match row.stand {
        Stand::Now => {
            painter.text(mark, Align2::CENTER_CENTER, icons::CARET_RIGHT, icons::font_fill(13.0), c.running.text);
        }
        Stand::Ready => {
            painter.circle_filled(mark, 3.0, c.received.text);
        }
        Stand::Quiet => {}
    }
    let ink = if row.stand == Stand::Quiet { c.text_3 } else { c.text_1 };
    let mono = Type::Data.at(12.5);
    let cells = [
        (0, row.fd.to_string(), mono.clone(), ink),
        (1, row.who.clone(), Type::Body.at(12.5), ink),
        (2, row.asked.clone(), mono.clone(), c.text_3),
        (3, row.got.clone(), mono.clone(), c.received.text),
        (4, unread.to_owned(), mono, ink),
    ];
    for (column, words, font, ink) in cells.into_iter().filter(|(column, ..)| *column != 2 || columns.asks) {
        let end = paint::line(painter, columns.cell(rect, column), Align::Min, &words, font, ink);
        // The listener's figure has a source of its own.
        if let (4, Some((_, source))) = (column, &row.unread)
            && *source != UNREAD
        {
            source_dot(ui, cx, pos2(end.right() + 9.0, rect.center().y), *source, "row");
        }
    }
    focus_ring(ui, cx.theme, &response);
    let Some(conn) = row.conn else { return };
    if response.on_hover_text(tr!(cx.text, "stepper-row-tip", fd = row.fd.to_string())).clicked() {
        cx.act(Action::Select(Selection::Conn(server, conn)));
    }
}

/// ● or ○ with where the figure comes from.
fn source_dot(ui: &Ui, cx: &Cx<'_>, at: eframe::egui::Pos2, source: Source, salt: &str) {
    let (measured, place) = match source {
        Source::Measured(place) => (true, place),
        Source::Derived(place) => (false, place),
    };
    shapes::certainty(ui.painter(), at, measured, cx.theme.colors.text_2);
    let tip = tr!(cx.text, if measured { "inspector-source-measured" } else { "inspector-source-derived" }, place = place);
    let rect = Rect::from_center_size(at, vec2(12.0, 12.0));
    let response = ui.interact(rect, ui.scope_id().with(("source dot", salt)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &tip));
    response.on_hover_text(tip);
}
