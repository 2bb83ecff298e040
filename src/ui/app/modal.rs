//! Questions over the window: unsaved changes, a path where no file dialog exists, replacing a file, what a strange lab may do
//! on the network, what went wrong.
//! Escape is always the way out that loses nothing.

use std::path::PathBuf;

use eframe::egui::{self, Align, Color32, Context, Frame, Id, Key, Label, Layout, Margin, RichText, ScrollArea, Stroke, Ui};

use crate::tr;
use crate::ui::Action;
use crate::ui::theme::{Type, radius, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{FieldSpec, error_line};

use super::App;
use super::act::Starting;
use super::file_flow::Then;
use super::files::{Ask, Content, Job, Place};
use super::trust::{Risk, RiskKind};

/// Width of a question in points.
const WIDTH: f32 = 440.0;

/// What is asked.
pub(super) enum Modal {
    Unsaved(Then),
    Path(PathPrompt),
    Replace {
        path: PathBuf,
        content: Content,
        then: Then,
    },
    /// A lab from a file is started and other machines would notice.
    Network {
        starts: Vec<Starting>,
        risks: Vec<Risk>,
    },
    Problem(String),
}

/// Typing a path.
pub(super) struct PathPrompt {
    ask: Ask,
    typed: String,
    /// What is to be written; taken while it is tried.
    content: Option<Content>,
    then: Then,
    problem: Option<String>,
    fresh: bool,
}

impl PathPrompt {
    /// The path was tried and refused.
    pub fn refused(&mut self, words: String, content: Option<Content>, then: Then) {
        (self.problem, self.content, self.then, self.fresh) = (Some(words), content, then, true);
    }
}

impl Modal {
    pub fn path_prompt(ask: Ask, content: Option<Content>, then: Then) -> Self {
        let typed = match &ask {
            Ask::Open => String::new(),
            Ask::Save { name } => std::env::current_dir().unwrap_or_default().join(name).display().to_string(),
        };
        Self::Path(PathPrompt { ask, typed, content, then, problem: None, fresh: true })
    }
}

/// What a frame of a question decided.
enum Choice {
    Stay,
    Cancel,
    Save(Then),
    Discard(Then),
    Try(PathBuf),
    Replace,
    Agree,
}

impl App {
    pub(super) fn modal_ui(&mut self, ctx: &Context, _actions: &mut Vec<Action>) {
        let Some(mut modal) = self.modal.take() else { return };
        let c = &self.theme.colors;
        let frame = Frame::new()
            .fill(c.raised)
            .stroke(Stroke::new(1.0, c.line_control))
            .corner_radius(radius::CARD)
            .inner_margin(Margin::same(space::L as i8));
        let shown = egui::Modal::new(Id::unique("question")).frame(frame).backdrop_color(Color32::from_black_alpha(120)).show(ctx, |ui| {
            ui.set_width(WIDTH.min(ctx.content_rect().width() - 2.0 * space::XL));
            match &mut modal {
                Modal::Unsaved(then) => self.unsaved_ui(ui, then),
                Modal::Path(prompt) => self.path_ui(ui, prompt),
                Modal::Replace { path, .. } => self.replace_ui(ui, path),
                Modal::Network { risks, .. } => self.network_ui(ui, risks),
                Modal::Problem(words) => self.problem_ui(ui, words),
            }
        });
        let choice = if matches!(shown.inner, Choice::Stay) && shown.should_close() { Choice::Cancel } else { shown.inner };
        self.choose(ctx, modal, choice);
    }

    fn choose(&mut self, ctx: &Context, mut modal: Modal, choice: Choice) {
        match choice {
            Choice::Stay => self.modal = Some(modal),
            Choice::Cancel => {}
            Choice::Save(then) => self.save_lab(ctx, then),
            Choice::Discard(then) => self.go_on(ctx, then),
            Choice::Try(path) => {
                if let Modal::Path(prompt) = &mut modal {
                    let place = Place::Path { path, replace: false };
                    let job = match prompt.content.take() {
                        Some(content) => Job::Save(place, content),
                        None => Job::Open(place),
                    };
                    let then = std::mem::take(&mut prompt.then);
                    // It stays until the file was read or written, so that a refusal keeps what was typed.
                    self.modal = Some(modal);
                    self.start_job(ctx, job, then);
                }
            }
            Choice::Agree => {
                if let Modal::Network { starts, risks } = modal {
                    self.start_agreed(&starts, &risks);
                }
            }
            Choice::Replace => {
                if let Modal::Replace { path, content, then } = modal {
                    self.start_job(ctx, Job::Save(Place::Path { path, replace: true }, content), then);
                }
            }
        }
    }

    fn head(&self, ui: &mut Ui, title: &str, words: &str) {
        ui.label(RichText::new(title).font(Type::Title.font()).color(self.theme.colors.text_1));
        ui.add_space(space::XS);
        if !words.is_empty() {
            ui.add(Label::new(RichText::new(words).font(Type::Body.font()).color(self.theme.colors.text_2)).wrap());
        }
        ui.add_space(space::S);
    }

    fn unsaved_ui(&self, ui: &mut Ui, then: &Then) -> Choice {
        self.head(ui, &tr!(self.text, "shell-unsaved-title", name = self.lab_name()), &tr!(self.text, "shell-unsaved-words"));
        self.buttons(
            ui,
            &[
                ("shell-save", "shell-save-tip", Look::Primary, true),
                ("shell-discard", "shell-discard-tip", Look::Plain, true),
                ("shell-cancel", "shell-cancel-tip", Look::Plain, true),
            ],
            |n| match n {
                0 => Choice::Save(then.clone()),
                1 => Choice::Discard(then.clone()),
                _ => Choice::Cancel,
            },
        )
    }

    fn replace_ui(&self, ui: &mut Ui, path: &std::path::Path) -> Choice {
        self.head(ui, &tr!(self.text, "shell-replace-title"), &tr!(self.text, "shell-replace-words", path = path.display().to_string()));
        self.buttons(
            ui,
            &[("shell-replace", "shell-replace-tip", Look::Primary, true), ("shell-cancel", "shell-cancel-tip", Look::Plain, true)],
            |n| if n == 0 { Choice::Replace } else { Choice::Cancel },
        )
    }

    fn network_ui(&self, ui: &mut Ui, risks: &[Risk]) -> Choice {
        let listens = risks.iter().any(|r| r.kind == RiskKind::Listen);
        let (title, act, tip) = if listens {
            ("shell-network-title", "shell-network-listen", "shell-network-listen-tip")
        } else {
            ("shell-network-flood-title", "shell-network-send", "shell-network-send-tip")
        };
        self.head(ui, &tr!(self.text, title), "");
        for (kind, key) in [(RiskKind::Listen, "shell-network-words"), (RiskKind::Flood, "shell-network-flood-words")] {
            let of_kind: Vec<&Risk> = risks.iter().filter(|r| r.kind == kind).collect();
            if of_kind.is_empty() {
                continue;
            }
            let words = RichText::new(tr!(self.text, key)).font(Type::Body.font()).color(self.theme.colors.text_2);
            ui.add(Label::new(words).wrap());
            ScrollArea::vertical().id_salt(key).max_height(120.0).show(ui, |ui| {
                for risk in of_kind {
                    let name = self.doc.lab().names().find(|(id, _)| *id == risk.id).map_or("", |(_, name)| name);
                    let line = tr!(self.text, "shell-network-line", name = name, address = risk.address.to_string());
                    ui.add(Label::new(RichText::new(line).font(Type::Data.font()).color(self.theme.colors.text_1)).wrap());
                }
            });
            ui.add_space(space::S);
        }
        self.buttons(ui, &[(act, tip, Look::Primary, true), ("shell-cancel", "shell-network-cancel-tip", Look::Plain, true)], |n| {
            if n == 0 { Choice::Agree } else { Choice::Cancel }
        })
    }

    fn problem_ui(&self, ui: &mut Ui, words: &str) -> Choice {
        self.head(ui, &tr!(self.text, "shell-problem-title"), "");
        error_line(ui, &self.theme, words);
        ui.add_space(space::S);
        self.buttons(ui, &[("shell-close", "shell-close-tip", Look::Primary, true)], |_| Choice::Cancel)
    }

    fn path_ui(&self, ui: &mut Ui, prompt: &mut PathPrompt) -> Choice {
        let (title, name, act) = match prompt.ask {
            Ask::Open if prompt.then == Then::Packets => ("composer-import-title", "shell-path-open", "composer-import"),
            Ask::Open => ("shell-dialog-open", "shell-path-open", "shell-open"),
            Ask::Save { .. } if matches!(prompt.content, Some(Content::Recording(_))) => {
                ("traffic-record-title", "shell-path-save", "traffic-record-start")
            }
            Ask::Save { .. } => ("shell-dialog-save", "shell-path-save", "shell-save"),
        };
        self.head(ui, &tr!(self.text, title), &tr!(self.text, "shell-path-words"));
        let (id, label) = (Id::unique("path prompt"), tr!(self.text, name));
        ui.label(RichText::new(&label).font(Type::Caption.font()).color(self.theme.colors.text_3));
        let field =
            FieldSpec { name: &label, tip: &label, hint: "/home/…/lab.toml", width: f32::INFINITY, bad: prompt.problem.is_some(), id };
        let response = field.show(ui, &self.theme, &mut prompt.typed);
        if prompt.fresh {
            response.request_focus();
            prompt.fresh = false;
        }
        if response.changed() {
            prompt.problem = None;
        }
        if let Some(words) = &prompt.problem {
            error_line(ui, &self.theme, words);
        }
        ui.add_space(space::S);
        let ready = !prompt.typed.trim().is_empty() && !self.files.is_busy();
        let go = || Choice::Try(PathBuf::from(prompt.typed.trim()));
        let entered = ready && response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        let pressed = self.buttons(
            ui,
            &[(act, "shell-path-tip", Look::Primary, ready), ("shell-cancel", "shell-cancel-tip", Look::Plain, true)],
            |n| if n == 0 { go() } else { Choice::Cancel },
        );
        if entered { go() } else { pressed }
    }

    /// Buttons at the right, the first one leftmost.
    fn buttons(&self, ui: &mut Ui, keys: &[(&str, &str, Look, bool)], chosen: impl Fn(usize) -> Choice) -> Choice {
        let mut choice = Choice::Stay;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            for (n, (key, tip, look, enabled)) in keys.iter().enumerate().rev() {
                let (label, tip) = (self.text.get(key), self.text.get(tip));
                let button = ButtonSpec { look: *look, enabled: *enabled, ..ButtonSpec::new(&label, &tip) };
                if button.show(ui, &self.theme).clicked() {
                    choice = chosen(n);
                }
            }
        });
        choice
    }
}
