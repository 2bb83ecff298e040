
// --- model: {{MODEL_TITLE}} {{RULE}}
%if stuck

fn main() -> io::Result<()> {
    let _unread = open_socket()?; // never reads: datagrams wait in the kernel until its buffer is full, then they are lost
    loop {
        thread::park();
    }
}
%else

struct Server {
    listener: {{LISTENER}},
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
%end
