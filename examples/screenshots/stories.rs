//! What happens before each picture: the lab, who starts when, what must be true. It must not know how a window is driven.

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use eframe::egui::{Key, Modifiers, accesskit::Role};
use socketlab::engine::LaneDoing;
use socketlab::engine::SessionState::{Failed as Fails, Running};

use super::window::{Failed, Window};

const FULL: [f32; 2] = [1_440.0, 900.0];
const SMALL: [f32; 2] = [1_280.0, 800.0];
const PROJECTOR: [f32; 2] = [1_920.0, 1_080.0];

type Story = fn(&Path) -> Result<(), Failed>;

/// Every story by name.
pub const ALL: [(&str, Story); 8] = [
    ("start", start),
    ("io-switch", io_switch),
    ("io-models", io_models),
    ("backlog", backlog),
    ("explore", explore),
    ("messages", messages),
    ("classroom", classroom),
    ("code", code),
];

/// The window as it opens for the first time.
fn start(dir: &Path) -> Result<(), Failed> {
    let mut window = Window::first_start(false, FULL)?;
    window.frames(4);
    window.picture(dir, "start-dark-en")
}

/// One server goes on with one client at a time; the other is switched to threads and has time for both.
fn io_switch(dir: &Path) -> Result<(), Failed> {
    let mut window = Window::open(include_str!("io-switch.toml"), true, FULL)?;
    for server in ["one-door", "many-doors"] {
        window.start(server, Running)?;
    }
    for (client, server) in [("phone", "one-door"), ("lamp", "many-doors")] {
        window.start(client, Running)?;
        window.until_session(server, "its first client is served", |s| s.counters.open == 1 && s.counters.rx_bytes > 0)?;
    }
    for (client, server) in [("board", "one-door"), ("kiosk", "many-doors")] {
        window.start(client, Running)?;
        window.until_session(server, "its second client waits", |s| s.queue.is_some_and(|q| q.waiting == 1))?;
    }
    window.run_for(Duration::from_secs(8))?;
    window.select("many-doors");
    window.click(Role::RadioButton, "threads");
    window.until_session("many-doors", "both clients are back", |s| s.model == Some("threads") && s.counters.open == 2)?;
    window.until_session("kiosk", "it is answered", |s| s.counters.rx_bytes > 0)?;
    window.run_for(Duration::from_secs(5))?;
    window.picture(dir, "io-switch-light-en")
}

/// The same work under two models; one of the servers is held before its next call.
fn io_models(dir: &Path) -> Result<(), Failed> {
    let mut window = Window::open(include_str!("../threads-vs-epoll.toml"), false, FULL)?;
    for server in ["threads", "epoll"] {
        window.start(server, Running)?;
    }
    for client in ["phones", "tablets"] {
        window.start(client, Running)?;
        window.until_session(client, "it is answered", |s| s.counters.open == 4 && s.counters.rx_bytes > 0)?;
    }
    window.run_for(Duration::from_secs(4))?;
    window.select("epoll");
    window.key(Modifiers::COMMAND, Key::Num2);
    window.run_for(Duration::from_secs(12))?;
    window.key(Modifiers::NONE, Key::F6);
    window.until_session("epoll", "it is held", |s| s.lanes.iter().any(|lane| matches!(lane.doing, LaneDoing::AtGate { .. })))?;
    for _ in 0..3 {
        window.key(Modifiers::NONE, Key::F11);
        window.run_for(Duration::from_millis(700))?;
    }
    window.picture(dir, "io-models-dark-en")?;
    window.other_theme();
    window.other_language();
    window.run_for(Duration::from_millis(700))?;
    window.picture(dir, "io-models-light-zh")
}

