//! What stands above the text: the choice of a language or of the calls, what can be done with the text, and how the program is run.

use eframe::egui::{Align, Label, Layout, Rect, Sense, Stroke, Ui, UiBuilder, vec2};

use super::{Code, Page, transcript};
use crate::code::Language;
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{Segment, segmented, words as word};
use crate::ui::widget::format;
use crate::ui::{Action, Cx, ExportData};

/// One choice of the row of languages.
const CHOICE: f32 = 84.0;
/// Under this width, copy and save are icons alone.
const ROOM_FOR_WORDS: f32 = 640.0;

impl Code {
    /// Languages and calls, and what can be done with the text. Answers the page that was chosen.
    pub(super) fn bar_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, place: Rect) -> Option<Page> {
        let inside = place.shrink2(vec2(space::M, space::S));
        let wide = place.width() >= ROOM_FOR_WORDS;
        let builder = UiBuilder::new().max_rect(inside).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            self.buttons_ui(ui, cx, wide);
            let width = ui.available_width().min(CHOICE * Page::ALL.len() as f32);
            let left = Rect::from_min_size(inside.min, vec2(width, size::CONTROL));
            let mut ui = ui.new_child(UiBuilder::new().max_rect(left).layout(Layout::top_down(Align::Min)));
            let segments = Page::ALL.map(|page| {
                let (label, tip) = match page {
                    Page::Program(language @ Language::Python) => (format!("{language} 3"), tr!(cx.text, "code-python-tip")),
                    Page::Program(language @ Language::C) => (language.to_string(), tr!(cx.text, "code-c-tip")),
                    Page::Program(language @ Language::Rust) => (language.to_string(), tr!(cx.text, "code-rust-tip")),
                    Page::Calls => (tr!(cx.text, "code-calls"), tr!(cx.text, "code-calls-tip", rows = format::count(transcript::NEWEST))),
                };
                Segment { label, tip, enabled: true, selected: page == self.page }
            });
            segmented(&mut ui, cx.theme, segments.len(), &segments).and_then(|n| Page::ALL.get(n)).copied()
        })
        .inner
    }

    fn buttons_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, wide: bool) {
        let c = &cx.theme.colors;
        let is_there = self.text().is_some();
        let spec = |key: &str, glyph| {
            let tip = if is_there { tr!(cx.text, &format!("{key}-tip")) } else { tr!(cx.text, "code-no-text") };
            (tr!(cx.text, key), tip, glyph)
        };
        let [save, copy] = [spec("code-save", icons::FLOPPY_DISK), spec("code-copy", icons::COPY)].map(|(name, tip, glyph)| {
            let button = if wide { ButtonSpec::new(&name, &tip).with_icon(glyph, c.text_2) } else { ButtonSpec::bare(glyph, &name, &tip) };
            ButtonSpec { enabled: is_there, ..button }.show(ui, cx.theme).clicked()
        });
        let (name, tip) = (tr!(cx.text, "code-follow"), tr!(cx.text, "code-follow-tip"));
        let look = if self.follow { Look::On } else { Look::Plain };
        if (ButtonSpec { look, ..ButtonSpec::new(&name, &tip) }).show(ui, cx.theme).clicked() {
            self.follow = !self.follow;
            self.seen = None;
        }
        let Some((file, text)) = self.text() else { return };
        if copy {
            let said = tr!(cx.text, "code-copied", file = file.as_str());
            cx.act(Action::Copy(text));
            cx.act(Action::Say(said));
        } else if save {
            cx.act(Action::Export(file, ExportData::Text(text)));
        }
    }

    /// The name and the text of what is shown.
    fn text(&self) -> Option<(String, String)> {
        match self.page {
            Page::Program(_) => {
                let program = self.made.as_ref()?.program.as_ref().ok()?;
                Some((program.file_name.clone(), program.text.clone()))
            }
            Page::Calls => (self.transcript.calls > 0).then(|| ("calls.txt".to_owned(), self.transcript.text.clone())),
        }
    }
}

/// How the program is run.
pub(super) fn run_ui(ui: &mut Ui, cx: &mut Cx<'_>, place: Rect, line: &str, whole: &str) {
    let c = &cx.theme.colors;
    let builder = UiBuilder::new().max_rect(place.shrink2(vec2(space::M, 0.0))).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.label(word(tr!(cx.text, "code-run"), Type::Caption, c.text_3));
        let response = ui.add(Label::new(word(line, Type::Data, c.text_1)).truncate().sense(Sense::hover()));
        response.on_hover_ui(|ui| {
            ui.label(word(tr!(cx.text, "code-run-tip"), Type::Caption, c.text_2));
            ui.label(word(whole.trim_end(), Type::Data, c.text_1));
        });
    });
    ui.painter().hline(place.x_range(), place.bottom() - 0.5, Stroke::new(1.0, c.line));
}
