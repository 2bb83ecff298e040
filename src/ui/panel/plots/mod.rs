//! Plots: connections, throughput and messages over one time axis, from the snapshot's history.
//!
//! It keeps view state only: range, source, pause, zoom. The right edge is the snapshot's moment, so that Freeze freezes.

mod chart;
mod controls;
mod figures;
mod scale;
mod series;
mod window;

#[cfg(test)]
mod tests;

use eframe::egui::{Align2, PointerButton, Rect, Response, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotPoint;

use super::Panel;
use crate::engine::{LogView, Sample};
use crate::lab::EndpointId;
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, radius, space};
use crate::ui::widget::controls::{focus_ring, sentence};
use chart::{Chart, Curve};
use figures::{Show, join, look};
use scale::scale;
use series::{Figure, Row};
use window::Window;

/// A chart is never lower than this; the panel scrolls instead.
const LOWEST: f32 = 56.0;
/// From this width on three charts stand side by side, when they would be low one below the other.
const BESIDE: f32 = 620.0;
/// Lower than this, a chart of that width is a strip that shows no shape.
const STRIP: f32 = 110.0;

/// Whose figures are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Selection,
    All,
    One(EndpointId),
}

/// Its view state and buffers.
#[derive(Debug)]
pub struct Plots {
    window: Window,
    of: Of,
    /// The pointer's moment, for all charts.
    pointer: Option<f64>,
    opened: bool,
    show: Show,
    area: Rect,
    rows: Vec<Row>,
    points: [Vec<PlotPoint>; series::FIGURES],
}

impl Plots {
    /// The last minute of what is selected.
    pub fn new() -> Self {
        Self {
            window: Window::default(),
            of: Of::Selection,
            pointer: None,
            opened: false,
            show: Show::default(),
            area: Rect::ZERO,
            rows: Vec::new(),
            points: Default::default(),
        }
    }

    /// The history and its owner's name.
    fn source<'a>(&self, cx: &Cx<'a>) -> (&'a LogView<Sample>, Option<&'a str>) {
        let id = match self.of {
            Of::Selection => cx.selection.endpoint(),
            Of::All => None,
            Of::One(id) => Some(id),
        };
        match id.and_then(|id| cx.snap.session(id)) {
            Some(session) => (&session.series, Some(&session.name)),
            None => (&cx.snap.series, None),
        }
    }
}

impl Panel for Plots {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.controls_ui(ui, cx);
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (series, name) = self.source(cx);
        if series.is_empty() {
            sentence(ui, cx.theme, tr!(cx.text, "plots-empty"));
            return;
        }
        let now = cx.snap.at.as_secs_f64();
        let window = self.window.edges(now);
        self.area = ui.max_rect();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let room = ui.available_size();
            let beside = room.x >= BESIDE && (room.y - chart::AXIS) / 3.0 < STRIP;
            let rows = if beside { 1.0 } else { 3.0 };
            let height = room.y.max(rows * LOWEST + chart::AXIS + space::S) - 1.0;
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
            let rect = rect.shrink2(vec2(space::M, 0.0)).with_min_y(rect.top() + space::XS);
            let each = match beside {
                true => vec2((rect.width() + space::L) / 3.0, rect.height() - chart::AXIS),
                false => vec2(rect.width() + space::L, (rect.height() - chart::AXIS) / 3.0),
            };
            let columns = (each.x - space::L - chart::RIGHT).max(16.0) as usize;
            series::rows(series, window.0, window.1, &mut self.rows);
            let mut points = std::mem::take(&mut self.points);
            for figure in self.show.figures().iter().copied() {
                series::decimate(&self.rows, figure, join(figure), window, columns, &mut points[figure as usize]);
            }
            let mut pointer = None;
            for (n, (key, axis, figures)) in self.show.charts(self.opened).into_iter().enumerate() {
                let step = if beside { vec2(each.x, 0.0) } else { vec2(0.0, each.y) };
                let place = Rect::from_min_size(rect.min + step * n as f32, each - vec2(space::L, space::S));
                let curves: Vec<Curve<'_>> = figures.iter().map(|f| self.curve(cx, *f, &points[*f as usize])).collect();
                let greatest = curves.iter().flat_map(|c| c.points).map(|p| p.y).fold(0.0, f64::max);
                let title = tr!(cx.text, key);
                let has_toggle = n == 0 && self.show == Show::Traffic;
                let head_end = if has_toggle { 30.0 } else { 0.0 };
                let chart =
                    Chart { id: key, title, window, scale: scale(axis, greatest), curves: &curves, head_end, pointer_secs: self.pointer };
                let (response, transform) = chart.paint(ui, cx, place);
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, summary(&chart.title, name, &curves)));
                let at = response.hover_pos().map(|p| transform.value_from_position(p).x);
                pointer = pointer.or(at);
                drop(curves);
                focus_ring(ui, cx.theme, &response);
                self.move_window(ui, &response, &transform, now, at);
                if at.is_some() && self.pointer.is_some() && !response.dragged() {
                    self.words_at(cx, &response);
                }
                if has_toggle {
                    self.opened_toggle(ui, cx, place);
                }
            }
            self.points = points;
            self.pointer = pointer;
            for n in 0..if beside { 3 } else { 1 } {
                let corner = pos2(rect.left() + n as f32 * each.x, rect.bottom() - chart::AXIS);
                let axis = Rect::from_min_size(corner, vec2(each.x - space::L, chart::AXIS));
                chart::time_axis(ui, cx, axis, time_labels(cx, window, now));
            }
        });
    }
}

