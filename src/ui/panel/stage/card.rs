//! Paints a server's card: header, accept queue, descriptors with their buffers, threads.

use eframe::egui::{Align, Rect, Stroke, StrokeKind, pos2, vec2};

use super::card_place::capacity;
use super::gather::{Row, ServerFacts};
use super::lane::{paint_lane, window};
use super::layout::{Card, Queue, RowPlace};
use super::pen::Pen;
use super::words;
use crate::engine::{ConnState, SessionState, Source};
use crate::tr;
use crate::ui::failure_words;
use crate::ui::theme::{Type, radius, space};
use crate::ui::widget::paint;
use crate::ui::widget::shapes::{self, Standing};

/// A tank is full at this many bytes, and fills by powers of ten.
const FULL: f32 = 4_000_000.0;

/// Paints one card.
pub fn paint_card(pen: &Pen<'_>, card: &Card, server: &ServerFacts<'_>) {
    let colors = &pen.theme.colors;
    let rect = pen.rect(card.rect);
    let failed = server.session.is_some_and(|s| s.state == SessionState::Failed);
    let selected = pen.selection.endpoint() == Some(server.doc.id) && pen.selection.conn().is_none();
    pen.painter.rect_filled(rect, radius::CARD, colors.panel);
    let edge = |width: f32, color| {
        pen.painter.rect_stroke(rect, radius::CARD, Stroke::new(width, color), StrokeKind::Inside);
    };
    if selected {
        edge(2.0, colors.accent);
    } else if failed {
        edge(1.5, colors.error.text);
    } else if server.running() {
        edge(1.0, colors.line_control);
    } else {
        paint::dashed_rect(pen.painter, rect, radius::CARD, Stroke::new(1.0, colors.line_strong));
    }
    header(pen, card, server);
    if let Some(queue) = &card.queue {
        paint_queue(pen, queue, server);
    }
    if let Some(heads) = card.heads.zip(card.rows.first()) {
        let (line, row) = heads;
        let columns = [(row.chip, "stage-descriptor"), (row.receive, "stage-receive-buffer"), (row.send, "stage-send-buffer")];
        for (cell, key) in columns {
            let cell = Rect::from_x_y_ranges(cell.left()..=cell.right() + 10.0, line.y_range());
            pen.words(cell, Align::Min, Type::Body, 13.0, colors.text_3, pen.text.get(key).as_ref());
        }
    }
    for (place, row) in card.rows.iter().zip(&server.rows) {
        paint_row(pen, place, row, card.large);
    }
    note(pen, card, server);
    lanes(pen, card, server);
}

fn header(pen: &Pen<'_>, card: &Card, server: &ServerFacts<'_>) {
    let colors = &pen.theme.colors;
    let (side, name_size) = if card.large { (20.0, 18.0) } else { (18.0, 16.0) };
    let square = Rect::from_center_size(card.header.left_center() + vec2(side / 2.0, 0.0), vec2(side, side));
    shapes::server(pen.painter, pen.theme, pen.pos(square.center()), side * pen.scale, Standing::of(server.session.map(|s| s.state)));
    let mut free = card.header.with_min_x(square.right() + 10.0);
    if card.large {
        let right = free.with_min_x(free.right() - free.width() * 0.36);
        let how = pen.words(right, Align::Max, Type::Data, 13.0, colors.text_2, &words::how(server));
        free.max.x = how.left() - space::S;
        // The address can be read in the tooltip too; the name comes first.
        let room = free.with_max_x(free.left() + (free.width() * 0.5).max(free.width() - 156.0));
        let name = pen.words(room, Align::Min, Type::Title, name_size, colors.text_1, &server.doc.name);
        free.min.x = name.right() + 10.0;
        pen.words(free, Align::Min, Type::Data, 13.0, colors.text_2, &words::address(server, false));
    } else {
        // The address takes what a short name leaves; a long name takes half.
        let room = free.with_max_x(free.left() + free.width() * 0.5);
        let name = pen.words(room, Align::Min, Type::Title, name_size, colors.text_1, &server.doc.name);
        free.min.x = name.right() + space::S;
        pen.words(free, Align::Max, Type::Data, 13.0, colors.text_2, &words::address(server, true));
    }
}

