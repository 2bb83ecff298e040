//! Any cut of a stream gives the same messages; what breaks a framing is refused, and memory stays bounded.

use proptest::prelude::*;

use super::*;

fn length(width: u8, order: ByteOrder, counts_itself: bool, most: u32) -> Framing {
    Framing::Length { header: LengthHeader { width, order, counts_itself }, most }
}

/// All messages and how it ended, when the stream comes in these pieces.
fn cut(framing: &Framing, pieces: &[&[u8]]) -> (Vec<Vec<u8>>, Result<(), FramingError>) {
    let (mut framer, mut messages, mut places) = (Framer::new(framing.clone()), Vec::new(), Vec::new());
    let mut each = |frame: Frame<'_>| {
        messages.push(frame.message.to_vec());
        places.push(frame.start..frame.end);
    };
    let result = pieces.iter().try_for_each(|piece| framer.push(piece, &mut each)).and_then(|()| framer.finish(&mut each));
    assert!(places.windows(2).all(|p| p[0].end == p[1].start) && places.first().is_none_or(|p| p.start == 0), "{places:?}");
    (messages, result)
}

#[test]
fn each_framing_cuts_where_it_says() {
    let messages = |framing: &Framing, bytes: &[u8]| cut(framing, &[bytes]);
    let texts = |list: &[&str]| list.iter().map(|s| s.as_bytes().to_vec()).collect::<Vec<_>>();
    assert_eq!(messages(&Framing::Raw, b"abc"), (texts(&["abc"]), Ok(())));
    assert_eq!(messages(&Framing::Fixed { size: 2 }, b"abcd"), (texts(&["ab", "cd"]), Ok(())));
    assert_eq!(messages(&Framing::Fixed { size: 2 }, b"abc"), (texts(&["ab"]), Err(FramingError::Unfinished { have: 1 })));
    let lines = Framing::Delimiter { bytes: b"\r\n".to_vec(), most: 5 };
    assert_eq!(messages(&lines, b"one\r\n\r\ntwo\r\n"), (texts(&["one", "", "two"]), Ok(())));
    assert_eq!(messages(&length(2, ByteOrder::Big, false, 9), b"\0\x02ab\0\0"), (texts(&["ab", ""]), Ok(())));
    assert_eq!(messages(&length(2, ByteOrder::Little, true, 9), b"\x04\0ab"), (texts(&["ab"]), Ok(())));
    assert_eq!(messages(&Framing::UntilClose { most: 9 }, b"all of it"), (texts(&["all of it"]), Ok(())));
}

#[test]
fn what_breaks_the_framing_is_refused_after_what_came_before_it() {
    let ab = vec![b"ab".to_vec()];
    let lines = Framing::Delimiter { bytes: b"\r\n".to_vec(), most: 3 };
    assert_eq!(cut(&lines, &[b"ab\r\nabcd\r\n"]), (ab.clone(), Err(FramingError::TooLong { len: 4, most: 3 })));
    assert_eq!(cut(&lines, &[b"ab\r\nabc\r", b"x"]), (ab.clone(), Err(FramingError::TooLong { len: 5, most: 3 })));
    assert_eq!(cut(&lines, &[b"abc\r", b"\n"]).0, [b"abc"], "the longest, with its delimiter in two pieces");
    let header = length(1, ByteOrder::Big, true, 9);
    assert_eq!(cut(&header, &[b"\x03ab\0"]), (ab.clone(), Err(FramingError::ShorterThanItself { len: 0, width: 1 })));
    assert_eq!(cut(&header, &[b"\x03ab\xff"]), (ab, Err(FramingError::TooLong { len: 254, most: 9 })));
    let wide = length(8, ByteOrder::Big, false, 9);
    assert_eq!(cut(&wide, &[&[0xff; 8]]).1, Err(FramingError::TooLong { len: u64::MAX, most: 9 }));
    assert_eq!(cut(&Framing::UntilClose { most: 2 }, &[b"ab", b"c"]).1, Err(FramingError::TooLong { len: 3, most: 2 }));
}

#[test]
fn a_stream_without_end_is_not_held_beyond_the_maximum() {
    for framing in [Framing::Delimiter { bytes: b"\n".to_vec(), most: 1_000 }, Framing::UntilClose { most: 1_000 }] {
        let mut framer = Framer::new(framing);
        let mut most = 0;
        let failed = (0..100).find_map(|_| {
            let result = framer.push(&[b'x'; 100], |_| ());
            most = most.max(framer.held());
            result.err()
        });
        assert!(matches!(failed, Some(FramingError::TooLong { .. })) && most <= 1_000 && framer.held() == 0, "{most}");
        assert_eq!(framer.push(b"\n", |_| panic!("the boundaries are lost")), Err(failed.unwrap()));
    }
}

