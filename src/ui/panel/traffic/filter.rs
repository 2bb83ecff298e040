//! The filter language of the traffic log. Pure.
//!
//! Words (or `"quoted words"`) match names, addresses and data; `dir:rx`, `dir:tx`, `len>100`, `conn:3`, `hex:0d0a` match what
//! they say; a leading `-` turns a term round. All terms must hold.

use crate::engine::{Record, RecordKind};
use crate::ui::panel::filter::{BadTerm, Compare, Language, Typed, contains, terms};

/// Which way bytes went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dir {
    Received,
    Sent,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// Lower-case bytes of a word.
    Word(Vec<u8>),
    Dir(Dir),
    Len(Compare, u64),
    Conn(u32),
    Hex(Vec<u8>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    not: bool,
    test: Test,
}

/// A filter as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

impl Language for Filter {
    fn parse(text: &str) -> Result<Self, BadTerm> {
        Ok(Self { terms: terms(text).map(term).collect::<Result<_, _>>()? })
    }
}

impl Filter {
    /// Whether a row passes.
    pub fn matches(&self, record: &Record) -> bool {
        self.terms.iter().all(|term| term.test.holds(record) != term.not)
    }

    /// Whether rows' data are looked through, which costs time for each byte.
    pub fn reads_data(&self) -> bool {
        self.terms.iter().any(|t| matches!(t.test, Test::Word(_) | Test::Hex(_)))
    }
}

fn term(typed: Typed) -> Result<Term, BadTerm> {
    let bad = || typed.bad();
    let test = if let Some(value) = typed.after("dir:") {
        Test::Dir(match value {
            "rx" | "in" => Dir::Received,
            "tx" | "out" => Dir::Sent,
            _ => return Err(bad()),
        })
    } else if let Some(value) = typed.after("conn:") {
        Test::Conn(value.parse().map_err(|_| bad())?)
    } else if let Some(value) = typed.after("hex:") {
        let bytes = crate::bytes::parse_hex(value).map_err(|_| bad())?;
        if bytes.is_empty() {
            return Err(bad());
        }
        Test::Hex(bytes)
    } else if let Some((compare, value)) = typed.compared("len") {
        Test::Len(compare, value.parse().map_err(|_| bad())?)
    } else {
        Test::Word(typed.body.to_ascii_lowercase().into_bytes())
    };
    Ok(Term { not: typed.not, test })
}

impl Test {
    fn holds(&self, record: &Record) -> bool {
        match self {
            Self::Word(word) => {
                let conn = &record.conn;
                let other = conn.other_end.get().map(|(_, _, name)| name.as_bytes());
                let names = [conn.session_name.as_bytes(), conn.peer.as_bytes(), conn.local.as_bytes()];
                names.into_iter().chain(other).chain([&*record.data]).any(|text| contains(text, word))
            }
            Self::Dir(Dir::Received) => record.kind == RecordKind::Received,
            Self::Dir(Dir::Sent) => record.kind == RecordKind::Sent,
            Self::Len(compare, n) => compare.holds(record.len.into(), *n),
            Self::Conn(number) => record.conn.number == *number,
            Self::Hex(bytes) => record.data.windows(bytes.len()).any(|w| w == bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panel::tables_fake::{conn, record};

    fn passes(filter: &str, record: &Record) -> bool {
        Filter::parse(filter).unwrap().matches(record)
    }

    #[test]
    fn each_kind_of_term_and_its_opposite() {
        let row = record(&conn(3, "echo-tcp", Some("phone")), RecordKind::Received, "Ping 中文\r\n".as_bytes());
        for yes in [
            "",
            "ping",
            "中文",
            "phone",
            "echo",
            "\"ping 中\"",
            "dir:rx",
            "-dir:tx",
            "len>5",
            "len<=13",
            "len=13",
            "conn:3",
            "hex:0d0a",
            "-hex:00",
            "ping -lamp",
        ] {
            assert!(passes(yes, &row), "{yes}");
        }
        for no in ["-ping", "lamp", "dir:tx", "len>13", "len<13", "conn:4", "hex:0d0b", "ping lamp", "-dir:rx"] {
            assert!(!passes(no, &row), "{no}");
        }
    }

    #[test]
    fn half_a_byte_and_unknown_values_are_refused_with_the_term() {
        for bad in ["hex:0d0", "hex:", "dir:up", "conn:x", "len>many", "-len>"] {
            assert_eq!(Filter::parse(&format!("ok {bad}")), Err(BadTerm(bad.to_owned())));
        }
        assert_eq!(Filter::parse("  - "), Ok(Filter::default()));
    }
}
