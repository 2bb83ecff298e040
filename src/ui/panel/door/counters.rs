//! The figures of a server's queues, each with where it comes from, and what this system does not tell.

use eframe::egui::{Align, Label, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::visitors;
use crate::engine::{Figure, ListenerView, SessionState, Snapshot, Source};
use crate::lab::{EndpointId, Lab, Server};
use crate::tr;
use crate::ui::panel::backlog::gather::subject;
use crate::ui::theme::{Type, space};
use crate::ui::trial_words::unavailable;
use crate::ui::widget::controls::{section, words};
use crate::ui::widget::{format, paint, shapes};
use crate::ui::{Cx, Selection};

/// A row of figures; the mock-up has 26, which leaves no room for two rates in a small window.
const ROW: f32 = 23.0;

const AT_ACCEPT: Source = Source::Measured("counted at each accept()");
const ARRIVED: Source = Source::Derived("accepted + in the queue");
const ENDS: Source = Source::Derived("connects completed − accepts");

/// The figures of the top bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Connected and not accepted.
    pub queue: u64,
    /// Of so many.
    pub places: Option<u64>,
    /// Clients whose connect has not come back.
    pub calling: u64,
    /// Since the server started.
    pub overflows: Option<u64>,
    /// Likewise.
    pub drops: Option<u64>,
}

/// What the top bar tells of the server that the theatre is about.
pub fn totals(lab: &Lab, snap: &Snapshot, selection: Selection) -> Totals {
    let Some(server) = subject(lab, snap, selection) else { return Totals::default() };
    let calling = calling(lab, snap, server.id);
    let Some(view) = view(snap, server.id) else { return Totals { calling, ..Totals::default() } };
    Totals {
        queue: view.queue.value,
        places: view.places.map(u64::from),
        calling,
        overflows: view.overflows.map(|f| f.value),
        drops: view.drops.map(|f| f.value),
    }
}

fn view(snap: &Snapshot, id: EndpointId) -> Option<&ListenerView> {
    snap.session(id).filter(|s| s.state == SessionState::Running).and_then(|s| s.listener.as_deref())
}

fn calling(lab: &Lab, snap: &Snapshot, server: EndpointId) -> u64 {
    use crate::engine::ConnState;
    let of = |id| snap.session(id).map_or(0, |s| s.connections.iter().filter(|c| c.state == ConnState::Connecting).count() as u64);
    visitors::of(lab, snap, server).into_iter().map(|c| of(c.id)).sum()
}

/// One row.
struct Line {
    name: String,
    value: String,
    source: Option<Source>,
    bad: bool,
}

/// Draws it.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, server: &Server) {
    let c = &cx.theme.colors;
    let session = cx.snap.session(server.id).filter(|s| s.state == SessionState::Running);
    let view = view(cx.snap, server.id);
    section(ui, cx.theme, None, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
        paint::line(ui.painter(), head, Align::Min, &tr!(cx.text, "door-counters"), Type::Strong.font(), c.text_1);
        let since = match session {
            Some(session) => tr!(cx.text, "door-since", time = format::age(cx.text, cx.snap.at.saturating_sub(session.since))),
            None => tr!(cx.text, "door-since-none"),
        };
        paint::line(ui.painter(), head, Align::Max, &since, Type::Caption.font(), c.text_3);
        ui.add_space(space::XS);
        for line in lines(cx, server, view) {
            line_ui(ui, cx, &line, view);
        }
        if let Some(why) = view.and_then(|v| v.unavailable) {
            ui.add_space(space::XS);
            ui.add(Label::new(words(tr!(cx.text, "door-untold", why = unavailable(cx.text, why)), Type::Caption, c.text_2)).wrap());
        }
    });
}

