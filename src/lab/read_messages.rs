//! The part of a lab file about messages: packets, framings, rules, sequences.

use std::collections::BTreeMap;

use toml_edit::{Item, Value};

use super::check::{self, LabErrorKind, MAX_PACKETS, MAX_SEQUENCES, MAX_STEPS, MAX_WAIT_MS, What, place};
use super::file::small;
use super::reader::{Place, Reader};
use super::{
    Cast, Group, LabError, LineEnding, MAX_GROUPS, MAX_RULES, Match, Messages, Packet, PacketFormat, Rule, SavedPacket, Sequence, Step,
    Wire,
};
use crate::bytes::{ByteOrder, Encoding, Framing, FramingKind, LengthHeader, MAX_DELIMITER, MAX_FRAME, parse_text};

/// Keys of a packet: of `[server.packet]` and of a reply or a step that is written as a table.
pub(super) const PACKET_KEYS: &[&str] =
    &["body", "format", "encoding", "framed", "line_ending", "every_ms", "bytes_per_s", "times", "on_connect"];
/// Keys of a `[[packet]]`.
pub(super) const SAVED_KEYS: &[&str] =
    &["name", "folder", "body", "format", "encoding", "framed", "line_ending", "every_ms", "bytes_per_s", "times", "on_connect"];
/// Keys of a `[[sequence]]`.
pub(super) const SEQUENCE_KEYS: &[&str] = &["name", "times", "step"];
/// Keys of a `[[sequence.step]]`.
pub(super) const STEP_KEYS: &[&str] = &["send", "wait_ms", "reply", "within_ms"];
/// Keys of a `[[server.messages.rule]]`.
pub(super) const RULE_KEYS: &[&str] = &["on", "exact", "prefix", "contains", "regex", "length", "reply"];
/// Keys of what a step waits for.
pub(super) const MATCH_KEYS: &[&str] = &["exact", "prefix", "contains", "regex", "length"];
/// Keys of a `[server.messages.wire]`.
pub(super) const WIRE_KEYS: &[&str] = &["recv_bytes", "nagle", "cork", "piece_bytes", "piece_ms"];
/// Keys of a `[server.messages.cast]`.
pub(super) const CAST_KEYS: &[&str] = &["broadcast", "groups", "interface", "ttl", "loopback"];

/// How long a step waits for a reply when the file does not say.
pub(super) const USUAL_WITHIN_MS: u32 = 5_000;

/// Ids of [`PacketFormat`] and [`LineEnding`] in files.
pub(super) const FORMATS: &[(&str, PacketFormat)] =
    &[("text", PacketFormat::Text), ("hex", PacketFormat::Hex), ("base64", PacketFormat::Base64), ("file", PacketFormat::File)];
pub(super) const LINE_ENDINGS: &[(&str, LineEnding)] =
    &[("none", LineEnding::None), ("lf", LineEnding::Lf), ("crlf", LineEnding::CrLf), ("cr", LineEnding::Cr)];

/// Ids of a length header's width and order.
pub(super) const HEADERS: &[(&str, (u8, ByteOrder))] = &[
    ("u8", (1, ByteOrder::Big)),
    ("u16be", (2, ByteOrder::Big)),
    ("u16le", (2, ByteOrder::Little)),
    ("u32be", (4, ByteOrder::Big)),
    ("u32le", (4, ByteOrder::Little)),
    ("u64be", (8, ByteOrder::Big)),
    ("u64le", (8, ByteOrder::Little)),
];

/// Keys of a `[server.messages]` with this framing.
pub(super) fn messages_keys(framing: FramingKind) -> &'static [&'static str] {
    match framing {
        FramingKind::Raw => &["framing", "rule", "wire", "cast"],
        FramingKind::Fixed => &["framing", "size", "rule", "wire", "cast"],
        FramingKind::Delimiter => &["framing", "delimiter", "most", "rule", "wire", "cast"],
        FramingKind::Length => &["framing", "length", "counts_itself", "most", "rule", "wire", "cast"],
        FramingKind::UntilClose => &["framing", "most", "rule", "wire", "cast"],
    }
}

