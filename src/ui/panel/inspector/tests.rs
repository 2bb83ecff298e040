//! The inspector by its accessible names.

use std::sync::Arc;

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::*;
use crate::engine::{Cause, Command, ConnPick, Failure, Operation, Outgoing, SendProgress, SendTo, SessionState};
use crate::lab::{Address, PacketFormat, Target};
use crate::trace::ConnId;
use crate::ui::Selection;
use crate::ui::panel::tables_fake::{World, looks, outside_target, picture};

fn panel() -> Box<dyn Panel> {
    Box::new(Inspector::default())
}

fn selected(mut world: World, server: bool) -> World {
    world.selection = Selection::Endpoint(if server { world.server() } else { world.client() });
    world
}

fn window(world: World) -> Harness<'static, World> {
    world.window(356.0, 900.0)
}

pub(super) fn set(harness: &mut Harness<'_, World>, name: &str, text: &str) {
    // The words beside a field have its name too.
    let field = |harness: &Harness<'_, World>, act: &dyn Fn(egui_kittest::Node<'_>)| {
        let fields = harness.query_all_by_label(name).filter(|n| n.accesskit_node().role() != eframe::egui::Role::Label);
        assert_eq!(fields.map(act).count(), 1, "{name}");
    };
    field(harness, &|n| n.focus());
    harness.run_steps(2);
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::A);
    field(harness, &|n| n.type_text(text));
    harness.run_steps(3);
}

fn sent(world: &World) -> Option<(SendTo, Outgoing)> {
    world.actions.iter().find_map(|a| match a {
        Action::Engine(Command::Send { to, outgoing, .. }) => Some((to.clone(), outgoing.clone())),
        _ => None,
    })
}

#[test]
fn nothing_selected_offers_to_add() {
    let mut harness = window(World::stopped(panel()));
    harness.get_by_label("Add a server").click();
    harness.run_steps(2);
    assert!(matches!(harness.state().actions[..], [Action::Ui(UiCommand::AddServer(Transport::Tcp))]));
}

#[test]
fn a_bad_port_stays_in_the_field_and_never_reaches_the_lab() {
    let mut harness = window(selected(World::stopped(panel()), true));
    set(&mut harness, "Port", "70000");
    harness.get_by_label_contains("“70000” is not a port");
    assert_eq!(harness.state().lab.servers[0].address.to_string(), "127.0.0.1:7788");
    assert_eq!(harness.get_by_label("Port").value().as_deref(), Some("70000"));
    set(&mut harness, "Port", "0");
    assert_eq!(harness.state().lab.servers[0].address.to_string(), "127.0.0.1:0");
    harness.get_by_label_contains("the system will choose");
    set(&mut harness, "Host", "::1");
    assert_eq!(harness.state().lab.servers[0].address, Address::Inet { host: "::1".into(), port: 0 });
    let merges: Vec<_> =
        harness.state().actions.iter().filter_map(|a| if let Action::Edit { merge, .. } = a { Some(*merge) } else { None }).collect();
    assert!(merges.len() >= 2 && merges.iter().all(|m| m.is_some() && *m == merges[0]), "typing is one undo step");
}

#[test]
fn a_running_server_says_what_the_system_chose_and_stops() {
    let mut world = selected(World::running(panel()), true);
    world.lab.servers[0].address = Address::Inet { host: "127.0.0.1".into(), port: 0 };
    let id = world.server();
    world.session(id).local = Some("127.0.0.1:40213".into());
    let mut harness = window(world);
    harness.get_by_label("the system chose 40213");
    harness.get_by_label_contains("Running for 4 min 12 s");
    harness.get_by_label("Stop").click();
    harness.run_steps(2);
    assert!(matches!(harness.state().actions[..], [Action::Stop(stopped)] if stopped == id));
}

#[test]
fn one_click_switches_the_model_and_restarts() {
    let mut world = selected(World::running(panel()), true);
    let Some(model) = crate::engine::catalog::models().find(|m| m.missing.is_none() && m.id != "epoll-lt") else { return };
    world.lab.servers[0].model = "epoll-lt".into();
    let mut harness = window(world);
    harness.get_by_label_contains("closes 2 connections");
    harness.get_by_label(model.id).click();
    harness.run_steps(2);
    assert_eq!(harness.state().lab.servers[0].model, model.id);
    assert!(matches!(harness.state().actions[..], [Action::Edit { .. }, Action::Restart(_)]));
}

