//! The window as a person uses it, by the names of its controls: a real engine, a fake file dialog, no display.
#![cfg(feature = "gui")]
#![expect(clippy::expect_used, reason = "what fails here fails the test, with its words")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use socketlab::engine::SessionState;
use socketlab::ui::{Answering, App, Ask, Dialogs, Language, Start};

/// Answers every question with the same path, or says that there is no dialog service.
#[derive(Clone, Default)]
struct FakeDialogs {
    path: Option<PathBuf>,
    missing: bool,
    asked: Arc<AtomicUsize>,
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

struct Window(Harness<'static, App>);

impl Window {
    fn new(dialogs: FakeDialogs, language: Language) -> Self {
        Self::sized(dialogs, language, false, [1_440.0, 900.0])
    }

    fn sized(dialogs: FakeDialogs, language: Language, light: bool, size: [f32; 2]) -> Self {
        Self::start(Start { dialogs: Box::new(dialogs), language, light, open: None }, size)
    }

    fn start(start: Start, size: [f32; 2]) -> Self {
        let build = |cc: &mut eframe::CreationContext<'_>| App::new(&cc.egui_ctx, None, start).expect("a thread for the engine");
        let mut window = Self(Harness::builder().with_size(size).with_max_steps(8).wgpu().build_eframe(build));
        window.settle();
        window
    }

    /// A window on this lab file, opened.
    fn open(text: &str, language: Language, light: bool) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("lab.toml");
        std::fs::write(&path, text).expect("the lab is written");
        let dialogs = Box::new(FakeDialogs::default());
        let mut window = Self::start(Start { dialogs, language, light, open: Some(path) }, [1_440.0, 900.0]);
        let name = text.lines().find_map(|l| l.strip_prefix("name = ")).expect("a name").trim_matches('"').to_owned();
        window.until("the lab is open", |h| h.state().lab().name == name);
        window
    }

    fn plain() -> Self {
        Self::new(FakeDialogs::default(), Language::English)
    }

    /// Frames until nothing asks for another, at most a few: the engine may go on asking.
    fn settle(&mut self) {
        self.0.run_ok();
    }

    fn click(&mut self, label: &str) {
        self.0.get_by_label(label).click();
        self.settle();
    }

    fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.0.key_press_modifiers(modifiers, key);
        self.settle();
    }

    fn type_text(&mut self, text: &str) {
        self.0.event(eframe::egui::Event::Text(text.to_owned()));
        self.settle();
    }

