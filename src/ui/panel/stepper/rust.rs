//! One line of Rust cut into pieces for reading: words of the language, comments, literals, and the calls that reach the
//! system, in the hue that these calls have in every lane. Pure; it is no parser and knows one line at a time.

use std::ops::Range;

use crate::ui::theme::Role;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Everything else.
    Plain,
    /// `loop`, `match` …
    Keyword,
    /// From `//` on.
    Comment,
    /// Text and numbers.
    Literal,
    /// A call that ends in one to the system.
    Call(Role),
}

const KEYWORDS: [&str; 32] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "false", "fn", "for", "if", "impl", "in", "let",
    "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static", "struct", "super", "true", "use", "while",
];

/// The pieces of a line, in order and without gaps.
pub fn pieces(line: &str) -> Vec<(Range<usize>, Piece)> {
    let mut found: Vec<(Range<usize>, Piece)> = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let (len, piece) = next(&line[..at], &line[at..]);
        match found.last_mut() {
            Some((range, last)) if *last == piece && piece == Piece::Plain => range.end = at + len,
            Some(_) | None => found.push((at..at + len, piece)),
        }
        at += len;
    }
    found
}

/// The length in bytes and the kind of what begins here; never 0 long.
fn next(before: &str, rest: &str) -> (usize, Piece) {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if rest.starts_with("//") {
        return (rest.len(), Piece::Comment);
    }
    if let Some(len) = text_len(rest) {
        return (len, Piece::Literal);
    }
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    if word == 0 {
        return (first, Piece::Plain);
    }
    let (name, after) = rest.split_at(word);
    let piece = match () {
        () if name.starts_with(|c: char| c.is_ascii_digit()) => Piece::Literal,
        () if KEYWORDS.contains(&name) => Piece::Keyword,
        () if after.starts_with('(') => call(before, name).map_or(Piece::Plain, Piece::Call),
        () => Piece::Plain,
    };
    (word, piece)
}

/// The length of a text or character literal that begins here. A lifetime is none.
fn text_len(rest: &str) -> Option<usize> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Some(i + 1),
            _ if quote == '\'' && i > 1 => return None,
            _ => {}
        }
    }
    (quote == '"').then_some(rest.len())
}

/// The hue of a call by the name it has in a model's file.
fn call(before: &str, name: &str) -> Option<Role> {
    // What follows `fn` is declared, not called.
    if before.trim_end().ends_with("fn") {
        return None;
    }
    match name {
        "recv" | "recv_from" | "receive" | "read" => Some(Role::Received),
        "send" | "send_to" | "send_waiting" | "write" | "flush" => Some(Role::Sent),
        "accept" | "accept_all" | "connect" => Some(Role::Client),
        "next" if before.ends_with("door.") => Some(Role::Client),
        "wait" | "poll" | "select" | "kevent" | "epoll_wait" | "sigwait" | "wait_for" | "submit_and_wait" | "enter" => Some(Role::Waiting),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<(&str, Piece)> {
        pieces(line).into_iter().map(|(range, piece)| (&line[range], piece)).filter(|(_, p)| *p != Piece::Plain).collect()
    }

    #[test]
    fn calls_have_their_hue_and_declarations_none() {
        let line = "        let events = epoll.wait(lane, &mut ready, 5)?; // sleeps";
        let found = words(line);
        assert_eq!(
            found,
            [
                ("let", Piece::Keyword),
                ("wait", Piece::Call(Role::Waiting)),
                ("mut", Piece::Keyword),
                ("5", Piece::Literal),
                ("// sleeps", Piece::Comment)
            ]
        );
        assert_eq!(words("connection.recv(lane)"), [("recv", Piece::Call(Role::Received))]);
        assert_eq!(words("door.next(lane)"), [("next", Piece::Call(Role::Client))]);
        assert_eq!(words("iter.next()"), []);
        assert_eq!(words("fn recv(&self)"), [("fn", Piece::Keyword), ("self", Piece::Keyword)]);
    }

    #[test]
    fn texts_hide_what_stands_in_them_and_lifetimes_are_no_text() {
        assert_eq!(words(r#"say("a \" // let")"#), [(r#""a \" // let""#, Piece::Literal)]);
        assert_eq!(words("b'x', '\\n'"), [("'x'", Piece::Literal), ("'\\n'", Piece::Literal)]);
        assert_eq!(words("impl<'a> Heads<'a>"), [("impl", Piece::Keyword)]);
    }

    #[test]
    fn every_line_of_every_model_is_covered_without_gaps() {
        for model in crate::engine::catalog::models() {
            for line in model.source.lines() {
                let mut at = 0;
                for (range, _) in pieces(line) {
                    assert_eq!(range.start, at, "{line}");
                    at = range.end;
                }
                assert_eq!(at, line.len(), "{line}");
            }
        }
    }
}
