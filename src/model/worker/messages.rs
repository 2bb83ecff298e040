//! How bytes become messages and go out, as JSON for a child process: it makes the same of it as its server did.

use serde::{Deserialize, Serialize};

use crate::bytes::{ByteOrder, Framing, LengthHeader};
use crate::lab::{Match, Messages, Packet, Rule, Wire};

/// What a child needs of [`Messages`]: connections have nothing to do with broadcasts.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Handed {
    framing: HandedFraming,
    rules: Vec<(bool, HandedMatch, Packet)>,
    wire: (u32, bool, bool, u32, u32),
}

#[derive(Debug, Serialize, Deserialize)]
enum HandedFraming {
    Raw,
    Fixed(u32),
    Delimiter(Vec<u8>, u32),
    /// Width, least significant byte first, counting itself, maximum.
    Length(u8, bool, bool, u32),
    UntilClose(u32),
}

#[derive(Debug, Serialize, Deserialize)]
enum HandedMatch {
    Any,
    Exact(String),
    Prefix(String),
    Contains(String),
    Regex(String),
    Length(u32, u32),
}

impl From<&Messages> for Handed {
    fn from(messages: &Messages) -> Self {
        let framing = match &messages.framing {
            Framing::Raw => HandedFraming::Raw,
            Framing::Fixed { size } => HandedFraming::Fixed(*size),
            Framing::Delimiter { bytes, most } => HandedFraming::Delimiter(bytes.clone(), *most),
            Framing::Length { header, most } => {
                HandedFraming::Length(header.width, header.order == ByteOrder::Little, header.counts_itself, *most)
            }
            Framing::UntilClose { most } => HandedFraming::UntilClose(*most),
        };
        let when = |rule: &Rule| match &rule.when {
            Match::Any => HandedMatch::Any,
            Match::Exact(text) => HandedMatch::Exact(text.clone()),
            Match::Prefix(text) => HandedMatch::Prefix(text.clone()),
            Match::Contains(text) => HandedMatch::Contains(text.clone()),
            Match::Regex(text) => HandedMatch::Regex(text.clone()),
            Match::Length(from, to) => HandedMatch::Length(*from, *to),
        };
        let Wire { recv_bytes, nagle, cork, piece_bytes, piece_ms } = messages.wire;
        Self {
            framing,
            rules: messages.rules.iter().map(|rule| (rule.is_on, when(rule), rule.reply.clone())).collect(),
            wire: (recv_bytes, nagle, cork, piece_bytes, piece_ms),
        }
    }
}

impl Handed {
    pub fn into_messages(self) -> Messages {
        let framing = match self.framing {
            HandedFraming::Raw => Framing::Raw,
            HandedFraming::Fixed(size) => Framing::Fixed { size },
            HandedFraming::Delimiter(bytes, most) => Framing::Delimiter { bytes, most },
            HandedFraming::Length(width, little, counts_itself, most) => {
                let order = if little { ByteOrder::Little } else { ByteOrder::Big };
                Framing::Length { header: LengthHeader { width, order, counts_itself }, most }
            }
            HandedFraming::UntilClose(most) => Framing::UntilClose { most },
        };
        let rule = |(is_on, when, reply): (bool, HandedMatch, Packet)| {
            let when = match when {
                HandedMatch::Any => Match::Any,
                HandedMatch::Exact(text) => Match::Exact(text),
                HandedMatch::Prefix(text) => Match::Prefix(text),
                HandedMatch::Contains(text) => Match::Contains(text),
                HandedMatch::Regex(text) => Match::Regex(text),
                HandedMatch::Length(from, to) => Match::Length(from, to),
            };
            Rule { is_on, when, reply }
        };
        let (recv_bytes, nagle, cork, piece_bytes, piece_ms) = self.wire;
        Messages {
            framing,
            rules: self.rules.into_iter().map(rule).collect(),
            wire: Wire { recv_bytes, nagle, cork, piece_bytes, piece_ms },
            ..Messages::default()
        }
    }
}

/// As JSON. A frame holds what a lab's limits allow; strings, numbers and lists of them cannot fail.
pub(super) fn to_json(messages: &Messages) -> String {
    serde_json::to_string(&Handed::from(messages)).unwrap_or_default()
}

/// Back from JSON.
pub(super) fn from_json(json: &str) -> Option<Messages> {
    serde_json::from_str::<Handed>(json).ok().map(Handed::into_messages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::FramingKind;

    #[test]
    fn a_child_makes_the_same_of_it() {
        for kind in FramingKind::ALL {
            let whens = [Match::Any, Match::Exact("a".into()), Match::Regex("ü".into()), Match::Length(1, 2)];
            let messages = Messages {
                framing: kind.usual(),
                rules: whens.map(|when| Rule { is_on: true, when, reply: Packet::default() }).into(),
                wire: Wire { recv_bytes: 3, nagle: false, cork: true, piece_bytes: 4, piece_ms: 5 },
                ..Messages::default()
            };
            assert_eq!(from_json(&to_json(&messages)), Some(messages));
        }
    }
}
