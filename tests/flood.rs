//! With a flood on, the engine still answers: a stop takes effect, counters stay exact while records are dropped and
//! counted, memory stays bounded, and every failure is told with operation, address and cause.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::time::Duration;

use socketlab::engine::{Cause, CloseHow, Command, ConnPick, Operation, Outgoing, SendTo, SessionState, Spec, catalog};
use socketlab::lab::{Address, EndpointId, Target, Transport};
use support::{Rig, until};

fn start_client(rig: &Rig, client: &socketlab::lab::Client) {
    rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
}

fn outgoing(bytes: &[u8], every: Duration, times: u32) -> Outgoing {
    Outgoing::fixed(bytes, every, times)
}

#[test]
fn a_flood_with_connections_coming_and_going_is_stopped_at_once_and_counted_exactly() {
    let rig = Rig::new();
    let server = rig.server(Transport::Tcp, catalog::default_model(), "discard");
    let at = Address::parse(Transport::Tcp, &rig.start(&server)).unwrap();
    let flood = rig.client(Transport::Tcp, at.clone());
    start_client(&rig, &flood);
    rig.view_when(flood.id, "the flood client is connected", |s| s.counters.open == 1);
    rig.send(Command::Send { from: flood.id, to: SendTo::All, outgoing: outgoing(&[b'x'; 1_000], Duration::ZERO, 0) });
    let mut crowd = rig.client(Transport::Tcp, at);
    crowd.connections = 2_000;
    start_client(&rig, &crowd);
    rig.view_when(crowd.id, "2,000 are open", |s| s.counters.open == 2_000);
    rig.send(Command::Close { session: crowd.id, pick: ConnPick::Newest(1_500), how: CloseHow::Orderly });
    rig.view_when(crowd.id, "1,500 are closed", |s| s.counters.open == 500);
    rig.send(Command::Open { client: crowd.id, count: 1_500 });
    rig.view_when(crowd.id, "they are back", |s| s.counters.open == 2_000 && s.counters.opened == 3_500);
    let totals = until("records were dropped", || {
        let snapshot = rig.engine.snapshot();
        (snapshot.traffic_totals.dropped > 0).then_some(snapshot.traffic_totals)
    });
    // A chunk goes when the limit is passed.
    assert!(totals.held_bytes <= totals.limit_bytes + (1 << 20), "the log is bounded: {totals:?}");
    let took = rig.stop(flood.id);
    assert!(took < Duration::from_secs(2), "stop under flood took {took:?}");
    // Everything the client's kernel took arrives: the exact counters of both ends agree though records were dropped.
    let sent = rig.engine.snapshot().session(flood.id).unwrap().counters.tx_bytes;
    rig.view_when(server.id, "every byte sent was counted as received", |s| s.counters.rx_bytes == sent);
    rig.stop(crowd.id);
    rig.stop(server.id);
    let totals = rig.engine.snapshot();
    let kept = totals.traffic.len() as u64;
    assert_eq!(totals.traffic_totals.made, kept + totals.traffic_totals.dropped + totals.traffic_totals.evicted);
}

#[test]
fn a_schedule_sends_exactly_as_often_as_asked() {
    let rig = Rig::new();
    let server = rig.server(Transport::Tcp, "threads", "echo");
    let at = Address::parse(Transport::Tcp, &rig.start(&server)).unwrap();
    let client = rig.client(Transport::Tcp, at);
    start_client(&rig, &client);
    rig.view_when(client.id, "connected", |s| s.counters.open == 1);
    rig.send(Command::Send { from: client.id, to: SendTo::All, outgoing: outgoing(b"tick", Duration::from_millis(5), 10) });
    let view = rig.view_when(client.id, "ten echoes", |s| s.counters.rx_bytes == 40 && s.sending.is_none());
    assert_eq!(view.counters.tx_messages, 10);
    // And from the server to its connection, unasked.
    rig.view_when(server.id, "the server has it", |s| s.counters.open == 1);
    rig.send(Command::Send { from: server.id, to: SendTo::All, outgoing: outgoing(b"news", Duration::ZERO, 1) });
    rig.view_when(client.id, "the news came", |s| s.counters.rx_bytes == 44);
}

/// Starts it and answers how it failed.
fn failure(rig: &Rig, id: EndpointId, spec: Spec) -> (Operation, Cause, String) {
    rig.send(Command::Start(Box::new(spec)));
    let view = rig.view_when(id, "it says why it failed", |s| s.failure.is_some());
    let failure = view.failure.clone().unwrap();
    (failure.operation, failure.cause.clone(), failure.to_string())
}

