//! The backlog theatre: the road from a client's SYN through the kernel's queues to `accept`, drawn to be read from the back
//! row. A function of the snapshot; it keeps only what is on its way and asks only for selections and starts.

mod empty;
#[cfg(test)]
pub(super) mod fake;
pub(super) mod gather;
mod head;
mod kernel;
mod layout;
mod moves;
mod outside;
mod slots;
mod till;
mod touch;
pub mod unnamed;
mod voice;
pub(super) mod words;

#[cfg(test)]
mod tests;

use std::time::Duration;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2};

use super::stage::pen::Pen;
use super::{Panel, PanelDef, Topic};
use crate::engine::{SessionState, Source};
use crate::ui::Cx;
use crate::ui::theme::Type;
use crate::ui::widget::shapes;
use layout::{Look, Scene, Token};
use moves::Moves;
use shapes::TokenLook;

/// Its line in the list of panels.
pub const DEF: PanelDef = PanelDef { id: "backlog", topic: Topic::Backlog, title: "backlog-title", make: || Box::new(Backlog::default()) };

/// Its view state.
#[derive(Debug, Default)]
pub struct Backlog {
    moves: Moves,
}

impl Panel for Backlog {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        head::ui(ui, cx);
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.painter().rect_filled(ui.max_rect(), 0.0, cx.theme.colors.stage);
        let (snap, lab) = (cx.snap, cx.lab);
        let Some(doc) = gather::subject(lab, snap, cx.selection) else { return empty::no_server_ui(ui, cx) };
        if !doc.transport.is_stream() {
            return empty::datagram_ui(ui, cx, doc);
        }
        let session = snap.session(doc.id).map(|s| &**s);
        if session.is_none_or(|s| s.state != SessionState::Running) {
            return empty::stopped_ui(ui, cx, doc, session);
        }
        let (scale, size) = layout::fit(ui.available_size());
        let mut scene = layout::place(gather::facts(snap, lab, doc), size);
        let now_s = ui.input(|i| i.time);
        self.moves.update(&scene, snap.seq, scale, now_s, cx.still);
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            let room = (scene.size * scale).max(ui.available_size() - Vec2::splat(1.0));
            let (rect, _) = ui.allocate_exact_size(room, Sense::hover());
            let origin = rect.min;
            let on_screen = move |r: Rect| Rect::from_min_max(origin + r.min.to_vec2() * scale, origin + r.max.to_vec2() * scale);
            let touched = touch::touch(ui, cx, &scene, on_screen);
            let pen = Pen {
                painter: &ui.painter().clone(),
                theme: cx.theme,
                text: cx.text,
                origin,
                scale,
                selection: cx.selection,
                now: snap.at,
            };
            // What can be clicked is where it belongs already; what is seen follows.
            self.moves.apply(&mut scene, now_s);
            paint_all(&pen, &scene);
            for (at, r) in self.moves.ghosts() {
                shapes::client(pen.painter, pen.theme, pen.pos(at), r * scale, TokenLook::Hollow, "");
            }
            touched.paint(&pen, StrokeKind::Outside);
            if scene.facts.deserted() {
                empty::nobody_ui(
                    ui,
                    cx,
                    &scene.facts,
                    on_screen(scene.outside.shrink2(Vec2::new(0.0, 14.0)).with_max_x(scene.outside.right() - 16.0)),
                );
            }
        });
        if let Some(due) = self.moves.next_frame(now_s) {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(due));
        }
    }
}

fn paint_all(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    paint_sentence(pen, scene);
    let facts = &scene.facts;
    let outside = if facts.unix() { "backlog-outside-title-unix" } else { "backlog-outside-title" };
    let lines = [outside::head_words(pen.text, scene), words::taken(facts, pen.text), words::pace(pen.text, facts.pace)];
    let marks = [outside::measured(scene), Some(matches!(facts.queue.source, Source::Measured(_))), None];
    for (n, key) in [outside, "backlog-kernel-title", "backlog-server-title"].into_iter().enumerate() {
        let (title, line) = scene.heads[n];
        pen.words(title, Align::Min, Type::Strong, 15.0, colors.text_1, pen.text.get(key).as_ref());
        let full = n == 1 && facts.full();
        let (style, ink) = if full { (Type::Strong, colors.error.text) } else { (Type::Body, colors.text_2) };
        let place = pen.words(line, Align::Min, style, 13.0, ink, &lines[n]);
        if let Some(measured) = marks[n] {
            outside::mark(pen, place, measured);
        }
    }
    for row in &scene.rows {
        outside::paint_row(pen, scene, row);
    }
    for more in &scene.more {
        outside::paint_more(pen, scene, more);
    }
    kernel::paint_kernel(pen, scene);
    till::paint_server(pen, scene);
    for token in &scene.tokens {
        paint_token(pen, token);
    }
}

/// The sentence as large as it fits, and up to two lines below it.
fn paint_sentence(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    let says = voice::sentence(pen.text, &scene.facts);
    let room = pen.rect(scene.sentence).width();
    let fits = |size: f32| {
        let font = Type::Sentence.at(size * pen.scale);
        pen.painter.layout_no_wrap(says.clone(), font, colors.text_1).size().x <= room
    };
    let size = [22.0, 21.0, 20.0, 19.0, 18.0].into_iter().find(|size| fits(*size)).unwrap_or(17.0);
    pen.words(scene.sentence, Align::Min, Type::Sentence, size, colors.text_1, &says);
    // Two lines stand closer, so that the heads of the columns keep their distance.
    let tight = pen.rect(scene.details.translate(eframe::egui::vec2(0.0, -2.0)));
    let place = pen.rect(scene.details);
    let font = Type::Body.at((14.0 * pen.scale).max(13.0));
    let layout = |line_height: f32| {
        let format = TextFormat { font_id: font.clone(), color: colors.text_2, line_height: Some(line_height), ..TextFormat::default() };
        let mut job = LayoutJob::single_section(voice::details(pen.text, &scene.facts), format);
        job.wrap.max_width = place.width();
        job.wrap.max_rows = 2;
        pen.painter.layout_job(job)
    };
    match layout(18.0 * pen.scale) {
        one if one.rows.len() < 2 => pen.painter.galley(place.min, one, colors.text_2),
        _two => pen.painter.galley(tight.min, layout((16.5 * pen.scale).max(15.0)), colors.text_2),
    }
}

fn paint_token(pen: &Pen<'_>, token: &Token<'_>) {
    let colors = &pen.theme.colors;
    let (at, r) = (pen.pos(token.center), token.r * pen.scale);
    let number = token.guest.as_ref().map(words::number).unwrap_or_default();
    match token.look {
        Look::Token(look) => {
            if matches!(look, TokenLook::Hollow | TokenLook::Failed) {
                // What lies below must not show through where it is on its way.
                pen.painter.circle_filled(at, r, colors.stage);
            }
            shapes::client(pen.painter, pen.theme, at, r, look, &number);
        }
        Look::Done => {
            pen.painter.circle(at, r, colors.line, Stroke::new(1.0, colors.line_strong));
            let size = (r * 1.04).min(r * 2.35 / number.chars().count().max(1) as f32).max(7.0);
            let font = Type::Strong.at(size);
            pen.painter.text(at, eframe::egui::Align2::CENTER_CENTER, number, font, colors.text_2);
        }
    }
    if token.guest.is_some_and(|g| pen.selection.conn() == Some(g.view.info.id)) {
        pen.painter.circle_stroke(at, r + 3.0, Stroke::new(2.0, colors.accent));
    }
}
