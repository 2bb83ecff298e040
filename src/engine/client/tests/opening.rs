//! Connecting: every transport, refusals, limits, retries.

use std::io::{Read, Write};
use std::net::UdpSocket;
#[cfg(unix)]
use std::os::unix::net::{UnixDatagram, UnixListener};

use parking_lot::Mutex;

use crate::engine::{Cause, Operation};
use crate::sys::errno_name;
use crate::trace::Call;

use super::*;

/// A stop is far quicker by itself; other programs on the same cores are given their share.
const SOON: Duration = Duration::from_secs(10);

#[test]
fn tcp_moves_exact_bytes_over_ipv4_and_ipv6() {
    for address in ["127.0.0.1:0", "[::1]:0"] {
        let listener = TcpListener::bind(address).unwrap();
        let rig = Rig::tcp(&listener);
        let mut peer = accept(&listener);
        let conn = rig.one();
        assert_eq!(*conn.local, peer.peer_addr().unwrap().to_string());
        assert_eq!(*conn.peer, listener.local_addr().unwrap().to_string());
        let message: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        rig.send(&message);
        let mut got = vec![0; message.len()];
        peer.read_exact(&mut got).unwrap();
        assert!(got == message);
        peer.write_all(&message).unwrap();
        rig.receives(&message);
        let totals = rig.board.totals();
        assert_eq!((totals.rx_bytes, totals.tx_bytes), (200_000, 200_000));
        rig.stop();
    }
}

#[test]
fn udp_moves_whole_datagrams_also_empty_and_the_largest() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.set_read_timeout(Some(LIMIT)).unwrap();
    let rig = Rig::start(client(Transport::Udp), to(Transport::Udp, peer.local_addr().unwrap()), None);
    rig.one();
    let mut buffer = vec![0; 70_000];
    for size in [3, 0, 65_507] {
        rig.send(&vec![b'x'; size]);
        let (n, from) = peer.recv_from(&mut buffer).unwrap();
        assert_eq!(n, size);
        peer.send_to(&buffer[..n], from).unwrap();
        let mut got = Vec::new();
        until("echo", || {
            got.extend(rig.received());
            !got.is_empty()
        });
        assert_eq!(got.iter().map(Vec::len).collect::<Vec<_>>(), [size]);
    }
    rig.stop();
}

#[cfg(unix)]
#[test]
fn unix_streams_and_datagrams_move_exact_bytes_and_a_datagram_client_can_be_answered() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let listener = UnixListener::bind(&path).unwrap();
    let rig = Rig::start(client(Transport::UnixStream), to(Transport::UnixStream, path.display()), None);
    let (mut peer, _) = listener.accept().unwrap();
    rig.one();
    rig.send(b"hello");
    let mut got = [0; 5];
    peer.read_exact(&mut got).unwrap();
    peer.write_all(&got).unwrap();
    rig.receives(b"hello");
    rig.stop();

    let path = dir.path().join("d");
    let peer = UnixDatagram::bind(&path).unwrap();
    peer.set_read_timeout(Some(LIMIT)).unwrap();
    let rig = Rig::start(client(Transport::UnixDgram), to(Transport::UnixDgram, path.display()), None);
    rig.one();
    for size in [5, 0, 60_000] {
        rig.send(&vec![b'y'; size]);
        let mut buffer = vec![0; 70_000];
        let (n, from) = socket2::SockRef::from(&peer).recv_from_vec(&mut buffer);
        assert_eq!(n, size);
        socket2::SockRef::from(&peer).send_to(&buffer[..n], &from).unwrap();
        let mut got = Vec::new();
        until("answer", || {
            got.extend(rig.received());
            !got.is_empty()
        });
        assert_eq!(got[0].len(), size);
    }
    rig.stop();
}

/// std's addresses cannot hold an autobound name and be sent to on stable Rust without an extension trait; socket2's can.
#[cfg(unix)]
trait RecvFromVec {
    fn recv_from_vec(&self, buffer: &mut [u8]) -> (usize, socket2::SockAddr);
}

#[cfg(unix)]
impl RecvFromVec for socket2::SockRef<'_> {
    fn recv_from_vec(&self, buffer: &mut [u8]) -> (usize, socket2::SockAddr) {
        let mut spare = vec![std::mem::MaybeUninit::new(0); buffer.len()];
        let (n, from) = self.recv_from(&mut spare).unwrap();
        (n, from)
    }
}

#[test]
fn of_several_addresses_one_connection_finds_the_one_that_answers() {
    let (dead, live) = (listener().local_addr().unwrap(), listener());
    let rig = Rig::with_addresses(many(Transport::Tcp, 20), &[dead, live.local_addr().unwrap()]);
    let acceptor = Acceptor::start(live);
    rig.until_open(20);
    assert!(rig.board.drain_troubles().next().is_none(), "another address answered: no trouble");
    assert_eq!(rig.board.totals().failed, 1, "only one connection looked for it");
    rig.stop();
    drop(acceptor);
}

