//! Auto-reply rules, made ready: which messages, and what is answered. The first that matches answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memmem;
use regex::bytes::Regex;

use crate::bytes::{BytesError, Framing, parse_text};
use crate::lab::{Match, Rule};
use crate::packet::{PacketError, Recipe};

/// Why a rule, or what a sequence waits for, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// Its text is no bytes.
    #[error("what is looked for: {0}")]
    Text(#[from] BytesError),
    /// Its expression is none.
    #[error("{0}")]
    Regex(Box<regex::Error>),
    /// Its answer has no bytes.
    #[error("the answer: {0}")]
    Reply(#[from] PacketError),
    /// Which rule of a list, from 1.
    #[error("rule {0}: {1}")]
    In(usize, Box<Self>),
}

/// Which messages, ready to be asked.
#[derive(Debug)]
pub enum Matcher {
    /// Every message.
    Any,
    /// Exactly these bytes.
    Exact(Vec<u8>),
    /// Beginning with these.
    Prefix(Vec<u8>),
    /// Holding these.
    Contains(Box<memmem::Finder<'static>>),
    /// A regular expression over bytes.
    Regex(Regex),
    /// So many bytes, from and to.
    Length(u32, u32),
}

impl Matcher {
    /// Of what a person wrote.
    ///
    /// # Errors
    /// When a text is no bytes, or an expression none.
    pub fn of(when: &Match) -> Result<Self, RuleError> {
        Ok(match when {
            Match::Any => Self::Any,
            Match::Exact(text) => Self::Exact(parse_text(text)?),
            Match::Prefix(text) => Self::Prefix(parse_text(text)?),
            Match::Contains(text) => Self::Contains(Box::new(memmem::Finder::new(&parse_text(text)?).into_owned())),
            Match::Regex(text) => Self::Regex(Regex::new(text).map_err(|error| RuleError::Regex(Box::new(error)))?),
            Match::Length(from, to) => Self::Length(*from, *to),
        })
    }

    /// Whether it is for this message.
    pub fn matches(&self, message: &[u8]) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(bytes) => message == bytes.as_slice(),
            Self::Prefix(bytes) => message.starts_with(bytes),
            Self::Contains(finder) => finder.find(message).is_some(),
            Self::Regex(regex) => regex.is_match(message),
            Self::Length(from, to) => (u64::from(*from)..=u64::from(*to)).contains(&(message.len() as u64)),
        }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Rules {
    all: Vec<Ready>,
}

#[derive(Debug)]
struct Ready {
    when: Matcher,
    reply: Recipe,
    /// Answers so far.
    count: AtomicU64,
}

impl Rules {
    /// Those that are on; their answers go out in `framing`. May read files.
    ///
    /// # Errors
    /// Names the rule and what is wrong with it.
    pub fn of(rules: &[Rule], framing: &Framing) -> Result<Self, RuleError> {
        let ready = |rule: &Rule| -> Result<Ready, RuleError> {
            Ok(Ready { when: Matcher::of(&rule.when)?, reply: Recipe::of(&rule.reply, framing)?, count: AtomicU64::new(0) })
        };
        let all = rules.iter().enumerate().filter(|(_, rule)| rule.is_on);
        let all = all.map(|(at, rule)| ready(rule).map_err(|error| RuleError::In(at + 1, Box::new(error)))).collect::<Result<_, _>>()?;
        Ok(Self { all })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// What the first rule that matches answers; `None` when none does.
    pub fn answer(&self, message: &[u8]) -> Option<Result<Arc<[u8]>, PacketError>> {
        let rule = self.all.iter().find(|rule| rule.when.matches(message))?;
        Some(rule.reply.render(rule.count.fetch_add(1, Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Packet;

    fn rule(when: Match, reply: &str) -> Rule {
        Rule { is_on: true, when, reply: Packet { body: reply.into(), ..Packet::default() } }
    }

    #[test]
    fn the_first_that_matches_answers() {
        let off = Rule { is_on: false, ..rule(Match::Any, "never") };
        let all = [
            off,
            rule(Match::Exact(r"\x00a".into()), "exact"),
            rule(Match::Prefix("GET".into()), "prefix"),
            rule(Match::Contains("needle".into()), "contains"),
            rule(Match::Regex(r"(?-u)^\xff+$".into()), "regex"),
            rule(Match::Length(2, 3), "length"),
        ];
        let rules = Rules::of(&all, &Framing::Raw).unwrap();
        let answer = |message: &[u8]| rules.answer(message).map(|bytes| bytes.unwrap().to_vec());
        assert_eq!(answer(b"\0a"), Some(b"exact".to_vec()));
        assert_eq!(answer(b"GET needle"), Some(b"prefix".to_vec()));
        assert_eq!(answer(b"a needle"), Some(b"contains".to_vec()));
        assert_eq!(answer(&[255; 7]), Some(b"regex".to_vec()));
        assert_eq!((answer(b"ab"), answer(b"abc"), answer(b"abcd")), (Some(b"length".to_vec()), Some(b"length".to_vec()), None));
    }

    #[test]
    fn what_is_wrong_names_its_rule() {
        let words = |when| Rules::of(&[rule(Match::Any, "x"), rule(when, "x")], &Framing::Raw).unwrap_err().to_string();
        assert!(words(Match::Regex("(".into())).starts_with("rule 2: "), "{}", words(Match::Regex("(".into())));
        assert!(words(Match::Exact(r"\q".into())).starts_with("rule 2: what is looked for: column 1"));
        let long = Rules::of(&[rule(Match::Any, "four")], &Framing::Fixed { size: 3 }).unwrap_err().to_string();
        assert_eq!(long, "rule 1: the answer: a message of 4 bytes where each has 3");
    }
}
