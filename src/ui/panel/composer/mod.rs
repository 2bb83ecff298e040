//! The Composer: the packet of the selected endpoint with its bytes beside it, the struct tool, the library of packets, and
//! sequences. It edits the document and asks the engine to send; it keeps no packet of its own.

pub(super) mod editor;
mod insert;
pub(super) mod keys;
mod library;
pub(super) mod matching;
pub(super) mod message;
pub(super) mod packet;
mod preview;
pub(super) mod progress;
mod reading;
mod recipient;
pub(super) mod rewrite;
pub(super) mod segments;
mod sending;
mod sequences;
pub(super) mod sheet;
pub(super) mod shelf;
mod structs;
#[cfg(test)]
mod tests;
pub(super) mod texts;
mod view;

use eframe::egui::{Label, ScrollArea, Ui, vec2};

use super::{Panel, PanelDef, Topic};
use crate::lab::{EndpointId, Lab, Messages, Packet, Transport};
use crate::tr;
use crate::ui::Cx;
use crate::ui::panel::inspector::draft::Drafts;
use crate::ui::theme::{Type, space};
use crate::ui::widget::chip;
use crate::ui::widget::controls::{sentence, words};

use message::Composer as Making;
use rewrite::BeforeFile;
use sending::Sending;
use view::ByteView;

/// The panel's line in the list of panels.
pub const DEF: PanelDef =
    PanelDef { id: "composer", topic: Topic::Composer, title: "composer-title", make: || Box::new(Composer::default()) };

/// A page of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Packet,
    Struct,
    Library,
    Sequences,
}

impl Page {
    const ALL: [Self; 4] = [Self::Packet, Self::Struct, Self::Library, Self::Sequences];

    fn key(self) -> &'static str {
        match self {
            Self::Packet => "composer-page-packet",
            Self::Struct => "composer-page-struct",
            Self::Library => "composer-page-library",
            Self::Sequences => "composer-page-sequences",
        }
    }
}

/// View state of the panel.
#[derive(Default)]
pub struct Composer {
    page: Page,
    drafts: Drafts,
    messages: Making,
    view: ByteView,
    sending: Sending,
    structs: structs::Structs,
    kept: library::Library,
    sequences: sequences::Sequences,
    before_file: BeforeFile,
}

/// What the panel shows of an endpoint.
#[derive(Clone, Copy)]
struct Subject<'a> {
    id: EndpointId,
    name: &'a str,
    transport: Transport,
    packet: &'a Packet,
    messages: &'a Messages,
    is_client: bool,
}

impl<'a> Subject<'a> {
    fn of(lab: &'a Lab, id: EndpointId) -> Option<Self> {
        if let Some(s) = lab.server(id) {
            let (name, packet, messages) = (s.name.as_str(), &s.packet, &s.messages);
            return Some(Self { id, name, transport: s.transport, packet, messages, is_client: false });
        }
        let c = lab.client(id)?;
        let (name, packet, messages) = (c.name.as_str(), &c.packet, &c.messages);
        Some(Self { id, name, transport: c.transport, packet, messages, is_client: true })
    }
}

/// Changes the packet of an endpoint.
pub(super) fn edit(cx: &mut Cx<'_>, id: EndpointId, merge: Option<u64>, change: impl FnOnce(&mut Packet)) {
    cx.edit("inspector-edit-packet", merge, |lab| {
        if let Some(server) = lab.server_mut(id) {
            change(&mut server.packet);
        } else if let Some(client) = lab.client_mut(id) {
            change(&mut client.packet);
        }
    });
}

/// Changes how an endpoint's bytes become messages, and what it answers.
pub(super) fn edit_messages(cx: &mut Cx<'_>, id: EndpointId, what: &'static str, merge: Option<u64>, change: impl FnOnce(&mut Messages)) {
    cx.edit(what, merge, |lab| {
        if let Some(server) = lab.server_mut(id) {
            change(&mut server.messages);
        } else if let Some(client) = lab.client_mut(id) {
            change(&mut client.messages);
        }
    });
}

impl Panel for Composer {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let lab = cx.lab;
        let Some(subject) = cx.selection.endpoint().and_then(|id| Subject::of(lab, id)) else {
            sentence(ui, cx.theme, tr!(cx.text, "composer-nothing"));
            return;
        };
        self.drafts.keep(|id| lab.server(id).is_some() || lab.client(id).is_some());
        let room = ui.max_rect().shrink2(vec2(space::M, space::S));
        ui.scope_builder(eframe::egui::UiBuilder::new().max_rect(room), |ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, 6.0);
            self.pages_ui(ui, cx, &subject);
            let area = ScrollArea::vertical().id_salt(("composer", self.page.key(), subject.id)).auto_shrink(false);
            match self.page {
                // It has a foot that does not scroll.
                Page::Packet => self.packet_ui(ui, cx, &subject, area),
                Page::Struct => drop(area.show(ui, |ui| self.structs_ui(ui, cx, &subject))),
                Page::Library => drop(area.show(ui, |ui| self.kept_ui(ui, cx, &subject))),
                Page::Sequences => drop(area.show(ui, |ui| self.sequences_ui(ui, cx, &subject))),
            }
        });
    }
}

impl Composer {
    /// The pages, and whose packet it is.
    fn pages_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, subject: &Subject<'_>) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            for page in Page::ALL {
                let (label, tip) = (tr!(cx.text, page.key()), tr!(cx.text, &format!("{}-tip", page.key())));
                if chip::tab(ui, cx.theme, &label, self.page == page, &tip).clicked() {
                    self.page = page;
                }
            }
            let whose = words(tr!(cx.text, "composer-of", name = subject.name), Type::Caption, cx.theme.colors.text_3);
            ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
                ui.add(Label::new(whose).truncate());
            });
        });
    }
}
