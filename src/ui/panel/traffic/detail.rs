//! The selected record in full: text, and a hex dump with offsets.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{Align, Color32, Frame, Label, Layout, Margin, ScrollArea, Stroke, Ui};

use crate::bytes::{Encoding, TextRun, to_hex};
use crate::engine::Record;
use crate::tr;
use crate::ui::theme::{Theme, Type, icons, space};
use crate::ui::widget::button::{ButtonSpec, Look as Press};
use crate::ui::widget::controls::{FieldSpec, words};
use crate::ui::widget::format;
use crate::ui::{Action, Cx};

use super::marks::Marks;
use super::row::{self, Look, Writing};

/// Bytes written as text; the dump below has all of them.
const TEXT_BYTES: usize = 8 << 10;

/// What is open, with its text laid out once.
#[derive(Debug)]
pub struct Detail {
    /// Its index in the log.
    pub index: u64,
    text: Option<((bool, Encoding), LayoutJob)>,
}

impl Detail {
    /// Of this record.
    pub fn new(index: u64) -> Self {
        Self { index, text: None }
    }

    /// Draws it; answers whether it is to be closed.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, record: &Record, marks: &mut Marks, look: &Look) -> bool {
        let theme = cx.theme;
        let c = &theme.colors;
        let rect = ui.max_rect();
        ui.painter().rect_filled(rect, 0.0, c.stage);
        ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, c.line));
        let mut close = false;
        Frame::new().inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
            ui.horizontal(|ui| {
                let line = tr!(
                    cx.text,
                    "traffic-detail",
                    row = format::count(self.index + 1),
                    way = row::from_to(record),
                    bytes = format::bytes(record.len.into())
                );
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    close = self.buttons(ui, cx, record, marks, look);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.add(Label::new(words(line, Type::Strong, c.text_1)).truncate());
                    });
                });
            });
            if (record.data.len() as u64) < u64::from(record.len) {
                ui.label(words(
                    tr!(cx.text, "traffic-front-only", kept = format::bytes(record.data.len() as u64)),
                    Type::Caption,
                    c.error.text,
                ));
            }
            if marks.get(self.index).is_some() {
                self.note_ui(ui, cx, marks);
            }
            let encoding = encoding(look);
            let job = self.job(theme, record, encoding);
            let lines = record.data.len().div_ceil(16);
            let text_height = (ui.available_height() * 0.35).max(18.0);
            ui.push_id("text", |ui| {
                ScrollArea::vertical().max_height(text_height).auto_shrink([false, true]).show(ui, |ui| {
                    ui.add(Label::new(Arc::new(job)).wrap());
                });
            });
            ui.add_space(space::XS);
            ui.push_id("hex", |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ScrollArea::both().auto_shrink(false).show_rows(ui, 18.0, lines, |ui, range| {
                    for line in range {
                        ui.add(Label::new(words(format::dump_line(&record.data, line), Type::Data, c.text_2)).extend());
                    }
                });
            });
        });
        close
    }

    fn buttons(&self, ui: &mut Ui, cx: &mut Cx<'_>, record: &Record, marks: &mut Marks, look: &Look) -> bool {
        let theme = cx.theme;
        let ink = theme.colors.text_2;
        let narrow = ui.available_width() < 420.0;
        let press = |ui: &mut Ui, glyph: &str, key: &str, icon_only: bool, on: bool| {
            let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
            let look = if on { Press::On } else { Press::Plain };
            ButtonSpec { icon_only, look, ..ButtonSpec::new(&label, &tip).with_icon(glyph, ink) }.show(ui, theme).clicked()
        };
        let close = press(ui, icons::X, "traffic-close-detail", true, false);
        let (hex, text) =
            (press(ui, icons::COPY, "traffic-copy-hex", narrow, false), press(ui, icons::COPY, "traffic-copy-text", narrow, false));
        let mark = marks.get(self.index).cloned().unwrap_or_default();
        let pin = press(ui, icons::PUSH_PIN, if mark.pinned { "traffic-unpin" } else { "traffic-pin" }, true, mark.pinned);
        let marked = press(ui, icons::BELL, if mark.marked { "traffic-unmark" } else { "traffic-mark" }, true, mark.marked);
        if pin && (mark.pinned || marks.may_pin()) {
            marks.change(self.index, |m| m.pinned = !m.pinned);
        }
        if marked {
            marks.change(self.index, |m| m.marked = !m.marked);
        }
        if hex {
            cx.act(Action::Copy(to_hex(&record.data, usize::MAX)));
        }
        if text {
            cx.act(Action::Copy(encoding(look).runs(&record.data).iter().map(TextRun::as_str).collect()));
        }
        close
    }

    /// What a person notes about a marked or pinned row.
    fn note_ui(&self, ui: &mut Ui, cx: &Cx<'_>, marks: &mut Marks) {
        let mut note = marks.get(self.index).map_or_else(String::new, |m| m.note.clone());
        let (name, tip, hint) = (tr!(cx.text, "traffic-note"), tr!(cx.text, "traffic-note-tip"), tr!(cx.text, "traffic-note-hint"));
        let id = ui.scope_id().with(("note", self.index));
        let width = ui.available_width() - space::L;
        let field = FieldSpec { name: &name, tip: &tip, hint: &hint, width, bad: false, id };
        if field.show(ui, cx.theme, &mut note).changed() {
            marks.change(self.index, |m| m.note = note);
        }
    }

    fn job(&mut self, theme: &Theme, record: &Record, encoding: Encoding) -> LayoutJob {
        if let Some((made_for, job)) = &self.text
            && *made_for == (theme.dark, encoding)
        {
            return job.clone();
        }
        let mut job = LayoutJob { wrap: TextWrapping { break_anywhere: true, ..TextWrapping::default() }, ..LayoutJob::default() };
        let format = |color: Color32| TextFormat::simple(Type::Data.font(), color);
        let shown = &record.data[..record.data.len().min(TEXT_BYTES)];
        for run in encoding.runs(shown) {
            match run {
                TextRun::Plain(plain) => job.append(&plain, 0.0, format(theme.colors.text_1)),
                TextRun::Escape(escape) => job.append(&escape, 0.0, format(theme.colors.text_3)),
            }
        }
        if shown.len() < record.data.len() {
            job.append(" …", 0.0, format(theme.colors.text_3));
        }
        self.text = Some(((theme.dark, encoding), job.clone()));
        job
    }
}

/// The encoding of the panel's text.
fn encoding(look: &Look) -> Encoding {
    match look.writing {
        Writing::Text(encoding) => encoding,
        Writing::Hex => Encoding::default(),
    }
}
