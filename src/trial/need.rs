//! Whether this system has what an experiment needs.

use crate::engine::catalog;
use crate::lab::Need;

/// Why this system lacks it, in English; `None` where it is there.
pub fn missing(need: &Need) -> Option<String> {
    match need {
        Need::Linux if cfg!(target_os = "linux") => None,
        Need::Linux => Some("this is not Linux".to_owned()),
        Need::Ipv6 if catalog::has_ipv6() => None,
        Need::Ipv6 => Some("this system has no IPv6 on loopback".to_owned()),
        Need::SocketPair => catalog::no_pairs().map(str::to_owned),
        Need::Transport(transport) => catalog::missing(*transport).map(str::to_owned),
        Need::Descriptors(count) => {
            let limit = catalog::descriptor_limit().filter(|limit| *limit < u64::from(*count))?;
            Some(format!("this process may have {limit} descriptors; {count} are needed (ulimit -n)"))
        }
        Need::Model(id) => catalog::model(id)
            .map_or_else(|| Some(format!("there is no model '{id}'")), |model| model.missing.map(|why| format!("model {id}: {why}"))),
    }
}