/// What a screen reader is told about a chart.
fn summary(title: &str, of: Option<&str>, curves: &[Curve<'_>]) -> String {
    let mut words = of.map_or_else(|| title.to_owned(), |of| format!("{of}, {title}"));
    for curve in curves {
        words.push_str(&format!(", {} {}", curve.name, curve.value));
    }
    words
}

fn time_labels(cx: &Cx<'_>, window: (f64, f64), now: f64) -> [String; 3] {
    let label = |at: f64| {
        if (now - at).abs() < 0.05 { tr!(cx.text, "plots-now") } else { scale::ago(cx.text, now - at) }
    };
    [label(window.0), label((window.0 + window.1) / 2.0), label(window.1)]
}

impl Plots {
    fn curve<'p>(&self, cx: &Cx<'_>, figure: Figure, points: &'p [PlotPoint]) -> Curve<'p> {
        let (key, colors, mark) = look(cx, figure);
        let row = match self.pointer {
            Some(at) => series::row_at(&self.rows, at),
            None => self.rows.last(),
        };
        let number = row.map_or(0.0, |r| r.get(figure));
        let value = figures::words(figure, number);
        Curve { points, colors, name: tr!(cx.text, key), number, value, mark, area: figure == Figure::Waiting }
    }

    /// Drag pans, scroll zooms round the pointer, a double click goes back to now; the same by keys.
    fn move_window(&mut self, ui: &Ui, response: &Response, transform: &egui_plot::PlotTransform, now: f64, at: Option<f64>) {
        if response.double_clicked() {
            self.window.reset();
            return;
        }
        if response.clicked() {
            response.request_focus();
        }
        self.window.keys(ui, response, now);
        if response.dragged_by(PointerButton::Primary) && response.drag_delta().x != 0.0 {
            self.window.pan(-f64::from(response.drag_delta().x) / f64::from(transform.frame().width().max(1.0)), now);
        }
        let (zoom, scroll) = ui.input(|i| (f64::from(i.zoom_delta()), f64::from(i.smooth_scroll_delta.y)));
        let factor = zoom * (scroll * 0.004).exp();
        if let Some(at) = at.filter(|_| (factor - 1.0).abs() > 1e-4) {
            self.window.zoom(factor, at, now);
            // The wheel zooms here; the panel round it must not scroll as well.
            ui.input_mut(|i| i.smooth_scroll_delta.y = 0.0);
        }
    }

    /// The values at the pointer, in words.
    fn words_at(&self, cx: &Cx<'_>, response: &Response) {
        let Some((at, row)) = self.pointer.and_then(|at| Some((at, series::row_at(&self.rows, at)?))) else { return };
        let now = cx.snap.at.as_secs_f64();
        response.clone().on_hover_ui_at_pointer(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            ui.spacing_mut().interact_size.y = Type::Body.font().size + space::XS;
            ui.label(RichText::new(scale::ago(cx.text, (now - at).max(0.0))).font(Type::Data.font()).color(cx.theme.colors.text_3));
            for figure in self.show.figures().iter().copied() {
                let (key, colors, _) = look(cx, figure);
                let what = match figure {
                    Figure::RxMessages | Figure::TxMessages => tr!(cx.text, "plots-messages-of", what = tr!(cx.text, key)),
                    _ => tr!(cx.text, key),
                };
                ui.horizontal(|ui| {
                    ui.label(RichText::new(what).font(Type::Body.font()).color(cx.theme.colors.text_2));
                    ui.label(RichText::new(figures::words(figure, row.get(figure))).font(Type::Data.font()).color(colors.text));
                });
            }
        });
    }

    /// Shows or hides the total of connections opened.
    fn opened_toggle(&mut self, ui: &mut Ui, cx: &Cx<'_>, chart: Rect) {
        let (name, tip) = (tr!(cx.text, "plots-opened-toggle"), tr!(cx.text, "plots-opened-toggle-tip"));
        // Left of the column of figures, whose first stands right below.
        let place = Rect::from_min_size(pos2(chart.right() - chart::RIGHT - 26.0, chart.top() - 1.0), vec2(26.0, chart::HEAD));
        let colors = &cx.theme.colors;
        let response = ui.interact(place, ui.scope_id().with("opened"), Sense::click());
        let (ground, ink) = match (self.opened, response.hovered()) {
            (true, _) => (colors.selected, colors.accent),
            (false, true) => (colors.hover, colors.text_1),
            (false, false) => (colors.raised, colors.text_2),
        };
        ui.painter().rect_filled(place, radius::CHIP, ground);
        ui.painter().text(place.center(), Align2::CENTER_CENTER, "Σ", Type::Data.font(), ink);
        focus_ring(ui, cx.theme, &response);
        let response = response.on_hover_text(tip);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, self.opened, &name));
        if response.clicked() {
            self.opened = !self.opened;
        }
    }
}
