//! Plots: connections, throughput and messages over one time axis, from the snapshot's history.
//!
//! It keeps view state only: range, source, pause, zoom. The right edge is the snapshot's moment, so that Freeze freezes.

mod chart;
mod scale;
mod series;

#[cfg(test)]
mod tests;

use eframe::egui::{Align2, ComboBox, PointerButton, Rect, Response, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotPoint;

use super::Panel;
use crate::engine::{LogView, Sample};
use crate::lab::EndpointId;
use crate::report::series_csv;
use crate::tr;
use crate::ui::theme::{Role as Hue, RoleColors, Type, icons, radius, size, space};
use crate::ui::widget::controls::focus_ring;
use crate::ui::widget::format;
use crate::ui::widget::shapes::Tip;
use crate::ui::{Action, Cx, ExportData};
use chart::{Chart, Curve, Mark};
use scale::{Axis, scale};
use series::{Figure, Join, Row};

/// The ranges to choose from, in seconds.
const RANGES: [f64; 6] = [10.0, 30.0, 60.0, 120.0, 300.0, 600.0];
/// The shortest window one can zoom to.
const SHORTEST_S: f64 = 1.0;
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
    range_s: f64,
    of: Of,
    /// The right edge, when paused.
    paused: Option<f64>,
    /// The window, when zoomed or panned.
    view: Option<(f64, f64)>,
    /// The pointer's moment, for all charts.
    pointer: Option<f64>,
    opened: bool,
    area: Rect,
    rows: Vec<Row>,
    points: [Vec<PlotPoint>; 7],
}

impl Plots {
    /// The last minute of what is selected.
    pub fn new() -> Self {
        Self {
            range_s: 60.0,
            of: Of::Selection,
            paused: None,
            view: None,
            pointer: None,
            opened: false,
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

    fn window(&self, now: f64) -> (f64, f64) {
        self.view.unwrap_or_else(|| {
            let right = self.paused.unwrap_or(now);
            (right - self.range_s, right)
        })
    }

    fn source_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let name = |of: Of| match of {
            Of::Selection => tr!(cx.text, "plots-of-selection"),
            Of::All => tr!(cx.text, "plots-of-all"),
            Of::One(id) => cx.snap.session(id).map_or_else(|| id.to_string(), |s| s.name.to_string()),
        };
        let label = tr!(cx.text, "plots-of");
        let combo = ComboBox::from_id_salt("plots-of").width(40.0).truncate().selected_text(name(self.of));
        let response = combo.show_ui(ui, |ui| {
            let all = cx.lab.servers.iter().map(|s| s.id).chain(cx.lab.clients.iter().map(|c| c.id));
            let started = all.filter(|id| cx.snap.session(*id).is_some()).map(Of::One);
            for of in [Of::Selection, Of::All].into_iter().chain(started) {
                ui.selectable_value(&mut self.of, of, name(of));
            }
        });
        response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &label));
        response.response.on_hover_text(tr!(cx.text, "plots-of-tip"));
    }

    fn range_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let name = |seconds: f64| {
            if seconds < 60.0 {
                tr!(cx.text, "plots-seconds", n = seconds as u64)
            } else {
                tr!(cx.text, "plots-minutes", n = (seconds / 60.0) as u64)
            }
        };
        let label = tr!(cx.text, "plots-range");
        let combo = ComboBox::from_id_salt("plots-range").width(40.0).selected_text(name(self.range_s));
        let response = combo.show_ui(ui, |ui| {
            for range in RANGES {
                if ui.selectable_label(self.range_s.total_cmp(&range).is_eq(), name(range)).clicked() {
                    (self.range_s, self.view) = (range, None);
                }
            }
        });
        response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &label));
        response.response.on_hover_text(tr!(cx.text, "plots-range-tip"));
    }

    fn export_ui(&self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let label = tr!(cx.text, "plots-export");
        let icon = RichText::new(icons::EXPORT).font(icons::font(size::ICON));
        let menu = ui.menu_button(icon, |ui| {
            if ui.button(tr!(cx.text, "plots-export-csv")).on_hover_text(tr!(cx.text, "plots-export-csv-tip")).clicked() {
                let (series, name) = self.source(cx);
                let (from, to) = self.window(cx.snap.at.as_secs_f64());
                let first = series::index_at(series, from);
                let csv = series_csv(series.iter_from(first).take_while(|s| s.at_secs <= to));
                cx.act(Action::Export(format!("{}.csv", name.unwrap_or("socketlab")), ExportData::Text(csv)));
                ui.close();
            }
            if ui.button(tr!(cx.text, "plots-export-png")).on_hover_text(tr!(cx.text, "plots-export-png-tip")).clicked() {
                cx.act(Action::Export("socketlab-plots.png".into(), ExportData::Picture(self.area)));
                ui.close();
            }
        });
        menu.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
        menu.response.on_hover_text(&label);
    }
}

