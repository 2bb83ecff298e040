//! Framings and what breaks them, in words.

use super::gather::Trouble;
use crate::bytes::{ByteOrder, Framing, FramingError, FramingKind, to_text_string};
use crate::tr;
use crate::ui::Text;
use crate::ui::widget::format;

/// The name of a kind, as in menus.
pub fn kind(text: &Text, kind: FramingKind) -> String {
    match kind {
        FramingKind::Raw => tr!(text, "framing-raw"),
        FramingKind::Fixed => tr!(text, "framing-fixed"),
        FramingKind::Delimiter => tr!(text, "framing-delimiter"),
        FramingKind::Length => tr!(text, "framing-length"),
        FramingKind::UntilClose => tr!(text, "framing-until-close"),
    }
}

/// What a kind does.
pub fn kind_tip(text: &Text, kind: FramingKind) -> String {
    match kind {
        FramingKind::Raw => tr!(text, "framing-raw-tip"),
        FramingKind::Fixed => tr!(text, "framing-fixed-tip"),
        FramingKind::Delimiter => tr!(text, "framing-delimiter-tip"),
        FramingKind::Length => tr!(text, "framing-length-tip"),
        FramingKind::UntilClose => tr!(text, "framing-until-close-tip"),
    }
}

/// The order of bytes.
pub fn order(text: &Text, order: ByteOrder) -> String {
    match order {
        ByteOrder::Big => tr!(text, "framing-big"),
        ByteOrder::Little => tr!(text, "framing-little"),
    }
}

/// A whole framing in brief.
pub fn framing(text: &Text, framing: &Framing) -> String {
    let name = kind(text, framing.kind());
    match framing {
        Framing::Raw | Framing::UntilClose { .. } => name,
        Framing::Fixed { size } => format!("{name} {}", format::bytes(u64::from(*size))),
        Framing::Delimiter { bytes, .. } => format!("{name} {}", to_text_string(bytes)),
        Framing::Length { header, .. } => {
            let order = order(text, header.order);
            let itself = if header.counts_itself { format!(", {}", tr!(text, "framing-counts-itself")) } else { String::new() };
            tr!(text, "framing-length-brief", name = name, bits = header.width * 8, order = order, itself = itself)
        }
    }
}

/// Why nothing is cut any more.
pub fn trouble(text: &Text, trouble: Trouble) -> String {
    match trouble {
        Trouble::NotKept => tr!(text, "framing-not-kept"),
        Trouble::Broken(error) => self::error(text, error),
    }
}

/// What breaks a framing.
pub fn error(text: &Text, error: FramingError) -> String {
    let count = |n: u64| format::count(n);
    match error {
        FramingError::TooLong { len, most } => {
            tr!(text, "framing-error-too-long", len = count(len), most = count(most.into()))
        }
        FramingError::ShorterThanItself { len, width } => {
            tr!(text, "framing-error-shorter", len = count(len), width = count(width.into()))
        }
        FramingError::Unfinished { have } => tr!(text, "framing-error-unfinished", have = count(have)),
        FramingError::WrongSize { len, size } => {
            tr!(text, "framing-error-wrong-size", len = count(len), size = count(size.into()))
        }
        FramingError::HoldsDelimiter { at } => tr!(text, "framing-error-holds-delimiter", at = count(at as u64)),
        FramingError::LengthTooBig { len, width } => {
            tr!(text, "framing-error-length-too-big", len = count(len), width = count(width.into()))
        }
    }
}