/// The packet of an endpoint.
pub(super) fn packet(of: &Reader<'_>) -> Result<Packet, LabError> {
    let Some(from) = of.inner("packet")? else { return Ok(Packet::default()) };
    from.only(PACKET_KEYS)?;
    packet_keys(&from)
}

fn packet_keys(from: &Reader<'_>) -> Result<Packet, LabError> {
    let default = Packet::default();
    let packet = Packet {
        body: from.string("body")?.map_or(default.body, |(body, _)| body.to_owned()),
        format: from.choice("format", What::Format, FORMATS)?.unwrap_or_default(),
        encoding: from.choice("encoding", What::Encoding, &Encoding::ALL.map(|e| (e.id(), e)))?.unwrap_or_default(),
        framed: from.boolean("framed")?.unwrap_or(default.framed),
        line_ending: from.choice("line_ending", What::LineEnding, LINE_ENDINGS)?.unwrap_or_default(),
        every_ms: from.number("every_ms", 0..=MAX_WAIT_MS)?.unwrap_or(default.every_ms),
        bytes_per_s: from.number("bytes_per_s", 0..=i64::MAX as u64)?.unwrap_or(default.bytes_per_s),
        times: from.number("times", 0..=u32::MAX.into())?.map_or(default.times, small),
        on_connect: from.boolean("on_connect")?.unwrap_or(default.on_connect),
    };
    check::body(&packet).map_err(|error| from.error(from.span_of("body"), LabErrorKind::Body(error)))?;
    Ok(packet)
}

/// A packet that is written as its body, or as a table when there is more to say.
fn short_packet(of: &Reader<'_>, key: &'static str) -> Result<Option<Packet>, LabError> {
    let Some(item) = of.table.get(key) else { return Ok(None) };
    let Some(body) = item.as_str() else {
        if !item.is_table_like() {
            return Err(of.wrong_type(key, "a text in quotes or a table", item));
        }
        let Some(from) = of.inner(key)? else { return Ok(None) };
        from.only(PACKET_KEYS)?;
        return packet_keys(&from).map(Some);
    };
    let packet = Packet { body: body.to_owned(), ..Packet::default() };
    check::body(&packet).map_err(|error| of.error(item.span(), LabErrorKind::Escape { key: key.to_owned(), error }))?;
    Ok(Some(packet))
}

/// How an endpoint's bytes become messages.
pub(super) fn messages(of: &Reader<'_>) -> Result<Messages, LabError> {
    let Some(from) = of.inner("messages")? else { return Ok(Messages::default()) };
    let kind = from.choice("framing", What::Framing, &FramingKind::ALL.map(|k| (k.id(), k)))?.unwrap_or(FramingKind::Raw);
    from.only(messages_keys(kind))?;
    let rules = from.tables("rule", from.side)?;
    from.at_most("rule", rules.len(), MAX_RULES)?;
    Ok(Messages {
        framing: framing(&from, kind)?,
        rules: rules.iter().map(rule).collect::<Result<_, _>>()?,
        wire: wire(&from)?,
        cast: cast(&from)?,
    })
}

/// What is not written has its usual value.
fn framing(from: &Reader<'_>, kind: FramingKind) -> Result<Framing, LabError> {
    let bytes_from_1 = |key, usual| Ok::<_, LabError>(from.number(key, 1..=MAX_FRAME.into())?.map_or(usual, small));
    Ok(match kind.usual() {
        Framing::Raw => Framing::Raw,
        Framing::Fixed { size } => Framing::Fixed { size: bytes_from_1("size", size)? },
        Framing::Delimiter { bytes, most } => {
            Framing::Delimiter { bytes: delimiter(from)?.unwrap_or(bytes), most: bytes_from_1("most", most)? }
        }
        Framing::Length { header, most } => {
            let (width, order) = from.choice("length", What::LengthHeader, HEADERS)?.unwrap_or((header.width, header.order));
            let counts_itself = from.boolean("counts_itself")?.unwrap_or(header.counts_itself);
            Framing::Length { header: LengthHeader { width, order, counts_itself }, most: bytes_from_1("most", most)? }
        }
        Framing::UntilClose { most } => Framing::UntilClose { most: bytes_from_1("most", most)? },
    })
}

