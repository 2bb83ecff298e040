//! Work spaces: saved tile layouts of the panels that exist. What a panel shows is its own affair.

use std::collections::BTreeMap;

use eframe::egui::{
    Align, Color32, Id, Layout, Response, Role, Sense, Stroke, Style, Ui, UiBuilder, Visuals, WidgetInfo, WidgetText, vec2,
};
use egui_tiles::{
    Behavior, Container, EditAction, Linear, LinearDir, ResizeState, SimplificationOptions, TabState, Tile, TileId, Tiles, Tree, UiResponse,
};
use serde::{Deserialize, Serialize};

use crate::ui::panel::{PANELS, Panel, PanelDef};
use crate::ui::theme::{Type, size, space};
use crate::ui::widget::controls::focus_ring;
use crate::ui::{Cx, UiCommand};

/// Grows when the default layouts change, so that an old saved one is not kept.
const VERSION: u32 = 1;
/// Side panels are not squeezed under this by a narrow window.
const SIDE_MIN: f32 = 190.0;
/// The part of the width that the middle keeps; side panels shrink first.
const MIDDLE_LEAST: f32 = 0.5;

/// A work space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Workspace {
    #[default]
    Explore,
    Traffic,
}

impl Workspace {
    pub const ALL: [Self; 2] = [Self::Explore, Self::Traffic];

    /// The command that shows it; its words are the tab's.
    pub fn command(self) -> UiCommand {
        match self {
            Self::Explore => UiCommand::WorkspaceExplore,
            Self::Traffic => UiCommand::WorkspaceTraffic,
        }
    }

    /// Locale key of its tab.
    pub fn key(self) -> &'static str {
        match self {
            Self::Explore => "shell-workspace-explore",
            Self::Traffic => "shell-workspace-traffic",
        }
    }
}

/// The layouts as they are saved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Layouts {
    version: u32,
    pub shown: Workspace,
    explore: Tree<String>,
    traffic: Tree<String>,
    #[serde(skip)]
    wanted: Wanted,
}

impl Default for Layouts {
    fn default() -> Self {
        let [explore, traffic] = Workspace::ALL.map(default_tree);
        Self { version: VERSION, shown: Workspace::default(), explore, traffic, wanted: Wanted::default() }
    }
}

impl Layouts {
    /// Key in the window's storage.
    pub const KEY: &'static str = "socketlab-layouts";

    /// A saved one, unless it is from another version or lost all its panels.
    pub fn restored(saved: Option<Self>) -> Self {
        saved.filter(|l| l.version == VERSION && !l.explore.is_empty() && !l.traffic.is_empty()).unwrap_or_default()
    }

    /// The shown work space as it was at first.
    pub fn reset(&mut self) {
        *self.tree() = default_tree(self.shown);
        self.wanted = Wanted::default();
    }

    fn tree(&mut self) -> &mut Tree<String> {
        match self.shown {
            Workspace::Explore => &mut self.explore,
            Workspace::Traffic => &mut self.traffic,
        }
    }

    /// Draws the shown work space.
    pub fn ui(&mut self, ui: &mut Ui, panels: &mut Panels, cx: &mut Cx<'_>) {
        let mut wanted = std::mem::take(&mut self.wanted);
        let tree = self.tree();
        wanted.fit(tree, ui.available_width());
        let mut heads = Heads { panels, cx, touched: false };
        tree.ui(&mut heads, ui);
        wanted.touched = heads.touched;
        self.wanted = wanted;
    }
}

/// One of each panel; made when first shown.
#[derive(Default)]
pub(super) struct Panels(BTreeMap<&'static str, Box<dyn Panel>>);

impl Panels {
    fn get(&mut self, id: &str) -> Option<&mut dyn Panel> {
        let def = panel_def(id)?;
        Some(self.0.entry(def.id).or_insert_with(def.make).as_mut())
    }
}

fn panel_def(id: &str) -> Option<&'static PanelDef> {
    PANELS.iter().find(|p| p.id == id)
}

/// The layout of the mock-up, of the panels that exist.
fn default_tree(workspace: Workspace) -> Tree<String> {
    let mut tiles = Tiles::default();
    let mut tabs = |ids: &[&str]| {
        let panes: Vec<TileId> = ids.iter().filter(|id| panel_def(id).is_some()).map(|id| tiles.insert_pane((*id).to_owned())).collect();
        (!panes.is_empty()).then(|| tiles.insert_tab_tile(panes))
    };
    let (lab, inspector) = (tabs(&["lab"]), tabs(&["inspector"]));
    let (name, middle) = match workspace {
        Workspace::Explore => {
            let (stage, plots, log) = (tabs(&["stage"]), tabs(&["plots"]), tabs(&["traffic", "connections"]));
            let below = linear(&mut tiles, LinearDir::Horizontal, &[(plots, 306.0), (log, 560.0)]);
            ("explore", linear(&mut tiles, LinearDir::Vertical, &[(stage, 486.0), (below, 340.0)]))
        }
        Workspace::Traffic => {
            let (log, plots) = (tabs(&["traffic", "connections"]), tabs(&["plots"]));
            ("traffic", linear(&mut tiles, LinearDir::Vertical, &[(log, 560.0), (plots, 266.0)]))
        }
    };
    let sides = [(lab, size::LAB_WIDTH), (middle, 868.0), (inspector, size::INSPECTOR_WIDTH)];
    match linear(&mut tiles, LinearDir::Horizontal, &sides) {
        Some(root) => Tree::new(Id::unique(("work space", name)), root, tiles),
        None => Tree::empty(Id::unique(("work space", name))),
    }
}

