//! Where a client connects to, as it stands now.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::engine::transport;
use crate::engine::{Cause, Failure, Operation};
use crate::lab;
use crate::sys::SockAddr;
use crate::trace::Lane;

/// Where to connect.
#[derive(Clone, Debug)]
pub(in crate::engine) enum TargetSource {
    /// Any address, also of an outside program.
    Address(lab::Address),
    /// A server of the same lab.
    Server {
        /// Its name.
        name: String,
        /// Where it is bound, set by its session while it runs.
        local: Arc<Mutex<Option<SockAddr>>>,
        /// What its document says; counts while it does not run.
        fallback: lab::Address,
    },
    /// Each connection is a pair of its own.
    Pair,
}

impl TargetSource {
    /// Looks it up. A host name blocks as long as the system's resolver does, or until `gives_up`.
    pub(super) fn look_up(&self, lane: &Lane, gives_up: &dyn Fn() -> bool) -> Result<Vec<SockAddr>, Failure> {
        match self {
            Self::Address(address) => transport::resolve(lane, address, false, gives_up),
            // What `getpeername` answers at either end: the family and no name (unix(7)).
            Self::Pair => match SockAddr::unix("") {
                Ok(unnamed) => Ok(vec![unnamed]),
                Err(error) => Err(Failure::new(Operation::Socket, transport::PAIR, &error)),
            },
            Self::Server { name, local, fallback } => {
                let bound = local.lock().clone();
                match (bound, fallback) {
                    (Some(addr), _) => Ok(vec![transport::reachable(&addr)]),
                    (None, lab::Address::Inet { port: 0, .. }) => {
                        Err(Failure::because(Operation::Connect, name.as_str(), Cause::ServerNotRunning))
                    }
                    (None, address) => transport::resolve(lane, address, false, gives_up),
                }
            }
        }
    }

    /// Whether asking again may give another answer without a blocking lookup.
    pub(super) fn may_move(&self) -> bool {
        match self {
            Self::Address(_) | Self::Pair => false,
            Self::Server { .. } => true,
        }
    }

    /// As the person wrote it.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Address(address) => address.to_string(),
            Self::Server { name, .. } => name.clone(),
            Self::Pair => transport::PAIR.to_owned(),
        }
    }

    /// Connections that one opening makes: both ends of a pair are ours.
    pub(super) fn ends(&self) -> u32 {
        match self {
            Self::Address(_) | Self::Server { .. } => 1,
            Self::Pair => 2,
        }
    }

    /// Whether nobody else is at the other end.
    pub(super) fn is_pair(&self) -> bool {
        self.ends() == 2
    }
}

/// The addresses found, and the one that worked.
#[derive(Debug, Default)]
pub(super) struct Targets {
    addrs: Vec<SockAddr>,
    proven: Option<usize>,
}

impl Targets {
    pub fn new(addrs: Vec<SockAddr>) -> Self {
        // A single one needs no proof.
        let proven = (addrs.len() == 1).then_some(0);
        Self { addrs, proven }
    }

    pub fn is_empty(&self) -> bool {
        self.addrs.is_empty()
    }

    /// Whether one connection must find out first which address answers, before many ask.
    pub fn needs_scout(&self) -> bool {
        self.proven.is_none() && self.addrs.len() > 1
    }

    /// The one to try first.
    pub fn first(&self) -> usize {
        self.proven.unwrap_or(0)
    }

    /// The one to try when `failed` did not answer.
    pub fn after(&self, failed: usize) -> Option<usize> {
        (self.proven.is_none() && failed + 1 < self.addrs.len()).then_some(failed + 1)
    }

    pub fn get(&self, at: usize) -> Option<&SockAddr> {
        self.addrs.get(at)
    }

    /// After a loss another address may be the right one.
    pub fn doubt(&mut self) {
        if self.addrs.len() > 1 {
            self.proven = None;
        }
    }

    pub fn worked(&mut self, at: usize) {
        // The list may have been looked up anew since.
        if at < self.addrs.len() {
            self.proven.get_or_insert(at);
        }
    }
}
