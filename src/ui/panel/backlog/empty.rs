//! What stands there when there is no theatre to show: one sentence what to do, and the button that does it.

use eframe::egui::{Label, Rect, Ui, UiBuilder, pos2, vec2};

use super::gather::Facts;
use crate::engine::{Command, SessionState, SessionView};
use crate::lab::{EndpointId, Server, Transport};
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::controls::{ButtonSpec, Look, words};
use crate::ui::{Action, Cx, Selection, UiCommand, failure_words};

/// The widest these sentences get.
const WIDEST: f32 = 460.0;

/// What a button asks for.
struct Offer {
    label: String,
    tip: String,
    icon: Option<&'static str>,
    actions: Vec<Action>,
}

impl Offer {
    fn new(cx: &Cx<'_>, key: &str, name: &str, icon: Option<&'static str>, actions: Vec<Action>) -> Self {
        let tip = format!("{key}-tip");
        Self { label: tr!(cx.text, key, name = name), tip: tr!(cx.text, &tip, name = name), icon, actions }
    }
}

/// The lab has no server that this panel could show.
pub fn no_server_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let says = tr!(cx.text, "backlog-empty-lab");
    let offer = add_server(cx);
    center_ui(ui, cx, &says, Some(offer));
}

/// A server for datagrams has no queue before `accept`.
pub fn datagram_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server) {
    let says = tr!(cx.text, "backlog-empty-datagram", name = server.name.as_str());
    let other = cx.lab.servers.iter().find(|s| s.transport.is_stream());
    let offer = match other {
        Some(other) => {
            let show = vec![Action::Select(Selection::Endpoint(other.id))];
            Offer::new(cx, "backlog-empty-show", &other.name, Some(icons::ARROW_RIGHT), show)
        }
        None => add_server(cx),
    };
    center_ui(ui, cx, &says, Some(offer));
}

fn add_server(cx: &Cx<'_>) -> Offer {
    Offer::new(cx, "backlog-empty-add", "", None, vec![Action::Ui(UiCommand::AddServer(Transport::Tcp))])
}

/// It does not run: there is no listening socket.
pub fn stopped_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, session: Option<&SessionView>) {
    let name = server.name.as_str();
    let start = |cx: &Cx<'_>, key| Offer::new(cx, key, name, Some(icons::PLAY), vec![Action::Start(server.id)]);
    let (says, offer) = match session.map(|s| s.state) {
        Some(SessionState::Starting) => (tr!(cx.text, "backlog-empty-starting", name = name), None),
        Some(SessionState::Stopping) => (tr!(cx.text, "backlog-empty-stopping", name = name), None),
        Some(SessionState::Failed) => {
            let why = session.and_then(|s| s.failure.as_ref()).map(|f| failure_words::failure(cx.text, f)).unwrap_or_default();
            (tr!(cx.text, "backlog-empty-failed", name = name, why = why), Some(start(cx, "backlog-empty-start")))
        }
        None | Some(SessionState::Stopped | SessionState::Running) => {
            (tr!(cx.text, "backlog-empty-stopped", name = name, n = server.backlog), Some(start(cx, "backlog-empty-start")))
        }
    };
    center_ui(ui, cx, &says, offer);
}

/// Nobody has come yet: what to do stands where clients would.
pub fn nobody_ui(ui: &mut Ui, cx: &mut Cx<'_>, facts: &Facts<'_>, place: Rect) {
    let runs = |id: EndpointId| {
        let state = cx.snap.session(id).map(|s| s.state);
        matches!(state, Some(SessionState::Starting | SessionState::Running))
    };
    let resting: Vec<&str> = facts.clients.iter().filter(|c| !runs(c.id)).map(|c| c.name.as_str()).collect();
    let (says, offer) = if facts.clients.is_empty() {
        let add = vec![Action::Select(Selection::Endpoint(facts.doc.id)), Action::Ui(UiCommand::AddClient(facts.doc.transport))];
        (tr!(cx.text, "backlog-nobody-lab"), Offer::new(cx, "backlog-nobody-add", &facts.doc.name, None, add))
    } else if resting.is_empty() {
        let client = facts.clients[0];
        let open = vec![Action::Engine(Command::Open { client: client.id, count: 1 })];
        (tr!(cx.text, "backlog-nobody-opened"), Offer::new(cx, "backlog-nobody-open", &client.name, None, open))
    } else {
        let ids = facts.clients.iter().map(|c| c.id).filter(|id| !runs(*id));
        let start = ids.map(Action::Start).collect();
        let key = if resting.len() == 1 { "backlog-nobody-start" } else { "backlog-nobody-start-all" };
        (tr!(cx.text, "backlog-nobody-started"), Offer::new(cx, key, resting[0], Some(icons::PLAY), start))
    };
    ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
        ui.spacing_mut().item_spacing.y = space::M;
        ui.add(Label::new(words(says, Type::Body, cx.theme.colors.text_2)).wrap());
        offer_ui(ui, cx, offer);
    });
}

/// The sentence in the middle of the panel, and the button below.
fn center_ui(ui: &mut Ui, cx: &mut Cx<'_>, says: &str, offer: Option<Offer>) {
    let room = ui.max_rect();
    let width = (room.width() - 2.0 * space::XL).clamp(1.0, WIDEST);
    let mut job = eframe::egui::text::LayoutJob::single_section(
        says.to_owned(),
        eframe::egui::text::TextFormat { font_id: Type::Body.at(15.0), color: cx.theme.colors.text_2, ..Default::default() },
    );
    job.wrap.max_width = width;
    let galley = ui.painter().layout_job(job.clone());
    let below = if offer.is_some() { space::L + size::CONTROL } else { 0.0 };
    let top = room.center().y - (galley.size().y + below) / 2.0;
    let place = Rect::from_min_size(pos2(room.center().x - width / 2.0, top), vec2(width, galley.size().y));
    let layout = eframe::egui::Layout::top_down(eframe::egui::Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(place).layout(layout), |ui| ui.add(Label::new(job).wrap()));
    if let Some(offer) = offer {
        let line =
            Rect::from_center_size(pos2(room.center().x, place.bottom() + space::L + size::CONTROL / 2.0), vec2(width, size::CONTROL));
        ui.scope_builder(UiBuilder::new().max_rect(line).layout(layout), |ui| offer_ui(ui, cx, offer));
    }
}

fn offer_ui(ui: &mut Ui, cx: &mut Cx<'_>, offer: Offer) {
    let spec = ButtonSpec { look: Look::Primary, ..ButtonSpec::new(&offer.label, &offer.tip) };
    let ink = cx.theme.colors.on_accent;
    let spec = offer.icon.map_or(spec, |icon| spec.with_icon(icon, ink));
    if spec.show(ui, cx.theme).clicked() {
        cx.actions.extend(offer.actions);
    }
}