/// A shop with a slow till: its queue fills up, is full while others call again and again, and drains.
fn backlog(dir: &Path) -> Result<(), Failed> {
    let lab = include_str!("../backlog-3.toml").replace("connections = 10", "connections = 12").replace("every_ms = 20", "every_ms = 250");
    let mut window = Window::open(&lab, false, FULL)?;
    window.start("till", Running)?;
    window.start("customers", Running)?;
    window.key(Modifiers::COMMAND, Key::Num3);
    window.until_session("till", "two wait", |s| s.queue.is_some_and(|q| q.waiting == 2))?;
    window.picture(dir, "backlog-filling-dark-en")?;
    window.until_session("till", "its queue is full", |s| s.queue.is_some_and(|q| q.waiting == 4))?;
    window.until_session("customers", "others call again", |s| s.counters.waiting >= 4)?;
    // Each accept makes a place free, until the next SYN retry takes it.
    let full = |window: &mut Window| window.until_session("till", "its queue is full again", |s| s.queue.is_some_and(|q| q.waiting == 4));
    window.other_theme();
    window.run_for(Duration::from_millis(600))?;
    full(&mut window)?;
    window.picture(dir, "backlog-full-light-en")?;
    window.other_language();
    window.size(SMALL);
    window.run_for(Duration::from_millis(300))?;
    full(&mut window)?;
    window.picture(dir, "backlog-full-light-zh-1280")?;
    window.size(PROJECTOR);
    window.other_theme();
    window.run_for(Duration::from_millis(300))?;
    full(&mut window)?;
    window.picture(dir, "backlog-full-dark-zh-1920")?;
    window.size(FULL);
    window.other_theme();
    window.until_session("customers", "nobody is outside any more", |s| s.counters.waiting == 0)?;
    window.until_session("till", "two are left", |s| s.queue.is_some_and(|q| q.waiting == 2))?;
    window.picture(dir, "backlog-draining-light-zh")
}

/// A lab at work: three clients and a load on a selector, datagrams, one who waits, one server that could not start.
fn explore(dir: &Path) -> Result<(), Failed> {
    // Whoever has this port, `web` cannot; if another program has it already, so much the better.
    let _taken = TcpListener::bind("127.0.0.1:7780");
    let mut window = Window::open(include_str!("explore.toml"), false, FULL)?;
    for server in ["echo-tcp", "clock-udp", "door"] {
        window.start(server, Running)?;
    }
    window.start("web", Fails)?;
    for client in ["board", "phone", "lamp", "watch", "guest"] {
        window.start(client, Running)?;
        window.until_session(client, "it is answered", |s| s.counters.rx_bytes > 0)?;
        window.run_for(Duration::from_secs(2))?;
    }
    window.start("kiosk", Running)?;
    window.until_session("door", "kiosk waits", |s| s.queue.is_some_and(|q| q.waiting == 1))?;
    window.type_into("Filter traffic", "-load-1");
    window.run_for(Duration::from_secs(8))?;
    window.start("load-1", Running)?;
    window.until_session("load-1", "all are open", |s| s.counters.open == 40)?;
    window.until_session("echo-tcp", "all are connected", |s| s.counters.open == 43)?;
    window.run_for(Duration::from_secs(26))?;
    // By hand, and late: the status bar tells the newest event.
    window.select("phone");
    window.click(Role::Button, "Send");
    window.select("echo-tcp");
    window.run_for(Duration::from_secs(2))?;
    window.picture(dir, "explore-dark-en")?;
    window.size(SMALL);
    window.picture(dir, "explore-dark-en-1280")?;
    window.size(FULL);

    window.tab("Connections");
    window.select("door");
    window.other_theme();
    window.run_for(Duration::from_secs(1))?;
    window.picture(dir, "connections-light-en")?;

    window.tab("Traffic");
    window.select("phone");
    window.other_language();
    window.run_for(Duration::from_secs(2))?;
    window.picture(dir, "explore-light-zh")?;
    window.size(SMALL);
    window.picture(dir, "explore-light-zh-1280")?;
    window.size(FULL);

    window.key(Modifiers::COMMAND, Key::Num4);
    window.other_theme();
    window.select("echo-tcp");
    window.run_for(Duration::from_secs(1))?;
    window.picture(dir, "traffic-dark-zh")
}

/// Messages that are cut, answered and kept.
fn field_bus() -> Result<Window, Failed> {
    let mut window = Window::open(include_str!("messages.toml"), false, FULL)?;
    for server in ["gateway", "plc", "clock"] {
        window.start(server, Running)?;
    }
    for client in ["meter", "pump", "panel", "watch"] {
        window.start(client, Running)?;
        window.until_session(client, "it is answered", |s| s.counters.rx_bytes > 0)?;
    }
    window.run_for(Duration::from_secs(12))?;
    window.key(Modifiers::COMMAND, Key::Num4);
    Ok(window)
}

