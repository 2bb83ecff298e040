//! The text of a step as people read it: the small tree of `lesson::text` drawn with the window's type.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, FontId, Frame, Label, Margin, RichText, Ui};

use crate::lesson::Language;
use crate::lesson::text::{Block, Span};
use crate::ui::theme::{Theme, Type, radius, space};

/// How large, and in which language.
#[derive(Clone, Copy)]
pub(super) struct Prose<'a> {
    pub theme: &'a Theme,
    pub language: Language,
    /// 1 beside the tiles; more in presenter mode.
    pub scale: f32,
}

impl Prose<'_> {
    /// This style at the size of the page.
    pub fn font(self, style: Type) -> FontId {
        let size = style.font().size * self.scale;
        style.at(size)
    }

    /// Blocks, one below the other.
    pub fn blocks(self, ui: &mut Ui, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading(spans) => self.line(ui, spans, Type::Strong),
                Block::Paragraph(spans) => self.paragraph(ui, spans),
                Block::Code(code) => self.code(ui, code),
                Block::List { first, items } => self.list(ui, *first, items),
            }
            ui.add_space((space::XS * self.scale).round());
        }
    }

    fn list(self, ui: &mut Ui, first: Option<u64>, items: &[Vec<Block>]) {
        for (at, item) in items.iter().enumerate() {
            ui.horizontal_top(|ui| {
                let mark = first.map_or_else(|| "•".to_owned(), |first| format!("{}.", first + at as u64));
                ui.label(RichText::new(mark).font(self.font(Type::Body)).color(self.theme.colors.text_2));
                ui.vertical(|ui| self.blocks(ui, item));
            });
        }
    }

    fn code(self, ui: &mut Ui, code: &str) {
        let frame = Frame::new().fill(self.theme.colors.stage).corner_radius(radius::CHIP).inner_margin(Margin::same(space::S as i8));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(Label::new(RichText::new(code).font(self.font(Type::Data)).color(self.theme.colors.text_1)).wrap());
        });
    }

    fn paragraph(self, ui: &mut Ui, spans: &[Span]) {
        if spans.iter().all(|span| span.link.is_none()) {
            return self.line(ui, spans, Type::Body);
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for span in spans {
                match &span.link {
                    Some(link) => drop(ui.hyperlink_to(RichText::new(&span.text).font(self.font(Type::Body)), link)),
                    None => self.line(ui, std::slice::from_ref(span), Type::Body),
                }
            }
        });
    }

    /// One paragraph of these spans.
    pub fn line(self, ui: &mut Ui, spans: &[Span], style: Type) {
        let job = self.job(spans, style, self.theme.colors.text_1);
        ui.add(Label::new(job).wrap());
    }

    /// Of a line of running text.
    pub fn line_height(self) -> f32 {
        self.font(Type::Body).size * 1.55
    }

    /// The same, to be measured or painted elsewhere.
    pub fn job(self, spans: &[Span], style: Type, ink: Color32) -> LayoutJob {
        let mut job = LayoutJob::default();
        for span in spans {
            // Chinese has no italics: what is stressed is strong.
            let strong = span.bold || (span.emphasis && self.language == Language::Zh);
            let style = match (span.code, strong) {
                (true, _) => Type::Data,
                (false, true) => Type::Strong,
                (false, false) => style,
            };
            let mut font = self.font(style);
            if span.code {
                font.size = self.font(Type::Body).size * 0.96;
            }
            let line_height = Some(self.line_height());
            let italics = span.emphasis && self.language == Language::En;
            let format = TextFormat { font_id: font, color: ink, italics, line_height, ..TextFormat::default() };
            job.append(&span.text, 0.0, format);
        }
        job
    }
}
