//! One row of the traffic log, painted.

use std::time::Duration;

use eframe::egui::Color32;
use eframe::egui::text::{LayoutJob, TextFormat};

use crate::bytes::{TextRun, to_hex, to_text};
use crate::engine::{EndReason, Record, RecordKind};
use crate::tr;
use crate::ui::theme::{Theme, Type};
use crate::ui::widget::grid::{self, Cells, Column};
use crate::ui::widget::{format, shapes};
use crate::ui::{Text, failure_words};

/// Bytes of a record that one row can show; the rest is in the detail.
const SHOWN_BYTES: usize = 240;

/// How data are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    /// UTF-8 with escapes.
    #[default]
    Text,
    /// Hex digits.
    Hex,
}

/// The columns, in the words of the language. In a narrow tile names and data give way, so that all are in sight.
pub fn columns(text: &Text, room: f32) -> Vec<Column> {
    let column = |key: &str, width, right| Column {
        title: tr!(text, &format!("traffic-col-{key}")),
        tip: tr!(text, &format!("traffic-col-{key}-tip")),
        width,
        right,
    };
    let mut columns = vec![
        column("time", 66.0, false),
        column("delta", 50.0, true),
        column("call", 56.0, false),
        column("from-to", 140.0, false),
        column("bytes", 44.0, true),
        column("data", 80.0, false),
    ];
    for (column, most) in [(5, 26.0_f32), (3, 46.0)] {
        columns[column].width -= (grid::least_width(&columns) - room).clamp(0.0, most);
    }
    columns
}

/// Paints it. `before` is when the row above was.
pub fn paint(cells: &Cells<'_>, theme: &Theme, text: &Text, record: &Record, before: Option<Duration>, writing: Writing) {
    let c = &theme.colors;
    cells.text(0, format::clock(record.at), Type::Data, c.text_3);
    if let Some(before) = before {
        cells.text(1, format::millis(record.at.saturating_sub(before)), Type::Data, c.text_3);
    }
    let (mark, at) = cells.mark(2);
    let (word, color) = match &record.kind {
        RecordKind::Received => (tr!(text, "traffic-recv"), c.received.text),
        RecordKind::Sent => (tr!(text, "traffic-send"), c.sent.text),
        RecordKind::Opened => (tr!(text, "traffic-open"), c.client.text),
        RecordKind::Ended(EndReason::Orderly | EndReason::Here | EndReason::Service | EndReason::Idle) => {
            (tr!(text, "traffic-end"), c.text_2)
        }
        RecordKind::Ended(EndReason::Reset | EndReason::Framing(_) | EndReason::Failed(_)) => (tr!(text, "traffic-end"), c.error.text),
    };
    match &record.kind {
        RecordKind::Received => shapes::triangle(mark, at, 8.0, shapes::Tip::Down, c.received),
        RecordKind::Sent => shapes::triangle(mark, at, 8.0, shapes::Tip::Up, c.sent),
        RecordKind::Opened | RecordKind::Ended(EndReason::Orderly | EndReason::Here | EndReason::Service | EndReason::Idle) => {
            shapes::diamond(mark, at, 9.0, color);
        }
        RecordKind::Ended(EndReason::Reset | EndReason::Framing(_) | EndReason::Failed(_)) => shapes::cross(mark, at, 9.0, color),
    }
    cells.text_after(2, 14.0, word, Type::Data, color);
    cells.text(3, from_to(record), Type::Data, c.text_2);
    match &record.kind {
        RecordKind::Received | RecordKind::Sent => {
            cells.text(4, format::count(record.len.into()), Type::Data, c.text_1);
            cells.job(5, 0.0, data(record, theme, text, writing));
        }
        RecordKind::Opened => {
            cells.text(4, "–", Type::Data, c.text_3);
            cells.text(5, tr!(text, "traffic-opened", number = record.conn.number, fd = record.conn.fd), Type::Caption, c.text_2);
        }
        RecordKind::Ended(reason) => {
            cells.text(4, "–", Type::Data, c.text_3);
            cells.text(5, failure_words::end_reason(text, reason), Type::Caption, color);
        }
    }
}

/// `board → echo-tcp`: names where both ends are ours, else the address.
pub fn from_to(record: &Record) -> String {
    let conn = &record.conn;
    let other: &str = conn.other_end.get().map_or(&conn.peer, |(_, _, name)| name);
    match record.kind {
        RecordKind::Sent => format!("{} → {other}", conn.session_name),
        RecordKind::Received | RecordKind::Opened | RecordKind::Ended(_) => format!("{other} → {}", conn.session_name),
    }
}

fn data(record: &Record, theme: &Theme, text: &Text, writing: Writing) -> LayoutJob {
    let c = &theme.colors;
    let format = |color: Color32| TextFormat::simple(Type::Data.at(11.5), color);
    let mut job = LayoutJob::default();
    if record.cut {
        job.append(&tr!(text, "traffic-cut"), 0.0, TextFormat::simple(Type::Caption.font(), c.error.text));
        job.append(" ", 0.0, format(c.text_3));
    }
    if record.len == 0 {
        job.append(&tr!(text, "traffic-empty-datagram"), 0.0, TextFormat::simple(Type::Caption.font(), c.text_2));
    }
    let shown = &record.data[..record.data.len().min(SHOWN_BYTES)];
    match writing {
        Writing::Text => {
            for run in to_text(shown) {
                match run {
                    TextRun::Plain(plain) => job.append(&plain, 0.0, format(c.text_1)),
                    TextRun::Escape(escape) => job.append(&escape, 0.0, format(c.text_3)),
                }
            }
        }
        Writing::Hex => job.append(&to_hex(shown, SHOWN_BYTES), 0.0, format(c.text_1)),
    }
    if shown.len() < record.data.len() {
        job.append(" …", 0.0, format(c.text_3));
    }
    job
}
