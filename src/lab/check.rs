//! What can be wrong with a lab file, with its place, and the checks of single values.
//!
//! English words here are for the command line; the window words [`LabErrorKind`] in the person's language.

use std::fmt;
use std::ops::{Range, RangeInclusive};

use super::{AddressError, ChangeError, Packet, PacketFormat, Side, Transport};
use crate::bytes::{self, BytesError, MAX_DELIMITER, Template, TemplateSyntax};
use crate::script::ScriptError;
use crate::settings::{Setting, SettingDef, SettingError, SettingKind};

/// What a file may name, passed in because the document must not know the registries.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The I/O models.
    pub models: &'a [KnownItem<'a>],
    /// The services.
    pub services: &'a [KnownItem<'a>],
    /// The model of a server that names none.
    pub default_model: &'a str,
}

/// A model or a service that a file may name.
#[derive(Clone, Copy, Debug)]
pub struct KnownItem<'a> {
    /// As it is written in files.
    pub id: &'a str,
    /// What can be set about it.
    pub settings: &'static [SettingDef],
    /// Why a model cannot serve datagrams; `None` where it can, and for services.
    pub no_datagrams: Option<&'a str>,
}

/// Bytes a lab file may have.
pub const MAX_FILE_BYTES: usize = 4 << 20;
/// Endpoints a lab file may hold.
pub const MAX_ENDPOINTS: usize = 1_000;
/// The longest pause or time-out a file may ask for: a day, in milliseconds.
pub const MAX_WAIT_MS: u64 = 86_400_000;
/// The most requests after which a server may end: TOML's integers have 63 bits.
pub const MAX_REQUESTS: u64 = i64::MAX as u64;
/// Ranges that an accept filter may have on each side; every peer is compared with all of them.
pub const MAX_RANGES: usize = 256;
/// The longest backlog a file may ask for; the kernel clamps it further (`net.core.somaxconn`, listen(2)).
pub const MAX_BACKLOG: u32 = 65_535;

/// The longest `TCP_DEFER_ACCEPT` a file may ask for, in seconds.
pub const MAX_DEFER_S: u32 = 3_600;
/// Packets a lab keeps at most.
pub const MAX_PACKETS: usize = 1_000;
/// Sequences a lab keeps at most.
pub const MAX_SEQUENCES: usize = 256;
/// Steps a sequence has at most.
pub const MAX_STEPS: usize = 1_000;
/// The most `TCP_SYNCNT` (tcp(7): 1 to 255; Linux takes at most 127).
pub const MAX_SYN_RETRIES: u32 = 127;

/// A lab file that was refused, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabError {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// Which list the endpoint stands in, when the mistake is inside one.
    pub side: Option<Side>,
    /// Its name, when it has one; or that of a packet or a sequence.
    pub endpoint: Option<String>,
    /// What is wrong.
    pub kind: LabErrorKind,
}

