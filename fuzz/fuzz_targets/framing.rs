//! Any stream gives the same messages however it is cut, and holds no more than its maximum.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketlab::bytes::{ByteOrder, Framer, Framing, LengthHeader};

fuzz_target!(|input: ((u8, u8, u16), Vec<u8>, Vec<u8>)| {
    let ((kind, detail, most), cuts, stream) = input;
    let most = u32::from(most);
    let order = if detail & 1 == 0 { ByteOrder::Big } else { ByteOrder::Little };
    let framing = match kind % 4 {
        0 => Framing::Fixed { size: most.max(1) },
        1 => Framing::Delimiter { bytes: stream.iter().take(1 + usize::from(detail % 8)).copied().collect(), most },
        2 => {
            let header = LengthHeader { width: 1 << (detail >> 1 & 3), order, counts_itself: detail & 8 != 0 };
            Framing::Length { header, most }
        }
        _ => Framing::UntilClose { most },
    };
    if matches!(&framing, Framing::Delimiter { bytes, .. } if bytes.is_empty()) {
        return;
    }
    let (whole, ended) = messages(&framing, &[&stream]);
    let mut pieces = Vec::new();
    let mut rest = &stream[..];
    for cut in cuts {
        let (piece, later) = rest.split_at(rest.len().min(cut.into()));
        pieces.push(piece);
        rest = later;
    }
    pieces.push(rest);
    let (cut_up, cut_ended) = messages(&framing, &pieces);
    assert_eq!(whole, cut_up);
    assert_eq!(ended, cut_ended);
    for message in whole {
        assert!(message.len() <= most.max(1) as usize);
        if let (Ok(wire), Framing::Delimiter { .. } | Framing::Length { .. } | Framing::Fixed { .. }) = (framing.wrap(&message), &framing) {
            assert_eq!(messages(&framing, &[&wire]), (vec![message], true));
        }
    }
});

/// All messages, and whether it ended well.
fn messages(framing: &Framing, pieces: &[&[u8]]) -> (Vec<Vec<u8>>, bool) {
    let mut framer = Framer::new(framing.clone());
    let mut messages = Vec::new();
    for piece in pieces {
        if framer.push(piece, |frame| messages.push(frame.message.to_vec())).is_err() {
            return (messages, false);
        }
    }
    let ended = framer.finish(|frame| messages.push(frame.message.to_vec())).is_ok();
    (messages, ended)
}
