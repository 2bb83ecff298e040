//! A client of which both ends are its own.

use super::*;
use crate::trace::Call;

fn pair(transport: Transport, connections: u32) -> Rig {
    Rig::start(Client { target: Target::Pair, ..many(transport, connections) }, TargetSource::Pair, None)
}

#[test]
fn each_opening_makes_two_ends_that_hear_each_other_and_have_no_address() {
    for transport in [Transport::UnixStream, Transport::UnixDgram] {
        let rig = pair(transport, 2);
        let tap = Arc::clone(&rig.tap);
        rig.until_open(4);
        assert!(rig.board.live().iter().all(|conn| &*conn.local == "unnamed" && &*conn.peer == "unnamed"), "{transport}");
        let ids = rig.ids();
        rig.control.send(SendTo::One(ids[0]), outgoing(b"to my other end", 0, 1));
        rig.until("received", |board| board.get(ids[1]).is_some_and(|conn| conn.totals().rx_bytes == 15));
        let heard = |id: ConnId| rig.board.get(id).unwrap().totals().rx_bytes;
        assert_eq!([heard(ids[0]), heard(ids[2]), heard(ids[3])], [0; 3], "{transport}");
        rig.control.open(1);
        rig.until_open(6);
        rig.stop();
        let calls: Vec<Call> = tap.drain().map(|record| record.call).collect();
        let made = |call| calls.iter().filter(|made| **made == call).count();
        assert_eq!((made(Call::SocketPair), made(Call::Socket), made(Call::Connect), made(Call::Bind)), (3, 0, 0, 0), "{transport}");
        assert_eq!(made(Call::Close), 6, "{transport}");
    }
}

#[test]
fn closing_one_end_of_a_stream_ends_the_other_and_neither_is_made_good() {
    let client = Client { target: Target::Pair, reconnect: Reconnect::Backoff, ..client(Transport::UnixStream) };
    let rig = Rig::start(client, TargetSource::Pair, None);
    rig.until_open(2);
    let ids = rig.ids();
    rig.control.close(&ids[..1], CloseHow::Orderly);
    rig.until("both gone", |board| board.live().is_empty());
    let ends = rig.board.recently_ended(2);
    let of = |id: ConnId| ends.iter().find(|(conn, ..)| conn.id == id).map(|(.., end)| end).unwrap();
    assert!(matches!(**of(ids[0]), End::Here) && matches!(**of(ids[1]), End::Orderly), "{ends:?}");
    assert_eq!(rig.control.pending(), 0, "nothing to connect to again");
    rig.stop();
}

#[test]
fn a_pair_of_internet_sockets_is_refused() {
    let failure = pair(Transport::Tcp, 1).result().unwrap_err();
    assert!(failure.to_string().contains("a pair is made of Unix sockets"), "{failure}");
}