/// Composed, cut, and drawn as a ladder.
fn messages(dir: &Path) -> Result<(), Failed> {
    let mut window = field_bus()?;
    window.select("panel");
    window.tab("Composer");
    window.run_for(Duration::from_secs(1))?;
    window.picture(dir, "composer-dark-en")?;

    window.select("gateway");
    window.tab("Framing");
    window.run_for(Duration::from_secs(3))?;
    window.picture(dir, "framing-dark-en")?;

    window.tab("Ladder");
    window.click(Role::Button, "Everything");
    window.run_for(Duration::from_secs(3))?;
    window.picture(dir, "ladder-dark-en")
}

/// The gallery, a lesson in its middle, and the same lesson before a class.
fn classroom(dir: &Path) -> Result<(), Failed> {
    let mut window = Window::first_start(false, FULL)?;
    window.key(Modifiers::COMMAND, Key::G);
    window.rest();
    window.picture(dir, "gallery-dark-en")?;
    window.other_look();
    window.picture(dir, "gallery-light-zh")?;
    window.other_look();

    window.click(Role::Button, "11 The listen backlog");
    window.click(Role::Button, "Start the server");
    window.until_label("Linux lets n + 1 wait")?;
    window.click(Role::Button, "Next step");
    for number in ["3", "0", "3", "1"] {
        window.answer(number);
    }
    window.click(Role::Button, "Let three clients connect");
    window.until_session("till", "three wait", |s| s.queue.is_some_and(|q| q.waiting == 3))?;
    window.until_label("What happened: ")?;
    window.click(Role::Button, "Next step");
    for number in ["6", "4", "4", "3", "6", "4"] {
        window.answer(number);
    }
    window.click(Role::Button, "Let three more connect");
    window.until_label("What happened: ")?;
    window.until_session("customers", "two call again", |s| s.counters.waiting == 2)?;
    window.run_for(Duration::from_millis(800))?;
    window.picture(dir, "lesson-dark-en")?;
    window.other_look();
    window.picture(dir, "lesson-light-zh")?;
    window.other_look();

    window.click(Role::Button, "Next step");
    window.click(Role::Button, "Let everybody say hello");
    window.until_label("24 bytes were sent")?;
    window.click(Role::Button, "Next step");
    window.until_session("customers", "they have called again", |s| s.counters.waiting == 2)?;
    window.click(Role::Button, "Next step");
    window.size(PROJECTOR);
    window.key(Modifiers::NONE, Key::F7);
    window.run_for(Duration::from_secs(1))?;
    for (option, people) in [("At once", 14), ("At its next SYN retransmission", 15), ("Never", 3)] {
        for _ in 0..people {
            window.click(Role::Button, option);
        }
    }
    window.key(Modifiers::NONE, Key::F8);
    window.picture(dir, "presenter-dark-en")?;
    window.other_look();
    window.picture(dir, "presenter-light-zh")
}

/// The program behind a server that is held before its next call, and behind a client.
fn code(dir: &Path) -> Result<(), Failed> {
    let mut window = Window::open(include_str!("../threads-vs-epoll.toml"), false, FULL)?;
    for server in ["threads", "epoll"] {
        window.start(server, Running)?;
    }
    for client in ["phones", "tablets"] {
        window.start(client, Running)?;
        window.until_session(client, "it is answered", |s| s.counters.open == 4 && s.counters.rx_bytes > 0)?;
    }
    window.select("epoll");
    window.key(Modifiers::COMMAND, Key::Num2);
    window.key(Modifiers::NONE, Key::F12);
    window.click(Role::RadioButton, "C");
    window.run_for(Duration::from_secs(6))?;
    window.key(Modifiers::NONE, Key::F6);
    window.until_session("epoll", "it is held", |s| s.lanes.iter().any(|lane| matches!(lane.doing, LaneDoing::AtGate { .. })))?;
    window.key(Modifiers::NONE, Key::F11);
    window.run_for(Duration::from_millis(700))?;
    window.picture(dir, "code-dark-en")?;
    window.click(Role::RadioButton, "Python 3");
    window.other_look();
    window.run_for(Duration::from_millis(700))?;
    window.picture(dir, "code-light-zh")
}
