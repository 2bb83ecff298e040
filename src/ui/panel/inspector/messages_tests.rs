//! Messages and socket in the inspector, by their accessible names.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::tests::set;
use super::*;
use crate::bytes::{ByteOrder, Framing, FramingKind};
use crate::lab::{Match, Messages};
use crate::ui::Selection;
use crate::ui::panel::tables_fake::{World, looks, picture};

/// A stopped server of this transport with the block unfolded.
fn unfolded(transport: Transport) -> Harness<'static, World> {
    let mut world = World::stopped(Box::new(Inspector::default()));
    world.selection = Selection::Endpoint(world.server());
    world.lab.servers[0].transport = transport;
    let mut harness = world.window(356.0, 2_000.0);
    harness.get_by_label("Messages and socket").click();
    harness.run_steps(20);
    harness
}

fn messages(harness: &Harness<'_, World>) -> Messages {
    harness.state().lab.servers[0].messages.clone()
}

fn choose(harness: &mut Harness<'_, World>, combo: &str, entry: &str) {
    harness.get_by_role_and_label(eframe::egui::Role::ComboBox, combo).click();
    harness.run_steps(3);
    harness.get_by_label(entry).click();
    harness.run_steps(3);
}

#[test]
fn a_framing_is_chosen_and_set() {
    let mut harness = unfolded(Transport::Tcp);
    choose(&mut harness, "Framing", "length before it");
    choose(&mut harness, "Order of the length", "little-endian");
    harness.get_by_label("The length counts itself").click();
    harness.run_steps(3);
    let Framing::Length { header, .. } = messages(&harness).framing else { panic!("{:?}", messages(&harness)) };
    assert_eq!((header.width, header.order, header.counts_itself), (4, ByteOrder::Little, true));
    choose(&mut harness, "Framing", "delimiter");
    set(&mut harness, "Delimiter", r"\q");
    harness.get_by_label_contains("is not an escape");
    assert_eq!(messages(&harness).framing, FramingKind::Delimiter.usual(), "the mistake stays in its field");
    set(&mut harness, "Delimiter", r"\r\n");
    assert!(matches!(messages(&harness).framing, Framing::Delimiter { bytes, .. } if bytes == b"\r\n"));
}

#[test]
fn rules_are_added_changed_moved_and_removed() {
    let mut harness = unfolded(Transport::Tcp);
    for _ in 0..2 {
        harness.get_by_label("Add a rule").click();
        harness.run_steps(3);
    }
    choose(&mut harness, "Rule 2 is for", "expression");
    set(&mut harness, "Rule 2 looks for", "(");
    harness.get_by_label_contains("No regular expression");
    set(&mut harness, "Rule 2 looks for", "^GET");
    set(&mut harness, "Answer of rule 2", "{{counter}}");
    harness.get_by_label("Rule 2 up").click();
    harness.run_steps(3);
    let rules = messages(&harness).rules;
    assert_eq!((&rules[0].when, rules[0].reply.body.as_str()), (&Match::Regex("^GET".into()), "{{counter}}"));
    harness.get_by_label("Remove rule 2").click();
    harness.run_steps(3);
    assert_eq!(messages(&harness).rules.len(), 1);
    harness.get_by_label("Rule 1").click();
    harness.run_steps(3);
    assert!(!messages(&harness).rules[0].is_on);
}

#[test]
fn a_datagram_socket_has_groups_and_no_framing() {
    let mut harness = unfolded(Transport::Udp);
    assert!(harness.query_by_role_and_label(eframe::egui::Role::ComboBox, "Framing").is_none());
    harness.get_by_label("Broadcast allowed").click();
    set(&mut harness, "Groups", "239.1.2.3 10.0.0.1");
    harness.get_by_label_contains("10.0.0.1” is no multicast group");
    set(&mut harness, "Groups", "239.1.2.3");
    choose(&mut harness, "Loopback", "off");
    let cast = messages(&harness).cast;
    assert!(cast.broadcast && cast.groups.len() == 1 && cast.loopback == Some(false));
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        let mut world = World::running(Box::new(Inspector::default())).look(language, theme);
        world.selection = Selection::Endpoint(world.server());
        let server = &mut world.lab.servers[0];
        server.messages.framing = FramingKind::Length.usual();
        server.messages.wire.piece_bytes = 2;
        server.messages.rules.push(crate::lab::Rule {
            is_on: true,
            when: Match::Prefix("ping".into()),
            reply: crate::lab::Packet { body: "pong {{counter}}\\n".into(), ..Default::default() },
        });
        picture(&mut world.window(356.0, 1_500.0), &format!("inspector-messages-{name}"));
    }
}
