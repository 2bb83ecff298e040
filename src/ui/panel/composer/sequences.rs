//! Sequences: packets one after the other, with pauses and waits for replies; run, paused and stopped at the selected endpoint.

use eframe::egui::{Align, DragValue, Id, Label, Layout, Ui};

use crate::engine::{Command, SequenceEnd, SequenceState, SequenceView, SessionState};
use crate::lab::{MAX_SEQUENCES, MAX_STEPS, MAX_WAIT_MS, Match, Packet, Sequence, Step};
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::chip;
use crate::ui::widget::controls::{error_line, with_edge, words};
use crate::ui::{Action, Cx, failure_words};

use super::texts::{Line, Texts};
use super::{Composer, Subject, matching, recipient};

/// How long a wait for a reply begins with.
const WITHIN_MS: u32 = 5_000;

/// View state.
#[derive(Debug, Default)]
pub struct Sequences {
    /// The shown one.
    shown: usize,
    texts: Texts,
    /// Steps in the last frame: with another number, texts belong to other steps.
    steps: usize,
}

/// What a step's buttons ask for.
enum Ask {
    Up(usize),
    Down(usize),
    Remove(usize),
}

/// Changes a sequence of the lab.
fn edit(cx: &mut Cx<'_>, at: usize, change: impl FnOnce(&mut Sequence)) {
    cx.edit("composer-edit-sequence", None, |lab| {
        if let Some(sequence) = lab.sequences.get_mut(at) {
            change(sequence);
        }
    });
}

