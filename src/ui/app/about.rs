//! *What is this?* in the head of a panel: two sentences, and the way to the lesson that is about it. What is said stands in
//! [`Topic`](crate::ui::panel::Topic); opening the lesson is the app's affair.

use std::collections::BTreeMap;

use eframe::egui::{Button, Key, Label, Popup, PopupCloseBehavior, RectAlign, Ui, WidgetInfo, vec2};

use crate::lab::Words;
use crate::lesson::ShippedLesson;
use crate::tr;
use crate::ui::panel::PanelDef;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{focus_ring, words};
use crate::ui::{Action, Cx};

use super::lesson::language;

/// The popover: two sentences in five or six lines.
const WIDTH: f32 = 320.0;

/// Numbers and titles of lessons, each read when it is first shown.
#[derive(Debug, Default)]
pub(super) struct Titles(BTreeMap<&'static str, Option<(u32, Words)>>);

impl Titles {
    fn of(&mut self, id: &'static str) -> Option<&(u32, Words)> {
        let read = || ShippedLesson::find(id)?.lesson().ok().map(|lesson| (lesson.number, lesson.title));
        self.0.entry(id).or_insert_with(read).as_ref()
    }
}

/// The control and, while it is open, its popover.
pub(super) fn ui(ui: &mut Ui, cx: &mut Cx<'_>, def: &'static PanelDef, titles: &mut Titles) {
    let panel = tr!(cx.text, def.title);
    let (name, tip) = (tr!(cx.text, "about-name", panel = panel.as_str()), tr!(cx.text, "about-tip", panel = panel.as_str()));
    let button = ui.push_id(("about", def.id), |ui| ButtonSpec::bare(icons::QUESTION, &name, &tip).show(ui, cx.theme)).inner;
    let was_open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&button));
    let popup = Popup::menu(&button).width(WIDTH).align(RectAlign::BOTTOM_END).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let shown = popup.show(|ui| {
        let c = &cx.theme.colors;
        ui.set_max_width(WIDTH);
        ui.add_space(space::XS);
        ui.label(words(panel, Type::Title, c.text_1));
        let about = def.topic.about();
        ui.add(Label::new(words(tr!(cx.text, about.key), Type::Body, c.text_1)).wrap());
        ui.add_space(space::XS);
        let Some((number, title)) = titles.of(about.lesson) else { return };
        let label = tr!(cx.text, "about-lesson", number = *number, title = language(cx.text).of(title));
        let row = Button::new(words(&label, Type::Strong, c.accent)).min_size(vec2(0.0, size::CONTROL)).wrap();
        let response = ui.add(row);
        response.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::Button, true, &label));
        focus_ring(ui, cx.theme, &response);
        // Who came by the keyboard goes on with it.
        if !was_open {
            response.request_focus();
        }
        if response.on_hover_text(tr!(cx.text, "about-lesson-tip")).clicked() {
            cx.act(Action::OpenLesson(about.lesson));
            ui.close();
        }
    });
    if was_open && shown.is_some() && ui.input(|i| i.key_pressed(Key::Escape)) {
        button.request_focus();
    }
}
