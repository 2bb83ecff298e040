//! Writing a lab file. Comments and layout of the file before stay at the endpoints that still exist, matched by name.
//!
//! It makes a text; whoever calls writes the file.

use ipnet::IpNet;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

use super::file::{AFTER_END, CLIENT_KEYS, LAB_KEYS, LIFE_KEYS, OPENING_KEYS, RECONNECT, SERVER_KEYS, TO};
use super::write_experiment::{experiment_into, steps_into};
use super::write_messages::{messages_into, packet_into, saved_into, sequences_into};
use super::{AcceptPace, AfterEnd, Client, DEFAULT_BACKLOG, Filter, Lab, Life, Opening, Reconnect, Server, Target};
use crate::settings::{Setting, Settings};

/// The text of a lab file. Defaults are left out unless the file before spelled them out; the model is always named,
/// because its default differs from system to system.
pub fn write(lab: &Lab, previous: Option<&str>) -> String {
    let mut document: DocumentMut = previous.and_then(|text| text.parse().ok()).unwrap_or_default();
    let top = document.as_table_mut();
    keep_only(top, LAB_KEYS);
    put(top, "name", lab.name.as_str(), lab.name.is_empty());
    list(top, "server", lab.servers.iter().map(|s| (named(&s.name), move |t: &mut Table| server_into(t, s))));
    list(
        top,
        "client",
        lab.clients.iter().map(|c| {
            let follows = matches!(&c.target, Target::Server(name) if lab.server_named(name).is_some_and(|s| s.transport == c.transport));
            (named(&c.name), move |t: &mut Table| client_into(t, c, follows))
        }),
    );
    saved_into(top, &lab.packets);
    sequences_into(top, &lab.sequences);
    experiment_into(top, lab.experiment.as_deref());
    steps_into(top, &lab.steps);
    document.to_string()
}

/// Whether a table has this name.
fn named(name: &str) -> impl Fn(&Table) -> bool {
    move |table| table.get("name").and_then(Item::as_str).is_some_and(|n| n.trim() == name)
}

/// Rebuilds one list of tables in the order of the lab. Each entry says which table was its own before, and fills it.
pub(super) fn list(
    parent: &mut dyn TableLike,
    key: &str,
    entries: impl ExactSizeIterator<Item = (impl Fn(&Table) -> bool, impl FnOnce(&mut Table))>,
) {
    let before = parent.get_mut(key).map(std::mem::take).and_then(|item| item.into_array_of_tables().ok()).unwrap_or_default();
    if entries.len() == 0 {
        parent.remove(key);
        return;
    }
    let mut before: Vec<Option<Table>> = before.into_iter().map(Some).collect();
    let mut tables: Vec<Table> = Vec::with_capacity(entries.len());
    for (is_own, fill) in entries {
        let own = before.iter_mut().find(|table| table.as_ref().is_some_and(&is_own));
        let mut table = own.and_then(Option::take).unwrap_or_default();
        fill(&mut table);
        tables.push(table);
    }
    // Tables are printed in the order of their places in the old file; new ones follow the one before them. After a move
    // the old places would undo it.
    if !tables.iter().filter_map(Table::position).is_sorted() {
        tables.iter_mut().for_each(forget_places);
    }
    let tables: ArrayOfTables = tables.into_iter().collect();
    match parent.get_mut(key) {
        Some(item) => *item = Item::ArrayOfTables(tables),
        None => drop(parent.insert(key, Item::ArrayOfTables(tables))),
    }
}

/// Of the table and of all that stand in it under a head of their own.
fn forget_places(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(inner) => forget_places(inner),
            Item::ArrayOfTables(inner) => inner.iter_mut().for_each(forget_places),
            Item::None | Item::Value(_) => {}
        }
    }
}

fn forget(table: &mut Table, keys: &[&str]) {
    keys.iter().for_each(|key| drop(table.remove(key)));
}

fn server_into(table: &mut Table, server: &Server) {
    keep_only(table, SERVER_KEYS);
    put(table, "name", server.name.as_str(), false);
    put(table, "transport", server.transport.id(), false);
    put(table, "address", server.address.to_string(), false);
    put(table, "model", server.model.as_str(), false);
    put(table, "service", server.service.as_str(), server.service == "echo");
    put(table, "backlog", i64::from(server.backlog), server.backlog == DEFAULT_BACKLOG);
    settings_into(table, "model_settings", &server.model_settings);
    settings_into(table, "service_settings", &server.service_settings);
    life_into(table, &server.life);
    messages_into(table, &server.messages);
    packet_into(table, &server.packet);
}

fn client_into(table: &mut Table, client: &Client, follows_server: bool) {
    keep_only(table, CLIENT_KEYS);
    put(table, "name", client.name.as_str(), false);
    put(table, "transport", client.transport.id(), follows_server);
    match &client.target {
        Target::Server(name) => {
            forget(table, &["address", "to"]);
            put(table, "server", name.as_str(), false);
        }
        Target::Address(address) => {
            forget(table, &["server", "to"]);
            put(table, "address", address.to_string(), false);
        }
        Target::Pair => {
            forget(table, &["server", "address"]);
            put(table, "to", id_of(TO, Target::Pair), false);
        }
    }
    match &client.local {
        Some(local) => put(table, "local", local.to_string(), false),
        None => drop(table.remove("local")),
    }
    put(table, "connect_timeout_ms", whole(client.connect_timeout_ms), client.connect_timeout_ms == 5_000);
    put(table, "reconnect", id_of(RECONNECT, client.reconnect), client.reconnect == Reconnect::Off);
    put(table, "connections", i64::from(client.connections), client.connections == 1);
    put(table, "after_end", id_of(AFTER_END, client.after_end), client.after_end == AfterEnd::Close);
    opening_into(table, &client.opening);
    messages_into(table, &client.messages);
    packet_into(table, &client.packet);
}

