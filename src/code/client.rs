//! The program of a client: connect, send, receive and print.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::template::Facts;
use super::{Language, NoProgram, Program, Words, facts, finish, literal, values};
use crate::bytes::{Framing, Moment, Template, TemplateSyntax, parse_base64};
use crate::lab::{Address, Client, Packet, PacketFormat, Reconnect, Transport};

const PYTHON: &str = include_str!("../../assets/code/python/client.py");
const C: &str = include_str!("../../assets/code/c/client.c");
const RUST: &str = include_str!("../../assets/code/rust/client.rs");

/// What one receive takes at most where nothing is set.
pub(super) const USUAL_RECV: u32 = 65_536;

pub(super) fn program(client: &Client, to: &Address, language: Language, words: Words) -> Result<Program, NoProgram> {
    let mut facts = Facts::default();
    let to = reachable(to)?;
    facts::transport(client.transport, &to, &mut facts);
    values::address(&to, language, &mut facts);
    values::transport(client.transport, language, &mut facts);
    if client.transport.is_stream() {
        facts::framing(&client.messages.framing, &mut facts);
        values::framing(&client.messages.framing, language, &mut facts);
    }
    let mut not_shown = not_shown(client, language);
    if message(client, language, &mut facts)? {
        not_shown.push("the fields of the packet, which is sent as it would be the first time");
    }
    words.put_not_shown(&not_shown, &mut facts);
    schedule(&client.packet, language, &mut facts);
    connections(client, language, &mut facts);
    local(client, &to, language, &mut facts)?;
    facts.value("TITLE", words.of(title(client.transport)));
    let recv = client.messages.wire.recv_bytes;
    facts.value("RECV_SIZE", if recv == 0 { USUAL_RECV } else { recv });
    words_of(language, &mut facts);
    let part = match language {
        Language::Python => PYTHON,
        Language::C => C,
        Language::Rust => RUST,
    };
    let name = format!("{}_client", client.transport.id().replace('-', "_"));
    Ok(finish::program((language, words), &name, &[part], facts))
}

fn title(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "A client over TCP: it connects, sends, and prints what comes back.",
        Transport::Udp => "A client over UDP: it sends datagrams, and prints what comes back.",
        Transport::UnixStream => "A client over Unix stream sockets: it connects, sends, and prints what comes back.",
        Transport::UnixDgram => "A client over Unix datagram sockets: it sends datagrams, and prints what comes back.",
    }
}

/// Where a client reaches it: loopback for what listens on every address.
fn reachable(to: &Address) -> Result<Address, NoProgram> {
    match to {
        Address::Inet { port: 0, .. } => Err(NoProgram::PortUnknown),
        Address::Inet { host, port } => {
            let host = match host.parse::<IpAddr>() {
                Ok(ip) if ip.is_unspecified() && ip.is_ipv6() => "::1",
                Ok(ip) if ip.is_unspecified() => "127.0.0.1",
                Ok(_) => host,
                Err(_) if host.is_empty() => "127.0.0.1",
                Err(_) => host,
            };
            Ok(Address::Inet { host: host.to_owned(), port: *port })
        }
        Address::Path(_) => Ok(to.clone()),
    }
}

/// The packet as it goes out; whether it has fields that change from send to send.
pub(super) fn message(client: &Client, language: Language, facts: &mut Facts) -> Result<bool, NoProgram> {
    let packet = &client.packet;
    let framing = if packet.framed && client.transport.is_stream() { &client.messages.framing } else { &Framing::Raw };
    let syntax = match packet.format {
        PacketFormat::Text => TemplateSyntax::Text(packet.encoding),
        PacketFormat::Hex => TemplateSyntax::Hex,
        PacketFormat::Base64 => {
            let bytes = parse_base64(&packet.body).map_err(NoProgram::Packet)?;
            put(&bytes, framing, language, facts)?;
            return Ok(false);
        }
        PacketFormat::File if *framing == Framing::Raw => {
            facts.flag("from_file");
            facts.value("MESSAGE", literal::text(language, packet.body.trim()));
            return Ok(false);
        }
        PacketFormat::File => return Err(NoProgram::FramedFile),
    };
    let mut template = Template::parse(&packet.body, syntax).map_err(NoProgram::Packet)?;
    if packet.format == PacketFormat::Text {
        let ending = packet.encoding.encode(packet.line_ending.text()).map_err(NoProgram::Packet)?;
        template = template.followed_by(&ending);
    }
    if template.files().next().is_some() {
        return Err(NoProgram::FileField);
    }
    // The programs are the same from one look to the next: the moment is none in particular.
    let moment = Moment { count: 0, unix: Duration::ZERO, seed: 0 };
    let no_files = |_: &str| -> Option<Arc<[u8]>> { None };
    let bytes = template.render(&moment, &no_files).map_err(NoProgram::Field)?;
    put(&bytes, framing, language, facts)?;
    Ok(!template.is_constant())
}