#[test]
fn a_failure_says_why_and_what_to_try() {
    let mut world = selected(World::running(panel()), true);
    let id = world.server();
    let session = world.session(id);
    session.state = SessionState::Failed;
    session.failure = Some(Failure { errno: Some("EACCES"), ..Failure::because(Operation::Bind, "127.0.0.1:80", Cause::PermissionDenied) });
    let harness = window(world);
    harness.get_by_label_contains("Failed: bind 127.0.0.1:80: permission denied");
    harness.get_by_label("Start");
}

#[test]
fn what_is_typed_is_shown_as_bytes_and_sent_to_one_connection() {
    let mut harness = window(selected(World::running(panel()), true));
    set(&mut harness, "What is sent", r"pong 1\n");
    harness.get_by_label("70 6f 6e 67 20 31 0a");
    harness.get_by_label("7 bytes");
    assert_eq!(harness.state().lab.servers[0].packet.body, r"pong 1\n");
    harness.get_by_label("Send to").click();
    harness.run_steps(3);
    harness.get_by_label("2 phone").click();
    harness.run_steps(3);
    harness.get_by_label("Send").click();
    harness.run_steps(2);
    let (to, outgoing) = sent(harness.state()).unwrap();
    assert_eq!((to, &**outgoing.payload.constant().unwrap(), outgoing.times), (SendTo::One(ConnId(2)), &b"pong 1\n"[..], 1));
}

#[test]
fn the_keys_send_what_the_editor_holds() {
    let mut harness = window(selected(World::running(panel()), true));
    set(&mut harness, "What is sent", "now");
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::Enter);
    harness.run_steps(3);
    assert_eq!(sent(harness.state()).map(|(to, o)| (to, o.payload.constant().unwrap().to_vec())), Some((SendTo::All, b"now".to_vec())));
}

#[test]
fn half_a_byte_is_refused_with_its_place() {
    let mut harness = window(selected(World::running(panel()), true));
    harness.get_by_label("Hex").click();
    harness.run_steps(3);
    assert_eq!(harness.state().lab.servers[0].packet.format, PacketFormat::Hex);
    assert_eq!(harness.state().lab.servers[0].packet.body, "68 65 6c 6c 6f 0a", "the same bytes as hello\\n");
    set(&mut harness, "What is sent", "70 6f 6");
    harness.get_by_label_contains("at character 7");
    assert_eq!(harness.state().lab.servers[0].packet.body, "68 65 6c 6c 6f 0a", "the mistake is not written to the lab");
    harness.get_by_label("Send").click();
    harness.run_steps(2);
    assert!(sent(harness.state()).is_none());
}

#[test]
fn a_schedule_shows_progress_and_can_be_stopped() {
    let mut world = selected(World::running(panel()), false);
    let id = world.client();
    world.session(id).sending = Some(SendProgress { done: 1_300, of: 5_000 });
    let mut harness = window(world);
    harness.get_by_label("1,300 of 5,000 sent");
    harness.get_by_label("Repeat").click();
    harness.run_steps(2);
    assert_eq!(harness.state().lab.clients[0].packet.times, 10);
    harness.get_by_label("Stop sending").click();
    harness.run_steps(2);
    assert!(harness.state().actions.iter().any(|a| matches!(a, Action::Engine(Command::StopSending(s)) if *s == id)));
}

#[test]
fn a_client_opens_more_and_resets_all() {
    let mut world = selected(World::running(panel()), false);
    world.lab.clients[0].target = outside_target();
    let mut harness = window(world);
    harness.get_by_label("1 open, 0 connecting");
    harness.get_by_label("Open 1 more").click();
    harness.get_by_label("Reset all").click();
    harness.run_steps(2);
    let engine: Vec<_> = harness.state().actions.iter().filter(|a| matches!(a, Action::Engine(_))).collect();
    assert!(matches!(
        engine[..],
        [Action::Engine(Command::Open { count: 1, .. }), Action::Engine(Command::Close { pick: ConnPick::All, .. })]
    ));
    set(&mut harness, "Port", "x");
    harness.get_by_label_contains("is not a port");
    assert_eq!(harness.state().lab.clients[0].target, outside_target());
    set(&mut harness, "From", "127.0.0.1:0");
    assert_eq!(harness.state().lab.clients[0].local, Some(Address::Inet { host: "127.0.0.1".into(), port: 0 }));
}

#[test]
fn a_file_is_read_and_previewed() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("packet.bin");
    std::fs::write(&file, b"\x01\x02\xff").unwrap();
    let mut harness = window(selected(World::running(panel()), true));
    harness.get_by_label("File").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Write the path");
    set(&mut harness, "File to send", file.to_str().unwrap());
    let limit = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while harness.query_by_label("01 02 ff").is_none() && std::time::Instant::now() < limit {
        harness.step();
    }
    harness.get_by_label("01 02 ff");
    harness.get_by_label("Text").click();
    harness.run_steps(3);
    assert_eq!(harness.state().lab.servers[0].packet.body, r"hello\n", "what stood there before");
}

