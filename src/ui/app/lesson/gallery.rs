//! The gallery: every lesson and experiment that comes along, as a card. Opening one loads its lab and starts nothing.

use eframe::egui::{
    Align, Align2, Frame, Id, Key, Layout, Margin, Modifiers, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2,
};

use crate::lab::{Lab, Need, Words};
use crate::lesson::{SHIPPED_LESSONS, text};
use crate::tr;
use crate::trial::{SHIPPED, missing};
use crate::ui::theme::{Type, icons, radius, size, space};
use crate::ui::trial_words::lack;
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::chip;
use crate::ui::widget::controls::{FieldSpec, focus_ring, words as rich};

use super::super::App;
use super::super::file_flow::Then;
use super::{card, parts};

/// A card, at least.
const CARD: f32 = 296.0;
const CARD_HEIGHT: f32 = 222.0;
const PICTURE: f32 = 104.0;

/// A part of the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Lessons,
    /// Experiments whose code begins with this letter.
    Letter(char),
}

impl Section {
    const ALL: [Self; 7] =
        [Self::Lessons, Self::Letter('A'), Self::Letter('B'), Self::Letter('C'), Self::Letter('D'), Self::Letter('E'), Self::Letter('F')];

    fn key(self) -> String {
        match self {
            Self::Lessons => "gallery-lessons".to_owned(),
            Self::Letter(letter) => format!("gallery-section-{}", letter.to_ascii_lowercase()),
        }
    }
}

/// One card.
struct Card {
    section: Section,
    id: &'static str,
    /// `B1`, or the number of a lesson.
    code: String,
    title: Words,
    sentence: Words,
    minutes: u32,
    needs: Vec<Need>,
    lab: Lab,
}

/// The open gallery. Its cards are read once, when it opens.
pub(in crate::ui::app) struct Gallery {
    cards: Vec<Card>,
    typed: String,
    section: Option<Section>,
    fresh: bool,
}

impl Gallery {
    fn open() -> Self {
        let lessons = SHIPPED_LESSONS.iter().filter_map(|shipped| {
            let lesson = shipped.lesson().ok()?;
            let sentence = |language: crate::lesson::Language| {
                lesson.intro(language).iter().find_map(|block| match block {
                    text::Block::Paragraph(spans) => Some(text::plain(spans)),
                    text::Block::Heading(_) | text::Block::Code(_) | text::Block::List { .. } => None,
                })
            };
            let [en, zh] = crate::lesson::Language::ALL.map(|language| sentence(language).unwrap_or_default());
            Some(Card {
                section: Section::Lessons,
                id: shipped.id,
                code: lesson.number.to_string(),
                title: lesson.title.clone(),
                sentence: Words { en, zh },
                minutes: lesson.minutes,
                needs: lesson.needs.clone(),
                lab: lesson.lab,
            })
        });
        let experiments = SHIPPED.iter().filter_map(|shipped| {
            let lab = shipped.lab().ok()?;
            let about = lab.experiment.as_deref().cloned()?;
            Some(Card {
                section: Section::Letter(about.code.chars().next()?),
                id: shipped.id,
                code: about.code,
                title: about.title,
                sentence: about.sentence,
                minutes: about.minutes,
                needs: about.needs,
                lab,
            })
        });
        Self { cards: lessons.chain(experiments).collect(), typed: String::new(), section: None, fresh: true }
    }
}

impl Card {
    fn matches(&self, typed: &str) -> bool {
        let words = [self.id, &self.code, &self.title.en, &self.title.zh, &self.sentence.en, &self.sentence.zh].join(" ").to_lowercase();
        typed.to_lowercase().split_whitespace().all(|part| words.contains(part))
    }

    fn then(&self) -> Then {
        match self.section {
            Section::Lessons => Then::Lesson(self.id),
            Section::Letter(_) => Then::Experiment(self.id),
        }
    }
}

impl App {
    pub(in crate::ui::app) fn show_gallery(&mut self) {
        self.gallery = Some(Gallery::open());
    }

