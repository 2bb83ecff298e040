//! What tasks await: a socket's readiness under a tokio runtime (`epoll`, `kqueue`, on Windows completion ports), and the
//! runtime itself, whose threads are lanes.
//!
//! The calls on the socket stay ours. The runtime remembers that a direction is ready until a call on it finds nothing there,
//! so such a call is made within [`Watched::try_read`], which sees the `EAGAIN`.
#![cfg_attr(windows, expect(clippy::missing_const_for_thread_local, reason = "it is const, which the macro hides on this target"))]

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use tokio::io::Interest;
use tokio::runtime::{Builder, Runtime};

use crate::trace::{Begun, Call, Lane, Tap};

use super::RawFd;

#[cfg(unix)]
use std::os::fd::{AsFd as Handle, AsRawFd};
#[cfg(windows)]
use std::os::windows::io::{AsRawSocket, AsSocket as Handle};

/// What a task waits for on a socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Bytes, a connection, the end.
    pub read: bool,
    /// Room to send.
    pub write: bool,
    /// The end of the connection in both directions, for whoever neither reads nor writes.
    pub end: bool,
}

/// Why it goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Woke {
    /// Reading is worth a try.
    pub read: bool,
    /// The connection is over in both directions, or failed.
    pub hung_up: bool,
    /// The other thing that was awaited.
    pub news: bool,
}

/// A socket that the runtime watches, kept open by `T` as long as that.
#[derive(Debug)]
pub struct Watched<T: Handle> {
    fd: RawFd,
    #[cfg(unix)]
    inner: tokio::io::unix::AsyncFd<Held<T>>,
    /// A duplicate handle of the socket. What kind of socket it is does not matter to the readiness of it.
    #[cfg(windows)]
    inner: tokio::net::TcpStream,
    #[cfg(windows)]
    _held: T,
}

/// The runtime asks for numbers.
#[cfg(unix)]
#[derive(Debug)]
struct Held<T>(T);

#[cfg(unix)]
impl<T: Handle> AsRawFd for Held<T> {
    fn as_raw_fd(&self) -> std::os::fd::RawFd {
        self.0.as_fd().as_raw_fd()
    }
}

impl<T: Handle> Watched<T> {
    /// Within a runtime; the socket must be non-blocking.
    #[cfg(unix)]
    pub fn new(sock: T) -> io::Result<Self> {
        let fd = sock.as_fd().as_raw_fd().into();
        // SAFETY: `AsFd` promises an open descriptor as long as `sock` lives, and `inner` owns it; our handles (`Sock`, `Waker`,
        // references and `Arc`s of what owns one) always answer the same one.
        let inner = unsafe { tokio::io::unix::AsyncFd::register(Held(sock)) }?;
        Ok(Self { fd, inner })
    }

    /// Within a runtime; the socket must be non-blocking.
    #[cfg(windows)]
    pub fn new(sock: T) -> io::Result<Self> {
        let twin = sock.as_socket().try_clone_to_owned()?;
        let fd = sock.as_socket().as_raw_socket() as RawFd;
        Ok(Self { fd, inner: tokio::net::TcpStream::from_std(twin.into())?, _held: sock })
    }

