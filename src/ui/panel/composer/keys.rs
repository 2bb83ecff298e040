//! What a key does to bytes in the byte view: one splice, and where the cursor stands after it. Pure.

use std::ops::Range;

/// Where the next key works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The byte, from 0; the number of bytes is the place after the last.
    pub at: usize,
    /// The first digit of this byte was typed and the second is awaited.
    pub half: bool,
}

impl Cursor {
    /// At a whole byte.
    pub fn at(at: usize) -> Self {
        Self { at, half: false }
    }
}

/// Whether typing pushes what follows or writes over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typing {
    /// Over the bytes that are there, as hex editors do.
    #[default]
    Over,
    /// Before them.
    Insert,
}

/// One thing typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// A hex digit.
    Digit(u8),
    /// A character as bytes.
    Character(Vec<u8>),
    /// Bytes from the clipboard: always put in.
    Paste(Vec<u8>),
    /// Backspace.
    Back,
    /// Delete.
    Delete,
}

/// These bytes are replaced by those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// Of the bytes before.
    pub range: Range<usize>,
    /// What stands there after.
    pub with: Vec<u8>,
}

impl Splice {
    /// The bytes after it.
    pub fn applied(&self, bytes: &[u8]) -> Vec<u8> {
        [&bytes[..self.range.start], &self.with, &bytes[self.range.end..]].concat()
    }

    /// This one and another after it as one; `after` are the bytes that come of both.
    pub fn then(&self, next: &Self, after: &[u8]) -> Self {
        let end = self.range.start + self.with.len();
        let (start, stop) = (self.range.start.min(next.range.start), end.max(next.range.end));
        let range = start..stop - end + self.range.end;
        let stop = stop - next.range.len() + next.with.len();
        Self { range, with: after[start..stop].to_vec() }
    }
}

/// What a stroke does; `None` when there is nothing to change.
pub fn strike(bytes: &[u8], cursor: Cursor, typing: Typing, stroke: &Stroke) -> Option<(Splice, Cursor)> {
    let at = cursor.at.min(bytes.len());
    let here = bytes.get(at).copied();
    let splice = |range: Range<usize>, with: Vec<u8>, cursor| Some((Splice { range, with }, cursor));
    match stroke {
        Stroke::Digit(digit) => match here {
            Some(byte) if cursor.half => splice(at..at + 1, vec![byte & 0xf0 | digit], Cursor::at(at + 1)),
            Some(byte) if typing == Typing::Over => splice(at..at + 1, vec![digit << 4 | byte & 0x0f], Cursor { at, half: true }),
            Some(_) | None => splice(at..at, vec![digit << 4], Cursor { at, half: true }),
        },
        Stroke::Character(with) if with.is_empty() => None,
        Stroke::Character(with) => {
            let end = if typing == Typing::Over { (at + with.len()).min(bytes.len()) } else { at };
            splice(at..end, with.clone(), Cursor::at(at + with.len()))
        }
        Stroke::Paste(with) if with.is_empty() => None,
        Stroke::Paste(with) => splice(at..at, with.clone(), Cursor::at(at + with.len())),
        // The digit that was just typed goes with its byte.
        Stroke::Back if cursor.half && here.is_some() => splice(at..at + 1, Vec::new(), Cursor::at(at)),
        Stroke::Back if at > 0 => splice(at - 1..at, Vec::new(), Cursor::at(at - 1)),
        Stroke::Delete if here.is_some() => splice(at..at + 1, Vec::new(), Cursor::at(at)),
        Stroke::Back | Stroke::Delete => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types one stroke after the other.
    fn typed(bytes: &[u8], at: usize, typing: Typing, strokes: &[Stroke]) -> (Vec<u8>, Cursor) {
        strokes.iter().fold((bytes.to_vec(), Cursor::at(at)), |(bytes, cursor), stroke| match strike(&bytes, cursor, typing, stroke) {
            Some((splice, cursor)) => (splice.applied(&bytes), cursor),
            None => (bytes, cursor),
        })
    }

    #[test]
    fn digits_write_over_or_before_and_grow_at_the_end() {
        let digits = [Stroke::Digit(0xa), Stroke::Digit(0xb)];
        assert_eq!(typed(b"\x11\x22", 0, Typing::Over, &digits), (vec![0xab, 0x22], Cursor::at(1)));
        assert_eq!(typed(b"\x11\x22", 0, Typing::Insert, &digits), (vec![0xab, 0x11, 0x22], Cursor::at(1)));
        assert_eq!(typed(b"\x11", 1, Typing::Over, &digits), (vec![0x11, 0xab], Cursor::at(2)));
        assert_eq!(typed(b"\x11", 1, Typing::Over, &digits[..1]), (vec![0x11, 0xa0], Cursor { at: 1, half: true }));
    }

    #[test]
    fn characters_take_the_room_of_their_bytes() {
        let wide = [Stroke::Character("中".into())];
        assert_eq!(typed(b"abcd", 1, Typing::Over, &wide), ("a中".into(), Cursor::at(4)));
        assert_eq!(typed(b"abcd", 3, Typing::Over, &wide), ("abc中".into(), Cursor::at(6)));
        assert_eq!(typed(b"ab", 1, Typing::Insert, &wide), ("a中b".into(), Cursor::at(4)));
        assert_eq!(typed(b"ab", 0, Typing::Over, &[Stroke::Paste(b"xy".to_vec())]), (b"xyab".to_vec(), Cursor::at(2)));
    }

    #[test]
    fn two_splices_are_one() {
        let bytes = b"abcdef";
        let splice = |range, with: &[u8]| Splice { range, with: with.to_vec() };
        for (first, second) in [
            (splice(1..2, b"xyz"), splice(2..3, b"")),
            (splice(3..3, b"12"), splice(1..4, b"!")),
            (splice(0..4, b""), splice(1..2, b"--")),
            (splice(2..3, b"2"), splice(5..6, b"5")),
        ] {
            let both = second.applied(&first.applied(bytes));
            assert_eq!(first.then(&second, &both).applied(bytes), both, "{first:?} {second:?}");
        }
    }

    #[test]
    fn backspace_takes_what_was_typed_last() {
        assert_eq!(typed(b"ab", 2, Typing::Over, &[Stroke::Back]), (b"a".to_vec(), Cursor::at(1)));
        assert_eq!(typed(b"ab", 2, Typing::Over, &[Stroke::Digit(7), Stroke::Back]), (b"ab".to_vec(), Cursor::at(2)));
        assert_eq!(typed(b"ab", 0, Typing::Over, &[Stroke::Back]), (b"ab".to_vec(), Cursor::at(0)));
        assert_eq!(typed(b"ab", 0, Typing::Over, &[Stroke::Delete]), (b"b".to_vec(), Cursor::at(0)));
        assert_eq!(typed(b"ab", 2, Typing::Over, &[Stroke::Delete]), (b"ab".to_vec(), Cursor::at(2)));
    }
}