/// The present children side by side, with their sizes as shares.
fn linear(tiles: &mut Tiles<String>, dir: LinearDir, children: &[(Option<TileId>, f32)]) -> Option<TileId> {
    let present: Vec<(TileId, f32)> = children.iter().filter_map(|(id, share)| id.map(|id| (id, *share))).collect();
    match present.as_slice() {
        [] => None,
        [(only, _)] => Some(*only),
        many => {
            let mut linear = Linear::new(dir, many.iter().map(|(id, _)| *id).collect());
            many.iter().for_each(|(id, share)| linear.shares.set_share(*id, *share));
            Some(tiles.insert_container(Container::Linear(linear)))
        }
    }
}

/// Widths that a person gave the tiles of the outermost row, in points.
#[derive(Clone, Debug, Default)]
struct Wanted {
    widths: Vec<(TileId, f32)>,
    /// A person moved an edge or a tile: what stands there now is wanted.
    touched: bool,
}

impl Wanted {
    /// Gives the row's tiles their width: the widest (the middle) takes what the window gains or loses; the sides keep theirs
    /// until the middle would be under half, and come back when there is room again.
    fn fit(&mut self, tree: &mut Tree<String>, width: f32) {
        let Some(root) = tree.root() else { return };
        let Some(Tile::Container(Container::Linear(row))) = tree.tiles.get_mut(root) else { return };
        if row.dir != LinearDir::Horizontal || row.children.len() < 2 {
            return;
        }
        let room = width - (row.children.len() - 1) as f32;
        let same = self.widths.len() == row.children.len() && self.widths.iter().zip(&row.children).all(|((id, _), child)| id == child);
        if self.touched || !same {
            // A tile that was dragged in comes with a share of 1 among points; the sum brings all to points.
            let share = |id: TileId| row.shares[id].max(SIDE_MIN);
            let sum: f32 = row.children.iter().map(|id| share(*id)).sum();
            let scale = if self.touched { room / sum } else { 1.0 };
            self.widths = row.children.iter().map(|id| (*id, share(*id) * scale)).collect();
            self.touched = false;
        }
        let Some(&(widest, most)) = self.widths.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else { return };
        let sides: f32 = self.widths.iter().map(|(_, w)| w).sum::<f32>() - most;
        let squeeze = ((room * (1.0 - MIDDLE_LEAST)) / sides).min(1.0);
        let mut left = room;
        for (id, wanted) in self.widths.iter().filter(|(id, _)| *id != widest) {
            let width = (wanted * squeeze).max(SIDE_MIN.min(*wanted)).round();
            row.shares.set_share(*id, width);
            left -= width;
        }
        row.shares.set_share(widest, left.max(SIDE_MIN));
    }
}

/// Heads and grounds of the tiles.
struct Heads<'a, 'b> {
    panels: &'a mut Panels,
    cx: &'a mut Cx<'b>,
    /// A person changed the tree.
    touched: bool,
}

impl Heads<'_, '_> {
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
        let titles: f32 = tabs.children.iter().map(|tile| self.tab_width(ui, tiles, *tile)).sum::<f32>() + space::M;
        let bar = ui.available_rect_before_wrap();
        let rest = bar.with_min_x((bar.left() + titles).min(bar.right()));
        if let Some(Tile::Pane(pane)) = tabs.active.and_then(|tile| tiles.get(tile))
            && let Some(panel) = self.panels.get(pane)
        {
            let layout = Layout::right_to_left(Align::Center);
            ui.scope_builder(UiBuilder::new().max_rect(rest).layout(layout), |ui| {
                ui.shrink_clip_rect(rest);
                panel.head_ui(ui, self.cx);
            });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_hold_only_panels_that_exist_and_survive_saving() {
        let layouts = Layouts::default();
        for tree in [&layouts.explore, &layouts.traffic] {
            for tile in tree.tiles.tiles() {
                if let Tile::Pane(id) = tile {
                    assert!(panel_def(id).is_some(), "{id}");
                }
            }
        }
        let text = serde_json::to_string(&layouts).unwrap();
        let back: Layouts = serde_json::from_str(&text).unwrap();
        assert_eq!(Layouts::restored(Some(back.clone())).explore, layouts.explore);
        let old = Layouts { version: VERSION + 1, ..back };
        assert_eq!(Layouts::restored(Some(old)).traffic, layouts.traffic);
    }

    #[test]
    fn the_middle_takes_what_a_window_loses() {
        let mut tiles = Tiles::default();
        let [a, b, c] = ["x", "y", "z"].map(|n| tiles.insert_pane(n.to_owned()));
        let root = linear(&mut tiles, LinearDir::Horizontal, &[(Some(a), 232.0), (Some(b), 866.0), (Some(c), 340.0)]).unwrap();
        let mut tree = Tree::new(Id::unique("test"), root, tiles);
        let mut wanted = Wanted::default();
        let mut widths = |width: f32| {
            wanted.fit(&mut tree, width);
            let Some(Tile::Container(Container::Linear(row))) = tree.tiles.get(root) else { panic!("a row") };
            [row.shares[a], row.shares[b], row.shares[c]]
        };
        assert_eq!(widths(1_202.0), [232.0, 628.0, 340.0]);
        assert_eq!(widths(962.0), [195.0, 480.0, 285.0]);
        assert_eq!(widths(1_440.0), [232.0, 866.0, 340.0], "and the sides come back");
    }
}
