//! Backlog, accept pace, one client more: live on a running server, and in the document for the next start.

use eframe::egui::style::HandleShape;
use eframe::egui::{DragValue, Label, Slider, Stroke, Ui, vec2};

use super::Door;
use super::visitors;
use crate::engine::{Command, LaneDoing, ListenerView, SessionState, Source};
use crate::lab::{AcceptPace, EndpointId, MAX_BACKLOG, MAX_CONNECTIONS, MAX_WAIT_MS, Server};
use crate::tr;
use crate::trace::Call;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{Segment, section, segmented, with_edge, words};
use crate::ui::widget::{format, shapes};
use crate::ui::{Action, Cx};

/// Labels at the left, as in the mock-up.
const LABEL: f32 = 92.0;
/// The slider's ends in milliseconds; the field beside it takes any time.
const SLIDE: std::ops::RangeInclusive<u64> = 10..=5_000;
/// Below this width the buttons stand in other rows.
const NARROW: f32 = 320.0;
/// What *one each* begins with.
const USUAL_PAUSE: u64 = 1_000;

/// Draws it.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, door: &mut Door) {
    let session = cx.snap.session(server.id).filter(|s| s.state == SessionState::Running);
    let view = session.and_then(|s| s.listener.as_deref());
    section(ui, cx.theme, None, |ui| {
        backlog_ui(ui, cx, server, view);
        in_force_ui(ui, cx, server, view, door.clamp);
        pace_ui(ui, cx, server, door);
        let sleeps = |doing: LaneDoing| matches!(doing, LaneDoing::InCall { call: Call::Accept, .. });
        let late = server.life.accept_pace != AcceptPace::Eager && session.is_some_and(|s| s.lanes.iter().any(|l| sleeps(l.doing)));
        if late {
            ui.add(Label::new(words(tr!(cx.text, "door-sleeps"), Type::Caption, cx.theme.colors.text_2)).wrap());
        }
        ui.add_space(space::XS);
        // At the panel's usual width the three share one row; in a narrow one the third begins the next.
        let is_narrow = ui.available_width() < NARROW;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::XS, 6.0);
            hold_ui(ui, cx, server, door, session.is_some());
            if !is_narrow {
                client_ui(ui, cx, server);
            }
        });
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(if is_narrow { space::XS } else { space::S }, 6.0);
            if is_narrow {
                client_ui(ui, cx, server);
            }
            burst_ui(ui, cx, server, door);
        });
    });
}

fn merge(id: EndpointId, what: &str) -> Option<u64> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    ("door", id, what).hash(&mut hasher);
    Some(hasher.finish())
}

fn label(ui: &mut Ui, cx: &Cx<'_>, key: &str) {
    let layout = eframe::egui::Layout::left_to_right(eframe::egui::Align::Center);
    ui.allocate_ui_with_layout(vec2(LABEL, size::CONTROL), layout, |ui| {
        ui.set_min_width(LABEL);
        ui.label(words(tr!(cx.text, key), Type::Body, cx.theme.colors.text_2));
    });
}

fn set_backlog(cx: &mut Cx<'_>, id: EndpointId, backlog: u32, merge: Option<u64>) {
    cx.edit("inspector-edit-backlog", merge, |lab| {
        if let Some(server) = lab.server_mut(id) {
            server.backlog = backlog;
        }
    });
}

fn set_pace(cx: &mut Cx<'_>, id: EndpointId, pace: AcceptPace, merge: Option<u64>) {
    cx.edit("door-edit-pace", merge, |lab| {
        if let Some(server) = lab.server_mut(id) {
            server.life.accept_pace = pace;
        }
    });
}

fn backlog_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, view: Option<&ListenerView>) {
    let was = server.backlog;
    let mut now = was;
    ui.horizontal(|ui| {
        label(ui, cx, "door-backlog");
        let step = |ui: &mut Ui, cx: &Cx<'_>, glyph, key: &str, enabled| {
            let (name, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
            let spec = ButtonSpec { enabled, icon_only: true, ..ButtonSpec::new(&name, &tip).with_icon(glyph, cx.theme.colors.text_1) };
            spec.show(ui, cx.theme).clicked()
        };
        if step(ui, cx, icons::MINUS, "door-fewer", was > 0) {
            now = was - 1;
        }
        let drag = DragValue::new(&mut now).range(0..=MAX_BACKLOG).fixed_decimals(0).speed(0.1);
        let response = with_edge(ui, cx.theme, false, |ui| {
            ui.style_mut().override_font_id = Some(Type::Figure.font());
            ui.add_sized([48.0, size::CONTROL], drag)
        });
        response.accessible_name(tr!(cx.text, "door-backlog")).on_hover_text(tr!(cx.text, "door-backlog-tip"));
        if step(ui, cx, icons::PLUS, "door-more", was < MAX_BACKLOG) {
            now = was + 1;
        }
        if let Some(places) = places(view, was) {
            let long = tr!(cx.text, "door-places", n = places, count = format::count(places.into()));
            let ink = cx.theme.colors.text_2;
            let fits = ui.painter().layout_no_wrap(long.clone(), Type::Body.font(), ink).size().x <= ui.available_width();
            let line =
                if fits { long.clone() } else { tr!(cx.text, "door-places-short", n = places, count = format::count(places.into())) };
            ui.add(Label::new(words(line, Type::Body, ink)).truncate()).on_hover_text(long);
        }
    });
    if now != was {
        set_backlog(cx, server.id, now, merge(server.id, "backlog"));
    }
}

