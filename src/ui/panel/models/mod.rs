//! The large model switch: every model in its group, the one in force, and what it does, for one server. Choosing asks for
//! an edit and, when the server runs, for a restart; nothing here starts anything by itself.

pub(in crate::ui) mod choice;

#[cfg(test)]
mod tests;

use eframe::egui::{Align, Align2, CornerRadius, Label, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::stepper::subject;
use super::{Panel, insight};
use crate::engine::catalog::{self, ModelInfo};
use crate::insight::Insight;
use crate::lab::Server;
use crate::tr;
use crate::ui::theme::{Type, radius, space};
use crate::ui::widget::controls::{combo as combo_box, focus_ring, words};
use crate::ui::widget::paint;
use crate::ui::{Action, Cx, Selection};

/// Height of a box of the switch, and of the words above it.
const BOX: f32 = 30.0;
const HEAD: f32 = 16.0;
/// Room at both sides of a model's name, at most and at least.
const PAD: f32 = 11.0;
const LEAST_PAD: f32 = 6.0;

/// It has no view state: the selection says whose switch it is.
pub struct Models;

impl Panel for Models {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(server) = subject::server(cx.lab, cx.snap, cx.selection) else { return };
        let label = tr!(cx.text, "models-server");
        let combo = combo_box("models server").width(120.0).truncate().selected_text(&server.name).show_ui(ui, |ui| {
            for other in &cx.lab.servers {
                if ui.selectable_label(other.id == server.id, &other.name).clicked() {
                    cx.actions.push(Action::Select(Selection::Endpoint(other.id)));
                }
            }
        });
        combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &label));
        combo.response.on_hover_text(tr!(cx.text, "models-server-tip"));
        ui.label(words(label, Type::Caption, cx.theme.colors.text_3));
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(server) = subject::server(cx.lab, cx.snap, cx.selection) else {
            let (at, ink) = (ui.max_rect().center(), cx.theme.colors.text_2);
            ui.painter().text(at, Align2::CENTER_CENTER, tr!(cx.text, "models-nothing"), Type::Body.font(), ink);
            return;
        };
        let room = ui.max_rect().shrink2(vec2(space::M, space::XS));
        ui.scope_builder(eframe::egui::UiBuilder::new().max_rect(room), |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                let groups = groups(cx);
                let room = Room::of(ui, &groups);
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing = vec2(space::L, space::XS);
                    for group in &groups {
                        group_ui(ui, cx, server, group, &room);
                    }
                });
                ui.add_space(space::XS);
                // What happens stands where else it is said what would.
                match Insight::foremost(cx.insights, server.id) {
                    Some(insight) => insight::line_ui(ui, cx.theme, cx.text, insight),
                    None => {
                        ui.add(Label::new(words(choice::about(cx, server), Type::Caption, cx.theme.colors.text_2)).wrap());
                    }
                }
            });
        });
    }
}

/// The models of one group, and its head.
struct Group {
    head: String,
    models: Vec<ModelInfo>,
}

/// Those that have a model.
fn groups(cx: &Cx<'_>) -> Vec<Group> {
    let of = |(group, key)| Group { head: tr!(cx.text, key), models: catalog::models().filter(|m| m.group == group).collect() };
    choice::GROUPS.into_iter().map(of).filter(|group| !group.models.is_empty()).collect()
}

/// How generous the boxes may be for all groups to stand in one row.
struct Room {
    /// At both sides of a name.
    pad: f32,
    /// Whether a head that is longer than its boxes has room.
    heads: bool,
}

impl Room {
    fn of(ui: &Ui, groups: &[Group]) -> Self {
        let width = ui.available_width() - space::L * groups.len().saturating_sub(1) as f32 - 1.0;
        let names: f32 = groups.iter().flat_map(|g| &g.models).map(|m| words_width(ui, m.id, Type::Strong)).sum();
        let count: usize = groups.iter().map(|g| g.models.len()).sum();
        let pad = ((width - names) / (2.0 * count.max(1) as f32)).clamp(LEAST_PAD, PAD);
        let boxes = |g: &Group| g.models.iter().map(|m| words_width(ui, m.id, Type::Strong) + 2.0 * pad).sum::<f32>();
        let with_heads: f32 = groups.iter().map(|g| boxes(g).max(words_width(ui, &g.head, Type::Caption))).sum();
        Self { pad, heads: with_heads <= width }
    }
}

/// One group: its head and its models side by side in one frame.
fn group_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, Group { head, models }: &Group, room: &Room) {
    let c = &cx.theme.colors;
    let widths: Vec<f32> = models.iter().map(|model| words_width(ui, model.id, Type::Strong) + 2.0 * room.pad).collect();
    let boxes: f32 = widths.iter().sum();
    let width = if room.heads { boxes.max(words_width(ui, head, Type::Caption)) } else { boxes };
    let (place, _) = ui.allocate_exact_size(vec2(width, HEAD + BOX), Sense::hover());
    let (head_at, frame) = place.split_top_bottom_at_y(place.top() + HEAD);
    let frame = frame.with_max_x(frame.left() + boxes);
    paint::line(ui.painter(), head_at, Align::Min, head, Type::Caption.font(), c.text_3);
    ui.painter().rect_filled(frame, radius::CONTROL, c.stage);
    let mut left = frame.left();
    for (n, (model, width)) in models.iter().zip(&widths).enumerate() {
        let rect = Rect::from_min_size(pos2(left, frame.top()), vec2(*width, BOX));
        let edges = (n == 0, n + 1 == models.len());
        if model_ui(ui, cx, server, model, rect, edges) && model.id != server.model {
            choice::switch(cx, server.id, model);
        }
        if n > 0 {
            ui.painter().vline(left, rect.y_range(), Stroke::new(1.0, c.line_control));
        }
        left += width;
    }
    ui.painter().rect_stroke(frame, radius::CONTROL, Stroke::new(1.0, c.line_control), StrokeKind::Inside);
}

fn words_width(ui: &Ui, words: &str, style: Type) -> f32 {
    ui.painter().layout_no_wrap(words.to_owned(), style.font(), eframe::egui::Color32::WHITE).size().x.ceil()
}

/// One model; whether it was chosen. `edges` says at which sides the frame ends.
fn model_ui(ui: &Ui, cx: &Cx<'_>, server: &Server, model: &ModelInfo, rect: Rect, edges: (bool, bool)) -> bool {
    let c = &cx.theme.colors;
    let enabled = choice::refusal(cx.text, model, server.transport).is_none();
    let selected = model.id == server.model;
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, ui.scope_id().with(("model", model.id)), sense);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, selected, model.id));
    let side = |is| if is { radius::CONTROL as u8 } else { 0 };
    let corners = CornerRadius { nw: side(edges.0), sw: side(edges.0), ne: side(edges.1), se: side(edges.1) };
    let (ground, ink, style) = match (selected, enabled) {
        (true, _) => (Some(c.accent), c.on_accent, Type::Strong),
        (false, true) if response.hovered() => (Some(c.hover), c.text_1, Type::Body),
        (false, true) => (None, c.text_1, Type::Body),
        (false, false) => (None, c.text_disabled, Type::Body),
    };
    if let Some(ground) = ground {
        ui.painter().rect_filled(rect, corners, ground);
    }
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, model.id, style.font(), ink);
    focus_ring(ui, cx.theme, &response);
    response.on_hover_text(choice::tip(cx.text, model, server.transport)).clicked()
}
