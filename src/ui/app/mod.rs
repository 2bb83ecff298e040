//! The window's owner: the engine's handle, the document, what is selected and shown. It carries out what panels ask for; it
//! opens no socket, reads no file and never waits.

mod about;
mod act;
mod bars;
mod command;
mod document;
mod file_flow;
mod files;
mod frame_time;
mod gate;
mod held;
mod lab_name;
mod layout;
mod lesson;
mod menu;
mod modal;
mod own;
mod palette;
mod session;
mod settings;
mod tiles;
mod trust;
mod wake;
mod widths;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{self, CentralPanel, Context, Frame, Panel as Side, Ui};

use crate::engine::{Engine, EngineConfig, EngineHandle, Event, Snapshot, catalog};
use crate::insight::{Insight, Watch};
use crate::lab::{EndpointId, Lab};

use self::document::Document;
use self::files::Files;
pub use self::files::{Answering, Ask, Dialogs, SystemDialogs};
use self::frame_time::FrameTime;
use self::layout::Layouts;
use self::lesson::Course;
use self::lesson::gallery::Gallery;
use self::modal::Modal;
use self::own::Own;
use self::palette::Palette;
use self::session::Sessions;
use self::settings::Settings;
use self::tiles::Panels;
use self::trust::Trust;
use super::theme::{self, Theme, size};
use super::{Action, Cx, Language, Selection, Text, failure_words};

/// How long a close waits for a file that is being written.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// What the window starts with.
pub struct Start {
    /// Where files are asked for.
    pub dialogs: Box<dyn Dialogs>,
    /// Words to begin with, until the person chooses.
    pub language: Language,
    /// Light instead of dark, until the person chooses.
    pub light: bool,
    /// A lab to open at once. Nothing in it is started.
    pub open: Option<PathBuf>,
}

impl Default for Start {
    fn default() -> Self {
        Self { dialogs: Box::new(SystemDialogs), language: Language::default(), light: false, open: None }
    }
}

/// The window.
pub struct App {
    engine: Option<EngineHandle>,
    /// The newest snapshot, and the one Freeze holds.
    live: Arc<Snapshot>,
    frozen: Option<Arc<Snapshot>>,
    /// Looks at each snapshot, and what it says of the one that is shown.
    watch: Watch,
    insights: Vec<Insight>,
    doc: Document,
    sessions: Sessions,
    trust: Trust,
    selection: Selection,
    /// An inline rename that was asked for; told to the panels for one frame.
    rename: Option<EndpointId>,
    /// The lab's name while it is typed.
    naming: Option<lab_name::Naming>,
    settings: Settings,
    own: Own,
    text: Text,
    theme: Theme,
    layouts: Layouts,
    panels: Panels,
    dialogs: Box<dyn Dialogs>,
    files: Files,
    /// What the running file job is for.
    flow: file_flow::Flow,
    modal: Option<Modal>,
    palette: Option<Palette>,
    gallery: Option<Gallery>,
    /// The lesson that is given.
    course: Option<Course>,
    said: Said,
    frame_time: FrameTime,
    /// Close without asking again.
    leaving: bool,
    title: String,
}

/// The sentence in the status bar.
enum Said {
    Key(&'static str),
    Words(String),
    Event(Event),
}

impl App {
    /// A window on the starter lab. Nothing is started.
    ///
    /// # Errors
    /// When the system gives no thread for the engine.
    pub fn new(ctx: &Context, storage: Option<&dyn eframe::Storage>, start: Start) -> std::io::Result<Self> {
        let stored = storage.and_then(|s| eframe::get_value::<Settings>(s, Settings::KEY));
        let settings = stored.unwrap_or_else(|| Settings { language: start.language, light: start.light, ..Settings::default() });
        let layouts = Layouts::restored(storage.and_then(|s| eframe::get_value(s, Layouts::KEY)));
        let own = Own::restored(storage);
        let theme = if settings.light { Theme::light() } else { Theme::dark() };
        theme::install_fonts(ctx);
        theme::install(ctx, &theme);
        ctx.add_plugin(lesson::Lights::default());
        // Zoom is a command of ours, with a place in the menu and the palette.
        ctx.options_mut(|o| o.zoom_with_keyboard = false);

        let engine = Engine::spawn(EngineConfig::default(), wake::waker(ctx.clone()))?;
        let doc = Document::new(Lab::starter(catalog::default_model()));
        let selection = doc.lab().servers.first().map_or(Selection::None, |s| Selection::Endpoint(s.id));
        let mut app = Self {
            live: engine.snapshot(),
            engine: Some(engine),
            frozen: None,
            watch: Watch::new(catalog::descriptor_limit()),
            insights: Vec::new(),
            selection,
            doc,
            sessions: Sessions::default(),
            trust: Trust::default(),
            rename: None,
            naming: None,
            text: Text::new(settings.language),
            theme,
            settings,
            own,
            layouts,
            panels: Panels::default(),
            dialogs: start.dialogs,
            files: Files::default(),
            flow: file_flow::Flow::default(),
            modal: None,
            palette: None,
            gallery: None,
            course: None,
            said: Said::Key("shell-welcome"),
            frame_time: FrameTime::default(),
            leaving: false,
            title: String::new(),
        };
        if let Some(path) = start.open {
            app.open_path(ctx, path);
        }
        Ok(app)
    }

    /// The lab as it is now.
    pub fn lab(&self) -> &Lab {
        self.doc.lab()
    }

    /// The newest snapshot of the engine.
    pub fn snapshot(&self) -> &Snapshot {
        &self.live
    }

