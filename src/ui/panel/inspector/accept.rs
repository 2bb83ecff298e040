//! When a server takes the next client out of the accept queue, and whether it waits for bytes first.

use eframe::egui::{DragValue, Label, Ui};

use super::draft::merge_id;
use super::row;
use crate::engine::SessionState;
use crate::lab::{AcceptPace, EndpointId, Life, MAX_DEFER_S, MAX_WAIT_MS, Server, Transport};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::Type;
use crate::ui::widget::controls::{combo as combo_box, with_edge, words};
use crate::ui::widget::format;

/// What *one each* begins with, in milliseconds.
const USUAL_PAUSE: u64 = 1_000;

fn edit(cx: &mut Cx<'_>, id: EndpointId, what: &'static str, merge: Option<u64>, change: impl FnOnce(&mut Life)) {
    cx.edit(what, merge, |lab| {
        if let Some(server) = lab.server_mut(id) {
            change(&mut server.life);
        }
    });
}

/// Accept pace, deferred accept.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server) {
    row(ui, cx, "inspector-pace", |ui, cx| pace_ui(ui, cx, server));
    if server.transport == Transport::Tcp && cfg!(target_os = "linux") {
        row(ui, cx, "inspector-defer", |ui, cx| {
            let mut secs = server.life.defer_accept_s;
            let drag = DragValue::new(&mut secs).range(0..=MAX_DEFER_S).fixed_decimals(0).speed(0.1).suffix(" s");
            let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([80.0, 28.0], drag));
            response.accessible_name(tr!(cx.text, "inspector-defer")).on_hover_text(tr!(cx.text, "inspector-defer-tip"));
            if secs == 0 {
                ui.add(Label::new(words(tr!(cx.text, "inspector-defer-off"), Type::Caption, cx.theme.colors.text_2)).wrap());
            }
            if secs != server.life.defer_accept_s {
                edit(cx, server.id, "inspector-edit-defer", merge_id(server.id, "defer"), |life| life.defer_accept_s = secs);
            }
        });
    }
}

/// What the system made of the backlog, while it runs and is another than what was asked for.
pub fn in_force_ui(ui: &mut Ui, cx: &Cx<'_>, server: &Server) {
    let session = cx.snap.session(server.id).filter(|s| s.state == SessionState::Running);
    let Some(view) = session.and_then(|s| s.listener.as_deref()) else { return };
    let Some(force) = view.in_force.filter(|n| n.value != u64::from(server.backlog)) else { return };
    let (asked, n) = (format::count(view.asked.into()), format::count(force.value));
    let line = match view.clamp.filter(|_| u64::from(view.asked) > force.value) {
        Some(clamp) => tr!(cx.text, "door-force-cut", asked = asked, n = n, by = clamp.by, most = format::count(clamp.most.into())),
        None => tr!(cx.text, "door-force-plain", asked = asked, n = n),
    };
    ui.add(Label::new(words(line, Type::Caption, cx.theme.colors.text_2)).wrap());
}

fn pace_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server) {
    let was = server.life.accept_pace;
    let mut now = was;
    let pause = if let AcceptPace::Every(ms) = was { ms } else { USUAL_PAUSE };
    let choices = [
        (AcceptPace::Eager, "inspector-pace-eager"),
        (AcceptPace::Every(pause), "inspector-pace-each"),
        (AcceptPace::Paused, "inspector-pace-paused"),
    ];
    let name = choices.iter().find(|(pace, _)| *pace == was).map_or("", |(_, key)| *key);
    let combo = combo_box("accept pace").width(112.0).truncate().selected_text(tr!(cx.text, name)).show_ui(ui, |ui| {
        for (pace, key) in choices {
            ui.selectable_value(&mut now, pace, tr!(cx.text, key));
        }
    });
    combo.response.accessible_name(tr!(cx.text, "inspector-pace")).on_hover_text(tr!(cx.text, "inspector-pace-tip"));
    if let AcceptPace::Every(ms) = &mut now {
        let drag = DragValue::new(ms).range(1..=MAX_WAIT_MS).fixed_decimals(0).speed(10.0).suffix(" ms");
        let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([84.0, 28.0], drag));
        response.accessible_name(tr!(cx.text, "door-pause-ms")).on_hover_text(tr!(cx.text, "door-slide-tip"));
    }
    if now != was {
        edit(cx, server.id, "door-edit-pace", merge_id(server.id, "pace"), |life| life.accept_pace = now);
    }
}