/// The places that a backlog makes: of the running server as measured, else after the rule of this system.
fn places(view: Option<&ListenerView>, backlog: u32) -> Option<u32> {
    match view {
        Some(view) => view.places,
        // net/ipv4: sk_acceptq_is_full compares with >, so that n holds n + 1.
        None => cfg!(target_os = "linux").then(|| backlog.saturating_add(1)),
    }
}

/// What was asked for, what is in force, and who cut it.
fn in_force_ui(ui: &mut Ui, cx: &Cx<'_>, server: &Server, view: Option<&ListenerView>, clamp: Option<crate::probe::Clamp>) {
    let c = &cx.theme.colors;
    let clamp = view.and_then(|v| v.clamp).map(|it| (it.most, it.by)).or(clamp.map(|it| (it.most, it.by)));
    let count = |n: u64| format::count(n);
    let (line, source) = match (view, view.and_then(|v| v.in_force), clamp) {
        (Some(view), Some(force), Some((most, by))) => {
            let key = if u64::from(view.asked) > force.value { "door-force-cut" } else { "door-force" };
            let line = tr!(cx.text, key, asked = count(view.asked.into()), n = count(force.value), most = count(most.into()), by = by);
            (line, Some(force.source))
        }
        (Some(view), Some(force), None) => {
            (tr!(cx.text, "door-force-plain", asked = count(view.asked.into()), n = count(force.value)), Some(force.source))
        }
        (Some(view), None, _) => (tr!(cx.text, "door-force-untold", asked = count(view.asked.into())), None),
        (None, _, Some((most, by))) => {
            let key = if server.backlog > most { "door-will-cut" } else { "door-most" };
            (tr!(cx.text, key, most = count(most.into()), by = by), None)
        }
        (None, _, None) => (tr!(cx.text, "door-most-untold"), None),
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 16.0;
        ui.spacing_mut().item_spacing.x = 6.0;
        let response = ui.add(Label::new(words(line, Type::Caption, c.text_2)).wrap());
        if let Some(source) = source {
            let (measured, key, place) = match source {
                Source::Measured(place) => (true, "backlog-measured", place),
                Source::Derived(place) => (false, "backlog-derived", place),
            };
            shapes::in_row(ui, 10.0, |painter, at| shapes::certainty(painter, at, measured, c.text_2));
            response.on_hover_text(tr!(cx.text, key, source = place));
        }
    });
}

fn pace_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, door: &mut Door) {
    let (id, pace) = (server.id, server.life.accept_pace);
    let resume = door.resume.filter(|(of, _)| *of == id).map(|(_, pace)| pace);
    // While it is paused, what it goes back to is shown.
    let meant = if pace == AcceptPace::Paused { resume.unwrap_or(AcceptPace::Eager) } else { pace };
    let pause = match meant {
        AcceptPace::Every(ms) => ms,
        AcceptPace::Eager | AcceptPace::Paused => USUAL_PAUSE,
    };
    ui.horizontal(|ui| {
        label(ui, cx, "door-pace");
        let segment = |key: &str, selected| Segment {
            label: tr!(cx.text, key),
            tip: tr!(cx.text, &format!("{key}-tip")),
            enabled: true,
            selected: selected && pace != AcceptPace::Paused,
        };
        let segments = [segment("door-eager", meant == AcceptPace::Eager), segment("door-each", matches!(meant, AcceptPace::Every(_)))];
        match segmented(ui, cx.theme, 2, &segments) {
            Some(0) => set_pace(cx, id, AcceptPace::Eager, None),
            Some(_) => set_pace(cx, id, AcceptPace::Every(pause), None),
            None => {}
        }
    });
    if !matches!(meant, AcceptPace::Every(_)) {
        return;
    }
    let mut now = pause;
    ui.horizontal(|ui| {
        ui.add_space(LABEL + space::S);
        let wide = ui.available_width() - 92.0 - space::S;
        ui.spacing_mut().slider_width = wide;
        let slider = Slider::new(&mut now, SLIDE).logarithmic(true).show_value(false).clamping(eframe::egui::SliderClamping::Never);
        let c = &cx.theme.colors;
        let slid = ui.scope(|ui| {
            let visuals = ui.visuals_mut();
            visuals.selection.bg_fill = c.accent;
            for state in [&mut visuals.widgets.inactive, &mut visuals.widgets.hovered, &mut visuals.widgets.active] {
                (state.bg_fill, state.fg_stroke) = (c.line_control, Stroke::new(2.0, c.accent));
            }
            ui.add(slider.trailing_fill(true).handle_shape(HandleShape::Circle))
        });
        let slid = slid.inner;
        let is_slid = slid.changed();
        slid.widget_info(|| eframe::egui::WidgetInfo::slider(true, now as f64, tr!(cx.text, "door-slide")));
        slid.on_hover_text(tr!(cx.text, "door-slide-tip"));
        if is_slid {
            now = rounded(now);
        }
        let drag = DragValue::new(&mut now).range(1..=MAX_WAIT_MS).fixed_decimals(0).speed(10.0).suffix(" ms");
        let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([92.0, size::CONTROL], drag));
        response.accessible_name(tr!(cx.text, "door-pause-ms")).on_hover_text(tr!(cx.text, "door-slide-tip"));
    });
    if now != pause {
        if pace == AcceptPace::Paused {
            door.resume = Some((id, AcceptPace::Every(now)));
        } else {
            set_pace(cx, id, AcceptPace::Every(now), merge(id, "pace"));
        }
    }
}

