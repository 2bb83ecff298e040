//! Source lines by small numbers, so that a lane can say where it is with one atomic store, and a record fits a cache line.
//!
//! Each line of the program that makes calls is entered once and stays; there are as many as there are such lines. A worker
//! process names its lines by file and number, for an address means nothing outside the process that it is from.

use std::fmt;
use std::panic::Location;
use std::sync::OnceLock;

const BITS: u32 = 11;
const PLACES: usize = 1 << BITS;
/// Neighbours looked at before a line stays without a number.
const PROBES: usize = 32;

static TABLE: [OnceLock<Line>; PLACES] = [const { OnceLock::new() }; PLACES];

/// A line of source.
#[derive(Clone, Copy, Debug)]
enum Line {
    Own(&'static Location<'static>),
    Told { file: &'static str, line: u32 },
}

impl Line {
    fn file(self) -> &'static str {
        match self {
            Self::Own(at) => at.file(),
            Self::Told { file, .. } => file,
        }
    }

    fn line(self) -> u32 {
        match self {
            Self::Own(at) => at.line(),
            Self::Told { line, .. } => line,
        }
    }
}

/// A line of this program's source, or of a worker process of it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Place(u16);

impl Place {
    /// The line of the caller, through functions that are `#[track_caller]`.
    #[track_caller]
    pub fn caller() -> Self {
        Self::of(Location::caller())
    }

    /// Once a line is known, this is a hash, a load and a comparison.
    #[inline]
    pub(super) fn of(at: &'static Location<'static>) -> Self {
        let mixed = (std::ptr::from_ref(at).addr() as u64 >> 3).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let is_it = |line: &Line| matches!(line, Line::Own(own) if std::ptr::eq(*own, at));
        Self::find(mixed, || Line::Own(at), is_it)
    }

    /// A line that another process named. What is kept of it is bounded by the table.
    pub fn told(file: &str, line: u32) -> Self {
        let letters = file.bytes().fold(u64::from(line) + 1, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let is_it = |known: &Line| matches!(known, Line::Told { .. }) && (known.file(), known.line()) == (file, line);
        let enter = || Line::Told { file: Box::leak(Box::from(file)), line };
        Self::find(letters.wrapping_mul(0x9e37_79b9_7f4a_7c15), enter, is_it)
    }

    #[inline]
    fn find(mixed: u64, enter: impl Fn() -> Line, is_it: impl Fn(&Line) -> bool) -> Self {
        let first = (mixed >> (64 - BITS)) as usize;
        for step in 0..PROBES {
            let slot = (first + step) % PLACES;
            if is_it(TABLE[slot].get_or_init(&enter)) {
                return Self(slot as u16 + 1);
            }
        }
        Self(0)
    }

    /// `false` when the table was full, or nobody said.
    pub fn is_known(self) -> bool {
        self.line_of().is_some()
    }

    /// As the compiler names it, e.g. `src/model/epoll_lt.rs`; empty when not known.
    pub fn file(self) -> &'static str {
        self.line_of().map_or("", Line::file)
    }

    /// From 1; 0 when not known.
    pub fn line(self) -> u32 {
        self.line_of().map_or(0, Line::line)
    }

    /// Its number in this process; 0 when not known.
    pub(crate) fn number(self) -> u16 {
        self.0
    }

    pub(super) fn from_number(number: u16) -> Self {
        Self(number)
    }

    fn line_of(self) -> Option<Line> {
        TABLE.get(usize::from(self.0).checked_sub(1)?)?.get().copied()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file(), self.line())
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_number() {
        let here: [&'static Location<'static>; 2] = [Location::caller(), Location::caller()];
        let places = here.map(Place::of);
        assert_eq!(places, here.map(Place::of));
        assert!(places.iter().zip(here).all(|(place, at)| (place.file(), place.line()) == (at.file(), at.line())));
        assert!(!Place::from_number(0).is_known() && Place::default().file().is_empty());
    }

    #[test]
    fn a_line_of_another_process_is_found_again_and_is_not_mixed_up() {
        let told = Place::told("src/model/processes.rs", 47);
        assert_eq!(told, Place::told(&String::from("src/model/processes.rs"), 47));
        assert_eq!((told.file(), told.line()), ("src/model/processes.rs", 47));
        assert!(told != Place::told("src/model/processes.rs", 48) && told != Place::told("src/model/talk.rs", 47));
    }
}
