//! When the packet goes, to whom, and the button that sends it.

use std::collections::{HashMap, HashSet};

use eframe::egui::{Align, Checkbox, DragValue, Frame, Label, Layout, Margin, Panel as Foot, Stroke, Ui, vec2};

use crate::bytes::Framing;
use crate::engine::{Command, ConnState, Outgoing, SessionState, SessionView};
use crate::lab::{EndpointId, MAX_WAIT_MS, Packet};
use crate::tr;
use crate::ui::panel::inspector::draft::merge_id;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{Segment, segmented, with_edge, words};
use crate::ui::widget::format;
use crate::ui::{Action, Cx};

use super::message::{Composed, Composer};
use super::recipient::{self, To};
use super::{Subject, edit, progress};

/// What sending more than once begins with.
const TIMES: u32 = 10;
/// What *every* begins with, in milliseconds.
const EVERY: u64 = 1_000;
/// What *at a rate* begins with, in bytes a second.
const RATE: u64 = 100_000;
/// The fastest rate that can be asked for.
const MOST_RATE: u64 = 10_000_000_000;

/// When a packet is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Once,
    Every,
    Fast,
    Rate,
}

impl When {
    const ALL: [Self; 4] = [Self::Once, Self::Every, Self::Fast, Self::Rate];

    fn key(self) -> &'static str {
        match self {
            Self::Once => "composer-once",
            Self::Every => "composer-every",
            Self::Fast => "composer-fast",
            Self::Rate => "composer-rate",
        }
    }
}

/// View state.
#[derive(Default)]
pub struct Sending {
    to: HashMap<EndpointId, To>,
    /// More than once was chosen, also while it says once.
    repeat: HashSet<EndpointId>,
}

/// What is sent if it is asked for in this frame.
pub struct Now<'a> {
    /// As typed.
    pub packet: &'a Packet,
    /// Raw when none is added.
    pub framing: &'a Framing,
    /// Its bytes.
    pub composed: &'a Composed,
}

impl Sending {
    fn when(&self, id: EndpointId, packet: &Packet) -> When {
        match packet {
            Packet { times: 1, .. } if !self.repeat.contains(&id) => When::Once,
            Packet { every_ms: 1.., .. } => When::Every,
            Packet { bytes_per_s: 1.., .. } => When::Rate,
            Packet { .. } => When::Fast,
        }
    }

    /// When it is sent, and what came of it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        let snap = cx.snap;
        let session = snap.session(subject.id).map(|s| &**s).filter(|s| s.state == SessionState::Running);
        self.schedule_ui(ui, cx, subject);
        measured_ui(ui, cx, session);
        if subject.is_client {
            let mut on = subject.packet.on_connect;
            let label = words(tr!(cx.text, "inspector-on-connect"), Type::Body, cx.theme.colors.text_1);
            if ui.add(Checkbox::new(&mut on, label)).on_hover_text(tr!(cx.text, "inspector-on-connect-tip")).changed() {
                edit(cx, subject.id, None, |p| p.on_connect = on);
            }
        }
    }

    /// To whom an endpoint sends.
    pub fn to(&mut self, id: EndpointId) -> &mut To {
        self.to.entry(id).or_default()
    }

    fn schedule_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        let (id, packet) = (subject.id, subject.packet);
        let now = self.when(id, packet);
        let segments = When::ALL.map(|when| Segment {
            label: tr!(cx.text, when.key()),
            tip: tr!(cx.text, &format!("{}-tip", when.key())),
            enabled: true,
            selected: when == now,
        });
        if let Some(when) = segmented(ui, cx.theme, 4, &segments).map(|i| When::ALL[i]).filter(|when| *when != now) {
            let times = if packet.times == 1 { TIMES } else { packet.times };
            if when == When::Once {
                self.repeat.remove(&id)
            } else {
                self.repeat.insert(id)
            };
            edit(cx, id, None, |p| {
                (p.times, p.every_ms, p.bytes_per_s) = match when {
                    When::Once => (1, p.every_ms, p.bytes_per_s),
                    When::Every => (times, if p.every_ms == 0 { EVERY } else { p.every_ms }, 0),
                    When::Fast => (times, 0, 0),
                    When::Rate => (times, 0, if p.bytes_per_s == 0 { RATE } else { p.bytes_per_s }),
                };
            });
        }
        if now == When::Once {
            return;
        }
        let (mut every, mut rate, mut times) = (packet.every_ms, packet.bytes_per_s, packet.times);
        ui.horizontal_wrapped(|ui| {
            let caption = |ui: &mut Ui, key: &str| ui.label(words(tr!(cx.text, key), Type::Caption, cx.theme.colors.text_3));
            let number = |ui: &mut Ui, drag: DragValue<'_>, width: f32, key: &str| {
                let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([width, size::CONTROL], drag.fixed_decimals(0)));
                response.accessible_name(tr!(cx.text, key)).on_hover_text(tr!(cx.text, &format!("{key}-tip")));
            };
            match now {
                When::Every => {
                    number(ui, DragValue::new(&mut every).range(1..=MAX_WAIT_MS).speed(5.0).suffix(" ms"), 88.0, "composer-period")
                }
                When::Rate => {
                    number(ui, DragValue::new(&mut rate).range(1..=MOST_RATE).speed(1_000.0).suffix(" B/s"), 120.0, "composer-rate-name");
                }
                When::Once | When::Fast => {}
            }
            number(ui, DragValue::new(&mut times).range(0..=u32::MAX).speed(0.2), 72.0, "composer-times");
            caption(ui, if times == 0 { "inspector-times-zero" } else { "inspector-times" });
        });
        if (every, rate, times) != (packet.every_ms, packet.bytes_per_s, packet.times) {
            edit(cx, id, merge_id(id, "schedule"), |p| (p.every_ms, p.bytes_per_s, p.times) = (every, rate, times));
        }
    }

    /// The foot of the page: to whom, how far a schedule is, and the button; answers whether that was pressed.
    pub fn foot_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, composed: &Composed) -> bool {
        let snap = cx.snap;
        let session = snap.session(subject.id).map(|s| &**s).filter(|s| s.state == SessionState::Running);
        let foot = Foot::bottom(ui.scope_id().with("composer foot")).resizable(false).show_separator_line(false);
        let shown = foot.frame(Frame::new().inner_margin(Margin { top: 9, ..Margin::ZERO })).show(ui, |ui| {
            let top = ui.max_rect().top() - 9.0;
            ui.painter().hline(ui.max_rect().x_range(), top, Stroke::new(1.0, cx.theme.colors.line));
            ui.spacing_mut().item_spacing = vec2(space::S, 6.0);
            let to = self.to.entry(subject.id).or_default();
            recipient::address_ui(ui, cx, subject, to);
            let row = vec2(ui.available_width(), size::CONTROL);
            ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| send_ui(ui, cx, subject, session, composed, to))
                .inner
        });
        shown.inner
    }

    /// Asks the engine to send.
    pub fn send(&mut self, ui: &Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, now: &Now<'_>, messages: &mut Composer) {
        let snap = cx.snap;
        let session = snap.session(subject.id).map(|s| &**s).filter(|s| s.state == SessionState::Running);
        let to = self.to.entry(subject.id).or_default();
        let (None, Composed::Made(made)) = (why_not(session, now.composed, to), now.composed) else { return };
        match messages.payload(ui.ctx(), now.packet, now.framing, made) {
            Ok(payload) => {
                let outgoing = Outgoing::of(now.packet, payload);
                cx.act(Action::Engine(Command::Send { from: subject.id, to: to.send_to(), outgoing }));
            }
            Err(error) => cx.act(Action::Say(error.to_string())),
        }
    }
}

