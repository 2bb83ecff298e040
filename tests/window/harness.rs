//! The window without a display, and the hands that use it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use socketlab::engine::SessionState;
use socketlab::ui::{Answering, App, Ask, Dialogs, Language, Start};

/// Ports of the system's choice; the last server cannot start because its folder does not exist.
pub const LAB: &str = r#"
name = "several"
[[server]]
name = "echo-tcp"
transport = "tcp"
address = "127.0.0.1:0"
backlog = 8
[[server]]
name = "clock-udp"
transport = "udp"
address = "127.0.0.1:0"
model = "iterative"
[[server]]
name = "local"
transport = "unix-stream"
address = "/no/such/folder/local.sock"
model = "threads"
[[client]]
name = "phone"
transport = "tcp"
server = "echo-tcp"
[client.packet]
body = "ping\\n"
every_ms = 20
times = 0
on_connect = true
[[client]]
name = "kiosk"
transport = "tcp"
server = "echo-tcp"
connections = 40
[[client]]
name = "watch"
transport = "udp"
server = "clock-udp"
"#;

/// Answers every question with the same path, or says that there is no dialog service.
#[derive(Clone, Default)]
pub struct FakeDialogs {
    pub path: Option<PathBuf>,
    pub missing: bool,
    pub asked: Arc<AtomicUsize>,
}

impl Dialogs for FakeDialogs {
    fn ask(&self, _ask: &Ask, _title: &str, _dir: Option<&Path>) -> Answering {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(self.path.clone()))
    }

    fn may_be_missing(&self) -> bool {
        self.missing
    }
}

pub struct Window(pub Harness<'static, App>);

impl Window {
    pub fn new(dialogs: FakeDialogs, language: Language) -> Self {
        Self::sized(dialogs, language, false, [1_440.0, 900.0])
    }

    pub fn sized(dialogs: FakeDialogs, language: Language, light: bool, size: [f32; 2]) -> Self {
        Self::start(Start { dialogs: Box::new(dialogs), language, light, open: None }, size)
    }

    pub fn start(start: Start, size: [f32; 2]) -> Self {
        let build = |cc: &mut eframe::CreationContext<'_>| App::new(&cc.egui_ctx, None, start).expect("a thread for the engine");
        let mut window = Self(Harness::builder().with_size(size).with_max_steps(8).wgpu().build_eframe(build));
        window.settle();
        window
    }

    /// A window on this lab file, opened.
    pub fn open(text: &str, language: Language, light: bool) -> Self {
        Self::open_sized(text, language, light, [1_440.0, 900.0])
    }

    /// The same in another size.
    pub fn open_sized(text: &str, language: Language, light: bool, size: [f32; 2]) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("lab.toml");
        std::fs::write(&path, text).expect("the lab is written");
        let dialogs = Box::new(FakeDialogs::default());
        let mut window = Self::start(Start { dialogs, language, light, open: Some(path) }, size);
        let name = text.lines().find_map(|l| l.strip_prefix("name = ")).expect("a name").trim_matches('"').to_owned();
        window.until("the lab is open", |h| h.state().lab().name == name);
        window
    }

    pub fn plain() -> Self {
        Self::new(FakeDialogs::default(), Language::English)
    }

    /// Frames until nothing asks for another, at most a few: the engine may go on asking.
    pub fn settle(&mut self) {
        self.0.run_ok();
    }

    pub fn click(&mut self, label: &str) {
        self.0.get_by_label(label).click();
        self.settle();
    }

    pub fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.0.key_press_modifiers(modifiers, key);
        self.settle();
    }

    pub fn type_text(&mut self, text: &str) {
        self.0.event(eframe::egui::Event::Text(text.to_owned()));
        self.settle();
    }

    /// Frames until this holds.
    pub fn until(&mut self, what: &str, mut holds: impl FnMut(&Harness<'static, App>) -> bool) {
        let limit = Instant::now() + Duration::from_secs(30);
        while !holds(&self.0) {
            if Instant::now() >= limit {
                let sessions = &self.0.state().snapshot().sessions;
                let stand: Vec<_> = sessions.iter().map(|s| (&s.name, s.state, &s.failure)).collect();
                panic!("waited in vain: {what}; {stand:?}");
            }
            std::thread::park_timeout(Duration::from_millis(5));
            self.0.run_ok();
        }
    }

    pub fn has(&self, label: &str) -> bool {
        self.0.query_all_by_label_contains(label).next().is_some()
    }

    pub fn names(&self) -> Vec<String> {
        self.0.state().lab().names().map(|(_, n)| n.to_owned()).collect()
    }

    pub fn row(&mut self, start: &str) {
        let row = self.0.get_by(|n| n.role() == Role::TreeItem && n.label().is_some_and(|l| l.starts_with(start)));
        row.click();
        self.settle();
    }

    /// Everything the tiles say, without the bars.
    pub fn words_of_the_tiles(&self) -> Vec<String> {
        let height = self.0.ctx.content_rect().bottom();
        let inside = |top: f64| (50.0..f64::from(height) - 30.0).contains(&top);
        let nodes = self.0.root().children_recursive();
        let nodes = nodes.map(|n| n.accesskit_node()).filter(|n| n.bounding_box().is_some_and(|b| inside(b.y0)));
        nodes.filter_map(|n| n.label().or_else(|| n.value())).collect()
    }

    /// The picture for people, in `target/`.
    pub fn picture(&mut self, name: &str) {
        let image = self.0.render().expect("a renderer (lavapipe does)");
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/window");
        std::fs::create_dir_all(&dir).expect("target is writable");
        image.save(dir.join(format!("{name}.png"))).expect("the picture is written");
    }
}

/// How an endpoint stands, by its name.
pub fn state(h: &Harness<'static, App>, name: &str) -> Option<SessionState> {
    h.state().snapshot().sessions.iter().find(|s| &*s.name == name).map(|s| s.state)
}
