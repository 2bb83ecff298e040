//! What stands below the text, in one line: what is marked in it and why, or how much is shown.

use eframe::egui::{Align, Label, Layout, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::listing::{self, Mark};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, space};
use crate::ui::widget::controls::words as word;

/// What is marked, with the shape of its bar; or why nothing is.
pub(super) fn foot_ui(ui: &mut Ui, cx: &Cx<'_>, place: Rect, marks: &[Mark], calls_elsewhere: bool) {
    let c = &cx.theme.colors;
    if marks.is_empty() {
        let key = if calls_elsewhere { "code-mark-elsewhere" } else { "code-mark-none" };
        return caption_ui(ui, cx, place, &tr!(cx.text, key));
    }
    let builder = UiBuilder::new().max_rect(place.shrink2(vec2(space::M, 0.0))).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.shrink_clip_rect(place);
        ui.spacing_mut().item_spacing.x = space::S;
        // The newest call comes first: it is what a person just did.
        for mark in marks.iter().rev() {
            let (rect, _) = ui.allocate_exact_size(vec2(6.0, 14.0), Sense::hover());
            listing::bar(ui.painter(), cx.theme, mark.why, rect);
            let lines: Vec<String> = mark.lines.iter().map(|lines| (lines.start + 1).to_string()).collect();
            let said = tr!(cx.text, "code-mark", n = lines.len() as u64, what = mark.words.as_str(), lines = lines.join(", "));
            ui.add(Label::new(word(said, Type::Data, c.text_2)).truncate());
            ui.add_space(space::S);
        }
    });
    ui.painter().hline(place.x_range(), place.top() + 0.5, Stroke::new(1.0, c.line));
}

/// One line of words.
pub(super) fn caption_ui(ui: &Ui, cx: &Cx<'_>, place: Rect, said: &str) {
    let c = &cx.theme.colors;
    let galley = ui.painter().layout_no_wrap(said.to_owned(), Type::Caption.font(), c.text_3);
    let at = pos2(place.left() + space::M, place.center().y - galley.size().y / 2.0);
    let rect = Rect::from_min_size(at, galley.size());
    ui.painter().with_clip_rect(place).galley(at, galley, c.text_3);
    let response = ui.interact(rect.intersect(place), ui.scope_id().with("code foot"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said));
    response.on_hover_text(said);
    ui.painter().hline(place.x_range(), place.top() + 0.5, Stroke::new(1.0, c.line));
}
