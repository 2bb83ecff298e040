//! How the connect of one connection goes: the times of its retries, put together from what the kernel tells now and then.
//!
//! Pure: it is handed what was seen. Between two looks a SYN may leave and be answered; the moment the kernel had announced is then
//! the moment it left.

use std::sync::Arc;
use std::time::Duration;

use super::lookout::{Caller, Road};
use super::{ConnectView, Figure, HalfThere, Source};

/// The kernel counts in ticks of up to 10 ms, and the announced moment is worked out from two clocks.
const SLACK: Duration = Duration::from_millis(25);

const UNREAD: Source = Source::Measured("sock_diag, idiag_rqueue of the server's half");
const LEFT: Source = Source::Derived("sent − not acknowledged");

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Dial {
    /// Its own address and where it goes to, once known.
    pub road: Option<Road>,
    view: ConnectView,
    /// The last reading in which it was looked for.
    round: u64,
    /// Bytes at the server's half that nobody has read, where the kernel told.
    unread: Option<u32>,
    over: bool,
    shown: Option<Arc<ConnectView>>,
}

impl Dial {
    /// Whether it is connected, or failed.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Whether it was not looked for in this reading yet; it is now.
    pub fn is_new(&mut self, round: u64) -> bool {
        std::mem::replace(&mut self.round, round) != round
    }

    /// What the kernel told of it, if it was among the callers. True when something changed.
    pub fn hear(&mut self, caller: Option<Caller>) -> bool {
        let Some(caller) = caller.filter(|_| !self.over) else { return false };
        let at = caller.at;
        let before = self.view;
        if caller.retries > self.view.retries {
            // Only the last of them has a time that is known.
            let left = self.view.next_try.filter(|next| *next <= at + SLACK).unwrap_or(at);
            self.tried(caller.retries, left);
        }
        self.view.next_try = match (self.view.next_try, caller.next_try) {
            // The same moment, measured again.
            (Some(old), Some(new)) if old.abs_diff(new) <= SLACK && before.retries == caller.retries => Some(old),
            (_, new) => new,
        };
        self.view.is_measured = true;
        before != self.view
    }

    /// It asked again by itself, without the kernel (Unix sockets): so often until now, and when next. True when something changed.
    pub fn asked_again(&mut self, retries: u32, now: Duration, next: Option<Duration>) -> bool {
        if self.over {
            return false;
        }
        let before = self.view;
        if retries > self.view.retries {
            self.tried(retries, self.view.next_try.map_or(now, |next| next.min(now)));
        }
        self.view.next_try = next;
        before != self.view
    }

    /// Where the server's half stands and what lies there, as far as the kernel told; `None` once it was accepted. True when
    /// something changed.
    pub fn other_half(&mut self, there: Option<HalfThere>, unread: Option<u32>) -> bool {
        let was_there = std::mem::replace(&mut self.view.there, there);
        std::mem::replace(&mut self.unread, unread) != unread || was_there != there
    }

    /// It ended at this moment: connected (`took` says how long that needed), or failed.
    pub fn end(&mut self, at: Duration, took: Option<Duration>, retries: u32) {
        if self.over {
            return;
        }
        // Whoever was to try again before the end has done so, unseen.
        let slack = if took.is_some() { SLACK } else { Duration::ZERO };
        match self.view.next_try.take() {
            Some(next) if next <= at + slack && self.view.is_measured => self.tried(self.view.retries + 1, next.min(at)),
            Some(_) | None => {}
        }
        if retries > self.view.retries {
            self.tried(retries, at);
        }
        (self.over, self.view.took) = (true, took);
    }

    /// What is shown of it. `left`: not accepted yet, and so many bytes have left this end.
    pub fn view(&mut self, left: Option<u32>) -> Arc<ConnectView> {
        let unread_there = left.map(|left| match self.unread {
            Some(unread) => Figure { value: unread.into(), source: UNREAD },
            None => Figure { value: left.into(), source: LEFT },
        });
        let now = ConnectView { unread_there, ..self.view };
        match &self.shown {
            Some(shown) if **shown == now => Arc::clone(shown),
            Some(_) | None => Arc::clone(self.shown.insert(Arc::new(now))),
        }
    }

    /// So many retries until now, the last of which left at this moment.
    fn tried(&mut self, retries: u32, at: Duration) {
        self.view.retries = retries;
        let newest = self.view.tries.len() - 1;
        if let Some(last) = (retries as usize).checked_sub(1) {
            self.view.tries[last.min(newest)] = Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn caller(at: u64, retries: u32, next: u64) -> Option<Caller> {
        Some(Caller { at: ms(at), retries, next_try: Some(ms(next)) })
    }

    #[test]
    fn a_retry_left_when_it_was_announced() {
        let mut dial = Dial::default();
        assert!(dial.hear(caller(200, 0, 1_000)));
        assert!(!dial.hear(caller(400, 0, 1_004)), "the same moment, a tick later");
        assert!(dial.hear(caller(1_200, 1, 2_000)));
        assert!(dial.hear(caller(2_200, 2, 3_100)));
        let seen = *dial.view(None);
        assert_eq!((seen.retries, seen.next_try, seen.is_measured), (2, Some(ms(3_100)), true));
        assert_eq!(&seen.tries[..3], [Some(ms(1_000)), Some(ms(2_000)), None]);
        // It goes through with the third, between two readings.
        dial.end(ms(3_101), Some(ms(3_101)), 0);
        let seen = *dial.view(None);
        assert_eq!((seen.retries, seen.next_try, seen.took, seen.tries[2]), (3, None, Some(ms(3_101)), Some(ms(3_100))));
        assert!(!dial.hear(caller(9_000, 9, 9_999)), "an address used again is somebody else");
    }

    #[test]
    fn what_was_missed_has_the_time_it_was_seen() {
        let mut dial = Dial::default();
        dial.hear(caller(2_500, 2, 3_100));
        assert_eq!(dial.view(None).tries[..3], [None, Some(ms(2_500)), None]);
        // Given up before the next one.
        dial.end(ms(2_900), None, 0);
        let seen = *dial.view(Some(7));
        assert_eq!((seen.retries, seen.took, seen.unread_there), (2, None, Some(Figure { value: 7, source: LEFT })));
        assert!(dial.other_half(Some(HalfThere::Queued), Some(9)) && !dial.other_half(Some(HalfThere::Queued), Some(9)));
        assert_eq!(dial.view(Some(7)).unread_there, Some(Figure { value: 9, source: UNREAD }), "the kernel's word comes first");
        assert!(dial.is_new(4) && !dial.is_new(4));
    }

    #[test]
    fn a_unix_client_asks_again_by_itself_and_more_tries_than_places_are_counted() {
        let mut dial = Dial::default();
        for n in 1..=20 {
            assert!(dial.asked_again(n, ms(u64::from(n) * 20), Some(ms(u64::from(n + 1) * 20))));
        }
        let view = dial.view(None);
        assert_eq!((view.retries, view.tries[14], view.is_measured), (20, Some(ms(300)), false));
        assert_eq!(view.tries[15], Some(ms(400)), "the newest");
        assert!(Arc::ptr_eq(&view, &dial.view(None)), "nothing new, nothing built");
        dial.end(ms(421), Some(ms(421)), 21);
        assert_eq!(dial.view(None).retries, 21);
    }
}