fn icon_button(ui: &mut Ui, icon: &str, on: bool, name: &str, tip: String) -> bool {
    let button = eframe::egui::Button::selectable(on, RichText::new(icon).font(icons::font(size::ICON)));
    let response = ui.add(button.min_size(vec2(size::CONTROL, size::CONTROL))).on_hover_text(tip);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
    response.clicked()
}

impl Panel for Plots {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        // The head is as narrow as a third of the middle: words need the room more than padding does.
        let spacing = ui.spacing_mut();
        (spacing.item_spacing.x, spacing.button_padding.x, spacing.icon_width) = (space::XS, 6.0, 10.0);
        self.export_ui(ui, cx);
        let now = cx.snap.at.as_secs_f64();
        let (name, tip) = (tr!(cx.text, "plots-pause"), tr!(cx.text, "plots-pause-tip"));
        if icon_button(ui, icons::PAUSE, self.paused.is_some(), &name, tip) {
            self.paused = if self.paused.is_some() { None } else { Some(now) };
            self.view = self.view.filter(|_| self.paused.is_some());
        }
        if self.view.is_some() {
            let (name, tip) = (tr!(cx.text, "plots-reset"), tr!(cx.text, "plots-reset-tip"));
            if icon_button(ui, icons::ARROW_COUNTER_CLOCKWISE, false, &name, tip) {
                (self.view, self.paused) = (None, None);
            }
        }
        self.range_ui(ui, cx);
        self.source_ui(ui, cx);
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (series, name) = self.source(cx);
        if series.is_empty() {
            let color = cx.theme.colors.text_2;
            let words = tr!(cx.text, "plots-empty");
            ui.painter().text(ui.max_rect().center(), Align2::CENTER_CENTER, words, Type::Body.font(), color);
            return;
        }
        let now = cx.snap.at.as_secs_f64();
        let window = self.window(now);
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
            for (figure, points) in FIGURES.into_iter().zip(&mut points) {
                series::decimate(&self.rows, figure, join(figure), window, columns, points);
            }
            let mut pointer = None;
            let charts: [(&'static str, Axis, &[Figure]); 3] = [
                ("plots-connections", Axis::Count, if self.opened { &FIGURES[..3] } else { &FIGURES[..2] }),
                ("plots-throughput", Axis::Bytes, &FIGURES[3..5]),
                ("plots-messages", Axis::Rate, &FIGURES[5..]),
            ];
            for (n, (key, axis, figures)) in charts.into_iter().enumerate() {
                let step = if beside { vec2(each.x, 0.0) } else { vec2(0.0, each.y) };
                let place = Rect::from_min_size(rect.min + step * n as f32, each - vec2(space::L, space::S));
                let curves: Vec<Curve<'_>> = figures.iter().map(|f| self.curve(cx, *f, &points[*f as usize])).collect();
                let greatest = curves.iter().flat_map(|c| c.points).map(|p| p.y).fold(0.0, f64::max);
                let title = tr!(cx.text, key);
                let head_end = if n == 0 { 30.0 } else { 0.0 };
                let chart =
                    Chart { id: key, title, window, scale: scale(axis, greatest), curves: &curves, head_end, pointer_secs: self.pointer };
                let (response, transform) = chart.paint(ui, cx, place);
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, summary(&chart.title, name, &curves)));
                let at = response.hover_pos().map(|p| transform.value_from_position(p).x);
                pointer = pointer.or(at);
                drop(curves);
                self.move_window(ui, &response, &transform, window, at);
                if at.is_some() && self.pointer.is_some() && !response.dragged() {
                    self.words_at(cx, &response);
                }
                if n == 0 {
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

/// In the order of `Plots::points` and of `Figure`.
const FIGURES: [Figure; 7] =
    [Figure::Open, Figure::Waiting, Figure::Opened, Figure::RxBytes, Figure::TxBytes, Figure::RxMessages, Figure::TxMessages];

fn join(figure: Figure) -> Join {
    match figure {
        Figure::Open | Figure::Waiting | Figure::Opened => Join::Stairs,
        Figure::RxBytes | Figure::TxBytes | Figure::RxMessages | Figure::TxMessages => Join::Line,
    }
}

fn look(cx: &Cx<'_>, figure: Figure) -> (&'static str, RoleColors, Mark) {
    let role = |hue| cx.theme.role(hue);
    match figure {
        Figure::Open => ("plots-open", role(Hue::Server), Mark::Square),
        Figure::Waiting => ("plots-waiting", role(Hue::Client), Mark::Circle),
        Figure::Opened => ("plots-opened", role(Hue::Waiting), Mark::Ring),
        Figure::RxBytes | Figure::RxMessages => ("plots-received", role(Hue::Received), Mark::Triangle(Tip::Down)),
        Figure::TxBytes | Figure::TxMessages => ("plots-sent", role(Hue::Sent), Mark::Triangle(Tip::Up)),
    }
}

fn figure_words(figure: Figure, value: f64) -> String {
    match figure {
        Figure::Open | Figure::Waiting | Figure::Opened => format::count(value as u64),
        Figure::RxBytes | Figure::TxBytes => format::byte_rate(value),
        Figure::RxMessages | Figure::TxMessages => format::rate(value),
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
        if (now - at).abs() < 0.05 { tr!(cx.text, "plots-now") } else { scale::ago(now - at) }
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
        let value = figure_words(figure, number);
        Curve { points, colors, name: tr!(cx.text, key), number, value, mark, area: figure == Figure::Waiting }
    }

    /// Drag pans, scroll zooms round the pointer, a double click goes back to now.
    fn move_window(&mut self, ui: &Ui, response: &Response, transform: &egui_plot::PlotTransform, window: (f64, f64), at: Option<f64>) {
        let span = window.1 - window.0;
        if response.double_clicked() {
            (self.view, self.paused) = (None, None);
            return;
        }
        if response.dragged_by(PointerButton::Primary) && response.drag_delta().x != 0.0 {
            let by = f64::from(response.drag_delta().x) / f64::from(transform.frame().width().max(1.0)) * span;
            self.view = Some((window.0 - by, window.1 - by));
        }
        let (zoom, scroll) = ui.input(|i| (f64::from(i.zoom_delta()), f64::from(i.smooth_scroll_delta.y)));
        let factor = zoom * (scroll * 0.004).exp();
        if let Some(at) = at.filter(|_| (factor - 1.0).abs() > 1e-4) {
            let new = (span / factor).clamp(SHORTEST_S, RANGES[RANGES.len() - 1]);
            let left = at - (at - window.0) * new / span;
            self.view = Some((left, left + new));
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
            ui.label(RichText::new(scale::ago((now - at).max(0.0))).font(Type::Data.font()).color(cx.theme.colors.text_3));
            for figure in FIGURES {
                let (key, colors, _) = look(cx, figure);
                let what = match figure {
                    Figure::RxMessages | Figure::TxMessages => tr!(cx.text, "plots-messages-of", what = tr!(cx.text, key)),
                    Figure::Open | Figure::Waiting | Figure::Opened | Figure::RxBytes | Figure::TxBytes => tr!(cx.text, key),
                };
                ui.horizontal(|ui| {
                    ui.label(RichText::new(what).font(Type::Body.font()).color(cx.theme.colors.text_2));
                    ui.label(RichText::new(figure_words(figure, row.get(figure))).font(Type::Data.font()).color(colors.text));
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
