//! The bytes of one direction of a TCP connection in their order, whatever order their segments came in: what comes early waits for
//! what is missing, what came before says nothing new.
//!
//! Bounded: a hole is waited for only so long, so many segments and so many bytes; then it is told as a gap. It never makes up a byte.

use std::collections::BTreeMap;
use std::time::Duration;

/// Segments behind a hole, and their bytes, before it is given up.
const MOST_SEGMENTS: usize = 512;
const MOST_BYTES: usize = 4 << 20;
/// As long as a sender may take to send again (RFC 6298, a few times over).
const PATIENCE: Duration = Duration::from_secs(5);

/// Numbers count on from here, so that what came before the first one has a number too.
const BEGIN: u64 = 1 << 40;

/// A segment's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// As many as were kept.
    pub data: Vec<u8>,
    /// As many as there were.
    pub len: usize,
    /// PSH.
    pub push: bool,
}

/// What comes next in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Part(Part),
    /// So many bytes that no packet of the file has.
    Gap(u64),
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// The next number expected, counted on beyond the header's 32 bits; none before the first segment.
    next: Option<u64>,
    /// What came early, by its first number.
    early: BTreeMap<u64, Part>,
    held: usize,
    /// Since when there is a hole.
    since: Duration,
    /// The number of FIN.
    end: Option<u64>,
}

impl Direction {
    /// Whether a segment of it was seen.
    pub fn is_known(&self) -> bool {
        self.next.is_some()
    }

    /// Whether this first number is the one it began with, or could have.
    pub fn began_with(&self, seq: u32) -> bool {
        self.next.is_some_and(|next| number(next, seq) == BEGIN + u64::from(seq))
    }

    /// Bytes that wait.
    pub fn held(&self) -> usize {
        self.held
    }

    /// Everything up to FIN was told.
    pub fn is_done(&self) -> bool {
        self.end.is_some_and(|end| self.next.is_some_and(|next| next >= end))
    }

    /// A SYN with this number: bytes begin behind it. One that was overtaken by its bytes says nothing new.
    pub fn begin(&mut self, seq: u32) {
        let first = seq.wrapping_add(1);
        self.next.get_or_insert(BEGIN + u64::from(first));
    }

    /// Takes a segment; whether it says something that was not told, and does not wait yet.
    pub fn take(&mut self, at: Duration, seq: u32, data: &[u8], len: usize, push: bool, is_last: bool) -> bool {
        let next = *self.next.get_or_insert(BEGIN + u64::from(seq));
        let first = number(next, seq);
        let after = first.saturating_add(len as u64);
        if is_last {
            self.end.get_or_insert(after);
        }
        if len == 0 {
            return true;
        }
        // Of two that begin alike the longer one has all of the other.
        if after <= next || self.early.get(&first).is_some_and(|there| there.len >= len) {
            return false;
        }
        if self.early.is_empty() {
            self.since = at;
        }
        self.held += data.len();
        if let Some(shorter) = self.early.insert(first, Part { data: data.to_vec(), len, push }) {
            self.held -= shorter.data.len();
        }
        true
    }

    /// What comes next in the stream. A hole is waited for, unless it is `over`: nothing more comes that could fill it.
    pub fn read(&mut self, at: Duration, over: bool) -> Option<Next> {
        let next = self.next?;
        loop {
            let Some((&first, _)) = self.early.first_key_value() else {
                let end = self.end.filter(|end| over && *end > next)?;
                self.next = Some(end);
                return Some(Next::Gap(end - next));
            };
            if first > next {
                let waited = at.saturating_sub(self.since) > PATIENCE;
                if !over && !waited && self.early.len() <= MOST_SEGMENTS && self.held <= MOST_BYTES {
                    return None;
                }
                self.next = Some(first);
                return Some(Next::Gap(first - next));
            }
            let (first, mut part) = self.early.pop_first()?;
            self.held -= part.data.len();
            // What stands behind the next hole waits for that from now on.
            self.since = at;
            let seen = usize::try_from(next - first).unwrap_or(usize::MAX);
            if seen < part.len {
                self.next = Some(first + part.len as u64);
                part.data.drain(..seen.min(part.data.len()));
                part.len -= seen;
                return Some(Next::Part(part));
            }
        }
    }
}

