//! Framings, rules, packets and sequences in lab files.

use proptest::prelude::*;
use socketlab::bytes::{ByteOrder, Encoding, Framing, FramingKind, LengthHeader};
use socketlab::lab::{
    Cast, Group, LabErrorKind, LineEnding, MAX_GROUPS, MAX_PACKETS, MAX_RULES, Match, Messages, Packet, PacketFormat, Rule, SavedPacket,
    Sequence, Step, Wire, parse, write,
};

use crate::KNOWN;
use crate::random::packet;

/// Everything about messages that can be said.
pub const MESSAGES: &str = r#"[[server]]
name = "lines"
transport = "tcp"
address = "127.0.0.1:0"
model = "threads"

[server.messages]
framing = "delimiter"
delimiter = '\x0d\x0a'       # as in HTTP
most = 1_000

# Who asks is answered
[[server.messages.rule]]
prefix = 'PING'
reply = 'PONG'               # no line ending: the framing has one

[[server.messages.rule]]
on = false
regex = '^\d+$'
reply = { body = "ff {{counter u16be}}", format = "hex", framed = false }

[[server.messages.rule]]
length = [1, 0x10]
[server.messages.rule.reply]
body = '你好'
encoding = "gbk"
line_ending = "lf"

[server.messages.wire]
recv_bytes = 1
nagle = true
piece_bytes = 2
piece_ms = 50

[server.packet]
body = '{{counter}} {{time}}'
encoding = "utf-16le"
bytes_per_s = 1_000

[[client]]
name = "group"
transport = "udp"
address = "239.1.2.3:9"
messages.framing = "length"
messages.length = "u16le"
messages.counts_itself = true
[client.messages.cast]
broadcast = true
groups = [
    "239.1.2.3%127.0.0.1",   # on loopback
    "ff02::114",
]
interface = "lo"
ttl = 0
loopback = true

# Kept for the class
[[packet]]
name = "hello"
body = 'hello {{counter}}\n'

[[packet]]
name = "hello"
folder = "old/http"
body = "aGVsbG8="
format = "base64"

[[sequence]]
name = "log in"
times = 3
[[sequence.step]]
send = 'USER me\r\n'
[[sequence.step]]
reply = { prefix = '331' }   # wants a password
within_ms = 2_000
[[sequence.step]]
wait_ms = 250
[[sequence.step]]
reply = {}
[[sequence.step]]
send = { body = "00", format = "hex" }
"#;

#[test]
fn everything_about_messages_is_read() {
    let lab = parse(MESSAGES, &KNOWN).unwrap();
    let body = |body: &str| Packet { body: body.into(), ..Packet::default() };
    let Messages { framing, rules, wire, cast } = &lab.servers[0].messages;
    assert_eq!(*framing, Framing::Delimiter { bytes: b"\r\n".to_vec(), most: 1_000 });
    let hex = Packet { format: PacketFormat::Hex, framed: false, ..body("ff {{counter u16be}}") };
    let gbk = Packet { encoding: Encoding::Gbk, line_ending: LineEnding::Lf, ..body("你好") };
    let expected = [
        Rule { is_on: true, when: Match::Prefix("PING".into()), reply: body("PONG") },
        Rule { is_on: false, when: Match::Regex(r"^\d+$".into()), reply: hex },
        Rule { is_on: true, when: Match::Length(1, 16), reply: gbk },
    ];
    assert_eq!(*rules, expected);
    assert_eq!(*wire, Wire { recv_bytes: 1, nagle: true, cork: false, piece_bytes: 2, piece_ms: 50 });
    assert_eq!(*cast, Cast::default());
    let packet = Packet { encoding: Encoding::Utf16Le, bytes_per_s: 1_000, ..body("{{counter}} {{time}}") };
    assert_eq!(lab.servers[0].packet, packet);
    let Messages { framing, cast, .. } = &lab.clients[0].messages;
    let header = LengthHeader { width: 2, order: ByteOrder::Little, counts_itself: true };
    assert_eq!(*framing, Framing::Length { header, most: 64 << 10 });
    let groups = [("239.1.2.3", "127.0.0.1"), ("ff02::114", "")];
    let groups = groups.map(|(address, interface)| Group { address: address.parse().unwrap(), interface: interface.into() }).to_vec();
    assert_eq!(*cast, Cast { broadcast: true, groups, interface: "lo".into(), ttl: Some(0), loopback: Some(true) });
    let saved = |folder: &str, packet| SavedPacket { name: "hello".into(), folder: folder.into(), packet };
    let base64 = Packet { format: PacketFormat::Base64, ..body("aGVsbG8=") };
    assert_eq!(lab.packets, [saved("", body(r"hello {{counter}}\n")), saved("old/http", base64)]);
    let steps = vec![
        Step::Send(body(r"USER me\r\n")),
        Step::Reply { when: Match::Prefix("331".into()), within_ms: 2_000 },
        Step::Wait(250),
        Step::Reply { when: Match::Any, within_ms: 5_000 },
        Step::Send(Packet { format: PacketFormat::Hex, ..body("00") }),
    ];
    assert_eq!(lab.sequences, [Sequence { name: "log in".into(), steps, times: 3 }]);
}

