//! What several tests need: an engine with one endpoint, waiting on a condition with a limit, plain peers of the standard
//! library. It must not use the crate's own sockets: the other end of every test is an ordinary program's.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "shared by several test binaries, each using a part")]

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::{Command as Process, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use socketlab::engine::{Command, Engine, EngineConfig, EngineHandle, SessionState, SessionView, Spec, catalog};
use socketlab::lab::{Address, Client, EndpointId, Lab, Server, Target, Transport};

/// Longest wait for anything in these tests. Generous: machines are shared; a test that needs it has failed already.
pub const LIMIT: Duration = Duration::from_secs(20);

/// Waits until `condition` answers, at most [`LIMIT`].
pub fn until<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(start.elapsed() < LIMIT, "waited {LIMIT:?} for: {what}");
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

/// An engine and the ids of what it runs.
pub struct Rig {
    pub engine: EngineHandle,
    pub dir: tempfile::TempDir,
    next: AtomicU64,
}

impl Rig {
    pub fn new() -> Self {
        let engine = Engine::spawn(EngineConfig::default(), || ()).unwrap();
        Self { engine, dir: tempfile::tempdir().unwrap(), next: AtomicU64::new(1) }
    }

    /// A fresh loopback address.
    pub fn address(&self, transport: Transport) -> Address {
        if transport.is_unix() {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            Address::Path(self.dir.path().join(format!("{n}.sock")).display().to_string())
        } else {
            Address::Inet { host: "127.0.0.1".into(), port: 0 }
        }
    }

    /// The document of a server.
    pub fn server(&self, transport: Transport, model: &str, service: &str) -> Server {
        let mut lab = Lab::default();
        let id = lab.add_server(transport, model);
        let mut server = lab.server(id).unwrap().clone();
        server.id = EndpointId(self.next.fetch_add(1, Ordering::Relaxed));
        server.name = format!("s{}", server.id.0);
        server.address = self.address(transport);
        server.service = service.into();
        server
    }

    /// The document of a client for an address.
    pub fn client(&self, transport: Transport, to: Address) -> Client {
        let mut lab = Lab::default();
        let id = lab.add_client(transport, None);
        let mut client = lab.client(id).unwrap().clone();
        client.id = EndpointId(self.next.fetch_add(1, Ordering::Relaxed));
        client.name = format!("c{}", client.id.0);
        client.target = Target::Address(to);
        client
    }

    pub fn send(&self, command: Command) {
        self.engine.send(command).unwrap();
    }

    /// Starts a server and waits until it runs; its bound address.
    pub fn start(&self, server: &Server) -> String {
        self.send(Command::Start(Box::new(Spec::Server(server.clone()))));
        self.running(server.id)
    }

    /// Waits until an endpoint runs; a server's bound address.
    pub fn running(&self, id: EndpointId) -> String {
        let view = self.view_when(id, "it runs", |s| {
            assert_ne!(s.state, SessionState::Failed, "{:?}", s.failure);
            s.state == SessionState::Running
        });
        view.local.as_deref().unwrap_or_default().to_owned()
    }

    /// The view of a session once it fits.
    pub fn view_when(&self, id: EndpointId, what: &str, fits: impl Fn(&SessionView) -> bool) -> Arc<SessionView> {
        until(what, || self.engine.snapshot().session(id).filter(|s| fits(s)).cloned())
    }

    /// Stops an endpoint and answers how long that took.
    pub fn stop(&self, id: EndpointId) -> Duration {
        let start = Instant::now();
        self.send(Command::Stop(id));
        self.view_when(id, "it is stopped", |s| matches!(s.state, SessionState::Stopped | SessionState::Failed));
        start.elapsed()
    }
}

/// Every model that runs here.
pub fn models() -> Vec<&'static str> {
    catalog::models().filter(|m| m.missing.is_none()).map(|m| m.id).collect()
}

/// Every model that runs here and under which this transport has a meaning.
pub fn models_for(transport: Transport) -> Vec<&'static str> {
    models().into_iter().filter(|model| has_a_meaning(model, transport)).collect()
}

/// Whether this transport has a meaning under this model.
pub fn has_a_meaning(model: &str, transport: Transport) -> bool {
    transport.is_stream() || catalog::models().any(|m| m.id == model && m.no_datagrams.is_none())
}

/// Whether some clients of a stream server are not served as long as others stay: that is the point of these models.
pub fn serves_only_some(model: &str) -> bool {
    matches!(model, "iterative" | "thread-pool")
}

/// Every transport that this system has and that the standard library can speak.
pub fn transports() -> Vec<Transport> {
    catalog::transports().filter(|(t, missing)| missing.is_none() && (cfg!(unix) || !t.is_unix())).map(|(t, _)| t).collect()
}

/// A plain peer of the standard library.
pub enum Peer {
    Tcp(TcpStream),
    Udp(UdpSocket),
    #[cfg(unix)]
    Stream(std::os::unix::net::UnixStream),
    #[cfg(unix)]
    Dgram(std::os::unix::net::UnixDatagram, PathBuf),
}

static NEXT_PEER: AtomicU64 = AtomicU64::new(1);

