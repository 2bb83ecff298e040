//! Tiles as people see them: the panel inside, the head with its tabs, the edges. Where a tile stands is `layout`'s affair.

use std::collections::BTreeMap;

use eframe::egui::{
    Align, Color32, Id, Layout, Response, Role, Sense, Stroke, Style, Ui, UiBuilder, Visuals, WidgetInfo, WidgetText, vec2,
};
use egui_tiles::{Behavior, EditAction, ResizeState, SimplificationOptions, TabState, Tile, TileId, Tiles, UiResponse};

use super::about::{self, Titles};
use crate::ui::Cx;
use crate::ui::panel::{PANELS, Panel, PanelDef};
use crate::ui::theme::{Type, size, space};
use crate::ui::widget::controls::focus_ring;

/// One of each panel; made when first shown.
#[derive(Default)]
pub(super) struct Panels {
    made: BTreeMap<&'static str, Box<dyn Panel>>,
    titles: Titles,
}

impl Panels {
    /// The panel of this id.
    pub fn get(&mut self, id: &str) -> Option<&mut dyn Panel> {
        let def = panel_def(id)?;
        Some(self.made.entry(def.id).or_insert_with(def.make).as_mut())
    }
}

pub(super) fn panel_def(id: &str) -> Option<&'static PanelDef> {
    PANELS.iter().find(|p| p.id == id)
}

/// Heads and grounds of the tiles.
pub(super) struct Heads<'a, 'b> {
    panels: &'a mut Panels,
    cx: &'a mut Cx<'b>,
    /// A person changed the tree.
    pub touched: bool,
}

impl<'a, 'b> Heads<'a, 'b> {
    pub fn new(panels: &'a mut Panels, cx: &'a mut Cx<'b>) -> Self {
        Self { panels, cx, touched: false }
    }

    fn tab_width(&self, ui: &Ui, tiles: &Tiles<String>, tile: TileId) -> f32 {
        match tiles.get(tile) {
            Some(Tile::Pane(pane)) => {
                ui.painter().layout_no_wrap(self.title(pane), Type::Strong.at(12.5), Color32::WHITE).size().x + space::S
            }
            Some(Tile::Container(_)) | None => 0.0,
        }
    }

    fn title(&self, id: &str) -> String {
        panel_def(id).map_or_else(|| id.to_owned(), |def| self.cx.text.get(def.title).into_owned())
    }
}

