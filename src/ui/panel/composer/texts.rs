//! One-line fields of lists (rules, steps): what makes no sense stays in its field, with why, and never reaches the lab.

use std::collections::HashMap;

use eframe::egui::{Id, Ui};

use crate::ui::Cx;
use crate::ui::widget::controls::FieldSpec;

#[derive(Debug, Default)]
struct Typed {
    text: String,
    /// What the lab said when `text` was last the same.
    base: String,
    /// What was checked last, and what is wrong with it.
    checked: Option<(String, Option<String>)>,
}

/// A field.
pub struct Line<'a> {
    /// Whose text it is; another text in the same place is another field.
    pub id: Id,
    /// Its name.
    pub name: &'a str,
    /// What it is for.
    pub tip: &'a str,
    /// In points.
    pub width: f32,
}

/// The texts being typed.
#[derive(Debug, Default)]
pub struct Texts(HashMap<Id, Typed>);

impl Texts {
    /// Draws a field; answers a text that was typed and makes sense. `check` says what is wrong with one.
    pub fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, line: &Line<'_>, lab: &str, check: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let typed = self.0.entry(line.id).or_insert_with(|| Typed { text: lab.to_owned(), base: lab.to_owned(), checked: None });
        if typed.base != lab {
            // A lab that was changed elsewhere (undo, another place in the list) wins.
            lab.clone_into(&mut typed.text);
            lab.clone_into(&mut typed.base);
        }
        let bad = typed.checked.as_ref().is_some_and(|(_, problem)| problem.is_some());
        let spec = FieldSpec { name: line.name, tip: line.tip, hint: "", width: line.width, bad, id: line.id };
        let changed = spec.show(ui, cx.theme, &mut typed.text).changed();
        if typed.checked.as_ref().is_none_or(|(text, _)| *text != typed.text) {
            typed.checked = Some((typed.text.clone(), check(&typed.text)));
        }
        let whole = typed.checked.as_ref().is_some_and(|(_, problem)| problem.is_none());
        (changed && whole && typed.text != lab).then(|| {
            typed.text.clone_into(&mut typed.base);
            typed.text.clone()
        })
    }

    /// What is wrong with what stands in a field.
    pub fn problem(&self, id: Id) -> Option<&str> {
        self.0.get(&id)?.checked.as_ref()?.1.as_deref()
    }

    /// Forgets every text: the list has other items in its places.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}
