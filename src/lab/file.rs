//! Reading a lab file: TOML made to be written by hand. Every mistake is refused with its place; nothing is guessed.
//!
//! It reads a text, not a file, and starts nothing.

use std::collections::BTreeMap;

use toml_edit::{Document, Item, Value};

use crate::settings::{SettingDef, Settings};

use super::check::{
    self, LabErrorKind, MAX_BACKLOG, MAX_DEFER_S, MAX_ENDPOINTS, MAX_FILE_BYTES, MAX_REQUESTS, MAX_SYN_RETRIES, MAX_WAIT_MS, What, Written,
};
use super::reader::Reader;
use super::{
    AcceptPace, Address, AfterEnd, Client, DEFAULT_BACKLOG, Filter, Known, Lab, LabError, Life, MAX_CONNECTIONS, Opening, Reconnect,
    Server, Side, Target, Transport, read_experiment, read_messages,
};

/// Keys at the top of a file.
pub(super) const LAB_KEYS: &[&str] = &["name", "server", "client", "packet", "sequence", "experiment", "step"];
/// Keys of a `[[server]]`.
pub(super) const SERVER_KEYS: &[&str] =
    &["name", "transport", "address", "model", "model_settings", "service", "service_settings", "backlog", "life", "messages", "packet"];
/// Keys of a `[server.life]`.
pub(super) const LIFE_KEYS: &[&str] =
    &["requests", "poll_interval_ms", "idle_timeout_ms", "allow", "deny", "accept_pace", "defer_accept_s"];
/// Keys of a `[[client]]`.
pub(super) const CLIENT_KEYS: &[&str] = &[
    "name",
    "transport",
    "server",
    "address",
    "to",
    "local",
    "connect_timeout_ms",
    "reconnect",
    "connections",
    "after_end",
    "opening",
    "messages",
    "packet",
];
/// Keys of a `[client.opening]`.
pub(super) const OPENING_KEYS: &[&str] = &["every_ms", "at_once", "syn_retries"];

/// What `to` may say: a target that is no address.
pub(super) const TO: &[(&str, Target)] = &[("pair", Target::Pair)];

/// Ids of [`Reconnect`] in files.
pub(super) const RECONNECT: &[(&str, Reconnect)] = &[("off", Reconnect::Off), ("backoff", Reconnect::Backoff)];

/// Ids of [`AfterEnd`] in files.
pub(super) const AFTER_END: &[(&str, AfterEnd)] = &[("close", AfterEnd::Close), ("stay", AfterEnd::Stay)];

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
    let (servers, clients) = (top.tables("server", Some(Side::Server))?, top.tables("client", Some(Side::Client))?);
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
    lab.packets = read_messages::saved(&top)?;
    lab.sequences = read_messages::sequences(&top)?;
    lab.experiment = read_experiment::experiment(&top, known)?.map(Box::new);
    lab.steps = read_experiment::steps(&top, &lab, known)?;
    Ok(lab)
}

fn read_server(from: &Reader<'_>, known: &Known<'_>, lab: &mut Lab) -> Result<Server, LabError> {
    from.only(SERVER_KEYS)?;
    let transport = from.transport()?.ok_or_else(|| from.missing("transport"))?;
    let (address, _) = from.address("address", transport)?.ok_or_else(|| from.missing("address"))?;
    let (model, offers) = from.item("model", What::Model, known.models, known.default_model)?;
    let no_datagrams = known.models.iter().find(|item| item.id == model).and_then(|item| item.no_datagrams);
    if let (false, Some(reason)) = (transport.is_stream(), no_datagrams) {
        let kind = LabErrorKind::NoDatagrams { model: model.to_owned(), transport, reason: reason.to_owned() };
        return Err(from.error(from.span_of("model").or_else(|| from.span_of("transport")), kind));
    }
    let model_settings = read_settings(from, "model_settings", What::ModelSetting, offers)?;
    let (service, offers) = from.item("service", What::Service, known.services, "echo")?;
    let service_settings = read_settings(from, "service_settings", What::ServiceSetting, offers)?;
    let life = read_life(from)?;
    let backlog = from.number("backlog", 0..=MAX_BACKLOG.into())?.map_or(DEFAULT_BACKLOG, small);
    let (messages, packet) = (read_messages::messages(from)?, read_messages::packet(from)?);
    Ok(Server {
        id: lab.fresh_id(),
        name: from.endpoint_name(),
        transport,
        address,
        model: model.to_owned(),
        model_settings,
        service: service.to_owned(),
        service_settings,
        life,
        backlog,
        messages,
        packet,
    })
}

