//! The load, in a process of its own: connects, says `ready`, waits for a line, works for the given time and says its figures.
//!
//! One thread with this system's selector for all connections; a single blocking socket where there is only one. All
//! connections end with a reset, because TIME_WAIT would use up the local ports.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use socketlab::sys::{SendFlags, Sock};
use socketlab::trace::{Lane, Tap, TapLevel};

use crate::plan::LIMIT;

/// Bytes of a small message.
const PING: usize = 64;
/// Bytes of one write of a stream.
const CHUNK: usize = 64 << 10;
/// Bytes of a stream that are on their way at most.
const WINDOW: usize = 2 * CHUNK;
/// Connections opened before their first answers are waited for; fewer than the shortest accept queue.
const BATCH: usize = 64;

pub fn main(server: SocketAddr, work: &str, connections: usize, time: Duration) -> Result<()> {
    match work {
        "ping-pong" if connections == 1 => {
            let mut stream = go(open(server, 1)?)?.pop().context("one connection")?;
            tell(ping_alone(&mut stream, time)?)
        }
        "ping-pong" => {
            let (lane, socks) = go(untraced(open(server, connections)?)?)?;
            tell(ping_many(&lane, &socks, time)?)
        }
        "streams" => {
            let (lane, socks) = go(untraced(open(server, connections)?)?)?;
            tell(stream_many(&lane, &socks, time)?)
        }
        "accept" => {
            go(())?;
            tell(accept(server, time)?)
        }
        "wake" => {
            let (_idle, mut active) = go((open(server, connections)?, open(server, 1)?))?;
            // Microseconds instead.
            tell(ping_alone(&mut active[0], time)?.map(|rate| 1e6 / rate))
        }
        other => bail!("no such load: {other:?}"),
    }
}

/// Says the figures. The connections stay until the bench has read it and closes our standard input, so that their end is no
/// part of anything measured.
fn tell([middle, whole]: [f64; 2]) -> Result<()> {
    println!("{middle} {whole}");
    io::stdin().lock().read_line(&mut String::new())?;
    Ok(())
}

/// Everything is prepared: says so and waits for the word.
fn go<T>(prepared: T) -> Result<T> {
    println!("ready");
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    ensure!(!line.is_empty(), "the bench is gone");
    Ok(prepared)
}

/// So many connections, each of which was answered once.
fn open(server: SocketAddr, count: usize) -> Result<Vec<TcpStream>> {
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let first = all.len();
        for _ in first..count.min(first + BATCH) {
            let mut stream = connect(server).with_context(|| format!("connection {}", all.len() + 1))?;
            stream.write_all(&[0x5a; PING])?;
            all.push(stream);
        }
        for stream in &mut all[first..] {
            stream.read_exact(&mut [0; PING]).context("the first answer")?;
        }
    }
    Ok(all)
}

fn connect(server: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&server, LIMIT)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
    Ok(stream)
}

/// How long single messages took, and all of them. The time of the one in the middle is what the machine's other work disturbs
/// least.
#[derive(Default)]
struct Pace {
    /// Seconds for each of so many messages or bytes.
    turns: Vec<(f64, u64)>,
    secs: f64,
    count: u64,
}

impl Pace {
    fn note(&mut self, took: Duration, count: u64) {
        self.secs += took.as_secs_f64();
        self.count += count;
        if count > 0 {
            self.turns.push((took.as_secs_f64() / count as f64, count));
        }
    }

    /// A second: at the pace of the middle one, and over the whole time.
    fn rates(mut self) -> [f64; 2] {
        self.turns.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
        let mut rest = self.count / 2;
        let middle = self.turns.iter().find(|(_, count)| {
            let is_here = rest < *count;
            rest = rest.saturating_sub(*count);
            is_here
        });
        [1.0 / middle.map_or(f64::NAN, |(each, _)| *each), self.count as f64 / self.secs]
    }
}

/// Messages a second.
fn ping_alone(stream: &mut TcpStream, time: Duration) -> Result<[f64; 2]> {
    let (ping, mut pong) = ([0x5a; PING], [0; PING]);
    let mut pace = Pace::default();
    let start = Instant::now();
    let mut now = start;
    while pace.count == 0 || now - start < time {
        stream.write_all(&ping)?;
        stream.read_exact(&mut pong)?;
        let before = std::mem::replace(&mut now, Instant::now());
        pace.note(now - before, 1);
    }
    ensure!(ping == pong, "other bytes came back");
    Ok(pace.rates())
}

/// Messages a second over all connections, each with one on its way.
fn ping_many(lane: &Lane, socks: &[Sock], time: Duration) -> Result<[f64; 2]> {
    let mut crowd = Crowd::new(lane, socks)?;
    let ping = [0x5a; PING];
    for sock in socks {
        ensure!(sock.send(lane, &ping, SendFlags::None)? == PING, "no room for {PING} bytes");
    }
    let mut got = vec![0; socks.len()];
    let mut pong = [0; PING];
    let mut pace = Pace::default();
    let start = Instant::now();
    let mut now = start;
    while now - start < time {
        let mut done = 0;
        let ready = crowd.wait(lane)?;
        ensure!(!ready.is_empty(), "no answer within {LIMIT:?}");
        for at in ready {
            got[*at] += receive(lane, &socks[*at], &mut pong)?;
            if got[*at] >= PING {
                got[*at] -= PING;
                done += 1;
                ensure!(socks[*at].send(lane, &ping, SendFlags::None)? == PING, "no room for {PING} bytes");
            }
        }
        let before = std::mem::replace(&mut now, Instant::now());
        pace.note(now - before, done);
    }
    Ok(pace.rates())
}