fn paint_queue(pen: &Pen<'_>, queue: &Queue, server: &ServerFacts<'_>) {
    let colors = &pen.theme.colors;
    let view = server.session.and_then(|s| s.queue);
    let waiting = view.map_or(server.waiting.len(), |q| q.waiting as usize);
    let edge = Stroke::new(1.0, colors.line_control);
    if queue.places.is_empty() {
        bar(pen, queue, server, waiting);
    }
    // The front stands at the right, next to accept.
    for (n, place) in queue.places.iter().rev().enumerate() {
        let rect = pen.rect(*place);
        if n < waiting {
            pen.painter.rect(rect, radius::CHIP, colors.client.soft, Stroke::new(1.5, colors.client.text), StrokeKind::Inside);
            if n >= queue.tokens.len() {
                shapes::client(pen.painter, pen.theme, rect.center(), rect.width() * 0.38, shapes::TokenLook::Outside, "");
            }
        } else {
            pen.painter.rect(rect, radius::CHIP, colors.stage, edge, StrokeKind::Inside);
        }
    }
    // Over all places: a token may be on its way from one to the next.
    let side = queue.places.first().map_or(0.0, |p| p.width());
    for (at, waiter) in queue.tokens.iter().zip(&server.waiting).take(waiting) {
        let number = waiter.number.to_string();
        shapes::client(pen.painter, pen.theme, pen.pos(*at), side * 0.38 * pen.scale, shapes::TokenLook::Filled, &number);
    }
    let accept = pen.rect(queue.accept);
    let tip = pos2(accept.left() + 26.0 * pen.scale, accept.center().y);
    pen.painter.hline(accept.left()..=tip.x - 6.0, accept.center().y, Stroke::new(1.5, colors.text_2));
    let arrow = crate::ui::theme::RoleColors { text: colors.text_2, mark: colors.text_2, soft: colors.text_2 };
    shapes::triangle(pen.painter, tip - vec2(3.0, 0.0), 8.0 * pen.scale, shapes::Tip::Right, arrow);
    let word = queue.accept.with_min_x(queue.accept.left() + 34.0);
    pen.words(word, Align::Min, Type::Data, 13.0, colors.text_2, pen.text.get("stage-accept").as_ref());
    if let Some(view) = view {
        let color = if view.waiting > 0 { colors.text_1 } else { colors.text_2 };
        let text = pen.words(queue.words, Align::Max, Type::Strong, 14.0, color, &words::waiting(pen.text, server));
        let dot = pen.pos(text.left_center() - vec2(12.0, 0.0));
        shapes::certainty(pen.painter, dot, matches!(view.source, Source::Measured(_)), colors.text_2);
    }
}

/// Too many places to draw: a bar, and a line where the queue is full.
fn bar(pen: &Pen<'_>, queue: &Queue, server: &ServerFacts<'_>, waiting: usize) {
    let colors = &pen.theme.colors;
    let rect = pen.rect(queue.bar);
    pen.painter.rect(rect, radius::CHIP, colors.stage, Stroke::new(1.0, colors.line_control), StrokeKind::Inside);
    let Some(places) = capacity(server) else { return };
    // The limit stands a little inside, so that a full bar is seen to reach it.
    let full = rect.shrink2(vec2(3.0, 3.0)).with_min_x(rect.left() + rect.width() * 0.06);
    if waiting > 0 {
        let part = (waiting as f32 / places.max(1) as f32).min(1.0);
        let fill = full.with_min_x(full.right() - (full.width() * part).max(4.0));
        pen.painter.rect(fill, radius::BAR, colors.client.mark, Stroke::new(1.0, colors.client.text), StrokeKind::Inside);
    }
    let limit = Stroke::new(1.5, colors.error.text);
    paint::dashed(pen.painter, &[pos2(full.left(), rect.top() - 3.0), pos2(full.left(), rect.bottom() + 3.0)], limit, 6.0, 4.0);
    let label = queue.bar.with_min_x(queue.bar.left() + queue.bar.width() * 0.06 + 8.0);
    let words = tr!(pen.text, "stage-limit", places = places, n = places.saturating_sub(1));
    if waiting * 3 < places as usize {
        // A narrow bar says the number alone; the formula is never cut in the middle.
        let font = Type::Data.at((13.0 * pen.scale).max(13.0));
        let whole = pen.painter.layout_no_wrap(words.clone(), font, colors.text_2).size().x;
        let words = if whole <= pen.rect(label).width() { words } else { tr!(pen.text, "stage-limit-short", places = places) };
        pen.words(label, Align::Min, Type::Data, 13.0, colors.text_2, &words);
    }
}

