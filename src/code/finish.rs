//! From filled-in parts to a whole file: imports, blank lines as each language has them, name, commands and marks.

use std::fmt::Write as _;

use super::template::{Facts, fill};
use super::{Language, Program, Words, comments, marks, scan, uses};

/// Where the imports go. No literal holds a NUL as it is.
const IMPORTS: &str = "\0imports";

/// The program of these parts. `name` is the file's without its extension.
pub(super) fn program((language, words): (Language, Words), name: &str, parts: &[&'static str], mut facts: Facts) -> Program {
    let parts: Vec<_> = parts.iter().map(|part| comments::in_words(words, language, part)).collect();
    let file_name = format!("{name}.{}", language.extension());
    facts.value("USES", IMPORTS);
    facts.value("FILE", &file_name);
    // What is needed shows in the code, so the code is made first, without the words about it.
    let draft: String = parts.iter().map(|part| fill(part, &facts)).collect();
    let crates = crates(language, &draft);
    facts.flag_if("libc", crates.contains(&LIBC));
    facts.flag_if("tokio", crates.contains(&TOKIO));
    facts.value("DEPENDENCIES", crates.join(&format!(" {} ", words.of("and"))));
    let threads = draft.contains("pthread_create(");
    let build = match language {
        Language::Python => format!("python3 {file_name}"),
        Language::C => format!("cc -Wall -Wextra -O2 {}-o {name} {file_name} && ./{name}", if threads { "-pthread " } else { "" }),
        Language::Rust if crates.is_empty() => format!("rustc --edition 2024 {file_name} && ./{name}"),
        Language::Rust => words.of("cargo run, as src/main.rs of 'cargo new {{PROJECT}}'").replace("{{PROJECT}}", name),
    };
    facts.value("BUILD", &build);
    let text: String = parts.iter().map(|part| fill(part, &facts)).collect();
    let text = tidy(language, &text.replace(IMPORTS, &uses::of(language, &text)));
    let lines = marks::of(language, &text);
    Program { how_to_run: how_to_run((language, words), name, &file_name, &build, &crates), text, file_name, lines }
}

const LIBC: &str = "libc = \"0.2\"";
const TOKIO: &str = "tokio = { version = \"1\", features = [\"io-util\", \"net\", \"rt\", \"rt-multi-thread\", \"sync\", \"time\"] }";

/// The crates that it needs, as lines of `Cargo.toml`.
fn crates(language: Language, text: &str) -> Vec<&'static str> {
    if language != Language::Rust {
        return Vec::new();
    }
    let code = scan::code_only(language, text);
    [("libc::", LIBC), ("tokio::", TOKIO)].into_iter().filter_map(|(name, line)| code.contains(name).then_some(line)).collect()
}

fn how_to_run((language, words): (Language, Words), name: &str, file_name: &str, build: &str, crates: &[&str]) -> String {
    if language != Language::Rust || crates.is_empty() {
        return format!("{build}\n");
    }
    let needed = words.of("in Cargo.toml, under [dependencies]:");
    let mut text = format!("cargo new {name}\nmv {file_name} {name}/src/main.rs\ncd {name}\n# {needed}\n");
    for line in crates {
        // Writing to a String never fails.
        let _ok = writeln!(text, "#   {line}");
    }
    text.push_str("cargo run\n");
    text
}

/// No blank lines at the ends, and no more in a row than is usual: two in Python, else one; none before a closing brace.
fn tidy(language: Language, text: &str) -> String {
    let most = if language == Language::Python { 2 } else { 1 };
    let mut tidied = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        let closes = language != Language::Python && line.trim_start().starts_with('}');
        let opened = language != Language::Python && tidied.trim_end().ends_with('{');
        if !tidied.is_empty() && !closes && !opened {
            (0..blank.min(most)).for_each(|_| tidied.push('\n'));
        }
        tidied.push_str(line);
        tidied.push('\n');
        blank = 0;
    }
    tidied
}
