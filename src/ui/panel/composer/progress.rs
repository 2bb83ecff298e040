//! A schedule under way: how far it is, and the button that ends it. The Composer and the inspector show the same.

use eframe::egui::{Label, ProgressBar, Ui};

use crate::engine::{Command, SessionView};
use crate::lab::EndpointId;
use crate::tr;
use crate::ui::theme::{Type, icons};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::words;
use crate::ui::widget::format;
use crate::ui::{Action, Cx};

/// Draws it in the row that is given; nothing when nothing is under way.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, session: Option<&SessionView>) {
    let Some(progress) = session.and_then(|s| s.sending) else { return };
    let (label, tip) = (tr!(cx.text, "inspector-stop-sending"), tr!(cx.text, "inspector-stop-sending-tip"));
    if ButtonSpec::new(&label, &tip).with_icon(icons::STOP, cx.theme.colors.error.text).show(ui, cx.theme).clicked() {
        cx.act(Action::Engine(Command::StopSending(id)));
    }
    let done = format::count(progress.done);
    let line = match progress.of {
        0 => tr!(cx.text, "inspector-progress-open", done = done),
        of => tr!(cx.text, "inspector-progress", done = done, of = format::count(of)),
    };
    if progress.of > 0 {
        let share = progress.done as f32 / progress.of as f32;
        ui.add(ProgressBar::new(share).fill(cx.theme.colors.sent.mark).desired_width(80.0).desired_height(6.0));
    }
    ui.add(Label::new(words(&line, Type::Caption, cx.theme.colors.text_2)).truncate());
}
