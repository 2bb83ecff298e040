//! The values of a server's program, as each language writes them.

use super::facts::{model_number, number, text};
use super::template::Facts;
use super::{Language, literal};
use crate::bytes::{ByteOrder, Framing};
use crate::lab::{Address, Server, Transport};

/// What one receive takes at most where nothing is set.
const USUAL_RECV: u64 = 65_536;

/// Puts the values of a server in.
pub(super) fn of_server(server: &Server, language: Language, facts: &mut Facts) {
    address(&server.address, language, facts);
    facts.value("BACKLOG", server.backlog);
    facts.value("DEFER", server.life.defer_accept_s);
    facts.value("RECV_SIZE", recv_size(server, facts));
    facts.value("WORKERS", model_number(server, "workers", 4));
    facts.value("QUEUE", model_number(server, "queue", 64));
    let ms = |ms: u64| if language == Language::Python { literal::seconds(ms) } else { ms.to_string() };
    facts.value("IDLE", ms(server.life.idle_timeout_ms));
    facts.value("ACCEPT_PAUSE", ms(server.life.accept_pace.pause().map_or(0, |pause| pause.as_millis() as u64)));
    let (id, set) = (server.service.as_str(), &server.service_settings);
    facts.value("PAUSE", ms(number(id, set, if id == "slow-reader" { "every_ms" } else { "delay_ms" })));
    let busy_us = model_number(server, "pause_us", 0);
    facts.value("BUSY_PAUSE", if language == Language::Python { format!("{:?}", busy_us as f64 / 1e6) } else { busy_us.to_string() });
    facts.value("MAX_ITEM", number(id, set, if id == "chat" { "max_line" } else { "max_item" }));
    for (name, setting) in [("DELIMITER", "delimiter"), ("GREETING", "greeting"), ("GOODBYE", "goodbye"), ("WORD", "fail_on")] {
        facts.value(name, literal::bytes(language, &text(id, set, setting)));
    }
    framing(&server.messages.framing, language, facts);
    transport(server.transport, language, facts);
    let threads = model_number(server, "threads", 1);
    let many = format!("new_multi_thread().worker_threads({threads})");
    facts.value("RUNTIME", if threads > 1 { many } else { "new_current_thread()".to_owned() });
    facts.value("HEAR", if facts.has("cuts") { "on_chunk" } else { "on_bytes" });
    facts.value("WHILE", if facts.has("edge") && !facts.has("read_once") { "while" } else { "if" });
    facts.value("SAY_HELLO", if facts.has("pauses") { "say_later" } else { "say" });
    let is_framed = frames(facts);
    facts.flag_if("frames", is_framed);
    match language {
        Language::Python => python(facts),
        Language::C => c(facts),
        Language::Rust => rust(facts),
    }
}

/// Whether what it says is not what goes out.
fn frames(facts: &Facts) -> bool {
    facts.has("framed") && facts.has("says") && !facts.has("fixed") && !facts.has("until_close")
}

fn recv_size(server: &Server, facts: &Facts) -> u64 {
    match (server.service.as_str(), server.messages.wire.recv_bytes) {
        ("slow-reader", _) if facts.has("stream") => number("slow-reader", &server.service_settings, "bytes"),
        (_, 0) if facts.has("epoll-et") && facts.has("stream") => model_number(server, "read_bytes", USUAL_RECV),
        (_, 0) => USUAL_RECV,
        (_, bytes) => bytes.into(),
    }
}

/// Host and port, or path; where a server binds. Nothing typed means every address.
pub(super) fn address(address: &Address, language: Language, facts: &mut Facts) {
    match address {
        Address::Inet { host, port } => {
            facts.value("HOST", literal::text(language, if host.is_empty() { "0.0.0.0" } else { host }));
            facts.value("PORT", port);
        }
        Address::Path(path) => {
            let shown = match (path.strip_prefix('@'), language) {
                // The abstract name space: the address begins with a zero byte (unix(7)).
                (Some(name), Language::Python) => literal::text(language, &format!("\0{name}")),
                (Some(name), Language::C) => literal::bytes(language, format!("\0{name}").as_bytes()),
                (_, Language::Python | Language::C | Language::Rust) => literal::text(language, path),
            };
            facts.value("PATH", shown);
            facts.value("SKIP_NUL", if path.starts_with('@') { " + 1" } else { "" });
        }
    }
}