    /// Frames until this holds.
    fn until(&mut self, what: &str, mut holds: impl FnMut(&Harness<'static, App>) -> bool) {
        let limit = Instant::now() + Duration::from_secs(10);
        while !holds(&self.0) {
            assert!(Instant::now() < limit, "{what}");
            std::thread::park_timeout(Duration::from_millis(5));
            self.0.run_ok();
        }
    }

    fn has(&self, label: &str) -> bool {
        self.0.query_all_by_label_contains(label).next().is_some()
    }

    fn names(&self) -> Vec<String> {
        self.0.state().lab().names().map(|(_, n)| n.to_owned()).collect()
    }

    fn row(&mut self, start: &str) {
        let row = self.0.get_by(|n| n.role() == Role::TreeItem && n.label().is_some_and(|l| l.starts_with(start)));
        row.click();
        self.settle();
    }

    /// The picture for people, in `target/`.
    fn picture(&mut self, name: &str) {
        let image = self.0.render().expect("a renderer (lavapipe does)");
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/window");
        std::fs::create_dir_all(&dir).expect("target is writable");
        image.save(dir.join(format!("{name}.png"))).expect("the picture is written");
    }
}

#[test]
fn a_server_is_added_renamed_removed_and_comes_back() {
    let mut w = Window::plain();
    assert_eq!(w.names(), ["echo-tcp", "client"]);
    w.click("Add");
    w.click("Add UDP server");
    assert_eq!(w.names(), ["echo-tcp", "echo-udp", "client"]);

    w.key(Modifiers::NONE, Key::F2);
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("clock");
    w.key(Modifiers::NONE, Key::Enter);
    assert_eq!(w.names(), ["echo-tcp", "clock", "client"]);

    w.row("Server clock");
    w.key(Modifiers::NONE, Key::Delete);
    assert_eq!(w.names(), ["echo-tcp", "client"]);
    w.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(w.names(), ["echo-tcp", "clock", "client"]);
    w.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(w.names(), ["echo-tcp", "client"]);
}

#[test]
fn a_taken_name_is_refused_and_escape_keeps_the_old_one() {
    let mut w = Window::plain();
    w.row("Client client");
    w.key(Modifiers::NONE, Key::F2);
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("echo-tcp");
    w.key(Modifiers::NONE, Key::Enter);
    assert!(w.has("This name is taken or empty"));
    w.key(Modifiers::NONE, Key::Escape);
    assert_eq!(w.names(), ["echo-tcp", "client"]);
    assert!(!w.has("This name is taken or empty"));
}

#[test]
fn arrows_walk_the_tree() {
    let mut w = Window::plain();
    w.row("Server echo-tcp");
    let server = w.0.state().selection();
    w.key(Modifiers::NONE, Key::ArrowDown);
    assert_ne!(w.0.state().selection(), server);
    w.key(Modifiers::NONE, Key::ArrowUp);
    assert_eq!(w.0.state().selection(), server);
}

#[test]
fn the_language_switches_live() {
    let mut w = Window::plain();
    assert!(w.has("Start all") && !w.has("全部启动"));
    w.key(Modifiers::NONE, Key::F9);
    assert!(w.has("全部启动") && w.has("服务器 echo-tcp"), "both the bar and the tree");
    w.key(Modifiers::NONE, Key::F9);
    assert!(w.has("Start all"));
}

#[test]
fn the_palette_finds_a_command() {
    let mut w = Window::plain();
    w.key(Modifiers::COMMAND, Key::K);
    w.type_text("unix stream server");
    w.key(Modifiers::NONE, Key::Enter);
    assert_eq!(w.names(), ["echo-tcp", "echo-unix", "client"]);
    w.key(Modifiers::COMMAND, Key::K);
    w.key(Modifiers::NONE, Key::Escape);
    assert!(!w.has("Find a command"));
}

#[test]
fn nothing_is_lost_without_a_question() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mine.toml");
    let mut w = Window::new(FakeDialogs { path: Some(path.clone()), ..FakeDialogs::default() }, Language::English);
    w.key(Modifiers::NONE, Key::F2);
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("door");
    w.key(Modifiers::NONE, Key::Enter);
    assert!(w.has("unsaved"));

    w.key(Modifiers::COMMAND, Key::N);
    assert!(w.has("Save the changes"));
    w.picture("unsaved");
    w.click("Cancel");
    assert_eq!(w.names(), ["door", "client"]);

    w.key(Modifiers::COMMAND, Key::N);
    w.click("Save");
    w.until("saved, then new", |h| h.state().lab().servers.is_empty());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"door\""), "{text}");
    assert!(w.has("Add a server to begin"));
}

#[test]
fn without_a_dialog_service_the_window_asks_for_the_path() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("typed.toml");
    let mut w = Window::new(FakeDialogs { missing: true, ..FakeDialogs::default() }, Language::English);
    w.key(Modifiers::COMMAND, Key::S);
    w.until("the prompt", |h| h.query_all_by_label("Path of the file to write").next().is_some());
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("/no/such/folder/x.toml");
    w.key(Modifiers::NONE, Key::Enter);
    w.until("a refusal", |h| h.query_by_label_contains("its folder does not exist").is_some());
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text(path.to_str().unwrap());
    w.key(Modifiers::NONE, Key::Enter);
    w.until("written", |_| path.exists());
    w.until("closed", |h| h.query_by_label_contains("Path of the file").is_none());
}

/// Ports of the system's choice; the last server cannot start because its folder does not exist.
const LAB: &str = r#"
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

fn state(h: &Harness<'static, App>, name: &str) -> Option<SessionState> {
    h.state().snapshot().sessions.iter().find(|s| &*s.name == name).map(|s| s.state)
}