    /// Draws it over the tiles' place.
    pub(in crate::ui::app) fn gallery_ui(&mut self, ui: &mut Ui) {
        let Some(mut gallery) = self.gallery.take() else { return };
        let c = &self.theme.colors;
        let (mut chosen, mut closed) = (None, false);
        let mut own = false;
        Frame::new().fill(c.bg).inner_margin(Margin::symmetric(24, 16)).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            (closed, own) = self.gallery_head_ui(ui, &mut gallery);
            ui.add_space(space::S);
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                // The bar of the scroll area has room of its own.
                ui.set_max_width(ui.available_width() - space::M);
                let mut any = false;
                for section in Section::ALL.into_iter().filter(|section| gallery.section.is_none_or(|only| only == *section)) {
                    let cards: Vec<&Card> = gallery.cards.iter().filter(|c| c.section == section && c.matches(&gallery.typed)).collect();
                    if !cards.is_empty() {
                        any = true;
                        ui.add_space(space::S);
                        ui.label(rich(tr!(self.text, &section.key()), Type::Title, c.text_1));
                        ui.add_space(space::XS);
                        chosen = self.cards_ui(ui, &cards).or(chosen.take());
                    }
                }
                if !any {
                    ui.add_space(space::XL);
                    ui.label(rich(tr!(self.text, "gallery-none"), Type::Body, c.text_2));
                }
            });
        });
        let escaped = self.modal.is_none() && self.palette.is_none() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
        if !closed && !escaped {
            self.gallery = Some(gallery);
        }
        if let Some(then) = chosen.or(own.then_some(Then::Open)) {
            self.leave_lab(&ui.ctx().clone(), then);
        }
    }

    /// Whether it was closed, and whether somebody wants a file of their own.
    fn gallery_head_ui(&self, ui: &mut Ui, gallery: &mut Gallery) -> (bool, bool) {
        let (mut closed, mut own) = (false, false);
        ui.horizontal(|ui| {
            ui.label(rich(tr!(self.text, "gallery-title"), Type::Sentence, self.theme.colors.text_1));
            ui.label(rich(tr!(self.text, "gallery-words"), Type::Body, self.theme.colors.text_2));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (name, tip) = (tr!(self.text, "gallery-close"), tr!(self.text, "gallery-close-tip"));
                closed = ButtonSpec::bare(icons::X, &name, &tip).show(ui, &self.theme).clicked();
                let (name, tip) = (tr!(self.text, "gallery-own"), tr!(self.text, "gallery-own-tip"));
                let button = ButtonSpec::new(&name, &tip).with_icon(icons::FOLDER_OPEN, self.theme.colors.text_2);
                own = button.show(ui, &self.theme).clicked();
            });
        });
        ui.add_space(space::XS);
        ui.horizontal_wrapped(|ui| {
            let (name, tip) = (tr!(self.text, "gallery-search"), tr!(self.text, "gallery-search-tip"));
            let id = Id::unique("gallery search");
            let field = FieldSpec { name: &name, tip: &tip, hint: &name, width: 240.0, bad: false, id };
            let response = field.show(ui, &self.theme, &mut gallery.typed);
            if std::mem::take(&mut gallery.fresh) {
                response.request_focus();
            }
            let all = tr!(self.text, "gallery-all");
            if chip::tab(ui, &self.theme, &all, gallery.section.is_none(), &tr!(self.text, "gallery-all-tip")).clicked() {
                gallery.section = None;
            }
            for section in Section::ALL {
                let name = tr!(self.text, &section.key());
                let tip = tr!(self.text, "gallery-section-tip", name = name.clone());
                if chip::tab(ui, &self.theme, &name, gallery.section == Some(section), &tip).clicked() {
                    gallery.section = Some(section);
                }
            }
        });
        (closed, own)
    }

    fn cards_ui(&self, ui: &mut Ui, cards: &[&Card]) -> Option<Then> {
        let mut chosen = None;
        let columns = ((ui.available_width() + space::M) / (CARD + space::M)).floor().max(1.0) as usize;
        let width = ((ui.available_width() - (columns - 1) as f32 * space::M) / columns as f32).floor();
        for row in cards.chunks(columns) {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::M;
                for card in row {
                    if self.card_ui(ui, card, width) {
                        chosen = Some(card.then());
                    }
                }
            });
            ui.add_space(space::M - ui.spacing().item_spacing.y);
        }
        chosen
    }

    fn card_ui(&self, ui: &mut Ui, card: &Card, width: f32) -> bool {
        let c = &self.theme.colors;
        let language = parts::language(&self.text);
        let (title, sentence) = (language.of(&card.title), language.of(&card.sentence));
        let lacks = card.needs.iter().find_map(missing).map(|it| lack(&self.text, &it));
        let (rect, response) = ui.allocate_exact_size(vec2(width, CARD_HEIGHT), Sense::click());
        let name = tr!(self.text, "gallery-card", code = card.code.clone(), title = title);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if !ui.is_rect_visible(rect) {
            return response.clicked();
        }
        let painter = ui.painter();
        let ground = if response.hovered() { c.hover } else { c.panel };
        painter.rect(rect, radius::CARD, ground, Stroke::new(1.0, c.line_control), StrokeKind::Inside);
        let inner = rect.shrink(space::M);
        let picture = Rect::from_min_size(inner.min, vec2(inner.width(), PICTURE));
        card::lab(&painter.with_clip_rect(picture), &self.theme, picture, &card.lab);
        let foot = inner.bottom() - size::ICON * 0.5;
        let code = painter.text(eframe::egui::pos2(inner.left(), foot), Align2::LEFT_CENTER, &card.code, Type::Data.font(), c.text_2);
        let (words, ink) = match &lacks {
            Some(why) => (tr!(self.text, "gallery-lacks", why = why.clone()), c.error.text),
            None => (tr!(self.text, "gallery-minutes", n = card.minutes), c.text_2),
        };
        let room = inner.right() - code.right() - space::S;
        let words = one_line(painter, &words, Type::Caption, ink, room);
        painter.galley(eframe::egui::pos2(inner.right() - words.size().x, foot - words.size().y / 2.0), words, ink);
        let heading = one_line(painter, title, Type::Strong, c.text_1, inner.width());
        let at = picture.left_bottom() + vec2(0.0, space::S);
        painter.galley(at, heading, c.text_1);
        let mut job = eframe::egui::text::LayoutJob::simple(sentence.to_owned(), Type::Body.at(12.5), c.text_2, inner.width());
        job.wrap.max_rows = 3;
        let galley = painter.layout_job(job);
        painter.galley(at + vec2(0.0, 20.0), galley, c.text_2);
        focus_ring(ui, &self.theme, &response);
        let tip = match lacks {
            Some(why) => tr!(self.text, "gallery-card-lacks", sentence = sentence, why = why),
            None => tr!(self.text, "gallery-card-tip", sentence = sentence),
        };
        response.on_hover_text(tip).clicked()
    }
}

fn one_line(
    painter: &eframe::egui::Painter,
    words: &str,
    style: Type,
    ink: eframe::egui::Color32,
    width: f32,
) -> std::sync::Arc<eframe::egui::Galley> {
    let mut job = eframe::egui::text::LayoutJob::simple(words.to_owned(), style.font(), ink, width);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    painter.layout_job(job)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_and_experiment_has_a_card_in_a_section_that_exists() {
        let gallery = Gallery::open();
        assert_eq!(gallery.cards.len(), SHIPPED.len() + SHIPPED_LESSONS.len());
        for card in &gallery.cards {
            assert!(Section::ALL.contains(&card.section), "{}", card.code);
            assert!(!card.title.zh.is_empty() && !card.sentence.en.is_empty() && card.lab.names().next().is_some(), "{}", card.id);
        }
        assert!(gallery.cards.iter().any(|card| card.matches("queue LISTEN")));
    }
}
