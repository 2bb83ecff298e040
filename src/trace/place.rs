//! Source lines by small numbers, so that a lane can say where it is with one atomic store.
//!
//! Each line of the program that makes calls is entered once and stays; there are as many as there are such lines.

use std::panic::Location;
use std::sync::OnceLock;

/// A line of this program's source.
type Place = &'static Location<'static>;

const BITS: u32 = 11;
const PLACES: usize = 1 << BITS;
/// Neighbours looked at before a line stays without a number.
const PROBES: usize = 32;

static TABLE: [OnceLock<Place>; PLACES] = [const { OnceLock::new() }; PLACES];

/// The number of this line, from 1; 0 when the table is full. Once a line is known, this is a hash, a load and a comparison.
#[inline]
pub(super) fn number(at: Place) -> u16 {
    let mixed = (std::ptr::from_ref(at).addr() as u64 >> 3).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let first = (mixed >> (64 - BITS)) as usize;
    for step in 0..PROBES {
        let slot = (first + step) % PLACES;
        if std::ptr::eq(*TABLE[slot].get_or_init(|| at), at) {
            return slot as u16 + 1;
        }
    }
    0
}

/// The line with this number.
pub(super) fn line(number: u16) -> Option<Place> {
    TABLE.get(usize::from(number).checked_sub(1)?)?.get().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_number() {
        let here: [Place; 2] = [Location::caller(), Location::caller()];
        let numbers = here.map(number);
        assert_eq!(numbers, here.map(number));
        assert!(numbers.iter().zip(here).all(|(n, at)| line(*n) == Some(at)));
        assert_eq!(line(0), None);
    }
}
