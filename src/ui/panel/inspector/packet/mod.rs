//! *Send a packet*: to whom, what, when; the bytes are shown before they are sent.

mod sending;

use std::collections::{HashMap, HashSet};

use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, Checkbox, Layout, Popup, ScrollArea, Ui};

use super::draft::{Drafts, Field};
use crate::bytes::{Framing, to_hex};
use crate::engine::{ConnState, ConnView, SendTo, SessionState, SessionView};
use crate::lab::{EndpointId, Packet, PacketFormat};
use crate::tr;
use crate::ui::Cx;
use crate::ui::panel::composer::message::{Composed, Composer};
use crate::ui::panel::composer::packet::{ending_ui, moment, problem};
use crate::ui::panel::composer::rewrite::BeforeFile;
use crate::ui::panel::composer::{edit, editor};
use crate::ui::theme::{Type, icons};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{error_line, icon, section, words};

/// Bytes of the preview.
const PREVIEW: usize = 64;
/// Its field.
const SPEC: editor::Spec = editor::Spec { salt: "inspector", name: "inspector-body", rows: 2 };
/// Width of the line ending: it goes below the formats where these take the whole row.
const ENDING: f32 = 96.0;
/// Lines of the preview: *Send* stays in sight below it.
const PREVIEW_ROWS: usize = 3;

/// View state of the box.
#[derive(Default)]
pub struct PacketBox {
    composer: Composer,
    to: HashMap<EndpointId, SendTo>,
    /// *Repeat* was chosen, also while it says once.
    repeat: HashSet<EndpointId>,
    before_file: BeforeFile,
}

impl PacketBox {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, drafts: &mut Drafts) {
        let (lab, snap, theme) = (cx.lab, cx.snap, cx.theme);
        let (packet, messages, transport) = match (lab.server(id), lab.client(id)) {
            (Some(server), _) => (&server.packet, &server.messages, server.transport),
            (None, Some(client)) => (&client.packet, &client.messages, client.transport),
            (None, None) => return,
        };
        let framing = if packet.framed && transport.is_stream() { &messages.framing } else { &Framing::Raw };
        let session = snap.session(id).map(|s| &**s).filter(|s| s.state == SessionState::Running);
        section(ui, theme, None, |ui| {
            ui.horizontal(|ui| {
                ui.label(words(tr!(cx.text, "inspector-packet"), Type::Strong, theme.colors.text_1));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    self.recipient_ui(ui, cx, id, session);
                    ui.label(words(tr!(cx.text, "inspector-to"), Type::Caption, theme.colors.text_3));
                });
            });
            let composed = self.compose(ui, cx, packet, framing, drafts, id);
            let send_now = editor::ui(ui, cx, id, packet, drafts, &composed, &SPEC);
            // What was typed in this very frame.
            let composed = if send_now { self.compose(ui, cx, packet, framing, drafts, id) } else { composed };
            self.preview_ui(ui, cx, &composed);
            let typed = Packet { body: drafts.text(id, Field::Body, &packet.body).clone(), ..packet.clone() };
            self.send_ui(ui, cx, id, session, &typed, framing, &composed, send_now);
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

    fn compose(&mut self, ui: &Ui, cx: &Cx<'_>, packet: &Packet, framing: &Framing, drafts: &mut Drafts, id: EndpointId) -> Composed {
        let body = drafts.text(id, Field::Body, &packet.body).clone();
        let sent = cx.snap.session(id).and_then(|s| s.sending).map_or(0, |s| s.done);
        self.composer.compose(ui.ctx(), &Packet { body, ..packet.clone() }, framing, &moment(cx, sent))
    }

    /// All connections, or one of them; thousands are listed without drawing them all.
    fn recipient_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, id: EndpointId, session: Option<&SessionView>) {
        let theme = cx.theme;
        let live: Vec<&ConnView> = session.map_or(&[][..], |s| &s.connections).iter().filter(|c| c.state != ConnState::Closed).collect();
        let to = self.to.get(&id).cloned().unwrap_or(SendTo::All);
        let chosen = match to {
            SendTo::One(conn) => live.iter().find(|c| c.info.id == conn).copied(),
            SendTo::All | SendTo::These(_) | SendTo::Address(_) => None,
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
            Composed::Made(made) => {
                let mut job = LayoutJob::simple(to_hex(&made.sheet.bytes, PREVIEW), Type::Data.font(), c.text_3, ui.available_width());
                job.wrap.max_rows = PREVIEW_ROWS;
                ui.label(job).on_hover_text(tr!(cx.text, "inspector-preview-tip"));
            }
            Composed::Reading => plain(ui, tr!(cx.text, "inspector-file-reading")),
            Composed::NoFile => plain(ui, tr!(cx.text, "inspector-file-none")),
            Composed::Bad(_) | Composed::Render(_) | Composed::Framing(_) | Composed::File(_) => {
                error_line(ui, cx.theme, &problem(cx.text, composed).unwrap_or_default());
            }
        }
    }

    fn format_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet, drafts: &mut Drafts) {
        let formats = [
            (PacketFormat::Text, "inspector-format-text"),
            (PacketFormat::Hex, "inspector-format-hex"),
            (PacketFormat::Base64, "inspector-format-base64"),
            (PacketFormat::File, "inspector-format-file"),
        ];
        ui.horizontal_wrapped(|ui| {
            for (format, key) in formats {
                let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
                let look = if packet.format == format { Look::On } else { Look::Plain };
                let chosen = (ButtonSpec { look, ..ButtonSpec::new(&label, &tip) }).show(ui, cx.theme).clicked() && packet.format != format;
                if chosen && self.before_file.change_format(cx, id, packet, format) {
                    drafts.forget(id, Field::Body);
                }
            }
            match packet.format {
                PacketFormat::Text => ending_ui(ui, cx, id, packet, ENDING),
                PacketFormat::Hex | PacketFormat::Base64 => {}
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
}
