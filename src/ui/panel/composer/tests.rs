//! The composer by its accessible names.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::bytes::FramingKind;
use crate::engine::Command;
use crate::lab::PacketFormat;
use crate::ui::panel::tables_fake::{World, looks, picture};
use crate::ui::{Action, Selection};

fn selected(mut world: World, server: bool) -> World {
    world.selection = Selection::Endpoint(if server { world.server() } else { world.client() });
    world
}

fn panel() -> Box<dyn Panel> {
    (DEF.make)()
}

fn window(world: World) -> Harness<'static, World> {
    world.window(868.0, 520.0)
}

fn body(harness: &Harness<'_, World>) -> String {
    harness.state().lab.servers[0].packet.body.clone()
}

fn set(harness: &mut Harness<'_, World>, name: &str, text: &str) {
    harness.get_by_label(name).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::A);
    harness.get_by_label(name).type_text(text);
    harness.run_steps(3);
}

fn type_into(harness: &mut Harness<'_, World>, name: &str, text: &str) {
    harness.get_by_label(name).focus();
    harness.run_steps(2);
    harness.get_by_label(name).type_text(text);
    harness.run_steps(3);
}

#[test]
fn typing_in_hex_or_text_changes_the_body_and_typing_the_body_changes_the_bytes() {
    let mut harness = window(selected(World::stopped(panel()), true));
    assert_eq!(body(&harness), r"hello\n");
    type_into(&mut harness, "Bytes in hex", "4a");
    assert_eq!(body(&harness), r"Jello\n");
    assert!(harness.ctx.text_edit_focused(), "Delete and Ctrl+Z are its own");
    type_into(&mut harness, "Bytes as text", "中");
    assert_eq!(body(&harness), r"J中o\n", "over three bytes");
    harness.key_press(eframe::egui::Key::Backspace);
    harness.run_steps(2);
    assert_eq!(body(&harness), r"J\xe4\xb8o\n", "what is no character is spelled out");
    set(&mut harness, "Payload", "A{{counter}}");
    assert_eq!(harness.get_by_label("Bytes in hex").value().as_deref(), Some("41 31"));
    assert!(harness.state().actions.iter().all(|a| matches!(a, Action::Edit { .. })), "nothing else was asked for");
}

#[test]
fn what_fields_and_framing_made_is_shown_and_not_changed() {
    let mut world = selected(World::stopped(panel()), true);
    world.lab.servers[0].messages.framing = FramingKind::Length.usual();
    world.lab.servers[0].packet.body = "a{{counter}}".into();
    let mut harness = window(world);
    assert_eq!(harness.get_by_label("Bytes in hex").value().as_deref(), Some("00 00 00 02 61 31"));
    harness.get_by_label("4 bytes added by line ending or framing");
    harness.get_by_label("1 byte of fields");
    type_into(&mut harness, "Bytes in hex", "ff");
    harness.get_by_label_contains("not yours to change");
    assert_eq!(body(&harness), "a{{counter}}");
    for _ in 0..4 {
        harness.key_press(eframe::egui::Key::ArrowRight);
    }
    harness.run_steps(2);
    type_into(&mut harness, "Bytes in hex", "62");
    assert_eq!(body(&harness), "b{{counter}}");
}

#[test]
fn the_bytes_at_the_cursor_are_read_in_both_orders() {
    let mut world = selected(World::stopped(panel()), true);
    world.lab.servers[0].packet.body = r"\x7f\x00\x00\x01".into();
    let harness = window(world);
    harness.get_by_label("u16 big-endian: 32512");
    harness.get_by_label("u16 little-endian: 127");
    harness.get_by_label("IPv4: 127.0.0.1");
    harness.get_by_label("u64 big-endian: –");
}

#[test]
fn the_next_three_are_previewed_and_mistakes_are_said() {
    let mut world = selected(World::stopped(panel()), true);
    world.lab.servers[0].packet.body = "n{{counter 8}}".into();
    let mut harness = window(world);
    for shown in ["n8", "n9", "n10"] {
        harness.get_by_label(shown);
    }
    set(&mut harness, "Payload", "n{{nothing}}");
    harness.get_by_label_contains("There is no such field");
    harness.get_by_label_contains("at character 4");
    assert_eq!(body(&harness), "n{{counter 8}}", "the mistake is not written to the lab");
}

#[test]
fn the_menu_puts_a_checksum_at_the_cursor() {
    let mut harness = window(selected(World::stopped(panel()), true));
    set(&mut harness, "Payload", "ab");
    harness.get_by_label("Insert").click();
    harness.run_steps(3);
    harness.get_by_label("{{length u16be}}").click();
    harness.run_steps(3);
    assert_eq!(body(&harness), "ab{{length u16be}}");
}

