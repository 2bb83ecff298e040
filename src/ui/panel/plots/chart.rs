//! Paints one chart: head with names and values, grid, lines, the value at each line's end, the pointer's moment.

use eframe::egui::{Align2, Color32, Rect, Response, Sense, Stroke, Ui, pos2, vec2};
use egui_plot::{Line, Plot, PlotPoint, PlotPoints, PlotTransform};

use super::scale::Scale;
use crate::ui::Cx;
use crate::ui::theme::{RoleColors, Type, size, space};
use crate::ui::widget::paint::{self, Tip};

/// Room for the grid's figures at the right.
pub const RIGHT: f32 = 46.0;
/// A chart's head line.
pub const HEAD: f32 = 20.0;

/// One line of a chart.
pub struct Curve<'a> {
    pub points: &'a [PlotPoint],
    pub colors: RoleColors,
    pub name: String,
    /// At the pointer's moment, or now.
    pub value: String,
    pub mark: Mark,
    /// A soft area under it: queues only.
    pub area: bool,
}

/// The shape before a line's name, so that colour is not alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Triangle(Tip),
    Square,
    Circle,
    Ring,
}

/// What a chart shows.
pub struct Chart<'a> {
    pub id: &'static str,
    pub title: String,
    pub window: (f64, f64),
    pub scale: Scale,
    pub curves: &'a [Curve<'a>],
    pub pointer_secs: Option<f64>,
}

impl Chart<'_> {
    /// Paints it into `rect` and answers the plot's own response and transform.
    pub fn paint(&self, ui: &mut Ui, cx: &Cx<'_>, rect: Rect) -> (Response, PlotTransform) {
        self.head(ui, cx, Rect::from_min_size(rect.min, vec2(rect.width(), HEAD)));
        let frame = Rect::from_min_max(pos2(rect.left(), rect.top() + HEAD + 2.0), pos2(rect.right() - RIGHT, rect.bottom()));
        self.grid(ui, cx, frame);
        let mut inner = ui.new_child(eframe::egui::UiBuilder::new().max_rect(frame));
        let shown = Plot::new(self.id)
            .width(frame.width())
            .height(frame.height())
            .show_axes(false)
            .show_grid(false)
            .show_background(false)
            .show_x(false)
            .show_y(false)
            .show_crosshair(false)
            .allow_drag(false)
            .allow_zoom(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_double_click_reset(false)
            .set_margin_fraction(vec2(0.0, 0.0))
            .sense(Sense::click_and_drag())
            .include_x(self.window.0)
            .include_x(self.window.1)
            .show(&mut inner, |plot| {
                plot.set_plot_bounds_x(self.window.0..=self.window.1);
                plot.set_plot_bounds_y(-self.scale.top * 0.02..=self.scale.top * 1.04);
                // The first named is drawn last: over the others.
                for curve in self.curves.iter().rev() {
                    let width = if self.curves.len() > 1 { 1.5 } else { 2.0 };
                    let mut line = Line::new(curve.name.as_str(), PlotPoints::Borrowed(curve.points))
                        .stroke(Stroke::new(width, curve.colors.text))
                        .allow_band(false);
                    if curve.area {
                        line = line.fill(0.0).fill_alpha(0.18);
                    }
                    plot.line(line);
                }
            });
        self.ends(ui, cx, &shown.transform);
        if let Some(at) = self.pointer_secs {
            let x = shown.transform.position_from_point_x(at);
            ui.painter().vline(x, frame.y_range(), Stroke::new(1.0, cx.theme.colors.text_3));
        }
        (shown.response, shown.transform)
    }

    fn head(&self, ui: &Ui, cx: &Cx<'_>, line: Rect) {
        let (painter, colors) = (ui.painter(), &cx.theme.colors);
        let title = paint::line(painter, line, eframe::egui::Align::Min, &self.title, Type::Strong.font(), colors.text_1);
        if !self.scale.unit.is_empty() {
            let place = pos2(line.right() - RIGHT + 6.0, line.center().y);
            painter.text(place, Align2::LEFT_CENTER, self.scale.unit, Type::Caption.font(), colors.text_3);
        }
        let mut x = title.right() + 10.0;
        let right = line.right() - RIGHT;
        // Names shrink away before values do.
        let names = x + self.curves.iter().map(|c| 26.0 + 7.0 * (c.name.chars().count() + c.value.chars().count()) as f32).sum::<f32>();
        for curve in self.curves {
            let center = pos2(x + 5.0, line.center().y);
            shape(painter, center, curve, colors.panel);
            let mut rest = Rect::from_min_max(pos2(x + 12.0, line.top()), pos2(right, line.bottom()));
            if names < right {
                let name = paint::line(painter, rest, eframe::egui::Align::Min, &curve.name, Type::Caption.font(), curve.colors.text);
                rest.min.x = name.right() + space::XS + 1.0;
            }
            let value = paint::line(painter, rest, eframe::egui::Align::Min, &curve.value, Type::Data.font(), curve.colors.text);
            x = value.right() + space::S;
            if x > right - 24.0 {
                break;
            }
        }
    }

    fn grid(&self, ui: &Ui, cx: &Cx<'_>, frame: Rect) {
        let colors = &cx.theme.colors;
        let y = |part: f64| frame.bottom() - (part as f32 + 0.02) / 1.06 * frame.height();
        for part in [0.0, 0.5, 1.0] {
            if part == 0.5 && frame.height() < 44.0 {
                continue;
            }
            ui.painter().hline(frame.x_range(), y(part), Stroke::new(1.0, colors.line));
            let words = self.scale.tick(self.scale.top * part);
            let place = pos2(frame.right() + 6.0, y(part));
            ui.painter().text(place, Align2::LEFT_CENTER, words, Type::Data.at(11.5), colors.text_3);
        }
    }

    fn ends(&self, ui: &Ui, cx: &Cx<'_>, transform: &PlotTransform) {
        let mut taken: Vec<f32> = Vec::with_capacity(2);
        for curve in self.curves.iter().filter(|_| self.pointer_secs.is_none()) {
            let Some(last) = curve.points.last().filter(|p| p.x >= self.window.0 && p.x <= self.window.1) else { continue };
            let at = transform.position_from_point(last);
            ui.painter().circle_filled(at, 3.0, curve.colors.text);
            let above = at.y - 10.0;
            let y = if above < transform.frame().top() + 6.0 { at.y + 11.0 } else { above };
            // Two values that would cover each other stand in the head only.
            if taken.iter().all(|t| (t - y).abs() > 15.0) && last.y > 0.0 {
                let galley = ui.painter().layout_no_wrap(curve.value.clone(), Type::Figure.at(12.5), curve.colors.text);
                let corner = pos2(at.x - 8.0 - galley.size().x, y - galley.size().y / 2.0);
                let ground = Rect::from_min_size(corner, galley.size()).expand2(vec2(2.0, -1.0));
                ui.painter().rect_filled(ground, 2.0, cx.theme.colors.panel.gamma_multiply(0.8));
                ui.painter().galley(corner, galley, curve.colors.text);
                taken.push(y);
            }
        }
    }
}

