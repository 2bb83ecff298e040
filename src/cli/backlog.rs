//! `socketlab backlog`: watches the queue of a listener of this machine, whosever it is. It only looks; it connects to nobody.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossbeam_channel::{at, select};
use serde::Serialize;

use super::Problem;
use super::args::BacklogArgs;
use super::out::{Out, aligned};
use super::stop::stop_signal;
use crate::lab::{Address, Transport};
use crate::probe::{Drops, ForeignListener, KernelWatch, ListenAddr, Unavailable, places};

/// A look at all handshakes goes through the kernel's table of all connections; the queues are asked for one by one, more often.
const HANDSHAKES_EVERY: Duration = Duration::from_millis(200);
/// A person reads no faster.
const LIVE_EVERY: Duration = Duration::from_millis(100);

/// One line of JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Sample<'a> {
    r#type: &'static str,
    at_secs: f64,
    address: &'a str,
    accept_queue: u32,
    accept_queue_limit: u32,
    places: Option<u32>,
    half_open: Option<u32>,
    listen_overflows: Option<u64>,
    listen_drops: Option<u64>,
    source: &'static str,
}

/// Whom to look for.
#[derive(Debug)]
enum Sought {
    /// All addresses of a name.
    Inet(Vec<SocketAddr>),
    Path(PathBuf),
    Abstract(Vec<u8>),
}

/// Figures of one moment, of all sockets that listen there (SO_REUSEPORT lets several).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Figures {
    queue: u32,
    limit: u32,
    places: Option<u32>,
    half_open: Option<u32>,
    drops: Option<Drops>,
}

pub(super) fn backlog(args: &BacklogArgs) -> Result<bool, Problem> {
    let sought = sought(&args.address)?;
    let stop = stop_signal()?;
    let failed = |why: Unavailable| Problem::Failed(format!("backlog {}: {}", args.address, why));
    let mut watch = KernelWatch::new().map_err(failed)?;
    let Some(mut eye) = Eye::new(&mut watch, &sought).map_err(failed)? else {
        return Err(Problem::Failed(nobody(&mut watch, &args.address, &sought)));
    };
    let mut out = Out::new(!args.json);
    if !args.json {
        out.line(&eye.introduction(&args.address))?;
    }
    let (begin, mut seen) = (Instant::now(), Seen::default());
    let end = args.limit.map(|limit| begin + limit);
    loop {
        let now = Instant::now();
        let Some(figures) = eye.look(&mut watch, now).map_err(failed)? else {
            out.clear();
            seen.sum_up(&mut out, args.json, now - begin)?;
            return Err(Problem::Failed(format!("backlog {}: nobody listens there any more", args.address)));
        };
        let is_new = seen.take(figures);
        let at_secs = (now - begin).as_secs_f64();
        if args.json {
            out.json(&figures.sample(at_secs, &eye.name))?;
        } else if out.is_live() {
            if is_new || now >= seen.shown + LIVE_EVERY {
                out.show(figures.words(at_secs));
                seen.shown = now;
            }
        } else if is_new {
            out.line(&figures.words(at_secs))?;
        }
        // From look to look by the clock, so that a slow one does not shift all that come after; one that is late is left out.
        let steps = (begin.elapsed().as_nanos() / args.every.as_nanos().max(1)).saturating_add(1);
        let next = begin + args.every.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX));
        if end.is_some_and(|end| next > end) {
            // The time asked for is taken to its end.
            select! { recv(stop) -> _ => {}, recv(at(end.unwrap_or(next))) -> _ => {} }
            break;
        }
        select! { recv(stop) -> _ => break, recv(at(next)) -> _ => {} }
    }
    out.clear();
    seen.sum_up(&mut out, args.json, begin.elapsed())?;
    Ok(true)
}

/// What is typed: `host:port`, a path, or `@name`. A path has a slash; where both could be meant, a colon makes a port.
fn sought(text: &str) -> Result<Sought, Problem> {
    let usage = |words: String| Problem::Usage(format!("address '{text}': {words}"));
    let is_path = text.starts_with('@') || text.contains('/') || (cfg!(windows) && text.contains('\\')) || !text.contains(':');
    let transport = if is_path { Transport::UnixStream } else { Transport::Tcp };
    match Address::parse(transport, text).map_err(|e| usage(e.to_string()))? {
        Address::Path(path) => Ok(match path.strip_prefix('@') {
            Some(name) => Sought::Abstract(name.into()),
            None => Sought::Path(path.into()),
        }),
        Address::Inet { port: 0, .. } => Err(usage("nobody listens on port 0".into())),
        Address::Inet { host, port } => {
            let host = if host.is_empty() { "0.0.0.0" } else { &host };
            let found: Vec<_> = (host, port).to_socket_addrs().map_err(|e| Problem::Failed(format!("resolve {host}: {e}")))?.collect();
            Ok(Sought::Inet(found))
        }
    }
}

