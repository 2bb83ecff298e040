//! Work spaces: saved tile layouts of the panels that exist. What a panel shows is its own affair.

use std::collections::BTreeMap;

use eframe::egui::{Color32, Id, Response, Role, Sense, Stroke, Style, Ui, Visuals, WidgetInfo, WidgetText, vec2};
use egui_tiles::{
    Behavior, Container, Linear, LinearDir, ResizeState, SimplificationOptions, TabState, Tile, TileId, Tiles, Tree, UiResponse,
};
use serde::{Deserialize, Serialize};

use crate::ui::panel::{PANELS, Panel, PanelDef};
use crate::ui::theme::{Type, size, space};
use crate::ui::widget::controls::focus_ring;
use crate::ui::{Cx, UiCommand};

/// Grows when the default layouts change, so that an old saved one is not kept.
const VERSION: u32 = 1;
/// Side panels are not squeezed under this by a narrow window.
const SIDE_MIN: f32 = 200.0;

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
}

impl Default for Layouts {
    fn default() -> Self {
        let [explore, traffic] = Workspace::ALL.map(default_tree);
        Self { version: VERSION, shown: Workspace::default(), explore, traffic }
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
    }

    fn tree(&mut self) -> &mut Tree<String> {
        match self.shown {
            Workspace::Explore => &mut self.explore,
            Workspace::Traffic => &mut self.traffic,
        }
    }

    /// Draws the shown work space.
    pub fn ui(&mut self, ui: &mut Ui, panels: &mut Panels, cx: &mut Cx<'_>) {
        let tree = self.tree();
        keep_side_widths(tree, ui.available_width());
        tree.ui(&mut Heads { panels, cx }, ui);
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

/// Shares of the outermost row are points: the widest tile (the middle) takes what a window gains or loses, the sides keep
/// theirs as long as they can.
fn keep_side_widths(tree: &mut Tree<String>, width: f32) {
    let Some(root) = tree.root() else { return };
    let Some(Tile::Container(Container::Linear(row))) = tree.tiles.get_mut(root) else { return };
    if row.dir != LinearDir::Horizontal || row.children.len() < 2 {
        return;
    }
    let room = width - (row.children.len() - 1) as f32;
    let sum: f32 = row.children.iter().map(|id| row.shares[*id]).sum();
    let widest = row.children.iter().copied().max_by(|a, b| row.shares[*a].total_cmp(&row.shares[*b]));
    let Some(widest) = widest.filter(|_| sum > 0.0 && (room - sum).abs() > 0.5) else { return };
    // A tile dragged in comes with a share of 1: bring all to points first.
    if row.children.iter().any(|id| row.shares[*id] < SIDE_MIN / 2.0) {
        row.children.clone().iter().for_each(|id| row.shares[*id] *= room / sum);
        return;
    }
    let sides = sum - row.shares[widest];
    row.shares[widest] = (room - sides).max(SIDE_MIN * 1.5);
}

/// Heads and grounds of the tiles.
struct Heads<'a, 'b> {
    panels: &'a mut Panels,
    cx: &'a mut Cx<'b>,
}

impl Heads<'_, '_> {
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
        let mut ui = ui.new_child(eframe::egui::UiBuilder::new().max_rect(rect));
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
        if let Some(Tile::Pane(pane)) = tabs.active.and_then(|tile| tiles.get(tile))
            && let Some(panel) = self.panels.get(pane)
        {
            panel.head_ui(ui, self.cx);
        }
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
        keep_side_widths(&mut tree, 1_200.0);
        let Some(Tile::Container(Container::Linear(row))) = tree.tiles.get(root) else { panic!("a row") };
        assert_eq!([row.shares[a], row.shares[b], row.shares[c]], [232.0, 626.0, 340.0]);
    }
}
