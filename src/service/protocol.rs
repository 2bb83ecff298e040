//! What stands between the bytes of an endpoint and its service: framing and rules, in force for all its connections, changed
//! while they live.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;

use super::rules::{RuleError, Rules};
use crate::bytes::Framing;
use crate::lab::Messages;

/// See the module. Never changed once it is made.
#[derive(Debug, Default)]
pub struct Protocol {
    /// How streams are cut. Datagrams are messages already.
    pub framing: Framing,
    /// Asked before the service.
    pub rules: Rules,
}

impl Protocol {
    /// Of an endpoint over streams, or over datagrams. May read the files that answers name.
    ///
    /// # Errors
    /// Names the rule that cannot be used, and why.
    pub fn of(messages: &Messages, is_stream: bool) -> Result<Self, RuleError> {
        let framing = if is_stream { messages.framing.clone() } else { Framing::Raw };
        let rules = Rules::of(&messages.rules, &framing)?;
        Ok(Self { framing, rules })
    }

    /// Whether bytes pass as they are.
    pub fn is_plain(&self) -> bool {
        self.framing == Framing::Raw && self.rules.is_empty()
    }
}

/// The protocol in force, and what came of it. Shared by all connections and by whoever changes it.
#[derive(Debug, Default)]
pub struct LiveProtocol {
    /// Grows with each change; 0 is plain.
    version: AtomicU64,
    now: Mutex<Arc<Protocol>>,
    /// Whether somebody listens.
    is_overheard: AtomicBool,
    ears: Mutex<Arc<[Ear]>>,
    received: AtomicU64,
    sent: AtomicU64,
    by_rule: AtomicU64,
    broken: AtomicU64,
}

/// Hears each message, on the thread that received it: it must be short and not wait.
#[derive(Clone)]
pub struct Ear(Arc<Hears>);

type Hears = dyn Fn(&[u8]) + Send + Sync;

impl Ear {
    /// That does this with each message.
    pub fn new(hear: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hear))
    }
}

impl fmt::Debug for Ear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ear")
    }
}

/// What came of a protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MessageCounts {
    /// Messages cut out of received streams by a framing.
    pub received: u64,
    /// Messages of the service that a framing was put around.
    pub sent: u64,
    /// Messages that a rule answered.
    pub by_rule: u64,
    /// Streams that broke the framing.
    pub broken: u64,
}

impl LiveProtocol {
    /// From now on. Each connection takes it over with the next thing that happens to it.
    pub fn set(&self, protocol: Protocol) {
        // A plain one on an endpoint that never had another leaves it untouched.
        if protocol.is_plain() && self.version() == 0 {
            return;
        }
        let before = std::mem::replace(&mut *self.now.lock(), Arc::new(protocol));
        self.version.fetch_add(1, Ordering::Release);
        drop(before);
    }

    /// Lets this one hear each message from now on, beside those who do.
    pub fn add_ear(&self, ear: Ear) {
        self.change_ears(|now| now.iter().cloned().chain([ear]).collect());
    }

    /// This one hears no more.
    pub fn end_ear(&self, ear: &Ear) {
        self.change_ears(|now| now.iter().filter(|one| !Arc::ptr_eq(&one.0, &ear.0)).cloned().collect());
    }

    /// Nobody hears any more.
    pub fn end_ears(&self) {
        self.change_ears(|_| Arc::default());
    }

    fn change_ears(&self, change: impl FnOnce(&[Ear]) -> Arc<[Ear]>) {
        let before = {
            let mut now = self.ears.lock();
            let after = change(&now);
            self.is_overheard.store(!after.is_empty(), Ordering::Release);
            std::mem::replace(&mut *now, after)
        };
        self.version.fetch_add(1, Ordering::Release);
        drop(before);
    }

    /// Whether somebody hears each message.
    pub fn is_overheard(&self) -> bool {
        self.is_overheard.load(Ordering::Acquire)
    }

    /// A message came.
    pub fn overhear(&self, message: &[u8]) {
        if self.is_overheard() {
            let ears = Arc::clone(&self.ears.lock());
            ears.iter().for_each(|Ear(hear)| hear(message));
        }
    }

    /// Which change is the last; 0 while bytes have always passed as they are.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The one in force.
    pub fn now(&self) -> Arc<Protocol> {
        Arc::clone(&self.now.lock())
    }

    /// What came of it so far.
    pub fn counts(&self) -> MessageCounts {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        MessageCounts { received: of(&self.received), sent: of(&self.sent), by_rule: of(&self.by_rule), broken: of(&self.broken) }
    }

    /// More of it.
    pub fn count(&self, more: MessageCounts) {
        for (count, more) in
            [(&self.received, more.received), (&self.sent, more.sent), (&self.by_rule, more.by_rule), (&self.broken, more.broken)]
        {
            if more > 0 {
                count.fetch_add(more, Ordering::Relaxed);
            }
        }
    }
}
