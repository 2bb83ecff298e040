//! Rules on runs of the real engine with real clients: the server of each document, and the standard library's sockets.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};

use crate::engine::{Command, Engine, EngineConfig, EngineHandle, SessionState, Spec, catalog};
use crate::insight::{Insight, Rule, Watch};
use crate::lab::{EndpointId, Lab, Transport};
use crate::settings::Setting;

const LIMIT: Duration = Duration::from_secs(20);

struct Run {
    engine: EngineHandle,
    woken: Receiver<()>,
    lab: Lab,
    watch: Watch,
}

impl Run {
    /// One server with these settings of its model.
    fn new(model: &str, settings: &[(&str, Setting)]) -> Self {
        let (wake, woken) = bounded(1);
        let engine = Engine::spawn(EngineConfig::default(), move || {
            let _woken_already = wake.try_send(());
        })
        .unwrap();
        let mut lab = Lab::default();
        lab.add_server(Transport::Tcp, model);
        settings.iter().for_each(|(id, value)| lab.servers[0].model_settings.set(id, value.clone()));
        engine.send(Command::Start(Box::new(Spec::Server(lab.servers[0].clone())))).unwrap();
        Self { engine, woken, lab, watch: Watch::new(catalog::descriptor_limit()) }
    }

    fn id(&self) -> EndpointId {
        self.lab.servers[0].id
    }

    /// Shows each snapshot to the watch until it says, or does not say, what is wished.
    fn until(&mut self, what: &str, wished: impl Fn(&[Insight]) -> bool) -> Vec<Insight> {
        let start = Instant::now();
        loop {
            let snapshot = self.engine.snapshot();
            let said = self.watch.see(&snapshot, &self.lab).to_vec();
            if wished(&said) {
                return said;
            }
            assert!(
                start.elapsed() < LIMIT,
                "not within the limit: {what}\n{said:#?}\n{:#?}",
                snapshot.session(self.id()).map(|s| s.rates)
            );
            let _late = self.woken.recv_timeout(Duration::from_millis(50));
        }
    }

    fn connect(&mut self) -> TcpStream {
        let start = Instant::now();
        loop {
            let snapshot = self.engine.snapshot();
            let session = snapshot.session(self.id()).filter(|s| s.state == SessionState::Running);
            if let Some(local) = session.and_then(|s| s.local.as_deref()) {
                let stream = TcpStream::connect(local).unwrap();
                stream.set_read_timeout(Some(LIMIT)).unwrap();
                return stream;
            }
            assert!(start.elapsed() < LIMIT, "it does not run");
            let _late = self.woken.recv_timeout(Duration::from_millis(50));
        }
    }

    fn says(&mut self, rule: Rule) -> Insight {
        let all = self.until(rule.id(), |said| said.iter().any(|i| i.rule == rule));
        all.into_iter().find(|i| i.rule == rule).unwrap()
    }

    fn is_silent(&mut self) {
        self.until("silence", <[Insight]>::is_empty);
    }
}

fn echoed(client: &mut TcpStream, bytes: &[u8]) {
    client.write_all(bytes).unwrap();
    let mut answer = vec![0; bytes.len()];
    client.read_exact(&mut answer).unwrap();
    assert_eq!(answer, bytes);
}

/// Who waits is measured on Linux; elsewhere it is worked out from clients of the engine, and these are not.
#[cfg(target_os = "linux")]
#[test]
fn iterative_says_who_waits_behind_whom_until_nobody_does() {
    let mut run = Run::new("iterative", &[]);
    let mut first = run.connect();
    echoed(&mut first, b"first");
    let waiting = [run.connect(), run.connect()];
    let said = run.says(Rule::SecondWaits);
    let served = first.local_addr().unwrap().to_string();
    assert!(said.to_string().starts_with(&format!("2 clients wait behind {served}: ")), "{said}");
    drop((first, waiting));
    run.is_silent();
}

#[cfg(any(target_os = "linux", target_os = "macos", windows))]
#[test]
fn busy_poll_says_what_asking_costs_and_a_pause_silences_it() {
    let mut run = Run::new("busy-poll", &[]);
    let mut client = run.connect();
    echoed(&mut client, b"x");
    let said = run.says(Rule::BusyPolling);
    assert_eq!(said.session, run.id());
    run.lab.servers[0].model_settings.set("pause_us", Setting::Number(50_000));
    run.engine.send(Command::Restart(Box::new(Spec::Server(run.lab.servers[0].clone())))).unwrap();
    run.is_silent();
    let mut client = run.connect();
    echoed(&mut client, b"x");
    // As long as the rule would have needed, and more.
    let end = Instant::now() + Duration::from_secs(3);
    run.until("the time is over", |said| {
        assert_eq!(said, []);
        Instant::now() > end
    });
}

#[cfg(target_os = "linux")]
#[test]
fn epoll_et_says_that_bytes_were_left_and_goes_silent_when_they_are_read() {
    let small = ("read_bytes", Setting::Number(400));
    let mut run = Run::new("epoll-et", &[("read_once", Setting::Switch(true)), small]);
    let mut client = run.connect();
    client.write_all(&[7; 1_000]).unwrap();
    let mut answer = [0; 400];
    client.read_exact(&mut answer).unwrap();
    let said = run.says(Rule::EdgeUnread);
    assert!(said.to_string().starts_with("600 B from ") && said.mistake == Some("read_once"), "{said}");
    // Two more edges, one read for each: 400 of 601, then the last 202.
    for left in [400, 202] {
        client.write_all(b"!").unwrap();
        client.read_exact(&mut answer[..left]).unwrap();
    }
    run.is_silent();
}

#[cfg(target_os = "linux")]
#[test]
fn epoll_et_without_the_mistake_has_nothing_to_say() {
    let mut run = Run::new("epoll-et", &[("read_bytes", Setting::Number(400))]);
    let mut client = run.connect();
    echoed(&mut client, &[7; 1_000]);
    let end = Instant::now() + Duration::from_secs(2);
    run.until("the time is over", |said| {
        assert_eq!(said, []);
        Instant::now() > end
    });
}
