//! The window: egui panels as functions of a snapshot, the lab and their own view state.
//!
//! Intentions go up as [`Action`]s; nothing here opens a socket, waits for the network or changes the engine by itself.

mod action;
mod app;
mod command;
pub mod failure_words;
mod lesson_words;
pub mod panel;
mod preset;
mod run;
mod script_words;
mod text;
pub mod theme;
mod trial_words;
pub mod widget;

pub use action::{Action, Cx, ExportData, Rows, Selection};
pub use app::{Answering, App, Ask, Dialogs, Start, SystemDialogs};
pub use command::UiCommand;
pub use preset::Preset;
pub use run::run;
pub use text::{Language, Text};
