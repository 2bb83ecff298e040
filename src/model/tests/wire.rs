//! Options of TCP, as the kernel has them: of new connections and of those that live when they change.

use super::contract::case;
use super::harness::{Over, Server, models, until};
use crate::lab::{Messages, Wire};
use crate::service::Protocol;

#[test]
fn nodelay_and_cork_are_set_on_new_connections_and_changed_on_living_ones() {
    for model in models() {
        case(model.id, Over::Tcp);
        let server = Server::start(model, Over::Tcp, "echo");
        let set = |nagle, cork| {
            let messages = Messages { wire: Wire { nagle, cork, ..Wire::default() }, ..Messages::default() };
            let protocol = Protocol::of(&messages, true).unwrap();
            server.control.set_messages(messages, protocol, true);
        };
        // TCP_NODELAY and, where it is called that, TCP_CORK of the newest connection, by getsockopt.
        let now = || {
            let all = server.control.links().all();
            let options = all.last().unwrap().sock().options();
            #[cfg(target_os = "linux")]
            let cork = options.tcp_cork().unwrap();
            #[cfg(not(target_os = "linux"))]
            let cork = false;
            (options.tcp_nodelay().unwrap(), cork)
        };
        let has_cork = cfg!(target_os = "linux");
        set(true, false);
        let first = server.client("first");
        assert_eq!(first.ask(b"hello"), b"hello");
        assert_eq!(now(), (false, false), "{}: Nagle's algorithm is on", model.id);
        set(false, false);
        assert_eq!(now(), (true, false), "{}: off, while it lives", model.id);
        assert_eq!(first.ask(b"hello"), b"hello");
        set(true, has_cork);
        assert_eq!(now(), (false, has_cork), "{}", model.id);
        set(false, has_cork);
        drop(first);
        assert!(until(|| server.open() == 0));
        let second = server.client("second");
        assert!(until(|| server.open() == 1 && now() == (true, has_cork)), "{}: of a new one", model.id);
        set(false, false);
        assert_eq!((now(), second.ask(b"hello")), ((true, false), b"hello".to_vec()), "{}", model.id);
    }
}
