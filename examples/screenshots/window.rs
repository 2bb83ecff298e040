//! The window without a display: clicks and keys in, pictures out. It must not know any story.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use eframe::egui::{Event, Key, Modifiers, accesskit::Role};
use eframe::wgpu;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use socketlab::engine::{SessionState, SessionView, Snapshot};
use socketlab::lab::EndpointId;
use socketlab::ui::{App, Language, Start};

/// What ends a story.
pub type Failed = Box<dyn Error>;

/// Between two frames, as on a screen.
const FRAME: Duration = Duration::from_millis(33);
/// Longest wait for any one thing; an order of magnitude more than it takes.
const LIMIT: Duration = Duration::from_secs(60);

/// Whether wgpu finds an adapter to draw with.
pub fn has_adapter() -> bool {
    let setup = egui_kittest::wgpu::default_wgpu_setup();
    pollster::block_on(async { !setup.new_instance().await.enumerate_adapters(wgpu::Backends::all()).await.is_empty() })
}

/// A window in English on a lab.
pub struct Window(Harness<'static, App>);

impl Window {
    /// On the starter lab, nothing started.
    pub fn first_start(light: bool, size: [f32; 2]) -> Result<Self, Failed> {
        Self::with(Start { light, ..Start::default() }, size)
    }

    /// On the lab that this text describes; nothing in it is started.
    pub fn open(lab: &str, light: bool, size: [f32; 2]) -> Result<Self, Failed> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("lab.toml");
        std::fs::write(&path, lab)?;
        let wanted = socketlab::lab::parse(lab, &socketlab::engine::catalog::known())?;
        let mut window = Self::with(Start { light, open: Some(path), ..Start::default() }, size)?;
        window.until("the lab is open", |app| app.lab().same_document(&wanted).then_some(()))?;
        Ok(window)
    }

    fn with(start: Start, size: [f32; 2]) -> Result<Self, Failed> {
        let start = Start { language: Language::English, ..start };
        let builder = Harness::builder().with_size(size).with_step_dt(FRAME.as_secs_f32()).with_render_cursor(false);
        // The harness wants an app, not a result: a refusal of the system's for a thread ends this program.
        let harness = builder.wgpu().build_eframe(|cc| match App::new(&cc.egui_ctx, None, start) {
            Ok(app) => app,
            Err(why) => panic!("no thread for the engine: {why}"),
        });
        let mut window = Self(harness);
        window.frames(4);
        Ok(window)
    }

    /// This many frames, for layouts that need a second look at themselves.
    pub fn frames(&mut self, n: usize) {
        self.0.run_steps(n);
    }

    /// Frames until the app answers.
    pub fn until<T>(&mut self, what: &str, mut answer: impl FnMut(&App) -> Option<T>) -> Result<T, Failed> {
        let limit = Instant::now() + LIMIT;
        loop {
            self.0.step();
            if let Some(answer) = answer(self.0.state()) {
                return Ok(answer);
            }
            if Instant::now() > limit {
                return Err(format!("waited {LIMIT:?}: {what}").into());
            }
            std::thread::park_timeout(FRAME);
        }
    }

    /// Frames until the engine's clock has moved on by this much: history for the plots, while traffic flows.
    pub fn run_for(&mut self, span: Duration) -> Result<(), Failed> {
        let end = self.0.state().snapshot().at + span;
        self.until("the clock moves on", |app| (app.snapshot().at >= end).then_some(()))
    }

    /// The id of an endpoint.
    pub fn id(&self, name: &str) -> Result<EndpointId, Failed> {
        let found = self.0.state().lab().names().find(|(_, n)| *n == name).map(|(id, _)| id);
        found.ok_or_else(|| format!("no endpoint is named {name}").into())
    }

    /// Frames until the session of an endpoint fits.
    pub fn until_session(&mut self, name: &str, what: &str, fits: impl Fn(&SessionView) -> bool) -> Result<(), Failed> {
        let id = self.id(name)?;
        let seen = self.until(&format!("{name}: {what}"), |app| session(app.snapshot(), id).filter(|s| fits(s)).map(drop));
        seen.map_err(|why| {
            let session = session(self.0.state().snapshot(), id);
            let facts = session.map(|s| format!("{:?}, {:?}, {:?}, {:?}", s.state, s.counters, s.queue, s.failure));
            format!("{why}\nit is {}", facts.unwrap_or_else(|| "not started".into())).into()
        })
    }

    /// Selects a row of the tree and starts it by its key; waits until it runs or failed as `expected`.
    pub fn start(&mut self, name: &str, expected: SessionState) -> Result<(), Failed> {
        self.select(name);
        self.key(Modifiers::COMMAND, Key::Enter);
        let id = self.id(name)?;
        let (state, why) = self.until(&format!("{name} has started"), |app| {
            let s = session(app.snapshot(), id)?;
            matches!(s.state, SessionState::Running | SessionState::Failed).then(|| (s.state, s.failure.clone()))
        })?;
        if state == expected { Ok(()) } else { Err(format!("{name}: {state:?}, {why:?}").into()) }
    }

    /// Selects a row of the tree, in the language that is shown.
    pub fn select(&mut self, name: &str) {
        // "Server echo-tcp, running, …" and "服务器 echo-tcp，…": the name is the second word.
        let is_row = |label: String| label.split([' ', ',', '，']).nth(1) == Some(name);
        self.0.get_by(|n| n.role() == Role::TreeItem && n.label().is_some_and(is_row)).click();
        self.rest();
    }

    /// Clicks a control by its role and name.
    pub fn click(&mut self, role: Role, label: &str) {
        self.0.get_by_role_and_label(role, label).click();
        self.rest();
    }

    /// Brings a panel to the front of its tile. Work spaces have tabs in the top bar, some with the same name.
    pub fn tab(&mut self, label: &str) {
        let tabs = self.0.get_all_by_role_and_label(Role::Tab, label);
        let lowest = tabs.max_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
        if let Some(tab) = lowest {
            tab.click();
        }
        self.rest();
    }

    /// Presses a key.
    pub fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.0.key_press_modifiers(modifiers, key);
        self.frames(2);
    }

    /// Types into the field of this name.
    pub fn type_into(&mut self, field: &str, text: &str) {
        self.0.get_by_label(field).focus();
        self.frames(1);
        self.0.event(Event::Text(text.to_owned()));
        self.frames(2);
        self.rest();
    }

    /// One more answer to a question whose answer is a number.
    pub fn answer(&mut self, number: &str) {
        self.type_into("Number", number);
        self.click(Role::Button, "Add answer");
    }

    /// Frames until something is said that begins so.
    pub fn until_label(&mut self, label: &str) -> Result<(), Failed> {
        let limit = Instant::now() + LIMIT;
        while self.0.query_all_by_label_contains(label).next().is_none() {
            if Instant::now() > limit {
                return Err(format!("waited {LIMIT:?} for \"{label}\"").into());
            }
            self.0.step();
            std::thread::park_timeout(FRAME);
        }
        Ok(())
    }

    /// The other theme in the other language.
    pub fn other_look(&mut self) {
        self.other_theme();
        self.other_language();
        self.frames(6);
    }

    /// Takes pointer and keyboard focus away, as they would be in the way in a picture.
    pub fn rest(&mut self) {
        self.0.remove_cursor();
        self.frames(2);
        self.0.ctx.memory_mut(|m| {
            if let Some(id) = m.focused() {
                m.surrender_focus(id);
            }
        });
        self.frames(2);
    }

    /// The other theme.
    pub fn other_theme(&mut self) {
        self.key(Modifiers::NONE, Key::F10);
    }

    /// The other language.
    pub fn other_language(&mut self) {
        self.key(Modifiers::NONE, Key::F9);
    }

    /// Another size, and its layout.
    pub fn size(&mut self, size: [f32; 2]) {
        self.0.set_size(size.into());
        self.frames(6);
    }

    /// Writes what the window shows now.
    pub fn picture(&mut self, dir: &Path, name: &str) -> Result<(), Failed> {
        let path = dir.join(format!("{name}.png"));
        self.0.render()?.save(&path)?;
        println!("{}", path.display());
        Ok(())
    }
}

fn session(snap: &Snapshot, id: EndpointId) -> Option<&SessionView> {
    snap.session(id).map(|s| &**s)
}
