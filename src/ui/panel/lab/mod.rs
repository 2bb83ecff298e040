//! The tree of the lab: servers and clients, their states, and where one adds, names and removes them.

mod row;
mod start_here;

use eframe::egui::{Align, Event, Key, Layout, Popup, RichText, ScrollArea, Ui, vec2};

use crate::engine::SessionState;
use crate::lab::{EndpointId, Transport};
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::trial_words::transport_lack;
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::{Action, Cx, Selection, UiCommand};

use super::{Panel, PanelDef, Topic};

/// The line for the list of panels.
pub const DEF: PanelDef = PanelDef { id: "lab", topic: Topic::Lab, title: "panel-lab", make: || Box::<LabTree>::default() };

/// What the tree keeps between frames.
#[derive(Default)]
struct LabTree {
    renaming: Option<Renaming>,
    /// *Start here* was put away.
    put_away: bool,
}

/// A name being typed.
struct Renaming {
    id: EndpointId,
    typed: String,
    /// It was refused.
    refused: bool,
    /// It has not had the keyboard yet.
    fresh: bool,
}

impl Renaming {
    fn of(id: EndpointId, cx: &Cx<'_>) -> Option<Self> {
        let (_, name) = cx.lab.names().find(|(other, _)| *other == id)?;
        Some(Self { id, typed: name.to_owned(), refused: false, fresh: true })
    }
}

impl Panel for LabTree {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (name, tip) = (tr!(cx.text, "lab-add"), tr!(cx.text, "lab-add-tip"));
        let button = ButtonSpec::bare(icons::PLUS, &name, &tip).show(ui, cx.theme);
        Popup::menu(&button).show(|ui| add_menu_ui(ui, cx));
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if let Some(id) = cx.rename {
            self.renaming = Renaming::of(id, cx);
        }
        // An undo may have taken the endpoint away while its name was typed.
        if self.renaming.as_ref().is_some_and(|r| cx.lab.names().all(|(id, _)| id != r.id)) {
            self.renaming = None;
        }
        let room = ui.max_rect();
        if cx.lab.servers.is_empty() && cx.lab.clients.is_empty() {
            empty_ui(ui, cx);
            self.start_here(ui, cx, room);
            return;
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            self.servers_ui(ui, cx);
            self.clients_ui(ui, cx);
            ui.add_space(space::M);
        });
        self.start_here(ui, cx, room);
        self.arrows(ui, cx);
    }
}

impl LabTree {
    fn start_here(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, room: eframe::egui::Rect) {
        if !self.put_away {
            self.put_away = !start_here::ui(ui, cx, room);
        }
    }

    fn servers_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if cx.lab.servers.is_empty() {
            return;
        }
        let running = cx.lab.servers.iter().filter(|s| runs(cx, s.id)).count();
        let figure = tr!(cx.text, "lab-running", n = running, of = cx.lab.servers.len());
        group_ui(ui, cx, "lab-servers", &figure);
        for server in &cx.lab.servers {
            row::server_ui(ui, cx, server, &mut self.renaming);
        }
    }

    fn clients_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if cx.lab.clients.is_empty() {
            return;
        }
        let running = cx.lab.clients.iter().filter(|c| runs(cx, c.id)).count();
        group_ui(ui, cx, "lab-clients", &tr!(cx.text, "lab-clients-running", n = running));
        for (n, client) in cx.lab.clients.iter().enumerate() {
            row::client_ui(ui, cx, client, n + 1, &mut self.renaming);
        }
    }

    /// Up and down move the selection while a row has the keyboard.
    fn arrows(&self, ui: &Ui, cx: &mut Cx<'_>) {
        let Some(at) = cx.selection.endpoint() else { return };
        if self.renaming.is_some() || !ui.memory(|m| m.has_focus(row::row_id(at))) {
            return;
        }
        let step = ui.input(|i| {
            let pressed = |wanted: Key| i.events.iter().any(|e| matches!(e, Event::Key { key, pressed: true, .. } if *key == wanted));
            i32::from(pressed(Key::ArrowDown)) - i32::from(pressed(Key::ArrowUp))
        });
        let ids: Vec<EndpointId> = cx.lab.names().map(|(id, _)| id).collect();
        let Some(now) = ids.iter().position(|id| *id == at) else { return };
        if let Some(next) = now.checked_add_signed(step as isize).and_then(|n| ids.get(n)).filter(|_| step != 0) {
            ui.memory_mut(|m| m.request_focus(row::row_id(*next)));
            cx.act(Action::Select(Selection::Endpoint(*next)));
        }
    }
}

fn runs(cx: &Cx<'_>, id: EndpointId) -> bool {
    cx.snap.session(id).is_some_and(|s| s.state == SessionState::Running)
}

/// Head of a group: its name, and a figure at the right.
fn group_ui(ui: &mut Ui, cx: &Cx<'_>, key: &str, figure: &str) {
    ui.add_space(space::XS);
    let rect = ui.allocate_space(vec2(ui.available_width(), 30.0)).1.shrink2(vec2(space::M, 0.0));
    let ink = cx.theme.colors.text_3;
    ui.scope_builder(eframe::egui::UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)), |ui| {
        ui.label(RichText::new(tr!(cx.text, key)).font(Type::Caption.font()).color(ink));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(figure).font(Type::Caption.font()).color(ink));
        });
    });
}

/// The eight kinds of endpoint.
fn add_menu_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    ui.set_min_width(220.0);
    let servers = Transport::ALL.map(UiCommand::AddServer);
    let clients = Transport::ALL.map(UiCommand::AddClient);
    for (n, command) in servers.into_iter().chain(clients).enumerate() {
        if n == servers.len() {
            ui.separator();
        }
        let (UiCommand::AddServer(transport) | UiCommand::AddClient(transport)) = command else { continue };
        let missing = crate::engine::catalog::missing(transport)
            .map(|_| tr!(cx.text, "cause-not-available", reason = transport_lack(cx.text, transport)));
        let tip = cx.text.get(&format!("{}-tip", command.key())).into_owned();
        let button = eframe::egui::Button::new(tr!(cx.text, command.key())).min_size(vec2(ui.available_width(), size::CONTROL));
        let response = ui.add_enabled(missing.is_none(), button).on_hover_text(tip).on_disabled_hover_text(missing.unwrap_or_default());
        if response.clicked() {
            cx.act(Action::Ui(command));
        }
    }
}

fn empty_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() / 3.0).max(space::XL));
        ui.label(RichText::new(tr!(cx.text, "lab-empty")).font(Type::Body.font()).color(cx.theme.colors.text_2));
        ui.add_space(space::S);
        let add = UiCommand::AddServer(Transport::Tcp);
        let (name, tip) = (tr!(cx.text, add.key()), tr!(cx.text, "lab-empty-tip"));
        if (ButtonSpec { look: Look::Primary, ..ButtonSpec::new(&name, &tip) }).show(ui, cx.theme).clicked() {
            cx.act(Action::Ui(add));
        }
    });
}