impl Behavior<String> for Heads<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut String) -> UiResponse {
        let rect = ui.max_rect();
        let c = &self.cx.theme.colors;
        ui.painter().rect_filled(rect, 0.0, c.panel);
        // The line under the head belongs to the head; panels begin below it.
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, c.line));
        let rect = rect.with_min_y(rect.top() + 1.0);
        let mut ui = ui.new_child(UiBuilder::new().max_rect(rect));
        ui.set_clip_rect(ui.clip_rect().intersect(rect));
        if let Some(panel) = self.panels.get(pane) {
            panel.ui(&mut ui, self.cx);
        }
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &String) -> WidgetText {
        self.title(pane).into()
    }

    fn tab_ui(&mut self, tiles: &mut Tiles<String>, ui: &mut Ui, id: Id, tile: TileId, state: &TabState) -> Response {
        let c = &self.cx.theme.colors;
        let title = match tiles.get(tile) {
            Some(Tile::Pane(pane)) => self.title(pane),
            Some(Tile::Container(_)) | None => String::new(),
        };
        let (style, ink) = if state.active { (Type::Strong, c.text_1) } else { (Type::Body, c.text_3) };
        let galley = ui.painter().layout_no_wrap(title.clone(), style.at(12.5), ink);
        // The first tab starts at the panel's padding, the next ones 8 after it.
        let (_, rect) = ui.allocate_space(vec2(galley.size().x + space::S, ui.available_height()));
        let response = ui.interact(rect, id, Sense::click_and_drag()).on_hover_cursor(self.tab_hover_cursor_icon());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, state.active, &title));
        if !state.is_being_dragged {
            let ink = if response.hovered() && !state.active { c.text_1 } else { ink };
            let at = rect.left_center() - vec2(0.0, galley.size().y / 2.0);
            ui.painter().galley_with_override_text_color(at, galley, ink);
        }
        focus_ring(ui, self.cx.theme, &response);
        response.on_hover_text(crate::tr!(self.cx.text, "shell-tab-tip", title = title))
    }

    fn tab_bar_left_ui(&mut self, _tiles: &Tiles<String>, ui: &mut Ui, _tile: TileId, _tabs: &egui_tiles::Tabs) {
        ui.add_space(space::M);
    }

    fn top_bar_right_ui(&mut self, tiles: &Tiles<String>, ui: &mut Ui, _tile: TileId, tabs: &egui_tiles::Tabs, _scroll: &mut f32) {
        ui.add_space(space::S);
        // The titles come first; what a head shows beside them is cut, never painted over them.
        let titles: f32 =
            tabs.children.iter().map(|tile| self.tab_width(ui, tiles, *tile)).sum::<f32>() + space::M + ui.spacing().item_spacing.x;
        // What explains the panel is always there.
        if let Some(Tile::Pane(pane)) = tabs.active.and_then(|tile| tiles.get(tile))
            && let Some(def) = panel_def(pane)
        {
            about::ui(ui, self.cx, def, &mut self.panels.titles);
        }
        let bar = ui.available_rect_before_wrap();
        let rest = bar.with_min_x((bar.left() + titles).min(bar.right()));
        if let Some(Tile::Pane(pane)) = tabs.active.and_then(|tile| tiles.get(tile))
            && let Some(panel) = self.panels.get(pane)
        {
            let layout = Layout::right_to_left(Align::Center);
            let mut head = ui.new_child(UiBuilder::new().max_rect(rest).layout(layout));
            head.shrink_clip_rect(rest);
            panel.head_ui(&mut head, self.cx);
            // What did not fit is cut and takes no room from the titles.
            ui.advance_cursor_after_rect(head.min_rect().intersect(rest));
        }
    }

    fn on_edit(&mut self, _edit: EditAction) {
        self.touched = true;
    }

    fn retain_pane(&mut self, pane: &String) -> bool {
        panel_def(pane).is_some()
    }

    fn tab_bar_height(&self, _style: &Style) -> f32 {
        size::PANEL_HEAD
    }

    fn gap_width(&self, _style: &Style) -> f32 {
        1.0
    }

    fn min_size(&self) -> f32 {
        size::PANEL_HEAD * 3.0
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }

    fn resize_stroke(&self, _style: &Style, state: ResizeState) -> Stroke {
        let c = &self.cx.theme.colors;
        match state {
            ResizeState::Idle => Stroke::new(1.0, c.line),
            ResizeState::Hovering => Stroke::new(1.0, c.line_strong),
            ResizeState::Dragging => Stroke::new(2.0, c.accent),
        }
    }

    fn tab_bar_color(&self, _visuals: &Visuals) -> Color32 {
        self.cx.theme.colors.panel
    }

    fn tab_bar_hline_stroke(&self, _visuals: &Visuals) -> Stroke {
        Stroke::new(1.0, self.cx.theme.colors.line)
    }

    fn dragged_overlay_color(&self, _visuals: &Visuals) -> Color32 {
        self.cx.theme.colors.bg.gamma_multiply(0.5)
    }

    fn drag_preview_stroke(&self, _visuals: &Visuals) -> Stroke {
        Stroke::new(2.0, self.cx.theme.colors.accent)
    }

    fn drag_preview_color(&self, _visuals: &Visuals) -> Color32 {
        self.cx.theme.colors.selected.gamma_multiply(0.5)
    }
}
