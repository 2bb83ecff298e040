//! The picture on a card of the gallery: the lab itself in small, with the shapes of the stage. Who connects to whom, how many, and over
//! what.

use eframe::egui::{Align2, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

use crate::lab::{Client, Lab, Server, Target, Transport};
use crate::ui::theme::{Theme, Type};
use crate::ui::widget::shapes::{self, Standing, TokenLook};

/// Servers and clients that are drawn; more are a stack.
const SERVERS: usize = 3;
const CLIENTS: usize = 4;
const SERVER: f32 = 26.0;
const CLIENT: f32 = 10.0;

/// Draws it into `rect`.
pub(super) fn lab(painter: &Painter, theme: &Theme, rect: Rect, lab: &Lab) {
    let c = &theme.colors;
    painter.rect_filled(rect, 6.0, c.stage);
    // A stack rises above its own row.
    let rows = rect.shrink2(vec2(0.0, 3.0)).with_min_y(rect.top() + 6.0);
    let place =
        |at: usize, of: usize, x: f32| pos2(rows.left() + rows.width() * x, rows.top() + rows.height() * (at as f32 + 0.5) / of as f32);
    let servers: Vec<&Server> = lab.servers.iter().take(SERVERS).collect();
    let clients: Vec<&Client> = lab.clients.iter().take(CLIENTS).collect();
    // A server that nobody is for stands in the middle of its side all the same.
    let server_at = |at: usize| place(at, servers.len(), 0.62);
    for (at, client) in clients.iter().enumerate() {
        let from = place(at, clients.len(), 0.2);
        let named = match &client.target {
            Target::Server(name) => servers.iter().position(|server| server.name == *name),
            Target::Address(_) | Target::Pair => None,
        };
        match named {
            // Both ends of a pair are its own.
            None if client.target == Target::Pair => {
                let other = pos2(rect.left() + rect.width() * 0.5, from.y);
                line(painter, theme, from, other, client.transport);
                shapes::client(painter, theme, other, CLIENT, TokenLook::Filled, "");
            }
            Some(server) => line(painter, theme, from, server_at(server), client.transport),
            // To an address: the line ends in the open.
            None => line(painter, theme, from, pos2(rect.left() + rect.width() * 0.5, from.y), client.transport),
        }
        let (look, number) = match client.connections {
            0 => (TokenLook::Hollow, String::new()),
            1 => (TokenLook::Filled, (at + 1).to_string()),
            n => (TokenLook::Stacked, n.to_string()),
        };
        shapes::client(painter, theme, from, CLIENT, look, &number);
    }
    if lab.clients.len() > CLIENTS {
        let at = pos2(rect.left() + 8.0, rect.bottom() - 9.0);
        painter.text(at, Align2::LEFT_CENTER, format!("+{}", lab.clients.len() - CLIENTS), Type::Data.at(11.5), c.text_2);
    }
    for (at, server) in servers.iter().enumerate() {
        let center = server_at(at);
        shapes::server(painter, theme, center, SERVER, Standing::Runs);
        let words = pos2(center.x + SERVER * 0.5 + 6.0, center.y);
        let painter = painter.with_clip_rect(rect.shrink(4.0));
        painter.text(words, Align2::LEFT_CENTER, &server.model, Type::Data.at(11.5), c.text_2);
    }
}

/// TCP is a line, UDP single datagrams, a Unix socket stays in the machine: double.
fn line(painter: &Painter, theme: &Theme, from: Pos2, to: Pos2, transport: Transport) {
    let stroke = Stroke::new(1.5, theme.colors.line_strong);
    let way = (to - from).normalized();
    let (from, to) = (from + way * CLIENT, to - way * (SERVER * 0.5));
    match transport {
        Transport::Tcp => drop(painter.line_segment([from, to], stroke)),
        Transport::Udp => drop(painter.add(Shape::dashed_line(&[from, to], stroke, 5.0, 4.0))),
        Transport::UnixStream | Transport::UnixDgram => {
            let aside = vec2(-way.y, way.x) * 2.0;
            for side in [aside, -aside] {
                if transport == Transport::UnixStream {
                    painter.line_segment([from + side, to + side], stroke);
                } else {
                    painter.add(Shape::dashed_line(&[from + side, to + side], stroke, 5.0, 4.0));
                }
            }
        }
    }
}
