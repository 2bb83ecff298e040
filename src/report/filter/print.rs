//! A filter as the text that means it.

use std::fmt;
use std::time::Duration;

use super::Expr;
use super::Filter;
use super::needle::{Name, Text};
use super::test::{Dir, Kind, Span, Special, Test, Whose};
use crate::bytes::{to_hex, to_text_string};
use crate::lab::Side;

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.as_ref().map_or(Ok(()), |expr| expr.fmt(f))
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(of) => joined(f, of, " ", |e| matches!(e, Self::All(_) | Self::Any(_))),
            Self::Any(of) => joined(f, of, " or ", |e| matches!(e, Self::Any(_))),
            Self::Not(of) if matches!(**of, Self::All(_) | Self::Any(_)) => write!(f, "not ({of})"),
            Self::Not(of) => write!(f, "not {of}"),
            Self::Test(test) => test.fmt(f),
        }
    }
}

fn joined<E: fmt::Display>(f: &mut fmt::Formatter<'_>, of: &[E], by: &str, wraps: impl Fn(&E) -> bool) -> fmt::Result {
    for (n, expr) in of.iter().enumerate() {
        let by = if n == 0 { "" } else { by };
        if wraps(expr) { write!(f, "{by}({expr})")? } else { write!(f, "{by}{expr}")? }
    }
    Ok(())
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(&spelled(word)),
            Self::Text(text) => write!(f, "text:{}", spelled(text)),
            Self::Hex(bytes) => write!(f, "hex:{}", to_hex(bytes.bytes(), usize::MAX).replace(' ', "")),
            Self::Dir(Dir::Received) => f.write_str("dir:rx"),
            Self::Dir(Dir::Sent) => f.write_str("dir:tx"),
            Self::Kind(kind) => f.write_str(match kind {
                Kind::Data => "kind:data",
                Kind::Open => "kind:open",
                Kind::End => "kind:end",
                Kind::Reset => "kind:reset",
                Kind::Failed => "kind:failed",
            }),
            Self::Side(Side::Server) => f.write_str("side:server"),
            Self::Side(Side::Client) => f.write_str("side:client"),
            Self::Transport(transport) => write!(f, "transport:{}", transport.id()),
            Self::Is(Special::Cut) => f.write_str("is:cut"),
            Self::Is(Special::Cropped) => f.write_str("is:cropped"),
            Self::Conn(span) => compared(f, "conn", span, u64::to_string),
            Self::Len(span) => compared(f, "len", span, u64::to_string),
            Self::Time(span) => compared(f, "time", span, seconds),
            Self::Name(whose, name) => write!(f, "{}:{}", word(*whose), quoted(name)),
        }
    }
}

fn word(whose: Whose) -> &'static str {
    match whose {
        Whose::From => "from",
        Whose::To => "to",
        Whose::End => "end",
        Whose::Addr => "addr",
        Whose::Local => "local",
        Whose::Peer => "peer",
    }
}

fn compared<T>(f: &mut fmt::Formatter<'_>, field: &str, span: &Span<T>, say: fn(&T) -> String) -> fmt::Result {
    match span {
        Span::Less(of) => write!(f, "{field}<{}", say(of)),
        Span::AtMost(of) => write!(f, "{field}<={}", say(of)),
        Span::Equal(of) => write!(f, "{field}:{}", say(of)),
        Span::Other(of) => write!(f, "{field}!={}", say(of)),
        Span::AtLeast(of) => write!(f, "{field}>={}", say(of)),
        Span::More(of) => write!(f, "{field}>{}", say(of)),
        Span::Between(from, to) => write!(f, "{field}:{}..{}", say(from), say(to)),
    }
}

/// Exactly.
fn seconds(time: &Duration) -> String {
    let text = format!("{}.{:09}", time.as_secs(), time.subsec_nanos());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn spelled(text: &Text) -> String {
    in_quotes(&to_text_string(text.bytes()))
}

fn quoted(name: &Name) -> String {
    in_quotes(&to_text_string(name.text().as_bytes()))
}

/// `text` has the escapes of packets already.
pub(super) fn in_quotes(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '/');
    let is_operator = ["and", "or", "not"].iter().any(|word| word.eq_ignore_ascii_case(text));
    if !text.is_empty() && text.chars().all(is_plain) && !is_operator {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('"', "\\\""))
}
