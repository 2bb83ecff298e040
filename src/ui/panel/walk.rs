//! Going through the traffic log little by little, so that no frame is long. It keeps a place in the log, never a record.

use std::time::{Duration, Instant};

use crate::engine::{LogView, Record};

/// Rows examined in one frame at most.
const ROWS_A_FRAME: usize = 100_000;
/// Payload bytes looked through in one frame at most.
const BYTES_A_FRAME: usize = 8 << 20;
/// A frame's whole work is to stay under 8 ms, and this is one panel of several.
const TIME_A_FRAME: Duration = Duration::from_millis(2);
/// Rows between two looks at the clock; so many are examined in any case, so that it gets on.
const AT_ONCE: usize = 1_024;

/// How far one went.
#[derive(Debug, Default)]
pub struct Walk {
    next: u64,
}

impl Walk {
    /// Hands over what is new, with its index, within the frame's limit. `each` answers how many payload bytes it looked at.
    pub fn go(&mut self, log: &LogView<Record>, mut each: impl FnMut(u64, &Record) -> usize) {
        self.go_while(log, |index, record| Some(each(index, record)));
    }

    /// The same, until `each` answers `None`: that record comes again the next time.
    pub fn go_while(&mut self, log: &LogView<Record>, mut each: impl FnMut(u64, &Record) -> Option<usize>) {
        self.next = self.next.max(log.first_index());
        if !self.behind(log) {
            return;
        }
        let (mut bytes, began) = (0, Instant::now());
        for (n, record) in log.iter_from(self.next).take(ROWS_A_FRAME).enumerate() {
            let Some(looked) = each(self.next, record) else { return };
            bytes += looked;
            self.next += 1;
            if bytes > BYTES_A_FRAME || (n % AT_ONCE == AT_ONCE - 1 && began.elapsed() > TIME_A_FRAME) {
                break;
            }
        }
    }

    /// Whether rows of this log wait to be examined.
    pub fn behind(&self, log: &LogView<Record>) -> bool {
        self.next < log.end_index()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::RecordKind;
    use crate::ui::panel::tables_fake::{conn, record};

    #[test]
    fn rows_and_bytes_of_one_frame_are_limited() {
        let end = conn(1, "echo-tcp", None);
        let log: LogView<Record> = (0..150_000).map(|_| record(&end, RecordKind::Received, b"12345678")).collect();
        let frames = |bytes: usize| {
            let (mut walk, mut seen, mut frames) = (Walk::default(), 0, 0);
            while walk.behind(&log) {
                let before = seen;
                walk.go(&log, |index, _| {
                    assert_eq!(index, seen);
                    seen += 1;
                    bytes
                });
                assert!(seen - before <= ROWS_A_FRAME as u64 && (bytes == 0 || seen - before <= 1 + (BYTES_A_FRAME / bytes) as u64));
                frames += 1;
            }
            (frames, seen)
        };
        assert_eq!((frames(0).1, frames(BYTES_A_FRAME / 1_000).1), (150_000, 150_000));
        assert!(frames(0).0 > 1 && frames(BYTES_A_FRAME / 1_000).0 >= 149);
    }
}
