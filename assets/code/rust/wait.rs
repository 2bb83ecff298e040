
impl Server {
%if select
    /// Sleeps until some sockets are ready, and says which. The sets are made anew each time.
    fn wait(&self{{TIMEOUT_PARAM}}) -> io::Result<Vec<RawFd>> {
        let mut readable: libc::fd_set = unsafe { mem::zeroed() };
        let mut writable: libc::fd_set = unsafe { mem::zeroed() };
        let mut all = vec![self.listener.as_raw_fd()];
        unsafe { libc::FD_SET(all[0], &mut readable) };
%if clients
        for (&fd, {{CLIENT_IF_ASKED}}) in &self.clients {
%if pauses
            if client.due.is_some() {
                continue;
            }
%end
%if endless
            let set = &mut writable;
%else
            let set = if client.out.is_empty() { &mut readable } else { &mut writable };
%end
            unsafe { libc::FD_SET(fd, set) };
            all.push(fd);
        }
%end
        let top = all.iter().max().map_or(0, |fd| fd + 1);
%if timed
        let mut time = timeout.map(|time| libc::timeval { tv_sec: time.as_secs() as _, tv_usec: time.subsec_micros() as _ });
        let time = time.as_mut().map_or(ptr::null_mut(), |time| &raw mut *time);
%else
        let time = ptr::null_mut();
%end
        if unsafe { libc::select(top, &mut readable, &mut writable, ptr::null_mut(), time) } < 0 {
            return interrupted();
        }
        all.retain(|&fd| unsafe { libc::FD_ISSET(fd, &readable) || libc::FD_ISSET(fd, &writable) });
        Ok(all)
    }
%end
%if poll
    /// Sleeps until some sockets are ready, and says which. The list is made anew each time.
    fn wait(&self{{TIMEOUT_PARAM}}) -> io::Result<Vec<RawFd>> {
        let mut list = vec![libc::pollfd { fd: self.listener.as_raw_fd(), events: libc::POLLIN, revents: 0 }];
%if clients
        for (&fd, {{CLIENT_IF_ASKED}}) in &self.clients {
%if pauses
            if client.due.is_some() {
                continue;
            }
%end
%if endless
            let events = libc::POLLOUT;
%else
            let events = if client.out.is_empty() { libc::POLLIN } else { libc::POLLOUT };
%end
            list.push(libc::pollfd { fd, events, revents: 0 });
        }
%end
        if unsafe { libc::poll(list.as_mut_ptr(), list.len() as libc::nfds_t, {{TIMEOUT_MS}}) } < 0 {
            return interrupted();
        }
        Ok(list.iter().filter(|asked| asked.revents != 0).map(|asked| asked.fd).collect())
    }
%end
%if epoll-lt|epoll-et
    fn control(&self, operation: i32, fd: RawFd, events: i32) -> io::Result<()> {
        let mut event = libc::epoll_event { events: events as u32, u64: fd as u64 };
        let done = unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), operation, fd, &mut event) };
        if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Sleeps until some sockets are ready, and says which: these alone.
    fn wait(&self{{TIMEOUT_PARAM}}) -> io::Result<Vec<RawFd>> {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; 64];
        let count = unsafe { libc::epoll_wait(self.epoll.as_raw_fd(), events.as_mut_ptr(), 64, {{TIMEOUT_MS}}) };
        if count < 0 {
            return interrupted();
        }
        Ok(events[..count as usize].iter().map(|event| event.u64 as RawFd).collect())
    }
%end
%if sigio
    /// Sleeps until a signal comes. It does not say which socket, and several count as one: all are asked until EAGAIN.
    fn wait(&self{{TIMEOUT_PARAM}}) -> io::Result<Vec<RawFd>> {
        let signals = io_signal();
%if timed
        match timeout {
            None => unsafe { libc::sigwaitinfo(&signals, ptr::null_mut()) },
            Some(time) => {
                let time = libc::timespec { tv_sec: time.as_secs() as _, tv_nsec: time.subsec_nanos().into() };
                unsafe { libc::sigtimedwait(&signals, ptr::null_mut(), &time) }
            }
        };
%else
        unsafe { libc::sigwaitinfo(&signals, ptr::null_mut()) };
%end
        Ok(self.all())
    }
%end
%if busy-poll
    /// Never sleeps: all sockets may be ready, and each call answers at once, mostly with EAGAIN. It costs a whole core.
    fn wait(&self{{TIMEOUT_UNUSED}}) -> io::Result<Vec<RawFd>> {
%if busy_pause
        thread::sleep(BUSY_PAUSE);
%end
        Ok(self.all())
    }
%end
%if busy-poll|sigio

    fn all(&self) -> Vec<RawFd> {
        let server = [self.listener.as_raw_fd()].into_iter();
%if clients
        server.chain(self.clients.keys().copied()).collect()
%else
        server.collect()
%end
    }
%end
}
%if select|poll|epoll-lt|epoll-et

/// A signal ends a wait early; that is no failure (EINTR).
fn interrupted() -> io::Result<Vec<RawFd>> {
    let error = io::Error::last_os_error();
    if error.kind() == io::ErrorKind::Interrupted { Ok(Vec::new()) } else { Err(error) }
}
%end
%if timed poll|epoll-lt|epoll-et

/// Rounded up, so that the wait does not end a moment too early again and again.
fn millis(timeout: Option<Duration>) -> i32 {
    timeout.map_or(-1, |time| time.as_micros().div_ceil(1000) as i32)
}
%end
%if sigio

fn io_signal() -> libc::sigset_t {
    let mut signals: libc::sigset_t = unsafe { mem::zeroed() };
    unsafe { libc::sigemptyset(&mut signals) };
    unsafe { libc::sigaddset(&mut signals, libc::SIGIO) };
    signals
}

/// From now on each change on this socket sends SIGIO to this process (fcntl(2), O_ASYNC).
fn send_signals(fd: RawFd) -> io::Result<()> {
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    let owned = unsafe { libc::fcntl(fd, libc::F_SETOWN, libc::getpid()) };
    let set = unsafe { libc::fcntl(fd, libc::F_SETFL, flags | libc::O_ASYNC) };
    if owned < 0 || set < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
%end
