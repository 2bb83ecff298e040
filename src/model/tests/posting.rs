//! What peers post to each other arrives whole, in order, and without anybody waiting for one who does not read.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::contract::case;
use super::harness::{Client, LIMIT, Over, STOP_LIMIT, Server, models_here, transports_of, until};
use crate::lab::Life;
use crate::model::{Ending, ModelDef, To};
use crate::service::{Actions, Handler, Peer, PeerId, PostTo, Service};
use crate::trace::{End, Unserved};

/// Hands everything to all others, a message at a time. `@n text` goes to peer n alone; `+text` also back to who said it.
struct Hall {
    /// A message has so many bytes; 0: what one `recv` returned.
    size: usize,
    /// Who leaves is missed aloud.
    says_gone: bool,
}

struct Guest {
    hall: Hall,
    begun: Vec<u8>,
}

impl Service for Hall {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(Guest { hall: Hall { ..*self }, begun: Vec::new() })
    }
}

impl Handler for Guest {
    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        let alone = data.strip_prefix(b"@").and_then(|rest| std::str::from_utf8(rest).ok()?.split_once(' '));
        if let Some((id, text)) = alone {
            return out.post(PostTo::One(PeerId(id.parse().unwrap())), text.as_bytes());
        }
        self.begun.extend_from_slice(data);
        let size = if self.hall.size == 0 { data.len() } else { self.hall.size };
        while self.begun.len() >= size && !self.begun.is_empty() {
            let message: Vec<u8> = self.begun.drain(..size).collect();
            if message.starts_with(b"+") {
                out.send(&message);
            }
            out.post(PostTo::Others, message);
        }
    }

    fn on_gone(&mut self, out: &mut Actions) {
        if self.hall.says_gone {
            out.post(PostTo::Others, *b"gone");
        }
    }
}

fn hall(model: &'static ModelDef, over: Over) -> Server {
    let hall = Hall { size: 0, says_gone: true };
    Server::living(model, over, Arc::new(hall), Life::default())
}

fn hall_of(model: &'static ModelDef, over: Over, size: usize) -> Server {
    Server::living(model, over, Arc::new(Hall { size, says_gone: false }), Life::default())
}

/// Models under which several are served at once.
fn halls() -> impl Iterator<Item = (&'static ModelDef, Over)> {
    models_here().filter(|m| m.id != "iterative").flat_map(|model| transports_of(model).map(move |over| (model, *over)))
}

/// Members, in the order of their ids.
fn members<const N: usize>(server: &Server, over: Over) -> [Client; N] {
    let mut n = 0;
    let clients = [(); N].map(|()| {
        let client = server.client(&n.to_string());
        n += 1;
        if Over::STREAMS.contains(&over) {
            assert!(until(|| server.open() == n));
        } else {
            // A peer is known from its first datagram on.
            client.send(b"here");
            assert!(until(|| server.board.totals().rx_messages == n && server.open() == n));
        }
        client
    });
    if !Over::STREAMS.contains(&over) {
        // Everybody heard those who came later.
        for (n, client) in clients.iter().enumerate() {
            (n + 1..N).for_each(|_| assert_eq!(client.recv().unwrap(), b"here"));
        }
    }
    clients
}

#[test]
fn a_post_reaches_all_others_or_the_one_who_is_meant() {
    for (model, over) in halls() {
        case(model.id, over);
        let server = hall(model, over);
        let [a, b, c] = members(&server, over);
        let ids: Vec<_> = server.board.live().iter().map(|conn| conn.id.0).collect();
        a.send(b"hello");
        assert_eq!((b.recv().unwrap(), c.recv().unwrap()), (b"hello".to_vec(), b"hello".to_vec()));
        b.send(format!("@{} psst", ids[2]).as_bytes());
        assert_eq!(c.recv().unwrap(), b"psst");
        // Nobody: that peer is not there.
        b.send(b"@18446744073709551615 psst");
        c.send(b"+me");
        assert_eq!((a.recv().unwrap(), b.recv().unwrap(), c.recv().unwrap()), (b"+me".to_vec(), b"+me".to_vec(), b"+me".to_vec()));
        // Who leaves is missed, whether it leaves by itself or is put out.
        if Over::STREAMS.contains(&over) {
            drop(c);
            assert_eq!((a.recv().unwrap(), b.recv().unwrap()), (b"gone".to_vec(), b"gone".to_vec()));
            server.control.close(&[server.board.live()[1].id], Ending::Reset);
            assert_eq!(a.recv().unwrap(), b"gone");
            assert!(until(|| server.open() == 1));
        }
        assert_eq!(server.board.drain_troubles().count(), 0);
    }
}

/// Bytes of a message, and how many.
const SIZE: usize = 10_000;
const MESSAGES: usize = 2_000;

