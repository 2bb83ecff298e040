//! What can be clicked on the Stage: cards, rows, tokens. Each has a name, a tooltip and a place in the tab order.

use eframe::egui::{Id, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2};

use super::edges::Edges;
use super::gather::{ClientFacts, Row, ServerFacts, Who};
use super::layout::{Scene, TOKEN};
use super::words;
use crate::engine::Source;
use crate::lab::EndpointId;
use crate::tr;
use crate::trace::ConnId;
use crate::ui::theme::radius;
use crate::ui::widget::format;
use crate::ui::{Action, Cx, Selection, Text, failure_words};

/// Who a thing is from frame to frame. Every thing of a picture is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing<'a> {
    Server(EndpointId),
    Header(EndpointId),
    Queue(EndpointId),
    Row(EndpointId, ConnId),
    /// Several connections in one row: it has only its place.
    Bundle(EndpointId, usize),
    Outside(&'a str),
    Client(EndpointId),
    MoreClients,
    Strangers(EndpointId),
}

impl<'a> Thing<'a> {
    fn row(server: EndpointId, place: usize, row: &Row) -> Self {
        row.conn.map_or(Self::Bundle(server, place), |conn| Self::Row(server, conn))
    }

    fn token(client: &ClientFacts<'a>) -> Self {
        match client.who {
            Who::Ours(ours) => Self::Client(ours.id),
            Who::More(_) => Self::MoreClients,
            Who::Outside(server, _) => Self::Strangers(server),
        }
    }

    /// Everything in the picture that the pointer can meet.
    #[cfg(test)]
    pub fn all(scene: &Scene<'a>) -> Vec<Self> {
        let mut all = Vec::new();
        for server in &scene.facts.servers {
            let id = server.doc.id;
            all.extend([Self::Server(id), Self::Header(id), Self::Queue(id)]);
            all.extend(server.rows.iter().enumerate().map(|(n, row)| Self::row(id, n, row)));
        }
        all.extend(scene.facts.outside.iter().map(|address| Self::Outside(address)));
        all.extend(scene.facts.clients.iter().map(Self::token));
        all
    }
}

/// What the pointer and the keyboard did in this frame.
#[derive(Debug, Default)]
pub struct Touched {
    pub edges: Edges,
    /// The stack of folded clients was clicked.
    pub unfold: bool,
}

