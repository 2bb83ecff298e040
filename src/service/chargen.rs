//! Chargen: lines of 72 characters without end, each one character further through the 95 printing ASCII characters
//! (RFC 864). A datagram is answered with one of 0 to 512 characters.
//!
//! After 95 lines the pattern begins anew; that cycle is what is sent at once, each time there is room. What a peer sends is
//! thrown away. The RFC asks for random lengths; here they follow from the peer, so that a test can know them.

use std::sync::Arc;

use super::{Actions, Handler, Peer, Service, ServiceDef};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "chargen",
    summary: "sends rotating lines of 72 characters without end; 0 to 512 characters for a datagram (RFC 864)",
    settings: &[],
    make: |_settings| Arc::new(Chargen),
};

/// The printing characters, space to tilde.
const PRINTING: usize = 95;
/// 72 characters, CR, LF.
const LINE: usize = 74;
/// The most a datagram has (RFC 864).
const MOST_OF_DATAGRAM: u64 = 512;

static CYCLE: [u8; PRINTING * LINE] = cycle();

const fn cycle() -> [u8; PRINTING * LINE] {
    let mut all = [b'\n'; PRINTING * LINE];
    let mut at = 0;
    while at < all.len() {
        let (line, column) = (at / LINE, at % LINE);
        if column < LINE - 2 {
            all[at] = b' ' + ((line + column) % PRINTING) as u8;
        } else if column == LINE - 2 {
            all[at] = b'\r';
        }
        at += 1;
    }
    all
}

struct Chargen;

impl Service for Chargen {
    fn connect(&self, peer: &Peer) -> Box<dyn Handler> {
        Box::new(Generator { is_stream: false, lengths: peer.id.0 })
    }
}

struct Generator {
    is_stream: bool,
    /// The state that the lengths of datagrams come from.
    lengths: u64,
}

impl Generator {
    fn next_length(&mut self) -> usize {
        // SplitMix64 (Steele, Lea, Flood 2014): any seed will do, also small neighbouring ones.
        self.lengths = self.lengths.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.lengths;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % (MOST_OF_DATAGRAM + 1)) as usize
    }
}

impl Handler for Generator {
    fn on_open(&mut self, out: &mut Actions) {
        self.is_stream = true;
        self.on_room(out);
    }

    fn on_bytes(&mut self, _data: &[u8], out: &mut Actions) {
        if !self.is_stream {
            let length = self.next_length();
            out.send(&CYCLE[..length]);
        }
    }

    fn on_room(&mut self, out: &mut Actions) {
        out.send(&CYCLE);
        out.more();
    }
}

#[cfg(test)]
mod tests {
    use super::super::play::Play;
    use crate::service::After;

    #[test]
    fn a_stream_has_the_lines_of_the_rfc_and_they_go_on_from_chunk_to_chunk() {
        let mut play = Play::new("chargen", &[]);
        let (first, again) = (play.open(), play.room());
        assert!(first.more && again.more && first.after == After::Stay);
        let text = first.text() + &again.text();
        let lines: Vec<_> = text.split_terminator("\r\n").collect();
        assert_eq!(lines[0], r##" !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefg"##);
        assert_eq!(lines[1], r##"!"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefgh"##);
        assert_eq!(lines.len(), 190);
        for pair in lines.windows(2) {
            assert_eq!((pair[0].len(), &pair[0][1..]), (72, &pair[1][..71]), "each line is the one before, one character on");
            assert!(pair[1].bytes().all(|b| b == b' ' || b.is_ascii_graphic()));
        }
        assert_eq!(play.hear(b"thrown away"), Default::default());
        assert_eq!(play.end().after, After::Close);
    }

    #[test]
    fn datagrams_have_0_to_512_characters_that_follow_from_the_peer() {
        let answers = |peer| {
            let mut play = Play::with_peer("chargen", &[], peer);
            (0..3_000).map(|_| play.hear(b"x").sent).collect::<Vec<_>>()
        };
        let one = answers(1);
        assert!(one.iter().all(|sent| sent.len() == 1), "one datagram for each");
        let lengths: std::collections::BTreeSet<_> = one.iter().map(|sent| sent[0].len()).collect();
        assert_eq!((lengths.first(), lengths.last()), (Some(&0), Some(&512)));
        assert!(lengths.len() > 450, "all lengths come: {}", lengths.len());
        assert!(one.iter().all(|sent| super::CYCLE.starts_with(&sent[0])));
        assert_eq!(one, answers(1), "the same each time");
        assert_ne!(one, answers(2));
    }
}
