//! The Code panel by its accessible names, on moments written down by hand.

use eframe::egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::engine::LaneDoing;
use crate::trace::Call;
use crate::ui::ExportData;
use crate::ui::Text;
use crate::ui::panel::fake::{AT, World, ms};
use crate::ui::panel::stepper::tests::{looks, picture};
use crate::ui::panel::timeline::fake::record;

type Shown = Harness<'static, (World, Box<dyn Panel>)>;

/// A server that answered a `send` last and sleeps in `epoll_wait` again.
fn world() -> World {
    let mut world = World::empty();
    let echo = world.server("echo-tcp", Transport::Tcp, "127.0.0.1:7788", "epoll-lt");
    world.client("phone", echo);
    world.lane(echo, "epoll-1", LaneDoing::InCall { call: Call::EpollWait, fd: 5, since: AT - ms(900) }, Vec::new());
    let calls = [(Call::EpollWait, 5), (Call::Recv, 17), (Call::Send, 17), (Call::Fcntl, 17), (Call::GetSockOpt, 17)];
    let calls = calls.iter().zip(0..).map(|((call, fd), n)| record(0, *call, *fd, n * 1_000, 500));
    // The newest ones have no line in any program.
    world.session(echo).calls.log = calls.filter(|call| call.call != Call::Fcntl).collect();
    world.selection = Selection::Endpoint(echo);
    world
}

fn window(world: World, width: f32, height: f32) -> Shown {
    let mut harness = Harness::builder()
        .with_size(vec2(width, height))
        .build_ui_state(|ui, (world, panel): &mut (World, Box<dyn Panel>)| world.show(&mut **panel, ui), (world, (DEF.make)()));
    harness.run_steps(5);
    harness
}

