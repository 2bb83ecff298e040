
// --- service: what it answers ----------------------------------------------------------------------------------------
%if !stuck

type Peer = SocketAddr;
%if chat|list-echo|half-closer|manual

fn name_of(peer: &Peer) -> String {
    format!("{{DISPLAYED}}") // an address as a key and as others see it
}
%end

impl Server {
%if says !says_later|!async
    fn say(&self, data: &[u8], to: &Peer) {
        // It fails when the peer is gone, or a buffer is full: datagrams may be lost.
        if let Err(error) = self.{{SOCKET}}.{{SEND_TO}}(data, {{TO}}) {
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
            if let Err(error) = socket.{{SEND_LATER}} {
                eprintln!("send_to: {error}");
            }
        });
    }

%end
%if chat
    fn tell_others(&self, from: &Peer, words: &[u8]) {
        let name = name_of(from);
        let line = [b"[", name.as_bytes(), b"] ", words, b"\n"].concat();
        for (_, member) in self.members.iter().filter(|(member, _)| **member != name) {
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
        let mut rest = self.rests.remove(&name_of(from)).unwrap_or_default();
        rest.extend_from_slice(data);
        while let Some(at) = rest.windows(DELIMITER.len()).position(|part| part == DELIMITER) {
            let item: Vec<u8> = rest.drain(..at + DELIMITER.len()).collect();
            self.say(&item, from);
        }
        if !rest.is_empty() && rest.len() <= MAX_ITEM {
            self.rests.insert(name_of(from), rest);
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
        if self.members.insert(name_of(from), from.clone()).is_none() {
            self.tell_others(from, b"joined");
        }
        for line in data.split(|byte| *byte == b'\n') {
            match line.trim_ascii_end() {
                b"quit" => {
                    self.tell_others(from, b"left");
                    self.members.remove(&name_of(from));
                    return;
                }
                b"" => {}
                words => self.tell_others(from, words),
            }
        }
%end
%if manual
        // Whoever runs the server answers, and all others wait meanwhile.
        println!("{}: {}", name_of(from), data.escape_ascii());
        let mut answer = String::new();
        if io::stdin().read_line(&mut answer).is_ok_and(|length| length > 0) {
            self.say(answer.as_bytes(), from);
        }
%end
%if half-closer
%if goodbye
        if self.parted.insert(name_of(from)) {
            self.say(GOODBYE, from);
        }
%else
        self.parted.insert(name_of(from));
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
