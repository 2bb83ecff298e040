//! Paints what stands left of the cards: tokens with their words, lines, marks under way; and outside addresses.

use eframe::egui::{Align, Pos2, Rect, Stroke, pos2, vec2};

use super::gather::{ALONE, ClientFacts, End, Link, Mood, Who};
use super::layout::{Curve, SLOT, TOKEN, Token};
use super::moves::Extra;
use super::pen::Pen;
use super::words;
use crate::lab::Target;
use crate::tr;
use crate::ui::theme::{Type, radius, space};
use crate::ui::widget::shapes::{self, Tip, TokenLook};
use crate::ui::widget::{format, paint};

/// A line: grey idle, client colour while bytes move, thick for a bundle, dotted for datagrams, dashed before it is one.
pub fn paint_curve(pen: &Pen<'_>, curve: &Curve, link: &Link) {
    let colors = &pen.theme.colors;
    let queued = matches!(link.to, End::Queue(_)) && !link.tentative;
    let lively = link.moving || queued;
    let color = if lively { colors.client.text } else { colors.line_strong };
    let width = match (link.count > 1, link.moving) {
        (true, _) => 4.0,
        (false, true) => 2.0,
        (false, false) => 1.5,
    };
    let stroke = Stroke::new(width, color);
    let points: Vec<_> = curve.points().map(|p| pen.pos(p)).collect();
    if link.tentative {
        paint::dashed(pen.painter, &points, stroke, 4.0, 3.0);
    } else if link.datagrams {
        paint::dashed(pen.painter, &points, Stroke::new(width.min(2.0), color), 2.0, 6.0);
    } else {
        pen.painter.line(points, stroke);
    }
}

/// What stands over the cards at a line's end: the arrow into a queue.
pub fn paint_end(pen: &Pen<'_>, curve: &Curve, link: &Link) {
    if matches!(link.to, End::Queue(_)) {
        let at = pen.pos(curve.to + vec2(1.0, 0.0));
        shapes::triangle(pen.painter, at, 8.0 * pen.scale, Tip::Right, pen.theme.colors.client);
    }
}

/// Bytes on their way; not where words stand.
pub fn paint_mark(pen: &Pen<'_>, curve: &Curve, part: f32, up: bool, words: &[Rect]) {
    let (tip, colors, off) = if up { (Tip::Right, pen.theme.colors.received, -4.5) } else { (Tip::Left, pen.theme.colors.sent, 3.0) };
    let at = curve.at(part) + vec2(0.0, off);
    if words.iter().any(|w| w.intersects(Rect::from_center_size(at, vec2(11.0, 9.0)))) {
        return;
    }
    shapes::triangle(pen.painter, pen.pos(at), 9.0 * pen.scale, tip, colors);
}

/// A token and its words. Answers where the name and the words below it stand.
pub fn paint_token(pen: &Pen<'_>, token: &Token, client: &ClientFacts<'_>) -> [Rect; 2] {
    let colors = &pen.theme.colors;
    let (look, number) = match client.who {
        Who::Ours(_) if !client.mood.connected() => (TokenLook::Hollow, client.number.to_string()),
        // A few connections keep the client's own number, which also stands in the queue; a load shows how many it is.
        Who::Ours(_) if (2..=ALONE).contains(&client.conns) => (TokenLook::Stacked, client.number.to_string()),
        Who::Ours(_) if client.conns > ALONE => (TokenLook::Stacked, short(client.conns)),
        Who::Ours(_) => (TokenLook::Filled, client.number.to_string()),
        Who::More(n) => (TokenLook::Stacked, n.to_string()),
        Who::Outside(..) if client.conns > 1 => (TokenLook::Outside, client.conns.to_string()),
        Who::Outside(..) => (TokenLook::Outside, String::new()),
    };
    let center = pen.pos(token.center);
    if let Who::Ours(ours) = client.who
        && pen.selection.endpoint() == Some(ours.id)
    {
        pen.painter.circle_stroke(center, (TOKEN + 3.0) * pen.scale, Stroke::new(2.0, colors.accent));
    }
    shapes::client(pen.painter, pen.theme, center, TOKEN * pen.scale, look, &number);
    if matches!(client.who, Who::Ours(ours) if ours.target == Target::Pair) && client.mood.connected() {
        paint_loop(pen, token.center);
    }
    let name = words::client_name(pen.text, client);
    let named = pen.words(token.name, Align::Min, Type::Strong, 14.0, colors.text_1, &name);
    if let Mood::Parted(shares) = client.mood {
        // Also while bytes move, which the lines show: why the others do not is said nowhere else.
        let text = pen.fitting(token.words, Type::Body, 13.0, words::shares_forms(pen.text, &shares));
        let color = if shares.lost() > 0 { colors.error.text } else { colors.text_2 };
        return [named, pen.words(token.words, Align::Min, Type::Body, 13.0, color, &text)];
    }
    if client.rx_rate + client.tx_rate >= 1.0 && client.mood.connected() {
        return [named, rates(pen, token.words, client)];
    }
    let text = if let Mood::Failed(failure) = client.mood {
        pen.fitting(token.words, Type::Body, 13.0, words::failed_forms(pen.text, failure))
    } else {
        words::client(pen.text, client)
    };
    let (style, color) = match client.mood {
        Mood::Failed(_) => (Type::Body, colors.error.text),
        Mood::Open(Some(_)) => (Type::Data, colors.text_3),
        Mood::NotStarted
        | Mood::Connecting
        | Mood::Waiting
        | Mood::Open(None)
        | Mood::PeerEnded
        | Mood::Retry(_)
        | Mood::Ended(_)
        | Mood::Parted(_)
        | Mood::Mixed => (Type::Body, colors.text_2),
    };
    [named, pen.words(token.words, Align::Min, style, 13.0, color, &text)]
}

