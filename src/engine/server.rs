//! The thread of one running server: makes the socket, lets the model serve, cleans up.
//!
//! Everything that may wait (name look-up, the model's loop) happens here and never on the engine's thread.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use super::note::{Bound, NoteKind, Reporter};
use super::transport::{Listening, SocketFile};
use super::{Cause, Failure, Operation, cast, messages, transport};
use crate::lab::{Cast, Server, Transport};
use crate::model::{self, ServerRun};
use crate::probe::{self, Unavailable};
use crate::service::{self, Framed, Protocol};
use crate::sys::{SockAddr, fmt_addr};
use crate::trace::{Board, Lane};

/// Where a running server of the lab is reached from this machine; `None` while it does not run.
pub(super) type Slot = Arc<Mutex<Option<SockAddr>>>;

/// What is left of a server that crashes.
#[derive(Debug, Default)]
pub(super) struct Wreck {
    /// It is to end without tidying up.
    pub crashes: AtomicBool,
    /// The socket file that nobody answers at any more.
    pub left: Mutex<Option<SocketFile>>,
}

/// What a server starts from.
pub(super) struct ServerStart {
    /// Its document; the address is the one to bind now.
    pub doc: Server,
    pub board: Arc<Board>,
    pub slot: Slot,
    /// Set when it was stopped before it was bound: the engine has no `Control` to stop yet.
    pub cancelled: Arc<AtomicBool>,
    /// For the file that a crash leaves.
    pub wreck: Arc<Wreck>,
}

/// Binds, serves until stopped, cleans up.
pub(super) fn serve(lane: &Lane, start: ServerStart, reporter: &Reporter) -> Result<(), Failure> {
    let ServerStart { doc, board, slot, cancelled, wreck } = start;
    let lacking = |what: String| Failure::because(Operation::Start, doc.name.as_str(), Cause::NotAvailable(what.into()));
    let model =
        model::MODELS.iter().find(|m| m.id == doc.model).ok_or_else(|| lacking(format!("there is no I/O model '{}'", doc.model)))?;
    if let Some(reason) = model.missing {
        return Err(lacking(reason.to_owned()));
    }
    let service = service::find(&doc.service).ok_or_else(|| lacking(format!("there is no service '{}'", doc.service)))?;
    if let (false, Some(reason)) = (doc.transport.is_stream(), model.no_datagrams) {
        return Err(lacking(reason.to_owned()));
    }
    doc.model_settings.check(model.settings).map_err(|error| lacking(error.to_string()))?;
    doc.service_settings.check(service.settings).map_err(|error| lacking(error.to_string()))?;
    let stream = doc.transport.is_stream();
    let protocol = Protocol::of(&doc.messages, stream).map_err(|error| messages::unusable(&doc.name, &error))?;
    if cancelled.load(Ordering::Acquire) {
        return Ok(());
    }
    let is_cancelled = || cancelled.load(Ordering::Acquire);
    let turned = if stream { probe::drops() } else { Err(Unavailable::Datagrams) };
    let listening = Listening { backlog: doc.backlog, defer_accept_s: doc.life.defer_accept_s };
    let bound = match transport::bind_server(lane, doc.transport, &doc.address, listening, &is_cancelled) {
        Ok(bound) => bound,
        // It was to stop anyway: no failure to tell.
        Err(_) if is_cancelled() => return Ok(()),
        Err(failure) => return Err(failure),
    };
    let local: Arc<str> = fmt_addr(&bound.local).into();
    if let Some(lacking) = bound.lacking {
        board.trouble(lacking.call, lacking.endpoint, lacking.error);
    }
    let (socket, file) = (Arc::new(bound.sock), bound.file);

    let result = (|| {
        if cancelled.load(Ordering::Acquire) {
            return Ok(());
        }
        let fail = |op, e: &std::io::Error| Failure::new(op, Arc::clone(&local), e);
        let control = model::Control::new(&doc.name, Arc::clone(&socket), stream, Arc::clone(lane.tap()), Arc::clone(&board))
            .map_err(|e| fail(Operation::Start, &e))?;
        // Before anybody can say another one.
        control.begin_pace(doc.life.accept_pace);
        let groups =
            if cast::has(doc.transport) { cast::set(lane, &board, &socket, &Cast::default(), &doc.messages.cast) } else { Vec::new() };
        control.set_messages(doc.messages.clone(), protocol, doc.transport == Transport::Tcp);
        // Before the word that it is bound: clients that were held for it look here as soon as that is heard.
        *slot.lock() = Some(reachable(bound.local.clone()));
        let listening = reporter.tell(NoteKind::Bound(Bound {
            local: Arc::clone(&local),
            inet: bound.local.as_socket(),
            fd: socket.fd(),
            control: Arc::clone(&control),
            turned,
            replaced: bound.replaced_stale.then(|| Arc::clone(&local)),
            groups,
        }));
        if !listening {
            *slot.lock() = None;
            return Ok(());
        }
        let run = ServerRun {
            socket: Arc::clone(&socket),
            stream,
            service: Framed::around((service.make)(&doc.service_settings), Arc::clone(control.protocol()), stream),
            named: Some((service.id, doc.service_settings.clone())),
            relay: None,
            settings: doc.model_settings.clone(),
            life: doc.life.clone(),
            board,
            control: Arc::clone(&control),
        };
        let served = (model.serve)(lane, run);
        *slot.lock() = None;
        // It may have ended by itself: nothing is held from here on.
        lane.tap().open_gates();
        // A model that gave up by itself must not leave a running send schedule behind.
        control.stop();
        control.join();
        served.map_err(|e| fail(Operation::Wait, &e))
    })();

    if wreck.crashes.load(Ordering::Acquire) {
        *wreck.left.lock() = file;
    } else if let Some(file) = file {
        file.remove(lane);
    }
    // The engine may still hold the socket through the control; it lets go when it hears `Ended`.
    if let Some(socket) = Arc::into_inner(socket) {
        socket.close(lane);
    }
    result
}

/// A wildcard address is where a server binds, not where a client connects: the loopback address of the same family is.
fn reachable(local: SockAddr) -> SockAddr {
    match local.as_socket() {
        Some(inet) if inet.ip().is_unspecified() => loopback(inet).into(),
        _ => local,
    }
}

/// The same port on loopback.
pub(super) fn loopback(inet: SocketAddr) -> SocketAddr {
    let ip = match inet {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
    };
    SocketAddr::new(ip, inet.port())
}