#[test]
fn another_transport_gets_a_fitting_address() {
    let mut harness = window(selected(World::stopped(panel()), false));
    harness.get_by_role_and_label(eframe::egui::Role::ComboBox, "Transport").click();
    harness.run_steps(3);
    harness.get_by_label("Unix stream").click();
    harness.run_steps(3);
    let client = &harness.state().lab.clients[0];
    assert!(client.transport == Transport::UnixStream && matches!(client.target, Target::Address(Address::Path(_))));
}

#[test]
fn a_unix_client_may_talk_to_itself() {
    let mut world = selected(World::stopped(panel()), false);
    world.lab.clients[0].transport = Transport::UnixStream;
    world.lab.clients[0].target = Target::Address(Address::Path("/tmp/x.sock".into()));
    world.lab.clients[0].local = Some(Address::Path("/tmp/me.sock".into()));
    let mut harness = window(world);
    harness.get_by_role_and_label(eframe::egui::Role::ComboBox, "Target").click();
    harness.run_steps(3);
    harness.get_by_label("A pair (socketpair)").click();
    harness.run_steps(3);
    let client = &harness.state().lab.clients[0];
    assert_eq!((&client.target, &client.local), (&Target::Pair, &None));
    harness.get_by_label_contains("two ends, connected to each other");
    assert!(harness.query_by_label("Path").is_none() && harness.query_by_label("From").is_none(), "no address to write");
    // Another kind of Unix socket is a pair too; TCP has none.
    for (label, is_pair) in [("Unix datagram", true), ("TCP", false)] {
        harness.get_by_role_and_label(eframe::egui::Role::ComboBox, "Transport").click();
        harness.run_steps(3);
        harness.get_by_label(label).click();
        harness.run_steps(3);
        assert_eq!(harness.state().lab.clients[0].target == Target::Pair, is_pair, "{label}");
    }
}

#[test]
fn a_client_may_be_told_to_stay_after_the_end() {
    let mut harness = window(selected(World::stopped(panel()), false));
    harness.get_by_label("Go on when the peer ends its side").click();
    harness.run_steps(3);
    assert_eq!(harness.state().lab.clients[0].after_end, crate::lab::AfterEnd::Stay);
}

#[test]
fn a_running_unix_server_may_crash_and_others_may_not() {
    let mut world = selected(World::running(panel()), true);
    assert!(window(selected(World::running(panel()), true)).query_by_label("Crash").is_none());
    world.lab.servers[0].transport = Transport::UnixStream;
    world.lab.servers[0].address = Address::Path("/tmp/x.sock".into());
    let id = world.server();
    let mut harness = window(world);
    harness.get_by_label("Crash").click();
    harness.run_steps(2);
    assert!(matches!(harness.state().actions[..], [Action::Engine(Command::Crash(asked))] if asked == id));
}

#[test]
fn a_transport_that_the_model_cannot_serve_is_not_taken_and_says_why() {
    let mut world = selected(World::stopped(panel()), true);
    world.lab.servers[0].model = "thread-pool".into();
    let mut harness = window(world);
    harness.get_by_role_and_label(eframe::egui::Role::ComboBox, "Transport").click();
    harness.run_steps(3);
    harness.get_by_label("UDP").hover();
    harness.run_steps(60);
    harness.get_by_label_contains("a pool hands connections to its workers");
    harness.get_by_label("UDP").click();
    harness.run_steps(3);
    assert_eq!(harness.state().lab.servers[0].transport, Transport::Tcp);
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        let world = selected(World::running(panel()), true).look(language, theme.clone());
        picture(&mut world.window(356.0, 830.0), &format!("inspector-server-{name}"));
        let mut world = selected(World::running(panel()), false).look(language, theme.clone());
        world.lab.clients[0].packet.body = "70 6".into();
        world.lab.clients[0].packet.format = PacketFormat::Hex;
        picture(&mut world.window(356.0, 900.0), &format!("inspector-client-{name}"));
        let mut world = World::running(panel()).look(language, theme);
        world.selection = Selection::Conn(world.server(), ConnId(2));
        let id = world.server();
        let session = world.session(id);
        session.state = SessionState::Failed;
        session.connections = Arc::clone(&session.connections);
        session.failure = Some(Failure::because(Operation::Bind, "127.0.0.1:80", Cause::PermissionDenied));
        picture(&mut world.window(356.0, 830.0), &format!("inspector-conn-{name}"));
    }
}