#[test]
fn a_member_that_does_not_read_delays_nobody_and_is_sent_away_at_the_limit() {
    for (model, over) in halls().filter(|(_, over)| Over::STREAMS.contains(over)) {
        case(model.id, over);
        let mut server = hall_of(model, over, SIZE);
        let [speaker, stuck, listener] = members(&server, over);
        let stuck_id = server.board.live()[1].id;
        // 20 MB: far more than all buffers of one connection hold.
        let message = |n: usize| [&n.to_be_bytes()[..], &[n as u8; SIZE - 8]].concat();
        let heard = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for n in 0..MESSAGES {
                    assert!(listener.recv_exact(SIZE) == message(n), "message {n} differs");
                    heard.store(n + 1, Ordering::SeqCst);
                }
            });
            for n in 0..MESSAGES {
                speaker.send(&message(n));
                // A listener that lags too much would be sent away too.
                assert!(until(|| heard.load(Ordering::SeqCst) + 10 > n), "message {n} is not heard");
            }
        });
        assert!(until(|| server.board.get(stuck_id).is_none()), "it is put out");
        let ended = server.board.recently_ended(9);
        let why = ended.iter().find(|(conn, ..)| conn.id == stuck_id).map(|e| Arc::clone(&e.2)).unwrap();
        assert!(matches!(*why, End::Unserved(Unserved::TooSlow { limit: 262_144 })), "{why:?}");
        let troubles: Vec<_> = server.board.drain_troubles().collect();
        assert!(troubles.iter().any(|t| t.error.to_string().contains("256 KiB")), "{troubles:?}");
        assert_eq!(server.open(), 2);
        drop(stuck);
        let took = server.stop();
        assert!(took < STOP_LIMIT, "{took:?}");
    }
}

/// Half of the limit. Another round does not reach it.
const WAITS: u64 = 128 << 10;

/// Whether it stays the same for a moment.
fn is_still(figure: impl Fn() -> u64) -> bool {
    let (first, start) = (figure(), Instant::now());
    while start.elapsed() < Duration::from_millis(20) && figure() == first {
        std::thread::park_timeout(Duration::from_millis(2));
    }
    figure() == first
}

#[test]
fn a_member_that_lags_below_the_limit_gets_everything_once_it_reads() {
    for (model, over) in halls().filter(|(_, over)| Over::STREAMS.contains(over)) {
        case(model.id, over);
        let server = hall_of(model, over, 0);
        // The kernel is full after a few rounds, instead of the megabytes to which a send buffer grows.
        server.set_send_buffers(64 << 10);
        let [speaker, lags] = members(&server, over);
        let lagging = Arc::clone(&server.board.live()[1]);
        let chunk = super::harness::pattern(8_000);
        let mut said = 0;
        // Until half of what may wait for it waits in the server, and the kernel takes no more.
        let waits = |said: usize| said as u64 - lagging.totals().tx_bytes >= WAITS;
        let start = Instant::now();
        while !(waits(said) && is_still(|| lagging.totals().tx_bytes)) {
            assert!(start.elapsed() < LIMIT, "{} of {said} bytes are under way", lagging.totals().tx_bytes);
            if !waits(said) {
                (0..4).for_each(|_| speaker.send(&chunk));
                said += 4 * chunk.len();
                assert!(until(|| server.board.totals().rx_bytes >= said as u64));
            }
        }
        // Nobody writes any more: whoever has its mail brings it.
        let heard = lags.recv_exact(said);
        assert!(heard.chunks(chunk.len()).all(|part| part == chunk), "whole and in order");
        assert_eq!(server.open(), 2);
    }
}

#[test]
fn messages_of_many_writers_never_mix_within_a_stream() {
    for (model, over) in halls().filter(|(_, over)| Over::STREAMS.contains(over)) {
        case(model.id, over);
        // Small sends in a row wait for the delayed ACK of the one before (Nagle, RFC 896): 40 ms a round.
        let rounds = if over != Over::Tcp { 100 } else { 20 };
        let server = hall_of(model, over, SIZE);
        let clients: [Client; 4] = members(&server, over);
        std::thread::scope(|scope| {
            for (n, client) in clients.iter().enumerate() {
                scope.spawn(move || {
                    // `+`: what it says comes back too, written by its own worker among the posts of the others.
                    let mut message = vec![n as u8; SIZE];
                    message[0] = b'+';
                    for _ in 0..rounds {
                        client.send(&message);
                        // Each hears as much as it and the others say in a round; so no one is far ahead.
                        for _ in 0..4 {
                            let heard = client.recv_exact(SIZE);
                            assert!(heard[0] == b'+' && heard[1..].iter().all(|byte| *byte == heard[1]), "two messages mixed");
                        }
                    }
                });
            }
        });
        assert_eq!((server.open(), server.board.drain_troubles().count()), (4, 0));
    }
}

#[test]
fn an_operators_messages_do_not_mix_with_the_workers() {
    for model in models_here() {
        for over in Over::STREAMS {
            case(model.id, *over);
            let server = hall_of(model, *over, SIZE);
            let client = server.client("a");
            let mine = [&b"+"[..], &[1; SIZE - 1]].concat();
            client.send(&mine);
            assert_eq!(client.recv_exact(SIZE), mine);
            let theirs: Arc<[u8]> = [&b"+"[..], &[2; SIZE - 1]].concat().into();
            const MESSAGES: usize = 300;
            server.control.send(To::All, theirs, Duration::ZERO, MESSAGES as u32);
            std::thread::scope(|scope| {
                scope.spawn(|| (0..MESSAGES).for_each(|_| client.send(&mine)));
                let mut of = [0; 3];
                for _ in 0..2 * MESSAGES {
                    let heard = client.recv_exact(SIZE);
                    assert!(heard[0] == b'+' && heard[1..].iter().all(|byte| *byte == heard[1]), "two messages mixed");
                    of[usize::from(heard[1])] += 1;
                }
                assert_eq!(of, [0, MESSAGES, MESSAGES]);
            });
            assert!(until(|| server.control.take_finished() == [MESSAGES as u64]));
        }
    }
}
