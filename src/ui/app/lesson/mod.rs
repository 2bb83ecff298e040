//! The lesson or experiment that is given in this window: which one, its step, and what people typed but did not send. It drives
//! `lesson::Playing` once a frame: deeds go to the engine like what a person presses. It judges nothing itself.

pub(super) mod card;
mod follow;
pub(super) mod gallery;
mod guided;
mod lit;
mod panel;
mod parts;
mod plot;
mod presenter;
mod prose;
mod question;
mod wording;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use eframe::egui::Context;

use crate::engine::Command;
use crate::insight::Insight;
use crate::lab::{EndpointId, Side};
use crate::lesson::{Control, Day, Lesson, LessonError, Playing, Refusal, Reveal, SHIPPED_LESSONS, ShippedLesson, Turn, Watched, report};
use crate::script::Deed;
use crate::tr;
use crate::trial::{Scene, Shipped, Verdict, carry_out};
use crate::ui::lesson_words::lesson_error;
use crate::ui::{Selection, Text, trial_words};

use super::act::Starting;
use super::file_flow::{Then, file_name};
use super::files::Content;
use super::layout::Room;
use super::modal::Modal;
use super::{App, Said};

pub(super) use lit::Lights;
pub(super) use parts::language;

use follow::Follow;

/// How soon to look again while something is under way.
const SOON: Duration = Duration::from_millis(50);
/// How soon while a check is open: its time may end without a snapshot.
const LATER: Duration = Duration::from_millis(250);
/// Deeds of one frame at most.
const AT_ONCE: usize = 64;

/// See the module.
pub(super) struct Course {
    pub playing: Playing,
    /// An experiment, shown as a lesson of its steps.
    pub is_experiment: bool,
    begun: Instant,
    /// Of a lesson of somebody's own: its folder, and why the files in it are no lesson now.
    files: Option<Follow>,
    pub mistake: Option<LessonError>,
    /// What is typed as an answer.
    pub draft: question::Draft,
    /// What went wrong last.
    pub problem: Option<Problem>,
    pub presenter: Option<presenter::Presenting>,
    /// The step whose controls were brought to sight, and in which room: the lesson itself makes it narrower.
    at: Option<(usize, Room)>,
    /// How much of the step at hand was told in the last frame: what comes new is scrolled to.
    told: Option<Told>,
}

/// What went wrong while a lesson is given.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Problem {
    /// A deed was not done.
    Refused(Refusal),
    /// Its files are not followed: the system gave no thread. In its own words.
    NotFollowed(String),
}

impl Problem {
    /// In the person's language.
    fn words(&self, text: &Text) -> String {
        match self {
            Self::Refused(why) => trial_words::refusal(text, why),
            Self::NotFollowed(said) => tr!(text, "shell-file-thread", said = said.as_str()),
        }
    }
}

/// What of a step comes after something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    step: usize,
    happened: bool,
    noticed: bool,
}

/// What a person wants of the panel; carried out after it was drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    Go(usize),
    Forward,
    /// Another lesson.
    Lesson(&'static str),
    Back,
    Press(usize),
    Reveal,
    AskAgain,
    Present,
    Export,
    Close,
}

impl Course {
    fn new(lesson: Lesson, is_experiment: bool) -> Self {
        Self {
            playing: Playing::new(Arc::new(lesson)),
            is_experiment,
            begun: Instant::now(),
            files: None,
            mistake: None,
            draft: question::Draft::default(),
            problem: None,
            presenter: None,
            at: None,
            told: None,
        }
    }

    /// What the step at hand points at.
    fn points_at(&self) -> &[Control] {
        self.playing.lesson().steps.get(self.playing.step()).map_or(&[], |step| &step.points_at)
    }

    /// What the step at hand does for the reader: its buttons, then its question.
    fn deeds(&self) -> impl Iterator<Item = &Deed> {
        let step = self.playing.lesson().steps.get(self.playing.step());
        let buttons = step.into_iter().flat_map(|step| step.buttons.iter().flat_map(|button| &button.deeds));
        buttons.chain(step.and_then(|step| step.predict.as_ref()).into_iter().flat_map(|predict| &predict.deeds))
    }

    /// The shipped lesson that comes after this shipped lesson.
    fn next_lesson(&self) -> Option<ShippedLesson> {
        let at = SHIPPED_LESSONS.iter().position(|shipped| shipped.id == self.playing.lesson().id)?;
        SHIPPED_LESSONS.get(at + 1).copied().filter(|_| !self.is_experiment && self.files.is_none())
    }

