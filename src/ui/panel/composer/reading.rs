//! The bytes at the cursor as numbers of each width in both orders, as an address and as a time.

use eframe::egui::{Align2, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::bytes::{Both, Reading};
use crate::tr;
use crate::ui::theme::Type;
use crate::ui::{Action, Cx};

/// Height of a row.
const ROW: f32 = 18.0;
/// The column of names.
const NAMES: f32 = 52.0;

/// One line: its name, and its reading in both orders (the second is empty where there is but one).
struct Line {
    name: &'static str,
    big: String,
    little: String,
}

fn both<T: ToString>(name: &'static str, value: Option<Both<T>>) -> Line {
    let (big, little) = value.map_or_else(|| (dash(), dash()), |v| (v.big.to_string(), v.little.to_string()));
    Line { name, big, little }
}

fn one<T: ToString>(name: &'static str, value: Option<T>) -> Line {
    Line { name, big: value.map_or_else(dash, |v| v.to_string()), little: String::new() }
}

fn dash() -> String {
    "–".to_owned()
}

fn lines(at: &Reading) -> [Line; 14] {
    // Figures of floats as short as they can be told apart.
    let f32 = at.f32.map(|v| Both { big: format!("{:?}", v.big), little: format!("{:?}", v.little) });
    let f64 = at.f64.map(|v| Both { big: format!("{:?}", v.big), little: format!("{:?}", v.little) });
    [
        one("u8", at.u8),
        one("i8", at.i8),
        both("u16", at.u16),
        both("i16", at.i16),
        both("u32", at.u32),
        both("i32", at.i32),
        both("u64", at.u64),
        both("i64", at.i64),
        both("f32", f32),
        both("f64", f64),
        both("time32", at.time32),
        both("time64", at.time64),
        one("IPv4", at.ipv4),
        one("IPv6", at.ipv6),
    ]
}

/// Draws it; a click on a reading copies it.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, bytes: &[u8], cursor: usize) {
    let c = &cx.theme.colors;
    ui.spacing_mut().item_spacing.y = 0.0;
    let width = ui.available_width();
    let half = (width - NAMES) / 2.0;
    let heads = [
        (0.0, tr!(cx.text, "composer-reading-at", at = cursor as u64)),
        (NAMES, tr!(cx.text, "composer-big")),
        (NAMES + half, tr!(cx.text, "composer-little")),
    ];
    let (rect, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    for (x, words) in heads {
        ui.painter().text(pos2(rect.left() + x, rect.center().y), Align2::LEFT_CENTER, words, Type::Caption.font(), c.text_3);
    }
    let mut copied = None;
    for line in lines(&Reading::at(bytes, cursor)) {
        let (rect, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
        let at = |x: f32| pos2(rect.left() + x, rect.center().y);
        ui.painter().text(at(0.0), Align2::LEFT_CENTER, line.name, Type::Data.font(), c.text_3);
        // An address in full needs both columns.
        let spans = if line.little.is_empty() {
            vec![(NAMES, width - NAMES, "", line.big)]
        } else {
            vec![(NAMES, half, "composer-big", line.big), (NAMES + half, half, "composer-little", line.little)]
        };
        for (x, room, order, value) in spans {
            let cell = eframe::egui::Rect::from_min_size(rect.min + vec2(x, 0.0), vec2(room - 4.0, ROW));
            let response = ui.interact(cell, ui.scope_id().with((line.name, order)), Sense::click());
            let order_name = if order.is_empty() { String::new() } else { format!(" {}", cx.text.get(order)) };
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{}{order_name}: {value}", line.name)));
            let ink = if value == "–" {
                c.text_disabled
            } else if response.hovered() {
                c.accent
            } else {
                c.text_1
            };
            crate::ui::widget::paint::line(ui.painter(), cell, eframe::egui::Align::Min, &value, Type::Data.font(), ink);
            let tip = tr!(cx.text, "composer-reading-tip", value = value.as_str());
            if response.on_hover_text(tip).clicked() {
                copied = Some(value);
            }
        }
    }
    if let Some(value) = copied.filter(|v| v != "–") {
        cx.act(Action::Say(tr!(cx.text, "composer-copied", value = value.as_str())));
        cx.act(Action::Copy(value));
    }
}
