//! What can be clicked, hovered and read aloud: every client, every place, every figure. A click selects and moves nothing.

use eframe::egui::{Id, Rect, Role, Sense, Ui, Vec2, WidgetInfo, vec2};

use super::gather::{Guest, Step};
use super::layout::Scene;
use super::{kernel, outside, till, voice, words};
use crate::tr;
use crate::trace::ConnId;
use crate::ui::panel::stage::edges::Edges;
use crate::ui::theme::radius;
use crate::ui::trial_words::unavailable;
use crate::ui::widget::format;
use crate::ui::{Action, Cx, Selection};

/// Something in the picture; its id within the panel. Clients by connection, so that focus stays when they move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    Client(ConnId),
    Place(usize),
    More(bool),
    Rest,
    Sentence,
    Details,
    Outside,
    Queue,
    Order,
    Syn,
    Claim,
    Server,
    Pace,
    Gate,
    Serving,
    Done,
}

/// Lets everything be clicked and hovered; selections become actions.
pub fn touch(ui: &Ui, cx: &mut Cx<'_>, scene: &Scene<'_>, on_screen: impl Fn(Rect) -> Rect) -> Edges {
    let base = ui.scope_id();
    let mut touched = Edges::default();
    let mut client = |cx: &mut Cx<'_>, rect: Rect, guest: &Guest<'_>, place: Option<usize>, corner: f32| {
        let says = words::guest(cx.text, &scene.facts, guest);
        let name = match place {
            Some(n) => tr!(cx.text, "backlog-place", n = n + 1, places = places(cx, scene), says = says.as_str()),
            None => says.clone(),
        };
        let id = base.with(Thing::Client(guest.view.info.id));
        let chosen = cx.selection.conn() == Some(guest.view.info.id);
        let response = ui.interact(on_screen(rect), id, Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &name));
        touched.see(&response, corner);
        let clicked = response.clicked();
        response.on_hover_ui(|ui| {
            ui.set_max_width(360.0);
            ui.label(format!("{says}\n{}", hint(cx, guest)));
        });
        if clicked {
            cx.act(Action::Select(Selection::Conn(guest.owner, guest.view.info.id)));
        }
    };
    for row in &scene.rows {
        client(cx, row.rect, &row.guest, None, radius::CHIP);
    }
    for (n, slot) in scene.slots.alone.iter().enumerate() {
        match scene.facts.queued.get(n) {
            Some(guest) => client(cx, *slot, guest, Some(n), radius::CONTROL),
            None => {
                let says = cx.text.get(if n < scene.queued.len() { "backlog-says-stranger" } else { "backlog-says-free" });
                let name = tr!(cx.text, "backlog-place", n = n + 1, places = places(cx, scene), says = says.as_ref());
                tip(ui, on_screen(*slot), base.with(Thing::Place(n)), &name, None);
            }
        }
    }
    for token in &scene.tokens {
        let Some(guest) = token.guest else { continue };
        if matches!(guest.step, Step::HalfOpen | Step::Serving | Step::Done) {
            let circle = Rect::from_center_size(token.center, Vec2::splat(2.0 * token.r + 3.0));
            client(cx, circle, &guest, None, token.r + 2.0);
        }
    }
    let server = scene.gate.with_max_y(scene.gate.top() + 40.0);
    let says = tr!(cx.text, "backlog-server", name = scene.facts.doc.name.as_str());
    let response = ui.interact(on_screen(server), base.with(Thing::Server), Sense::click());
    let chosen = cx.selection == Selection::Endpoint(scene.facts.doc.id);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &says));
    touched.see(&response, radius::CHIP);
    if response.on_hover_text(says).clicked() {
        cx.act(Action::Select(Selection::Endpoint(scene.facts.doc.id)));
    }
    figures(ui, cx, scene, base, &on_screen);
    touched
}

fn places(cx: &Cx<'_>, scene: &Scene<'_>) -> String {
    scene.facts.places.map_or_else(|| tr!(cx.text, "backlog-unknown"), |p| format::count(p.into()))
}

/// Where what a tooltip says comes from, and what a click does.
fn hint(cx: &Cx<'_>, guest: &Guest<'_>) -> String {
    let measured = guest.view.connect.as_ref().is_some_and(|c| c.is_measured);
    if let (Step::Queued, Some(f)) = (guest.step, guest.unread().filter(|f| f.value > 0)) {
        return tr!(cx.text, "backlog-hint-inside", source = words::source(cx.text, f.source));
    }
    let key = match guest.step {
        Step::Calling if measured => "backlog-hint-measured",
        Step::Calling => "backlog-hint-derived",
        Step::Queued => "backlog-hint-queued",
        Step::HalfOpen | Step::Forgotten | Step::Serving | Step::Done | Step::Refused | Step::TimedOut | Step::Broken => "backlog-hint",
    };
    tr!(cx.text, key)
}

