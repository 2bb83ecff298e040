//! The struct tool: fields by name, type and order, seen as bytes in both orders, put into the payload. The fields are view
//! state: the payload keeps the bytes.

use eframe::egui::{DragValue, Id, Label, ScrollArea, Ui, vec2};

use crate::bytes::{ByteOrder, FieldType, MAX_FIELD_BYTES, StructField, Width, to_hex};
use crate::lab::{Packet, PacketFormat};
use crate::tr;
use crate::ui::panel::inspector::draft::Field as DraftField;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{FieldSpec, combo as combo_box, error_line, sentence, with_edge, words};
use crate::ui::widget::format;
use crate::ui::{Action, Cx, failure_words};

use super::message::Composed;
use super::{Composer, Page, Subject, edit, editor, packet};

/// Fields that one struct has at most.
const MOST: usize = 64;
/// Bytes that are shown of a struct.
const SHOWN: usize = 64;

/// View state.
#[derive(Debug)]
pub struct Structs {
    fields: Vec<StructField>,
}

impl Default for Structs {
    fn default() -> Self {
        // The header of a small binary protocol: something to change instead of an empty table.
        let field = |name: &str, of, value: &str| StructField { name: name.to_owned(), of, order: ByteOrder::Big, value: value.to_owned() };
        Self {
            fields: vec![
                field("version", FieldType::Unsigned(Width::One), "1"),
                field("length", FieldType::Unsigned(Width::Two), "12"),
                field("sensor", FieldType::Unsigned(Width::Four), "7788"),
                field("value", FieldType::F32, "21.5"),
            ],
        }
    }
}

/// What one row asks for.
enum Ask {
    Up(usize),
    Down(usize),
    Remove(usize),
}

