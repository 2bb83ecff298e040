//! A line as its words, signs and quotations, each with its column; and the reader that both languages use.

use std::time::Duration;

use super::error::{Due, Found, List, ScriptError, ScriptErrorKind};
use super::time;
use crate::bytes::{BytesError, parse_text};

/// One piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Letters, digits, `_` and `-`; after a digit also points.
    Word(String),
    /// What stood between quotation marks, with its backslashes.
    Quoted(String),
    /// `== != <= >= < > = . ,`
    Sign(&'static str),
}

/// The longer ones first.
const SIGNS: [&str; 9] = ["==", "!=", "<=", ">=", "<", ">", "=", ".", ","];

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// The pieces with their columns.
fn scan(line: &str) -> Result<Vec<(usize, Token)>, ScriptError> {
    let mut pieces = Vec::new();
    let mut rest = line;
    let mut column = 1;
    while let Some(first) = rest.chars().next() {
        let (token, len) = if first.is_whitespace() {
            (None, first.len_utf8())
        } else if first == '"' {
            let (text, len) = quoted(rest).ok_or(ScriptError { column, kind: ScriptErrorKind::OpenQuote })?;
            (Some(Token::Quoted(text)), len)
        } else if is_word(first) {
            // 0.5 and 1.5s are one word, as 1_000 is; a name with a point is quoted.
            let more = |c: char| is_word(c) || (c == '.' && first.is_ascii_digit());
            let len = rest.find(|c| !more(c)).unwrap_or(rest.len());
            (Some(Token::Word(rest[..len].to_owned())), len)
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Some(Token::Sign(sign)), sign.len())
        } else {
            return Err(ScriptError { column, kind: ScriptErrorKind::Stray(first) });
        };
        pieces.extend(token.map(|token| (column, token)));
        column += rest[..len].chars().count();
        rest = &rest[len..];
    }
    Ok(pieces)
}

/// What stands between the marks, and how long it is with them. A backslash keeps what follows it from being the end.
fn quoted(rest: &str) -> Option<(String, usize)> {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((rest[1..at].to_owned(), at + 1)),
            '\\' => drop(chars.next()?),
            _ => {}
        }
    }
    None
}

/// Reads a line piece by piece.
#[derive(Debug)]
pub(super) struct Reader {
    pieces: Vec<(usize, Token)>,
    at: usize,
    end: usize,
}

type Read<T> = Result<T, ScriptError>;

impl Reader {
    pub fn new(line: &str) -> Read<Self> {
        Ok(Self { pieces: scan(line)?, at: 0, end: line.trim_end().chars().count() + 1 })
    }

    pub fn peek(&self) -> Option<&Token> {
        self.pieces.get(self.at).map(|(_, token)| token)
    }

    /// The piece after the next one.
    pub fn second(&self) -> Option<&Token> {
        self.pieces.get(self.at + 1).map(|(_, token)| token)
    }

    pub fn is_over(&self) -> bool {
        self.at == self.pieces.len()
    }

    /// Where the next piece begins.
    pub fn column(&self) -> usize {
        self.pieces.get(self.at).map_or(self.end, |(column, _)| *column)
    }

    pub fn refuse<T>(&self, kind: ScriptErrorKind) -> Read<T> {
        Err(ScriptError { column: self.column(), kind })
    }

    pub fn expected<T>(&self, expected: Due) -> Read<T> {
        let found = match self.peek() {
            None => Found::End,
            Some(Token::Word(word)) => Found::Word(word.clone()),
            Some(Token::Quoted(text)) => Found::Quoted(text.clone()),
            Some(Token::Sign(sign)) => Found::Word((*sign).to_owned()),
        };
        self.refuse(ScriptErrorKind::Expected { expected, found })
    }

    /// Nothing may follow.
    pub fn end(&self) -> Read<()> {
        if self.is_over() { Ok(()) } else { self.expected(Due::End) }
    }

