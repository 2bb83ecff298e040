//! *Send a packet*: to whom, what, when; the bytes are shown before they are sent.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align, Checkbox, ComboBox, DragValue, Key, Label, Layout, Margin, Modifiers, Popup, ProgressBar, ScrollArea, TextEdit, Ui, vec2,
};

use super::compose::{Composed, Composer, colored, rewritten};
use super::draft::{Drafts, Field, merge_id};
use super::file::FileError;
use super::server::field_id;
use crate::bytes::to_hex;
use crate::engine::{Command, ConnState, ConnView, Outgoing, SendTo, SessionState, SessionView};
use crate::lab::{EndpointId, LineEnding, MAX_WAIT_MS, Packet, PacketFormat};
use crate::tr;
use crate::ui::theme::{Type, icons, size};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{Segment, error_line, icon, section, segmented, with_edge, words};
use crate::ui::widget::format;
use crate::ui::{Action, Cx, failure_words};

/// Bytes of the preview.
const PREVIEW: usize = 64;
/// Lines of the preview: *Send* stays in sight below it.
const PREVIEW_ROWS: usize = 3;
/// What *Repeat* begins with.
const REPEAT_TIMES: u32 = 10;

/// View state of the box.
#[derive(Default)]
pub struct PacketBox {
    composer: Composer,
    to: HashMap<EndpointId, SendTo>,
    /// *Repeat* was chosen, also while it says once.
    repeat: HashSet<EndpointId>,
    /// What stood there before *File* was chosen.
    before_file: HashMap<EndpointId, (PacketFormat, String)>,
}

/// Changes the packet of an endpoint.
fn edit(cx: &mut Cx<'_>, id: EndpointId, merge: Option<u64>, change: impl FnOnce(&mut Packet)) {
    cx.edit("inspector-edit-packet", merge, |lab| {
        if let Some(server) = lab.server_mut(id) {
            change(&mut server.packet);
        } else if let Some(client) = lab.client_mut(id) {
            change(&mut client.packet);
        }
    });
}

