//! Any lab reads back as written, over any file, and no text makes the reader panic.

use std::path::Path;

use proptest::prelude::*;
use socketlab::bytes::{Encoding, TemplateSyntax, to_base64};
use socketlab::lab::{
    AcceptPace, Address, Experiment, Filter, GuideStep, KnownItem, Lab, Life, LineEnding, Need, Opening, Packet, PacketFormat, Reconnect,
    Target, Transport, Words, parse, write,
};
use socketlab::script::{Check, Clause, Closing, Deed, Figure, Op, Quantity, Sent, Value, Which, Who, Whose};
use socketlab::settings::{Setting, SettingDef, SettingKind, Settings};

use crate::messages::{MESSAGES, messages, saved, sequences};
use crate::set::SET;
use crate::{FULL, KNOWN};

fn address(transport: Transport, port: std::ops::RangeInclusive<u16>) -> impl Strategy<Value = Address> {
    let inet = (prop_oneof!["127\\.0\\.0\\.1", "localhost", "::1", "", "münchen\\.example"], port);
    let path = "/tmp/[a-zA-Z0-9 \"'\\\\é#]{0,30}x";
    (inet, path).prop_map(move |((host, port), path)| if transport.is_unix() { Address::Path(path) } else { Address::Inet { host, port } })
}

pub fn packet() -> impl Strategy<Value = Packet> {
    let text = prop::sample::select(Encoding::ALL.to_vec()).prop_flat_map(|e| {
        let payload = prop_oneof![
            any::<Vec<u8>>().prop_map(move |b| TemplateSyntax::Text(e).spell(&b)),
            Just("{{counter}} {{crc32 le 0..-4}}".to_owned()),
        ];
        (payload, Just(PacketFormat::Text), Just(e))
    });
    let formats = prop_oneof![
        text,
        (any::<Vec<u8>>().prop_map(|b| TemplateSyntax::Hex.spell(&b)), Just(PacketFormat::Hex), Just(Encoding::Utf8)),
        (any::<Vec<u8>>().prop_map(|b| to_base64(&b)), Just(PacketFormat::Base64), Just(Encoding::Big5)),
        (any::<String>(), Just(PacketFormat::File), Just(Encoding::Latin1)),
    ];
    let ending = prop::sample::select(vec![LineEnding::None, LineEnding::Lf, LineEnding::CrLf, LineEnding::Cr]);
    let default = Just(Packet::default());
    let short = "[a-z]{0,6}".prop_map(|body| Packet { body, ..Packet::default() });
    let rate = prop_oneof![Just(0), 0..=i64::MAX as u64];
    let any = (formats, ending, 0..86_400_001_u64, rate, any::<u32>(), any::<bool>(), any::<bool>()).prop_map(
        |((body, format, encoding), line_ending, every_ms, bytes_per_s, times, on_connect, framed)| Packet {
            body,
            format,
            encoding,
            framed,
            line_ending,
            every_ms,
            bytes_per_s,
            times,
            on_connect,
        },
    );
    prop_oneof![default, short, any]
}

/// Some of these settings, each with a value that it may have.
fn settings(defs: &'static [SettingDef]) -> impl Strategy<Value = Settings> {
    let value = |def: &SettingDef| match def.kind {
        SettingKind::Number { min, max, .. } => (min..=max).prop_map(Setting::Number).boxed(),
        SettingKind::Switch { .. } => any::<bool>().prop_map(Setting::Switch).boxed(),
        SettingKind::Text { .. } => "([^\\\\\\pC]|\\\\[nrt0\\\\]){0,4}".prop_map(Setting::Text).boxed(),
    };
    let each: Vec<_> = defs.iter().map(|def| prop::option::of(value(def))).collect();
    each.prop_map(|values| {
        let mut settings = Settings::default();
        for (def, value) in defs.iter().zip(values) {
            value.into_iter().for_each(|value| settings.set(def.id, value));
        }
        settings
    })
}

/// A model or service with settings of its own.
fn item(known: &'static [KnownItem<'static>]) -> impl Strategy<Value = (&'static str, Settings)> {
    prop::sample::select(known).prop_flat_map(|item| (Just(item.id), settings(item.settings)))
}

fn life() -> impl Strategy<Value = Life> {
    let range =
        (any::<std::net::IpAddr>(), 0..=128_u8).prop_filter_map("too long", |(ip, len)| Filter::parse_range(&format!("{ip}/{len}")));
    let ranges = || prop::collection::vec(range.clone(), 0..3);
    let number = |most: u64| prop_oneof![Just(0), 0..=most];
    let pace = prop_oneof![Just(AcceptPace::Eager), Just(AcceptPace::Paused), (1..=86_400_000_u64).prop_map(AcceptPace::Every)];
    let any = (number(i64::MAX as u64), number(86_400_000), number(86_400_000), ranges(), ranges(), pace, 0..=3_600_u32);
    any.prop_map(|(requests, poll_interval_ms, idle_timeout_ms, allow, deny, accept_pace, defer_accept_s)| Life {
        requests,
        poll_interval_ms,
        idle_timeout_ms,
        accept: Filter { allow, deny },
        accept_pace,
        defer_accept_s,
    })
}