    pub fn is_at(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(w)) if w == word)
    }

    /// Takes the word if it is there.
    pub fn takes(&mut self, word: &str) -> bool {
        let there = self.is_at(word);
        self.at += usize::from(there);
        there
    }

    pub fn takes_sign(&mut self, sign: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(there);
        there
    }

    pub fn sign(&mut self, sign: &'static str) -> Read<()> {
        if self.takes_sign(sign) { Ok(()) } else { self.expected(Due::Exactly(sign)) }
    }

    pub fn word(&mut self, what: Due) -> Read<String> {
        match self.peek() {
            Some(Token::Word(word)) => {
                let word = word.clone();
                self.at += 1;
                Ok(word)
            }
            _ => self.expected(what),
        }
    }

    /// One of a closed list.
    pub fn one_of<T: Copy>(&mut self, what: List, known: &[(&'static str, T)]) -> Read<T> {
        let Some(Token::Word(word)) = self.peek() else { return self.expected(Due::One(what)) };
        match known.iter().find(|(id, _)| id == word) {
            Some((_, value)) => {
                self.at += 1;
                Ok(*value)
            }
            None => {
                let (word, known) = (word.clone(), known.iter().map(|(id, _)| *id).collect());
                self.refuse(ScriptErrorKind::Unknown { what, word, known })
            }
        }
    }

    /// The name of an endpoint, a packet or a sequence.
    pub fn name(&mut self, what: Due) -> Read<String> {
        let name = match self.peek() {
            Some(Token::Word(word)) => word.clone(),
            Some(Token::Quoted(text)) => match unquoted_name(text) {
                Some(name) => name,
                None => return self.refuse(ScriptErrorKind::Name),
            },
            _ => return self.expected(what),
        };
        self.at += 1;
        Ok(name)
    }

    /// A text in quotes as it is written, but for `\"`.
    pub fn text(&mut self) -> Read<String> {
        let Some(Token::Quoted(text)) = self.peek() else { return self.expected(Due::Text) };
        let text = text_of(text);
        self.at += 1;
        Ok(text)
    }

    /// The bytes of a text in quotes.
    pub fn bytes(&mut self) -> Read<Vec<u8>> {
        let column = self.column();
        let text = self.text()?;
        parse_text(&text).map_err(|error: BytesError| ScriptError { column, kind: ScriptErrorKind::Bytes(error) })
    }

    pub fn count(&mut self, most: u64) -> Read<u64> {
        let Some(Token::Word(word)) = self.peek() else { return self.expected(Due::Number) };
        let number = word.replace('_', "").parse().ok().filter(|n| *n <= most && word.starts_with(|c: char| c.is_ascii_digit()));
        match number {
            Some(number) => {
                self.at += 1;
                Ok(number)
            }
            None => {
                let word = word.clone();
                self.refuse(ScriptErrorKind::Number(word, most))
            }
        }
    }

    /// Whether a number comes next.
    pub fn is_count(&self) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if word.starts_with(|c: char| c.is_ascii_digit()))
    }

    pub fn time(&mut self) -> Read<Duration> {
        let Some(Token::Word(word)) = self.peek() else { return self.expected(Due::Time) };
        match time::parse(word) {
            Some(time) => {
                self.at += 1;
                Ok(time)
            }
            None => {
                let word = word.clone();
                self.refuse(ScriptErrorKind::Time(word))
            }
        }
    }

    /// A value after `=`: a word, or anything in quotes.
    pub fn value(&mut self) -> Read<String> {
        match self.peek() {
            Some(Token::Quoted(_)) => self.text(),
            _ => self.word(Due::Value),
        }
    }
}

fn unquoted_name(text: &str) -> Option<String> {
    let mut name = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => name.push(chars.next().filter(|c| matches!(c, '\\' | '"'))?),
            c => name.push(c),
        }
    }
    Some(name)
}

fn text_of(quoted: &str) -> String {
    let mut text = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some('"')) => {}
            ('\\', Some(next)) => {
                text.push(c);
                text.push(next);
                chars.next();
            }
            (c, _) => text.push(c),
        }
    }
    text
}