fn opening_into(table: &mut Table, opening: &Opening) {
    let Some(inner) = inner(table, "opening", *opening == Opening::default()) else { return };
    keep_only(inner, OPENING_KEYS);
    put(inner, "every_ms", whole(opening.every_ms), opening.every_ms == 0);
    put(inner, "at_once", i64::from(opening.at_once), opening.at_once == 0);
    put(inner, "syn_retries", i64::from(opening.syn_retries), opening.syn_retries == 0);
}

/// The chosen settings. What has its default again is taken out; so is a table that holds nothing any more.
fn settings_into(table: &mut Table, key: &str, settings: &Settings) {
    let Some(inner) = inner(table, key, settings.is_empty()) else { return };
    let strangers = keep_only(inner, &settings.iter().map(|(id, _)| id).collect::<Vec<_>>());
    for (id, value) in settings.iter() {
        match value {
            Setting::Number(value) => put(inner, id, whole(*value), false),
            Setting::Switch(on) => put(inner, id, *on, false),
            Setting::Text(text) => put(inner, id, text.as_str(), false),
        }
    }
    if strangers > 0 && settings.is_empty() {
        table.remove(key);
    }
}

fn life_into(table: &mut Table, life: &Life) {
    let Some(inner) = inner(table, "life", *life == Life::default()) else { return };
    keep_only(inner, LIFE_KEYS);
    put(inner, "requests", whole(life.requests), life.requests == 0);
    put(inner, "poll_interval_ms", whole(life.poll_interval_ms), life.poll_interval_ms == 0);
    put(inner, "idle_timeout_ms", whole(life.idle_timeout_ms), life.idle_timeout_ms == 0);
    texts_into(inner, "allow", &life.accept.allow, Filter::parse_range, range_words);
    texts_into(inner, "deny", &life.accept.deny, Filter::parse_range, range_words);
    put(inner, "accept_pace", life.accept_pace.to_string(), life.accept_pace == AcceptPace::Eager);
    put(inner, "defer_accept_s", i64::from(life.defer_accept_s), life.defer_accept_s == 0);
}

/// A list of texts that stand for values. Those that were there keep their notation and comments.
pub(super) fn texts_into<T: PartialEq>(
    table: &mut dyn TableLike,
    key: &str,
    values: &[T],
    read: fn(&str) -> Option<T>,
    words: fn(&T) -> String,
) {
    let value_of = |value: &Value| value.as_str().and_then(read);
    let Some(list) = table.get_mut(key).and_then(Item::as_array_mut) else {
        table.remove(key);
        if !values.is_empty() {
            let list: Array = values.iter().map(words).collect();
            table.insert(key, Item::Value(list.into()));
        }
        return;
    };
    let there: Vec<Option<T>> = list.iter().map(value_of).collect();
    if there.len() == values.len() && there.iter().zip(values).all(|(there, value)| there.as_ref() == Some(value)) {
        return;
    }
    let before: Vec<Value> = std::iter::from_fn(|| if list.is_empty() { None } else { Some(list.remove(0)) }).collect();
    for value in values {
        match before.iter().zip(&there).find(|(_, there)| there.as_ref() == Some(value)) {
            Some((old, _)) => list.push_formatted(old.clone()),
            None => list.push(words(value)),
        }
    }
}

/// One address is written as one.
fn range_words(range: &IpNet) -> String {
    if range.prefix_len() == range.max_prefix_len() { range.addr().to_string() } else { range.to_string() }
}

/// The table of that name, made if there is something to say in it.
pub(super) fn inner<'a>(table: &'a mut dyn TableLike, key: &str, is_default: bool) -> Option<&'a mut dyn TableLike> {
    if !table.get(key).is_some_and(Item::is_table_like) {
        table.remove(key);
        if is_default {
            return None;
        }
        table.insert(key, Item::Table(Table::new()));
    }
    table.get_mut(key).and_then(Item::as_table_like_mut)
}

/// Sets a key. A value that is already there keeps its notation, or at least its comment; a default is not added.
pub(super) fn put(table: &mut dyn TableLike, key: &str, value: impl Into<Value>, is_default: bool) {
    let mut value = value.into();
    match table.get_mut(key) {
        Some(Item::Value(old)) if same(old, &value) => {}
        Some(Item::Value(old)) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        _ if is_default => drop(table.remove(key)),
        _ => drop(table.insert(key, Item::Value(value))),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.value() == b.value(),
        (Value::Integer(a), Value::Integer(b)) => a.value() == b.value(),
        (Value::Boolean(a), Value::Boolean(b)) => a.value() == b.value(),
        _ => false,
    }
}

/// Keys that are not ours would make the file unreadable for ourselves. Says how many there were.
pub(super) fn keep_only(table: &mut dyn TableLike, known: &[&str]) -> usize {
    let strangers: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).filter(|key| !known.contains(&key.as_str())).collect();
    strangers.iter().for_each(|key| drop(table.remove(key)));
    strangers.len()
}

pub(super) fn id_of<T: PartialEq>(table: &[(&'static str, T)], value: T) -> &'static str {
    table.iter().find(|(_, v)| *v == value).map_or("", |(id, _)| id)
}

/// TOML's integers have 63 bits.
pub(super) fn whole(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
