//! I/O models: how a server waits and moves bytes. One readable file each that mirrors its textbook loop, because students
//! read it in the app.
//!
//! Adding one: a file here and a line in [`MODELS`].

use std::io;
use std::sync::Arc;

use crate::service::Service;
use crate::sys::Sock;
use crate::trace::{Board, Lane};

/// Every model, in the order of the editor. Models this system lacks are listed with the reason.
pub static MODELS: &[ModelDef] = &[];

/// A kind of I/O model.
#[derive(Debug)]
pub struct ModelDef {
    /// Stable id in files and on the command line.
    pub id: &'static str,
    /// Its place in the editor.
    pub group: ModelGroup,
    /// A few English words for `list models`.
    pub summary: &'static str,
    /// Why this system lacks it.
    pub missing: Option<&'static str>,
    /// The file itself, for reading.
    pub source: &'static str,
    /// Serves until `run.stop` is set; joins every thread it made before it returns.
    pub serve: fn(&Lane, ServerRun) -> io::Result<()>,
}

/// Where a model stands in the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ModelGroup {
    /// One call, one wait.
    Blocking,
    /// One wait for many sockets.
    Multiplexing,
    /// Non-blocking, signal-driven, completion, tasks.
    Other,
}

/// What a model serves with.
pub struct ServerRun {
    /// A listening stream socket, or a bound datagram socket. Blocking; selectors switch it.
    pub socket: Arc<Sock>,
    /// Byte stream (accept connections) or datagrams (one socket, many peers).
    pub stream: bool,
    /// What is answered.
    pub service: Arc<dyn Service>,
    /// Where connections and bytes are told.
    pub board: Arc<Board>,
    /// The way in from the engine: stop, send, close.
    pub control: Arc<Control>,
}

/// Placeholder until the model room is filled.
#[derive(Debug)]
pub struct Control;
