//! Broadcast and multicast options of datagram sockets: ip(7), ipv6(7), socket(7).

use std::io;
use std::net::{IpAddr, Ipv4Addr};

use socket2::InterfaceIndexOrAddress;

use super::Sock;
use crate::trace::{Call, Got, Lane};

/// An interface of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interface {
    /// The system chooses.
    Any,
    /// The one that has this address.
    Of(Ipv4Addr),
    /// By its index.
    Index(u32),
}

impl Interface {
    /// From an IPv4 address of it, or its name; nothing leaves the choice to the system.
    ///
    /// # Errors
    /// When there is no interface of that name.
    pub fn named(words: &str) -> io::Result<Self> {
        if words.is_empty() {
            return Ok(Self::Any);
        }
        if let Ok(address) = words.parse() {
            return Ok(Self::Of(address));
        }
        index_of(words).map(Self::Index)
    }

    fn index_or_address(self) -> InterfaceIndexOrAddress {
        match self {
            Self::Any => InterfaceIndexOrAddress::Address(Ipv4Addr::UNSPECIFIED),
            Self::Of(address) => InterfaceIndexOrAddress::Address(address),
            Self::Index(index) => InterfaceIndexOrAddress::Index(index),
        }
    }

    /// IPv6 knows interfaces by their index alone.
    fn index(self) -> io::Result<u32> {
        match self {
            Self::Any => Ok(0),
            Self::Index(index) => Ok(index),
            Self::Of(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, "IPv6 wants the name of the interface, not an IPv4 address")),
        }
    }
}

#[cfg(unix)]
fn index_of(name: &str) -> io::Result<u32> {
    let name = std::ffi::CString::new(name).map_err(|_| io::ErrorKind::InvalidInput)?;
    // SAFETY: the name is a C string that lives through the call.
    let index = unsafe { libc::if_nametoindex(name.as_ptr()) };
    if index == 0 { Err(super::last_socket_error()) } else { Ok(index) }
}

#[cfg(windows)]
fn index_of(name: &str) -> io::Result<u32> {
    use windows_sys::Win32::NetworkManagement::IpHelper::if_nametoindex;
    let name = std::ffi::CString::new(name).map_err(|_| io::ErrorKind::InvalidInput)?;
    // SAFETY: the name is a C string that lives through the call.
    let index = unsafe { if_nametoindex(name.as_ptr().cast()) };
    if index == 0 { Err(io::Error::new(io::ErrorKind::NotFound, "there is no interface of that name")) } else { Ok(index) }
}

impl Sock {
    /// `SO_BROADCAST`.
    #[track_caller]
    pub fn set_broadcast(&self, lane: &Lane, on: bool) -> io::Result<()> {
        self.option(lane, || self.options().set_broadcast(on))
    }

    /// Joins a group, or leaves it (`IP_ADD_MEMBERSHIP`, `IPV6_ADD_MEMBERSHIP` and their opposites).
    #[track_caller]
    pub fn set_member(&self, lane: &Lane, group: IpAddr, interface: Interface, on: bool) -> io::Result<()> {
        let sock = self.options();
        self.option(lane, || match (group, on) {
            (IpAddr::V4(group), true) => sock.join_multicast_v4_n(&group, &interface.index_or_address()),
            (IpAddr::V4(group), false) => sock.leave_multicast_v4_n(&group, &interface.index_or_address()),
            (IpAddr::V6(group), true) => sock.join_multicast_v6(&group, interface.index()?),
            (IpAddr::V6(group), false) => sock.leave_multicast_v6(&group, interface.index()?),
        })
    }

    /// `IP_MULTICAST_IF`, `IPV6_MULTICAST_IF`: where its multicast leaves.
    #[track_caller]
    pub fn set_multicast_interface(&self, lane: &Lane, is_v6: bool, interface: Interface) -> io::Result<()> {
        self.option(lane, || match (is_v6, interface) {
            (true, interface) => self.options().set_multicast_if_v6(interface.index()?),
            (false, Interface::Any) => self.options().set_multicast_if_v4(&Ipv4Addr::UNSPECIFIED),
            (false, Interface::Of(address)) => self.options().set_multicast_if_v4(&address),
            (false, Interface::Index(index)) => self.set_multicast_index_v4(index),
        })
    }

    /// `IP_MULTICAST_TTL`, `IPV6_MULTICAST_HOPS`.
    #[track_caller]
    pub fn set_multicast_hops(&self, lane: &Lane, is_v6: bool, hops: u8) -> io::Result<()> {
        let sock = self.options();
        self.option(lane, || if is_v6 { sock.set_multicast_hops_v6(hops.into()) } else { sock.set_multicast_ttl_v4(hops.into()) })
    }

    /// `IP_MULTICAST_LOOP`, `IPV6_MULTICAST_LOOP`.
    #[track_caller]
    pub fn set_multicast_loop(&self, lane: &Lane, is_v6: bool, on: bool) -> io::Result<()> {
        let sock = self.options();
        self.option(lane, || if is_v6 { sock.set_multicast_loop_v6(on) } else { sock.set_multicast_loop_v4(on) })
    }

    /// ip(7), ip(4): `IP_MULTICAST_IF` takes an `ip_mreqn` too.
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "macos", target_os = "ios", target_os = "freebsd"))]
    fn set_multicast_index_v4(&self, index: u32) -> io::Result<()> {
        let any = libc::in_addr { s_addr: 0 };
        let request =
            libc::ip_mreqn { imr_multiaddr: any, imr_address: any, imr_ifindex: libc::c_int::try_from(index).unwrap_or_default() };
        let len = size_of_val(&request) as libc::socklen_t;
        // SAFETY: the kernel reads `len` bytes, a structure that lives through the call; the descriptor is open as long as `self` lives.
        let result = unsafe {
            libc::setsockopt(self.fd() as libc::c_int, libc::IPPROTO_IP, libc::IP_MULTICAST_IF, (&raw const request).cast(), len)
        };
        if result == 0 { Ok(()) } else { Err(super::last_socket_error()) }
    }

    /// Windows takes 0.0.0.index ("IPPROTO_IP socket options"), as do older BSDs (RFC 1724, section 3.3).
    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos", target_os = "ios", target_os = "freebsd")))]
    fn set_multicast_index_v4(&self, index: u32) -> io::Result<()> {
        self.options().set_multicast_if_v4(&Ipv4Addr::from(index))
    }

    #[track_caller]
    fn option(&self, lane: &Lane, set: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        lane.call(Call::SetSockOpt, self.fd(), [0; 2], false, set, Got::done)
    }
}