/// Lets everything be clicked; selections become actions.
pub fn touch(ui: &Ui, cx: &mut Cx<'_>, scene: &Scene<'_>, origin: Pos2, scale: f32) -> Touched {
    let place = |rect: Rect| Rect::from_min_max(origin + rect.min.to_vec2() * scale, origin + rect.max.to_vec2() * scale);
    let base = ui.scope_id();
    let mut touched = Touched::default();
    for (card, server) in scene.cards.iter().zip(&scene.facts.servers) {
        let id = server.doc.id;
        let chosen = cx.selection.endpoint() == Some(server.doc.id);
        let name = server_name(cx.text, server);
        let response = thing(ui, place(card.rect), base.with(Thing::Server(id)), chosen, &name);
        touched.edges.see(&response, radius::CARD);
        if response.clicked() {
            cx.act(Action::Select(Selection::Endpoint(server.doc.id)));
        }
        // The card's own tooltip hangs on its header: over the whole card it would stand in the way.
        // A long failure may be cut: its words have the tooltip too.
        let place_of_tip = card.note.filter(|_| server.failure().is_some()).map_or(card.header, |note| card.header.union(note));
        tip(ui, place(place_of_tip), base.with(Thing::Header(id)), || {
            let (address, state) = (words::address(server, false), words::state(cx.text, server));
            let state = server.failure().map_or(state, |why| failure_words::failure(cx.text, why));
            tr!(cx.text, "stage-tip-server", name = server.doc.name.as_str(), address = address, state = state)
        });
        if let Some(queue) = &card.queue {
            tip(ui, place(queue.words.union(queue.bar)), base.with(Thing::Queue(id)), || queue_tip(cx.text, server));
        }
        for (n, (row_place, row)) in card.rows.iter().zip(&server.rows).enumerate() {
            let (words, tip) = row_words(cx, server, row);
            let id = base.with(Thing::row(server.doc.id, n, row));
            let chosen = row.conn.is_some() && cx.selection.conn() == row.conn;
            let response = thing(ui, place(row_place.rect), id, chosen, &words).on_hover_text(tip);
            touched.edges.see(&response, radius::CHIP);
            if response.clicked() {
                cx.act(Action::Select(match row.conn {
                    Some(conn) => Selection::Conn(server.doc.id, conn),
                    None => Selection::Endpoint(server.doc.id),
                }));
            }
        }
    }
    for (rect, address) in scene.outside.iter().zip(&scene.facts.outside) {
        tip(ui, place(*rect), base.with(Thing::Outside(address)), || tr!(cx.text, "stage-tip-outside", address = *address));
    }
    for (token, client) in scene.tokens.iter().zip(&scene.facts.clients) {
        let circle = Rect::from_center_size(token.center, vec2(2.0 * TOKEN + 6.0, 2.0 * TOKEN + 6.0));
        let (name, words) = (words::client_name(cx.text, client), words::client(cx.text, client));
        let label = format!("{name}, {words}");
        let id = base.with(Thing::token(client));
        let (chosen, tip) = match client.who {
            Who::Ours(ours) => {
                let tip = tr!(cx.text, "stage-tip-client", name = ours.name.as_str(), words = words);
                (cx.selection.endpoint() == Some(ours.id), tip)
            }
            Who::More(_) => (false, tr!(cx.text, "stage-tip-more")),
            Who::Outside(_, address) => (false, tr!(cx.text, "stage-tip-outside", address = address)),
        };
        let response = thing(ui, place(circle.union(token.name)), id, chosen, &label).on_hover_text(tip);
        touched.edges.see(&response, radius::CHIP);
        if response.clicked() {
            match client.who {
                Who::Ours(ours) => cx.act(Action::Select(Selection::Endpoint(ours.id))),
                Who::More(_) => touched.unfold = true,
                Who::Outside(server, _) => cx.act(Action::Select(Selection::Endpoint(server))),
            }
        }
    }
    touched
}

fn thing(ui: &Ui, rect: Rect, id: Id, chosen: bool, name: &str) -> Response {
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, name));
    response
}

fn tip(ui: &Ui, rect: Rect, id: Id, words: impl FnOnce() -> String) {
    let response = ui.interact(rect, id, Sense::hover());
    if response.hovered() {
        response.on_hover_text(words());
    }
}

fn server_name(text: &Text, server: &ServerFacts<'_>) -> String {
    let mut name = format!("{}, {}, {}", server.doc.name, words::address(server, false), words::state(text, server));
    if server.session.is_some_and(|s| s.queue.is_some()) && server.running() {
        name.push_str(", ");
        name.push_str(&words::waiting(text, server));
    }
    name
}

fn queue_tip(text: &Text, server: &ServerFacts<'_>) -> String {
    let source = match server.session.and_then(|s| s.queue).map(|q| q.source) {
        Some(Source::Measured(source)) => tr!(text, "stage-tip-measured", source = source),
        Some(Source::Derived(source)) => tr!(text, "stage-tip-derived", source = source),
        None => String::new(),
    };
    format!("{}\n{source}", text.get("stage-tip-queue"))
}

/// A row's name for screen readers, and its tooltip.
fn row_words(cx: &Cx<'_>, server: &ServerFacts<'_>, row: &Row) -> (String, String) {
    let says = words::row(cx.text, row, cx.snap.at);
    let peer = row
        .conn
        .and_then(|id| server.session.and_then(|s| s.connections.iter().find(|c| c.info.id == id)))
        .map(|c| c.info.other_end.get().map_or(&*c.info.peer, |end| &*end.2))
        .unwrap_or(&server.doc.name);
    let level = |bytes: Option<u64>| bytes.map_or_else(|| tr!(cx.text, "stage-untold"), format::bytes);
    let fd = words::fd(row);
    let tip = tr!(
        cx.text,
        "stage-tip-row",
        fd = fd.as_str(),
        peer = peer,
        words = says.as_str(),
        unread = level(row.unread),
        unsent = level(row.unsent)
    );
    (format!("{fd}, {peer}, {says}"), tip)
}
