//! Counters of the selected server beside those of others, over the last second. It says what was measured and how much it
//! moved; it never says who is better, and says so when the figures cannot be told apart.

mod figures;

#[cfg(test)]
mod tests;

use eframe::egui::{Align, Align2, Frame, Label, Margin, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::Panel;
use super::stepper::subject;
use crate::engine::{LogView, SessionState, SessionView};
use crate::lab::EndpointId;
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::controls::{icon_menu, words};
use crate::ui::widget::{paint, shapes};

use figures::{Figure, Verdict, verdict};

/// Servers side by side at most.
const MOST: usize = 3;
/// The mock-up's sizes.
const ROW: f32 = 29.0;
const LEAST_ROW: f32 = 21.0;
/// Room for the sentence under the table.
const SENTENCE: f32 = 42.0;
const HEAD: f32 = 34.0;
const VALUE: f32 = 92.0;
const DOT: f32 = 16.0;
const NAME: f32 = 112.0;

/// View state of one table.
#[derive(Default)]
pub struct CountersPanel {
    /// Servers to compare with, when a person chose; else the first ones that run.
    chosen: Option<Vec<EndpointId>>,
    /// The verdicts of a moment: they need ten seconds of history, and change ten times a second.
    verdicts: Option<((u64, EndpointId, EndpointId), [Verdict; Figure::ALL.len()])>,
}

impl Panel for CountersPanel {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.choose_ui(ui, cx);
        let key = if cx.frozen { "counters-about-frozen" } else { "counters-about" };
        let about = words(tr!(cx.text, key), Type::Body, cx.theme.colors.text_3).font(Type::Body.at(12.5));
        ui.add(Label::new(about).truncate());
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let sessions = self.columns(cx);
        if sessions.is_empty() {
            let (at, ink) = (ui.max_rect().center(), cx.theme.colors.text_2);
            ui.painter().text(at, Align2::CENTER_CENTER, tr!(cx.text, "counters-nothing"), Type::Body.font(), ink);
            return;
        }
        let verdicts = self.verdicts(cx.snap.seq, &sessions);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(space::XS);
            let each = ((ui.available_height() - HEAD - SENTENCE) / Figure::ALL.len() as f32).clamp(LEAST_ROW, ROW).floor();
            let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
            heads_ui(ui, cx, &sessions, head.shrink2(vec2(space::L, 0.0)));
            for (figure, verdict) in Figure::ALL.into_iter().zip(verdicts) {
                figure_ui(ui, cx, &sessions, figure, verdict, each);
            }
            ui.add_space(space::S);
            Frame::new().inner_margin(Margin::symmetric(space::L as i8, 0)).show(ui, |ui| {
                let said = sentence(cx, &sessions, &verdicts);
                ui.add(Label::new(words(said, Type::Caption, cx.theme.colors.text_2)).wrap());
            });
        });
    }
}

impl CountersPanel {
    /// The selected server first, then those it is compared with.
    fn columns<'a>(&self, cx: &Cx<'a>) -> Vec<&'a SessionView> {
        let running = |id: EndpointId| cx.snap.session(id).filter(|s| s.state == SessionState::Running).map(|s| &**s);
        let subject = subject::server(cx.lab, cx.snap, cx.selection).map(|s| s.id);
        let others: Vec<EndpointId> = match &self.chosen {
            Some(chosen) => chosen.clone(),
            None => cx.lab.servers.iter().map(|s| s.id).collect(),
        };
        let all = subject.into_iter().chain(others.into_iter().filter(|id| Some(*id) != subject));
        all.filter_map(running).take(MOST).collect()
    }

    /// Which servers stand beside the selected one.
    fn choose_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let subject = subject::server(cx.lab, cx.snap, cx.selection).map(|s| s.id);
        let others: Vec<_> = cx.lab.servers.iter().filter(|s| Some(s.id) != subject).collect();
        if others.is_empty() {
            return;
        }
        let shown: Vec<EndpointId> = self.columns(cx).iter().map(|s| s.id).filter(|id| Some(*id) != subject).collect();
        let label = tr!(cx.text, "counters-compare");
        let tip = tr!(cx.text, "counters-compare-tip");
        icon_menu(ui, cx.theme, icons::SLIDERS_HORIZONTAL, &label, &tip, |ui| {
            // A check box is nothing without its edge, which menus take away.
            ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::new(1.0, cx.theme.colors.line_strong);
            for other in &others {
                let wanted = self.chosen.as_ref().map_or(&shown, |chosen| chosen);
                let mut on = wanted.contains(&other.id);
                let room = on || wanted.len() + 1 < MOST;
                if ui.add_enabled(room, eframe::egui::Checkbox::new(&mut on, &other.name)).changed() {
                    let mut chosen = wanted.clone();
                    if on {
                        chosen.push(other.id)
                    } else {
                        chosen.retain(|id| *id != other.id)
                    }
                    self.chosen = Some(chosen);
                }
            }
        });
    }

    fn verdicts(&mut self, seq: u64, sessions: &[&SessionView]) -> [Verdict; Figure::ALL.len()] {
        let [a, b, ..] = sessions else { return [Verdict::Unknown; Figure::ALL.len()] };
        let key = (seq, a.id, b.id);
        match self.verdicts {
            Some((was, verdicts)) if was == key => verdicts,
            Some(_) | None => {
                let verdicts = Figure::ALL.map(|figure| verdict(figure, a, b));
                self.verdicts = Some((key, verdicts));
                verdicts
            }
        }
    }
}

