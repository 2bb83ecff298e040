//! Predict, then reveal: a question about the lab, the answers of several people, a run, and what was measured beside them.
//!
//! Answers stay until they are cleared. A prediction that was wrong is answered with the figure and its reason.

mod answers;
mod reveal;

use std::time::Duration;

use eframe::egui::{Frame, Id, Label, Margin, Stroke, StrokeKind, Ui, WidgetInfo, vec2};
use eframe::egui::{Role, Sense};

use super::question::{Entry, Outcome, Question, When, entry, outcome};
use super::visitors;
use crate::engine::{SessionState, Snapshot};
use crate::lab::{EndpointId, Lab, Server};
use crate::tr;
use crate::ui::theme::{Type, icons, radius, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{focus_ring, icon_fill, words};
use crate::ui::{Action, Cx};

use answers::Answers;

/// A run that does not come about is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Stage {
    #[default]
    Idle,
    /// What ran before ends first, so that all clients come anew.
    Stopping {
        question: Question,
        since: Duration,
    },
    /// Started after this moment.
    Running {
        question: Question,
        since: Duration,
    },
    Revealed {
        outcome: Outcome,
        entry: Option<Entry>,
    },
}

/// View state: answers, and how far the run is.
#[derive(Debug, Default)]
pub struct Predict {
    answers: Answers,
    stage: Stage,
    /// Of which server.
    of: Option<EndpointId>,
}

impl Predict {
    /// Whether a run has shown what the first question asked for.
    pub fn is_revealed(&self) -> bool {
        matches!(self.stage, Stage::Revealed { .. })
    }

