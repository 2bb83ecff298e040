//! Talks to a program that serves, as its service asks for. Each talk ends by itself: reads have a limit, and the program is ended.

use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use socketlab::bytes::Framing;
use socketlab::engine::{self, Spec};
use socketlab::lab::{Address, Transport};

use super::build::Built;
use super::case::Case;
use super::chat;
use super::support::{Peer, Rig, serves_only_some};

/// A program that runs, in a process group of its own. All of the group is ended with this value: the child of a forking server
/// that never reads would not notice that its connection ended.
pub struct Running {
    pub child: Child,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        Self { child: command.process_group(0).spawn().unwrap() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let all = format!("kill -s KILL -- -{}", self.child.id());
        let _all_gone = Command::new("sh").args(["-c", &all]).stderr(Stdio::null()).status();
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Starts it and waits for its first line, which says where it listens.
fn start(built: &Built, number: usize, case: &Case) -> (Running, String) {
    let mut command = built.command(number);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = Running::start(&mut command);
    let mut lines = BufReader::new(running.child.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    assert!(line.starts_with("listening on "), "{}: '{line}'", case.name());
    let address = if case.transport.is_unix() {
        built.socket(number)
    } else {
        let port = line.trim().rsplit(' ').next().unwrap();
        if case.is_v6 { format!("[::1]:{port}") } else { format!("127.0.0.1:{port}") }
    };
    // What it says later is nobody's, but it must not break its pipe.
    std::thread::Builder::new().name("output".into()).spawn(move || io::copy(&mut lines, &mut io::sink())).unwrap();
    (running, address)
}

/// See the module.
pub fn talk(built: &Built, number: usize, case: &Case) {
    let (mut running, address) = start(built, number, case);
    let connect = || Peer::connect(case.transport, &address).unwrap_or_else(|error| panic!("{}: {error}", case.name()));
    let mut peer = connect();
    let is_stream = case.transport.is_stream();
    let name = case.name();
    let hears = |peer: &mut Peer, expected: &[u8]| {
        let got = peer.recv_exactly(expected.len().max(600 * usize::from(!is_stream))).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(String::from_utf8_lossy(&got), String::from_utf8_lossy(expected), "{name}");
    };
    match case.service {
        _ if case.framing != Framing::Raw => framed(case, &mut peer),
        "echo" => {
            for message in [&b"one\n"[..], &[0, 255, 128, 10], b"three"] {
                peer.send(message).unwrap();
                hears(&mut peer, message);
            }
            if !serves_only_some(case.model) || case.model == "thread-pool" {
                let mut second = connect();
                second.send(b"second").unwrap();
                hears(&mut second, b"second");
                peer.send(b"first").unwrap();
                hears(&mut peer, b"first");
            }
            if is_stream {
                let large = super::support::pattern(300_000);
                std::thread::scope(|scope| {
                    if let Peer::Tcp(stream) = &peer {
                        let mut writer = stream.try_clone().unwrap();
                        let large = &large;
                        scope.spawn(move || writer.write_all(large).unwrap());
                        assert!(peer.recv_exactly(large.len()).unwrap() == *large, "{name}: 300,000 bytes come back as they were");
                    }
                });
                peer.half_close().unwrap();
                assert_eq!(peer.recv_to_end().unwrap(), b"", "{name}");
            }
            drop(peer);
            from_our_client(case, &address);
        }
        "upper" => {
            peer.send("abc1é\n".as_bytes()).unwrap();
            hears(&mut peer, "ABC1é\n".as_bytes());
        }
        "list-echo" => {
            peer.send(b"one;\\\"two").unwrap();
            hears(&mut peer, b"one;\\\"");
            peer.send(b"!;\\\"").unwrap();
            hears(&mut peer, b"two!;\\\"");
        }
        "delayed" => {
            let begun = Instant::now();
            peer.send(b"later").unwrap();
            hears(&mut peer, b"later");
            assert!(begun.elapsed() >= Duration::from_millis(45), "{name}");
            peer.send(b"again").unwrap();
            hears(&mut peer, b"again");
        }
        "discard" | "slow-reader" if is_stream => {
            peer.send(b"twelve bytes").unwrap();
            peer.half_close().unwrap();
            assert_eq!(peer.recv_to_end().unwrap(), b"", "{name}");
        }
        "discard" | "slow-reader" | "resetter" | "silent" if !is_stream => says_nothing(case, &mut running, &mut peer),
        "silent" => says_nothing(case, &mut running, &mut peer),
        "chargen" if is_stream => {
            let cycle: Vec<u8> = (0..95_u8).flat_map(|line| (0..72).map(move |column| 32 + (line + column) % 95).chain(*b"\r\n")).collect();
            let got = peer.recv_exactly(3 * cycle.len()).unwrap();
            assert!(got == [&cycle[..], &cycle, &cycle].concat(), "{name}");
        }
        "chargen" => {
            peer.send(b"").unwrap();
            let got = peer.recv_exactly(1_000).unwrap();
            assert!(got.len() <= 512 && got.iter().zip(b" !\"#$%&'()*").all(|(a, b)| a == b), "{name}: {got:?}");
        }
        "daytime" => {
            if !is_stream {
                peer.send(b"?").unwrap();
            }
            let got = if is_stream { peer.recv_to_end().unwrap() } else { peer.recv_exactly(100).unwrap() };
            let text = String::from_utf8(got).unwrap();
            assert!(text.len() == 22 && text.starts_with("20") && text.ends_with("Z\r\n"), "{name}: '{text}'");
            let today = humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string();
            assert_eq!(text[..10], today[..10], "{name}");
        }
        "greeter" => {
            if is_stream {
                hears(&mut peer, b"Welcome!\n");
            }
            peer.send("张伟".as_bytes()).unwrap();
            hears(&mut peer, "Hello, 张伟".as_bytes());
            peer.send(b"exit\r\n").unwrap();
            if is_stream {
                assert_eq!(peer.recv_to_end().unwrap(), b"", "{name}");
            }
        }
        "chat" => chat::chat(case, peer, connect),
        "manual" => {
            running.child.stdin.as_mut().unwrap().write_all(b"by hand\n").unwrap();
            peer.send(b"anyone?").unwrap();
            hears(&mut peer, b"by hand\n");
        }
        "half-closer" => {
            peer.send(b"x").unwrap();
            hears(&mut peer, b"Goodbye!\n");
            if is_stream {
                assert_eq!(peer.recv_to_end().unwrap(), b"", "{name}");
                peer.send(b"it still reads").unwrap();
            }
        }
        "resetter" => {
            peer.send(b"x").unwrap();
            let error = peer.recv(&mut [0; 8]);
            // A Unix stream has no RST; there the close comes with unread bytes at most.
            let is_reset = error.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::ConnectionReset);
            assert!(is_reset || case.transport.is_unix() && error.as_ref().is_ok_and(|n| *n == 0), "{name}: {error:?}");
        }
        "faulty" => {
            peer.send(b"fine").unwrap();
            hears(&mut peer, b"fine");
            peer.send(b"will it fail?").unwrap();
            if is_stream {
                assert_eq!(peer.recv_to_end().unwrap_or_default(), b"", "{name}");
            }
            let mut next = connect();
            next.send(b"goes on").unwrap();
            hears(&mut next, b"goes on");
        }
        other => panic!("{other}: no talk is written for it"),
    }
    assert_eq!(running.child.try_wait().unwrap(), None, "{name}: it serves on");
}

/// Two messages in one send, and one in two.
fn framed(case: &Case, peer: &mut Peer) {
    let [a, b] = [b"one", b"two"].map(|message| case.framing.wrap(message).unwrap());
    let wire = [&a[..], &b, &a].concat();
    let (first, second) = wire.split_at(a.len() + b.len() + 1);
    peer.send(first).unwrap();
    peer.send(second).unwrap();
    let expected =
        if case.service == "upper" { [b"ONE", b"TWO", b"ONE"].map(|message| case.framing.wrap(message).unwrap()).concat() } else { wire };
    peer.half_close().unwrap();
    assert_eq!(peer.recv_to_end().unwrap(), expected, "{}", case.name());
}

/// Nothing comes within a tenth of a second, and it goes on.
fn says_nothing(case: &Case, running: &mut Running, peer: &mut Peer) {
    peer.send(b"anyone?").unwrap();
    peer.wait_at_most(Duration::from_millis(100)).unwrap();
    let got = peer.recv(&mut [0; 8]);
    assert!(got.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::WouldBlock), "{}: {got:?}", case.name());
    assert_eq!(running.child.try_wait().unwrap(), None);
}

/// Our own client and their server.
fn from_our_client(case: &Case, address: &str) {
    let rig = Rig::new();
    let to = match case.transport {
        Transport::Tcp | Transport::Udp => {
            let address: SocketAddr = address.parse().unwrap();
            Address::Inet { host: address.ip().to_string(), port: address.port() }
        }
        Transport::UnixStream | Transport::UnixDgram => Address::Path(address.to_owned()),
    };
    let mut client = rig.client(case.transport, to);
    (client.packet.body, client.packet.times, client.packet.every_ms, client.packet.on_connect) = ("hello\\n".into(), 3, 1, true);
    rig.send(engine::Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
    let name = case.name();
    rig.view_when(client.id, &format!("{name}: the echo of three messages"), |s| s.counters.rx_bytes == 18 && s.counters.tx_bytes == 18);
    rig.stop(client.id);
}
