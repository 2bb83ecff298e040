//! The program of a client that talks to itself: `socketpair`, one end sends, the other prints what it receives.

use super::template::Facts;
use super::{Language, NoProgram, Program, Words, client, facts, finish, values};
use crate::bytes::Framing;
use crate::lab::{Client, Transport};

const PYTHON: &str = include_str!("../../assets/code/python/pair.py");
const C: &str = include_str!("../../assets/code/c/pair.c");
const RUST: &str = include_str!("../../assets/code/rust/pair.rs");

pub(super) fn program(of: &Client, language: Language, words: Words) -> Result<Program, NoProgram> {
    let title = match of.transport {
        Transport::UnixStream => "A pair of Unix stream sockets: what is sent on one end is received on the other.",
        Transport::UnixDgram => "A pair of Unix datagram sockets: what is sent on one end is received on the other.",
        Transport::Tcp | Transport::Udp => return Err(NoProgram::NoPair(of.transport)),
    };
    let mut facts = Facts::default();
    facts.flag(of.transport.id());
    facts.flag(if of.transport.is_stream() { "stream" } else { "dgram" });
    values::transport(of.transport, language, &mut facts);
    values::framing(&of.messages.framing, language, &mut facts);
    let has_fields = client::message(of, language, &mut facts)?;
    let mut left_out = facts::messages_not_shown(&of.messages, of.transport.is_stream());
    left_out.extend(
        [
            (of.transport.is_stream() && of.messages.framing != Framing::Raw, "how what is received is cut into messages"),
            (of.packet.bytes_per_s > 0 && of.packet.every_ms == 0, "the limit of bytes a second"),
            (of.opening.every_ms > 0, "the pause between two pairs"),
            (has_fields, "the fields of the packet, which is sent as it would be the first time"),
        ]
        .into_iter()
        .filter_map(|(is_set, words)| is_set.then_some(words)),
    );
    words.put_not_shown(&left_out, &mut facts);
    client::schedule(&of.packet, language, &mut facts);
    let several = of.connections > 1;
    facts.flag_if("several", several);
    facts.value("PAIRS", of.connections.max(1));
    facts.value("TITLE", words.of(title));
    let recv = of.messages.wire.recv_bytes;
    facts.value("RECV_SIZE", if recv == 0 { client::USUAL_RECV } else { recv });
    client::words_of(language, &mut facts);
    let part = match language {
        Language::Python => PYTHON,
        Language::C => C,
        Language::Rust => RUST,
    };
    let name = format!("{}_pair", of.transport.id().replace('-', "_"));
    Ok(finish::program((language, words), &name, &[part], facts))
}
