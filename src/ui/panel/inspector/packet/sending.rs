//! When the packet is sent, and the button that sends it.

use eframe::egui::{Align, DragValue, Label, Layout, Ui, vec2};

use super::super::draft::merge_id;
use crate::bytes::Framing;
use crate::engine::{Command, ConnState, Outgoing, SendTo, SessionView};
use crate::lab::{EndpointId, MAX_WAIT_MS, Packet};
use crate::tr;
use crate::ui::panel::composer::message::Composed;
use crate::ui::panel::composer::{edit, progress};
use crate::ui::theme::{Type, icons, size};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{Segment, segmented, with_edge, words};
use crate::ui::widget::format;
use crate::ui::{Action, Cx};

use super::PacketBox;

/// What *Repeat* begins with.
const REPEAT_TIMES: u32 = 10;

impl PacketBox {
    pub(super) fn schedule_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet) {
        let repeat = packet.times != 1 || self.repeat.contains(&id);
        let segment =
            |key: &str, selected| Segment { label: tr!(cx.text, key), tip: tr!(cx.text, &format!("{key}-tip")), enabled: true, selected };
        let segments = [segment("inspector-once", !repeat), segment("inspector-repeat", repeat)];
        match segmented(ui, cx.theme, 2, &segments) {
            Some(0) => {
                self.repeat.remove(&id);
                edit(cx, id, None, |p| p.times = 1);
            }
            Some(_) if !repeat => {
                self.repeat.insert(id);
                edit(cx, id, None, |p| p.times = REPEAT_TIMES);
            }
            Some(_) | None => {}
        }
        if !repeat {
            return;
        }
        let (mut every, mut times) = (packet.every_ms, packet.times);
        ui.horizontal_wrapped(|ui| {
            let caption = |ui: &mut Ui, key: &str| ui.label(words(tr!(cx.text, key), Type::Caption, cx.theme.colors.text_3));
            caption(ui, "inspector-every");
            let drag = DragValue::new(&mut every).range(0..=MAX_WAIT_MS).fixed_decimals(0).speed(5.0).suffix(" ms");
            let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([88.0, 28.0], drag));
            response.accessible_name(tr!(cx.text, "inspector-every-name")).on_hover_text(tr!(cx.text, "inspector-every-tip"));
            let drag = DragValue::new(&mut times).range(0..=u32::MAX).fixed_decimals(0).speed(0.2);
            let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([72.0, 28.0], drag));
            response.accessible_name(tr!(cx.text, "inspector-times-name")).on_hover_text(tr!(cx.text, "inspector-times-tip"));
            caption(ui, "inspector-times");
            if every == 0 {
                caption(ui, "inspector-every-zero");
            }
            if times == 0 {
                caption(ui, "inspector-times-zero");
            }
        });
        if (every, times) != (packet.every_ms, packet.times) {
            edit(cx, id, merge_id(id, "schedule"), |p| (p.every_ms, p.times) = (every, times));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one frame's values, passed down once")]
    pub(super) fn send_ui(
        &mut self,
        ui: &mut Ui,
        cx: &mut Cx<'_>,
        id: EndpointId,
        session: Option<&SessionView>,
        packet: &Packet,
        framing: &Framing,
        composed: &Composed,
        send_now: bool,
    ) {
        let why = why_not(session, composed);
        if session.is_some_and(|s| s.sending.is_some()) {
            ui.horizontal(|ui| progress::ui(ui, cx, id, session));
        }
        let row = vec2(ui.available_width(), size::CONTROL);
        ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
            let label = tr!(cx.text, "inspector-send");
            let tip = tr!(cx.text, why.unwrap_or("inspector-send-tip"));
            let spec = ButtonSpec { look: Look::Primary, enabled: why.is_none(), ..ButtonSpec::new(&label, &tip) };
            let clicked = spec.with_icon(icons::PAPER_PLANE_RIGHT, cx.theme.colors.on_accent).show(ui, cx.theme).clicked();
            if let (true, None, Composed::Made(made)) = (clicked || send_now, why, composed) {
                let to = self.to.get(&id).cloned().unwrap_or(SendTo::All);
                match self.composer.payload(ui.ctx(), packet, framing, made) {
                    Ok(payload) => cx.act(Action::Engine(Command::Send { from: id, to, outgoing: Outgoing::of(packet, payload) })),
                    Err(error) => cx.act(Action::Say(error.to_string())),
                }
            }
            if let Composed::Made(made) = composed {
                let count = made.sheet.bytes.len() as u64;
                let length = tr!(cx.text, "inspector-bytes", count = count, shown = format::count(count));
                ui.label(words(length, Type::Caption, cx.theme.colors.text_2));
            }
            if let Some(why) = why {
                // The reason is worth a line: hovering over a dead button is a guess.
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(Label::new(words(tr!(cx.text, why), Type::Caption, cx.theme.colors.text_3)).wrap());
                });
            }
        });
    }
}

/// Why nothing can be sent now: a key.
fn why_not(session: Option<&SessionView>, composed: &Composed) -> Option<&'static str> {
    let Some(session) = session else { return Some("inspector-send-stopped") };
    if session.connections.iter().all(|c| c.state == ConnState::Closed) {
        return Some("inspector-send-alone");
    }
    match composed {
        // send() of no bytes says nothing on a stream (send(2)); an empty datagram is a message.
        Composed::Made(made) if made.sheet.bytes.is_empty() && session.transport.is_stream() => Some("inspector-send-empty"),
        Composed::Made(_) => None,
        Composed::Bad(_) | Composed::Render(_) | Composed::Framing(_) | Composed::Reading | Composed::NoFile | Composed::File(_) => {
            Some("inspector-send-bad")
        }
    }
}
