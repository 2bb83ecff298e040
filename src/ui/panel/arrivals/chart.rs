//! The accept queue's length over time against its limit, and what was at the pointer's moment.

use eframe::egui::{Align2, Color32, Mesh, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2};

use super::Sheet;
use super::stairs::{Column, Limit, index_at, stairs};
use crate::engine::Source;
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::Type;
use crate::ui::widget::{format, paint};

/// A limit so much higher than the queue ever was is named and not drawn: the stairs would be flat.
const FAR: u32 = 6;

/// The scale of the values: from the lower edge up to `top`.
struct Scale {
    top: f32,
    bottom_y: f32,
    top_y: f32,
}

impl Scale {
    fn y(&self, value: u32) -> f32 {
        self.bottom_y - (self.bottom_y - self.top_y) * value as f32 / self.top
    }
}

/// Draws it into the upper part.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, upper: Rect) {
    let c = &cx.theme.colors;
    let stairs = stairs(&sheet.view.series, &sheet.clock, sheet.plot.span());
    let limit = stairs.limits.iter().filter_map(|l| l.places).max().or(sheet.view.places);
    let far = limit.is_some_and(|limit| limit / FAR > stairs.most.max(2));
    let high = if far { stairs.most.max(4) } else { stairs.most.max(limit.unwrap_or(0)).max(2) };
    let scale = Scale { top: high as f32 * 1.25, bottom_y: upper.bottom() - 16.0, top_y: upper.top() + 30.0 };
    grid(ui, cx, sheet, &scale, high);
    let top = upper.left_top() + eframe::egui::vec2(24.0, 0.0);
    ui.painter().text(pos2(top.x, scale.top_y - 11.0), Align2::LEFT_CENTER, tr!(cx.text, "arrivals-queue"), Type::Strong.font(), c.text_1);
    let length = tr!(cx.text, "arrivals-length");
    ui.painter().text(pos2(top.x, scale.top_y + 6.0), Align2::LEFT_CENTER, length, Type::Body.at(12.0), c.text_3);
    let took = tr!(cx.text, "arrivals-took");
    let place = pos2(sheet.plot.max + 70.0, upper.bottom() - 6.0);
    ui.painter().text(place, Align2::RIGHT_CENTER, took, Type::Caption.font(), c.text_3);
    area(ui, cx, sheet, &scale, &stairs.columns);
    if !far {
        limits(ui, cx, sheet, &scale, &stairs.limits);
    }
    limit_words(ui, cx, sheet, &scale, far, upper);
    if let Some(last) = stairs.columns.last() {
        let at = pos2(sheet.x(sheet.clock.now), scale.y(last.last));
        let measured = matches!(sheet.view.queue.source, Source::Measured(_));
        let (fill, edge) = if measured { (c.server.text, Stroke::NONE) } else { (c.panel, Stroke::new(1.5, c.server.text)) };
        ui.painter().circle(at, 4.0, fill, edge);
    }
    pointer(ui, cx, sheet, &scale, upper, far);
}

fn grid(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, scale: &Scale, high: u32) {
    let c = &cx.theme.colors;
    let places = sheet.view.places;
    let steps: &[u32] = if high >= 4 { &[0, high / 2, high] } else { &[0, high] };
    for value in steps.iter().copied() {
        let y = scale.y(value);
        let is_limit = places == Some(value);
        if !is_limit {
            ui.painter().hline(sheet.plot, y, Stroke::new(1.0, c.line));
        }
        let (ink, style) = if is_limit { (c.error.text, Type::Figure) } else { (c.text_3, Type::Data) };
        let at = pos2(sheet.plot.min - 8.0, y);
        ui.painter().text(at, Align2::RIGHT_CENTER, format::count(value.into()), style.at(12.0), ink);
    }
}

/// The stairs and the soft ground under them: two meshes, whatever the number of samples.
fn area(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, scale: &Scale, columns: &[Column]) {
    let colors = cx.theme.colors.server;
    let (mut ground, mut line) = (Mesh::default(), Mesh::default());
    let end = sheet.x(sheet.clock.now);
    let base = scale.y(0);
    let rect = |mesh: &mut Mesh, x: (f32, f32), y: (f32, f32), color: Color32| {
        mesh.add_colored_rect(Rect::from_min_max(pos2(x.0, y.0), pos2(x.1, y.1)), color);
    };
    let mut before: Option<u32> = None;
    for (n, column) in columns.iter().enumerate() {
        let x = sheet.plot.min + column.x as f32;
        let next = columns.get(n + 1).map_or(end, |next| sheet.plot.min + next.x as f32).max(x + 1.0);
        let y = scale.y(column.last);
        rect(&mut ground, (x, next), (y, base), colors.soft);
        let (low, high) = before.map_or((column.least, column.most), |b| (column.least.min(b), column.most.max(b)));
        if low != high {
            rect(&mut line, (x - 1.0, x + 1.0), (scale.y(high) - 1.0, scale.y(low) + 1.0), colors.text);
        }
        rect(&mut line, (x - 1.0, next + 1.0), (y - 1.0, y + 1.0), colors.text);
        before = Some(column.last);
    }
    for mesh in [ground, line] {
        if !mesh.is_empty() {
            ui.painter().add(Shape::mesh(mesh));
        }
    }
}