fn put(bytes: &[u8], framing: &Framing, language: Language, facts: &mut Facts) -> Result<(), NoProgram> {
    let wire = framing.wrap(bytes).map_err(NoProgram::Framing)?;
    facts.value("MESSAGE", literal::bytes(language, &wire));
    Ok(())
}

pub(super) fn schedule(packet: &Packet, language: Language, facts: &mut Facts) {
    facts.flag(match packet.times {
        0 => "forever",
        1 => "once",
        _ => "many",
    });
    facts.value("TIMES", packet.times);
    facts.flag_if("paused", packet.times != 1 && packet.every_ms > 0);
    facts.value("EVERY", time(packet.every_ms, language));
}

fn connections(client: &Client, language: Language, facts: &mut Facts) {
    let several = client.connections > 1;
    facts.flag_if("several", several);
    facts.value("CONNECTIONS", client.connections.max(1));
    facts.flag_if("open_every", several && client.opening.every_ms > 0);
    facts.value("OPEN_EVERY", time(client.opening.every_ms, language));
    let can_limit = client.transport == Transport::Tcp || client.transport == Transport::UnixStream && language != Language::Rust;
    facts.flag_if("limited", can_limit && client.connect_timeout_ms > 0);
    facts.value("CONNECT_LIMIT", time(client.connect_timeout_ms, language));
    facts.flag_if("nodelay", client.transport == Transport::Tcp && !client.messages.wire.nagle);
    facts.flag_if("broadcast", client.transport == Transport::Udp && client.messages.cast.broadcast);
}

/// The address of its own.
fn local(client: &Client, to: &Address, language: Language, facts: &mut Facts) -> Result<(), NoProgram> {
    let cannot = language == Language::Rust && client.transport.is_stream();
    match &client.local {
        Some(_) if cannot => return Err(NoProgram::NoBoundStreamInRust),
        Some(Address::Inet { host, port }) => {
            facts.flag("local");
            let any = if matches!(to, Address::Inet { host, .. } if host.contains(':')) { "::" } else { "0.0.0.0" };
            facts.value("LOCAL_HOST", literal::text(language, if host.is_empty() { any } else { host }));
            facts.value("LOCAL_PORT", port);
        }
        Some(Address::Path(path)) if path.starts_with('@') && language == Language::Rust => {
            return Err(NoProgram::NoBoundNameInRust);
        }
        Some(Address::Path(path)) => {
            facts.flag("local");
            let name = path.strip_prefix('@').map_or_else(|| path.clone(), |name| format!("\0{name}"));
            facts.value("LOCAL_PATH", literal::text(language, &name));
        }
        None => facts.flag_if("autobind", client.transport == Transport::UnixDgram),
    }
    Ok(())
}

fn not_shown(client: &Client, language: Language) -> Vec<&'static str> {
    let mut left_out = facts::messages_not_shown(&client.messages, client.transport.is_stream());
    let unlimited = language == Language::Rust && client.transport == Transport::UnixStream && client.connect_timeout_ms > 0;
    left_out.extend(
        [
            (client.reconnect == Reconnect::Backoff, "connecting again"),
            (client.opening.at_once > 0, "the number of connects at one time"),
            (client.opening.syn_retries > 0, "the number of SYN retries"),
            (client.packet.bytes_per_s > 0 && client.packet.every_ms == 0, "the limit of bytes a second"),
            (unlimited, "the limit of connect"),
        ]
        .into_iter()
        .filter_map(|(is_set, words)| is_set.then_some(words)),
    );
    left_out
}

pub(super) fn time(ms: u64, language: Language) -> String {
    if language == Language::Python { literal::seconds(ms) } else { ms.to_string() }
}

/// What the languages call sending and receiving.
pub(super) fn words_of(language: Language, facts: &mut Facts) {
    let is_stream = facts.has("stream");
    facts.value("SENDALL", if is_stream { "sendall" } else { "send" });
    if language == Language::Python {
        let length = "int.from_bytes(unread[:HEADER_SIZE], \"{order}\")";
        facts.value("FRAME_LENGTH", length_of_frame(length, facts));
    }
    facts.value("SEND", if is_stream { "write_all" } else { "send" });
    facts.value("RECV", if is_stream { "read" } else { "recv" });
    facts.value("MUT_SOCKET", if is_stream { "mut socket" } else { "socket" });
    facts.value("MUT_SENDER", if is_stream { "mut socket" } else { "socket" });
    facts.value("NUMBER", if facts.has("autobind") { "number" } else { "_number" });
    let is_v6 = facts.get("HOST").is_some_and(|host| host.contains(':'));
    facts.value("ANY", if is_v6 { "(\"::\", 0)" } else { "(\"0.0.0.0\", 0)" });
}

/// Header and message; a length that counts itself has the header in it.
fn length_of_frame(length: &str, facts: &Facts) -> String {
    let length = length.replace("{order}", facts.get("ORDER").unwrap_or("big"));
    if facts.get("HEADER_SELF") == Some("HEADER_SIZE") { length } else { format!("HEADER_SIZE + {length}") }
}