/// What kinds of sockets are called.
pub(super) fn transport(transport: Transport, language: Language, facts: &mut Facts) {
    let kind = if transport.is_stream() { "SOCK_STREAM" } else { "SOCK_DGRAM" };
    facts.value("KIND", if language == Language::Python { format!("socket.{kind}") } else { kind.to_owned() });
    let (listener, stream) = match transport {
        Transport::Tcp => ("TcpListener", "TcpStream"),
        Transport::Udp => ("UdpSocket", "UdpSocket"),
        Transport::UnixStream => ("UnixListener", "UnixStream"),
        Transport::UnixDgram => ("UnixDatagram", "UnixDatagram"),
    };
    facts.value("LISTENER", listener);
    facts.value("STREAM", stream);
    facts.value("OWNED_HALF", format!("tokio::net::{}::OwnedReadHalf", if transport.is_unix() { "unix" } else { "tcp" }));
}

/// Sizes, delimiter and header.
pub(super) fn framing(framing: &Framing, language: Language, facts: &mut Facts) {
    match framing {
        Framing::Raw => {}
        Framing::Fixed { size } => facts.value("FRAME_SIZE", size),
        Framing::Delimiter { bytes, most } => {
            facts.value("FRAME_END", literal::bytes(language, bytes));
            facts.value("MAX_FRAME", most);
        }
        Framing::UntilClose { most } => facts.value("MAX_FRAME", most),
        Framing::Length { header, most } => {
            let (width, is_big) = (header.width, header.order == ByteOrder::Big);
            facts.value("MAX_FRAME", most);
            facts.value("HEADER_SIZE", width);
            facts.value("HEADER_SELF", if header.counts_itself { "HEADER_SIZE" } else { "0" });
            let of_itself = |sign: &str| if header.counts_itself { format!(" {sign} HEADER_SIZE") } else { String::new() };
            let cast = if language == Language::Rust { " as u64" } else { "" };
            facts.value("PLUS_HEADER", if header.counts_itself { of_itself("+") + cast } else { String::new() });
            facts.value("MINUS_HEADER", of_itself("-"));
            facts.value("HEADER_INDEX", if is_big { "HEADER_SIZE - 1 - i" } else { "i" });
            facts.value("READ_INDEX", if is_big { "i" } else { "HEADER_SIZE - 1 - i" });
            facts.value("HEADER_RANGE", if is_big { "8 - HEADER_SIZE.." } else { "..HEADER_SIZE" });
            if language == Language::Rust {
                facts.value("ORDER", if is_big { "be" } else { "le" });
                facts.value("HEADER_SELF", if header.counts_itself { "HEADER_SIZE as u64" } else { "0" });
            } else {
                facts.value("ORDER", if is_big { "big" } else { "little" });
            }
        }
    }
}

fn python(facts: &mut Facts) {
    let is_framed = facts.has("frames");
    facts.value("(", if is_framed { "framed(" } else { "" });
    facts.value(")", if is_framed { ")" } else { "" });
    let (awake, is_timed) = (if facts.has("pauses") { " and not client.due" } else { "" }, facts.has("timed"));
    facts.value("AWAKE", awake);
    facts.value("AWAKE_OF_CLIENT", awake);
    let when = |timed: &'static str| if is_timed { timed } else { "" };
    facts.value("WAIT_PARAM", when("timeout"));
    facts.value("WAIT_UNUSED", when("_timeout"));
    facts.value("TIMEOUT_ARG", when(", timeout"));
    facts.value("TIMEOUT", when("next_due()"));
    facts.value("FIRST_INTEREST", if facts.has("endless") { "EPOLLOUT" } else { "EPOLLIN" });
    facts.value("WHILE_TRUE", "while True:");
    facts.value("DGRAM_EMPTY", "break");
    let fd = if facts.has("async") { "writer.get_extra_info('socket').fileno()" } else { "sock.fileno()" };
    let of_inet = |peer: &str| format!("f\"{{{peer}[0]}}:{{{peer}[1]}}\"");
    facts.value("NAME", if facts.has("inet") { of_inet("peer") } else { format!("f\"client {{{fd}}}\"") });
    let is_told = facts.has("named") && facts.has("inet");
    facts.value("PEER_VAR", if is_told { "peer" } else { "_" });
    facts.value("PEER_ARG", if is_told { ", peer" } else { "" });
    facts.value("SERVE_ARGS", if is_told { "sock, peer" } else { "sock," });
    facts.value("PEER", if facts.has("inet") { "{peer[0]}:{peer[1]}" } else { "{peer}" });
}

