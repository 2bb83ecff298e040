//! The page of the packet: what is sent at the left, its bytes at the right; below each other where there is no room.

use std::time::{Duration, UNIX_EPOCH};

use eframe::egui::{Button, Checkbox, Label, Rect, ScrollArea, Sense, Ui, vec2};

use crate::bytes::{Encoding, Framing, FramingKind, Moment};
use crate::lab::{EndpointId, LineEnding, Packet, PacketFormat};
use crate::tr;
use crate::ui::panel::inspector::draft::Field;
use crate::ui::panel::inspector::file::FileError;
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{combo as combo_box, error_line, words};
use crate::ui::widget::format;
use crate::ui::{Cx, Text, failure_words};

use super::keys::Typing;
use super::message::{Composed, Made};
use super::sheet::Author;
use super::{Composer, Subject, edit, editor, insert, preview, reading, segments, sending, view};

/// The byte view stands beside the text from this width on.
const BESIDE: f32 = 600.0;
/// The column of the text then.
const LEFT: f32 = 290.0;
/// Height of the byte view.
const VIEW: f32 = 178.0;
/// Between the two columns.
const GAP: f32 = space::M;
/// Its field.
pub(super) const SPEC: editor::Spec = editor::Spec { salt: "composer", name: "composer-body", rows: 4 };

/// The moment that is shown, as a payload sees it.
pub fn moment(cx: &Cx<'_>, count: u64) -> Moment {
    let unix = (cx.snap.started + cx.snap.at).duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Moment { count, unix, seed: 0 }
}

