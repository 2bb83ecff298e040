//! From the text that a person typed to parts: bytes that are always the same, and fields.

use super::{MAX_FIELDS, Part, Template, TemplateSyntax, field};
use crate::bytes::hex::digit;
use crate::bytes::{BytesError, BytesErrorKind, Encoding, parse_hex};

impl Template {
    /// Reads a payload.
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn parse(text: &str, syntax: TemplateSyntax) -> Result<Self, BytesError> {
        let mut reader = Reader { text, at: 0, syntax, fields: 0, parts: Vec::new() };
        match syntax {
            TemplateSyntax::Text(encoding) => reader.characters(encoding)?,
            TemplateSyntax::Hex => reader.digits()?,
        }
        Ok(Self { parts: reader.parts })
    }
}

struct Reader<'a> {
    text: &'a str,
    /// What stands before it was read.
    at: usize,
    syntax: TemplateSyntax,
    fields: usize,
    parts: Vec<Part>,
}

impl Reader<'_> {
    fn characters(&mut self, encoding: Encoding) -> Result<(), BytesError> {
        loop {
            let rest = &self.text[self.at..];
            let special = memchr::memchr2_iter(b'\\', b'{', rest.as_bytes());
            let Some(plain) = special.into_iter().find(|i| !rest[*i..].starts_with('{') || rest[*i..].starts_with("{{")) else {
                return self.encoded(rest, encoding);
            };
            self.encoded(&rest[..plain], encoding)?;
            if rest[plain..].starts_with('\\') { self.escape(encoding)? } else { self.field()? }
        }
    }

    /// Characters at this place.
    fn encoded(&mut self, text: &str, encoding: Encoding) -> Result<(), BytesError> {
        let bytes = encoding.encode(text).map_err(|error| self.moved(error))?;
        self.at += text.len();
        self.bytes(&bytes);
        Ok(())
    }

    fn escape(&mut self, encoding: Encoding) -> Result<(), BytesError> {
        let mut after = self.text[self.at + 1..].chars();
        let character = match after.next() {
            None => return Err(self.error(BytesErrorKind::LoneBackslash)),
            Some('n') => "\n",
            Some('r') => "\r",
            Some('t') => "\t",
            Some('0') => "\0",
            Some('\\') => "\\",
            Some('{') => "{",
            Some('x') => {
                let (Some(high), Some(low)) = (after.next().and_then(digit), after.next().and_then(digit)) else {
                    return Err(self.error(BytesErrorKind::ShortHexEscape));
                };
                self.bytes(&[high << 4 | low]);
                self.at += 4;
                return Ok(());
            }
            Some(other) => return Err(self.error(BytesErrorKind::UnknownEscape(other))),
        };
        let bytes = encoding.encode(character).map_err(|error| self.moved(error))?;
        self.bytes(&bytes);
        self.at += 2;
        Ok(())
    }

    fn digits(&mut self) -> Result<(), BytesError> {
        loop {
            let rest = &self.text[self.at..];
            let field = rest.find("{{");
            let digits = &rest[..field.unwrap_or(rest.len())];
            let bytes = parse_hex(digits).map_err(|error| self.moved(error))?;
            self.bytes(&bytes);
            self.at += digits.len();
            if field.is_none() {
                return Ok(());
            }
            self.field()?;
        }
    }

    /// The field that begins here.
    fn field(&mut self) -> Result<(), BytesError> {
        let inside = &self.text[self.at + 2..];
        let Some(end) = inside.find("}}") else { return Err(self.error(BytesErrorKind::OpenField)) };
        self.fields += 1;
        if self.fields > MAX_FIELDS {
            return Err(self.error(BytesErrorKind::TooManyFields));
        }
        match field::read(self.text, &inside[..end], self.at + 2, self.syntax)? {
            Part::Bytes(bytes) => self.bytes(&bytes),
            part @ Part::Field { .. } => self.parts.push(part),
        }
        self.at += 2 + end + 2;
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) {
        match self.parts.last_mut() {
            _ if bytes.is_empty() => {}
            Some(Part::Bytes(last)) => last.extend_from_slice(bytes),
            Some(Part::Field { .. }) | None => self.parts.push(Part::Bytes(bytes.to_vec())),
        }
    }

    fn error(&self, kind: BytesErrorKind) -> BytesError {
        BytesError::new(self.text, self.at, kind)
    }

    /// A mistake in the text from here on.
    fn moved(&self, error: BytesError) -> BytesError {
        BytesError::new(self.text, self.at + error.at, error.kind)
    }
}