fn c(facts: &mut Facts) {
    let (is_framed, is_timed, endless) = (facts.has("frames"), facts.has("timed"), facts.has("endless"));
    facts.value("SAY", if is_framed { "say_message" } else { "say" });
    facts.value("POST", if is_framed { "post_message" } else { "post" });
    let is_chat = facts.has("chat");
    facts.value("FRAMED_NAME", if is_chat { "post_message" } else { "say_message" });
    facts.value("RAW_SAY", if is_chat { "post" } else { "say" });
    let pausing = |words: &'static str| if is_timed { words } else { "" };
    facts.value("OR_PAUSED", pausing(" || clients[fd]->due != 0"));
    facts.value("AND_NOT_PAUSED", pausing(" && clients[fd]->due == 0"));
    facts.value("AWAKE", pausing(" && client->due == 0"));
    facts.value("OR_IN_PAUSE", pausing(" || client->due != 0"));
    facts.value("TIMEOUT_PARAM", pausing(", int timeout_ms"));
    facts.value("TIMEOUT_ARG", pausing(", next_due()"));
    facts.value("TIMEOUT_MS", if is_timed { "timeout_ms" } else { "-1" });
    facts.value("BREAK", "return;");
    let is_edge = facts.has("epoll-et");
    facts.value("SERVER_EVENTS", if is_edge { "EPOLLIN | EPOLLET" } else { "EPOLLIN" });
    facts.value("FIRST_EVENTS", first_events(is_edge, endless, ""));
    facts.value("MAX_FD", if facts.has("select") { "FD_SETSIZE" } else { "4096" });
    facts.value("READY_SIZE", if facts.has("clients") { "MAX_FD + 1" } else { "64" });
    let pauses = facts.has("pauses");
    let sleeps = pauses && (facts.has("blocking") || facts.has("dgram") && facts.has("slow-reader"));
    facts.flag_if("pause_fn", sleeps || facts.has("paced") || facts.has("busy_pause"));
    let keeps = facts.has("rest") || facts.has("cuts") || facts.has("dgram") && facts.has("list-echo");
    let appends = keeps || facts.has("frames") || facts.has("clients") && facts.has("says");
    let takes = facts.has("clients") || keeps && (facts.has("rest") || !facts.has("until_close"));
    facts.flag_if("appends", appends);
    facts.flag_if("takes", takes);
    facts.flag_if("buffers", appends || takes);
}

fn rust(facts: &mut Facts) {
    let (is_framed, is_timed) = (facts.has("frames"), facts.has("timed"));
    for open in ["(", "&("] {
        facts.value(open, if is_framed { "&framed(" } else { "" });
    }
    facts.value(")", if is_framed { ")" } else { "" });
    facts.value("TO_VEC", if is_framed { "framed(&line)" } else { "line.clone()" });
    let thrown_away = ["discard", "slow-reader", "half-closer", "resetter"].iter().any(|name| facts.has(name))
        || facts.has("dgram") && (facts.has("daytime") || facts.has("chargen"));
    facts.value("DATA", if thrown_away { "_data" } else { "data" });
    let is_mute = ["discard", "slow-reader", "resetter"].iter().any(|name| facts.has(name));
    facts.value("FROM", if is_mute { "_from" } else { "from" });
    let is_inet = facts.has("inet");
    let is_async = facts.has("async");
    datagrams_in_rust(is_inet, is_async, facts.has("says_later"), facts);
    let leaves_it_alone = facts.has("stuck") || facts.has("chat") || facts.has("once") && facts.has("resets");
    let reads_or_sends = is_async && !leaves_it_alone;
    facts.value("MUT_STREAM", if reads_or_sends { "mut stream" } else { "stream" });
    facts.value("PEER_IF_NAMED", if facts.has("named") && is_inet { "peer" } else { "_" });
    facts.value("LET_CLIENT", if facts.has("opens") || facts.has("endless") { "let mut client" } else { "let client" });
    facts.value("CLIENT_IF_ASKED", if facts.has("endless") { "_client" } else { "client" });
    let when = |words: &'static str| if is_timed { words } else { "" };
    facts.value("AWAKE", when(" && self.due.is_none()"));
    facts.value("AWAKE_OF_CLIENT", when(" && client.due.is_none()"));
    facts.value("TIMEOUT_PARAM", when(", timeout: Option<Duration>"));
    facts.value("TIMEOUT_UNUSED", when(", _timeout: Option<Duration>"));
    facts.value("TIMEOUT", when("server.next_due()"));
    facts.value("TIMEOUT_MS", if is_timed { "millis(timeout)" } else { "-1" });
    let is_edge = facts.has("epoll-et");
    facts.value("SERVER_EVENTS", if is_edge { "libc::EPOLLIN | libc::EPOLLET" } else { "libc::EPOLLIN" });
    facts.value("FIRST_EVENTS", first_events(is_edge, facts.has("endless"), "libc::"));
    facts.value("FIELDS", fields_of_client(facts));
    facts.value("SERVER_FIELDS", fields_of_server(facts));
}

