
// --- service: what it answers ----------------------------------------------------------------------------------------
%if !stuck
%if inet

type Peer = SocketAddr;
%else

type Peer = PathBuf;
%end

impl Server {
%if says
    fn say(&self, data: &[u8], to: &Peer) {
        // It fails when the peer is gone, or a buffer is full: datagrams may be lost.
%if async
        if let Err(error) = self.socket.try_send_to(data, {{TO}}) {
%else
        if let Err(error) = self.listener.send_to(data, to) {
%end
            eprintln!("send_to: {error}");
        }
    }

%end
%if says_later blocking
    fn say_later(&mut self, data: &[u8], to: &Peer) {
        thread::sleep(PAUSE); // and everybody waits
        self.say(data, to);
    }

%end
%if later
    fn say_later(&mut self, data: &[u8], to: &Peer) {
        self.later.push_back((Instant::now() + PAUSE, data.to_vec(), to.clone()));
    }

    /// How long the wait may last.
    fn next_due(&self) -> Option<Duration> {
        let (due, _, _) = self.later.front()?;
        Some(due.saturating_duration_since(Instant::now()))
    }

    fn say_what_is_due(&mut self) {
        while let Some((_, data, to)) = self.later.pop_front_if(|(due, _, _)| *due <= Instant::now()) {
            self.say(&data, &to);
        }
    }

%end
%if says_later async
    fn say_later(&mut self, data: &[u8], to: &Peer) {
        let (socket, data, to) = (Arc::clone(&self.socket), data.to_vec(), to.clone());
        tokio::spawn(async move {
            tokio::time::sleep(PAUSE).await;
            if let Err(error) = socket.send_to(&data, to).await {
                eprintln!("send_to: {error}");
            }
        });
    }

%end
%if chat
    fn tell_others(&self, from: &Peer, words: &[u8]) {
        let line = [format!("[{}] ", {{SHOWN}}).as_bytes(), words, b"\n"].concat();
        for member in self.members.iter().filter(|member| *member != from) {
            self.say(&line, member);
        }
    }

%end
    /// One datagram is one message; many peers share the one socket.
    fn on_datagram(&mut self, {{DATA}}: &[u8], {{FROM}}: &Peer) {
%if echo
        self.say(data, from);
%end
%if delayed
        self.say_later(data, from);
%end
%if upper
        self.say(&data.to_ascii_uppercase(), from);
%end
%if list-echo
        let mut rest = self.rests.remove(from).unwrap_or_default();
        rest.extend_from_slice(data);
        while let Some(at) = rest.windows(DELIMITER.len()).position(|part| part == DELIMITER) {
            let item: Vec<u8> = rest.drain(..at + DELIMITER.len()).collect();
            self.say(&item, from);
        }
        if !rest.is_empty() && rest.len() <= MAX_ITEM {
            self.rests.insert(from.clone(), rest);
        }
%end
%if discard|slow-reader
        // Thrown away.
%end
%if resetter
        // There is no connection that could be reset.
%end
%if daytime
        self.say(time_line().as_bytes(), from);
%end
%if chargen
        // 0 to 512 characters (RFC 864); the clock is random enough, and the standard library has no other.
        let random = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.subsec_nanos() as usize / 64);
        self.say(&cycle()[..random % 513], from);
%end
%if greeter
        if data.trim_ascii_end() != b"exit" {
            self.{{SAY_HELLO}}(&[b"Hello, ", data].concat(), from);
        }
%end
%if chat
        if self.members.insert(from.clone()) {
            self.tell_others(from, b"joined");
        }
        for line in data.split(|byte| *byte == b'\n') {
            match line.trim_ascii_end() {
                b"quit" => {
                    self.tell_others(from, b"left");
                    self.members.remove(from);
                    return;
                }
                b"" => {}
                words => self.tell_others(from, words),
            }
        }
%end
%if manual
        // Whoever runs the server answers, and all others wait meanwhile.
        println!("{}: {}", {{SHOWN}}, data.escape_ascii());
        let mut answer = String::new();
        if io::stdin().read_line(&mut answer).is_ok_and(|length| length > 0) {
            self.say(answer.as_bytes(), from);
        }
%end
%if half-closer
%if goodbye
        if self.parted.insert(from.clone()) {
            self.say(GOODBYE, from);
        }
%else
        self.parted.insert(from.clone());
%end
%end
%if faulty
        if data.windows(WORD.len()).any(|part| part == WORD) {
            eprintln!("the message holds {}", WORD.escape_ascii()); // a request that fails never ends the server
        } else {
            self.say(data, from);
        }
%end
    }
}
%end
