//! Writing the part of a lab file about messages: packets, framings, rules, sequences.

use toml_edit::{Array, InlineTable, Item, Table, TableLike, Value};

use super::read_messages::{
    CAST_KEYS, FORMATS, HEADERS, LINE_ENDINGS, MATCH_KEYS, PACKET_KEYS, RULE_KEYS, SAVED_KEYS, SEQUENCE_KEYS, STEP_KEYS, USUAL_WITHIN_MS,
    WIRE_KEYS, messages_keys,
};
use super::write::{id_of, inner, keep_only, list, put, texts_into, whole};
use super::{Cast, Group, Match, Messages, Packet, Rule, SavedPacket, Sequence, Step, Wire};
use crate::bytes::{Encoding, Framing, parse_text, to_text_string};

/// The packet of an endpoint.
pub(super) fn packet_into(table: &mut Table, packet: &Packet) {
    let Some(table) = inner(table, "packet", *packet == Packet::default()) else { return };
    keep_only(table, PACKET_KEYS);
    packet_keys_into(table, packet);
}

fn packet_keys_into(table: &mut dyn TableLike, packet: &Packet) {
    let default = Packet::default();
    put(table, "body", packet.body.as_str(), packet.body == default.body);
    put(table, "format", id_of(FORMATS, packet.format), packet.format == default.format);
    put(table, "encoding", packet.encoding.id(), packet.encoding == Encoding::default());
    put(table, "framed", packet.framed, packet.framed == default.framed);
    put(table, "line_ending", id_of(LINE_ENDINGS, packet.line_ending), packet.line_ending == default.line_ending);
    put(table, "every_ms", whole(packet.every_ms), packet.every_ms == default.every_ms);
    put(table, "bytes_per_s", whole(packet.bytes_per_s), packet.bytes_per_s == default.bytes_per_s);
    put(table, "times", i64::from(packet.times), packet.times == default.times);
    put(table, "on_connect", packet.on_connect, packet.on_connect == default.on_connect);
}

/// A packet as its body, or as a table when there is more to say, or was.
fn short_packet_into(table: &mut dyn TableLike, key: &str, packet: &Packet) {
    let only_a_body = *packet == Packet { body: packet.body.clone(), ..Packet::default() };
    if !table.get(key).is_some_and(Item::is_table_like) {
        if only_a_body {
            put(table, key, packet.body.as_str(), false);
            return;
        }
        table.insert(key, Item::Value(InlineTable::new().into()));
    }
    if let Some(inner) = table.get_mut(key).and_then(Item::as_table_like_mut) {
        keep_only(inner, PACKET_KEYS);
        put(inner, "body", packet.body.as_str(), false);
        packet_keys_into(inner, packet);
    }
}

/// How an endpoint's bytes become messages.
pub(super) fn messages_into(table: &mut Table, messages: &Messages) {
    // A list of tables cannot stand inside an inline one.
    if let (false, Some(item)) = (messages.rules.is_empty(), table.get_mut("messages")) {
        *item = std::mem::take(item).into_table().map_or_else(|item| item, Item::Table);
    }
    let Some(inner) = inner(table, "messages", *messages == Messages::default()) else { return };
    keep_only(inner, messages_keys(messages.framing.kind()));
    framing_into(inner, &messages.framing);
    list(inner, "rule", messages.rules.iter().map(|rule| (|_: &Table| true, move |t: &mut Table| rule_into(t, rule))));
    wire_into(inner, messages.wire);
    cast_into(inner, &messages.cast);
}

fn framing_into(table: &mut dyn TableLike, framing: &Framing) {
    let kind = framing.kind();
    put(table, "framing", kind.id(), *framing == Framing::Raw);
    let most_into = |table: &mut dyn TableLike, most: u32, usual: u32| put(table, "most", i64::from(most), most == usual);
    match (framing, kind.usual()) {
        (Framing::Fixed { size }, Framing::Fixed { size: usual }) => put(table, "size", i64::from(*size), *size == usual),
        (Framing::Delimiter { bytes, most }, Framing::Delimiter { bytes: usual, most: usual_most }) => {
            let there = table.get("delimiter").and_then(Item::as_str).and_then(|text| parse_text(text).ok());
            if there.as_ref() != Some(bytes) {
                put(table, "delimiter", to_text_string(bytes), *bytes == usual);
            }
            most_into(table, *most, usual_most);
        }
        (Framing::Length { header, most }, Framing::Length { header: usual, most: usual_most }) => {
            let (of, usual_of) = ((header.width, header.order), (usual.width, usual.order));
            put(table, "length", id_of(HEADERS, of), of == usual_of);
            put(table, "counts_itself", header.counts_itself, header.counts_itself == usual.counts_itself);
            most_into(table, *most, usual_most);
        }
        (Framing::UntilClose { most }, Framing::UntilClose { most: usual }) => most_into(table, *most, usual),
        (
            Framing::Raw | Framing::Fixed { .. } | Framing::Delimiter { .. } | Framing::Length { .. } | Framing::UntilClose { .. },
            Framing::Raw | Framing::Fixed { .. } | Framing::Delimiter { .. } | Framing::Length { .. } | Framing::UntilClose { .. },
        ) => {}
    }
}

