//! Holds the tables of `ARCHITECTURE.md`, "Rooms and who may enter", against the code, and the rules of style beside them.
//! The document is the source: this test knows no room by name.

#![expect(clippy::unwrap_used, reason = "in a test a missing value is the failure")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const LONGEST_FILE: usize = 500;

type Table = BTreeMap<String, BTreeSet<String>>;

#[test]
fn rooms_enter_only_the_rooms_of_the_table() {
    let rooms = table("rooms");
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        if file.room == "lib" {
            continue;
        }
        let Some(allowed) = rooms.get(&file.room) else {
            wrong.push(format!("{}: room '{}' is not in the table", file.name, file.room));
            continue;
        };
        for (line, room) in rooms_named(&file.code, file.depth, &rooms) {
            if room != file.room && !allowed.contains(&room) {
                wrong.push(format!("{}:{line}: '{}' may not use '{room}'", file.name, file.room));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_table_names_rooms_that_exist_and_goes_one_way() {
    let rooms = table("rooms");
    let there: BTreeSet<String> = rust_files("src").into_iter().map(|f| f.room).filter(|r| r != "lib").collect();
    for room in rooms.keys() {
        assert!(there.contains(room), "the table has a line for '{room}', which is not under src/");
    }
    for (room, uses) in &rooms {
        for used in uses {
            assert!(rooms.contains_key(used), "'{room}' may use '{used}', which has no line of its own");
            assert!(!reach(&rooms, used).contains(room), "'{room}' and '{used}' use each other");
        }
    }
}

#[test]
fn crates_are_named_only_in_their_rooms() {
    let crates = table("crates");
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for name in crates.keys() {
        // egui comes with eframe.
        let listed = |name: &str| manifest.lines().any(|l| l.split(['=', ' ']).next() == Some(name));
        assert!(listed(&name.replace('_', "-")) || listed(name) || name == "egui", "crate '{name}' of the table is not in Cargo.toml");
    }
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        for (line, name) in crates_named(&file.code, &crates) {
            if !crates[&name].contains(&file.room) {
                wrong.push(format!("{}:{line}: '{}' may not name the crate '{name}'", file.name, file.room));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are() {
    for file in rust_files("src").into_iter().chain(rust_files("tests")) {
        let lines = file.text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines; {LONGEST_FILE} at most", file.name);
        assert!(file.text.starts_with("//! "), "{} does not begin with //!", file.name);
    }
}

#[test]
fn unsafe_stands_only_in_the_door_to_the_system() {
    for file in rust_files("src").into_iter().filter(|f| f.room != "sys") {
        assert_eq!(lines_with(&file.code, "unsafe"), [0; 0], "{}: unsafe outside src/sys", file.name);
    }
}

#[test]
fn nobody_sleeps_to_wait() {
    for file in rust_files("src").into_iter().chain(rust_files("tests")) {
        let lines: Vec<_> = lines_with(&file.code, "sleep");
        let names_it = |line: &usize| file.code.lines().nth(line - 1).is_some_and(|l| l.contains("thread::") || l.contains("use std"));
        assert!(!lines.iter().any(names_it), "{}: thread::sleep in one of the lines {lines:?}", file.name);
    }
}

#[test]
fn this_test_sees_what_it_must_see() {
    let rooms: Table = ["engine", "ui", "bytes", "lab"].map(|r| (r.to_owned(), BTreeSet::new())).into();
    let code = code_only(
        "use crate::{bytes::x, ui::{self, engine}};\n// crate::lab\nlet a = \"crate::lab\"; /* crate::lab /* */ crate::lab */\n\
         let q = '\"'; let s: &'static str = r#\"crate::lab \" \"#;\nfn f() { crate::engine::g::<super::super::lab::T>() }\n",
    );
    let named = rooms_named(&code, 2, &rooms);
    let expected = [(1, "bytes"), (1, "ui"), (5, "engine"), (5, "lab")].map(|(l, r)| (l, r.to_owned()));
    assert_eq!(named, expected, "{code}");
    let crates: Table = [("egui".to_owned(), BTreeSet::new())].into();
    let named =
        crates_named("use egui::X;\nlet egui = 1; my::egui::y();\nlet c = ::egui::Id;\nfn f(u: &mut egui::Ui) {}\nuse egui as e;", &crates);
    assert_eq!(named.iter().map(|(l, _)| *l).collect::<Vec<_>>(), [1, 3, 4, 5]);
    assert_eq!(lines_with("a\nunsafe {}\nunsafe_op", "unsafe"), [2]);
}

/// One source file.
struct File {
    name: String,
    /// The directory under src/, or the name of a file that stands there by itself.
    room: String,
    /// How many modules deep its items are: 1 for a room's `mod.rs`.
    depth: usize,
    text: String,
    /// Without comments and the insides of literals; lines stay.
    code: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(under: &str) -> Vec<File> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![root().join(under)];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let inside = path.strip_prefix(root().join(under)).unwrap().with_extension("");
                let parts: Vec<String> = inside.iter().map(|p| p.to_string_lossy().into_owned()).collect();
                let text = fs::read_to_string(&path).unwrap();
                found.push(File {
                    name: format!("{under}/{}.rs", parts.join("/")),
                    room: parts[0].clone(),
                    depth: parts.len() - usize::from(parts.last().is_some_and(|p| p == "mod")),
                    code: code_only(&text),
                    text,
                });
            }
        }
    }
    assert!(!found.is_empty(), "nothing under {under}");
    found
}

/// A fenced table of the document.
fn table(kind: &str) -> Table {
    let document = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let fence = format!("```{kind}\n");
    let from = document.find(&fence).unwrap_or_else(|| panic!("ARCHITECTURE.md has no ```{kind} table")) + fence.len();
    let rows = document[from..].split("```").next().unwrap();
    let words = |text: &str| text.split(',').map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
    rows.lines()
        .map(|row| row.split_once(':').unwrap_or_else(|| panic!("'{row}' has no colon")))
        .map(|(room, uses)| (room.trim().to_owned(), words(uses)))
        .collect()
}

fn reach(rooms: &Table, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(room) = open.pop() {
        for next in rooms.get(&room).into_iter().flatten() {
            if reached.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    reached
}

/// Rooms that paths of this code begin with: `crate::room`, `crate::{room, …}`, `socketlab::room`, `super::…::room`.
fn rooms_named(code: &str, depth: usize, rooms: &Table) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    let climb = "super::".repeat(depth);
    for door in ["crate::", "socketlab::", &climb] {
        for (at, _) in code.match_indices(door) {
            if !begins_word(code, at) || (door == climb && code[..at].ends_with("super::")) {
                continue;
            }
            let rest = &code[at + door.len()..];
            for name in heads(rest).into_iter().filter(|n| rooms.contains_key(*n)) {
                named.push((line_of(code, at), name.to_owned()));
            }
        }
    }
    named.sort();
    named
}

/// The first names of a path: one, or those of a `{…}` group.
fn heads(path: &str) -> Vec<&str> {
    let Some(group) = path.strip_prefix('{') else { return vec![word(path)] };
    let mut names = Vec::new();
    let (mut depth, mut start) = (1, 0);
    for (i, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => {
                names.push(word(group[start..].trim_start()));
                start = i + 1;
            }
            _ => {}
        }
        if depth == 0 {
            names.push(word(group[start..].trim_start()));
            break;
        }
    }
    names
}

/// Crates that this code names at the head of a path or in a `use`.
fn crates_named(code: &str, crates: &Table) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    for name in crates.keys() {
        for (at, _) in code.match_indices(name.as_str()) {
            let before = code[..at].trim_end();
            let rest = &code[at + name.len()..];
            let whole = begins_word(code, at) && word(&code[at..]) == name;
            let tail_of_path = before.strip_suffix("::").is_some_and(|b| b.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
            let used = rest.starts_with("::") || before.ends_with("use") && rest.starts_with([';', ' ']);
            if whole && used && !tail_of_path {
                named.push((line_of(code, at), name.clone()));
            }
        }
    }
    named.sort();
    named
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

fn begins_word(code: &str, at: usize) -> bool {
    !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// Lines that hold this as a whole word.
fn lines_with(code: &str, wanted: &str) -> Vec<usize> {
    code.match_indices(wanted)
        .filter(|(at, _)| begins_word(code, *at) && word(&code[*at..]) == wanted)
        .map(|(at, _)| line_of(code, at))
        .collect()
}

/// The code without comments and without the insides of text and character literals.
fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let raw_hashes = rest.strip_prefix('r').map(|r| r.len() - r.trim_start_matches('#').len());
        let raw = raw_hashes.filter(|n| rest[1 + n..].starts_with('"') && begins_word(text, text.len() - rest.len()));
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(hashes) = raw {
            let end = format!("\"{}", "#".repeat(hashes));
            let body = 2 + hashes;
            rest[body..].find(&end).map_or(rest.len(), |i| body + i + end.len())
        } else if c == '"' {
            quoted(rest, '"')
        } else if c == '\'' && (rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'')) {
            // Else it is a lifetime.
            quoted(rest, '\'')
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        code.extend(rest[..length].chars().filter(|c| *c == '\n'));
        code.push(' ');
        rest = &rest[length..];
    }
    code
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let here = &text[at..];
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(text: &str, mark: char) -> usize {
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == mark => return i + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}
