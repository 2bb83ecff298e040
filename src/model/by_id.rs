//! Maps by numbers that this program or its kernel gives out: tokens, descriptors. Looked up several times for each message, so
//! they spread their keys with one multiplication. The standard hash costs as much as the rest of a turn; what it guards
//! against, keys that a stranger chose, does not exist here: the numbers go up, or are the smallest free ones.
//!
//! It must not be used for anything a peer sends, such as its address.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// See the module.
pub(super) type ById<K, V> = HashMap<K, V, BuildHasherDefault<Spread>>;

/// An odd number without a pattern: 2⁶⁴ divided by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
/// The map looks at the lowest and the highest bits; a product is mixed best in the upper half.
const UPPER: u32 = 26;

/// Spreads one number over all bits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(GOLDEN);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(UPPER)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    use super::*;

    #[test]
    fn also_numbers_with_gaps_are_spread() {
        let hash = BuildHasherDefault::<Spread>::default();
        for gap in [1, 2, 64, 1_000, 4_096, 1 << 20, 1 << 32] {
            let all: Vec<u64> = (1..=4_096_u64).map(|n| hash.hash_one(n * gap)).collect();
            // Thrown at random, 4,096 balls leave 63 % of as many boxes filled.
            let boxes = |take: fn(u64) -> u64| all.iter().map(|hash| take(*hash)).collect::<HashSet<_>>().len();
            assert!(boxes(|hash| hash % 4_096) > 2_000, "gap {gap}: {} boxes", boxes(|hash| hash % 4_096));
            assert!(boxes(|hash| hash >> 57) >= 64, "gap {gap}: {} tags", boxes(|hash| hash >> 57));
        }
    }
}