/// Everybody who listens there; the sockets of one name only, as the kernel would choose: the exact address before all addresses.
fn find(watch: &mut KernelWatch, sought: &Sought) -> Result<Vec<ForeignListener>, Unavailable> {
    match sought {
        Sought::Path(path) => watch.listeners_at(path),
        Sought::Abstract(name) => {
            let is_it = |listener: &ForeignListener| matches!(&listener.addr, ListenAddr::Abstract(at) if at == name);
            Ok(watch.unix_listeners()?.into_iter().filter(is_it).collect())
        }
        Sought::Inet(addrs) => {
            let all = watch.tcp_listeners()?;
            for asked in addrs {
                let exact = ListenAddr::Inet(*asked);
                let best = all.iter().find(|l| l.addr == exact).or_else(|| all.iter().find(|l| l.answers(*asked)));
                if let Some(best) = best {
                    return Ok(all.iter().filter(|l| l.addr == best.addr).cloned().collect());
                }
            }
            Ok(Vec::new())
        }
    }
}

/// Names what was looked for, and who listens nearby.
fn nobody(watch: &mut KernelWatch, text: &str, sought: &Sought) -> String {
    let mut words = format!("backlog {text}: nobody listens there");
    match sought {
        Sought::Inet(addrs) => {
            let looked: Vec<_> = addrs.iter().map(ToString::to_string).collect();
            if looked != [text] {
                words += &format!(" (looked for {})", looked.join(", "));
            }
            let mut ports: Vec<_> = watch.tcp_listeners().unwrap_or_default().iter().map(|l| l.addr.to_string()).collect();
            ports.sort();
            ports.dedup();
            let shown = ports.len().min(8);
            let more = if ports.len() > shown { format!(" and {} more", ports.len() - shown) } else { String::new() };
            if shown > 0 {
                words += &format!("; TCP listeners of this machine: {}{more}", ports[..shown].join(", "));
            }
        }
        Sought::Path(path) if path.exists() => words += "; the file is there, but no process listens behind it",
        Sought::Path(_) => words += "; there is no such file",
        Sought::Abstract(_) => {}
    }
    words
}

/// Looks at the same listener again and again.
#[derive(Debug)]
struct Eye {
    name: String,
    addr: ListenAddr,
    /// Unix listeners are asked for by these.
    inodes: Vec<u64>,
    sockets: usize,
    /// Counters as they stood at the beginning.
    before: Option<Drops>,
    half_open: Option<u32>,
    next_handshakes: Option<Instant>,
}

impl Eye {
    fn new(watch: &mut KernelWatch, sought: &Sought) -> Result<Option<Self>, Unavailable> {
        let found = find(watch, sought)?;
        let Some(first) = found.first() else { return Ok(None) };
        let is_tcp = matches!(first.addr, ListenAddr::Inet(_));
        Ok(Some(Self {
            name: first.addr.to_string(),
            addr: first.addr.clone(),
            inodes: found.iter().filter_map(|l| l.inode).collect(),
            sockets: found.len(),
            // Unix sockets drop nothing: their clients wait, or are told at once.
            before: if is_tcp { watch.drops().ok() } else { None },
            half_open: None,
            next_handshakes: None,
        }))
    }

    fn introduction(&self, asked: &str) -> String {
        let name = if self.name == asked { asked.to_owned() } else { format!("{asked}, which {} answers", self.name) };
        let several = if self.sockets > 1 { format!(", {} sockets together", self.sockets) } else { String::new() };
        format!("watching {name}{several}; measured")
    }

    /// `None` when nobody listens there any more.
    fn look(&mut self, watch: &mut KernelWatch, now: Instant) -> Result<Option<Figures>, Unavailable> {
        let queues: Vec<_> = match (&self.addr, &self.inodes[..]) {
            (ListenAddr::Inet(_), _) => watch.tcp_listeners()?.into_iter().filter(|l| l.addr == self.addr).map(|l| l.queue).collect(),
            (ListenAddr::Path(_) | ListenAddr::Abstract(_), []) => {
                watch.unix_listeners()?.into_iter().filter(|l| l.addr == self.addr).map(|l| l.queue).collect()
            }
            (ListenAddr::Path(_) | ListenAddr::Abstract(_), inodes) => {
                let mut queues = Vec::with_capacity(inodes.len());
                for inode in inodes {
                    queues.extend(watch.unix_listener(*inode)?);
                }
                queues
            }
        };
        if queues.is_empty() {
            return Ok(None);
        }
        let mut figures = Figures { places: Some(0), ..Figures::default() };
        for queue in queues {
            figures.queue += queue.waiting;
            figures.limit = figures.limit.saturating_add(queue.limit);
            figures.places = figures.places.zip(places(queue.limit)).map(|(sum, places)| sum.saturating_add(places));
        }
        if let ListenAddr::Inet(addr) = self.addr {
            if self.next_handshakes.is_none_or(|due| now >= due) {
                self.half_open = watch.handshakes().ok().map(|all| all.half_open_at(addr));
                self.next_handshakes = Some(now + HANDSHAKES_EVERY);
            }
            figures.half_open = self.half_open;
            figures.drops = self.before.zip(watch.drops().ok()).map(|(before, now)| now.since(before));
        }
        Ok(Some(figures))
    }
}

