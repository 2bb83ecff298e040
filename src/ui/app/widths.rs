//! Widths of the outermost row of tiles while the window changes its own. It knows no panel.

use egui_tiles::{Container, LinearDir, Tile, TileId, Tree};

/// Side panels are not squeezed under this by a narrow window.
const SIDE_MIN: f32 = 190.0;
/// The part of the width that the middle keeps; side panels shrink first.
const MIDDLE_LEAST: f32 = 0.55;

/// Widths that a person gave the tiles of the outermost row, in points.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    widths: Vec<(TileId, f32)>,
    /// A person moved an edge or a tile: what stands there now is wanted.
    pub touched: bool,
}

impl Wanted {
    /// Gives the row's tiles their width: the widest (the middle) takes what the window gains or loses; the sides keep theirs
    /// until the middle would be under its part, and come back when there is room again.
    pub fn fit(&mut self, tree: &mut Tree<String>, width: f32) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::Id;
    use egui_tiles::{Linear, Tiles};

    #[test]
    fn the_middle_takes_what_a_window_loses() {
        let mut tiles = Tiles::default();
        let [a, b, c] = ["x", "y", "z"].map(|n| tiles.insert_pane(n.to_owned()));
        let mut row = Linear::new(LinearDir::Horizontal, vec![a, b, c]);
        [(a, 232.0), (b, 866.0), (c, 340.0)].into_iter().for_each(|(id, share)| row.shares.set_share(id, share));
        let root = tiles.insert_container(Container::Linear(row));
        let mut tree = Tree::new(Id::unique("test"), root, tiles);
        let mut wanted = Wanted::default();
        let mut widths = |width: f32| {
            wanted.fit(&mut tree, width);
            let Some(Tile::Container(Container::Linear(row))) = tree.tiles.get(root) else { panic!("a row") };
            [row.shares[a], row.shares[b], row.shares[c]]
        };
        assert_eq!(widths(1_302.0), [232.0, 728.0, 340.0], "the sides keep theirs");
        assert_eq!(widths(1_102.0), [201.0, 605.0, 294.0]);
        assert_eq!(widths(1_440.0), [232.0, 866.0, 340.0], "and the sides come back");
    }
}
