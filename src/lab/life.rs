//! How a server lives: how long it serves, whom it lets in, when it gives up waiting. Values only.

use std::net::IpAddr;

use ipnet::IpNet;

use super::AcceptPace;

/// See the module. The default serves forever, everyone, without a limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// Requests after which it stops accepting, finishes what runs, and ends: accepted connections, or datagrams. 0 is forever.
    pub requests: u64,
    /// The longest one wait for readiness or in `accept` may take before the loop goes round, in milliseconds; 0 is no limit.
    pub poll_interval_ms: u64,
    /// A connection on which nothing moved for so long is closed, in milliseconds; 0 is never.
    pub idle_timeout_ms: u64,
    /// Whom it lets in.
    pub accept: Filter,
    /// When it takes the next client out of the accept queue.
    pub accept_pace: AcceptPace,
    /// `TCP_DEFER_ACCEPT` in seconds (tcp(7), Linux): who says nothing for so long is handed over all the same; 0 is off.
    pub defer_accept_s: u32,
}

/// Whom a server lets in, by address: everyone who is not denied, and if some are allowed, only those. Unix peers have no
/// such address and are always let in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// If not empty, only these.
    pub allow: Vec<IpNet>,
    /// Never these.
    pub deny: Vec<IpNet>,
}

impl Filter {
    /// Whether this peer is let in.
    pub fn admits(&self, peer: IpAddr) -> bool {
        // A dual-stack listener names an IPv4 peer ::ffff:a.b.c.d (RFC 4291); people write a.b.c.d.
        let peer = peer.to_canonical();
        let is_among = |list: &[IpNet]| list.iter().any(|net| net.contains(&peer));
        !is_among(&self.deny) && (self.allow.is_empty() || is_among(&self.allow))
    }

    /// Whether everyone is let in.
    pub fn is_open(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }

    /// One range as people write it: `10.0.0.0/8`, `::1/128`, or one address.
    pub fn parse_range(text: &str) -> Option<IpNet> {
        let text = text.trim();
        text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(allow: &[&str], deny: &[&str]) -> Filter {
        let ranges = |list: &[&str]| list.iter().map(|text| Filter::parse_range(text).unwrap()).collect();
        Filter { allow: ranges(allow), deny: ranges(deny) }
    }

    #[test]
    fn deny_goes_before_allow_and_an_empty_filter_admits_all() {
        let admits = |filter: &Filter, text: &str| filter.admits(text.parse().unwrap());
        assert!(admits(&Filter::default(), "8.8.8.8") && Filter::default().is_open());
        let local = filter(&["127.0.0.0/8", "::1"], &["127.0.0.2"]);
        assert!(admits(&local, "127.0.0.1") && admits(&local, "::1") && admits(&local, "::ffff:127.0.0.1"));
        assert!(!admits(&local, "127.0.0.2") && !admits(&local, "10.0.0.1"));
        assert!(Filter::parse_range("127.0.0.0/33").is_none() && Filter::parse_range("here").is_none());
    }
}
