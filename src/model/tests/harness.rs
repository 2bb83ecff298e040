//! Starts one server under one model, and clients of plain sockets.

use std::io;
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::lab::{AcceptPace, Life};
use crate::model::{Control, MODELS, ModelDef, ServerRun};
use crate::service::{self, Service};
use crate::settings::{Setting, Settings};
use crate::sys::{Domain, Kind, Sock, SockAddr};
use crate::trace::{Board, Call, CallRecord, Tap};

/// Nothing in these tests takes longer, also on a busy machine.
pub(super) const LIMIT: Duration = Duration::from_secs(20);
/// A stop takes effect within 100 ms; the assertion leaves room for a busy machine, and on Windows for a child process that is
/// just being started, which takes tenths of a second there.
pub(super) const STOP_LIMIT: Duration = Duration::from_secs(if cfg!(windows) { 3 } else { 1 });

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Tcp,
    #[cfg(unix)]
    UnixStream,
    Udp,
    #[cfg(unix)]
    UnixDgram,
}

impl Over {
    #[cfg(unix)]
    pub const STREAMS: &[Self] = &[Self::Tcp, Self::UnixStream];
    #[cfg(unix)]
    pub const DATAGRAMS: &[Self] = &[Self::Udp, Self::UnixDgram];
    #[cfg(windows)]
    pub const STREAMS: &[Self] = &[Self::Tcp];
    #[cfg(windows)]
    pub const DATAGRAMS: &[Self] = &[Self::Udp];

    fn is_stream(self) -> bool {
        Self::STREAMS.contains(&self)
    }

    fn is_inet(self) -> bool {
        matches!(self, Self::Tcp | Self::Udp)
    }
}

/// Models that run on this system.
pub(super) fn models() -> impl Iterator<Item = &'static ModelDef> {
    MODELS.iter().filter(|m| m.missing.is_none())
}

/// Those of them whose handlers live in this process: the others know only the services on the list.
pub(super) fn models_here() -> impl Iterator<Item = &'static ModelDef> {
    models().filter(|m| m.id != "processes")
}

/// Those of them under which datagrams have a meaning.
pub(super) fn datagram_models() -> impl Iterator<Item = &'static ModelDef> {
    models().filter(|m| m.no_datagrams.is_none())
}

/// What has a meaning under this model.
pub(super) fn transports_of(model: &ModelDef) -> impl Iterator<Item = &'static Over> {
    let datagrams = if model.no_datagrams.is_none() { Over::DATAGRAMS } else { &[] };
    Over::STREAMS.iter().chain(datagrams)
}

/// Whether it is an `accept`, made by the thread or carried out by the kernel by itself (linux/io_uring.h, IORING_OP_ACCEPT).
pub(super) fn is_accept(call: &CallRecord) -> bool {
    call.call == Call::Accept || call.call == Call::Completion && call.args[0] == 13
}

fn made_of(service: &str) -> Arc<dyn Service> {
    (service::find(service).unwrap().make)(&Settings::default())
}

/// Whether some clients are not served as long as others stay.
pub(super) fn serves_only_some(model: &ModelDef) -> bool {
    matches!(model.id, "iterative" | "thread-pool")
}

pub(super) struct Server {
    pub board: Arc<Board>,
    pub control: Arc<Control>,
    pub tap: Arc<Tap>,
    pub addr: SockAddr,
    over: Over,
    /// Not held: it goes when the server lets go.
    listener: Weak<Sock>,
    /// Until it serves.
    loop_to_run: Option<Box<dyn FnOnce() -> io::Result<()> + Send + Sync>>,
    thread: Option<JoinHandle<io::Result<()>>>,
    dir: tempfile::TempDir,
}

impl Server {
    pub fn start(model: &'static ModelDef, over: Over, service: &str) -> Self {
        Self::with_backlog(model, over, service, 512)
    }

    pub fn with_backlog(model: &'static ModelDef, over: Over, service: &str, backlog: u32) -> Self {
        let mut server = Self::bound(model, over, service, &[], backlog);
        server.serve();
        server
    }

