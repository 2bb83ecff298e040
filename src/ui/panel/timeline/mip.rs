//! A lane's stretches of time with sums over eight, sixty-four … of them, so that any window is walked in steps of about a
//! pixel however many stretches there are. Pure; grows at the end, shrinks at the front.

use std::collections::VecDeque;

use super::tint::{Spent, Tint};

/// Children of a sum.
const FAN: u64 = 8;

/// A stretch of time.
pub trait Stretch {
    /// When it begins, in nanoseconds.
    fn start(&self) -> u64;
    /// When it ends.
    fn end(&self) -> u64;
    /// Adds what was spent and how many calls it stands for.
    fn add_to(&self, spent: &mut Spent, calls: &mut u64);
}

/// What several stretches come to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// When the first begins.
    pub start: u64,
    /// When the last ends.
    pub end: u64,
    /// Where the time went.
    pub spent: Spent,
    /// Calls in it.
    pub calls: u64,
}

impl Stretch for Sum {
    fn start(&self) -> u64 {
        self.start
    }

    fn end(&self) -> u64 {
        self.end
    }

    fn add_to(&self, spent: &mut Spent, calls: &mut u64) {
        for (sum, part) in spent.iter_mut().zip(self.spent) {
            *sum += part;
        }
        *calls += self.calls;
    }
}

/// What lies between two stretches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// The lane's own code.
    OwnCode,
    /// Nothing.
    Nothing,
}

