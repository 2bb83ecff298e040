//! Which bytes of a finished message a length or a checksum is about: `4..`, `..-2`, `0..20`.

use std::ops::Range;

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    from: Edge,
    to: Edge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    /// So many bytes after the beginning of the message.
    Start(usize),
    /// So many bytes before its end.
    End(usize),
}

impl Span {
    pub fn parse(word: &str) -> Option<Self> {
        let (from, to) = word.split_once("..")?;
        let from = if from.is_empty() { Edge::Start(0) } else { Edge::parse(from)? };
        let to = if to.is_empty() { Edge::End(0) } else { Edge::parse(to)? };
        Some(Self { from, to })
    }

    /// In a message of so many bytes; `None` when it is not inside.
    pub fn within(self, len: usize) -> Option<Range<usize>> {
        let (from, to) = (self.from.within(len)?, self.to.within(len)?);
        (from <= to).then_some(from..to)
    }
}

impl Edge {
    fn parse(word: &str) -> Option<Self> {
        let number = |digits: &str| if digits.starts_with('+') { None } else { digits.parse::<u32>().ok() };
        match word.strip_prefix('-') {
            Some(digits) => number(digits).map(|n| Self::End(n as usize)),
            None => number(word).map(|n| Self::Start(n as usize)),
        }
    }

    fn within(self, len: usize) -> Option<usize> {
        match self {
            Self::Start(at) => (at <= len).then_some(at),
            Self::End(before) => len.checked_sub(before),
        }
    }
}