fn delimiter(from: &Reader<'_>) -> Result<Option<Vec<u8>>, LabError> {
    let Some((bytes, span)) = escaped(from, "delimiter")? else { return Ok(None) };
    let fits = (1..=MAX_DELIMITER).contains(&bytes.len());
    if fits { Ok(Some(bytes)) } else { Err(from.error(span, LabErrorKind::Delimiter(bytes.len()))) }
}

/// A text with escapes, and its bytes.
fn escaped(from: &Reader<'_>, key: &'static str) -> Result<Option<(Vec<u8>, Place)>, LabError> {
    let Some((text, span)) = from.string(key)? else { return Ok(None) };
    match parse_text(text) {
        Ok(bytes) => Ok(Some((bytes, span))),
        Err(error) => Err(from.error(span, LabErrorKind::Escape { key: key.to_owned(), error })),
    }
}

fn rule(from: &Reader<'_>) -> Result<Rule, LabError> {
    from.only(RULE_KEYS)?;
    Ok(Rule {
        is_on: from.boolean("on")?.unwrap_or(true),
        when: matching(from)?,
        reply: short_packet(from, "reply")?.ok_or_else(|| from.missing("reply"))?,
    })
}

/// Of every message, when nothing is said about it.
fn matching(from: &Reader<'_>) -> Result<Match, LabError> {
    let mut there = MATCH_KEYS.iter().filter(|key| from.table.contains_key(key));
    let Some(&key) = there.next() else { return Ok(Match::Any) };
    if let Some(&second) = there.next() {
        return Err(from.error(from.span_of_key(second), LabErrorKind::TwoMatches { first: key, second }));
    }
    if key == "length" {
        return lengths(from);
    }
    let Some((text, span)) = from.string(key)? else { return Ok(Match::Any) };
    let text = text.to_owned();
    if key == "regex" {
        check::regex(&text).map_err(|kind| from.error(span, kind))?;
        return Ok(Match::Regex(text));
    }
    escaped(from, key)?;
    Ok(match key {
        "exact" => Match::Exact(text),
        "prefix" => Match::Prefix(text),
        _ => Match::Contains(text),
    })
}

/// `length = 4`, or `length = [4, 8]`.
fn lengths(from: &Reader<'_>) -> Result<Match, LabError> {
    let Some(item) = from.table.get("length") else { return Ok(Match::Any) };
    let wrong = || from.wrong_type("length", "a whole number or a list of two", item);
    let number = |value: Option<i64>| {
        let value = value.ok_or_else(wrong)?;
        check::number("length", value, 0..=u32::MAX.into()).map(small).map_err(|kind| from.error(item.span(), kind))
    };
    let (from_bytes, to) = match item {
        Item::Value(Value::Array(list)) if list.len() == 2 => {
            let at = |i| number(list.get(i).and_then(Value::as_integer));
            (at(0)?, at(1)?)
        }
        other => {
            let length = number(other.as_integer())?;
            (length, length)
        }
    };
    if from_bytes > to {
        return Err(from.error(item.span(), LabErrorKind::Lengths { from: from_bytes, to }));
    }
    Ok(Match::Length(from_bytes, to))
}

fn wire(of: &Reader<'_>) -> Result<Wire, LabError> {
    let Some(from) = of.inner("wire")? else { return Ok(Wire::default()) };
    from.only(WIRE_KEYS)?;
    Ok(Wire {
        recv_bytes: from.number("recv_bytes", 0..=MAX_FRAME.into())?.map_or(0, small),
        nagle: from.boolean("nagle")?.unwrap_or(false),
        cork: from.boolean("cork")?.unwrap_or(false),
        piece_bytes: from.number("piece_bytes", 0..=MAX_FRAME.into())?.map_or(0, small),
        piece_ms: from.number("piece_ms", 0..=MAX_WAIT_MS)?.map_or(0, small),
    })
}

