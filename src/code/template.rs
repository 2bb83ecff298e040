//! Fills in a part of a program: lines that stand under a condition, and places for values.
//!
//! `%if a b|c !d` keeps the lines down to `%else` or `%end` when `a` holds, one of `b` and `c` holds, and `d` does not; it may stand
//! in another. `{{NAME}}` is a value. A value is put in as it is and never looked at again, so whatever it holds, it is no template.

use std::collections::{BTreeMap, BTreeSet};

/// What holds, and the values.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    flags: BTreeSet<String>,
    values: BTreeMap<&'static str, String>,
}

impl Facts {
    /// It holds.
    pub fn flag(&mut self, name: &str) {
        self.flags.insert(name.to_owned());
    }

    /// It holds when `holds`.
    pub fn flag_if(&mut self, name: &str, holds: bool) {
        if holds {
            self.flag(name);
        }
    }

    /// Whether it holds.
    pub fn has(&self, name: &str) -> bool {
        self.flags.contains(name)
    }

    /// A value.
    pub fn value(&mut self, name: &'static str, value: impl ToString) {
        self.values.insert(name, value.to_string());
    }

    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Whether a condition holds: all of its words, of which each is one or several with bars between.
    fn holds(&self, condition: &str) -> bool {
        let one = |word: &str| word.strip_prefix('!').map_or_else(|| self.has(word), |name| !self.has(name));
        condition.split_whitespace().all(|word| word.split('|').any(one))
    }
}

/// The part with these facts. An unknown name stays in the text, where the tests see it.
pub(super) fn fill(part: &str, facts: &Facts) -> String {
    let mut text = String::with_capacity(part.len());
    // For each open condition: whether its lines are kept, and whether those around it are.
    let mut open: Vec<(bool, bool)> = Vec::new();
    for line in part.lines() {
        let kept = open.last().is_none_or(|(own, around)| *own && *around);
        match line.trim_start().split_once(' ').unwrap_or((line.trim(), "")) {
            ("%if", condition) => open.push((facts.holds(condition), kept)),
            ("%else", _) => {
                if let Some((own, _)) = open.last_mut() {
                    *own = !*own;
                }
            }
            ("%end", _) => {
                open.pop();
            }
            _ if kept => {
                text.push_str(&put(line, facts));
                text.push('\n');
            }
            _ => {}
        }
    }
    text
}

/// One line with its values.
pub(super) fn put(line: &str, facts: &Facts) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let value = after.split_once("}}").and_then(|(name, after)| Some((facts.values.get(name)?, after)));
        match value {
            Some((value, after)) => {
                text.push_str(value);
                rest = after;
            }
            None => {
                text.push_str("{{");
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_nest_and_values_are_no_templates() {
        let mut facts = Facts::default();
        facts.flag("a");
        facts.flag("b");
        facts.value("X", "{{X}} %if");
        let part = "1 {{X}}\n%if a c|b !d\n2\n  %if c\n3\n  %else\n4\n  %end\n%else\n5\n%if a\n6\n%end\n%end\n7 {{Y}}\n";
        assert_eq!(fill(part, &facts), "1 {{X}} %if\n2\n4\n7 {{Y}}\n");
    }
}
