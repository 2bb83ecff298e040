//! The window as a person uses it, by the names of its controls: a real engine, a fake file dialog, no display.
#![cfg(feature = "gui")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
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
        let harness = Harness::builder().with_size(size).with_max_steps(8).wgpu().build_eframe(|cc| {
            let start = Start { dialogs: Box::new(dialogs), language, light, open: None };
            App::new(&cc.egui_ctx, None, start).expect("a thread for the engine")
        });
        let mut window = Self(harness);
        window.settle();
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
        let mut w = Window::sized(FakeDialogs::default(), language, light, [1_440.0, 900.0]);
        w.picture(name);
    }
    let mut w = Window::plain();
    w.key(Modifiers::COMMAND, Key::K);
    w.picture("palette");
    w.key(Modifiers::NONE, Key::Escape);
    w.click("Menu");
    w.picture("menu");
}
