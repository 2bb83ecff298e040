//! One term as a question to a row.

use std::time::Duration;

use super::needle::{Bytes, Name, Text};
use crate::engine::{ConnInfo, EndReason, Record, RecordKind};
use crate::lab::{Side, Transport};

/// One term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// Anywhere: names, addresses, bytes.
    Word(Text),
    Text(Text),
    Hex(Bytes),
    Dir(Dir),
    Kind(Kind),
    Side(Side),
    Transport(Transport),
    Is(Special),
    Conn(Span<u64>),
    Len(Span<u64>),
    Time(Span<Duration>),
    Name(Whose, Name),
}

/// Which names or addresses are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    From,
    To,
    End,
    Addr,
    Local,
    Peer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dir {
    Received,
    Sent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Data,
    Open,
    End,
    Reset,
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    Cut,
    Cropped,
}

/// Where a figure must lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span<T> {
    Less(T),
    AtMost(T),
    Equal(T),
    Other(T),
    AtLeast(T),
    More(T),
    /// Both are in.
    Between(T, T),
}

impl<T: PartialOrd> Span<T> {
    pub fn holds(&self, value: &T) -> bool {
        match self {
            Self::Less(of) => value < of,
            Self::AtMost(of) => value <= of,
            Self::Equal(of) => value == of,
            Self::Other(of) => value != of,
            Self::AtLeast(of) => value >= of,
            Self::More(of) => value > of,
            Self::Between(from, to) => value >= from && value <= to,
        }
    }
}

impl Test {
    pub fn holds(&self, record: &Record) -> bool {
        let conn = &*record.conn;
        match self {
            Self::Word(word) => word.is_in(&record.data) || word.name().is_some_and(|name| names(conn).any(|text| name.is_in(text))),
            Self::Text(text) => text.is_in(&record.data),
            Self::Hex(bytes) => bytes.is_in(&record.data),
            Self::Dir(Dir::Received) => record.kind == RecordKind::Received,
            Self::Dir(Dir::Sent) => record.kind == RecordKind::Sent,
            Self::Kind(kind) => kind.holds(&record.kind),
            Self::Side(side) => conn.side == *side,
            Self::Transport(transport) => conn.transport == *transport,
            Self::Is(Special::Cut) => record.cut,
            Self::Is(Special::Cropped) => record.len as usize > record.data.len(),
            Self::Conn(span) => span.holds(&conn.number.into()),
            // What opens or ends has no length, not the length 0.
            Self::Len(span) => moved(&record.kind).is_some() && span.holds(&record.len.into()),
            Self::Time(span) => span.holds(&record.at),
            Self::Name(whose, name) => named(*whose, name, record),
        }
    }

    pub fn reads_data(&self) -> bool {
        matches!(self, Self::Word(_) | Self::Text(_) | Self::Hex(_))
    }
}

impl Kind {
    fn holds(self, kind: &RecordKind) -> bool {
        match self {
            Self::Data => moved(kind).is_some(),
            Self::Open => *kind == RecordKind::Opened,
            Self::End => matches!(kind, RecordKind::Ended(_)),
            Self::Reset => *kind == RecordKind::Ended(EndReason::Reset),
            Self::Failed => matches!(kind, RecordKind::Ended(EndReason::Failed(_))),
        }
    }
}

fn moved(kind: &RecordKind) -> Option<Dir> {
    match kind {
        RecordKind::Received => Some(Dir::Received),
        RecordKind::Sent => Some(Dir::Sent),
        RecordKind::Opened | RecordKind::Ended(_) => None,
    }
}

/// The names and addresses of a row.
fn names(conn: &ConnInfo) -> impl Iterator<Item = &str> {
    here(conn).chain(there(conn))
}

fn here(conn: &ConnInfo) -> impl Iterator<Item = &str> {
    [&*conn.session_name, &*conn.local].into_iter()
}

/// The other end has a name when it is one of ours.
fn there(conn: &ConnInfo) -> impl Iterator<Item = &str> {
    let name = conn.other_end.get().map(|(_, _, name)| &**name);
    name.into_iter().chain([&*conn.peer])
}

fn named(whose: Whose, name: &Name, record: &Record) -> bool {
    let conn = &*record.conn;
    let is_here = || here(conn).any(|text| name.is_in(text));
    let is_there = || there(conn).any(|text| name.is_in(text));
    match whose {
        // What opens or ends went from nobody to nobody.
        Whose::From => moved(&record.kind).is_some_and(|dir| if dir == Dir::Sent { is_here() } else { is_there() }),
        Whose::To => moved(&record.kind).is_some_and(|dir| if dir == Dir::Sent { is_there() } else { is_here() }),
        Whose::End => name.is_in(&conn.session_name),
        Whose::Addr => name.is_in(&conn.local) || name.is_in(&conn.peer),
        Whose::Local => name.is_in(&conn.local),
        Whose::Peer => name.is_in(&conn.peer),
    }
}
