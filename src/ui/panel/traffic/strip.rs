//! The strip of the search: what is searched for, and the ways to go on.

use eframe::egui::{Align, Key, Layout, Modifiers, Stroke, Ui, UiBuilder, vec2};

use super::Traffic;
use super::detail::Detail;
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{FieldSpec, words};

impl Traffic {
    pub(super) fn search_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let rect = ui.max_rect();
        ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, cx.theme.colors.line));
        let inner = rect.shrink2(vec2(space::M, space::XS));
        ui.scope_builder(UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let press = |ui: &mut Ui, glyph: &str, key: &str| {
                ButtonSpec::bare(glyph, &cx.text.get(key), &cx.text.get(&format!("{key}-tip"))).show(ui, cx.theme).clicked()
            };
            if press(ui, icons::X, "traffic-search-close") {
                self.search.is_open = false;
            }
            let marked = press(ui, icons::BELL, "traffic-next-mark");
            let next = press(ui, icons::ARROW_DOWN, "traffic-search-next");
            let previous = press(ui, icons::ARROW_UP, "traffic-search-previous");
            if self.search.nothing {
                ui.label(words(tr!(cx.text, "traffic-search-nothing"), Type::Caption, cx.theme.colors.text_3));
            }
            let (name, tip, hint) =
                (tr!(cx.text, "traffic-search-field"), tr!(cx.text, "traffic-search-field-tip"), tr!(cx.text, "traffic-search-hint"));
            let id = ui.scope_id().with("search");
            let bad = !self.search.fits && !self.search.typed.is_empty();
            let width = ui.available_width();
            let field = FieldSpec { name: &name, tip: &tip, hint: &hint, width, bad, id };
            let response = field.show(ui, cx.theme, &mut self.search.typed);
            if response.changed() {
                self.search.read();
            }
            let entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            let back = ui.input(|i| i.modifiers == Modifiers::SHIFT);
            if entered {
                response.request_focus();
            }
            if next || previous || entered {
                self.find(cx, !(previous || (entered && back)));
            }
            if marked {
                self.next_mark(cx);
            }
        });
    }

    fn find(&mut self, cx: &Cx<'_>, forward: bool) {
        let from = self.detail.as_ref().map(|d| self.shown.row_from(d.index));
        self.search.go(from, self.shown.len(&cx.snap.traffic), forward);
    }

    fn next_mark(&mut self, cx: &Cx<'_>) {
        let from = self.detail.as_ref().map(|d| d.index);
        let Some(index) = self.marks.next(from, true).filter(|i| cx.snap.traffic.get(*i).is_some()) else { return };
        // Shown in the next frame, like a pick of another panel.
        (self.wanted, self.detail) = (Some(index), Some(Detail::new(index)));
    }
}