fn paint_row(pen: &Pen<'_>, place: &RowPlace, row: &Row, large: bool) {
    let colors = &pen.theme.colors;
    let ended = row.state == ConnState::Closed;
    let selected = row.conn.is_some() && row.conn == pen.selection.conn();
    let ground = pen.rect(place.rect);
    if large && row.hot {
        pen.painter.rect_filled(ground, radius::CHIP, colors.running.soft);
    }
    let chip = pen.rect(place.chip);
    let edge = match (selected, row.hot) {
        (true, _) => Stroke::new(2.0, colors.accent),
        (false, true) => Stroke::new(1.0, colors.running.text),
        (false, false) => Stroke::new(1.0, colors.line_control),
    };
    pen.painter.rect_filled(chip, radius::CHIP, colors.stage);
    if ended {
        paint::dashed_rect(pen.painter, chip, radius::CHIP, edge);
    } else {
        pen.painter.rect_stroke(chip, radius::CHIP, edge, StrokeKind::Inside);
    }
    let ink = if ended { colors.text_3 } else { colors.text_1 };
    pen.words(place.chip.shrink2(vec2(2.0, 0.0)), Align::Center, Type::Data, 13.0, ink, &words::fd(row));
    if !large {
        return;
    }
    let level = |bytes: Option<u64>| bytes.map(|b| (1.0 + b as f32).ln() / (1.0 + FULL).ln());
    paint::tank(pen.painter, pen.theme, pen.rect(place.receive), level(row.unread).filter(|_| !ended), colors.received);
    paint::tank(pen.painter, pen.theme, pen.rect(place.send), level(row.unsent).filter(|_| !ended), colors.sent);
    let busy = row.count == 1 && row.unread.unwrap_or(0) > 0;
    let (style, ink) = if busy { (Type::Strong, colors.text_1) } else { (Type::Body, colors.text_2) };
    pen.words(place.words, Align::Min, style, 13.0, ink, &words::row(pen.text, row, pen.now));
}

fn note(pen: &Pen<'_>, card: &Card, server: &ServerFacts<'_>) {
    let Some(place) = card.note else { return };
    let colors = &pen.theme.colors;
    if let Some(failure) = server.failure() {
        let mark = pen.pos(place.left_top() + vec2(7.0, 12.0));
        let (cross, stroke) = (4.5 * pen.scale, Stroke::new(2.0, colors.error.text));
        pen.painter.line_segment([mark - vec2(cross, cross), mark + vec2(cross, cross)], stroke);
        pen.painter.line_segment([mark + vec2(-cross, cross), mark + vec2(cross, -cross)], stroke);
        let free = pen.rect(place.with_min_x(place.left() + 22.0));
        let mut job = eframe::egui::text::LayoutJob::single_section(
            failure_words::failure(pen.text, failure),
            eframe::egui::TextFormat::simple(Type::Body.at((13.0 * pen.scale).max(13.0)), colors.error.text),
        );
        job.wrap =
            eframe::egui::text::TextWrapping { max_width: free.width(), max_rows: if card.large { 3 } else { 4 }, ..Default::default() };
        let galley = pen.painter.layout_job(job);
        pen.painter.galley(free.left_top() + vec2(0.0, 2.0), galley, colors.error.text);
        return;
    }
    let key = match (server.running(), server.doc.transport.is_stream()) {
        (false, _) => "stage-press-start",
        (true, true) if server.session.is_some_and(|s| s.counters.opened > 0) => "stage-nobody-now",
        (true, true) => "stage-nobody",
        (true, false) => "stage-nobody-udp",
    };
    pen.words(place, Align::Min, Type::Body, 13.0, colors.text_2, pen.text.get(key).as_ref());
}

fn lanes(pen: &Pen<'_>, card: &Card, server: &ServerFacts<'_>) {
    let Some(session) = server.session else { return };
    let shown = &session.lanes[..session.lanes.len().min(card.lanes.len())];
    let span = window(shown, pen.now);
    if let Some(first) = card.lanes.first().filter(|_| card.large) {
        let y = pen.pos(first.name.left_top()).y - 5.0;
        let rect = pen.rect(card.rect).shrink2(vec2(1.0, 0.0));
        pen.painter.hline(rect.x_range(), y, Stroke::new(1.0, pen.theme.colors.line));
    }
    for (n, (place, lane)) in card.lanes.iter().zip(shown).enumerate() {
        paint_lane(pen, place, lane, span, n == 0, !card.large);
    }
    if let Some(place) = card.more_lanes {
        let text = words::more_lanes(pen.text, &server.more_lanes);
        pen.words(place, Align::Min, Type::Body, 13.0, pen.theme.colors.text_2, &text);
    }
    if let Some(place) = card.lanes.first().filter(|_| shown.is_empty() && server.running()) {
        pen.words(place.now, Align::Min, Type::Body, 13.0, pen.theme.colors.text_2, pen.text.get("stage-no-thread").as_ref());
    }
}
