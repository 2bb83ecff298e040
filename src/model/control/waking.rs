//! Ends the sleep of workers in calls on their connections.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::model::link::{Link, Links};
use crate::sys::{PollFd, Shutdown, poll};
use crate::trace::{Lane, Tap};

/// How long a `send` that does not sleep may take to copy its bytes.
const COPYING: Duration = Duration::from_millis(2);
/// Ends the sleep of every worker in a call on its own connection.
pub(super) fn wake_workers(links: &Links, tap: &Arc<Tap>, name: &str) {
    let mut lane = None;
    for link in links.ids().into_iter().filter_map(|id| links.get(id)) {
        if link.sock().is_blocking() {
            link.interrupt(Shutdown::Both);
        }
        link.ring();
        if let Some(sock) = Link::into_sock(link) {
            sock.close(lane.get_or_insert_with(|| tap.free_lane(name)));
        }
    }
}

/// Wakes those of these workers that sleep in `send`. A sleeper's buffer is full, so the FIN of SHUT_WR stays behind the bytes
/// in it and the RST of the close comes first; but a `send` that still goes through must not be followed by a FIN. Which of
/// the two it is shows within the time of copying one message.
pub(super) fn wake_senders(lane: &Lane, mut in_send: Vec<Arc<Link>>) {
    let deadline = Instant::now() + COPYING;
    while !in_send.is_empty() {
        let late = Instant::now() >= deadline;
        for link in std::mem::take(&mut in_send) {
            let mut fds = [PollFd::new(link.sock(), false, true)];
            let sleeps = link.is_in_send() && poll(lane, &mut fds, Some(Duration::ZERO)).is_ok_and(|ready| ready == 0);
            if sleeps {
                link.interrupt(Shutdown::Both);
            }
            if sleeps || late || !link.is_in_send() {
                Link::release(link, lane);
            } else {
                in_send.push(link);
            }
        }
        std::thread::yield_now();
    }
}