fn says(harness: &Shown, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

fn press(harness: &mut Shown, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(4);
}

#[test]
fn the_lines_of_the_newest_call_are_marked_and_scrolled_to_in_every_language() {
    let mut harness = window(world(), 868.0, 486.0);
    for (language, line) in [("Python 3", ".send("), ("C", "send("), ("Rust", ".write(")] {
        press(&mut harness, language);
        let marked = harness.query_all_by_label_contains(": newest call send(17, 0) = 0").next().is_some();
        assert!(marked, "{language}: no line of send is in sight");
        assert!(says(&harness, line), "{language}");
        assert!(says(&harness, "send(17, 0) = 0 · line"), "{language}: the foot says it too");
        assert!(says(&harness, "in epoll_wait(5) now · line"), "{language}");
    }
}

#[test]
fn a_new_call_is_followed_and_without_follow_all_stays() {
    let mut harness = window(world(), 868.0, 300.0);
    let accept = |harness: &mut Shown| {
        let (world, _) = harness.state_mut();
        let id = world.lab.servers[0].id;
        world.snap.at += ms(1_000);
        world.session(id).calls.log = [record(0, Call::Socket, 12, 9_000, 5)].into_iter().collect();
        harness.run_steps(4);
    };
    press(&mut harness, "Follow");
    accept(&mut harness);
    assert!(!says(&harness, ": newest call socket(12) = 0"), "the line is not scrolled to");
    assert!(says(&harness, "socket(12) = 0 · line"), "but the foot says it");
    press(&mut harness, "Follow");
    assert!(says(&harness, ": newest call socket(12) = 0"));
}

#[test]
fn a_held_lane_marks_the_call_it_stands_before() {
    let mut world = world();
    let id = world.lab.servers[0].id;
    let session = world.session(id);
    let mut lanes = session.lanes.to_vec();
    lanes[0].doing = LaneDoing::AtGate { call: Call::Recv, fd: 17, since: AT };
    session.lanes = lanes.into();
    let harness = window(world, 868.0, 486.0);
    assert!(says(&harness, ": held before recv(17)"), "its line is in sight");
}

#[test]
fn copy_and_save_hand_on_the_whole_text() {
    let mut harness = window(world(), 868.0, 486.0);
    press(&mut harness, "C");
    press(&mut harness, "Copy");
    press(&mut harness, "Save as file");
    press(&mut harness, "Calls");
    press(&mut harness, "Copy");
    press(&mut harness, "Save as file");
    let actions = &harness.state().0.actions;
    let [Action::Copy(copied), Action::Say(_), Action::Export(file, ExportData::Text(saved)), Action::Copy(calls), Action::Say(_), last] =
        &actions[..]
    else {
        panic!("{actions:?}")
    };
    assert_eq!((file.as_str(), copied), ("echo_server.c", saved));
    assert!(saved.starts_with("/*") && saved.contains("int main("), "{saved}");
    assert_eq!(calls.lines().nth(1), Some("recv(17, 0) = 0 <0.000000>"));
    assert!(matches!(last, Action::Export(file, ExportData::Text(text)) if file == "calls.txt" && text == calls));
}

#[test]
fn calls_are_shown_as_a_transcript_and_can_be_held() {
    let mut harness = window(world(), 868.0, 486.0);
    press(&mut harness, "Calls");
    assert!(says(&harness, "2 recv(17, 0) = 0 <0.000000>"));
    assert!(says(&harness, "The newest 4 calls"));
    press(&mut harness, "Follow");
    let (world, _) = harness.state_mut();
    let id = world.lab.servers[0].id;
    world.session(id).calls.log = [record(0, Call::Close, 17, 9_000, 5)].into_iter().collect();
    harness.run_steps(3);
    assert!(says(&harness, "recv(17, 0)") && says(&harness, "4 calls, held"));
    press(&mut harness, "Follow");
    let close = if cfg!(windows) { "1 closesocket(17)" } else { "1 close(17)" };
    assert!(says(&harness, close) && !says(&harness, "recv(17, 0)"));
}

#[test]
fn a_client_has_its_own_program_and_what_has_none_says_why() {
    let mut world = world();
    let phone = world.lab.clients[0].id;
    world.selection = Selection::Endpoint(phone);
    let mut harness = window(world, 868.0, 486.0);
    assert!(says(&harness, "python3 "));
    assert!(says(&harness, "Start it: the lines of its newest call"));
    let (world, _) = harness.state_mut();
    let id = world.lab.servers[0].id;
    world.lab.servers[0].model = "async".into();
    world.selection = Selection::Endpoint(id);
    press(&mut harness, "C");
    assert!(says(&harness, "C has no coroutines"));
    harness.state_mut().0.lab.clients[0].target = crate::lab::Target::Server("gone".into());
    harness.state_mut().0.selection = Selection::Endpoint(phone);
    harness.run_steps(3);
    assert!(says(&harness, "is not in the lab") || says(&harness, "chosen when it starts"), "its server is gone");
}

#[test]
fn comments_are_in_the_language_of_the_window() {
    // Nothing was called, so the first lines are in sight.
    let mut world = World::empty();
    world.selection = Selection::Endpoint(world.server("echo-tcp", Transport::Tcp, "127.0.0.1:7788", "epoll-lt"));
    let mut harness = window(world, 868.0, 486.0);
    let (english, chinese) = ("  # the most that one recv may return", "  # 一次 recv 最多返回的字节数");
    assert!(says(&harness, english) && !says(&harness, chinese));
    harness.state_mut().0.text = Text::new(crate::ui::Language::Chinese);
    harness.run_steps(3);
    assert!(says(&harness, chinese) && !says(&harness, english));
    press(&mut harness, "复制");
    let Some(Action::Copy(copied)) = harness.state().0.actions.first() else { panic!("nothing was copied") };
    assert!(copied.contains(chinese) && copied.contains("sock.bind(address)"), "{copied}");
    harness.state_mut().0.text = Text::new(crate::ui::Language::English);
    harness.run_steps(3);
    assert!(says(&harness, english) && !says(&harness, chinese), "and back");
}

#[test]
fn with_nothing_selected_one_button_says_what_to_do() {
    let mut world = world();
    world.selection = Selection::None;
    let id = world.lab.servers[0].id;
    let mut harness = window(world, 868.0, 486.0);
    press(&mut harness, "Show echo-tcp");
    assert!(matches!(harness.state().0.actions[..], [Action::Select(Selection::Endpoint(shown))] if shown == id));
    let mut harness = window(World::empty(), 868.0, 486.0);
    press(&mut harness, "Add a server");
    assert!(matches!(harness.state().0.actions[..], [Action::Ui(UiCommand::AddServer(Transport::Tcp))]));
}

#[test]
fn only_lines_in_sight_are_in_the_tree() {
    let harness = window(world(), 868.0, 300.0);
    let lines = harness.query_all_by_label_contains(" ").filter(|node| node.rect().height() == 22.0).count();
    assert!((5..15).contains(&lines), "{lines}");
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        let mut shown = window(world().look(language, theme.clone()), 868.0, 486.0);
        picture(&mut shown, &format!("code-python-{name}"));
        press(&mut shown, "C");
        picture(&mut shown, &format!("code-c-{name}"));
        press(&mut shown, "Rust");
        picture(&mut shown, &format!("code-rust-{name}"));
        let mut narrow = window(world().look(language, theme), 408.0, 486.0);
        picture(&mut narrow, &format!("code-narrow-{name}"));
    }
}
