//! The states of a TCP connection (RFC 9293, 3.3.2), as kernels name them. It asks nobody.

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "RFC 9293 says what each is")]
pub enum TcpState {
    Established,
    SynSent,
    SynRecv,
    FinWait1,
    FinWait2,
    TimeWait,
    Closed,
    CloseWait,
    LastAck,
    Listen,
    Closing,
}

impl TcpState {
    /// In the order of Linux' numbers from 1 (include/net/tcp_states.h).
    pub const ALL: [Self; 11] = [
        Self::Established,
        Self::SynSent,
        Self::SynRecv,
        Self::FinWait1,
        Self::FinWait2,
        Self::TimeWait,
        Self::Closed,
        Self::CloseWait,
        Self::LastAck,
        Self::Listen,
        Self::Closing,
    ];

    /// Its name as netstat(8) prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Established => "ESTABLISHED",
            Self::SynSent => "SYN_SENT",
            Self::SynRecv => "SYN_RECV",
            Self::FinWait1 => "FIN_WAIT1",
            Self::FinWait2 => "FIN_WAIT2",
            Self::TimeWait => "TIME_WAIT",
            Self::Closed => "CLOSE",
            Self::CloseWait => "CLOSE_WAIT",
            Self::LastAck => "LAST_ACK",
            Self::Listen => "LISTEN",
            Self::Closing => "CLOSING",
        }
    }

    /// The state with this number of Linux; `TCP_NEW_SYN_RECV`, which sock_diag calls `TCP_SYN_RECV`, is one too.
    #[cfg(target_os = "linux")]
    pub(super) fn from_linux(number: u8) -> Self {
        match number {
            12 => Self::SynRecv,
            number => Self::ALL.get(usize::from(number).wrapping_sub(1)).copied().unwrap_or(Self::Closed),
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use netlink_packet_sock_diag as diag;

    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_kernel() {
        for (number, state) in [
            (diag::TCP_ESTABLISHED, TcpState::Established),
            (diag::TCP_SYN_SENT, TcpState::SynSent),
            (diag::TCP_SYN_RECV, TcpState::SynRecv),
            (diag::TCP_FIN_WAIT1, TcpState::FinWait1),
            (diag::TCP_FIN_WAIT2, TcpState::FinWait2),
            (diag::TCP_TIME_WAIT, TcpState::TimeWait),
            (diag::TCP_CLOSE, TcpState::Closed),
            (diag::TCP_CLOSE_WAIT, TcpState::CloseWait),
            (diag::TCP_LAST_ACK, TcpState::LastAck),
            (diag::TCP_LISTEN, TcpState::Listen),
            (diag::TCP_CLOSING, TcpState::Closing),
        ] {
            assert_eq!(TcpState::from_linux(number), state);
        }
    }
}
