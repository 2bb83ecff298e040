//! What a handler wants done. One is kept per worker and reused, so that nothing is allocated per message.
//!
//! It only collects; the I/O models carry it out.

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use super::PeerId;
use crate::bytes::FramingError;

/// See the module.
#[derive(Debug)]
pub struct Actions {
    /// Asked at most once a turn, and only if the handler wants to know.
    now: Cell<Option<SystemTime>>,
    clock: fn() -> SystemTime,
    bytes: Vec<u8>,
    /// Where each send ends in `bytes`.
    ends: Vec<usize>,
    after: After,
    wake_after: Option<Duration>,
    more: bool,
    posts: Vec<Post>,
    failure: Option<String>,
    broken: Option<FramingError>,
}

/// What happens to the connection once the sends are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum After {
    /// It stays.
    #[default]
    Stay,
    /// Our side ends (FIN), we still read.
    HalfClose,
    /// It is closed.
    Close,
    /// It is reset (RST): what was not taken by the peer yet is lost.
    Reset,
}

/// Bytes for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// For whom.
    pub to: PostTo,
    /// One message.
    pub bytes: Box<[u8]>,
}

/// For whom a post is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostTo {
    /// All peers of this server but the one that posts.
    Others,
    /// This peer, if it is still there.
    One(PeerId),
}

impl Default for Actions {
    fn default() -> Self {
        let (bytes, ends, posts) = (Vec::new(), Vec::new(), Vec::new());
        let (now, clock) = (Cell::new(None), || SystemTime::UNIX_EPOCH);
        Self { now, clock, bytes, ends, after: After::Stay, wake_after: None, more: false, posts, failure: None, broken: None }
    }
}

impl Actions {
    /// The time of day of this turn. Services have no clock of their own.
    pub fn now(&self) -> SystemTime {
        let now = self.now.get().unwrap_or_else(self.clock);
        self.now.set(Some(now));
        now
    }

    /// Send these bytes: one message; one datagram on datagram transports.
    pub fn send(&mut self, data: &[u8]) {
        self.send_parts(&[data]);
    }

    /// Send these parts as one message.
    pub fn send_parts(&mut self, parts: &[&[u8]]) {
        parts.iter().for_each(|p| self.bytes.extend_from_slice(p));
        self.ends.push(self.bytes.len());
    }

    /// Send these bytes to others. A peer that does not read never holds up the one that posts: beyond a limit it is
    /// disconnected.
    pub fn post(&mut self, to: PostTo, bytes: impl Into<Box<[u8]>>) {
        self.posts.push(Post { to, bytes: bytes.into() });
    }

    /// Call `on_timer` after this time; replaces an earlier wish.
    pub fn wake_after(&mut self, time: Duration) {
        self.wake_after = Some(time);
    }

    /// Call `on_room` once everything is with the kernel. Streams only: nothing tells when a datagram's reader has room, and an
    /// answer without end would flood it, so a datagram peer gets what `on_bytes` and `on_timer` send.
    pub fn more(&mut self) {
        self.more = true;
    }

    /// Close once everything is sent.
    pub fn close(&mut self) {
        self.after = self.after.max(After::Close);
    }

    /// End our side once everything is sent.
    pub fn half_close(&mut self) {
        self.after = self.after.max(After::HalfClose);
    }

    /// Reset the connection now.
    pub fn reset(&mut self) {
        self.after = After::Reset;
    }

    /// This peer's request failed: its connection ends with these words, the server goes on.
    pub fn fail(&mut self, why: impl Into<String>) {
        self.failure = Some(why.into());
    }

    /// What this peer sent broke the framing in force: its connection ends with that, the server goes on.
    pub fn broke(&mut self, why: FramingError) {
        self.broken = Some(why);
    }

    /// Everything to send, one after the other: what a stream wants.
    pub fn stream(&self) -> &[u8] {
        &self.bytes
    }

    /// Each message by itself: what datagrams want.
    pub fn messages(&self) -> impl Iterator<Item = &[u8]> {
        self.ends.iter().scan(0, |start, &end| {
            let message = &self.bytes[*start..end];
            *start = end;
            Some(message)
        })
    }

    /// What happens after the sends.
    pub fn after(&self) -> After {
        self.after
    }

    /// When `on_timer` is wanted, if that changed in this turn.
    pub fn timer(&self) -> Option<Duration> {
        self.wake_after
    }

    /// Whether `on_room` is wanted.
    pub fn wants_room(&self) -> bool {
        self.more
    }

    /// What goes to others.
    pub fn posts(&self) -> &[Post] {
        &self.posts
    }

    /// Why the request failed.
    pub fn take_failure(&mut self) -> Option<String> {
        self.failure.take()
    }

    /// How the peer's stream broke its framing.
    pub fn take_broken(&mut self) -> Option<FramingError> {
        self.broken.take()
    }

    /// Whether the connection ends because something failed.
    pub(super) fn has_failed(&self) -> bool {
        self.failure.is_some() || self.broken.is_some()
    }

    /// Ready for a turn inside the turn of another, at the same time of day.
    pub(super) fn begin_like(&mut self, other: &Self) {
        self.clear();
        self.now.set(other.now.get());
        self.clock = other.clock;
    }

    /// Takes over what was wanted there, each message as `wrap` has it. The first that it refuses ends the messages.
    pub(super) fn take_over<E>(&mut self, inner: &mut Self, mut wrap: impl FnMut(&[u8]) -> Result<Vec<u8>, E>) -> Result<(), E> {
        self.after = self.after.max(inner.after);
        self.wake_after = inner.wake_after.or(self.wake_after);
        self.more |= inner.more;
        self.failure = self.failure.take().or(inner.failure.take());
        for message in inner.messages() {
            self.send(&wrap(message)?);
        }
        for post in inner.posts.drain(..) {
            self.post(post.to, wrap(&post.bytes)?);
        }
        Ok(())
    }

    /// Ready for the next turn at this time of day; keeps the memory.
    pub fn begin(&mut self, now: SystemTime) {
        self.clear();
        self.now.set(Some(now));
    }

    /// The same; this clock says the time of day, if the handler asks for it.
    pub fn begin_by(&mut self, clock: fn() -> SystemTime) {
        self.clear();
        self.now.set(None);
        self.clock = clock;
    }

    /// Forgets what was collected; keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.after = After::Stay;
        self.wake_after = None;
        self.more = false;
        self.posts.clear();
        self.failure = None;
        self.broken = None;
    }
}
