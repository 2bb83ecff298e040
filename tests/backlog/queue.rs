//! Queues, handshakes and unread bytes: what the probe says, what is really so, and what `ss` shows.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use socketlab::probe::{self, HalfStage, KernelWatch, ListenAddr, Listener, ServerHalf};
use socketlab::sys::Sock;

use crate::stage::{At, Door, is_connected, ss_listener, tool};
use crate::support::until;

/// The listener as each way of asking tells it; they must agree.
fn told(watch: &mut KernelWatch, door: &Door) -> Listener {
    let ours = probe::listener(&Sock::from(door.socket.try_clone().unwrap())).unwrap();
    assert_eq!(watch.listener(&Sock::from(door.socket.try_clone().unwrap())), Ok(ours));
    let foreign = match &door.at {
        At::Inet(addr) => watch.tcp_listeners().unwrap().into_iter().filter(|l| l.addr == ListenAddr::Inet(*addr)).collect::<Vec<_>>(),
        At::Unix(path) => {
            let found = watch.listeners_at(path).unwrap();
            let inode = found[0].inode.unwrap();
            assert_eq!(watch.unix_listener(inode), Ok(Some(ours)));
            assert!(watch.listeners().unwrap().contains(&found[0]));
            found
        }
    };
    assert!(foreign.len() == 1 && foreign[0].queue == ours, "{foreign:?} {ours:?}");
    ours
}

#[test]
fn the_queue_is_what_ss_shows_at_every_moment() {
    let dir = tempfile::tempdir().unwrap();
    let mut watch = KernelWatch::new().unwrap();
    for at in At::all(dir.path()) {
        let door = Door::open(&at, 5);
        let mut clients = Vec::new();
        let mut compare = |wanted: u32| {
            let ours = told(&mut watch, &door);
            assert_eq!(ours, Listener { waiting: wanted, limit: 5 }, "{at:?}");
            assert_eq!(ss_listener(&door.at), (ours.waiting, ours.limit), "{at:?}");
        };
        compare(0);
        for n in 1..=6 {
            clients.push(door.call().unwrap());
            compare(n);
        }
        for n in (0..6).rev() {
            let _accepted = door.socket.accept().unwrap();
            compare(n);
        }
        // The same socket may be given another limit while it listens.
        door.socket.listen(2).unwrap();
        let _client = door.call().unwrap();
        assert_eq!(told(&mut watch, &door), Listener { waiting: 1, limit: 2 });
        assert_eq!(ss_listener(&door.at), (1, 2));
    }
}

#[test]
fn a_backlog_of_n_holds_one_more() {
    let dir = tempfile::tempdir().unwrap();
    let mut watch = KernelWatch::new().unwrap();
    let most = probe::clamp().unwrap();
    assert_eq!(most.by, "net.core.somaxconn");
    for n in [0, 1, 3, 5, 128] {
        assert!(n <= most.most, "net.core.somaxconn is {}; this test needs {n}", most.most);
        for at in At::all(dir.path()) {
            let door = Door::open(&at, n as i32);
            let calls: Vec<_> = (0..n + 4).map(|_| door.call()).collect();
            let queue = until("the queue to fill", || Some(told(&mut watch, &door)).filter(|q| q.waiting > n));
            assert_eq!(queue, Listener { waiting: n + 1, limit: n }, "{at:?}");
            assert_eq!((queue.places(), ss_listener(&door.at)), (Some(n + 1), (n + 1, n)));
            let connected = calls.iter().flatten().filter(|client| is_connected(client)).count();
            assert_eq!(connected, n as usize + 1, "{at:?}");
            match &door.at {
                At::Inet(addr) => {
                    let handshakes = watch.handshakes().unwrap();
                    assert_eq!(handshakes.calling.iter().filter(|c| c.peer == *addr).count(), 3, "{handshakes:?}");
                }
                // No third state: a client that may not wait is refused at once.
                At::Unix(_) => {
                    let refused: Vec<_> = calls.iter().filter_map(|call| call.as_ref().err()?.raw_os_error()).collect();
                    assert_eq!(refused, [libc::EAGAIN; 3]);
                }
            }
        }
    }
}

#[test]
fn more_than_the_system_allows_is_clamped() {
    let most = probe::clamp().unwrap().most;
    let door = Door::open(&At::Inet("127.0.0.1:0".parse().unwrap()), i32::MAX);
    assert_eq!(ss_listener(&door.at), (0, most));
    assert_eq!(probe::listener(&Sock::from(door.socket)), Ok(Listener { waiting: 0, limit: most }));
}

