//! What a worker process and its server say to each other: small frames of fixed fields, little-endian, on a private channel.
//! Both ends are this very program, so there are no versions; a frame that does not make sense ends the conversation.

mod framing;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::{self, Read, Write};

use crate::bytes::{FramingError, MAX_MESSAGE};
use crate::service::PostTo;
use crate::trace::{Call, CallRecord, End, GateMove, Place, Spent, Unserved};

/// The worker's first bytes. Whatever a start-up may print before them is skipped.
const GREETING: &[u8; 8] = b"\0worker\x01";
/// What may be skipped.
const MOST_SKIPPED: usize = 16 << 10;
/// No frame is longer: what a message may have, and a little.
const MOST_BYTES: usize = MAX_MESSAGE + 64;
/// Nor a file's name.
const MOST_NAME: usize = 512;

/// One call, as the worker made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallFields {
    pub call: Call,
    pub fd: i64,
    pub args: [i64; 2],
    pub start_ns: u64,
    pub took_ns: u64,
    pub result: i64,
    pub bytes: u32,
    pub count: u32,
    pub errno: i32,
    pub again: bool,
    /// The number of its line in the worker: see [`Said::Line`].
    pub at: u16,
}

/// Why the worker's connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndFields {
    Orderly,
    Reset,
    Here,
    Service,
    Idle,
    /// The service failed, or (`true`) panicked, with these words.
    Unserved(bool, String),
    /// What the peer sent broke the framing in force.
    Framing(FramingError),
    /// In this call; the error number if the system gave one, and its words.
    Failed(Call, Option<i32>, String),
}

impl From<&CallRecord> for CallFields {
    fn from(r: &CallRecord) -> Self {
        let CallRecord { call, fd, args, start_ns, took_ns, result, bytes, count, errno, again, lane: _, at } = *r;
        Self { call, fd, args, start_ns, took_ns, result, bytes, count, errno, again, at: at.number() }
    }
}

impl CallFields {
    /// The same call of this lane, made there.
    pub fn into_record(self, lane: u32, at: Place) -> CallRecord {
        let Self { call, fd, args, start_ns, took_ns, result, bytes, count, errno, again, at: _ } = self;
        CallRecord { lane, call, fd, args, result, count, at, start_ns, took_ns, bytes, errno, again }
    }
}

impl From<&End> for EndFields {
    fn from(end: &End) -> Self {
        match end {
            End::Orderly => Self::Orderly,
            End::Reset => Self::Reset,
            End::Here => Self::Here,
            End::Service => Self::Service,
            End::Idle => Self::Idle,
            End::Unserved(Unserved::Panicked(words)) => Self::Unserved(true, words.to_string()),
            End::Unserved(Unserved::Failed(words)) => Self::Unserved(false, words.to_string()),
            End::Unserved(Unserved::Framing(why)) => Self::Framing(*why),
            End::Unserved(why @ (Unserved::TurnedAway | Unserved::TooSlow { .. })) => Self::Unserved(false, why.to_string()),
            End::Failed(call, error) => Self::Failed(*call, error.raw_os_error(), error.to_string()),
        }
    }
}

impl EndFields {
    /// As the board keeps it.
    pub fn into_end(self) -> End {
        match self {
            Self::Orderly => End::Orderly,
            Self::Reset => End::Reset,
            Self::Here => End::Here,
            Self::Service => End::Service,
            Self::Idle => End::Idle,
            Self::Unserved(true, words) => End::Unserved(Unserved::Panicked(words.into())),
            Self::Unserved(false, words) => End::Unserved(Unserved::Failed(words.into())),
            Self::Framing(why) => End::Unserved(Unserved::Framing(why)),
            Self::Failed(call, Some(errno), _) => End::Failed(call, io::Error::from_raw_os_error(errno)),
            Self::Failed(call, None, words) => End::Failed(call, io::Error::other(words)),
        }
    }
}

