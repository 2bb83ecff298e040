//! Lines of script, changes of the lab and settings that were refused, in the person's language. Words that are part of the script
//! (`on`, `backoff`, names of deeds) stay as they are written.

use crate::bytes::{FramingKind, FramingTextError, MAX_DELIMITER, MAX_FRAME, SizeError, length_names};
use crate::lab::{ChangeError, NotThat, Side};
use crate::script::{Due, Found, List, Mismatch, Op, ScriptError, ScriptErrorKind};
use crate::settings::{SettingError, ValueKind};
use crate::tr;

use super::Text;
use super::failure_words::{address_error, bytes_error};
use super::panel::framing_kind;
use super::panel::models::choice;
use super::widget::format::count;

/// Several words, one after the other.
pub fn list(text: &Text, words: &[impl AsRef<str>]) -> String {
    words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(&tr!(text, "list-and"))
}

/// Why a line is no deed or no check, with its column.
pub fn script_error(text: &Text, error: &ScriptError) -> String {
    let what = match &error.kind {
        ScriptErrorKind::Expected { expected, found } => {
            tr!(text, "script-expected", due = due(text, *expected), found = stands(text, found))
        }
        ScriptErrorKind::Unknown { what, word, known } => {
            tr!(text, "script-unknown", word = word.as_str(), list = list_name(text, *what), known = list(text, known))
        }
        ScriptErrorKind::OpenQuote => tr!(text, "script-open-quote"),
        ScriptErrorKind::Stray(c) => tr!(text, "script-stray", char = c.to_string()),
        ScriptErrorKind::Name => tr!(text, "script-name"),
        ScriptErrorKind::Bytes(error) => tr!(text, "script-bytes", why = bytes_error(text, error)),
        ScriptErrorKind::Number(word, most) => tr!(text, "script-number", word = word.as_str(), most = count(*most)),
        ScriptErrorKind::Time(word) => tr!(text, "script-time", word = word.as_str()),
        ScriptErrorKind::Compare(mismatch) => tr!(
            text,
            match mismatch {
                Mismatch::TextBySize => "script-text-by-size",
                Mismatch::NumberContains => "script-number-contains",
                Mismatch::TextWithNumber => "script-text-with-number",
                Mismatch::NumberWithText => "script-number-with-text",
            }
        ),
    };
    tr!(text, "script-at", column = error.column, what = what)
}

fn due(text: &Text, due: Due) -> String {
    let key = match due {
        Due::Exactly(word) => return tr!(text, "due-exactly", word = word),
        Due::Operator => return tr!(text, "due-operator", known = Op::SIGNS.join(" ")),
        Due::One(list) => return tr!(text, "due-one", list = list_name(text, list)),
        Due::End => "due-end",
        Due::MoreOrEnd => "due-more-or-end",
        Due::Endpoint => "due-endpoint",
        Due::Packet => "due-packet",
        Due::Sequence => "due-sequence",
        Due::SettingName => "due-setting-name",
        Due::Figure => "due-figure",
        Due::Errno => "due-errno",
        Due::Value => "due-value",
        Due::Comparand => "due-comparand",
        Due::Number => "due-number",
        Due::FromOne => "due-from-one",
        Due::Text => "due-text",
        Due::Time => "due-time",
    };
    tr!(text, key)
}

fn list_name(text: &Text, list: List) -> String {
    let key = match list {
        List::Deed => "list-deed",
        List::Setting => "list-setting",
        List::Figure => "list-figure",
        List::FigureGroup => "list-figure-group",
        List::Insight => "list-insight",
    };
    tr!(text, key)
}

fn stands(text: &Text, found: &Found) -> String {
    match found {
        Found::End => tr!(text, "found-end"),
        Found::Word(word) | Found::Quoted(word) => tr!(text, "found-word", word = word.as_str()),
    }
}

/// Why a deed or a check does not fit the lab.
pub fn change_error(text: &Text, error: &ChangeError) -> String {
    match error {
        ChangeError::NoEndpoint { name, known } => tr!(text, "change-no-endpoint", name = name.as_str(), known = list(text, known)),
        ChangeError::WrongSide { name, side, what } => {
            let key = match side {
                Side::Server => "change-is-server",
                Side::Client => "change-is-client",
            };
            tr!(text, key, name = name.as_str(), what = what.as_str())
        }
        ChangeError::NoPacket(name) => tr!(text, "change-no-packet", name = name.as_str()),
        ChangeError::NoSequence(name) => tr!(text, "change-no-sequence", name = name.as_str()),
        ChangeError::Value { key, value, why } => {
            tr!(text, "change-value", key = key.as_str(), value = value.as_str(), why = not_that(text, why))
        }
        ChangeError::Setting(error) => setting_error(text, error),
    }
}

fn not_that(text: &Text, why: &NotThat) -> String {
    match why {
        NotThat::Among(known) => tr!(text, "change-among", known = list(text, known)),
        NotThat::NoDatagrams { model, reason } => choice::reason(text, model, "no-datagrams", reason),
        NotThat::Address(error) => address_error(text, error),
        NotThat::NoServer(transport) => tr!(text, "change-no-server", transport = transport.id()),
        NotThat::Pace => tr!(text, "change-pace"),
        NotThat::Reconnect => tr!(text, "change-reconnect"),
        NotThat::AfterEnd => tr!(text, "change-after-end"),
        NotThat::Switch => tr!(text, "change-switch"),
        NotThat::Number(most) => tr!(text, "change-number", most = count(*most)),
        NotThat::Framing(error) => framing_text_error(text, error),
    }
}

