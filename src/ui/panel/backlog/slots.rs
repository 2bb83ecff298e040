//! The places of an accept queue inside a rectangle: large while they are few, then two rows, then the front one by one and
//! the rest as a grid or a bar. Pure. The front, next to `accept`, stands at the right.

use eframe::egui::{Rect, pos2, vec2};

/// Between two places.
const GAP: f32 = 8.5;
/// Places in one row, and one by one at all (two rows).
const ROW: usize = 6;
const ALONE: usize = 16;
/// The widest and highest a place gets.
const WIDEST: f32 = 132.0;
const HIGHEST: f32 = 168.0;
/// The front of a long queue: height, least width.
const FRONT: f32 = 58.0;
const FRONT_WIDTH: f32 = 50.0;
/// The least side of a cell that is still seen as a place, and the largest.
const CELL: f32 = 6.0;
const CELL_MOST: f32 = 16.0;

/// Where places stand.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// One by one, the front first.
    pub alone: Vec<Rect>,
    /// Each with its number and how long it waits, beside each other or below.
    pub large: bool,
    /// The rest, where there are more.
    pub rest: Option<Rest>,
}

/// Places behind the front that are too many to stand alone.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    pub rect: Rect,
    pub places: usize,
    /// Side of a cell and cells in a column; `None` is a bar.
    pub grid: Option<(f32, usize)>,
}

impl Rest {
    /// Where the last place ends.
    pub fn limit(&self) -> f32 {
        self.places.checked_sub(1).and_then(|last| self.cell(last)).map_or(self.rect.left(), |cell| cell.left())
    }

    /// The cell of the n-th place behind the front: columns from the right, each from the top.
    pub fn cell(&self, n: usize) -> Option<Rect> {
        let (side, rows) = self.grid.filter(|_| n < self.places)?;
        let (column, row) = ((n / rows) as f32, (n % rows) as f32);
        let min = pos2(self.rect.right() - (column + 1.0) * side, self.rect.top() + row * side);
        Some(Rect::from_min_size(min, vec2(side, side)).shrink(side * 0.1))
    }
}

/// Gives `places` places their rectangles.
pub fn slots(places: usize, area: Rect) -> Slots {
    if places <= ALONE {
        let one_row = places <= ROW;
        let columns = if one_row { places.max(1) } else { places.div_ceil(2) };
        let rows = if one_row { 1 } else { 2 };
        let gap = if area.width() / columns as f32 > 60.0 { GAP } else { 5.0 };
        let width = ((area.width() - gap * (columns - 1) as f32) / columns as f32).min(WIDEST);
        let height = ((area.height() - gap * (rows - 1) as f32) / rows as f32).min(if one_row { HIGHEST } else { HIGHEST * 0.6 });
        let top = area.center().y - (height * rows as f32 + gap * (rows - 1) as f32) / 2.0;
        let place = |n: usize| {
            let (row, column) = (n / columns, n % columns);
            let right = area.right() - column as f32 * (width + gap);
            Rect::from_min_size(pos2(right - width, top + row as f32 * (height + gap)), vec2(width, height))
        };
        return Slots { alone: (0..places).map(place).collect(), large: one_row && width >= 58.0 && height >= 90.0, rest: None };
    }
    let gap = 6.0;
    let columns = (((area.width() + gap) / (FRONT_WIDTH + gap)).floor() as usize).clamp(1, 10);
    let width = (area.width() - gap * (columns - 1) as f32) / columns as f32;
    let place = |n: usize| Rect::from_min_size(pos2(area.right() - n as f32 * (width + gap) - width, area.top()), vec2(width, FRONT));
    let below = area.with_min_y(area.top() + FRONT + 10.0);
    Slots { alone: (0..columns).map(place).collect(), large: false, rest: Some(rest(places - columns, below)) }
}

fn rest(places: usize, area: Rect) -> Rest {
    let mut side = CELL_MOST;
    while side >= CELL {
        let (columns, rows) = ((area.width() / side).floor() as usize, (area.height() / side).floor() as usize);
        if rows > 0 && columns * rows >= places {
            // As wide as the area, in whole cells.
            return Rest { rect: area, places, grid: Some((side, rows)) };
        }
        side -= 0.5;
    }
    Rest { rect: area.with_max_y(area.top() + area.height().min(28.0)), places, grid: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_stands_inside_and_apart() {
        for places in [0, 1, 2, 4, 6, 7, 12, 16, 17, 129, 300, 513, 4_097, 65_536] {
            for (w, h) in [(414.0, 118.0), (280.0, 118.0), (700.0, 300.0)] {
                let area = Rect::from_min_size(pos2(10.0, 20.0), vec2(w, h));
                let slots = slots(places, area);
                let cells: Vec<Rect> = slots.rest.iter().flat_map(|r| (0..r.places).map_while(|n| r.cell(n))).collect();
                let all: Vec<Rect> = slots.alone.iter().chain(&cells).copied().collect();
                let counted = slots.alone.len() + slots.rest.map_or(0, |r| r.places);
                assert_eq!(counted, places, "none is lost");
                assert!(all.iter().all(|r| area.expand(0.5).contains_rect(*r)), "{places} in {w}×{h}");
                for pair in all.windows(2) {
                    let both = pair[0].intersect(pair[1]);
                    assert!(both.width() <= 0.01 || both.height() <= 0.01, "{places} in {w}×{h}: {pair:?}");
                }
                assert!(slots.alone.first().is_none_or(|r| (r.right() - area.right()).abs() < 0.5), "the front is at the right");
            }
        }
    }

    #[test]
    fn a_backlog_of_3_has_the_sizes_of_the_mock_up() {
        let slots = slots(4, Rect::from_min_size(pos2(336.0, 158.0), vec2(409.5, 118.0)));
        assert!(slots.large);
        assert_eq!(slots.alone[0], Rect::from_min_size(pos2(649.5, 158.0), vec2(96.0, 118.0)));
    }
}
