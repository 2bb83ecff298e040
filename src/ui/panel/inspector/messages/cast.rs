//! Broadcast and multicast of a datagram socket, and which groups it joined.

use eframe::egui::{DragValue, Id, Label, Ui};

use super::{Subject, row, tick_ui};
use crate::engine::SessionState;
use crate::lab::{Group, MAX_GROUPS};
use crate::tr;
use crate::ui::panel::composer::edit_messages;
use crate::ui::panel::composer::texts::{Line, Texts};
use crate::ui::theme::{Type, icons, size};
use crate::ui::widget::controls::{combo as combo_box, error_line, icon_fill, with_edge, words};
use crate::ui::{Cx, Text, failure_words};

use super::super::draft::merge_id;

/// Draws it.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, texts: &mut Texts) {
    let (id, cast) = (subject.id, &subject.messages.cast);
    tick_ui(ui, cx, id, "messages-broadcast", cast.broadcast, |m, on| m.cast.broadcast = on);
    groups_ui(ui, cx, subject, texts);
    joined_ui(ui, cx, subject);
    let field = Id::unique(("messages", id.0, "interface"));
    row(ui, cx, "messages-interface", |ui, cx| {
        let (name, tip) = (tr!(cx.text, "messages-interface"), tr!(cx.text, "messages-interface-tip"));
        let line = Line { id: field, name: &name, tip: &tip, width: ui.available_width() };
        let check = |typed: &str| typed.contains(char::is_control).then(|| tr!(cx.text, "messages-interface-wrong"));
        if let Some(typed) = texts.ui(ui, cx, &line, &cast.interface, &check) {
            edit_messages(cx, id, "messages-edit-cast", merge_id(id, "interface"), |m| m.cast.interface = typed.trim().to_owned());
        }
    });
    row(ui, cx, "messages-ttl", |ui, cx| {
        let mut set = cast.ttl.is_some();
        let label = words(tr!(cx.text, "messages-ttl-set"), Type::Body, cx.theme.colors.text_1);
        let tick = ui.add(eframe::egui::Checkbox::new(&mut set, label)).on_hover_text(tr!(cx.text, "messages-ttl-tip"));
        if tick.changed() {
            edit_messages(cx, id, "messages-edit-cast", None, |m| m.cast.ttl = set.then_some(1));
        }
        if let Some(was) = cast.ttl {
            let mut ttl = was;
            let drag = DragValue::new(&mut ttl).range(0..=255).fixed_decimals(0).speed(0.1);
            let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([64.0, size::CONTROL], drag));
            response.accessible_name(tr!(cx.text, "messages-ttl")).on_hover_text(tr!(cx.text, "messages-ttl-tip"));
            if ttl != was {
                edit_messages(cx, id, "messages-edit-cast", merge_id(id, "ttl"), |m| m.cast.ttl = Some(ttl));
            }
        }
    });
    row(ui, cx, "messages-loopback", |ui, cx| {
        let word = |choice: Option<bool>| {
            let key = match choice {
                None => "messages-system",
                Some(true) => "messages-on",
                Some(false) => "messages-off",
            };
            tr!(cx.text, key)
        };
        let mut now = cast.loopback;
        let combo = combo_box("loopback").width(ui.available_width()).selected_text(word(now)).show_ui(ui, |ui| {
            for each in [None, Some(true), Some(false)] {
                ui.selectable_value(&mut now, each, word(each));
            }
        });
        combo.response.accessible_name(tr!(cx.text, "messages-loopback")).on_hover_text(tr!(cx.text, "messages-loopback-tip"));
        if now != cast.loopback {
            edit_messages(cx, id, "messages-edit-cast", None, |m| m.cast.loopback = now);
        }
    });
}

/// The groups in one field, as people write lists.
fn groups_ui(ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, texts: &mut Texts) {
    let field = Id::unique(("messages", subject.id.0, "groups"));
    row(ui, cx, "messages-groups", |ui, cx| {
        let (name, tip) = (tr!(cx.text, "messages-groups"), tr!(cx.text, "messages-groups-tip"));
        let line = Line { id: field, name: &name, tip: &tip, width: ui.available_width() };
        let written = subject.messages.cast.groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let typed = texts.ui(ui, cx, &line, &written, &|typed| parse(cx.text, typed).err());
        if let Some(groups) = typed.and_then(|typed| parse(cx.text, &typed).ok()) {
            edit_messages(cx, subject.id, "messages-edit-cast", merge_id(subject.id, "groups"), |m| m.cast.groups = groups);
        }
    });
    if let Some(problem) = texts.problem(field) {
        error_line(ui, cx.theme, problem);
    }
}

/// The groups of a list, or what is wrong with it.
fn parse(text: &Text, typed: &str) -> Result<Vec<Group>, String> {
    let parts = typed.split([' ', ',', ';', '，', '、']).map(str::trim).filter(|part| !part.is_empty());
    let groups: Vec<Group> =
        parts.map(|part| Group::parse(part).ok_or_else(|| tr!(text, "messages-group-wrong", text = part))).collect::<Result<_, _>>()?;
    if groups.len() > MAX_GROUPS { Err(tr!(text, "messages-groups-many", most = MAX_GROUPS as u64)) } else { Ok(groups) }
}

/// Which groups the running socket joined, and why not the others.
fn joined_ui(ui: &mut Ui, cx: &Cx<'_>, subject: &Subject<'_>) {
    let Some(session) = cx.snap.session(subject.id).filter(|s| s.state == SessionState::Running) else { return };
    for view in session.messages.groups.iter() {
        let group = view.group.to_string();
        match &view.error {
            None => {
                ui.horizontal(|ui| {
                    ui.label(icon_fill(icons::CHECK_CIRCLE, 14.0, cx.theme.colors.running.text));
                    let line = tr!(cx.text, "messages-joined", group = group);
                    ui.add(Label::new(words(line, Type::Caption, cx.theme.colors.text_2)).wrap());
                });
            }
            Some(why) => error_line(ui, cx.theme, &failure_words::failure(cx.text, why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Language;

    #[test]
    fn groups_are_read_as_people_write_them() {
        let text = Text::new(Language::English);
        let groups = parse(&text, "239.1.2.3, ff02::114%lo").unwrap();
        assert_eq!(groups.iter().map(ToString::to_string).collect::<Vec<_>>(), ["239.1.2.3", "ff02::114%lo"]);
        assert!(parse(&text, "239.1.2.3 10.0.0.1").unwrap_err().contains("10.0.0.1"));
        assert!(parse(&text, "").unwrap().is_empty());
        assert!(parse(&text, &"239.1.2.3 ".repeat(MAX_GROUPS + 1)).is_err());
    }
}
