//! The bytes of a packet without fields, and the files of those with.

use std::io::{self, Read};

use crate::bytes::{BytesError, FramingError, parse_base64, parse_hex, parse_text};
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
}

/// The bytes that will be sent.
///
/// # Errors
/// Names the place in the text, or the file.
pub fn compose(packet: &Packet) -> Result<Vec<u8>, PacketError> {
    match packet.format {
        PacketFormat::Text => {
            let mut bytes = parse_text(&packet.body)?;
            bytes.extend_from_slice(packet.line_ending.bytes());
            Ok(bytes)
        }
        PacketFormat::Hex => Ok(parse_hex(&packet.body)?),
        PacketFormat::Base64 => Ok(parse_base64(&packet.body)?),
        PacketFormat::File => read_file(packet.body.trim()),
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