/// From the right: the button, how much it sends, why not or how far it is; at the left to whom.
fn send_ui(ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>, session: Option<&SessionView>, composed: &Composed, to: &mut To) -> bool {
    let why = why_not(session, composed, to);
    let label = tr!(cx.text, "inspector-send");
    let tip = tr!(cx.text, why.unwrap_or("inspector-send-tip"));
    let spec = ButtonSpec { look: Look::Primary, enabled: why.is_none(), ..ButtonSpec::new(&label, &tip) };
    let clicked = spec.with_icon(icons::PAPER_PLANE_RIGHT, cx.theme.colors.on_accent).show(ui, cx.theme).clicked();
    if let Composed::Made(made) = composed {
        let count = made.sheet.bytes.len() as u64;
        let length = tr!(cx.text, "inspector-bytes", count = count, shown = format::count(count));
        ui.label(words(length, Type::Caption, cx.theme.colors.text_2));
    }
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.label(words(tr!(cx.text, "inspector-to"), Type::Caption, cx.theme.colors.text_3));
        recipient::ui(ui, cx, subject, session, to);
        progress::ui(ui, cx, subject.id, session);
        if let (Some(why), None) = (why, session.and_then(|s| s.sending)) {
            // The reason is worth its place: hovering over a dead button is a guess.
            let why = tr!(cx.text, why);
            ui.add(Label::new(words(&why, Type::Caption, cx.theme.colors.text_3)).truncate()).on_hover_text(&why);
        }
    });
    clicked
}

/// What a periodic send keeps to.
fn measured_ui(ui: &mut Ui, cx: &Cx<'_>, session: Option<&SessionView>) {
    let Some(period) = session.and_then(|s| s.messages.period) else { return };
    let line = tr!(
        cx.text,
        "composer-measured",
        mean = format::millis(period.mean),
        least = format::millis(period.least),
        most = format::millis(period.most),
        asked = format::millis(period.asked)
    );
    let line = ui.add(Label::new(words(line, Type::Data, cx.theme.colors.text_2)).wrap());
    line.on_hover_text(tr!(cx.text, "composer-measured-tip", count = format::count(period.count)));
}

/// Why nothing can be sent now: a key.
fn why_not(session: Option<&SessionView>, composed: &Composed, to: &To) -> Option<&'static str> {
    let Some(session) = session else { return Some("inspector-send-stopped") };
    match to {
        // A datagram needs no connection.
        To::Address(address) if address.trim().is_empty() => return Some("composer-address-empty"),
        To::Address(_) => {}
        To::All | To::These(_) if session.connections.iter().all(|c| c.state == ConnState::Closed) => return Some("inspector-send-alone"),
        To::All | To::These(_) => {}
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
