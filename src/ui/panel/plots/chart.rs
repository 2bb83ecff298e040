//! Paints one chart: head with names and values, grid, lines, the value at each line's end, the pointer's moment.

use eframe::egui::{Align2, Color32, Rect, Response, Sense, Stroke, Ui, pos2, vec2};
use egui_plot::{Line, Plot, PlotPoint, PlotPoints, PlotTransform};

use super::scale::Scale;
use crate::ui::Cx;
use crate::ui::theme::{RoleColors, Type, size, space};
use crate::ui::widget::paint;
use crate::ui::widget::shapes::{self, Tip};

/// Room for the grid's figures at the right.
pub const RIGHT: f32 = 46.0;
/// Distance of words from lines.
const CLEAR: f32 = 4.0;
/// A shape in the head and the gap after it.
const SHAPE: f32 = 13.0;
/// A chart's head line.
pub const HEAD: f32 = 20.0;

/// One line of a chart.
pub struct Curve<'a> {
    pub points: &'a [PlotPoint],
    pub colors: RoleColors,
    pub name: String,
    /// The figure that `value` says.
    pub number: f64,
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
    /// What the head's right end is kept free for.
    pub head_end: f32,
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
        self.ends(ui, &shown.transform);
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
        let left = title.right() + 10.0;
        let right = line.right() - RIGHT - self.head_end;
        let width = |text: &str, style: Type| painter.layout_no_wrap(text.to_owned(), style.font(), colors.text_1).size().x;
        let short: Vec<String> = self.curves.iter().map(|c| self.scale.short(c.number)).collect();
        // Names go before values do, and a value's unit (it stands at the right too) before the value.
        let forms = [(true, true), (false, true), (true, false), (false, false)];
        let parts = |n: usize, curve: &Curve<'_>, (named, long): (bool, bool)| {
            let name = if named { Some(curve.name.clone()) } else { None };
            (name, if long { curve.value.clone() } else { short[n].clone() })
        };
        let needs = |form| {
            let one = |(n, curve): (usize, &Curve<'_>)| {
                let (name, value) = parts(n, curve, form);
                SHAPE + name.map_or(0.0, |name| width(&name, Type::Caption) + space::XS) + width(&value, Type::Data)
            };
            self.curves.iter().enumerate().map(one).sum::<f32>() + space::S * (self.curves.len() - 1) as f32
        };
        let form = forms.into_iter().find(|form| left + needs(*form) <= right).unwrap_or((false, false));
        let mut x = left;
        for (n, curve) in self.curves.iter().enumerate() {
            let (name, value) = parts(n, curve, form);
            if x + SHAPE > right {
                break;
            }
            shape(painter, pos2(x + 5.0, line.center().y), curve, colors.panel);
            let mut rest = Rect::from_min_max(pos2(x + SHAPE, line.top()), pos2(right + 1.0, line.bottom()));
            if let Some(name) = name {
                let name = paint::line(painter, rest, eframe::egui::Align::Min, &name, Type::Caption.font(), curve.colors.text);
                rest.min.x = name.right() + space::XS;
            }
            x = paint::line(painter, rest, eframe::egui::Align::Min, &value, Type::Data.font(), curve.colors.text).right() + space::S;
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

    fn ends(&self, ui: &Ui, transform: &PlotTransform) {
        let frame = transform.frame();
        let mut taken: Vec<Rect> = Vec::with_capacity(2);
        for curve in self.curves.iter().filter(|_| self.pointer_secs.is_none()) {
            let Some(last) = curve.points.last().filter(|p| p.x >= self.window.0 && p.x <= self.window.1) else { continue };
            let at = transform.position_from_point(last);
            ui.painter().circle_filled(at, 3.0, curve.colors.text);
            if last.y <= 0.0 {
                continue;
            }
            let galley = ui.painter().layout_no_wrap(curve.value.clone(), Type::Figure.at(12.5), curve.colors.text);
            let size = galley.size();
            let left = at.x - 8.0 - size.x;
            // All lines under the words: the words stand clear of them, or in the head only.
            let (mut high, mut low) = (at.y, at.y);
            for line in self.curves {
                let from = line.points.partition_point(|p| transform.position_from_point(p).x < left - CLEAR);
                for point in &line.points[from.saturating_sub(1)..] {
                    let y = transform.position_from_point(point).y;
                    // What is far from this line's end does not touch its words.
                    if (y - at.y).abs() < size.y + 3.0 * CLEAR {
                        (high, low) = (high.min(y), low.max(y));
                    }
                }
            }
            let row = |top: f32| Rect::from_min_size(pos2(left, top), size);
            let places = [row(high - CLEAR - size.y), row(low + CLEAR)];
            let crossed = |place: &Rect| self.curves.iter().any(|line| crosses(line.points, transform, place.expand(1.0)));
            let free = |place: &&Rect| {
                place.top() >= frame.top() - CLEAR
                    && place.bottom() <= frame.bottom() + CLEAR
                    && taken.iter().all(|t| !t.intersects(**place))
                    && !crossed(place)
            };
            if let Some(place) = places.iter().find(free) {
                ui.painter().galley(place.min, galley, curve.colors.text);
                taken.push(*place);
            }
        }
    }
}

/// Whether a line goes through this rectangle. Its pieces are short or level or upright: their boxes are near enough.
fn crosses(points: &[PlotPoint], transform: &PlotTransform, rect: Rect) -> bool {
    points
        .windows(2)
        .rev()
        .map(|pair| [pair[0], pair[1]].map(|p| transform.position_from_point(&p)))
        .take_while(|[_, b]| b.x >= rect.left())
        .any(|[a, b]| Rect::from_two_pos(a, b).intersects(rect))
}

fn shape(painter: &eframe::egui::Painter, center: eframe::egui::Pos2, curve: &Curve<'_>, ground: Color32) {
    let edge = Stroke::new(1.0, curve.colors.text);
    match curve.mark {
        Mark::Triangle(tip) => shapes::triangle(painter, center, 8.0, tip, curve.colors),
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
