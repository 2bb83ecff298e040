//! What flows through a panel: a borrowed context down, actions up.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use crate::engine::{self, ConnId, LogView, Record, Snapshot};
use crate::insight::Insight;
use crate::lab::{EndpointId, Lab, SavedPacket};
use crate::report::export;

use super::theme::Theme;
use super::{Text, UiCommand};

/// What a panel wants done. Collected during a frame, carried out by the app after it.
#[derive(Clone, Debug)]
pub enum Action {
    /// A command of the window (also in menu, palette, shortcuts).
    Ui(UiCommand),
    /// Something for the engine, as it is.
    Engine(engine::Command),
    /// Start an endpoint with its document as it is now.
    Start(EndpointId),
    /// Open more connections of a client. One that does not run is started, with these alone.
    OpenMore {
        /// The client.
        client: EndpointId,
        /// How many.
        count: u32,
    },
    /// Open a lesson that comes along, by its id; unsaved changes are asked about first.
    OpenLesson(&'static str),
    /// Stop an endpoint.
    Stop(EndpointId),
    /// Select something; everything that follows the selection follows.
    Select(Selection),
    /// The lab as it should be now. The app keeps the one before for undo; edits that share `merge` (typing in one field)
    /// become one undo step.
    Edit {
        /// The changed document.
        lab: Box<Lab>,
        /// What was changed, for the undo menu: a locale key.
        what: &'static str,
        /// Identity of the field being typed in, so that a word is one undo step.
        merge: Option<u64>,
    },
    /// Restart a running endpoint with its document as it is after this frame's edits (model switch, new address).
    Restart(EndpointId),
    /// The person's own packets as they should be from now on.
    KeepOwn(Vec<SavedPacket>),
    /// Ask for a file of packets and put them to the person's own.
    ImportPackets,
    /// Ask for a file and record all traffic to it from then on.
    Record {
        /// Its size at most.
        limit_bytes: u64,
    },
    /// One sentence for the status bar.
    Say(String),
    /// Text for the clipboard.
    Copy(String),
    /// Bytes to save; the app asks for the place. Suggested file name, then content.
    Export(String, ExportData),
}

/// What is exported.
#[derive(Clone, Debug)]
pub enum ExportData {
    /// A text file.
    Text(String),
    /// Rows of the traffic log; the worker writes them.
    Rows(Box<Rows>),
    /// The window's picture, cut to this rectangle (in points), as PNG.
    Picture(eframe::egui::Rect),
}

/// Rows of the traffic log and the format they are written in.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The log as it was.
    pub log: LogView<Record>,
    /// Which rows, oldest first.
    pub indices: Arc<[u64]>,
    /// As what.
    pub format: export::Format,
    /// The lab's name.
    pub lab: String,
    /// When the rows' clock began.
    pub started: SystemTime,
}

impl Rows {
    /// The whole file.
    ///
    /// # Errors
    /// What writing answers.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        let records = self.indices.iter().filter_map(|index| self.log.get(*index));
        let origin = export::Origin { lab: &self.lab, started: self.started };
        export::write(&mut out, records, self.format, &origin)?;
        Ok(out)
    }
}

/// What is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Nothing.
    #[default]
    None,
    /// A server or client.
    Endpoint(EndpointId),
    /// A connection of a session.
    Conn(EndpointId, ConnId),
}

impl Selection {
    /// The selected endpoint, or the one whose connection is selected.
    pub fn endpoint(self) -> Option<EndpointId> {
        match self {
            Self::None => None,
            Self::Endpoint(id) | Self::Conn(id, _) => Some(id),
        }
    }

    /// The selected connection.
    pub fn conn(self) -> Option<ConnId> {
        match self {
            Self::Conn(_, conn) => Some(conn),
            Self::None | Self::Endpoint(_) => None,
        }
    }
}

/// What a panel sees. Borrowed for one frame.
pub struct Cx<'a> {
    /// Colours and sizes.
    pub theme: &'a Theme,
    /// Words.
    pub text: &'a Text,
    /// The lab as it is.
    pub lab: &'a Lab,
    /// The moment that is shown: the newest, or the frozen one.
    pub snap: &'a Snapshot,
    /// Whether `snap` is held by Freeze.
    pub frozen: bool,
    /// What is selected.
    pub selection: Selection,
    /// Reduced motion: moves happen at once.
    pub still: bool,
    /// Running endpoints whose document changed since they were started; see [`Cx::stale`].
    pub stale: &'a [EndpointId],
    /// The person's own packets, of no lab.
    pub own: &'a [SavedPacket],
    /// What this run shows, the most important first.
    pub insights: &'a [Insight],
    /// A lesson is open: it asks the questions, panels do not.
    pub in_lesson: bool,
    /// An inline rename of this endpoint was asked for (menu, F2) since the last frame.
    pub rename: Option<EndpointId>,
    /// What panels want done.
    pub actions: &'a mut Vec<Action>,
}

impl Cx<'_> {
    /// Asks for an action.
    pub fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Whether an endpoint runs with an older document than the lab's: *restart to apply*.
    pub fn stale(&self, id: EndpointId) -> bool {
        self.stale.contains(&id)
    }

    /// Asks for a changed lab.
    pub fn edit(&mut self, what: &'static str, merge: Option<u64>, change: impl FnOnce(&mut Lab)) {
        let mut lab = self.lab.clone();
        change(&mut lab);
        if lab != *self.lab {
            self.act(Action::Edit { lab: Box::new(lab), what, merge });
        }
    }
}
