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
    let moves = proptest::collection::vec((any::<bool>(), data, 0..10_000_u64), 1..12);
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

/// The blocks of a pcapng file, in its order; packets (type 6) apart from what stands before them.
fn blocks(file: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let (mut head, mut packets, mut rest) = (Vec::new(), Vec::new(), file);
    while let Some(len) = rest.get(4..8) {
        let len = u32::from_le_bytes(len.try_into().unwrap()) as usize;
        let (block, after) = rest.split_at(len);
        rest = after;
        match block[..4] {
            [6, 0, 0, 0] => packets.push(block.to_vec()),
            _ if packets.is_empty() => head.extend_from_slice(block),
            _ => {}
        }
    }
    (head, packets)
}

fn talk_of(moves: &[(bool, Vec<u8>)]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let end = conn(1, Side::Client, Transport::Tcp);
    let mut rows = vec![row(0, &end, RecordKind::Opened, b"")];
    let kind = |is_sent| if is_sent { RecordKind::Sent } else { RecordKind::Received };
    rows.extend((1..).zip(moves).map(|(at, (is_sent, data))| row(at, &end, kind(*is_sent), data)));
    rows.push(row(10_000, &end, RecordKind::Ended(EndReason::Orderly), b""));
    let mut file = Vec::new();
    write(&mut file, rows.iter(), Format::Pcapng, &Origin { lab: "", started: SystemTime::UNIX_EPOCH }).unwrap();
    blocks(&file)
}

fn bytes(back: &Imported, kind: &RecordKind) -> Vec<u8> {
    back.records.iter().filter(|r| r.kind == *kind).flat_map(|r| r.data.iter().copied()).collect()
}

#[test]
fn what_no_packet_has_is_told_as_a_gap() {
    let moves: Vec<_> = [&b"one"[..], b"two", b"three"].map(|data| (true, data.to_vec())).into();
    let (mut file, mut packets) = talk_of(&moves);
    packets.remove(4);
    file.extend(packets.concat());
    let back = read(&file[..], &Limits::default()).unwrap();
    let rows: Vec<_> = back.records.iter().map(|r| (r.kind.clone(), r.data.to_vec(), r.len)).collect();
    let sent = |data: &[u8], len| (RecordKind::Sent, data.to_vec(), len);
    let expected = [sent(b"one", 3), sent(b"", 3), sent(b"three", 5)];
    assert_eq!((&rows[1..4], back.missing, back.left_out), (&expected[..], 3, 0));
    assert_eq!(rows[4].0, RecordKind::Ended(EndReason::Orderly));
}

#[test]
fn a_file_cut_anywhere_has_the_rows_before_the_cut() {
    let moves: Vec<_> = (0..20_u8).map(|n| (n % 3 > 0, vec![n; 7 + usize::from(n)])).collect();
    let (mut file, packets) = talk_of(&moves);
    let begin = file.len();
    let mut ends = vec![begin];
    for packet in packets {
        file.extend(packet);
        ends.push(file.len());
    }
    let whole = read(&file[..], &Limits::default()).unwrap();
    let mut told = 0;
    for cut in begin..file.len() {
        let back = read(&file[..cut], &Limits::default()).unwrap();
        assert_eq!(back.is_cut_off, !ends.contains(&cut), "{cut}");
        assert!(back.records.len() >= told && back.records.iter().zip(whole.records.iter()).all(|(a, b)| a.data == b.data));
        told = back.records.len();
    }
}

proptest! {
    /// Packets that overtake each other by some places, and some that come twice.
    #[test]
    fn any_order_of_segments_gives_the_same_bytes(
        moves in proptest::collection::vec((any::<bool>(), proptest::collection::vec(any::<u8>(), 1..200)), 1..60),
        late in proptest::collection::vec((0..40_usize, proptest::option::of(0..40_usize)), 80),
    ) {
        let (mut file, packets) = talk_of(&moves);
        // The handshake comes first.
        let (handshake, others) = packets.split_at(3);
        let mut order: Vec<(usize, usize)> = Vec::new();
        for (n, (by, again)) in (0..others.len()).zip(late.iter().cycle()) {
            order.push((n + by, n));
            order.extend(again.map(|again| (n + again, n)));
        }
        order.sort();
        file.extend(handshake.concat());
        order.iter().for_each(|(_, n)| file.extend_from_slice(&others[*n]));
        let back = read(&file[..], &Limits::default()).unwrap();
        for (is_sent, kind) in [(true, RecordKind::Sent), (false, RecordKind::Received)] {
            let expected: Vec<u8> = moves.iter().filter(|m| m.0 == is_sent).flat_map(|m| m.1.iter().copied()).collect();
            prop_assert_eq!(bytes(&back, &kind), expected);
        }
        prop_assert_eq!(back.missing, 0);
        let ends = back.records.iter().filter(|r| matches!(r.kind, RecordKind::Ended(_))).count();
        prop_assert_eq!((ends, back.records.iter().last().map(|r| r.kind.clone())), (1, Some(RecordKind::Ended(EndReason::Orderly))));
    }

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