/// One step of a walk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step<'a, L> {
    /// One stretch as it is.
    One(&'a L),
    /// Several that are together not longer than asked for.
    Many(&'a Sum),
    /// Own code between two of them.
    Gap(u64, u64),
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Mip<L> {
    between: Between,
    leaves: VecDeque<L>,
    /// Number of the first leaf held; numbers never change.
    first: u64,
    levels: Vec<Level>,
}

#[derive(Clone, Debug, Default)]
struct Level {
    nodes: VecDeque<Sum>,
    first: u64,
}

impl<L: Stretch> Mip<L> {
    /// Empty.
    pub fn new(between: Between) -> Self {
        Self { between, leaves: VecDeque::new(), first: 0, levels: Vec::new() }
    }

    /// The stretches held, oldest first.
    pub fn leaves(&self) -> &VecDeque<L> {
        &self.leaves
    }

    /// Appends a stretch that ends after all others.
    pub fn push(&mut self, leaf: L) {
        self.leaves.push_back(leaf);
        let mut count = self.first + self.leaves.len() as u64;
        let mut level = 0;
        while count.is_multiple_of(FAN) {
            count /= FAN;
            let node = self.sum_of(level, (count - 1) * FAN);
            if self.levels.len() == level {
                // Sums of children that left before are never used: nobody may step over what is gone.
                self.levels.push(Level { nodes: VecDeque::new(), first: count - 1 });
            }
            self.levels[level].nodes.push_back(node);
            level += 1;
        }
    }

    /// The sum of eight children from number `from` on; of level 0 the children are leaves.
    fn sum_of(&self, level: usize, from: u64) -> Sum {
        let mut sum = Sum { start: u64::MAX, ..Sum::default() };
        for number in from..from + FAN {
            if level == 0 {
                if let Some(leaf) = self.leaf(number) {
                    self.join(&mut sum, leaf);
                }
            } else if let Some(node) = self.node(level - 1, number) {
                self.join(&mut sum, node);
            }
        }
        sum
    }

    fn join(&self, sum: &mut Sum, part: &impl Stretch) {
        if sum.start == u64::MAX {
            sum.start = part.start();
        } else if self.between == Between::OwnCode {
            sum.spent[Tint::Own.at()] += part.start().saturating_sub(sum.end) as f32;
        }
        sum.end = part.end();
        part.add_to(&mut sum.spent, &mut sum.calls);
    }

    fn leaf(&self, number: u64) -> Option<&L> {
        self.leaves.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    fn node(&self, level: usize, number: u64) -> Option<&Sum> {
        let level = self.levels.get(level)?;
        level.nodes.get(usize::try_from(number.checked_sub(level.first)?).ok()?)
    }

    /// Removes stretches from the front as long as `gone` holds.
    pub fn evict(&mut self, gone: impl Fn(&L) -> bool) {
        while self.leaves.front().is_some_and(&gone) {
            self.leaves.pop_front();
            self.first += 1;
        }
        let mut of = FAN;
        for level in &mut self.levels {
            while !level.nodes.is_empty() && level.first * of < self.first {
                level.nodes.pop_front();
                level.first += 1;
            }
            of = of.saturating_mul(FAN);
        }
    }

    /// Walks over what touches `from..to`, oldest first. Stretches in a row that are together at most `least` long come as one.
    pub fn walk<'a>(&'a self, from: u64, to: u64, least: u64, mut step: impl FnMut(Step<'a, L>)) {
        let start = self.leaves.partition_point(|l| l.end() <= from);
        let mut done = start.checked_sub(1).map(|before| self.leaves[before].end());
        let mut number = self.first + start as u64;
        while let Some(leaf) = self.leaf(number) {
            if let Some(done) = done.filter(|d| *d < leaf.start() && self.between == Between::OwnCode) {
                step(Step::Gap(done.max(from), leaf.start().min(to)));
            }
            if leaf.start() >= to {
                return;
            }
            let (mut sum, mut over) = (None, 1);
            let (mut at, mut of) = (number, FAN);
            for level in 0..self.levels.len() {
                if !at.is_multiple_of(FAN) {
                    break;
                }
                at /= FAN;
                match self.node(level, at).filter(|n| n.end - n.start <= least) {
                    Some(node) => (sum, over) = (Some(node), of),
                    None => break,
                }
                of *= FAN;
            }
            done = Some(match sum {
                Some(sum) => {
                    step(Step::Many(sum));
                    sum.end
                }
                None => {
                    step(Step::One(leaf));
                    leaf.end()
                }
            });
            number += over;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Leaf(u64, u64);

    impl Stretch for Leaf {
        fn start(&self) -> u64 {
            self.0
        }

        fn end(&self) -> u64 {
            self.1
        }

        fn add_to(&self, spent: &mut Spent, calls: &mut u64) {
            spent[Tint::Received.at()] += (self.1 - self.0) as f32;
            *calls += 1;
        }
    }

    fn mip(lengths: &[(u16, u16)]) -> Mip<Leaf> {
        let mut mip = Mip::new(Between::OwnCode);
        let mut at = 1;
        for (gap, len) in lengths {
            let start = at + u64::from(*gap);
            at = start + u64::from(*len);
            mip.push(Leaf(start, at));
        }
        mip
    }

    proptest! {
        /// Whatever the step, a walk comes to the same sums, without holes or overlaps.
        #[test]
        fn a_walk_loses_nothing(lengths in prop::collection::vec((0_u16..50, 0_u16..50), 1..700), least in 0_u64..3_000, evicted in 0_usize..200) {
            let mut mip = mip(&lengths);
            let evicted = evicted.min(lengths.len() - 1);
            let border = mip.leaves()[evicted].0;
            mip.evict(|l| l.1 <= border && l.0 < border);
            let (first, last) = (mip.leaves()[0], *mip.leaves().back().unwrap());
            let (mut spent, mut calls, mut own, mut at) = (Spent::default(), 0, 0.0, first.0);
            mip.walk(0, u64::MAX, least, |step| match step {
                Step::One(leaf) => { assert_eq!(leaf.0, at); at = leaf.1; leaf.add_to(&mut spent, &mut calls); }
                Step::Many(sum) => { assert_eq!(sum.start, at); assert!(sum.end - sum.start <= least); at = sum.end; sum.add_to(&mut spent, &mut calls); }
                Step::Gap(from, to) => { assert_eq!(from, at); at = to; own += (to - from) as f32; }
            });
            prop_assert_eq!(at, last.1);
            prop_assert_eq!(calls, mip.leaves().len() as u64);
            let slept: u64 = mip.leaves().iter().map(|l| l.1 - l.0).sum();
            prop_assert_eq!(spent[Tint::Received.at()], slept as f32);
            prop_assert_eq!(own + spent[Tint::Own.at()] + slept as f32, (last.1 - first.0) as f32);
        }
    }

    #[test]
    fn a_walk_over_a_million_takes_steps_of_a_pixel() {
        let lengths = vec![(3, 7); 1_000_000];
        let mip = mip(&lengths);
        let mut steps = 0;
        mip.walk(0, 10_000_000, 10_000_000 / 700, |_| steps += 1);
        assert!(steps < 700 * 2 * 8, "{steps}");
    }
}
