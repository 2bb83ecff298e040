//! A name look-up that a stop need not wait for. `getaddrinfo(3)` cannot be interrupted and may take half a minute, so it has
//! a thread of its own: whoever asked may give up, and the thread is joined once the system's resolver lets go of it.
//!
//! It must not know addresses or sessions.

use std::io;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, bounded};
use parking_lot::Mutex;

/// How often somebody who waits looks whether to go on waiting.
const LOOK: Duration = Duration::from_millis(10);
/// Look-ups given up and still in the resolver at most; a person who starts and stops all day must not pile up threads.
const MOST_LEFT: usize = 64;

/// Threads whose answer nobody waits for any more.
static LEFT: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// Asks, and waits for the answer until `gives_up`. `None` when it gave up.
pub(super) fn ask<T: Send + 'static>(
    gives_up: &dyn Fn() -> bool,
    question: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<Option<T>> {
    if left() >= MOST_LEFT {
        return Err(io::Error::other("too many name look-ups are still under way"));
    }
    let (tell, answer) = bounded(1);
    let work = move || {
        // Nobody may be there to hear it.
        let _given_up = tell.send(question());
    };
    let thread = std::thread::Builder::new().name("socketlab-lookup".into()).spawn(work)?;
    loop {
        match answer.recv_timeout(LOOK) {
            Ok(answer) => {
                let _over = thread.join();
                return answer.map(Some);
            }
            // A panic was reported where it happened.
            Err(RecvTimeoutError::Disconnected) => {
                let _reported = thread.join();
                return Err(io::Error::other("the look-up failed"));
            }
            Err(RecvTimeoutError::Timeout) if gives_up() => {
                LEFT.lock().push(thread);
                return Ok(None);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Joins those that are through; how many are not.
fn left() -> usize {
    let (done, left): (Vec<_>, Vec<_>) = std::mem::take(&mut *LEFT.lock()).into_iter().partition(JoinHandle::is_finished);
    for thread in done {
        let _reported = thread.join();
    }
    let mut all = LEFT.lock();
    all.extend(left);
    all.len()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Instant;

    use super::*;

    #[test]
    fn an_answer_comes_back_and_a_stop_does_not_wait_for_one() {
        assert_eq!(ask(&|| false, || Ok(7)).unwrap(), Some(7));
        assert!(ask::<()>(&|| false, || Err(io::ErrorKind::NotFound.into())).is_err());
        let (release, held) = bounded::<()>(0);
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| ask(&|| stop.load(Ordering::SeqCst), move || Ok(held.recv().is_ok())));
            stop.store(true, Ordering::SeqCst);
            let start = Instant::now();
            assert_eq!(asking.join().unwrap().unwrap(), None);
            assert!(start.elapsed() < Duration::from_secs(5), "it gave up long before the resolver answered");
        });
        assert!(left() >= 1, "its thread is kept until it is through");
        drop(release);
        let start = Instant::now();
        while left() > 0 {
            assert!(start.elapsed() < Duration::from_secs(10), "it is joined then");
            std::thread::yield_now();
        }
    }
}
