//! Deeds against the lab: whether what they name exists, and what `set` changes in the document. It starts nothing.

use super::{
    AcceptPace, Address, AddressError, AfterEnd, EndpointId, Known, Lab, MAX_BACKLOG, MAX_CONNECTIONS, MAX_REQUESTS, MAX_WAIT_MS, Packet,
    Reconnect, Sequence, Side, Target, Transport,
};
use crate::bytes::{FramingTextError, MAX_FRAME, parse_framing};
use crate::script::{Change, Deed, Key, Sent};
use crate::settings::{SettingDef, SettingError, Settings};

/// A deed or a check that does not fit the lab.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// Nobody has that name.
    #[error("there is no server or client '{name}'. There are: {}", known.join(", "))]
    NoEndpoint {
        /// As written.
        name: String,
        /// Those that exist.
        known: Vec<String>,
    },
    /// A server does not do what clients do, or the other way round.
    #[error("'{name}' is a {}; '{what}' is for a {}", of(*side), of(other(*side)))]
    WrongSide {
        /// As written.
        name: String,
        /// What it is.
        side: Side,
        /// Key or verb.
        what: String,
    },
    /// No packet of the lab.
    #[error("the lab keeps no packet '{0}'")]
    NoPacket(String),
    /// No sequence of the lab.
    #[error("the lab keeps no sequence '{0}'")]
    NoSequence(String),
    /// A value that it cannot have.
    #[error("'{key}' cannot be '{value}': {why}")]
    Value {
        /// Of what.
        key: String,
        /// As written.
        value: String,
        /// What it may be.
        why: Box<NotThat>,
    },
    /// A setting that does not exist there, or cannot have that value.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

/// Why a value cannot be what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotThat {
    /// It names none of these.
    #[error("there are {}", .0.join(", "))]
    Among(Vec<String>),
    /// A model that serves no datagrams.
    #[error("{reason}")]
    NoDatagrams {
        /// Its id.
        model: String,
        /// Its own reason, in English.
        reason: String,
    },
    /// No address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No server to follow.
    #[error("there is no server of that name over {0}")]
    NoServer(Transport),
    /// No pace.
    #[error("write eager, paused, or a time such as 250ms")]
    Pace,
    /// Neither off nor backoff.
    #[error("write off or backoff")]
    Reconnect,
    /// Neither close nor stay.
    #[error("write close or stay")]
    AfterEnd,
    /// Neither on nor off.
    #[error("write on or off")]
    Switch,
    /// No number, or too large.
    #[error("write a number from 0 to {0}")]
    Number(u64),
    /// No framing.
    #[error(transparent)]
    Framing(#[from] FramingTextError),
}

fn of(side: Side) -> &'static str {
    match side {
        Side::Server => "server",
        Side::Client => "client",
    }
}

fn other(side: Side) -> Side {
    match side {
        Side::Server => Side::Client,
        Side::Client => Side::Server,
    }
}

impl Lab {
    /// The endpoint of this name, and what it is.
    ///
    /// # Errors
    /// With the names that exist.
    pub fn endpoint_named(&self, name: &str) -> Result<(EndpointId, Side), ChangeError> {
        let server = self.servers.iter().find(|s| s.name == name).map(|s| (s.id, Side::Server));
        let client = || self.clients.iter().find(|c| c.name == name).map(|c| (c.id, Side::Client));
        let known = || self.names().map(|(_, name)| name.to_owned()).collect();
        server.or_else(client).ok_or_else(|| ChangeError::NoEndpoint { name: name.to_owned(), known: known() })
    }

    /// The packet that the lab keeps under this name, or `folder/name`.
    ///
    /// # Errors
    /// When there is none.
    pub fn packet_named(&self, name: &str) -> Result<&Packet, ChangeError> {
        let is_it = |folder: &str, own: &str| if folder.is_empty() { own == name } else { format!("{folder}/{own}") == name };
        let exact = self.packets.iter().find(|p| is_it(&p.folder, &p.name));
        let found = exact.or_else(|| self.packets.iter().find(|p| p.name == name));
        found.map(|saved| &saved.packet).ok_or_else(|| ChangeError::NoPacket(name.to_owned()))
    }