    /// With these settings of the model.
    pub fn with_settings(model: &'static ModelDef, over: Over, service: &str, settings: &[(&str, Setting)]) -> Self {
        let mut server = Self::bound(model, over, service, settings, 512);
        server.serve();
        server
    }

    /// With this life, and a service of the list.
    pub fn living_named(model: &'static ModelDef, over: Over, service: &str, life: Life) -> Self {
        let chosen: &[_] = if model.id == "thread-pool" { &[("workers", Setting::Number(24))] } else { &[] };
        let mut server = Self::made(model, over, (made_of(service), Some(service)), chosen, life, 512);
        server.serve();
        server
    }

    /// With this life.
    pub fn living(model: &'static ModelDef, over: Over, service: Arc<dyn Service>, life: Life) -> Self {
        // The pool is large enough for every client of a test.
        let chosen: &[_] = if model.id == "thread-pool" { &[("workers", Setting::Number(24))] } else { &[] };
        let mut server = Self::made(model, over, (service, None), chosen, life, 512);
        server.serve();
        server
    }

    /// It listens, and takes clients at this pace once it serves. Each of them is done at once under `iterative`.
    pub fn gated(model: &'static ModelDef, over: Over, pace: AcceptPace) -> Self {
        let service = if model.id == "iterative" { "daytime" } else { "echo" };
        let life = Life { accept_pace: pace, ..Life::default() };
        Self::made(model, over, (made_of(service), Some(service)), &[], life, 512)
    }

    /// It listens, and does not serve yet.
    pub fn bound(model: &'static ModelDef, over: Over, service: &str, chosen: &[(&str, Setting)], backlog: u32) -> Self {
        Self::made(model, over, (made_of(service), Some(service)), chosen, Life::default(), backlog)
    }

    fn made(
        model: &'static ModelDef,
        over: Over,
        (service, name): (Arc<dyn Service>, Option<&str>),
        chosen: &[(&str, Setting)],
        life: Life,
        backlog: u32,
    ) -> Self {
        let mut settings = Settings::default();
        chosen.iter().for_each(|(id, value)| settings.set(id, value.clone()));
        assert_eq!(settings.check(model.settings), Ok(()));
        let epoch = Instant::now();
        let (tap, board) = (Tap::new(epoch, 1_024), Board::new(epoch));
        let lane = tap.lane("server");
        let dir = tempfile::tempdir().unwrap();
        let domain = if over.is_inet() { Domain::Ipv4 } else { Domain::Unix };
        let kind = if over.is_stream() { Kind::Stream } else { Kind::Dgram };
        let sock = Sock::open(&lane, domain, kind).unwrap();
        sock.bind(&lane, &fresh_addr(over, &dir, "server")).unwrap();
        if over.is_stream() {
            sock.listen(&lane, backlog).unwrap();
        }
        let addr = sock.local_addr().unwrap();
        let socket = Arc::new(sock);
        let listener = Arc::downgrade(&socket);
        let control = Control::new("server", Arc::clone(&socket), over.is_stream(), Arc::clone(&tap), Arc::clone(&board)).unwrap();
        // As the engine does: a command that comes before the model's first look counts for this pace.
        control.begin_pace(life.accept_pace);
        let run = ServerRun {
            socket,
            stream: over.is_stream(),
            service,
            settings,
            life,
            board: Arc::clone(&board),
            control: Arc::clone(&control),
            named: name.and_then(service::find).map(|def| (def.id, Settings::default())),
            relay: None,
        };
        let loop_to_run = Box::new(move || (model.serve)(&lane, run));
        Self { board, control, tap, addr, over, listener, loop_to_run: Some(loop_to_run), thread: None, dir }
    }

    pub fn serve(&mut self) {
        let work = self.loop_to_run.take().expect("served once");
        self.thread = Some(std::thread::Builder::new().name("server".into()).spawn(work).unwrap());
    }

    /// Connections from now on hold about so many bytes that nobody reads: they have the buffer size of the socket that accepts
    /// them, and one that was set does not grow (tcp(7), socket(7) `SO_SNDBUF`).
    pub fn set_send_buffers(&self, bytes: usize) {
        self.listener.upgrade().unwrap().options().set_send_buffer_size(bytes).unwrap();
    }

