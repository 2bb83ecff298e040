//! The framing that is tried out: its fields, and the buttons that give it to the endpoint or take it back.

use eframe::egui::{Checkbox, DragValue, Role, Ui, WidgetInfo};

use super::words;
use crate::bytes::{ByteOrder, Framing, FramingKind, MAX_DELIMITER, MAX_FRAME, parse_text, to_text_string};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, size};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{FieldSpec, combo as combo_box, with_edge, words as styled};

/// What a person tries.
#[derive(Debug, Default)]
pub struct Tried {
    /// `None`: the endpoint's.
    framing: Option<Framing>,
    /// What stands in the field of the delimiter, and whether it makes sense.
    delimiter: Option<(String, bool)>,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing.
    Nothing,
    /// The endpoint is to cut like this.
    Use(Framing),
}

impl Tried {
    /// The framing in force here.
    pub fn framing<'a>(&'a self, endpoint: &'a Framing) -> &'a Framing {
        self.framing.as_ref().unwrap_or(endpoint)
    }

    /// The endpoint's again.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Its fields, in a row that wraps. `endpoint` has the framing that the lab says.
    pub fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, endpoint: &Framing) -> Asked {
        let mut framing = self.framing(endpoint).clone();
        ui.label(styled(tr!(cx.text, "framing-cut-by"), Type::Body, cx.theme.colors.text_2));
        kind_ui(ui, cx, &mut framing);
        if framing.kind() != FramingKind::Delimiter {
            self.delimiter = None;
        }
        match &mut framing {
            Framing::Raw => {}
            Framing::Fixed { size } => number_ui(ui, cx, "framing-size", size, 1),
            Framing::Delimiter { bytes, most } => {
                self.delimiter_ui(ui, cx, bytes);
                number_ui(ui, cx, "framing-most", most, 0);
            }
            Framing::Length { header, most } => {
                let widths = [1_u8, 2, 4, 8].map(|w| (w, tr!(cx.text, "framing-width-bytes", width = w)));
                choice_ui(ui, cx, "framing-width", &mut header.width, &widths);
                let orders = [ByteOrder::Big, ByteOrder::Little].map(|o| (o, words::order(cx.text, o)));
                choice_ui(ui, cx, "framing-order", &mut header.order, &orders);
                let label = styled(tr!(cx.text, "framing-counts-itself"), Type::Body, cx.theme.colors.text_1);
                with_edge(ui, cx.theme, false, |ui| ui.add(Checkbox::new(&mut header.counts_itself, label)))
                    .on_hover_text(tr!(cx.text, "framing-counts-itself-tip"));
                number_ui(ui, cx, "framing-most", most, 0);
            }
            Framing::UntilClose { most } => number_ui(ui, cx, "framing-most", most, 0),
        }
        if framing != *self.framing(endpoint) {
            self.framing = Some(framing);
        }
        self.buttons_ui(ui, cx, endpoint)
    }

    fn buttons_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, endpoint: &Framing) -> Asked {
        let Some(framing) = self.framing.clone().filter(|f| f != endpoint) else { return Asked::Nothing };
        let (label, tip) = (tr!(cx.text, "framing-use"), tr!(cx.text, "framing-use-tip", framing = words::framing(cx.text, &framing)));
        let whole = self.delimiter.as_ref().is_none_or(|(_, fits)| *fits);
        let used = ButtonSpec { look: Look::Primary, enabled: whole, ..ButtonSpec::new(&label, &tip) }.show(ui, cx.theme).clicked();
        let was = words::framing(cx.text, endpoint);
        let (label, tip) = (tr!(cx.text, "framing-back"), tr!(cx.text, "framing-back-tip", framing = was));
        if ButtonSpec::new(&label, &tip).show(ui, cx.theme).clicked() {
            self.reset();
        }
        if used {
            self.reset();
            return Asked::Use(framing);
        }
        Asked::Nothing
    }

    fn delimiter_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, bytes: &mut Vec<u8>) {
        let (typed, fits) = self.delimiter.get_or_insert_with(|| (to_text_string(bytes), true));
        let (name, tip) = (tr!(cx.text, "framing-delimiter-field"), tr!(cx.text, "framing-delimiter-field-tip"));
        let id = ui.scope_id().with("delimiter");
        let field = FieldSpec { name: &name, tip: &tip, hint: "\\n", width: 72.0, bad: !*fits, id };
        if field.show(ui, cx.theme, typed).changed() {
            let parsed = parse_text(typed).ok().filter(|b| (1..=MAX_DELIMITER).contains(&b.len()));
            *fits = parsed.is_some();
            if let Some(parsed) = parsed {
                *bytes = parsed;
            }
        }
    }
}

fn kind_ui(ui: &mut Ui, cx: &Cx<'_>, framing: &mut Framing) {
    let was = framing.kind();
    let mut chosen = was;
    let combo = combo_box("framing kind").width(112.0).selected_text(words::kind(cx.text, was)).show_ui(ui, |ui| {
        for kind in FramingKind::ALL {
            ui.selectable_value(&mut chosen, kind, words::kind(cx.text, kind)).on_hover_text(words::kind_tip(cx.text, kind));
        }
    });
    let name = tr!(cx.text, "framing-kind");
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &name));
    combo.response.on_hover_text(words::kind_tip(cx.text, was));
    if chosen != was {
        *framing = chosen.usual();
    }
}

fn choice_ui<T: PartialEq + Copy>(ui: &mut Ui, cx: &Cx<'_>, key: &str, value: &mut T, choices: &[(T, String)]) {
    let selected = choices.iter().find(|(v, _)| v == value).map_or("", |(_, words)| words);
    let combo = combo_box(key).width(72.0).selected_text(selected).show_ui(ui, |ui| {
        for (choice, words) in choices {
            ui.selectable_value(value, *choice, words);
        }
    });
    let name = cx.text.get(key);
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name.as_ref()));
    combo.response.on_hover_text(cx.text.get(&format!("{key}-tip")));
}

fn number_ui(ui: &mut Ui, cx: &Cx<'_>, key: &str, value: &mut u32, least: u32) {
    let name = cx.text.get(key);
    let prefix = if least == 0 { "≤ " } else { "" };
    let speed = (f64::from(*value) / 50.0).max(0.25);
    let drag = DragValue::new(value).range(least..=MAX_FRAME).fixed_decimals(0).speed(speed).prefix(prefix).suffix(" B");
    let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([96.0, size::CONTROL], drag));
    response.accessible_name(name.as_ref()).on_hover_text(cx.text.get(&format!("{key}-tip")));
}
