//! Going through the traffic log little by little, so that no frame is long. It keeps a place in the log, never a record.

use crate::engine::{LogView, Record};

/// Rows examined in one frame at most.
pub const ROWS_A_FRAME: usize = 20_000;
/// Payload bytes looked through in one frame at most.
pub const BYTES_A_FRAME: usize = 4 << 20;

/// How far one went.
#[derive(Debug, Default)]
pub struct Walk {
    next: u64,
}

impl Walk {
    /// Hands over what is new, with its index, within the frame's limit. `each` answers how many payload bytes it looked at.
    pub fn go(&mut self, log: &LogView<Record>, mut each: impl FnMut(u64, &Record) -> usize) {
        self.next = self.next.max(log.first_index());
        if !self.behind(log) {
            return;
        }
        let mut bytes = 0;
        for record in log.iter_from(self.next).take(ROWS_A_FRAME) {
            bytes += each(self.next, record);
            self.next += 1;
            if bytes > BYTES_A_FRAME {
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
        let log: LogView<Record> = (0..50_000).map(|_| record(&end, RecordKind::Received, b"12345678")).collect();
        let frames = |bytes: usize| {
            let (mut walk, mut seen, mut frames) = (Walk::default(), 0, 0);
            while walk.behind(&log) {
                walk.go(&log, |index, _| {
                    assert_eq!(index, seen);
                    seen += 1;
                    bytes
                });
                frames += 1;
            }
            (frames, seen)
        };
        assert_eq!(frames(0), (3, 50_000));
        assert_eq!(frames(BYTES_A_FRAME / 1_000).1, 50_000);
        assert!(frames(BYTES_A_FRAME / 1_000).0 > 40);
    }
}