#[test]
fn every_address_is_tried_before_a_connection_has_failed() {
    let dead = [listener().local_addr().unwrap(), listener().local_addr().unwrap()];
    let rig = Rig::with_addresses(many(Transport::Tcp, 3), &dead);
    rig.until("all failed", |board| board.totals().failed == 6);
    let told: Vec<String> = rig.board.drain_troubles().map(|trouble| trouble.endpoint.to_string()).collect();
    assert_eq!(told, [dead[1].to_string(), dead[1].to_string(), dead[1].to_string()]);
    rig.stop();
}

#[test]
fn a_name_is_looked_up() {
    let listener = listener();
    let port = listener.local_addr().unwrap().port();
    let rig = Rig::start(client(Transport::Tcp), to(Transport::Tcp, format!("localhost:{port}")), None);
    let _peer = accept(&listener);
    rig.until_open(1);
    assert_eq!(rig.note(|_| true), ClientNote::Started { target: rig.one().peer.clone() });
    rig.stop();
}

#[test]
fn a_refused_client_tells_it_and_goes_on() {
    let address = listener().local_addr().unwrap();
    let rig = Rig::start(client(Transport::Tcp), to(Transport::Tcp, address), None);
    let trouble = rig.trouble();
    assert_eq!((trouble.call, errno_name(&trouble.error)), (Call::Connect, Some("ECONNREFUSED")));
    assert_eq!(*trouble.endpoint, address.to_string());
    assert!(matches!(&*rig.ended(), End::Failed(Call::Connect, _)));
    assert_eq!(rig.board.totals().failed, 1);
    let listener = TcpListener::bind(address).unwrap();
    rig.control.open(3);
    rig.until_open(3);
    drop(listener);
    rig.stop();
}

/// A listener whose queue is full: `listen(0)` holds one connection.
#[cfg(target_os = "linux")]
fn full_tcp() -> (socket2::Socket, std::net::SocketAddr, TcpStream) {
    let door = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    door.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap().into()).unwrap();
    door.listen(0).unwrap();
    let address = door.local_addr().unwrap().as_socket().unwrap();
    let first = TcpStream::connect(address).unwrap();
    (door, address, first)
}

#[cfg(target_os = "linux")]
#[test]
fn a_connect_that_is_not_answered_times_out_and_stop_does_not_wait_for_it() {
    let (_door, address, _first) = full_tcp();
    let patient = Client { connect_timeout_ms: 200, ..client(Transport::Tcp) };
    let start = Instant::now();
    let rig = Rig::start(patient.clone(), to(Transport::Tcp, address), None);
    let trouble = rig.trouble();
    assert_eq!(errno_name(&trouble.error), Some("ETIMEDOUT"));
    assert!(start.elapsed() >= Duration::from_millis(200), "{:?}", start.elapsed());
    rig.stop();

    let rig = Rig::start(Client { connect_timeout_ms: 0, ..patient }, to(Transport::Tcp, address), None);
    rig.until("connecting", |board| board.totals().connecting == 1);
    assert!(rig.stop() < Duration::from_secs(1));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_unix_backlog_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let door = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
    door.bind(&socket2::SockAddr::unix(&path).unwrap()).unwrap();
    door.listen(0).unwrap();
    let _first = std::os::unix::net::UnixStream::connect(&path).unwrap();

    let hasty = Client { connect_timeout_ms: 150, ..client(Transport::UnixStream) };
    let rig = Rig::start(hasty, to(Transport::UnixStream, path.display()), None);
    assert_eq!(errno_name(&rig.trouble().error), Some("ETIMEDOUT"));
    rig.stop();

    let rig = Rig::start(client(Transport::UnixStream), to(Transport::UnixStream, path.display()), None);
    rig.until("connecting", |board| board.totals().connecting == 1);
    door.accept().unwrap();
    rig.until_open(1);
    rig.stop();
}

#[test]
fn lost_connections_come_back_when_the_listener_does() {
    let first = listener();
    let address = first.local_addr().unwrap();
    let again = Client { reconnect: Reconnect::Backoff, ..many(Transport::Tcp, 3) };
    let rig = Rig::start(again, to(Transport::Tcp, address), None);
    let peers: Vec<_> = (0..3).map(|_| accept(&first)).collect();
    rig.until_open(3);
    drop((first, peers));
    let retrying = rig.note(|note| matches!(note, ClientNote::Retrying { .. }));
    assert_eq!(retrying, ClientNote::Retrying { attempt: 1, after: Duration::from_millis(500) });
    let retry = rig.control.retry().unwrap();
    assert_eq!(retry.attempt, 1);
    assert!(retry.at > Duration::from_millis(400), "{retry:?}");
    let retrying = rig.note(|note| matches!(note, ClientNote::Retrying { .. }));
    assert_eq!(retrying, ClientNote::Retrying { attempt: 2, after: Duration::from_secs(1) }, "one note for all three");
    let _second = bind_again(address);
    rig.until_open(3);
    assert_eq!(rig.control.retry(), None);
    let totals = rig.board.totals();
    assert_eq!((totals.opened, totals.failed), (6, 3));
    rig.close(CloseHow::Orderly);
    rig.until_open(0);
    assert_eq!(rig.control.retry(), None, "closed by a person: not connected again");
    rig.stop();
}

