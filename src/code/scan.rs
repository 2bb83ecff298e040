//! Where the comments and literals of a program are. It is no parser: all else is code.

use std::ops::Range;

use super::Language;

/// What a piece of a program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Code,
    /// With its marks, without the line's end after it. Python's texts in three quotes are comments here.
    Comment,
    /// With its quotes.
    Literal,
}

/// The pieces in order and without gaps.
pub(super) fn pieces(language: Language, text: &str) -> Vec<(Piece, Range<usize>)> {
    let is_python = language == Language::Python;
    let mut pieces: Vec<(Piece, Range<usize>)> = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (piece, length) = if is_python && rest.starts_with("\"\"\"") {
            (Piece::Comment, rest[3..].find("\"\"\"").map_or(rest.len(), |end| end + 6))
        } else if is_python && first == '#' || !is_python && rest.starts_with("//") {
            (Piece::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if !is_python && rest.starts_with("/*") {
            (Piece::Comment, rest.find("*/").map_or(rest.len(), |end| end + 2))
        } else if first == '"' {
            (Piece::Literal, quoted(rest))
        } else {
            (Piece::Code, first.len_utf8())
        };
        match pieces.last_mut() {
            Some((Piece::Code, range)) if piece == Piece::Code => range.end = at + length,
            Some(_) | None => pieces.push((piece, at..at + length)),
        }
        at += length;
    }
    pieces
}

/// The text with its comments and literals left out; lines stay.
pub(super) fn code_only(language: Language, text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for (piece, range) in pieces(language, text) {
        match piece {
            Piece::Code => code.push_str(&text[range]),
            Piece::Comment | Piece::Literal => code.extend(text[range].chars().filter(|c| *c == '\n')),
        }
    }
    code
}

/// How long the literal is that begins here.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_have_no_gaps_and_quotes_hide_the_marks_of_comments() {
        let text = "\"\"\"a\n\"\"\"\nb = \"# \\\" c\"  # d \"\ne";
        let said: Vec<_> = pieces(Language::Python, text).into_iter().map(|(piece, range)| (piece, &text[range])).collect();
        let expected = [
            (Piece::Comment, "\"\"\"a\n\"\"\""),
            (Piece::Code, "\nb = "),
            (Piece::Literal, "\"# \\\" c\""),
            (Piece::Code, "  "),
            (Piece::Comment, "# d \""),
            (Piece::Code, "\ne"),
        ];
        assert_eq!(said, expected);
        assert_eq!(code_only(Language::C, "a /* b\n\" */ \"// c\" // d\ne"), "a \n  \ne");
    }
}
