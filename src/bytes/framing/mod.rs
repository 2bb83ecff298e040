//! Where one message ends and the next begins: the message structures over a byte stream (RFC 9293 §3.4: TCP keeps no
//! boundaries). Pure; a framing is a value, a [`Framer`] cuts one direction of one connection by it.
//!
//! Nothing is repaired: a stream that breaks its framing is refused at its place, and what a framer holds is bounded by the
//! maximum.

mod cut;
#[cfg(test)]
mod tests;
mod typed;

pub use cut::{Frame, Framer};
pub use typed::{FramingTextError, SizeError, length_names, parse_framing, parse_size};

/// Largest maximum of a frame, in bytes.
pub const MAX_FRAME: u32 = 16 << 20;
/// Longest delimiter, in bytes.
pub const MAX_DELIMITER: usize = 64;

/// How a stream is cut into messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Framing {
    /// Not at all: what one `recv` returns is taken as it is.
    #[default]
    Raw,
    /// Every message has the same size.
    Fixed {
        /// Bytes of each message, at least 1.
        size: u32,
    },
    /// Each message ends with these bytes, which are no part of it.
    Delimiter {
        /// 1 to [`MAX_DELIMITER`] bytes.
        bytes: Vec<u8>,
        /// Longest message without its delimiter.
        most: u32,
    },
    /// A length stands before each message.
    Length {
        /// How the length is written.
        header: LengthHeader,
        /// Longest message without its header.
        most: u32,
    },
    /// One message: everything until the peer ends its side.
    UntilClose {
        /// Longest message.
        most: u32,
    },
}

/// How a length is written before a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LengthHeader {
    /// Bytes of the length itself: 1, 2, 4 or 8.
    pub width: u8,
    /// Order of these bytes; network order (RFC 1700) is big-endian.
    pub order: ByteOrder,
    /// Whether the length counts itself too.
    pub counts_itself: bool,
}

/// The order of the bytes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// The most significant byte first: network order.
    #[default]
    Big,
    /// The least significant byte first: how most processors hold numbers.
    Little,
}

/// What kind of framing, for menus and files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FramingKind {
    /// [`Framing::Raw`].
    Raw,
    /// [`Framing::Fixed`].
    Fixed,
    /// [`Framing::Delimiter`].
    Delimiter,
    /// [`Framing::Length`].
    Length,
    /// [`Framing::UntilClose`].
    UntilClose,
}

/// A stream, or a message to be sent, that its framing does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FramingError {
    /// A message grew beyond the maximum. With a delimiter or until close: the end did not come within it.
    #[error("a message of {} bytes or more; at most {most} are allowed", .len)]
    TooLong {
        /// Its length as announced, or what came of it so far.
        len: u64,
        /// The maximum.
        most: u32,
    },
    /// A length that counts itself is smaller than itself.
    #[error("a length of {len}, which counts its own {width} bytes")]
    ShorterThanItself {
        /// As announced.
        len: u64,
        /// Bytes of the length.
        width: u8,
    },
    /// The stream ended inside a message.
    #[error("the stream ended inside a message, after {have} of its bytes")]
    Unfinished {
        /// Bytes of it that came, with its header.
        have: u64,
    },
    /// A message to be sent does not have the fixed size.
    #[error("a message of {len} bytes where each has {size}")]
    WrongSize {
        /// Its length.
        len: u64,
        /// The fixed size.
        size: u32,
    },
    /// A message to be sent holds the delimiter, which would cut it in two.
    #[error("the message holds the delimiter at byte {at}")]
    HoldsDelimiter {
        /// Where, from 0.
        at: usize,
    },
    /// The length does not fit its header.
    #[error("a length of {len} does not fit {width} bytes")]
    LengthTooBig {
        /// The length.
        len: u64,
        /// Bytes of the header.
        width: u8,
    },
}

