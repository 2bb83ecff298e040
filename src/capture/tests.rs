//! What is written reads back, any file is read or refused, checksums are right, and each connection is told once.

use std::net::SocketAddr;

use proptest::prelude::*;

use super::*;

const CLIENT: &str = "127.0.0.1:50000";
const SERVER: &str = "127.0.0.1:80";

fn end(id: u64, side: Side, transport: Transport, [local, peer]: [&'static str; 2]) -> End<'static> {
    End { id, other: None, side, transport, name: "an \"end\"", number: 7, local, peer }
}

fn client(id: u64) -> End<'static> {
    end(id, Side::Client, Transport::Tcp, [CLIENT, SERVER])
}

fn server(id: u64) -> End<'static> {
    end(id, Side::Server, Transport::Tcp, [SERVER, CLIENT])
}

fn moved(data: &[u8]) -> Moved<'_> {
    Moved { data, len: data.len() as u32, cut: false }
}

/// A packet as it was read back.
#[derive(Debug, PartialEq)]
struct Back {
    at_ns: u64,
    from: SocketAddr,
    to: SocketAddr,
    flags: String,
    seq: u32,
    data: Vec<u8>,
    len: usize,
    note: Note,
}

fn back(capture: &Capture) -> Vec<Back> {
    let mut reader = Reader::new(capture.bytes());
    let mut packets = Vec::new();
    while let Some(packet) = reader.next_packet().unwrap() {
        let d = dissect(packet.link, packet.data).unwrap();
        assert_eq!(packet.len as usize - packet.data.len(), d.len - d.data.len(), "both lengths tell what is missing");
        let flag = |is: bool, letter: char| is.then_some(letter);
        let flags = d.tcp.map_or_else(String::new, |t| {
            [flag(t.syn, 'S'), flag(t.fin, 'F'), flag(t.rst, 'R'), flag(t.push, 'P'), flag(t.ack, 'A')].into_iter().flatten().collect()
        });
        let note = packet.comment.and_then(Note::from_comment).unwrap_or_default();
        let seq = d.tcp.map_or(0, |t| t.seq);
        packets.push(Back { at_ns: packet.at_ns, from: d.from, to: d.to, flags, seq, data: d.data.to_vec(), len: d.len, note });
    }
    assert!(reader.is_ours() && !reader.is_cut_off());
    packets
}

fn flags(packets: &[Back]) -> Vec<&str> {
    packets.iter().map(|p| p.flags.as_str()).collect()
}

#[test]
fn a_connection_has_a_handshake_numbers_and_an_end() {
    let mut capture = Capture::new("lab");
    let tell = |capture: &mut Capture, at_ns, what| capture.push(&Told { at_ns, end: client(1), what });
    assert!(tell(&mut capture, 5, What::Opened));
    assert!(tell(&mut capture, 1 << 40, What::Sent(moved(b"hello"))));
    assert!(tell(&mut capture, (1 << 40) + 1, What::Received(moved(b"hi"))));
    assert!(tell(&mut capture, (1 << 40) + 2, What::Sent(moved(b"bye"))));
    assert!(tell(&mut capture, (1 << 40) + 3, What::Ended(Ended::Orderly)));
    let packets = back(&capture);
    assert_eq!(flags(&packets), ["S", "SA", "A", "PA", "PA", "PA", "FA", "FA", "A"]);
    assert_eq!(packets.iter().map(|p| p.seq).collect::<Vec<_>>(), [0, 0, 1, 1, 1, 6, 3, 9, 4]);
    assert_eq!((packets[0].from.to_string(), packets[0].to.to_string()), (CLIENT.to_owned(), SERVER.to_owned()));
    assert_eq!((packets[4].from.to_string(), packets[4].data.as_slice()), (SERVER.to_owned(), &b"hi"[..]));
    assert_eq!(packets[3].at_ns, 1 << 40);
    let note = &packets[0].note;
    assert_eq!((note.endpoint.as_deref(), note.side, note.connection), (Some("an \"end\""), Some(Side::Client), Some(7)));
    assert_eq!((&note.local, note.transport), (&None, None));
    assert_eq!(packets[1].note, Note::default());
}

#[test]
fn how_it_ended_is_seen() {
    let ends = |opened: bool, how: Ended<'_>| {
        let mut capture = Capture::new("lab");
        if opened {
            capture.push(&Told { at_ns: 0, end: client(1), what: What::Opened });
        }
        let before = capture.packets() as usize;
        capture.push(&Told { at_ns: 1, end: client(1), what: What::Ended(how) });
        let packets = back(&capture).split_off(before);
        (packets.iter().map(|p| p.flags.clone()).collect::<Vec<_>>().join(" "), packets[0].note.end.clone())
    };
    let why = |text: &str| Some(text.to_owned());
    assert_eq!(ends(true, Ended::Reset), ("RA".to_owned(), None));
    assert_eq!(ends(true, Ended::Here("idle")), ("FA".to_owned(), why("idle")));
    assert_eq!(ends(false, Ended::Refused("refused")), ("S RA".to_owned(), why("refused")));
    assert_eq!(ends(false, Ended::Failed("timed out")), ("S".to_owned(), why("timed out")));
    assert_eq!(ends(true, Ended::Failed("timed out")), ("A".to_owned(), why("timed out")));
}