fn rule_into(table: &mut Table, rule: &Rule) {
    keep_only(table, RULE_KEYS);
    put(table, "on", rule.is_on, rule.is_on);
    match_into(table, &rule.when);
    short_packet_into(table, "reply", &rule.reply);
}

fn match_into(table: &mut dyn TableLike, when: &Match) {
    MATCH_KEYS.iter().filter(|key| **key != when.id()).for_each(|key| drop(table.remove(key)));
    match when {
        Match::Any => {}
        Match::Exact(text) | Match::Prefix(text) | Match::Contains(text) | Match::Regex(text) => {
            put(table, when.id(), text.as_str(), false)
        }
        Match::Length(from, to) => {
            let (from, to) = (i64::from(*from), i64::from(*to));
            let there = table.get("length").and_then(|item| match item.as_array() {
                Some(list) if list.len() == 2 => Some((list.get(0)?.as_integer()?, list.get(1)?.as_integer()?)),
                Some(_) => None,
                None => item.as_integer().map(|n| (n, n)),
            });
            if there != Some((from, to)) {
                let value: Value = if from == to { from.into() } else { Array::from_iter([from, to]).into() };
                put(table, "length", value, false);
            }
        }
    }
}

fn wire_into(table: &mut dyn TableLike, wire: Wire) {
    let Some(inner) = inner(table, "wire", wire == Wire::default()) else { return };
    keep_only(inner, WIRE_KEYS);
    put(inner, "recv_bytes", i64::from(wire.recv_bytes), wire.recv_bytes == 0);
    put(inner, "nagle", wire.nagle, !wire.nagle);
    put(inner, "cork", wire.cork, !wire.cork);
    put(inner, "piece_bytes", i64::from(wire.piece_bytes), wire.piece_bytes == 0);
    put(inner, "piece_ms", i64::from(wire.piece_ms), wire.piece_ms == 0);
}

fn cast_into(table: &mut dyn TableLike, cast: &Cast) {
    let Some(inner) = inner(table, "cast", *cast == Cast::default()) else { return };
    keep_only(inner, CAST_KEYS);
    put(inner, "broadcast", cast.broadcast, !cast.broadcast);
    texts_into(inner, "groups", &cast.groups, Group::parse, Group::to_string);
    put(inner, "interface", cast.interface.as_str(), cast.interface.is_empty());
    match cast.ttl {
        Some(hops) => put(inner, "ttl", i64::from(hops), false),
        None => drop(inner.remove("ttl")),
    }
    match cast.loopback {
        Some(comes_back) => put(inner, "loopback", comes_back, false),
        None => drop(inner.remove("loopback")),
    }
}

/// The packets kept with the lab.
pub(super) fn saved_into(top: &mut Table, packets: &[SavedPacket]) {
    let is_it = |saved: &SavedPacket, table: &Table| {
        let text = |key: &str| table.get(key).and_then(Item::as_str).unwrap_or_default();
        text("name").trim() == saved.name && text("folder") == saved.folder
    };
    let fill = |saved: &SavedPacket, table: &mut Table| {
        keep_only(table, SAVED_KEYS);
        put(table, "name", saved.name.as_str(), false);
        put(table, "folder", saved.folder.as_str(), saved.folder.is_empty());
        put(table, "body", saved.packet.body.as_str(), false);
        packet_keys_into(table, &saved.packet);
    };
    list(top, "packet", packets.iter().map(|saved| (move |t: &Table| is_it(saved, t), move |t: &mut Table| fill(saved, t))));
}

/// The sequences kept with the lab.
pub(super) fn sequences_into(top: &mut Table, sequences: &[Sequence]) {
    let is_it = |sequence: &Sequence, table: &Table| table.get("name").and_then(Item::as_str).is_some_and(|n| n.trim() == sequence.name);
    let fill = |sequence: &Sequence, table: &mut Table| {
        keep_only(table, SEQUENCE_KEYS);
        put(table, "name", sequence.name.as_str(), false);
        put(table, "times", i64::from(sequence.times), sequence.times == 1);
        list(table, "step", sequence.steps.iter().map(|step| (|_: &Table| true, move |t: &mut Table| step_into(t, step))));
    };
    list(top, "sequence", sequences.iter().map(|s| (move |t: &Table| is_it(s, t), move |t: &mut Table| fill(s, t))));
}

fn step_into(table: &mut Table, step: &Step) {
    let keys: &[&str] = match step {
        Step::Send(_) => &["send"],
        Step::Wait(_) => &["wait_ms"],
        Step::Reply { .. } => &["reply", "within_ms"],
    };
    STEP_KEYS.iter().filter(|key| !keys.contains(key)).for_each(|key| drop(table.remove(key)));
    keep_only(table, STEP_KEYS);
    match step {
        Step::Send(packet) => short_packet_into(table, "send", packet),
        Step::Wait(ms) => put(table, "wait_ms", i64::from(*ms), false),
        Step::Reply { when, within_ms } => {
            if !table.get("reply").is_some_and(Item::is_table_like) {
                table.insert("reply", Item::Value(InlineTable::new().into()));
            }
            if let Some(inner) = table.get_mut("reply").and_then(Item::as_table_like_mut) {
                keep_only(inner, MATCH_KEYS);
                match_into(inner, when);
            }
            put(table, "within_ms", i64::from(*within_ms), *within_ms == USUAL_WITHIN_MS);
        }
    }
}