impl Figures {
    fn sample<'a>(&self, at_secs: f64, address: &'a str) -> Sample<'a> {
        Sample {
            r#type: "backlog",
            // Nobody times a look to the nanosecond.
            at_secs: (at_secs * 1e6).round() / 1e6,
            address,
            accept_queue: self.queue,
            accept_queue_limit: self.limit,
            places: self.places,
            half_open: self.half_open,
            listen_overflows: self.drops.and_then(|d| d.overflows),
            listen_drops: self.drops.and_then(|d| d.drops),
            source: "measured",
        }
    }

    /// Fits into 80 columns.
    fn words(&self, at_secs: f64) -> String {
        let mut words = format!("{at_secs:8.3} s · queue {} of {}", self.queue, self.of());
        if let Some(n) = self.half_open {
            words += &format!(" · {n} half-open");
        }
        if let Some(n) = self.drops.and_then(|d| d.overflows) {
            words += &format!(" · {n} overflows");
        }
        if let Some(n) = self.drops.and_then(|d| d.drops) {
            words += &format!(" · {n} drops");
        }
        words
    }

    fn of(&self) -> String {
        self.places.map_or_else(|| format!("n = {}", self.limit), |places| format!("{places} places (n = {})", self.limit))
    }
}

/// What was seen so far.
#[derive(Debug)]
struct Seen {
    last: Option<Figures>,
    most: u32,
    looks: u64,
    shown: Instant,
}

impl Default for Seen {
    fn default() -> Self {
        Self { last: None, most: 0, looks: 0, shown: Instant::now() }
    }
}

impl Seen {
    /// Whether it differs from the last.
    fn take(&mut self, figures: Figures) -> bool {
        (self.most, self.looks) = (self.most.max(figures.queue), self.looks + 1);
        self.last.replace(figures) != Some(figures)
    }

    fn sum_up(&self, out: &mut Out, json: bool, time: Duration) -> Result<(), Problem> {
        let Some(last) = self.last.filter(|_| !json) else { return Ok(()) };
        out.line(&format!("watched {:.1} s, {} looks", time.as_secs_f64(), self.looks))?;
        let mut rows = vec![["  longest queue".to_owned(), format!("{} of {}", self.most, last.of())]];
        let counters = [("  overflows", last.drops.and_then(|d| d.overflows)), ("  drops", last.drops.and_then(|d| d.drops))];
        for (name, n) in counters {
            if let Some(n) = n {
                rows.push([name.to_owned(), format!("{n}, all listeners of this machine together")]);
            }
        }
        aligned(&rows).try_for_each(|line| out.line(&line))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_port_a_path_or_a_name() {
        assert!(matches!(sought("127.0.0.1:80"), Ok(Sought::Inet(at)) if at == [SocketAddr::from(([127, 0, 0, 1], 80))]));
        assert!(matches!(sought("[::1]:80"), Ok(Sought::Inet(at)) if at.len() == 1 && at[0].is_ipv6()));
        assert!(matches!(sought("/run/a:b.sock"), Ok(Sought::Path(path)) if path == std::path::Path::new("/run/a:b.sock")));
        assert!(matches!(sought("lab.sock"), Ok(Sought::Path(path)) if path == std::path::Path::new("lab.sock")));
        assert!(matches!(sought("@lab"), Ok(Sought::Abstract(name)) if name == b"lab"));
        for wrong in ["", "127.0.0.1:0", "127.0.0.1:65536", "::1:80"] {
            assert!(matches!(sought(wrong), Err(Problem::Usage(_))), "{wrong}");
        }
    }

    #[test]
    fn what_is_not_known_is_null_and_not_nought() {
        let unix = Figures { queue: 2, limit: 3, places: Some(4), ..Figures::default() };
        let line = serde_json::to_value(unix.sample(0.5, "/a.sock")).unwrap();
        let wanted = serde_json::json!({"type": "backlog", "at_secs": 0.5, "address": "/a.sock", "accept_queue": 2, "accept_queue_limit": 3,
            "places": 4, "half_open": null, "listen_overflows": null, "listen_drops": null, "source": "measured"});
        assert_eq!(line, wanted);
        assert_eq!(unix.words(0.5), "   0.500 s · queue 2 of 4 places (n = 3)");
    }
}
