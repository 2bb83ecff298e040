//! Addresses as people type them: `127.0.0.1:7788`, `[::1]:0`, `localhost:80`, a path, `@name`.
//!
//! Parsing looks nothing up; a host name stays a name until the engine resolves it.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use super::Transport;

/// Where an endpoint binds or connects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// Host (name or numeric, an IPv6 one without brackets) and port.
    Inet {
        /// May be empty: every address of this machine.
        host: String,
        /// 0 lets the system choose.
        port: u16,
    },
    /// A socket file. A leading `@` means Linux's abstract name space (unix(7)).
    Path(String),
}

/// Why a text is not an address. `words` are English; the window words it by variant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was typed.
    #[error("the address is empty")]
    Empty,
    /// No `:port`.
    #[error("a port is missing: write host:port, such as 127.0.0.1:7788")]
    NoPort,
    /// The port is not a number from 0 to 65535.
    #[error("'{0}' is not a port: 0 to 65535")]
    BadPort(String),
    /// Several colons and no brackets.
    #[error("an IPv6 address with a port needs brackets: [::1]:7788")]
    NeedsBrackets,
    /// Neither numeric nor a host name.
    #[error("'{0}' is neither a numeric address nor a host name")]
    BadHost(String),
    /// sun_path holds 108 bytes on Linux, 104 on macOS, with the closing NUL.
    #[error("the path has {0} bytes; a socket address holds {max}", max = PATH_MAX)]
    PathTooLong(usize),
    /// A NUL byte inside a path.
    #[error("a path cannot contain a NUL byte")]
    NulInPath,
}

/// Bytes of a socket path without the closing NUL (unix(7): 108; macOS and the BSDs: 104).
pub const PATH_MAX: usize = if cfg!(any(target_os = "linux", target_os = "android", windows)) { 107 } else { 103 };

impl Address {
    /// An address for a transport.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(transport: Transport, text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if transport.is_unix() {
            return Self::path(text);
        }
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (host, tail) = rest.split_once(']').ok_or_else(|| AddressError::BadHost(text.to_owned()))?;
            (host, tail.strip_prefix(':').ok_or(AddressError::NoPort)?)
        } else {
            let (host, port) = text.rsplit_once(':').ok_or(AddressError::NoPort)?;
            if host.contains(':') {
                return Err(AddressError::NeedsBrackets);
            }
            (host, port)
        };
        Self::inet(host, port)
    }

    /// Host and port from two fields.
    ///
    /// # Errors
    /// Says which one is wrong.
    pub fn inet(host: &str, port: &str) -> Result<Self, AddressError> {
        let host = host.trim().trim_start_matches('[').trim_end_matches(']');
        check_host(host)?;
        let port = port.trim();
        // `u16::from_str` takes a leading plus, which nobody means.
        let port =
            port.parse().ok().filter(|_| port.bytes().all(|b| b.is_ascii_digit())).ok_or_else(|| AddressError::BadPort(port.to_owned()))?;
        Ok(Self::Inet { host: host.to_owned(), port })
    }

    /// A socket path.
    ///
    /// # Errors
    /// When it is empty, too long or has a NUL.
    pub fn path(text: &str) -> Result<Self, AddressError> {
        let path = text.trim();
        match path.len() {
            0 => Err(AddressError::Empty),
            len if len > PATH_MAX => Err(AddressError::PathTooLong(len)),
            _ if path.contains('\0') => Err(AddressError::NulInPath),
            _ => Ok(Self::Path(path.to_owned())),
        }
    }

    /// A fresh address for a new endpoint of this transport.
    pub fn suggestion(transport: Transport, number: usize) -> Self {
        if transport.is_unix() {
            let dir = std::env::temp_dir();
            Self::Path(dir.join(format!("socketlab-{number}.sock")).display().to_string())
        } else {
            Self::Inet { host: "127.0.0.1".into(), port: 0 }
        }
    }

    /// Whether only this machine can reach it (numeric loopback, `localhost`, a path).
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Path(_) => true,
            Self::Inet { host, .. } => host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        }
    }
}

fn check_host(host: &str) -> Result<(), AddressError> {
    let bad = || Err(AddressError::BadHost(host.to_owned()));
    if host.contains(':') {
        // A zone (`fe80::1%eth0`) is left to the resolver.
        let ip = host.split_once('%').map_or(host, |(ip, _)| ip);
        return if ip.parse::<Ipv6Addr>().is_ok() { Ok(()) } else { bad() };
    }
    // Digits and dots alone mean a numeric address: 127.0.0.300 is a mistake, not a name.
    let numeric = !host.is_empty() && host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if numeric && host.parse::<IpAddr>().is_err() {
        return bad();
    }
    // RFC 1123 letters, digits, hyphens and dots; underscores and non-ASCII names exist in practice.
    if host.len() > 253 || host.chars().any(|c| c.is_whitespace() || c.is_control() || "/\\@#?[]".contains(c)) {
        return bad();
    }
    Ok(())
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inet { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Inet { host, port } => write!(f, "{host}:{port}"),
            Self::Path(path) => f.write_str(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(text: &str) -> Result<String, AddressError> {
        Address::parse(Transport::Tcp, text).map(|a| a.to_string())
    }

    #[test]
    fn good_addresses_read_back_as_written() {
        for text in
            ["127.0.0.1:7788", "[::1]:0", "localhost:80", ":7000", "[fe80::1%eth0]:9", "my_host-1.example:65535", "münchen.example:1"]
        {
            assert_eq!(tcp(text).as_deref(), Ok(text));
        }
        assert_eq!(Address::parse(Transport::UnixStream, " /tmp/a b.sock "), Ok(Address::Path("/tmp/a b.sock".into())));
    }

    #[test]
    fn bad_addresses_say_what_is_wrong() {
        assert_eq!(tcp("  "), Err(AddressError::Empty));
        assert_eq!(tcp("127.0.0.1"), Err(AddressError::NoPort));
        assert_eq!(tcp("::1:7788"), Err(AddressError::NeedsBrackets));
        assert_eq!(tcp("[::1]"), Err(AddressError::NoPort));
        assert_eq!(tcp("127.0.0.300:1"), Err(AddressError::BadHost("127.0.0.300".into())));
        assert_eq!(tcp("a b:1"), Err(AddressError::BadHost("a b".into())));
        for port in ["", "70000", "-1", "+1", "http"] {
            assert_eq!(tcp(&format!("localhost:{port}")), Err(AddressError::BadPort(port.into())));
        }
        assert_eq!(Address::path(&"x".repeat(PATH_MAX + 1)), Err(AddressError::PathTooLong(PATH_MAX + 1)));
    }
}
