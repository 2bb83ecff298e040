//! What a packet says: its text with the fields, its digits or its file, read once and made into bytes.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read};
use std::sync::Arc;
use std::time::SystemTime;

use crate::bytes::{BytesError, FramingError, Moment, RenderError, Template, TemplateSyntax, parse_base64};
use crate::lab::{Packet, PacketFormat};

/// Largest file that is sent: everything is held in memory, and copies of it wait in queues.
pub const FILE_LIMIT: u64 = 16 << 20;

/// Why a packet has no bytes.
#[derive(Debug, thiserror::Error)]
pub enum PacketError {
    /// The text or hex has a mistake.
    #[error(transparent)]
    Bytes(#[from] BytesError),
    /// The file could not be read.
    #[error("cannot read '{path}': {why}")]
    File {
        /// As written.
        path: String,
        /// What the system said.
        why: io::Error,
    },
    /// The file is larger than what is sent.
    #[error("'{path}' is larger than {limit} bytes, the most that is sent at once")]
    TooLarge {
        /// As written.
        path: String,
        /// The limit.
        limit: u64,
    },
    /// Its bytes are no message of the framing they were to go out in.
    #[error(transparent)]
    Framing(#[from] FramingError),
    /// A field has no bytes.
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// The bytes that will be sent first, without a framing.
///
/// # Errors
/// Names the place in the text, or the file.
pub fn compose(packet: &Packet) -> Result<Vec<u8>, PacketError> {
    Body::of(packet)?.render(0)
}

/// What a packet says, read: its template and the files that it names.
#[derive(Debug)]
pub(super) enum Body {
    Fixed(Vec<u8>),
    Made { template: Template, files: BTreeMap<String, Arc<[u8]>>, seed: u64 },
}

impl Body {
    pub fn of(packet: &Packet) -> Result<Self, PacketError> {
        let syntax = match packet.format {
            PacketFormat::Text => TemplateSyntax::Text(packet.encoding),
            PacketFormat::Hex => TemplateSyntax::Hex,
            PacketFormat::Base64 => return Ok(Self::Fixed(parse_base64(&packet.body)?)),
            PacketFormat::File => return Ok(Self::Fixed(read_file(packet.body.trim())?)),
        };
        let template = Template::parse(&packet.body, syntax)?.followed_by(&packet.ending()?);
        let mut files = BTreeMap::new();
        for path in template.files() {
            if !files.contains_key(path) {
                files.insert(path.to_owned(), read_file(path)?.into());
            }
        }
        // Random bytes differ from one run to the next, and not from one send of a run to the same send of it.
        let made = Self::Made { template, files, seed: RandomState::new().hash_one(&packet.body) };
        match &made {
            Self::Made { template, .. } if template.is_constant() => made.render(0).map(Self::Fixed),
            Self::Made { .. } | Self::Fixed(_) => Ok(made),
        }
    }

    pub fn render(&self, count: u64) -> Result<Vec<u8>, PacketError> {
        match self {
            Self::Fixed(bytes) => Ok(bytes.clone()),
            Self::Made { template, files, seed } => {
                let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
                Ok(template.render(&Moment { count, unix, seed: *seed }, &|path| files.get(path).cloned())?)
            }
        }
    }
}

pub(super) fn read_file(path: &str) -> Result<Vec<u8>, PacketError> {
    let fail = |why| PacketError::File { path: path.to_owned(), why };
    let kind = std::fs::metadata(path).map_err(fail)?;
    // A named pipe or a device may never end, or never begin.
    if !kind.is_file() {
        return Err(fail(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")));
    }
    let mut bytes = Vec::new();
    // Asks for one byte more than allowed: the file may grow after `metadata`.
    std::fs::File::open(path).map_err(fail)?.take(FILE_LIMIT + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(PacketError::TooLarge { path: path.to_owned(), limit: FILE_LIMIT });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Encoding;
    use crate::lab::LineEnding;

    fn packet(body: &str, format: PacketFormat) -> Packet {
        Packet { body: body.into(), format, ..Packet::default() }
    }

    #[test]
    fn text_gets_its_line_ending_and_hex_does_not() {
        let text = Packet { line_ending: LineEnding::CrLf, ..packet(r"GET /\x41", PacketFormat::Text) };
        assert_eq!(compose(&text).unwrap(), b"GET /A\r\n");
        let hex = Packet { line_ending: LineEnding::CrLf, ..packet("68 69", PacketFormat::Hex) };
        assert_eq!(compose(&hex).unwrap(), b"hi");
        assert_eq!(compose(&packet("", PacketFormat::Text)).unwrap(), b"", "an empty datagram is a packet");
    }

    #[test]
    fn a_line_ending_is_written_in_the_packets_encoding() {
        let of = |body: &str, encoding: Encoding, line_ending| Packet { encoding, line_ending, ..packet(body, PacketFormat::Text) };
        for encoding in Encoding::ALL {
            for line_ending in [LineEnding::None, LineEnding::Lf, LineEnding::CrLf, LineEnding::Cr] {
                let bytes = compose(&of("a", encoding, line_ending)).unwrap();
                assert_eq!(bytes, encoding.encode(&format!("a{}", line_ending.text())).unwrap(), "{encoding:?} {line_ending:?}");
            }
        }
        assert_eq!(compose(&of("é", Encoding::Utf16Le, LineEnding::CrLf)).unwrap(), b"\xe9\0\r\0\n\0");
        assert_eq!(compose(&of("é", Encoding::Utf16Be, LineEnding::Lf)).unwrap(), b"\0\xe9\0\n");
        // Also after a field, where a length counts it.
        let made = of("{{length u8}}{{counter}}", Encoding::Utf16Be, LineEnding::CrLf);
        assert_eq!(Body::of(&made).unwrap().render(6).unwrap(), b"\x06\x007\0\r\0\n");
    }

    #[test]
    fn mistakes_name_their_place() {
        assert!(matches!(compose(&packet("6869 7", PacketFormat::Hex)), Err(PacketError::Bytes(e)) if e.at == 5));
    }

    #[test]
    fn files_are_read_whole_and_refused_when_too_large_or_no_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("payload.bin");
        std::fs::write(&path, [0, 255, 10]).unwrap();
        let of = |path: &std::path::Path| packet(&path.display().to_string(), PacketFormat::File);
        assert_eq!(compose(&of(&path)).unwrap(), [0, 255, 10]);
        std::fs::File::options().write(true).open(&path).unwrap().set_len(FILE_LIMIT + 1).unwrap();
        assert!(matches!(compose(&of(&path)), Err(PacketError::TooLarge { limit: FILE_LIMIT, .. })));
        assert!(matches!(compose(&of(dir.path())), Err(PacketError::File { .. })));
        assert!(matches!(compose(&of(&dir.path().join("missing"))), Err(PacketError::File { .. })));
    }
}
