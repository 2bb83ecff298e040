
impl Server {
    /// Whether somebody was there.
    fn accept_client(&mut self) -> io::Result<bool> {
        let (stream, {{PEER_IF_NAMED}}) = match self.listener.accept() {
            Ok(accepted) => accepted,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false), // nobody
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => return Ok(false), // gone again before we came
            Err(error) => return Err(error),
        };
%if stuck
        self.unread.push(stream); // what it sends stays in the kernel until its buffers are full
        Ok(true)
%else
        stream.set_nonblocking(true)?;
%if nodelay
        stream.set_nodelay(true)?; // small segments leave at once
%end
        let fd = stream.as_raw_fd();
%if select
        if fd as usize >= libc::FD_SETSIZE {
            eprintln!("descriptor {fd} is beyond what select takes: client turned away");
            return Ok(true);
        }
%end
%if named inet
        let name = peer.to_string();
%end
%if named unix
        let name = format!("client {fd}");
%end
        {{LET_CLIENT}} = Client { {{FIELDS}} };
%if epoll-lt|epoll-et
%if epoll-et
        // Edge-triggered: told once for each change, so both are asked for once, and who is told goes on until EAGAIN.
%end
        self.control(libc::EPOLL_CTL_ADD, fd, {{FIRST_EVENTS}})?; // closing it takes it off the list
%end
%if sigio
        send_signals(fd)?;
%end
%if opens
        let opened = on_open(&mut client);
%end
%if endless
        let opened = on_room(&mut client);
%end
        self.clients.insert(fd, client);
%if opens|endless
        self.settle(fd, opened)?;
%end
%if sigio
        self.on_ready(fd)?; // what came before the signals were on, no signal tells
%end
        Ok(true)
%end
    }
%if clients

    fn on_ready(&mut self, fd: RawFd) -> io::Result<()> {
        let Some(client) = self.clients.get_mut(&fd) else { return Ok(()) }; // it was dropped since
%if pauses
        if client.due.is_some() {
%if epoll-lt
            // Nothing was asked for, so only EPOLLHUP or EPOLLERR can be told: the peer is gone.
            self.clients.remove(&fd);
%end
            return Ok(());
        }
%end
        let result = client.on_ready();
        self.settle(fd, result)
    }

    /// After each turn of a client: it is over, or something else is waited for.
    fn settle(&mut self, fd: RawFd, turn: io::Result<()>) -> io::Result<()> {
        let Some(client) = self.clients.get_mut(&fd) else { return Ok(()) };
        if let Err(error) = turn {
            eprintln!("connection lost: {error}"); // it ends this client alone
            client.is_leaving = true;
            client.out.clear();
%if pauses
            client.due = None;
%end
        }
%if chat
        if client.is_leaving && client.out.is_empty() {
            client.tell_others(b"left");
        }
        let words = mem::take(&mut client.for_others);
        for (_, member) in self.clients.iter_mut().filter(|(member, _)| **member != fd && !words.is_empty()) {
            member.post(&words);
        }
        self.clients.retain(|_, client| !client.is_leaving || !client.out.is_empty()); // dropping it closes its socket
%if kernel_list
        for (member, client) in &self.clients {
            let wanted = if client.out.is_empty() { libc::EPOLLIN } else { libc::EPOLLOUT };
            self.control(libc::EPOLL_CTL_MOD, *member, wanted)?;
        }
%end
%else
        if client.is_leaving && client.out.is_empty(){{AWAKE_OF_CLIENT}} {
            self.clients.remove(&fd); // dropping it closes its socket
            return Ok(());
        }
%if kernel_list
        // Level-triggered: whoever is ready is told of again and again, so nothing is asked for that is not wanted now.
        let wanted = if client.out.is_empty() { libc::EPOLLIN } else { libc::EPOLLOUT };
%if pauses
        let wanted = if client.due.is_some() { 0 } else { wanted };
%end
        self.control(libc::EPOLL_CTL_MOD, fd, wanted)?;
%end
%end
        Ok(())
    }
%end
%if pauses clients

    /// How long the wait may last: until the first pause is over.
    fn next_due(&self) -> Option<Duration> {
        let first = self.clients.values().filter_map(|client| client.due).min()?;
        Some(first.saturating_duration_since(Instant::now()))
    }

    fn end_pauses(&mut self) -> io::Result<()> {
        let now = Instant::now();
        let over = |client: &Client| client.due.is_some_and(|due| due <= now);
        let ended: Vec<RawFd> = self.clients.iter().filter(|(_, client)| over(client)).map(|(fd, _)| *fd).collect();
        for fd in ended {
            if let Some(client) = self.clients.get_mut(&fd) {
                client.due = None;
%if edge
                let result = client.on_ready(); // what came meanwhile was told of then, and never again
%else
                let result = client.flush();
%end
                self.settle(fd, result)?;
            }
        }
        Ok(())
    }
%end
}

fn main() -> io::Result<()> {
    let listener = open_socket()?;
    listener.set_nonblocking(true)?;
%if epoll-lt|epoll-et
    let epoll = unsafe { libc::epoll_create1(0) };
    if epoll < 0 {
        return Err(io::Error::last_os_error());
    }
    let epoll = unsafe { OwnedFd::from_raw_fd(epoll) };
%end
%if sigio
    // Blocked, the signal waits until it is asked for instead of interrupting.
    unsafe { libc::sigprocmask(libc::SIG_BLOCK, &io_signal(), ptr::null_mut()) };
    send_signals(listener.as_raw_fd())?;
    unsafe { libc::raise(libc::SIGIO) }; // what came before tells no signal: one of our own begins the first round
%end
    let mut server = Server { {{SERVER_FIELDS}} };
%if epoll-lt|epoll-et
    server.control(libc::EPOLL_CTL_ADD, server.listener.as_raw_fd(), {{SERVER_EVENTS}})?;
%end
    loop {
        for fd in server.wait({{TIMEOUT}})? {
            if fd == server.listener.as_raw_fd() {
%if edge !accept_once
                while server.accept_client()? {} // one event may stand for several clients
%else
                server.accept_client()?;
%end
%if clients
            } else {
                server.on_ready(fd)?;
%end
            }
        }
%if pauses clients
        server.end_pauses()?;
%end
    }
}
