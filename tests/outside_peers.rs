//! Ordinary outside programs (Python's standard library, under `tests/peers`) talk to our servers and our clients to theirs,
//! over TCP, UDP and Unix sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "a test says what it expects")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use socketlab::engine::{Command, Spec};
use socketlab::lab::{Address, Transport};
use support::{Rig, models_for, python_peer, transports};

/// A Python server; it ends when its standard input is closed, which dropping does.
struct PythonServer {
    child: Child,
    address: String,
}

impl PythonServer {
    fn start(script: &str, form: &[&str], transport: Transport, address: &str) -> Self {
        let mut child = python_peer(script, transport, address).args(form).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening ").unwrap_or_else(|| panic!("{script} said {line:?}")).to_owned();
        Self { child, address }
    }
}

impl Drop for PythonServer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ended = self.child.wait();
    }
}

#[test]
fn python_clients_talk_to_every_model() {
    let rig = Rig::new();
    for transport in transports() {
        for model in models_for(transport) {
            let server = rig.server(transport, model, "upper");
            let at = rig.start(&server);
            let answer = python_peer("client_socket.py", transport, &at).args(["--hex", "6162632d313233"]).output().unwrap();
            let said = String::from_utf8_lossy(&answer.stdout);
            assert!(answer.status.success(), "{model} {transport}: {}", String::from_utf8_lossy(&answer.stderr));
            assert_eq!(said.trim(), "received 4142432d313233", "{model} {transport}");
            if transport.is_stream() {
                // Fifty at once, each half-closes and reads to the end; iterative serves them one after the other.
                let out = python_peer("client_asyncio.py", transport, &at)
                    .args(["--hex", "78797a", "--half-close", "--count", "50"])
                    .output()
                    .unwrap();
                let said = String::from_utf8_lossy(&out.stdout);
                assert!(out.status.success(), "{model} {transport}: {}", String::from_utf8_lossy(&out.stderr));
                assert_eq!(said.lines().filter(|l| *l == "received 58595a").count(), 50, "{model} {transport}: {said}");
            }
            rig.stop(server.id);
        }
    }
}

#[test]
fn our_clients_talk_to_python_servers() {
    let rig = Rig::new();
    let mut servers: Vec<(&str, &[&str], &[Transport])> = vec![
        ("echo_socketserver.py", &["--form", "threading"], &Transport::ALL),
        ("echo_selectors.py", &[], &Transport::ALL),
        ("echo_asyncio.py", &[], &[Transport::Tcp, Transport::UnixStream]),
    ];
    if cfg!(unix) {
        // Elsewhere there is no fork().
        servers.push(("echo_socketserver.py", &["--form", "forking"], &Transport::ALL));
    }
    let here = transports();
    for (script, form, can) in servers {
        for &transport in can.iter().filter(|t| here.contains(t)) {
            let python = PythonServer::start(script, form, transport, &rig.address(transport).to_string());
            let mut client = rig.client(transport, Address::parse(transport, &python.address).unwrap());
            client.connections = 10;
            client.packet.body = "over to you\\n".into();
            client.packet.on_connect = true;
            client.packet.times = 3;
            client.packet.every_ms = 1;
            rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
            let bytes = 10 * 3 * 12;
            let view = rig.view_when(client.id, "every echo came back", |s| {
                assert!(s.failure.is_none(), "{script} {form:?} {transport}: {:?}", s.failure);
                s.counters.rx_bytes == bytes
            });
            assert_eq!((view.counters.tx_bytes, view.counters.open), (bytes, 10), "{script} {form:?} {transport}");
            rig.stop(client.id);
        }
    }
}

#[test]
fn an_ipv6_client_of_python_reaches_our_server() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        eprintln!("this machine has no IPv6 loopback; nothing to test");
        return;
    }
    let rig = Rig::new();
    for transport in [Transport::Tcp, Transport::Udp] {
        let mut server = rig.server(transport, "poll", "echo");
        server.address = Address::Inet { host: "::1".into(), port: 0 };
        let at = rig.start(&server);
        assert!(at.starts_with("[::1]:"), "{at}");
        let out = python_peer("client_socket.py", transport, &at).args(["--hex", "00ff80"]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&out.stdout).trim(), "received 00ff80", "{}", String::from_utf8_lossy(&out.stderr));
    }
}
