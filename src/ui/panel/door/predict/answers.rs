//! The answers of several people: a name, if they want, a number, and what they choose at the second question.

use eframe::egui::{Role, Ui, WidgetInfo, vec2};

use super::super::question::When;
use super::field_id;
use crate::tr;
use crate::ui::theme::{icons, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::FieldSpec;
use crate::ui::{Cx, Text};

/// Most people of one question: a class.
const MOST: usize = 60;

/// One answer as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    id: u64,
    pub name: String,
    typed: String,
    /// The answer to the second question.
    pub choice: Option<When>,
}

impl Answer {
    /// The number, once there is one.
    pub fn number(&self) -> Option<u32> {
        self.typed.trim().parse().ok()
    }

    /// Its name, or which person of the list it is.
    pub fn called(&self, text: &Text, n: usize) -> String {
        match self.name.trim() {
            "" => tr!(text, "predict-somebody", n = n + 1),
            name => name.to_owned(),
        }
    }
}

/// All of them; there is always a place for one more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    all: Vec<Answer>,
    next: u64,
    /// Whose turn it is to choose.
    turn: usize,
}

impl Default for Answers {
    fn default() -> Self {
        let mut answers = Self { all: Vec::new(), next: 0, turn: 0 };
        answers.add();
        answers
    }
}

impl Answers {
    fn add(&mut self) {
        self.next += 1;
        self.all.push(Answer { id: self.next, name: String::new(), typed: String::new(), choice: None });
    }

    /// Those with a number.
    pub fn given(&self) -> usize {
        self.numbers().count()
    }

    /// Each with its place in the list and its number.
    pub fn numbers(&self) -> impl Iterator<Item = (usize, &Answer, u32)> {
        self.all.iter().enumerate().filter_map(|(n, a)| Some((n, a, a.number()?)))
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.all.clear();
        self.turn = 0;
        self.add();
    }

    /// Forgets what was chosen at the second question.
    pub fn choose_anew(&mut self) {
        self.all.iter_mut().for_each(|a| a.choice = None);
        self.turn = 0;
    }

    /// Whether there is more than one person.
    pub fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    /// What the person whose turn it is has chosen.
    pub fn chosen(&self) -> Option<When> {
        self.all.get(self.turn)?.choice
    }

    /// Chooses for the person whose turn it is; the next who has not chosen is on then.
    pub fn choose(&mut self, when: When) {
        let Some(answer) = self.all.get_mut(self.turn) else { return };
        answer.choice = Some(when);
        let count = self.all.len();
        let next = (1..count).map(|step| (self.turn + step) % count).find(|n| self.all[*n].choice.is_none());
        self.turn = next.unwrap_or(self.turn);
    }

    /// Who chose this, in the order of the list.
    pub fn who_chose(&self, text: &Text, when: When) -> String {
        let names = self.all.iter().enumerate().filter(|(_, a)| a.choice == Some(when)).map(|(n, a)| a.called(text, n));
        names.collect::<Vec<_>>().join(&text.get("backlog-comma"))
    }

    /// Whose turn it is: one for each person.
    pub fn turns_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::XS, space::XS);
            for (n, answer) in self.all.iter().enumerate() {
                let name = answer.called(cx.text, n);
                let label = tr!(cx.text, if answer.choice.is_some() { "predict-turn-done" } else { "predict-turn" }, name = name.as_str());
                let response = ui.selectable_label(n == self.turn, &name);
                response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, n == self.turn, &label));
                if response.on_hover_text(tr!(cx.text, "predict-turn-tip")).clicked() {
                    self.turn = n;
                }
            }
        });
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
            self.turn = 0;
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
