//! How bytes go through the socket.

use eframe::egui::Ui;

use super::{Number, Subject, number_ui, tick_ui};
use crate::lab::{MAX_WAIT_MS, Transport};
use crate::ui::Cx;

/// Bytes of one `recv` that can be asked for.
const MOST_RECV: u64 = 1 << 20;
/// Bytes of a piece that can be asked for.
const MOST_PIECE: u64 = 16 << 20;

/// Draws it.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
    let (id, wire) = (subject.id, subject.messages.wire);
    let recv = Number { key: "messages-recv", zero: Some("messages-recv-zero"), unit: " B", least: 0, most: MOST_RECV };
    number_ui(ui, cx, id, &recv, wire.recv_bytes.into(), |m, n| m.wire.recv_bytes = n as u32);
    if subject.transport == Transport::Tcp {
        tick_ui(ui, cx, id, "messages-nagle", wire.nagle, |m, on| m.wire.nagle = on);
        // Windows has neither TCP_CORK nor TCP_NOPUSH.
        if cfg!(unix) {
            tick_ui(ui, cx, id, "messages-cork", wire.cork, |m, on| m.wire.cork = on);
        }
    }
    if subject.transport.is_stream() {
        let piece = Number { key: "messages-piece", zero: Some("messages-piece-zero"), unit: " B", least: 0, most: MOST_PIECE };
        number_ui(ui, cx, id, &piece, wire.piece_bytes.into(), |m, n| m.wire.piece_bytes = n as u32);
        if wire.piece_bytes > 0 {
            let pause = Number { key: "messages-piece-pause", zero: None, unit: " ms", least: 0, most: MAX_WAIT_MS };
            number_ui(ui, cx, id, &pause, wire.piece_ms.into(), |m, n| m.wire.piece_ms = n as u32);
        }
    }
}