fn cast(of: &Reader<'_>) -> Result<Cast, LabError> {
    let Some(from) = of.inner("cast")? else { return Ok(Cast::default()) };
    from.only(CAST_KEYS)?;
    let groups = from.texts("groups")?;
    from.at_most("groups", groups.len(), MAX_GROUPS)?;
    let group = |(text, span): (&str, Place)| Group::parse(text).ok_or_else(|| from.error(span, LabErrorKind::Group(text.to_owned())));
    Ok(Cast {
        broadcast: from.boolean("broadcast")?.unwrap_or(false),
        groups: groups.into_iter().map(group).collect::<Result<_, _>>()?,
        interface: from.string("interface")?.map_or_else(String::new, |(name, _)| name.trim().to_owned()),
        ttl: from.number("ttl", 0..=u8::MAX.into())?.and_then(|hops| u8::try_from(hops).ok()),
        loopback: from.boolean("loopback")?,
    })
}

/// The packets kept with the lab.
pub(super) fn saved(top: &Reader<'_>) -> Result<Vec<SavedPacket>, LabError> {
    let tables = top.tables("packet", None)?;
    top.at_most("packet", tables.len(), MAX_PACKETS)?;
    let mut lines = BTreeMap::new();
    let read = |mut from: Reader<'_>| {
        let (name, span) = from.string("name")?.ok_or_else(|| from.missing("name"))?;
        let name = check::name(name).map_err(|kind| from.error(span.clone(), kind))?;
        from.name = Some(name.clone());
        from.only(SAVED_KEYS)?;
        let folder = folder(&from)?;
        let (line, _) = place(from.text, span.as_ref().map_or(0, |s| s.start));
        if let Some(first_line) = lines.insert((folder.clone(), name.clone()), line) {
            return Err(from.error(span, LabErrorKind::DuplicateName { first_line }));
        }
        Ok(SavedPacket { name, folder, packet: packet_keys(&from)? })
    };
    tables.into_iter().map(read).collect()
}

fn folder(from: &Reader<'_>) -> Result<String, LabError> {
    let Some((folder, span)) = from.string("folder")? else { return Ok(String::new()) };
    let is_name = |name: &str| check::name(name).is_ok_and(|trimmed| trimmed == name);
    if folder.is_empty() || folder.split('/').all(is_name) {
        Ok(folder.to_owned())
    } else {
        Err(from.error(span, LabErrorKind::Folder(folder.to_owned())))
    }
}

/// The sequences kept with the lab.
pub(super) fn sequences(top: &Reader<'_>) -> Result<Vec<Sequence>, LabError> {
    let tables = top.tables("sequence", None)?;
    top.at_most("sequence", tables.len(), MAX_SEQUENCES)?;
    let mut lines = BTreeMap::new();
    let read = |from: Reader<'_>| {
        let from = from.named(&mut lines)?;
        from.only(SEQUENCE_KEYS)?;
        let steps = from.tables("step", None)?;
        from.at_most("step", steps.len(), MAX_STEPS)?;
        Ok(Sequence {
            name: from.endpoint_name(),
            steps: steps.iter().map(step).collect::<Result<_, _>>()?,
            times: from.number("times", 0..=u32::MAX.into())?.map_or(1, small),
        })
    };
    tables.into_iter().map(read).collect()
}

fn step(from: &Reader<'_>) -> Result<Step, LabError> {
    from.only(STEP_KEYS)?;
    let within = from.number("within_ms", 0..=MAX_WAIT_MS)?;
    let wait = from.number("wait_ms", 0..=MAX_WAIT_MS)?;
    match (short_packet(from, "send")?, wait, from.inner("reply")?, within) {
        (Some(packet), None, None, None) => Ok(Step::Send(packet)),
        (None, Some(ms), None, None) => Ok(Step::Wait(small(ms))),
        (None, None, Some(reply), within) => {
            reply.only(MATCH_KEYS)?;
            Ok(Step::Reply { when: matching(&reply)?, within_ms: within.map_or(USUAL_WITHIN_MS, small) })
        }
        _ => Err(from.error(None, LabErrorKind::Step)),
    }
}