#[test]
fn mistakes_about_messages_are_refused_with_the_place() {
    for (line, by, words) in [
        (
            "framing = \"delimiter\"",
            "framing = \"lines\"",
            "line 8: server 'lines': framing 'lines' does not exist. Framings: raw, fixed, delimiter, length, until-close",
        ),
        (
            "framing = \"delimiter\"",
            "framing = \"fixed\"",
            "line 9: server 'lines': key 'delimiter' does not exist here. Keys: framing, size, rule, wire, cast",
        ),
        ("delimiter = '\\x0d\\x0a' ", "delimiter = ''", "line 9: server 'lines': 'delimiter' has 0 bytes; it may have 1 to 64"),
        (
            "delimiter = '\\x0d\\x0a' ",
            "delimiter = '\\q'",
            r"line 9: server 'lines': 'delimiter': column 1: '\q' is not an escape: write \n \r \t \0 \xHH or \\",
        ),
        ("most = 1_000", "most = 0", "line 10: server 'lines': 'most' is 0; it may be 1 to 16777216"),
        (
            "prefix = 'PING'",
            "prefix = 'PING'\nexact = 'PING'",
            "line 14: server 'lines': 'exact' and 'prefix' exclude each other; keep one",
        ),
        (
            "prefix = 'PING'",
            "prefix = '\\'",
            r"line 14: server 'lines': 'prefix': column 1: a backslash stands alone at the end: write \\ for a backslash",
        ),
        (
            "prefix = 'PING'",
            "suffix = 'PING'",
            "line 14: server 'lines': key 'suffix' does not exist here. Keys: on, exact, prefix, contains, regex, length, reply",
        ),
        (
            "reply = 'PONG' ",
            "reply = '{{pong}}'",
            r"line 15: server 'lines': 'reply': column 3: there is no such field: counter, time, random, count, hex, base64, file, length, crc8, crc16, crc32, inet, xor; for a brace write \{",
        ),
        ("reply = 'PONG' ", "", "line 13: server 'lines': 'reply' is missing"),
        ("reply = 'PONG' ", "reply = 7", "line 15: server 'lines': 'reply' must be a text in quotes or a table, not integer"),
        (
            "\"ff {{counter u16be}}\"",
            "\"ff {{counter u16\"",
            r"line 20: server 'lines': 'body': column 4: a field begins here and does not end: }} is missing; for a brace write \{",
        ),
        (r"'^\d+$'", r"'^(\d+$'", "line 19: server 'lines': 'regex': unclosed group"),
        (r"'^\d+$'", "'a{1000}{1000}{1000}'", "line 19: server 'lines': 'regex': Compiled regex exceeds size limit of 10485760 bytes."),
        ("reply = { prefix = '331' }", "reply = { regex = '*' }", "line 74: 'log in': 'regex': repetition operator missing expression"),
        ("[1, 0x10]", "[3, 2]", "line 23: server 'lines': 'length': 3 is more than 2"),
        ("[1, 0x10]", "[3]", "line 23: server 'lines': 'length' must be a whole number or a list of two, not array"),
        ("[1, 0x10]", "-1", "line 23: server 'lines': 'length' is -1; it may be 0 to 4294967295"),
        ("encoding = \"gbk\"", "encoding = \"latin-1\"", "line 25: server 'lines': 'body': column 1: '你' does not exist in latin-1"),
        (
            "encoding = \"gbk\"",
            "encoding = \"gb\"",
            "line 26: server 'lines': encoding 'gb' does not exist. Encodings: utf-8, ascii, utf-16le, utf-16be, gbk, gb18030, big5, shift-jis, latin-1",
        ),
        (
            "recv_bytes = 1",
            "recv_byte = 1",
            "line 30: server 'lines': key 'recv_byte' does not exist here. Keys: recv_bytes, nagle, cork, piece_bytes, piece_ms",
        ),
        (
            "\"u16le\"",
            "\"u24\"",
            "line 45: client 'group': length header 'u24' does not exist. Length headers: u8, u16be, u16le, u32be, u32le, u64be, u64le",
        ),
        (
            "\"ff02::114\"",
            "\"10.0.0.1\"",
            "line 51: client 'group': 'groups': '10.0.0.1' is no multicast group: write 224.0.0.0 to 239.255.255.255 or ff00::/8, with %interface after it if you like",
        ),
        ("ttl = 0", "ttl = 256", "line 54: client 'group': 'ttl' is 256; it may be 0 to 255"),
        ("folder = \"old/http\"", "", "line 63: 'hello': the name is taken in line 59. Each name may be used once"),
        ("folder = \"old/http\"", "folder = \"/http\"", "line 64: 'hello': '/http' is no folder: write names with / between them"),
        (
            "\"aGVsbG8=\"",
            "\"aGVsbG8*\"",
            "line 65: 'hello': 'body': column 8: '*' is not base64: A to Z, a to z, 0 to 9, + and /, or - and _",
        ),
        ("wait_ms = 250", "wait_ms = 250\nsend = ''", "line 76: 'log in': a step needs one of 'send', 'wait_ms' and 'reply'"),
        ("wait_ms = 250", "within_ms = 250", "line 76: 'log in': a step needs one of 'send', 'wait_ms' and 'reply'"),
        (
            "reply = { prefix = '331' }",
            "reply = { prefx = '331' }",
            "line 74: 'log in': key 'prefx' does not exist here. Keys: exact, prefix, contains, regex, length",
        ),
    ] {
        assert!(MESSAGES.contains(line), "{line}");
        assert_eq!(parse(&MESSAGES.replacen(line, by, 1), &KNOWN).unwrap_err().to_string(), words);
    }
    let many = |head: &str, count: usize| (0..count).map(|n| head.replace('#', &n.to_string())).collect::<String>();
    let rules = format!("{}{}", &MESSAGES[..MESSAGES.find("# Who").unwrap()], many("[[server.messages.rule]]\nreply=''\n", MAX_RULES + 1));
    assert_eq!(parse(&rules, &KNOWN).unwrap_err().kind, LabErrorKind::TooMany { key: "rule", count: MAX_RULES + 1, most: MAX_RULES });
    let packets = many("[[packet]]\nname='#'\n", MAX_PACKETS + 1);
    assert_eq!(
        parse(&packets, &KNOWN).unwrap_err().kind,
        LabErrorKind::TooMany { key: "packet", count: MAX_PACKETS + 1, most: MAX_PACKETS }
    );
    assert_eq!(parse(&many("[[packet]]\nname='#'\n", MAX_PACKETS), &KNOWN).unwrap().packets.len(), MAX_PACKETS);
}