#[test]
fn each_failure_names_operation_address_and_cause_and_the_lab_goes_on() {
    let rig = Rig::new();
    let model = catalog::default_model();
    let first = rig.server(Transport::Tcp, model, "echo");
    let at = rig.start(&first);
    let address = Address::parse(Transport::Tcp, &at).unwrap();

    let mut taken = rig.server(Transport::Tcp, model, "echo");
    taken.address = address.clone();
    let (operation, cause, words) = failure(&rig, taken.id, Spec::Server(taken.clone()));
    assert_eq!((operation, cause), (Operation::Bind, Cause::AddressInUse));
    assert!(words.contains(&at), "{words}");
    rig.view_when(taken.id, "failed", |s| s.state == SessionState::Failed);

    let mut elsewhere = rig.server(Transport::Tcp, model, "echo");
    elsewhere.address = Address::Inet { host: "192.0.2.1".into(), port: 0 };
    assert_eq!(failure(&rig, elsewhere.id, Spec::Server(elsewhere.clone())).1, Cause::AddressNotAvailable);

    let mut nameless = rig.server(Transport::Tcp, model, "echo");
    nameless.address = Address::Inet { host: "no-such-host.invalid".into(), port: 0 };
    let (operation, cause, _) = failure(&rig, nameless.id, Spec::Server(nameless.clone()));
    assert_eq!((operation, cause), (Operation::Resolve, Cause::NameNotFound));

    // A port that was just free: nothing listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let refused = rig.client(Transport::Tcp, Address::parse(Transport::Tcp, &free).unwrap());
    let (operation, cause, words) = failure(&rig, refused.id, Spec::Client { client: refused.clone(), server: None });
    assert_eq!((operation, cause), (Operation::Connect, Cause::Refused), "{words}");

    #[cfg(unix)]
    {
        let mut long = rig.server(Transport::UnixStream, model, "echo");
        long.address = Address::Path(format!("/tmp/{}", "x".repeat(200)));
        assert_eq!(failure(&rig, long.id, Spec::Server(long.clone())).1, Cause::PathTooLong);

        let mut file = rig.server(Transport::UnixStream, model, "echo");
        let path = rig.dir.path().join("a-file");
        std::fs::write(&path, "precious").unwrap();
        file.address = Address::Path(path.display().to_string());
        assert_eq!(failure(&rig, file.id, Spec::Server(file.clone())).1, Cause::NotASocket);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious", "left alone");

        let live = rig.server(Transport::UnixStream, model, "echo");
        rig.start(&live);
        let mut second = rig.server(Transport::UnixStream, model, "echo");
        second.address = live.address.clone();
        assert_eq!(failure(&rig, second.id, Spec::Server(second.clone())).1, Cause::LiveSocketFile);

        let stale = rig.server(Transport::UnixStream, model, "echo");
        let Address::Path(path) = &stale.address else { unreachable!() };
        drop(std::os::unix::net::UnixListener::bind(path).unwrap());
        assert!(std::path::Path::new(path).exists(), "the file of a dead server");
        rig.start(&stale);
    }

    // Still alive and well.
    let client = rig.client(Transport::Tcp, address);
    assert!(matches!(client.target, Target::Address(_)));
    start_client(&rig, &client);
    rig.view_when(client.id, "it connects", |s| s.counters.open == 1);
}

#[test]
fn a_connect_that_nobody_answers_times_out_with_words() {
    if !cfg!(target_os = "linux") {
        return; // needs a queue that drops SYNs; other systems refuse or let more in
    }
    let rig = Rig::new();
    let full = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    full.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap().into()).unwrap();
    full.listen(0).unwrap();
    let at = full.local_addr().unwrap().as_socket().unwrap();
    // listen(0) holds one; the next SYNs are dropped.
    let _fills = std::net::TcpStream::connect(at).unwrap();
    let mut client = rig.client(Transport::Tcp, Address::parse(Transport::Tcp, &at.to_string()).unwrap());
    client.connect_timeout_ms = 100;
    let (operation, cause, _) = failure(&rig, client.id, Spec::Client { client: client.clone(), server: None });
    assert_eq!((operation, cause), (Operation::Connect, Cause::TimedOut));
    rig.stop(client.id);
}
