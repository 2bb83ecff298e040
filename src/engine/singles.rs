//! Sockets that are asked about one by one, because a walk over all of them costs too much to be done often: callers whose SYN is
//! due to leave again, and clients that nobody has accepted yet. So many in a round and no more; the others have their turn next.

use std::collections::HashMap;
use std::time::Duration;

use super::lookout::{Caller, Handshakes, Road};
use crate::probe::{KernelWatch, ServerHalf, TcpState};

/// Of each kind in a round. One costs about 3 µs.
const MOST: usize = 256;
/// Between two rounds about clients that were not accepted, and before a caller that was not found is looked for again.
const EVERY: Duration = Duration::from_millis(200);
/// The kernel counts in ticks of up to 10 ms.
const TICK: Duration = Duration::from_millis(15);

/// Of whom the engine wants to hear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Our own clients whose SYN nobody answered yet.
    pub callers: Vec<Road>,
    /// Our own clients that are connected and that our server has not accepted.
    pub unmet: Vec<Road>,
    /// Our own ends of TCP connections, also of some that ended: each with its own address first.
    pub ends: Vec<Road>,
}

/// The server's half of one road.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Half {
    /// When it was asked about, on the engine's clock.
    pub at: Duration,
    /// `None`: the server's kernel has none.
    pub told: Option<ServerHalf>,
}

/// What was told of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Singles {
    /// In SYN_SENT.
    pub callers: HashMap<Road, Caller>,
    /// Those that nobody accepted.
    pub halves: HashMap<Road, Half>,
    /// In which state the kernel holds our own ends; `None`: it has none like that any more.
    pub states: HashMap<Road, Option<TcpState>>,
}

/// Asks, round by round.
#[derive(Debug, Default)]
pub(super) struct Asker {
    told: Singles,
    /// Callers that were asked about and not found.
    missed: HashMap<Road, Duration>,
    /// The place in the list of those not accepted where the next round begins.
    turn: usize,
    last_halves: Option<Duration>,
    /// The same for the states.
    next_end: usize,
    last_states: Option<Duration>,
    /// This system tells nothing of a half that nobody accepted.
    is_mute: bool,
}

impl Asker {
    /// Asks about those whose turn it is; `None` when there were none.
    pub fn round(&mut self, kernel: &mut KernelWatch, wanted: &Wanted, walk: Option<&Handshakes>, now: Duration) -> Option<Singles> {
        let callers = KernelWatch::ONE_IS_CHEAP && self.callers(kernel, &wanted.callers, walk, now);
        let halves = !self.is_mute && self.halves(kernel, &wanted.unmet, now);
        let states = KernelWatch::NO_STATES.is_none() && self.states(kernel, &wanted.ends, now);
        (callers | halves | states).then(|| self.told.clone())
    }

    fn states(&mut self, kernel: &mut KernelWatch, wanted: &[Road], now: Duration) -> bool {
        if wanted.is_empty() {
            return !std::mem::take(&mut self.told.states).is_empty();
        }
        if self.last_states.is_some_and(|last| now < last + EVERY) {
            return false;
        }
        self.last_states = Some(now);
        let first = self.next_end % wanted.len();
        let count = wanted.len().min(MOST);
        for (local, peer) in wanted.iter().cycle().skip(first).take(count) {
            match kernel.tcp_state(*local, *peer) {
                Ok(state) => drop(self.told.states.insert((*local, *peer), state)),
                Err(_) => break,
            }
        }
        self.next_end = (first + count) % wanted.len();
        self.told.states.retain(|road, _| wanted.binary_search(road).is_ok());
        true
    }

    fn callers(&mut self, kernel: &mut KernelWatch, wanted: &[Road], walk: Option<&Handshakes>, now: Duration) -> bool {
        if wanted.is_empty() {
            self.missed.clear();
            return !std::mem::take(&mut self.told.callers).is_empty();
        }
        let mut asked = 0;
        for road in wanted {
            let known = [self.told.callers.get(road), walk.and_then(|walk| walk.callers.get(road))];
            let known = known.into_iter().flatten().max_by_key(|caller| caller.at);
            let is_due = known.is_none_or(|caller| caller.next_try.is_some_and(|next| next + TICK <= now));
            if !is_due || self.missed.get(road).is_some_and(|at| now < *at + EVERY) {
                continue;
            }
            let (local, peer) = *road;
            match kernel.calling(local, peer) {
                Ok(Some(found)) => {
                    self.missed.remove(road);
                    self.told.callers.insert(*road, Caller::told(&found, now));
                }
                Ok(None) | Err(_) => {
                    self.told.callers.remove(road);
                    self.missed.insert(*road, now);
                }
            }
            asked += 1;
            if asked == MOST {
                break;
            }
        }
        let is_kept = |road: &Road| wanted.binary_search(road).is_ok();
        self.told.callers.retain(|road, _| is_kept(road));
        self.missed.retain(|road, _| is_kept(road));
        asked > 0
    }

