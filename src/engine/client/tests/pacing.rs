//! In what order, how many at once and how patiently a client opens its connections.

use crate::lab::Opening;
#[cfg(target_os = "linux")]
use crate::trace::Call;

use super::*;

fn opening(connections: u32, opening: Opening) -> Client {
    Client { opening, ..many(Transport::Tcp, connections) }
}

/// A listener that accepts nobody and has room for `backlog` + 1.
#[cfg(target_os = "linux")]
fn closed_door(backlog: i32) -> (socket2::Socket, std::net::SocketAddr) {
    let door = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    door.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    door.listen(backlog).unwrap();
    let address = door.local_addr().unwrap().as_socket().unwrap();
    (door, address)
}

#[test]
fn one_connect_each_beat_and_no_faster() {
    let listener = listener();
    let address = listener.local_addr().unwrap();
    let acceptor = Acceptor::start(listener);
    let rig = Rig::start(opening(6, Opening { every_ms: 40, ..Opening::default() }), to(Transport::Tcp, address), None);
    rig.until_open(6);
    // Since before the first one, which comes at once; a late one does not put off the others.
    let began: Vec<u64> = rig.board.live().iter().map(|conn| conn.opened_ns).collect();
    assert!(began.iter().zip(0..).all(|(at, n)| *at >= n * 40_000_000), "{began:?}");
    // By hand too.
    rig.control.open(2);
    rig.until_open(8);
    assert!(rig.board.live().iter().all(|conn| conn.connected_at().is_some_and(|at| at.as_nanos() as u64 >= conn.opened_ns)));
    rig.stop();
    drop(acceptor);
}

#[cfg(target_os = "linux")]
#[test]
fn exactly_so_many_are_under_way() {
    let (_door, address) = closed_door(0);
    let hasty = Client { connect_timeout_ms: 0, ..opening(30, Opening { at_once: 10, ..Opening::default() }) };
    let rig = Rig::start(hasty, to(Transport::Tcp, address), None);
    rig.until("ten are under way", |board| board.totals().connecting == 10);
    let start = Instant::now();
    // There is no patience: the eleventh waits as long as it takes.
    while start.elapsed() < Duration::from_millis(400) {
        assert!(rig.board.totals().connecting <= 10);
        pause();
    }
    assert!(rig.stop() < Duration::from_secs(1));

    let (_door, address) = closed_door(0);
    let all = Client { connect_timeout_ms: 0, ..opening(600, Opening { at_once: 5_000, ..Opening::default() }) };
    let rig = Rig::start(all, to(Transport::Tcp, address), None);
    rig.until("all are under way", |board| board.totals().connecting + board.totals().open == 600 && board.totals().connecting > 500);
    assert!(rig.stop() < Duration::from_secs(1));
}

#[cfg(target_os = "linux")]
#[test]
fn a_connect_gives_up_after_so_many_retries_of_its_syn() {
    let (_door, address) = closed_door(0);
    let _takes_the_place = TcpStream::connect(address).unwrap();
    let impatient = Client { connect_timeout_ms: 0, ..opening(1, Opening { syn_retries: 1, ..Opening::default() }) };
    let rig = Rig::start(impatient, to(Transport::Tcp, address), None);
    let trouble = rig.trouble();
    assert_eq!((trouble.call, crate::sys::errno_name(&trouble.error)), (Call::Connect, Some("ETIMEDOUT")));
    // The SYN, one retry after a second, and as long again for its answer; by default it would be two minutes.
    let calls: Vec<_> = rig.tap.drain().map(|record| record.call).collect();
    let [made, set, called] =
        [Call::Socket, Call::SetSockOpt, Call::Connect].map(|call| calls.iter().position(|made| *made == call).unwrap());
    assert!(made < set && set < called, "{calls:?}");
    rig.stop();
}

#[cfg(unix)]
#[test]
fn sockets_without_a_syn_say_so_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let _door = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let unix = Client { opening: Opening { syn_retries: 3, ..Opening::default() }, ..many(Transport::UnixStream, 5) };
    let rig = Rig::start(unix, to(Transport::UnixStream, path.display()), None);
    rig.until_open(5);
    let told: Vec<_> = rig.board.drain_troubles().collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].error.to_string().contains("TCP_SYNCNT"), "{told:?}");
    rig.stop();
}

#[test]
fn nothing_is_opened_before_it_is_asked_for() {
    let listener = listener();
    let address = listener.local_addr().unwrap();
    let acceptor = Acceptor::start(listener);
    let rig = Rig::start(many(Transport::Tcp, 0), to(Transport::Tcp, address), None);
    assert!(matches!(rig.note(|_| true), ClientNote::Started { .. }));
    assert_eq!(rig.board.totals().opened, 0);
    rig.control.open(1);
    rig.until_open(1);
    rig.control.open(1);
    rig.until_open(2);
    rig.stop();
    drop(acceptor);
}

#[cfg(target_os = "linux")]
#[test]
fn a_unix_connect_that_finds_no_place_counts_how_often_it_asked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let door = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
    door.bind(&socket2::SockAddr::unix(&path).unwrap()).unwrap();
    door.listen(0).unwrap();
    let _first = std::os::unix::net::UnixStream::connect(&path).unwrap();
    let rig = Rig::start(client(Transport::UnixStream), to(Transport::UnixStream, path.display()), None);
    rig.until("it asked three times, and says when again", |board| {
        board.live().first().is_some_and(|conn| conn.retries() >= 3 && conn.next_try().is_some())
    });
    door.accept().unwrap();
    let conn = rig.one();
    assert!(conn.retries() >= 3 && conn.next_try().is_none() && conn.connected_at().is_some());
    rig.stop();
}