    fn is_waiting(&self) -> bool {
        self.playing.revealed() == Some(&Reveal::UnderWay)
            || self.playing.checks().any(|check| !matches!(check.verdict, Verdict::Held { .. }))
    }
}

impl App {
    /// A shipped lesson takes the place of the lab. Nothing is started.
    pub(super) fn open_lesson(&mut self, ctx: &Context, id: &str) {
        match ShippedLesson::find(id).map(ShippedLesson::lesson) {
            Some(Ok(lesson)) => self.give(ctx, lesson, false),
            Some(Err(error)) => self.modal = Some(Modal::Problem(lesson_error(&self.text, &error))),
            None => {}
        }
    }

    /// A lesson of somebody's own takes the place of the lab; its files are followed.
    pub(super) fn open_own_lesson(&mut self, ctx: &Context, lesson: Lesson, watched: Watched) {
        self.give(ctx, lesson, false);
        // Its lab is a stranger's until somebody agrees to what it does on the network.
        self.trust = super::trust::Trust::opened(self.doc.lab());
        if let Some(course) = &mut self.course {
            match Follow::start(ctx, watched) {
                Ok(follow) => course.files = Some(follow),
                Err(error) => course.problem = Some(Problem::NotFollowed(error.to_string())),
            }
        }
    }

    /// A shipped experiment takes the place of the lab. Nothing is started.
    pub(super) fn open_experiment(&mut self, ctx: &Context, id: &str) {
        match Shipped::find(id).map(Shipped::lab) {
            Some(Ok(lab)) => self.give(ctx, guided::lesson(lab), true),
            Some(Err(error)) => self.modal = Some(Modal::Problem(crate::ui::failure_words::lab_error(&self.text, &error))),
            None => {}
        }
    }

    fn give(&mut self, ctx: &Context, lesson: Lesson, is_experiment: bool) {
        self.close_lesson(ctx);
        self.gallery = None;
        self.replace_lab(lesson.lab.clone(), None);
        // What a screen reader sees is where controls are found that a step points at.
        ctx.enable_accesskit();
        self.course = Some(Course::new(lesson, is_experiment));
        self.said = Said::Key(if is_experiment { "lesson-experiment-opened" } else { "lesson-opened" });
        ctx.request_repaint();
    }

    /// The lab stays as it is.
    pub(super) fn close_lesson(&mut self, ctx: &Context) {
        if let Some(Course { presenter: Some(presenting), .. }) = self.course.take() {
            ctx.set_zoom_factor(presenting.before);
        }
        lit::want(ctx, &[]);
    }

    /// Carries out what the lesson has under way, and looks at its checks.
    pub(super) fn teach(&mut self, ctx: &Context, said: &[Insight]) {
        let Some(mut course) = self.course.take() else { return };
        self.reread(&mut course);
        for _ in 0..AT_ONCE {
            let now = course.begun.elapsed();
            let scene = Scene { lab: self.doc.lab(), snapshot: &self.live, said };
            match course.playing.turn(now, scene, &self.live) {
                Turn::Do(deed) => {
                    let mut lab = self.doc.lab().clone();
                    match carry_out(&deed, &mut lab, &self.live) {
                        Ok(commands) => match self.lead(lab, commands) {
                            Ok(()) => course.problem = None,
                            Err(why) => refuse(&mut course, why),
                        },
                        Err(error) => refuse(&mut course, Refusal::Deed { deed, error: Arc::new(error) }),
                    }
                }
                Turn::Wait => {
                    ctx.request_repaint_after(SOON);
                    break;
                }
                Turn::Rest => {
                    if course.is_waiting() {
                        ctx.request_repaint_after(LATER);
                    }
                    break;
                }
            }
        }
        let at = (course.playing.step(), self.layouts.room());
        if course.at != Some(at) {
            if course.at.is_none_or(|(step, _)| step != at.0) {
                course.draft = question::Draft::default();
            }
            course.at = Some(at);
            lit::want(ctx, course.points_at());
            if course.presenter.is_none() {
                self.bring_to_sight(&course);
            }
            ctx.request_repaint();
        }
        self.course = Some(course);
    }

    /// Takes what was read of files that were saved; the lesson goes on at its step.
    fn reread(&mut self, course: &mut Course) {
        match course.files.as_ref().and_then(Follow::read) {
            Some(Ok(lesson)) => {
                if lesson.lab_text != course.playing.lesson().lab_text {
                    self.said = Said::Key("lesson-lab-saved");
                }
                course.mistake = None;
                course.playing.reread(Arc::new(*lesson));
                course.at = None;
            }
            Some(Err(error)) => course.mistake = Some(error),
            None => {}
        }
    }