#[test]
fn two_ends_of_ours_are_told_once_whoever_comes_first() {
    for client_first in [true, false] {
        let mut capture = Capture::new("lab");
        let ends = if client_first { [client(1), server(2)] } else { [server(2), client(1)] };
        let tell = |capture: &mut Capture, end, what| capture.push(&Told { at_ns: 0, end, what });
        for generation in 0..3 {
            let [first, second] = ends.map(|e| End { id: e.id + 10 * generation, ..e });
            assert!(tell(&mut capture, first, What::Opened) && !tell(&mut capture, second, What::Opened));
            let data = What::Sent(moved(b"x"));
            assert!(tell(&mut capture, first, data) && !tell(&mut capture, second, What::Received(moved(b"x"))));
            assert!(tell(&mut capture, first, What::Ended(Ended::Orderly)));
            // The other end may still be reading, or be seen for the first time only now.
            assert!(!tell(&mut capture, second, What::Received(moved(b"y"))));
            assert!(!tell(&mut capture, second, What::Ended(Ended::Orderly)));
        }
        assert_eq!(back(&capture).len(), 3 * 7);
    }
}

#[test]
fn an_end_that_comes_late_is_still_the_second_telling() {
    let mut capture = Capture::new("lab");
    let mut tell = |end, what| capture.push(&Told { at_ns: 0, end, what });
    assert!(tell(client(1), What::Opened) && tell(client(1), What::Ended(Ended::Orderly)));
    assert!(!tell(server(2), What::Opened), "it accepted when the client was gone");
    assert!(tell(client(3), What::Opened), "the same port again");
    assert!(!tell(End { other: Some(3), ..server(4) }, What::Opened));
    assert!(tell(End { other: Some(99), ..server(5) }, What::Opened), "another connection's end");
}

#[test]
fn datagrams_of_a_server_on_a_wildcard_address_meet_their_client() {
    let mut capture = Capture::new("lab");
    let served = end(1, Side::Server, Transport::Udp, ["0.0.0.0:53", "127.0.0.1:9"]);
    let asking = end(2, Side::Client, Transport::Udp, ["127.0.0.1:9", "127.0.0.1:53"]);
    let data = [7; 100];
    assert!(!capture.push(&Told { at_ns: 0, end: asking, what: What::Opened }), "datagrams open nothing on the wire");
    assert!(capture.push(&Told { at_ns: 1, end: asking, what: What::Sent(moved(&data)) }));
    assert!(!capture.push(&Told { at_ns: 2, end: served, what: What::Received(Moved { cut: true, ..moved(&data[..50]) }) }));
    assert!(capture.push(&Told { at_ns: 3, end: asking, what: What::Received(Moved { cut: true, ..moved(b"a") }) }));
    let packets = back(&capture);
    assert_eq!(packets.len(), 2);
    assert_eq!((packets[0].to.to_string(), packets[0].len, packets[1].note.cut), ("127.0.0.1:53".to_owned(), 100, true));
}

#[test]
fn unix_sockets_have_stand_ins_whose_comments_say_the_path() {
    let mut capture = Capture::new("lab");
    capture.serves("/run/s");
    let unnamed = |id, side| match side {
        Side::Client => end(id, side, Transport::UnixStream, ["unnamed", "/run/s"]),
        Side::Server => end(id, side, Transport::UnixStream, ["/run/s", "unnamed"]),
    };
    assert!(!capture.push(&Told { at_ns: 0, end: unnamed(1, Side::Client), what: What::Opened }), "the server tells");
    assert!(capture.push(&Told { at_ns: 0, end: unnamed(2, Side::Server), what: What::Opened }));
    assert!(capture.push(&Told { at_ns: 0, end: unnamed(3, Side::Server), what: What::Opened }));
    let outside = end(4, Side::Client, Transport::UnixDgram, ["/run/c", "/run/other"]);
    let large = vec![5; 65_536];
    assert!(capture.push(&Told { at_ns: 1, end: outside, what: What::Sent(moved(&large)) }));
    let packets = back(&capture);
    assert_eq!((packets[0].to.to_string(), packets[0].from.to_string()), ("192.0.2.1:1".to_owned(), "192.0.2.2:1024".to_owned()));
    assert_eq!(packets[3].from.to_string(), "192.0.2.2:1025");
    assert_eq!((packets[6].to.to_string(), packets[6].note.more), ("192.0.2.1:2".to_owned(), true));
    let note = &packets[6].note;
    assert_eq!((note.transport, note.peer.as_deref()), (Some(Transport::UnixDgram), Some("/run/other")));
    assert_eq!((packets[6].len + packets[7].len, packets[7].note.more), (65_536, false));
}