/// From the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The worker means this line by this number; before the number is used.
    Line { number: u16, line: u32, file: String },
    /// It is about to make this call at this line, which may sleep, since then; or (`held`) stands at the gate before it.
    Enters { call: Call, fd: i64, at: u16, since_ns: u64, held: bool },
    /// A finished call.
    Called(CallFields),
    /// Bytes received (or sent) at this time; `data` may be only the front of `len` bytes.
    Moved { sent: bool, at_ns: u64, len: u32, data: Vec<u8> },
    /// The peer (or, `here`, our side) ended its half.
    HalfEnded { here: bool },
    /// For other peers.
    Post(PostTo, Vec<u8>),
    /// Messages received, sent and answered by a rule, since this was last said.
    Messages([u64; 3]),
    /// What its serving thread has used since the process began.
    Spent(Spent),
    /// It does as it was told by [`Told::Ear`], with this number.
    Listens(u64),
    /// A message, as it was cut, for whoever hears each.
    Heard(Vec<u8>),
    /// Its last word.
    Ended(EndFields),
}

/// To the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// First: what to do, as JSON.
    Start(String),
    /// A move at the gate.
    Gate(GateMove),
    /// How bytes become messages and go out from now on, as JSON.
    Messages(String),
    /// Whether it is to say each message that it hears; the number of this word.
    Ear(bool, u64),
    /// Its connection is to end: whatever it sleeps in is over.
    Leave,
}

/// Collects frames and sends them in one write.
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    /// The numbers of lines that the other end knows.
    lines: BTreeSet<u16>,
}

impl Outbox {
    /// The number of this line, which is told the first time.
    pub fn line(&mut self, at: Place) -> u16 {
        let number = at.number();
        if at.is_known() && self.lines.insert(number) {
            self.say(&Said::Line { number, line: at.line(), file: at.file().to_owned() });
        }
        number
    }

    pub fn say(&mut self, said: &Said) {
        self.frame(|out| match said {
            Said::Line { number, line, file } => {
                out.push(7);
                out.extend(number.to_le_bytes());
                out.extend(line.to_le_bytes());
                out.extend(file.as_bytes());
            }
            Said::Enters { call, fd, at, since_ns, held } => {
                out.extend([1, *call as u8]);
                out.extend(fd.to_le_bytes());
                out.extend(at.to_le_bytes());
                out.extend(since_ns.to_le_bytes());
                out.push((*held).into());
            }
            Said::Called(c) => {
                out.extend([2, c.call as u8]);
                for number in [c.fd, c.args[0], c.args[1], c.result] {
                    out.extend(number.to_le_bytes());
                }
                out.extend(c.start_ns.to_le_bytes());
                out.extend(c.took_ns.to_le_bytes());
                out.extend(c.bytes.to_le_bytes());
                out.extend(c.count.to_le_bytes());
                out.extend(c.errno.to_le_bytes());
                out.push(c.again.into());
                out.extend(c.at.to_le_bytes());
            }
            Said::Moved { sent, at_ns, len, data } => moved_fields(out, *sent, *at_ns, *len, data),
            Said::HalfEnded { here } => out.extend([4, (*here).into()]),
            Said::Post(to, bytes) => {
                let one = match to {
                    PostTo::Others => 0,
                    PostTo::One(id) => id.0,
                };
                out.push(5);
                out.extend(one.to_le_bytes());
                out.extend(bytes);
            }
            Said::Messages(counts) => {
                out.push(8);
                counts.iter().for_each(|count| out.extend(count.to_le_bytes()));
            }
            Said::Spent(Spent { cpu_ns, switches }) => {
                out.extend([9, cpu_ns.is_some().into(), switches.is_some().into()]);
                let [voluntary, involuntary] = switches.unwrap_or_default();
                [cpu_ns.unwrap_or(0), voluntary, involuntary].iter().for_each(|figure| out.extend(figure.to_le_bytes()));
            }
            Said::Listens(number) => {
                out.push(10);
                out.extend(number.to_le_bytes());
            }
            Said::Heard(message) => heard_fields(out, message),
            Said::Ended(end) => {
                out.push(6);
                match end {
                    EndFields::Orderly => out.push(0),
                    EndFields::Reset => out.push(1),
                    EndFields::Here => out.push(2),
                    EndFields::Service => out.push(3),
                    EndFields::Idle => out.push(4),
                    EndFields::Unserved(panicked, words) => {
                        out.extend([6, (*panicked).into()]);
                        out.extend(words.as_bytes());
                    }
                    EndFields::Framing(why) => {
                        let (kind, numbers) = framing::numbers(*why);
                        out.extend([7, kind]);
                        numbers.into_iter().for_each(|number| out.extend(number.to_le_bytes()));
                    }
                    EndFields::Failed(call, errno, words) => {
                        out.extend([5, *call as u8, errno.is_some().into()]);
                        out.extend(errno.unwrap_or(0).to_le_bytes());
                        out.extend(words.as_bytes());
                    }
                }
            }
        });
    }

