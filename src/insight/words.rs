//! The English sentence of each situation, for the command line. The window words the same figures in the person's language.

use std::fmt;

use super::{Figure, Insight, Rule};

impl Insight {
    /// A figure in words.
    fn said(&self, name: &str) -> String {
        self.figure(name).map(Figure::to_string).unwrap_or_default()
    }

    /// A number with its noun.
    fn many(&self, name: &str, one: &str, other: &str) -> String {
        match self.figure(name) {
            Some(Figure::Count(1)) => one.to_owned(),
            _ => format!("{} {other}", self.said(name)),
        }
    }
}

impl fmt::Display for Insight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (server, say) = (&self.name, |name| self.said(name));
        let edge = match self.mistake {
            Some(setting) if self.rule == Rule::EdgeUnread => format!("{setting} is on, so recv is called once for each event"),
            Some(setting) => format!("{setting} is on, so accept is called once for each event"),
            None => "edge-triggered, epoll told of it once".to_owned(),
        };
        match self.rule {
            Rule::LaneHeld => write!(
                f,
                "{} for {server}: its thread {} has been held before {} for {}",
                self.many("clients", "A client waits", "clients wait"),
                say("thread"),
                say("call"),
                say("time"),
            ),
            Rule::SecondWaits => write!(
                f,
                "{} behind {}: the only thread of {server} has served it alone for {} and is in {}",
                self.many("waiting", "A client waits", "clients wait"),
                say("served"),
                say("time"),
                say("call"),
            ),
            Rule::QueueFull => write!(
                f,
                "The accept queue of {server} is full: {} of {} places are taken, so whoever calls now has to call again",
                say("waiting"),
                say("places"),
            ),
            Rule::Unmet => match self.figure("clients") {
                Some(Figure::Count(1)) => write!(
                    f,
                    "A client believes that it is connected, and {server} has not met it: the kernel did not take the last ACK of its \
                     handshake"
                ),
                Some(_) | None => write!(
                    f,
                    "{} clients believe that they are connected, and {server} has not met them: the kernel did not take the last ACKs of \
                     their handshakes",
                    say("clients"),
                ),
            },
            Rule::EdgeUnread => write!(
                f,
                "{} from {} stay unread while {server} has slept in {} for {}: {edge}",
                say("unread"),
                say("peer"),
                say("call"),
                say("time"),
            ),
            Rule::EdgeAccept => write!(
                f,
                "{} in the accept queue while {server} has slept in {} for {}: {edge}",
                self.many("waiting", "A client waits", "clients wait"),
                say("call"),
                say("time"),
            ),
            Rule::WriteInterest => write!(
                f,
                "{} of {server} comes back {} times a second only because {} has room, and nothing is sent: its write interest was never \
                 removed",
                say("call"),
                say("wakeups"),
                say("fd"),
            ),
            Rule::Descriptors => write!(
                f,
                "{} of the {} descriptors of this process are in use ({} %), {} of them by {server}",
                say("used"),
                say("limit"),
                say("percent"),
                say("held"),
            ),
            Rule::CutOff => {
                write!(f, "{server} disconnected {}: more than {} from others waited for it to read", say("peer"), say("limit"))
            }
            Rule::Herd => write!(
                f,
                "Each new connection of {server} wakes {} of {} threads that wait for the same listener; one gets it, the others wake in \
                 vain",
                say("each"),
                say("lanes"),
            ),
            Rule::BusyPolling => write!(
                f,
                "{server} asks {} times a second in vain (EAGAIN), and its threads use {} processor cores",
                say("eagain"),
                say("cores"),
            ),
            Rule::ManyThreads => write!(
                f,
                "{server} has {} threads for {} connections, one for each; of {} in view, {} sleep in a receive call",
                say("threads"),
                say("open"),
                say("shown"),
                say("asleep"),
            ),
        }
    }
}
