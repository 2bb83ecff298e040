//! Reading a lab file: TOML made to be written by hand. Every mistake is refused with its place; nothing is guessed.
//!
//! It reads a text, not a file, and starts nothing.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use toml_edit::{Document, Item, TableLike};

use crate::settings::Settings;

use super::check::{self, LabErrorKind, MAX_BACKLOG, MAX_ENDPOINTS, MAX_FILE_BYTES, MAX_WAIT_MS, What, place};
use super::{
    Address, Client, DEFAULT_BACKLOG, Known, Lab, LabError, Life, LineEnding, MAX_CONNECTIONS, Packet, PacketFormat, Reconnect, Server,
    Side, Target, Transport,
};

/// Keys at the top of a file.
pub(super) const LAB_KEYS: &[&str] = &["name", "server", "client"];
/// Keys of a `[[server]]`.
pub(super) const SERVER_KEYS: &[&str] = &["name", "transport", "address", "model", "service", "backlog", "packet"];
/// Keys of a `[[client]]`.
pub(super) const CLIENT_KEYS: &[&str] =
    &["name", "transport", "server", "address", "local", "connect_timeout_ms", "reconnect", "connections", "packet"];
/// Keys of a `[server.packet]` or `[client.packet]`.
pub(super) const PACKET_KEYS: &[&str] = &["body", "format", "line_ending", "every_ms", "times", "on_connect"];

/// Ids of [`Reconnect`], [`PacketFormat`] and [`LineEnding`] in files.
pub(super) const RECONNECT: &[(&str, Reconnect)] = &[("off", Reconnect::Off), ("backoff", Reconnect::Backoff)];
pub(super) const FORMATS: &[(&str, PacketFormat)] =
    &[("text", PacketFormat::Text), ("hex", PacketFormat::Hex), ("file", PacketFormat::File)];
pub(super) const LINE_ENDINGS: &[(&str, LineEnding)] =
    &[("none", LineEnding::None), ("lf", LineEnding::Lf), ("crlf", LineEnding::CrLf), ("cr", LineEnding::Cr)];

/// The lab that a text describes.
///
/// # Errors
/// The first mistake, with its place and the names that exist.
pub fn parse(text: &str, known: &Known<'_>) -> Result<Lab, LabError> {
    if text.len() > MAX_FILE_BYTES {
        return Err(LabError::at(text, None, LabErrorKind::TooLarge(text.len())));
    }
    let document =
        Document::parse(text).map_err(|e| LabError::at(text, e.span(), LabErrorKind::Syntax(e.message().trim().replace('\n', ", "))))?;
    let top = Reader { text, table: document.as_table(), span: None, side: None, name: None };
    top.only(LAB_KEYS)?;
    let (servers, clients) = (top.tables("server", Side::Server)?, top.tables("client", Side::Client)?);
    let count = servers.len() + clients.len();
    if count > MAX_ENDPOINTS {
        return Err(top.error(None, LabErrorKind::TooManyEndpoints(count)));
    }
    let name = match top.string("name")? {
        // An empty lab name is a lab without one; it is shown as "untitled".
        Some((name, span)) if !name.trim().is_empty() => check::name(name).map_err(|k| top.error(span, k))?,
        _ => String::new(),
    };
    let mut lab = Lab { name, ..Lab::default() };
    let mut lines = BTreeMap::new();
    for reader in servers {
        let reader = reader.named(&mut lines)?;
        let server = read_server(&reader, known, &mut lab)?;
        lab.servers.push(server);
    }
    let by_name: BTreeMap<String, Transport> = lab.servers.iter().map(|s| (s.name.clone(), s.transport)).collect();
    for reader in clients {
        let reader = reader.named(&mut lines)?;
        let client = read_client(&reader, &by_name, &mut lab)?;
        lab.clients.push(client);
    }
    Ok(lab)
}

fn read_server(from: &Reader<'_>, known: &Known<'_>, lab: &mut Lab) -> Result<Server, LabError> {
    from.only(SERVER_KEYS)?;
    let transport = from.transport()?.ok_or_else(|| from.missing("transport"))?;
    let (address, _) = from.address("address", transport)?.ok_or_else(|| from.missing("address"))?;
    let model = from.id("model", What::Model, known.models)?.unwrap_or(known.default_model).to_owned();
    let service = from.id("service", What::Service, known.services)?.unwrap_or("echo").to_owned();
    let backlog = from.number("backlog", 0..=MAX_BACKLOG.into())?.map_or(DEFAULT_BACKLOG, small);
    let packet = read_packet(from)?;
    Ok(Server {
        id: lab.fresh_id(),
        name: from.endpoint_name(),
        transport,
        address,
        model,
        model_settings: Settings::default(),
        service,
        service_settings: Settings::default(),
        life: Life::default(),
        backlog,
        packet,
    })
}

