//! A lane's own ring of finished calls: one writer, the lane's thread, and one reader, whoever drains.
//!
//! A ring for each lane and not one for all: pushing is eight plain stores that no other core looks at, where a shared queue
//! would have every thread fight for one word. It begins small, because there may be thousands of lanes, and grows in two steps
//! for the few that are busy. What does not fit is refused, never waited for.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};

use super::record::Words;

/// Records a lane starts with, and what a busier one gets before it gets the most.
const STEPS: [usize; 2] = [64, 1_024];
/// What busy lanes share beyond their first ring, in rings of the largest size.
const SHARED: usize = 4;

/// One record, a cache line of its own.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Slot([AtomicU64; 8]);

/// A word that one side writes, a cache line of its own.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Padded(AtomicU64);

#[derive(Debug)]
struct Ring {
    slots: Box<[Slot]>,
    /// Records taken out so far.
    head: Padded,
    /// Records put in so far.
    tail: Padded,
    /// What the writer last saw of `head`; only it uses this.
    seen: Padded,
}

impl Ring {
    fn new(capacity: usize) -> Self {
        let slots = (0..capacity).map(|_| Slot::default()).collect();
        Self { slots, head: Padded::default(), tail: Padded::default(), seen: Padded::default() }
    }

    #[inline]
    fn push(&self, words: Words) -> bool {
        let (capacity, tail) = (self.slots.len() as u64, self.tail.0.load(Ordering::Relaxed));
        if tail - self.seen.0.load(Ordering::Relaxed) >= capacity {
            let head = self.head.0.load(Ordering::Acquire);
            self.seen.0.store(head, Ordering::Relaxed);
            if tail - head >= capacity {
                return false;
            }
        }
        // The capacity is a power of two.
        let slot = &self.slots[(tail & (capacity - 1)) as usize];
        slot.0.iter().zip(words).for_each(|(to, word)| to.store(word, Ordering::Relaxed));
        // Whoever sees the new tail sees the words.
        self.tail.0.store(tail + 1, Ordering::Release);
        true
    }

    fn drain(&self, mut take: impl FnMut(Words)) -> usize {
        let (head, tail) = (self.head.0.load(Ordering::Relaxed), self.tail.0.load(Ordering::Acquire));
        for at in head..tail {
            let slot = &self.slots[(at & (self.slots.len() as u64 - 1)) as usize];
            take(std::array::from_fn(|n| slot.0[n].load(Ordering::Relaxed)));
        }
        self.head.0.store(tail, Ordering::Release);
        (tail - head) as usize
    }
}

/// What the lanes of one session may hold undrained.
#[derive(Debug)]
pub(super) struct Room {
    /// The largest ring of a lane.
    most: usize,
    /// Left for rings beyond the first ones.
    left: AtomicI64,
}

impl Room {
    /// A lane holds at most `most` records, rounded up to a power of two.
    pub fn new(most: usize) -> Self {
        let most = most.max(1).next_power_of_two();
        Self { most, left: AtomicI64::new((most * SHARED) as i64) }
    }

    /// The size of the ring number `step`; `None` when the one before is the largest.
    fn size(&self, step: usize) -> Option<usize> {
        let before = step.checked_sub(1).map(|n| STEPS[n].min(self.most));
        let size = STEPS.get(step).map_or(self.most, |size| self.most.min(*size));
        (before != Some(size)).then_some(size)
    }

    fn take(&self, size: usize) -> bool {
        let size = size as i64;
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| (left >= size).then_some(left - size)).is_ok()
    }
}

/// The rings of one lane, small to large. The writer goes on to a larger one and never comes back, so what was written first is
/// in the smaller one.
#[derive(Debug, Default)]
pub(super) struct Rings {
    rings: [OnceLock<Ring>; STEPS.len() + 1],
    step: AtomicUsize,
}

impl Rings {
    /// Only the lane's thread calls this. False when there is no room.
    #[inline]
    pub fn push(&self, room: &Room, words: Words) -> bool {
        let ring = self.rings[self.step.load(Ordering::Relaxed)].get();
        ring.is_some_and(|ring| ring.push(words)) || self.push_further(room, words)
    }

    #[cold]
    fn push_further(&self, room: &Room, words: Words) -> bool {
        let step = self.step.load(Ordering::Relaxed);
        let next = if self.rings[step].get().is_none() { step } else { step + 1 };
        let Some(size) = (next < self.rings.len()).then(|| room.size(next)).flatten() else { return false };
        if next > 0 && !room.take(size) {
            return false;
        }
        let pushed = self.rings[next].get_or_init(|| Ring::new(size)).push(words);
        self.step.store(next, Ordering::Release);
        pushed
    }

    /// Hands over what is there, oldest first; answers whether it was more than half of what fits. One caller at a time.
    pub fn drain(&self, room: &Room, mut take: impl FnMut(Words)) -> bool {
        let step = self.step.load(Ordering::Acquire);
        let count: usize = self.rings[..=step].iter().filter_map(OnceLock::get).map(|ring| ring.drain(&mut take)).sum();
        let grows = room
            .size((step + 1).min(STEPS.len()))
            .is_some_and(|size| step < STEPS.len() && room.left.load(Ordering::Relaxed) >= size as i64);
        let size = room.size(step).unwrap_or(room.most);
        !grows && count * 2 > size
    }

    /// The lane is over and drained: others may have its room.
    pub fn give_back(&self, room: &Room) {
        let held: usize = self.rings[1..].iter().filter_map(OnceLock::get).map(|ring| ring.slots.len()).sum();
        room.left.fetch_add(held as i64, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_while_it_grows_and_what_does_not_fit_is_refused() {
        let (room, rings) = (Room::new(4_096), Rings::default());
        let all = (64 + 1_024 + 4_096) as u64;
        let fitting = (0..all + 10).filter(|n| rings.push(&room, [*n; 8])).count() as u64;
        assert_eq!(fitting, all);
        let mut seen = Vec::new();
        assert!(rings.drain(&room, |words| seen.push(words)));
        assert_eq!(seen, (0..all).map(|n| [n; 8]).collect::<Vec<_>>());
        assert!(rings.push(&room, [7; 8]) && !rings.drain(&room, |_| ()));
    }

    #[test]
    fn busy_lanes_share_what_is_beyond_the_first_ring() {
        let room = Room::new(64);
        let rings: Vec<Rings> = (0..100).map(|_| Rings::default()).collect();
        let count = |room: &Room, rings: &Rings| (0..200).filter(|n| rings.push(room, [*n; 8])).count();
        assert_eq!(rings.iter().map(|rings| count(&room, rings)).sum::<usize>(), 100 * 64);
        let room = Room::new(1_024);
        let held: usize = rings.iter().map(|r| (r.drain(&room, |_| ()), count(&room, r)).1).sum();
        assert_eq!(held, 100 * 200 - 96 * (200 - 64), "four of them got a larger one");
        rings[0].give_back(&room);
        assert!(rings[99].push(&room, [0; 8]), "what one gives back, another gets");
    }

    #[test]
    fn a_reader_beside_the_writer_sees_every_record_whole_and_once() {
        let (room, rings) = (Room::new(1_024), Rings::default());
        let total = 200_000_u64;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for n in 0..total {
                    while !rings.push(&room, [n; 8]) {
                        std::thread::yield_now();
                    }
                }
            });
            let mut next = 0;
            while next < total {
                rings.drain(&room, |words| {
                    assert_eq!(words, [next; 8]);
                    next += 1;
                });
            }
        });
    }
}