    /// The sequence of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn sequence_named(&self, name: &str) -> Result<&Sequence, ChangeError> {
        self.sequences.iter().find(|s| s.name == name).ok_or_else(|| ChangeError::NoSequence(name.to_owned()))
    }

    /// Whether a deed can mean something here, and what it leaves changed in the document.
    ///
    /// # Errors
    /// Says what does not exist or does not fit.
    pub fn follow(&mut self, deed: &Deed, known: &Known<'_>) -> Result<(), ChangeError> {
        for name in deed.names() {
            self.endpoint_named(name)?;
        }
        match deed {
            Deed::Open { client, .. } => self.must_be(client, Side::Client, "open"),
            Deed::Finish(of) => self.must_be(of, Side::Server, "finish"),
            Deed::Crash(of) => self.must_be(of, Side::Server, "crash"),
            Deed::Accept { of, .. } => self.must_be(of, Side::Server, "accept"),
            Deed::Pause(of) => self.set_pace(of, AcceptPace::Paused, "pause"),
            Deed::Resume(of) => self.set_pace(of, AcceptPace::Eager, "resume"),
            Deed::AddressOf { of, other } => {
                self.must_be(other, Side::Server, "address of")?;
                self.endpoint_named(of).map(drop)
            }
            Deed::Send { what: Sent::Saved(name), .. } => self.packet_named(name).map(drop),
            Deed::RunSequence { sequence, .. } => self.sequence_named(sequence).map(drop),
            Deed::Set { of, changes } => changes.iter().try_for_each(|change| self.change(of, change, known)),
            Deed::Start(_)
            | Deed::Stop(_)
            | Deed::Close { .. }
            | Deed::Send { .. }
            | Deed::StopSending(_)
            | Deed::StopSequence(_)
            | Deed::Gate { .. }
            | Deed::ClearTraffic
            | Deed::Wait(_) => Ok(()),
        }
    }

    fn must_be(&self, name: &str, side: Side, what: &str) -> Result<(), ChangeError> {
        match self.endpoint_named(name)?.1 {
            is if is == side => Ok(()),
            is => Err(ChangeError::WrongSide { name: name.to_owned(), side: is, what: what.to_owned() }),
        }
    }

    fn set_pace(&mut self, name: &str, pace: AcceptPace, what: &str) -> Result<(), ChangeError> {
        self.must_be(name, Side::Server, what)?;
        self.servers.iter_mut().filter(|s| s.name == name).for_each(|s| s.life.accept_pace = pace);
        Ok(())
    }

    /// Changes one thing about an endpoint in the document.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn change(&mut self, name: &str, change: &Change, known: &Known<'_>) -> Result<(), ChangeError> {
        let (id, side) = self.endpoint_named(name)?;
        let is_server_of = |value: &str, transport| self.servers.iter().any(|s| s.name == value && s.transport == transport);
        let follows = self.client(id).is_some_and(|c| is_server_of(&change.value, c.transport));
        let asked = Asked { name, side, change };
        match side {
            Side::Server => match self.server_mut(id) {
                Some(server) => asked.of_server(server, known),
                None => Ok(()),
            },
            Side::Client => match self.client_mut(id) {
                Some(client) => asked.of_client(client, follows),
                None => Ok(()),
            },
        }
    }
}

/// One change and whose.
struct Asked<'a> {
    name: &'a str,
    side: Side,
    change: &'a Change,
}