#[test]
fn comments_and_notation_stay_and_what_is_default_again_goes() {
    let text = MESSAGES;
    assert_eq!(write(&parse(text, &KNOWN).unwrap(), Some(text)), text, "saving without a change changes nothing");
    let mut lab = parse(text, &KNOWN).unwrap();
    let messages = &mut lab.servers[0].messages;
    messages.rules.remove(1);
    messages.rules[0].when = Match::Exact("PING".into());
    messages.wire = Wire::default();
    lab.clients[0].messages.cast.groups.remove(1);
    lab.packets.swap(0, 1);
    lab.sequences[0].steps[2] = Step::Wait(1);
    lab.sequences[0].times = 1;
    let text = write(&lab, Some(text));
    for kept in [
        "delimiter = '\\x0d\\x0a'       # as in HTTP\n",
        "# Who asks is answered\n[[server.messages.rule]]\n",
        "reply = 'PONG'               # no line ending",
        "\"239.1.2.3%127.0.0.1\"",
        "# Kept for the class\n[[packet]]\n",
        "reply = { prefix = '331' }   # wants a password\n",
        "exact = \"PING\"",
    ] {
        assert!(text.contains(kept), "{kept}\nis not in\n{text}");
    }
    assert!(!text.contains("prefix = 'PING'") && !text.contains("ff02"), "{text}");
    assert_eq!(parse(&text, &KNOWN).as_ref(), Ok(&lab), "{text}");
    lab.servers[0].messages = Messages::default();
    lab.clients[0].messages = Messages { framing: Framing::Raw, ..Messages::default() };
    (lab.packets, lab.sequences) = (Vec::new(), Vec::new());
    let text = write(&lab, Some(&text));
    assert_eq!(parse(&text, &KNOWN), Ok(lab), "{text}");
    assert!(!text.contains("delimiter") && !text.contains("[[packet]]") && !text.contains("step"), "{text}");
}