/// The mistakes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabErrorKind {
    /// More than [`MAX_FILE_BYTES`].
    #[error("the file has {0} bytes; a lab file may have {MAX_FILE_BYTES}")]
    TooLarge(usize),
    /// More than [`MAX_ENDPOINTS`].
    #[error("the file has {0} servers and clients; a lab may have {MAX_ENDPOINTS}")]
    TooManyEndpoints(usize),
    /// More tables or entries than a list may have.
    #[error("'{key}' has {count} entries; it may have {most}")]
    TooMany {
        /// Which list.
        key: &'static str,
        /// As written.
        count: usize,
        /// At most.
        most: usize,
    },
    /// Not TOML; what the parser said.
    #[error("this is not TOML: {0}")]
    Syntax(String),
    /// A key that means nothing here.
    #[error("key '{key}' does not exist here. Keys: {}", known.join(", "))]
    UnknownKey {
        /// As written.
        key: String,
        /// Those that exist there.
        known: &'static [&'static str],
    },
    /// A key that must be there.
    #[error("'{0}' is missing")]
    Missing(&'static str),
    /// A value of another kind.
    #[error("'{key}' must be {expected}, not {found}")]
    WrongType {
        /// Whose value.
        key: String,
        /// What it must be, with its article.
        expected: &'static str,
        /// What it is, in TOML's words.
        found: &'static str,
    },
    /// A name that is empty, or cannot be shown on one line.
    #[error("a name must not be empty and must not contain control characters")]
    BadName,
    /// Two endpoints, sequences, or packets of one folder with one name.
    #[error("the name is taken in line {first_line}. Each name may be used once")]
    DuplicateName {
        /// Where the name was used first.
        first_line: usize,
    },
    /// An id or name that does not exist.
    #[error("{what} '{name}' does not exist. {}", choices(*what, known))]
    Unknown {
        /// Of what.
        what: What,
        /// As written.
        name: String,
        /// Those that exist.
        known: Vec<String>,
    },
    /// A number outside its range.
    #[error("'{key}' is {value}; it may be {min} to {max}")]
    OutOfRange {
        /// Whose value.
        key: String,
        /// As written.
        value: i64,
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// A setting with too much text.
    #[error("'{key}' has {len} characters; it may have {most}")]
    TooLong {
        /// Whose value.
        key: String,
        /// As written.
        len: usize,
        /// At most.
        most: usize,
    },
    /// A setting whose text is no bytes.
    #[error("'{key}': {error}")]
    Escape {
        /// Whose value.
        key: String,
        /// What is wrong with it.
        error: BytesError,
    },
    /// A text that is no range of addresses.
    #[error("'{key}': '{range}' is no address range: write 127.0.0.0/8, ::1/128 or one address")]
    Range {
        /// Whose value.
        key: &'static str,
        /// As written.
        range: String,
    },
    /// A text that is no accept pace.
    #[error("'accept_pace' is '{0}'; write eager, paused, or a time such as 250ms or 1s")]
    Pace(String),
    /// More than [`MAX_RANGES`].
    #[error("'{key}' has {count} ranges; it may have {MAX_RANGES}")]
    TooManyRanges {
        /// Whose value.
        key: &'static str,
        /// As written.
        count: usize,
    },
    /// A text that is no address.
    #[error("'{key}': {error}")]
    Address {
        /// Whose value.
        key: &'static str,
        /// What is wrong with it.
        error: AddressError,
    },
    /// Port 0 is a request to `bind`; nothing can listen there.
    #[error("'address': a client cannot connect to port 0; only a server may leave the choice to the system")]
    PortZero,
    /// A client of neither.
    #[error("'server', 'address' or 'to' is missing: where does this client connect?")]
    NoTarget,
    /// A client of more than one.
    #[error("'server', 'address' and 'to' exclude each other; keep one")]
    TwoTargets,
    /// A pair of sockets that are not Unix sockets.
    #[error("'to': a pair is made of Unix sockets (socketpair); its transport is {0}")]
    PairTransport(Transport),
    /// An end of a pair with an address of its own.
    #[error("'local': the ends of a pair have no address")]
    PairLocal,
    /// A client over one transport names a server over another.
    #[error("its transport is {client}, but server '{server}' is {server_transport}")]
    TransportMismatch {
        /// What the client says.
        client: Transport,
        /// The server it names.
        server: String,
        /// What that server is.
        server_transport: Transport,
    },
    /// A server for datagrams under a model that they have no meaning for.
    #[error("model '{model}' cannot serve {transport}: {reason}")]
    NoDatagrams {
        /// The model.
        model: String,
        /// The server's.
        transport: Transport,
        /// As the model says it.
        reason: String,
    },
    /// A folder with an empty name in it, or one that cannot be shown on one line.
    #[error("'{0}' is no folder: write names with / between them")]
    Folder(String),
    /// A delimiter that cannot end a message.
    #[error("'delimiter' has {0} bytes; it may have 1 to {MAX_DELIMITER}")]
    Delimiter(usize),
    /// A text that is no multicast group.
    #[error("'groups': '{0}' is no multicast group: write 224.0.0.0 to 239.255.255.255 or ff00::/8, with %interface after it if you like")]
    Group(String),
    /// A match of two kinds.
    #[error("'{first}' and '{second}' exclude each other; keep one")]
    TwoMatches {
        /// One key.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A regular expression that is none; what its parser said, in one line.
    #[error("'regex': {0}")]
    Regex(String),
    /// A range of lengths that holds none.
    #[error("'length': {from} is more than {to}")]
    Lengths {
        /// The least.
        from: u32,
        /// The most.
        to: u32,
    },
    /// A step that does nothing, or more than one thing.
    #[error("a step needs one of 'send', 'wait_ms' and 'reply'")]
    Step,
    /// An id that cannot be typed everywhere.
    #[error("'id' is '{0}'; it may have small letters a to z, digits and hyphens")]
    ExperimentId(String),
    /// A line that is no deed or no check.
    #[error("'{key}': {error}")]
    Line {
        /// In which list.
        key: &'static str,
        /// What is wrong with it.
        error: Box<ScriptError>,
    },
    /// A line that does not fit the lab.
    #[error("'{key}': {error}")]
    Deed {
        /// In which list.
        key: &'static str,
        /// What does not fit.
        error: Box<ChangeError>,
    },
    /// A packet whose text or hex is no bytes.
    #[error("'body': {0}")]
    Body(BytesError),
}

/// What a name that does not exist was meant to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum What {
    Transport,
    Model,
    ModelSetting,
    Service,
    ServiceSetting,
    Server,
    Reconnect,
    Format,
    LineEnding,
    Encoding,
    Framing,
    LengthHeader,
    Need,
    To,
    AfterEnd,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Transport => "transport",
            Self::Model => "model",
            Self::ModelSetting => "model setting",
            Self::Service => "service",
            Self::ServiceSetting => "service setting",
            Self::Server => "server",
            Self::Reconnect => "reconnect mode",
            Self::Format => "format",
            Self::LineEnding => "line ending",
            Self::Encoding => "encoding",
            Self::Framing => "framing",
            Self::LengthHeader => "length header",
            Self::Need => "need",
            Self::To => "target",
            Self::AfterEnd => "end",
        })
    }
}

