//! Which lines of a program make which calls. Found by the names of the functions, outside comments and literals; a function of a
//! standard library may stand for several calls (`TcpListener::bind` is socket, bind and listen).

use std::ops::Range;

use super::Language;
use super::scan::code_only;
use crate::trace::Call;

type Names = &'static [(&'static str, &'static [Call])];

/// What each name stands for; a name is looked for with what stands around it, so that `recv(` is not found in `recvfrom(`.
const PYTHON: Names = &[
    ("socket.socket(", &[Call::Socket]),
    ("socket.socketpair(", &[Call::SocketPair]),
    ("getaddrinfo(", &[Call::GetAddrInfo]),
    (".bind(", &[Call::Bind]),
    (".listen(", &[Call::Listen]),
    ("asyncio.start_server(", &[Call::Listen, Call::Accept]),
    ("asyncio.start_unix_server(", &[Call::Listen, Call::Accept]),
    (".accept(", &[Call::Accept]),
    (".connect(", &[Call::Connect]),
    (".recv(", &[Call::Recv]),
    ("reader.read(", &[Call::Recv, Call::Await]),
    (".sock_recv(", &[Call::Recv, Call::Await]),
    (".recvfrom(", &[Call::RecvFrom]),
    (".datagram_received(", &[Call::RecvFrom]),
    (".sendall(", &[Call::Send]),
    (".send(", &[Call::Send]),
    ("writer.write(", &[Call::Send]),
    (".drain(", &[Call::Await]),
    ("Event().wait(", &[Call::Await]),
    (".sendto(", &[Call::SendTo]),
    (".shutdown(", &[Call::Shutdown]),
    (".write_eof(", &[Call::Shutdown]),
    (".close(", &[Call::Close]),
    ("with sock", &[Call::Close]),
    (".setsockopt(", &[Call::SetSockOpt]),
    (".setblocking(", &[Call::Fcntl]),
    ("fcntl.fcntl(", &[Call::Fcntl]),
    ("select.select(", &[Call::Select]),
    ("poller.poll(", &[Call::Poll]),
    ("select.epoll(", &[Call::EpollCreate]),
    ("epoll.register(", &[Call::EpollCtl]),
    ("epoll.modify(", &[Call::EpollCtl]),
    ("epoll.poll(", &[Call::EpollWait]),
    ("select.kqueue(", &[Call::Kqueue]),
    ("kqueue.control(", &[Call::Kevent]),
    ("signal.sigwait(", &[Call::SigWait]),
    ("signal.sigtimedwait(", &[Call::SigWait]),
    ("os.unlink(", &[Call::Unlink]),
    ("os.fork(", &[Call::Spawn]),
    ("os.waitpid(", &[Call::WaitPid]),
    ("time.sleep(", &[Call::Sleep]),
    ("asyncio.sleep(", &[Call::Sleep, Call::Await]),
];

const C: Names = &[
    (" socket(", &[Call::Socket]),
    ("(socketpair(", &[Call::SocketPair]),
    (" getaddrinfo(", &[Call::GetAddrInfo]),
    (" bind(", &[Call::Bind]),
    ("(bind(", &[Call::Bind]),
    (" listen(", &[Call::Listen]),
    ("(listen(", &[Call::Listen]),
    (" accept(", &[Call::Accept]),
    (" connect(", &[Call::Connect]),
    ("(connect(", &[Call::Connect]),
    (" recv(", &[Call::Recv]),
    (" recvfrom(", &[Call::RecvFrom]),
    (" send(", &[Call::Send]),
    ("(send(", &[Call::Send]),
    (" sendto(", &[Call::SendTo]),
    ("(sendto(", &[Call::SendTo]),
    (" shutdown(", &[Call::Shutdown]),
    (" close(", &[Call::Close]),
    (" setsockopt(", &[Call::SetSockOpt]),
    ("(setsockopt(", &[Call::SetSockOpt]),
    (" fcntl(", &[Call::Fcntl]),
    ("(fcntl(", &[Call::Fcntl]),
    (" select(", &[Call::Select]),
    ("(select(", &[Call::Select]),
    (" poll(", &[Call::Poll]),
    ("(poll(", &[Call::Poll]),
    (" epoll_create1(", &[Call::EpollCreate]),
    (" epoll_ctl(", &[Call::EpollCtl]),
    ("(epoll_ctl(", &[Call::EpollCtl]),
    (" epoll_wait(", &[Call::EpollWait]),
    (" kqueue(", &[Call::Kqueue]),
    (" kevent(", &[Call::Kevent]),
    ("(kevent(", &[Call::Kevent]),
    (" sigwaitinfo(", &[Call::SigWait]),
    ("(sigwaitinfo(", &[Call::SigWait]),
    (" sigtimedwait(", &[Call::SigWait]),
    ("(sigtimedwait(", &[Call::SigWait]),
    (" unlink(", &[Call::Unlink]),
    (" fork(", &[Call::Spawn]),
    (" waitpid(", &[Call::WaitPid]),
    ("(waitpid(", &[Call::WaitPid]),
    (" nanosleep(", &[Call::Sleep]),
    (" pause_for(", &[Call::Sleep]),
    ("pthread_cond_wait(", &[Call::CondWait]),
];