    /// Draws it below the counters, down to the lower edge.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, server: &Server) {
        if self.of != Some(server.id) {
            (self.of, self.stage) = (Some(server.id), Stage::Idle);
            self.answers.choose_anew();
        }
        self.go_on(cx, server);
        let question = Question::of(cx.lab, cx.snap, server);
        if let Stage::Revealed { outcome, .. } = self.stage {
            reveal::ui(ui, cx, &outcome, &mut self.answers);
        }
        let ground = ui.available_rect_before_wrap().with_max_y(ui.clip_rect().bottom().max(ui.available_rect_before_wrap().top()));
        ui.painter().rect_filled(ground, 0.0, cx.theme.colors.stage);
        let width = ui.available_width();
        Frame::new().inner_margin(Margin::symmetric(16, 12)).show(ui, |ui| {
            ui.set_width(width - 32.0);
            ui.spacing_mut().item_spacing = vec2(space::S, 6.0);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                ui.label(icon_fill(icons::QUESTION, 20.0, cx.theme.colors.accent));
                ui.label(words(tr!(cx.text, "predict-title"), Type::Strong, cx.theme.colors.text_1).font(Type::Strong.at(15.0)));
                ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
                    let busy = matches!(self.stage, Stage::Stopping { .. } | Stage::Running { .. });
                    let state = if busy { tr!(cx.text, "predict-busy") } else { tr!(cx.text, "predict-count", n = self.answers.given()) };
                    ui.label(words(state, Type::Caption, cx.theme.colors.text_3));
                });
            });
            match (self.stage, question) {
                (Stage::Revealed { outcome: Outcome { outside: Some(_), .. }, .. }, _) => self.second_ui(ui, cx, server),
                (_, Some(question)) => self.first_ui(ui, cx, server, question),
                (_, None) => {
                    ui.add(Label::new(words(tr!(cx.text, "predict-nobody"), Type::Body, cx.theme.colors.text_2)).wrap());
                }
            }
        });
    }

    /// From stage to stage, as the snapshot says.
    fn go_on(&mut self, cx: &mut Cx<'_>, server: &Server) {
        let (lab, snap) = (cx.lab, cx.snap);
        match self.stage {
            Stage::Idle => {}
            Stage::Stopping { since, .. } | Stage::Running { since, .. } if snap.at.saturating_sub(since) > PATIENCE => {
                self.stage = Stage::Idle
            }
            Stage::Stopping { question, .. } => {
                if all(lab, snap, server).iter().all(|id| !is_up(snap, *id)) {
                    all(lab, snap, server).into_iter().for_each(|id| cx.act(Action::Start(id)));
                    self.stage = Stage::Running { question, since: snap.at };
                }
            }
            Stage::Running { question, since } => {
                let ours = all(lab, snap, server);
                // Sessions of before have an older moment.
                let anew = |id: &EndpointId| snap.session(*id).is_some_and(|s| s.since >= since && s.state == SessionState::Running);
                let failed = snap.session(server.id).is_some_and(|s| s.since >= since && s.state == SessionState::Failed);
                if failed {
                    self.stage = Stage::Idle;
                } else if ours.iter().all(anew)
                    && let Some(outcome) = outcome(lab, snap, server, question)
                {
                    self.stage = Stage::Revealed { outcome, entry: None };
                }
            }
            Stage::Revealed { outcome, entry: None } => {
                if let Some(found) = outcome.outside.and_then(|outside| entry(snap, server.id, outside)) {
                    self.stage = Stage::Revealed { outcome, entry: Some(found) };
                }
            }
            Stage::Revealed { .. } => {}
        }
    }

    fn first_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, question: Question) {
        let c = &cx.theme.colors;
        let words_of = question.words(cx.text);
        ui.add(Label::new(words(words_of, Type::Body, c.text_1).font(Type::Body.at(14.0))).wrap());
        self.answers.ui(ui, cx);
        self.run_ui(ui, cx, server, Some(question));
    }

    /// When does the next one get in?
    fn second_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, server: &Server) {
        let Stage::Revealed { outcome: Outcome { outside: Some(outside), .. }, entry } = self.stage else { return };
        let c = &cx.theme.colors;
        let asks = tr!(cx.text, "predict-when", n = outside.number);
        ui.add(Label::new(words(asks, Type::Body, c.text_1).font(Type::Body.at(14.0))).wrap());
        let several = self.answers.are_several();
        if several && entry.is_none() {
            self.answers.turns_ui(ui, cx);
        }
        for when in When::ALL {
            let name = tr!(cx.text, when.key());
            let who = if several { self.answers.who_chose(cx.text, when) } else { String::new() };
            // Of several people the names say who chose it; the mark is that of the one whose turn it is.
            let is_chosen = if several && entry.is_some() { !who.is_empty() } else { self.answers.chosen() == Some(when) };
            let truth = entry.map(|entry| entry.is() == when);
            if option_ui(ui, cx, &Choice { name: &name, who: &who, is_chosen, truth }).clicked() && entry.is_none() {
                self.answers.choose(when);
            }
        }
        if let Some(entry) = entry {
            let right = self.answers.who_chose(cx.text, entry.is());
            if several && !right.is_empty() {
                ui.add(Label::new(words(tr!(cx.text, "predict-right", who = right), Type::Strong, c.text_1)).wrap());
            }
            ui.add(Label::new(words(reveal::entry_words(cx.text, server.transport, entry), Type::Body, c.text_1)).wrap());
        } else {
            ui.add(Label::new(words(tr!(cx.text, "predict-when-wait"), Type::Caption, c.text_2)).wrap());
        }
        self.run_ui(ui, cx, server, Question::of(cx.lab, cx.snap, server));
    }

    fn run_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, question: Option<Question>) {
        ui.add_space(space::XS);
        ui.horizontal_wrapped(|ui| {
            let busy = matches!(self.stage, Stage::Stopping { .. } | Stage::Running { .. });
            let again = matches!(self.stage, Stage::Revealed { .. });
            let tip = match (cx.frozen, busy) {
                (true, _) => "predict-run-frozen",
                (false, true) => "predict-run-busy",
                (false, false) => "predict-run-tip",
            };
            let (name, tip) = (tr!(cx.text, if again { "predict-again" } else { "predict-run" }), tr!(cx.text, tip));
            let enabled = !busy && !cx.frozen && question.is_some();
            let spec = ButtonSpec::new(&name, &tip).with_icon(icons::PLAY, cx.theme.colors.on_accent);
            if (ButtonSpec { look: if again { Look::Plain } else { Look::Primary }, enabled, ..spec }).show(ui, cx.theme).clicked()
                && let Some(question) = question
            {
                let up = all(cx.lab, cx.snap, server).into_iter().filter(|id| is_up(cx.snap, *id));
                up.collect::<Vec<_>>().into_iter().for_each(|id| cx.act(Action::Stop(id)));
                self.stage = Stage::Stopping { question, since: cx.snap.at };
                self.answers.choose_anew();
            }
            if !busy && !again {
                self.answers.add_ui(ui, cx);
            }
        });
    }
}

