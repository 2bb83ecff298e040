//! The selected record in full: text, and a hex dump with offsets.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{Align, Color32, Frame, Label, Layout, Margin, ScrollArea, Stroke, Ui};

use crate::bytes::{TextRun, to_hex, to_text, to_text_string};
use crate::engine::Record;
use crate::tr;
use crate::ui::theme::{Theme, Type, icons, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::words;
use crate::ui::widget::format;
use crate::ui::{Action, Cx};

use super::row;

/// Bytes written as text; the dump below has all of them.
const TEXT_BYTES: usize = 8 << 10;

/// What is open, with its text laid out once.
#[derive(Debug)]
pub struct Detail {
    /// Its index in the log.
    pub index: u64,
    text: Option<(bool, LayoutJob)>,
}

impl Detail {
    /// Of this record.
    pub fn new(index: u64) -> Self {
        Self { index, text: None }
    }

    /// Draws it; answers whether it is to be closed.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, record: &Record) -> bool {
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
                    close = self.buttons(ui, cx, record);
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
            let job = self.job(theme, record);
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

    fn buttons(&self, ui: &mut Ui, cx: &mut Cx<'_>, record: &Record) -> bool {
        let theme = cx.theme;
        let words = |key: &str| tr!(cx.text, key);
        let ink = theme.colors.text_2;
        let (label, tip) = (words("traffic-close-detail"), words("traffic-close-detail-tip"));
        let close = ButtonSpec { icon_only: true, ..ButtonSpec::new(&label, &tip).with_icon(icons::X, ink) }.show(ui, theme).clicked();
        let (label, tip) = (words("traffic-copy-hex"), words("traffic-copy-hex-tip"));
        if ButtonSpec::new(&label, &tip).with_icon(icons::COPY, ink).show(ui, theme).clicked() {
            cx.act(Action::Copy(to_hex(&record.data, usize::MAX)));
        }
        let (label, tip) = (tr!(cx.text, "traffic-copy-text"), tr!(cx.text, "traffic-copy-text-tip"));
        if ButtonSpec::new(&label, &tip).with_icon(icons::COPY, ink).show(ui, theme).clicked() {
            cx.act(Action::Copy(to_text_string(&record.data)));
        }
        close
    }

    fn job(&mut self, theme: &Theme, record: &Record) -> LayoutJob {
        if let Some((dark, job)) = &self.text
            && *dark == theme.dark
        {
            return job.clone();
        }
        let mut job = LayoutJob { wrap: TextWrapping { break_anywhere: true, ..TextWrapping::default() }, ..LayoutJob::default() };
        let format = |color: Color32| TextFormat::simple(Type::Data.font(), color);
        let shown = &record.data[..record.data.len().min(TEXT_BYTES)];
        for run in to_text(shown) {
            match run {
                TextRun::Plain(plain) => job.append(&plain, 0.0, format(theme.colors.text_1)),
                TextRun::Escape(escape) => job.append(&escape, 0.0, format(theme.colors.text_3)),
            }
        }
        if shown.len() < record.data.len() {
            job.append(" …", 0.0, format(theme.colors.text_3));
        }
        self.text = Some((theme.dark, job.clone()));
        job
    }
}
