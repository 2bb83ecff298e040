//! Why a stream broke its framing, as numbers on the channel.

use crate::bytes::FramingError;

pub(super) fn numbers(why: FramingError) -> (u8, [u64; 2]) {
    match why {
        FramingError::TooLong { len, most } => (0, [len, most.into()]),
        FramingError::ShorterThanItself { len, width } => (1, [len, width.into()]),
        FramingError::Unfinished { have } => (2, [have, 0]),
        FramingError::WrongSize { len, size } => (3, [len, size.into()]),
        FramingError::HoldsDelimiter { at } => (4, [at as u64, 0]),
        FramingError::LengthTooBig { len, width } => (5, [len, width.into()]),
    }
}

pub(super) fn error(kind: u8, [first, second]: [u64; 2]) -> Option<FramingError> {
    Some(match kind {
        0 => FramingError::TooLong { len: first, most: second.try_into().ok()? },
        1 => FramingError::ShorterThanItself { len: first, width: second.try_into().ok()? },
        2 => FramingError::Unfinished { have: first },
        3 => FramingError::WrongSize { len: first, size: second.try_into().ok()? },
        4 => FramingError::HoldsDelimiter { at: first.try_into().ok()? },
        5 => FramingError::LengthTooBig { len: first, width: second.try_into().ok()? },
        _ => return None,
    })
}