fn shape(painter: &eframe::egui::Painter, center: eframe::egui::Pos2, curve: &Curve<'_>, ground: Color32) {
    let edge = Stroke::new(1.0, curve.colors.text);
    match curve.mark {
        Mark::Triangle(tip) => paint::triangle(painter, center, 8.0, tip, curve.colors),
        Mark::Square => {
            painter.rect_filled(Rect::from_center_size(center, vec2(8.0, 8.0)), 2.0, curve.colors.mark);
        }
        Mark::Circle => {
            painter.circle(center, 4.0, curve.colors.mark, edge);
        }
        Mark::Ring => {
            painter.circle(center, 3.5, ground, Stroke::new(1.5, curve.colors.text));
        }
    }
}

/// Times under the lowest chart: left edge, middle, right edge.
pub fn time_axis(ui: &Ui, cx: &Cx<'_>, line: Rect, labels: [String; 3]) {
    let right = line.right() - RIGHT;
    let places = [(line.left(), Align2::LEFT_CENTER), ((line.left() + right) / 2.0, Align2::CENTER_CENTER), (right, Align2::RIGHT_CENTER)];
    for (words, (x, align)) in labels.into_iter().zip(places) {
        ui.painter().text(pos2(x, line.center().y), align, words, Type::Data.at(11.5), cx.theme.colors.text_3);
    }
}

/// Height of the time axis.
pub const AXIS: f32 = size::ROW_LOG - 2.0;