/// A slider's times are round: two figures are enough.
fn rounded(ms: u64) -> u64 {
    let step = match ms {
        0..100 => 5,
        100..1_000 => 50,
        _ => 100,
    };
    ((ms + step / 2) / step * step).max(1)
}

/// Pause, and take one.
fn hold_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, door: &mut Door, runs: bool) {
    let (id, pace, c) = (server.id, server.life.accept_pace, &cx.theme.colors);
    let ink = c.text_1;
    let is_paused = pace == AcceptPace::Paused;
    let key = if is_paused { "door-resume" } else { "door-hold" };
    let (name, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
    let look = if is_paused { Look::On } else { Look::Plain };
    let glyph = if is_paused { icons::PLAY } else { icons::PAUSE };
    if (ButtonSpec { look, ..ButtonSpec::new(&name, &tip).with_icon(glyph, ink) }).show(ui, cx.theme).clicked() {
        let resume = door.resume.filter(|(of, _)| *of == id).map_or(AcceptPace::Eager, |(_, pace)| pace);
        if !is_paused {
            door.resume = Some((id, pace));
        }
        set_pace(cx, id, if is_paused { resume } else { AcceptPace::Paused }, None);
    }
    let enabled = runs && pace != AcceptPace::Eager;
    let tip = match (runs, pace) {
        (false, _) => "door-one-stopped",
        (true, AcceptPace::Eager) => "door-one-eager",
        (true, AcceptPace::Every(_) | AcceptPace::Paused) => "door-one-tip",
    };
    let (name, tip) = (tr!(cx.text, "door-one"), tr!(cx.text, tip));
    if (ButtonSpec { enabled, ..ButtonSpec::new(&name, &tip).with_icon(icons::SKIP_FORWARD, ink) }).show(ui, cx.theme).clicked() {
        cx.act(Action::Engine(Command::AcceptOne(id)));
    }
}

fn client_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server) {
    let (name, tip) = (tr!(cx.text, "door-client"), tr!(cx.text, "door-client-tip"));
    if ButtonSpec::new(&name, &tip).with_icon(icons::PLUS, cx.theme.colors.text_1).show(ui, cx.theme).clicked() {
        visitors::open(cx, server, 1);
    }
}

/// Many at once, and what they send.
fn burst_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, door: &mut Door) {
    let ink = cx.theme.colors.text_1;
    let drag = DragValue::new(&mut door.burst).range(1..=MAX_CONNECTIONS).fixed_decimals(0).speed(0.5);
    let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([58.0, size::CONTROL], drag));
    response.accessible_name(tr!(cx.text, "door-burst-count")).on_hover_text(tr!(cx.text, "door-burst-count-tip"));
    let (name, tip) = (tr!(cx.text, "door-burst", n = door.burst), tr!(cx.text, "door-burst-tip", n = door.burst));
    if ButtonSpec::new(&name, &tip).with_icon(icons::STACK, ink).show(ui, cx.theme).clicked() {
        visitors::open(cx, server, door.burst);
    }
    let sends = visitors::sends(cx.lab, cx.snap, server.id);
    let key = if sends.is_empty() { "door-send-none" } else { "door-send-tip" };
    let (name, tip) = (tr!(cx.text, "door-send"), tr!(cx.text, key));
    let send = ButtonSpec { enabled: !sends.is_empty(), ..ButtonSpec::new(&name, &tip).with_icon(icons::PAPER_PLANE_RIGHT, ink) };
    if send.show(ui, cx.theme).clicked() {
        sends.into_iter().for_each(|command| cx.act(Action::Engine(command)));
    }
}