fn choices(what: What, known: &[String]) -> String {
    let list = match what {
        What::Transport => "Transports",
        What::Model => "Models",
        What::Service => "Services",
        What::ModelSetting if known.is_empty() => return "This model has no settings".to_owned(),
        What::ServiceSetting if known.is_empty() => return "This service has no settings".to_owned(),
        What::ModelSetting | What::ServiceSetting => "Settings",
        What::Server if known.is_empty() => return "The file has no servers".to_owned(),
        What::Server => "Servers",
        What::Reconnect => "Modes",
        What::Format => "Formats",
        What::LineEnding => "Line endings",
        What::Encoding => "Encodings",
        What::Framing => "Framings",
        What::LengthHeader => "Length headers",
        What::Need => "Needs",
        What::To => "Targets",
        What::AfterEnd => "Ends",
    };
    // A file may name a thousand servers; nobody reads more than a few.
    let more = known.len().saturating_sub(20);
    let shown = known[..known.len() - more].join(", ");
    if more == 0 { format!("{list}: {shown}") } else { format!("{list}: {shown} and {more} more") }
}

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match (self.side, &self.endpoint) {
            (Some(Side::Server), Some(name)) => write!(f, "server '{}': ", name.escape_debug())?,
            (Some(Side::Client), Some(name)) => write!(f, "client '{}': ", name.escape_debug())?,
            (Some(Side::Server), None) => write!(f, "a server: ")?,
            (Some(Side::Client), None) => write!(f, "a client: ")?,
            (None, Some(name)) => write!(f, "'{}': ", name.escape_debug())?,
            (None, None) => {}
        }
        // What was written in the file is repeated in the words; control characters must not reach a terminal.
        for c in self.kind.to_string().chars() {
            if c.is_control() { write!(f, "{}", c.escape_debug())? } else { write!(f, "{c}")? }
        }
        Ok(())
    }
}

