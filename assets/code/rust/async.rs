
// --- model: {{MODEL_TITLE}} {{RULE}}
%if !stuck
%if chat

static MEMBERS: Mutex<Vec<(RawFd, mpsc::Sender<Vec<u8>>)>> = Mutex::new(Vec::new());
%end

/// One connection.
struct Client {
%if says !chat
    out: Vec<u8>, // said, and not yet sent
%end
%if hears
    is_leaving: bool,
%end
%if half_closing
    is_half_closing: bool,
%end
%if resets|chat
    fd: RawFd,
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

%if says|leaves|half_closing|resets|chat
impl Client {
%if says !chat
    fn say(&mut self, data: &[u8]) -> io::Result<()> {
        self.out.extend_from_slice(data);
        Ok(())
    }

%end
%if leaves
    fn leave(&mut self) {
        self.is_leaving = true;
    }

%end
%if half_closing
    fn half_close(&mut self) -> io::Result<()> {
        self.is_half_closing = true;
        Ok(())
    }

%end
%if resets
    fn reset(&mut self) -> io::Result<()> {
%if hears
        self.is_leaving = true;
%end
        reset_at_close(&self.fd)
    }

%end
%if chat
    /// Nobody waits for a member that does not read: when its channel is full, it is thrown out.
    fn tell_others(&mut self, words: &[u8]) {
        let line = [b"[", self.name.as_bytes(), b"] ", words, b"\n"].concat();
        MEMBERS.lock().unwrap().retain(|(fd, member)| *fd == self.fd || member.try_send({{TO_VEC}}).is_ok());
    }

%end
}
%end
%end

/// One connection, as if it were alone. At each await the thread goes on with other tasks.
async fn serve({{MUT_STREAM}}: tokio::net::{{STREAM}}) -> io::Result<()> {
%if stuck
    let _unread = stream; // never reads: what the peer sends stays in the kernel until its buffers are full
    std::future::pending().await
%else
%if nodelay
    stream.set_nodelay(true)?; // small segments leave at once
%end
%if named inet
    let name = stream.peer_addr()?.to_string();
%end
%if named unix
    let name = format!("client {}", stream.as_raw_fd());
%end
    let mut client = Client { {{FIELDS}} };
%if chat
    let (mut reader, mut writer) = stream.into_split();
    let (give, mut take) = mpsc::channel::<Vec<u8>>(256);
    MEMBERS.lock().unwrap().push((client.fd, give));
    tokio::spawn(async move {
        while let Some(line) = take.recv().await {
            if writer.write_all(&line).await.is_err() {
                return;
            }
        }
    });
    let talked = talk(&mut client, &mut reader).await;
    MEMBERS.lock().unwrap().retain(|(fd, _)| *fd != client.fd);
    client.tell_others(b"left");
    talked
}

async fn talk(client: &mut Client, reader: &mut {{OWNED_HALF}}) -> io::Result<()> {
    on_open(client)?;
    let mut data = vec![0; RECV_SIZE];
    while !client.is_leaving {
        let length = reader.read(&mut data).await?;
        if length == 0 {
            break; // the peer ended its side
        }
        {{HEAR}}(client, &data[..length])?;
    }
    Ok(())
%else
%if opens
    on_open(&mut client)?;
%if says|half_closing
    send(&mut stream, &mut client).await?;
%end
%end
%if endless
    loop {
        on_room(&mut client)?;
        send(&mut stream, &mut client).await?;
    }
%end
%if hears
    let mut data = vec![0; RECV_SIZE];
    while !client.is_leaving {
        let length = stream.read(&mut data).await?;
        if length == 0 {
%if until_close
            on_end(&mut client)?;
%if says|half_closing
            send(&mut stream, &mut client).await?;
%end
%end
            break; // the peer ended its side
        }
%if pauses
        tokio::time::sleep(PAUSE).await;
%end
        {{HEAR}}(&mut client, &data[..length])?;
%if says|half_closing
        send(&mut stream, &mut client).await?;
%end
    }
%end
%if !endless
    Ok(())
%end
%end
%end
}
%if !stuck !chat

%if says|half_closing
async fn send(stream: &mut tokio::net::{{STREAM}}, client: &mut Client) -> io::Result<()> {
%if says
    stream.write_all(&client.out).await?;
    client.out.clear();
%end
%if half_closing
    if mem::take(&mut client.is_half_closing) {
        stream.shutdown().await?; // FIN: the peer's recv returns 0, and it may still send
    }
%end
    Ok(())
}
%end
%end

fn main() -> io::Result<()> {
    let listener = open_socket()?;
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::{{RUNTIME}}.enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::{{LISTENER}}::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(async {
                if let Err(error) = serve(stream).await {
                    eprintln!("connection lost: {error}");
                }
            });
        }
    })
}
