//! One row of the traffic log, painted.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use eframe::egui::Color32;
use eframe::egui::text::{LayoutJob, TextFormat};

use super::decode;
use crate::bytes::{Encoding, TextRun, to_hex};
use crate::engine::{EndReason, Record, RecordKind};
use crate::tr;
use crate::ui::theme::{Theme, Type};
use crate::ui::widget::grid::{self, Cells, Column};
use crate::ui::widget::{format, shapes};
use crate::ui::{Text, failure_words};

/// Bytes of a record that one row can show; the rest is in the detail.
pub const SHOWN_BYTES: usize = 240;

/// How data are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Characters of this encoding, with escapes.
    Text(Encoding),
    /// Hex digits.
    Hex,
}

impl Default for Writing {
    fn default() -> Self {
        Self::Text(Encoding::default())
    }
}

/// How times are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// Since the engine started.
    #[default]
    Start,
    /// The time of day.
    Clock,
    /// Since the row above.
    Delta,
}

impl When {
    /// Every way, as the button goes through them.
    pub const ALL: [Self; 3] = [Self::Start, Self::Clock, Self::Delta];

    /// Ending of its locale keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Clock => "clock",
            Self::Delta => "delta",
        }
    }
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Col {
    Time,
    Delta,
    Lane,
    Call,
    Conn,
    FromTo,
    Bytes,
    Data,
    Hex,
}

impl Col {
    /// Those that a person may hide or show, and from which width of the panel they are shown by themselves.
    pub const OPTIONAL: [(Self, f32); 4] = [(Self::Delta, 430.0), (Self::Conn, 700.0), (Self::Lane, 860.0), (Self::Hex, 1_040.0)];

    /// Part of its locale keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Delta => "delta",
            Self::Lane => "lane",
            Self::Call => "call",
            Self::Conn => "conn",
            Self::FromTo => "from-to",
            Self::Bytes => "bytes",
            Self::Data => "data",
            Self::Hex => "hex",
        }
    }
}

/// Columns that a person hid or asked for.
pub type Choice = BTreeMap<Col, bool>;

/// How rows are shown.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Times.
    pub when: When,
    /// Data.
    pub writing: Writing,
    /// Columns.
    pub choice: Choice,
}

impl Look {
    /// Whether a column stands there in a panel of this width.
    pub fn has(&self, col: Col, room: f32) -> bool {
        let by_itself = Col::OPTIONAL.iter().find(|(c, _)| *c == col).is_none_or(|(_, least)| room >= *least);
        let asked = self.choice.get(&col).copied().unwrap_or(by_itself);
        let twice = (col == Col::Delta && self.when == When::Delta) || (col == Col::Hex && self.writing == Writing::Hex);
        asked && !twice
    }
}

/// The columns, in the words of the language. In a narrow tile names and data give way, so that all are in sight.
pub fn columns(text: &Text, look: &Look, room: f32) -> (Vec<Col>, Vec<Column>) {
    let wide = |col: Col| match col {
        Col::Time if look.when == When::Clock => 84.0,
        Col::Time => 66.0,
        Col::Delta => 50.0,
        Col::Lane => 84.0,
        Col::Call => 56.0,
        Col::Conn => 40.0,
        Col::FromTo => 140.0,
        Col::Bytes => 44.0,
        Col::Data => 80.0,
        Col::Hex => 220.0,
    };
    let order = [Col::Time, Col::Delta, Col::Lane, Col::Call, Col::Conn, Col::FromTo, Col::Bytes, Col::Hex, Col::Data];
    let cols: Vec<Col> = order.into_iter().filter(|col| look.has(*col, room)).collect();
    let head = |col: Col| match (col, look.writing) {
        (Col::Time, _) => format!("traffic-col-time-{}", look.when.key()),
        (Col::Data, Writing::Hex) => "traffic-col-hex".to_owned(),
        (col, _) => format!("traffic-col-{}", col.key()),
    };
    let mut columns: Vec<Column> = cols
        .iter()
        .map(|col| Column {
            title: text.get(&head(*col)).into_owned(),
            tip: text.get(&format!("{}-tip", head(*col))).into_owned(),
            width: wide(*col),
            right: matches!(col, Col::Delta | Col::Bytes | Col::Conn) || (*col == Col::Time && look.when == When::Delta),
        })
        .collect();
    for (col, most) in [(Col::Data, 26.0_f32), (Col::FromTo, 46.0)] {
        let over = (grid::least_width(&columns) - room).clamp(0.0, most);
        if let Some(at) = cols.iter().position(|c| *c == col) {
            columns[at].width -= over;
        }
    }
    (cols, columns)
}

/// One row with what stands round it.
pub struct Row<'a> {
    /// The record.
    pub record: &'a Record,
    /// When the row above was.
    pub before: Option<Duration>,
    /// Its lane, where it is known.
    pub lane: Option<&'a str>,
    /// Its text, when text is shown.
    pub text: Option<&'a decode::Shown>,
    /// The engine's start by the wall clock.
    pub started: SystemTime,
}

/// A moment as it is asked for.
pub fn time(row: &Row<'_>, when: When) -> String {
    match when {
        When::Start => format::clock(row.record.at),
        When::Clock => format::utc(row.started, row.record.at),
        When::Delta => row.before.map_or_else(String::new, |before| format::millis(row.record.at.saturating_sub(before))),
    }
}

