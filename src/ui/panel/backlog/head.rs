//! The head of the theatre: which server, how its clients come, and the switch between several servers.

use eframe::egui::{Align, Label, Layout, Role, Ui, WidgetInfo};

use super::gather::subject;
use crate::lab::{Client, Server, Transport};
use crate::tr;
use crate::ui::panel::stage::target_server;
use crate::ui::theme::Type;
use crate::ui::widget::controls::{combo as combo_box, words};
use crate::ui::widget::format;
use crate::ui::{Action, Cx, Selection};

/// Draws it, from the right.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let (lab, snap) = (cx.lab, cx.snap);
    let Some(server) = subject(lab, snap, cx.selection) else { return };
    let streams: Vec<&Server> = lab.servers.iter().filter(|s| s.transport.is_stream()).collect();
    if streams.len() > 1 {
        let label = tr!(cx.text, "backlog-which");
        let combo = combo_box("backlog server").width(120.0).truncate().selected_text(&server.name).show_ui(ui, |ui| {
            for other in &streams {
                if ui.selectable_label(other.id == server.id, &other.name).clicked() {
                    cx.actions.push(Action::Select(Selection::Endpoint(other.id)));
                }
            }
        });
        combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &label));
        combo.response.on_hover_text(tr!(cx.text, "backlog-which-tip"));
    }
    let ink = cx.theme.colors.text_3;
    let clients: Vec<&Client> = lab.clients.iter().filter(|c| target_server(snap, lab, c).is_some_and(|s| s.id == server.id)).collect();
    if server.transport.is_stream() && !clients.is_empty() {
        ui.add(Label::new(words(opening(cx, &clients), Type::Body, ink)).truncate());
    }
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add(Label::new(words(about(cx, server), Type::Body, ink)).truncate()).on_hover_text(tr!(cx.text, "backlog-about-tip"));
    });
}

/// "door-tcp, TCP 127.0.0.1:7788, iterative, greeter".
fn about(cx: &Cx<'_>, server: &Server) -> String {
    let session = cx.snap.session(server.id);
    let address = session.and_then(|s| s.local.as_deref()).map_or_else(|| server.address.to_string(), str::to_owned);
    let transport = match server.transport {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
        Transport::UnixStream => "Unix",
        Transport::UnixDgram => "Unix dgram",
    };
    let model = session.and_then(|s| s.model).unwrap_or(&server.model);
    let service = session.and_then(|s| s.service).unwrap_or(&server.service);
    let comma = cx.text.get("backlog-comma");
    [server.name.as_str(), &format!("{transport} {address}"), model, service].join(&comma)
}

/// How many clients come, and how.
fn opening(cx: &Cx<'_>, clients: &[&Client]) -> String {
    let count: u64 = clients.iter().map(|c| u64::from(c.connections)).sum();
    let every = clients.iter().map(|c| c.opening.every_ms).max().unwrap_or(0);
    if count == 0 {
        return tr!(cx.text, "backlog-opening-by-hand");
    }
    let words = format::count(count);
    match every {
        0 => tr!(cx.text, "backlog-opening-burst", n = count, count = words),
        every => tr!(cx.text, "backlog-opening-every", n = count, count = words, ms = format::count(every)),
    }
}
