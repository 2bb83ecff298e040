//! Lab files: what is refused and in which words, that every lab reads back as written, that comments stay, that no text
//! makes the reader panic, and that the examples are labs.

#![expect(clippy::unwrap_used, reason = "in a test a missing value is the failure")]

mod messages;
mod random;
mod set;

use std::path::Path;

use socketlab::lab::{
    Address, Known, KnownItem, Lab, LabErrorKind, LineEnding, MAX_FILE_BYTES, Packet, PacketFormat, Reconnect, Target, Transport, parse,
    write,
};
use socketlab::settings::{SettingDef, Unit};

const WORKERS: SettingDef = SettingDef::number("workers", (1, 4, 256), Unit::Count, "");
const READ_ONCE: SettingDef = SettingDef::switch("read_once", "");
const DELIMITER: SettingDef = SettingDef::text("delimiter", "\\n", 8, "");
const DELAY: SettingDef = SettingDef::number("delay_ms", (0, 0, 60_000), Unit::Millis, "");

const KNOWN: Known<'static> = Known {
    models: &[
        KnownItem { id: "iterative", settings: &[], no_datagrams: None },
        KnownItem { id: "threads", settings: &[WORKERS, READ_ONCE], no_datagrams: None },
        KnownItem { id: "poll", settings: &[READ_ONCE], no_datagrams: None },
    ],
    services: &[
        KnownItem { id: "echo", settings: &[], no_datagrams: None },
        KnownItem { id: "upper", settings: &[DELIMITER, DELAY], no_datagrams: None },
        KnownItem { id: "discard", settings: &[], no_datagrams: None },
        KnownItem { id: "greeter", settings: &[DELAY], no_datagrams: None },
    ],
    default_model: "poll",
};

const FULL: &str = r#"# Head of the file
name = "first-sockets"   # shown on top

# The server everyone talks to
[[server]]
name = "echo-tcp"
transport = "tcp"
address = "127.0.0.1:7788"     # loopback only
model = "threads"
service = "upper"
backlog = 2
[server.packet]
body = 'bye\n'

# Calls every second
[[client]]
name = "phone"
server = "echo-tcp"
local = "127.0.0.1:0"
connect_timeout_ms = 250
reconnect = "backoff"
connections = 5_000
[client.packet]
body = "68 69"
format = "hex"
line_ending = "crlf"
every_ms = 10
times = 0
on_connect = true

[[server]]
name = "files"
transport = "unix-stream"
address = "/tmp/files.sock"

[[client]]
name = "outside"
transport = "udp"
address = "[::1]:9"
# The end
"#;

#[test]
fn a_full_file_is_read() {
    let lab = parse(FULL, &KNOWN).unwrap();
    assert_eq!(lab.name, "first-sockets");
    let (echo, files, phone, outside) = (&lab.servers[0], &lab.servers[1], &lab.clients[0], &lab.clients[1]);
    assert_eq!((echo.transport, echo.model.as_str(), echo.service.as_str(), echo.backlog), (Transport::Tcp, "threads", "upper", 2));
    assert_eq!(echo.packet, Packet { body: r"bye\n".into(), ..Packet::default() });
    assert_eq!((files.model.as_str(), files.service.as_str(), files.backlog), ("poll", "echo", 128));
    assert_eq!(files.address, Address::Path("/tmp/files.sock".into()));
    assert_eq!((phone.transport, phone.target.clone()), (Transport::Tcp, Target::Server("echo-tcp".into())));
    assert_eq!((phone.connect_timeout_ms, phone.reconnect, phone.connections), (250, Reconnect::Backoff, 5_000));
    let hex = Packet {
        body: "68 69".into(),
        format: PacketFormat::Hex,
        line_ending: LineEnding::CrLf,
        every_ms: 10,
        times: 0,
        on_connect: true,
        ..Packet::default()
    };
    assert_eq!(phone.packet, hex);
    assert_eq!((outside.connect_timeout_ms, outside.reconnect, outside.connections), (5_000, Reconnect::Off, 1));
    assert_eq!(outside.target, Target::Address(Address::Inet { host: "::1".into(), port: 9 }));
    let mut ids: Vec<_> = lab.names().map(|(id, _)| id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 4, "every endpoint has its own id");
}

/// The full file with one line replaced, and the words of the refusal.
fn refused(line: &str, by: &str) -> String {
    assert!(FULL.contains(line), "{line}");
    parse(&FULL.replacen(line, by, 1), &KNOWN).unwrap_err().to_string()
}

