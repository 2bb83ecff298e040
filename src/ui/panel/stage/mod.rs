//! The Stage: the picture of the running lab, client → queue → descriptor → thread.
//!
//! A function of the snapshot. What it keeps itself is view state: the scale, the unfolded crowd, marks under way.

mod card;
mod card_place;
mod client;
pub(super) mod edges;
mod fare;
mod gather;
mod join;
mod lane;
mod layout;
mod motion;
mod moves;
pub(super) mod pen;
mod rows;
mod token_place;
mod touch;
mod words;

#[cfg(test)]
mod tests;

use eframe::egui::{Align2, Response, Role, ScrollArea, Sense, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use super::{Panel, insight};
use crate::lab::Transport;
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::{Action, Cx, UiCommand};
pub(super) use gather::target_server;
use layout::{MIN_WIDTH, Scene, layout, place};
use motion::Motion;
use moves::Moves;
use pen::Pen;

/// Scales that a fitted picture may have.
const LARGER: [f32; 6] = [1.1, 1.2, 1.3, 1.4, 1.5, 1.6];
const SMALLER: [f32; 3] = [0.95, 0.9, 0.85];

/// Its view state.
#[derive(Debug)]
pub struct Stage {
    fit: bool,
    all_clients: bool,
    motion: Motion,
    moves: Moves,
}

impl Stage {
    /// A fitted picture.
    pub fn new() -> Self {
        Self { fit: true, all_clients: false, motion: Motion::default(), moves: Moves::default() }
    }
}

impl Panel for Stage {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (label, tip) = (tr!(cx.text, "stage-fit"), tr!(cx.text, "stage-fit-tip"));
        let icon = eframe::egui::RichText::new(icons::CORNERS_OUT).font(icons::font(size::ICON));
        let button = eframe::egui::Button::selectable(self.fit, (icon, label.clone()));
        let response = ui.add(button).on_hover_text(tip);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, self.fit, &label));
        if response.clicked() {
            self.fit = !self.fit;
        }
        if self.all_clients {
            let (label, tip) = (tr!(cx.text, "stage-fold"), tr!(cx.text, "stage-fold-tip"));
            if ui.button(label).on_hover_text(tip).clicked() {
                self.all_clients = false;
            }
        }
        let words = tr!(cx.text, "stage-summary", servers = cx.lab.servers.len(), clients = cx.lab.clients.len());
        ui.label(eframe::egui::RichText::new(words).font(Type::Body.font()).color(cx.theme.colors.text_3));
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.painter().rect_filled(ui.max_rect(), 0.0, cx.theme.colors.stage);
        if cx.lab.servers.is_empty() && cx.lab.clients.is_empty() {
            empty(ui, cx);
            return;
        }
        insight::strip_ui(ui, cx);
        let room = ui.available_size();
        let (mut scene, scale) = self.fitted(cx, room);
        let now_s = ui.input(|i| i.time);
        self.motion.update(&scene.facts, cx.snap.seq, now_s, cx.still);
        self.moves.update(&scene, cx.snap, scale, self.all_clients, now_s, cx.still);
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            let (rect, _) = ui.allocate_exact_size((scene.size * scale).max(ui.available_size() - Vec2::splat(1.0)), Sense::hover());
            let touched = touch::touch(ui, cx, &scene, rect.min, scale);
            if touched.unfold {
                self.all_clients = true;
            }
            let pen = Pen {
                painter: ui.painter(),
                theme: cx.theme,
                text: cx.text,
                origin: rect.min,
                scale,
                selection: cx.selection,
                now: cx.snap.at,
            };
            // What can be clicked is where it belongs already; what is seen follows.
            self.moves.apply(&mut scene, now_s);
            paint(&pen, &scene, &self.motion, now_s);
            self.moves.extras(now_s).for_each(|extra| client::paint_extra(&pen, extra));
            touched.edges.paint(&pen, StrokeKind::Inside);
        });
        let marks = self.motion.moving().then_some(0.016);
        if let Some(due) = marks.into_iter().chain(self.moves.next_frame(now_s)).reduce(f64::min) {
            ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(due));
        }
    }
}

impl Stage {
    /// The picture and its scale: the largest at which all of it fits. Words never get under 13 px, so that it shrinks only
    /// as far as they still have room between the lines.
    fn fitted<'a>(&self, cx: &Cx<'a>, room: Vec2) -> (Scene<'a>, f32) {
        let scene = layout(cx.snap, cx.lab, cx.selection, room.x, self.all_clients);
        if !self.fit {
            return (scene, 1.0);
        }
        let fits = |scene: &Scene<'_>, scale: f32| scene.size.x * scale <= room.x + 0.5 && scene.size.y * scale <= room.y + 0.5;
        let larger = fits(&scene, 1.0);
        // In steps, so that a row more or less does not make the whole picture breathe.
        let scales = if larger { &LARGER[..] } else { &SMALLER[..] };
        let (mut best, mut scale) = (scene, 1.0);
        for &wanted in scales {
            if larger && room.x / wanted < MIN_WIDTH * 1.1 {
                break;
            }
            let next = place(std::mem::take(&mut best.facts), room.x / wanted);
            let good = fits(&next, wanted);
            if larger && !good {
                best = place(next.facts, room.x / scale);
                break;
            }
            (best, scale) = (next, wanted);
            if !larger && good {
                break;
            }
        }
        (best, scale)
    }
}

fn paint(pen: &Pen<'_>, scene: &Scene<'_>, motion: &Motion, now_s: f64) {
    for (card, server) in scene.cards.iter().zip(&scene.facts.servers) {
        card::paint_card(pen, card, server);
    }
    for (rect, address) in scene.outside.iter().zip(&scene.facts.outside) {
        client::paint_outside(pen, *rect, address);
    }
    // Lines lie over the cards' edges: they reach in to the chip they belong to.
    for (curve, link) in scene.curves.iter().zip(&scene.facts.links) {
        client::paint_curve(pen, curve, link);
    }
    for n in 0..scene.curves.len() {
        client::paint_end(pen, &scene.curves[n], &scene.facts.links[n]);
    }
    let mut words = Vec::with_capacity(2 * scene.tokens.len());
    for (token, facts) in scene.tokens.iter().zip(&scene.facts.clients) {
        words.extend(client::paint_token(pen, token, facts));
    }
    for n in 0..scene.curves.len() {
        for (part, up) in motion.on(&scene.facts, n, now_s) {
            client::paint_mark(pen, &scene.curves[n], part, up, &words);
        }
    }
}

/// One sentence what to do, and the button for it.
fn empty(ui: &mut Ui, cx: &mut Cx<'_>) {
    let center = ui.max_rect().center();
    let words = cx.text.get("stage-empty").into_owned();
    let color = cx.theme.colors.text_2;
    ui.painter().text(center - vec2(0.0, space::L), Align2::CENTER_CENTER, &words, Type::Body.font(), color);
    let label = cx.text.get("stage-empty-add").into_owned();
    let rect = eframe::egui::Rect::from_center_size(center + vec2(0.0, space::L), vec2(180.0, size::CONTROL));
    let ink = eframe::egui::RichText::new(label).font(Type::Strong.font()).color(cx.theme.colors.on_accent);
    let button: Response = ui.put(rect, eframe::egui::Button::new(ink).fill(cx.theme.colors.accent));
    if button.on_hover_text(tr!(cx.text, "stage-empty-add-tip")).clicked() {
        cx.act(Action::Ui(UiCommand::AddServer(Transport::Tcp)));
    }
}
