//! One row of the call log, painted; and the same as text.

use eframe::egui::Color32;

use super::line;
use super::shown::lane_name;
use crate::engine::{CallKind, SessionView};
use crate::tr;
use crate::trace::CallRecord;
use crate::ui::Text;
use crate::ui::theme::{Theme, Type};
use crate::ui::widget::grid::{Cells, Column, least_width};
use crate::ui::widget::{format, shapes};

/// The columns, in the words of the language; the call takes what is left, and gives way first.
pub fn columns(text: &Text, room: f32) -> Vec<Column> {
    let column = |key: &str, width, right| Column {
        title: tr!(text, &format!("calls-col-{key}")),
        tip: tr!(text, &format!("calls-col-{key}-tip")),
        width,
        right,
    };
    let mut columns = vec![
        column("time", 104.0, false),
        column("lane", 150.0, false),
        column("call", 180.0, false),
        column("result", 104.0, false),
        column("took", 64.0, true),
        column("bytes", 52.0, true),
    ];
    let spare = room - least_width(&columns);
    columns[2].width += spare.max(-50.0);
    columns[1].width += (room - least_width(&columns)).clamp(-80.0, 0.0);
    columns
}

/// `threads · worker-1`; a lane that is named after its session says it all.
pub fn who(session: &SessionView, lane: u32) -> String {
    match lane_name(session, lane) {
        "" => format!("{} · {lane}", session.name),
        name if name.starts_with(&*session.name) => name.to_owned(),
        name => format!("{} · {name}", session.name),
    }
}

/// Paints it.
pub fn paint(cells: &Cells<'_>, theme: &Theme, session: &SessionView, call: &CallRecord) {
    let c = &theme.colors;
    cells.text(0, line::clock(line::end(call)), Type::Data, c.text_3);
    cells.text(1, who(session, call.lane), Type::Data, c.text_2);
    let (mark, at) = cells.mark(2);
    match CallKind::from(call.call) {
        CallKind::Receive => shapes::triangle(mark, at, 9.0, shapes::Tip::Down, c.received),
        CallKind::Send => shapes::triangle(mark, at, 9.0, shapes::Tip::Up, c.sent),
        CallKind::Accept | CallKind::Connect => shapes::diamond(mark, at, 9.0, c.client.text),
        CallKind::Wait | CallKind::Sleep | CallKind::Other => {}
    }
    cells.text_after(2, 14.0, call.asked().to_string(), Type::Data, c.text_1);
    cells.text(3, call.answered().to_string(), Type::Data, result_color(theme, call));
    cells.text(4, line::took(call.took_ns), Type::Data, c.text_2);
    let bytes = if call.bytes == 0 { "–".to_owned() } else { format::count(call.bytes.into()) };
    cells.text(5, bytes, Type::Data, if call.bytes == 0 { c.text_3 } else { c.text_1 });
}

fn result_color(theme: &Theme, call: &CallRecord) -> Color32 {
    let c = &theme.colors;
    match (call.errno, call.again) {
        (0, _) => c.text_1,
        (_, true) => c.spinning.text,
        (_, false) => c.error.text,
    }
}

/// One line of a copied text.
pub fn as_text(session: &SessionView, call: &CallRecord) -> String {
    let end = line::end(call);
    let seconds = format!("{}.{:06}", end / 1_000_000_000, end / 1_000 % 1_000_000);
    format!("{seconds} [{}] {}", who(session, call.lane), call.to_line())
}
