//! Schedules: exact counts, floods, slow peers, what goes as a connection opens.

use std::io::Read;
use std::net::UdpSocket;

use crate::engine::SendProgress;
use crate::sys::errno_name;
use crate::trace::Call;

use super::*;

fn read_all(mut peer: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    peer.read_to_end(&mut all).unwrap();
    all
}

#[test]
fn ten_rounds_are_ten_messages() {
    let listener = listener();
    let rig = Rig::tcp(&listener);
    let peer = accept(&listener);
    rig.one();
    let start = Instant::now();
    rig.control.send(SendTo::All, outgoing(b"0123456789", 5, 10));
    assert_eq!(rig.send_done(), 10);
    assert!(start.elapsed() >= Duration::from_millis(40), "{:?}", start.elapsed());
    rig.until("no schedule runs", |_| rig.control.progress().is_none());
    assert_eq!(rig.board.totals().tx_messages, 10);
    rig.stop();
    assert_eq!(read_all(peer), b"0123456789".repeat(10));
}

#[test]
fn rounds_without_pauses_are_counted_for_each_connection() {
    let listener = listener();
    let rig = Rig::start(many(Transport::Tcp, 3), to(Transport::Tcp, listener.local_addr().unwrap()), None);
    let peers: Vec<_> = (0..3).map(|_| accept(&listener)).collect();
    rig.until_open(3);
    rig.control.send(SendTo::All, outgoing(b"abc", 0, 100));
    assert_eq!(rig.send_done(), 300);
    let one = rig.ids()[1];
    rig.control.send(SendTo::One(one), outgoing(b"!", 0, 1));
    assert_eq!(rig.send_done(), 1);
    rig.stop();
    let mut got: Vec<usize> = peers.into_iter().map(|peer| read_all(peer).len()).collect();
    got.sort_unstable();
    assert_eq!(got, [300, 300, 301]);
}

#[test]
fn a_flood_is_read_beside_and_stops_at_once() {
    let listener = listener();
    let rig = Rig::start(many(Transport::Tcp, 2), to(Transport::Tcp, listener.local_addr().unwrap()), None);
    let (mut fast, mut stalled) = (accept(&listener), accept(&listener));
    rig.until_open(2);
    let reader = std::thread::Builder::new().name("reader".into()).spawn({
        let mut fast = fast.try_clone().unwrap();
        move || io::copy(&mut fast, &mut io::sink()).unwrap_or(0)
    });
    let message = vec![7; 100_000];
    rig.control.send(SendTo::All, outgoing(&message, 0, 0));
    rig.until("flood", |board| board.totals().tx_bytes > 100 << 20);
    io::Write::write_all(&mut fast, b"still read").unwrap();
    rig.until("read beside the flood", |board| board.totals().rx_bytes == 10);
    assert!(rig.control.progress().is_some_and(|progress| progress.of == 0 && progress.done > 0));

    rig.control.stop_sending();
    rig.send_done();
    rig.until("no schedule runs", |_| rig.control.progress().is_none());
    rig.control.send(SendTo::All, outgoing(&message, 0, 0));
    let before = rig.board.totals().tx_bytes;
    rig.until("flood again", |board| board.totals().tx_bytes > before + (10 << 20));
    let board = Arc::clone(&rig.board);
    assert!(rig.stop() < Duration::from_millis(500));
    let mut all = Vec::new();
    stalled.read_to_end(&mut all).unwrap();
    let mut got = [all.len() as u64, reader.unwrap().join().unwrap()];
    got.sort_unstable();
    let mut counted: Vec<u64> = board.recently_ended(2).iter().map(|ended| ended.0.totals().tx_bytes).collect();
    counted.sort_unstable();
    assert_eq!(got[..], counted[..], "the counters are exact");
}

#[test]
fn a_stalled_peer_is_passed_over_and_memory_stays_bounded() {
    let listener = listener();
    let rig = Rig::tcp(&listener);
    let mut peer = accept(&listener);
    rig.one();
    // 8 MB a message is more than the kernel's buffers hold, so that rounds are passed over.
    rig.control.send(SendTo::All, outgoing(&vec![1; 8 << 20], 1, 0));
    rig.until("first round", |_| rig.control.progress().is_some_and(|progress| progress.done >= 1));
    let start = Instant::now();
    until("many rounds are due", || start.elapsed() > Duration::from_millis(100));
    let done = rig.control.progress().unwrap().done;
    assert!(done <= 3, "{done} rounds cannot have been taken");
    let mut buffer = vec![0; 1 << 20];
    until("read on", || {
        assert!(peer.read(&mut buffer).unwrap() > 0);
        rig.control.progress().unwrap().done > 5
    });
    rig.stop();
}

#[test]
fn each_connection_sends_its_own_packet_as_it_opens() {
    for every_ms in [0, 3] {
        let listener = listener();
        let address = listener.local_addr().unwrap();
        let rig = Rig::start(many(Transport::Tcp, 5), to(Transport::Tcp, address), Some(outgoing(b"hi\n", every_ms, 4)));
        let peers: Vec<_> = (0..5).map(|_| accept(&listener)).collect();
        rig.until("all sent", |board| board.totals().tx_messages == 20);
        assert!(rig.send_done() > 0);
        rig.until("no schedule runs", |_| rig.control.progress().is_none());
        rig.stop();
        peers.into_iter().for_each(|peer| assert_eq!(read_all(peer), b"hi\n".repeat(4)));
    }
}