impl Composer {
    /// Draws it.
    pub(super) fn structs_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        let mut ask = None;
        let many = self.structs.fields.len();
        if many == 0 {
            ui.allocate_ui(vec2(ui.available_width(), 64.0), |ui| sentence(ui, cx.theme, tr!(cx.text, "composer-struct-empty")));
        }
        let places = StructField::places(&self.structs.fields);
        for (i, (field, place)) in self.structs.fields.iter_mut().zip(places).enumerate() {
            row_ui(ui, cx, i, many, field, place.start, &mut ask);
            if let Err(error) = field.of.write(&field.value, field.order) {
                error_line(
                    ui,
                    cx.theme,
                    &tr!(cx.text, "composer-struct-bad", name = field.name.as_str(), why = failure_words::struct_error(cx.text, &error)),
                );
            }
        }
        let fields = &mut self.structs.fields;
        match ask {
            Some(Ask::Up(i)) if i > 0 => fields.swap(i, i - 1),
            Some(Ask::Down(i)) if i + 1 < fields.len() => fields.swap(i, i + 1),
            Some(Ask::Remove(i)) => drop(fields.remove(i)),
            Some(Ask::Up(_) | Ask::Down(_)) | None => {}
        }
        self.struct_buttons_ui(ui, cx, subject);
        self.struct_bytes_ui(ui, cx, subject);
    }

    fn struct_buttons_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        ui.horizontal_wrapped(|ui| {
            let (label, tip) = (tr!(cx.text, "composer-struct-add"), tr!(cx.text, "composer-struct-add-tip"));
            let enabled = self.structs.fields.len() < MOST;
            let add = ButtonSpec { enabled, ..ButtonSpec::new(&label, &tip) }.with_icon(icons::PLUS, cx.theme.colors.text_2);
            if add.show(ui, cx.theme).clicked() {
                let name = tr!(cx.text, "composer-struct-new", n = self.structs.fields.len() as u64 + 1);
                let of = FieldType::Unsigned(Width::Two);
                self.structs.fields.push(StructField { name, of, order: ByteOrder::Big, value: "0".to_owned() });
            }
            let (label, tip) = (tr!(cx.text, "composer-struct-read"), tr!(cx.text, "composer-struct-read-tip"));
            if ButtonSpec::new(&label, &tip).with_icon(icons::DOWNLOAD_SIMPLE, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
                self.struct_from_packet(ui, cx, subject);
            }
        });
    }

    /// The values that the payload's bytes have in the fields, from the cursor of the byte view on.
    fn struct_from_packet(&mut self, ui: &Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        let composed = self.messages.preview(ui.ctx(), subject.packet, &packet::moment(cx, 0));
        let Composed::Made(made) = composed else {
            cx.act(Action::Say(tr!(cx.text, "composer-no-bytes")));
            return;
        };
        let from = self.view.at().min(made.sheet.bytes.len());
        let values = StructField::read(&self.structs.fields, &made.sheet.bytes[from..]);
        let read = values.iter().flatten().count();
        for (field, value) in self.structs.fields.iter_mut().zip(values) {
            if let Some(value) = value {
                field.value = value;
            }
        }
        cx.act(Action::Say(tr!(cx.text, "composer-struct-was-read", count = read as u64, at = from as u64)));
    }

    /// The bytes as the fields say, and in each order.
    fn struct_bytes_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        let c = &cx.theme.colors;
        let Ok(bytes) = StructField::write(&self.structs.fields) else {
            ui.label(words(tr!(cx.text, "composer-struct-wrong"), Type::Caption, c.text_3));
            return;
        };
        let in_order = |order| {
            let fields: Vec<StructField> = self.structs.fields.iter().map(|f| StructField { order, ..f.clone() }).collect();
            StructField::write(&fields).unwrap_or_default()
        };
        let lines = [
            ("composer-struct-as-set", bytes.clone()),
            ("composer-big", in_order(ByteOrder::Big)),
            ("composer-little", in_order(ByteOrder::Little)),
        ];
        ui.add_space(space::XS);
        ui.scope(|ui| {
            ui.spacing_mut().interact_size.y = 18.0;
            for (key, bytes) in &lines {
                ui.horizontal(|ui| {
                    ui.allocate_ui(vec2(92.0, 18.0), |ui| {
                        ui.set_min_width(92.0);
                        ui.label(words(tr!(cx.text, key), Type::Caption, c.text_3));
                    });
                    let hex = to_hex(bytes, SHOWN);
                    ui.add(Label::new(words(&hex, Type::Data, c.text_1)).wrap()).on_hover_text(tr!(cx.text, &format!("{key}-hex-tip")));
                });
            }
        });
        ui.horizontal_wrapped(|ui| {
            let can_insert = matches!(subject.packet.format, PacketFormat::Text | PacketFormat::Hex) && !bytes.is_empty();
            let (label, tip) = (tr!(cx.text, "composer-struct-insert"), tr!(cx.text, "composer-struct-insert-tip"));
            let insert = ButtonSpec { enabled: can_insert, ..ButtonSpec::new(&label, &tip) };
            if insert.show(ui, cx.theme).clicked() {
                let hex = to_hex(&bytes, usize::MAX);
                let text = if subject.packet.format == PacketFormat::Hex { hex } else { format!("{{{{hex {hex}}}}}") };
                editor::insert(ui, cx, &packet::SPEC, subject.id, subject.packet, &mut self.drafts, &text);
                self.page = Page::Packet;
            }
            let (label, tip) = (tr!(cx.text, "composer-struct-use"), tr!(cx.text, "composer-struct-use-tip"));
            let whole = ButtonSpec { look: Look::Primary, enabled: !bytes.is_empty(), ..ButtonSpec::new(&label, &tip) };
            if whole.show(ui, cx.theme).clicked() {
                let body = to_hex(&bytes, usize::MAX);
                self.drafts.forget(subject.id, DraftField::Body);
                edit(cx, subject.id, None, |p: &mut Packet| (p.format, p.body) = (PacketFormat::Hex, body));
                self.page = Page::Packet;
            }
            let count = bytes.len() as u64;
            ui.label(words(
                tr!(cx.text, "inspector-bytes", count = count, shown = format::count(count)),
                Type::Caption,
                cx.theme.colors.text_2,
            ));
        });
    }
}

