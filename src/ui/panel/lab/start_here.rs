//! A small card for the first minute: lesson 1, the gallery, or an empty lab. It goes as soon as something runs, or when it is put away.

use eframe::egui::{Frame, Margin, Rect, Stroke, Ui, UiBuilder, vec2};

use crate::lab::Lab;
use crate::tr;
use crate::ui::theme::{Type, icons, radius, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::words;
use crate::ui::{Action, Cx, UiCommand};

/// Its room at the foot of the panel.
const HEIGHT: f32 = 168.0;
/// A lower panel, or a longer list, has no room for it.
const LEAST: f32 = 380.0;
const MOST: usize = 3;

/// Whether there is something to start with: nothing ran yet, and the lab is the one of the first start or empty.
fn is_wanted(cx: &Cx<'_>, room: Rect) -> bool {
    let count = cx.lab.servers.len() + cx.lab.clients.len();
    let is_first = count == 0 || (cx.lab.name == Lab::STARTER && count <= MOST);
    is_first && cx.snap.sessions.is_empty() && room.height() >= LEAST
}

/// Draws it at the foot of `room`; false when the person put it away.
pub(super) fn ui(ui: &mut Ui, cx: &mut Cx<'_>, room: Rect) -> bool {
    if !is_wanted(cx, room) {
        return true;
    }
    let mut stays = true;
    let c = &cx.theme.colors;
    let place = Rect::from_min_max(room.left_bottom() - vec2(0.0, HEIGHT), room.max).shrink(space::S);
    let frame = Frame::new().fill(c.raised).stroke(Stroke::new(1.0, c.line_control)).corner_radius(radius::CARD);
    ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
        frame.inner_margin(Margin::same(10)).show(ui, |ui| {
            ui.set_width(place.width() - 20.0);
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.horizontal(|ui| {
                ui.label(words(tr!(cx.text, "start-here"), Type::Strong, c.text_1));
                ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
                    let (name, tip) = (tr!(cx.text, "start-here-hide"), tr!(cx.text, "start-here-hide-tip"));
                    stays = !ButtonSpec::bare(icons::X, &name, &tip).show(ui, cx.theme).clicked();
                });
            });
            for (key, command, look) in [
                ("start-here-lesson", UiCommand::FirstLesson, Look::Primary),
                ("start-here-gallery", UiCommand::Gallery, Look::Plain),
                ("start-here-empty", UiCommand::NewLab, Look::Plain),
            ] {
                let (name, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{}-tip", command.key())));
                if (ButtonSpec { look, ..ButtonSpec::new(&name, &tip) }).show(ui, cx.theme).clicked() {
                    cx.actions.push(Action::Ui(command));
                }
            }
        });
    });
    stays
}
