//! What was said beside what was measured, with the reason in one sentence.

use eframe::egui::{Label, Ui, vec2};

use super::super::question::{Entry, Outcome};
use super::answers::Answers;
use crate::lab::Transport;
use crate::tr;
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{icon, icon_fill, section, words};
use crate::ui::widget::{format, shapes};
use crate::ui::{Cx, Text};

/// Draws it.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, outcome: &Outcome, answers: &mut Answers) {
    let c = &cx.theme.colors;
    section(ui, cx.theme, None, |ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, 4.0);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(icon_fill(icons::CHECK_CIRCLE, 16.0, c.running.text));
            ui.label(words(tr!(cx.text, "predict-revealed"), Type::Strong, c.text_1));
            ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
                let (name, tip) = (tr!(cx.text, "predict-clear"), tr!(cx.text, "predict-clear-tip"));
                if ButtonSpec::bare(icons::ERASER, &name, &tip).show(ui, cx.theme).clicked() {
                    answers.clear();
                }
            });
        });
        let asked = outcome.question.words(cx.text);
        ui.add(Label::new(words(asked, Type::Body, c.text_2)).wrap());
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            said_ui(ui, cx, answers);
            ui.vertical(|ui| {
                (ui.spacing_mut().item_spacing.y, ui.spacing_mut().interact_size.y) = (0.0, 16.0);
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = space::XS;
                    ui.label(words(tr!(cx.text, "predict-measured"), Type::Caption, c.text_3));
                    shapes::in_row(ui, 10.0, |painter, at| shapes::certainty(painter, at, true, c.text_2));
                });
                let value = format::count(outcome.connected.into());
                let label = ui.label(words(&value, Type::Figure, c.text_1).font(Type::Figure.at(20.0)));
                label.on_hover_text(tr!(cx.text, "predict-measured-tip"));
            });
            ui.add(Label::new(words(reason(cx.text, outcome), Type::Caption, c.text_2)).wrap());
        });
    });
}

/// Each answer; one alone as large as the measured figure.
fn said_ui(ui: &mut Ui, cx: &Cx<'_>, answers: &Answers) {
    let c = &cx.theme.colors;
    let numbers: Vec<_> = answers.numbers().collect();
    if numbers.is_empty() {
        return;
    }
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.spacing_mut().interact_size.y = 16.0;
        ui.label(words(tr!(cx.text, "predict-said"), Type::Caption, c.text_3));
        if let [(_, answer, number)] = numbers[..] {
            let said = ui.label(words(format::count(number.into()), Type::Figure, c.text_2).font(Type::Figure.at(20.0)));
            if !answer.name.trim().is_empty() {
                said.on_hover_text(answer.name.trim());
            }
            return;
        }
        for (n, answer, number) in &numbers {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                let name = answer.called(cx.text, *n);
                ui.label(words(format::count((*number).into()), Type::Figure, c.text_2));
                ui.scope(|ui| {
                    ui.set_max_width(84.0);
                    ui.add(Label::new(words(name, Type::Caption, c.text_2)).truncate());
                });
            });
        }
    });
    ui.label(icon(icons::ARROW_RIGHT, 16.0, c.text_3));
}

/// Why it was so many.
pub fn reason(text: &Text, outcome: &Outcome) -> String {
    let (connected, all) = (outcome.connected, outcome.question.clients);
    match outcome.places {
        None => tr!(text, "predict-why-untold"),
        Some(places) if connected == all && all <= places => tr!(text, "predict-why-all", n = all, places = places),
        Some(places) if connected > places => tr!(text, "predict-why-accepted", places = places, n = connected - places),
        Some(places) if connected < places => tr!(text, "predict-why-fewer", places = places),
        Some(_) => tr!(text, "predict-why"),
    }
}

/// How the one who stood outside got in.
pub fn entry_words(text: &Text, transport: Transport, entry: Entry) -> String {
    match entry {
        Entry::GaveUp(time) => tr!(text, "predict-entry-never", time = format::span(text, time)),
        Entry::Entered { tries, took, after_free } => {
            let key = if transport.is_unix() { "predict-entry-unix" } else { "predict-entry" };
            let entered = tr!(text, key, n = tries, time = format::span(text, took));
            match after_free {
                Some(free) => {
                    format!("{entered}{}{}", text.get("backlog-between"), tr!(text, "predict-entry-free", time = format::span(text, free)))
                }
                None => entered,
            }
        }
    }
}
