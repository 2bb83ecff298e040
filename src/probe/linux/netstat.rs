//! The listen counters of `/proc/net/netstat` (proc_pid_net(5)): pairs of lines, names above values.

use std::fs::File;
use std::os::unix::fs::FileExt;

use crate::probe::{Drops, Unavailable};

const UNREADABLE: Unavailable = Unavailable::Netstat;
/// The file has about 4 KiB in today's kernels; it is read in one go, so that all figures are of one moment.
const BYTES: usize = 32 * 1024;

/// The open file and the text read last. An open file stays in the network namespace in which it was opened.
#[derive(Debug)]
pub(super) struct Netstat {
    file: File,
    text: Vec<u8>,
}

impl Netstat {
    /// `/proc/net` is that of the process's first thread; threads may stand in namespaces of their own (network_namespaces(7)).
    pub(super) fn open() -> Result<Self, Unavailable> {
        let file = File::open("/proc/thread-self/net/netstat").map_err(|_| UNREADABLE)?;
        Ok(Self { file, text: vec![0; BYTES] })
    }

    pub(super) fn read(&mut self) -> Result<Drops, Unavailable> {
        let mut len = 0;
        loop {
            match self.file.read_at(&mut self.text[len..], len as u64) {
                Ok(0) => break,
                Ok(n) => len += n,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Err(UNREADABLE),
            }
        }
        std::str::from_utf8(&self.text[..len]).ok().and_then(parse).ok_or(UNREADABLE)
    }
}

/// Names come and go with kernels, so each is looked for. `None` when the group itself is not there.
fn parse(text: &str) -> Option<Drops> {
    let mut group = text.lines().filter_map(|line| line.strip_prefix("TcpExt: "));
    let (names, values) = (group.next()?, group.next()?);
    let mut drops = Drops::default();
    for (name, value) in names.split(' ').zip(values.split(' ')) {
        let field = match name {
            "ListenOverflows" => &mut drops.overflows,
            "ListenDrops" => &mut drops.drops,
            "TCPReqQFullDoCookies" => &mut drops.cookies,
            "TCPReqQFullDrop" => &mut drops.syn_queue_drops,
            "EmbryonicRsts" => &mut drops.resets,
            _ => continue,
        };
        *field = value.parse().ok();
    }
    Some(drops)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_under_their_names() {
        let text =
            "TcpExt: SyncookiesSent ListenOverflows ListenDrops EmbryonicRsts New\nTcpExt: 1 22 333 4 5\nIpExt: ListenDrops\nIpExt: 9\n";
        let wanted = Drops { overflows: Some(22), drops: Some(333), resets: Some(4), ..Drops::default() };
        assert_eq!(parse(text), Some(wanted));
        assert_eq!(parse("IpExt: InOctets\nIpExt: 5\n"), None);
    }

    #[test]
    fn this_kernel_tells_all_of_them_again_and_again() {
        let mut netstat = Netstat::open().unwrap();
        let first = netstat.read().unwrap();
        assert!(
            [first.overflows, first.drops, first.cookies, first.syn_queue_drops, first.resets].iter().all(Option::is_some),
            "{first:?}"
        );
        let then = netstat.read().unwrap();
        assert!(then.drops >= first.drops && then.since(first).drops < Some(1_000_000), "{first:?} {then:?}");
    }
}
