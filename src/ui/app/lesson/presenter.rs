//! Presenter mode: the step as a class sees it. Larger type, only the panels that the step points at, and a ring where the pointer is.

use eframe::egui::emath::GuiRounding as _;
use eframe::egui::{
    Align, CentralPanel, Color32, Context, Frame, Id, Key, Label, LayerId, Layout, Margin, Modifiers, Order, Panel as Side, Rect, RichText,
    ScrollArea, Stroke, Ui, UiBuilder, pos2, vec2,
};

use crate::lesson::{Control, Reveal};
use crate::tr;
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::{Action, UiCommand};

use super::super::App;
use super::prose::Prose;
use super::{Course, Wish, lit, parts, question};

/// The zoom for a window that is so many points high: what fills a full HD screen when the lesson's type is the mock-up's.
const HEIGHT: f32 = 680.0;
/// The lesson's type against that of the tiles.
const SCALE: f32 = 1.31;
/// Of the window's width; the mock-up has 0.3, but its text is short.
const SIDE: f32 = 0.32;
/// Heights of the mock-up's bars, in the larger points.
const BAR: f32 = 44.0;
const FOOT: f32 = 58.0;
/// The ring round the pointer.
const POINTER: f32 = 18.0;
/// The dots of the steps against those beside the tiles.
const DOTS: f32 = 1.2;
/// What *measured* and *derived* need in the foot.
const LEGEND: f32 = 170.0;
/// Panels of one step at most.
const MOST: usize = 2;

/// Of the panel above, where there are two.
const SHARE: f32 = 0.64;

/// Presenter mode as it is on.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui::app) struct Presenting {
    /// The zoom from before it.
    pub before: f32,
    /// The window's height that the zoom was fitted to, in points at zoom 1.
    height: f32,
}

/// In or out; the zoom from before comes back.
pub(super) fn toggle(ctx: &Context, course: &mut Course) {
    match course.presenter.take() {
        Some(presenting) => ctx.set_zoom_factor(presenting.before),
        None => course.presenter = Some(Presenting { before: ctx.zoom_factor(), height: 0.0 }),
    }
    ctx.request_repaint();
}

/// Zooms so that the page fills the window: when it begins, and when the window's size changes. In between the person may zoom.
fn fit(ctx: &Context, presenting: &mut Presenting) {
    let height = ctx.content_rect().height() * ctx.zoom_factor();
    if (height - presenting.height).abs() > 1.0 {
        presenting.height = height;
        ctx.set_zoom_factor((height / HEIGHT).clamp(1.0, 4.0));
        ctx.request_repaint();
    }
}

/// The panels of a step that a class looks at; those for one's own hands stay away.
fn shown(controls: &[Control]) -> Vec<&'static str> {
    let mut panels: Vec<&str> = Vec::new();
    for control in controls {
        match lit::panel(*control) {
            Some("lab" | "inspector" | "composer") | None => {}
            Some(panel) if panels.contains(&panel) => {}
            Some(panel) => panels.push(panel),
        }
    }
    panels.truncate(MOST);
    if panels.is_empty() {
        panels.push("stage");
    }
    // What moves stands above what it leaves behind.
    panels.sort_by_key(|panel| !matches!(*panel, "stage" | "backlog"));
    panels
}