#[test]
fn a_message_that_cannot_be_told_apart_is_not_sent() {
    let of = |framing: &Framing, message: &[u8]| framing.wrap(message).unwrap_err();
    assert_eq!(of(&Framing::Fixed { size: 2 }, b"abc"), FramingError::WrongSize { len: 3, size: 2 });
    let delimiter = |bytes: &[u8]| Framing::Delimiter { bytes: bytes.to_vec(), most: 9 };
    assert_eq!(of(&delimiter(b"\n"), b"a\nb"), FramingError::HoldsDelimiter { at: 1 });
    assert_eq!(of(&delimiter(b"aba"), b"xab"), FramingError::HoldsDelimiter { at: 1 }, "begins in the message, ends in the delimiter");
    assert_eq!(of(&length(1, ByteOrder::Big, true, 999), &[0; 255]), FramingError::LengthTooBig { len: 256, width: 1 });
    assert_eq!(of(&length(4, ByteOrder::Big, true, 9), &[0; 10]), FramingError::TooLong { len: 10, most: 9 });
}

#[test]
fn a_framing_is_changed_in_the_middle() {
    let mut framer = Framer::new(Framing::Delimiter { bytes: b"\n".to_vec(), most: 99 });
    framer.push(b"line\nab", |frame| assert_eq!((frame.message, frame.start, frame.end), (&b"line"[..], 0, 5))).unwrap();
    framer.change(Framing::Fixed { size: 3 });
    framer.push(b"c", |frame| assert_eq!((frame.message, frame.start, frame.end), (&b"abc"[..], 5, 8))).unwrap();
}

fn framings() -> impl Strategy<Value = Framing> {
    let header = (prop::sample::select(vec![1_u8, 2, 4, 8]), any::<bool>(), any::<bool>()).prop_map(|(width, big, counts_itself)| {
        LengthHeader { width, order: if big { ByteOrder::Big } else { ByteOrder::Little }, counts_itself }
    });
    prop_oneof![
        (1..9_u32).prop_map(|size| Framing::Fixed { size }),
        (prop::collection::vec(0..3_u8, 1..4), 0..40_u32).prop_map(|(bytes, most)| Framing::Delimiter { bytes, most }),
        (header, 0..40_u32).prop_map(|(header, most)| Framing::Length { header, most }),
        (0..40_u32).prop_map(|most| Framing::UntilClose { most }),
    ]
}

/// The stream in pieces that end at these places.
fn pieces<'a>(stream: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut ends: Vec<_> = cuts.iter().map(|c| c.index(stream.len() + 1)).collect();
    ends.push(stream.len());
    ends.sort_unstable();
    let mut start = 0;
    ends.into_iter().map(|end| &stream[std::mem::replace(&mut start, end)..end]).collect()
}

proptest! {
    #[test]
    fn any_cut_of_any_stream_gives_the_same_messages(
        framing in framings(), stream in prop::collection::vec(0..4_u8, 0..120), cuts: [prop::sample::Index; 6],
    ) {
        let (whole, ended) = cut(&framing, &[&stream]);
        let (cut_up, cut_ended) = cut(&framing, &pieces(&stream, &cuts));
        prop_assert_eq!(whole, cut_up);
        prop_assert_eq!(ended.is_ok(), cut_ended.is_ok());
    }

    #[test]
    fn what_is_wrapped_comes_back(framing in framings(), messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..30), 0..8), cuts: [prop::sample::Index; 4]) {
        let wrapped: Vec<_> = messages.iter().filter_map(|m| framing.wrap(m).ok().map(|w| (m.clone(), w))).collect();
        // Until close carries one message.
        let most = if framing.kind() == FramingKind::UntilClose { 1 } else { usize::MAX };
        let (sent, wires): (Vec<_>, Vec<_>) = wrapped.into_iter().take(most).unzip();
        let stream = wires.concat();
        if framing.kind() == FramingKind::UntilClose && sent.is_empty() {
            return Ok(());
        }
        prop_assert_eq!(cut(&framing, &pieces(&stream, &cuts)), (sent, Ok(())));
    }
}
