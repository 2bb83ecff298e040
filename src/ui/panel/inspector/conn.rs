//! The selected connection: where it leads, how it stands, what passed, and how to end it.

use eframe::egui::{Align, Label, Layout, Ui};

use crate::engine::{CloseHow, Command, ConnPick, ConnState, ConnView};
use crate::lab::EndpointId;
use crate::tr;
use crate::trace::ConnId;
use crate::ui::panel::connections::row as words_of;
use crate::ui::theme::{Type, icons};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{section, words};
use crate::ui::widget::{format, shapes};
use crate::ui::{Action, Cx, Selection};

/// Draws it.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, session: EndpointId, id: ConnId) {
    let theme = cx.theme;
    let c = &theme.colors;
    let snap = cx.snap;
    let conn = snap.session(session).and_then(|s| s.connections.iter().find(|conn| conn.info.id == id));
    let number = conn.map_or(0, |conn| conn.info.number);
    section(ui, theme, None, |ui| {
        ui.horizontal(|ui| {
            ui.label(words(tr!(cx.text, "inspector-conn", number = number), Type::Strong, c.text_1));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (label, tip) = (tr!(cx.text, "inspector-conn-leave"), tr!(cx.text, "inspector-conn-leave-tip"));
                let leave = ButtonSpec { icon_only: true, ..ButtonSpec::new(&label, &tip).with_icon(icons::X, c.text_2) };
                if leave.show(ui, theme).clicked() {
                    cx.act(Action::Select(Selection::Endpoint(session)));
                }
            });
        });
        match conn {
            Some(conn) => facts_ui(ui, cx, conn),
            None => {
                ui.label(words(tr!(cx.text, "inspector-conn-gone"), Type::Caption, c.text_2));
            }
        }
    });
}

/// In which states of TCP the kernel holds both ends.
fn kernel_ui(ui: &mut Ui, cx: &Cx<'_>, conn: &ConnView) {
    let there = conn.info.other_end.get().and_then(|(session, id, _)| {
        let connections = &cx.snap.session(*session)?.connections;
        connections.iter().find(|other| other.info.id == *id)?.tcp
    });
    let line = match (conn.tcp, there) {
        (Some(here), Some(there)) => tr!(cx.text, "inspector-conn-states", here = here.name(), there = there.name()),
        (Some(here), None) => tr!(cx.text, "inspector-conn-state", here = here.name()),
        (None, Some(there)) => tr!(cx.text, "inspector-conn-states", here = "–", there = there.name()),
        (None, None) => return,
    };
    ui.add(Label::new(words(line, Type::Caption, cx.theme.colors.text_2)).wrap()).on_hover_text(tr!(cx.text, "inspector-conn-state-tip"));
}

fn facts_ui(ui: &mut Ui, cx: &mut Cx<'_>, conn: &ConnView) {
    let theme = cx.theme;
    let c = &theme.colors;
    let control = std::mem::replace(&mut ui.spacing_mut().interact_size.y, 18.0);
    let info = &conn.info;
    let other = info.other_end.get().map(|(_, _, name)| format!("{name} ")).unwrap_or_default();
    let (local, peer) = (format::address(cx.text, &info.local), format::address(cx.text, &info.peer));
    ui.add(Label::new(words(format!("{local} → {other}{peer}"), Type::Data, c.text_1)).wrap());
    ui.horizontal(|ui| {
        let color = words_of::state_color(c, conn);
        shapes::in_row(ui, 12.0, |painter, at| words_of::state_mark(painter, at, conn, color));
        ui.add(Label::new(words(words_of::state_words(cx.text, conn), Type::Caption, color)).wrap());
        let age = format::age(cx.text, words_of::age(conn, cx.snap.at));
        ui.label(words(format!("· fd {} · {age}", info.fd), Type::Caption, c.text_3));
    });
    let ways = [
        (shapes::Tip::Down, c.received, conn.rx_bytes, conn.rx_rate, conn.unread, "inspector-conn-unread"),
        (shapes::Tip::Up, c.sent, conn.tx_bytes, conn.tx_rate, conn.unsent, "inspector-conn-unsent"),
    ];
    for (way, colors, bytes, rate, queued, key) in ways {
        ui.horizontal(|ui| {
            shapes::in_row(ui, 12.0, |painter, at| shapes::triangle(painter, at, 8.0, way, colors));
            ui.label(words(format::bytes(bytes), Type::Data, c.text_1));
            ui.label(words(format::byte_rate(rate), Type::Data, c.text_2));
            if let Some(queued) = queued {
                ui.label(words(tr!(cx.text, key, bytes = format::bytes(queued.into())), Type::Caption, c.text_3));
            }
        });
    }
    kernel_ui(ui, cx, conn);
    ui.spacing_mut().interact_size.y = control;
    if conn.state == ConnState::Closed {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for (how, key) in [
            (CloseHow::Orderly, "connections-close"),
            (CloseHow::HalfClose, "connections-half-close"),
            (CloseHow::Reset, "connections-reset"),
        ] {
            let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip"), count = 1));
            if ButtonSpec::new(&label, &tip).show(ui, theme).clicked() {
                cx.act(Action::Engine(Command::Close { session: info.session, pick: ConnPick::One(info.id), how }));
            }
        }
    });
}