impl Composer {
    /// Draws it.
    pub(super) fn sequences_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        self.pick_ui(ui, cx);
        let lab = cx.lab;
        let at = self.sequences.shown;
        let Some(sequence) = lab.sequences.get(at) else {
            ui.add(Label::new(words(tr!(cx.text, "composer-sequence-none"), Type::Body, cx.theme.colors.text_2)).wrap());
            return;
        };
        if self.sequences.steps != sequence.steps.len() {
            self.sequences.steps = sequence.steps.len();
            self.sequences.texts.forget();
        }
        self.sequence_head_ui(ui, cx, at, sequence);
        self.run_ui(ui, cx, subject, sequence);
        let mut ask = None;
        for (i, step) in sequence.steps.iter().enumerate() {
            self.step_ui(ui, cx, at, i, step, sequence.steps.len(), &mut ask);
        }
        if let Some(ask) = ask {
            self.sequences.texts.forget();
            edit(cx, at, |s| match ask {
                Ask::Up(i) => s.steps.swap(i, i - 1),
                Ask::Down(i) => s.steps.swap(i, i + 1),
                Ask::Remove(i) => drop(s.steps.remove(i)),
            });
        }
        ui.horizontal_wrapped(|ui| {
            let reply = Step::Reply { when: Match::Any, within_ms: WITHIN_MS };
            let send = Step::Send(Packet { times: 1, ..subject.packet.clone() });
            for (key, step) in
                [("composer-step-add-send", send), ("composer-step-add-wait", Step::Wait(100)), ("composer-step-add-reply", reply)]
            {
                let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
                let add = ButtonSpec { enabled: sequence.steps.len() < MAX_STEPS, ..ButtonSpec::new(&label, &tip) };
                if add.with_icon(icons::PLUS, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
                    edit(cx, at, |s| s.steps.push(step));
                }
            }
        });
    }

    fn pick_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let lab = cx.lab;
        self.sequences.shown = self.sequences.shown.min(lab.sequences.len().saturating_sub(1));
        ui.horizontal_wrapped(|ui| {
            for (i, sequence) in lab.sequences.iter().enumerate() {
                let tip = tr!(cx.text, "composer-sequence-show-tip");
                if chip::tab(ui, cx.theme, &sequence.name, i == self.sequences.shown, &tip).clicked() {
                    self.sequences.shown = i;
                    self.sequences.texts.forget();
                }
            }
            let (label, tip) = (tr!(cx.text, "composer-sequence-add"), tr!(cx.text, "composer-sequence-add-tip"));
            let add = ButtonSpec { enabled: lab.sequences.len() < MAX_SEQUENCES, ..ButtonSpec::new(&label, &tip) };
            if add.with_icon(icons::PLUS, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
                let stem = tr!(cx.text, "composer-sequence-new");
                let names = (1..).map(|n| if n == 1 { stem.clone() } else { format!("{stem} {n}") });
                let name = names.into_iter().find(|name| lab.sequences.iter().all(|s| s.name != *name)).unwrap_or_default();
                self.sequences.shown = lab.sequences.len();
                cx.edit("composer-edit-sequence-add", None, |lab| lab.sequences.push(Sequence { name, steps: Vec::new(), times: 1 }));
            }
        });
    }

    fn sequence_head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, at: usize, sequence: &Sequence) {
        let id = Id::unique(("sequence", at, "name"));
        ui.horizontal_wrapped(|ui| {
            let (name, tip) = (tr!(cx.text, "composer-sequence-name"), tr!(cx.text, "composer-sequence-name-tip"));
            let lab = cx.lab;
            let taken = |typed: &str| lab.sequences.iter().enumerate().any(|(i, s)| i != at && s.name == typed.trim());
            let check = |typed: &str| (typed.trim().is_empty() || taken(typed)).then(|| tr!(cx.text, "composer-sequence-taken"));
            let line = Line { id, name: &name, tip: &tip, width: 150.0 };
            if let Some(name) = self.sequences.texts.ui(ui, cx, &line, &sequence.name, &check) {
                edit(cx, at, |s| s.name = name.trim().to_owned());
            }
            let mut times = sequence.times;
            let drag = DragValue::new(&mut times).range(0..=u32::MAX).fixed_decimals(0).speed(0.1);
            let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([64.0, size::CONTROL], drag));
            response.accessible_name(tr!(cx.text, "composer-sequence-times")).on_hover_text(tr!(cx.text, "composer-sequence-times-tip"));
            let key = if times == 0 { "inspector-times-zero" } else { "inspector-times" };
            ui.label(words(tr!(cx.text, key), Type::Caption, cx.theme.colors.text_3));
            if times != sequence.times {
                edit(cx, at, |s| s.times = times);
            }
            let (label, tip) = (tr!(cx.text, "composer-sequence-remove"), tr!(cx.text, "composer-sequence-remove-tip"));
            if ButtonSpec::bare(icons::TRASH, &label, &tip).show(ui, cx.theme).clicked() {
                self.sequences.texts.forget();
                cx.edit("composer-edit-sequence-remove", None, |lab| drop(lab.sequences.remove(at)));
            }
        });
        if let Some(problem) = self.sequences.texts.problem(id) {
            error_line(ui, cx.theme, problem);
        }
    }

    /// Run, pause, stop, and how far it is.
    fn run_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, sequence: &Sequence) {
        let snap = cx.snap;
        let session = snap.session(subject.id).map(|s| &**s).filter(|s| s.state == SessionState::Running);
        let view = session.and_then(|s| s.messages.sequence.as_ref());
        let goes_on = view.is_some_and(|v| !matches!(v.state, SequenceState::Ended(_)));
        let is_paused = view.is_some_and(|v| v.state == SequenceState::Paused);
        ui.horizontal_wrapped(|ui| {
            let why = match session {
                None => Some("inspector-send-stopped"),
                Some(_) if sequence.steps.is_empty() => Some("composer-sequence-empty"),
                Some(_) => None,
            };
            let (label, tip) = (tr!(cx.text, "composer-run"), tr!(cx.text, why.unwrap_or("composer-run-tip")));
            let run = ButtonSpec { look: Look::Primary, enabled: why.is_none(), ..ButtonSpec::new(&label, &tip) };
            let to = self.sending.to(subject.id);
            if run.with_icon(icons::PLAY, cx.theme.colors.on_accent).show(ui, cx.theme).clicked() {
                let sequence = Box::new(sequence.clone());
                cx.act(Action::Engine(Command::RunSequence { from: subject.id, to: to.send_to(), sequence }));
            }
            ui.label(words(tr!(cx.text, "inspector-to"), Type::Caption, cx.theme.colors.text_3));
            recipient::ui(ui, cx, subject, session, to);
            if goes_on {
                let key = if is_paused { "composer-go-on" } else { "composer-pause" };
                let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
                let glyph = if is_paused { icons::PLAY } else { icons::PAUSE };
                if ButtonSpec::new(&label, &tip).with_icon(glyph, cx.theme.colors.accent).show(ui, cx.theme).clicked() {
                    cx.act(Action::Engine(Command::PauseSequence(subject.id, !is_paused)));
                }
                let (label, tip) = (tr!(cx.text, "composer-stop"), tr!(cx.text, "composer-stop-tip"));
                if ButtonSpec::new(&label, &tip).with_icon(icons::STOP, cx.theme.colors.error.text).show(ui, cx.theme).clicked() {
                    cx.act(Action::Engine(Command::StopSequence(subject.id)));
                }
            }
        });
        if let Some(view) = view {
            state_ui(ui, cx, view);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one frame's values, passed down once")]
    fn step_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, at: usize, i: usize, step: &Step, many: usize, ask: &mut Option<Ask>) {
        let id = Id::unique(("sequence", at, "step", i));
        let n = i as u64 + 1;
        let texts = &mut self.sequences.texts;
        let mut changed = None;
        let mut field = None;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            ui.label(words(format!("{n:>2}"), Type::Data, cx.theme.colors.text_3));
            let word = tr!(
                cx.text,
                match step {
                    Step::Send(_) => "composer-step-send",
                    Step::Wait(_) => "composer-step-wait",
                    Step::Reply { .. } => "composer-step-reply",
                }
            );
            ui.allocate_ui_with_layout(eframe::egui::vec2(56.0, size::CONTROL), Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_width(56.0);
                ui.label(words(word, Type::Body, cx.theme.colors.text_2));
            });
            let room = ui.available_width() - 3.0 * (size::CONTROL + space::XS) - space::S;
            let millis = |ui: &mut Ui, ms: &mut u32, key: &str| {
                let drag = DragValue::new(ms).range(0..=MAX_WAIT_MS as u32).fixed_decimals(0).speed(5.0).suffix(" ms");
                let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([88.0, size::CONTROL], drag));
                response.accessible_name(tr!(cx.text, key, n = n)).on_hover_text(tr!(cx.text, &format!("{key}-tip")));
            };
            match step {
                Step::Send(packet) => {
                    let name = tr!(cx.text, "composer-step-packet", n = n);
                    field = Some(matching::packet_id(id, packet));
                    changed = matching::packet_ui(ui, cx, texts, id, &name, packet, room).map(Step::Send);
                }
                Step::Wait(was) => {
                    let mut ms = *was;
                    millis(ui, &mut ms, "composer-step-ms");
                    changed = (ms != *was).then_some(Step::Wait(ms));
                    ui.add_space((room - 88.0 - space::XS).max(0.0));
                }
                Step::Reply { when, within_ms } => {
                    let name = tr!(cx.text, "composer-step-match", n = n);
                    let mut ms = *within_ms;
                    let kind = matching::kind_ui(ui, cx, id, &name, when);
                    field = Some(matching::text_id(id, when));
                    let width = (room - 104.0 - 88.0 - 3.0 * space::XS).max(40.0);
                    let before = ui.cursor().left();
                    let text = matching::text_ui(ui, cx, texts, id, &name, when, width);
                    ui.add_space((width - (ui.cursor().left() - before)).max(0.0));
                    millis(ui, &mut ms, "composer-step-within");
                    let when = kind.or(text).unwrap_or_else(|| when.clone());
                    let now = Step::Reply { when, within_ms: ms };
                    changed = (now != *step).then_some(now);
                }
            }
            for (glyph, key, what, enabled) in [
                (icons::ARROW_UP, "composer-step-up", Ask::Up(i), i > 0),
                (icons::ARROW_DOWN, "composer-step-down", Ask::Down(i), i + 1 < many),
                (icons::TRASH, "composer-step-remove", Ask::Remove(i), true),
            ] {
                let (label, tip) = (tr!(cx.text, key, n = n), tr!(cx.text, &format!("{key}-tip")));
                if (ButtonSpec { enabled, ..ButtonSpec::bare(glyph, &label, &tip) }).show(ui, cx.theme).clicked() {
                    *ask = Some(what);
                }
            }
        });
        if let Some(problem) = field.and_then(|field| self.sequences.texts.problem(field)) {
            error_line(ui, cx.theme, problem);
        }
        if let Some(changed) = changed {
            edit(cx, at, |s| {
                if let Some(step) = s.steps.get_mut(i) {
                    *step = changed;
                }
            });
        }
    }
}

/// How far it is, or how it ended.
fn state_ui(ui: &mut Ui, cx: &Cx<'_>, view: &SequenceView) {
    let name = view.name.to_string();
    let key = match &view.state {
        SequenceState::Running => "composer-state-running",
        SequenceState::Waiting => "composer-state-waiting",
        SequenceState::Paused => "composer-state-paused",
        SequenceState::Ended(SequenceEnd::Done) => "composer-state-done",
        SequenceState::Ended(SequenceEnd::Stopped) => "composer-state-stopped",
        SequenceState::Ended(SequenceEnd::Failed { step, why }) => {
            let why = failure_words::failure(cx.text, why);
            error_line(ui, cx.theme, &tr!(cx.text, "composer-state-failed", name = name, step = *step, why = why));
            return;
        }
    };
    let place = match view.of {
        0 => tr!(cx.text, "composer-state-place-open", step = view.step, steps = view.steps, round = view.round),
        of => tr!(cx.text, "composer-state-place", step = view.step, steps = view.steps, round = view.round, of = of),
    };
    let line = tr!(cx.text, key, name = name, place = place);
    ui.add(Label::new(words(line, Type::Caption, cx.theme.colors.text_2)).wrap());
}