fn read_client(from: &Reader<'_>, servers: &BTreeMap<String, Transport>, lab: &mut Lab) -> Result<Client, LabError> {
    from.only(CLIENT_KEYS)?;
    let transport = from.transport()?;
    let (transport, target) = match (from.string("server")?, from.string("address")?) {
        (Some(_), Some((_, span))) => return Err(from.error(span, LabErrorKind::TwoTargets)),
        (None, None) => return Err(from.error(None, LabErrorKind::NoTarget)),
        (Some((name, span)), None) => {
            let name = name.trim();
            let Some(&of_server) = servers.get(name) else {
                let known = servers.keys().cloned().collect();
                return Err(from.error(span, LabErrorKind::Unknown { what: What::Server, name: name.to_owned(), known }));
            };
            if let Some(client) = transport.filter(|t| *t != of_server) {
                let kind = LabErrorKind::TransportMismatch { client, server: name.to_owned(), server_transport: of_server };
                return Err(from.error(from.span_of("transport"), kind));
            }
            (of_server, Target::Server(name.to_owned()))
        }
        (None, Some(_)) => {
            let transport = transport.ok_or_else(|| from.missing("transport"))?;
            let (address, span) = from.address("address", transport)?.ok_or_else(|| from.missing("address"))?;
            if matches!(address, Address::Inet { port: 0, .. }) {
                return Err(from.error(span, LabErrorKind::PortZero));
            }
            (transport, Target::Address(address))
        }
    };
    let local = from.address("local", transport)?.map(|(address, _)| address);
    let connect_timeout_ms = from.number("connect_timeout_ms", 0..=MAX_WAIT_MS)?.unwrap_or(5_000);
    let reconnect = from.choice("reconnect", What::Reconnect, RECONNECT)?.unwrap_or_default();
    let connections = from.number("connections", 1..=MAX_CONNECTIONS.into())?.map_or(1, small);
    let packet = read_packet(from)?;
    let (id, name) = (lab.fresh_id(), from.endpoint_name());
    Ok(Client { id, name, transport, target, local, connect_timeout_ms, reconnect, connections, packet })
}

fn read_packet(of: &Reader<'_>) -> Result<Packet, LabError> {
    let Some(item) = of.table.get("packet") else { return Ok(Packet::default()) };
    let table = item.as_table_like().ok_or_else(|| of.wrong_type("packet", "a table", item))?;
    let from = Reader { table, span: item.span(), name: of.name.clone(), ..*of };
    from.only(PACKET_KEYS)?;
    let default = Packet::default();
    let packet = Packet {
        body: from.string("body")?.map_or(default.body, |(body, _)| body.to_owned()),
        format: from.choice("format", What::Format, FORMATS)?.unwrap_or_default(),
        line_ending: from.choice("line_ending", What::LineEnding, LINE_ENDINGS)?.unwrap_or_default(),
        every_ms: from.number("every_ms", 0..=MAX_WAIT_MS)?.unwrap_or(default.every_ms),
        times: from.number("times", 0..=u32::MAX.into())?.map_or(default.times, small),
        on_connect: from.boolean("on_connect")?.unwrap_or(default.on_connect),
    };
    check::body(&packet).map_err(|kind| from.error(from.span_of("body"), kind))?;
    Ok(packet)
}

/// A number whose range was checked to fit.
fn small(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

type Place = Option<Range<usize>>;

/// One table of the file, and who it is for the words of a mistake.
struct Reader<'a> {
    text: &'a str,
    table: &'a dyn TableLike,
    span: Place,
    side: Option<Side>,
    name: Option<String>,
}