    fn halves(&mut self, kernel: &mut KernelWatch, wanted: &[Road], now: Duration) -> bool {
        if wanted.is_empty() {
            return !std::mem::take(&mut self.told.halves).is_empty();
        }
        if self.last_halves.is_some_and(|last| now < last + EVERY) {
            return false;
        }
        self.last_halves = Some(now);
        let first = self.turn % wanted.len();
        let count = wanted.len().min(MOST);
        for (client, server) in wanted.iter().cycle().skip(first).take(count) {
            match kernel.server_half(*server, *client) {
                Ok(told) => {
                    self.told.halves.insert((*client, *server), Half { at: now, told });
                }
                Err(_) => {
                    self.is_mute = true;
                    self.told.halves.clear();
                    return false;
                }
            }
        }
        self.turn = first + count;
        self.told.halves.retain(|road, _| wanted.binary_search(road).is_ok());
        true
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{SocketAddr, TcpListener, TcpStream};
    use std::time::Instant;

    use super::*;
    use crate::probe::HalfStage;

    #[test]
    fn a_large_crowd_is_asked_about_in_turns_and_who_is_gone_is_dropped() {
        let mut kernel = KernelWatch::new().unwrap();
        let door = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let at = door.local_addr().unwrap();
        let waits = TcpStream::connect(at).unwrap();
        let mine = (waits.local_addr().unwrap(), at);
        // Nobody calls from port 0.
        let nobody = |n: u16| (SocketAddr::from(([127, 0, (n >> 8) as u8, n as u8], 0)), at);
        let mut unmet: Vec<Road> = (0..300).map(nobody).chain([mine]).collect();
        unmet.sort_unstable();
        let (mut asker, mut wanted) = (Asker::default(), Wanted { unmet, ..Wanted::default() });
        let ms = Duration::from_millis;
        let first = asker.round(&mut kernel, &wanted, None, ms(1_000)).unwrap();
        assert_eq!(first.halves.len(), MOST);
        assert!(asker.round(&mut kernel, &wanted, None, ms(1_100)).is_none(), "not yet");
        let second = asker.round(&mut kernel, &wanted, None, ms(1_200)).unwrap();
        assert_eq!(second.halves.len(), 301);
        assert_eq!(second.halves[&mine].told.map(|half| half.stage), Some(HalfStage::Queued));
        assert_eq!(second.halves.values().filter(|half| half.told.is_some()).count(), 1);
        wanted.unmet = vec![mine];
        assert_eq!(asker.round(&mut kernel, &wanted, None, ms(1_400)).unwrap().halves.len(), 1);
        wanted.unmet.clear();
        assert!(asker.round(&mut kernel, &wanted, None, ms(1_500)).unwrap().halves.is_empty());
        assert!(asker.round(&mut kernel, &wanted, None, ms(1_600)).is_none(), "nothing to ask");
    }

    /// RFC 9293, 3.6: who closes first waits; the other end is gone with the last ACK.
    #[test]
    fn ends_are_told_from_established_to_time_wait() {
        let mut kernel = KernelWatch::new().unwrap();
        let door = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let client = TcpStream::connect(door.local_addr().unwrap()).unwrap();
        let (server, peer) = door.accept().unwrap();
        let (ours, theirs) = ((peer, door.local_addr().unwrap()), (door.local_addr().unwrap(), peer));
        let mut ends = vec![ours, theirs];
        ends.sort_unstable();
        let (mut asker, wanted) = (Asker::default(), Wanted { ends, ..Wanted::default() });
        let mut at = Duration::ZERO;
        let limit = Instant::now() + Duration::from_secs(10);
        let mut both = || {
            at += EVERY;
            let told = asker.round(&mut kernel, &wanted, None, at).unwrap();
            [told.states[&ours], told.states[&theirs]]
        };
        // An ACK may be delayed (RFC 9293, 3.8.6.3), and until it comes the state is FIN_WAIT1.
        let mut until = |expected: [Option<TcpState>; 2]| {
            while both() != expected {
                assert!(Instant::now() < limit, "{expected:?} does not come");
                std::thread::park_timeout(Duration::from_millis(5));
            }
        };
        until([Some(TcpState::Established); 2]);
        client.shutdown(std::net::Shutdown::Write).unwrap();
        until([Some(TcpState::FinWait2), Some(TcpState::CloseWait)]);
        drop(server);
        until([Some(TcpState::TimeWait), None]);
        drop(client);
        assert!(asker.round(&mut kernel, &wanted, None, at).is_none(), "not yet");
        assert!(asker.round(&mut kernel, &Wanted::default(), None, at).unwrap().states.is_empty());
    }

    #[test]
    fn a_caller_is_asked_about_when_its_next_syn_is_due() {
        let mut kernel = KernelWatch::new().unwrap();
        let door = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        door.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        door.listen(0).unwrap();
        let at = door.local_addr().unwrap().as_socket().unwrap();
        let _in_the_queue = TcpStream::connect(at).unwrap();
        let caller = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        caller.set_nonblocking(true).unwrap();
        assert!(caller.connect(&at.into()).is_err(), "it calls");
        let road = (caller.local_addr().unwrap().as_socket().unwrap(), at);
        let wanted = Wanted { callers: vec![road], ..Wanted::default() };
        let mut asker = Asker::default();
        let now = Duration::from_secs(5);
        let found = asker.round(&mut kernel, &wanted, None, now).unwrap().callers[&road];
        // RFC 6298, 2.1: the first time-out is a second.
        let next = found.next_try.unwrap();
        assert!(found.retries == 0 && next > now && next <= now + Duration::from_millis(1_050), "{found:?}");
        assert!(asker.round(&mut kernel, &wanted, None, next).is_none(), "nothing new before it is due");
        assert!(asker.round(&mut kernel, &wanted, None, next + TICK).is_some());
        // What a walk over all told later counts as well.
        let mut walk = Handshakes { at: next + TICK * 2, ..Handshakes::default() };
        let late = Caller { at: walk.at, retries: 1, next_try: Some(now + Duration::from_secs(60)) };
        walk.callers.insert(road, late);
        assert!(asker.round(&mut kernel, &wanted, Some(&walk), now + Duration::from_secs(30)).is_none());
    }
}
