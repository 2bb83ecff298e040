//! The comments of a part in the language that was asked for. It is done to the part, before any value is in it: what people typed is
//! never taken for a comment of ours.

use std::borrow::Cow;
use std::ops::Range;

use super::scan::{self, Piece};
use super::{Language, Words, columns};

/// The part with its comments in these words. Code, places, conditions and lines stay as they are.
pub(super) fn in_words(words: Words, language: Language, part: &str) -> Cow<'_, str> {
    if words == Words::En {
        return Cow::Borrowed(part);
    }
    let mut text = String::with_capacity(part.len());
    let mut at = 0;
    for line in lines(language, part) {
        let english = &part[line.clone()];
        let said = words.of(english);
        text.push_str(&part[at..line.start]);
        text.push_str(said);
        at = line.end;
        // Dashes go on to where they ended.
        if part[at..].starts_with(" --") {
            text.push(' ');
            text.push_str(&"-".repeat(columns(english).saturating_sub(columns(said))));
            at += 1;
        }
    }
    text.push_str(&part[at..]);
    Cow::Owned(text)
}

/// The words of each line of each comment, without marks and dashes.
pub(super) fn lines(language: Language, part: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (_, comment) in scan::pieces(language, part).into_iter().filter(|(piece, _)| *piece == Piece::Comment) {
        let mut start = comment.start;
        for line in part[comment].split_inclusive('\n') {
            let words = words_of(line);
            if has_words(words) {
                let begin = start + (words.as_ptr().addr() - line.as_ptr().addr());
                found.push(begin..begin + words.len());
            }
            start += line.len();
        }
    }
    found
}

/// A line of a comment without what makes it one. A line with a condition has none.
fn words_of(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('%') {
        return "";
    }
    let line = ["*/", "\"\"\""].into_iter().find_map(|mark| line.strip_suffix(mark)).unwrap_or(line);
    let marks = ["\"\"\"", "/*", "///", "//!", "//", "#", "*"];
    let line = marks.into_iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim();
    line.strip_prefix("--- ").map_or(line, |titled| titled.trim_end_matches('-').trim_end())
}

/// Whether something can be said in another language: names of places, calls and errors are the same in all.
fn has_words(text: &str) -> bool {
    let mut rest = text;
    while let Some((before, place)) = rest.split_once("{{") {
        if is_said(before) {
            return true;
        }
        rest = place.split_once("}}").map_or("", |(_, after)| after);
    }
    is_said(rest)
}

fn is_said(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(language: Language, part: &str) -> Vec<&str> {
        lines(language, part).into_iter().map(|range| &part[range]).collect()
    }

    #[test]
    fn the_words_of_comments_are_found_without_their_marks() {
        let part =
            "/* {{TITLE}}\n *\n%if not_shown\n * Not in it: {{X}}.\n%end\n */\n\n/* --- a: b -------- */\nint c; /* d */ // ECONNRESET";
        assert_eq!(words(Language::C, part), ["Not in it: {{X}}.", "a: b", "d"]);
        let part = "\"\"\"{{TITLE}}\n\nRun it.\n\"\"\"\n\"\"\"One.\"\"\"\na = \"# b\"  # c\n# --- m: {{A}} {{R}}\n";
        assert_eq!(words(Language::Python, part), ["Run it.", "One.", "c", "m: {{A}} {{R}}"]);
        assert_eq!(words(Language::Rust, "//! a\n    /// b\n// --- c ---\nlet d = \"// e\"; // f\n"), ["a", "b", "c", "f"]);
    }

    #[test]
    fn comments_are_in_chinese_and_nothing_else_is() {
        let part = "# --- service: what it answers ----\nsay(\"seconds\")  # seconds\nseconds = 1\n";
        let said = "# --- 服务：如何应答 --------------\nsay(\"seconds\")  # 秒\nseconds = 1\n";
        assert_eq!(in_words(Words::Zh, Language::Python, part), said);
        assert_eq!(in_words(Words::En, Language::Python, part), part);
    }
}
