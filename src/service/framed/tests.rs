//! The wrapper, turn by turn, around services of the list.

use super::*;
use crate::bytes::{ByteOrder, LengthHeader};
use crate::lab::{Match, Messages, Packet, Rule};
use crate::service::{PeerId, find};
use crate::settings::Settings;

struct Rig {
    live: Arc<LiveProtocol>,
    handler: Box<dyn Handler>,
    out: Actions,
}

impl Rig {
    fn new(service: &str, messages: &Messages, is_stream: bool) -> Self {
        let live = Arc::<LiveProtocol>::default();
        live.set(Protocol::of(messages, is_stream).unwrap());
        let service = Framed::around((find(service).unwrap().make)(&Settings::default()), Arc::clone(&live), is_stream);
        let handler = service.connect(&Peer { id: PeerId(1), address: "p" });
        Self { live, handler, out: Actions::default() }
    }

    fn hear(&mut self, data: &[u8]) -> Vec<Vec<u8>> {
        self.out.clear();
        self.handler.on_bytes(data, &mut self.out);
        self.out.messages().map(<[u8]>::to_vec).collect()
    }
}

fn length() -> Framing {
    Framing::Length { header: LengthHeader { width: 2, order: ByteOrder::Big, counts_itself: false }, most: 100 }
}

fn lines() -> Framing {
    Framing::Delimiter { bytes: b"\n".to_vec(), most: 100 }
}

fn framed(framing: Framing) -> Messages {
    Messages { framing, ..Messages::default() }
}

fn rule(when: Match, reply: &str) -> Rule {
    Rule { is_on: true, when, reply: Packet { body: reply.into(), ..Packet::default() } }
}

#[test]
fn the_service_gets_whole_messages_however_they_were_cut() {
    for size in 1..9 {
        let mut rig = Rig::new("echo", &framed(length()), true);
        let wire = b"\0\x03one\0\0\0\x05three";
        let sent: Vec<_> = wire.chunks(size).flat_map(|chunk| rig.hear(chunk)).collect();
        assert_eq!(sent, [&b"\0\x03one"[..], b"\0\0", b"\0\x05three"], "pieces of {size}");
        let counts = rig.live.counts();
        assert_eq!((counts.received, counts.sent, counts.broken), (3, 3, 0));
    }
}

#[test]
fn a_rule_answers_and_the_service_does_not_hear_of_it() {
    let messages = Messages { rules: vec![rule(Match::Prefix("ping".into()), "pong")], ..framed(lines()) };
    let mut rig = Rig::new("upper", &messages, true);
    assert_eq!(rig.hear(b"hello\nping 1\nbye\n"), [&b"HELLO\n"[..], b"pong\n", b"BYE\n"]);
    assert_eq!(rig.live.counts().by_rule, 1);
    // Without a framing what one `recv` returned is the message; datagrams are messages anyway.
    for is_stream in [true, false] {
        let mut raw = Rig::new("echo", &Messages { framing: Framing::Raw, ..messages.clone() }, is_stream);
        assert_eq!((raw.hear(b"ping"), raw.hear(b"other")), (vec![b"pong".to_vec()], vec![b"other".to_vec()]));
    }
}

#[test]
fn datagrams_are_never_cut() {
    let mut rig = Rig::new("echo", &framed(length()), false);
    assert_eq!(rig.hear(b"\0\x03on"), [b"\0\x03on"]);
    assert_eq!(rig.live.version(), 0, "nothing stands in between");
}

#[test]
fn a_stream_that_breaks_the_framing_ends_with_the_reason() {
    let mut rig = Rig::new("echo", &framed(length()), true);
    assert_eq!(rig.hear(b"\0\x01a\0\xffbc"), [b"\0\x01a"], "what came before is answered");
    assert_eq!(rig.out.take_broken(), Some(FramingError::TooLong { len: 255, most: 100 }));
    assert!(rig.hear(&[0; 1 << 20]).is_empty());
    assert_eq!(rig.live.counts().broken, 2);
    let mut endless = Rig::new("echo", &framed(lines()), true);
    assert!(endless.hear(&[b'x'; 101]).is_empty());
    assert!(matches!(endless.out.take_broken(), Some(FramingError::TooLong { .. })));
    let mut short = Rig::new("echo", &framed(length()), true);
    short.hear(b"\0\x05thr");
    short.out.clear();
    short.handler.on_end(&mut short.out);
    assert_eq!(short.out.take_broken(), Some(FramingError::Unfinished { have: 5 }));
}

#[test]
fn until_close_the_end_brings_the_message() {
    let mut rig = Rig::new("echo", &framed(Framing::UntilClose { most: 100 }), true);
    assert!(rig.hear(b"one").is_empty() && rig.hear(b"two").is_empty());
    rig.out.clear();
    rig.handler.on_end(&mut rig.out);
    assert_eq!((rig.out.stream(), rig.out.after()), (&b"onetwo"[..], After::Close));
}

#[test]
fn lines_of_a_service_are_marked_by_themselves_and_a_message_that_fits_not_is_said() {
    let mut chat = Rig::new("chat", &framed(lines()), true);
    chat.out.clear();
    chat.handler.on_open(&mut chat.out);
    assert_eq!(&*chat.out.posts()[0].bytes, b"[p] joined\n");
    let mut fixed = Rig::new("echo", &Messages { rules: Vec::new(), ..framed(Framing::Fixed { size: 4 }) }, true);
    assert_eq!(fixed.hear(b"1234567"), [b"1234"]);
    let mut greeter = Rig::new("greeter", &framed(Framing::Fixed { size: 4 }), true);
    greeter.out.clear();
    greeter.handler.on_open(&mut greeter.out);
    let words = greeter.out.take_failure().unwrap();
    assert!(words.starts_with("its message does not fit the framing: a message of "), "{words}");
}

#[test]
fn a_change_takes_hold_of_a_living_connection_with_what_it_holds() {
    let mut rig = Rig::new("echo", &Messages::default(), true);
    assert_eq!(rig.hear(b"as it is"), [b"as it is"]);
    rig.live.set(Protocol::of(&framed(length()), true).unwrap());
    assert!(rig.hear(b"\0\x09fi").is_empty());
    rig.live.set(Protocol::of(&framed(Framing::Raw), true).unwrap());
    assert_eq!(rig.hear(b"ve"), [b"\0\x09five"]);
}
