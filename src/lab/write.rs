//! Writing a lab file. Comments and layout of the file before stay at the endpoints that still exist, matched by name.
//!
//! It makes a text; whoever calls writes the file.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

use super::file::{CLIENT_KEYS, FORMATS, LAB_KEYS, LINE_ENDINGS, PACKET_KEYS, RECONNECT, SERVER_KEYS};
use super::{Client, DEFAULT_BACKLOG, Lab, Packet, Reconnect, Server, Target};

/// The text of a lab file. Defaults are left out unless the file before spelled them out; the model is always named,
/// because its default differs from system to system.
pub fn write(lab: &Lab, previous: Option<&str>) -> String {
    let mut document: DocumentMut = previous.and_then(|text| text.parse().ok()).unwrap_or_default();
    let top = document.as_table_mut();
    keep_only(top, LAB_KEYS);
    put(top, "name", lab.name.as_str(), lab.name.is_empty());
    list(top, "server", lab.servers.iter().map(|s| (s.name.as_str(), move |t: &mut Table| server_into(t, s))));
    list(
        top,
        "client",
        lab.clients.iter().map(|c| {
            let follows = matches!(&c.target, Target::Server(name) if lab.server_named(name).is_some_and(|s| s.transport == c.transport));
            (c.name.as_str(), move |t: &mut Table| client_into(t, c, follows))
        }),
    );
    document.to_string()
}

/// Rebuilds one list of tables in the order of the lab, each from the table that had its name before.
fn list<'a>(top: &mut Table, key: &str, endpoints: impl ExactSizeIterator<Item = (&'a str, impl FnOnce(&mut Table))>) {
    let before = top.get_mut(key).map(std::mem::take).and_then(|item| item.into_array_of_tables().ok()).unwrap_or_default();
    if endpoints.len() == 0 {
        top.remove(key);
        return;
    }
    let mut before: Vec<Option<Table>> = before.into_iter().map(Some).collect();
    let mut tables: Vec<Table> = Vec::with_capacity(endpoints.len());
    for (name, fill) in endpoints {
        let has_name = |t: &Option<Table>| t.as_ref().and_then(|t| t.get("name")).and_then(Item::as_str).is_some_and(|n| n.trim() == name);
        let mut table = before.iter_mut().find(|t| has_name(t)).and_then(Option::take).unwrap_or_default();
        fill(&mut table);
        tables.push(table);
    }
    // Tables are printed in the order of their places in the old file; new ones follow the one before them. After a move
    // the old places would undo it.
    if !tables.iter().filter_map(Table::position).is_sorted() {
        tables.iter_mut().for_each(forget_places);
    }
    let tables: ArrayOfTables = tables.into_iter().collect();
    match top.get_mut(key) {
        Some(item) => *item = Item::ArrayOfTables(tables),
        None => drop(top.insert(key, Item::ArrayOfTables(tables))),
    }
}

fn forget_places(table: &mut Table) {
    table.set_position(None);
    if let Some(packet) = table.get_mut("packet").and_then(Item::as_table_mut) {
        packet.set_position(None);
    }
}

fn server_into(table: &mut Table, server: &Server) {
    keep_only(table, SERVER_KEYS);
    put(table, "name", server.name.as_str(), false);
    put(table, "transport", server.transport.id(), false);
    put(table, "address", server.address.to_string(), false);
    put(table, "model", server.model.as_str(), false);
    put(table, "service", server.service.as_str(), server.service == "echo");
    put(table, "backlog", i64::from(server.backlog), server.backlog == DEFAULT_BACKLOG);
    packet_into(table, &server.packet);
}

fn client_into(table: &mut Table, client: &Client, follows_server: bool) {
    keep_only(table, CLIENT_KEYS);
    put(table, "name", client.name.as_str(), false);
    put(table, "transport", client.transport.id(), follows_server);
    match &client.target {
        Target::Server(name) => {
            table.remove("address");
            put(table, "server", name.as_str(), false);
        }
        Target::Address(address) => {
            table.remove("server");
            put(table, "address", address.to_string(), false);
        }
    }
    match &client.local {
        Some(local) => put(table, "local", local.to_string(), false),
        None => drop(table.remove("local")),
    }
    put(table, "connect_timeout_ms", whole(client.connect_timeout_ms), client.connect_timeout_ms == 5_000);
    put(table, "reconnect", id_of(RECONNECT, client.reconnect), client.reconnect == Reconnect::Off);
    put(table, "connections", i64::from(client.connections), client.connections == 1);
    packet_into(table, &client.packet);
}

fn packet_into(table: &mut Table, packet: &Packet) {
    let default = Packet::default();
    if !table.get("packet").is_some_and(Item::is_table_like) {
        table.remove("packet");
        if *packet == default {
            return;
        }
        table.insert("packet", Item::Table(Table::new()));
    }
    let Some(table) = table.get_mut("packet").and_then(Item::as_table_like_mut) else { return };
    keep_only(table, PACKET_KEYS);
    put(table, "body", packet.body.as_str(), packet.body == default.body);
    put(table, "format", id_of(FORMATS, packet.format), packet.format == default.format);
    put(table, "line_ending", id_of(LINE_ENDINGS, packet.line_ending), packet.line_ending == default.line_ending);
    put(table, "every_ms", whole(packet.every_ms), packet.every_ms == default.every_ms);
    put(table, "times", i64::from(packet.times), packet.times == default.times);
    put(table, "on_connect", packet.on_connect, packet.on_connect == default.on_connect);
}

/// Sets a key. A value that is already there keeps its notation, or at least its comment; a default is not added.
fn put(table: &mut dyn TableLike, key: &str, value: impl Into<Value>, is_default: bool) {
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

/// Keys that are not ours would make the file unreadable for ourselves.
fn keep_only(table: &mut dyn TableLike, known: &[&str]) {
    let strangers: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).filter(|key| !known.contains(&key.as_str())).collect();
    strangers.iter().for_each(|key| drop(table.remove(key)));
}

fn id_of<T: PartialEq>(table: &[(&'static str, T)], value: T) -> &'static str {
    table.iter().find(|(_, v)| *v == value).map_or("", |(id, _)| id)
}

/// TOML's integers have 63 bits.
fn whole(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
