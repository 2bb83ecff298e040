//! Packets that another program saved, as packets of ours: Packet Sender's JSON export and its `packets.ini`. A file is told by
//! its content. What we have no place for is counted, so that it can be said. Pure: bytes in, packets out.

mod ini;
mod json;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::bytes::{BytesError, parse_hex, to_hex};
use crate::lab::{MAX_PACKETS, MAX_WAIT_MS, Packet, PacketFormat, SavedPacket};

/// The folder they come into; below it one for each target.
const FOLDER: &str = "Packet Sender";

/// What a file held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    /// In the order of the file.
    pub packets: Vec<SavedPacket>,
    /// HTTP requests: they are no packets, and were left out.
    pub http: usize,
    /// Packets that went out encrypted (TLS, DTLS): their bytes came in, the encryption did not.
    pub encrypted: usize,
}

/// Why a collection cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollectionError {
    /// Not JSON after all.
    #[error("line {line}, column {column}: {said}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the parser said.
        said: String,
    },
    /// Bytes that are not hex.
    #[error("packet '{packet}', hex {error}")]
    Hex {
        /// Its name.
        packet: String,
        /// What is wrong in its hex, and where.
        error: BytesError,
    },
    /// A pause that is no number of seconds, or longer than a day.
    #[error("packet '{packet}': '{said}' is no number of seconds to repeat after, from 0 to a day")]
    Repeat {
        /// Its name.
        packet: String,
        /// What stands there.
        said: String,
    },
    /// More than [`MAX_PACKETS`].
    #[error("more than {MAX_PACKETS} packets")]
    TooMany,
}

/// A packet as both formats tell it: keys in small letters.
type Raw = BTreeMap<String, String>;

/// The packets of a file; `None` when it is no collection of this kind.
///
/// # Errors
/// When it is one and has a mistake, with its place.
pub fn read(file: &[u8]) -> Option<Result<Collection, CollectionError>> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let raws = if json::is(file) {
        json::read(file)
    } else if ini::is(file) {
        Ok(ini::read(file))
    } else {
        return None;
    };
    Some(raws.and_then(|raws| collect(&raws)))
}

fn collect(raws: &[Raw]) -> Result<Collection, CollectionError> {
    let mut found = Collection::default();
    for raw in raws {
        let value = |key: &str| raw.get(key).map_or("", |v| v.trim());
        let transport = value("tcporudp").to_ascii_lowercase();
        if transport.contains("http") {
            found.http += 1;
            continue;
        }
        let is_encrypted = transport.contains("ssl") || transport.contains("tls");
        found.encrypted += usize::from(is_encrypted);
        if found.packets.len() == MAX_PACKETS {
            return Err(CollectionError::TooMany);
        }
        found.packets.push(packet(raw, &transport)?);
    }
    Ok(found)
}

fn packet(raw: &Raw, transport: &str) -> Result<SavedPacket, CollectionError> {
    let value = |key: &str| raw.get(key).map_or("", |v| v.trim());
    // A name is one line.
    let name: String = value("name").chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = if name.trim().is_empty() { "packet".to_owned() } else { name.trim().to_owned() };
    let bytes = parse_hex(value("hexstring")).map_err(|error| CollectionError::Hex { packet: name.clone(), error })?;
    let every_ms =
        repeat_ms(value("repeat")).ok_or_else(|| CollectionError::Repeat { packet: name.clone(), said: value("repeat").into() })?;
    let packet = Packet {
        body: to_hex(&bytes, usize::MAX),
        format: PacketFormat::Hex,
        // Its bytes are the whole of what went out.
        framed: false,
        every_ms,
        times: if every_ms == 0 { 1 } else { 0 },
        ..Packet::default()
    };
    Ok(SavedPacket { name, folder: folder(transport, value("toip"), value("port")), packet })
}

/// Where it went there is kept as the name of a folder: a packet here goes where its endpoint does.
fn folder(transport: &str, host: &str, port: &str) -> String {
    let plain = |text: &str| text.chars().filter(|c| !c.is_control() && *c != '/').collect::<String>().trim().to_owned();
    let (transport, host, port) = (plain(transport).to_uppercase(), plain(host), plain(port));
    let target = match (host.is_empty(), port.is_empty() || port == "0") {
        (true, true) => String::new(),
        (true, false) => format!(":{port}"),
        (false, true) => host,
        (false, false) if host.contains(':') => format!("[{host}]:{port}"),
        (false, false) => format!("{host}:{port}"),
    };
    let below = [transport, target].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if below.is_empty() { FOLDER.to_owned() } else { format!("{FOLDER}/{below}") }
}

/// Seconds with a fraction, as milliseconds; nothing is 0.
fn repeat_ms(said: &str) -> Option<u64> {
    if said.is_empty() {
        return Some(0);
    }
    let ms = (said.parse::<f64>().ok()? * 1e3).round();
    (ms >= 0.0 && ms <= MAX_WAIT_MS as f64).then_some(ms as u64)
}
