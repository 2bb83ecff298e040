//! The fields a row is asked for, and which values they know.

/// What stands before the sign of a term: `len` of `len>100`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Which way bytes went: `rx`, `tx`.
    Dir,
    /// What the row tells: `data`, `open`, `end`, `reset`, `failed`.
    Kind,
    /// The number of the connection within its endpoint.
    Conn,
    /// Bytes the call moved.
    Len,
    /// Seconds since the engine started.
    Time,
    /// Bytes, typed as text.
    Text,
    /// Bytes, typed as hex.
    Hex,
    /// The endpoint, or the address, that the bytes left.
    From,
    /// The endpoint, or the address, that they went to.
    To,
    /// The endpoint whose row it is.
    End,
    /// Either address.
    Addr,
    /// The address of the row's end.
    Local,
    /// The address of its other end.
    Peer,
    /// Whose row: `server`, `client`.
    Side,
    /// Kind of socket.
    Transport,
    /// What is special: `cut` datagrams, `cropped` rows that keep only the front of their bytes.
    Is,
}

impl Field {
    /// In the order of the help.
    pub const ALL: [Self; 16] = [
        Self::Dir,
        Self::Kind,
        Self::Conn,
        Self::Len,
        Self::Time,
        Self::Text,
        Self::Hex,
        Self::From,
        Self::To,
        Self::End,
        Self::Addr,
        Self::Local,
        Self::Peer,
        Self::Side,
        Self::Transport,
        Self::Is,
    ];

    /// As it is typed.
    pub fn id(self) -> &'static str {
        match self {
            Self::Dir => "dir",
            Self::Kind => "kind",
            Self::Conn => "conn",
            Self::Len => "len",
            Self::Time => "time",
            Self::Text => "text",
            Self::Hex => "hex",
            Self::From => "from",
            Self::To => "to",
            Self::End => "end",
            Self::Addr => "addr",
            Self::Local => "local",
            Self::Peer => "peer",
            Self::Side => "side",
            Self::Transport => "transport",
            Self::Is => "is",
        }
    }

    /// The field with this id, in either case.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.id().eq_ignore_ascii_case(id))
    }

    /// Its values, where there are only these.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            Self::Dir => &["rx", "tx"],
            Self::Kind => &["data", "open", "end", "reset", "failed"],
            Self::Side => &["server", "client"],
            Self::Transport => &["tcp", "udp", "unix-stream", "unix-dgram"],
            Self::Is => &["cut", "cropped"],
            Self::Conn
            | Self::Len
            | Self::Time
            | Self::Text
            | Self::Hex
            | Self::From
            | Self::To
            | Self::End
            | Self::Addr
            | Self::Local
            | Self::Peer => &[],
        }
    }

    /// Whether it is a figure, which can be compared.
    pub fn is_figure(self) -> bool {
        matches!(self, Self::Conn | Self::Len | Self::Time)
    }

    /// Whether its values are names of endpoints (or addresses).
    pub fn is_name(self) -> bool {
        matches!(self, Self::From | Self::To | Self::End)
    }
}
