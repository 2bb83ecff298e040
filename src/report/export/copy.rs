//! Rows as words to paste: into a terminal, a program, a packet.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::has_bytes;
use crate::bytes::{to_hex, to_text_string};
use crate::engine::{ConnInfo, Record};
use crate::lab::{Side, Transport};

/// What rows become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CopyAs {
    /// Pairs of hex digits, a line for each row.
    Hex,
    /// Text with escapes, as packets are typed, a line for each row.
    Text,
    /// A command for the shell that sends the same bytes to the same server: `printf … | nc …`.
    Netcat,
    /// A Python program that does so and prints what comes back.
    Python,
}

impl CopyAs {
    /// In the order of menus.
    pub const ALL: [Self; 4] = [Self::Hex, Self::Text, Self::Netcat, Self::Python];

    /// The stable string.
    pub fn id(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Text => "text",
            Self::Netcat => "nc",
            Self::Python => "python",
        }
    }
}

/// The bytes of these rows, oldest first; rows without bytes are passed over. Where they are sent to is the server of the first
/// row: of its connection, the end that waits for others.
pub fn copy_as<'a>(records: impl Iterator<Item = &'a Record>, how: CopyAs) -> String {
    let rows: Vec<&Record> = records.filter(|record| has_bytes(record)).collect();
    match how {
        CopyAs::Hex => lines(&rows, |data| to_hex(data, usize::MAX)),
        CopyAs::Text => lines(&rows, to_text_string),
        CopyAs::Netcat => rows.first().map(|first| netcat(&first.conn, &rows)).unwrap_or_default(),
        CopyAs::Python => rows.first().map(|first| python(&first.conn, &rows)).unwrap_or_default(),
    }
}

fn lines(rows: &[&Record], say: impl Fn(&[u8]) -> String) -> String {
    rows.iter().map(|row| say(&row.data)).collect::<Vec<_>>().join("\n")
}

/// The address that others connect to.
fn server(conn: &ConnInfo) -> &str {
    match conn.side {
        Side::Server => &conn.local,
        Side::Client => &conn.peer,
    }
}

/// Host and port that a program on this machine reaches it by.
fn host_port(address: &str) -> (String, String) {
    match address.parse::<SocketAddr>() {
        Ok(at) => {
            let ip = match at.ip() {
                IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
                ip => ip,
            };
            (ip.to_string(), at.port().to_string())
        }
        Err(_) => {
            let (host, port) = address.rsplit_once(':').unwrap_or((address, "0"));
            (host.to_owned(), port.to_owned())
        }
    }
}

/// For POSIX shells and OpenBSD's `nc`: `-N` says FIN after the last byte. Datagrams go one by one.
fn netcat(conn: &ConnInfo, rows: &[&Record]) -> String {
    let address = server(conn);
    let (host, port) = host_port(address);
    let target = match conn.transport {
        Transport::Tcp => format!("nc -N {} {port}", shell(&host)),
        Transport::Udp => format!("nc -u -w1 {} {port}", shell(&host)),
        Transport::UnixStream => format!("nc -N -U {}", shell(address)),
        Transport::UnixDgram => format!("nc -u -w1 -U {}", shell(address)),
    };
    if conn.transport.is_stream() {
        let bytes: Vec<u8> = rows.iter().flat_map(|row| row.data.iter().copied()).collect();
        return format!("printf '{}' | {target}", printf(&bytes));
    }
    rows.iter().map(|row| format!("printf '{}' | {target}", printf(&row.data))).collect::<Vec<_>>().join("\n")
}

/// Inside single quotes, as a format of printf(1): octal escapes of three digits, which POSIX has.
fn printf(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'%' => text.push_str("%%"),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b' '..=b'~' if *byte != b'\'' => text.push(char::from(*byte)),
            // Writing to a String cannot fail.
            _ => _ = write!(text, "\\{byte:03o}"),
        }
    }
    text
}

fn shell(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '/' | '_' | '-' | '@' | '%');
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn python(conn: &ConnInfo, rows: &[&Record]) -> String {
    let address = server(conn);
    let (host, port) = host_port(address);
    let (family, to) = match conn.transport {
        Transport::UnixStream | Transport::UnixDgram => ("AF_UNIX", python_text(address)),
        Transport::Tcp | Transport::Udp if host.contains(':') => ("AF_INET6", format!("({}, {port})", python_text(&host))),
        Transport::Tcp | Transport::Udp => ("AF_INET", format!("({}, {port})", python_text(&host))),
    };
    let kind = if conn.transport.is_stream() { "SOCK_STREAM" } else { "SOCK_DGRAM" };
    let mut text = format!("import socket\n\nwith socket.socket(socket.{family}, socket.{kind}) as s:\n    s.settimeout(5)\n");
    if conn.transport == Transport::UnixDgram {
        // Without a name of its own nobody could answer: the empty name lets Linux choose one (unix(7), autobind).
        text.push_str("    s.bind(\"\")\n");
    }
    let _infallible = writeln!(text, "    s.connect({to})");
    for row in rows {
        let _infallible =
            writeln!(text, "    s.{}({})", if conn.transport.is_stream() { "sendall" } else { "send" }, python_bytes(&row.data));
    }
    if conn.transport.is_stream() {
        text.push_str("    s.shutdown(socket.SHUT_WR)\n    while data := s.recv(65536):\n        print(data)\n");
    } else {
        text.push_str("    print(s.recv(65536))\n");
    }
    text
}

fn python_bytes(bytes: &[u8]) -> String {
    let mut text = "b\"".to_owned();
    for byte in bytes {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => _ = write!(text, "\\x{byte:02x}"),
        }
    }
    text + "\""
}

fn python_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