/// One field.
fn row_ui(ui: &mut Ui, cx: &Cx<'_>, i: usize, many: usize, field: &mut StructField, at: usize, ask: &mut Option<Ask>) {
    let c = &cx.theme.colors;
    let n = i as u64 + 1;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.allocate_ui(vec2(32.0, size::CONTROL), |ui| {
            ui.set_min_width(32.0);
            ui.label(words(at.to_string(), Type::Data, c.text_3)).on_hover_text(tr!(cx.text, "composer-struct-at-tip"));
        });
        let id = |what: &str| Id::unique(("struct", i, what));
        let (name, tip) = (tr!(cx.text, "composer-struct-name", n = n), tr!(cx.text, "composer-struct-name-tip"));
        FieldSpec { name: &name, tip: &tip, hint: "", width: 92.0, bad: false, id: id("name") }.show(ui, cx.theme, &mut field.name);
        type_ui(ui, cx, n, i, &mut field.of);
        let is_number = field.of.size() > 1 && !matches!(field.of, FieldType::Bytes(_) | FieldType::Text(_));
        let word = |order| tr!(cx.text, if order == ByteOrder::Big { "composer-be" } else { "composer-le" });
        ui.add_enabled_ui(is_number, |ui| {
            let combo = combo_box(("order", i)).width(52.0).selected_text(word(field.order)).show_ui(ui, |ui| {
                for order in [ByteOrder::Big, ByteOrder::Little] {
                    ui.selectable_value(&mut field.order, order, word(order));
                }
            });
            combo
                .response
                .accessible_name(tr!(cx.text, "composer-struct-order", n = n))
                .on_hover_text(tr!(cx.text, "composer-struct-order-tip"));
        });
        let buttons = 3.0 * (size::CONTROL + space::XS);
        let (name, tip) = (tr!(cx.text, "composer-struct-value", n = n), tr!(cx.text, "composer-struct-value-tip"));
        let bad = field.of.write(&field.value, field.order).is_err();
        let width = (ui.available_width() - buttons - space::S).max(60.0);
        FieldSpec { name: &name, tip: &tip, hint: "", width, bad, id: id("value") }.show(ui, cx.theme, &mut field.value);
        for (glyph, key, what, enabled) in [
            (icons::ARROW_UP, "composer-up", Ask::Up(i), i > 0),
            (icons::ARROW_DOWN, "composer-down", Ask::Down(i), i + 1 < many),
            (icons::TRASH, "composer-remove", Ask::Remove(i), true),
        ] {
            let (label, tip) = (tr!(cx.text, key, n = n), tr!(cx.text, &format!("{key}-tip")));
            if (ButtonSpec { enabled, ..ButtonSpec::bare(glyph, &label, &tip) }).show(ui, cx.theme).clicked() {
                *ask = Some(what);
            }
        }
    });
}

fn type_ui(ui: &mut Ui, cx: &Cx<'_>, n: u64, i: usize, of: &mut FieldType) {
    let word = |of: FieldType| match of {
        FieldType::Bytes(_) => "bytes".to_owned(),
        FieldType::Text(_) => "text".to_owned(),
        FieldType::Unsigned(_) | FieldType::Signed(_) | FieldType::F32 | FieldType::F64 => of.to_string(),
    };
    let same = |a: FieldType, b: FieldType| word(a) == word(b);
    let combo = combo_box(("type", i)).width(80.0).selected_text(word(*of)).show_ui(ui, |ui| {
        ScrollArea::vertical().max_height(300.0).show(ui, |ui| {
            for each in FieldType::ALL {
                if ui.selectable_label(same(*of, each), word(each)).clicked() && !same(*of, each) {
                    *of = each;
                }
            }
        });
    });
    combo.response.accessible_name(tr!(cx.text, "composer-struct-type", n = n)).on_hover_text(tr!(cx.text, "composer-struct-type-tip"));
    if let FieldType::Bytes(len) | FieldType::Text(len) = of {
        let drag = DragValue::new(len).range(1..=MAX_FIELD_BYTES).fixed_decimals(0).speed(0.1);
        let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([48.0, size::CONTROL], drag));
        response.accessible_name(tr!(cx.text, "composer-struct-size", n = n)).on_hover_text(tr!(cx.text, "composer-struct-size-tip"));
    }
}
