//! Why a figure cannot be had: what the system did not answer, or never tells. The words here are English; the window has its own.

use std::fmt;

macro_rules! reasons {
    ($($name:ident $id:literal $words:literal,)*) => {
        /// See the module.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Unavailable {
            $(#[doc = $words] $name,)*
        }

        impl Unavailable {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// A stable name.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// In English.
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)*
                }
            }
        }
    };
}

reasons! {
    NotAsked "not-asked" "not asked yet",
    NoThread "no-thread" "the system gave no thread to ask with",
    Datagrams "datagrams" "datagram sockets do not listen",
    UnixSockets "unix-sockets" "Unix sockets have no SYN queue and nothing counts who found the queue full: connect waits or answers EAGAIN",
    NotListening "not-listening" "the socket is not listening",
    NotCalling "not-calling" "only TCP sockets call",
    SockDiag "sock-diag" "the kernel did not answer sock_diag",
    TcpInfo "tcp-info" "the kernel did not answer TCP_INFO",
    Netstat "netstat" "/proc/net/netstat cannot be read",
    PidFdInfo "pidfdinfo" "the kernel did not answer proc_pidfdinfo",
    MacStats "mac-stats" "macOS did not tell net.inet.tcp.stats",
    MacRootOnly "mac-root-only" "macOS shows its TCP counters to root only (net.inet.tcp.disable_access_to_stats)",
    MacInodes "mac-inodes" "sockets have no inodes on macOS",
    MacUnaccepted "mac-unaccepted" "macOS tells nothing of a connection that nobody accepted yet",
    WindowsQueue "windows-queue" "Windows does not tell a listener's queue",
    WindowsDrops "windows-drops" "Windows does not count what listeners drop",
    WindowsTcpInfo "windows-tcp-info" "this Windows does not answer SIO_TCP_INFO (10 1703 and later do)",
    WindowsTable "windows-table" "Windows did not answer GetExtendedTcpTable",
    WindowsUnaccepted "windows-unaccepted" "Windows tells nothing of a connection that nobody accepted yet",
    Queue "queue" "this system does not tell a listener's queue through the socket",
    States "states" "this system does not tell the states of its sockets",
    Drops "drops" "this system does not tell what listeners drop",
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