impl App {
    /// The whole window.
    pub(in crate::ui::app) fn presenter_ui(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let Some(mut course) = self.course.take() else { return };
        let mut wish = None;
        let ctx = ui.ctx().clone();
        if let Some(presenting) = &mut course.presenter {
            fit(&ctx, presenting);
        }
        let c = self.theme.colors.clone();
        if self.modal.is_none() && self.palette.is_none() && ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
            wish = Some(Wish::Present);
        }
        let bar = Frame::new().fill(c.panel).inner_margin(Margin::symmetric(16, 0));
        let side = (ui.max_rect().width() * SIDE).clamp(300.0, 460.0).round();
        Side::top("presenter bar").exact_size(BAR).frame(bar).resizable(false).show(ui, |ui| {
            self.presenter_bar_ui(ui, &course, &mut wish, actions);
        });
        Side::bottom("presenter foot").exact_size(FOOT).frame(bar).resizable(false).show(ui, |ui| {
            self.presenter_foot_ui(ui, &course, &mut wish, actions);
        });
        let text = Frame::new().fill(c.panel).inner_margin(Margin::symmetric(20, 12));
        Side::right("presenter text").exact_size(side).frame(text).resizable(false).show(ui, |ui| {
            let prose = Prose { theme: &self.theme, language: parts::language(&self.text), scale: SCALE };
            ScrollArea::vertical().id_salt(("presenter", course.playing.step())).auto_shrink(false).show(ui, |ui| {
                ui.set_width(side - 42.0);
                self.lesson_step_ui(ui, prose, &mut course, &mut wish);
            });
        });
        let panels = shown(course.points_at());
        self.course = Some(course);
        CentralPanel::no_frame().frame(Frame::new().fill(c.stage)).show(ui, |ui| self.presented_ui(ui, &panels, actions));
        pointer(&ctx, c.accent);
        if let Some(wish) = wish {
            self.grant(&ctx, wish);
        }
    }

    fn presenter_bar_ui(&mut self, ui: &mut Ui, course: &Course, wish: &mut Option<Wish>, actions: &mut Vec<Action>) {
        let c = self.theme.colors.clone();
        let large = |words: String, style: Type, ink| RichText::new(words).font(style.at(16.0)).color(ink);
        let bar = ui.max_rect();
        let (lesson, at) = (course.playing.lesson().clone(), course.playing.step());
        let steps = lesson.steps.len();
        // The steps stand in the middle of the bar, wherever the words beside them end.
        let says = tr!(self.text, "lesson-step-of", n = at + 1, of = steps);
        let says_width = ui.painter().layout_no_wrap(says.clone(), Type::Body.at(16.0), c.text_2).size().x;
        let dots_width = steps as f32 * (16.0 * DOTS + space::XS);
        let middle = Rect::from_center_size(bar.center(), vec2(dots_width + space::L + says_width, bar.height())).round();
        let side = |left: f32, right: f32| Rect::from_min_max(pos2(left, bar.top()), pos2(right, bar.bottom()));
        let builder = |rect: Rect, layout: Layout| UiBuilder::new().max_rect(rect).layout(layout);
        ui.scope_builder(builder(side(bar.left(), middle.left() - space::M), Layout::left_to_right(Align::Center)), |ui| {
            let (name, tip) = (tr!(self.text, "shell-menu"), tr!(self.text, "shell-menu-tip"));
            let button = ButtonSpec::bare(icons::LIST, &name, &tip).show(ui, &self.theme);
            self.menu_ui(&button, actions);
            let title = parts::language(&self.text).of(&lesson.title).to_owned();
            ui.add(Label::new(large(title.clone(), Type::Strong, c.text_1)).truncate()).on_hover_text(title);
        });
        ui.scope_builder(builder(middle, Layout::left_to_right(Align::Center)), |ui| {
            ui.allocate_ui_with_layout(vec2(dots_width, 24.0), Layout::left_to_right(Align::Center), |ui| {
                parts::dots(ui, &self.theme, &self.text, &course.playing, DOTS, wish);
            });
            ui.label(large(says, Type::Body, c.text_2));
        });
        ui.scope_builder(builder(side(middle.right() + space::M, bar.right()), Layout::right_to_left(Align::Center)), |ui| {
            let (name, tip) = (tr!(self.text, "lesson-leave"), tr!(self.text, "lesson-leave-tip"));
            if ButtonSpec::bare(icons::X, &name, &tip).show(ui, &self.theme).clicked() {
                *wish = Some(Wish::Present);
            }
            if self.frozen.is_some() {
                // The moment stands in the picture, on the clock of the clients.
                ui.add(Label::new(large(tr!(self.text, "lesson-frozen"), Type::Body, c.text_2)).truncate());
            }
        });
    }

    fn presenter_foot_ui(&self, ui: &mut Ui, course: &Course, wish: &mut Option<Wish>, actions: &mut Vec<Action>) {
        let lesson = course.playing.lesson();
        let (at, steps) = (course.playing.step(), lesson.steps.len());
        let prose = Prose { theme: &self.theme, language: parts::language(&self.text), scale: SCALE };
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = space::M;
            large_buttons(ui);
            self.step_button_ui(ui, "lesson-previous", icons::ARROW_LEFT, at > 0, Look::Plain, wish, Wish::Back);
            if let Some(step) = lesson.steps.get(at) {
                self.lesson_buttons_ui(ui, prose, step, course, wish);
                if let (Some(predict), Some(reveal)) = (&step.predict, course.playing.revealed()) {
                    question::reveal_ui(ui, prose, &self.text, predict, reveal, wish);
                }
            }
            let key = if self.frozen.is_some() { "lesson-go-on" } else { "lesson-freeze" };
            let (label, tip) = (tr!(self.text, key), self.tip(ui.ctx(), UiCommand::Freeze));
            let look = if self.frozen.is_some() { Look::On } else { Look::Plain };
            let freeze = ButtonSpec { look, ..ButtonSpec::new(&label, &tip) };
            if freeze.with_icon(icons::PAUSE, self.theme.colors.text_1).show(ui, &self.theme).clicked() {
                actions.push(Action::Ui(UiCommand::Freeze));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                large_buttons(ui);
                let over = !matches!(course.playing.revealed(), Some(Reveal::Open | Reveal::UnderWay));
                let look = if over && course.playing.is_done(at) && at + 1 < steps { Look::Primary } else { Look::Plain };
                self.step_button_ui(ui, "lesson-next", icons::ARROW_RIGHT, at + 1 < steps, look, wish, Wish::Forward);
                if ui.available_width() > LEGEND {
                    ui.add_space(space::S);
                    self.legend_ui(ui, Type::Body);
                }
            });
        });
    }

    /// The panels of the step, one below the other, without heads.
    fn presented_ui(&mut self, ui: &mut Ui, panels: &[&'static str], actions: &mut Vec<Action>) {
        let whole = ui.max_rect().round_ui();
        let share = if panels.len() > 1 { SHARE } else { 1.0 };
        // Whole points: panels begin on pixels that are theirs alone.
        let (above, below) = whole.split_top_bottom_at_y((whole.top() + whole.height() * share).round());
        for (id, rect) in panels.iter().zip([above, below.with_min_y(below.top() + 1.0)]) {
            let mut part = ui.new_child(UiBuilder::new().id_salt(("presented", id)).max_rect(rect));
            part.set_clip_rect(rect);
            part.painter().rect_filled(rect, 0.0, self.theme.colors.panel);
            self.panel_ui(&mut part, id, actions);
        }
    }
}

fn large_buttons(ui: &mut Ui) {
    ui.spacing_mut().interact_size.y = 36.0;
    ui.spacing_mut().button_padding = vec2(14.0, 8.0);
}

/// A ring where the pointer is, bright while a button is held.
fn pointer(ctx: &Context, accent: Color32) {
    let Some(at) = ctx.pointer_latest_pos() else { return };
    let painter = ctx.layer_painter(LayerId::new(Order::Tooltip, Id::unique("presenter pointer")));
    let held = ctx.input(|i| i.pointer.any_down());
    painter.circle_filled(at, POINTER, accent.gamma_multiply(if held { 0.35 } else { 0.14 }));
    painter.circle_stroke(at, POINTER, Stroke::new(2.5, accent.gamma_multiply(if held { 1.0 } else { 0.7 })));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_sees_what_the_step_points_at() {
        assert_eq!(shown(&[Control::Arrivals, Control::Theatre, Control::AcceptPause]), ["backlog", "arrivals"]);
        assert_eq!(shown(&[Control::Inspector, Control::Send]), ["stage"]);
        assert_eq!(shown(&[Control::Arrivals, Control::QueuePlot, Control::Stage, Control::Plots]), ["stage", "arrivals"]);
    }
}
