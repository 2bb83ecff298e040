//! Busy polling: it asks all the time, unless it is told to pause.

use std::time::{Duration, Instant};

use super::harness::{Client, Over, STOP_LIMIT, Server};
use crate::model::{ModelDef, find};
use crate::settings::Setting;

fn busy_poll() -> &'static ModelDef {
    find("busy-poll").unwrap()
}

/// Calls that would have slept, in a second, with ten idle clients; and how long the stop took.
fn again_per_second(over: Over, pause_us: u64) -> (u64, Duration) {
    let mut server = Server::with_settings(busy_poll(), over, "echo", &[("pause_us", Setting::Number(pause_us))]);
    let clients: Vec<Client> = (0..10).map(|n| server.client(&n.to_string())).collect();
    clients.iter().for_each(|client| assert_eq!(client.ask(b"x"), b"x"));
    let (start, before) = (Instant::now(), server.tap.counts()[2]);
    while start.elapsed() < Duration::from_millis(500) {
        std::thread::park_timeout(Duration::from_millis(50));
    }
    let count = server.tap.counts()[2] - before;
    let per_second = (count as f64 / start.elapsed().as_secs_f64()) as u64;
    (per_second, server.stop())
}

#[test]
fn it_asks_thousands_of_times_a_second_and_far_less_with_a_pause() {
    for over in [Over::Tcp, Over::Udp] {
        let (without, stop) = again_per_second(over, 0);
        assert!(without > 10_000, "{over:?}: only {without} EAGAIN a second");
        assert!(stop < STOP_LIMIT, "{over:?}: {stop:?}");
        // At most a thousand rounds a second, of eleven sockets or one.
        let (with, stop) = again_per_second(over, 1_000);
        assert!(with < 12_000 && with < without / 2, "{over:?}: {with} with, {without} without");
        assert!(stop < STOP_LIMIT, "{over:?}: {stop:?}");
    }
}

#[test]
fn a_stop_and_an_operator_end_the_longest_pause() {
    let mut server = Server::with_settings(busy_poll(), Over::Tcp, "echo", &[("pause_us", Setting::Number(1_000_000))]);
    let client = server.client("a");
    assert_eq!(client.ask(b"x"), b"x");
    let start = Instant::now();
    server.control.close(&[server.board.live()[0].id], crate::model::Ending::Orderly);
    assert_eq!(client.recv_rest(), b"");
    assert!(super::harness::until(|| server.open() == 0));
    assert!(start.elapsed() < Duration::from_millis(900), "{:?}", start.elapsed());
    let took = server.stop();
    assert!(took < Duration::from_millis(900), "the stop took {took:?}");
}