impl Composer {
    /// Draws it.
    pub(super) fn packet_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, area: ScrollArea) {
        let typed = Packet { body: self.drafts.text(subject.id, Field::Body, &subject.packet.body).clone(), ..subject.packet.clone() };
        let raw = Framing::Raw;
        let framing = if typed.framed && subject.transport.is_stream() { &subject.messages.framing } else { &raw };
        let sent = cx.snap.session(subject.id).and_then(|s| s.sending).map_or(0, |s| s.done);
        let composed = self.messages.compose(ui.ctx(), &typed, framing, &moment(cx, sent));
        // *Send* is never out of sight.
        let pressed = self.sending.foot_ui(ui, cx, subject, &composed);
        let send_now = area.show(ui, |ui| self.columns_ui(ui, cx, subject, &typed, &composed)).inner;
        if pressed || send_now {
            // What was typed in this very frame.
            let composed = if send_now { self.composed_now(ui, cx, subject, &typed, framing) } else { composed };
            self.sending.send(ui, cx, subject, &sending::Now { packet: &typed, framing, composed: &composed }, &mut self.messages);
        }
    }

    /// What is sent beside its bytes; answers whether the keys asked to send.
    fn columns_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, typed: &Packet, composed: &Composed) -> bool {
        // The bar of the scroll area floats over the right edge.
        let width = ui.available_width() - space::S;
        if width < BESIDE {
            ui.set_width(width);
            let send_now = self.written_ui(ui, cx, subject, typed, composed);
            ui.add_space(space::S);
            self.bytes_ui(ui, cx, subject, composed);
            return send_now;
        }
        let left = LEFT.min(width * 0.44);
        let mut send_now = false;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            for (column, wide) in [left, width - left - GAP].into_iter().enumerate() {
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing = vec2(space::S, 6.0);
                    ui.set_width(wide);
                    if column == 0 {
                        send_now = self.written_ui(ui, cx, subject, typed, composed);
                    } else {
                        self.bytes_ui(ui, cx, subject, composed);
                    }
                });
            }
        });
        send_now
    }

    /// What is sent, and when.
    fn written_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, typed: &Packet, composed: &Composed) -> bool {
        let send_now = editor::ui(ui, cx, subject.id, subject.packet, &mut self.drafts, composed, &SPEC);
        if let Some(problem) = problem(cx.text, composed) {
            error_line(ui, cx.theme, &problem);
        } else if let Some(key) = match composed {
            Composed::Reading => Some("inspector-file-reading"),
            Composed::NoFile => Some("inspector-file-none"),
            _ => None,
        } {
            ui.label(words(tr!(cx.text, key), Type::Caption, cx.theme.colors.text_3));
        }
        self.format_ui(ui, cx, subject);
        self.reading_ui(ui, cx, subject);
        self.sending.ui(ui, cx, subject);
        ui.scope(|ui| preview::ui(ui, cx, subject, typed, &mut self.messages, composed));
        send_now
    }

    fn composed_now(&mut self, ui: &Ui, cx: &Cx<'_>, subject: &Subject<'_>, typed: &Packet, framing: &Framing) -> Composed {
        let body = self.drafts.text(subject.id, Field::Body, &subject.packet.body).clone();
        self.messages.compose(ui.ctx(), &Packet { body, ..typed.clone() }, framing, &moment(cx, 0))
    }

    fn format_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        let formats = [PacketFormat::Text, PacketFormat::Hex, PacketFormat::Base64, PacketFormat::File].map(|f| (f, format_key(f)));
        let packet = subject.packet;
        ui.horizontal_wrapped(|ui| {
            for (format, key) in formats {
                let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
                let look = if packet.format == format { Look::On } else { Look::Plain };
                let chosen = (ButtonSpec { look, ..ButtonSpec::new(&label, &tip) }).show(ui, cx.theme).clicked() && packet.format != format;
                if chosen && self.before_file.change_format(cx, subject.id, packet, format) {
                    self.drafts.forget(subject.id, Field::Body);
                }
            }
            if packet.format == PacketFormat::File || packet.body.contains("{{file") {
                let (label, tip) = (tr!(cx.text, "inspector-read-again"), tr!(cx.text, "inspector-read-again-tip"));
                let again = ButtonSpec::new(&label, &tip).with_icon(icons::ARROW_CLOCKWISE, cx.theme.colors.text_2);
                if (ButtonSpec { icon_only: true, ..again }).show(ui, cx.theme).clicked() {
                    self.messages.read_again();
                }
            }
        });
    }

    /// Encoding, line ending, framing.
    fn reading_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        let (id, packet) = (subject.id, subject.packet);
        ui.horizontal_wrapped(|ui| {
            let mut encoding = packet.encoding;
            let combo = combo_box("encoding").width(92.0).selected_text(encoding.id().to_uppercase()).show_ui(ui, |ui| {
                for each in Encoding::ALL {
                    ui.selectable_value(&mut encoding, each, each.id().to_uppercase());
                }
            });
            combo.response.accessible_name(tr!(cx.text, "composer-encoding")).on_hover_text(tr!(cx.text, "composer-encoding-tip"));
            if encoding != packet.encoding {
                edit(cx, id, None, |p| p.encoding = encoding);
            }
            if packet.format == PacketFormat::Text {
                ending_ui(ui, cx, id, packet, 82.0);
            }
            if segments::syntax(packet).is_some()
                && let Some(text) = insert::ui(ui, cx)
            {
                editor::insert(ui, cx, &SPEC, subject.id, packet, &mut self.drafts, &text);
            }
            // Datagrams are messages already, and a raw stream has none.
            if subject.transport.is_stream() && subject.messages.framing.kind() != FramingKind::Raw {
                let mut framed = packet.framed;
                let name = tr!(cx.text, &format!("composer-framing-{}", subject.messages.framing.kind().id()));
                let label = words(tr!(cx.text, "composer-framed", framing = name), Type::Body, cx.theme.colors.text_1);
                if ui.add(Checkbox::new(&mut framed, label)).on_hover_text(tr!(cx.text, "composer-framed-tip")).changed() {
                    edit(cx, id, None, |p| p.framed = framed);
                }
            }
        });
    }

    /// The byte view and what stands at its cursor.
    fn bytes_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, composed: &Composed) {
        let Composed::Made(made) = composed else {
            ui.add(Label::new(words(tr!(cx.text, "composer-no-bytes"), Type::Body, cx.theme.colors.text_2)).wrap());
            return;
        };
        let editable = subject.packet.format != PacketFormat::File;
        if let Some(splice) = self.view.ui(ui, cx, &made.sheet, subject.packet.encoding, editable, VIEW) {
            let body = &made.sheet.bytes[made.sheet.body.clone()];
            if let Some(text) = segments::spliced(subject.packet, body, &made.segments, &splice) {
                self.drafts.forget(subject.id, Field::Body);
                edit(cx, subject.id, crate::ui::panel::inspector::draft::merge_id(subject.id, "bytes"), |p| p.body = text);
            }
        }
        self.legend_ui(ui, cx, made, editable);
        ui.add_space(space::XS);
        ui.scope(|ui| reading::ui(ui, cx, &made.sheet.bytes, self.view.at()));
    }

    /// What the grounds mean, and how typing works now.
    fn legend_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, made: &Made, editable: bool) {
        let c = &cx.theme.colors;
        ui.horizontal_wrapped(|ui| {
            let typing = self.view.typing();
            let (key, other) = match typing {
                Typing::Over => ("composer-over", Typing::Insert),
                Typing::Insert => ("composer-put-in", Typing::Over),
            };
            let label = tr!(cx.text, key);
            let button = ui.add_enabled(editable, Button::new(words(&label, Type::Caption, c.text_1)));
            let tip = tr!(cx.text, "composer-typing-tip");
            if button.accessible_name(&label).on_hover_text(tip).clicked() {
                *typing = other;
            }
            let fields: usize = made.sheet.fields.iter().map(|f| f.len()).sum();
            for (author, count, key) in
                [(Author::Added, made.sheet.added(), "composer-legend-added"), (Author::Field, fields, "composer-legend-fields")]
            {
                if count > 0 {
                    let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
                    view::ground(ui.painter(), cx.theme, author, Rect::from_center_size(rect.center(), vec2(16.0, 16.0)));
                    ui.label(words(tr!(cx.text, key, count = count as u64), Type::Caption, c.text_2));
                }
            }
            let note = match (editable, self.view.refused()) {
                (false, _) => Some(("composer-file-fixed", c.text_2)),
                (true, true) => Some(("composer-not-yours", c.error.text)),
                (true, false) => None,
            };
            if let Some((key, ink)) = note {
                ui.add(Label::new(words(tr!(cx.text, key), Type::Caption, ink)).wrap());
            }
        });
    }
}