    /// What a deed asks for: a changed lab, and commands. What other machines would notice is asked about first.
    fn lead(&mut self, lab: crate::lab::Lab, commands: Vec<Command>) -> Result<(), Refusal> {
        let starts: Vec<_> = commands.iter().filter_map(started).collect();
        let risks = self.trust.questions(&lab, starts.iter().copied());
        if !risks.is_empty() {
            self.modal = Some(Modal::Network { starts: starts.into_iter().map(Starting::new).collect(), risks });
            return Err(Refusal::AsksFirst);
        }
        if lab != *self.doc.lab() {
            self.sessions.led(self.doc.lab(), &lab);
            self.doc.led(lab);
        }
        for id in starts {
            // It is then as if the person had started it.
            let _its_own_command = self.sessions.start(self.doc.lab(), id);
        }
        commands.into_iter().for_each(|command| self.tell(command));
        Ok(())
    }

    /// Shows the work space and the tabs of what a step points at, and selects what the inspector is to be about: whom the step's deeds
    /// name.
    fn bring_to_sight(&mut self, course: &Course) {
        let spots: Vec<_> = course.points_at().iter().map(|control| lit::spots(*control)).filter(|spots| !spots.is_empty()).collect();
        let side = self.layouts.reveal(&spots).into_iter().flatten().find_map(|spot| spot.side);
        let lab = self.doc.lab();
        let fits = |id: EndpointId| match side {
            Some(Side::Server) | None => lab.server(id).is_some(),
            Some(Side::Client) => lab.client(id).is_some(),
        };
        let names: Vec<&str> = course.deeds().flat_map(Deed::names).collect();
        let id_of = |name: &str| lab.names().find(|(_, known)| *known == name).map(|(id, _)| id);
        let named: Vec<EndpointId> = names.into_iter().filter_map(id_of).filter(|id| fits(*id)).collect();
        // Where nobody is named, any of the side will do; where no side is, what is selected.
        let any = || lab.names().map(|(id, _)| id).find(|id| fits(*id));
        let is_right =
            self.selection.endpoint().is_some_and(|id| if named.is_empty() { fits(id) || side.is_none() } else { named.contains(&id) });
        if let Some(id) = named.first().copied().or_else(any).filter(|_| !is_right) {
            self.selection = Selection::Endpoint(id);
        }
    }

    /// Rings round what the step points at.
    pub(super) fn lights_ui(&mut self, ui: &eframe::egui::Ui) {
        if self.course.is_none() {
            return;
        }
        // Over the tiles, under menus and questions.
        let layer = eframe::egui::LayerId::new(eframe::egui::Order::Middle, eframe::egui::Id::unique("lesson lights"));
        let painter = eframe::egui::Painter::new(ui.ctx().clone(), layer, ui.max_rect().with_min_y(0.0));
        lit::ui(ui.ctx(), &painter, &self.theme, &self.text, &mut self.layouts);
    }

    pub(super) fn grant(&mut self, ctx: &Context, wish: Wish) {
        let Some(course) = &mut self.course else { return };
        match wish {
            Wish::Go(step) => drop(course.playing.go(step)),
            Wish::Forward => drop(course.playing.forward()),
            // What is unsaved is asked about first.
            Wish::Lesson(id) => self.leave_lab(ctx, Then::Lesson(id)),
            Wish::Back => drop(course.playing.back()),
            Wish::Press(button) => drop(course.playing.press(button)),
            Wish::Reveal => drop(course.playing.reveal()),
            Wish::AskAgain => course.playing.ask_again(),
            Wish::Present => presenter::toggle(ctx, course),
            Wish::Export => self.export_lesson(ctx),
            Wish::Close => self.close_lesson(ctx),
        }
        ctx.request_repaint();
    }

    /// Answers, checks, plots and the lab as one page.
    fn export_lesson(&mut self, ctx: &Context) {
        let Some(course) = &self.course else { return };
        let outcome = course.playing.outcome(self.doc.lab(), Some(Day::of(SystemTime::now())));
        let name = format!("{}.html", file_name(&outcome.id));
        self.save_export(ctx, name, Content::Text(report::html(&outcome, language(&self.text), &wording::Both::new())));
    }
}

fn refuse(course: &mut Course, why: Refusal) {
    course.playing.refused(why.clone());
    course.problem = Some(Problem::Refused(why));
}

fn started(command: &Command) -> Option<EndpointId> {
    if let Command::Start(spec) | Command::Restart(spec) = command { Some(spec.id()) } else { None }
}
