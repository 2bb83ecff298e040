//! Lines on standard output, one redrawn line of live figures on a terminal, complaints on standard error.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

/// Where lines go.
#[derive(Debug)]
pub(super) struct Out {
    /// Whether somebody looks at standard error.
    terminal: bool,
    /// The live line that stands there now.
    live: String,
}

impl Out {
    /// Live figures are shown when standard error is a terminal, unless they are unwanted.
    pub(super) fn new(wants_live: bool) -> Self {
        Self { terminal: wants_live && io::stderr().is_terminal(), live: String::new() }
    }

    pub(super) fn is_live(&self) -> bool {
        self.terminal
    }

    /// One line of words.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        let live = self.clear();
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{}", plain(text))?;
        stdout.flush()?;
        self.show(live);
        Ok(())
    }

    /// One line of JSON.
    pub(super) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{text}")?;
        stdout.flush()
    }

    /// Redraws the live line.
    pub(super) fn show(&mut self, text: String) {
        if self.terminal && !text.is_empty() {
            // A terminal that is gone is no reason to stop.
            let _gone = write!(io::stderr().lock(), "\r\x1b[2K{}", plain(&text));
            self.live = text;
        }
    }

    /// Takes the live line away; gives what it said.
    pub(super) fn clear(&mut self) -> String {
        if !self.live.is_empty() {
            let _gone = write!(io::stderr().lock(), "\r\x1b[2K");
        }
        std::mem::take(&mut self.live)
    }
}

/// One line on standard error under the program's name.
pub(super) fn complain(words: &str) {
    let _nobody_reads = writeln!(io::stderr().lock(), "socketlab: {}", plain(words));
}

/// Names and paths come from files and peers: their control characters must not reach a terminal.
fn plain(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] }).collect()
    } else {
        Cow::Borrowed(text)
    }
}

/// Bytes as people say them.
pub(super) fn human(bytes: f64) -> String {
    let units = ["B", "KiB", "MiB", "GiB"];
    let mut value = bytes;
    let mut unit = 0;
    while value >= 1_024.0 && unit + 1 < units.len() {
        value /= 1_024.0;
        unit += 1;
    }
    if unit == 0 { format!("{value:.0} B") } else { format!("{value:.1} {}", units[unit]) }
}

/// Columns as wide as their widest cell; the last one runs free.
pub(super) fn aligned<const N: usize>(rows: &[[String; N]]) -> impl Iterator<Item = String> + '_ {
    let width = |i: usize| rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    rows.iter().map(move |row| {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_spelled_out() {
        assert_eq!(plain("a\x1b[2Jb\u{9b}中"), r"a\u{1b}[2Jb\u{9b}中");
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!((human(0.0).as_str(), human(1_023.0).as_str(), human(1_536.0).as_str()), ("0 B", "1023 B", "1.5 KiB"));
        assert_eq!(human(5e15), "4656612.9 GiB");
    }

    #[test]
    fn columns_stand_under_each_other() {
        let rows = [["a".into(), "bcd".into()], ["中文x".to_owned(), String::new()]];
        assert_eq!(aligned(&rows).collect::<Vec<_>>(), ["a    bcd", "中文x"]);
    }
}