/// The limit as it was and is: dashed, up to the right edge.
fn limits(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, scale: &Scale, limits: &[Limit]) {
    let stroke = Stroke::new(1.5, cx.theme.colors.error.text);
    let mut before = None;
    for (n, limit) in limits.iter().enumerate() {
        let from = if n == 0 { sheet.plot.min } else { sheet.x(limit.from) };
        let to = limits.get(n + 1).map_or(sheet.plot.max, |next| sheet.x(next.from));
        if let Some(y) = limit.places.map(|places| scale.y(places)) {
            paint::dashed(ui.painter(), &[pos2(from, y), pos2(to, y)], stroke, 6.0, 4.0);
            if let Some(before) = before {
                paint::dashed(ui.painter(), &[pos2(from, before), pos2(from, y)], stroke, 3.0, 3.0);
            }
            before = Some(y);
        }
    }
}

/// *limit 4 = listen(3) + 1*.
fn limit_says(cx: &Cx<'_>, sheet: &Sheet<'_>, far: bool) -> String {
    let view = sheet.view;
    let n = view.in_force.map_or(view.asked, |f| u32::try_from(f.value).unwrap_or(u32::MAX));
    let count = |n: u32| format::count(n.into());
    match view.places {
        Some(places) if places == n.saturating_add(1) && far => {
            tr!(cx.text, "arrivals-limit-far", places = count(places), n = count(n))
        }
        Some(places) if places == n.saturating_add(1) => tr!(cx.text, "arrivals-limit", places = count(places), n = count(n)),
        Some(places) => tr!(cx.text, "arrivals-limit-other", places = count(places), n = count(n)),
        None => tr!(cx.text, "arrivals-limit-untold", n = count(n)),
    }
}

/// *limit 4 = listen(3) + 1*, at the right over its line.
fn limit_words(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, scale: &Scale, far: bool, upper: Rect) {
    let view = sheet.view;
    let words = limit_says(cx, sheet, far);
    let font = Type::Strong.at(12.5);
    let y = match view.places {
        Some(places) if !far => scale.y(places) - 9.0,
        Some(_) | None => upper.top() + 30.0,
    };
    // The line of now carries its own words a little higher; these stay clear of them.
    let y = y.max(upper.top() + 29.0);
    ui.painter().text(pos2(sheet.plot.max - 2.0, y), Align2::RIGHT_CENTER, words, font, cx.theme.colors.error.text);
}

/// What was at the pointer's moment.
fn pointer(ui: &mut Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, scale: &Scale, upper: Rect, far: bool) {
    let view = sheet.view;
    let place = Rect::from_x_y_ranges(sheet.plot, scale.top_y - 8.0..=upper.bottom() - 8.0);
    let response = ui.interact(place, ui.next_auto_id().with("queue"), Sense::hover());
    let said = tr!(
        cx.text,
        "arrivals-chart",
        limit = limit_says(cx, sheet, far),
        n = format::count(view.queue.value),
        places = view.places.map_or_else(|| "?".to_owned(), |p| format::count(p.into()))
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &said));
    let Some(at) = response.hover_pos() else { return };
    let secs = sheet.clock.at(sheet.plot, at.x);
    if secs > sheet.clock.now || view.series.is_empty() {
        return;
    }
    let Some(sample) = view.series.get(index_at(&view.series, secs)) else { return };
    ui.painter().vline(at.x, place.y_range(), Stroke::new(1.0, cx.theme.colors.text_3));
    let measured = match view.queue.source {
        Source::Measured(words) => tr!(cx.text, "backlog-measured", source = words),
        Source::Derived(words) => tr!(cx.text, "backlog-derived", source = words),
    };
    let unknown = || "–".to_owned();
    response.on_hover_text_at_pointer(tr!(
        cx.text,
        "arrivals-at",
        time = format!("{:.2}", secs - sheet.clock.zero),
        n = format::count(sample.queue.into()),
        places = sample.places.map_or_else(unknown, |p| format::count(p.into())),
        half = sample.half_open.map_or_else(unknown, |p| format::count(p.into())),
        accepted = format::count(sample.accepted),
        drops = if view.drops.is_some() { format::count(sample.drops) } else { unknown() },
        source = measured
    ));
}
