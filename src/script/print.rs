//! Deeds and checks as they are written.

use std::fmt;

use super::check::{Check, Clause, Value, Whose};
use super::deed::{Change, Closing, Deed, GateDeed, Key, Sent, Which, Who};
use super::figure::{Figure, Quantity};
use super::scan::is_word;
use super::time::print;
use crate::bytes::to_text_string;

/// Words with a meaning of their own where a name may stand.
const RESERVED: [&str; 8] = ["all", "lab", "insight", "no", "sending", "sequence", "and", "of"];

/// A name as it is written: bare where that is clear.
struct Name<'a>(&'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = self.0.starts_with(|c: char| is_word(c) && !c.is_ascii_digit()) && self.0.chars().all(is_word);
        if bare && !RESERVED.contains(&self.0) {
            return f.write_str(self.0);
        }
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// A text that keeps its escapes.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('"', "\\\""))
    }
}

fn names(f: &mut fmt::Formatter<'_>, who: &Who) -> fmt::Result {
    let Who::These(names) = who else { return f.write_str("all") };
    for (at, name) in names.iter().enumerate() {
        write!(f, "{}{}", if at == 0 { "" } else { ", " }, Name(name))?;
    }
    Ok(())
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(who) => f.write_str("start ").and_then(|()| names(f, who)),
            Self::Stop(who) => f.write_str("stop ").and_then(|()| names(f, who)),
            Self::Finish(of) => write!(f, "finish {}", Name(of)),
            Self::Crash(of) => write!(f, "crash {}", Name(of)),
            Self::Open { client, count } => write!(f, "open {} {count}", Name(client)),
            Self::Close { of, which, how } => {
                let verb = if *how == Closing::Reset { "reset" } else { "close" };
                write!(f, "{verb} {}", Name(of))?;
                if let Which::Newest(count) = which {
                    write!(f, " {count}")?;
                }
                if *how == Closing::Half { f.write_str(" half") } else { Ok(()) }
            }
            Self::Send { from, which, what, to, times, every } => {
                write!(f, "send {}", Name(from))?;
                if let Which::Newest(count) = which {
                    write!(f, " {count}")?;
                }
                match what {
                    Sent::Own => {}
                    Sent::Text(text) => write!(f, " {}", Text(text))?,
                    Sent::Hex(text) => write!(f, " hex {}", Text(text))?,
                    Sent::Saved(name) => write!(f, " packet {}", Name(name))?,
                }
                to.iter().try_for_each(|to| write!(f, " to {}", Text(to)))?;
                times.iter().try_for_each(|times| write!(f, " times {times}"))?;
                every.iter().try_for_each(|every| write!(f, " every {}", print(*every)))
            }
            Self::StopSending(of) => write!(f, "stop sending {}", Name(of)),
            Self::RunSequence { sequence, from } => write!(f, "run sequence {} of {}", Name(sequence), Name(from)),
            Self::StopSequence(of) => write!(f, "stop sequence {}", Name(of)),
            Self::Set { of, changes } => {
                write!(f, "set {}", Name(of))?;
                changes.iter().try_for_each(|change| write!(f, " {change}"))
            }
            Self::AddressOf { of, other } => write!(f, "set {} address of {}", Name(of), Name(other)),
            Self::Accept { of, count } => write!(f, "accept {} {count}", Name(of)),
            Self::Pause(of) => write!(f, "pause {}", Name(of)),
            Self::Resume(of) => write!(f, "resume {}", Name(of)),
            Self::Gate { of, gate } => match gate {
                GateDeed::Hold => write!(f, "hold {}", Name(of)),
                GateDeed::Step(count) => write!(f, "step {} {count}", Name(of)),
                GateDeed::NextWait => write!(f, "next wait {}", Name(of)),
                GateDeed::Free => write!(f, "free {}", Name(of)),
            },
            Self::ClearTraffic => f.write_str("clear traffic"),
            Self::Wait(time) => write!(f, "wait {}", print(*time)),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Key::ModelSetting(id) => write!(f, "model.{id}=")?,
            Key::ServiceSetting(id) => write!(f, "service.{id}=")?,
            plain => {
                let id = Key::PLAIN.iter().find(|(_, key)| key == plain).map_or("", |(id, _)| id);
                write!(f, "{id}=")?;
            }
        }
        let bare = !self.value.is_empty() && self.value.chars().all(is_word);
        if bare { f.write_str(&self.value) } else { write!(f, "{}", Text(&self.value)) }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, clause) in self.clauses.iter().enumerate() {
            write!(f, "{}{clause}", if at == 0 { "" } else { " and " })?;
        }
        self.within.iter().try_for_each(|time| write!(f, " within {}", print(*time)))?;
        self.lasting.iter().try_for_each(|time| write!(f, " for {}", print(*time)))
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare { left, op, right } => write!(f, "{left} {} {right}", op.sign()),
            Self::Insight { rule, of, speaks } => {
                write!(f, "{}insight {rule}", if *speaks { "" } else { "no " })?;
                of.iter().try_for_each(|of| write!(f, " of {}", Name(of)))
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(bytes) => write!(f, "{}", Text(&to_text_string(bytes))),
            Self::Figure(figure) => write!(f, "{figure}"),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.of {
            Whose::Lab => write!(f, "lab.{}", self.what),
            Whose::Endpoint(name) => write!(f, "{}.{}", Name(name), self.what),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LanesIn(call) => write!(f, "lanes.{call}"),
            Self::CallsOf(call) => write!(f, "calls.{call}"),
            Self::Ended(how) => write!(f, "ended.{how}"),
            Self::Tcp(state) => write!(f, "tcp.{state}"),
            Self::Conns(state) => write!(f, "conns.{state}"),
            Self::Errors(errno) => write!(f, "errors.{errno}"),
            plain => f.write_str(Self::PLAIN.iter().find(|(_, other, _)| other == plain).map_or("", |(id, ..)| id)),
        }
    }
}
