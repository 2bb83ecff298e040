//! What a service says after a delay: in order, and bounded, because a peer that asks faster than it is answered must not
//! fill the memory.
//!
//! It has no clock: the time of day comes with each turn, and the timer is the model's.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use super::Actions;

/// Bytes that may wait for one peer.
const MOST_BYTES: usize = 1 << 20;

/// Something to do once its time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Send this message.
    Say(Box<[u8]>),
    /// Close, once everything said before is sent. What was to come after is dropped.
    Leave,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Later {
    delay: Duration,
    most: usize,
    waiting: VecDeque<(SystemTime, Next)>,
    bytes: usize,
}

impl Later {
    /// At most so many wait.
    pub fn new(delay: Duration, most: usize) -> Self {
        Self { delay, most, waiting: VecDeque::new(), bytes: 0 }
    }

    /// Whether nothing is delayed, so that nobody needs to make a [`Next`].
    pub fn is_now(&self) -> bool {
        self.delay.is_zero()
    }

    /// Does it after the delay. With too many waiting the request fails.
    pub fn put(&mut self, next: Next, out: &mut Actions) {
        let bytes = next.bytes();
        if self.waiting.len() >= self.most {
            return out.fail(format!("more than {} messages wait for their delay", self.most));
        }
        if self.bytes + bytes > MOST_BYTES {
            return out.fail(format!("more than {MOST_BYTES} bytes wait for their delay"));
        }
        if self.is_now() {
            return next.carry_out(out);
        }
        if self.waiting.is_empty() {
            out.wake_after(self.delay);
        }
        self.bytes += bytes;
        let due = out.now().checked_add(self.delay).unwrap_or_else(|| out.now());
        self.waiting.push_back((due, next));
    }

    /// Leaves when the last one that waits has had its turn.
    pub fn leave_after_all(&mut self, out: &mut Actions) {
        match self.waiting.back() {
            Some(&(due, _)) => self.waiting.push_back((due, Next::Leave)),
            None => out.close(),
        }
    }

    /// For `on_timer`: does what is due. The first one is, or the timer would not have gone off; so a clock that was set
    /// meanwhile holds nothing up.
    pub fn on_timer(&mut self, out: &mut Actions) {
        let now = out.now();
        let mut is_first = true;
        while let Some((_, next)) = self.waiting.pop_front_if(|(due, _)| std::mem::take(&mut is_first) || *due <= now) {
            self.bytes -= next.bytes();
            let is_last = next == Next::Leave;
            next.carry_out(out);
            if is_last {
                self.waiting.clear();
                self.bytes = 0;
            }
        }
        if let Some((due, _)) = self.waiting.front() {
            out.wake_after(due.duration_since(now).unwrap_or_default().min(self.delay));
        }
    }
}

impl Next {
    fn bytes(&self) -> usize {
        match self {
            Self::Say(bytes) => bytes.len(),
            Self::Leave => 0,
        }
    }

    fn carry_out(self, out: &mut Actions) {
        match self {
            Self::Say(bytes) => out.send(&bytes),
            Self::Leave => out.close(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::After;

    const SECOND: Duration = Duration::from_secs(1);

    fn say(text: &str) -> Next {
        Next::Say(text.as_bytes().into())
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nothing_up_and_order_stays() {
        let (mut later, mut out) = (Later::new(SECOND, 10), Actions::default());
        let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(43_200);
        out.begin(noon);
        later.put(say("a"), &mut out);
        assert_eq!(out.timer(), Some(SECOND));
        out.begin(noon + SECOND / 4);
        later.put(say("b"), &mut out);
        assert_eq!(out.timer(), None, "the first wish stands");
        out.begin(noon - 3_600 * SECOND);
        later.on_timer(&mut out);
        assert_eq!((out.stream(), out.timer()), (&b"a"[..], Some(SECOND)), "never longer than the delay");
        out.begin(noon - 3_599 * SECOND);
        later.on_timer(&mut out);
        assert_eq!((out.stream(), out.timer()), (&b"b"[..], None));
    }

    #[test]
    fn what_waits_is_bounded_in_number_and_in_bytes() {
        let (mut later, mut out) = (Later::new(SECOND, 2), Actions::default());
        (0..3).for_each(|_| later.put(say("x"), &mut out));
        assert_eq!(out.take_failure().as_deref(), Some("more than 2 messages wait for their delay"));
        let mut later = Later::new(SECOND, 2);
        (0..2).for_each(|_| later.put(Next::Say(vec![0; MOST_BYTES / 2 + 1].into()), &mut out));
        assert_eq!(out.take_failure(), Some(format!("more than {MOST_BYTES} bytes wait for their delay")));
    }

    #[test]
    fn leaving_comes_after_what_was_said_before_and_ends_the_rest() {
        let (mut later, mut out) = (Later::new(SECOND, 9), Actions::default());
        [say("a"), Next::Leave, say("never")].into_iter().for_each(|next| later.put(next, &mut out));
        let due = out.now() + SECOND;
        out.begin(due);
        later.on_timer(&mut out);
        assert_eq!((out.stream(), out.after(), out.timer()), (&b"a"[..], After::Close, None));
    }
}
