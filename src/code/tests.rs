//! Whatever people type stays inside its literal, marks point at real lines, and what has no program says why.

mod chinese;

use proptest::prelude::*;

use super::*;
use crate::bytes::Framing;
use crate::lab::PacketFormat;
use crate::settings::Setting;

fn server(transport: Transport, model: &str, service: &str) -> Server {
    let mut lab = Lab::default();
    let id = lab.add_server(transport, model);
    let mut server = lab.server(id).unwrap().clone();
    server.service = service.into();
    server.address = if transport.is_unix() { Address::Path("/tmp/a".into()) } else { Address::Inet { host: "h".into(), port: 7 } };
    server
}

fn client(transport: Transport) -> Client {
    let mut lab = Lab::default();
    let id = lab.add_client(transport, None);
    lab.client(id).unwrap().clone()
}

/// A program without its comments and the insides of its literals.
fn code(endpoint: Endpoint<'_>, language: Language) -> String {
    scan::code_only(language, &program(endpoint, language, Words::En).unwrap().text)
}

proptest! {
    #[test]
    fn hostile_texts_never_break_out_of_their_literals(path in "[^\0]{1,30}", host in "[^\0]{0,12}", delimiter in any::<Vec<u8>>()) {
        for language in Language::ALL {
            let plain = server(Transport::UnixStream, "poll", "list-echo");
            let mut hostile = plain.clone();
            // An abstract name has other code.
            hostile.address = Address::Path(format!("/{path}"));
            let written: String = delimiter.iter().chain(b"x").map(|byte| format!("\\x{byte:02x}")).collect();
            hostile.service_settings.set("delimiter", Setting::Text(written));
            prop_assert_eq!(code(Endpoint::Server(&hostile), language), code(Endpoint::Server(&plain), language));
            let plain = client(Transport::Tcp);
            let mut hostile = plain.clone();
            hostile.packet.format = PacketFormat::Hex;
            hostile.packet.body = delimiter.iter().map(|byte| format!("{byte:02x}")).collect();
            hostile.messages.framing = Framing::Raw;
            let [to, strange] = ["h".to_owned(), format!("h{host}")].map(|host| Address::Inet { host, port: 7 });
            prop_assert_eq!(code(Endpoint::Client(&hostile, &strange), language), code(Endpoint::Client(&plain, &to), language));
        }
    }
}

#[test]
fn the_lines_of_a_call_are_marked_in_every_language() {
    let server = server(Transport::Tcp, "epoll-lt", "echo");
    for language in Language::ALL {
        let program = program(Endpoint::Server(&server), language, Words::En).unwrap();
        let lines: Vec<&str> = program.text.lines().collect();
        for call in [Call::Socket, Call::Bind, Call::Listen, Call::Accept, Call::Recv, Call::Send, Call::EpollWait, Call::EpollCtl] {
            assert!(program.lines_of(call).count() > 0, "{language} {call:?}\n{}", program.text);
        }
        assert!(program.lines.iter().all(|(_, range)| range.end <= lines.len() && !lines[range.start].trim().is_empty()));
        let accept = program.lines_of(Call::Accept).next().unwrap();
        assert!(lines[accept.start].contains("accept("), "{}", lines[accept.start]);
        assert_eq!(program.file_name, format!("echo_server.{}", language.extension()));
        assert!(!program.text.contains("{{") || language == Language::Rust && !program.text.contains("{{ "), "{}", program.text);
        assert!(!program.text.contains("%if") && program.text.ends_with('\n'));
    }
}

#[test]
fn what_has_no_program_says_why() {
    let why = |server: &Server, language| program(Endpoint::Server(server), language, Words::En).unwrap_err();
    assert_eq!(why(&server(Transport::Tcp, "io-uring", "echo"), Language::Rust), NoProgram::NoRing(Language::Rust));
    assert_eq!(why(&server(Transport::Tcp, "async", "echo"), Language::C), NoProgram::NoCoroutines);
    assert_eq!(why(&server(Transport::Tcp, "processes", "chat"), Language::Python), NoProgram::NoChatBetweenProcesses);
    assert_eq!(why(&server(Transport::Tcp, "poll", "no such"), Language::C), NoProgram::Unknown("no such".into()));
    let udp = why(&server(Transport::Udp, "thread-pool", "echo"), Language::C);
    assert_eq!(udp.to_string(), "udp sockets have no connections that 'thread-pool' could share out");
    let mut fixed = server(Transport::Tcp, "poll", "greeter");
    fixed.messages.framing = Framing::Fixed { size: 3 };
    assert_eq!(why(&fixed, Language::C), NoProgram::NotFixedSize("greeter".into()));
    let to = Address::Inet { host: "127.0.0.1".into(), port: 0 };
    let unknown = program(Endpoint::Client(&client(Transport::Tcp), &to), Language::C, Words::En);
    assert_eq!(unknown.unwrap_err(), NoProgram::PortUnknown);
}

#[test]
fn what_is_set_and_left_out_is_said_in_the_first_lines() {
    let mut server = server(Transport::Tcp, "threads", "echo");
    server.life.requests = 3;
    server.messages.wire.cork = true;
    for language in Language::ALL {
        let text = program(Endpoint::Server(&server), language, Words::En).unwrap().text;
        assert!(text.contains("Not in this program: TCP_CORK, the end after a number of requests."), "{text}");
    }
}

#[test]
fn kqueue_is_written_where_it_is_not_run() {
    let server = server(Transport::Tcp, "kqueue", "delayed");
    let python = program(Endpoint::Server(&server), Language::Python, Words::En).unwrap();
    let c = program(Endpoint::Server(&server), Language::C, Words::En).unwrap();
    assert!(python.lines_of(Call::Kevent).count() > 2 && c.lines_of(Call::Kevent).count() > 1);
    assert_eq!(program(Endpoint::Server(&server), Language::Rust, Words::En).unwrap_err(), NoProgram::NoKqueueInRust);
}
