//! The lesson beside the tiles: its steps, the text of the one at hand, what can be done for the reader, the question, and the checks.

use eframe::egui::{Align, Frame, Label, Layout, Margin, Panel as Side, RichText, ScrollArea, Stroke, Ui, vec2};

use crate::lesson::{LessonStep, Reveal};
use crate::tr;
use crate::ui::lesson_words::lesson_error;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::trial_words;
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::error_line;

use super::super::App;
use super::parts;
use super::prose::Prose;
use super::{Course, Told, Wish, question};

/// Its width beside the tiles: those of a window of 1440 points take their narrow layout, in which nothing is cut.
const WIDTH: f32 = 344.0;

impl App {
    /// Draws it at the right of the window.
    pub(in crate::ui::app) fn lesson_ui(&mut self, ui: &mut Ui) {
        let Some(mut course) = self.course.take() else { return };
        let mut wish = None;
        let c = &self.theme.colors;
        let frame = Frame::new().fill(c.panel).stroke(Stroke::new(1.0, c.line));
        Side::right("lesson").exact_size(WIDTH).frame(frame).resizable(false).show_separator_line(false).show(ui, |ui| {
            self.lesson_head_ui(ui, &course, &mut wish);
            self.lesson_foot_ui(ui, &course, &mut wish);
            let prose = Prose { theme: &self.theme, language: parts::language(&self.text), scale: 1.0 };
            ScrollArea::vertical().id_salt(("lesson", course.playing.step())).auto_shrink(false).show(ui, |ui| {
                Frame::new().inner_margin(Margin::symmetric(16, 10)).show(ui, |ui| {
                    ui.set_width(WIDTH - 34.0);
                    self.lesson_step_ui(ui, prose, &mut course, &mut wish);
                });
            });
        });
        self.course = Some(course);
        if let Some(wish) = wish {
            self.grant(&ui.ctx().clone(), wish);
        }
    }

