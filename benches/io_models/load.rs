//! The load, in a process of its own: connects, says `ready`, waits for a line, works for the given time and says its figure.
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
            tell(ping_alone(&mut stream, time)?.0)
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
            tell(ping_alone(&mut active[0], time)?.1)
        }
        other => bail!("no such load: {other:?}"),
    }
}

/// Says the figure. The connections stay until the bench has read it and closes our standard input, so that their end is no
/// part of anything measured.
fn tell(figure: f64) -> Result<()> {
    println!("{figure}");
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

/// Messages a second, and the median round trip in microseconds.
fn ping_alone(stream: &mut TcpStream, time: Duration) -> Result<(f64, f64)> {
    let (ping, mut pong) = ([0x5a; PING], [0; PING]);
    let mut trips = Vec::with_capacity(100_000);
    let start = Instant::now();
    let mut now = start;
    while trips.is_empty() || now - start < time {
        stream.write_all(&ping)?;
        stream.read_exact(&mut pong)?;
        let before = std::mem::replace(&mut now, Instant::now());
        trips.push(now - before);
    }
    ensure!(ping == pong, "other bytes came back");
    let rate = trips.len() as f64 / (now - start).as_secs_f64();
    trips.sort_unstable();
    Ok((rate, trips[trips.len() / 2].as_secs_f64() * 1e6))
}

/// Messages a second over all connections, each with one on its way.
fn ping_many(lane: &Lane, socks: &[Sock], time: Duration) -> Result<f64> {
    let mut crowd = Crowd::new(lane, socks)?;
    let ping = [0x5a; PING];
    for sock in socks {
        ensure!(sock.send(lane, &ping, SendFlags::None)? == PING, "no room for {PING} bytes");
    }
    let mut got = vec![0; socks.len()];
    let mut pong = [0; PING];
    let mut done = 0_u64;
    let start = Instant::now();
    while start.elapsed() < time {
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
    }
    Ok(done as f64 / start.elapsed().as_secs_f64())
}

/// Echoed Gbit a second over all connections, each with at most [`WINDOW`] bytes on their way.
fn stream_many(lane: &Lane, socks: &[Sock], time: Duration) -> Result<f64> {
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
    let mut done = 0_u64;
    let start = Instant::now();
    socks.iter().zip(&mut under_way).try_for_each(|(sock, under_way)| fill(sock, under_way))?;
    while start.elapsed() < time {
        let ready = crowd.wait(lane)?;
        ensure!(!ready.is_empty(), "no answer within {LIMIT:?}");
        for at in ready {
            let n = receive(lane, &socks[*at], &mut buffer)?;
            done += n as u64;
            under_way[*at] -= n;
            fill(&socks[*at], &mut under_way[*at])?;
        }
    }
    Ok(done as f64 * 8e-9 / start.elapsed().as_secs_f64())
}

/// Connections a second, one after the other: connect, a message to and fro, reset.
fn accept(server: SocketAddr, time: Duration) -> Result<f64> {
    let start = Instant::now();
    let mut done = 0_u32;
    while done == 0 || start.elapsed() < time {
        drop(open(server, 1)?);
        done += 1;
    }
    Ok(f64::from(done) / start.elapsed().as_secs_f64())
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
