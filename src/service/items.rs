//! A byte stream cut at a delimiter: complete items are given out, the unfinished rest is kept, within a limit.
//!
//! It knows no service and sends nothing. How the bytes were cut into chunks on their way makes no difference.

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Items {
    delimiter: Box<[u8]>,
    most: usize,
    rest: Vec<u8>,
}

/// An item has more bytes than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Items {
    /// With an empty delimiter each chunk is an item. `most` counts without the delimiter.
    pub fn new(delimiter: &[u8], most: usize) -> Self {
        Self { delimiter: delimiter.into(), most, rest: Vec::new() }
    }

    /// Takes a chunk and calls `each` with every item it completes, without the delimiter.
    pub fn take(&mut self, data: &[u8], mut each: impl FnMut(&[u8])) -> Result<(), TooLong> {
        let length = self.delimiter.len();
        if length == 0 {
            if data.len() > self.most {
                return Err(TooLong);
            }
            each(data);
            return Ok(());
        }
        // What was searched before is not searched again, but a delimiter may begin at its end.
        let mut from = self.rest.len().saturating_sub(length - 1);
        self.rest.extend_from_slice(data);
        let mut start = 0;
        while let Some(at) = find(&self.rest[from..], &self.delimiter) {
            let item = &self.rest[start..from + at];
            if item.len() > self.most {
                return Err(TooLong);
            }
            each(item);
            start = from + at + length;
            from = start;
        }
        self.rest.drain(..start);
        if self.rest.len() > self.most + self.begun() { Err(TooLong) } else { Ok(()) }
    }

    /// What no delimiter has ended yet.
    pub fn take_rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.rest)
    }

    /// Bytes at the end of the rest that may turn out to be the begin of a delimiter.
    fn begun(&self) -> usize {
        (1..self.delimiter.len()).rev().find(|n| self.rest.ends_with(&self.delimiter[..*n])).unwrap_or(0)
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [one] => haystack.iter().position(|b| b == one),
        _ => haystack.windows(needle.len()).position(|w| w == needle),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(items: &mut Items, chunks: &[&[u8]]) -> (Vec<Vec<u8>>, Result<(), TooLong>) {
        let mut all = Vec::new();
        for chunk in chunks {
            let taken = items.take(chunk, |item| all.push(item.to_vec()));
            if taken.is_err() {
                return (all, taken);
            }
        }
        (all, Ok(()))
    }

    #[test]
    fn two_items_in_one_chunk_and_one_item_over_two() {
        let mut items = Items::new(b"\r\n", 5);
        let (all, done) = cut(&mut items, &[b"a\r\nb\r\nc", b"d\r", b"\n\r\n"]);
        assert_eq!((all, done), (vec![b"a".to_vec(), b"b".to_vec(), b"cd".to_vec(), Vec::new()], Ok(())));
        assert!(items.take_rest().is_empty());
    }

    #[test]
    fn the_limit_counts_the_item_and_not_its_delimiter() {
        assert_eq!(cut(&mut Items::new(b"\r\n", 3), &[b"abc\r", b"\n"]), (vec![b"abc".to_vec()], Ok(())));
        assert_eq!(cut(&mut Items::new(b"\r\n", 3), &[b"abcd"]), (vec![], Err(TooLong)));
        assert_eq!(cut(&mut Items::new(b"\r\n", 3), &[b"x\r\nabcd\r\n"]), (vec![b"x".to_vec()], Err(TooLong)));
        assert_eq!(cut(&mut Items::new(b"", 3), &[b"abc", b"", b"abcd"]), (vec![b"abc".to_vec(), Vec::new()], Err(TooLong)));
    }

    proptest! {
        #[test]
        fn chunks_make_no_difference(
            delimiter in "[ab]{1,3}", text in "[abc]{0,40}", most in 0..6_usize,
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let whole = cut(&mut Items::new(delimiter.as_bytes(), most), &[text.as_bytes()]);
            let mut places: Vec<usize> = cuts.iter().map(|c| c.index(text.len() + 1)).chain([0, text.len()]).collect();
            places.sort_unstable();
            let chunks: Vec<&[u8]> = places.windows(2).map(|w| &text.as_bytes()[w[0]..w[1]]).collect();
            let mut items = Items::new(delimiter.as_bytes(), most);
            let cut = cut(&mut items, &chunks);
            prop_assert_eq!(&cut, &whole);
            if cut.1.is_ok() {
                let mut again = cut.0.join(delimiter.as_bytes());
                if !cut.0.is_empty() {
                    again.extend_from_slice(delimiter.as_bytes());
                }
                again.extend(items.take_rest());
                prop_assert_eq!(again, text.as_bytes(), "nothing is lost");
                let split: Vec<_> = text.split(delimiter.as_str()).collect();
                prop_assert_eq!(cut.0.len(), split.len() - 1, "as the standard library splits");
            }
        }
    }
}
