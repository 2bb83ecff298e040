//! Random bytes that come again with the same seed. They look random; they keep no secret.

/// `SplitMix64`: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014, figure 16.
pub(super) struct SplitMix64(u64);

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl SplitMix64 {
    /// For one field of one message: neighbours have nothing in common.
    pub fn of(seed: u64, count: u64, field: u64) -> Self {
        Self(mix(mix(mix(seed).wrapping_add(count)).wrapping_add(field)))
    }

    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = self.next().to_le_bytes();
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN_GAMMA);
        finish(self.0)
    }
}

fn mix(n: u64) -> u64 {
    finish(n.wrapping_add(GOLDEN_GAMMA))
}

fn finish(z: u64) -> u64 {
    let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_reference() {
        let mut numbers = SplitMix64(1_234_567);
        let first: [u64; 3] = std::array::from_fn(|_| numbers.next());
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn every_field_of_every_message_has_its_own_bytes() {
        let bytes = |seed, count, field| {
            let mut bytes = [0; 11];
            SplitMix64::of(seed, count, field).fill(&mut bytes);
            bytes
        };
        assert_eq!(bytes(1, 2, 3), bytes(1, 2, 3));
        let mut all: Vec<_> = (0..512).map(|n| bytes(n & 7, n >> 3 & 7, n >> 6)).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 512);
    }
}