/// Paints it.
pub fn paint(cells: &Cells<'_>, theme: &Theme, text: &Text, look: &Look, cols: &[Col], row: &Row<'_>) {
    let c = &theme.colors;
    let record = row.record;
    let moved = matches!(record.kind, RecordKind::Received | RecordKind::Sent);
    for (n, col) in cols.iter().enumerate() {
        match col {
            Col::Time => cells.text(n, time(row, look.when), Type::Data, c.text_3),
            Col::Delta => cells.text(n, time(row, When::Delta), Type::Data, c.text_3),
            Col::Lane => cells.text(n, row.lane.unwrap_or("–"), Type::Data, c.text_3),
            Col::Call => call(cells, n, theme, text, record),
            Col::Conn => cells.text(n, record.conn.number.to_string(), Type::Data, c.text_2),
            Col::FromTo => cells.text(n, from_to(record), Type::Data, c.text_2),
            Col::Bytes if moved => cells.text(n, format::count(record.len.into()), Type::Data, c.text_1),
            Col::Bytes => cells.text(n, "–", Type::Data, c.text_3),
            Col::Hex if moved => cells.text(n, hex(record), Type::Data, c.text_2),
            Col::Hex => {}
            Col::Data => match &record.kind {
                RecordKind::Received | RecordKind::Sent => cells.job(n, 0.0, data(row, theme, text)),
                RecordKind::Opened => {
                    let words = tr!(text, "traffic-opened", number = record.conn.number, fd = record.conn.fd);
                    cells.text(n, words, Type::Caption, c.text_2);
                }
                RecordKind::Ended(reason) => {
                    cells.text(n, failure_words::end_reason(text, reason), Type::Caption, ended_ink(theme, reason))
                }
            },
        }
    }
}

fn ended_ink(theme: &Theme, reason: &EndReason) -> Color32 {
    if ended_well(reason) { theme.colors.text_2 } else { theme.colors.error.text }
}

/// Whether a connection ended as it should.
pub fn ended_well(reason: &EndReason) -> bool {
    match reason {
        EndReason::Orderly | EndReason::Here | EndReason::Service | EndReason::Idle => true,
        EndReason::Reset | EndReason::Framing(_) | EndReason::Failed(_) => false,
    }
}

fn call(cells: &Cells<'_>, n: usize, theme: &Theme, text: &Text, record: &Record) {
    let c = &theme.colors;
    let (mark, at) = cells.mark(n);
    let color = match &record.kind {
        RecordKind::Received => {
            shapes::triangle(mark, at, 8.0, shapes::Tip::Down, c.received);
            c.received.text
        }
        RecordKind::Sent => {
            shapes::triangle(mark, at, 8.0, shapes::Tip::Up, c.sent);
            c.sent.text
        }
        RecordKind::Opened => {
            shapes::diamond(mark, at, 9.0, c.client.text);
            c.client.text
        }
        RecordKind::Ended(reason) => {
            let ink = ended_ink(theme, reason);
            if ended_well(reason) {
                shapes::diamond(mark, at, 9.0, ink)
            } else {
                shapes::cross(mark, at, 9.0, ink)
            }
            ink
        }
    };
    cells.text_after(n, 14.0, kind(text, record), Type::Data, color);
}

/// The word for what a row tells.
pub fn kind(text: &Text, record: &Record) -> String {
    match record.kind {
        RecordKind::Received => tr!(text, "traffic-recv"),
        RecordKind::Sent => tr!(text, "traffic-send"),
        RecordKind::Opened => tr!(text, "traffic-open"),
        RecordKind::Ended(_) => tr!(text, "traffic-end"),
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

fn hex(record: &Record) -> String {
    let shown = record.data.len().min(SHOWN_BYTES);
    let more = if shown < record.data.len() { " …" } else { "" };
    format!("{}{more}", to_hex(&record.data[..shown], SHOWN_BYTES))
}

fn data(row: &Row<'_>, theme: &Theme, text: &Text) -> LayoutJob {
    let (c, record) = (&theme.colors, row.record);
    let format = |color: Color32| TextFormat::simple(Type::Data.at(11.5), color);
    let mut job = LayoutJob::default();
    if record.cut {
        job.append(&tr!(text, "traffic-cut"), 0.0, TextFormat::simple(Type::Caption.font(), c.error.text));
        job.append(" ", 0.0, format(c.text_3));
    }
    if record.len == 0 {
        job.append(&tr!(text, "traffic-empty-datagram"), 0.0, TextFormat::simple(Type::Caption.font(), c.text_2));
    }
    let Some(shown) = row.text else {
        job.append(&hex(record), 0.0, format(c.text_1));
        return job;
    };
    for run in &shown.runs {
        match run {
            TextRun::Plain(plain) => job.append(plain, 0.0, format(c.text_1)),
            TextRun::Escape(escape) => job.append(escape, 0.0, format(c.text_3)),
        }
    }
    if shown.goes_on > 0 {
        // The rest of the character stands in the row that completes it.
        job.append("→", 2.0, format(c.text_3));
    }
    if record.data.len() > SHOWN_BYTES {
        job.append(" …", 0.0, format(c.text_3));
    }
    job
}