impl<'a> Reader<'a> {
    /// Its `[[key]]` tables, also written as an array of inline tables.
    fn tables(&self, key: &str, side: Side) -> Result<Vec<Reader<'a>>, LabError> {
        let Some(item) = self.table.get(key) else { return Ok(Vec::new()) };
        let wrong = |found: &Item| self.wrong_type(key, "a list of tables, each under its own [[…]]", found);
        let reader = |table, span| Reader { text: self.text, table, span, side: Some(side), name: None };
        match item {
            Item::ArrayOfTables(tables) => Ok(tables.iter().map(|t| reader(t, t.span())).collect()),
            Item::Value(toml_edit::Value::Array(array)) => array
                .iter()
                .map(|v| v.as_inline_table().map(|t| reader(t as &dyn TableLike, v.span())).ok_or_else(|| wrong(item)))
                .collect(),
            other => Err(wrong(other)),
        }
    }

    /// Reads its name, which later mistakes repeat, and refuses one that was used before.
    fn named(mut self, lines: &mut BTreeMap<String, usize>) -> Result<Self, LabError> {
        let (name, span) = self.string("name")?.ok_or_else(|| self.missing("name"))?;
        let name = check::name(name).map_err(|k| self.error(span.clone(), k))?;
        let (line, _) = place(self.text, span.as_ref().map_or(0, |s| s.start));
        self.name = Some(name.clone());
        match lines.insert(name, line) {
            Some(first_line) => Err(self.error(span, LabErrorKind::DuplicateName { first_line })),
            None => Ok(self),
        }
    }

    fn endpoint_name(&self) -> String {
        self.name.clone().unwrap_or_default()
    }

    fn only(&self, known: &'static [&'static str]) -> Result<(), LabError> {
        match self.table.iter().find(|(key, _)| !known.contains(key)) {
            None => Ok(()),
            Some((key, item)) => {
                let span = self.table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
                Err(self.error(span, LabErrorKind::UnknownKey { key: key.to_owned(), known }))
            }
        }
    }

    fn string(&self, key: &str) -> Result<Option<(&'a str, Place)>, LabError> {
        let read = |item: &'a Item| item.as_str().map(|s| (s, item.span())).ok_or_else(|| self.wrong_type(key, "a text in quotes", item));
        self.table.get(key).map(read).transpose()
    }

    fn boolean(&self, key: &str) -> Result<Option<bool>, LabError> {
        let read = |item: &Item| item.as_bool().ok_or_else(|| self.wrong_type(key, "true or false", item));
        self.table.get(key).map(read).transpose()
    }

    fn number(&self, key: &str, range: RangeInclusive<u64>) -> Result<Option<u64>, LabError> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        let value = item.as_integer().ok_or_else(|| self.wrong_type(key, "a whole number", item))?;
        check::number(key, value, range).map(Some).map_err(|kind| self.error(item.span(), kind))
    }

    fn id(&self, key: &str, what: What, known: &[&str]) -> Result<Option<&'a str>, LabError> {
        let Some((id, span)) = self.string(key)? else { return Ok(None) };
        if known.contains(&id) {
            return Ok(Some(id));
        }
        let known = known.iter().map(|&k| k.to_owned()).collect();
        Err(self.error(span, LabErrorKind::Unknown { what, name: id.to_owned(), known }))
    }

    fn choice<T: Copy>(&self, key: &str, what: What, table: &[(&str, T)]) -> Result<Option<T>, LabError> {
        let ids: Vec<_> = table.iter().map(|(id, _)| *id).collect();
        let id = self.id(key, what, &ids)?;
        Ok(id.and_then(|id| table.iter().find(|(other, _)| *other == id)).map(|(_, value)| *value))
    }

    fn transport(&self) -> Result<Option<Transport>, LabError> {
        self.choice("transport", What::Transport, &Transport::ALL.map(|t| (t.id(), t)))
    }

    fn address(&self, key: &'static str, transport: Transport) -> Result<Option<(Address, Place)>, LabError> {
        let Some((text, span)) = self.string(key)? else { return Ok(None) };
        match Address::parse(transport, text) {
            Ok(address) => Ok(Some((address, span))),
            Err(error) => Err(self.error(span, LabErrorKind::Address { key, error })),
        }
    }

    fn span_of(&self, key: &str) -> Place {
        self.table.get(key).and_then(Item::span)
    }

    fn missing(&self, key: &'static str) -> LabError {
        self.error(None, LabErrorKind::Missing(key))
    }

    fn wrong_type(&self, key: &str, expected: &'static str, found: &Item) -> LabError {
        self.error(found.span(), LabErrorKind::WrongType { key: key.to_owned(), expected, found: found.type_name() })
    }

    /// A mistake there, or else where this table begins.
    fn error(&self, span: Place, kind: LabErrorKind) -> LabError {
        let span = span.or_else(|| self.span.clone());
        LabError { side: self.side, endpoint: self.name.clone(), ..LabError::at(self.text, span, kind) }
    }
}
