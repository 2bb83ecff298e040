//! One finished call: as a value, and as the words that a lane's ring holds.

use super::Call;
use super::place::Place;

/// One finished call.
#[derive(Clone, Copy, Debug)]
pub struct CallRecord {
    /// [`LaneState::id`](super::LaneState::id).
    pub lane: u32,
    /// Which call.
    pub call: Call,
    /// On which descriptor; −1 for none, or for a record that stands for calls on several.
    pub fd: i64,
    /// Its brief arguments after the descriptor; what they mean depends on the call.
    pub args: [i64; 2],
    /// What it answered when it did not fail.
    pub result: i64,
    /// How many calls of this kind in a row this record stands for; more than one only for `EAGAIN`.
    pub count: u32,
    /// Where it was made: in a model's own file, as long as every function between is `#[track_caller]`.
    pub at: Place,
    /// Since the engine started, in nanoseconds.
    pub start_ns: u64,
    /// Duration in nanoseconds; of several calls, from the start of the first to the end of the last.
    pub took_ns: u64,
    /// Bytes moved.
    pub bytes: u32,
    /// The error number, 0 for success.
    pub errno: i32,
    /// Whether that error is "would block".
    pub again: bool,
}

/// What a call answered, in brief.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Got {
    /// Bytes it moved.
    pub bytes: usize,
    /// Its result as a number.
    pub result: i64,
}

impl Got {
    /// It says only that it worked.
    pub fn done<T>(_value: &T) -> Self {
        Self::default()
    }

    /// It moved so many bytes.
    pub fn moved(n: usize) -> Self {
        Self { bytes: n, result: n as i64 }
    }

    /// It answered a number that counts no bytes: a descriptor, how many are ready.
    pub fn value(result: i64) -> Self {
        Self { bytes: 0, result }
    }
}

/// A record in a ring: one cache line.
pub(super) type Words = [u64; 8];

/// The places of what a fold changes.
pub(super) const START: usize = 0;
pub(super) const TOOK: usize = 1;
pub(super) const FD: usize = 2;
pub(super) const MOVED: usize = 6;
pub(super) const KIND: usize = 7;

impl CallRecord {
    /// When it ended.
    pub fn end_ns(&self) -> u64 {
        self.start_ns + self.took_ns
    }

    #[inline]
    pub(super) fn to_words(self) -> Words {
        let kind = u64::from(self.errno.cast_unsigned()) << 32
            | u64::from(self.at.number()) << 16
            | (self.call as u64) << 8
            | u64::from(self.again);
        let moved = u64::from(self.bytes) << 32 | u64::from(self.count);
        let [a, b] = self.args;
        let [fd, a, b, result] = [self.fd, a, b, self.result].map(i64::cast_unsigned);
        [self.start_ns, self.took_ns, fd, a, b, result, moved, kind]
    }

    /// `None` for words that no record makes.
    pub(super) fn from_words(lane: u32, words: Words) -> Option<Self> {
        let [start_ns, took_ns, fd, a, b, result, moved, kind] = words;
        let [fd, a, b, result] = [fd, a, b, result].map(u64::cast_signed);
        Some(Self {
            lane,
            call: Call::from_u8((kind >> 8) as u8)?,
            fd,
            args: [a, b],
            result,
            count: moved as u32,
            at: Place::from_number((kind >> 16) as u16),
            start_ns,
            took_ns,
            bytes: (moved >> 32) as u32,
            errno: ((kind >> 32) as u32).cast_signed(),
            again: kind & 1 == 1,
        })
    }
}