impl Asked<'_> {
    fn of_server(&self, server: &mut super::Server, known: &Known<'_>) -> Result<(), ChangeError> {
        let value = self.change.value.as_str();
        match &self.change.key {
            Key::Model => {
                let item = self.among(known.models)?;
                if let (false, Some(reason)) = (server.transport.is_stream(), item.no_datagrams) {
                    let (model, reason) = (value.to_owned(), reason.to_owned());
                    return Err(self.refuse(NotThat::NoDatagrams { model, reason }));
                }
                value.clone_into(&mut server.model);
                server.model_settings.keep_valid(item.settings);
            }
            Key::Service => {
                let item = self.among(known.services)?;
                value.clone_into(&mut server.service);
                server.service_settings.keep_valid(item.settings);
            }
            Key::ModelSetting(id) => {
                let defs = known.models.iter().find(|item| item.id == server.model).map_or(&[][..], |item| item.settings);
                set(&mut server.model_settings, defs, id, value)?;
            }
            Key::ServiceSetting(id) => {
                let defs = known.services.iter().find(|item| item.id == server.service).map_or(&[][..], |item| item.settings);
                set(&mut server.service_settings, defs, id, value)?;
            }
            Key::Address => server.address = Address::parse(server.transport, value).map_err(|e| self.refuse(e))?,
            Key::Backlog => server.backlog = self.small(MAX_BACKLOG.into())?,
            Key::Pace => {
                let pace = AcceptPace::parse(value);
                server.life.accept_pace = pace.ok_or_else(|| self.refuse(NotThat::Pace))?;
            }
            Key::Requests => server.life.requests = self.number(MAX_REQUESTS)?,
            Key::IdleMs => server.life.idle_timeout_ms = self.number(MAX_WAIT_MS)?,
            Key::Server | Key::Connections | Key::Reconnect | Key::AfterEnd | Key::ConnectTimeoutMs => return Err(self.wrong_side()),
            Key::Framing | Key::RecvBytes | Key::PieceBytes | Key::PieceMs | Key::Nagle | Key::Cork | Key::Broadcast => {
                self.of_messages(&mut server.messages)?;
            }
        }
        Ok(())
    }

    fn of_client(&self, client: &mut super::Client, follows: bool) -> Result<(), ChangeError> {
        let value = self.change.value.as_str();
        match &self.change.key {
            Key::Address => {
                let address = Address::parse(client.transport, value).map_err(|e| self.refuse(e))?;
                client.target = Target::Address(address);
            }
            Key::Server if follows => client.target = Target::Server(value.to_owned()),
            Key::Server => return Err(self.refuse(NotThat::NoServer(client.transport))),
            Key::Connections => client.connections = self.small(MAX_CONNECTIONS.into())?,
            Key::Reconnect => {
                client.reconnect = match value {
                    "off" => Reconnect::Off,
                    "backoff" => Reconnect::Backoff,
                    _ => return Err(self.refuse(NotThat::Reconnect)),
                }
            }
            Key::AfterEnd => {
                client.after_end = match value {
                    "close" => AfterEnd::Close,
                    "stay" => AfterEnd::Stay,
                    _ => return Err(self.refuse(NotThat::AfterEnd)),
                }
            }
            Key::ConnectTimeoutMs => client.connect_timeout_ms = self.number(MAX_WAIT_MS)?,
            Key::Model
            | Key::Service
            | Key::ModelSetting(_)
            | Key::ServiceSetting(_)
            | Key::Backlog
            | Key::Pace
            | Key::Requests
            | Key::IdleMs => return Err(self.wrong_side()),
            Key::Framing | Key::RecvBytes | Key::PieceBytes | Key::PieceMs | Key::Nagle | Key::Cork | Key::Broadcast => {
                self.of_messages(&mut client.messages)?;
            }
        }
        Ok(())
    }

    fn of_messages(&self, messages: &mut super::Messages) -> Result<(), ChangeError> {
        match &self.change.key {
            Key::Framing => messages.framing = parse_framing(&self.change.value).map_err(|why| self.refuse(why))?,
            Key::RecvBytes => messages.wire.recv_bytes = self.small(MAX_FRAME.into())?,
            Key::PieceBytes => messages.wire.piece_bytes = self.small(MAX_FRAME.into())?,
            Key::PieceMs => messages.wire.piece_ms = self.small(MAX_WAIT_MS)?,
            Key::Nagle => messages.wire.nagle = self.switch()?,
            Key::Cork => messages.wire.cork = self.switch()?,
            Key::Broadcast => messages.cast.broadcast = self.switch()?,
            Key::Model
            | Key::Service
            | Key::ModelSetting(_)
            | Key::ServiceSetting(_)
            | Key::Address
            | Key::Server
            | Key::Backlog
            | Key::Pace
            | Key::Requests
            | Key::IdleMs
            | Key::Connections
            | Key::Reconnect
            | Key::AfterEnd
            | Key::ConnectTimeoutMs => {}
        }
        Ok(())
    }

    fn key(&self) -> String {
        let line = self.change.to_string();
        line.split_once('=').map_or_else(String::new, |(key, _)| key.to_owned())
    }

    fn refuse(&self, why: impl Into<NotThat>) -> ChangeError {
        ChangeError::Value { key: self.key(), value: self.change.value.clone(), why: Box::new(why.into()) }
    }

    fn wrong_side(&self) -> ChangeError {
        ChangeError::WrongSide { name: self.name.to_owned(), side: self.side, what: self.key() }
    }

    fn among<'k>(&self, known: &'k [super::KnownItem<'k>]) -> Result<&'k super::KnownItem<'k>, ChangeError> {
        let found = known.iter().find(|item| item.id == self.change.value);
        found.ok_or_else(|| self.refuse(NotThat::Among(known.iter().map(|item| item.id.to_owned()).collect())))
    }

    fn number(&self, most: u64) -> Result<u64, ChangeError> {
        let number = self.change.value.replace('_', "").parse().ok().filter(|n| *n <= most);
        number.ok_or_else(|| self.refuse(NotThat::Number(most)))
    }

    fn small(&self, most: u64) -> Result<u32, ChangeError> {
        self.number(most).map(super::file::small)
    }

    fn switch(&self) -> Result<bool, ChangeError> {
        match self.change.value.as_str() {
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err(self.refuse(NotThat::Switch)),
        }
    }
}

fn set(settings: &mut Settings, defs: &[SettingDef], id: &str, value: &str) -> Result<(), SettingError> {
    let unknown = || SettingError::Unknown { id: id.to_owned(), known: defs.iter().map(|def| def.id).collect() };
    let def = defs.iter().find(|def| def.id == id).ok_or_else(unknown)?;
    settings.set(id, def.parse(value)?);
    Ok(())
}