impl PacketBox {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, drafts: &mut Drafts) {
        let (lab, snap, theme) = (cx.lab, cx.snap, cx.theme);
        let packet = match (lab.server(id), lab.client(id)) {
            (Some(server), _) => &server.packet,
            (None, Some(client)) => &client.packet,
            (None, None) => return,
        };
        let session = snap.session(id).map(|s| &**s).filter(|s| s.state == SessionState::Running);
        section(ui, theme, None, |ui| {
            ui.horizontal(|ui| {
                ui.label(words(tr!(cx.text, "inspector-packet"), Type::Strong, theme.colors.text_1));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    self.recipient_ui(ui, cx, id, session);
                    ui.label(words(tr!(cx.text, "inspector-to"), Type::Caption, theme.colors.text_3));
                });
            });
            let composed = self.compose(ui, packet, drafts, id);
            let send_now = editor_ui(ui, cx, id, packet, drafts, matches!(composed, Composed::Bad(_) | Composed::File(_)));
            // What was typed in this very frame.
            let composed = if send_now { self.compose(ui, packet, drafts, id) } else { composed };
            self.preview_ui(ui, cx, &composed);
            self.send_ui(ui, cx, id, session, packet, &composed, send_now);
            self.format_ui(ui, cx, id, packet, drafts);
            self.schedule_ui(ui, cx, id, packet);
            if lab.client(id).is_some() {
                let mut on = packet.on_connect;
                let label = words(tr!(cx.text, "inspector-on-connect"), Type::Body, theme.colors.text_1);
                if ui.add(Checkbox::new(&mut on, label)).on_hover_text(tr!(cx.text, "inspector-on-connect-tip")).changed() {
                    edit(cx, id, None, |p| p.on_connect = on);
                }
            }
        });
    }

    fn compose(&mut self, ui: &Ui, packet: &Packet, drafts: &mut Drafts, id: EndpointId) -> Composed {
        let body = drafts.text(id, Field::Body, &packet.body);
        self.composer.compose(ui.ctx(), body, packet.format, packet.line_ending)
    }

    /// All connections, or one of them; thousands are listed without drawing them all.
    fn recipient_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, id: EndpointId, session: Option<&SessionView>) {
        let theme = cx.theme;
        let live: Vec<&ConnView> = session.map_or(&[][..], |s| &s.connections).iter().filter(|c| c.state != ConnState::Closed).collect();
        let to = self.to.get(&id).copied().unwrap_or(SendTo::All);
        let chosen = match to {
            SendTo::One(conn) => live.iter().find(|c| c.info.id == conn).copied(),
            SendTo::All => None,
        };
        if chosen.is_none() {
            self.to.remove(&id);
        }
        let line = |conn: &ConnView| {
            let other = conn.info.other_end.get().map_or(&*conn.info.peer, |(_, _, name)| name);
            format!("{} {other}", conn.info.number)
        };
        let all = tr!(cx.text, "inspector-to-all", count = live.len() as u64);
        let shown = chosen.map_or_else(|| all.clone(), line);
        let caret = icon(icons::CARET_DOWN, 12.0, theme.colors.text_3);
        let button = ui.add(eframe::egui::Button::new((words(&shown, Type::Body, theme.colors.text_1), caret)).truncate());
        let button = button.accessible_name(tr!(cx.text, "inspector-to-name")).on_hover_text(tr!(cx.text, "inspector-to-tip"));
        Popup::menu(&button).width(220.0).show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            if ui.selectable_label(chosen.is_none(), all).clicked() {
                self.to.remove(&id);
            }
            ScrollArea::vertical().max_height(260.0).show_rows(ui, 28.0, live.len(), |ui, range| {
                for conn in &live[range] {
                    let is = chosen.is_some_and(|c| c.info.id == conn.info.id);
                    if ui.add_sized([ui.available_width(), 28.0], eframe::egui::Button::selectable(is, line(conn))).clicked() {
                        self.to.insert(id, SendTo::One(conn.info.id));
                    }
                }
            });
        });
    }

    fn preview_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, composed: &Composed) {
        let c = &cx.theme.colors;
        let plain = |ui: &mut Ui, text: String| {
            ui.label(words(text, Type::Caption, c.text_3));
        };
        match composed {
            Composed::Bytes(bytes) => {
                let mut job = LayoutJob::simple(to_hex(bytes, PREVIEW), Type::Data.font(), c.text_3, ui.available_width());
                job.wrap.max_rows = PREVIEW_ROWS;
                ui.label(job).on_hover_text(tr!(cx.text, "inspector-preview-tip"));
            }
            Composed::Bad(error) => error_line(ui, cx.theme, &failure_words::bytes_error(cx.text, error)),
            Composed::Reading => plain(ui, tr!(cx.text, "inspector-file-reading")),
            Composed::NoFile => plain(ui, tr!(cx.text, "inspector-file-none")),
            Composed::File(error) => {
                let said = match error {
                    FileError::Read(said) => tr!(cx.text, "inspector-file-failed", said = said.as_str()),
                    FileError::NotRegular => tr!(cx.text, "inspector-file-not-regular"),
                    FileError::TooLarge(bytes) => tr!(cx.text, "inspector-file-too-large", bytes = format::bytes(*bytes)),
                };
                error_line(ui, cx.theme, &said);
            }
        }
    }

    fn format_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet, drafts: &mut Drafts) {
        let formats = [
            (PacketFormat::Text, "inspector-format-text"),
            (PacketFormat::Hex, "inspector-format-hex"),
            (PacketFormat::File, "inspector-format-file"),
        ];
        ui.horizontal(|ui| {
            for (format, key) in formats {
                let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
                let look = if packet.format == format { Look::On } else { Look::Plain };
                if (ButtonSpec { look, ..ButtonSpec::new(&label, &tip) }).show(ui, cx.theme).clicked() && packet.format != format {
                    self.change_format(cx, id, packet, format);
                    drafts.forget(id, Field::Body);
                }
            }
            match packet.format {
                PacketFormat::Text => ending_ui(ui, cx, id, packet),
                PacketFormat::Hex => {}
                PacketFormat::File => {
                    let (label, tip) = (tr!(cx.text, "inspector-read-again"), tr!(cx.text, "inspector-read-again-tip"));
                    let again = ButtonSpec::new(&label, &tip).with_icon(icons::ARROW_CLOCKWISE, cx.theme.colors.text_2);
                    if (ButtonSpec { icon_only: true, ..again }).show(ui, cx.theme).clicked() {
                        self.composer.read_again();
                    }
                }
            }
        });
    }

    /// The bytes stay the same where the new way can write them.
    fn change_format(&mut self, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet, format: PacketFormat) {
        let body = match (packet.format, format) {
            (PacketFormat::File, to) => {
                let (from, body) = self.before_file.remove(&id).unwrap_or_default();
                if from == to { body } else { rewritten(&body, from, to).unwrap_or_default() }
            }
            (from, PacketFormat::File) => {
                self.before_file.insert(id, (from, packet.body.clone()));
                String::new()
            }
            (from, to) => rewritten(&packet.body, from, to).unwrap_or_default(),
        };
        edit(cx, id, None, |p| (p.format, p.body) = (format, body));
    }

    fn schedule_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet) {
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
    fn send_ui(
        &self,
        ui: &mut Ui,
        cx: &mut Cx<'_>,
        id: EndpointId,
        session: Option<&SessionView>,
        packet: &Packet,
        composed: &Composed,
        send_now: bool,
    ) {
        let why = why_not(session, composed);
        if let Some(progress) = session.and_then(|s| s.sending) {
            ui.horizontal(|ui| {
                let (label, tip) = (tr!(cx.text, "inspector-stop-sending"), tr!(cx.text, "inspector-stop-sending-tip"));
                if ButtonSpec::new(&label, &tip).with_icon(icons::STOP, cx.theme.colors.error.text).show(ui, cx.theme).clicked() {
                    cx.act(Action::Engine(Command::StopSending(id)));
                }
                let done = format::count(progress.done);
                let line = match progress.of {
                    0 => tr!(cx.text, "inspector-progress-open", done = done),
                    of => tr!(cx.text, "inspector-progress", done = done, of = format::count(of)),
                };
                if progress.of > 0 {
                    let share = progress.done as f32 / progress.of as f32;
                    ui.add(ProgressBar::new(share).fill(cx.theme.colors.sent.mark).desired_width(80.0).desired_height(6.0));
                }
                ui.label(words(line, Type::Caption, cx.theme.colors.text_2));
            });
        }
        let row = vec2(ui.available_width(), size::CONTROL);
        ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
            let label = tr!(cx.text, "inspector-send");
            let tip = tr!(cx.text, why.unwrap_or("inspector-send-tip"));
            let spec = ButtonSpec { look: Look::Primary, enabled: why.is_none(), ..ButtonSpec::new(&label, &tip) };
            let clicked = spec.with_icon(icons::PAPER_PLANE_RIGHT, cx.theme.colors.on_accent).show(ui, cx.theme).clicked();
            if let (true, None, Composed::Bytes(bytes)) = (clicked || send_now, why, composed) {
                let outgoing = Outgoing { bytes: Arc::clone(bytes), every: Duration::from_millis(packet.every_ms), times: packet.times };
                let to = self.to.get(&id).copied().unwrap_or(SendTo::All);
                cx.act(Action::Engine(Command::Send { from: id, to, outgoing }));
            }
            if let Composed::Bytes(bytes) = composed {
                let count = bytes.len() as u64;
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
        Composed::Bytes(bytes) if bytes.is_empty() && session.transport.is_stream() => Some("inspector-send-empty"),
        Composed::Bytes(_) => None,
        Composed::Bad(_) | Composed::Reading | Composed::NoFile | Composed::File(_) => Some("inspector-send-bad"),
    }
}

/// The editor; answers whether Ctrl+Enter (⌘+Enter) asked to send. What has a mistake stays here and is not written to the lab.
fn editor_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet, drafts: &mut Drafts, bad: bool) -> bool {
    let (theme, format) = (cx.theme, packet.format);
    let field = field_id(id, "body");
    let focused = ui.memory(|m| m.has_focus(field));
    let send = focused && ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::Enter));
    let (name, tip) = match format {
        PacketFormat::File => (tr!(cx.text, "inspector-file"), tr!(cx.text, "inspector-file-tip")),
        PacketFormat::Text | PacketFormat::Hex => (tr!(cx.text, "inspector-body"), tr!(cx.text, "inspector-body-tip")),
    };
    let body = drafts.text(id, Field::Body, &packet.body);
    let mut layouter = |ui: &Ui, text: &dyn eframe::egui::TextBuffer, wrap: f32| {
        let job = colored(text.as_str(), format, theme, wrap);
        ui.fonts_mut(|f| f.layout_job(job))
    };
    let changed = with_edge(ui, theme, bad, |ui| {
        let edit = match format {
            PacketFormat::File => TextEdit::singleline(body).font(Type::Data.font()),
            PacketFormat::Text | PacketFormat::Hex => TextEdit::multiline(body).desired_rows(2).layouter(&mut layouter),
        };
        let edit = edit.id(field).margin(Margin::symmetric(8, 6)).desired_width(f32::INFINITY);
        ScrollArea::vertical()
            .id_salt("body")
            .max_height(160.0)
            .show(ui, |ui| ui.add(edit).accessible_name(name).on_hover_text(tip).changed())
            .inner
    });
    let whole = match super::compose::typed(body, format, LineEnding::None) {
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

fn ending_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet) {
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