#[test]
fn formats_keep_the_bytes() {
    let mut harness = window(selected(World::stopped(panel()), true));
    harness.get_by_label("Hex").click();
    harness.run_steps(3);
    assert_eq!(body(&harness), "68 65 6c 6c 6f 0a");
    harness.get_by_label("Base64").click();
    harness.run_steps(3);
    assert_eq!(body(&harness), "aGVsbG8K");
    type_into(&mut harness, "Bytes as text", "J");
    assert_eq!(body(&harness), "SmVsbG8K");
}

#[test]
fn it_is_sent_to_the_chosen_ones_at_a_rate() {
    let mut harness = window(selected(World::running(panel()), true));
    harness.get_by_label("Rate").click();
    harness.run_steps(3);
    let packet = &harness.state().lab.servers[0].packet;
    assert_eq!((packet.times, packet.every_ms, packet.bytes_per_s), (10, 0, 100_000));
    harness.get_by_label("Send to").click();
    harness.run_steps(3);
    harness.get_by_label("2 phone").click();
    harness.run_steps(3);
    harness.get_by_label("Send").click();
    harness.run_steps(2);
    let sent = |a: &Action| matches!(a, Action::Engine(Command::Send { to: crate::engine::SendTo::One(_), outgoing, .. }) if outgoing.bytes_per_s == 100_000);
    assert!(harness.state().actions.iter().any(sent));
}

#[test]
fn a_struct_is_seen_in_both_orders_and_becomes_the_payload() {
    let mut harness = window(selected(World::stopped(panel()), true));
    harness.get_by_label("Struct").click();
    harness.run_steps(3);
    harness.get_by_label("Value of field 4").focus();
    set(&mut harness, "Value of field 4", "x");
    harness.get_by_label_contains("Write a number");
    set(&mut harness, "Value of field 4", "1");
    for hex in ["01 00 0c 00 00 1e 6c 3f 80 00 00", "01 0c 00 6c 1e 00 00 00 00 80 3f"] {
        assert!(harness.query_all_by_label(hex).next().is_some(), "{hex}");
    }
    harness.get_by_label("Use as payload").click();
    harness.run_steps(3);
    let packet = &harness.state().lab.servers[0].packet;
    assert_eq!((packet.format, packet.body.as_str()), (PacketFormat::Hex, "01 00 0c 00 00 1e 6c 3f 80 00 00"));
    harness.get_by_label("Payload");
}

#[test]
fn packets_are_kept_found_loaded_renamed_and_brought_back() {
    let mut harness = window(selected(World::stopped(panel()), true));
    harness.get_by_label("Library").click();
    harness.run_steps(3);
    set(&mut harness, "Name", "greeting");
    set(&mut harness, "Folder", "lab/a");
    harness.get_by_label("Keep in lab").click();
    harness.get_by_label("Keep as own").click();
    harness.run_steps(3);
    let saved = &harness.state().lab.packets[0];
    assert_eq!((saved.name.as_str(), saved.folder.as_str(), saved.packet.body.as_str()), ("greeting", "lab/a", r"hello\n"));
    assert_eq!(harness.state().own.len(), 1);
    harness.state_mut().lab.servers[0].packet.body = "other".into();
    harness.run_steps(2);
    harness.get_by_label("Rename greeting").click();
    harness.run_steps(3);
    set(&mut harness, "New name", "hello");
    harness.get_by_label("Rename").click();
    harness.run_steps(3);
    assert_eq!(harness.state().lab.packets[0].name, "hello");
    set(&mut harness, "Search packets", "hello");
    harness.get_by_label("Load hello").click();
    harness.run_steps(3);
    assert_eq!(body(&harness), r"hello\n");
    harness.get_by_label("Library").click();
    harness.run_steps(3);
    set(&mut harness, "Search packets", " ");
    let own = harness.state().own[0].name.clone();
    harness.get_by_label(&format!("Remove {own}")).click();
    harness.run_steps(3);
    assert!(harness.state().own.is_empty());
    harness.get_by_label("Bring it back").click();
    harness.run_steps(3);
    assert_eq!(harness.state().own.len(), 1);
}

