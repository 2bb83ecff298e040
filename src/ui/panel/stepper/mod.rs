//! The Stepper: hold a lane before its next call, let one call through, and read in the model's own file which line makes
//! it, with what the last readiness wait answered. It asks for commands and holds nothing of the lane itself.

mod answer;
mod bits;
mod gate;
mod ready;
mod rust;
mod source;
pub(in crate::ui) mod subject;
mod table;
mod words;

#[cfg(test)]
pub(super) mod tests;

use eframe::egui::{Align, Frame, Label, Layout, Margin, Rect, Stroke, Ui, UiBuilder, vec2};

use super::Panel;
use crate::engine::catalog::ModelInfo;
use crate::engine::{CallRecord, LaneDoing, LaneView, SessionState, SessionView, catalog};
use crate::lab::Server;
use crate::tr;
use crate::trace::Call;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::controls::{ButtonSpec, words as word};
use crate::ui::{Action, Cx, UiCommand};

pub(in crate::ui) use words::call as call_words;

use answer::{Answer, Of};
use source::{Follow, Lit, SourceView, Why};

/// Finished calls that are searched for the lane's last ones.
const LOOK_BACK: u64 = 512;
/// A call that takes this long is followed; faster ones would make the code jump.
const STILL: std::time::Duration = std::time::Duration::from_millis(60);

/// View state of one Stepper.
#[derive(Default)]
pub struct Stepper {
    source: SourceView,
    answer: Answer,
}

impl Panel for Stepper {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if let Some(server) = subject::server(cx.lab, cx.snap, cx.selection) {
            let file = catalog::model(model_of(cx, server)).map_or("", |model| model.file);
            ui.add(Label::new(word(file, Type::Data, cx.theme.colors.text_3)).truncate()).on_hover_text(tr!(cx.text, "stepper-file-tip"));
        }
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let lab = cx.lab;
        let Some(server) = subject::server(lab, cx.snap, cx.selection) else {
            nothing_ui(ui, cx);
            return;
        };
        let snap = cx.snap;
        let session = snap.session(server.id).map(|s| &**s).filter(|s| s.state == SessionState::Running);
        let model = model_of(cx, server);
        let Some(info) = catalog::model(model) else { return };
        ui.spacing_mut().item_spacing.y = 0.0;
        block(ui, cx, 10, |ui, cx| {
            gate::buttons_ui(ui, cx, session);
            ui.add_space(space::S);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if let Some(session) = session {
                        gate::lane_ui(ui, cx, session);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.add(Label::new(word(&server.name, Type::Strong, cx.theme.colors.text_1)).truncate());
                    });
                });
            });
            if cx.frozen && session.is_some() {
                ui.add(Label::new(word(tr!(cx.text, "stepper-frozen"), Type::Caption, cx.theme.colors.accent)).wrap());
            }
        });
        let ctx = ui.ctx().clone();
        let lane = session.and_then(|s| subject::shown_lane(&ctx, s));
        let last = Last::of(session, lane);
        let lit = lane.map(|lane| lit(cx, &info, lane, &last)).unwrap_or_default();
        let elsewhere = lane.and_then(|lane| lane.at.filter(|at| !words::is_own(&info, at.file)));

        let height = (ui.available_height() * 0.45).max(size::ROW_LIST * 4.0);
        let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), eframe::egui::Sense::hover());
        let mut code = ui.new_child(UiBuilder::new().max_rect(place));
        code.shrink_clip_rect(place);
        self.source.ui(&mut code, cx.theme, info.source, &lit, follow(cx, lane, &lit, info.source));

        if let Some(lane) = lane {
            block(ui, cx, 12, |ui, cx| {
                gate::stand_ui(ui, cx, lane, last.call.as_ref());
                if let Some(at) = elsewhere {
                    let said = tr!(cx.text, "stepper-elsewhere", file = words::file(at.file), line = at.line.to_string());
                    ui.add(Label::new(word(said, Type::Caption, cx.theme.colors.text_2)).wrap());
                }
            });
        }
        let below = ui.available_rect_before_wrap();
        let inner = Rect::from_min_max(below.min + vec2(space::L, space::M), below.max - vec2(space::L, space::S));
        let mut ui = ui.new_child(UiBuilder::new().max_rect(inner));
        ui.shrink_clip_rect(below);
        self.answer.ui(&mut ui, cx, &Of { server, session, lane, model });
    }
}