#[test]
fn what_is_missing_and_what_is_long_keeps_the_numbers_right() {
    let mut capture = Capture::new("lab");
    let data = vec![1; 1 << 16];
    capture.push(&Told { at_ns: 0, end: client(1), what: What::Sent(Moved { data: &data, len: 3 << 20, cut: false }) });
    capture.push(&Told { at_ns: 0, end: client(1), what: What::Sent(moved(b"next")) });
    let packets = back(&capture);
    let next = packets.last().unwrap();
    assert_eq!((next.seq, next.data.as_slice()), (1 + (3 << 20), &b"next"[..]));
    assert_eq!(packets.iter().filter(|p| p.flags == "A" && p.len == 0).count(), 1, "the other side acknowledges a long stream");
    assert_eq!(packets.iter().filter(|p| p.flags == "PA").count(), 2, "one push for each call");
    assert_eq!(packets.iter().map(|p| p.data.len()).sum::<usize>(), data.len() + 4);
}

#[test]
fn addresses_of_both_families_and_without_a_meaning() {
    for (local, peer, from) in [
        ("[::1]:5", "[::1]:6", "[::1]:5"),
        ("[::]:5", "[::ffff:127.0.0.1]:6", "127.0.0.1:5"),
        ("0.0.0.0:5", "192.168.1.7:6", "0.0.0.0:5"),
        ("", "127.0.0.1:6", "127.0.0.1:0"),
        ("no address", "nowhere", "192.0.2.2:1024"),
    ] {
        let mut capture = Capture::new("lab");
        let end = End { local, peer, ..client(1) };
        capture.push(&Told { at_ns: 0, end, what: What::Sent(moved(b"odd")) });
        let packets = back(&capture);
        assert_eq!(packets[0].from.to_string(), from);
        checksums(&capture);
    }
}

/// RFC 1071: summed up with its checksum, whatever is right gives all ones.
fn checksums(capture: &Capture) {
    let mut reader = Reader::new(capture.bytes());
    while let Some(packet) = reader.next_packet().unwrap() {
        let (ip, is_v4) = (packet.data, packet.data[0] >> 4 == 4);
        let (head, addresses, protocol) = if is_v4 { (20, &ip[12..20], ip[9]) } else { (40, &ip[8..40], ip[6]) };
        if is_v4 {
            assert_eq!(headers::finish(headers::sum(0, &ip[..20])), 0);
        }
        let body = &ip[head..];
        let pseudo = headers::sum(u64::from(protocol) + (packet.len as usize - head) as u64, addresses);
        assert_eq!(headers::finish(headers::sum(pseudo, body)), 0);
    }
}

#[test]
fn a_file_that_was_cut_off_is_read_up_to_there() {
    let mut capture = Capture::new("lab");
    for at_ns in 0..3 {
        capture.push(&Told { at_ns, end: client(1), what: What::Sent(moved(b"abc")) });
    }
    let whole = capture.bytes();
    let mut counts = Vec::new();
    for cut in 0..whole.len() {
        let mut reader = Reader::new(&whole[..cut]);
        let mut count = 0;
        let result = loop {
            match reader.next_packet() {
                Ok(Some(_)) => count += 1,
                Ok(None) => break Ok(()),
                Err(e) => break Err(e),
            }
        };
        assert!(result.is_ok() || cut < 12, "{cut}: {result:?}");
        counts.push(count);
    }
    assert!(counts.is_sorted() && counts.last() == Some(&2));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>, at in 0..400_usize, link in 0..300_u16) {
        let mut capture = Capture::new("lab");
        capture.push(&Told { at_ns: 0, end: client(1), what: What::Sent(moved(&bytes)) });
        let mut file = capture.bytes().to_vec();
        let end = (at + bytes.len()).min(file.len());
        if at < end {
            file[at..end].copy_from_slice(&bytes[..end - at]);
        }
        for file in [&file[..], &bytes[..]] {
            let mut reader = Reader::new(file);
            while let Ok(Some(packet)) = reader.next_packet() {
                if let Some(d) = dissect(packet.link, packet.data) {
                    prop_assert!(d.data.len() <= d.len);
                }
            }
        }
        dissect(link, &bytes);
    }

    #[test]
    fn payloads_and_checksums_survive(
        calls in proptest::collection::vec((any::<bool>(), proptest::collection::vec(any::<u8>(), 0..400)), 1..20),
        udp: bool,
        six: bool,
    ) {
        let mut capture = Capture::new("lab");
        let transport = if udp { Transport::Udp } else { Transport::Tcp };
        let addresses = if six { ["[::1]:9", "[fe80::2]:10"] } else { ["10.0.0.1:9", "127.0.0.1:10"] };
        let end = end(1, Side::Client, transport, addresses);
        for (sent, data) in &calls {
            let what = if *sent { What::Sent(moved(data)) } else { What::Received(moved(data)) };
            let told = Told { at_ns: 0, end, what };
            prop_assert!(capture.push(&told));
        }
        checksums(&capture);
        let packets = back(&capture);
        let read: Vec<_> = packets.iter().map(|p| (p.from.to_string() == addresses[0], p.data.clone())).collect();
        prop_assert_eq!(read, calls);
    }
}