    /// Leaves the thread to other tasks until a wish comes true, the time has come, or `news` has. The lane stands in it.
    #[track_caller]
    pub fn wait<'a>(
        &'a self,
        lane: &'a Lane,
        wish: Wish,
        until: Option<Instant>,
        news: impl Future<Output = ()> + 'a,
    ) -> impl Future<Output = io::Result<Woke>> + 'a {
        let events = i64::from(wish.read) | i64::from(wish.write) << 2;
        let begun = lane.begin(Call::Await, self.fd, [events, 0]);
        async move {
            let woke = self.first(wish, until, news).await;
            let result = woke.as_ref().map_or(-1, |woke| i64::from(!woke.news && *woke != Woke::default()));
            lane.end(begun, result);
            woke
        }
    }

    async fn first(&self, wish: Wish, until: Option<Instant>, news: impl Future<Output = ()>) -> io::Result<Woke> {
        let mut ready = pin!(self.ready(wish));
        let mut time = pin!(async {
            match until {
                Some(until) => tokio::time::sleep_until(until.into()).await,
                None => std::future::pending().await,
            }
        });
        let mut news = pin!(news);
        poll_fn(|cx| {
            if news.as_mut().poll(cx).is_ready() {
                // Also what is ready is worth a try then.
                return Poll::Ready(Ok(Woke { read: wish.read, news: true, ..Woke::default() }));
            }
            if let Poll::Ready(woke) = ready.as_mut().poll(cx) {
                return Poll::Ready(woke);
            }
            time.as_mut().poll(cx).map(|()| Ok(Woke::default()))
        })
        .await
    }

    async fn ready(&self, wish: Wish) -> io::Result<Woke> {
        let interest = match (wish.read, wish.write) {
            (true, true) => Interest::READABLE | Interest::WRITABLE,
            (true, false) => Interest::READABLE,
            (false, true) => Interest::WRITABLE,
            (false, false) if wish.end => return self.end().await,
            (false, false) => std::future::pending().await,
        };
        let ready = self.inner.ready(interest).await?;
        #[cfg(unix)]
        let ready = ready.ready();
        Ok(Woke { read: ready.is_readable() || ready.is_read_closed(), hung_up: false, news: false })
    }

    /// A closed write side is told with room to send, so each news of room is forgotten. `epoll` and `kqueue` (edge-triggered)
    /// then tell only of changes; a completion port is asked anew each time and answers at once while there is room, so
    /// there it is asked a while later.
    async fn end(&self) -> io::Result<Woke> {
        loop {
            let ready = self.inner.ready(Interest::WRITABLE).await?;
            #[cfg(unix)]
            let ready = ready.ready();
            if ready.is_write_closed() {
                return Ok(Woke { hung_up: true, ..Woke::default() });
            }
            self.forget_room(|| false);
            #[cfg(windows)]
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }

    /// Runs `op` if reading is worth a try. It must answer `WouldBlock` when it found nothing.
    #[track_caller]
    pub fn try_read(&self, op: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        #[cfg(unix)]
        return self.inner.try_io(Interest::READABLE, |_| op());
        #[cfg(windows)]
        return self.inner.try_io(Interest::READABLE, op);
    }

    /// What was known of room to send is outdated, unless `is_there`.
    pub fn forget_room(&self, is_there: impl FnOnce() -> bool) {
        let op = || if is_there() { Ok(()) } else { Err(io::ErrorKind::WouldBlock.into()) };
        #[cfg(unix)]
        let _forgotten: io::Result<()> = self.inner.try_io(Interest::WRITABLE, |_| op());
        #[cfg(windows)]
        let _forgotten: io::Result<()> = self.inner.try_io(Interest::WRITABLE, op);
    }

    /// Ends when there is something to read.
    pub async fn readable(&self) {
        // A failure would come again at once; whoever waits for this is woken by nothing else then.
        if self.inner.ready(Interest::READABLE).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// A runtime whose tasks run on the calling thread, or on so many of its own. Dropping it waits for these.
pub fn runtime(tap: &Arc<Tap>, name: &Arc<str>, threads: usize) -> io::Result<Runtime> {
    if threads <= 1 {
        return Builder::new_current_thread().enable_io().enable_time().build();
    }
    let (name, tap, number) = (Arc::clone(name), Arc::clone(tap), std::sync::atomic::AtomicUsize::new(1));
    let named = move || format!("{name}:worker-{}", number.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name_fn(named)
        .on_thread_start(move || Worker::start(&tap))
        .on_thread_park(Worker::park)
        .on_thread_unpark(Worker::unpark)
        .on_thread_stop(Worker::stop)
        .enable_io()
        .enable_time()
        .build()
}

/// The lane of one of the runtime's threads: it shows when no task has anything to do.
struct Worker {
    lane: Lane,
    parked: Option<Begun>,
}

thread_local! {
    static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

impl Worker {
    fn start(tap: &Arc<Tap>) {
        let lane = tap.lane(std::thread::current().name().unwrap_or_default());
        WORKER.with_borrow_mut(|worker| *worker = Some(Self { lane, parked: None }));
    }

    fn park() {
        WORKER.with_borrow_mut(|worker| {
            if let Some(Self { lane, parked }) = worker {
                *parked = Some(lane.begin(Call::Await, -1, [0; 2]));
            }
        });
    }

    fn unpark() {
        WORKER.with_borrow_mut(|worker| {
            if let Some(Self { lane, parked }) = worker
                && let Some(begun) = parked.take()
            {
                lane.end(begun, 0);
            }
        });
    }

    fn stop() {
        WORKER.with_borrow_mut(|worker| drop(worker.take()));
    }
}
