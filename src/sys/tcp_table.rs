//! `GetExtendedTcpTable`, Windows: every TCP socket of the machine with its state. Asking is no part of the experiment, so it is not
//! traced.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use windows_sys::Win32::Foundation::{ERROR_INSUFFICIENT_BUFFER, NO_ERROR};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    GetExtendedTcpTable, MIB_TCP_STATE_SYN_RCVD, MIB_TCP_STATE_SYN_SENT, TCP_TABLE_OWNER_PID_ALL,
};
use windows_sys::Win32::Networking::WinSock::{AF_INET, AF_INET6};

/// How far a handshake is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// A client whose SYN was not answered yet.
    SynSent,
    /// A server's half.
    SynReceived,
}

/// `MIB_TCPROW_OWNER_PID` in words of 32 bits: state, local address and port, remote address and port, process.
const ROW: usize = 6;
/// `MIB_TCP6ROW_OWNER_PID`: local address (4), scope and port, remote address (4), scope and port, state, process.
const ROW6: usize = 14;
/// The table grows between asking for its size and asking for itself.
const ATTEMPTS: usize = 5;

/// The table as it is, and the memory it is read into again.
#[derive(Debug, Default)]
pub struct TcpTable {
    words: Vec<u32>,
}

impl TcpTable {
    /// Each unfinished handshake: how far it is, its local and its other end.
    pub fn handshakes(&mut self, mut each: impl FnMut(Half, SocketAddr, SocketAddr)) -> io::Result<()> {
        self.read(AF_INET.into())?;
        for row in self.rows(ROW) {
            if let Some(half) = half(row[0]) {
                each(half, v4(row[1], row[2]), v4(row[3], row[4]));
            }
        }
        self.read(AF_INET6.into())?;
        for row in self.rows(ROW6) {
            if let Some(half) = half(row[12]) {
                each(half, v6(&row[..4], row[5]), v6(&row[6..10], row[11]));
            }
        }
        Ok(())
    }

    fn read(&mut self, family: u32) -> io::Result<()> {
        for _ in 0..ATTEMPTS {
            let mut size = u32::try_from(self.words.len() * 4).unwrap_or(u32::MAX);
            // SAFETY: the system writes at most `size` bytes, which is the length of the words it is given; both live through the call.
            let result =
                unsafe { GetExtendedTcpTable(self.words.as_mut_ptr().cast(), &raw mut size, 0, family, TCP_TABLE_OWNER_PID_ALL, 0) };
            match result {
                NO_ERROR => return Ok(()),
                ERROR_INSUFFICIENT_BUFFER => self.words.resize(size as usize / 4 + 16 * ROW6, 0),
                other => return Err(io::Error::from_raw_os_error(other as i32)),
            }
        }
        Err(io::ErrorKind::OutOfMemory.into())
    }

    /// `dwNumEntries`, then the rows.
    fn rows(&self, len: usize) -> impl Iterator<Item = &[u32]> {
        let (count, rows) = self.words.split_first().map_or((0, &[][..]), |(count, rows)| (*count as usize, rows));
        rows.chunks_exact(len).take(count)
    }
}

fn half(state: u32) -> Option<Half> {
    match i32::try_from(state) {
        Ok(MIB_TCP_STATE_SYN_SENT) => Some(Half::SynSent),
        Ok(MIB_TCP_STATE_SYN_RCVD) => Some(Half::SynReceived),
        Ok(_) | Err(_) => None,
    }
}

/// Addresses are in network byte order, and so are the ports, in the first two bytes of their word.
fn port(word: u32) -> u16 {
    let [high, low, ..] = word.to_ne_bytes();
    u16::from_be_bytes([high, low])
}

fn v4(addr: u32, at: u32) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::from(addr.to_ne_bytes()), port(at)))
}

fn v6(addr: &[u32], at: u32) -> SocketAddr {
    let mut octets = [0; 16];
    octets.chunks_exact_mut(4).zip(addr).for_each(|(four, word)| four.copy_from_slice(&word.to_ne_bytes()));
    SocketAddr::from((Ipv6Addr::from(octets).to_canonical(), port(at)))
}