const RUST: Names = &[
    ("UnixStream::pair(", &[Call::SocketPair]),
    ("UnixDatagram::pair(", &[Call::SocketPair]),
    ("TcpListener::bind(", &[Call::Socket, Call::Bind, Call::Listen]),
    ("UnixListener::bind(", &[Call::Socket, Call::Bind, Call::Listen]),
    ("UnixListener::bind_addr(", &[Call::Socket, Call::Bind, Call::Listen]),
    ("UdpSocket::bind(", &[Call::Socket, Call::Bind]),
    ("UnixDatagram::bind(", &[Call::Socket, Call::Bind]),
    ("UnixDatagram::bind_addr(", &[Call::Socket, Call::Bind]),
    ("libc::listen(", &[Call::Listen]),
    (".accept(", &[Call::Accept]),
    ("TcpStream::connect(", &[Call::Socket, Call::Connect]),
    ("TcpStream::connect_timeout(", &[Call::Socket, Call::Connect]),
    ("UnixStream::connect(", &[Call::Socket, Call::Connect]),
    ("UnixStream::connect_addr(", &[Call::Socket, Call::Connect]),
    (".connect(", &[Call::Connect]),
    (".connect_addr(", &[Call::Connect]),
    (".to_socket_addrs(", &[Call::GetAddrInfo]),
    (".read(", &[Call::Recv]),
    (".recv(", &[Call::Recv]),
    (".recv_from(", &[Call::RecvFrom]),
    (".write(", &[Call::Send]),
    (".write_all(", &[Call::Send]),
    (".send(", &[Call::Send]),
    (".send_to(", &[Call::SendTo]),
    (".send_to_addr(", &[Call::SendTo]),
    (".shutdown(", &[Call::Shutdown]),
    ("drop(", &[Call::Close]),
    (".remove(&fd", &[Call::Close]),
    ("libc::setsockopt(", &[Call::SetSockOpt]),
    (".set_nodelay(", &[Call::SetSockOpt]),
    (".set_broadcast(", &[Call::SetSockOpt]),
    (".set_read_timeout(", &[Call::SetSockOpt]),
    (".set_write_timeout(", &[Call::SetSockOpt]),
    (".set_nonblocking(", &[Call::Fcntl]),
    ("libc::fcntl(", &[Call::Fcntl]),
    ("libc::select(", &[Call::Select]),
    ("libc::poll(", &[Call::Poll]),
    ("libc::epoll_create1(", &[Call::EpollCreate]),
    ("libc::epoll_ctl(", &[Call::EpollCtl]),
    ("libc::epoll_wait(", &[Call::EpollWait]),
    ("libc::sigwaitinfo(", &[Call::SigWait]),
    ("libc::sigtimedwait(", &[Call::SigWait]),
    ("remove_file(", &[Call::Unlink]),
    ("libc::fork(", &[Call::Spawn]),
    ("libc::waitpid(", &[Call::WaitPid]),
    ("thread::sleep(", &[Call::Sleep]),
    ("time::sleep(", &[Call::Sleep]),
    (".await", &[Call::Await]),
];

/// Each call with a range of one line, from 0, in the order of the text.
pub(super) fn of(language: Language, text: &str) -> Vec<(Call, Range<usize>)> {
    let names = match language {
        Language::Python => PYTHON,
        Language::C => C,
        Language::Rust => RUST,
    };
    let code = code_only(language, text);
    let mut found = Vec::new();
    for (at, line) in code.lines().enumerate() {
        // A declaration that begins a line is found as ` name(` is.
        let line = format!(" {line}");
        for (name, calls) in names {
            if line.contains(name) {
                found.extend(calls.iter().map(|call| (*call, at..at + 1)).filter(|mark| !found.contains(mark)).collect::<Vec<_>>());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_and_not_those_in_comments_and_literals() {
        let text = "\"\"\"\nsock.recv(\n\"\"\"\n# sock.bind(\nPACKET = b\"a\\\" .recv(\"\nsock.connect(A)\ndata = sock.recv(7)  # .send(\n";
        assert_eq!(of(Language::Python, text), [(Call::Connect, 5..6), (Call::Recv, 6..7)]);
        let text = "/* send(\n */\nif (bind(fd, a, n) < 0 || listen(fd, 5) < 0)\n    n = recv(fd, b, 1); // close(\nreadv(1);";
        assert_eq!(of(Language::C, text), [(Call::Bind, 2..3), (Call::Listen, 2..3), (Call::Recv, 3..4)]);
        let made = of(Language::Rust, "let a = TcpListener::bind(x)?;\nlet (s, p) = a.accept()?;");
        let expected = [(Call::Socket, 0..1), (Call::Bind, 0..1), (Call::Listen, 0..1), (Call::Accept, 1..2)];
        assert_eq!(made, expected);
    }
}