impl std::error::Error for LabError {}

impl LabError {
    /// A mistake at a place of the file.
    pub(super) fn at(text: &str, span: Option<Range<usize>>, kind: LabErrorKind) -> Self {
        let (line, column) = place(text, span.map_or(0, |s| s.start));
        Self { line, column, side: None, endpoint: None, kind }
    }
}

/// Line and column (in characters) of a byte offset, both from 1.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    // Every character has one byte that is no continuation byte (RFC 3629).
    let column = before[line_start..].iter().filter(|b| **b & 0xc0 != 0x80).count() + 1;
    (line, column)
}

/// A name as it is kept: without blanks around it.
pub(super) fn name(text: &str) -> Result<String, LabErrorKind> {
    let name = text.trim();
    if name.is_empty() || name.contains(char::is_control) { Err(LabErrorKind::BadName) } else { Ok(name.to_owned()) }
}

/// A number in its range.
pub(super) fn number(key: &str, value: i64, range: RangeInclusive<u64>) -> Result<u64, LabErrorKind> {
    u64::try_from(value).ok().filter(|v| range.contains(v)).ok_or_else(|| LabErrorKind::OutOfRange {
        key: key.to_owned(),
        value,
        min: *range.start(),
        max: *range.end(),
    })
}

/// Whether a packet's body says bytes. A file is read when it is sent, not before.
pub(super) fn body(packet: &Packet) -> Result<(), BytesError> {
    match packet.format {
        PacketFormat::Text => Template::parse(&packet.body, TemplateSyntax::Text(packet.encoding)).map(drop),
        PacketFormat::Hex => Template::parse(&packet.body, TemplateSyntax::Hex).map(drop),
        PacketFormat::Base64 => bytes::parse_base64(&packet.body).map(drop),
        PacketFormat::File => Ok(()),
    }
}

/// Whether a rule's expression is one. Asked of the same parser, with the same limits, that later makes it for use.
pub(super) fn regex(text: &str) -> Result<(), LabErrorKind> {
    let wrong = |error: regex::Error| {
        // It points at the place over several lines, and its last one says what is wrong.
        let said = error.to_string();
        LabErrorKind::Regex(said.lines().last().unwrap_or_default().trim_start_matches("error:").trim().to_owned())
    };
    regex::bytes::Regex::new(text).map(drop).map_err(wrong)
}

/// A setting's value, as a TOML value of one of the three kinds, or `None` when it is of another kind altogether.
pub(super) fn setting(def: &SettingDef, value: Option<Written<'_>>, found: &'static str) -> Result<Setting, LabErrorKind> {
    let wrong = || LabErrorKind::WrongType { key: def.id.to_owned(), expected: def.kind.expected(), found };
    let setting = match (def.kind, value) {
        // Below zero is outside the range, not another kind of value.
        (SettingKind::Number { min, max, .. }, Some(Written::Integer(value))) => number(def.id, value, min..=max).map(Setting::Number)?,
        (SettingKind::Switch { .. }, Some(Written::Boolean(on))) => Setting::Switch(on),
        (SettingKind::Text { .. }, Some(Written::Text(text))) => Setting::Text(text.to_owned()),
        (SettingKind::Number { .. } | SettingKind::Switch { .. } | SettingKind::Text { .. }, _) => return Err(wrong()),
    };
    match def.check(&setting) {
        Ok(()) => Ok(setting),
        Err(SettingError::TooLong { id, len, most }) => Err(LabErrorKind::TooLong { key: id, len, most }),
        Err(SettingError::Escape { id, error }) => Err(LabErrorKind::Escape { key: id, error }),
        Err(SettingError::Unknown { .. } | SettingError::WrongKind { .. } | SettingError::OutOfRange { .. }) => Err(wrong()),
    }
}

/// A value of a file that a setting may have.
#[derive(Clone, Copy, Debug)]
pub(super) enum Written<'a> {
    Integer(i64),
    Boolean(bool),
    Text(&'a str),
}
