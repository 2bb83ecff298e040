//! `proc_pidfdinfo` and `sysctl`, macOS: what the kernel tells of the sockets of processes that this user owns, without privileges.
//! Asking is no part of the experiment, so it is not traced. It only asks and parses; what the answers mean is `probe`'s matter.
//!
//! `libc` has the calls but not `struct socket_fdinfo`; this is its layout (sys/proc_info.h) as far as it is read.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::Sock;

/// `PROC_PIDFDSOCKETINFO`, `PROX_FDTYPE_SOCKET`, `PROC_ALL_PIDS`.
const SOCKET_INFO: libc::c_int = 3;
const FD_SOCKET: u32 = 2;
const ALL_PIDS: u32 = 1;
/// `SOCKINFO_TCP`, `SOCKINFO_UN`, `SO_ACCEPTCONN`, `INI_IPV4`.
const KIND_TCP: libc::c_int = 2;
const KIND_UNIX: libc::c_int = 3;
const ACCEPTS: i16 = 2;
const IPV4: u8 = 1;
/// `TSI_S_SYN_SENT`.
const SYN_SENT: libc::c_int = 2;

/// `struct in_sockinfo`.
#[repr(C)]
#[derive(Clone, Copy)]
struct InInfo {
    foreign_port: libc::c_int,
    local_port: libc::c_int,
    generation: u64,
    flags: u32,
    flow: u32,
    version: u8,
    ttl: u8,
    reserved: u32,
    foreign: [u8; 16],
    local: [u8; 16],
    tos: u8,
    v6: (u32, u32, u32),
}

/// `struct tcp_sockinfo`.
#[repr(C)]
#[derive(Clone, Copy)]
struct TcpInfo {
    ini: InInfo,
    state: libc::c_int,
    timers: [libc::c_int; 4],
    mss: libc::c_int,
    flags: u32,
    reserved: u32,
    handle: u64,
}

/// `struct un_sockinfo`: two `sockaddr_un` in 255 bytes each.
#[repr(C)]
#[derive(Clone, Copy)]
struct UnixInfo {
    peer: [u64; 2],
    bound: [u8; 255],
    peer_name: [u8; 255],
}

#[repr(C)]
#[derive(Clone, Copy)]
union Proto {
    tcp: TcpInfo,
    unix: UnixInfo,
    whole: [u64; 66],
}

/// `struct socket_fdinfo`: `proc_fileinfo` (24 bytes), `vinfo_stat` (136), then the socket.
#[repr(C)]
#[derive(Clone, Copy)]
struct SocketInfo {
    file: [u64; 3],
    stat: [u64; 17],
    so: u64,
    pcb: u64,
    sort: libc::c_int,
    protocol: libc::c_int,
    family: libc::c_int,
    options: i16,
    linger: i16,
    state: i16,
    waiting: i16,
    incomplete: i16,
    limit: i16,
    timeout: i16,
    error: u16,
    oob: u32,
    receive: [u32; 6],
    send: [u32; 6],
    kind: libc::c_int,
    reserved: u32,
    proto: Proto,
}

// The kernel fills what the header says; a layout that differs would be refused by the size of its answer.
const _: () = assert!(size_of::<InInfo>() == 80 && size_of::<TcpInfo>() == 120 && size_of::<UnixInfo>() == 528);
const _: () = assert!(size_of::<SocketInfo>() == 24 + 136 + 16 + 12 + 16 + 4 + 48 + 8 + 528);

/// Where a socket is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// TCP, with its other end.
    Inet(SocketAddr, SocketAddr),
    /// A Unix socket.
    Path(PathBuf),
}

/// One stream socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamSock {
    /// Its addresses.
    pub bound: Bound,
    /// Whether it listens.
    pub listens: bool,
    /// Whether it is in SYN_SENT.
    pub is_calling: bool,
    /// Connected and not accepted yet, and (TCP) half-open: `soi_qlen`, which has both.
    pub queued: u32,
    /// Of these the half-open: `soi_incqlen`.
    pub half_open: u32,
    /// The limit: `soi_qlimit`.
    pub limit: u32,
}

/// One of our own sockets.
pub fn own(sock: &Sock) -> io::Result<Option<StreamSock>> {
    let pid = libc::pid_t::try_from(std::process::id()).map_err(io::Error::other)?;
    socket(pid, sock.fd() as libc::c_int)
}

/// The stream sockets of one process. Nothing of a process of somebody else.
pub fn of_process(pid: libc::pid_t, mut each: impl FnMut(StreamSock)) {
    let mut fds: Vec<libc::proc_fdinfo> = Vec::new();
    loop {
        let room = (fds.capacity() * size_of::<libc::proc_fdinfo>()) as libc::c_int;
        // SAFETY: the kernel writes at most `room` bytes, which is the capacity; without room it only tells how much it needs.
        let len = unsafe {
            let at = if room == 0 { std::ptr::null_mut() } else { fds.as_mut_ptr().cast() };
            libc::proc_pidinfo(pid, libc::PROC_PIDLISTFDS, 0, at, room)
        };
        if len <= 0 {
            return;
        }
        let count = len as usize / size_of::<libc::proc_fdinfo>();
        if len < room {
            // SAFETY: the kernel wrote `len` bytes, which are `count` entries of plain integers, and they fit into the capacity.
            unsafe { fds.set_len(count) };
            break;
        }
        fds.reserve(count + 32);
    }
    for fd in fds.iter().filter(|fd| fd.proc_fdtype == FD_SOCKET) {
        // A descriptor that was closed meanwhile is no socket any more.
        if let Ok(Some(sock)) = socket(pid, fd.proc_fd) {
            each(sock);
        }
    }
}

