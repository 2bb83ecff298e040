//! The board from outside: exact counters, bounded batches, and writers that wait while traffic is recorded.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::batch::{MOST_BYTES, MOST_RECORDS};
use super::*;

#[test]
fn counters_stay_exact_when_records_are_dropped() {
    let board = Board::new(Instant::now());
    let conn = board.add(5, "a", "b", ConnStage::Open);
    let rounds = MOST_RECORDS as u64 + 100;
    for _ in 0..rounds {
        board.received(&conn, b"xy", false);
    }
    assert_eq!(board.totals().rx_bytes, 2 * rounds);
    assert_eq!(board.drain(|_| ()) as u64 + board.dropped(), rounds + 1, "one record says it opened");
    board.ended(&conn, End::Orderly);
    board.ended(&conn, End::Reset);
    let totals = board.totals();
    assert_eq!((totals.open, totals.opened, totals.rx_bytes, totals.rx_messages), (0, 1, 2 * rounds, rounds));
    assert_eq!(board.recently_ended(9).len(), 1);
}

#[test]
fn payload_bytes_in_the_ring_are_bounded() {
    let board = Board::new(Instant::now());
    let conn = board.add(5, "a", "b", ConnStage::Open);
    let chunk = vec![0; 1 << 20];
    (0..1_000).for_each(|_| board.sent(&conn, &chunk));
    let mut held = 0;
    board.drain(|record| held += record.data.len());
    assert_eq!(held, MOST_BYTES);
    assert_eq!(board.totals().tx_bytes, 1_000 << 20);
}

/// Writes until told to end; answers how many.
fn writer(board: &Arc<Board>, written: &Arc<AtomicU64>, most: u64) -> thread::JoinHandle<()> {
    let (board, written) = (Arc::clone(board), Arc::clone(written));
    let conn = board.add(5, "a", "b", ConnStage::Open);
    let write = move || {
        for _ in 0..most {
            board.received(&conn, b"xy", false);
            written.fetch_add(1, Ordering::SeqCst);
        }
    };
    thread::Builder::new().name("writer".into()).spawn(write).unwrap()
}

#[test]
fn while_nothing_may_be_lost_writers_wait_for_room() {
    let board = Board::new(Instant::now());
    board.drain(|_| ());
    board.set_lossless(true);
    let (most, written) = (5 * MOST_RECORDS as u64, Arc::new(AtomicU64::new(0)));
    let threads: Vec<_> = (0..2).map(|_| writer(&board, &written, most)).collect();
    let mut came = 0;
    while threads.iter().any(|t| !t.is_finished()) {
        came += board.drain(|record| assert_eq!(record.len as usize, record.data.len())) as u64;
    }
    threads.into_iter().for_each(|t| t.join().unwrap());
    came += board.drain(|_| ()) as u64;
    assert_eq!((came, board.dropped()), (2 * most + 2, 0));
    let conn = board.add(5, "a", "b", ConnStage::Open);
    board.sent(&conn, &vec![7; 200_000]);
    let mut pieces = Vec::new();
    board.drain(|record| pieces.push((record.data.len(), record.len as usize)));
    let whole: usize = pieces.iter().map(|(kept, _)| kept).sum();
    assert_eq!((whole, pieces.len()), (200_000, 1 + 4), "one call in several records, and it opened");
    assert!(pieces.iter().all(|(kept, len)| kept == len));
    assert_eq!((board.totals().tx_messages, board.totals().tx_bytes), (1, 200_000));
}

#[test]
fn a_stop_or_the_end_of_the_recording_frees_who_waits() {
    for stop in [true, false] {
        let board = Board::new(Instant::now());
        board.drain(|_| ());
        board.set_lossless(true);
        let (most, written) = (MOST_RECORDS as u64 + 10, Arc::new(AtomicU64::new(0)));
        let thread = writer(&board, &written, most);
        let start = Instant::now();
        while written.load(Ordering::SeqCst) < MOST_RECORDS as u64 - 1 {
            assert!(start.elapsed() < Duration::from_secs(10), "it waits too early");
            thread::yield_now();
        }
        assert!(!thread.is_finished(), "ten more have no room");
        if stop {
            board.limit_patience(Duration::from_millis(1))
        } else {
            board.set_lossless(false)
        }
        thread.join().unwrap();
        assert_eq!(board.dropped(), most + 1 - MOST_RECORDS as u64);
    }
}

#[test]
fn the_drainer_never_waits_for_itself() {
    let board = Board::new(Instant::now());
    board.drain(|_| ());
    board.set_lossless(true);
    let conn = board.add(5, "a", "b", ConnStage::Open);
    (0..MOST_RECORDS).for_each(|_| board.sent(&conn, b"x"));
    assert_eq!(board.dropped(), 1);
}
