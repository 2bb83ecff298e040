//! The filter language of the call log. Pure.
//!
//! Words match the call as it is written and the names of its session and lane; `session:`, `lane:`, `call:`, `fd:`, `errno:`
//! match what they say, `took>1ms` and `bytes>100` compare; a leading `-` turns a term round. Terms of one kind are
//! alternatives (`call:recv call:send`), different kinds must all hold.

use crate::trace::CallRecord;

use super::line;
use crate::ui::panel::filter::{BadTerm, Compare, Language, Typed, named as holds_word, terms};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Word(String),
    Session(String),
    Lane(String),
    Call(String),
    Fd(i64),
    /// An error's name; `any` is every error, `ok` none.
    Errno(String),
    Took(Compare, u64),
    Bytes(Compare, u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    /// As it was typed.
    word: String,
    not: bool,
    test: Test,
}

/// A filter as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub call: &'a CallRecord,
    pub session: &'a str,
    pub lane: &'a str,
}

impl Language for Filter {
    fn parse(text: &str) -> Result<Self, BadTerm> {
        Ok(Self { terms: terms(text).map(term).collect::<Result<_, _>>()? })
    }
}

impl Filter {
    /// The terms as they were typed.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|t| t.word.as_str())
    }

    /// The filter without one of its terms, as text.
    pub fn without(&self, term: usize) -> String {
        let left: Vec<&str> = self.words().enumerate().filter(|(n, _)| *n != term).map(|(_, w)| w).collect();
        left.join(" ")
    }

    /// Whether a row passes.
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        self.terms.iter().enumerate().all(|(n, term)| {
            let holds = term.test.holds(subject);
            if term.not {
                return !holds;
            }
            holds || {
                // Another term of its kind may hold instead.
                let kind = std::mem::discriminant(&term.test);
                term.test.is_choice()
                    && self
                        .terms
                        .iter()
                        .enumerate()
                        .any(|(m, other)| m != n && !other.not && std::mem::discriminant(&other.test) == kind && other.test.holds(subject))
            }
        })
    }
}

fn term(typed: Typed) -> Result<Term, BadTerm> {
    let bad = || typed.bad();
    let named = |head: &str| typed.after(head).map(|value| text(value).ok_or_else(bad));
    let test = if let Some(name) = named("session:") {
        Test::Session(name?)
    } else if let Some(name) = named("lane:") {
        Test::Lane(name?)
    } else if let Some(name) = named("call:") {
        Test::Call(name?)
    } else if let Some(value) = typed.after("fd:") {
        Test::Fd(value.parse().map_err(|_| bad())?)
    } else if let Some(name) = named("errno:") {
        Test::Errno(name?)
    } else if let Some((compare, value)) = typed.compared("took") {
        Test::Took(compare, nanos(value).ok_or_else(bad)?)
    } else if let Some((compare, value)) = typed.compared("bytes") {
        Test::Bytes(compare, value.parse().map_err(|_| bad())?)
    } else {
        Test::Word(typed.body.to_lowercase())
    };
    Ok(Term { word: typed.word, not: typed.not, test })
}

/// In small letters; a head with nothing after it means nothing.
fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_lowercase())
}

/// `50us`, `1.5ms`, `2s`; without a unit microseconds.
fn nanos(value: &str) -> Option<u64> {
    let units = [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)];
    let (number, unit) = units.into_iter().find_map(|(name, ns)| value.strip_suffix(name).map(|n| (n, ns))).unwrap_or((value, 1e3));
    let number: f64 = number.parse().ok()?;
    (number >= 0.0).then_some((number * unit) as u64)
}

impl Test {
    /// Whether several of its kind are alternatives: a row has only one of them.
    fn is_choice(&self) -> bool {
        match self {
            Self::Session(_) | Self::Lane(_) | Self::Call(_) | Self::Fd(_) | Self::Errno(_) => true,
            Self::Word(_) | Self::Took(..) | Self::Bytes(..) => false,
        }
    }

    fn holds(&self, subject: &Subject<'_>) -> bool {
        let call = subject.call;
        match self {
            Self::Word(word) => {
                [subject.session, subject.lane, call.call.name()].into_iter().any(|t| holds_word(t, word))
                    || call.asked().to_string().to_lowercase().contains(word)
                    || line::errno(call).is_some_and(|e| e.to_lowercase().contains(word))
            }
            Self::Session(name) => holds_word(subject.session, name),
            Self::Lane(name) => holds_word(subject.lane, name),
            Self::Call(name) => holds_word(call.call.name(), name),
            Self::Fd(fd) => call.touches(*fd),
            Self::Errno(name) => match (name.as_str(), line::errno(call)) {
                ("any", errno) => errno.is_some(),
                ("ok", errno) => errno.is_none(),
                (name, errno) => errno.is_some_and(|e| e.eq_ignore_ascii_case(name)),
            },
            Self::Took(compare, ns) => compare.holds(call.took_ns, *ns),
            Self::Bytes(compare, n) => compare.holds(call.bytes.into(), *n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Call;
    use crate::ui::panel::timeline::fake::{eagain, record};

    fn passes(filter: &str, call: &CallRecord) -> bool {
        Filter::parse(filter).unwrap().matches(&Subject { call, session: "echo-tcp", lane: "worker-1" })
    }

    #[test]
    fn each_kind_of_term_and_its_opposite() {
        let recv = CallRecord { args: [4_096, 0], bytes: 64, result: 64, ..record(1, Call::Recv, 33, 0, 62_000) };
        for yes in [
            "",
            "recv",
            "ECHO",
            "worker",
            "4096",
            "session:echo",
            "lane:worker-1",
            "call:recv",
            "fd:33",
            "errno:ok",
            "-errno:any",
            "took>50us",
            "took<=0.062ms",
            "bytes=64",
            "-call:epoll_wait",
            "call:send call:recv",
            "fd:33 fd:35",
        ] {
            assert!(passes(yes, &recv), "{yes}");
        }
        for no in [
            "send",
            "session:chat",
            "lane:main",
            "call:send",
            "fd:3",
            "errno:any",
            "took>1ms",
            "bytes>64",
            "-recv",
            "call:recv fd:1",
            "recv send",
        ] {
            assert!(!passes(no, &recv), "{no}");
        }
        let again = CallRecord { errno: eagain(), again: true, ..recv };
        assert!(passes("errno:EAGAIN", &again) && passes("errno:any", &again) && passes("eagain", &again) && !passes("errno:ok", &again));
    }

    #[test]
    fn what_is_not_understood_is_refused_and_a_term_can_be_taken_away() {
        for bad in ["fd:x", "took>soon", "bytes<", "call:", "-fd:"] {
            assert_eq!(Filter::parse(&format!("ok {bad}")), Err(BadTerm(bad.to_owned())));
        }
        let filter = Filter::parse(" call:recv  -fd:3 x ").unwrap();
        assert_eq!((filter.without(1), filter.words().count()), ("call:recv x".into(), 3));
    }
}
