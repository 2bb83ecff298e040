//! One connection as a row, and the words and shapes of its state.

use std::time::Duration;

use eframe::egui::{Color32, Painter, Pos2, Stroke};

use crate::engine::{ConnState, ConnView, EndReason};
use crate::tr;
use crate::ui::theme::{Palette, Theme, Type};
use crate::ui::widget::grid::{self, Cells, Column};
use crate::ui::widget::{format, shapes};
use crate::ui::{Text, failure_words};

/// The columns, in the order of [`super::order::Key::ALL`]. What stands first fits a narrow tile up to the state; where there
/// is room to spare, the addresses take it.
pub fn columns(text: &Text, room: f32) -> Vec<Column> {
    let column = |key: &str, width, right| Column {
        title: tr!(text, &format!("connections-col-{key}")),
        tip: tr!(text, &format!("connections-col-{key}-tip")),
        width,
        right,
    };
    let mut columns = vec![
        column("number", 30.0, true),
        column("session", 92.0, false),
        column("peer", 112.0, false),
        column("state", 122.0, false),
        column("local", 52.0, false),
        column("fd", 34.0, true),
        column("age", 76.0, true),
        column("rx", 64.0, true),
        column("tx", 64.0, true),
        column("rx-rate", 72.0, true),
        column("tx-rate", 72.0, true),
        column("unread", 58.0, true),
        column("unsent", 62.0, true),
    ];
    let spare = (room - grid::least_width(&columns)).max(0.0);
    for (column, part) in [(1, 0.2), (2, 0.4), (3, 0.2), (4, 0.2)] {
        columns[column].width += (spare * part).floor();
    }
    columns
}

/// An address in a cell: of a loopback one the port says all; the whole is shown on hover.
fn short(address: &str) -> &str {
    let port = |host: &str| address.strip_prefix(host).filter(|rest| rest.starts_with(':'));
    port("127.0.0.1").or_else(|| port("[::1]")).unwrap_or(address)
}

/// The state in words; of an ended one, why.
pub fn state_words(text: &Text, conn: &ConnView) -> String {
    match (conn.state, &conn.end) {
        (ConnState::Closed, Some(reason)) => failure_words::end_reason(text, reason),
        (state, _) => tr!(text, state_key(state)),
    }
}

fn state_key(state: ConnState) -> &'static str {
    match state {
        ConnState::Connecting => "connections-state-connecting",
        ConnState::Waiting => "connections-state-waiting",
        ConnState::Open => "connections-state-open",
        ConnState::PeerEnded => "connections-state-peer-ended",
        ConnState::LocalEnded => "connections-state-local-ended",
        ConnState::Closed => "connections-state-closed",
    }
}

/// The colour of a state.
pub fn state_color(c: &Palette, conn: &ConnView) -> Color32 {
    match (conn.state, &conn.end) {
        (ConnState::Open, _) => c.running.text,
        (ConnState::Connecting | ConnState::Waiting, _) => c.waiting.text,
        (ConnState::PeerEnded | ConnState::LocalEnded, _) => c.text_2,
        (ConnState::Closed, Some(EndReason::Reset | EndReason::Framing(_) | EndReason::Failed(_))) => c.error.text,
        (ConnState::Closed, _) => c.text_3,
    }
}

/// The shape of a state: full circle open, half ended on one side, hollow waiting, × over.
pub fn state_mark(painter: &Painter, at: Pos2, conn: &ConnView, color: Color32) {
    let edge = Stroke::new(1.5, color);
    match conn.state {
        ConnState::Open => {
            painter.circle_filled(at, 4.0, color);
        }
        ConnState::Connecting | ConnState::Waiting => {
            painter.circle_stroke(at, 3.5, edge);
        }
        ConnState::PeerEnded | ConnState::LocalEnded => {
            painter.circle_stroke(at, 3.5, edge);
            painter.hline((at.x - 3.0)..=(at.x + 3.0), at.y, edge);
        }
        ConnState::Closed => shapes::cross(painter, at, 9.0, color),
    }
}

/// How long it has been, or was, there.
pub fn age(conn: &ConnView, now: Duration) -> Duration {
    conn.closed.unwrap_or(now).saturating_sub(conn.info.opened)
}

/// Paints it.
pub fn paint(cells: &Cells<'_>, theme: &Theme, text: &Text, conn: &ConnView, now: Duration) {
    let c = &theme.colors;
    let over = conn.state == ConnState::Closed;
    let (first, second) = if over { (c.text_3, c.text_3) } else { (c.text_1, c.text_2) };
    let info = &conn.info;
    cells.text(0, info.number.to_string(), Type::Data, first);
    let (painter, at) = cells.mark(1);
    shapes::side(painter, theme, at, 10.0, info.side, if over { shapes::Standing::Off } else { shapes::Standing::Runs });
    cells.text_after(1, 16.0, &*info.session_name, Type::Body, first);
    let peer = match info.other_end.get() {
        Some((_, _, name)) => format!("{name} {}", format::address(text, short(&info.peer))),
        None => format::address(text, short(&info.peer)).into_owned(),
    };
    cells.text(2, peer, Type::Data, second);
    cells.text(4, format::address(text, short(&info.local)), Type::Data, second);
    cells.text(5, info.fd.to_string(), Type::Data, second);
    let color = state_color(c, conn);
    let (painter, at) = cells.mark(3);
    state_mark(painter, at, conn, color);
    let errno = match &conn.end {
        Some(EndReason::Failed(failure)) => failure.errno,
        Some(EndReason::Orderly | EndReason::Reset | EndReason::Here | EndReason::Service | EndReason::Idle | EndReason::Framing(_))
        | None => None,
    };
    match errno {
        // Its name in errno.h fits; the sentence stands in the inspector.
        Some(errno) => cells.text_after(3, 15.0, errno, Type::Data, color),
        None => cells.text_after(3, 15.0, state_words(text, conn), Type::Body, color),
    }
    cells.text(6, format::age(text, age(conn, now)), Type::Data, second);
    cells.text(7, format::bytes(conn.rx_bytes), Type::Data, if over { c.text_3 } else { c.received.text });
    cells.text(8, format::bytes(conn.tx_bytes), Type::Data, if over { c.text_3 } else { c.sent.text });
    cells.text(9, format::byte_rate(conn.rx_rate), Type::Data, second);
    cells.text(10, format::byte_rate(conn.tx_rate), Type::Data, second);
    for (column, queued) in [(11, conn.unread), (12, conn.unsent)] {
        // A dash where the kernel was not asked or does not tell; never an invented zero.
        cells.text(column, queued.map_or_else(|| "–".to_owned(), |n| format::bytes(n.into())), Type::Data, second);
    }
}