/// The model that runs, or the one the next start takes.
fn model_of<'a>(cx: &Cx<'a>, server: &'a Server) -> &'a str {
    let running = cx.snap.session(server.id).filter(|s| s.state == SessionState::Running).and_then(|s| s.model);
    running.unwrap_or(&server.model)
}

fn block(ui: &mut Ui, cx: &mut Cx<'_>, padding: i8, add: impl FnOnce(&mut Ui, &mut Cx<'_>)) {
    let width = ui.available_width();
    let frame = Frame::new().inner_margin(Margin::symmetric(space::L as i8, padding));
    let response = frame.show(ui, |ui| {
        ui.set_width(width - 2.0 * space::L);
        add(ui, cx);
    });
    let rect = response.response.rect;
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.colors.line));
}

/// The newest finished calls of a lane.
#[derive(Default)]
struct Last {
    call: Option<CallRecord>,
    /// Its newest readiness wait.
    wait: Option<CallRecord>,
}

impl Last {
    fn of(session: Option<&SessionView>, lane: Option<&LaneView>) -> Self {
        let (Some(session), Some(lane)) = (session, lane) else { return Self::default() };
        let log = &session.calls.log;
        let mut last = Self::default();
        for record in log.iter_from(log.end_index().saturating_sub(LOOK_BACK)).filter(|r| r.lane == lane.id && r.call != Call::Gate) {
            last.call = Some(*record);
            if record.call.is_readiness_wait() {
                last.wait = Some(*record);
            }
        }
        last
    }
}

/// The lines that matter now.
fn lit(cx: &Cx<'_>, model: &ModelInfo, lane: &LaneView, last: &Last) -> Vec<Lit> {
    let mut lit = Vec::with_capacity(2);
    if let Some(at) = lane.at.filter(|at| words::is_own(model, at.file)) {
        let why = match lane.doing {
            LaneDoing::AtGate { .. } => Why::Held,
            LaneDoing::InCall { .. } => Why::Inside,
            LaneDoing::Running | LaneDoing::Gone => Why::Last,
        };
        lit.push(Lit {
            line: at.line,
            why,
            words: tr!(cx.text, "stepper-line", lane = lane.name.to_string(), stands = words::stands(cx.text, lane)),
        });
    }
    if let Some(wait) = last.wait.filter(|w| words::is_own(model, w.at.file())) {
        let said = words::answered(cx.text, &wait);
        lit.push(Lit { line: wait.at.line(), why: Why::Waited, words: tr!(cx.text, "stepper-line-wait", call = said) });
    }
    lit
}

/// The line to scroll to: where the lane stands; with no lane, the loop.
fn follow(cx: &Cx<'_>, lane: Option<&LaneView>, lit: &[Lit], source: &str) -> Option<Follow> {
    let Some(lane) = lane else {
        let of_loop = source.lines().position(|line| line.trim_start().starts_with("loop {") || line.contains("= loop {"));
        return of_loop.map(|n| Follow { line: n as u32 + 7, lane: None, always: true });
    };
    let always = match lane.doing {
        LaneDoing::AtGate { .. } => true,
        LaneDoing::InCall { since, .. } => cx.snap.at.saturating_sub(since) >= STILL,
        LaneDoing::Running | LaneDoing::Gone => false,
    };
    lit.iter().find(|l| l.why != Why::Waited).map(|lit| Follow { line: lit.line, lane: Some(lane.id), always })
}

/// There is no server.
fn nothing_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    ui.add_space((ui.available_height() * 0.3).max(space::L));
    ui.vertical_centered(|ui| {
        ui.label(word(tr!(cx.text, "stepper-nothing"), Type::Body, cx.theme.colors.text_2));
        ui.add_space(space::M);
        let (label, tip) = (tr!(cx.text, "inspector-add-server"), tr!(cx.text, "inspector-add-server-tip"));
        if ButtonSpec::new(&label, &tip).with_icon(icons::PLUS, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
            cx.act(Action::Ui(UiCommand::AddServer(crate::lab::Transport::Tcp)));
        }
    });
}
