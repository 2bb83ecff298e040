//! Work spaces: saved tile layouts of the panels that exist, one for a wide window and one for a narrow one. What a panel
//! shows is its own affair.

use std::collections::{BTreeSet, HashSet};

use eframe::egui::{Id, Ui};
use egui_tiles::{Container, Linear, LinearDir, Tile, TileId, Tiles, Tree};
use serde::{Deserialize, Serialize};

use crate::lab::Side;
use crate::ui::theme::size;
use crate::ui::{Cx, UiCommand};

use super::tiles::{Heads, Panels, panel_def};
use super::widths::Wanted;

/// Grows when the default layouts change, so that an old saved one is not kept.
const VERSION: u32 = 4;
/// A window narrower than this shows the narrow layouts: two side panels would leave no room for the stage.
const NARROW: f32 = 1_100.0;
/// The side panel of a narrow window: the inspector still fits.
const NARROW_SIDE: f32 = 320.0;

/// A work space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Workspace {
    #[default]
    Explore,
    IoModels,
    Backlog,
    Traffic,
}

impl Workspace {
    pub const ALL: [Self; 4] = [Self::Explore, Self::IoModels, Self::Backlog, Self::Traffic];

    /// The command that shows it; its words are the tab's.
    pub fn command(self) -> UiCommand {
        match self {
            Self::Explore => UiCommand::WorkspaceExplore,
            Self::IoModels => UiCommand::WorkspaceIoModels,
            Self::Backlog => UiCommand::WorkspaceBacklog,
            Self::Traffic => UiCommand::WorkspaceTraffic,
        }
    }

    /// Locale key of its tab.
    pub fn key(self) -> &'static str {
        match self {
            Self::Explore => "shell-workspace-explore",
            Self::IoModels => "shell-workspace-io-models",
            Self::Backlog => "shell-workspace-backlog",
            Self::Traffic => "shell-workspace-traffic",
        }
    }
}

/// A place in a work space: a panel, and whose settings it is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot<'a> {
    pub pane: &'a str,
    pub side: Option<Side>,
}

impl Spot<'_> {
    /// Two at once: the same panel about the same side.
    fn goes_with(self, other: Self) -> bool {
        self.pane == other.pane && (self.side == other.side || self.side.is_none() || other.side.is_none())
    }
}

/// Where a panel is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stand {
    Shown(eframe::egui::Rect),
    /// Its tab is there, another one is in front.
    Behind,
    /// In another work space.
    Elsewhere(Workspace),
    Nowhere,
}

/// How much room a window has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Room {
    #[default]
    Wide,
    Narrow,
}

impl Room {
    const ALL: [Self; 2] = [Self::Wide, Self::Narrow];

    fn of(width: f32) -> Self {
        if width < NARROW { Self::Narrow } else { Self::Wide }
    }
}

/// The layouts as they are saved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Layouts {
    version: u32,
    pub shown: Workspace,
    explore: Trees,
    io_models: Trees,
    /// Files of the time before this work space do not have it.
    #[serde(default = "backlog_trees")]
    backlog: Trees,
    traffic: Trees,
    /// The room of the last frame.
    #[serde(skip)]
    room: Room,
    #[serde(skip)]
    wanted: Wanted,
}

/// The two layouts of one work space.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Trees {
    wide: Tree<String>,
    narrow: Tree<String>,
}

impl Trees {
    fn of(workspace: Workspace) -> Self {
        let [wide, narrow] = Room::ALL.map(|room| default_tree(workspace, room));
        Self { wide, narrow }
    }

    fn get(&mut self, room: Room) -> &mut Tree<String> {
        match room {
            Room::Wide => &mut self.wide,
            Room::Narrow => &mut self.narrow,
        }
    }
}

fn backlog_trees() -> Trees {
    Trees::of(Workspace::Backlog)
}

impl Default for Layouts {
    fn default() -> Self {
        let [explore, io_models, backlog, traffic] = Workspace::ALL.map(Trees::of);
        let (shown, room, wanted) = (Workspace::default(), Room::default(), Wanted::default());
        Self { version: VERSION, shown, explore, io_models, backlog, traffic, room, wanted }
    }
}

impl Layouts {
    /// Key in the window's storage.
    pub const KEY: &'static str = "socketlab-layouts";