impl Peer {
    /// Connects; reads give up after [`LIMIT`].
    pub fn connect(transport: Transport, to: &str) -> io::Result<Self> {
        Ok(match transport {
            Transport::Tcp => {
                let stream = TcpStream::connect(to)?;
                stream.set_read_timeout(Some(LIMIT))?;
                stream.set_write_timeout(Some(LIMIT))?;
                Self::Tcp(stream)
            }
            Transport::Udp => {
                let to: SocketAddr = to.parse().unwrap();
                let socket = UdpSocket::bind((to.ip(), 0))?;
                socket.connect(to)?;
                socket.set_read_timeout(Some(LIMIT))?;
                Self::Udp(socket)
            }
            #[cfg(unix)]
            Transport::UnixStream => {
                let stream = std::os::unix::net::UnixStream::connect(to)?;
                stream.set_read_timeout(Some(LIMIT))?;
                stream.set_write_timeout(Some(LIMIT))?;
                Self::Stream(stream)
            }
            #[cfg(unix)]
            Transport::UnixDgram => {
                let n = NEXT_PEER.fetch_add(1, Ordering::Relaxed);
                let path = std::env::temp_dir().join(format!("socketlab-peer-{}-{n}.sock", std::process::id()));
                let socket = std::os::unix::net::UnixDatagram::bind(&path)?;
                socket.connect(to)?;
                socket.set_read_timeout(Some(LIMIT))?;
                Self::Dgram(socket, path)
            }
            #[cfg(not(unix))]
            Transport::UnixStream | Transport::UnixDgram => unreachable!("not listed by transports()"),
        })
    }

    /// Sends all of it; one datagram on datagram transports.
    pub fn send(&mut self, data: &[u8]) -> io::Result<()> {
        match self {
            Self::Tcp(s) => s.write_all(data),
            Self::Udp(s) => s.send(data).map(drop),
            #[cfg(unix)]
            Self::Stream(s) => s.write_all(data),
            #[cfg(unix)]
            Self::Dgram(s, _) => s.send(data).map(drop),
        }
    }

    /// One receive. A socket with a time-out answers EINTR when its process was stopped and goes on (signal(7)); it is asked again.
    pub fn recv(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let got = match self {
                Self::Tcp(s) => s.read(buf),
                Self::Udp(s) => s.recv(buf),
                #[cfg(unix)]
                Self::Stream(s) => s.read(buf),
                #[cfg(unix)]
                Self::Dgram(s, _) => s.recv(buf),
            };
            match got {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                got => return got,
            }
        }
    }

    /// Exactly this many bytes, over as many receives as a stream takes; one datagram otherwise.
    pub fn recv_exactly(&mut self, n: usize) -> io::Result<Vec<u8>> {
        let mut all = vec![0; n.max(1)];
        if !self.is_stream() {
            let got = self.recv(&mut all)?;
            all.truncate(got);
            return Ok(all);
        }
        let mut at = 0;
        while at < n {
            let got = match self.recv(&mut all[at..]) {
                // A wait with a limit is not resumed after a signal: SIGCHLD of a server's children (signal(7)).
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if got == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            at += got;
        }
        all.truncate(n);
        Ok(all)
    }

    /// Everything until the other end says FIN.
    pub fn recv_to_end(&mut self) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        let mut buf = vec![0; 65_536];
        loop {
            match self.recv(&mut buf)? {
                0 => return Ok(all),
                n => all.extend_from_slice(&buf[..n]),
            }
        }
    }

    /// How long a receive waits from now on.
    pub fn wait_at_most(&self, limit: Duration) -> io::Result<()> {
        match self {
            Self::Tcp(s) => s.set_read_timeout(Some(limit)),
            Self::Udp(s) => s.set_read_timeout(Some(limit)),
            #[cfg(unix)]
            Self::Stream(s) => s.set_read_timeout(Some(limit)),
            #[cfg(unix)]
            Self::Dgram(s, _) => s.set_read_timeout(Some(limit)),
        }
    }

    /// Says FIN, keeps reading.
    pub fn half_close(&self) -> io::Result<()> {
        match self {
            Self::Tcp(s) => s.shutdown(Shutdown::Write),
            #[cfg(unix)]
            Self::Stream(s) => s.shutdown(Shutdown::Write),
            Self::Udp(_) => Ok(()),
            #[cfg(unix)]
            Self::Dgram(..) => Ok(()),
        }
    }

    pub fn is_stream(&self) -> bool {
        match self {
            Self::Tcp(_) => true,
            Self::Udp(_) => false,
            #[cfg(unix)]
            Self::Stream(_) => true,
            #[cfg(unix)]
            Self::Dgram(..) => false,
        }
    }
}

#[cfg(unix)]
impl Drop for Peer {
    fn drop(&mut self) {
        if let Self::Dgram(_, path) = self {
            let _gone = std::fs::remove_file(path);
        }
    }
}

fn python() -> &'static str {
    let works =
        |name: &str| Process::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success());
    ["python3", "python"]
        .into_iter()
        .find(|name| works(name))
        .expect("these tests talk to Python programs: install Python 3.9 or later (on Debian: apt-get install python3)")
}

/// A program of `tests/peers`, to be started.
pub fn python_peer(script: &str, transport: Transport, address: &str) -> Process {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(script);
    let mut process = Process::new(python());
    // -B: no __pycache__ in the source tree.
    process.arg("-B").arg(path).args(["--transport", transport.id(), "--address", address]);
    process
}

/// Bytes that differ at every place, so that a shift or a loss is seen.
pub fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 7 + i / 251) as u8).collect()
}

/// Open descriptors and threads of this process (Linux).
#[cfg(target_os = "linux")]
pub fn descriptors_and_threads() -> (usize, usize) {
    let count = |dir: &str| std::fs::read_dir(dir).unwrap().count();
    (count("/proc/self/fd"), count("/proc/self/task"))
}
