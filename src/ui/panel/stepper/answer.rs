//! The lower part of the Stepper: what the last readiness wait of a lane answered, as bits or rows, and a sentence about what
//! that means; or why there is no such answer.

use eframe::egui::{Align, Label, Layout, Ui};

use super::ready::{self, Ready};
use super::{bits, table, words};
use crate::engine::{LaneView, SessionView, catalog};
use crate::lab::{EndpointId, Server};
use crate::tr;
use crate::trace::Call;
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::controls::{ButtonSpec, words as word};
use crate::ui::{Action, Cx, Language};

/// Room for the sentence under the ready set.
const SENTENCE: f32 = 76.0;

/// Whose answer.
#[derive(Clone, Copy)]
pub struct Of<'a> {
    pub server: &'a Server,
    /// While it runs.
    pub session: Option<&'a SessionView>,
    pub lane: Option<&'a LaneView>,
    pub model: &'a str,
}

/// What the rows are of: snapshot, server, lane, language.
type Key = (u64, EndpointId, u32, Language);

/// The rows of a moment, kept while nothing changes.
#[derive(Default)]
pub struct Answer(Option<(Key, Ready)>);

impl Answer {
    /// Draws it in the room that is left.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, of: &Of<'_>) {
        let &Of { server, session, lane, model } = of;
        let c = &cx.theme.colors;
        let set = lane.and_then(|lane| lane.ready.as_deref());
        let head = ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            ui.label(word(tr!(cx.text, "stepper-ready"), Type::Strong, c.text_1));
            if let Some(set) = set {
                let said = match set.watched {
                    Some(watched) => tr!(cx.text, "stepper-ready-of", ready = set.ready, watched = watched),
                    None => tr!(cx.text, "stepper-ready-count", ready = set.ready),
                };
                ui.label(word(said, Type::Body, c.text_3));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let said = tr!(cx.text, "stepper-returned", call = set.call.name());
                    ui.add(Label::new(word(said, Type::Caption, c.text_3)).truncate());
                });
            }
        });
        head.response.on_hover_text(tr!(cx.text, "stepper-ready-tip"));
        ui.add_space(space::S);
        let (Some(session), Some(lane), Some(set)) = (session, lane, set) else {
            empty_ui(ui, cx, server, session, model);
            return;
        };
        let key = (cx.snap.seq, server.id, lane.id, cx.text.language());
        if self.0.as_ref().is_none_or(|(was, _)| *was != key) {
            self.0 = Some((key, ready::gather(cx.text, session, lane, set)));
        }
        let Some((_, ready)) = &self.0 else { return };
        if set.call == Call::Select {
            bits::ui(ui, cx, set);
        }
        table::ui(ui, cx, server.id, ready, SENTENCE);
        ui.add_space(space::S);
        sentence_ui(ui, cx, model, ready);
    }
}

/// What this kind of waiting means for the rows above.
fn sentence_ui(ui: &mut Ui, cx: &Cx<'_>, model: &str, ready: &Ready) {
    let what = ready.first.map_or_else(|| tr!(cx.text, "stepper-a-descriptor"), |fd| fd.to_string());
    let key = format!("stepper-about-{model}");
    let said = tr!(cx.text, &key, what = what);
    if said != key {
        let job = words::with_calls(&said, Type::Body.at(12.5), cx.theme.colors.text_2, ui.available_width());
        ui.label(job);
    }
}

/// Why there is no ready set.
fn empty_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, session: Option<&SessionView>, model: &str) {
    let ink = cx.theme.colors.text_2;
    if session.is_none() {
        ui.add(Label::new(word(tr!(cx.text, "stepper-stopped", name = server.name.clone()), Type::Body, ink)).wrap());
        ui.add_space(space::M);
        let (label, tip) = (tr!(cx.text, "inspector-start"), tr!(cx.text, "inspector-start-tip"));
        if ButtonSpec::new(&label, &tip).with_icon(icons::PLAY, cx.theme.colors.running.text).show(ui, cx.theme).clicked() {
            cx.act(Action::Start(server.id));
        }
        return;
    }
    let blocking = catalog::models().any(|m| m.id == model && m.group == catalog::ModelGroup::Blocking);
    let key = if blocking { "stepper-about-blocking".to_owned() } else { format!("stepper-empty-{model}") };
    let said = tr!(cx.text, &key);
    let said = if said == key { tr!(cx.text, "stepper-no-wait-yet") } else { said };
    let job = words::with_calls(&said, Type::Body.at(12.5), ink, ui.available_width());
    ui.label(job);
}