#[test]
fn a_client_of_a_pair_has_unix_sockets_and_no_address() {
    let read = |keys: &str| parse(&format!("[[client]]\nname = \"talk\"\n{keys}\n"), &KNOWN);
    let lab = read("transport = \"unix-dgram\"\nto = \"pair\"").unwrap();
    assert_eq!((lab.clients[0].transport, &lab.clients[0].target), (Transport::UnixDgram, &Target::Pair));
    let text = write(&lab, None);
    assert!(text.contains("to = \"pair\"") && !text.contains("address"), "{text}");
    let refused = |keys: &str| read(keys).unwrap_err().to_string();
    assert_eq!(
        refused("transport = \"tcp\"\nto = \"pair\""),
        "line 4: client 'talk': 'to': a pair is made of Unix sockets (socketpair); its transport is tcp"
    );
    assert_eq!(refused("to = \"pair\""), "line 1: client 'talk': 'transport' is missing");
    assert_eq!(
        refused("transport = \"unix-stream\"\nto = \"pair\"\nlocal = \"/tmp/x\""),
        "line 5: client 'talk': 'local': the ends of a pair have no address"
    );
    assert_eq!(
        refused("transport = \"unix-stream\"\nto = \"pair\"\naddress = \"/tmp/x\""),
        "line 4: client 'talk': 'server', 'address' and 'to' exclude each other; keep one"
    );
    assert_eq!(refused("transport = \"unix-stream\"\nto = \"peer\""), "line 4: client 'talk': target 'peer' does not exist. Targets: pair");
    // A file that had an address before.
    let over = write(&lab, Some("[[client]]\nname = \"talk\"\ntransport = \"unix-dgram\"\naddress = \"/tmp/x\"\n"));
    assert_eq!(parse(&over, &KNOWN), Ok(lab));
}

#[test]
fn mistakes_are_refused_with_the_place_and_the_names_that_exist() {
    for (line, by, words) in [
        (
            "model = \"threads\"",
            "model = \"epol\"",
            "line 9: server 'echo-tcp': model 'epol' does not exist. Models: iterative, threads, poll",
        ),
        (
            "service = \"upper\"",
            "service = \"http\"",
            "line 10: server 'echo-tcp': service 'http' does not exist. Services: echo, upper, discard, greeter",
        ),
        (
            "transport = \"tcp\"",
            "transport = \"sctp\"",
            "line 7: server 'echo-tcp': transport 'sctp' does not exist. Transports: tcp, udp, unix-stream, unix-dgram",
        ),
        (
            "backlog = 2",
            "backlg = 2",
            "line 11: server 'echo-tcp': key 'backlg' does not exist here. Keys: name, transport, address, model, model_settings, service, service_settings, backlog, life, messages, packet",
        ),
        ("backlog = 2", "backlog = 70000", "line 11: server 'echo-tcp': 'backlog' is 70000; it may be 0 to 65535"),
        ("backlog = 2", "backlog = -1", "line 11: server 'echo-tcp': 'backlog' is -1; it may be 0 to 65535"),
        ("backlog = 2", "backlog = \"2\"", "line 11: server 'echo-tcp': 'backlog' must be a whole number, not string"),
        ("connections = 5_000", "connections = 5_001", "line 22: client 'phone': 'connections' is 5001; it may be 0 to 5000"),
        ("connections = 5_000", "connections = -1", "line 22: client 'phone': 'connections' is -1; it may be 0 to 5000"),
        ("server = \"echo-tcp\"", "server = \"ech\"", "line 18: client 'phone': server 'ech' does not exist. Servers: echo-tcp, files"),
        (
            "server = \"echo-tcp\"",
            "server = \"echo-tcp\"\ntransport = \"udp\"",
            "line 19: client 'phone': its transport is udp, but server 'echo-tcp' is tcp",
        ),
        (
            "server = \"echo-tcp\"",
            "server = \"echo-tcp\"\naddress = \"127.0.0.1:1\"",
            "line 19: client 'phone': 'server', 'address' and 'to' exclude each other; keep one",
        ),
        ("server = \"echo-tcp\"", "", "line 16: client 'phone': 'server', 'address' or 'to' is missing: where does this client connect?"),
        ("name = \"phone\"", "name = \"echo-tcp\"", "line 17: client 'echo-tcp': the name is taken in line 6. Each name may be used once"),
        (
            "address = \"127.0.0.1:7788\"",
            "address = \"127.0.0.300:1\"",
            "line 8: server 'echo-tcp': 'address': '127.0.0.300' is neither a numeric address nor a host name",
        ),
        ("body = \"68 69\"", "body = \"68 6\"", "line 24: client 'phone': 'body': column 4: half a byte: '6' needs a second hex digit"),
        (
            r"body = 'bye\n'",
            r"body = 'bye\q'",
            r"line 13: server 'echo-tcp': 'body': column 4: '\q' is not an escape: write \n \r \t \0 \xHH or \\",
        ),
        ("reconnect = \"backoff\"", "reconnect = true", "line 21: client 'phone': 'reconnect' must be a text in quotes, not boolean"),
        (
            "address = \"[::1]:9\"",
            "address = \"[::1]:0\"",
            "line 39: client 'outside': 'address': a client cannot connect to port 0; only a server may leave the choice to the system",
        ),
    ] {
        assert_eq!(refused(line, by), words);
    }
    let error = parse("[[server]]\ntransport = \"tcp\"\n", &KNOWN).unwrap_err();
    assert_eq!(error.to_string(), "line 1: a server: 'name' is missing");
    let error = parse("nam = 1", &KNOWN).unwrap_err();
    assert_eq!(error.to_string(), "line 1: key 'nam' does not exist here. Keys: name, server, client, packet, sequence, experiment, step");
    let error = parse("name = \"中\" x", &KNOWN).unwrap_err();
    assert!(matches!(error.kind, LabErrorKind::Syntax(_)), "{error}");
    assert_eq!((error.line, error.column), (1, 12));
    assert!(parse("server = 3", &KNOWN).unwrap_err().to_string().starts_with("line 1: 'server' must be a list of tables"));
}

