//! An append-only, bounded history whose views are immutable and cheap.
//!
//! Full chunks are shared by `Arc`; only the short tail is copied for a view. Indices never change: the first record ever
//! pushed has index 0, also after it was evicted.

use std::collections::VecDeque;
use std::sync::Arc;

/// Records a chunk holds.
const CHUNK: usize = 256;

/// The writer's end.
#[derive(Debug)]
pub struct Log<T> {
    full: VecDeque<Arc<[T]>>,
    /// Shared with views: rebuilt only when a chunk is added or evicted.
    full_shared: Option<Arc<[Arc<[T]>]>>,
    tail: Vec<T>,
    first: u64,
}

impl<T: Clone> Default for Log<T> {
    fn default() -> Self {
        Self { full: VecDeque::new(), full_shared: None, tail: Vec::with_capacity(CHUNK), first: 0 }
    }
}

impl<T: Clone> Log<T> {
    /// Appends one record.
    pub fn push(&mut self, value: T) {
        self.tail.push(value);
        if self.tail.len() == CHUNK {
            self.full.push_back(self.tail.drain(..).collect());
            self.full_shared = None;
        }
    }

    /// Records held.
    pub fn len(&self) -> usize {
        self.full.len() * CHUNK + self.tail.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Index the next record gets.
    pub fn next_index(&self) -> u64 {
        self.first + self.len() as u64
    }

    /// Removes the oldest full chunk and returns it; `None` when only the tail is left.
    pub fn evict_chunk(&mut self) -> Option<Arc<[T]>> {
        let chunk = self.full.pop_front()?;
        self.first += CHUNK as u64;
        self.full_shared = None;
        Some(chunk)
    }

    /// Removes everything; indices go on.
    pub fn clear(&mut self) {
        self.first = self.next_index();
        self.full.clear();
        self.full_shared = None;
        self.tail.clear();
    }

    /// The newest record of the chunk that goes next; `None` when only the tail is left.
    pub fn next_to_go(&self) -> Option<&T> {
        self.full.front()?.last()
    }

    /// The newest record.
    pub fn last(&self) -> Option<&T> {
        self.tail.last().or_else(|| self.full.back().and_then(|c| c.last()))
    }

    /// An immutable view of what is held now.
    pub fn view(&mut self) -> LogView<T> {
        let full = self.full_shared.get_or_insert_with(|| self.full.iter().cloned().collect()).clone();
        LogView { full, tail: self.tail.as_slice().into(), first: self.first }
    }
}

/// The reader's end: what the log held at one moment.
#[derive(Clone, Debug)]
pub struct LogView<T> {
    full: Arc<[Arc<[T]>]>,
    tail: Arc<[T]>,
    first: u64,
}

impl<T> Default for LogView<T> {
    fn default() -> Self {
        Self { full: Arc::new([]), tail: Arc::new([]), first: 0 }
    }
}

impl<T> LogView<T> {
    /// Records held.
    pub fn len(&self) -> usize {
        self.full.len() * CHUNK + self.tail.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Index of the oldest record held.
    pub fn first_index(&self) -> u64 {
        self.first
    }

    /// Index after the newest record.
    pub fn end_index(&self) -> u64 {
        self.first + self.len() as u64
    }

    /// The record with this index; `None` if it was evicted or is not there yet.
    pub fn get(&self, index: u64) -> Option<&T> {
        let at = usize::try_from(index.checked_sub(self.first)?).ok()?;
        match self.full.get(at / CHUNK) {
            Some(chunk) => chunk.get(at % CHUNK),
            None => self.tail.get(at - self.full.len() * CHUNK),
        }
    }

    /// From this index on, oldest first.
    pub fn iter_from(&self, index: u64) -> impl Iterator<Item = &T> + Clone {
        let skip = usize::try_from(index.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let chunk = (skip / CHUNK).min(self.full.len());
        self.full[chunk..].iter().flat_map(|c| c.iter()).chain(self.tail.iter()).skip(skip - chunk * CHUNK)
    }

    /// All, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.iter_from(self.first)
    }

    /// The newest record.
    pub fn last(&self) -> Option<&T> {
        self.tail.last().or_else(|| self.full.last().and_then(|c| c.last()))
    }
}

impl<T: Clone> FromIterator<T> for LogView<T> {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        let mut log = Log::default();
        iter.into_iter().for_each(|v| log.push(v));
        log.view()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_survive_eviction_and_views_stay() {
        let mut log = Log::default();
        (0..1_000_u64).for_each(|n| log.push(n));
        let before = log.view();
        assert_eq!(log.evict_chunk().map(|c| c.len()), Some(CHUNK));
        let after = log.view();
        assert_eq!(before.iter().copied().collect::<Vec<_>>(), (0..1_000).collect::<Vec<_>>());
        assert_eq!((after.first_index(), after.end_index()), (256, 1_000));
        assert_eq!((after.get(255), after.get(256), after.get(999), after.get(1_000)), (None, Some(&256), Some(&999), None));
        assert_eq!(after.iter_from(990).copied().collect::<Vec<_>>(), (990..1_000).collect::<Vec<_>>());
        assert_eq!(after.iter_from(5_000).count(), 0);
        log.clear();
        assert_eq!((log.view().first_index(), log.len()), (1_000, 0));
    }
}