/// Echoed Gbit a second over all connections, each with at most [`WINDOW`] bytes on their way.
fn stream_many(lane: &Lane, socks: &[Sock], time: Duration) -> Result<[f64; 2]> {
    let mut crowd = Crowd::new(lane, socks)?;
    let (chunk, mut buffer) = (vec![0x5a; CHUNK], vec![0; CHUNK]);
    let mut under_way = vec![0; socks.len()];
    let fill = |sock: &Sock, under_way: &mut usize| -> Result<()> {
        while *under_way < WINDOW {
            match sock.send(lane, &chunk[..CHUNK.min(WINDOW - *under_way)], SendFlags::None) {
                Ok(n) => *under_way += n,
                // What is on its way comes back, and then this is tried again.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    };
    let mut pace = Pace::default();
    let start = Instant::now();
    let mut now = start;
    socks.iter().zip(&mut under_way).try_for_each(|(sock, under_way)| fill(sock, under_way))?;
    while now - start < time {
        let mut done = 0;
        let ready = crowd.wait(lane)?;
        ensure!(!ready.is_empty(), "no answer within {LIMIT:?}");
        for at in ready {
            let n = receive(lane, &socks[*at], &mut buffer)?;
            done += n as u64;
            under_way[*at] -= n;
            fill(&socks[*at], &mut under_way[*at])?;
        }
        let before = std::mem::replace(&mut now, Instant::now());
        pace.note(now - before, done);
    }
    Ok(pace.rates().map(|bytes| bytes * 8e-9))
}

/// Connections a second, one after the other: connect, a message to and fro, reset.
fn accept(server: SocketAddr, time: Duration) -> Result<[f64; 2]> {
    let mut pace = Pace::default();
    let start = Instant::now();
    let mut now = start;
    while pace.count == 0 || now - start < time {
        drop(open(server, 1)?);
        let before = std::mem::replace(&mut now, Instant::now());
        pace.note(now - before, 1);
    }
    Ok(pace.rates())
}

fn receive(lane: &Lane, sock: &Sock, buffer: &mut [u8]) -> Result<usize> {
    match sock.recv(lane, buffer) {
        Ok(0) => bail!("the server closed a connection"),
        Ok(n) => Ok(n),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// The same sockets without waiting, and a lane that keeps nothing.
fn untraced(streams: Vec<TcpStream>) -> Result<(Lane, Vec<Sock>)> {
    let tap = Tap::new(Instant::now(), 1);
    tap.set_level(TapLevel::Off);
    let lane = tap.lane("load");
    let socks: Vec<Sock> = streams.into_iter().map(|stream| Sock::from(socket2::Socket::from(stream))).collect();
    socks.iter().try_for_each(|sock| sock.set_nonblocking(&lane, true))?;
    Ok((lane, socks))
}

/// Waits for many connections to be readable.
#[cfg(target_os = "linux")]
struct Crowd {
    epoll: socketlab::sys::epoll::Epoll,
    events: Vec<socketlab::sys::epoll::Event>,
    ready: Vec<usize>,
}

#[cfg(target_os = "linux")]
impl Crowd {
    fn new(lane: &Lane, socks: &[Sock]) -> Result<Self> {
        use socketlab::sys::epoll::{Epoll, Event};
        let epoll = Epoll::new(lane)?;
        socks.iter().zip(0..).try_for_each(|(sock, token)| epoll.add(lane, sock, token, true, false))?;
        Ok(Self { epoll, events: vec![Event::EMPTY; 256], ready: Vec::new() })
    }

    fn wait(&mut self, lane: &Lane) -> Result<&[usize]> {
        let events = self.epoll.wait(lane, &mut self.events, Some(LIMIT))?;
        self.ready.clear();
        self.ready.extend(events.iter().map(|event| event.token() as usize));
        Ok(&self.ready)
    }
}

/// The same with `poll`.
#[cfg(not(target_os = "linux"))]
struct Crowd {
    fds: Vec<socketlab::sys::PollFd>,
    ready: Vec<usize>,
}

#[cfg(not(target_os = "linux"))]
impl Crowd {
    fn new(_lane: &Lane, socks: &[Sock]) -> Result<Self> {
        Ok(Self { fds: socks.iter().map(|sock| socketlab::sys::PollFd::new(sock, true, false)).collect(), ready: Vec::new() })
    }

    fn wait(&mut self, lane: &Lane) -> Result<&[usize]> {
        socketlab::sys::poll(lane, &mut self.fds, Some(LIMIT))?;
        self.ready.clear();
        self.ready.extend(self.fds.iter().enumerate().filter(|(_, fd)| fd.is_readable()).map(|(at, _)| at));
        Ok(&self.ready)
    }
}