/// Where a header's number stands, next to `near`: they are compared modulo 2³² (RFC 9293, 3.4).
fn number(near: u64, seq: u32) -> u64 {
    near.saturating_add_signed(i64::from(seq.wrapping_sub(near as u32).cast_signed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes that are told; `?` stands for what is missing.
    fn told(way: &mut Direction, at: u64, over: bool) -> String {
        let mut told = String::new();
        while let Some(next) = way.read(Duration::from_secs(at), over) {
            match next {
                Next::Part(part) => told.push_str(&String::from_utf8(part.data).unwrap()),
                Next::Gap(n) => told.extend(std::iter::repeat_n('?', n as usize)),
            }
        }
        told
    }

    fn take(way: &mut Direction, at: u64, seq: u32, text: &str) -> bool {
        way.take(Duration::from_secs(at), seq, text.as_bytes(), text.len(), true, false)
    }

    #[test]
    fn early_ones_wait_overlaps_and_repeats_say_nothing_new() {
        let mut way = Direction::default();
        way.begin(u32::MAX - 2);
        assert!(take(&mut way, 0, 3, "fgh") && take(&mut way, 0, 1, "def") && told(&mut way, 0, false).is_empty());
        assert!(take(&mut way, 0, u32::MAX - 1, "abc"), "the numbers begin again at 0");
        assert_eq!(told(&mut way, 0, false), "abcdefgh");
        assert!(!take(&mut way, 0, 1, "def") && take(&mut way, 0, 4, "ghij"));
        assert_eq!((told(&mut way, 0, false).as_str(), way.held()), ("ij", 0));
        assert!(take(&mut way, 0, 9, "z") && !take(&mut way, 0, 9, "z") && take(&mut way, 0, 9, "zy"));
        assert!(!take(&mut way, 0, 9, "z"));
        assert_eq!((told(&mut way, 0, true).as_str(), way.held()), ("?zy", 0));
    }

    #[test]
    fn a_hole_is_given_up_after_a_while_or_when_much_waits() {
        let mut way = Direction::default();
        way.begin(0);
        take(&mut way, 0, 3, "c");
        assert_eq!(told(&mut way, 5, false), "");
        assert_eq!(told(&mut way, 6, false), "??c", "so long");
        (0..=MOST_SEGMENTS as u32).for_each(|n| assert!(take(&mut way, 6, 10 + 2 * n, "x")));
        assert!(told(&mut way, 6, false).starts_with("??????x"), "so many");
        let mut way = Direction::default();
        way.begin(0);
        let much = "m".repeat(MOST_BYTES / 2);
        take(&mut way, 0, 2, &much);
        take(&mut way, 0, 2 + much.len() as u32, &much);
        assert_eq!(told(&mut way, 0, false), "");
        take(&mut way, 0, 2 + 2 * much.len() as u32, "!");
        let all = told(&mut way, 0, false);
        assert!(all.len() == MOST_BYTES + 2 && all.starts_with("?m") && all.ends_with("m!"), "so much");
    }

    #[test]
    fn the_end_is_there_when_all_before_it_is() {
        let mut way = Direction::default();
        way.begin(9);
        assert!(way.take(Duration::ZERO, 12, b"c", 1, true, true) && told(&mut way, 0, false).is_empty() && !way.is_done());
        take(&mut way, 0, 10, "ab");
        assert!(told(&mut way, 0, false) == "abc" && way.is_done());
        // A FIN whose bytes are nowhere.
        let mut way = Direction::default();
        way.begin(9);
        assert!(way.take(Duration::ZERO, 14, b"", 0, false, true) && !way.is_done() && told(&mut way, 0, false).is_empty());
        assert_eq!((told(&mut way, 0, true).as_str(), way.is_done()), ("????", true));
    }
}