/// A line with two ends that leads back to the token: both ends of a socketpair are this client's.
fn paint_loop(pen: &Pen<'_>, center: Pos2) {
    let ink = pen.theme.colors.line_strong;
    let ends = [-9.0, 9.0].map(|y: f32| center + vec2(-(TOKEN * TOKEN - y * y).sqrt(), y));
    let points: Vec<Pos2> = (0..=16)
        .map(|n| {
            let along = n as f32 / 16.0;
            let out = (1.0 - (2.0 * along - 1.0).powi(2)) * 12.0;
            pen.pos(ends[0] + (ends[1] - ends[0]) * along - vec2(out, 0.0))
        })
        .collect();
    pen.painter.line(points, Stroke::new(1.5 * pen.scale, ink));
    for end in ends {
        pen.painter.circle_filled(pen.pos(end), 3.0 * pen.scale, ink);
    }
}

/// A token that left its place: accepted a moment ago, or the ghost of one that moved.
pub fn paint_extra(pen: &Pen<'_>, extra: Extra) {
    let look = if extra.ghost { TokenLook::Hollow } else { TokenLook::Filled };
    let r = if extra.small { SLOT * 0.38 } else { TOKEN };
    shapes::client(pen.painter, pen.theme, pen.pos(extra.at), r * pen.scale, look, &extra.number.to_string());
}

/// A count that fits a token.
fn short(n: usize) -> String {
    if n < 1_000 { n.to_string() } else { format!("{}k", n / 1_000) }
}

/// What a client sends (towards the server: received there) and what comes back.
fn rates(pen: &Pen<'_>, place: Rect, client: &ClientFacts<'_>) -> Rect {
    let colors = &pen.theme.colors;
    let mut x = place.left();
    for (tip, role, rate) in [(Tip::Right, colors.received, client.tx_rate), (Tip::Left, colors.sent, client.rx_rate)] {
        if x + 82.0 > place.right() + 8.0 {
            break;
        }
        shapes::triangle(pen.painter, pen.pos(pos2(x + 4.0, place.center().y)), 8.0 * pen.scale, tip, role);
        let room = place.with_min_x(x + 12.0);
        let text = pen.words(room, Align::Min, Type::Data, 13.0, role.text, &format::byte_rate(rate));
        x = text.right() + space::S;
    }
    place.with_max_x(x - space::S)
}

/// An address outside this lab.
pub fn paint_outside(pen: &Pen<'_>, rect: Rect, address: &str) {
    let colors = &pen.theme.colors;
    let on_screen = pen.rect(rect);
    pen.painter.rect_filled(on_screen, radius::CARD, colors.panel);
    paint::dashed_rect(pen.painter, on_screen, radius::CARD, Stroke::new(1.0, colors.line_strong));
    let (top, bottom) = rect.shrink2(vec2(14.0, 7.0)).split_top_bottom_at_fraction(0.5);
    pen.words(top, Align::Min, Type::Strong, 13.0, colors.text_1, &tr!(pen.text, "stage-outside-program"));
    pen.words(bottom, Align::Min, Type::Data, 13.0, colors.text_2, address);
}
