
// --- model: {{MODEL_TITLE}} {{RULE}}
%if !stuck
%if chat_lock

static MEMBERS: Mutex<Vec<(RawFd, {{STREAM}})>> = Mutex::new(Vec::new());
%end

/// One connection.
struct Client {
    stream: {{STREAM}},
%if hears
    is_leaving: bool,
%end
%if named
    name: String,
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

%if says|leaves|pauses|half_closing|resets|chat
impl Client {
%if says !chat
    fn say(&mut self, data: &[u8]) -> io::Result<()> {
        self.stream.write_all(data) // write may take only a part; write_all goes on until all is with the kernel
    }

%end
%if leaves
    fn leave(&mut self) {
        self.is_leaving = true;
    }

%end
%if pauses
    fn pause(&mut self, time: Duration) {
        thread::sleep(time);
    }

%end
%if half_closing
    fn half_close(&mut self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Write) // FIN: the peer's recv returns 0, and it may still send
    }

%end
%if resets
    fn reset(&mut self) -> io::Result<()> {
%if hears
        self.is_leaving = true;
%end
        reset_at_close(&self.stream)
    }

%end
%if chat iterative
    fn tell_others(&mut self, words: &[u8]) {
        println!("[{}] {}", self.name, words.escape_ascii()); // one client at a time: there is nobody else
    }

%end
%if chat_lock
    /// Nobody waits for a member that does not read: it is thrown out, and its own thread notices.
    fn tell_others(&mut self, words: &[u8]) {
        let line = [b"[", self.name.as_bytes(), b"] ", words, b"\n"].concat();
        for (fd, stream) in MEMBERS.lock().unwrap().iter_mut() {
            if *fd != self.stream.as_raw_fd() && stream.write_all({{&(}}&line{{)}}).is_err() {
                let _gone = stream.shutdown(Shutdown::Both);
            }
        }
    }

%end
}
%end
%end

/// One connection from its first byte to its last. Every call here may sleep.
fn serve({{MUT_STREAM}}: {{STREAM}}) -> io::Result<()> {
%if stuck
    let _unread = stream; // never reads: what the peer sends stays in the kernel until its buffers are full
    loop {
        thread::park();
    }
%else
%if nodelay
    stream.set_nodelay(true)?; // small segments leave at once
%end
%if idle
    stream.set_read_timeout(Some(IDLE))?; // read fails after that time
%end
%if named inet
    let name = stream.peer_addr()?.to_string();
%end
%if named unix
    let name = format!("client {}", stream.as_raw_fd());
%end
    let mut client = Client { {{FIELDS}} };
%if chat_lock
    let fd = client.stream.as_raw_fd();
    let shared = client.stream.try_clone()?;
    shared.set_write_timeout(Some(Duration::from_millis(10)))?;
    MEMBERS.lock().unwrap().push((fd, shared));
%end
%if chat
    let talked = talk(&mut client);
%if chat_lock
    MEMBERS.lock().unwrap().retain(|(member, _)| *member != fd);
%end
    client.tell_others(b"left");
    talked
%else
    talk(&mut client)
%end
%end
}
%if !stuck

fn talk(client: &mut Client) -> io::Result<()> {
%if opens
    on_open(client)?;
%end
%if endless
    loop {
        on_room(client)?;
    }
%end
%if hears
    let mut data = vec![0; RECV_SIZE];
    while !client.is_leaving {
        let length = match client.stream.read(&mut data) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?, // such as ECONNRESET: it ends this client alone
        };
        if length == 0 {
%if until_close
            on_end(client)?;
%end
            break; // the peer ended its side
        }
        {{HEAR}}(client, &data[..length])?;
    }
%end
%if !endless
    Ok(())
%end
}
%end

fn report(result: io::Result<()>) {
    if let Err(error) = result {
        eprintln!("connection lost: {error}");
    }
}

fn main() -> io::Result<()> {
    let listener = open_socket()?;
%if thread-pool
    let (give, take) = mpsc::sync_channel(QUEUE);
    let take = Arc::new(Mutex::new(take));
    for _ in 0..WORKERS {
        let take: Arc<Mutex<mpsc::Receiver<{{STREAM}}>>> = Arc::clone(&take);
        thread::spawn(move || loop {
            let next = take.lock().unwrap().recv(); // the lock is free again before the client is served
            match next {
                Ok(stream) => report(serve(stream)),
                Err(_) => return,
            }
        });
    }
%end
%if processes
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) }; // the kernel reaps the children: no zombies (POSIX.1-2001)
%end
    loop {
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue, // gone again before we came
            Err(error) => return Err(error),
        };
%if iterative
        report(serve(stream)); // until it has left, everybody else waits in the queue of listen
%end
%if threads
        thread::spawn(|| report(serve(stream)));
%end
%if thread-pool
        if give.send(stream).is_err() {
            return Ok(());
        }
%end
%if processes
        match unsafe { libc::fork() } {
            -1 => return Err(io::Error::last_os_error()),
            0 => {
                drop(listener); // the child's copy of the descriptor
                report(serve(stream));
                return Ok(());
            }
            _ => drop(stream), // the parent's copy: the connection ends only when both are closed
        }
%end
%if paced
        thread::sleep(ACCEPT_PAUSE);
%end
    }
}