#[test]
fn an_endless_packet_on_connect_shows_its_progress_and_can_be_ended() {
    let listener = listener();
    let rig = Rig::start(client(Transport::Tcp), to(Transport::Tcp, listener.local_addr().unwrap()), Some(outgoing(b"tick", 1, 0)));
    let peer = accept(&listener);
    rig.until("ticks", |_| matches!(rig.control.progress(), Some(SendProgress { done: 5.., of: 0 })));
    rig.control.stop_sending();
    let messages = rig.send_done();
    assert!(messages >= 5);
    rig.stop();
    assert_eq!(read_all(peer).len() as u64, 4 * messages);
}

#[test]
fn a_datagram_that_is_too_long_ends_its_schedule() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    let rig = Rig::start(client(Transport::Udp), to(Transport::Udp, peer.local_addr().unwrap()), None);
    rig.one();
    rig.control.send(SendTo::All, outgoing(&vec![0; 65_508], 0, 0));
    let trouble = rig.trouble();
    assert_eq!((trouble.call, errno_name(&trouble.error)), (Call::Send, Some("EMSGSIZE")));
    assert_eq!(rig.send_done(), 0);
    assert_eq!(rig.board.totals().open, 1);
    rig.stop();
}

#[test]
fn a_closed_udp_port_is_told_and_the_client_stays() {
    let address = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let rig = Rig::start(client(Transport::Udp), to(Transport::Udp, address), None);
    rig.one();
    rig.send(b"anybody?");
    assert_eq!(errno_name(&rig.trouble().error), Some("ECONNREFUSED"));
    let peer = UdpSocket::bind(address).unwrap();
    peer.set_read_timeout(Some(LIMIT)).unwrap();
    rig.send(b"again");
    let mut buffer = [0; 64];
    assert_eq!(peer.recv(&mut buffer).unwrap(), 5);
    rig.stop();
}

#[test]
fn sending_with_nobody_connected_is_told() {
    let address = listener().local_addr().unwrap();
    let rig = Rig::start(client(Transport::Tcp), to(Transport::Tcp, address), None);
    assert_eq!(rig.trouble().call, Call::Connect);
    for every in [0, 1_000] {
        rig.control.send(SendTo::All, outgoing(b"x", every, 1));
        let trouble = rig.trouble();
        assert_eq!((trouble.call, errno_name(&trouble.error)), (Call::Send, Some("ENOTCONN")));
        assert_eq!(rig.send_done(), 0);
    }
    rig.stop();
}

/// What a person sends while the connection is still on its way goes after what it sends as it opens.
#[cfg(target_os = "linux")]
#[test]
fn what_is_sent_too_early_waits_for_the_connection() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let door = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
    door.bind(&socket2::SockAddr::unix(&path).unwrap()).unwrap();
    door.listen(0).unwrap();
    let _first = std::os::unix::net::UnixStream::connect(&path).unwrap();
    let target = to(Transport::UnixStream, path.display());
    let rig = Rig::start(client(Transport::UnixStream), target, Some(outgoing(b"first ", 0, 1)));
    rig.until("connecting", |board| board.totals().connecting == 1);
    rig.control.send(SendTo::All, outgoing(b"then", 0, 1));
    rig.until("the schedule waits", |_| rig.control.progress().is_some());
    door.accept().unwrap();
    let (mut peer, _) = door.accept().unwrap();
    let mut got = [0; 10];
    peer.set_read_timeout(Some(LIMIT)).unwrap();
    peer.read_exact(&mut got).unwrap();
    assert_eq!(&got, b"first then");
    assert_eq!(rig.send_done() + rig.send_done(), 2);
    rig.stop();
}

#[cfg(unix)]
#[test]
fn a_full_unix_datagram_queue_is_waited_for_and_a_gone_server_is_a_loss() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("d");
    let bind = || {
        let peer = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
        peer.set_read_timeout(Some(LIMIT)).unwrap();
        peer
    };
    let peer = bind();
    let again = Client { reconnect: Reconnect::Backoff, ..client(Transport::UnixDgram) };
    let rig = Rig::start(again, to(Transport::UnixDgram, path.display()), None);
    rig.one();
    rig.control.send(SendTo::All, outgoing(b"x", 0, 100));
    rig.until("the queue is full", |board| board.totals().tx_messages >= 5);
    for _ in 0..100 {
        assert_eq!(peer.recv(&mut [0; 8]).unwrap(), 1);
    }
    assert_eq!(rig.send_done(), 100);

    drop(peer);
    std::fs::remove_file(&path).unwrap();
    let peer = bind();
    rig.send(b"nobody reads this");
    assert!(matches!(&*rig.ended(), End::Failed(Call::Send, error) if errno_name(error) == Some("ECONNREFUSED")));
    rig.until("connected again", |board| board.totals().opened == 2);
    rig.send(b"back");
    let mut buffer = [0; 64];
    assert_eq!(peer.recv(&mut buffer).unwrap(), 4);
    rig.stop();
}