/// The server and its clients.
fn all(lab: &Lab, snap: &Snapshot, server: &Server) -> Vec<EndpointId> {
    std::iter::once(server.id).chain(visitors::of(lab, snap, server.id).into_iter().map(|c| c.id)).collect()
}

fn is_up(snap: &Snapshot, id: EndpointId) -> bool {
    snap.session(id).is_some_and(|s| matches!(s.state, SessionState::Starting | SessionState::Running | SessionState::Stopping))
}

/// One of the choices.
struct Choice<'a> {
    name: &'a str,
    /// The people who chose it, where there are several.
    who: &'a str,
    is_chosen: bool,
    /// Whether it was so, once that is known.
    truth: Option<bool>,
}

/// One choice in a box; after the run the measured one has the mark of a measured figure.
fn option_ui(ui: &mut Ui, cx: &Cx<'_>, choice: &Choice<'_>) -> eframe::egui::Response {
    let c = &cx.theme.colors;
    let &Choice { name, who, is_chosen: on, truth } = choice;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::click());
    let mut said = if truth == Some(true) { format!("{name} ({})", tr!(cx.text, "predict-measured")) } else { name.to_owned() };
    if !who.is_empty() {
        said = tr!(cx.text, "predict-chosen-by", choice = said, who = who);
    }
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, truth.is_none(), on, &said));
    let (ground, edge, style) = match (on, response.hovered()) {
        (true, _) => (c.selected, Stroke::new(2.0, c.accent), Type::Strong),
        (false, true) => (c.hover, Stroke::new(1.0, c.line_control), Type::Body),
        (false, false) => (c.stage, Stroke::new(1.0, c.line_control), Type::Body),
    };
    ui.painter().rect(rect, radius::CONTROL, ground, edge, StrokeKind::Inside);
    let at = rect.left_center() + vec2(17.0, 0.0);
    if on {
        ui.painter().circle_stroke(at, 5.0, Stroke::new(4.5, c.accent));
    } else {
        ui.painter().circle_stroke(at, 6.5, Stroke::new(1.5, c.line_strong));
    }
    let place = rect.with_min_x(rect.left() + 32.0).with_max_x(rect.right() - 26.0);
    let written = crate::ui::widget::paint::line(ui.painter(), place, eframe::egui::Align::Min, name, style.font(), c.text_1);
    if !who.is_empty() {
        let behind = place.with_min_x(written.right() + space::S);
        crate::ui::widget::paint::line(ui.painter(), behind, eframe::egui::Align::Max, who, Type::Caption.font(), c.text_2);
    }
    if truth == Some(true) {
        crate::ui::widget::shapes::certainty(ui.painter(), rect.right_center() - vec2(14.0, 0.0), true, c.text_1);
    }
    focus_ring(ui, cx.theme, &response);
    let tip = tr!(cx.text, "predict-choice-tip");
    response.on_hover_text(if who.is_empty() { tip } else { format!("{said}\n{tip}") })
}

/// Identity of a field of an answer.
fn field_id(answer: u64, what: &'static str) -> Id {
    Id::unique(("answer", answer, what))
}
