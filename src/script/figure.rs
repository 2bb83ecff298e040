//! The figures a check may ask for, and their names. What each is worth at a moment is worked out elsewhere.

use super::Whose;

/// `echo.accepted`: one figure of one endpoint, or of all together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Whose.
    pub of: Whose,
    /// What.
    pub what: Quantity,
}

/// The situations that [`Clause::Insight`](super::Clause::Insight) may name.
pub const INSIGHTS: [&str; 12] = [
    "lane-held",
    "second-waits",
    "queue-full",
    "unmet",
    "edge-unread",
    "edge-accept",
    "write-interest",
    "descriptors",
    "cut-off",
    "herd",
    "busy-polling",
    "many-threads",
];

/// The calls that `lanes.CALL` and `calls.CALL` may name: POSIX names, `accept` for `accept4` too.
pub const CALLS: [&str; 34] = [
    "socket",
    "socketpair",
    "bind",
    "listen",
    "accept",
    "connect",
    "recv",
    "recvfrom",
    "send",
    "sendto",
    "shutdown",
    "close",
    "getsockopt",
    "setsockopt",
    "fcntl",
    "poll",
    "epoll_create",
    "epoll_ctl",
    "epoll_wait",
    "kqueue",
    "kevent",
    "getaddrinfo",
    "unlink",
    "select",
    "sigwait",
    "io_uring_setup",
    "io_uring_enter",
    "completion",
    "await",
    "sleep",
    "spawn",
    "waitpid",
    "cond_wait",
    "held",
];

/// How a connection may have ended, for `ended.REASON`.
pub const ENDS: [&str; 7] = ["orderly", "reset", "here", "service", "idle", "framing", "failed"];

/// Where a connection may be in its life, for `conns.STATE`.
pub const STATES: [&str; 6] = ["connecting", "waiting", "open", "peer-ended", "local-ended", "closed"];

/// The states of a TCP connection, for `tcp.STATE`: as netstat(8) prints them.
pub const TCP_STATES: [&str; 11] =
    ["ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING"];

macro_rules! quantities {
    ($($kind:ident $id:literal $name:ident $words:literal,)*) => {
        /// What may be asked of an endpoint.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Quantity {
            $(#[doc = $words] $name,)*
            /// Its threads, processes or tasks that stand in this call now: one of [`CALLS`].
            LanesIn(&'static str),
            /// Calls of this name that the call log holds: one of [`CALLS`].
            CallsOf(&'static str),
            /// Connections that ended so, of the last 256: one of [`ENDS`].
            Ended(&'static str),
            /// Connections in this state: one of [`STATES`].
            Conns(&'static str),
            /// Connections of which the kernel holds this end in this state of TCP, also after their end: one of [`TCP_STATES`].
            Tcp(&'static str),
            /// Failures with this error of the system since the check was first asked, or of connections that ended: `ECONNREFUSED`.
            Errors(String),
        }

        impl Quantity {
            /// Those of one word: id, value, what it is.
            pub const PLAIN: &'static [(&'static str, Self, &'static str)] = &[$(($id, Self::$name, $words),)*];

            /// Whether it is a text; else it is a number.
            pub fn is_text(&self) -> bool {
                match self {
                    $(Self::$name => quantities!(@$kind),)*
                    Self::LanesIn(_) | Self::CallsOf(_) | Self::Ended(_) | Self::Conns(_) | Self::Tcp(_) | Self::Errors(_) => false,
                }
            }
        }
    };
    (@text) => { true };
    (@number) => { false };
}

quantities! {
    text "state" State "stopped, starting, running, stopping or failed",
    text "model" Model "the I/O model that runs",
    text "service" Service "the service that runs",
    text "pace" Pace "when a server accepts: eager, paused, or a time",
    text "local" Local "where a server is bound; of a client the own addresses of its connections",
    text "target" Target "where a client connects to",
    text "failure" Failure "the latest failure: the system's name for it, or words",
    text "last" Last "the bytes of the latest receive",
    text "received" Received "what one of its connections received, joined; the last 64 KiB of each",
    text "framing" Framing "the framing in force",
    text "sequence" Sequence "running, waiting, paused, done, stopped or failed",
    number "connected" Connected "connections that are connected: accepted or not",
    number "connecting" Connecting "connections whose connect has not finished",
    number "open" Open "connections (or datagram peers) open now",
    number "waiting" Waiting "connected and not accepted yet (servers), connecting (clients)",
    number "opened" Opened "connections opened since its start",
    number "failed" Failed "connections that failed since its start",
    number "accepted" Accepted "connections a server accepted since its start",
    number "arrived" Arrived "connections that came into the accept queue",
    number "turned_away" TurnedAway "peers that the accept filter did not let in",
    number "rx_bytes" RxBytes "bytes received",
    number "tx_bytes" TxBytes "bytes sent",
    number "rx_messages" RxMessages "receives: chunks of a stream, or datagrams",
    number "tx_messages" TxMessages "sends",
    number "rx_most" RxMost "bytes of the largest receive",
    number "truncated" Truncated "datagrams that were cut to the buffer",
    number "rx_rate" RxRate "bytes received a second",
    number "tx_rate" TxRate "bytes sent a second",
    number "messages_in" MessagesIn "messages that the framing cut out of the stream",
    number "messages_out" MessagesOut "messages of the service that the framing was put around",
    number "by_rule" ByRule "messages that a rule answered",
    number "broken" Broken "connections that broke their framing",
    number "calls" Calls "calls to the system",
    number "calls_rate" CallsRate "calls to the system a second",
    number "eagain" Eagain "calls that answered EAGAIN",
    number "eagain_rate" EagainRate "calls a second that answered EAGAIN",
    number "wakeups" Wakeups "times a wait came back",
    number "wakeups_rate" WakeupsRate "times a second a wait came back",
    number "switches" Switches "times its threads went to sleep",
    number "cpu" Cpu "per cent of a processor core",
    number "lanes" Lanes "its threads, processes or tasks that are alive",
    number "backlog" Backlog "the n of listen(n)",
    number "may_bind" MayBind "1 if the system's rule lets this process bind its port, else 0",
    number "queue" Queue "connections in the accept queue",
    number "queue_limit" QueueLimit "the n in force",
    number "places" Places "places of the accept queue",
    number "half_open" HalfOpen "connections in the SYN queue",
    number "overflows" Overflows "ListenOverflows since its start",
    number "drops" Drops "ListenDrops since its start",
    number "accept_rate" AcceptRate "accepted a second",
    number "unread" Unread "bytes that arrived and were not read",
    number "unsent" Unsent "bytes sent and not taken by the peer",
    number "retries" Retries "SYNs that were sent again",
    number "unmet" Unmet "connections that only the client believes in",
    number "connect_ms" ConnectMs "milliseconds of the longest connect",
    number "attempt" Attempt "the next attempt of a client that reconnects, from 1",
    number "groups" Groups "multicast groups it has joined",
    number "period_ms" PeriodMs "milliseconds from one send to the next, on average",
}
