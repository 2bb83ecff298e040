//! The selected thing: what it is, how it waits, what it sends, what is measured.

use eframe::egui::Ui;

use super::Panel;
use crate::ui::Cx;

/// View state of one inspector.
#[derive(Default)]
pub struct Inspector {}

impl Panel for Inspector {
    fn ui(&mut self, _ui: &mut Ui, _cx: &mut Cx<'_>) {}
}
