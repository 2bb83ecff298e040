//! Sockets as they are made: options, files, failures.

use std::net::{TcpStream, UdpSocket};
use std::sync::Arc;
use std::time::Instant;

use crate::lab::Address;
use crate::trace::Tap;

use super::*;

fn lane() -> (Arc<Tap>, Lane) {
    let tap = Tap::new(Instant::now(), 1_024);
    let lane = tap.lane("test");
    (tap, lane)
}

fn address(transport: Transport, text: &str) -> Address {
    Address::parse(transport, text).unwrap()
}

fn tcp(lane: &Lane, text: &str) -> Result<Bound, Failure> {
    bind_server(lane, Transport::Tcp, &address(Transport::Tcp, text), 5, &|| false)
}

#[test]
fn a_tcp_server_listens_and_a_second_one_is_refused() {
    let (tap, lane) = lane();
    let first = tcp(&lane, "127.0.0.1:0").unwrap();
    let local = first.local.as_socket().unwrap();
    assert_ne!(local.port(), 0);
    TcpStream::connect(local).unwrap();
    let failure = tcp(&lane, &local.to_string()).unwrap_err();
    assert_eq!((failure.operation, failure.cause), (Operation::Bind, Cause::AddressInUse));
    assert_eq!(&*failure.endpoint, local.to_string());
    let calls: Vec<Call> = tap.drain().map(|record| record.call).take(4).collect();
    assert_eq!(calls, [Call::Socket, Call::SetSockOpt, Call::Bind, Call::Listen]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_backlog_is_exactly_what_was_asked() {
    let (_tap, lane) = lane();
    let bound = bind_server(&lane, Transport::Tcp, &address(Transport::Tcp, "127.0.0.1:0"), 3, &|| false).unwrap();
    let local = bound.local.as_socket().unwrap();
    // Linux completes n + 1 connects.
    let kept: Vec<_> = (0..4).map(|_| TcpStream::connect(local).unwrap()).collect();
    let fifth = TcpStream::connect_timeout(&local, std::time::Duration::from_millis(100));
    assert_eq!(fifth.unwrap_err().kind(), io::ErrorKind::TimedOut);
    drop(kept);
}

#[test]
fn the_ipv6_wildcard_takes_ipv4_too() {
    let (_tap, lane) = lane();
    for transport in [Transport::Tcp, Transport::Udp] {
        let bound = bind_server(&lane, transport, &address(transport, "[::]:0"), 5, &|| false).unwrap();
        let port = bound.local.as_socket().unwrap().port();
        match transport {
            Transport::Udp => {
                let caller = UdpSocket::bind("127.0.0.1:0").unwrap();
                caller.send_to(b"x", ("127.0.0.1", port)).unwrap();
                assert_eq!(bound.sock.recv(&lane, &mut [0; 8]).unwrap(), 1);
            }
            Transport::Tcp | Transport::UnixStream | Transport::UnixDgram => {
                TcpStream::connect(("127.0.0.1", port)).unwrap();
                TcpStream::connect(("::1", port)).unwrap();
            }
        }
    }
}

#[test]
fn an_empty_host_is_everywhere_for_a_server_and_here_for_a_client() {
    let (tap, lane) = lane();
    let empty = Address::Inet { host: String::new(), port: 7 };
    let words = |passive| resolve(&lane, &empty, passive, &|| false).unwrap().iter().map(fmt_addr).collect::<Vec<_>>();
    assert_eq!((words(true), words(false)), (vec!["0.0.0.0:7".to_owned()], vec!["127.0.0.1:7".to_owned()]));
    assert_eq!(fmt_addr(&resolve(&lane, &address(Transport::Tcp, "[::]:7"), false, &|| false).unwrap()[0]), "[::1]:7");
    assert_eq!(tap.drain().count(), 0, "no lookup");
    assert!(!resolve(&lane, &address(Transport::Tcp, "localhost:7"), false, &|| false).unwrap().is_empty());
    assert_eq!(tap.drain().next().unwrap().call, Call::GetAddrInfo);
}

#[cfg(unix)]
mod files {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
    use std::path::Path;

    use super::*;

    fn unix(lane: &Lane, transport: Transport, path: &Path) -> Result<Bound, Failure> {
        bind_server(lane, transport, &Address::Path(path.display().to_string()), 0, &|| false)
    }

    #[test]
    fn a_stale_file_is_replaced_and_removed_at_the_end() {
        let (_tap, lane) = lane();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s");
        for transport in [Transport::UnixStream, Transport::UnixDgram] {
            match transport {
                Transport::UnixDgram => drop(UnixDatagram::bind(&path).unwrap()),
                Transport::Tcp | Transport::Udp | Transport::UnixStream => drop(UnixListener::bind(&path).unwrap()),
            }
            let bound = unix(&lane, transport, &path).unwrap();
            assert!(bound.replaced_stale);
            assert_eq!(fmt_addr(&bound.local), path.display().to_string());
            bound.file.unwrap().remove(&lane);
            assert!(!path.exists());
            drop(bound.sock);

            let bound = unix(&lane, transport, &path).unwrap();
            assert!(!bound.replaced_stale && path.exists());
            drop(bound.file);
            assert!(!path.exists(), "dropping removes it too");
        }
    }

    #[test]
    fn a_live_file_is_never_touched_also_with_a_full_backlog() {
        let (_tap, lane) = lane();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s");
        let _live = unix(&lane, Transport::UnixStream, &path).unwrap();
        for _ in 0..2 {
            for transport in [Transport::UnixStream, Transport::UnixDgram] {
                let failure = unix(&lane, transport, &path).unwrap_err();
                assert_eq!((failure.operation, failure.cause), (Operation::Bind, Cause::LiveSocketFile));
            }
            // The asking connections left the queue's one place taken; this one takes it for certain.
            let _taken = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None)
                .and_then(|s| s.set_nonblocking(true).map(|()| s))
                .and_then(|s| s.connect(&SockAddr::unix(&path)?).map(|()| s));
        }
        assert!(path.exists());

        let dgram = dir.path().join("d");
        let _live = UnixDatagram::bind(&dgram).unwrap();
        assert_eq!(unix(&lane, Transport::UnixDgram, &dgram).unwrap_err().cause, Cause::LiveSocketFile);
    }

    #[test]
    fn what_is_not_a_socket_is_left_alone() {
        let (_tap, lane) = lane();
        let dir = tempfile::tempdir().unwrap();
        let (file, link, live) = (dir.path().join("f"), dir.path().join("l"), dir.path().join("s"));
        std::fs::write(&file, "precious").unwrap();
        drop(UnixListener::bind(&live).unwrap());
        symlink(&live, &link).unwrap();
        for path in [&file, &link] {
            assert_eq!(unix(&lane, Transport::UnixStream, path).unwrap_err().cause, Cause::NotASocket);
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
        assert!(link.is_symlink() && live.exists());
        let nowhere = dir.path().join("no").join("s");
        assert_eq!(unix(&lane, Transport::UnixStream, &nowhere).unwrap_err().cause, Cause::NoSuchDirectory);
    }

    #[test]
    fn the_file_of_a_successor_is_left_alone() {
        let (_tap, lane) = lane();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s");
        let bound = unix(&lane, Transport::UnixStream, &path).unwrap();
        std::fs::remove_file(&path).unwrap();
        // File systems keep times in steps of some milliseconds, and may give the freed inode number again.
        let made = bound.file.as_ref().unwrap().made.0;
        let _successor = loop {
            let successor = UnixListener::bind(&path).unwrap();
            if Identity::of(&path).unwrap().0 != made {
                break successor;
            }
            std::fs::remove_file(&path).unwrap();
        };
        bound.file.unwrap().remove(&lane);
        UnixStream::connect(&path).unwrap();
    }

    use super::super::unix::Identity;

    #[test]
    fn long_paths_are_told_and_abstract_names_are_linux_only() {
        let (_tap, lane) = lane();
        let long = Path::new("/tmp").join("x".repeat(200));
        assert_eq!(unix(&lane, Transport::UnixStream, &long).unwrap_err().cause, Cause::PathTooLong);
        let name = format!("@socketlab-test-{}", std::process::id());
        let bound = unix(&lane, Transport::UnixDgram, Path::new(&name));
        if cfg!(target_os = "linux") {
            let bound = bound.unwrap();
            assert_eq!(fmt_addr(&bound.local), name);
            assert!(bound.file.is_none());
            assert_eq!(unix(&lane, Transport::UnixDgram, Path::new(&name)).unwrap_err().cause, Cause::AddressInUse);
        } else {
            assert!(matches!(bound.unwrap_err().cause, Cause::NotAvailable(_)));
        }
    }
}
