//! A program cut into pieces for reading: words of the language, comments, literals, and the calls that reach the system, in the
//! hue that these calls have in every lane. Pure; it is no parser, and what it does not know is plain.

use std::ops::Range;

use crate::code::Language;
use crate::ui::theme::Role;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Everything else.
    Plain,
    /// `while`, `match`, `#include` …
    Keyword,
    /// To the end of the line, or between `/*` and `*/`.
    Comment,
    /// Characters and bytes.
    Text,
    /// Figures.
    Number,
    /// A call that stays in the program.
    Call,
    /// A call that ends in one to the system.
    System(Role),
}

const PYTHON: &[&str] = &[
    "False", "None", "True", "and", "as", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield",
];
const C: &[&str] = &[
    "bool", "break", "case", "char", "const", "continue", "default", "do", "else", "enum", "extern", "false", "for", "goto", "if",
    "inline", "int", "long", "return", "short", "signed", "size_t", "sizeof", "ssize_t", "static", "struct", "switch", "true", "typedef",
    "union", "unsigned", "void", "volatile", "while",
];
const RUST: &[&str] = &[
    "Self", "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "false", "fn", "for", "if", "impl", "in",
    "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "type",
    "unsafe", "use", "where", "while",
];

/// The pieces of a text, in order and without gaps. One may go over several lines.
pub fn pieces(language: Language, text: &str) -> Vec<(Range<usize>, Piece)> {
    let mut found: Vec<(Range<usize>, Piece)> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (len, piece) = next(language, &text[..at], &text[at..]);
        match found.last_mut() {
            Some((range, last)) if *last == piece && piece == Piece::Plain => range.end = at + len,
            Some(_) | None => found.push((at..at + len, piece)),
        }
        at += len;
    }
    found
}

/// The same, line by line; ranges are of the line, without its end.
pub fn lines(language: Language, text: &str) -> Vec<Vec<(Range<usize>, Piece)>> {
    let pieces = pieces(language, text);
    let (mut from, mut start) = (0, 0);
    let each = text.split_inclusive('\n').map(|whole| {
        let end = start + whole.trim_end_matches(['\n', '\r']).len();
        while pieces.get(from).is_some_and(|(range, _)| range.end <= start) {
            from += 1;
        }
        let here = pieces.iter().skip(from).take_while(|(range, _)| range.start < end);
        let cut = here.map(|(range, piece)| (range.start.max(start) - start..range.end.min(end) - start, *piece)).collect();
        start += whole.len();
        cut
    });
    each.collect()
}

