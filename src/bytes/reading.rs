//! What the bytes at a place could be: numbers in both orders, an address, a time. Nothing is guessed; each is shown beside the others.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Utc;

/// A number read in both byte orders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Both<T> {
    /// The most significant byte first.
    pub big: T,
    /// The least significant byte first.
    pub little: T,
}

/// Readings of the bytes from a place on; `None` where too few are left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "the types say it")]
pub struct Reading {
    pub u8: Option<u8>,
    pub i8: Option<i8>,
    pub u16: Option<Both<u16>>,
    pub i16: Option<Both<i16>>,
    pub u32: Option<Both<u32>>,
    pub i32: Option<Both<i32>>,
    pub u64: Option<Both<u64>>,
    pub i64: Option<Both<i64>>,
    pub f32: Option<Both<f32>>,
    pub f64: Option<Both<f64>>,
    /// In network order, as in packets.
    pub ipv4: Option<Ipv4Addr>,
    /// In network order, as in packets.
    pub ipv6: Option<Ipv6Addr>,
    /// Seconds since 1970 in 32 bits without a sign, as most protocols have them: until 2106.
    pub time32: Option<Both<Utc>>,
    /// Seconds since 1970 in 64 bits with a sign.
    pub time64: Option<Both<Utc>>,
}

impl Reading {
    /// Of the bytes from `cursor` on.
    pub fn at(bytes: &[u8], cursor: usize) -> Self {
        let rest = bytes.get(cursor..).unwrap_or_default();
        let u32 = both(rest, u32::from_be_bytes, u32::from_le_bytes);
        let i64 = both(rest, i64::from_be_bytes, i64::from_le_bytes);
        Self {
            u8: rest.first().copied(),
            i8: rest.first().map(|b| b.cast_signed()),
            u16: both(rest, u16::from_be_bytes, u16::from_le_bytes),
            i16: both(rest, i16::from_be_bytes, i16::from_le_bytes),
            u32,
            i32: both(rest, i32::from_be_bytes, i32::from_le_bytes),
            u64: both(rest, u64::from_be_bytes, u64::from_le_bytes),
            i64,
            f32: both(rest, f32::from_be_bytes, f32::from_le_bytes),
            f64: both(rest, f64::from_be_bytes, f64::from_le_bytes),
            ipv4: rest.first_chunk::<4>().map(|b| Ipv4Addr::from(*b)),
            ipv6: rest.first_chunk::<16>().map(|b| Ipv6Addr::from(*b)),
            time32: u32.map(|n| n.map(|n| Utc(n.into()))),
            time64: i64.map(|n| n.map(Utc)),
        }
    }
}

impl<T> Both<T> {
    fn map<U>(self, to: impl Fn(T) -> U) -> Both<U> {
        Both { big: to(self.big), little: to(self.little) }
    }
}

fn both<T, const N: usize>(bytes: &[u8], big: fn([u8; N]) -> T, little: fn([u8; N]) -> T) -> Option<Both<T>> {
    bytes.first_chunk::<N>().map(|b| Both { big: big(*b), little: little(*b) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_reading_of_known_bytes() {
        let bytes = [0xff, 0x7f, 0, 0, 1, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        let first = Reading::at(&bytes, 1);
        assert_eq!((first.u8, first.i8, Reading::at(&bytes, 0).i8), (Some(0x7f), Some(0x7f), Some(-1)));
        assert_eq!(first.u16, Some(Both { big: 0x7f00, little: 0x007f }));
        assert_eq!(first.i32, Some(Both { big: 0x7f00_0001, little: 0x0100_007f }));
        assert_eq!(first.ipv4, Some(Ipv4Addr::LOCALHOST));
        assert_eq!(Reading::at(&bytes, 5).f64.unwrap().big, 1.0);
        assert_eq!(Reading::at(&[0, 0, 0x80, 0x3f], 0).f32.unwrap().little, 1.0);
        let loopback = Ipv6Addr::LOCALHOST.octets();
        assert_eq!(Reading::at(&loopback, 0).ipv6, Some(Ipv6Addr::LOCALHOST));
        let time = Reading::at(&[0x7f, 0xff, 0xff, 0xff], 0).time32.unwrap();
        assert_eq!((time.big, time.little), (Utc(0x7fff_ffff), Utc(0xffff_ff7f)));
        assert_eq!(Reading::at(&[0xff; 8], 0).time64.unwrap().big, Utc(-1));
    }

    proptest! {
        #[test]
        fn too_few_bytes_are_no_reading(bytes in prop::collection::vec(any::<u8>(), 0..20), cursor in 0..30_usize) {
            let left = bytes.len().saturating_sub(cursor);
            let r = Reading::at(&bytes, cursor);
            let there = [r.u8.is_some(), r.u16.is_some(), r.i32.is_some(), r.u64.is_some(), r.f32.is_some(), r.f64.is_some(), r.ipv4.is_some(), r.ipv6.is_some(), r.time32.is_some(), r.time64.is_some()];
            prop_assert_eq!(there, [1, 2, 4, 8, 4, 8, 4, 16, 4, 8].map(|width| left >= width));
            if let (Some(u), Some(i)) = (r.u64, r.i64) {
                prop_assert_eq!((u.big, u.little), (i.big.cast_unsigned(), i.little.cast_unsigned()));
                prop_assert_eq!(u.big.swap_bytes(), u.little);
            }
        }
    }
}