/// Why a value is none of its setting.
fn setting_error(text: &Text, error: &SettingError) -> String {
    match error {
        SettingError::Unknown { id, known } if known.is_empty() => tr!(text, "setting-error-none", id = id.as_str()),
        SettingError::Unknown { id, known } => tr!(text, "setting-error-unknown", id = id.as_str(), known = list(text, known)),
        SettingError::WrongKind { id, expected } => {
            let kind = match expected {
                ValueKind::Number => "setting-error-kind-number",
                ValueKind::Switch => "setting-error-kind-switch",
                ValueKind::Text => "setting-error-kind-text",
            };
            tr!(text, "setting-error-wrong", id = id.as_str(), kind = tr!(text, kind))
        }
        SettingError::OutOfRange { id, value, min, max } => {
            tr!(text, "setting-error-range", id = id.as_str(), value = count(*value), min = count(*min), max = count(*max))
        }
        SettingError::TooLong { id, len, most } => tr!(text, "setting-error-long", id = id.as_str(), len = *len, most = *most),
        SettingError::Escape { id, error } => tr!(text, "setting-error-escape", id = id.as_str(), why = bytes_error(text, error)),
    }
}

/// Why a word is no framing.
fn framing_text_error(text: &Text, error: &FramingTextError) -> String {
    match error {
        FramingTextError::Kind(typed) => {
            tr!(text, "typed-kind", typed = typed.as_str(), known = list(text, &FramingKind::ALL.map(FramingKind::id)))
        }
        FramingTextError::Part { part, kind } => tr!(text, "typed-part", typed = part.as_str(), kind = framing_kind(text, *kind)),
        FramingTextError::Detail { detail, kind } => tr!(text, "typed-detail", typed = detail.as_str(), kind = framing_kind(text, *kind)),
        FramingTextError::LongDelimiter(len) => tr!(text, "typed-long-delimiter", len = *len, most = MAX_DELIMITER),
        FramingTextError::Delimiter(error) => tr!(text, "typed-delimiter", why = bytes_error(text, error)),
        FramingTextError::Length(typed) => tr!(text, "typed-length", typed = typed.as_str(), known = list(text, &length_names())),
        FramingTextError::Size(SizeError::Unit(typed)) => {
            let units = ["B", "KiB", "MiB", "GiB", "kB", "MB", "GB"];
            tr!(text, "typed-unit", typed = typed.as_str(), known = list(text, &units))
        }
        FramingTextError::Size(SizeError::Number) => tr!(text, "typed-size"),
        FramingTextError::MessageSize => tr!(text, "typed-message-size", most = count(MAX_FRAME.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::catalog;
    use crate::lab::{Lab, Transport};
    use crate::script::{Check, Deed};
    use crate::ui::Language;

    /// In English, and in Chinese.
    fn both(say: impl Fn(&Text) -> String) -> [String; 2] {
        [Language::English, Language::Chinese].map(|language| say(&Text::new(language)))
    }

    #[test]
    fn a_line_that_is_none_says_where_and_what_was_due() {
        let said = both(|text| script_error(text, &Deed::parse("start").unwrap_err()));
        assert_eq!(said[0], "column 6: the name of a server or a client was expected, not the end");
        assert_eq!(said[1], "第 6 列：此处应为服务器或客户端的名称，而不是行尾");
        let said = both(|text| script_error(text, &Check::parse("echo.open < \"a\"").unwrap_err()));
        assert_eq!(said[1], "第 13 列：数值要与数值比较");
        let said = both(|text| script_error(text, &Check::parse("echo.open").unwrap_err()));
        assert_eq!(said[1], "第 10 列：此处应为以下之一：== != < <= > >= contains，而不是行尾");
    }

    #[test]
    fn a_change_that_does_not_fit_says_what_would() {
        let mut lab = Lab::default();
        let id = lab.add_server(Transport::Tcp, "epoll-lt");
        let name = lab.server(id).unwrap().name.clone();
        let mut refused = |line: &str| {
            let deed = Deed::parse(&line.replace("NAME", &format!("\"{name}\""))).unwrap();
            lab.follow(&deed, &catalog::known()).unwrap_err()
        };
        let of = |error: &ChangeError| both(|text| change_error(text, error));
        assert_eq!(of(&refused("start door"))[1], "没有名为“door”的服务器或客户端。现有：echo-tcp");
        assert_eq!(of(&refused("set NAME nagle=maybe"))[1], "“nagle”不能是“maybe”：请写 on 或 off");
        assert_eq!(
            of(&refused("set NAME framing=\"fixed:3x\""))[1],
            "“framing”不能是“fixed:3x”：“x”不是单位：B、KiB、MiB、GiB、kB、MB、GB"
        );
        assert_eq!(of(&refused("set NAME connections=3"))[1], "“echo-tcp”是服务器，“connections”只适用于客户端");
    }
}
