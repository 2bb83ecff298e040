//! What lesson panel and presenter mode share: the dots of the steps, and a check in words.

use eframe::egui::{Label, RichText, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, vec2};

use crate::lesson::Playing;
use crate::tr;
use crate::trial::Verdict;
use crate::ui::theme::{Theme, Type, icons, radius, space};
use crate::ui::widget::controls::focus_ring;
use crate::ui::{Text, trial_words};

use super::Wish;
use super::prose::Prose;

/// One mark a step: done ones are full, the one at hand is a square, those to come are hollow. A click goes there.
pub(super) fn dots(ui: &mut Ui, theme: &Theme, text: &Text, playing: &Playing, scale: f32, wish: &mut Option<Wish>) {
    let steps = playing.lesson().steps.len();
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(space::XS);
        ui.horizontal_wrapped(|ui| {
            for at in 0..steps {
                dot(ui, theme, text, playing, at, scale, wish);
            }
        });
    });
}

fn dot(ui: &mut Ui, theme: &Theme, text: &Text, playing: &Playing, at: usize, scale: f32, wish: &mut Option<Wish>) {
    let (c, steps) = (&theme.colors, playing.lesson().steps.len());
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(16.0 * scale), Sense::click());
    let title = Prose { theme, language: language(text), scale }.language.of(&playing.lesson().steps[at].title).to_owned();
    let name = tr!(text, "lesson-dot", n = at + 1, of = steps, title = title);
    let is_here = at == playing.step();
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_here, &name));
    let painter = ui.painter();
    if is_here {
        let square = eframe::egui::Rect::from_center_size(rect.center(), Vec2::splat(12.0 * scale));
        painter.rect_filled(square, radius::CHIP, c.accent);
    } else if at < playing.step() || playing.is_done(at) {
        painter.circle_filled(rect.center(), 5.0 * scale, c.accent);
    } else {
        painter.circle_stroke(rect.center(), 4.4 * scale, Stroke::new(1.3 * scale, c.line_strong));
    }
    focus_ring(ui, theme, &response);
    if response.on_hover_text(name).clicked() {
        *wish = Some(Wish::Go(at));
    }
}

/// The language of lessons that fits the window's.
pub(in crate::ui::app) fn language(text: &Text) -> crate::lesson::Language {
    match text.language() {
        crate::ui::Language::English => crate::lesson::Language::En,
        crate::ui::Language::Chinese => crate::lesson::Language::Zh,
    }
}

/// A check: its state as a sign and in words, the line as it is written, and what is seen instead.
pub(super) fn check(ui: &mut Ui, prose: Prose<'_>, text: &Text, line: &str, verdict: &Verdict) {
    let c = &prose.theme.colors;
    let (glyph, ink, key) = match verdict {
        Verdict::Held { .. } => (icons::CHECK_CIRCLE, c.running.text, "lesson-check-held"),
        Verdict::Pending => (icons::HOURGLASS, c.text_2, "lesson-check-pending"),
        Verdict::Failed { .. } => (icons::CIRCLE, c.text_2, "lesson-check-failed"),
        Verdict::Unknown { .. } => (icons::QUESTION, c.waiting.text, "lesson-check-unknown"),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let font =
            if matches!(verdict, Verdict::Held { .. }) { icons::font_fill(16.0 * prose.scale) } else { icons::font(16.0 * prose.scale) };
        let (sign, _) = ui.allocate_exact_size(vec2(16.0, 18.0) * prose.scale, Sense::hover());
        ui.painter().text(sign.center(), eframe::egui::Align2::CENTER_CENTER, glyph, font, ink);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            ui.add(Label::new(RichText::new(line).font(prose.font(Type::Data)).color(c.text_1)).wrap());
            let seen = match verdict {
                Verdict::Failed { seen, .. } => trial_words::seen(text, seen),
                Verdict::Unknown { why } => trial_words::untold(text, why),
                Verdict::Held { .. } | Verdict::Pending => String::new(),
            };
            let words = tr!(text, key, seen = seen);
            ui.add(Label::new(RichText::new(words).font(prose.font(Type::Caption)).color(ink)).wrap());
        });
    });
}