#[test]
fn a_refusal_sends_no_control_characters_to_a_terminal() {
    let words = parse("[[server]]\nname = \"s\"\ntransport = \"\\u001b[2J\"", &KNOWN).unwrap_err().to_string();
    assert!(!words.contains(char::is_control) && words.contains(r"\u{1b}"), "{words}");
}

#[test]
fn too_large_files_are_refused_before_they_are_read() {
    let error = parse(&"#".repeat(MAX_FILE_BYTES + 1), &KNOWN).unwrap_err();
    assert_eq!(error.kind, LabErrorKind::TooLarge(MAX_FILE_BYTES + 1));
    let many: String = (0..1_001).map(|n| format!("[[client]]\nname=\"{n}\"\ntransport=\"tcp\"\naddress=\":1\"\n")).collect();
    assert_eq!(parse(&many, &KNOWN).unwrap_err().kind, LabErrorKind::TooManyEndpoints(1_001));
}

#[test]
fn deep_nesting_is_an_error_and_no_stack_overflow() {
    let deep = format!("name = {}", "[".repeat(200_000));
    assert!(parse(&deep, &KNOWN).is_err());
    let deep = format!("a{} = 1", ".a".repeat(200_000));
    assert!(parse(&deep, &KNOWN).is_err());
}

#[test]
fn saving_without_a_change_changes_nothing() {
    let lab = parse(FULL, &KNOWN).unwrap();
    let mut expected = FULL.to_owned();
    // The one addition: the model, whose default differs from system to system.
    expected = expected.replacen("address = \"/tmp/files.sock\"\n", "address = \"/tmp/files.sock\"\nmodel = \"poll\"\n", 1);
    assert_eq!(write(&lab, Some(FULL)), expected);
}

#[test]
fn comments_stay_with_their_endpoints() {
    let mut lab = parse(FULL, &KNOWN).unwrap();
    lab.servers[0].address = Address::Inet { host: "127.0.0.1".into(), port: 0 };
    lab.servers[0].packet.body = r"ciao\n".into();
    lab.clients.swap(0, 1);
    let files = lab.servers[1].id;
    lab.remove(files);
    lab.add_server(Transport::Udp, "poll");
    let text = write(&lab, Some(FULL));
    for kept in [
        "# Head of the file\nname = \"first-sockets\"   # shown on top\n",
        "# The server everyone talks to\n[[server]]\nname = \"echo-tcp\"\n",
        "address = \"127.0.0.1:0\"     # loopback only\n",
        "# Calls every second\n[[client]]\nname = \"phone\"\n",
        "connections = 5_000\n",
        "body = 'ciao\\n'\n",
        "# The end\n",
    ] {
        assert!(text.contains(kept), "{kept}\nis not in\n{text}");
    }
    assert!(!text.contains("files"), "{text}");
    let again = parse(&text, &KNOWN).unwrap();
    let names = |lab: &Lab| lab.names().map(|(_, n)| n.to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&again), names(&lab));
    assert_eq!(names(&lab), ["echo-tcp", "echo-udp", "outside", "phone"]);
}

#[test]
fn a_starter_is_short() {
    let text = write(&Lab::starter("poll"), None);
    assert_eq!(
        text,
        "name = \"first-sockets\"\n\n[[server]]\nname = \"echo-tcp\"\ntransport = \"tcp\"\naddress = \"127.0.0.1:7788\"\n\
         model = \"poll\"\n\n[[client]]\nname = \"client\"\nserver = \"echo-tcp\"\n"
    );
}

