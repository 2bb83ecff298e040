//! Who may write to a connection at this moment, and what others left for it meanwhile.
//!
//! A stream has no message boundaries of its own, so two writers must not both be in the middle of a message. There is one
//! *pen*. Who holds it may write; who does not get it leaves the message here, and whoever lays the pen down looks here first.
//! Nobody ever waits for a peer that does not read: what is left here is bounded, and the peer is sent away beyond that.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::time::Instant;

use parking_lot::Mutex;

/// Bytes that others' posts may wait for one peer to read.
pub(super) const MOST_MAIL: usize = 256 << 10;

const FREE: u8 = 0;
const HELD: u8 = 1;
const PARKED: u8 = 2;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Mail {
    pen: AtomicU8,
    /// Bytes in `left`, readable without the lock.
    waiting: AtomicUsize,
    left: Mutex<Vec<u8>>,
    /// A selector's loop came for the pen while another had it.
    wanted: AtomicBool,
    /// When the next piece of it may leave, where it goes out in pieces.
    next_piece: Mutex<Option<Instant>>,
}

/// Whether one may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pen {
    /// One's own now.
    Taken,
    /// One's own now, but mail that was begun goes first.
    TakenWithMail,
    /// Another's.
    Busy,
}

impl Mail {
    /// Tries to take the pen.
    pub fn take_pen(&self) -> Pen {
        match self.pen.compare_exchange(FREE, HELD, Ordering::SeqCst, Ordering::SeqCst) {
            Ok(_) => Pen::Taken,
            Err(PARKED) if self.pen.compare_exchange(PARKED, HELD, Ordering::SeqCst, Ordering::SeqCst).is_ok() => Pen::TakenWithMail,
            Err(_) => Pen::Busy,
        }
    }

    /// Tries to take the pen; if another has it, that one is to tell the loop once it lays it down
    /// ([`answer_wish`](Self::answer_wish)). Until then there is no sense in waiting for room.
    pub fn take_pen_or_wish(&self) -> Pen {
        let pen = self.take_pen();
        if pen != Pen::Busy {
            return pen;
        }
        self.wanted.store(true, Ordering::SeqCst);
        // Laid down just before: its holder may not have seen the wish.
        let pen = self.take_pen();
        if pen != Pen::Busy {
            self.wanted.store(false, Ordering::SeqCst);
        }
        pen
    }

    /// Whether a loop waits for the pen, not for room.
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::SeqCst)
    }

    /// For whoever laid the pen down: `true` once when a loop is to be told.
    pub fn answer_wish(&self) -> bool {
        self.is_wanted() && self.wanted.swap(false, Ordering::SeqCst)
    }

    /// Takes the pen if nobody has it and nothing is parked.
    pub fn take_free_pen(&self) -> bool {
        self.pen.compare_exchange(FREE, HELD, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// Lays the pen down. `false` when there is mail, and the caller holds the pen still: it is to be sent first.
    pub fn lay_down(&self) -> bool {
        self.pen.store(FREE, Ordering::SeqCst);
        // Who left something just before saw the pen held, and relies on this look.
        self.waiting.load(Ordering::SeqCst) == 0 || self.take_pen() == Pen::Busy
    }

    /// Lays the pen down with mail that found no room. Somebody is to come back to it once there is room.
    pub fn park(&self) {
        self.pen.store(PARKED, Ordering::SeqCst);
    }

    /// Whether mail waits for room.
    pub fn is_parked(&self) -> bool {
        self.pen.load(Ordering::SeqCst) == PARKED
    }

    /// A piece left: the next one may not before this moment.
    pub fn rest_until(&self, at: Instant) {
        *self.next_piece.lock() = Some(at);
    }

    /// When the next piece may leave, if that is still to come.
    pub fn rests_until(&self) -> Option<Instant> {
        self.next_piece.lock().filter(|at| *at > Instant::now())
    }

    /// When what is parked here may go on, if it waits for that and not for room.
    pub fn parked_until(&self) -> Option<Instant> {
        if self.is_parked() { self.rests_until() } else { None }
    }

    /// Leaves a whole message. `false` when too much waits already.
    pub fn leave(&self, message: &[u8]) -> bool {
        let mut left = self.left.lock();
        let fits = left.len() + message.len() <= MOST_MAIL;
        if fits {
            left.extend_from_slice(message);
            self.waiting.store(left.len(), Ordering::SeqCst);
        }
        fits
    }

    /// Takes everything out. Only for who holds the pen.
    pub fn collect(&self) -> Vec<u8> {
        std::mem::take(&mut *self.left.lock())
    }

    /// Puts the rest after `done` back before what came meanwhile; `spare` keeps its memory for the next time.
    pub fn put_back(&self, mut spare: Vec<u8>, done: usize) {
        spare.drain(..done.min(spare.len()));
        let mut left = self.left.lock();
        spare.extend_from_slice(&left);
        *left = spare;
        self.waiting.store(left.len(), Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_while_another_writes_is_found_when_the_pen_is_laid_down() {
        let mail = Mail::default();
        assert_eq!((mail.take_pen(), mail.take_pen()), (Pen::Taken, Pen::Busy));
        assert!(mail.leave(b"one") && mail.leave(b"two"));
        assert!(!mail.lay_down(), "there is mail");
        let all = mail.collect();
        assert_eq!(all, b"onetwo");
        assert!(mail.leave(b"three"));
        mail.put_back(all, 2);
        mail.park();
        assert!(mail.is_parked());
        assert_eq!(mail.take_pen(), Pen::TakenWithMail);
        let all = mail.collect();
        assert_eq!(all, b"etwothree");
        mail.put_back(all, 9);
        assert!(mail.lay_down());
        assert_eq!(mail.take_pen(), Pen::Taken);
    }

    #[test]
    fn who_lays_the_pen_down_learns_once_that_a_loop_came_for_it() {
        let mail = Mail::default();
        assert!(mail.take_free_pen() && !mail.answer_wish());
        assert_eq!((mail.take_pen_or_wish(), mail.is_wanted()), (Pen::Busy, true));
        assert!(mail.lay_down());
        assert_eq!([mail.answer_wish(), mail.answer_wish(), mail.is_wanted()], [true, false, false]);
        assert_eq!((mail.take_pen_or_wish(), mail.is_wanted()), (Pen::Taken, false));
    }

    #[test]
    fn mail_is_bounded() {
        let mail = Mail::default();
        assert!(mail.leave(&vec![0; MOST_MAIL]) && !mail.leave(b"x"));
        assert!(mail.leave(b""));
    }
}
