//! What is exported comes back; what other programs wrote is understood; anything else is refused.

use proptest::prelude::*;

use super::*;
use crate::engine::{ConnId, ConnInfo, EndReason, RecordKind};
use crate::lab::{EndpointId, Side, Step, Transport};
use crate::report::export::{Format, Origin, write};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

fn conn(id: u64, side: Side, transport: Transport) -> Arc<ConnInfo> {
    let (server, client) = match transport {
        Transport::Tcp | Transport::Udp => ("127.0.0.1:7788".to_owned(), format!("127.0.0.1:{}", 50_000 + id)),
        Transport::UnixStream | Transport::UnixDgram => ("/run/server".to_owned(), format!("/run/client-{id}")),
    };
    let (local, peer) = if side == Side::Server { (server, client) } else { (client, server) };
    Arc::new(ConnInfo {
        id: ConnId(id),
        session: EndpointId(1),
        side,
        transport,
        session_name: format!("an end {id}").into(),
        number: id as u32,
        fd: 5,
        local: local.into(),
        peer: peer.into(),
        opened: Duration::ZERO,
        other_end: OnceLock::new(),
    })
}

fn row(at_us: u64, conn: &Arc<ConnInfo>, kind: RecordKind, data: &[u8]) -> Record {
    Record { at: Duration::from_micros(at_us), conn: Arc::clone(conn), kind, data: data.into(), len: data.len() as u32, cut: false }
}

const STARTED: Duration = Duration::from_secs(1_772_707_367);

fn there_and_back(rows: &[Record], format: Format) -> Imported {
    let mut file = Vec::new();
    let origin = Origin { lab: "lab", started: SystemTime::UNIX_EPOCH + STARTED };
    write(&mut file, rows.iter(), format, &origin).unwrap();
    read(&file[..], &Limits::default()).unwrap()
}

/// Everything about a row that both formats keep.
type Kept = (Duration, RecordKind, Vec<u8>, u32, bool, (Side, Transport, String, u32, String, String));

fn kept(rows: impl IntoIterator<Item = Record>, started: SystemTime) -> Vec<Kept> {
    let day = started.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let row = |r: Record| {
        let c = &r.conn;
        let conn = (c.side, c.transport, c.session_name.to_string(), c.number, c.local.to_string(), c.peer.to_string());
        (day + r.at, r.kind.clone(), r.data.to_vec(), r.len, r.cut, conn)
    };
    rows.into_iter().map(row).collect()
}

#[test]
fn a_talk_comes_back_from_both_formats() {
    let end = conn(1, Side::Server, Transport::Tcp);
    let rows = [
        row(5, &end, RecordKind::Opened, b""),
        row(6, &end, RecordKind::Received, b"hello"),
        Record { len: 70_000, ..row(7, &end, RecordKind::Sent, &[1; 65_536]) },
        row(8, &end, RecordKind::Sent, &[2; 65_536]),
        row(9, &end, RecordKind::Ended(EndReason::Idle), b""),
    ];
    for format in [Format::Pcapng, Format::JsonLines] {
        let back = there_and_back(&rows, format);
        assert_eq!((back.left_out, back.is_cropped, back.is_cut_off), (0, false, false));
        let expected = kept(rows.iter().cloned(), SystemTime::UNIX_EPOCH + STARTED);
        assert_eq!(kept(back.records.iter().cloned(), back.started), expected, "{format:?}");
    }
}

#[test]
fn failures_keep_their_words_and_ends_their_partner() {
    let [one, other] = [conn(1, Side::Client, Transport::Tcp), conn(2, Side::Server, Transport::Tcp)];
    one.other_end.set((EndpointId(2), ConnId(2), "an end 2".into())).unwrap();
    let failed = RecordKind::Ended(json::failed("x", "the cable burned"));
    let back = there_and_back(&[row(1, &one, failed, b""), row(2, &other, RecordKind::Opened, b"")], Format::JsonLines);
    let first = back.records.iter().next().unwrap();
    assert!(matches!(&first.kind, RecordKind::Ended(EndReason::Failed(f)) if f.to_string().contains("the cable burned")));
    let (session, id, name) = first.conn.other_end.get().unwrap();
    assert!(session.0 >= FIRST_ID && id.0 == FIRST_ID + 1 && &**name == "an end 2");
}

#[test]
fn limits_crop_and_say_so() {
    let end = conn(1, Side::Server, Transport::Tcp);
    let rows: Vec<_> = (0..100).map(|n| row(n, &end, RecordKind::Sent, b"0123456789")).collect();
    for format in [Format::Pcapng, Format::JsonLines] {
        let mut file = Vec::new();
        write(&mut file, rows.iter(), format, &Origin { lab: "lab", started: SystemTime::UNIX_EPOCH }).unwrap();
        for limits in [Limits { rows: 10, bytes: 1 << 20 }, Limits { rows: 1_000, bytes: 105 }] {
            let back = read(&file[..], &limits).unwrap();
            assert_eq!((back.records.len(), back.is_cropped), (10, true));
        }
    }
}

