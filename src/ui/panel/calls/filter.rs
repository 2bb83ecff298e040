//! The filter language of the call log. Pure.
//!
//! Words match the call as it is written and the names of its session and lane; `session:`, `lane:`, `call:`, `fd:`, `errno:`
//! match what they say, `took>1ms` and `bytes>100` compare; a leading `-` turns a term round. Terms of one kind are
//! alternatives (`call:recv call:send`), different kinds must all hold.

use crate::trace::CallRecord;

use super::line;

/// How a figure compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Compare {
    fn holds(self, a: u64, b: u64) -> bool {
        match self {
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::Equal => a == b,
            Self::AtLeast => a >= b,
            Self::More => a > b,
        }
    }
}

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

/// The term that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTerm(pub String);

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub call: &'a CallRecord,
    pub session: &'a str,
    pub lane: &'a str,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// With the first term that has a known head and a value that makes no sense.
    pub fn parse(text: &str) -> Result<Self, BadTerm> {
        let words = text.split_whitespace().filter(|w| *w != "-");
        Ok(Self { terms: words.map(term).collect::<Result<_, _>>()? })
    }

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

fn term(word: &str) -> Result<Term, BadTerm> {
    let bad = || BadTerm(word.to_owned());
    let (not, body) = word.strip_prefix('-').map_or((false, word), |rest| (true, rest));
    let named = |head: &str| body.strip_prefix(head).map(|value| (value, value.to_lowercase()));
    let test = if let Some((value, lower)) = named("session:") {
        text(value, lower).map(Test::Session).ok_or_else(bad)?
    } else if let Some((value, lower)) = named("lane:") {
        text(value, lower).map(Test::Lane).ok_or_else(bad)?
    } else if let Some((value, lower)) = named("call:") {
        text(value, lower).map(Test::Call).ok_or_else(bad)?
    } else if let Some((value, _)) = named("fd:") {
        Test::Fd(value.parse().map_err(|_| bad())?)
    } else if let Some((value, lower)) = named("errno:") {
        text(value, lower).map(Test::Errno).ok_or_else(bad)?
    } else if let Some((compare, value)) = compared(body, "took") {
        Test::Took(compare, nanos(value).ok_or_else(bad)?)
    } else if let Some((compare, value)) = compared(body, "bytes") {
        Test::Bytes(compare, value.parse().map_err(|_| bad())?)
    } else {
        Test::Word(body.to_lowercase())
    };
    Ok(Term { word: word.to_owned(), not, test })
}

fn text(value: &str, lower: String) -> Option<String> {
    (!value.is_empty()).then_some(lower)
}

fn compared<'a>(body: &'a str, head: &str) -> Option<(Compare, &'a str)> {
    let rest = body.strip_prefix(head)?;
    let signs = [
        (">=", Compare::AtLeast),
        ("<=", Compare::AtMost),
        (">", Compare::More),
        ("<", Compare::Less),
        ("=", Compare::Equal),
        (":", Compare::Equal),
    ];
    signs.into_iter().find_map(|(sign, compare)| rest.strip_prefix(sign).map(|value| (compare, value)))
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
                [subject.session, subject.lane, call.call.name()].into_iter().any(|t| contains(t, word))
                    || call.asked().to_string().to_lowercase().contains(word)
                    || line::errno(call).is_some_and(|e| e.to_lowercase().contains(word))
            }
            Self::Session(name) => contains(subject.session, name),
            Self::Lane(name) => contains(subject.lane, name),
            Self::Call(name) => contains(call.call.name(), name),
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

/// Whether `text` holds the lower-case `word`; ASCII letters of either case.
fn contains(text: &str, word: &str) -> bool {
    if text.is_ascii() {
        let (text, word) = (text.as_bytes(), word.as_bytes());
        return word.is_empty() || text.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word));
    }
    text.to_lowercase().contains(word)
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
