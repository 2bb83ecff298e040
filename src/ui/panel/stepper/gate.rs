//! The upper part of the Stepper: the buttons of the gate, which lane they mean, and where that lane stands. The buttons are
//! commands of the window, the same that keys and palette give.

use eframe::egui::{Align, Label, Layout, Role, ScrollArea, Ui, WidgetInfo};

use crate::engine::{CallRecord, LaneDoing, LaneView, SessionView};
use crate::tr;
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::controls::{ButtonSpec, Look, combo as combo_box, words};
use crate::ui::widget::format;
use crate::ui::{Action, Cx, UiCommand};

use super::{subject, words as say};

/// What a button says on hover: what it does, its key, why it does nothing now.
fn tip(ui: &Ui, cx: &Cx<'_>, command: UiCommand, enabled: bool) -> String {
    let mut tip = tr!(cx.text, &format!("{}-tip", command.key()));
    if let Some(shortcut) = command.shortcut() {
        tip = tr!(cx.text, "shell-tip-key", tip = tip, key = ui.ctx().format_shortcut(&shortcut));
    }
    if enabled { tip } else { tr!(cx.text, "shell-tip-refused", tip = tip, why = tr!(cx.text, "shell-no-server-runs")) }
}

/// Narrower than this, only the first button has room for its words.
const WORDS: f32 = 348.0;

/// Height of the list of lanes.
const LIST: f32 = 220.0;

/// The four buttons.
pub fn buttons_ui(ui: &mut Ui, cx: &mut Cx<'_>, session: Option<&SessionView>) {
    let c = &cx.theme.colors;
    let (enabled, narrow) = (session.is_some(), ui.available_width() < WORDS);
    let is_held = |s: &SessionView| s.lanes.iter().any(|lane| matches!(lane.doing, LaneDoing::AtGate { .. }));
    let pause = if session.is_some_and(is_held) { Look::On } else { Look::Plain };
    let buttons = [
        (UiCommand::StepCall, icons::SKIP_FORWARD, c.on_accent, Look::Primary, false),
        (UiCommand::StepToWait, icons::FAST_FORWARD, c.text_2, Look::Plain, narrow),
        (UiCommand::RunLanes, icons::PLAY, c.running.text, Look::Plain, narrow),
        (UiCommand::PauseLanes, icons::PAUSE, c.text_2, pause, true),
    ];
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        for (command, glyph, ink, look, icon_only) in buttons {
            let label = tr!(cx.text, &format!("stepper-{}", command.key().trim_start_matches("cmd-")));
            let tip = tip(ui, cx, command, enabled);
            let spec = ButtonSpec { enabled, look, icon_only, ..ButtonSpec::new(&label, &tip).with_icon(glyph, ink) };
            if spec.show(ui, cx.theme).clicked() {
                cx.act(Action::Ui(command));
            }
        }
    });
}

/// The lane that the buttons mean, from the right.
pub fn lane_ui(ui: &mut Ui, cx: &Cx<'_>, session: &SessionView) {
    let ctx = ui.ctx().clone();
    let chosen = subject::chosen_lane(&ctx, session);
    let whole = tr!(cx.text, "stepper-whole", n = session.live_lanes.max(session.lanes.len() as u32));
    let name = chosen.map_or_else(|| whole.clone(), |lane| lane.name.to_string());
    let label = tr!(cx.text, "stepper-lane");
    let width = (ui.available_width() * 0.45).min(150.0);
    let combo = combo_box("stepped lane").width(width).height(f32::INFINITY).truncate().selected_text(name).show_ui(ui, |ui| {
        if ui.selectable_label(chosen.is_none(), &whole).clicked() {
            subject::choose_lane(&ctx, session.id, None);
        }
        let lanes: Vec<&LaneView> = session.lanes.iter().filter(|lane| lane.doing != LaneDoing::Gone).collect();
        let height = ui.spacing().interact_size.y.max(Type::Body.at(13.0).size + 2.0 * ui.spacing().button_padding.y);
        // There may be thousands: only those in view are laid out.
        ScrollArea::vertical().id_salt("lanes").max_height(LIST).show_rows(ui, height, lanes.len(), |ui, range| {
            for lane in &lanes[range] {
                let row = tr!(cx.text, "stepper-lane-row", name = lane.name.to_string(), stands = say::stands(cx.text, lane));
                if ui.selectable_label(chosen.is_some_and(|c| c.id == lane.id), row).clicked() {
                    subject::choose_lane(&ctx, session.id, Some(lane.id));
                }
            }
        });
    });
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &label));
    combo.response.on_hover_text(tr!(cx.text, "stepper-lane-tip"));
    ui.label(words(&label, Type::Caption, cx.theme.colors.text_3));
}

/// Where the lane stands, and what its last call answered.
pub fn stand_ui(ui: &mut Ui, cx: &Cx<'_>, lane: &LaneView, last: Option<&CallRecord>) {
    let c = &cx.theme.colors;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let for_so_long = |since| format::span(cx.text, cx.snap.at.saturating_sub(since));
        let (ink, style, beside) = match lane.doing {
            LaneDoing::AtGate { .. } => (c.accent, Type::Figure, Some(tr!(cx.text, "stepper-waits"))),
            LaneDoing::InCall { since, .. } => (c.text_1, Type::Data, Some(tr!(cx.text, "stepper-for", span = for_so_long(since)))),
            LaneDoing::Running => (c.running.text, Type::Body, None),
            LaneDoing::Gone => (c.text_3, Type::Body, None),
        };
        let said = say::stands(cx.text, lane);
        ui.label(words(&said, style, ink).font(style.at(13.0)));
        if let Some(beside) = beside {
            ui.label(words(beside, Type::Body, c.text_2).font(Type::Body.at(12.0)));
        }
        if let Some(last) = last {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let said = say::answered(cx.text, last);
                let label = Label::new(words(&said, Type::Data, c.text_2)).truncate();
                ui.add(label).on_hover_text(tr!(cx.text, "stepper-last-tip", call = said));
            });
        }
    });
}