/// Words and figures: their names, and where they come from.
fn figures(ui: &Ui, cx: &Cx<'_>, scene: &Scene<'_>, base: Id, on_screen: &impl Fn(Rect) -> Rect) {
    let (text, facts) = (cx.text, &scene.facts);
    let say = |thing: Thing, rect: Rect, name: &str, more: Option<&str>| tip(ui, on_screen(rect), base.with(thing), name, more);
    let key = |key: &str| text.get(key).into_owned();
    say(Thing::Sentence, scene.sentence, &voice::sentence(text, facts), None);
    say(Thing::Details, scene.details, &voice::details(text, facts), None);
    let [outside_head, queue_head, server_head] = scene.heads.map(|(title, line)| title.union(line));
    say(Thing::Outside, outside_head, &outside::head_words(text, scene), Some(&key("backlog-tip-outside")));
    let queue = words::figure(text, &words::taken(facts, text), Some(facts.queue));
    say(Thing::Queue, queue_head, &queue, Some(&queue_tip(cx, scene)));
    say(Thing::Order, scene.order, &key("backlog-tip-order"), None);
    if facts.unix() {
        say(Thing::Syn, scene.syn, &key("backlog-no-syn-queue"), None);
    } else {
        let half_open = words::figure(text, &words::half_open(facts, text), facts.view.and_then(|v| v.half_open));
        let why = facts.view.and_then(|v| v.unavailable).filter(|_| facts.view.is_some_and(|v| v.half_open.is_none()));
        let why = why.map_or_else(|| key("backlog-tip-syn"), |why| unavailable(text, why));
        say(Thing::Syn, scene.syn, &half_open, Some(&why));
    }
    let claim = match facts.inside_source().filter(|_| facts.forgotten.is_empty()) {
        Some(source) => tr!(text, "backlog-figure", words = kernel::claim_words(text, scene), source = words::source(text, source)),
        None => kernel::claim_words(text, scene),
    };
    say(Thing::Claim, scene.claim, &claim, Some(&key("backlog-tip-claim")));
    say(Thing::Pace, server_head, &words::pace(text, facts.pace), Some(&key("backlog-tip-pace")));
    let (label, figure, _) = till::gate(text, facts);
    let gate = scene.gate.with_min_y(scene.gate.top() + 46.0);
    say(Thing::Gate, gate, &format!("{label} {figure}"), Some(&key("backlog-tip-gate")));
    let after_tokens = |area: Rect, n: usize, step: f32| area.with_min_x((area.left() + n as f32 * step).min(area.right() - 8.0));
    let served = after_tokens(scene.serving, usize::from(facts.serving.len() == 1), 60.0);
    let served = if facts.serving.len() > 1 { served.with_max_y(scene.serving.center().y - 8.0) } else { served };
    say(Thing::Serving, served, &till::serving_words(text, facts), None);
    let done = after_tokens(scene.done, facts.done.len().min(3), 30.0);
    say(Thing::Done, done, &till::done_words(text, facts), Some(&key("backlog-tip-done")));
    for more in &scene.more {
        say(Thing::More(more.lost), more.rect, &outside::more_words(text, scene, more), None);
    }
    if let Some(rest) = scene.slots.rest {
        let taken = (facts.queued.len() + facts.strangers).saturating_sub(scene.slots.alone.len()).min(rest.places);
        let name = tr!(text, "backlog-behind", n = format::count(taken as u64), places = format::count(rest.places as u64));
        say(Thing::Rest, rest.rect.expand2(vec2(0.0, 0.0)), &name, Some(&key("backlog-tip-rest")));
    }
}

/// What the queue's figure means, with the limit that is in force.
fn queue_tip(cx: &Cx<'_>, scene: &Scene<'_>) -> String {
    let Some(view) = scene.facts.view else { return tr!(cx.text, "backlog-tip-queue") };
    let both = tr!(cx.text, "backlog-tip-both", n = format::count(view.derived_queue.into()));
    let limit = match (view.in_force, view.clamp) {
        (Some(f), Some(clamp)) => tr!(
            cx.text,
            "backlog-tip-limit",
            asked = format::count(view.asked.into()),
            n = format::count(f.value),
            most = format::count(clamp.most.into()),
            by = clamp.by
        ),
        (Some(_), None) | (None, _) => tr!(cx.text, "backlog-tip-asked", asked = format::count(view.asked.into())),
    };
    format!("{}\n{limit}\n{both}", cx.text.get("backlog-tip-queue"))
}

fn tip(ui: &Ui, rect: Rect, id: Id, name: &str, more: Option<&str>) {
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
    if response.hovered() {
        response.on_hover_text(more.map_or_else(|| name.to_owned(), |more| format!("{name}\n{more}")));
    }
}
