//! Base64 (RFC 4648) and bytes. The standard alphabet or the one for URLs, padded or not; blanks and line ends may stand anywhere.

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;
use base64::{DecodeError, Engine as _};

use super::{BytesError, BytesErrorKind};

const READER: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// Bytes from base64.
///
/// # Errors
/// With the place of the first character that is none, or of the end when it stands inside a byte.
pub fn parse_base64(text: &str) -> Result<Vec<u8>, BytesError> {
    let (mut places, mut letters) = (Vec::new(), Vec::new());
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let letter = match c {
            '-' => b'+',
            '_' => b'/',
            '+' | '/' | '=' => c as u8,
            _ if c.is_ascii_alphanumeric() => c as u8,
            _ => return Err(BytesError::new(text, at, BytesErrorKind::BadBase64(c))),
        };
        places.push((at, c));
        letters.push(letter);
    }
    READER.decode(&letters).map_err(|error| match error {
        DecodeError::InvalidByte(i, _) | DecodeError::InvalidLastSymbol(i, _) => match places.get(i) {
            Some(&(at, c)) => BytesError::new(text, at, BytesErrorKind::BadBase64(c)),
            None => BytesError::new(text, text.len(), BytesErrorKind::ShortBase64),
        },
        DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => BytesError::new(text, text.len(), BytesErrorKind::ShortBase64),
    })
}

/// The standard alphabet, with padding.
pub fn to_base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_alphabets_with_and_without_padding() {
        for text in ["+/8=", "-_8", "+/ 8\n=", "-_8="] {
            assert_eq!(parse_base64(text), Ok(vec![0xfb, 0xff]), "{text}");
        }
        assert_eq!(parse_base64(""), Ok(vec![]));
    }

    #[test]
    fn mistakes_are_refused_with_their_place() {
        for (text, at, kind) in [
            ("aGk中", 3, BytesErrorKind::BadBase64('中')),
            ("aG=k", 2, BytesErrorKind::BadBase64('=')),
            ("aGkhb", 5, BytesErrorKind::ShortBase64),
            // Bits that no byte takes are set: another text for the same bytes.
            ("aGl", 2, BytesErrorKind::BadBase64('l')),
        ] {
            let error = parse_base64(text).unwrap_err();
            assert_eq!((error.at, error.kind), (at, kind), "{text}");
        }
    }

    proptest! {
        #[test]
        fn base64_reads_back(bytes: Vec<u8>) {
            prop_assert_eq!(parse_base64(&to_base64(&bytes)), Ok(bytes));
        }

        #[test]
        fn any_text_is_bytes_or_has_a_place(text in "\\PC*|[A-Za-z0-9+/=\n ]*") {
            if let Err(e) = parse_base64(&text) {
                prop_assert!(text.is_char_boundary(e.at));
            }
        }
    }
}