    fn lesson_head_ui(&self, ui: &mut Ui, course: &Course, wish: &mut Option<Wish>) {
        let c = &self.theme.colors;
        let language = parts::language(&self.text);
        Side::top("lesson head").frame(Frame::new().inner_margin(Margin::symmetric(16, 8))).show_separator_line(true).show(ui, |ui| {
            ui.horizontal(|ui| {
                let lesson = course.playing.lesson();
                let title = language.of(&lesson.title);
                let title = match lesson.number {
                    0 => title.to_owned(),
                    number => tr!(self.text, "lesson-numbered", number = number, title = title),
                };
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = space::XS;
                    for (glyph, key, meant) in [
                        (icons::X, "lesson-close", Wish::Close),
                        (icons::EXPORT, "lesson-export", Wish::Export),
                        (icons::ARROWS_OUT, "lesson-present", Wish::Present),
                    ] {
                        let (name, tip) = (tr!(self.text, key), tr!(self.text, &format!("{key}-tip")));
                        if ButtonSpec::bare(glyph, &name, &tip).show(ui, &self.theme).clicked() {
                            *wish = Some(meant);
                        }
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let label = Label::new(RichText::new(&title).font(Type::Strong.font()).color(c.text_1)).truncate();
                        ui.add(label).on_hover_text(&title);
                    });
                });
            });
            ui.horizontal(|ui| {
                parts::dots(ui, &self.theme, &self.text, &course.playing, 1.0, wish);
            });
        });
    }

    fn lesson_foot_ui(&self, ui: &mut Ui, course: &Course, wish: &mut Option<Wish>) {
        Side::bottom("lesson foot").frame(Frame::new().inner_margin(Margin::symmetric(16, 8))).show_separator_line(true).show(ui, |ui| {
            ui.horizontal(|ui| {
                let (at, steps) = (course.playing.step(), course.playing.lesson().steps.len());
                self.step_button_ui(ui, "lesson-previous", icons::ARROW_LEFT, at > 0, Look::Plain, wish, Wish::Back);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let done = course.playing.is_done(at) && !matches!(course.playing.revealed(), Some(Reveal::Open | Reveal::UnderWay));
                    let look = if done && at + 1 < steps { Look::Primary } else { Look::Plain };
                    match course.next_lesson().filter(|_| at + 1 == steps) {
                        Some(next) => {
                            let look = if done { Look::Primary } else { Look::Plain };
                            let wanted = Wish::Lesson(next.id);
                            self.step_button_ui(ui, "lesson-next-lesson", icons::ARROW_RIGHT, true, look, wish, wanted);
                        }
                        None => self.step_button_ui(ui, "lesson-next", icons::ARROW_RIGHT, at + 1 < steps, look, wish, Wish::Forward),
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| self.place_ui(ui, at + 1, steps));
                });
            });
        });
    }

    /// Which step it is, in the words that fit between the buttons.
    fn place_ui(&self, ui: &mut Ui, n: usize, of: usize) {
        let (font, ink) = (Type::Caption.font(), self.theme.colors.text_2);
        let long = tr!(self.text, "lesson-step-of", n = n, of = of);
        let fits = ui.painter().layout_no_wrap(long.clone(), font.clone(), ink).size().x <= ui.available_width();
        let words = if fits { long } else { tr!(self.text, "lesson-step-short", n = n, of = of) };
        ui.label(RichText::new(words).font(font).color(ink));
    }

    #[expect(clippy::too_many_arguments, reason = "a button is all of these")]
    pub(super) fn step_button_ui(
        &self,
        ui: &mut Ui,
        key: &str,
        glyph: &str,
        enabled: bool,
        look: Look,
        wish: &mut Option<Wish>,
        meant: Wish,
    ) {
        let (name, tip) = (tr!(self.text, key), tr!(self.text, &format!("{key}-tip")));
        let ink = if look == Look::Primary { self.theme.colors.on_accent } else { self.theme.colors.text_1 };
        // An arrow points away from its words.
        let icon_last = matches!(meant, Wish::Forward | Wish::Lesson(_));
        let spec = ButtonSpec { enabled, look, icon_last, ..ButtonSpec::new(&name, &tip) };
        if spec.with_icon(glyph, ink).show(ui, &self.theme).clicked() {
            *wish = Some(meant);
        }
    }

    /// Everything of the step at hand.
    pub(super) fn lesson_step_ui(&self, ui: &mut Ui, prose: Prose<'_>, course: &mut Course, wish: &mut Option<Wish>) {
        let lesson = course.playing.lesson().clone();
        let Some(step) = lesson.steps.get(course.playing.step()) else { return };
        ui.spacing_mut().item_spacing.y = (6.0 * prose.scale).round();
        let title = RichText::new(prose.language.of(&step.title)).font(prose.font(Type::Title)).color(self.theme.colors.text_1);
        ui.add(Label::new(title).wrap());
        for need in &lesson.needs {
            if let Some(why) = crate::trial::missing(need) {
                error_line(ui, &self.theme, &tr!(self.text, "gallery-lacks", why = trial_words::lack(&self.text, &why)));
            }
        }
        if course.playing.step() == 0 && !course.is_experiment {
            prose.blocks(ui, lesson.intro(prose.language));
        }
        prose.blocks(ui, step.text(prose.language));
        if prose.scale == 1.0 {
            self.lesson_buttons_ui(ui, prose, step, course, wish);
        }
        let is_over = !matches!(course.playing.revealed(), Some(Reveal::Open | Reveal::UnderWay));
        let noticed = is_over && course.playing.is_done(course.playing.step());
        if let Some(left_out) = course.playing.left_out().filter(|_| !noticed) {
            let words = tr!(self.text, "lesson-left-out", n = left_out + 1);
            ui.add(Label::new(RichText::new(words).font(prose.font(Type::Caption)).color(self.theme.colors.text_2)).wrap());
        }
        if let Some(error) = &course.mistake {
            error_line(ui, &self.theme, &tr!(self.text, "lesson-mistake", error = lesson_error(&self.text, error)));
        }
        if let Some(problem) = &course.problem {
            error_line(ui, &self.theme, &problem.words(&self.text));
        }
        question::ui(ui, prose, &self.text, &mut course.playing, &mut course.draft, wish);
        if !step.expect.is_empty() {
            ui.separator();
            let head = RichText::new(tr!(self.text, "lesson-checks")).font(prose.font(Type::Strong)).color(self.theme.colors.text_1);
            ui.label(head);
            for (line, state) in step.expect.iter().zip(course.playing.checks()) {
                parts::check(ui, prose, &self.text, &line.to_string(), &state.verdict);
            }
        }
        // What to notice is told once there is something to see.
        if let Some(notice) = step.notice.as_ref().filter(|_| noticed) {
            ui.separator();
            ui.horizontal_top(|ui| {
                let glyph = RichText::new(icons::EYE).font(icons::font(16.0 * prose.scale)).color(self.theme.colors.accent);
                ui.label(glyph).on_hover_text(tr!(self.text, "lesson-notice"));
                ui.vertical(|ui| prose.line(ui, notice.spans(prose.language), Type::Body));
            });
        }
        let happened = matches!(course.playing.revealed(), Some(Reveal::Done(_)));
        let told = Told { step: course.playing.step(), happened, noticed };
        let came = |was: Told| was.step == told.step && ((!was.happened && told.happened) || (!was.noticed && told.noticed));
        if course.told.replace(told).is_some_and(came) {
            ui.scroll_to_cursor(Some(Align::BOTTOM));
        }
    }

    /// *Do it for me*: what the step's buttons do stands in their tooltips, as a script.
    pub(super) fn lesson_buttons_ui(&self, ui: &mut Ui, prose: Prose<'_>, step: &LessonStep, course: &Course, wish: &mut Option<Wish>) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, 6.0);
            for (at, button) in step.buttons.iter().enumerate() {
                let label = button.label.plain(prose.language);
                let lines = button.deeds.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
                let tip = tr!(self.text, "lesson-does", lines = lines);
                let done = course.playing.is_done(course.playing.step());
                let look = if at == 0 && step.predict.is_none() && !done { Look::Primary } else { Look::Plain };
                let ink = if look == Look::Primary { self.theme.colors.on_accent } else { self.theme.colors.text_1 };
                let spec = ButtonSpec { look, ..ButtonSpec::new(&label, &tip) };
                if spec.with_icon(icons::PLAY, ink).show(ui, &self.theme).clicked() {
                    *wish = Some(Wish::Press(at));
                }
            }
        });
        ui.set_min_height(size::CONTROL.min(ui.min_rect().height()));
    }
}