#[test]
fn a_client_that_nobody_answers_tries_again_when_it_says() {
    for at in ["127.0.0.1:0", "[::1]:0"] {
        let door = Door::open(&At::Inet(at.parse().unwrap()), 0);
        let mut watch = KernelWatch::new().unwrap();
        let (_first, second) = (door.call().unwrap(), door.call().unwrap());
        let local = second.local_addr().unwrap().as_socket().unwrap();
        let calling = watch.calling(local, door.inet()).unwrap().unwrap();
        assert_eq!((calling.local, calling.peer, calling.retries), (local, door.inet(), 0));
        assert!(calling.next_in.is_some_and(|next| next <= Duration::from_millis(1_200)), "{calling:?}");
        let all = watch.handshakes().unwrap();
        assert_eq!(all.calling_from(local).map(|c| (c.peer, c.retries)), Some((door.inet(), 0)));
        let second = Sock::from(second);
        assert_eq!(probe::connecting(&second).map(|c| (c.is_calling, c.retries)), Ok((true, 0)));
        let again = until("the first retry", || watch.calling(local, door.inet()).unwrap().filter(|c| c.retries > 0));
        assert!(again.retries == 1 && again.next_in.is_some(), "{again:?}");
        assert_eq!(probe::connecting(&second).map(|c| (c.is_calling, c.retries)), Ok((true, 1)));
        let (_accepted, _) = door.socket.accept().unwrap();
        until("it to be let in", || watch.calling(local, door.inet()).unwrap().is_none().then_some(()));
        assert!(is_connected(second.options()));
        assert_eq!(probe::connecting(&second).map(|c| c.is_calling), Ok(false));
    }
}

#[test]
fn half_open_connections_are_those_that_ss_calls_syn_recv() {
    for at in ["127.0.0.1:0", "[::1]:0", "0.0.0.0:0"] {
        let door = Door::open(&At::Inet(at.parse().unwrap()), 5);
        // The kernel keeps the handshake open until the client says something (tcp(7), TCP_DEFER_ACCEPT).
        let seconds: libc::c_int = 10;
        // SAFETY: the option takes an int, which lives through the call; the descriptor is open.
        let result = unsafe {
            use std::os::fd::AsRawFd;
            let len = size_of::<libc::c_int>() as libc::socklen_t;
            libc::setsockopt(door.socket.as_raw_fd(), libc::IPPROTO_TCP, libc::TCP_DEFER_ACCEPT, (&raw const seconds).cast(), len)
        };
        assert_eq!(result, 0);
        let mut clients: Vec<_> = (0..3).map(|_| door.call().unwrap()).collect();
        let mut watch = KernelWatch::new().unwrap();
        let mut half_open = || watch.handshakes().unwrap().half_open_at(door.inet());
        assert_eq!(half_open(), 3, "{at}");
        let port = format!("sport = :{}", door.inet().port());
        assert_eq!(tool("ss", &["-Htn", "state", "syn-recv", &port]).lines().count(), 3);
        clients[0].write_all(b"hello").unwrap();
        until("the one that spoke to be handed over", || (half_open() == 2).then_some(()));
    }
}

#[test]
fn bytes_for_a_connection_that_nobody_accepted_are_counted() {
    for at in ["127.0.0.1:0", "[::1]:0"] {
        let door = Door::open(&At::Inet(at.parse().unwrap()), 5);
        let mut client = door.call().unwrap();
        let local = client.local_addr().unwrap().as_socket().unwrap();
        let mut watch = KernelWatch::new().unwrap();
        let mut half = |server: SocketAddr, client| watch.server_half(server, client).unwrap();
        let with = |stage, unread| Some(ServerHalf { stage, unread });
        assert_eq!(half(door.inet(), local), with(HalfStage::Queued, 0));
        client.write_all(&[7; 1_234]).unwrap();
        until("all of it to arrive", || (half(door.inet(), local) == with(HalfStage::Queued, 1_234)).then_some(()));
        let (mut accepted, _) = door.socket.accept().unwrap();
        accepted.read_exact(&mut [0; 1_000]).unwrap();
        assert_eq!(half(door.inet(), local), with(HalfStage::Accepted, 234));
        // The listener answers for a port that nobody calls from, and must not be taken for a connection.
        let nobody = Door::open(&At::Inet(at.parse().unwrap()), 0);
        assert_eq!(half(door.inet(), nobody.inet()), None);
    }
}
