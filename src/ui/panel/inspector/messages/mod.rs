//! How the endpoint's bytes become messages, what it answers by itself, and how they go through the socket. Everything here goes
//! to a running endpoint at once; what is as always stays folded.

mod answers;
mod cast;
mod framing;
mod wire;

use eframe::egui::{CollapsingHeader, DragValue, Label, Ui};

use super::row;
use crate::engine::SessionState;
use crate::lab::{EndpointId, Messages, Transport};
use crate::tr;
use crate::ui::Cx;
use crate::ui::panel::composer::edit_messages;
use crate::ui::panel::composer::texts::Texts;
use crate::ui::theme::{Type, size, space};
use crate::ui::widget::controls::{section, with_edge, words};
use crate::ui::widget::format;

use super::draft::merge_id;

/// Whose messages.
#[derive(Clone, Copy)]
struct Subject<'a> {
    id: EndpointId,
    transport: Transport,
    messages: &'a Messages,
}

/// View state.
#[derive(Debug, Default)]
pub struct MessagesBox {
    texts: Texts,
    /// Whose texts, and how many rules there were.
    of: Option<(EndpointId, usize)>,
}

impl MessagesBox {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId) {
        let lab = cx.lab;
        let (transport, messages) = match (lab.server(id), lab.client(id)) {
            (Some(server), _) => (server.transport, &server.messages),
            (None, Some(client)) => (client.transport, &client.messages),
            (None, None) => return,
        };
        let of = Some((id, messages.rules.len()));
        if self.of != of {
            self.texts.forget();
            self.of = of;
        }
        let subject = Subject { id, transport, messages };
        let theme = cx.theme;
        section(ui, theme, None, |ui| {
            let title = words(tr!(cx.text, "messages-title"), Type::Strong, theme.colors.text_1);
            let head = CollapsingHeader::new(title).id_salt(("messages", id)).default_open(*messages != Messages::default());
            let shown = head.show_unindented(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 6.0;
                if transport.is_stream() {
                    framing::ui(ui, cx, &subject, &mut self.texts);
                }
                counts_ui(ui, cx, &subject);
                heading(ui, cx, "messages-answers");
                answers::ui(ui, cx, &subject, &mut self.texts);
                heading(ui, cx, "messages-wire");
                wire::ui(ui, cx, &subject);
                if transport == Transport::Udp {
                    heading(ui, cx, "messages-cast");
                    cast::ui(ui, cx, &subject, &mut self.texts);
                }
            });
            shown.header_response.on_hover_text(tr!(cx.text, "messages-tip"));
        });
    }
}

fn heading(ui: &mut Ui, cx: &Cx<'_>, key: &str) {
    ui.add_space(space::XS);
    ui.label(words(tr!(cx.text, key), Type::Caption, cx.theme.colors.text_3)).on_hover_text(tr!(cx.text, &format!("{key}-tip")));
}

/// Messages that were cut and answered, once there are some.
fn counts_ui(ui: &mut Ui, cx: &Cx<'_>, subject: &Subject<'_>) {
    let Some(session) = cx.snap.session(subject.id).filter(|s| s.state == SessionState::Running) else { return };
    let view = &session.messages;
    if view.received + view.sent + view.by_rule + view.broken == 0 {
        return;
    }
    let line = tr!(
        cx.text,
        "messages-counts",
        received = format::count(view.received),
        sent = format::count(view.sent),
        answered = format::count(view.by_rule)
    );
    ui.add(Label::new(words(line, Type::Caption, cx.theme.colors.text_2)).wrap());
    if view.broken > 0 {
        let line = tr!(cx.text, "messages-broken", count = view.broken);
        ui.add(Label::new(words(line, Type::Caption, cx.theme.colors.error.text)).wrap());
    }
}

/// One number, with what its zero means when that is something else than none.
struct Number {
    key: &'static str,
    zero: Option<&'static str>,
    unit: &'static str,
    least: u64,
    most: u64,
}

/// Its row; writes it to the lab.
fn number_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, number: &Number, was: u64, write: impl FnOnce(&mut Messages, u64)) {
    row(ui, cx, number.key, |ui, cx| {
        let mut now = was;
        let drag = DragValue::new(&mut now).range(number.least..=number.most).fixed_decimals(0).speed(0.5).suffix(number.unit);
        let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([104.0, size::CONTROL], drag));
        response.accessible_name(tr!(cx.text, number.key)).on_hover_text(tr!(cx.text, &format!("{}-tip", number.key)));
        if let (0, Some(zero)) = (now, number.zero) {
            ui.add(Label::new(words(tr!(cx.text, zero), Type::Caption, cx.theme.colors.text_2)).wrap());
        }
        if now != was {
            edit_messages(cx, id, "messages-edit", merge_id(id, number.key), |m| write(m, now));
        }
    });
}

/// A box to tick in a row of its own; writes it to the lab.
fn tick_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, key: &'static str, was: bool, write: impl FnOnce(&mut Messages, bool)) {
    let mut now = was;
    let label = words(tr!(cx.text, key), Type::Body, cx.theme.colors.text_1);
    let response = ui.add(eframe::egui::Checkbox::new(&mut now, label));
    if response.on_hover_text(tr!(cx.text, &format!("{key}-tip"))).changed() {
        edit_messages(cx, id, "messages-edit", None, |m| write(m, now));
    }
}
