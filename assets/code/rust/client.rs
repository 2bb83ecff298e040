//! {{TITLE}}
//!
%if not_shown
//! Not in this program: {{NOT_SHOWN}}.
//!
%end
//! Build and run it with: {{BUILD}}

{{USES}}
%if inet
const ADDRESS: (&str, u16) = ({{HOST}}, {{PORT}});
%else
const PATH: &str = {{PATH}};
%end
%if local inet
const LOCAL: (&str, u16) = ({{LOCAL_HOST}}, {{LOCAL_PORT}});
%end
%if local unix
const LOCAL: &str = {{LOCAL_PATH}};
%end
%if from_file
const MESSAGE_FILE: &str = {{MESSAGE}};
%else
const MESSAGE: &[u8] = {{MESSAGE}};
%end
%if many
const TIMES: u32 = {{TIMES}};
%end
%if paused
const EVERY: Duration = Duration::from_millis({{EVERY}});
%end
const CONNECTIONS: usize = {{CONNECTIONS}};
%if open_every
const OPEN_EVERY: Duration = Duration::from_millis({{OPEN_EVERY}});
%end
%if limited
const CONNECT_LIMIT: Duration = Duration::from_millis({{CONNECT_LIMIT}});
%end
const RECV_SIZE: usize = {{RECV_SIZE}}; // the most that one recv may return
%if delimiter
const FRAME_END: &[u8] = {{FRAME_END}};
%end
%if fixed
const FRAME_SIZE: usize = {{FRAME_SIZE}};
%end
%if length
const HEADER_SIZE: usize = {{HEADER_SIZE}};
%end

fn open_connection({{NUMBER}}: usize) -> io::Result<{{STREAM}}> {
%if tcp
%if limited
    let address = ADDRESS.to_socket_addrs()?.next().ok_or(io::ErrorKind::NotFound)?;
    let socket = TcpStream::connect_timeout(&address, CONNECT_LIMIT)?;
%else
    let socket = TcpStream::connect(ADDRESS)?;
%end
%if nodelay
    socket.set_nodelay(true)?; // small segments leave at once
%end
%end
%if udp
%if local
    let socket = UdpSocket::bind(LOCAL)?;
%else
    let socket = UdpSocket::bind({{ANY}})?; // any address, any port
%end
%if broadcast
    socket.set_broadcast(true)?; // without it a send to a broadcast address is refused
%end
    socket.connect(ADDRESS)?; // only for this peer's datagrams; nothing is sent yet
%end
%if unix-stream
%if abstract
    let socket = UnixStream::connect_addr(&SocketAddr::from_abstract_name(&PATH[1..])?)?;
%else
    let socket = UnixStream::connect(PATH)?;
%end
%end
%if unix-dgram
%if local
    let socket = UnixDatagram::bind(LOCAL)?;
%else
    // Without a name the server could not answer; an abstract one leaves no file (unix(7)).
    let name = format!("client {} of {}", number, process::id());
    let socket = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name)?)?;
%end
%if abstract
    socket.connect_addr(&SocketAddr::from_abstract_name(&PATH[1..])?)?;
%else
    socket.connect(PATH)?;
%end
%end
    Ok(socket)
}

/// Prints what comes, until the server ends its side.
fn receive(number: usize, {{MUT_SOCKET}}: {{STREAM}}) -> io::Result<()> {
    let mut data = vec![0; RECV_SIZE];
%if framed stream
    let mut unread: Vec<u8> = Vec::new();
%end
    loop {
        let length = match socket.{{RECV}}(&mut data) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?, // such as ECONNRESET
        };
%if stream
        if length == 0 {
%if until_close
            println!("{number}: {}", unread.escape_ascii());
%end
            println!("{number}: the server ended its side");
            return Ok(());
        }
%end
%if framed stream
        // One recv may bring several messages, or a part of one. What is unfinished is kept.
        unread.extend_from_slice(&data[..length]);
%if fixed
        while unread.len() >= FRAME_SIZE {
            let message: Vec<u8> = unread.drain(..FRAME_SIZE).collect();
            println!("{number}: {}", message.escape_ascii());
        }
%end
%if delimiter
        while let Some(at) = unread.windows(FRAME_END.len()).position(|part| part == FRAME_END) {
            let message: Vec<u8> = unread.drain(..at + FRAME_END.len()).collect();
            println!("{number}: {}", message[..at].escape_ascii());
        }
%end
%if length
        while unread.len() >= HEADER_SIZE {
            let mut header = [0; 8];
            header[{{HEADER_RANGE}}].copy_from_slice(&unread[..HEADER_SIZE]);
            let length = u64::from_{{ORDER}}_bytes(header).wrapping_sub({{HEADER_SELF}});
            let Some(end) = usize::try_from(length).ok().and_then(|length| length.checked_add(HEADER_SIZE)) else {
                return Err(io::ErrorKind::InvalidData.into());
            };
            if unread.len() < end {
                break;
            }
            let message: Vec<u8> = unread.drain(..end).collect();
            println!("{number}: {}", message[HEADER_SIZE..].escape_ascii());
        }
%end
%else
        println!("{number}: {}", data[..length].escape_ascii());
%end
    }
}

/// One connection: this thread sends, another one receives meanwhile.
fn talk(number: usize) -> io::Result<()> {
    let {{MUT_SENDER}} = open_connection(number)?;
    let copy = socket.try_clone()?;
    let receiver = thread::spawn(move || report(number, receive(number, copy)));
%if from_file
    let message = fs::read(MESSAGE_FILE)?;
    let message = message.as_slice();
%else
    let message = MESSAGE;
%end
%if once
    socket.{{SEND}}(message)?;
%end
%if many
    for _ in 0..TIMES {
        socket.{{SEND}}(message)?;
%if paused
        thread::sleep(EVERY);
%end
    }
%end
%if forever
    loop {
        socket.{{SEND}}(message)?;
%if paused
        thread::sleep(EVERY);
%end
        if receiver.is_finished() {
            return Ok(());
        }
    }
%else
    receiver.join().expect("the receiver does not panic");
    Ok(())
%end
}

fn report(number: usize, result: io::Result<()>) {
    if let Err(error) = result {
        eprintln!("{number}: {error}");
    }
}

fn main() {
    let mut threads = Vec::new();
    for number in 0..CONNECTIONS {
        threads.push(thread::spawn(move || report(number, talk(number))));
%if open_every
        thread::sleep(OPEN_EVERY);
%end
    }
    for thread in threads {
        thread.join().expect("no thread panics");
    }
}
