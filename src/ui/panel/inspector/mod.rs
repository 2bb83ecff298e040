//! The selected thing: what it is, how it waits, what it sends, what is measured. Edits go up as changed labs; text that
//! makes no sense stays in its field.

mod accept;
mod client;
mod conn;
pub(super) mod draft;
pub(super) mod file;
mod head;
mod life;
mod measured;
mod messages;
mod opening;
mod packet;
mod server;
mod settings;

use eframe::egui::{ScrollArea, Ui, vec2};

use super::Panel;
use crate::lab::{EndpointId, Transport};
use crate::tr;
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::words;
use crate::ui::{Action, Cx, UiCommand};

use draft::Drafts;
use packet::PacketBox;

/// View state of one inspector.
#[derive(Default)]
pub struct Inspector {
    drafts: Drafts,
    packet: PacketBox,
    messages: messages::MessagesBox,
    /// How many more connections are to be opened or closed.
    count: u32,
}

impl Panel for Inspector {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(id) = cx.selection.endpoint().filter(|&id| cx.lab.server(id).is_some() || cx.lab.client(id).is_some()) else {
            nothing_ui(ui, cx);
            return;
        };
        let lab = cx.lab;
        self.drafts.keep(|id| lab.server(id).is_some() || lab.client(id).is_some());
        ScrollArea::vertical().id_salt(("inspector", id)).auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, 0.0);
            self.endpoint_ui(ui, cx, id);
        });
    }
}

impl Inspector {
    fn endpoint_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId) {
        head::ui(ui, cx, id);
        if let Some(conn) = cx.selection.conn() {
            conn::ui(ui, cx, id, conn);
        }
        let lab = cx.lab;
        if let Some(server) = lab.server(id) {
            server::waits_ui(ui, cx, server, &mut self.drafts);
            server::is_ui(ui, cx, server, &mut self.drafts);
            life::ui(ui, cx, server, &mut self.drafts);
        } else if let Some(client) = lab.client(id) {
            client::is_ui(ui, cx, client, &mut self.drafts);
            client::connections_ui(ui, cx, client, &mut self.count);
        }
        self.packet.ui(ui, cx, id, &mut self.drafts);
        self.messages.ui(ui, cx, id);
        measured::ui(ui, cx, id);
    }
}

/// Nothing is selected: what to do next.
fn nothing_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    ui.add_space((ui.available_height() * 0.3).max(space::L));
    ui.vertical_centered(|ui| {
        ui.label(words(tr!(cx.text, "inspector-nothing"), Type::Body, cx.theme.colors.text_2));
        ui.add_space(space::M);
        let adds = [
            ("inspector-add-server", UiCommand::AddServer(Transport::Tcp)),
            ("inspector-add-client", UiCommand::AddClient(Transport::Tcp)),
        ];
        for (key, command) in adds {
            let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
            if ButtonSpec::new(&label, &tip).with_icon(icons::PLUS, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
                cx.act(Action::Ui(command));
            }
            ui.add_space(space::S);
        }
    });
}

/// A label at the left of a control, in a column of its own.
fn row(ui: &mut Ui, cx: &mut Cx<'_>, key: &str, add: impl FnOnce(&mut Ui, &mut Cx<'_>)) {
    use eframe::egui::{Align, Layout};
    ui.horizontal(|ui| {
        let label = words(tr!(cx.text, key), Type::Caption, cx.theme.colors.text_3);
        ui.allocate_ui_with_layout(vec2(84.0, 28.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(84.0);
            ui.add(eframe::egui::Label::new(label).wrap());
        });
        add(ui, cx);
    });
}

#[cfg(test)]
mod messages_tests;
#[cfg(test)]
mod settings_tests;
#[cfg(test)]
mod tests;