/// Locale key of a format.
pub fn format_key(format: PacketFormat) -> &'static str {
    match format {
        PacketFormat::Text => "inspector-format-text",
        PacketFormat::Hex => "inspector-format-hex",
        PacketFormat::Base64 => "inspector-format-base64",
        PacketFormat::File => "inspector-format-file",
    }
}

/// What is appended to a text.
pub fn ending_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet, width: f32) {
    let mut ending = packet.line_ending;
    let combo = combo_box("ending").width(width).selected_text(ending_word(cx.text, ending)).show_ui(ui, |ui| {
        for each in [LineEnding::None, LineEnding::Lf, LineEnding::CrLf, LineEnding::Cr] {
            ui.selectable_value(&mut ending, each, ending_word(cx.text, each));
        }
    });
    combo.response.accessible_name(tr!(cx.text, "inspector-ending")).on_hover_text(tr!(cx.text, "inspector-ending-tip"));
    if ending != packet.line_ending {
        edit(cx, id, None, |p| p.line_ending = ending);
    }
}

fn ending_word(text: &Text, ending: LineEnding) -> String {
    match ending {
        LineEnding::None => tr!(text, "inspector-ending-none"),
        LineEnding::Lf => "\\n".to_owned(),
        LineEnding::CrLf => "\\r\\n".to_owned(),
        LineEnding::Cr => "\\r".to_owned(),
    }
}

/// What is wrong, in words.
pub fn problem(text: &Text, composed: &Composed) -> Option<String> {
    match composed {
        Composed::Bad(error) => Some(failure_words::bytes_error(text, error)),
        Composed::Render(error) => Some(failure_words::render_error(text, error)),
        Composed::Framing(error) => Some(failure_words::framing_error(text, error)),
        Composed::File(FileError::Read(said)) => Some(tr!(text, "inspector-file-failed", said = said.as_str())),
        Composed::File(FileError::NotRegular) => Some(tr!(text, "inspector-file-not-regular")),
        Composed::File(FileError::TooLarge(bytes)) => Some(tr!(text, "inspector-file-too-large", bytes = format::bytes(*bytes))),
        Composed::Made(_) | Composed::Reading | Composed::NoFile => None,
    }
}
