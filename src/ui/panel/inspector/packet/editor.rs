//! The fields in which a packet is typed.

use eframe::egui::{ComboBox, Key, Margin, Modifiers, ScrollArea, TextEdit, Ui};

use super::super::compose::{Composed, colored};
use super::super::draft::{Drafts, Field, merge_id};
use super::super::server::field_id;
use crate::lab::{EndpointId, LineEnding, Packet, PacketFormat};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::Type;
use crate::ui::widget::controls::with_edge;

use super::edit;

/// The editor; answers whether Ctrl+Enter (⌘+Enter) asked to send. What has a mistake stays here and is not written to the lab.
pub(super) fn editor_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet, drafts: &mut Drafts, bad: bool) -> bool {
    let (theme, format) = (cx.theme, packet.format);
    let field = field_id(id, "body");
    let focused = ui.memory(|m| m.has_focus(field));
    let send = focused && ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::Enter));
    let (name, tip) = match format {
        PacketFormat::File => (tr!(cx.text, "inspector-file"), tr!(cx.text, "inspector-file-tip")),
        PacketFormat::Text | PacketFormat::Hex | PacketFormat::Base64 => {
            (tr!(cx.text, "inspector-body"), tr!(cx.text, "inspector-body-tip"))
        }
    };
    let body = drafts.text(id, Field::Body, &packet.body);
    let mut layouter = |ui: &Ui, text: &dyn eframe::egui::TextBuffer, wrap: f32| {
        let job = colored(text.as_str(), format, theme, wrap);
        ui.fonts_mut(|f| f.layout_job(job))
    };
    let changed = with_edge(ui, theme, bad, |ui| {
        let edit = match format {
            PacketFormat::File => TextEdit::singleline(body).font(Type::Data.font()),
            PacketFormat::Text | PacketFormat::Hex | PacketFormat::Base64 => {
                TextEdit::multiline(body).desired_rows(2).layouter(&mut layouter)
            }
        };
        let edit = edit.id(field).margin(Margin::symmetric(8, 6)).desired_width(f32::INFINITY);
        ScrollArea::vertical()
            .id_salt("body")
            .max_height(160.0)
            .show(ui, |ui| ui.add(edit).accessible_name(name).on_hover_text(tip).changed())
            .inner
    });
    let whole = match super::super::compose::typed(body, format, LineEnding::None) {
        Composed::Bad(_) => false,
        Composed::Bytes(_) | Composed::Reading | Composed::NoFile | Composed::File(_) => true,
    };
    if changed && whole {
        let body = body.clone();
        drafts.taken(id, Field::Body, body.clone());
        edit(cx, id, merge_id(id, "body"), |p| p.body = body);
    }
    send
}

pub(super) fn ending_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet) {
    let word = |ending| match ending {
        LineEnding::None => tr!(cx.text, "inspector-ending-none"),
        LineEnding::Lf => "\\n".to_owned(),
        LineEnding::CrLf => "\\r\\n".to_owned(),
        LineEnding::Cr => "\\r".to_owned(),
    };
    let mut chosen = packet.line_ending;
    let combo = ComboBox::from_id_salt("ending").width(ui.available_width()).selected_text(word(chosen)).show_ui(ui, |ui| {
        for ending in [LineEnding::None, LineEnding::Lf, LineEnding::CrLf, LineEnding::Cr] {
            ui.selectable_value(&mut chosen, ending, word(ending));
        }
    });
    combo.response.accessible_name(tr!(cx.text, "inspector-ending")).on_hover_text(tr!(cx.text, "inspector-ending-tip"));
    if chosen != packet.line_ending {
        edit(cx, id, None, |p| p.line_ending = chosen);
    }
}
