//! The buttons at the right of the panel's head.

use eframe::egui::Ui;

use super::{FramingPanel, ZOOM};
use crate::ui::theme::icons;
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::{Action, Cx, Selection};

impl FramingPanel {
    pub(super) fn buttons_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(info) = self.shown.clone() else { return };
        let known = self.known();
        ui.spacing_mut().item_spacing.x = 2.0;
        let mut press = |glyph: &str, key: &str, look: Look| {
            ButtonSpec { look, ..ButtonSpec::bare(glyph, &cx.text.get(key), &cx.text.get(&format!("{key}-tip"))) }
                .show(ui, cx.theme)
                .clicked()
        };
        // About the newest when following, else about the middle.
        let share = if self.axis.follows() { 1.0 } else { 0.5 };
        if press(icons::MAGNIFYING_GLASS_PLUS, "framing-zoom-in", Look::Bare) {
            self.axis.zoom(1.0 / ZOOM, share, known);
        }
        if press(icons::MAGNIFYING_GLASS_MINUS, "framing-zoom-out", Look::Bare) {
            self.axis.zoom(ZOOM, share, known);
        }
        if press(icons::ARROW_COUNTER_CLOCKWISE, "framing-reset", Look::Bare) {
            self.axis = Default::default();
        }
        let follows = self.axis.follows();
        if press(icons::CARET_DOUBLE_RIGHT, "framing-follow", if follows { Look::On } else { Look::Bare }) {
            if follows { self.axis.hold(known) } else { self.axis.follow() }
        }
        if let Some(&(session, conn, _)) = info.other_end.get()
            && press(icons::ARROWS_DOWN_UP, "framing-other-way", Look::Bare)
        {
            cx.act(Action::Select(Selection::Conn(session, conn)));
        }
    }
}
