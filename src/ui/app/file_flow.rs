//! New, open, save, export: what is asked in which order so that nothing is lost. The reading and writing is in `files`.

use std::path::{Path, PathBuf};

use crossbeam_channel::{Receiver, bounded};
use eframe::egui::{ColorImage, Context, Rect, ViewportCommand};
use std::sync::Arc;

use crate::engine;
use crate::lab::{Lab, MAX_PACKETS, SavedPacket};
use crate::tr;
use crate::ui::lesson_words::lesson_error;
use crate::ui::{Preset, Selection, failure_words};

use super::document::{Document, File};
use super::files::{Ask, Content, Done, FileError, Job, Place};
use super::layout::Workspace;
use super::modal::Modal;
use super::trust::Trust;
use super::{App, Said};

/// What follows once the lab is saved or given up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Then {
    #[default]
    Stay,
    New,
    Open,
    OpenPath(PathBuf),
    Preset(Preset),
    /// A lesson that comes along, by its id.
    Lesson(&'static str),
    Experiment(&'static str),
    /// The packets of the file that was opened are put to the person's own; the lab stays.
    Packets,
    Quit,
}

/// The file job under way.
#[derive(Default)]
pub(super) struct Flow {
    then: Then,
    ask: Option<Ask>,
    /// A picture of the window that was asked for: suggested name, and where it will arrive.
    picture: Option<(String, Receiver<Arc<ColorImage>>)>,
}

impl App {
    /// Does `then`, after asking about unsaved changes.
    pub(super) fn leave_lab(&mut self, ctx: &Context, then: Then) {
        if self.doc.is_dirty() { self.ask_unsaved(then) } else { self.go_on(ctx, then) }
    }

    pub(super) fn ask_unsaved(&mut self, then: Then) {
        self.modal = Some(Modal::Unsaved(then));
    }

    /// What was waited with; unsaved changes are no longer asked about.
    pub(super) fn go_on(&mut self, ctx: &Context, then: Then) {
        match then {
            Then::Stay | Then::Packets => {}
            Then::New => {
                self.close_lesson(ctx);
                self.replace_lab(Lab::default(), None);
                self.said = Said::Key("shell-new-lab");
            }
            Then::Open => self.ask(ctx, Ask::Open, None, Then::Stay),
            Then::OpenPath(path) => self.start_job(ctx, Job::Open(Place::Path { path, replace: false }), Then::Stay),
            Then::Preset(preset) => match preset.lab() {
                Ok(lab) => {
                    self.close_lesson(ctx);
                    self.replace_lab(lab, None);
                    self.said = Said::Key(preset.hint());
                    self.layouts.shown = Workspace::Backlog;
                }
                Err(error) => self.modal = Some(Modal::Problem(failure_words::lab_error(&self.text, &error))),
            },
            Then::Lesson(id) => self.open_lesson(ctx, id),
            Then::Experiment(id) => self.open_experiment(ctx, id),
            Then::Quit => {
                self.leaving = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
    }

    pub(super) fn open_path(&mut self, ctx: &Context, path: PathBuf) {
        self.leave_lab(ctx, Then::OpenPath(path));
    }

    pub(super) fn save_lab(&mut self, ctx: &Context, then: Then) {
        match self.doc.path().map(Path::to_owned) {
            Some(path) => {
                let content = self.lab_content();
                self.start_job(ctx, Job::Save(Place::Path { path, replace: true }, content), then);
            }
            None => self.save_lab_as(ctx, then),
        }
    }

    pub(super) fn save_lab_as(&mut self, ctx: &Context, then: Then) {
        let name = self.doc.path().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
        let name = name.unwrap_or_else(|| format!("{}.toml", file_name(&self.lab_name())));
        let content = self.lab_content();
        self.ask(ctx, Ask::Save { name }, Some(content), then);
    }

    /// Asks for a file whose packets become the person's own.
    pub(super) fn import_packets(&mut self, ctx: &Context) {
        self.ask(ctx, Ask::Open, None, Then::Packets);
    }

    pub(super) fn save_export(&mut self, ctx: &Context, name: String, content: Content) {
        self.ask(ctx, Ask::Save { name }, Some(content), Then::Stay);
    }

    fn lab_content(&self) -> Content {
        Content::Lab { lab: Box::new(self.doc.lab().clone()), previous: self.doc.file_text().map(str::to_owned) }
    }

    /// Takes the window's picture in the next frame and cuts it to `rect` (points).
    pub(super) fn take_picture(&mut self, ctx: &Context, name: String, rect: Rect) {
        let (send, arrive) = bounded(1);
        let (scale, wake) = (ctx.pixels_per_point(), ctx.clone());
        ctx.request_screenshot(move |whole| {
            let window = Rect::from_min_size(Default::default(), eframe::egui::vec2(whole.width() as f32, whole.height() as f32) / scale);
            let cut = whole.region(&rect.intersect(window), Some(scale));
            // Nobody takes it when the window closed meanwhile.
            let _unheard = send.try_send(Arc::new(cut));
            wake.request_repaint();
        });
        self.flow.picture = Some((name, arrive));
    }

    fn ask(&mut self, ctx: &Context, ask: Ask, content: Option<Content>, then: Then) {
        if self.files.is_busy() {
            self.said = Said::Key("shell-no-files-busy");
            return;
        }
        let key = match &ask {
            Ask::Open if then == Then::Packets => "composer-import-title",
            Ask::Open => "shell-dialog-open",
            Ask::Save { .. } if matches!(content, Some(Content::Recording(_))) => "traffic-record-title",
            Ask::Save { .. } => "shell-dialog-save",
        };
        let answering = self.dialogs.ask(&ask, &self.text.get(key), self.doc.path().and_then(Path::parent));
        let place = Place::Ask(answering);
        let job = match content {
            Some(content) => Job::Save(place, content),
            None => Job::Open(place),
        };
        self.flow.ask = Some(ask);
        self.start_job(ctx, job, then);
    }

    pub(super) fn start_job(&mut self, ctx: &Context, job: Job, then: Then) {
        if self.files.is_busy() {
            self.said = Said::Key("shell-no-files-busy");
            return;
        }
        self.flow.then = then;
        if let Err(error) = self.files.start(ctx, job, self.dialogs.may_be_missing()) {
            self.said = Said::Words(tr!(self.text, "shell-file-thread", said = error.to_string()));
        }
    }

    /// Answers of the worker, and pictures that arrived.
    pub(super) fn receive_files(&mut self, ctx: &Context) {
        if let Some(image) = self.flow.picture.as_ref().and_then(|(_, arrive)| arrive.try_recv().ok())
            && let Some((name, _)) = self.flow.picture.take()
        {
            self.save_export(ctx, name, Content::Picture(image));
        }
        let Some(done) = self.files.poll() else { return };
        let (then, ask) = (std::mem::take(&mut self.flow.then), self.flow.ask.take());
        match done {
            Done::Cancelled => {}
            Done::NoDialog(content) => {
                let ask = ask.unwrap_or(Ask::Open);
                self.modal = Some(Modal::path_prompt(ask, content, then));
            }
            Done::Opened { path, lab, .. } if then == Then::Packets => self.add_packets(&path, lab.packets, &[]),
            Done::Lesson { path, lesson, .. } if then == Then::Packets => self.add_packets(&path, lesson.lab.packets, &[]),
            Done::Lesson { path, lesson, watched } => {
                self.settings.remember(&path);
                self.modal = None;
                self.open_own_lesson(ctx, *lesson, watched);
            }
            Done::Imported { path, collection } => {
                let parts = [("composer-import-http", collection.http), ("composer-import-encrypted", collection.encrypted)];
                self.add_packets(&path, collection.packets, &parts);
            }
            Done::Opened { path, text, lab } => {
                self.settings.remember(&path);
                self.said = Said::Words(tr!(self.text, "shell-opened", path = path.display().to_string()));
                self.modal = None;
                self.close_lesson(ctx);
                self.replace_lab(lab, Some(File { path, text }));
            }
            Done::Saved { path, content: Content::Recording(limit_bytes), .. } => {
                self.modal = None;
                self.said = Said::Words(tr!(self.text, "traffic-record-began", path = path.display().to_string()));
                self.tell(engine::Command::Record(Some(engine::Recording { path, limit_bytes })));
            }
            Done::Saved { path, content, text } => {
                self.said = Said::Words(tr!(self.text, "shell-saved", path = path.display().to_string()));
                self.modal = None;
                if let (Content::Lab { lab, .. }, Some(text)) = (content, text) {
                    self.settings.remember(&path);
                    self.doc.saved(*lab, File { path, text });
                    self.go_on(ctx, then);
                }
            }
            Done::Exists { path, content } => self.modal = Some(Modal::Replace { path, content, then }),
            Done::Refused { path, why, content } => self.refused(path, &why, content, then),
        }
    }

    /// Packets of a file become the person's own; `parts` are what else is to be said, with how many.
    fn add_packets(&mut self, path: &Path, packets: Vec<SavedPacket>, parts: &[(&str, usize)]) {
        self.modal = None;
        let (count, room) = (packets.len(), MAX_PACKETS.saturating_sub(self.own.packets().len()));
        if count > room {
            self.modal = Some(Modal::Problem(tr!(self.text, "composer-import-full", count = count as u64, most = MAX_PACKETS as u64)));
            return;
        }
        self.own.add(packets);
        let mut said = vec![tr!(self.text, "composer-imported", count = count as u64, path = path.display().to_string())];
        said.extend(parts.iter().filter(|(_, n)| *n > 0).map(|(key, n)| tr!(self.text, key, count = *n as u64)));
        self.said = Said::Words(said.join(&tr!(self.text, "composer-import-and")));
    }

    fn refused(&mut self, path: PathBuf, why: &FileError, content: Option<Content>, then: Then) {
        if matches!(why, FileError::Io(e) if e.kind() == std::io::ErrorKind::NotFound) && content.is_none() {
            self.settings.forget(&path);
        }
        let words = self.file_error(&path, why, content.is_some());
        match &mut self.modal {
            // The prompt stays open with what was typed.
            Some(Modal::Path(prompt)) => prompt.refused(words, content, then),
            _ => self.modal = Some(Modal::Problem(words)),
        }
    }

    fn file_error(&self, path: &Path, why: &FileError, writing: bool) -> String {
        let text = &self.text;
        let why = match why {
            FileError::Io(error) => match error.kind() {
                std::io::ErrorKind::NotFound if writing => tr!(text, "shell-file-no-folder"),
                std::io::ErrorKind::NotFound => tr!(text, "shell-file-not-found"),
                std::io::ErrorKind::PermissionDenied => tr!(text, "shell-file-permission"),
                std::io::ErrorKind::IsADirectory | std::io::ErrorKind::InvalidInput => tr!(text, "shell-file-folder"),
                std::io::ErrorKind::StorageFull => tr!(text, "shell-file-full"),
                _ => error.to_string(),
            },
            FileError::NotText => tr!(text, "shell-file-not-text"),
            FileError::Lab(error) => failure_words::lab_error(text, error),
            FileError::Lesson(error) => lesson_error(text, error),
            FileError::Collection(error) => failure_words::collection_error(text, error),
            FileError::Picture(said) => said.clone(),
        };
        let key = if writing { "shell-cannot-save" } else { "shell-cannot-open" };
        tr!(text, key, path = path.display().to_string(), why = why)
    }

    /// A file dropped on the window is opened.
    pub(super) fn receive_dropped_file(&mut self, ctx: &Context) {
        if let Some(path) = ctx.input(|i| i.raw.dropped_files.first().map(|f| f.path().to_owned())) {
            self.open_path(ctx, path);
        }
    }

    /// Another lab takes the place of this one: what ran is stopped, nothing is started.
    pub(super) fn replace_lab(&mut self, mut lab: Lab, file: Option<File>) {
        // Whatever was shown instead of it.
        self.gallery = None;
        let before = self.doc.lab().clone();
        lab.renumber_after(&before);
        self.trust = if file.is_some() { Trust::opened(&lab) } else { Trust::default() };
        self.doc = match file {
            Some(file) => Document::opened(lab, file),
            None => Document::new(lab),
        };
        self.frozen = None;
        self.naming = None;
        self.tell(engine::Command::ClearTraffic);
        self.follow(&before);
        let first = self.doc.lab().names().next().map(|(id, _)| id);
        self.selection = first.map_or(Selection::None, Selection::Endpoint);
    }
}

/// A lab's name as a file name on every system.
pub(super) fn file_name(name: &str) -> String {
    name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '-' } else { c }).collect()
}