/// The stream sockets of every process of which the kernel tells us.
pub fn of_all(mut each: impl FnMut(StreamSock)) -> io::Result<()> {
    let mut pids: Vec<libc::pid_t> = vec![0; 4_096];
    loop {
        let room = (pids.len() * size_of::<libc::pid_t>()) as libc::c_int;
        // SAFETY: the kernel writes at most `room` bytes, which is the length of the vector.
        let len = unsafe { libc::proc_listpids(ALL_PIDS, 0, pids.as_mut_ptr().cast(), room) };
        if len < 0 {
            return Err(io::Error::last_os_error());
        }
        if len < room {
            pids.truncate(len as usize / size_of::<libc::pid_t>());
            break;
        }
        pids.resize(pids.len() * 2, 0);
    }
    pids.into_iter().filter(|pid| *pid > 0).for_each(|pid| of_process(pid, &mut each));
    Ok(())
}

/// `None` for what is neither TCP nor a Unix stream.
fn socket(pid: libc::pid_t, fd: libc::c_int) -> io::Result<Option<StreamSock>> {
    let mut info = MaybeUninit::<SocketInfo>::zeroed();
    let room = size_of::<SocketInfo>() as libc::c_int;
    // SAFETY: the kernel writes at most `room` bytes into `info`, which lives through the call.
    let len = unsafe { libc::proc_pidfdinfo(pid, fd, SOCKET_INFO, info.as_mut_ptr().cast(), room) };
    match len {
        len if len == room => {}
        ..=0 => return Err(io::Error::last_os_error()),
        _ => return Err(io::ErrorKind::UnexpectedEof.into()),
    }
    // SAFETY: it began as zeroes and the kernel filled it; it is made of integers, for which every bit pattern is valid.
    let info = unsafe { info.assume_init() };
    let listens = info.options & ACCEPTS != 0;
    let (bound, is_calling) = match info.kind {
        KIND_TCP => {
            // SAFETY: `kind` says which member of the union the kernel filled, and all of them are integers.
            let tcp = unsafe { info.proto.tcp };
            let addr = |octets: [u8; 16], port: libc::c_int| {
                // The port stands in network byte order in the low half of the int.
                let port = u16::from_be(port as u16);
                if tcp.ini.version & IPV4 != 0 {
                    let [.., a, b, c, d] = octets;
                    SocketAddr::from((Ipv4Addr::new(a, b, c, d), port))
                } else {
                    SocketAddr::from((Ipv6Addr::from(octets).to_canonical(), port))
                }
            };
            let (local, peer) = (addr(tcp.ini.local, tcp.ini.local_port), addr(tcp.ini.foreign, tcp.ini.foreign_port));
            (Bound::Inet(local, peer), tcp.state == SYN_SENT)
        }
        KIND_UNIX if info.sort == libc::SOCK_STREAM => {
            // SAFETY: as above.
            let unix = unsafe { info.proto.unix };
            // sun_len, sun_family, sun_path.
            let path = &unix.bound[2..];
            let end = path.iter().position(|byte| *byte == 0).unwrap_or(path.len());
            (Bound::Path(std::ffi::OsStr::from_bytes(&path[..end]).into()), false)
        }
        _ => return Ok(None),
    };
    let count = |n: i16| u32::try_from(n).unwrap_or(0);
    let (queued, half_open, limit) = (count(info.waiting), count(info.incomplete), count(info.limit));
    Ok(Some(StreamSock { bound, listens, is_calling, queued, half_open, limit }))
}

/// A number that `sysctl` knows by name.
pub fn sysctl(name: &CStr) -> Option<u32> {
    let mut value = [0_u32; 1];
    (sysctl_words(name, &mut value) == Some(1)).then_some(value[0])
}

/// The front of a structure of 32-bit words that `sysctl` knows by name; how many words came.
pub fn sysctl_words(name: &CStr, words: &mut [u32]) -> Option<usize> {
    let mut len = size_of_val(words);
    // SAFETY: `name` ends with a NUL; the kernel writes at most `len` bytes into `words`; all live through the call.
    let result = unsafe { libc::sysctlbyname(name.as_ptr(), words.as_mut_ptr().cast(), &raw mut len, std::ptr::null_mut(), 0) };
    // A structure that is longer than the room is cut, and said so with ENOMEM (sysctl(3)).
    let cut = result != 0 && io::Error::last_os_error().raw_os_error() == Some(libc::ENOMEM);
    (result == 0 || cut).then_some(len / 4)
}