fn read_client(from: &Reader<'_>, servers: &BTreeMap<String, Transport>, lab: &mut Lab) -> Result<Client, LabError> {
    from.only(CLIENT_KEYS)?;
    let transport = from.transport()?;
    let to = from.choice("to", What::To, TO)?;
    let (transport, target) = match (from.string("server")?, from.string("address")?, to) {
        (Some(_), Some((_, span)), _) => return Err(from.error(span, LabErrorKind::TwoTargets)),
        (Some(_), None, Some(_)) | (None, Some(_), Some(_)) => return Err(from.error(from.span_of("to"), LabErrorKind::TwoTargets)),
        (None, None, None) => return Err(from.error(None, LabErrorKind::NoTarget)),
        (None, None, Some(to)) => {
            let transport = transport.ok_or_else(|| from.missing("transport"))?;
            if !transport.is_unix() {
                return Err(from.error(from.span_of("to"), LabErrorKind::PairTransport(transport)));
            }
            if let Some(span) = from.span_of("local") {
                return Err(from.error(Some(span), LabErrorKind::PairLocal));
            }
            (transport, to)
        }
        (Some((name, span)), None, None) => {
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
        (None, Some(_), None) => {
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
    let connections = from.number("connections", 0..=MAX_CONNECTIONS.into())?.map_or(1, small);
    let after_end = from.choice("after_end", What::AfterEnd, AFTER_END)?.unwrap_or_default();
    let opening = read_opening(from)?;
    let (messages, packet) = (read_messages::messages(from)?, read_messages::packet(from)?);
    let (id, name) = (lab.fresh_id(), from.endpoint_name());
    Ok(Client { id, name, transport, target, local, connect_timeout_ms, reconnect, connections, after_end, opening, messages, packet })
}

/// What was set about a model or a service that offers these settings.
fn read_settings(of: &Reader<'_>, key: &str, what: What, offers: &[SettingDef]) -> Result<Settings, LabError> {
    let mut settings = Settings::default();
    let Some(from) = of.inner(key)? else { return Ok(settings) };
    for (id, item) in from.table.iter() {
        let Some(def) = offers.iter().find(|def| def.id == id) else {
            let known = offers.iter().map(|def| def.id.to_owned()).collect();
            return Err(from.error(from.span_of_key(id), LabErrorKind::Unknown { what, name: id.to_owned(), known }));
        };
        let written = match item {
            Item::Value(Value::Integer(value)) => Some(Written::Integer(*value.value())),
            Item::Value(Value::Boolean(on)) => Some(Written::Boolean(*on.value())),
            Item::Value(Value::String(text)) => Some(Written::Text(text.value())),
            _ => None,
        };
        let value = check::setting(def, written, item.type_name()).map_err(|kind| from.error(item.span(), kind))?;
        settings.set(id, value);
    }
    Ok(settings)
}

fn read_life(of: &Reader<'_>) -> Result<Life, LabError> {
    let Some(from) = of.inner("life")? else { return Ok(Life::default()) };
    from.only(LIFE_KEYS)?;
    Ok(Life {
        requests: from.number("requests", 0..=MAX_REQUESTS)?.unwrap_or(0),
        poll_interval_ms: from.number("poll_interval_ms", 0..=MAX_WAIT_MS)?.unwrap_or(0),
        idle_timeout_ms: from.number("idle_timeout_ms", 0..=MAX_WAIT_MS)?.unwrap_or(0),
        accept: Filter { allow: from.ranges("allow")?, deny: from.ranges("deny")? },
        accept_pace: read_pace(&from)?,
        defer_accept_s: from.number("defer_accept_s", 0..=MAX_DEFER_S.into())?.map_or(0, small),
    })
}

fn read_pace(from: &Reader<'_>) -> Result<AcceptPace, LabError> {
    let Some((text, span)) = from.string("accept_pace")? else { return Ok(AcceptPace::Eager) };
    AcceptPace::parse(text).ok_or_else(|| from.error(span, LabErrorKind::Pace(text.to_owned())))
}

fn read_opening(of: &Reader<'_>) -> Result<Opening, LabError> {
    let Some(from) = of.inner("opening")? else { return Ok(Opening::default()) };
    from.only(OPENING_KEYS)?;
    Ok(Opening {
        every_ms: from.number("every_ms", 0..=MAX_WAIT_MS)?.unwrap_or(0),
        at_once: from.number("at_once", 0..=MAX_CONNECTIONS.into())?.map_or(0, small),
        syn_retries: from.number("syn_retries", 0..=MAX_SYN_RETRIES.into())?.map_or(0, small),
    })
}

/// A number whose range was checked to fit.
pub(super) fn small(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