#[test]
fn every_example_is_a_lab_on_loopback_that_sends_by_itself() {
    let known = socketlab::engine::catalog::known();
    let known = if known.models.is_empty() { KNOWN } else { known };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let lab = parse(&text, &known).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_eq!(Some(lab.name.as_str()), path.file_stem().and_then(|s| s.to_str()), "the lab has the name of its file");
        assert!(lab.servers.iter().all(|s| s.address.is_loopback()), "{}", path.display());
        // Whose clients only wait to be accepted, or send when they are told to, is about the accept queue.
        let is_about_the_queue = lab.name.starts_with("backlog-");
        let sends = |c: &socketlab::lab::Client| c.packet.on_connect || is_about_the_queue;
        assert!(!lab.clients.is_empty() && lab.clients.iter().all(|c| matches!(c.target, Target::Server(_)) && sends(c)));
        assert!(text.starts_with("# "), "{}: it says what it shows", path.display());
        names.push(lab.name);
    }
    names.sort();
    assert!(["first-sockets", "flood", "greeter", "one-at-a-time", "udp-echo"].iter().all(|n| names.iter().any(|m| m == n)), "{names:?}");
}

#[test]
fn the_page_about_lab_files_is_right() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lab-file.md")).unwrap();
    let known = socketlab::engine::catalog::known();
    let blocks: Vec<&str> = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 7);
    for block in blocks {
        let lab = parse(block, &known).unwrap_or_else(|e| panic!("{e}\n{block}"));
        assert_eq!(parse(&write(&lab, Some(block)), &known), Ok(lab), "{block}");
    }
    let words: Vec<&str> = page.split(|c: char| !c.is_ascii_lowercase() && c != '_').collect();
    // Every key of every table, as the refusal of a wrong one lists them.
    let tables = [
        "",
        "[[server]]\nname='s'\n",
        "[[client]]\nname='c'\n",
        "[[packet]]\nname='p'\n",
        "[[sequence]]\nname='q'\n",
        "[[sequence]]\nname='q'\n[[sequence.step]]\n",
        "[[client]]\nname='c'\ntransport='udp'\naddress='[::1]:1'\n[client.opening]\n",
        "[[client]]\nname='c'\ntransport='udp'\naddress='[::1]:1'\n[client.packet]\n",
        "[[client]]\nname='c'\ntransport='udp'\naddress='[::1]:1'\n[client.messages.cast]\n",
        "[[client]]\nname='c'\ntransport='udp'\naddress='[::1]:1'\n[client.messages.wire]\n",
        "[[client]]\nname='c'\ntransport='udp'\naddress='[::1]:1'\n[[client.messages.rule]]\n",
        "[[server]]\nname='s'\ntransport='tcp'\naddress=':1'\n[server.life]\n",
        "[experiment]\n",
        "[experiment]\nid='e'\n[experiment.title]\n",
        "[[step]]\n",
    ];
    for table in tables {
        let error = parse(&format!("{table}strange = 1"), &known).unwrap_err();
        let LabErrorKind::UnknownKey { known, .. } = error.kind else { panic!("{error}") };
        let missing: Vec<_> = known.iter().filter(|key| !words.contains(*key)).collect();
        assert!(missing.is_empty(), "the page does not name {missing:?}");
    }
}

#[test]
fn datagrams_under_a_model_without_a_meaning_for_them_are_refused_with_the_reason() {
    const REASON: &str = "there is no connection to hand over";
    let models = [
        KnownItem { id: "poll", settings: &[], no_datagrams: None },
        KnownItem { id: "handing", settings: &[], no_datagrams: Some(REASON) },
    ];
    let known = |default_model| Known { models: &models, default_model, ..KNOWN };
    let lab = |transport: &str, model: &str| {
        let address = if transport.starts_with("unix") { "/tmp/x.sock" } else { "127.0.0.1:0" };
        format!("[[server]]\nname = \"clock\"\ntransport = \"{transport}\"\naddress = \"{address}\"\n{model}")
    };
    let named = "model = \"handing\"\n";
    for transport in ["udp", "unix-dgram"] {
        let error = parse(&lab(transport, named), &known("poll")).unwrap_err();
        assert_eq!(error.to_string(), format!("line 5: server 'clock': model 'handing' cannot serve {transport}: {REASON}"));
        assert!(parse(&lab(transport, "model = \"poll\"\n"), &known("poll")).is_ok());
        let error = parse(&lab(transport, ""), &known("handing")).unwrap_err();
        assert_eq!((error.line, error.column), (3, 13), "of the default model, where the transport is said");
    }
    assert!(parse(&lab("tcp", named), &known("poll")).is_ok() && parse(&lab("unix-stream", named), &known("poll")).is_ok());
}
