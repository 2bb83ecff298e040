//! Every frame comes through; what makes no sense ends the conversation.

use super::*;
use crate::service::PeerId;

#[test]
fn every_frame_comes_through_and_noise_before_the_greeting_is_skipped() {
    let called = CallFields {
        call: Call::Recv,
        fd: -1,
        args: [65_536, i64::MIN],
        start_ns: 1 << 40,
        took_ns: 7,
        result: -1,
        bytes: 9,
        count: 3,
        errno: 11,
        again: true,
        at: 2_048,
    };
    let all = [
        Said::Line { number: 7, line: 50, file: "src/model/processes.rs".to_owned() },
        Said::Enters { call: Call::Send, fd: 17, at: 7, since_ns: u64::MAX, held: true },
        Said::Called(called),
        Said::Moved { sent: true, at_ns: 1 << 50, len: 100_000, data: vec![0, 1, 255] },
        Said::HalfEnded { here: false },
        Said::Post(PostTo::Others, b"hi".to_vec()),
        Said::Post(PostTo::One(PeerId(42)), Vec::new()),
        Said::Ended(EndFields::Idle),
        Said::Ended(EndFields::Framing(FramingError::TooLong { len: u64::MAX, most: 7 })),
        Said::Messages([1, 1 << 40, 3]),
        Said::Spent(Spent { cpu_ns: Some(1 << 33), switches: Some([7, 8]) }),
        Said::Spent(Spent { cpu_ns: Some(9), switches: None }),
        Said::Spent(Spent::default()),
        Said::Listens(1 << 60),
        Said::Heard(vec![7; 3 << 20]),
        Said::Ended(EndFields::Failed(Call::Recv, Some(-5), "näh".to_owned())),
        Said::Ended(EndFields::Failed(Call::Recv, None, String::new())),
    ];
    let mut wire = b"running 1 test\n\0work".to_vec();
    wire.extend_from_slice(GREETING);
    let mut outbox = Outbox::default();
    all.iter().for_each(|frame| outbox.say(frame));
    outbox.flush(&mut wire).unwrap();
    let (mut from, mut body) = (wire.as_slice(), Vec::new());
    greeted(&mut from).unwrap();
    for frame in all {
        assert_eq!(said(&mut from, &mut body).unwrap(), Some(frame));
    }
    assert_eq!(said(&mut from, &mut body).unwrap(), None);
}

#[test]
fn what_makes_no_sense_is_an_error_and_no_memory_is_taken_for_it() {
    assert!(said(&mut [255, 255, 255, 255, 1].as_slice(), &mut Vec::new()).is_err(), "too long");
    assert!(said(&mut [2, 0, 0, 0, 1, 200].as_slice(), &mut Vec::new()).is_err(), "no such call");
    assert!(said(&mut [9, 0, 0, 0, 1].as_slice(), &mut Vec::new()).is_err(), "cut off");
    assert!(said(&mut [1, 0, 0, 0, 77].as_slice(), &mut Vec::new()).is_err(), "no such frame");
    assert!(greeted(&mut [b'x'; 1 << 15].as_slice()).is_err());
    let mut outbox = Outbox::default();
    let mut wire = Vec::new();
    for frame in [Told::Gate(GateMove::ToNextWait), Told::Ear(true, 7), Told::Leave] {
        outbox.tell(&frame);
        outbox.flush(&mut wire).unwrap();
        assert_eq!(told(&mut wire.as_slice()).unwrap(), Some(frame));
        wire.clear();
    }
}