    /// What is selected.
    pub fn selection(&self) -> Selection {
        self.selection
    }

    /// The snapshot that is shown.
    fn shown(&self) -> &Arc<Snapshot> {
        self.frozen.as_ref().unwrap_or(&self.live)
    }

    /// What came in since the last frame.
    fn receive(&mut self, ctx: &Context) {
        if let Some(engine) = &self.engine {
            self.live = engine.snapshot();
            // What went wrong is not talked over by what went well in the same frame.
            let told = engine.drain_events().reduce(|a, b| if failure_words::is_bad(&a) && !failure_words::is_bad(&b) { a } else { b });
            if let Some(event) = told {
                self.said = Said::Event(event);
            }
        }
        let said = self.watch.see(&self.live, self.doc.lab());
        if self.frozen.is_none() && self.insights != said {
            self.insights = said.to_vec();
        }
        if self.course.is_some() {
            // What is frozen is only shown so: a lesson looks at what there is.
            let said = said.to_vec();
            self.teach(ctx, &said);
        }
        self.sessions.look(self.doc.lab(), &self.live);
        self.receive_files(ctx);
        self.receive_dropped_file(ctx);
        self.receive_close(ctx);
    }

    fn receive_close(&mut self, ctx: &Context) {
        if ctx.input(|i| i.viewport().close_requested()) && !self.leaving && self.doc.is_dirty() {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.ask_unsaved(file_flow::Then::Quit);
        }
    }

    fn name_window(&mut self, ctx: &Context) {
        let mark = if self.doc.is_dirty() { "*" } else { "" };
        let title = format!("{mark}{} – Socketlab", self.lab_name());
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// The lab's name, its file's, or *untitled*.
    fn lab_name(&self) -> String {
        let file = || self.doc.path().and_then(|p| p.file_stem()).map(|s| s.to_string_lossy().into_owned());
        match self.doc.lab().name.as_str() {
            "" => file().unwrap_or_else(|| crate::tr!(self.text, "shell-untitled")),
            name => name.to_owned(),
        }
    }

    fn said_words(&self) -> (String, bool) {
        match &self.said {
            Said::Key(key) => (crate::tr!(self.text, key), false),
            Said::Words(words) => (words.clone(), false),
            Said::Event(event) if failure_words::is_over(event, self.live.at) => (String::new(), false),
            Said::Event(event) => (failure_words::event(&self.text, event), failure_words::is_bad(event)),
        }
    }

    /// Bars, tiles, and the lesson beside them.
    fn window_ui(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let bar = Frame::new().fill(self.theme.colors.panel);
        Side::top("top bar")
            .exact_size(size::TOP_BAR)
            .frame(bar)
            .resizable(false)
            .show_separator_line(false)
            .show(ui, |ui| self.top_bar_ui(ui, actions));
        Side::bottom("status bar")
            .exact_size(size::STATUS_BAR)
            .frame(bar)
            .resizable(false)
            .show_separator_line(false)
            .show(ui, |ui| self.status_bar_ui(ui, actions));
        if self.gallery.is_some() {
            CentralPanel::no_frame().show(ui, |ui| self.gallery_ui(ui));
            return;
        }
        self.lesson_ui(ui);
        let gaps = Frame::new().fill(self.theme.colors.line);
        CentralPanel::no_frame().frame(gaps).show(ui, |ui| {
            self.tiles_ui(ui, actions);
            self.lights_ui(ui);
        });
    }

    fn tiles_ui(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        self.with_cx(actions, |layouts, panels, cx| layouts.ui(ui, panels, cx));
    }

    /// One panel without its tile.
    fn panel_ui(&mut self, ui: &mut Ui, id: &str, actions: &mut Vec<Action>) {
        self.with_cx(actions, |_, panels, cx| {
            if let Some(panel) = panels.get(id) {
                panel.ui(ui, cx);
            }
        });
    }

    fn with_cx(&mut self, actions: &mut Vec<Action>, show: impl FnOnce(&mut Layouts, &mut Panels, &mut Cx<'_>)) {
        let snap = Arc::clone(self.shown());
        let mut cx = Cx {
            theme: &self.theme,
            text: &self.text,
            lab: self.doc.lab(),
            snap: &snap,
            frozen: self.frozen.is_some(),
            selection: self.selection,
            still: self.settings.still,
            stale: &self.sessions.stale,
            insights: &self.insights,
            own: self.own.packets(),
            in_lesson: self.course.is_some(),
            rename: self.rename.take(),
            actions,
        };
        show(&mut self.layouts, &mut self.panels, &mut cx);
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let began = Instant::now();
        let ctx = ui.ctx().clone();
        let mut actions = Vec::new();
        self.receive(&ctx);
        self.shortcuts(&ctx, &mut actions);

        if self.gallery.is_none() && self.course.as_ref().is_some_and(|course| course.presenter.is_some()) {
            self.presenter_ui(ui, &mut actions);
        } else {
            self.window_ui(ui, &mut actions);
        }
        self.palette_ui(&ctx, &mut actions);
        self.modal_ui(&ctx, &mut actions);

        self.carry_out(&ctx, actions);
        self.name_window(&ctx);
        self.frame_time.end_frame(&ctx, began);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        eframe::set_value(storage, Settings::KEY, &self.settings);
        eframe::set_value(storage, Layouts::KEY, &self.layouts);
        self.own.store(storage);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.files.finish(CLOSE_LIMIT);
        drop(self.course.take());
        // Stops every session and joins every thread, so that socket files are removed.
        drop(self.engine.take().map(EngineHandle::shutdown));
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.theme.colors.bg.to_normalized_gamma_f32()
    }
}