/// The standard library has a function of its own for Unix addresses, and tokio none.
fn datagrams_in_rust(is_inet: bool, is_async: bool, is_shared: bool, facts: &mut Facts) {
    let (socket, make) = match (is_async, is_inet) {
        (true, true) => ("tokio::net::UdpSocket", "tokio::net::UdpSocket::from_std(socket)?"),
        (true, false) => ("UnixDatagram", "socket"),
        (false, _) => ("", ""),
    };
    // A task that answers later needs the socket too.
    facts.value("ASYNC_SOCKET", if is_shared { format!("Arc<{socket}>") } else { socket.to_owned() });
    facts.value("MAKE_SOCKET", if is_shared { format!("Arc::new({make})") } else { make.to_owned() });
    facts.value("SOCKET", if is_async { "socket" } else { "listener" });
    facts.value(
        "SEND_TO",
        if !is_inet {
            "send_to_addr"
        } else if is_async {
            "try_send_to"
        } else {
            "send_to"
        },
    );
    facts.value("TO", if is_inet && is_async { "*to" } else { "to" });
    facts.value("SEND_LATER", if is_inet { "send_to(&data, to).await" } else { "send_to_addr(&data, &to)" });
    facts.value("DISPLAYED", if is_inet { "{peer}" } else { "{peer:?}" });
}

fn first_events(is_edge: bool, endless: bool, prefix: &str) -> String {
    match (is_edge, endless) {
        (true, _) => format!("{prefix}EPOLLIN | {prefix}EPOLLOUT | {prefix}EPOLLET"),
        (false, true) => format!("{prefix}EPOLLOUT"),
        (false, false) => format!("{prefix}EPOLLIN"),
    }
}

fn fields_of_client(facts: &Facts) -> String {
    let (is_async, is_loop) = (facts.has("async"), facts.has("loop"));
    let all = [
        (!is_async, "stream"),
        (is_loop || is_async && facts.has("says") && !facts.has("chat"), "out: Vec::new()"),
        (is_loop || facts.has("hears"), "is_leaving: false"),
        (is_loop && facts.has("pauses"), "due: None"),
        (!facts.has("blocking") && facts.has("half_closing"), "is_half_closing: false"),
        (is_async && (facts.has("resets") || facts.has("chat")), "fd: stream.as_raw_fd()"),
        (facts.has("named"), "name"),
        (is_loop && facts.has("chat"), "for_others: Vec::new()"),
        (facts.has("rest"), "rest: Vec::new()"),
        (facts.has("is_done"), "is_done: false"),
        (facts.has("cuts"), "unread: Vec::new()"),
    ];
    all.iter().filter_map(|(is_there, field)| is_there.then_some(*field)).collect::<Vec<_>>().join(", ")
}

fn fields_of_server(facts: &Facts) -> String {
    let (is_stream, is_dgram) = (facts.has("stream"), facts.has("dgram"));
    let of_loop = |field| if facts.has("loop") { "listener" } else { field };
    let all = [
        (
            true,
            of_loop(match (facts.has("async"), facts.has("unix") && facts.has("says_later")) {
                (true, true) => "socket: Arc::new(socket)",
                (true, false) => "socket",
                (false, _) => "listener: open_socket()?",
            }),
        ),
        (facts.has("clients"), "clients: HashMap::new()"),
        (is_stream && facts.has("stuck"), "unread: Vec::new()"),
        (facts.has("epoll-lt") || facts.has("epoll-et"), "epoll"),
        (facts.has("later"), "later: VecDeque::new()"),
        (is_dgram && facts.has("list-echo"), "rests: HashMap::new()"),
        (is_dgram && facts.has("chat"), "members: HashMap::new()"),
        (is_dgram && facts.has("half-closer"), "parted: HashSet::new()"),
    ];
    all.iter().filter_map(|(is_there, field)| is_there.then_some(*field)).collect::<Vec<_>>().join(", ")
}
