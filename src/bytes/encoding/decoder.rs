//! From bytes to what is seen of them, whole or as they come.

use super::Encoding;
use super::glyph::{Glyph, Step};
use crate::bytes::TextRun;
use crate::bytes::text::{escape, plain, spell};

/// Reads one direction of one stream: a character that was cut between two receives is put together.
///
/// All runs together are the same however the bytes were cut.
#[derive(Clone, Debug)]
pub struct Decoder {
    encoding: Encoding,
    /// The beginning of a character: at most three bytes.
    held: Vec<u8>,
}

impl Decoder {
    /// At the beginning of a stream.
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, held: Vec::new() }
    }

    /// The encoding it reads.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Bytes at the end that may become a character with what comes next.
    pub fn held(&self) -> &[u8] {
        &self.held
    }

    /// What is seen of the held bytes and these; the beginning of a character at their end waits for the next.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<TextRun> {
        let joined;
        let mut rest = if self.held.is_empty() {
            bytes
        } else {
            joined = [&self.held, bytes].concat();
            &joined
        };
        let mut runs = Vec::new();
        loop {
            match Step::of(self.encoding, rest) {
                Step::More(_) => break,
                step => rest = &rest[step.show(rest, &mut runs)..],
            }
        }
        self.held = rest.to_vec();
        runs
    }

    /// The stream ended: what is held is no character any more.
    pub fn finish(&mut self) -> Vec<TextRun> {
        let held = std::mem::take(&mut self.held);
        self.encoding.glyphs(&held).fold(Vec::new(), |mut runs, glyph| {
            append(&mut runs, &glyph.run);
            runs
        })
    }
}

impl Encoding {
    /// The bytes as readable runs: characters as they are, escapes as [`parse_text`](crate::bytes::parse_text) reads them for what
    /// draws nothing, and `\xHH` for each byte that is no character.
    pub fn runs(self, bytes: &[u8]) -> Vec<TextRun> {
        let mut runs = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = &rest[Step::of(self, rest).show(rest, &mut runs)..];
        }
        runs
    }

    /// The same, character by character, each with its bytes.
    pub fn glyphs(self, bytes: &[u8]) -> impl Iterator<Item = Glyph> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
            let mut runs = Vec::new();
            let end = at + Step::of(self, rest).show(rest, &mut runs);
            let glyph = Glyph { bytes: at..end, run: runs.pop()? };
            at = end;
            Some(glyph)
        })
    }

    /// A text that this encoding and its escapes turn into exactly these bytes. Beside [`runs`](Self::runs), it spells out characters
    /// that are written in two ways, and braces that would begin a field.
    pub(in crate::bytes) fn spelled(self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len());
        let mut after_brace = false;
        for glyph in self.glyphs(bytes) {
            let source = &bytes[glyph.bytes];
            match glyph.run {
                TextRun::Plain(plain) if plain == "{" && after_brace => text.push_str("\\{"),
                TextRun::Plain(plain) if self.encode(&plain).as_deref() == Ok(source) => {
                    text.push_str(&plain);
                    after_brace = plain == "{";
                    continue;
                }
                TextRun::Plain(_) => spell(&mut text, source),
                TextRun::Escape(escape) => text.push_str(&escape),
            }
            after_brace = false;
        }
        text
    }
}

fn append(runs: &mut Vec<TextRun>, run: &TextRun) {
    match run {
        TextRun::Plain(text) => plain(runs).push_str(text),
        TextRun::Escape(text) => escape(runs).push_str(text),
    }
}
