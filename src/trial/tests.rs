//! The closed lists of the languages are those of the engine; a watcher answers when it must.

use super::worth::is_call;
use crate::engine::Call;
use crate::insight::Rule;
use crate::script::{CALLS, INSIGHTS};

#[test]
fn the_lists_of_the_language_are_those_of_the_engine() {
    assert_eq!(Rule::ALL.map(Rule::id), INSIGHTS);
    for (call, id) in Call::ALL.into_iter().zip(CALLS) {
        assert!(is_call(call, id), "{id}");
    }
    assert!(is_call(Call::Accept, "accept") && is_call(Call::CondWait, "cond_wait") && !is_call(Call::Recv, "recvfrom"));
    assert_eq!((Call::RecvFrom.name(), CALLS[6], CALLS[17], Call::ALL[17]), ("recvfrom", "recvfrom", "epoll_wait", Call::EpollWait));
}