#[test]
fn what_is_usual_is_not_written() {
    let mut lab = parse("[[server]]\nname='s'\ntransport='tcp'\naddress=':1'\n", &KNOWN).unwrap();
    lab.servers[0].messages.framing = FramingKind::Delimiter.usual();
    let reply = Packet { body: "b".into(), ..Packet::default() };
    lab.servers[0].messages.rules = vec![Rule { is_on: true, when: Match::Length(4, 4), reply: reply.clone() }];
    lab.packets = vec![SavedPacket { name: "p".into(), folder: String::new(), packet: Packet::default() }];
    let steps = vec![Step::Send(Packet { encoding: Encoding::Big5, ..reply }), Step::Reply { when: Match::Any, within_ms: 5_000 }];
    lab.sequences = vec![Sequence { name: "q".into(), steps, times: 1 }];
    let text = write(&lab, None);
    assert_eq!(
        text,
        "[[server]]\nname = \"s\"\ntransport = \"tcp\"\naddress = \":1\"\nmodel = \"poll\"\n\n[server.messages]\nframing = \"delimiter\"\n\n\
         [[server.messages.rule]]\nlength = 4\nreply = \"b\"\n\n[[packet]]\nname = \"p\"\nbody = 'hello\\n'\n\n[[sequence]]\nname = \"q\"\n\n\
         [[sequence.step]]\nsend = { body = \"b\", encoding = \"big5\" }\n\n[[sequence.step]]\nreply = {}\n"
    );
    assert_eq!(parse(&text, &KNOWN), Ok(lab));
}

#[test]
fn groups_are_written_as_they_are_read() {
    for text in ["239.1.2.3", "224.0.0.1%192.168.1.2", "ff02::1%eth0"] {
        assert_eq!(Group::parse(text).unwrap().to_string(), text);
    }
    for bad in ["", "10.0.0.1", "239.1.2.3%", "239.1.2.3% lo", "fe80::1%eth0", "239.1.2.3:9"] {
        assert_eq!(Group::parse(bad), None, "{bad}");
    }
    let many = format!("groups = [{}]", "'239.0.0.1',".repeat(MAX_GROUPS + 1));
    let text = MESSAGES.replacen("broadcast = true", &many, 1).replacen("groups = [\n", "interface2 = [\n", 1);
    let kind = LabErrorKind::UnknownKey { key: "interface2".into(), known: &["broadcast", "groups", "interface", "ttl", "loopback"] };
    assert_eq!(parse(&text, &KNOWN).unwrap_err().kind, kind);
}

