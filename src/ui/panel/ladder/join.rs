//! What left one end and what came at the other, put together by their places in the stream. Pure.

use std::collections::VecDeque;

/// Pieces that wait for their other half at most; more than that, and the oldest stay alone.
const WAITING: usize = 4_096;

/// What one call moved, and the row it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    row: u64,
    from: u64,
    to: u64,
}

/// One direction of one connection between two ends of ours.
#[derive(Debug, Default)]
pub struct Stream {
    sent: VecDeque<Piece>,
    received: VecDeque<Piece>,
    /// Bytes sent and received so far.
    totals: [u64; 2],
}

/// Which end told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The end that sends.
    Sent,
    /// The end that receives.
    Received,
}

impl Stream {
    /// One more row; hands over each pair of rows that have bytes in common, and how many.
    pub fn push(&mut self, told: Told, row: u64, len: u64, mut pair: impl FnMut(u64, u64, u64)) {
        let (total, queue) = match told {
            Told::Sent => (&mut self.totals[0], &mut self.sent),
            Told::Received => (&mut self.totals[1], &mut self.received),
        };
        queue.push_back(Piece { row, from: *total, to: *total + len });
        *total += len;
        if queue.len() > WAITING {
            queue.pop_front();
        }
        while let (Some(sent), Some(received)) = (self.sent.front().copied(), self.received.front().copied()) {
            let common = sent.to.min(received.to).saturating_sub(sent.from.max(received.from));
            if common > 0 {
                pair(sent.row, received.row, common);
            }
            if sent.to <= received.to {
                self.sent.pop_front();
            }
            if received.to <= sent.to {
                self.received.pop_front();
            }
        }
    }
}

/// Datagrams between two ends of ours: each comes whole or not at all, and may be overtaken.
#[derive(Debug, Default)]
pub struct Datagrams {
    sent: VecDeque<(u64, u64)>,
    received: VecDeque<(u64, u64)>,
}

impl Datagrams {
    /// One more row, with what its bytes add up to; answers the other row with the same bytes: sent, received.
    pub fn push(&mut self, told: Told, row: u64, sum: u64) -> Option<(u64, u64)> {
        let (own, others) = match told {
            Told::Sent => (&mut self.sent, &mut self.received),
            Told::Received => (&mut self.received, &mut self.sent),
        };
        if let Some(at) = others.iter().position(|(_, s)| *s == sum) {
            let (other, _) = others.remove(at)?;
            return Some(if told == Told::Sent { (row, other) } else { (other, row) });
        }
        own.push_back((row, sum));
        if own.len() > WAITING {
            own.pop_front();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_and_receives_are_joined_by_their_bytes_in_whichever_order_they_are_told() {
        let mut stream = Stream::default();
        let mut pairs = Vec::new();
        let tell = [(Told::Sent, 5), (Told::Received, 3), (Told::Received, 6), (Told::Sent, 4), (Told::Sent, 2), (Told::Received, 2)];
        for (row, (told, len)) in tell.into_iter().enumerate() {
            stream.push(told, row as u64, len, |s, r, n| pairs.push((s, r, n)));
        }
        assert_eq!(pairs, [(0, 1, 3), (0, 2, 2), (3, 2, 4), (4, 5, 2)]);
    }

    #[test]
    fn datagrams_overtake_and_get_lost() {
        let mut grams = Datagrams::default();
        assert_eq!([(Told::Sent, 0, 7), (Told::Sent, 1, 8), (Told::Sent, 2, 9)].map(|(t, r, s)| grams.push(t, r, s)), [None; 3]);
        assert_eq!((grams.push(Told::Received, 3, 9), grams.push(Told::Received, 4, 7)), (Some((2, 3)), Some((0, 4))));
    }
}