#[test]
fn a_sequence_is_built_run_and_shown() {
    let mut harness = window(selected(World::running(panel()), true));
    harness.get_by_label("Sequences").click();
    harness.run_steps(3);
    harness.get_by_label("Add a sequence").click();
    harness.run_steps(3);
    for step in ["Send", "Wait", "Wait for a reply"] {
        harness.get_by_label(step).click();
        harness.run_steps(3);
    }
    set(&mut harness, "Packet of step 1", "USER me");
    let steps = &harness.state().lab.sequences[0].steps;
    assert!(
        matches!(&steps[..], [crate::lab::Step::Send(p), crate::lab::Step::Wait(100), crate::lab::Step::Reply { .. }] if p.body == "USER me")
    );
    harness.get_by_label("Step 2 down").click();
    harness.run_steps(3);
    assert!(matches!(harness.state().lab.sequences[0].steps[2], crate::lab::Step::Wait(100)));
    harness.get_by_label("Run").click();
    harness.run_steps(2);
    let run = |a: &Action| matches!(a, Action::Engine(Command::RunSequence { sequence, .. }) if sequence.steps.len() == 3);
    assert!(harness.state().actions.iter().any(run));
    let id = harness.state().server();
    let (state, name) = (crate::engine::SequenceState::Waiting, "sequence".into());
    let view = crate::engine::SequenceView { name, state, step: 2, steps: 3, round: 1, of: 1 };
    let messages = crate::engine::MessagesView { sequence: Some(view), ..Default::default() };
    harness.state_mut().session(id).messages = std::sync::Arc::new(messages);
    harness.run_steps(2);
    harness.get_by_label("sequence: step 2 of 3, round 1 of 1, waiting for the reply");
    harness.get_by_label("Pause").click();
    harness.get_by_label("Stop the sequence").click();
    harness.run_steps(2);
    assert!(harness.state().actions.iter().any(|a| matches!(a, Action::Engine(Command::PauseSequence(s, true)) if *s == id)));
    assert!(harness.state().actions.iter().any(|a| matches!(a, Action::Engine(Command::StopSequence(s)) if *s == id)));
}

#[test]
fn a_datagram_goes_to_any_address_and_broadcast_is_offered() {
    let mut world = selected(World::running(panel()), true);
    world.lab.servers[0].transport = Transport::Udp;
    let mut harness = window(world);
    harness.get_by_label("Send to").click();
    harness.run_steps(3);
    harness.get_by_label("an address").click();
    harness.run_steps(3);
    set(&mut harness, "Address to send to", "255.255.255.255:9999");
    harness.get_by_label("Set SO_BROADCAST").click();
    harness.run_steps(3);
    assert!(harness.state().lab.servers[0].messages.cast.broadcast);
    harness.get_by_label("Send").click();
    harness.run_steps(2);
    let to_all = |a: &Action| matches!(a, Action::Engine(Command::Send { to: crate::engine::SendTo::Address(to), .. }) if &**to == "255.255.255.255:9999");
    assert!(harness.state().actions.iter().any(to_all));
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        let mut world = selected(World::running(panel()), true).look(language, theme.clone());
        world.lab.servers[0].messages.framing = FramingKind::Length.usual();
        world.lab.servers[0].packet.body = r"GET 中文 {{counter 7 d4}}\r\n{{crc-16/modbus le}}".into();
        picture(&mut world.window(868.0, 520.0), &format!("composer-packet-{name}"));
        let world = || {
            let mut world = selected(World::running(panel()), true).look(language, theme.clone());
            let packet = Packet { body: r"GET / HTTP/1.1\r\n".into(), ..Packet::default() };
            let step = crate::lab::Step::Reply { when: crate::lab::Match::Prefix("HTTP".into()), within_ms: 5_000 };
            let steps = vec![crate::lab::Step::Send(packet.clone()), crate::lab::Step::Wait(250), step];
            world.lab.sequences = vec![crate::lab::Sequence { name: "log in".into(), steps, times: 3 }];
            for (folder, name) in [("", "hello"), ("http", "get")] {
                let saved = crate::lab::SavedPacket { name: name.into(), folder: folder.into(), packet: packet.clone() };
                world.lab.packets.push(saved.clone());
                world.own.push(saved);
            }
            world
        };
        for (page, tab) in
            [("struct", "composer-page-struct"), ("library", "composer-page-library"), ("sequences", "composer-page-sequences")]
        {
            let world = world();
            let tab = crate::tr!(world.text, tab);
            let mut harness = world.window(868.0, 400.0);
            harness.get_by_label(&tab).click();
            harness.run_steps(3);
            picture(&mut harness, &format!("composer-{page}-{name}"));
        }
        let mut world = selected(World::running(panel()), false).look(language, theme);
        world.lab.clients[0].packet.body = "n{{nothing}} more".into();
        world.lab.clients[0].packet.times = 0;
        picture(&mut world.window(560.0, 660.0), &format!("composer-narrow-{name}"));
    }
}
