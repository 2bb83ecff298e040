
// --- model: {{MODEL_TITLE}} {{RULE}}
%if clients

/// One connection. It is read, or, while something waits to be sent, written: never both.
struct Client {
    stream: {{STREAM}},
    out: Vec<u8>, // said, and not yet with the kernel
    is_leaving: bool, // once all is sent
%if pauses
    due: Option<Instant>, // when its pause is over
%end
%if half_closing
    is_half_closing: bool,
%end
%if named
    name: String,
%end
%if chat
    for_others: Vec<u8>,
%end
%if rest
    rest: Vec<u8>,
%end
%if is_done
    is_done: bool,
%end
%if cuts
    unread: Vec<u8>,
%end
}

impl Client {
%if says
    fn say(&mut self, data: &[u8]) -> io::Result<()> {
        self.out.extend_from_slice(data);
        self.flush()
    }

%end
    /// Gives the kernel what it takes now. What it does not take goes when the socket is writable again.
    fn flush(&mut self) -> io::Result<()> {
%if pauses
        if self.due.is_some() {
            return Ok(());
        }
%end
        while !self.out.is_empty() {
            match self.stream.write(&self.out) {
                Ok(sent) => drop(self.out.drain(..sent)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()), // EAGAIN: its buffer is full
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error), // ECONNRESET, EPIPE
            }
        }
%if half_closing
        if mem::take(&mut self.is_half_closing) {
            self.stream.shutdown(Shutdown::Write)?; // FIN: the peer's recv returns 0, and it may still send
        }
%end
        Ok(())
    }
%if leaves

    fn leave(&mut self) {
        self.is_leaving = true;
    }
%end
%if pauses

    fn pause(&mut self, time: Duration) {
        self.due = Some(Instant::now() + time);
    }
%end
%if half_closing

    fn half_close(&mut self) -> io::Result<()> {
        self.is_half_closing = true;
        self.flush()
    }
%end
%if resets

    fn reset(&mut self) -> io::Result<()> {
        self.is_leaving = true;
        reset_at_close(&self.stream)
    }
%end
%if chat

    /// The loop hands it on.
    fn tell_others(&mut self, words: &[u8]) {
        let line = [b"[", self.name.as_bytes(), b"] ", words, b"\n"].concat();
        self.for_others.extend({{&(}}&line{{)}});
    }

    /// Says something on another's behalf. A member that does not read is thrown out.
    fn post(&mut self, data: &[u8]) {
        let is_full = self.out.len() + data.len() > MAX_WAITING;
        if is_full || self.say(data).is_err() {
            self.out.clear();
            self.is_leaving = true;
        }
    }
%end
%if endless

    /// Sends, and makes more as long as the kernel takes it.
    fn on_ready(&mut self) -> io::Result<()> {
        self.flush()?;
        {{WHILE}} self.out.is_empty() && !self.is_leaving {
            on_room(self)?;
        }
        Ok(())
    }
%end
%if hears

    /// Sends what waits, or reads.
    fn on_ready(&mut self) -> io::Result<()> {
        self.flush()?;
        let mut data = vec![0; RECV_SIZE];
        {{WHILE}} self.out.is_empty() && !self.is_leaving{{AWAKE}} {
            match self.stream.read(&mut data) {
                Ok(0) => {
%if until_close
                    on_end(self)?;
%end
                    self.is_leaving = true; // the peer ended its side
                }
                Ok(length) => {{HEAR}}(self, &data[..length])?,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()), // EAGAIN: nothing is there (any more)
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error), // ECONNRESET
            }
        }
        Ok(())
    }
%end
%if once

    fn on_ready(&mut self) -> io::Result<()> {
        self.flush()
    }
%end
}
%end

struct Server {
    listener: {{LISTENER}},
%if clients
    clients: HashMap<RawFd, Client>,
%end
%if stuck stream
    unread: Vec<{{STREAM}}>, // kept and never read
%end
%if epoll-lt|epoll-et
    epoll: OwnedFd, // the kernel keeps the list
%end
%if later
    later: VecDeque<(Instant, Vec<u8>, Peer)>, // the pause is the same for all: the first to come is the first to go
%end
%if dgram list-echo
    rests: HashMap<String, Vec<u8>>, // what no delimiter has ended yet
%end
%if dgram chat
    members: HashMap<String, Peer>,
%end
%if dgram half-closer
    parted: HashSet<String>,
%end
}
