//! What the next three sends of a payload with fields will be.

use eframe::egui::{Label, Ui};

use crate::bytes::{TemplateSyntax, to_hex};
use crate::lab::{Packet, PacketFormat};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::Type;
use crate::ui::widget::controls::words;
use crate::ui::widget::format;

use super::Subject;
use super::message::{Composed, Composer};
use super::packet::{moment, problem};

/// How many.
const NEXT: u64 = 3;
/// Height of each.
const ROW: f32 = 18.0;
/// Bytes of each.
const BYTES: usize = 96;

/// Draws them; nothing when each is the same.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, subject: &Subject<'_>, packet: &Packet, messages: &mut Composer, composed: &Composed) {
    if !matches!(composed, Composed::Made(made) if !made.is_constant) {
        return;
    }
    let c = &cx.theme.colors;
    ui.label(words(tr!(cx.text, "composer-next"), Type::Caption, c.text_3)).on_hover_text(tr!(cx.text, "composer-next-tip"));
    let sent = cx.snap.session(subject.id).and_then(|s| s.sending).map_or(0, |s| s.done);
    ui.spacing_mut().interact_size.y = ROW;
    for count in sent..sent + NEXT {
        let line = match messages.preview(ui.ctx(), packet, &moment(cx, count)) {
            Composed::Made(made) => {
                let bytes = &made.sheet.bytes[..made.sheet.bytes.len().min(BYTES)];
                let mut shown = match packet.format {
                    PacketFormat::Text => TemplateSyntax::Text(packet.encoding).spell(bytes),
                    PacketFormat::Hex | PacketFormat::Base64 | PacketFormat::File => to_hex(bytes, BYTES),
                };
                if bytes.len() < made.sheet.bytes.len() {
                    shown.push('…');
                }
                (shown, c.text_1)
            }
            other => match problem(cx.text, &other) {
                Some(problem) => (problem, c.error.text),
                None => continue,
            },
        };
        ui.horizontal(|ui| {
            ui.set_max_height(ROW);
            ui.label(words(format::count(count + 1), Type::Data, c.text_3));
            ui.add(Label::new(words(&line.0, Type::Data, line.1)).truncate()).on_hover_text(&line.0);
        });
    }
}
