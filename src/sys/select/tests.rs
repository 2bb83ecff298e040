//! The sets on this system, with real sockets.

use std::time::Instant;

use super::*;
use crate::trace::Tap;

#[test]
fn the_sets_answer_what_is_ready_and_a_nap_ends_with_a_wake() {
    let lane = Tap::new(Instant::now(), 64).lane("test");
    let late = Instant::now() + Duration::from_secs(60);
    let (waker, sock) = loop {
        let waker = Waker::new().unwrap();
        let sock = Sock::open(&lane, super::super::Domain::Ipv4, super::super::Kind::Dgram).unwrap();
        // Tests beside this one may hold very many descriptors for a while.
        if cfg!(windows) || sock.fd().max(waker.fd()) < 1_024 {
            break (waker, sock);
        }
        assert!(Instant::now() < late, "no descriptor below 1,024 is free");
        std::thread::yield_now();
    };
    let mut sets = Sets::default();
    sets.read.insert_waker(&waker);
    sets.read.insert(&sock);
    assert_eq!(select(&lane, &mut sets, Some(Duration::ZERO)).unwrap(), 0);
    assert!(!sets.read.contains_waker(&waker) && !sets.read.contains(&sock));
    waker.wake();
    sets.clear();
    sets.read.insert_waker(&waker);
    sets.write.insert(&sock);
    assert_eq!(select(&lane, &mut sets, Some(Duration::from_secs(60))).unwrap(), 2);
    let outcome: Vec<_> = sets.outcome().map(|fd| (fd.fd, fd.asked.write, fd.got.read, fd.got.write)).collect();
    assert_eq!(outcome.len(), 2);
    assert!(outcome.contains(&(sock.fd(), true, false, true)) && outcome.contains(&(waker.fd(), false, true, false)), "{outcome:?}");
    assert!(sets.read.contains_waker(&waker) && sets.write.contains(&sock) && !sets.read.contains(&sock));
    let start = Instant::now();
    nap(&lane, Duration::from_secs(600), &waker);
    assert!(start.elapsed() < Duration::from_secs(60));
    waker.drain();
    let start = Instant::now();
    nap(&lane, Duration::from_micros(300), &waker);
    assert!(start.elapsed() >= Duration::from_micros(300));
    assert_eq!(split(Duration::from_nanos(1_000_000_001)), (1, 1));
    assert_eq!(split(Duration::MAX), (31_536_000, 0));
}

#[cfg(unix)]
#[test]
fn a_descriptor_beyond_the_bits_is_refused_in_words_and_never_set() {
    let error = set::admits(1_024, 0).unwrap_err().to_string();
    assert_eq!(error, "select cannot watch descriptor 1024: FD_SETSIZE is 1024");
    let mut set = FdSet::default();
    [1_024, -1, 1_023, i64::from(u32::MAX)].into_iter().for_each(|fd| set.put(fd));
    assert_eq!((format!("{set:?}").as_str(), set.has(1_024), set.has(1_023)), ("{1023}", false, true));
}
