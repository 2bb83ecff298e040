//! Panels: one file (or folder) each, and one line in [`PANELS`].
//!
//! A panel is a function of the context and of its own view state (scroll, filter, zoom). It must not keep data of the
//! network, ask for "now", or talk to the engine except by actions.

mod about;
mod arrivals;
mod backlog;
mod calls;
mod code;
mod composer;
mod connections;
mod counters;
mod door;
#[cfg(test)]
pub(crate) mod fake;
mod filter;
mod follow;
mod framing;
mod insight;
mod inspector;
mod lab;
mod ladder;
pub(in crate::ui) mod models;
mod phases;
mod picked;
mod plots;
mod stage;
pub(in crate::ui) mod stepper;
#[cfg(test)]
mod tables_fake;
mod timeline;
mod traffic;
mod walk;

use eframe::egui::Ui;

pub use about::{About, Topic};
pub(in crate::ui) use backlog::words::pace as accept_pace;
pub(in crate::ui) use door::counters::totals as backlog_totals;

pub(in crate::ui) use framing::words::kind as framing_kind;

use super::Cx;
use crate::lab::SavedPacket;

/// Puts a packet on a shelf; a name that is taken gets a number.
pub(in crate::ui) fn add_to_shelf(shelf: &mut Vec<SavedPacket>, saved: SavedPacket) {
    let name = composer::shelf::Name { name: saved.name, folder: saved.folder };
    composer::shelf::add(shelf, name, saved.packet);
}

/// A panel in a tile.
pub trait Panel {
    /// What stands at the right of its head (filter, range …). The head itself is drawn by the tiles.
    fn head_ui(&mut self, _ui: &mut Ui, _cx: &mut Cx<'_>) {}
    /// Its content; fills the ui it gets.
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>);
}

/// A kind of panel.
pub struct PanelDef {
    /// Stable id in saved layouts.
    pub id: &'static str,
    /// What it is about, for *What is this?*
    pub topic: Topic,
    /// Locale key of its title.
    pub title: &'static str,
    /// Makes one.
    pub make: fn() -> Box<dyn Panel>,
}

/// Every panel.
pub static PANELS: &[PanelDef] = &[
    lab::DEF,
    PanelDef { id: "stage", topic: Topic::Stage, title: "stage-title", make: || Box::new(stage::Stage::new()) },
    backlog::DEF,
    arrivals::DEF,
    door::DEF,
    PanelDef { id: "plots", topic: Topic::Plots, title: "plots-title", make: || Box::new(plots::Plots::new()) },
    PanelDef { id: "inspector", topic: Topic::Inspector, title: "inspector-title", make: || Box::new(inspector::Inspector::default()) },
    composer::DEF,
    PanelDef { id: "traffic", topic: Topic::Traffic, title: "traffic-title", make: || Box::new(traffic::Traffic::default()) },
    framing::DEF,
    ladder::DEF,
    PanelDef {
        id: "connections",
        topic: Topic::Connections,
        title: "connections-title",
        make: || Box::new(connections::Connections::default()),
    },
    PanelDef { id: "timeline", topic: Topic::Timeline, title: "timeline-title", make: || Box::new(timeline::Timeline::default()) },
    PanelDef { id: "models", topic: Topic::Models, title: "models-title", make: || Box::new(models::Models) },
    PanelDef { id: "phases", topic: Topic::Phases, title: "phases-title", make: || Box::new(phases::Phases) },
    PanelDef { id: "counters", topic: Topic::Counters, title: "counters-title", make: || Box::new(counters::CountersPanel::default()) },
    PanelDef { id: "stepper", topic: Topic::Stepper, title: "stepper-title", make: || Box::new(stepper::Stepper::default()) },
    PanelDef { id: "calls", topic: Topic::Calls, title: "calls-title", make: || Box::new(calls::Calls::default()) },
    code::DEF,
];
