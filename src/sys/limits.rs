//! Limits of this process: what the system's rules say, found out without trying.

use std::sync::LazyLock;

/// How many descriptors this process may have open (`RLIMIT_NOFILE`, the soft limit); `None` where the system has no such limit.
pub fn descriptor_limit() -> Option<u64> {
    #[cfg(unix)]
    {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: `limit` lives through the call and has the layout the kernel expects.
        let result = unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) };
        #[expect(clippy::unnecessary_cast, reason = "rlim_t is signed on some BSDs")]
        (result == 0).then_some(limit.rlim_cur as u64)
    }
    #[cfg(windows)]
    None
}

/// Who may bind low ports.
#[derive(Clone, Copy, Debug)]
struct PortRule {
    /// The first port that everybody may bind.
    first_free: u16,
    /// Whether this process may bind those below too.
    is_privileged: bool,
}

/// Whether this process may bind a TCP or UDP socket to this port of one address: by the rule, nobody tries. `None` where the rule is not
/// known. Asked once; a change of it while the program runs is not seen.
pub fn may_bind(port: u16) -> Option<bool> {
    static RULE: LazyLock<Option<PortRule>> = LazyLock::new(port_rule);
    RULE.map(|rule| port == 0 || port >= rule.first_free || rule.is_privileged)
}

/// ip(7): ports below `net.ipv4.ip_unprivileged_port_start` (usually 1024) need CAP_NET_BIND_SERVICE.
#[cfg(target_os = "linux")]
fn port_rule() -> Option<PortRule> {
    // linux/capability.h
    const CAP_NET_BIND_SERVICE: u32 = 10;
    // Before Linux 4.11 the limit could not be moved.
    let first_free = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").ok();
    let first_free = first_free.and_then(|text| text.trim().parse().ok()).unwrap_or(1_024);
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
    let effective = u64::from_str_radix(effective.trim(), 16).ok()?;
    Some(PortRule { first_free, is_privileged: effective >> CAP_NET_BIND_SERVICE & 1 == 1 })
}

/// `IPPORT_RESERVED`: the superuser's. (Since macOS 10.14 anybody may bind them on all addresses together, which is not what is asked.)
#[cfg(all(unix, not(target_os = "linux")))]
fn port_rule() -> Option<PortRule> {
    // SAFETY: it takes nothing, cannot fail, and touches no memory of ours.
    let is_privileged = unsafe { libc::geteuid() } == 0;
    Some(PortRule { first_free: 1_024, is_privileged })
}

/// Winsock reserves no ports for the privileged.
#[cfg(windows)]
fn port_rule() -> Option<PortRule> {
    Some(PortRule { first_free: 0, is_privileged: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_says_what_bind_does() {
        assert_eq!((may_bind(0), may_bind(65_535)), (Some(true), Some(true)));
        // Nobody listens at port 1 of this address; if somebody does, that is EADDRINUSE and no answer to this question.
        match std::net::UdpSocket::bind(("127.0.0.1", 1)) {
            Ok(_) => assert_eq!(may_bind(1), Some(true)),
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => assert_eq!(may_bind(1), Some(false)),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse),
        }
    }
}
