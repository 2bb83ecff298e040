//! What the accept queue makes visible: it is full and others are kept out, or a client stands in no queue although it believes that
//! it is connected.

use super::moment::Moment;
use super::{Figure, Found};
use crate::engine::Source;
use crate::lab::Transport;

/// Every place is taken. Only where the kernel tells both figures.
pub(super) fn full(now: &Moment<'_>) -> Option<Found> {
    let listener = now.session.listener.as_ref()?;
    let places = u64::from(listener.places?);
    if listener.queue.value < places {
        return None;
    }
    let figures = vec![("waiting", Figure::Count(listener.queue.value)), ("places", Figure::Count(places))];
    Some(Found::new(listener.queue.source, figures))
}

/// More of our own clients are connected than the server has accepted or has in its queue: the kernel drops the last ACK of a
/// handshake when the queue is full then (tcp(7), tcp_abort_on_overflow), and the client never hears of it.
pub(super) fn unmet(now: &Moment<'_>) -> Option<Found> {
    let listener = now.session.listener.as_ref().filter(|_| now.session.transport == Transport::Tcp)?;
    // Without the kernel's word both figures are the same one.
    let Source::Measured(_) = listener.queue.source else { return None };
    let clients = u64::from(listener.derived_queue).checked_sub(listener.queue.value).filter(|clients| *clients > 0)?;
    let figures = vec![("clients", Figure::Count(clients)), ("waiting", Figure::Count(listener.queue.value))];
    Some(Found::new(Source::Derived("connects completed − accepts − those that TCP_INFO tells of"), figures))
}
