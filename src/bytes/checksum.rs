//! Checksums over bytes: cyclic redundancy checks by their names in Greg Cook's catalogue, the Internet checksum and XOR.

use std::fmt;

use crc::Crc;

/// One way to sum bytes up.
pub struct Checksum {
    /// Its name in the catalogue, in lower case: `crc-16/modbus`.
    pub id: &'static str,
    /// What else people call it.
    pub aliases: &'static [&'static str],
    /// The published value for the nine bytes `123456789`.
    pub check: u32,
    sum: Sum,
}

enum Sum {
    Crc8(&'static Crc<u8>),
    Crc16(&'static Crc<u16>),
    Crc32(&'static Crc<u32>),
    Internet,
    Xor,
}

/// A line of the table below: the catalogue's algorithm brings its check value along.
macro_rules! line {
    (8, $id:literal, $algorithm:ident $(, $alias:literal)*) => {
        line!(Crc8, &Crc::<u8>::new(&crc::$algorithm), $id, crc::$algorithm.check as u32 $(, $alias)*)
    };
    (16, $id:literal, $algorithm:ident $(, $alias:literal)*) => {
        line!(Crc16, &Crc::<u16>::new(&crc::$algorithm), $id, crc::$algorithm.check as u32 $(, $alias)*)
    };
    (32, $id:literal, $algorithm:ident $(, $alias:literal)*) => {
        line!(Crc32, &Crc::<u32>::new(&crc::$algorithm), $id, crc::$algorithm.check $(, $alias)*)
    };
    ($sum:ident, $new:expr, $id:literal, $check:expr $(, $alias:literal)*) => {
        Checksum { id: $id, aliases: &[$($alias),*], check: $check, sum: Sum::$sum($new) }
    };
}

static ALL: [Checksum; 34] = [
    line!(8, "crc-8/smbus", CRC_8_SMBUS, "crc8", "crc-8"),
    line!(8, "crc-8/autosar", CRC_8_AUTOSAR),
    line!(8, "crc-8/bluetooth", CRC_8_BLUETOOTH),
    line!(8, "crc-8/cdma2000", CRC_8_CDMA2000),
    line!(8, "crc-8/dvb-s2", CRC_8_DVB_S2),
    line!(8, "crc-8/i-432-1", CRC_8_I_432_1, "crc-8/itu"),
    line!(8, "crc-8/maxim-dow", CRC_8_MAXIM_DOW, "crc-8/maxim"),
    line!(8, "crc-8/rohc", CRC_8_ROHC),
    line!(8, "crc-8/sae-j1850", CRC_8_SAE_J1850),
    line!(8, "crc-8/wcdma", CRC_8_WCDMA),
    line!(16, "crc-16/arc", CRC_16_ARC, "crc16", "crc-16"),
    line!(16, "crc-16/dnp", CRC_16_DNP),
    line!(16, "crc-16/en-13757", CRC_16_EN_13757),
    line!(16, "crc-16/genibus", CRC_16_GENIBUS),
    line!(16, "crc-16/gsm", CRC_16_GSM),
    line!(16, "crc-16/ibm-3740", CRC_16_IBM_3740, "crc-16/ccitt-false"),
    line!(16, "crc-16/ibm-sdlc", CRC_16_IBM_SDLC, "crc-16/x-25"),
    line!(16, "crc-16/kermit", CRC_16_KERMIT, "crc-16/ccitt"),
    line!(16, "crc-16/maxim-dow", CRC_16_MAXIM_DOW, "crc-16/maxim"),
    line!(16, "crc-16/mcrf4xx", CRC_16_MCRF4XX),
    line!(16, "crc-16/modbus", CRC_16_MODBUS),
    line!(16, "crc-16/spi-fujitsu", CRC_16_SPI_FUJITSU, "crc-16/aug-ccitt"),
    line!(16, "crc-16/t10-dif", CRC_16_T10_DIF),
    line!(16, "crc-16/usb", CRC_16_USB),
    line!(16, "crc-16/xmodem", CRC_16_XMODEM),
    line!(32, "crc-32/iso-hdlc", CRC_32_ISO_HDLC, "crc32", "crc-32"),
    line!(32, "crc-32/autosar", CRC_32_AUTOSAR),
    line!(32, "crc-32/bzip2", CRC_32_BZIP2),
    line!(32, "crc-32/cksum", CRC_32_CKSUM),
    line!(32, "crc-32/iscsi", CRC_32_ISCSI, "crc32c", "crc-32c"),
    line!(32, "crc-32/jamcrc", CRC_32_JAMCRC),
    line!(32, "crc-32/mpeg-2", CRC_32_MPEG_2),
    Checksum { id: "inet", aliases: &["internet"], check: 0xf62a, sum: Sum::Internet },
    Checksum { id: "xor", aliases: &[], check: 0x31, sum: Sum::Xor },
];

impl Checksum {
    /// Every one, in the order of menus.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The one of this name, in small or capital letters.
    pub fn named(name: &str) -> Option<&'static Self> {
        let is_it = |other: &&str| other.eq_ignore_ascii_case(name);
        ALL.iter().find(|c| is_it(&c.id) || c.aliases.iter().any(&is_it))
    }

    /// How many bytes it has.
    pub fn width(&self) -> usize {
        match self.sum {
            Sum::Crc8(_) | Sum::Xor => 1,
            Sum::Crc16(_) | Sum::Internet => 2,
            Sum::Crc32(_) => 4,
        }
    }

    /// The sum of these bytes.
    pub fn of(&self, bytes: &[u8]) -> u32 {
        match self.sum {
            Sum::Crc8(crc) => crc.checksum(bytes).into(),
            Sum::Crc16(crc) => crc.checksum(bytes).into(),
            Sum::Crc32(crc) => crc.checksum(bytes),
            Sum::Internet => internet(bytes).into(),
            Sum::Xor => bytes.iter().fold(0, |sum, b| sum ^ b).into(),
        }
    }
}

/// RFC 1071 §1: the complement of the ones' complement sum of 16-bit words in network order; an odd byte is the first of its word.
fn internet(bytes: &[u8]) -> u16 {
    let (words, odd) = bytes.as_chunks::<2>();
    let mut sum: u64 = words.iter().map(|w| u64::from(u16::from_be_bytes(*w))).sum();
    sum += odd.first().map_or(0, |b| u64::from(*b) << 8);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

impl PartialEq for Checksum {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Checksum {}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_check_values() {
        for sum in &ALL {
            assert_eq!(sum.of(b"123456789"), sum.check, "{sum:?}");
            assert_eq!(Checksum::named(&sum.id.to_uppercase()), Some(sum));
            assert!(sum.aliases.iter().all(|alias| Checksum::named(alias) == Some(sum)), "{sum:?}: nobody else has its names");
        }
        // Of the catalogue itself (reveng.sourceforge.io/crc-catalogue), typed off.
        for (name, check) in [
            ("crc-8", 0xf4),
            ("crc-8/maxim", 0xa1),
            ("crc-16", 0xbb3d),
            ("crc-16/modbus", 0x4b37),
            ("crc-16/ccitt-false", 0x29b1),
            ("crc-16/kermit", 0x2189),
            ("crc-16/x-25", 0x906e),
            ("crc-16/xmodem", 0x31c3),
            ("crc32", 0xcbf4_3926),
            ("crc32c", 0xe306_9283),
            ("crc-32/mpeg-2", 0x0376_e6e7),
        ] {
            assert_eq!(Checksum::named(name).unwrap().of(b"123456789"), check, "{name}");
        }
        assert_eq!(Checksum::named("crc-64"), None);
    }

    #[test]
    fn the_internet_checksum_is_that_of_rfc_1071() {
        let inet = Checksum::named("inet").unwrap();
        // §3: the sum of these is ddf2.
        assert_eq!(inet.of(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), !0xddf2_u16 as u32);
        // With the checksum in its place the sum is 0 (§1 (3)).
        assert_eq!(inet.of(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7, 0x22, 0x0d]), 0);
        assert_eq!((inet.of(&[]), inet.of(&[0xff])), (0xffff, 0x00ff), "nothing, and an odd byte");
        assert_eq!(inet.of(&vec![0xff; 16 << 20]), 0, "carries are kept");
    }

    #[test]
    fn a_sum_fits_its_width() {
        for sum in &ALL {
            let most = u32::MAX >> (32 - 8 * sum.width());
            assert!((0..=255_u8).all(|b| sum.of(&[b, 1, b]) <= most), "{sum:?}");
        }
    }
}
