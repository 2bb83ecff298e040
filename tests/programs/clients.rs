//! Programs of clients talk to servers of ours.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use socketlab::bytes::{Framing, FramingKind};
use socketlab::code::{self, Endpoint, Language, Words};
use socketlab::lab::{Address, Client, Target, Transport};

use super::build;
use super::support::{Rig, transports};
use super::talk::Running;

/// One client and what it has to print, line by line in any order.
struct Wanted {
    client: Client,
    to: Address,
    lines: Vec<String>,
}

fn escaped(language: Language, number: usize, bytes: &str) -> String {
    match language {
        Language::Python => format!("{number}: b'{bytes}'"),
        Language::C => format!("{number}: {}", bytes.replace("\\n", "\\x0a")),
        Language::Rust => format!("{number}: {bytes}"),
    }
}

fn wanted(rig: &Rig, language: Language) -> Vec<Wanted> {
    let mut all = Vec::new();
    let mut add = |transport: Transport, framing: Framing, change: &dyn Fn(&mut Client), lines: &[(usize, &str)]| {
        let mut server = rig.server(transport, "threads", "upper");
        server.messages.framing = framing.clone();
        let bound = rig.start(&server);
        let to = Address::parse(transport, &bound).unwrap();
        let mut client = rig.client(transport, to.clone());
        client.messages.framing = framing;
        change(&mut client);
        all.push(Wanted { client, to, lines: lines.iter().map(|(number, text)| escaped(language, *number, text)).collect() });
    };
    for transport in transports() {
        add(transport, Framing::Raw, &|client| client.packet.body = "hello".into(), &[(0, "HELLO")]);
    }
    let three = |client: &mut Client| {
        (client.packet.body, client.packet.times, client.packet.every_ms, client.connections) = ("tick".into(), 3, 1, 2);
        client.messages.wire.nagle = false;
        client.connect_timeout_ms = 5_000;
    };
    let ticks = [(0, "TICK"), (0, "TICK"), (0, "TICK"), (1, "TICK"), (1, "TICK"), (1, "TICK")];
    for kind in [FramingKind::Delimiter, FramingKind::Length] {
        add(Transport::Tcp, kind.usual(), &three, &ticks);
    }
    add(Transport::Tcp, Framing::Fixed { size: 4 }, &three, &ticks);
    add(Transport::Udp, Framing::Raw, &three, &ticks);
    all
}

/// A pair talks to itself: what one end sends the other prints, and then its end.
fn pairs(rig: &Rig, language: Language) -> Vec<(Client, Vec<String>)> {
    let of = |transport: Transport, change: &dyn Fn(&mut Client), lines: &[(usize, &str)]| {
        let mut client = rig.client(transport, Address::Path("unused".into()));
        client.target = Target::Pair;
        client.packet.body = "tick".into();
        change(&mut client);
        let mut lines: Vec<String> = lines.iter().map(|(number, text)| escaped(language, *number, text)).collect();
        if transport.is_stream() && client.packet.times > 0 {
            lines.extend((0..client.connections).map(|number| format!("{number}: the other end is closed")));
        }
        (client, lines)
    };
    let three = |client: &mut Client| (client.packet.times, client.packet.every_ms, client.connections) = (3, 100, 2);
    let forever = |client: &mut Client| (client.packet.times, client.packet.every_ms) = (0, 10);
    let ticks = [(0, "tick"), (0, "tick"), (0, "tick"), (1, "tick"), (1, "tick"), (1, "tick")];
    let unix = transports().into_iter().filter(|transport| transport.is_unix());
    let (once, first) = (|_: &mut Client| {}, [(0, "tick")]);
    unix.flat_map(|transport| [of(transport, &once, &first), of(transport, &three, &ticks), of(transport, &forever, &first)]).collect()
}

/// See the module.
pub fn check(language: Language) {
    let rig = Rig::new();
    let dir = tempfile::Builder::new().prefix("slab").tempdir().unwrap();
    let mut all = wanted(&rig, language);
    let program = |wanted: &Wanted| code::program(Endpoint::Client(&wanted.client, &wanted.to), language, Words::En);
    let mut texts: Vec<String> = all.iter().map(|wanted| program(wanted).unwrap().text).collect();
    for (client, lines) in pairs(&rig, language) {
        texts.push(code::program(Endpoint::Pair(&client), language, Words::En).unwrap().text);
        all.push(Wanted { client, to: Address::Path("unused".into()), lines });
    }
    if !build::build(language, dir.path(), &texts) {
        return;
    }
    for (number, wanted) in all.iter().enumerate() {
        let mut running = Running::start(build::command(language, dir.path(), number).stdin(Stdio::null()).stdout(Stdio::piped()));
        let mut output = BufReader::new(running.child.stdout.take().unwrap());
        let mut missing = wanted.lines.clone();
        while !missing.is_empty() {
            let mut line = String::new();
            let length = output.read_line(&mut line).unwrap();
            assert!(length > 0, "{language} {}: it ended, and these are missing: {missing:?}", wanted.client.transport);
            let at = missing.iter().position(|expected| expected == line.trim_end());
            let at = at.unwrap_or_else(|| panic!("{language} {}: '{line}' where one of {missing:?} is expected", wanted.client.transport));
            missing.swap_remove(at);
        }
        drop(running);
    }
}
