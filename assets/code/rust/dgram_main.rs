%if blocking !stuck

fn main() -> io::Result<()> {
    let mut server = Server { {{SERVER_FIELDS}} };
    let mut data = vec![0; RECV_SIZE];
    loop {
        let (length, from) = match server.listener.recv_from(&mut data) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        server.on_datagram(&data[..length], &from);
%if slow-reader
        thread::sleep(PAUSE);
%end
    }
}
%end
%if loop !stuck

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
    let mut data = vec![0; RECV_SIZE];
    loop {
        server.wait({{TIMEOUT}})?;
        loop {
            let (length, from) = match server.listener.recv_from(&mut data) {
                Ok(received) => received,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break, // nothing is there (any more)
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            server.on_datagram(&data[..length], &from);
%if slow-reader
            thread::sleep(PAUSE); // it is the only socket, so nobody else waits
%end
        }
%if later
        server.say_what_is_due();
%end
    }
}
%end
%if async

// --- model: {{MODEL_TITLE}} {{RULE}}
%if stuck

fn main() -> io::Result<()> {
    let socket = open_socket()?;
    let runtime = tokio::runtime::Builder::{{RUNTIME}}.enable_all().build()?;
    runtime.block_on(async {
        let _unread = socket; // never reads: datagrams wait in the kernel until its buffer is full, then they are lost
        std::future::pending().await
    })
}
%else

struct Server {
    socket: {{ASYNC_SOCKET}},
%if list-echo
    rests: HashMap<String, Vec<u8>>, // what no delimiter has ended yet
%end
%if chat
    members: HashMap<String, Peer>,
%end
%if half-closer
    parted: HashSet<String>,
%end
}

fn main() -> io::Result<()> {
    let socket = open_socket()?;
    socket.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::{{RUNTIME}}.enable_all().build()?;
    runtime.block_on(async {
%if inet
        let socket = {{MAKE_SOCKET}};
%else
        // Tokio's own Unix sockets send to paths alone: this one only waits.
        let waits = tokio::net::UnixDatagram::from_std(socket.try_clone()?)?;
%end
        let mut server = Server { {{SERVER_FIELDS}} };
        let mut data = vec![0; RECV_SIZE];
        loop {
%if inet
            let (length, from) = server.socket.recv_from(&mut data).await?;
%else
            let (length, from) = waits.async_io(Interest::READABLE, || server.socket.recv_from(&mut data)).await?;
%end
            server.on_datagram(&data[..length], &from);
%if slow-reader
            tokio::time::sleep(PAUSE).await;
%end
        }
    })
}
%end
%end