    /// [`Said::Moved`] without a copy of the bytes before.
    pub fn say_moved(&mut self, sent: bool, at_ns: u64, len: u32, data: &[u8]) {
        self.frame(|out| moved_fields(out, sent, at_ns, len, data));
    }

    /// [`Said::Heard`] without a copy of the message before.
    pub fn say_heard(&mut self, message: &[u8]) {
        self.frame(|out| heard_fields(out, message));
    }

    pub fn tell(&mut self, told: &Told) {
        self.frame(|out| match told {
            Told::Start(json) => {
                out.push(1);
                out.extend(json.as_bytes());
            }
            Told::Gate(gate) => {
                let number = match gate {
                    GateMove::Pause => 0,
                    GateMove::Step => 1,
                    GateMove::ToNextWait => 2,
                    GateMove::Run => 3,
                };
                out.extend([2, number]);
            }
            Told::Messages(json) => {
                out.push(4);
                out.extend(json.as_bytes());
            }
            Told::Ear(on, number) => {
                out.extend([5, (*on).into()]);
                out.extend(number.to_le_bytes());
            }
            Told::Leave => out.push(3),
        });
    }

    /// Writes what was collected.
    pub fn flush(&mut self, to: &mut dyn Write) -> io::Result<()> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let result = to.write_all(&self.bytes).and_then(|()| to.flush());
        self.bytes.clear();
        result
    }

    fn frame(&mut self, fill: impl FnOnce(&mut Vec<u8>)) {
        let at = self.bytes.len();
        self.bytes.extend([0; 4]);
        fill(&mut self.bytes);
        let len = (self.bytes.len() - at - 4) as u32;
        self.bytes[at..at + 4].copy_from_slice(&len.to_le_bytes());
    }
}

fn heard_fields(out: &mut Vec<u8>, message: &[u8]) {
    out.push(11);
    out.extend(message);
}

fn moved_fields(out: &mut Vec<u8>, sent: bool, at_ns: u64, len: u32, data: &[u8]) {
    out.extend([3, sent.into()]);
    out.extend(at_ns.to_le_bytes());
    out.extend(len.to_le_bytes());
    out.extend(data);
}

/// The worker's first word, so that the server knows that it lives.
pub fn greet(mut to: Box<dyn Write + Send>) -> io::Result<Box<dyn Write + Send>> {
    to.write_all(GREETING)?;
    to.flush()?;
    Ok(to)
}

/// Reads up to and with the worker's greeting.
pub fn greeted(from: &mut dyn Read) -> io::Result<()> {
    let mut matched = 0;
    for _ in 0..MOST_SKIPPED {
        let mut byte = [0];
        from.read_exact(&mut byte)?;
        matched = match byte[0] {
            b if b == GREETING[matched] => matched + 1,
            b if b == GREETING[0] => 1,
            _ => 0,
        };
        if matched == GREETING.len() {
            return Ok(());
        }
    }
    Err(senseless())
}

