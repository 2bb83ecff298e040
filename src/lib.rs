//! Socketlab: a network lab you can see.
//!
//! The rooms of this crate and who may enter which are described in `ARCHITECTURE.md`; a test holds that table.
//! The library never prints and never exits the process: that is for `main` and `cli`.

pub mod bytes;
pub mod capture;
pub mod cli;
pub mod code;
pub mod engine;
pub mod insight;
pub mod lab;
pub mod lesson;
pub mod model;
pub mod packet;
pub mod probe;
pub mod report;
pub mod script;
pub mod service;
pub mod settings;
pub mod stats;
pub mod sys;
pub mod trace;
pub mod trial;
#[cfg(feature = "gui")]
pub mod ui;