fn opening() -> impl Strategy<Value = Opening> {
    let number = |most: u64| prop_oneof![Just(0), 0..=most];
    let any = (number(86_400_000), number(5_000), number(127));
    any.prop_map(|(every_ms, at_once, syn_retries)| Opening { every_ms, at_once: at_once as u32, syn_retries: syn_retries as u32 })
}

fn words() -> impl Strategy<Value = Words> {
    ("[^\\pC]{0,8}", "[^\\pC]{0,8}").prop_map(|(en, zh)| Words { en, zh })
}

fn experiment() -> impl Strategy<Value = Experiment> {
    let need = prop_oneof![
        Just(Need::Linux),
        Just(Need::Ipv6),
        Just(Need::SocketPair),
        (0..99_u32).prop_map(Need::Descriptors),
        prop::sample::select(Transport::ALL.to_vec()).prop_map(Need::Transport),
        prop::sample::select(KNOWN.models).prop_map(|item| Need::Model(item.id.to_owned())),
    ];
    ("[a-z][a-z0-9-]{0,5}", "[A-Z0-9]{0,3}", words(), words(), 0..=600_u32, prop::collection::vec(need, 0..3))
        .prop_map(|(id, code, title, sentence, minutes, needs)| Experiment { id, code, title, sentence, minutes, needs })
}

/// Lines about this endpoint, or about all.
fn line(pick: u8, name: Option<&str>) -> (Deed, Check) {
    let one = || name.unwrap_or_default().to_owned();
    let deed = match (pick % 6, name) {
        (0, Some(_)) => Deed::Start(Who::These(vec![one()])),
        (1, Some(_)) => Deed::Close { of: one(), which: Which::Newest(2), how: Closing::Half },
        (2, Some(_)) => {
            Deed::Send { from: one(), which: Which::Newest(1), what: Sent::Text("a\"\\n".into()), to: None, times: Some(3), every: None }
        }
        (3, _) => Deed::ClearTraffic,
        _ => Deed::Stop(Who::All),
    };
    let of = name.map_or(Whose::Lab, |name| Whose::Endpoint(name.to_owned()));
    let (what, op, right) = match pick % 2 {
        0 => (Quantity::Open, Op::AtLeast, Value::Number(f64::from(pick))),
        _ => (Quantity::Last, Op::Contains, Value::Text(vec![pick, b'"'])),
    };
    let within = pick.is_multiple_of(3).then(|| std::time::Duration::from_millis(pick.into()));
    (deed, Check { clauses: vec![Clause::Compare { left: Figure { of, what }, op, right }], within, lasting: None })
}

prop_compose! {
    fn any_lab()(
        name in "|[^\\pC ]([^\\pC]{0,20}[^\\pC ])?",
        servers in prop::collection::vec(
            prop::sample::select(Transport::ALL.to_vec()).prop_flat_map(|t| (Just(t), address(t, 0..=65535), item(KNOWN.models), item(KNOWN.services), 0..65_536_u32, packet(), (life(), messages()))),
            0..5),
        clients in prop::collection::vec(
            prop::sample::select(Transport::ALL.to_vec()).prop_flat_map(|t| (
                (Just(t), address(t, 1..=65535), prop::option::of(address(t, 0..=65535))),
                prop::option::of(0..5_usize), 0..86_400_001_u64, any::<bool>(), 0..5_001_u32, opening(), packet(), messages())),
            0..5),
        packets in saved(),
        sequences in sequences(),
        experiment in prop::option::of(experiment()),
        steps in prop::collection::vec((prop::collection::vec((any::<u8>(), 0..6_usize), 0..4), words()), 0..4),
        order in any::<bool>(),
    ) -> Lab {
        let mut lab = Lab::default();
        lab.name = name.trim().to_owned();
        for (transport, address, (model, model_settings), (service, service_settings), backlog, packet, (life, messages)) in servers {
            let id = lab.add_server(transport, model);
            let server = lab.server_mut(id).unwrap();
            (server.address, server.service, server.backlog, server.packet) = (address, service.to_owned(), backlog, packet);
            (server.model_settings, server.service_settings, server.life) = (model_settings, service_settings, life);
            server.messages = messages;
        }
        if order {
            // Names in another order than before: tables move.
            let names: Vec<_> = lab.servers.iter().map(|s| s.name.clone()).rev().collect();
            lab.servers.iter_mut().zip(names).for_each(|(s, n)| s.name = n);
        }
        for ((transport, address, local), server, connect_timeout_ms, backoff, connections, opening, packet, messages) in clients {
            let server = server.and_then(|i| lab.servers.get(i)).filter(|s| s.transport == transport).map(|s| s.name.clone());
            let id = lab.add_client(transport, server.as_deref());
            let client = lab.client_mut(id).unwrap();
            // Every third one over Unix sockets talks to itself.
            let is_pair = server.is_none() && transport.is_unix() && connections % 3 == 0;
            if server.is_none() {
                client.target = if is_pair { Target::Pair } else { Target::Address(address) };
            }
            client.reconnect = if backoff { Reconnect::Backoff } else { Reconnect::Off };
            (client.local, client.connect_timeout_ms, client.connections, client.packet) = (local.filter(|_| !is_pair), connect_timeout_ms, connections, packet);
            (client.opening, client.messages) = (opening, messages);
        }
        (lab.packets, lab.sequences, lab.experiment) = (packets, sequences, experiment.map(Box::new));
        let names: Vec<_> = lab.names().map(|(_, name)| name.to_owned()).collect();
        let lines = |picks: Vec<(u8, usize)>| picks.into_iter().map(|(pick, at)| line(pick, names.get(at).map(String::as_str))).unzip();
        let step = |(picks, says)| {
            let (does, expects) = lines(picks);
            GuideStep { does, expects, says }
        };
        lab.steps = steps.into_iter().map(step).collect();
        lab
    }
}

