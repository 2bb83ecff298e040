//! Bytes and names that are searched for, in either case of letters, without allocating.

use memchr::memmem;

/// Text in bytes: ASCII letters in either case, everything else as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// In lower case.
    bytes: Vec<u8>,
    /// Which byte is looked for first: one whose case does not matter, if there is one.
    pivot: usize,
    /// The same as a name, when it can be one.
    name: Option<Name>,
}

impl Text {
    pub fn new(bytes: &[u8]) -> Self {
        let name = std::str::from_utf8(bytes).ok().map(Name::new);
        let bytes = bytes.to_ascii_lowercase();
        let pivot = bytes.iter().position(|b| !b.is_ascii_alphabetic() && *b != b' ' && *b != 0).unwrap_or(0);
        Self { bytes, pivot, name }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn name(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    /// Whether `data` holds it.
    pub fn is_in(&self, data: &[u8]) -> bool {
        let Some(&sought) = self.bytes.get(self.pivot) else { return true };
        let whole = |at: usize| {
            let from = at.checked_sub(self.pivot)?;
            data.get(from..from + self.bytes.len()).map(|there| there.eq_ignore_ascii_case(&self.bytes))
        };
        if sought.is_ascii_alphabetic() {
            memchr::memchr2_iter(sought, sought.to_ascii_uppercase(), data).any(|at| whole(at) == Some(true))
        } else {
            memchr::memchr_iter(sought, data).any(|at| whole(at) == Some(true))
        }
    }
}

/// A part of a name or an address: letters of every script in either case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(String);

impl Name {
    pub fn new(text: &str) -> Self {
        // Letter by letter, as it is compared: a text as a whole has a final sigma of its own.
        Self(text.chars().flat_map(char::to_lowercase).collect())
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether `text` holds it.
    pub fn is_in(&self, text: &str) -> bool {
        let starts = |from: &str| {
            let mut there = from.chars().flat_map(char::to_lowercase);
            self.0.chars().all(|c| there.next() == Some(c))
        };
        self.0.is_empty() || text.char_indices().any(|(at, _)| starts(&text[at..]))
    }
}

/// Exactly these bytes.
#[derive(Clone, Debug)]
pub(super) struct Bytes(Box<memmem::Finder<'static>>);

impl Bytes {
    pub fn new(bytes: &[u8]) -> Self {
        Self(Box::new(memmem::Finder::new(bytes).into_owned()))
    }

    pub fn bytes(&self) -> &[u8] {
        self.0.needle()
    }

    /// Whether `data` holds them.
    pub fn is_in(&self, data: &[u8]) -> bool {
        self.0.find(data).is_some()
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Bytes {}
