//! Name, state, start and stop; why it failed; whether it runs with an older document.

use eframe::egui::{Align, Label, Layout, Ui};

use crate::engine::{SessionState, SessionView};
use crate::lab::{EndpointId, Side};
use crate::tr;
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{error_line, icon_fill, section, words};
use crate::ui::widget::format;
use crate::ui::widget::shapes::{self, Standing};
use crate::ui::{Action, Cx, failure_words};

pub use crate::ui::panel::models::choice::is_active;

/// Draws it.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId) {
    let (theme, lab, snap) = (cx.theme, cx.lab, cx.snap);
    let session = snap.session(id).map(|s| &**s);
    let (side, name) = match (lab.server(id), lab.client(id)) {
        (Some(server), _) => (Side::Server, server.name.as_str()),
        (None, Some(client)) => (Side::Client, client.name.as_str()),
        (None, None) => return,
    };
    let active = is_active(session);
    section(ui, theme, None, |ui| {
        ui.horizontal(|ui| {
            shapes::in_row(ui, 16.0, |painter, at| shapes::side(painter, theme, at, 16.0, side, Standing::of(session.map(|s| s.state))));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                buttons(ui, cx, id, active);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(Label::new(words(name, Type::Title, theme.colors.text_1)).truncate());
                });
            });
        });
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if side == Side::Server && session.is_some_and(|s| s.state == SessionState::Running) {
                    finish_ui(ui, cx, id);
                    if lab.server(id).is_some_and(|s| s.transport.is_unix()) {
                        crash_ui(ui, cx, id);
                    }
                }
                ui.with_layout(Layout::top_down(Align::Min), |ui| state_ui(ui, cx, session));
            });
        });
        if active && cx.stale(id) {
            ui.horizontal(|ui| {
                ui.label(words(tr!(cx.text, "inspector-stale"), Type::Caption, theme.colors.text_2));
                let (label, tip) = (tr!(cx.text, "inspector-apply"), tr!(cx.text, "inspector-restart-tip"));
                if ButtonSpec::new(&label, &tip).with_icon(icons::ARROW_CLOCKWISE, theme.colors.text_2).show(ui, theme).clicked() {
                    cx.act(Action::Restart(id));
                }
            });
        }
    });
}

fn buttons(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, active: bool) {
    let c = &cx.theme.colors;
    let (label, tip) = (tr!(cx.text, "inspector-restart"), tr!(cx.text, "inspector-restart-tip"));
    let restart =
        ButtonSpec { icon_only: true, enabled: active, ..ButtonSpec::new(&label, &tip).with_icon(icons::ARROW_CLOCKWISE, c.text_2) };
    if restart.show(ui, cx.theme).clicked() {
        cx.act(Action::Restart(id));
    }
    let (key, glyph, color, action) = if active {
        ("inspector-stop", icons::STOP, c.error.text, Action::Stop(id))
    } else {
        ("inspector-start", icons::PLAY, c.running.text, Action::Start(id))
    };
    let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
    if ButtonSpec::new(&label, &tip).with_icon(glyph, color).show(ui, cx.theme).clicked() {
        cx.act(action);
    }
}

/// The quiet end, beside the one that closes at once.
fn finish_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId) {
    let (label, tip) = (tr!(cx.text, "inspector-finish"), tr!(cx.text, "inspector-finish-tip"));
    if ButtonSpec::new(&label, &tip).with_icon(icons::HOURGLASS, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
        cx.act(Action::Engine(crate::engine::Command::Finish(id)));
    }
}

/// The end that tidies nothing up.
fn crash_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId) {
    let (label, tip) = (tr!(cx.text, "inspector-crash"), tr!(cx.text, "inspector-crash-tip"));
    if ButtonSpec::new(&label, &tip).with_icon(icons::WARNING_OCTAGON, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
        cx.act(Action::Engine(crate::engine::Command::Crash(id)));
    }
}

fn state_ui(ui: &mut Ui, cx: &Cx<'_>, session: Option<&SessionView>) {
    ui.spacing_mut().interact_size.y = 18.0;
    let c = &cx.theme.colors;
    let Some(session) = session else {
        ui.label(words(tr!(cx.text, "inspector-never"), Type::Caption, c.text_3));
        return;
    };
    let since = format::age(cx.text, cx.snap.at.saturating_sub(session.since));
    let line = |ui: &mut Ui, glyph, color, words_now: String| {
        // In a narrow panel the descriptor stands below, not under the button beside it.
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            ui.label(icon_fill(glyph, 12.0, color));
            ui.label(words(words_now, Type::Caption, color));
            if let (SessionState::Running, Some(fd)) = (session.state, session.listener_fd) {
                let key = if session.transport.is_stream() { "inspector-listener" } else { "inspector-socket" };
                ui.label(words(tr!(cx.text, key, fd = fd.to_string()), Type::Caption, c.text_3));
            }
        });
    };
    match session.state {
        SessionState::Starting => line(ui, icons::SPINNER_GAP, c.text_2, tr!(cx.text, "inspector-starting")),
        SessionState::Running => line(ui, icons::PLAY, c.running.text, tr!(cx.text, "inspector-running", span = since)),
        SessionState::Stopping => line(ui, icons::SPINNER_GAP, c.text_2, tr!(cx.text, "inspector-stopping")),
        SessionState::Stopped => line(ui, icons::STOP, c.text_3, tr!(cx.text, "inspector-stopped", span = since)),
        SessionState::Failed => {}
    }
    if let Some(failure) = &session.failure {
        let said = failure_words::failure(cx.text, failure);
        let said = if session.state == SessionState::Failed { tr!(cx.text, "inspector-failed", failure = said) } else { said };
        error_line(ui, cx.theme, &said);
    } else if session.state == SessionState::Failed {
        error_line(ui, cx.theme, &tr!(cx.text, "inspector-failed", failure = "–"));
    }
}
