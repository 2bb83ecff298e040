//! Group chat: each line goes to all others as `[address] text`, joining and leaving is announced, `quit` leaves.
//!
//! Its handlers share nothing: others are reached by posts alone, for a model may run each in a process of its own. A
//! connection joins when it opens, a datagram peer with its first datagram. A line that is not finished is kept until it is; a
//! datagram ends its last line.

use std::sync::Arc;

use super::items::{Items, TooLong};
use super::{Actions, Handler, Peer, PostTo, Service, ServiceDef};
use crate::settings::{SettingDef, Unit};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "chat",
    summary: "sends each line to all others with its sender's address; \"quit\" leaves",
    settings: &[MAX_LINE],
    make: |settings| Arc::new(Chat { most: usize::try_from(settings.number(&MAX_LINE)).unwrap_or(usize::MAX) }),
};

const MAX_LINE: SettingDef =
    SettingDef::number("max_line", (16, 1_024, 65_536), Unit::Bytes, "longest line; a longer one ends its connection");

struct Chat {
    most: usize,
}

impl Service for Chat {
    fn connect(&self, peer: &Peer) -> Box<dyn Handler> {
        let who = format!("[{}] ", peer.address).into_boxed_str();
        Box::new(Member { who, most: self.most, lines: Items::new(b"\n", self.most), is_stream: false, stage: Stage::Outside })
    }
}

struct Member {
    /// Its address as others see it before its words.
    who: Box<str>,
    most: usize,
    lines: Items,
    is_stream: bool,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Outside,
    Inside,
    Left,
}

impl Handler for Member {
    fn on_open(&mut self, out: &mut Actions) {
        self.is_stream = true;
        self.join(out);
    }

    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        match self.stage {
            Stage::Outside => self.join(out),
            Stage::Inside => {}
            Stage::Left => return,
        }
        let (who, stage) = (&self.who, &mut self.stage);
        let taken = self.lines.take(data, |line| say(line, who, stage, out));
        if let Err(TooLong) = taken {
            return out.fail(format!("a line has more than {} bytes (max_line)", self.most));
        }
        if !self.is_stream {
            let line = self.lines.take_rest();
            say(&line, &self.who, &mut self.stage, out);
        }
    }

    fn on_end(&mut self, out: &mut Actions) {
        // Nothing ends the last line any more.
        let line = self.lines.take_rest();
        say(&line, &self.who, &mut self.stage, out);
        out.close();
    }

    fn on_gone(&mut self, out: &mut Actions) {
        leave(&self.who, &mut self.stage, out);
    }
}

impl Member {
    fn join(&mut self, out: &mut Actions) {
        self.stage = Stage::Inside;
        announce(&self.who, b"joined", out);
    }
}

fn say(line: &[u8], who: &str, stage: &mut Stage, out: &mut Actions) {
    let line = line.trim_ascii_end();
    match (*stage, line) {
        (Stage::Outside | Stage::Left, _) | (Stage::Inside, b"") => {}
        (Stage::Inside, b"quit") => {
            leave(who, stage, out);
            out.close();
        }
        (Stage::Inside, words) => announce(who, words, out),
    }
}

/// Said once, however it ends.
fn leave(who: &str, stage: &mut Stage, out: &mut Actions) {
    if std::mem::replace(stage, Stage::Left) == Stage::Inside {
        announce(who, b"left", out);
    }
}

fn announce(who: &str, words: &[u8], out: &mut Actions) {
    out.post(PostTo::Others, [who.as_bytes(), words, b"\n"].concat());
}

#[cfg(test)]
mod tests {
    use super::super::play::Play;
    use crate::service::After;

    #[test]
    fn a_connection_joins_speaks_in_lines_and_leaves_once() {
        let mut play = Play::with_peer("chat", &[], 7);
        assert_eq!(play.open().posted(), ["[127.0.0.1:7] joined\n"]);
        assert!(play.hear(b"hel").posts.is_empty(), "a line that is not finished");
        let said = play.hear(b"lo\r\n\nhow are you?\nfi");
        assert_eq!(said.posted(), ["[127.0.0.1:7] hello\n", "[127.0.0.1:7] how are you?\n"]);
        assert!(said.sent.is_empty(), "nobody hears himself");
        let quit = play.hear(b"ne\nquit\r\nnever said\n");
        assert_eq!((quit.posted(), quit.after), (vec!["[127.0.0.1:7] fine\n", "[127.0.0.1:7] left\n"], After::Close));
        assert!(play.gone().posts.is_empty(), "that it left was said");
    }

    #[test]
    fn a_peer_that_is_lost_leaves_and_one_that_ends_says_its_last_line() {
        let mut lost = Play::new("chat", &[]);
        lost.open();
        assert_eq!(lost.gone().posted(), ["[127.0.0.1:1] left\n"]);
        let mut ends = Play::new("chat", &[]);
        ends.open();
        ends.hear(b"bye");
        let end = ends.end();
        assert_eq!((end.posted(), end.after), (vec!["[127.0.0.1:1] bye\n"], After::Close));
        assert_eq!(ends.gone().posted(), ["[127.0.0.1:1] left\n"]);
    }

    #[test]
    fn over_datagrams_the_first_joins_and_each_ends_its_line() {
        let mut play = Play::new("chat", &[]);
        assert_eq!(play.hear(b"hello").posted(), ["[127.0.0.1:1] joined\n", "[127.0.0.1:1] hello\n"]);
        assert_eq!(play.hear(b"two\nlines").posted(), ["[127.0.0.1:1] two\n", "[127.0.0.1:1] lines\n"]);
        let quit = play.hear(b"quit");
        assert_eq!((quit.posted(), quit.after), (vec!["[127.0.0.1:1] left\n"], After::Close));
        assert!(play.gone().posts.is_empty());
        assert_eq!(Play::new("chat", &[]).hear(b"").posted(), ["[127.0.0.1:1] joined\n"], "an empty one joins and says nothing");
        assert!(Play::new("chat", &[]).gone().posts.is_empty(), "who never joined does not leave");
    }

    #[test]
    fn a_line_that_is_too_long_fails_in_clear_words_and_the_member_leaves() {
        let mut play = Play::new("chat", &[("max_line", "16")]);
        play.open();
        let turn = play.hear(b"12345678901234567");
        assert_eq!(turn.failure.as_deref(), Some("a line has more than 16 bytes (max_line)"));
        assert_eq!(play.gone().posted(), ["[127.0.0.1:1] left\n"]);
    }
}
