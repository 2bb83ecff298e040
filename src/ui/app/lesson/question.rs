//! *Predict, then reveal*: several people answer on one machine, with a name or without; answers are counted, never judged before
//! it is shown what happens.

use eframe::egui::{Align2, Id, Key, Label, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::lesson::text::Span;
use crate::lesson::{Answer, AnswerError, Happened, Kind, Playing, Predict, Reveal};
use crate::tr;
use crate::ui::theme::{Type, icons, radius, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{FieldSpec, error_line, focus_ring};
use crate::ui::{Text, trial_words};

use super::Wish;
use super::plot;
use super::prose::Prose;

/// What is typed and not yet given.
#[derive(Debug, Default)]
pub(in crate::ui::app) struct Draft {
    name: String,
    number: String,
    /// Of an order: what was chosen so far.
    order: Vec<usize>,
    problem: Option<&'static str>,
}

/// Draws the question of the step at hand, if it asks one.
pub(super) fn ui(ui: &mut Ui, prose: Prose<'_>, text: &Text, playing: &mut Playing, draft: &mut Draft, wish: &mut Option<Wish>) {
    let lesson = playing.lesson().clone();
    let Some(predict) = lesson.steps.get(playing.step()).and_then(|step| step.predict.as_ref()) else { return };
    let Some(reveal) = playing.revealed().cloned() else { return };
    let c = &prose.theme.colors;
    ui.separator();
    ui.horizontal(|ui| {
        ui.label(RichText::new(icons::QUESTION).font(icons::font_fill(18.0 * prose.scale)).color(c.accent));
        ui.label(RichText::new(tr!(text, "lesson-predict")).font(prose.font(Type::Title)).color(c.text_1));
    });
    prose.line(ui, predict.question.spans(prose.language), Type::Body);
    ui.add_space(space::XS);
    match &reveal {
        Reveal::Open => open_ui(ui, prose, text, playing, predict, draft),
        Reveal::UnderWay => {
            ui.label(RichText::new(tr!(text, "lesson-under-way")).font(prose.font(Type::Body)).color(c.text_2));
        }
        Reveal::Done(happened) => done_ui(ui, prose, text, predict, playing, happened),
    }
    ui.add_space(space::S);
    if prose.scale > 1.0 {
        // The foot of presenter mode has the buttons.
        return;
    }
    reveal_ui(ui, prose, text, predict, &reveal, wish);
}

/// The button that reveals, or asks again.
pub(super) fn reveal_ui(ui: &mut Ui, prose: Prose<'_>, text: &Text, predict: &Predict, reveal: &Reveal, wish: &mut Option<Wish>) {
    if matches!(reveal, Reveal::Done(_)) {
        return again_ui(ui, prose, text, wish);
    }
    let label = predict.label.as_ref().map_or_else(|| tr!(text, "lesson-reveal"), |label| label.plain(prose.language));
    let tip = match lines(predict) {
        lines if lines.is_empty() => tr!(text, "lesson-reveal-tip"),
        lines => tr!(text, "lesson-does", lines = lines),
    };
    let spec = ButtonSpec { look: Look::Primary, enabled: *reveal == Reveal::Open, ..ButtonSpec::new(&label, &tip) };
    if spec.with_icon(icons::PLAY, prose.theme.colors.on_accent).show(ui, prose.theme).clicked() {
        *wish = Some(Wish::Reveal);
    }
    // What is awaited may never come, for instance when a step before was left out.
    if *reveal == Reveal::UnderWay {
        again_ui(ui, prose, text, wish);
    }
}

fn again_ui(ui: &mut Ui, prose: Prose<'_>, text: &Text, wish: &mut Option<Wish>) {
    let (label, tip) = (tr!(text, "lesson-again"), tr!(text, "lesson-again-tip"));
    if ButtonSpec::new(&label, &tip).show(ui, prose.theme).clicked() {
        *wish = Some(Wish::AskAgain);
    }
}

fn lines(predict: &Predict) -> String {
    predict.deeds.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn open_ui(ui: &mut Ui, prose: Prose<'_>, text: &Text, playing: &mut Playing, predict: &Predict, draft: &mut Draft) {
    let mut given = None;
    match &predict.kind {
        Kind::Choice { choices, .. } => {
            // A click is an answer: who gives it is typed before.
            name_ui(ui, prose, text, draft);
            let counts: Vec<usize> =
                (0..choices.len()).map(|at| playing.given().iter().filter(|given| given.answer == Answer::Choice(at)).count()).collect();
            let most = counts.iter().copied().max().unwrap_or(0);
            for (at, (choice, count)) in choices.iter().zip(counts).enumerate() {
                // What most say is lit.
                let on = count > 0 && count == most;
                let right = tr!(text, "lesson-people", n = count);
                if option(ui, prose, &letter(at), choice.words.spans(prose.language), &right, &tr!(text, "lesson-option-tip"), on) {
                    given = Some(Answer::Choice(at));
                }
            }
        }
        Kind::Order { choices, .. } => {
            for (at, choice) in choices.iter().enumerate() {
                let place = draft.order.iter().position(|chosen| *chosen == at);
                let right = place.map_or_else(String::new, |place| tr!(text, "lesson-place", n = place + 1));
                let tip = tr!(text, "lesson-order-tip");
                if option(ui, prose, &letter(at), choice.words.spans(prose.language), &right, &tip, place.is_some()) {
                    match place {
                        Some(place) => draft.order.truncate(place),
                        None => draft.order.push(at),
                    }
                }
            }
        }
        Kind::Number { .. } => {}
    }
    ui.horizontal_wrapped(|ui| {
        let mut first = None;
        if let Kind::Number { .. } = predict.kind {
            let (name, tip) = (tr!(text, "lesson-number"), tr!(text, "lesson-number-tip"));
            let bad = draft.problem.is_some();
            let spec = FieldSpec { name: &name, tip: &tip, hint: &name, width: 72.0 * prose.scale, bad, id: Id::unique("lesson number") };
            let field = spec.show(ui, prose.theme, &mut draft.number);
            if field.changed() {
                draft.problem = None;
            }
            first = Some(field);
        }
        // Enter gives the answer from either field, and the next person types a number at once.
        let name = (!matches!(predict.kind, Kind::Choice { .. })).then(|| name_ui(ui, prose, text, draft));
        let entered = first.iter().chain(&name).any(Response::lost_focus) && ui.input(|i| i.key_pressed(Key::Enter));
        let is_whole = match &predict.kind {
            Kind::Choice { .. } => None,
            Kind::Number { .. } => Some(!draft.number.trim().is_empty()),
            Kind::Order { choices, .. } => Some(draft.order.len() == choices.len()),
        };
        if let Some(enabled) = is_whole {
            let (label, tip) = (tr!(text, "lesson-add-answer"), tr!(text, "lesson-add-answer-tip"));
            let clicked = (ButtonSpec { enabled, ..ButtonSpec::new(&label, &tip) }).show(ui, prose.theme).clicked();
            if entered && let Some(field) = first {
                field.request_focus();
            }
            if clicked || entered && enabled {
                given = match &predict.kind {
                    Kind::Order { .. } => Some(Answer::Order(draft.order.clone())),
                    Kind::Number { .. } | Kind::Choice { .. } => number(draft),
                };
            }
        }
    });
    if let Some(answer) = given {
        let who = Some(draft.name.trim()).filter(|name| !name.is_empty());
        draft.problem = playing.answer(who, answer).err().map(problem);
        if draft.problem.is_none() {
            *draft = Draft::default();
        }
    }
    if let Some(key) = draft.problem {
        error_line(ui, prose.theme, &tr!(text, key));
    }
    given_ui(ui, prose, text, playing, predict);
}

/// Whose answer the next one is.
fn name_ui(ui: &mut Ui, prose: Prose<'_>, text: &Text, draft: &mut Draft) -> Response {
    let (name, tip) = (tr!(text, "lesson-name"), tr!(text, "lesson-name-tip"));
    let spec = FieldSpec {
        name: &name,
        tip: &tip,
        hint: &tr!(text, "lesson-name-hint"),
        width: 110.0 * prose.scale,
        bad: false,
        id: Id::unique("lesson name"),
    };
    spec.show(ui, prose.theme, &mut draft.name)
}

fn problem(error: AnswerError) -> &'static str {
    match error {
        AnswerError::NoQuestion | AnswerError::Unfit => "lesson-answer-unfit",
        AnswerError::Late => "lesson-answer-late",
        AnswerError::TooMany => "lesson-answer-many",
    }
}

fn number(draft: &mut Draft) -> Option<Answer> {
    let typed = draft.number.trim().parse().ok().filter(|n: &f64| n.is_finite());
    draft.problem = typed.is_none().then_some("lesson-answer-unfit");
    typed.map(Answer::Number)
}

/// How many answered, who, and the way to take the last one back.
fn given_ui(ui: &mut Ui, prose: Prose<'_>, text: &Text, playing: &mut Playing, predict: &Predict) {
    let c = &prose.theme.colors;
    let count = playing.given().len();
    if count == 0 {
        ui.add(Label::new(RichText::new(tr!(text, "lesson-answers-none")).font(prose.font(Type::Caption)).color(c.text_2)).wrap());
        return;
    }
    if !matches!(predict.kind, Kind::Choice { .. }) {
        plot::ui(ui, prose, text, predict, playing.given(), None);
    }
    let mut back = false;
    ui.horizontal_wrapped(|ui| {
        let names: Vec<&str> = playing.given().iter().filter_map(|given| given.who.as_deref()).collect();
        let says = match names.as_slice() {
            [] => tr!(text, "lesson-answers", n = count),
            names => tr!(text, "lesson-answers-named", n = count, names = names.join(&tr!(text, "lesson-names-and"))),
        };
        ui.add(Label::new(RichText::new(says).font(prose.font(Type::Caption)).color(c.text_2)).wrap());
        let (label, tip) = (tr!(text, "lesson-take-back"), tr!(text, "lesson-take-back-tip"));
        back = ButtonSpec::bare(icons::ARROW_COUNTER_CLOCKWISE, &label, &tip).show(ui, prose.theme).clicked();
    });
    if back {
        playing.take_back(count - 1);
    }
}

fn done_ui(ui: &mut Ui, prose: Prose<'_>, text: &Text, predict: &Predict, playing: &Playing, happened: &Happened) {
    let c = &prose.theme.colors;
    let (words, ink) = match happened {
        Happened::So(answer) => (tr!(text, "lesson-happened", what = plot::words(predict, answer, prose.language)), c.text_1),
        Happened::Otherwise(why) => (tr!(text, "lesson-otherwise", why = trial_words::otherwise(text, why)), c.error.text),
        Happened::Unknown(why) => (tr!(text, "lesson-unknown", why = trial_words::untold(text, why)), c.waiting.text),
        Happened::NotYet => (String::new(), c.text_2),
    };
    ui.add(Label::new(RichText::new(words).font(prose.font(Type::Strong)).color(ink)).wrap());
    let so = if let Happened::So(answer) = happened { Some(answer) } else { None };
    legend_ui(ui, prose, predict);
    plot::ui(ui, prose, text, predict, playing.given(), so);
    if let (Some(so), n @ 1..) = (so, playing.given().len()) {
        let right = playing.given().iter().filter(|given| given.answer == *so).count();
        let says = tr!(text, "lesson-right", right = right, n = n);
        ui.add(Label::new(RichText::new(says).font(prose.font(Type::Caption)).color(c.text_2)).wrap());
    }
}

/// `A`, `B` …
pub(super) fn letter(at: usize) -> String {
    u8::try_from(at).ok().filter(|at| *at < 26).map_or_else(|| (at + 1).to_string(), |at| char::from(b'A' + at).to_string())
}

/// One of several answers: its letter, what it says, and how many gave it or its place.
fn option(ui: &mut Ui, prose: Prose<'_>, mark: &str, spans: &[Span], end: &str, tip: &str, on: bool) -> bool {
    let c = &prose.theme.colors;
    let scale = prose.scale;
    let style = if on { Type::Strong } else { Type::Body };
    let end_galley = ui.painter().layout_no_wrap(end.to_owned(), prose.font(Type::Data), c.text_2);
    let mut job = prose.job(spans, style, c.text_1);
    let (left, right) = (36.0 * scale, end_galley.size().x + 2.0 * space::M);
    job.wrap.max_width = (ui.available_width() - left - right).max(40.0);
    let galley = ui.painter().layout_job(job);
    let height = (galley.size().y + 12.0 * scale).max(size::CONTROL * 1.2 * scale).round();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let name = crate::lesson::text::plain(spans);
    response.widget_info(|| {
        let mut info = WidgetInfo::selected(Role::Button, true, on, &name);
        info.current_text_value = Some(end.to_owned());
        info
    });
    let ground = match (on, response.hovered()) {
        (true, _) => c.selected,
        (false, true) => c.hover,
        (false, false) => c.panel,
    };
    let edge = if on { Stroke::new(2.0, c.accent) } else { Stroke::new(1.0, c.line_control) };
    ui.painter().rect(rect, radius::CONTROL, ground, edge, StrokeKind::Inside);
    ui.painter().text(rect.left_center() + vec2(18.0 * scale, 0.0), Align2::CENTER_CENTER, mark, prose.font(Type::Strong), c.accent);
    ui.painter().galley(rect.left_center() + vec2(left, -galley.size().y / 2.0), galley, c.text_1);
    let at = rect.right_center() - vec2(end_galley.size().x + space::M, end_galley.size().y / 2.0);
    ui.painter().galley(at, end_galley, c.text_2);
    focus_ring(ui, prose.theme, &response);
    response.on_hover_text(tip).clicked()
}

/// What the letters at the bars mean.
fn legend_ui(ui: &mut Ui, prose: Prose<'_>, predict: &Predict) {
    let c = &prose.theme.colors;
    for (at, choice) in predict.choices().iter().enumerate() {
        ui.horizontal_top(|ui| {
            // In a line as high as that of its words.
            let mark = RichText::new(letter(at)).font(prose.font(Type::Strong)).line_height(Some(prose.line_height()));
            ui.label(mark.color(c.accent));
            ui.add(Label::new(prose.job(choice.words.spans(prose.language), Type::Body, c.text_1)).wrap());
        });
    }
}