/// The cell of one server in a row that has the panel's padding taken off.
fn cell(row: Rect, column: usize, columns: usize) -> Rect {
    let marks = if columns > 1 { 2.0 * DOT } else { DOT };
    let width = VALUE.min((row.width() - marks - NAME) / columns as f32);
    let left = row.right() - marks - width * (columns - column) as f32;
    Rect::from_x_y_ranges(left + space::XS..=left + width, row.y_range())
}

fn heads_ui(ui: &Ui, cx: &Cx<'_>, sessions: &[&SessionView], row: Rect) {
    let c = &cx.theme.colors;
    for (n, session) in sessions.iter().enumerate() {
        let (upper, lower) = cell(row, n, sessions.len()).split_top_bottom_at_fraction(0.5);
        let ink = if n == 0 { c.text_1 } else { c.text_2 };
        paint::line(ui.painter(), upper, Align::Max, &session.name, Type::Body.at(12.0), ink);
        paint::line(ui.painter(), lower, Align::Max, session.model.unwrap_or("–"), Type::Data.at(11.0), c.text_3);
    }
}

fn figure_ui(ui: &mut Ui, cx: &Cx<'_>, sessions: &[&SessionView], figure: Figure, verdict: Verdict, height: f32) {
    let c = &cx.theme.colors;
    let (full, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let row = full.shrink2(vec2(space::L, 0.0));
    let painter = ui.painter();
    painter.hline(row.x_range(), row.bottom(), Stroke::new(1.0, c.line));
    let name = tr!(cx.text, figure.key());
    let first = cell(row, 0, sessions.len());
    paint::line(painter, row.with_max_x(first.left()), Align::Min, &name, Type::Body.font(), c.text_2);
    let mut said = name;
    for (n, session) in sessions.iter().enumerate() {
        let value = figure.value(session).map_or_else(|| "–".to_owned(), |v| figure.words(v));
        let font = Type::Figure.at(if sessions.len() < MOST { 15.0 } else { 13.0 });
        paint::line(painter, cell(row, n, sessions.len()), Align::Max, &value, font, c.text_1);
        said.push_str(&format!(", {} {value}", session.name));
    }
    shapes::certainty(painter, pos2(row.right() - 4.0, row.center().y), true, c.text_2);
    let mut tip = tr!(cx.text, &format!("{}-tip", figure.key()));
    if let Verdict::Covered { spread } = verdict {
        painter.text(pos2(row.right() - DOT - 6.0, row.center().y), Align2::CENTER_CENTER, "≈", Type::Data.at(13.0), c.text_2);
        tip.push('\n');
        tip.push_str(&tr!(cx.text, "counters-covered", spread = figure.spread_words(spread)));
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    response.on_hover_text(tip);
}

/// What may be said about a comparison, and what may not.
fn sentence(cx: &Cx<'_>, sessions: &[&SessionView], verdicts: &[Verdict; Figure::ALL.len()]) -> String {
    let [a, b, ..] = sessions else { return tr!(cx.text, "counters-one") };
    let of = |figure: Figure| Figure::ALL.iter().position(|f| *f == figure).map_or(Verdict::Unknown, |n| verdicts[n]);
    let traffic = |s: &SessionView| s.rates.rx_messages >= 1.0;
    if !traffic(a) || !traffic(b) {
        return tr!(cx.text, "counters-quiet");
    }
    // The processor's time is what models differ in when they do the same work; where nobody tells, their calls are.
    let figure = if of(Figure::Cpu) == Verdict::Unknown { Figure::Calls } else { Figure::Cpu };
    let name = tr!(cx.text, figure.key());
    match of(figure) {
        Verdict::Unknown => tr!(cx.text, "counters-too-short"),
        Verdict::Covered { spread } => {
            let key = if figure == Figure::Cpu { "counters-same-cpu" } else { "counters-same" };
            tr!(cx.text, key, figure = name, spread = figure.spread_words(spread))
        }
        Verdict::Apart => {
            let half = |series: &LogView<_>| figures::spread(figure, series).map_or(0.0, |s| s.half);
            let spread = half(&a.series).max(half(&b.series));
            let key = if figure == Figure::Cpu { "counters-apart-cpu" } else { "counters-apart" };
            tr!(cx.text, key, figure = name, spread = figure.spread_words(spread))
        }
    }
}
