//! How a client opens its connections: in what order, how many at a time, how patiently.

use eframe::egui::{CollapsingHeader, DragValue, Label, Ui};

use super::draft::merge_id;
use super::row;
use crate::lab::{Client, MAX_CONNECTIONS, MAX_SYN_RETRIES, MAX_WAIT_MS, Opening, Transport};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::Type;
use crate::ui::widget::controls::{with_edge, words};

/// One number with what its zero means.
struct Number {
    key: &'static str,
    zero: &'static str,
    unit: &'static str,
    most: u64,
}

/// Draws it; what is as always stays folded.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, client: &Client) {
    let title = words(tr!(cx.text, "inspector-opening"), Type::Strong, cx.theme.colors.text_1);
    let head = CollapsingHeader::new(title).id_salt(("opening", client.id)).default_open(client.opening != Opening::default());
    let shown = head.show_unindented(ui, |ui| rows_ui(ui, cx, client));
    shown.header_response.on_hover_text(tr!(cx.text, "inspector-opening-tip"));
}

/// Three numbers.
fn rows_ui(ui: &mut Ui, cx: &mut Cx<'_>, client: &Client) {
    let was = client.opening;
    let every = Number { key: "inspector-every-open", zero: "inspector-every-open-zero", unit: " ms", most: MAX_WAIT_MS };
    number_ui(ui, cx, client, &every, was.every_ms, |o, n| o.every_ms = n);
    let at_once = Number { key: "inspector-at-once", zero: "inspector-at-once-zero", unit: "", most: MAX_CONNECTIONS.into() };
    number_ui(ui, cx, client, &at_once, was.at_once.into(), |o, n| o.at_once = n as u32);
    if client.transport == Transport::Tcp && cfg!(target_os = "linux") {
        let retries = Number { key: "inspector-syn", zero: "inspector-syn-zero", unit: "", most: MAX_SYN_RETRIES.into() };
        number_ui(ui, cx, client, &retries, was.syn_retries.into(), |o, n| o.syn_retries = n as u32);
    }
}

fn number_ui(ui: &mut Ui, cx: &mut Cx<'_>, client: &Client, number: &Number, was: u64, write: impl FnOnce(&mut Opening, u64)) {
    row(ui, cx, number.key, |ui, cx| {
        let mut now = was;
        let drag = DragValue::new(&mut now).range(0..=number.most).fixed_decimals(0).speed(0.5).suffix(number.unit);
        let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([96.0, 28.0], drag));
        response.accessible_name(tr!(cx.text, number.key)).on_hover_text(tr!(cx.text, &format!("{}-tip", number.key)));
        if now == 0 {
            ui.add(Label::new(words(tr!(cx.text, number.zero), Type::Caption, cx.theme.colors.text_2)).wrap());
        }
        if now != was {
            cx.edit("inspector-edit-opening", merge_id(client.id, number.key), |lab| {
                if let Some(client) = lab.client_mut(client.id) {
                    write(&mut client.opening, now);
                }
            });
        }
    });
}