proptest! {
    #[test]
    fn every_lab_reads_back_as_written(lab in any_lab(), next in any_lab()) {
        let text = write(&lab, None);
        prop_assert_eq!(parse(&text, &KNOWN), Ok(lab.clone()), "{}", text);
        prop_assert_eq!(&write(&lab, Some(&text)), &text, "writing the same lab again changes nothing");
        // Any other lab over it, and over a file written by hand.
        for before in [text.as_str(), FULL, SET, MESSAGES] {
            let over = write(&next, Some(before));
            prop_assert_eq!(parse(&over, &KNOWN), Ok(next.clone()), "{}", over);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text: String, previous: String) {
        let _refused_mostly = parse(&text, &KNOWN);
        let starter = Lab::starter("poll");
        prop_assert_eq!(parse(&write(&starter, Some(&previous)), &KNOWN), Ok(starter.clone()));
    }

    #[test]
    fn no_mutation_of_a_file_makes_the_reader_panic(
        file in prop::sample::select(vec![FULL, SET, MESSAGES]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..8_usize, "[\\[\\]{}=.,\"'#\\\\\n\r0-9a-z中\u{0}]{0,4}"), 1..6),
    ) {
        let mut chars: Vec<char> = file.chars().collect();
        for (at, cut, put) in edits {
            let at = at.index(chars.len());
            let end = (at + cut).min(chars.len());
            chars.splice(at..end, put.chars());
        }
        let text: String = chars.into_iter().collect();
        match parse(&text, &KNOWN) {
            Ok(lab) => prop_assert_eq!(parse(&write(&lab, Some(&text)), &KNOWN), Ok(lab)),
            Err(error) => {
                prop_assert!(error.line >= 1 && error.line <= text.split('\n').count(), "{error}");
                prop_assert!(error.column >= 1, "{error}");
                let starter = Lab::starter("poll");
                prop_assert_eq!(parse(&write(&starter, Some(&text)), &KNOWN), Ok(starter.clone()));
            }
        }
    }
}

/// Settings of a service that exists, for the mutations below.
const REAL: &str = r#"[[server]]
name = "s"
transport = "tcp"
address = "127.0.0.1:0"
service = "list-echo"
service_settings = { delimiter = '\x00', max_item = 99 }
[server.life]
requests = 1
allow = ["::1", "10.0.0.0/8"]
"#;

#[test]
fn mutilated_files_are_refused_with_words_and_never_with_a_panic() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let examples: Vec<Vec<u8>> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .map(|p| std::fs::read(p).unwrap())
        .chain([REAL.as_bytes().to_vec(), MESSAGES.as_bytes().to_vec()])
        .collect();
    let crumbs: [&[u8]; 15] = [
        b"[[",
        b"]]",
        b"\"",
        b"'",
        b"=",
        b"-1",
        b"99999999999999999999",
        b"nan",
        b"\n",
        b"\xe4\xb8\xad",
        b"[client.packet]",
        b"\\u0000",
        b"[server.life]",
        b"[server.service_settings]",
        b"{}",
    ];
    // xorshift64: the same mistakes each time.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % n
    };
    let (mut read, mut refused) = (0, 0);
    for _ in 0..4_000 {
        let mut bytes = examples[below(examples.len())].clone();
        for _ in 0..=below(4) {
            let at = below(bytes.len());
            match below(4) {
                0 => bytes.truncate(at + 1),
                1 => bytes[at] = u8::try_from(below(256)).unwrap(),
                2 => drop(bytes.splice(at..at, crumbs[below(crumbs.len())].iter().copied())),
                _ => drop(bytes.drain(at..(at + 1 + below(9)).min(bytes.len()))),
            }
            if bytes.is_empty() {
                bytes.push(b'\n');
            }
        }
        match parse(&String::from_utf8_lossy(&bytes), &socketlab::engine::catalog::known()) {
            Ok(_) => read += 1,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                refused += 1;
            }
        }
    }
    assert!(read > 100 && refused > 100, "both happen: {read} read, {refused} refused");
}