fn lines(cx: &Cx<'_>, server: &Server, view: Option<&ListenerView>) -> Vec<Line> {
    let figure = |key: &str, of: Option<Figure>, add: u64, sign: &str, bad: bool| Line {
        name: named(cx, key, of.map(|f| f.source)),
        value: of.map_or_else(|| "–".to_owned(), |f| format!("{sign}{}", format::count(f.value + add))),
        source: of.map(|f| f.source),
        bad: bad && of.is_some_and(|f| f.value > 0),
    };
    let full = view.is_some_and(|v| v.places.is_some_and(|places| v.queue.value >= u64::from(places)));
    let limit = view.and_then(|v| v.in_force);
    let holds_more = view.is_some_and(|v| v.places.is_some_and(|p| limit.is_some_and(|f| f.value + 1 == u64::from(p))));
    let mut lines = vec![
        figure("door-queue", view.map(|v| v.queue), 0, "", full),
        figure(if holds_more { "door-limit-plus" } else { "door-limit" }, limit, u64::from(holds_more), "", false),
    ];
    if !server.transport.is_unix() {
        lines.push(figure("door-overflows", view.and_then(|v| v.overflows), 0, "+", true));
        lines.push(figure("door-drops", view.and_then(|v| v.drops), 0, "+", true));
        lines.push(figure("door-half-open", view.and_then(|v| v.half_open), 0, "", false));
    }
    let connects = view.map(|v| (v.accepted + u64::from(v.derived_queue), v.accepted, v.derived_queue));
    let derived = connects.map(|(connects, accepted, queue)| {
        format!("{} − {} = {}", format::count(connects), format::count(accepted), format::count(queue.into()))
    });
    let plain = |key: &str, value: Option<String>, source| Line {
        name: tr!(cx.text, key),
        value: value.clone().unwrap_or_else(|| "–".to_owned()),
        source: value.map(|_| source),
        bad: false,
    };
    lines.push(plain("door-ends", derived, ENDS));
    lines.push(plain("door-accept-rate", view.map(|v| format::rate(v.accept_rate)), AT_ACCEPT));
    lines.push(plain("door-arrival-rate", view.map(|v| format::rate(v.arrival_rate)), ARRIVED));
    lines
}

/// The name with the kernel's own field, which stands behind the comma of a source.
fn named(cx: &Cx<'_>, key: &str, source: Option<Source>) -> String {
    let field = match source {
        Some(Source::Measured(place)) => place.split_once(", ").map(|(_, field)| field).filter(|f| !f.contains(' ')),
        Some(Source::Derived(_)) | None => None,
    };
    match field {
        Some(field) => tr!(cx.text, &format!("{key}-field"), field = field),
        None => tr!(cx.text, key),
    }
}

fn line_ui(ui: &mut Ui, cx: &Cx<'_>, line: &Line, view: Option<&ListenerView>) {
    let c = &cx.theme.colors;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let right = rect.with_max_x(rect.right() - 20.0);
    let ink = if line.bad { c.error.text } else { c.text_1 };
    let value = paint::line(ui.painter(), right, Align::Max, &line.value, Type::Figure.font(), ink);
    let name = Rect::from_min_max(rect.min, pos2(value.left() - space::S, rect.bottom()));
    paint::line(ui.painter(), name, Align::Min, &line.name, Type::Body.font(), c.text_2);
    let dot = pos2(rect.right() - 6.0, rect.center().y);
    let tip = match line.source {
        Some(Source::Measured(place)) => {
            shapes::certainty(ui.painter(), dot, true, c.text_2);
            tr!(cx.text, "backlog-measured", source = place)
        }
        Some(Source::Derived(how)) => {
            shapes::certainty(ui.painter(), dot, false, c.text_2);
            tr!(cx.text, "backlog-derived", source = how)
        }
        None if view.is_none() => tr!(cx.text, "door-not-running"),
        None => tr!(
            cx.text,
            "door-untold",
            why = view.and_then(|v| v.unavailable).map_or_else(|| "–".to_owned(), |why| unavailable(cx.text, why))
        ),
    };
    let said = format!("{}: {}, {tip}", line.name, line.value);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    response.on_hover_text(tip);
}
