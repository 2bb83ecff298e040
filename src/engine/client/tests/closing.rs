//! How connections end, seen from both sides.

use std::io::{Read, Write};

#[cfg(unix)]
use crate::trace::Call;

use super::*;

#[test]
fn a_half_closed_connection_still_reads() {
    let listener = listener();
    let rig = Rig::tcp(&listener);
    let mut peer = accept(&listener);
    let conn = rig.one();
    rig.send(b"question");
    rig.until("sent", |board| board.totals().tx_messages == 1);
    rig.close(CloseHow::HalfClose);
    let mut question = Vec::new();
    peer.read_to_end(&mut question).unwrap();
    assert_eq!(question, b"question");
    rig.until("our end is over", |_| conn.stage() == ConnStage::LocalEnded);
    peer.write_all(b"answer").unwrap();
    rig.receives(b"answer");
    drop(peer);
    assert!(matches!(*rig.ended(), End::Orderly));
    rig.stop();
}

#[test]
fn closes_and_resets_reach_the_peer() {
    for how in [CloseHow::Orderly, CloseHow::Reset] {
        let listener = listener();
        let rig = Rig::tcp(&listener);
        let mut peer = accept(&listener);
        rig.one();
        rig.close(how);
        let read = peer.read(&mut [0; 8]);
        match how {
            CloseHow::Orderly => assert_eq!(read.unwrap(), 0),
            CloseHow::Reset => assert_eq!(read.unwrap_err().kind(), io::ErrorKind::ConnectionReset),
            CloseHow::HalfClose => unreachable!(),
        }
        assert!(matches!(*rig.ended(), End::Here));
        rig.stop();
    }
}

#[test]
fn the_peers_end_is_answered_and_its_reset_told() {
    for reset in [false, true] {
        let listener = listener();
        let rig = Rig::tcp(&listener);
        let mut peer = accept(&listener);
        rig.one();
        peer.write_all(b"bye").unwrap();
        rig.receives(b"bye");
        if reset {
            socket2::SockRef::from(&peer).set_linger(Some(Duration::ZERO)).unwrap();
            drop(peer);
            assert!(matches!(*rig.ended(), End::Reset));
        } else {
            peer.shutdown(std::net::Shutdown::Write).unwrap();
            assert!(matches!(*rig.ended(), End::Orderly));
            assert_eq!(peer.read(&mut [0; 8]).unwrap(), 0, "our FIN came back");
        }
        rig.stop();
    }
}

#[test]
fn bytes_that_wait_are_sent_before_our_fin_answers_the_peers() {
    let listener = listener();
    let rig = Rig::tcp(&listener);
    let mut peer = accept(&listener);
    let conn = rig.one();
    let message = vec![3; 16 << 20];
    rig.send(&message);
    rig.until("the kernel's buffers are full", |board| board.totals().tx_bytes > 100_000);
    peer.shutdown(std::net::Shutdown::Write).unwrap();
    rig.until("the peer ended", |_| conn.stage() == ConnStage::PeerEnded);
    let mut all = Vec::new();
    peer.read_to_end(&mut all).unwrap();
    assert_eq!(all.len(), message.len());
    assert!(matches!(*rig.ended(), End::Orderly));
    assert_eq!(rig.send_done(), 1);
    rig.stop();
}

/// The peer's last words are read although sending failed first.
#[cfg(unix)]
#[test]
fn last_words_of_a_gone_unix_peer_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let rig = Rig::start(client(Transport::UnixStream), to(Transport::UnixStream, path.display()), None);
    let (mut peer, _) = listener.accept().unwrap();
    rig.one();
    rig.control.send(SendTo::All, outgoing(b"x", 0, 0));
    peer.read_exact(&mut [0; 1]).unwrap();
    peer.write_all(b"last words").unwrap();
    drop(peer);
    let mut got = Vec::new();
    until("last words", || {
        rig.received().into_iter().for_each(|part| got.extend(part));
        !got.is_empty() || !rig.board.recently_ended(1).is_empty() || rig.board.dropped() > 0
    });
    match &*rig.ended() {
        End::Reset | End::Orderly | End::Failed(Call::Send, _) => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(rig.board.totals().rx_bytes, 10);
    rig.stop();
}