/// The length in bytes and the kind of what begins here; never 0 long.
fn next(language: Language, before: &str, rest: &str) -> (usize, Piece) {
    if let Some(len) = comment(language, rest) {
        return (len, Piece::Comment);
    }
    if let Some(len) = literal(language, rest) {
        return (len, Piece::Text);
    }
    let first = rest.chars().next().map_or(1, char::len_utf8);
    let is_directive = language == Language::C && rest.starts_with('#') && before.chars().next_back().is_none_or(|c| c == '\n');
    let from = usize::from(is_directive);
    let word = rest[from..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(rest.len(), |end| end + from);
    if word == from {
        return (first, Piece::Plain);
    }
    let (name, after) = rest.split_at(word);
    let words = match language {
        Language::Python => PYTHON,
        Language::C => C,
        Language::Rust => RUST,
    };
    let piece = match () {
        () if is_directive || words.contains(&name) => Piece::Keyword,
        () if name.starts_with(|c: char| c.is_ascii_digit()) => Piece::Number,
        () if after.starts_with('(') => call(before, name),
        () => Piece::Plain,
    };
    (word, piece)
}

fn comment(language: Language, rest: &str) -> Option<usize> {
    let line = if language == Language::Python { "#" } else { "//" };
    if rest.starts_with(line) {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    (language != Language::Python && rest.starts_with("/*")).then(|| rest.find("*/").map_or(rest.len(), |at| at + 2))
}

/// The length of a literal that begins here, with the letters before its quote. A lifetime is none.
fn literal(language: Language, rest: &str) -> Option<usize> {
    let prefix = rest.find(|c: char| !c.is_ascii_alphabetic()).filter(|len| *len <= 2)?;
    let known: &[&str] = match language {
        Language::Python => &["", "b", "r", "f", "br", "rb", "fr", "rf", "u"],
        Language::C => &["", "L", "u", "U"],
        Language::Rust => &["", "b", "r", "br", "c", "cr"],
    };
    let (letters, quoted) = rest.split_at(prefix);
    if !known.contains(&letters) {
        return None;
    }
    if language == Language::Rust && letters.contains('r') {
        let hashes = quoted.find(|c| c != '#').filter(|at| quoted[*at..].starts_with('"'))?;
        let end = format!("\"{}", "#".repeat(hashes));
        let body = hashes + 1;
        return Some(prefix + quoted[body..].find(&end).map_or(quoted.len(), |at| body + at + end.len()));
    }
    if language == Language::Python
        && let Some(end) = ["\"\"\"", "'''"].into_iter().find(|end| quoted.starts_with(end))
    {
        return Some(prefix + quoted[3..].find(end).map_or(quoted.len(), |at| at + 6));
    }
    let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let is_character = quote == '\'' && language == Language::Rust;
    let mut escaped = false;
    for (n, (at, c)) in quoted.char_indices().enumerate().skip(1) {
        match c {
            // Rust's texts may go over lines; a quote of the others that is not closed ends with its line.
            '\n' if language != Language::Rust && !escaped => return Some(prefix + at),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Some(prefix + at + 1),
            _ if is_character && n > 1 && !quoted.starts_with("'\\") => return None,
            _ => {}
        }
    }
    (!is_character).then_some(rest.len())
}

/// The hue of a call by the name it has in the three languages.
fn call(before: &str, name: &str) -> Piece {
    // What follows `fn` and `def` is declared, not called.
    let word = before.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next();
    if matches!(word, Some("fn" | "def")) {
        return Piece::Plain;
    }
    let role = match name {
        "recv" | "recvfrom" | "recv_from" | "recv_into" | "sock_recv" | "read" | "read_exact" => Role::Received,
        "send" | "sendto" | "send_to" | "send_to_addr" | "sendall" | "write" | "write_all" => Role::Sent,
        "accept" | "connect" | "connect_timeout" | "connect_addr" => Role::Client,
        "select" | "poll" | "epoll_wait" | "kevent" | "sigwait" | "sigwaitinfo" | "sigtimedwait" | "pthread_cond_wait" => Role::Waiting,
        "control" if before.ends_with("kqueue.") => Role::Waiting,
        _ => return Piece::Call,
    };
    Piece::System(role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{self, Endpoint, Words};
    use crate::engine::catalog;
    use crate::lab::{Lab, Transport};

    fn words(language: Language, text: &str) -> Vec<(&str, Piece)> {
        pieces(language, text).into_iter().map(|(range, piece)| (&text[range], piece)).filter(|(_, p)| *p != Piece::Plain).collect()
    }

    #[test]
    fn calls_have_their_hue_and_declarations_none() {
        let received = Piece::System(Role::Received);
        assert_eq!(
            words(Language::Python, "while data := conn.recv(4096):  # sleeps"),
            [("while", Piece::Keyword), ("recv", received), ("4096", Piece::Number), ("# sleeps", Piece::Comment)]
        );
        assert_eq!(
            words(Language::C, "#include <poll.h>\nssize_t n = recv(fd, buf, 9, 0); /* a\nb */"),
            [
                ("#include", Piece::Keyword),
                ("ssize_t", Piece::Keyword),
                ("recv", received),
                ("9", Piece::Number),
                ("0", Piece::Number),
                ("/* a\nb */", Piece::Comment)
            ]
        );
        assert_eq!(words(Language::Rust, "fn recv(&self) {}"), [("fn", Piece::Keyword), ("self", Piece::Keyword)]);
        assert_eq!(words(Language::Python, "def send(x): log(x)"), [("def", Piece::Keyword), ("log", Piece::Call)]);
    }

    #[test]
    fn texts_hide_what_stands_in_them_and_lifetimes_are_no_text() {
        let text = |s| (s, Piece::Text);
        assert_eq!(words(Language::Python, "b\"a # while\" + 'x'"), [text("b\"a # while\""), text("'x'")]);
        assert_eq!(words(Language::Python, "\"\"\"a\nif\n\"\"\"x"), [text("\"\"\"a\nif\n\"\"\"")]);
        assert_eq!(words(Language::C, r"'\'' + '\n'"), [text(r"'\''"), text(r"'\n'")]);
        assert_eq!(words(Language::Rust, "impl<'a> Head<'a>"), [("impl", Piece::Keyword)]);
        assert_eq!(
            words(Language::Rust, r##"r#"a "b" let"# + b'x' + '\u{7f}'"##),
            [text(r##"r#"a "b" let"#"##), text("b'x'"), text(r"'\u{7f}'")]
        );
        assert_eq!(words(Language::C, "\"open\nint"), [text("\"open"), ("int", Piece::Keyword)]);
    }

    #[test]
    fn every_program_is_covered_line_by_line_without_gaps() {
        let mut lab = Lab::default();
        let servers = catalog::models().filter(|m| m.missing.is_none()).map(|m| lab.add_server(Transport::Tcp, m.id)).collect::<Vec<_>>();
        let mut seen = 0;
        let all = servers.iter().flat_map(|id| Language::ALL.map(|language| (*id, language)));
        for (id, language, words) in all.flat_map(|(id, language)| Words::ALL.map(|words| (id, language, words))) {
            let Ok(program) = code::program(Endpoint::of(&lab, id).unwrap(), language, words) else { continue };
            seen += 1;
            let cut = lines(language, &program.text);
            assert_eq!(cut.len(), program.text.lines().count());
            for (line, pieces) in program.text.lines().zip(cut) {
                let mut at = 0;
                for (range, _) in pieces {
                    assert_eq!(range.start, at, "{line}");
                    at = range.end;
                }
                assert_eq!(at, line.len(), "{line}");
            }
        }
        assert!(seen > 40, "{seen}");
    }
}