#[test]
fn what_is_no_traffic_is_refused() {
    for (bytes, words) in [
        (&b""[..], "neither pcapng nor JSON lines"),
        (b"  \n ", "neither"),
        (b"hello", "neither"),
        (b"{\"seconds\":1}\n", "line 1: missing field"),
        (&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], "save it as pcapng"),
    ] {
        let error = read(bytes, &Limits::default()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let end = conn(1, Side::Server, Transport::Tcp);
    let mut file = Vec::new();
    let origin = Origin { lab: "", started: SystemTime::UNIX_EPOCH };
    write(&mut file, [row(1, &end, RecordKind::Sent, b"x")].iter(), Format::JsonLines, &origin).unwrap();
    let text = String::from_utf8(file).unwrap();
    for (from, to, words) in [
        ("\"sent\"", "\"flown\"", "'flown' is no kind"),
        ("\"78\"", "\"7\"", "half a byte"),
        ("\"bytes\":1", "\"bytes\":0", "1 bytes, but the call moved 0"),
        ("\"seconds\":1e-6", "\"seconds\":-1", "no time"),
    ] {
        assert!(text.contains(from), "{text}");
        let error = read(text.replace(from, to).as_bytes(), &Limits::default()).unwrap_err().to_string();
        assert!(error.contains("line 1") && error.contains(words), "{error}");
    }
    let cut = [text.as_bytes(), &text.as_bytes()[..40]].concat();
    let back = read(&cut[..], &Limits::default()).unwrap();
    assert_eq!((back.records.len(), back.is_cut_off), (1, true));
}

#[test]
fn a_replay_sends_what_one_side_sent_in_its_rhythm() {
    let end = conn(1, Side::Client, Transport::Tcp);
    let rows = [
        row(0, &end, RecordKind::Opened, b""),
        row(1_000, &end, RecordKind::Sent, b"\x01\x02"),
        row(2_000, &end, RecordKind::Received, b"answer"),
        row(251_000, &end, RecordKind::Sent, b"\x03"),
        Record { len: 9, ..row(251_001, &end, RecordKind::Sent, b"front") },
    ];
    let Replay { sequence, left_out } = replay(rows.iter(), Side::Client, "again");
    let sent = |step: &Step| match step {
        Step::Send(packet) => packet.body.clone(),
        Step::Wait(ms) => format!("{ms} ms"),
        Step::Reply { .. } => "reply".to_owned(),
    };
    assert_eq!((sequence.steps.iter().map(sent).collect::<Vec<_>>().join(", "), left_out), ("01 02, 250 ms, 03".to_owned(), 1));
    let theirs = replay(rows.iter(), Side::Server, "answers").sequence.steps;
    assert_eq!(theirs.iter().map(sent).collect::<Vec<_>>(), ["61 6e 73 77 65 72"]);
}

/// What may happen on one connection, as rows.
fn talks() -> impl Strategy<Value = Vec<Record>> {
    let data = proptest::collection::vec(any::<u8>(), 1..300);
    let moves = proptest::collection::vec((any::<bool>(), data, 0..10_000_u64), 0..12);
    let transports = prop_oneof![Just(Transport::Tcp), Just(Transport::UnixStream), Just(Transport::Udp), Just(Transport::UnixDgram)];
    let ends = prop_oneof![
        Just(None),
        Just(Some(EndReason::Orderly)),
        Just(Some(EndReason::Reset)),
        Just(Some(EndReason::Here)),
        Just(Some(EndReason::Service)),
        Just(Some(json::failed("e", "words"))),
    ];
    let talk = (any::<bool>(), transports, moves, ends);
    proptest::collection::vec(talk, 1..4).prop_map(|talks| {
        let mut at = 0;
        let mut rows = Vec::new();
        for (id, (is_server, transport, moves, end)) in (1..).zip(talks) {
            let conn = conn(id, if is_server { Side::Server } else { Side::Client }, transport);
            let stream = transport.is_stream();
            if stream {
                rows.push(row(at, &conn, RecordKind::Opened, b""));
            }
            for (is_sent, data, pause) in moves {
                at += pause;
                rows.push(row(at, &conn, if is_sent { RecordKind::Sent } else { RecordKind::Received }, &data));
            }
            rows.extend(end.filter(|_| stream).map(|end| row(at, &conn, RecordKind::Ended(end), b"")));
        }
        rows
    })
}

/// Failures keep their words only.
fn worded(rows: Vec<Kept>) -> Vec<Kept> {
    let words = |kind: RecordKind| match kind {
        RecordKind::Ended(EndReason::Failed(f)) => {
            let said = f.to_string();
            RecordKind::Ended(json::failed("", if said.contains("words") { "words" } else { &said }))
        }
        other => other,
    };
    rows.into_iter().map(|row| (row.0, words(row.1), row.2, row.3, row.4, row.5)).collect()
}

proptest! {
    #[test]
    fn export_and_import_give_the_same_rows(rows in talks()) {
        let expected = worded(kept(rows.iter().cloned(), SystemTime::UNIX_EPOCH + STARTED));
        for format in [Format::JsonLines, Format::Pcapng] {
            let back = there_and_back(&rows, format);
            prop_assert_eq!(back.left_out, 0);
            prop_assert_eq!(&worded(kept(back.records.iter().cloned(), back.started)), &expected, "{:?}", format);
        }
    }

    #[test]
    fn any_bytes_are_rows_or_refused(bytes: Vec<u8>, at in 0..3_000_usize, rows in talks()) {
        let _refused = read(&bytes[..], &Limits::default());
        for format in [Format::JsonLines, Format::Pcapng] {
            let mut file = Vec::new();
            write(&mut file, rows.iter(), format, &Origin { lab: "", started: SystemTime::UNIX_EPOCH }).unwrap();
            let at = at.min(file.len());
            let end = (at + bytes.len()).min(file.len());
            file[at..end].copy_from_slice(&bytes[..end - at]);
            let _refused = read(&file[..], &Limits::default());
        }
    }
}
