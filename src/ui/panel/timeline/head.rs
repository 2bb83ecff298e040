//! The legend in the head of the panel, and the axis below the lanes.

use eframe::egui::{Align2, Color32, Mesh, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::pen::Pen;
use super::tint::Tint;
use super::view::{self, Unit, View};
use crate::tr;
use crate::trace::Call;
use crate::ui::Cx;
use crate::ui::panel::calls::line;
use crate::ui::theme::{Theme, Type, radius, space};
use crate::ui::widget::{format, paint};

/// Between two words of the legend.
const APART: f32 = 14.0;

/// Pattern and hue of each tint, in words; as many from the left as there is room for.
pub fn legend(ui: &mut Ui, cx: &Cx<'_>) {
    let c = &cx.theme.colors;
    let entries = [
        (Some(Tint::Asleep), tr!(cx.text, "timeline-legend-asleep")),
        (Some(Tint::Received), Call::Recv.name().to_owned()),
        (Some(Tint::Sent), Call::Send.name().to_owned()),
        (Some(Tint::Client), "accept".to_owned()),
        (Some(Tint::Own), tr!(cx.text, "timeline-legend-own")),
        (Some(Tint::Spinning), "EAGAIN".to_owned()),
        (None, tr!(cx.text, "timeline-legend-data")),
    ];
    let galleys: Vec<_> =
        entries.into_iter().map(|(tint, words)| (tint, ui.painter().layout_no_wrap(words, Type::Body.at(12.5), c.text_2))).collect();
    let mark = |tint: Option<Tint>| if tint == Some(Tint::Asleep) { 24.0 } else { 12.0 };
    let room = ui.available_width() - space::M;
    let mut width = 0.0;
    let mut fits = 0;
    for (tint, galley) in &galleys {
        let with = width + mark(*tint) + 6.0 + galley.size().x + if fits > 0 { APART } else { 0.0 };
        if with > room {
            break;
        }
        (width, fits) = (with, fits + 1);
    }
    if fits < 2 {
        return;
    }
    let (rect, response) = ui.allocate_exact_size(vec2(width, ui.available_height()), Sense::hover());
    let names: Vec<&str> = galleys.iter().take(fits).map(|(_, g)| g.text()).collect();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, names.join(", ")));
    let mut x = rect.left();
    for (tint, galley) in galleys.into_iter().take(fits) {
        let size = mark(tint);
        sample(ui, cx.theme, Rect::from_center_size(pos2(x + size / 2.0, rect.center().y), vec2(size, 12.0)), tint);
        x += size + 6.0;
        let next = x + galley.size().x + APART;
        ui.painter().galley(pos2(x, rect.center().y - galley.size().y / 2.0), galley, c.text_2);
        x = next;
    }
    response.on_hover_text(tr!(cx.text, "timeline-legend-tip"));
}

fn sample(ui: &Ui, theme: &Theme, rect: Rect, tint: Option<Tint>) {
    let painter = ui.painter();
    let Some(tint) = tint else {
        let colors = theme.colors.received;
        let points = vec![rect.left_top(), rect.right_center(), rect.left_bottom()];
        painter.add(Shape::convex_polygon(points, colors.mark, Stroke::new(1.0, colors.text)));
        return;
    };
    let colors = theme.role(tint.role());
    match tint {
        Tint::Asleep => paint::hatch(painter, rect, colors, radius::BAR),
        Tint::Spinning => {
            painter.rect_filled(rect, radius::BAR, colors.soft);
            for x in [rect.left(), rect.right() - 5.0] {
                let bar = Rect::from_min_size(pos2(x, rect.top()), vec2(5.0, rect.height()));
                painter.rect(bar, 1.0, colors.mark, Stroke::new(1.0, colors.text), StrokeKind::Inside);
            }
        }
        Tint::Received | Tint::Sent | Tint::Client | Tint::Own => {
            let edge = if theme.dark { Stroke::NONE } else { Stroke::new(1.0, colors.text) };
            painter.rect(rect, radius::BAR, colors.mark, edge, StrokeKind::Inside);
        }
    }
}

/// Vertical lines at round places, behind the lanes.
pub fn grid(pen: &Pen<'_>, ticks: &view::Ticks, lanes: Rect) {
    let mut mesh = Mesh::default();
    for tick in &ticks.ticks {
        let x = pen.x_f64(tick.at).round();
        mesh.add_colored_rect(Rect::from_x_y_ranges(x..=x + 1.0, lanes.y_range()), pen.theme.colors.line);
    }
    pen.add(mesh);
}

/// The names of the round places, what they are counted from, and how long the window is.
pub fn axis(pen: &Pen<'_>, view: &View, ticks: &view::Ticks, rect: Rect) {
    let c = &pen.theme.colors;
    let y = rect.center().y;
    let mut free = f32::NEG_INFINITY;
    let plot = pen.across.plot;
    for tick in &ticks.ticks {
        let words =
            if view.follows() && tick.value.abs() < 1e-9 { tr!(pen.text, "timeline-now") } else { value(pen, ticks.unit, tick.value) };
        let galley = pen.painter.layout_no_wrap(words, Type::Data.font(), c.text_3);
        let width = galley.size().x;
        let left = (pen.x_f64(tick.at) - width / 2.0).clamp(plot.min, (plot.max - width).max(plot.min));
        if left > free {
            pen.painter.galley(pos2(left, y - galley.size().y / 2.0), galley, Color32::PLACEHOLDER);
            free = left + width + space::M;
        }
    }
    if !view.follows() {
        let base = line::clock(ticks.base.max(0.0) as u64);
        let short = base.trim_end_matches(" 000");
        let at = pos2(pen.across.names.max - space::M, y);
        pen.words(at, Align2::RIGHT_CENTER, &format!("{short} +"), Type::Data, 11.5, c.text_3);
    }
    if pen.across.has_words() {
        let at = pos2(pen.across.now.max - space::M, y);
        pen.words(at, Align2::RIGHT_CENTER, &line::took(view.span() as u64), Type::Data, 11.5, c.text_3);
    }
}

fn value(pen: &Pen<'_>, unit: Unit, value: f64) -> String {
    let key = match unit {
        Unit::Nano => "timeline-unit-ns",
        Unit::Micro => "timeline-unit-us",
        Unit::Milli => "timeline-unit-ms",
        Unit::Second => "timeline-unit-s",
        Unit::Minute => "timeline-unit-min",
    };
    let sign = if value < 0.0 { "−" } else { "" };
    tr!(pen.text, key, n = format!("{sign}{}", format::count(value.abs().round() as u64)))
}

/// Names an area for screen readers.
pub fn named(response: Response, role: Role, name: &str) -> Response {
    response.widget_info(|| WidgetInfo::labeled(role, true, name));
    response
}