fn framing() -> impl Strategy<Value = Framing> {
    let most = 1..=16_777_216_u32;
    let header = (prop::sample::select(vec![1_u8, 2, 4, 8]), any::<bool>(), any::<bool>()).prop_map(|(width, little, counts_itself)| {
        // One byte has one order.
        let order = if little && width > 1 { ByteOrder::Little } else { ByteOrder::Big };
        LengthHeader { width, order, counts_itself }
    });
    prop_oneof![
        prop::sample::select(FramingKind::ALL.to_vec()).prop_map(FramingKind::usual),
        most.clone().prop_map(|size| Framing::Fixed { size }),
        (prop::collection::vec(any::<u8>(), 1..=64), most.clone()).prop_map(|(bytes, most)| Framing::Delimiter { bytes, most }),
        (header, most.clone()).prop_map(|(header, most)| Framing::Length { header, most }),
        most.prop_map(|most| Framing::UntilClose { most }),
    ]
}

fn matching() -> impl Strategy<Value = Match> {
    let text = || any::<Vec<u8>>().prop_map(|bytes| socketlab::bytes::to_text_string(&bytes));
    prop_oneof![
        Just(Match::Any),
        text().prop_map(Match::Exact),
        text().prop_map(Match::Prefix),
        text().prop_map(Match::Contains),
        Just(Match::Regex(r"(?-u)^\xff".into())),
        any::<[u32; 2]>().prop_map(|[a, b]| Match::Length(a.min(b), a.max(b))),
        any::<u32>().prop_map(|a| Match::Length(a, a)),
    ]
}

/// Any messages of an endpoint.
pub fn messages() -> impl Strategy<Value = Messages> {
    let rule = (any::<bool>(), matching(), packet()).prop_map(|(is_on, when, reply)| Rule { is_on, when, reply });
    let number = |most: u32| prop_oneof![Just(0), 0..=most];
    let wire = (number(16 << 20), any::<bool>(), any::<bool>(), number(16 << 20), number(86_400_000))
        .prop_map(|(recv_bytes, nagle, cork, piece_bytes, piece_ms)| Wire { recv_bytes, nagle, cork, piece_bytes, piece_ms });
    let address = prop_oneof![
        (224..240_u8, any::<[u8; 3]>()).prop_map(|(a, [b, c, d])| std::net::IpAddr::from([a, b, c, d])),
        any::<[u8; 15]>().prop_map(|rest| std::net::IpAddr::from(std::array::from_fn::<u8, 16, _>(|i| if i == 0 {
            0xff
        } else {
            rest[i - 1]
        }))),
    ];
    let group = (address, "|lo|192\\.168\\.1\\.2|eth 0").prop_map(|(address, interface)| Group { address, interface });
    let cast = (any::<bool>(), prop::collection::vec(group, 0..3), "|lo", any::<Option<u8>>(), any::<Option<bool>>())
        .prop_map(|(broadcast, groups, interface, ttl, loopback)| Cast { broadcast, groups, interface, ttl, loopback });
    let any =
        (framing(), prop::collection::vec(rule, 0..3), prop_oneof![Just(Wire::default()), wire], prop_oneof![Just(Cast::default()), cast])
            .prop_map(|(framing, rules, wire, cast)| Messages { framing, rules, wire, cast });
    prop_oneof![Just(Messages::default()), any]
}

/// Any packets that a lab keeps.
pub fn saved() -> impl Strategy<Value = Vec<SavedPacket>> {
    let one = ("[a-c]", "|[a-b]|a/b b/中", packet()).prop_map(|(name, folder, packet)| SavedPacket { name, folder, packet });
    prop::collection::vec(one, 0..4).prop_map(|mut all| {
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|p| seen.insert((p.folder.clone(), p.name.clone())));
        all
    })
}

/// Any sequences that a lab keeps.
pub fn sequences() -> impl Strategy<Value = Vec<Sequence>> {
    let within = prop_oneof![Just(5_000_u32), 0..=86_400_000_u32];
    let step = prop_oneof![
        packet().prop_map(Step::Send),
        (0..=86_400_000_u32).prop_map(Step::Wait),
        (matching(), within).prop_map(|(when, within_ms)| Step::Reply { when, within_ms }),
    ];
    let one = (prop::collection::vec(step, 0..4), any::<u32>());
    prop::collection::vec(one, 0..3).prop_map(|all| {
        let named = |(n, (steps, times))| Sequence { name: format!("sequence {}", 9 - n), steps, times };
        all.into_iter().enumerate().map(named).collect()
    })
}