    /// A saved one, unless it is from another version. A layout without a panel that its default has (saved before that
    /// panel existed) is the default again: nothing in the window could bring the panel back.
    pub fn restored(saved: Option<Self>) -> Self {
        let mut layouts = saved.filter(|l| l.version == VERSION).unwrap_or_default();
        for workspace in Workspace::ALL {
            for room in Room::ALL {
                let (tree, default) = (layouts.trees(workspace).get(room), default_tree(workspace, room));
                if !panes(&default).is_subset(&panes(tree)) {
                    *tree = default;
                }
            }
        }
        layouts
    }

    /// Shows what goes together of these, what comes first before what follows: in the work space at hand if others are no better. Each may stand
    /// in one of several places. Returns, for each, the place where it is now to be seen.
    pub fn reveal<'a>(&mut self, wanted: &[Vec<Spot<'a>>]) -> Vec<Option<Spot<'a>>> {
        let room = self.room;
        let order: Vec<Workspace> = std::iter::once(self.shown).chain(Workspace::ALL).collect();
        let mut best: Option<(u64, Workspace, Vec<Option<Spot<'a>>>)> = None;
        for workspace in order {
            let tree = self.trees(workspace).get(room);
            let mut fronts: Vec<(Option<TileId>, Spot<'a>)> = Vec::new();
            let mut take = |spots: &Vec<Spot<'a>>| {
                let free = spots.iter().find_map(|spot| {
                    let tile = tree.tiles.find_pane(&spot.pane.to_owned())?;
                    let head = tree.tiles.parent_of(tile);
                    fronts.iter().all(|(taken, other)| *taken != head || other.goes_with(*spot)).then_some((head, *spot))
                })?;
                fronts.push(free);
                Some(free.1)
            };
            let places: Vec<_> = wanted.iter().map(&mut take).collect();
            // One counts for more than all that come after it.
            let count = places.iter().fold(0_u64, |sum, place| sum.saturating_mul(2) + u64::from(place.is_some()));
            if best.as_ref().is_none_or(|(most, ..)| count > *most) {
                best = Some((count, workspace, places));
            }
        }
        let Some((_, workspace, places)) = best.filter(|(count, ..)| *count > 0) else { return vec![None; wanted.len()] };
        self.shown = workspace;
        let tree = self.trees(workspace).get(room);
        for spot in places.iter().rev().flatten() {
            tree.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if pane == spot.pane));
        }
        places
    }

    /// The room of the last frame.
    pub fn room(&self) -> Room {
        self.room
    }

    /// Where a panel is now.
    pub fn stand(&mut self, id: &str) -> Stand {
        let room = self.room;
        let tree = self.trees(self.shown).get(room);
        if let Some(tile) = tree.tiles.find_pane(&id.to_owned()) {
            let shown = tree.active_tiles().contains(&tile).then(|| tree.tiles.rect(tile)).flatten();
            return shown.map_or(Stand::Behind, Stand::Shown);
        }
        let other = Workspace::ALL.into_iter().find(|w| panes(self.trees(*w).get(room)).contains(id));
        other.map_or(Stand::Nowhere, Stand::Elsewhere)
    }

    /// The shown work space as it was at first.
    pub fn reset(&mut self) {
        *self.trees(self.shown) = Trees::of(self.shown);
        self.wanted = Wanted::default();
    }

    /// Brings a panel to the front in the shown work space; where that does not have it, in the first one.
    pub fn bring(&mut self, panel: &str) {
        let room = self.room;
        let shown = self.shown;
        let mut show = |workspace| {
            let tree = self.trees(workspace).get(room);
            tree.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if pane == panel))
        };
        if !show(shown) && show(Workspace::Explore) {
            self.shown = Workspace::Explore;
        }
    }

    fn trees(&mut self, workspace: Workspace) -> &mut Trees {
        match workspace {
            Workspace::Explore => &mut self.explore,
            Workspace::IoModels => &mut self.io_models,
            Workspace::Backlog => &mut self.backlog,
            Workspace::Traffic => &mut self.traffic,
        }
    }

    /// Draws the shown work space.
    pub fn ui(&mut self, ui: &mut Ui, panels: &mut Panels, cx: &mut Cx<'_>) {
        let mut wanted = std::mem::take(&mut self.wanted);
        let width = ui.available_width();
        self.room = Room::of(width);
        let (shown, room) = (self.shown, self.room);
        let tree = self.trees(shown).get(room);
        wanted.fit(tree, width);
        let mut heads = Heads::new(panels, cx);
        tree.ui(&mut heads, ui);
        wanted.touched = heads.touched;
        self.wanted = wanted;
    }
}