/// The worker's next frame, read into `body`; `None` when the channel ended between two.
pub fn said(from: &mut dyn Read, body: &mut Vec<u8>) -> io::Result<Option<Said>> {
    if !read_body(from, body)? {
        return Ok(None);
    }
    let mut fields = Fields(body);
    let said = match fields.byte()? {
        1 => {
            let call = fields.call()?;
            Said::Enters { call, fd: fields.i64()?, at: fields.u16()?, since_ns: fields.u64()?, held: fields.flag()? }
        }
        2 => {
            let call = fields.call()?;
            let (fd, args, result) = (fields.i64()?, [fields.i64()?, fields.i64()?], fields.i64()?);
            let (start_ns, took_ns, bytes) = (fields.u64()?, fields.u64()?, fields.u32()?);
            let (count, errno, again, at) = (fields.u32()?, fields.u32()? as i32, fields.flag()?, fields.u16()?);
            Said::Called(CallFields { call, fd, args, start_ns, took_ns, result, bytes, count, errno, again, at })
        }
        3 => Said::Moved { sent: fields.flag()?, at_ns: fields.u64()?, len: fields.u32()?, data: fields.rest() },
        4 => Said::HalfEnded { here: fields.flag()? },
        5 => {
            let to = match fields.u64()? {
                0 => PostTo::Others,
                id => PostTo::One(crate::service::PeerId(id)),
            };
            Said::Post(to, fields.rest())
        }
        6 => Said::Ended(match fields.byte()? {
            0 => EndFields::Orderly,
            1 => EndFields::Reset,
            2 => EndFields::Here,
            3 => EndFields::Service,
            4 => EndFields::Idle,
            5 => {
                let (call, has_errno, errno) = (fields.call()?, fields.flag()?, fields.u32()? as i32);
                EndFields::Failed(call, has_errno.then_some(errno), fields.words()?)
            }
            6 => EndFields::Unserved(fields.flag()?, fields.words()?),
            7 => EndFields::Framing(framing::error(fields.byte()?, [fields.u64()?, fields.u64()?]).ok_or_else(senseless)?),
            _ => return Err(senseless()),
        }),
        8 => Said::Messages([fields.u64()?, fields.u64()?, fields.u64()?]),
        9 => {
            let (has_cpu, has_switches) = (fields.flag()?, fields.flag()?);
            let (cpu_ns, switches) = (fields.u64()?, [fields.u64()?, fields.u64()?]);
            Said::Spent(Spent { cpu_ns: has_cpu.then_some(cpu_ns), switches: has_switches.then_some(switches) })
        }
        10 => Said::Listens(fields.u64()?),
        11 => Said::Heard(fields.rest()),
        7 if fields.0.len() > MOST_NAME => return Err(senseless()),
        7 => Said::Line { number: fields.u16()?, line: fields.u32()?, file: fields.words()? },
        _ => return Err(senseless()),
    };
    Ok(Some(said))
}

/// The server's next frame; `None` when the channel ended between two.
pub fn told(from: &mut dyn Read) -> io::Result<Option<Told>> {
    let mut body = Vec::new();
    if !read_body(from, &mut body)? {
        return Ok(None);
    }
    let mut fields = Fields(&body);
    Ok(Some(match fields.byte()? {
        1 => Told::Start(fields.words()?),
        2 => Told::Gate(match fields.byte()? {
            0 => GateMove::Pause,
            1 => GateMove::Step,
            2 => GateMove::ToNextWait,
            3 => GateMove::Run,
            _ => return Err(senseless()),
        }),
        3 => Told::Leave,
        4 => Told::Messages(fields.words()?),
        5 => Told::Ear(fields.flag()?, fields.u64()?),
        _ => return Err(senseless()),
    }))
}

fn read_body(from: &mut dyn Read, body: &mut Vec<u8>) -> io::Result<bool> {
    let mut len = [0; 4];
    match from.read(&mut len)? {
        0 => return Ok(false),
        n => from.read_exact(&mut len[n..])?,
    }
    let len = u32::from_le_bytes(len) as usize;
    if len > MOST_BYTES {
        return Err(senseless());
    }
    body.resize(len, 0);
    from.read_exact(body)?;
    Ok(true)
}

fn senseless() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the other end of the worker's channel does not make sense")
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (front, rest) = self.0.split_first_chunk().ok_or_else(senseless)?;
        self.0 = rest;
        Ok(*front)
    }

    fn byte(&mut self) -> io::Result<u8> {
        self.take().map(|[b]| b)
    }

    fn flag(&mut self) -> io::Result<bool> {
        self.byte().map(|b| b != 0)
    }

    fn u16(&mut self) -> io::Result<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> io::Result<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> io::Result<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn i64(&mut self) -> io::Result<i64> {
        self.take().map(i64::from_le_bytes)
    }

    fn call(&mut self) -> io::Result<Call> {
        Call::from_u8(self.byte()?).ok_or_else(senseless)
    }

    fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0).to_vec()
    }

    fn words(&mut self) -> io::Result<String> {
        String::from_utf8(self.rest()).map_err(|_| senseless())
    }
}