#[test]
fn everything_starts_runs_freezes_and_stops() {
    let mut w = Window::open(LAB, Language::English, false);
    assert!(w.0.state().snapshot().sessions.is_empty(), "opening starts nothing");
    w.click("Start all");
    w.until("running", |h| ["echo-tcp", "clock-udp", "phone", "watch"].iter().all(|n| state(h, n) == Some(SessionState::Running)));
    w.until("the failure is told", |h| state(h, "local") == Some(SessionState::Failed));
    w.until("bytes come back", |h| h.state().snapshot().counters.rx_bytes > 0);
    assert!(w.has("Server local, failed"));
    w.row("Server echo-tcp");
    let port = {
        let snap = w.0.state().snapshot();
        let session = snap.sessions.iter().find(|s| &*s.name == "echo-tcp").unwrap();
        session.local.clone().unwrap()
    };
    assert!(!port.ends_with(":0") && w.has(&format!("Server echo-tcp, running, {port}")), "{port}");

    w.click("Freeze");
    let held = w.0.state().snapshot().traffic.end_index();
    w.until("rows go on behind the frozen picture", |h| h.state().snapshot().traffic.end_index() > held + 2);
    assert!(w.has("new"));
    w.click("Freeze");

    w.click("Stop all");
    w.until("stopped", |h| {
        h.state().snapshot().sessions.iter().all(|s| !matches!(s.state, SessionState::Running | SessionState::Stopping))
    });
}

#[test]
fn a_removed_server_leaves_the_engine_too() {
    let mut w = Window::open(LAB, Language::English, false);
    w.row("Server clock-udp");
    w.key(Modifiers::COMMAND, Key::Enter);
    w.until("running", |h| state(h, "clock-udp") == Some(SessionState::Running));
    w.key(Modifiers::NONE, Key::Delete);
    w.until("forgotten", |h| state(h, "clock-udp").is_none());
    w.key(Modifiers::COMMAND, Key::Z);
    assert!(w.names().contains(&"clock-udp".to_owned()));
}

#[test]
fn a_bad_file_is_refused_with_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bad.toml");
    std::fs::write(&path, "name = \"x\"\n[[server]]\nname = \"a\"\ntransport = \"tcp\"\naddress = \"127.0.0.1\"\n").unwrap();
    let start = Start { dialogs: Box::new(FakeDialogs::default()), open: Some(path), ..Start::default() };
    let mut w = Window::start(start, [1_440.0, 900.0]);
    w.until("refused", |h| h.query_by_label_contains("A port is missing").is_some());
    assert!(w.has("Line 5"));
    w.picture("problem");
    w.click("Close");
    assert_eq!(w.names(), ["echo-tcp", "client"], "the lab before is still there");
}

#[test]
fn totals_and_tabs_fold_before_anything_overlaps() {
    for (language, name) in [(Language::English, "narrow-en"), (Language::Chinese, "narrow-zh")] {
        let mut w = Window::sized(FakeDialogs::default(), language, false, [960.0, 600.0]);
        w.picture(name);
        let buttons: Vec<_> = w.0.get_all_by_role(Role::Button).filter(|n| n.rect().top() < 48.0).map(|n| n.rect()).collect();
        for (i, a) in buttons.iter().enumerate() {
            assert!(a.right() <= 960.0, "{a}");
            assert!(buttons.iter().skip(i + 1).all(|b| !a.shrink(1.0).intersects(b.shrink(1.0))), "{name}");
        }
    }
}

#[test]
fn pictures_for_a_look() {
    for (language, light, name) in [
        (Language::English, false, "explore-dark-en"),
        (Language::English, true, "explore-light-en"),
        (Language::Chinese, false, "explore-dark-zh"),
        (Language::Chinese, true, "explore-light-zh"),
    ] {
        let mut w = Window::open(LAB, language, light);
        w.key(Modifiers::NONE, Key::F5);
        w.until("running", |h| state(h, "phone") == Some(SessionState::Running));
        w.until("the failure is told", |h| state(h, "local") == Some(SessionState::Failed));
        w.until("bytes come back", |h| h.state().snapshot().counters.rx_messages > 50);
        w.picture(name);
        w.key(Modifiers::COMMAND, Key::Num2);
        w.picture(&format!("{name}-traffic"));
    }
    let mut w = Window::plain();
    w.key(Modifiers::COMMAND, Key::K);
    w.picture("palette");
    w.key(Modifiers::NONE, Key::Escape);
    w.click("Menu");
    w.picture("menu");
}