/// The panels that a person can reach in a layout.
fn panes(tree: &Tree<String>) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<TileId> = tree.root().into_iter().collect();
    let mut seen = HashSet::new();
    while let Some(id) = open.pop() {
        // A damaged file could hold a circle.
        if !seen.insert(id) {
            continue;
        }
        match tree.tiles.get(id) {
            Some(Tile::Pane(pane)) => {
                found.insert(pane.as_str());
            }
            Some(Tile::Container(container)) => open.extend(container.children()),
            None => {}
        }
    }
    found
}

/// The layout of the mock-up, of the panels that exist. In a narrow window the side panels share one place, and so does what
/// stands below the stage.
fn default_tree(workspace: Workspace, room: Room) -> Tree<String> {
    let mut tiles = Tiles::default();
    let mut tabs = |ids: &[&str]| {
        let panes: Vec<TileId> = ids.iter().filter(|id| panel_def(id).is_some()).map(|id| tiles.insert_pane((*id).to_owned())).collect();
        (!panes.is_empty()).then(|| tiles.insert_tab_tile(panes))
    };
    let sides = match (workspace, room) {
        (Workspace::Explore | Workspace::Traffic, Room::Wide) => [tabs(&["lab"]), tabs(&["inspector"])],
        (Workspace::Explore | Workspace::Traffic, Room::Narrow) => [tabs(&["lab", "inspector"]), None],
        (Workspace::IoModels, Room::Wide | Room::Narrow) => [None, tabs(&["stepper", "inspector", "lab"])],
        (Workspace::Backlog, Room::Wide | Room::Narrow) => [None, tabs(&["door", "inspector", "lab"])],
    };
    let middle = match (workspace, room) {
        (Workspace::Explore, Room::Wide) => {
            let (stage, plots, log) =
                (tabs(&["stage", "code"]), tabs(&["plots"]), tabs(&["traffic", "framing", "connections", "composer"]));
            let below = linear(&mut tiles, LinearDir::Horizontal, &[(plots, 306.0), (log, 560.0)]);
            linear(&mut tiles, LinearDir::Vertical, &[(stage, 486.0), (below, 340.0)])
        }
        (Workspace::Explore, Room::Narrow) => {
            let (stage, below) = (tabs(&["stage", "code"]), tabs(&["traffic", "framing", "connections", "composer", "plots"]));
            linear(&mut tiles, LinearDir::Vertical, &[(stage, 300.0), (below, 226.0)])
        }
        (Workspace::IoModels, Room::Wide) => {
            // What moves stands above; what it means, below.
            let (switch, lanes) = (tabs(&["models"]), tabs(&["timeline", "calls", "code", "stage"]));
            let (phases, counters) = (tabs(&["phases"]), tabs(&["counters", "plots"]));
            let below = linear(&mut tiles, LinearDir::Horizontal, &[(phases, 658.0), (counters, 372.0)]);
            linear(&mut tiles, LinearDir::Vertical, &[(switch, 130.0), (lanes, 358.0), (below, 336.0)])
        }
        (Workspace::IoModels, Room::Narrow) => {
            let (switch, lanes) = (tabs(&["models"]), tabs(&["timeline", "calls", "code", "stage"]));
            let below = tabs(&["phases", "counters", "plots"]);
            linear(&mut tiles, LinearDir::Vertical, &[(switch, 148.0), (lanes, 172.0), (below, 206.0)])
        }
        (Workspace::Backlog, room) => {
            let (theatre, below) = (tabs(&["backlog"]), tabs(&["arrivals"]));
            let shares = if room == Room::Wide { [446.0, 379.0] } else { [324.0, 202.0] };
            linear(&mut tiles, LinearDir::Vertical, &[(theatre, shares[0]), (below, shares[1])])
        }
        (Workspace::Traffic, Room::Wide | Room::Narrow) => {
            let (log, framing) = (tabs(&["traffic", "ladder", "connections"]), tabs(&["framing", "composer", "plots"]));
            linear(&mut tiles, LinearDir::Vertical, &[(log, 470.0), (framing, 356.0)])
        }
    };
    let widths = match (workspace, room) {
        (Workspace::IoModels, Room::Wide) => [0.0, 1_031.0, size::STEPPER_WIDTH],
        (Workspace::Backlog, Room::Wide) => [0.0, 1_067.0, size::CONTROLS_WIDTH],
        (Workspace::IoModels | Workspace::Backlog, Room::Narrow) => [0.0, 640.0, NARROW_SIDE],
        (Workspace::Explore | Workspace::Traffic, Room::Wide) => [size::LAB_WIDTH, 868.0, size::INSPECTOR_WIDTH],
        (Workspace::Explore | Workspace::Traffic, Room::Narrow) => [NARROW_SIDE, 640.0, 0.0],
    };
    let id = Id::unique((
        "work space",
        match (workspace, room) {
            (Workspace::Explore, Room::Wide) => "explore",
            (Workspace::Explore, Room::Narrow) => "explore narrow",
            (Workspace::IoModels, Room::Wide) => "io models",
            (Workspace::IoModels, Room::Narrow) => "io models narrow",
            (Workspace::Backlog, Room::Wide) => "backlog",
            (Workspace::Backlog, Room::Narrow) => "backlog narrow",
            (Workspace::Traffic, Room::Wide) => "traffic",
            (Workspace::Traffic, Room::Narrow) => "traffic narrow",
        },
    ));
    let row = [(sides[0], widths[0]), (middle, widths[1]), (sides[1], widths[2])];
    match linear(&mut tiles, LinearDir::Horizontal, &row) {
        Some(root) => Tree::new(id, root, tiles),
        None => Tree::empty(id),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panel::PANELS;

    fn every_tree(layouts: &Layouts) -> [&Tree<String>; 8] {
        let Layouts { explore, io_models, backlog, traffic, .. } = layouts;
        let [a, b, c, d] = [explore, io_models, backlog, traffic].map(|t| [&t.wide, &t.narrow]);
        [a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]]
    }

    #[test]
    fn layouts_hold_only_panels_that_exist_and_survive_saving() {
        let layouts = Layouts::default();
        for tree in every_tree(&layouts) {
            for pane in panes(tree) {
                assert!(panel_def(pane).is_some(), "{pane}");
            }
        }
        let text = serde_json::to_string(&layouts).unwrap();
        let back: Layouts = serde_json::from_str(&text).unwrap();
        assert_eq!(every_tree(&Layouts::restored(Some(back.clone()))), every_tree(&layouts));
        let old = Layouts { version: VERSION + 1, ..back };
        assert_eq!(every_tree(&Layouts::restored(Some(old))), every_tree(&layouts));
    }

    #[test]
    fn a_layout_that_lacks_a_panel_gets_it_back_and_the_others_stay() {
        let mut saved = Layouts::default();
        let narrow = &mut saved.traffic.narrow;
        let Some(Tile::Container(Container::Linear(row))) = narrow.root().and_then(|id| narrow.tiles.get_mut(id)) else { panic!("a row") };
        let first = row.children[0];
        row.shares.set_share(first, 217.0);
        let moved = saved.traffic.narrow.clone();
        let tiles = &mut saved.explore.wide.tiles;
        let plots = tiles.find_pane(&"plots".to_owned()).unwrap();
        tiles.remove(plots);
        assert!(!panes(&saved.explore.wide).contains("plots"));

        let restored = Layouts::restored(Some(saved));
        assert_eq!(restored.explore.wide, default_tree(Workspace::Explore, Room::Wide));
        assert_eq!(restored.traffic.narrow, moved, "what a person arranged is kept");
    }

    #[test]
    fn a_layout_from_before_the_backlog_work_space_keeps_what_was_arranged() {
        let mut saved = Layouts { shown: Workspace::Traffic, ..Layouts::default() };
        saved.traffic.wide = saved.traffic.narrow.clone();
        let mut old: serde_json::Value = serde_json::to_value(&saved).unwrap();
        assert!(old.as_object_mut().unwrap().remove("backlog").is_some());
        let restored = Layouts::restored(Some(serde_json::from_value(old).unwrap()));
        assert_eq!((restored.shown, &restored.traffic.wide), (Workspace::Traffic, &saved.traffic.narrow));
        assert_eq!(restored.backlog.wide, default_tree(Workspace::Backlog, Room::Wide));
    }

    #[test]
    fn every_room_shows_every_panel() {
        let layouts = Layouts::default();
        let all = every_tree(&layouts);
        for room in 0..2 {
            let trees = all.iter().skip(room).step_by(2).copied();
            let shown: BTreeSet<&str> = trees.flat_map(panes).collect();
            assert_eq!(shown.len(), PANELS.len());
        }
        assert!((Room::of(960.0), Room::of(1_100.0)) == (Room::Narrow, Room::Wide));
    }
}
