//! How a stream is cut into messages.

use eframe::egui::{Id, Ui};

use super::{Number, Subject, number_ui, row};
use crate::bytes::{ByteOrder, Framing, FramingKind, LengthHeader, MAX_DELIMITER, MAX_FRAME, parse_text, to_text_string};
use crate::tr;
use crate::ui::panel::composer::edit_messages;
use crate::ui::panel::composer::texts::{Line, Texts};
use crate::ui::widget::controls::{combo as combo_box, error_line};
use crate::ui::{Cx, failure_words};

/// Draws it.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, texts: &mut Texts) {
    let (id, framing) = (subject.id, &subject.messages.framing);
    let edit = |cx: &mut Cx<'_>, new: Framing| edit_messages(cx, id, "messages-edit-framing", None, |m| m.framing = new);
    row(ui, cx, "messages-framing", |ui, cx| {
        let word = |kind: FramingKind| tr!(cx.text, &format!("composer-framing-{}", kind.id()));
        let mut kind = framing.kind();
        let combo = combo_box("framing").width(ui.available_width()).selected_text(word(kind)).show_ui(ui, |ui| {
            for each in FramingKind::ALL {
                ui.selectable_value(&mut kind, each, word(each))
                    .on_hover_text(tr!(cx.text, &format!("messages-framing-{}-tip", each.id())));
            }
        });
        combo.response.accessible_name(tr!(cx.text, "messages-framing")).on_hover_text(tr!(cx.text, "messages-framing-tip"));
        if kind != framing.kind() {
            edit(cx, kind.usual());
        }
    });
    match framing {
        Framing::Raw | Framing::UntilClose { .. } => {}
        Framing::Fixed { size } => {
            let number = Number { key: "messages-size", zero: None, unit: " B", least: 1, most: MAX_FRAME.into() };
            number_ui(ui, cx, id, &number, (*size).into(), |m, n| m.framing = Framing::Fixed { size: n as u32 });
        }
        Framing::Delimiter { bytes, most } => delimiter_ui(ui, cx, subject, texts, bytes, *most),
        Framing::Length { header, most } => {
            if let Some(header) = header_ui(ui, cx, *header) {
                edit(cx, Framing::Length { header, most: *most });
            }
        }
    }
    if let Framing::Delimiter { most, .. } | Framing::Length { most, .. } | Framing::UntilClose { most } = framing {
        let number = Number { key: "messages-most", zero: None, unit: " B", least: 1, most: MAX_FRAME.into() };
        number_ui(ui, cx, id, &number, (*most).into(), |m, n| {
            if let Framing::Delimiter { most, .. } | Framing::Length { most, .. } | Framing::UntilClose { most } = &mut m.framing {
                *most = n as u32;
            }
        });
    }
}

fn delimiter_ui(ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, texts: &mut Texts, bytes: &[u8], most: u32) {
    let id = Id::unique(("messages", subject.id.0, "delimiter"));
    row(ui, cx, "messages-delimiter", |ui, cx| {
        let (name, tip) = (tr!(cx.text, "messages-delimiter"), tr!(cx.text, "messages-delimiter-tip"));
        let line = Line { id, name: &name, tip: &tip, width: ui.available_width() };
        let check = |typed: &str| match parse_text(typed) {
            Ok(bytes) if (1..=MAX_DELIMITER).contains(&bytes.len()) => None,
            Ok(_) => Some(tr!(cx.text, "messages-delimiter-size", most = MAX_DELIMITER as u64)),
            Err(error) => Some(failure_words::bytes_error(cx.text, &error)),
        };
        let typed = texts.ui(ui, cx, &line, &to_text_string(bytes), &check);
        if let Some(bytes) = typed.and_then(|typed| parse_text(&typed).ok()) {
            edit_messages(cx, subject.id, "messages-edit-framing", None, |m| m.framing = Framing::Delimiter { bytes, most });
        }
    });
    if let Some(problem) = texts.problem(id) {
        error_line(ui, cx.theme, problem);
    }
}

/// Answers another header.
fn header_ui(ui: &mut Ui, cx: &mut Cx<'_>, was: LengthHeader) -> Option<LengthHeader> {
    let mut now = was;
    row(ui, cx, "messages-length", |ui, cx| {
        let width_word = |width: u8| tr!(cx.text, "messages-length-bytes", count = width);
        let combo = combo_box("length width").width(86.0).selected_text(width_word(now.width)).show_ui(ui, |ui| {
            for each in [1, 2, 4, 8] {
                ui.selectable_value(&mut now.width, each, width_word(each));
            }
        });
        combo.response.accessible_name(tr!(cx.text, "messages-length")).on_hover_text(tr!(cx.text, "messages-length-tip"));
        let word = |order| tr!(cx.text, if order == ByteOrder::Big { "composer-big" } else { "composer-little" });
        ui.add_enabled_ui(now.width > 1, |ui| {
            let combo = combo_box("length order").width(ui.available_width()).selected_text(word(now.order)).show_ui(ui, |ui| {
                for each in [ByteOrder::Big, ByteOrder::Little] {
                    ui.selectable_value(&mut now.order, each, word(each));
                }
            });
            combo.response.accessible_name(tr!(cx.text, "messages-order")).on_hover_text(tr!(cx.text, "messages-order-tip"));
        });
    });
    let label = crate::ui::widget::controls::words(tr!(cx.text, "messages-itself"), crate::ui::theme::Type::Body, cx.theme.colors.text_1);
    ui.add(eframe::egui::Checkbox::new(&mut now.counts_itself, label)).on_hover_text(tr!(cx.text, "messages-itself-tip"));
    (now != was).then_some(now)
}
