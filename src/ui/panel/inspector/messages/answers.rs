//! Rules that answer messages by themselves, in the order in which they are asked.

use eframe::egui::{Align, Checkbox, Id, Label, Layout, Ui};

use super::Subject;
use crate::lab::{LineEnding, MAX_RULES, Match, Packet, Rule};
use crate::tr;
use crate::ui::Cx;
use crate::ui::panel::composer::texts::Texts;
use crate::ui::panel::composer::{edit_messages, matching};
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{error_line, words};

/// What a rule's buttons ask for.
enum Ask {
    Up(usize),
    Down(usize),
    Remove(usize),
}

/// Draws them.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, texts: &mut Texts) {
    let rules = &subject.messages.rules;
    let mut ask = None;
    for (i, rule) in rules.iter().enumerate() {
        rule_ui(ui, cx, subject, texts, i, rule, &mut ask);
    }
    if rules.is_empty() {
        ui.add(Label::new(words(tr!(cx.text, "messages-answers-none"), Type::Caption, cx.theme.colors.text_2)).wrap());
    }
    if let Some(ask) = ask {
        texts.forget();
        edit_messages(cx, subject.id, "messages-edit-rules", None, |m| match ask {
            Ask::Up(i) => m.rules.swap(i, i - 1),
            Ask::Down(i) => m.rules.swap(i, i + 1),
            Ask::Remove(i) => drop(m.rules.remove(i)),
        });
    }
    let (label, tip) = (tr!(cx.text, "messages-rule-add"), tr!(cx.text, "messages-rule-add-tip"));
    let add = ButtonSpec { enabled: rules.len() < MAX_RULES, ..ButtonSpec::new(&label, &tip) };
    if add.with_icon(icons::PLUS, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
        let reply = Packet { body: "pong\\n".to_owned(), line_ending: LineEnding::None, times: 1, ..Packet::default() };
        let rule = Rule { is_on: true, when: Match::Prefix("ping".to_owned()), reply };
        edit_messages(cx, subject.id, "messages-edit-rules", None, |m| m.rules.push(rule));
    }
}

fn rule_ui(ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, texts: &mut Texts, i: usize, rule: &Rule, ask: &mut Option<Ask>) {
    let id = Id::unique(("messages", subject.id.0, "rule", i));
    let n = i as u64 + 1;
    let mut now = rule.clone();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let on = ui.add(Checkbox::without_text(&mut now.is_on));
        on.accessible_name(tr!(cx.text, "messages-rule-on", n = n)).on_hover_text(tr!(cx.text, "messages-rule-on-tip"));
        if let Some(when) = matching::kind_ui(ui, cx, id, &tr!(cx.text, "messages-rule-when", n = n), &rule.when) {
            now.when = when;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            for (glyph, key, what, enabled) in [
                (icons::TRASH, "messages-rule-remove", Ask::Remove(i), true),
                (icons::ARROW_DOWN, "messages-rule-down", Ask::Down(i), i + 1 < subject.messages.rules.len()),
                (icons::ARROW_UP, "messages-rule-up", Ask::Up(i), i > 0),
            ] {
                let (label, tip) = (tr!(cx.text, key, n = n), tr!(cx.text, &format!("{key}-tip")));
                if (ButtonSpec { enabled, ..ButtonSpec::bare(glyph, &label, &tip) }).show(ui, cx.theme).clicked() {
                    *ask = Some(what);
                }
            }
        });
    });
    if rule.when != Match::Any {
        ui.horizontal(|ui| {
            let name = tr!(cx.text, "messages-rule-text", n = n);
            let width = ui.available_width();
            if let Some(when) = matching::text_ui(ui, cx, texts, id, &name, &rule.when, width) {
                now.when = when;
            }
        });
        if let Some(problem) = texts.problem(matching::text_id(id, &rule.when)) {
            error_line(ui, cx.theme, problem);
        }
    }
    ui.horizontal(|ui| {
        ui.label(words(tr!(cx.text, "messages-rule-answer"), Type::Caption, cx.theme.colors.text_3));
        let (name, width) = (tr!(cx.text, "messages-rule-reply", n = n), ui.available_width());
        if let Some(reply) = matching::packet_ui(ui, cx, texts, id, &name, &rule.reply, width) {
            now.reply = reply;
        }
    });
    if let Some(problem) = texts.problem(matching::packet_id(id, &rule.reply)) {
        error_line(ui, cx.theme, problem);
    }
    if now != *rule {
        edit_messages(cx, subject.id, "messages-edit-rules", None, |m| {
            if let Some(rule) = m.rules.get_mut(i) {
                *rule = now;
            }
        });
    }
}
