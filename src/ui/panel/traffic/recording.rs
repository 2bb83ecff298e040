//! Recording to disk: the button of the head, the sizes in the menu, and the line that says how it goes. The engine writes.

use eframe::egui::{Align, Label, Layout, Sense, Stroke, Ui, UiBuilder, vec2};

use super::head::mebibytes;
use crate::engine::{Command, Recording, RecordingState, RecordingView};
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{icon, icon_fill, words};
use crate::ui::widget::format;
use crate::ui::{Action, Cx};

/// Sizes that are offered.
const LIMITS: [u64; 5] = [64 << 20, 256 << 20, Recording::USUAL_LIMIT, 4 << 30, 16 << 30];
/// Height of the line.
pub const LINE: f32 = size::CONTROL + space::XS;

/// View state.
#[derive(Debug)]
pub struct Recorder {
    limit_bytes: u64,
    /// An ended recording whose line was taken away.
    hidden: Option<RecordingView>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self { limit_bytes: Recording::USUAL_LIMIT, hidden: None }
    }
}

fn is_running(view: Option<&RecordingView>) -> bool {
    view.is_some_and(|v| v.state == RecordingState::Running)
}

impl Recorder {
    /// The button of the head.
    pub fn button_ui(&self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let running = is_running(cx.snap.recording.as_ref());
        let (glyph, key, look) =
            if running { (icons::STOP, "traffic-record-stop", Look::On) } else { (icons::CIRCLE, "traffic-record", Look::Bare) };
        let (name, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
        if (ButtonSpec { look, ..ButtonSpec::bare(glyph, &name, &tip) }).show(ui, cx.theme).clicked() {
            self.ask(cx, running);
        }
    }

    /// The same in the menu, and how large a file may become.
    pub fn menu_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let running = is_running(cx.snap.recording.as_ref());
        let key = if running { "traffic-record-stop" } else { "traffic-record" };
        if ui.button(tr!(cx.text, key)).on_hover_text(tr!(cx.text, &format!("{key}-tip"))).clicked() {
            self.ask(cx, running);
        }
        ui.menu_button(tr!(cx.text, "traffic-record-limit"), |ui| {
            ui.label(words(tr!(cx.text, "traffic-record-limit-tip"), Type::Caption, cx.theme.colors.text_3));
            for limit in LIMITS {
                ui.radio_value(&mut self.limit_bytes, limit, mebibytes(limit));
            }
        });
    }

    fn ask(&self, cx: &mut Cx<'_>, running: bool) {
        let stop = Action::Engine(Command::Record(None));
        cx.act(if running { stop } else { Action::Record { limit_bytes: self.limit_bytes } });
    }

    /// The recording whose line is to be shown.
    pub fn shown<'a>(&self, cx: &Cx<'a>) -> Option<&'a RecordingView> {
        cx.snap.recording.as_ref().filter(|view| self.hidden.as_ref() != Some(*view))
    }

    /// The line: to which file, how much of how much, what is lost, what went wrong.
    pub fn line_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, view: &RecordingView) {
        let c = &cx.theme.colors;
        let rect = ui.max_rect();
        ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, c.line));
        let name = view.path.file_name().map_or_else(|| view.path.display().to_string(), |n| n.to_string_lossy().into_owned());
        let (glyph, ink, said) = match &view.state {
            RecordingState::Running => (icons::CIRCLE, c.running.text, tr!(cx.text, "traffic-record-running", name = name)),
            RecordingState::Ending => (icons::HOURGLASS, c.text_2, tr!(cx.text, "traffic-record-ending", name = name)),
            RecordingState::Done => (icons::CHECK_CIRCLE, c.text_2, tr!(cx.text, "traffic-record-done", name = name)),
            RecordingState::Full => (icons::WARNING_OCTAGON, c.error.text, tr!(cx.text, "traffic-record-full", name = name)),
            RecordingState::Failed(why) => {
                (icons::WARNING_OCTAGON, c.error.text, tr!(cx.text, "traffic-record-failed", name = name, why = &**why))
            }
        };
        let figures = tr!(
            cx.text,
            "traffic-record-figures",
            bytes = format::bytes(view.bytes),
            limit = mebibytes(view.limit_bytes),
            rows = format::count(view.records),
            lost = format::count(view.lost)
        );
        let builder = UiBuilder::new().max_rect(rect.shrink2(vec2(space::M, 0.0))).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(builder, |ui| {
            let running = view.state == RecordingState::Running;
            let key = if running { "traffic-record-stop" } else { "traffic-record-hide" };
            let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
            if running {
                if ButtonSpec::new(&label, &tip).with_icon(icons::STOP, c.error.text).show(ui, cx.theme).clicked() {
                    cx.act(Action::Engine(Command::Record(None)));
                }
            } else if view.state != RecordingState::Ending && ButtonSpec::bare(icons::X, &label, &tip).show(ui, cx.theme).clicked() {
                self.hidden = Some(view.clone());
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let glyph = if running { icon_fill(glyph, 12.0, ink) } else { icon(glyph, 14.0, ink) };
                ui.label(glyph);
                let lost = if view.lost > 0 { c.error.text } else { c.text_2 };
                // The figures keep their place; a long error is cut and told in full on hover.
                let wide = ui.painter().layout_no_wrap(figures.clone(), Type::Data.font(), lost).size().x + space::S;
                let room = vec2((ui.available_width() - wide).max(80.0), size::CONTROL);
                ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
                    let ink = if ink == c.error.text { ink } else { c.text_1 };
                    let label = ui.add(Label::new(words(&said, Type::Body, ink)).truncate());
                    label.on_hover_text(format!("{said}\n{}", view.path.display()));
                });
                ui.add(Label::new(words(&figures, Type::Data, lost)).truncate().sense(Sense::hover())).on_hover_text(&figures);
            });
        });
    }
}