impl FramingKind {
    /// In the order of menus.
    pub const ALL: [Self; 5] = [Self::Raw, Self::Fixed, Self::Delimiter, Self::Length, Self::UntilClose];

    /// The stable string in files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Fixed => "fixed",
            Self::Delimiter => "delimiter",
            Self::Length => "length",
            Self::UntilClose => "until-close",
        }
    }

    /// The kind with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.id() == id)
    }

    /// A framing of this kind with usual values: 16 bytes, a line feed, a length of 4 bytes in network order, 64 KiB at most.
    pub fn usual(self) -> Framing {
        let most = 64 << 10;
        match self {
            Self::Raw => Framing::Raw,
            Self::Fixed => Framing::Fixed { size: 16 },
            Self::Delimiter => Framing::Delimiter { bytes: b"\n".to_vec(), most },
            Self::Length => Framing::Length { header: LengthHeader { width: 4, order: ByteOrder::Big, counts_itself: false }, most },
            Self::UntilClose => Framing::UntilClose { most },
        }
    }
}

impl Framing {
    /// Its kind.
    pub fn kind(&self) -> FramingKind {
        match self {
            Self::Raw => FramingKind::Raw,
            Self::Fixed { .. } => FramingKind::Fixed,
            Self::Delimiter { .. } => FramingKind::Delimiter,
            Self::Length { .. } => FramingKind::Length,
            Self::UntilClose { .. } => FramingKind::UntilClose,
        }
    }

    /// The bytes that go on the wire for this message. Until close, the message as it is: the close is the sender's.
    ///
    /// # Errors
    /// When the message cannot be told from others by this framing.
    pub fn wrap(&self, message: &[u8]) -> Result<Vec<u8>, FramingError> {
        let len = message.len() as u64;
        let within = |most: u32| if len > most.into() { Err(FramingError::TooLong { len, most }) } else { Ok(()) };
        match self {
            Self::Raw => Ok(message.to_vec()),
            Self::Fixed { size } if len == u64::from(*size) => Ok(message.to_vec()),
            Self::Fixed { size } => Err(FramingError::WrongSize { len, size: *size }),
            Self::Delimiter { bytes, most } => {
                within(*most)?;
                let wire = [message, bytes].concat();
                // Also one that begins in the message and ends in the delimiter itself: the peer cuts at the first.
                match find(&wire, bytes) {
                    Some(at) if at < message.len() => Err(FramingError::HoldsDelimiter { at }),
                    Some(_) | None => Ok(wire),
                }
            }
            Self::Length { header, most } => {
                within(*most)?;
                let mut wire = header.write(len)?;
                wire.extend_from_slice(message);
                Ok(wire)
            }
            Self::UntilClose { most } => within(*most).map(|()| message.to_vec()),
        }
    }
}

impl LengthHeader {
    /// The header of a message of `len` bytes.
    fn write(self, len: u64) -> Result<Vec<u8>, FramingError> {
        let width = usize::from(self.width);
        let said = len + if self.counts_itself { u64::from(self.width) } else { 0 };
        let big = said.to_be_bytes();
        let (front, back) = big.split_at(8 - width.min(8));
        if front.iter().any(|b| *b != 0) {
            return Err(FramingError::LengthTooBig { len: said, width: self.width });
        }
        let mut header = back.to_vec();
        if self.order == ByteOrder::Little {
            header.reverse();
        }
        Ok(header)
    }

    /// The length of the message after this header, which has `width` bytes.
    fn read(self, header: &[u8]) -> Result<u64, FramingError> {
        let fold = |n: u64, b: &u8| n << 8 | u64::from(*b);
        let said = match self.order {
            ByteOrder::Big => header.iter().fold(0, fold),
            ByteOrder::Little => header.iter().rev().fold(0, fold),
        };
        if self.counts_itself {
            said.checked_sub(self.width.into()).ok_or(FramingError::ShorterThanItself { len: said, width: self.width })
        } else {
            Ok(said)
        }
    }
}

/// Where `what` begins first.
fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}
