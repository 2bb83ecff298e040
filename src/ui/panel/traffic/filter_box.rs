//! The box of the traffic filter: what is typed, the filter in force, what may stand at the cursor, and what is wrong in words.

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{Align2, Area, Frame, Id, Key, Margin, Modifiers, Order, Role, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};

use super::mistake;
use crate::report::filter::{Completion, CompletionKind, Filter, FilterError, Names, complete};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::controls::{icon, with_edge, words};

/// Room for the icon left of the box.
const FUNNEL: f32 = 13.0 + space::S;
/// Offers shown at once.
const OFFERS: usize = 12;
/// Connections whose addresses and numbers are offered.
const CONNECTIONS: usize = 100;

/// View state.
#[derive(Debug, Default)]
pub struct FilterBox {
    typed: String,
    filter: Filter,
    mistake: Option<FilterError>,
    /// The offer that Enter takes; `None`: nobody went into the list.
    chosen: Option<usize>,
    /// Escape closed the list, until something else is typed.
    closed: bool,
}

impl FilterBox {
    /// The filter in force: the last one that was understood.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// What is wrong with the text.
    pub fn mistake(&self, cx: &Cx<'_>) -> Option<String> {
        self.mistake.as_ref().map(|error| mistake::words(cx.text, error))
    }

    /// What was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// As if it had been typed.
    pub fn set(&mut self, text: String) {
        self.typed = text;
        self.closed = true;
        self.read();
    }

    fn read(&mut self) {
        match Filter::parse(&self.typed) {
            Ok(filter) => (self.filter, self.mistake) = (filter, None),
            Err(error) => self.mistake = Some(error),
        }
    }

    /// The box and its icon, from the right; `key` is the locale key of its name.
    pub fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, key: &str, widest: f32) {
        let id = ui.scope_id().with("filter");
        let width = (ui.available_width() - FUNNEL).clamp(60.0, widest);
        let cursor = TextEdit::load_state(ui.ctx(), id).and_then(|s| s.cursor.char_range()).map_or(usize::MAX, |r| r.primary.index.into());
        let focused = ui.memory(|m| m.has_focus(id));
        let offers = if focused && !self.closed { offers(cx, &self.typed, cursor) } else { Vec::new() };
        let taken = self.keys(ui, &offers);
        let open = !offers.is_empty();
        let theme = cx.theme;
        let out = with_edge(ui, theme, self.mistake.is_some(), |ui| {
            TextEdit::singleline(&mut self.typed)
                .id(id)
                .font(Type::Data.font())
                .text_color(theme.colors.text_1)
                .hint_text(words(tr!(cx.text, "traffic-filter-hint"), Type::Data, theme.colors.text_3))
                .margin(Margin::symmetric(8, 5))
                .min_size(vec2(0.0, size::CONTROL))
                .align(Align2::LEFT_CENTER)
                .desired_width(width)
                .lock_focus(open)
                .show(ui)
        });
        let response = out.response.response.accessible_name(cx.text.get(key).as_ref());
        let changed = response.changed();
        let below = response.rect.left_bottom();
        let said = self.mistake(cx).unwrap_or_else(|| tr!(cx.text, "traffic-filter-tip"));
        if !open {
            response.on_hover_text(said);
        }
        ui.label(icon(icons::FUNNEL, 13.0, theme.colors.text_2));
        if changed {
            (self.closed, self.chosen) = (false, None);
            self.read();
        }
        let clicked = if open { self.list_ui(ui, cx, id, pos2(below.x, below.y + 2.0), &offers) } else { None };
        if let Some(offer) = taken.or(clicked).and_then(|n| offers.get(n)) {
            self.take(ui, id, offer);
        }
    }

    /// What the keys ask of the list; answers the offer that is taken.
    fn keys(&mut self, ui: &Ui, offers: &[Completion]) -> Option<usize> {
        if offers.is_empty() {
            return None;
        }
        let last = offers.len().min(OFFERS) - 1;
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        if pressed(Key::Escape) {
            self.closed = true;
        }
        if pressed(Key::ArrowDown) {
            self.chosen = Some(self.chosen.map_or(0, |n| (n + 1).min(last)));
        }
        if pressed(Key::ArrowUp) {
            self.chosen = self.chosen.and_then(|n| n.checked_sub(1));
        }
        if pressed(Key::Tab) {
            return Some(self.chosen.unwrap_or(0));
        }
        self.chosen.filter(|_| pressed(Key::Enter))
    }

    fn take(&mut self, ui: &Ui, id: Id, offer: &Completion) {
        self.typed.replace_range(offer.replaces.clone(), &offer.text);
        // After a whole term the next one may begin.
        let at = offer.replaces.start + offer.text.len();
        let ends = matches!(offer.kind, CompletionKind::Value(_) | CompletionKind::Operator | CompletionKind::Name);
        if ends && !self.typed[at..].starts_with(' ') {
            self.typed.insert(at, ' ');
        }
        let chars = self.typed[..at].chars().count() + usize::from(ends);
        if let Some(mut state) = TextEdit::load_state(ui.ctx(), id) {
            state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(chars))));
            state.store(ui.ctx(), id);
        }
        self.chosen = None;
        ui.memory_mut(|m| m.request_focus(id));
        self.read();
    }

    fn list_ui(&self, ui: &Ui, cx: &Cx<'_>, id: Id, at: eframe::egui::Pos2, offers: &[Completion]) -> Option<usize> {
        let c = &cx.theme.colors;
        let mut clicked = None;
        Area::new(id.with("offers")).order(Order::Foreground).fixed_pos(at).constrain(true).show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).inner_margin(Margin::same(4)).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.set_width(280.0);
                for (n, offer) in offers.iter().take(OFFERS).enumerate() {
                    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW_LOG), Sense::click());
                    let on = self.chosen == Some(n);
                    if on || response.hovered() {
                        ui.painter().rect_filled(rect, 4.0, if on { c.selected } else { c.hover });
                    }
                    let about = mistake::offer(cx.text, offer.kind);
                    let at = rect.left_center() + vec2(space::S, 0.0);
                    ui.painter().text(at, Align2::LEFT_CENTER, &offer.text, Type::Data.font(), c.text_1);
                    let right = rect.right_center() - vec2(space::S, 0.0);
                    ui.painter().text(right, Align2::RIGHT_CENTER, &about, Type::Caption.font(), c.text_3);
                    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, on, &offer.text));
                    if response.clicked() {
                        clicked = Some(n);
                    }
                }
            });
        });
        clicked
    }
}

/// What may stand at the cursor, with what this lab has.
fn offers(cx: &Cx<'_>, typed: &str, cursor: usize) -> Vec<Completion> {
    let endpoints: Vec<&str> = cx.lab.names().map(|(_, name)| name).collect();
    let conns = || cx.snap.sessions.iter().flat_map(|s| s.connections.iter()).take(CONNECTIONS);
    let mut addresses: Vec<&str> = conns().flat_map(|c| [&*c.info.local, &*c.info.peer]).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let mut connections: Vec<u32> = conns().map(|c| c.info.number).collect();
    connections.sort_unstable();
    connections.dedup();
    let at = typed.char_indices().nth(cursor).map_or(typed.len(), |(at, _)| at);
    complete(typed, at, &Names { endpoints: &endpoints, addresses: &addresses, connections: &connections })
}
