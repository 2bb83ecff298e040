//! Cuts one direction of one stream as its bytes come, however they were split on the way.

use std::ops::Range;

use super::{Framing, FramingError, find};

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Without header and delimiter.
    pub message: &'a [u8],
    /// Where it began in the stream, with its header, in bytes from the first that was pushed.
    pub start: u64,
    /// Where it ended, with its delimiter.
    pub end: u64,
}

/// See the module. After an error it cuts no more: the boundaries are lost.
#[derive(Clone, Debug, Default)]
pub struct Framer {
    framing: Framing,
    /// What came and is no message yet.
    held: Vec<u8>,
    /// Bytes that went out as messages.
    passed: u64,
    /// Of `held`, how far was searched for the delimiter.
    searched: usize,
    failed: Option<FramingError>,
}

impl Framer {
    /// At the beginning of a stream.
    pub fn new(framing: Framing) -> Self {
        Self { framing, ..Self::default() }
    }

    /// The framing it cuts by.
    pub fn framing(&self) -> &Framing {
        &self.framing
    }

    /// Cuts by another framing from here on; what is held and no message yet is looked at anew. An error is forgotten.
    pub fn change(&mut self, framing: Framing) {
        (self.framing, self.searched, self.failed) = (framing, 0, None);
    }

    /// Bytes that came and are no message yet.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Takes what one `recv` returned and hands over each message that is complete by now.
    ///
    /// # Errors
    /// When the stream breaks its framing; the messages before it were handed over.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(Frame<'_>)) -> Result<(), FramingError> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        if self.framing == Framing::Raw && self.held.is_empty() {
            if !bytes.is_empty() {
                let start = self.passed;
                self.passed += bytes.len() as u64;
                each(Frame { message: bytes, start, end: self.passed });
            }
            return Ok(());
        }
        self.held.extend_from_slice(bytes);
        let mut at = 0;
        let result = loop {
            match self.next(at) {
                Ok(Some((message, end))) => {
                    each(Frame { message: &self.held[message], start: self.passed + at as u64, end: self.passed + end as u64 });
                    (at, self.searched) = (end, end);
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.held.drain(..at);
        self.passed += at as u64;
        self.searched = self.searched.saturating_sub(at);
        if let Err(error) = result {
            self.failed = Some(error);
            self.held = Vec::new();
        }
        result
    }

    /// The stream ended: until close, this is the message.
    ///
    /// # Errors
    /// When it ended inside a message.
    pub fn finish(&mut self, mut each: impl FnMut(Frame<'_>)) -> Result<(), FramingError> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        let have = self.held.len() as u64;
        if let Framing::UntilClose { .. } = self.framing {
            each(Frame { message: &self.held, start: self.passed, end: self.passed + have });
            self.passed += have;
            self.held = Vec::new();
            return Ok(());
        }
        if have == 0 { Ok(()) } else { Err(FramingError::Unfinished { have }) }
    }

    /// The first message of `held[at..]`: where it stands, and where the next begins.
    fn next(&mut self, at: usize) -> Result<Option<(Range<usize>, usize)>, FramingError> {
        let rest = &self.held[at..];
        match &self.framing {
            Framing::Raw => Ok((!rest.is_empty()).then_some((at..self.held.len(), self.held.len()))),
            Framing::Fixed { size } => {
                let size = (*size).max(1) as usize;
                Ok((rest.len() >= size).then(|| (at..at + size, at + size)))
            }
            Framing::Delimiter { bytes, most } => {
                let most = *most as usize;
                // The delimiter may have begun in what was searched before.
                let from = self.searched.saturating_sub(bytes.len().saturating_sub(1)).max(at);
                let found = find(&self.held[from..], bytes).map(|i| from + i);
                let len = found.unwrap_or(self.held.len()) - at;
                // Without one: so much that its beginning can no longer be within the maximum.
                let limit = if found.is_some() { most } else { most + bytes.len().saturating_sub(1) };
                if len > limit {
                    return Err(FramingError::TooLong { len: len as u64, most: most as u32 });
                }
                self.searched = self.held.len();
                Ok(found.map(|end| (at..end, end + bytes.len())))
            }
            Framing::Length { header, most } => {
                let width = usize::from(header.width);
                if rest.len() < width {
                    return Ok(None);
                }
                let len = header.read(&rest[..width])?;
                if len > u64::from(*most) {
                    return Err(FramingError::TooLong { len, most: *most });
                }
                let (start, end) = (at + width, at + width + len as usize);
                Ok((self.held.len() >= end).then_some((start..end, end)))
            }
            Framing::UntilClose { most } if rest.len() > *most as usize => {
                Err(FramingError::TooLong { len: rest.len() as u64, most: *most })
            }
            Framing::UntilClose { .. } => Ok(None),
        }
    }
}
