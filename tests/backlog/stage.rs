//! What the tests of the backlog share: a listener that nobody serves, clients that call it without waiting, and `ss`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use socket2::{Domain, SockAddr, Socket, Type};

/// Where a test listens.
#[derive(Clone, Debug)]
pub enum At {
    Inet(SocketAddr),
    Unix(PathBuf),
}

impl At {
    /// IPv4, IPv6 and a Unix path.
    pub fn all(dir: &Path) -> [Self; 3] {
        let inet = |text: &str| Self::Inet(text.parse().unwrap());
        [inet("127.0.0.1:0"), inet("[::1]:0"), Self::Unix(dir.join("door.sock"))]
    }

    fn address(&self) -> (Domain, SockAddr) {
        match self {
            Self::Inet(addr) => (Domain::for_address(*addr), (*addr).into()),
            Self::Unix(path) => (Domain::UNIX, SockAddr::unix(path).unwrap()),
        }
    }
}

/// A listener whose program never accepts by itself.
pub struct Door {
    pub socket: Socket,
    pub at: At,
}

impl Door {
    pub fn open(at: &At, backlog: i32) -> Self {
        let (domain, addr) = at.address();
        let socket = Socket::new(domain, Type::STREAM, None).unwrap();
        if let At::Unix(path) = at {
            // A door of an earlier turn.
            let _none = std::fs::remove_file(path);
        }
        socket.bind(&addr).unwrap();
        socket.listen(backlog).unwrap();
        let at = match at {
            At::Inet(_) => At::Inet(socket.local_addr().unwrap().as_socket().unwrap()),
            At::Unix(path) => At::Unix(path.clone()),
        };
        Self { socket, at }
    }

    /// Its address, of a TCP one.
    pub fn inet(&self) -> SocketAddr {
        match &self.at {
            At::Inet(addr) => *addr,
            At::Unix(path) => panic!("{} is no TCP listener", path.display()),
        }
    }

    pub fn name(&self) -> String {
        match &self.at {
            At::Inet(addr) => addr.to_string(),
            At::Unix(path) => path.display().to_string(),
        }
    }

    /// Calls it without waiting; a Unix listener that is full says so at once.
    pub fn call(&self) -> std::io::Result<Socket> {
        let (domain, addr) = self.at.address();
        let client = Socket::new(domain, Type::STREAM, None).unwrap();
        client.set_nonblocking(true).unwrap();
        match client.connect(&addr) {
            Err(error) if error.raw_os_error() != Some(libc::EINPROGRESS) => Err(error),
            Ok(()) | Err(_) => Ok(client),
        }
    }
}

/// Whether its handshake is done: only then there is a peer (getpeername(2)).
pub fn is_connected(client: &Socket) -> bool {
    client.peer_addr().is_ok()
}

/// What a second tool prints, run in the namespace of this process. A missing one is said by name.
pub fn tool(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap_or_else(|e| panic!("{program}: {e}; these tests need Debian's iproute2"));
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Recv-Q and Send-Q of a listener, as `ss` shows them.
pub fn ss_listener(at: &At) -> (u32, u32) {
    let (shown, wanted) = match at {
        At::Inet(addr) => (tool("ss", &["-Hltn"]), addr.to_string()),
        At::Unix(path) => (tool("ss", &["-Hlx"]), path.display().to_string()),
    };
    let line = shown.lines().find(|line| line.split_whitespace().any(|word| word == wanted));
    let line = line.unwrap_or_else(|| panic!("{wanted} is not in\n{shown}"));
    let mut figures = line.split_whitespace().filter_map(|word| word.parse::<u32>().ok());
    (figures.next().unwrap(), figures.next().unwrap())
}
