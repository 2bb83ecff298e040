//! The record of the traffic log that a person picked in one panel and others show too. View state of the window: a place
//! in the log, never the record.

use eframe::egui::{Context, Id};

fn id() -> Id {
    Id::unique("picked record")
}

/// Picks the record with this index.
pub fn pick(ctx: &Context, index: u64) {
    let turn = get(ctx).map_or(0, |(_, turn)| turn) + 1;
    ctx.data_mut(|data| data.insert_temp(id(), (index, turn)));
}

/// The picked record, and a number that grows with each pick.
pub fn get(ctx: &Context) -> Option<(u64, u64)> {
    ctx.data(|data| data.get_temp(id()))
}
