//! What the marks mean, in the panel's head, and how much of the run is shown.

use eframe::egui::{Painter, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use super::clock::Stretch;
use super::row::cross;
use super::rows::Row;
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, icons, radius, size, space};
use crate::ui::widget::controls::icon_menu;
use crate::ui::widget::format;

/// A mark with its words; none when there is no room left.
fn entry(ui: &mut Ui, cx: &Cx<'_>, key: &str, words: &str, wide: f32, paint: impl FnOnce(&Painter, Rect)) {
    let c = &cx.theme.colors;
    let galley = ui.painter().layout_no_wrap(words.to_owned(), Type::Body.at(12.5), c.text_2);
    let need = wide + 6.0 + galley.size().x;
    if ui.available_width() < need {
        return;
    }
    let (rect, response) = ui.allocate_exact_size(vec2(need, size::CONTROL), Sense::hover());
    let mark = Rect::from_min_size(rect.left_center() - vec2(0.0, 5.0), vec2(wide, 10.0));
    paint(ui.painter(), mark);
    ui.painter().galley(rect.left_center() + vec2(wide + 6.0, -galley.size().y / 2.0), galley, c.text_2);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    response.on_hover_text(tr!(cx.text, &format!("{key}-tip")));
}

/// Drawn from the right.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, stretch: &mut Stretch, rows: &[Row], unix: bool) {
    let c = &cx.theme.colors;
    stretch_ui(ui, cx, stretch);
    ui.spacing_mut().item_spacing.x = space::M;
    entry(ui, cx, "arrivals-to-come", &tr!(cx.text, "arrivals-to-come"), 10.0, |painter, mark| {
        painter.circle_stroke(mark.center(), 4.0, Stroke::new(1.4, c.text_2));
    });
    entry(ui, cx, "arrivals-served", &tr!(cx.text, "arrivals-served"), 22.0, |painter, mark| {
        painter.rect_filled(mark, radius::BAR, c.running.mark);
    });
    entry(ui, cx, "arrivals-queued", &tr!(cx.text, "arrivals-queued"), 22.0, |painter, mark| {
        painter.rect(mark, radius::BAR, c.client.soft, Stroke::new(1.0, c.client.text), StrokeKind::Inside);
    });
    let dropped: u64 = rows.iter().map(|r| u64::from(r.dropped)).sum();
    let key = if unix { "arrivals-again" } else { "arrivals-dropped" };
    entry(ui, cx, key, &tr!(cx.text, key, n = format::count(dropped)), 10.0, |painter, mark| cross(painter, mark.center(), c.error.text));
    let about = tr!(cx.text, "arrivals-about");
    let galley = ui.painter().layout_no_wrap(about, Type::Body.at(12.5), c.text_3);
    if ui.available_width() > galley.size().x + space::S {
        let at = ui.available_rect_before_wrap().left_center() + vec2(space::XS, -galley.size().y / 2.0);
        ui.painter().galley(at, galley, c.text_3);
    }
}

fn stretch_ui(ui: &mut Ui, cx: &Cx<'_>, stretch: &mut Stretch) {
    let name = |stretch: Stretch| match stretch {
        Stretch::Auto => tr!(cx.text, "arrivals-stretch-auto"),
        Stretch::Last(secs) if secs >= 60 => tr!(cx.text, "arrivals-stretch-minutes", n = secs / 60),
        Stretch::Last(secs) => tr!(cx.text, "arrivals-stretch-last", n = secs),
        Stretch::Whole => tr!(cx.text, "arrivals-stretch-whole"),
    };
    let label = tr!(cx.text, "arrivals-stretch");
    let tip = tr!(cx.text, "arrivals-stretch-tip", now = name(*stretch));
    icon_menu(ui, cx.theme, icons::CLOCK, &label, &tip, |ui| {
        for choice in Stretch::ALL {
            if ui.selectable_label(choice == *stretch, name(choice)).clicked() {
                *stretch = choice;
            }
        }
    });
}
