//! A bounded queue between threads, as the textbook builds it: a mutex and two condition variables. A thread that finds it
//! empty (or full) sleeps in `pthread_cond_wait`, and that is traced like any other sleep.

use std::collections::VecDeque;

use parking_lot::{Condvar, Mutex};

use crate::trace::{Call, Got, Lane};

/// See the module.
#[derive(Debug)]
pub struct Handover<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    emptied: Condvar,
    most: usize,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    closed: bool,
}

impl<T> Handover<T> {
    /// Holds so many at most, at least one.
    pub fn new(most: usize) -> Self {
        let state = State { waiting: VecDeque::new(), closed: false };
        Self { state: Mutex::new(state), filled: Condvar::new(), emptied: Condvar::new(), most: most.max(1) }
    }

    /// Puts it at the end; sleeps while the queue is full. Gives it back when the queue is closed.
    #[track_caller]
    pub fn put(&self, lane: &Lane, item: T) -> Result<(), T> {
        let mut state = self.state.lock();
        // Only this sleep is traced, and nothing is locked on the way into it: a lane may be held there for inspection.
        while state.waiting.len() >= self.most && !state.closed {
            drop(state);
            let sleep = || {
                let is_full = |state: &mut State<T>| state.waiting.len() >= self.most && !state.closed;
                self.emptied.wait_while(&mut self.state.lock(), is_full);
                Ok(())
            };
            let _never_fails = lane.call(Call::CondWait, -1, [0; 2], true, sleep, Got::done);
            state = self.state.lock();
        }
        if state.closed {
            return Err(item);
        }
        state.waiting.push_back(item);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Takes the first; sleeps while there is none. `None` once it is closed and empty.
    #[track_caller]
    pub fn take(&self, lane: &Lane) -> Option<T> {
        let mut state = self.state.lock();
        while state.waiting.is_empty() && !state.closed {
            drop(state);
            let sleep = || {
                self.filled.wait_while(&mut self.state.lock(), |state| state.waiting.is_empty() && !state.closed);
                Ok(())
            };
            let _never_fails = lane.call(Call::CondWait, -1, [0; 2], true, sleep, Got::done);
            state = self.state.lock();
        }
        let first = state.waiting.pop_front();
        drop(state);
        self.emptied.notify_one();
        first
    }

    /// Nothing more goes in; those who wait come back.
    pub fn close(&self) {
        self.state.lock().closed = true;
        self.filled.notify_all();
        self.emptied.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::trace::{Doing, Tap};

    #[test]
    fn a_full_queue_holds_up_who_puts_and_a_closed_one_is_emptied() {
        let tap = Tap::new(Instant::now(), 64);
        let (lane, queue) = (tap.lane("taker"), Handover::new(2));
        std::thread::scope(|scope| {
            let putter = tap.lane("putter");
            let state = std::sync::Arc::clone(putter.state());
            let queue = &queue;
            scope.spawn(move || (0..4).for_each(|n| assert_eq!(queue.put(&putter, n), Ok(()))));
            while !matches!(state.doing(), Doing::InCall(Call::CondWait, ..)) {
                assert_ne!(state.doing(), Doing::Gone, "it put four into a queue of two");
                std::thread::yield_now();
            }
            assert_eq!((queue.take(&lane), queue.take(&lane)), (Some(0), Some(1)));
        });
        queue.close();
        assert_eq!(queue.put(&lane, 5), Err(5));
        assert_eq!((queue.take(&lane), queue.take(&lane), queue.take(&lane)), (Some(2), Some(3), None));
        assert_eq!(lane.state().counts()[0], 0, "the taker never slept");
    }
}
