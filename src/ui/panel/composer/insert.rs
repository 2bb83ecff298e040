//! The menu of what can be put into a payload: fields, lengths, checksums. It knows their names from the payload language.

use eframe::egui::{Button, Popup, ScrollArea, Ui};

use crate::bytes::Checksum;
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, icons};
use crate::ui::widget::controls::{icon, words};

/// What one entry puts there, and the locale key of what it is.
const FIELDS: [(&str, &str); 8] = [
    ("{{counter}}", "composer-field-counter"),
    ("{{counter 1 u16be}}", "composer-field-counter-bytes"),
    ("{{time}}", "composer-field-time"),
    ("{{time s u32be}}", "composer-field-time-bytes"),
    ("{{random 4}}", "composer-field-random"),
    ("{{count 16}}", "composer-field-count"),
    ("{{hex 0d0a}}", "composer-field-hex"),
    ("{{base64 aGk=}}", "composer-field-base64"),
];
const FILE: (&str, &str) = ("{{file payload.bin}}", "composer-field-file");
const LENGTHS: [(&str, &str); 4] = [
    ("{{length u8}}", "composer-length-8"),
    ("{{length u16be}}", "composer-length-16"),
    ("{{length u32be}}", "composer-length-32"),
    ("{{length d4}}", "composer-length-digits"),
];

/// Draws the button; answers what was chosen.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>) -> Option<String> {
    let c = &cx.theme.colors;
    let label = tr!(cx.text, "composer-insert");
    let caret = icon(icons::CARET_DOWN, 12.0, c.text_3);
    let button = ui.add(Button::new((words(&label, Type::Body, c.text_1), caret)));
    let button = button.accessible_name(&label).on_hover_text(tr!(cx.text, "composer-insert-tip"));
    let mut chosen = None;
    Popup::menu(&button).width(360.0).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(340.0).show(ui, |ui| {
            head(ui, cx, "composer-insert-fields");
            for (text, key) in FIELDS.into_iter().chain([FILE]) {
                entry(ui, cx, text, &tr!(cx.text, key), &mut chosen);
            }
            head(ui, cx, "composer-insert-lengths");
            for (text, key) in LENGTHS {
                entry(ui, cx, text, &tr!(cx.text, key), &mut chosen);
            }
            head(ui, cx, "composer-insert-checksums");
            for sum in Checksum::all() {
                let about = tr!(cx.text, "composer-checksum-about", bytes = sum.width() as u64);
                entry(ui, cx, &format!("{{{{{}}}}}", sum.id), &about, &mut chosen);
            }
        });
    });
    chosen
}

fn head(ui: &mut Ui, cx: &Cx<'_>, key: &str) {
    ui.add_space(4.0);
    ui.label(words(tr!(cx.text, key), Type::Caption, cx.theme.colors.text_3));
}

fn entry(ui: &mut Ui, cx: &Cx<'_>, text: &str, about: &str, chosen: &mut Option<String>) {
    let c = &cx.theme.colors;
    let button = Button::new((words(text, Type::Data, c.text_1), words(about, Type::Caption, c.text_3))).truncate();
    let button = ui.add_sized([ui.available_width(), 26.0], button.frame_when_inactive(false));
    if button.accessible_name(text).on_hover_text(about).clicked() {
        *chosen = Some(text.to_owned());
        ui.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{Encoding, Template, TemplateSyntax};

    #[test]
    fn every_entry_is_a_payload_in_text_and_hex() {
        let texts = FIELDS.iter().chain([&FILE]).chain(&LENGTHS).map(|(text, _)| (*text).to_owned());
        let sums = Checksum::all().iter().map(|sum| format!("{{{{{}}}}}", sum.id));
        for text in texts.chain(sums) {
            for syntax in [TemplateSyntax::Text(Encoding::Gbk), TemplateSyntax::Hex] {
                assert!(Template::parse(&text, syntax).is_ok(), "{text}");
            }
        }
    }
}
