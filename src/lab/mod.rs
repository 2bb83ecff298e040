//! The document: what an experiment *is*. Servers, clients and what they are set to send.
//!
//! Pure: no socket, no clock, no thread. It must not know which models or services exist; whoever validates passes
//! the known ids in.

mod address;
mod change;
mod check;
mod edit;
mod endpoint;
mod experiment;
mod file;
mod ids;
mod life;
mod messages;
mod pace;
mod read_experiment;
mod read_messages;
mod reader;
mod write;
mod write_experiment;
mod write_messages;

pub use address::{Address, AddressError, PATH_MAX};
pub use change::{ChangeError, NotThat};
pub use check::{
    Known, KnownItem, LabError, LabErrorKind, MAX_BACKLOG, MAX_DEFER_S, MAX_ENDPOINTS, MAX_FILE_BYTES, MAX_PACKETS, MAX_RANGES,
    MAX_REQUESTS, MAX_SEQUENCES, MAX_STEPS, MAX_SYN_RETRIES, MAX_WAIT_MS, What,
};
pub use edit::{DEFAULT_BACKLOG, MAX_CONNECTIONS};
pub use endpoint::{AfterEnd, Client, EndpointId, LineEnding, Opening, Packet, PacketFormat, Reconnect, Server, Side, Target, Transport};
pub use experiment::{Experiment, GuideStep, MAX_GUIDE_STEPS, MAX_LINES, MAX_MINUTES, Need, Words};
pub use file::parse;
pub use life::{Filter, Life};
pub use messages::{Cast, Group, MAX_GROUPS, MAX_RULES, Match, Messages, Rule, SavedPacket, Sequence, Step, Wire};
pub use pace::AcceptPace;
pub use write::write;

/// One experiment: everything a lab file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lab {
    /// Shown in the top bar; also the suggested file name.
    pub name: String,
    /// In the order of the file and of the tree.
    pub servers: Vec<Server>,
    /// In the order of the file and of the tree.
    pub clients: Vec<Client>,
    /// Packets kept with the lab.
    pub packets: Vec<SavedPacket>,
    /// Rows of packets kept with the lab.
    pub sequences: Vec<Sequence>,
    /// What makes it an experiment.
    pub experiment: Option<Box<Experiment>>,
    /// The steps of the experiment, in order.
    pub steps: Vec<GuideStep>,
    /// The next [`EndpointId`] to hand out; never reused within one run of the program.
    next_id: u64,
}
