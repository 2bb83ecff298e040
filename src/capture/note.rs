//! What is said about a connection in the comment of its packets: words for a person who looks at the file, in a form that this
//! program reads back.

use serde::{Deserialize, Serialize};

use super::End;
use crate::lab::{Side, Transport};

/// Before the notes in comments.
const PREFIX: &str = "Socketlab ";

/// What the comment of a packet says. Each part where it is new.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    /// The endpoint that tells of this connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Number of the connection within the endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<u32>,
    /// The real kind of socket, where the packet's is a stand-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<Transport>,
    /// The real address of the end that tells, where the packet's is a stand-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<String>,
    /// The real address of the other end, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// Why it ended, where the packets do not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// A datagram whose rest the receiver lost.
    #[serde(skip_serializing_if = "is_no")]
    pub cut: bool,
    /// The next packet goes on with the same message.
    #[serde(skip_serializing_if = "is_no")]
    pub more: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_no(value: &bool) -> bool {
    !value
}

impl Note {
    /// Who tells; with its real addresses, where the packet has others.
    pub(super) fn of(end: &End<'_>, is_stand_in: bool) -> Self {
        let real = |text: &str| is_stand_in.then(|| text.to_owned());
        Self {
            endpoint: Some(end.name.to_owned()),
            side: Some(end.side),
            connection: Some(end.number),
            transport: is_stand_in.then_some(end.transport),
            local: real(end.local),
            peer: real(end.peer),
            ..Self::default()
        }
    }

    /// The comment; none when nothing is said.
    pub(super) fn to_comment(&self) -> Option<String> {
        if *self == Self::default() {
            return None;
        }
        serde_json::to_string(self).ok().map(|json| format!("{PREFIX}{json}"))
    }

    /// From a comment of ours.
    pub fn from_comment(comment: &str) -> Option<Self> {
        serde_json::from_str(comment.strip_prefix(PREFIX)?).ok()
    }
}