fn bind_again(address: std::net::SocketAddr) -> TcpListener {
    let mut got = None;
    until("bind again", || {
        got = TcpListener::bind(address).ok();
        got.is_some()
    });
    got.unwrap()
}

#[test]
fn a_client_follows_a_server_of_the_lab() {
    let local = Arc::new(Mutex::new(None));
    let target = || TargetSource::Server {
        name: "door".into(),
        local: Arc::clone(&local),
        fallback: Address::Inet { host: "127.0.0.1".into(), port: 0 },
    };
    let failure = Rig::start(client(Transport::Tcp), target(), None).result().unwrap_err();
    assert_eq!((failure.cause, &*failure.endpoint), (Cause::ServerNotRunning, "door"));

    let rig = Rig::start(Client { reconnect: Reconnect::Backoff, ..client(Transport::Tcp) }, target(), None);
    rig.note(|note| matches!(note, ClientNote::Retrying { attempt: 1, .. }));
    let first = TcpListener::bind("0.0.0.0:0").unwrap();
    *local.lock() = Some(first.local_addr().unwrap().into());
    let peer = accept(&first);
    let second = listener();
    *local.lock() = Some(second.local_addr().unwrap().into());
    rig.until_open(1);
    drop(peer);
    let _moved = accept(&second);
    rig.until_open(1);
    rig.stop();
}

#[test]
fn what_cannot_work_at_all_ends_the_client_with_the_cause() {
    let foreign = Client { local: Some(Address::parse(Transport::Tcp, "192.0.2.1:0").unwrap()), ..client(Transport::Tcp) };
    let failure = Rig::start(foreign, to(Transport::Tcp, "127.0.0.1:9"), None).result().unwrap_err();
    assert_eq!((failure.operation, failure.cause), (Operation::Bind, Cause::AddressNotAvailable));

    // A label of 64 bytes is refused by the resolver itself (RFC 1035), so that no query leaves the machine.
    let name = format!("{}:9", "a".repeat(64));
    let failure = Rig::start(client(Transport::Tcp), to(Transport::Tcp, name), None).result().unwrap_err();
    assert_eq!((failure.operation, failure.cause), (Operation::Resolve, Cause::NameNotFound));
}

#[test]
fn a_local_address_is_kept_and_can_be_used_again() {
    let free = listener().local_addr().unwrap();
    let listener = listener();
    let fixed = Client { local: Some(Address::parse(Transport::Tcp, &free.to_string()).unwrap()), ..client(Transport::Tcp) };
    let rig = Rig::start(fixed, to(Transport::Tcp, listener.local_addr().unwrap()), None);
    let peer = accept(&listener);
    assert_eq!(peer.peer_addr().unwrap(), free);
    rig.one();
    rig.stop();
}

#[test]
fn two_thousand_connections_open_and_stop_soon() {
    let listener = listener();
    let address = listener.local_addr().unwrap();
    let acceptor = Acceptor::start(listener);
    let rig = Rig::start(many(Transport::Tcp, 2_000), to(Transport::Tcp, address), None);
    rig.until_open(2_000);
    let took = rig.stop();
    assert!(took < SOON, "{took:?}");
    assert_eq!(acceptor.stop().len(), 2_000);
}

#[test]
fn five_thousand_connections_wait_without_waking_and_stop_soon() {
    let listener = listener();
    let address = listener.local_addr().unwrap();
    let acceptor = Acceptor::start(listener);
    let rig = Rig::start(many(Transport::Tcp, 5_000), to(Transport::Tcp, address), None);
    rig.until_open(5_000);
    // Connects are paced in steps of 100 ms: opening is over when nothing was called for longer than that.
    let mut last = (Instant::now(), rig.tap.counts()[0]);
    until("the last timer has fired", || {
        let calls = rig.tap.counts()[0];
        if calls != last.1 {
            last = (Instant::now(), calls);
        }
        last.0.elapsed() > Duration::from_millis(150)
    });
    let (start, calls) = (Instant::now(), rig.tap.counts()[0]);
    until("some time passed", || start.elapsed() > Duration::from_millis(200));
    assert_eq!(rig.tap.counts()[0], calls, "an idle client sleeps");
    let took = rig.stop();
    assert!(took < SOON, "{took:?}");
    drop(acceptor);
}

#[test]
fn stop_while_thousands_connect() {
    let listener = listener();
    let address = listener.local_addr().unwrap();
    let acceptor = Acceptor::start(listener);
    let rig = Rig::start(many(Transport::Tcp, 5_000), to(Transport::Tcp, address), None);
    rig.until("some are open", |board| board.totals().opened > 300);
    let took = rig.stop();
    assert!(took < SOON, "{took:?}");
    drop(acceptor);
}