    /// A client socket: connected, or (datagrams) bound to a name of its own. Its reads give up after the limit.
    pub fn client(&self, name: &str) -> Client {
        let kind = if self.over.is_stream() { socket2::Type::STREAM } else { socket2::Type::DGRAM };
        let sock = socket2::Socket::new(self.addr.domain(), kind, None).unwrap();
        sock.set_read_timeout(Some(LIMIT)).unwrap();
        sock.set_write_timeout(Some(LIMIT)).unwrap();
        if !self.over.is_stream() {
            sock.bind(&fresh_addr(self.over, &self.dir, name)).unwrap();
        }
        sock.connect(&self.addr).unwrap();
        Client { sock }
    }

    /// Stops it and says how long that took.
    pub fn stop(&mut self) -> Duration {
        let start = Instant::now();
        self.control.stop();
        let thread = self.thread.take().expect("stopped once");
        assert!(until(|| thread.is_finished()), "the server did not stop");
        let took = start.elapsed();
        thread.join().expect("no panic").expect("no error");
        self.control.join();
        let totals = self.board.totals();
        assert_eq!((totals.open, totals.connecting), (0, 0), "every connection was told to have ended");
        took
    }

    /// Waits until it ends by itself, with this error.
    #[cfg(target_os = "linux")]
    pub fn failure(mut self) -> io::Error {
        let thread = self.thread.take().expect("stopped once");
        assert!(until(|| thread.is_finished()), "the server serves");
        let result = thread.join().expect("no panic");
        self.control.join();
        result.expect_err("it failed")
    }

    /// Whether it ends by itself.
    pub fn ends(&self) -> bool {
        until(|| self.thread.as_ref().is_none_or(JoinHandle::is_finished))
    }

    /// Why the connection that ended last did.
    pub fn last_end(&self) -> Arc<crate::trace::End> {
        Arc::clone(&self.board.recently_ended(1)[0].2)
    }

    pub fn open(&self) -> u64 {
        self.board.totals().open
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.thread.is_some() && !std::thread::panicking() {
            let took = self.stop();
            assert!(took < STOP_LIMIT, "the stop took {took:?}");
        }
        // After a failed assertion the server must go too, else the next one reads on in its threads.
        self.control.stop();
    }
}

fn fresh_addr(over: Over, dir: &tempfile::TempDir, name: &str) -> SockAddr {
    if over.is_inet() {
        return std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into();
    }
    SockAddr::unix(dir.path().join(name)).unwrap()
}

pub(super) struct Client {
    pub sock: socket2::Socket,
}

impl Client {
    pub fn send(&self, data: &[u8]) {
        let mut rest = data;
        while !rest.is_empty() {
            rest = &rest[self.sock.send(rest).expect("sent within the limit")..];
        }
    }

    /// One `recv`'s worth.
    pub fn recv(&self) -> io::Result<Vec<u8>> {
        let mut buf = vec![0; 128 << 10];
        let n = io::Read::read(&mut &self.sock, &mut buf)?;
        buf.truncate(n);
        Ok(buf)
    }

    /// Exactly so many bytes.
    pub fn recv_exact(&self, n: usize) -> Vec<u8> {
        let mut buf = vec![0; n];
        io::Read::read_exact(&mut &self.sock, &mut buf).expect("all bytes within the limit");
        buf
    }

    /// Everything until the end of the stream.
    pub fn recv_rest(&self) -> Vec<u8> {
        let mut buf = Vec::new();
        io::Read::read_to_end(&mut &self.sock, &mut buf).expect("an orderly end within the limit");
        buf
    }

    pub fn ask(&self, data: &[u8]) -> Vec<u8> {
        self.send(data);
        self.recv_exact(data.len())
    }

    pub fn end(&self) {
        self.sock.shutdown(std::net::Shutdown::Write).unwrap();
    }
}

/// Waits for the condition, up to the limit.
pub(super) fn until(condition: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while !condition() {
        if start.elapsed() > LIMIT {
            return false;
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
    true
}

/// Bytes that a shift or a loss would show in.
pub(super) fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i % 251) as u8 ^ (i / 251) as u8).collect()
}
