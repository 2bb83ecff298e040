//! The answers of several people: a name, if they want, and a number.

use eframe::egui::Ui;

use super::field_id;
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::icons;
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::FieldSpec;

/// Most people of one question: a class.
const MOST: usize = 60;

/// One answer as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    id: u64,
    pub name: String,
    typed: String,
}

impl Answer {
    /// The number, once there is one.
    pub fn number(&self) -> Option<u32> {
        self.typed.trim().parse().ok()
    }
}

/// All of them; there is always a place for one more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    all: Vec<Answer>,
    next: u64,
}

impl Default for Answers {
    fn default() -> Self {
        let mut answers = Self { all: Vec::new(), next: 0 };
        answers.add();
        answers
    }
}

impl Answers {
    fn add(&mut self) {
        self.next += 1;
        self.all.push(Answer { id: self.next, name: String::new(), typed: String::new() });
    }

    /// Those with a number.
    pub fn given(&self) -> usize {
        self.numbers().count()
    }

    /// Each with its number.
    pub fn numbers(&self) -> impl Iterator<Item = (&Answer, u32)> {
        self.all.iter().filter_map(|a| Some((a, a.number()?)))
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.all.clear();
        self.add();
    }

    /// The fields.
    pub fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let mut gone = None;
        for (n, answer) in self.all.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                let (name, tip) = (tr!(cx.text, "predict-name", n = n + 1), tr!(cx.text, "predict-name-tip"));
                let hint = tr!(cx.text, "predict-name-hint");
                let width = (ui.available_width() - 132.0).max(80.0);
                FieldSpec { name: &name, tip: &tip, hint: &hint, width, bad: false, id: field_id(answer.id, "name") }.show(
                    ui,
                    cx.theme,
                    &mut answer.name,
                );
                let (name, tip) = (tr!(cx.text, "predict-number", n = n + 1), tr!(cx.text, "predict-number-tip"));
                let bad = !answer.typed.trim().is_empty() && answer.number().is_none();
                FieldSpec { name: &name, tip: &tip, hint: "?", width: 56.0, bad, id: field_id(answer.id, "number") }.show(
                    ui,
                    cx.theme,
                    &mut answer.typed,
                );
                let (name, tip) = (tr!(cx.text, "predict-remove", n = n + 1), tr!(cx.text, "predict-remove-tip"));
                if ButtonSpec::bare(icons::X, &name, &tip).show(ui, cx.theme).clicked() {
                    gone = Some(n);
                }
            });
        }
        if let Some(n) = gone {
            self.all.remove(n);
            if self.all.is_empty() {
                self.add();
            }
        }
    }

    /// One line more.
    pub fn add_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let (name, tip) = (tr!(cx.text, "predict-add"), tr!(cx.text, "predict-add-tip"));
        let spec =
            ButtonSpec { enabled: self.all.len() < MOST, ..ButtonSpec::new(&name, &tip).with_icon(icons::PLUS, cx.theme.colors.text_1) };
        if spec.show(ui, cx.theme).clicked() {
            self.add();
        }
    }
}
