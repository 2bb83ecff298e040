//! Each format holds what the rows hold.

use std::sync::{Arc, OnceLock};

use super::*;
use crate::engine::{Cause, ConnId, ConnInfo, Failure, LogView, Operation};
use crate::lab::{EndpointId, Transport};

fn conn(id: u64, side: Side, transport: Transport, [local, peer]: [&str; 2]) -> Arc<ConnInfo> {
    Arc::new(ConnInfo {
        id: ConnId(id),
        session: EndpointId(id),
        side,
        transport,
        session_name: "echo, \"<b>\"".into(),
        number: 3,
        fd: 5,
        local: local.into(),
        peer: peer.into(),
        opened: Duration::ZERO,
        other_end: OnceLock::new(),
    })
}

fn row(conn: &Arc<ConnInfo>, kind: RecordKind, data: &[u8]) -> Record {
    Record { at: Duration::from_millis(118), conn: Arc::clone(conn), kind, data: data.into(), len: data.len() as u32, cut: false }
}

fn rows() -> LogView<Record> {
    let end = conn(1, Side::Server, Transport::Tcp, ["127.0.0.1:7788", "127.0.0.1:50000"]);
    let failure = Failure::because(Operation::Receive, "127.0.0.1:50000", Cause::TimedOut);
    [
        row(&end, RecordKind::Opened, b""),
        row(&end, RecordKind::Received, b"a\"b<\n"),
        row(&end, RecordKind::Sent, &[0xff; 20]),
        row(&end, RecordKind::Received, b""),
        row(&end, RecordKind::Ended(EndReason::Failed(failure)), b""),
    ]
    .into_iter()
    .collect()
}

fn origin() -> Origin<'static> {
    // 2026-03-05T10:42:47Z.
    Origin { lab: "A <lab>", started: SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_707_367) }
}

fn text(format: Format) -> (String, Written) {
    let mut out = Vec::new();
    let written = write(&mut out, rows().iter(), format, &origin()).unwrap();
    (String::from_utf8(out).unwrap(), written)
}

#[test]
fn formats_have_ids_and_extensions_of_their_own() {
    assert!(Format::ALL.iter().all(|f| Format::from_id(f.id()) == Some(*f)));
    let mut extensions: Vec<_> = Format::ALL.iter().map(|f| f.extension()).collect();
    extensions.sort_unstable();
    extensions.dedup();
    assert_eq!(extensions.len(), Format::ALL.len());
}

#[test]
fn times_of_day_are_right_also_in_leap_years() {
    for (secs, expected) in [
        (0, "1970-01-01T00:00:00.000000Z"),
        (951_782_400, "2000-02-29T00:00:00.000000Z"),
        (1_772_707_367, "2026-03-05T10:42:47.000000Z"),
        (4_107_542_399, "2100-02-28T23:59:59.000000Z"),
        (4_107_542_400, "2100-03-01T00:00:00.000000Z"),
    ] {
        assert_eq!(utc(SystemTime::UNIX_EPOCH + Duration::from_secs(secs), Duration::ZERO), expected);
    }
    assert_eq!(utc(SystemTime::UNIX_EPOCH, Duration::from_micros(1_118_000)), "1970-01-01T00:00:01.118000Z");
}

#[test]
fn csv_has_a_line_for_each_row_and_doubles_quotes() {
    let (text, written) = text(Format::Csv);
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    assert_eq!((lines.len(), written), (6, Written { rows: 5, left_out: 0 }));
    let head =
        r#"0.118000000,2026-03-05T10:42:47.118000Z,received,"echo, ""<b>""",server,tcp,3,"127.0.0.1:7788","127.0.0.1:50000",5,false,"","#;
    assert_eq!(lines[2], format!("{head}{}", r#""a""b<\n","61 22 62 3c 0a""#));
    assert!(lines[5].contains("timed out"), "{}", lines[5]);
}

#[test]
fn json_lines_are_objects_with_the_same_keys_for_readers() {
    let (text, _) = text(Format::JsonLines);
    let lines: Vec<RecordLine> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((lines[1].hex.as_str(), lines[1].text.as_str(), lines[1].kind.as_str()), ("61 22 62 3c 0a", "a\"b<\\n", "received"));
    assert_eq!((lines[4].end.as_deref(), lines[2].bytes), (Some("failed"), 20));
    assert!(lines[4].why.as_deref().unwrap().contains("timed out"));
}

#[test]
fn raw_bytes_are_payloads_and_nothing_else() {
    let mut out = Vec::new();
    let written = write(&mut out, rows().iter(), Format::Raw, &origin()).unwrap();
    assert_eq!((out, written), ([&b"a\"b<\n"[..], &[0xff; 20]].concat(), Written { rows: 3, left_out: 2 }));
}

#[test]
fn literals_are_what_their_languages_call_bytes() {
    let (c, written) = text(Format::C);
    assert_eq!(written, Written { rows: 3, left_out: 2 });
    assert!(c.contains("static const unsigned char row_1[5] = {\n    0x61, 0x22, 0x62, 0x3c, 0x0a,\n};\n"), "{c}");
    assert!(c.contains("row_2[20]") && c.contains("row_3[1] = { 0 };"));
    let (rust, _) = text(Format::Rust);
    assert!(rust.contains("pub const ROW_1: [u8; 5] = [\n    0x61, 0x22, 0x62, 0x3c, 0x0a,\n];"), "{rust}");
    assert!(rust.contains("pub const ROW_3: [u8; 0] = [];"));
    let (python, _) = text(Format::Python);
    assert!(python.contains("row_1 = (\n    b\"\\x61\\x22\\x62\\x3c\\x0a\"\n)\n") && python.contains("row_3 = b\"\""), "{python}");
}

#[test]
fn the_page_needs_nothing_else_and_shows_names_as_text() {
    let (html, written) = text(Format::Html);
    assert_eq!(written.rows, 5);
    assert!(html.contains("<title>Traffic of A &lt;lab&gt;</title>") && !html.contains("<b>") && !html.contains("<script"));
    for address in ["http://", "https://", "src=", "href=", "url("] {
        assert!(!html.contains(address), "{address}");
    }
    assert!(html.contains("a&quot;b&lt;<span class=\"esc\">\\n</span>"));
    assert_eq!(html.matches("<tr ").count(), 5);
}

#[test]
fn pcapng_tells_rows_that_have_packets() {
    let mut out = Vec::new();
    let written = write(&mut out, rows().iter(), Format::Pcapng, &origin()).unwrap();
    assert_eq!((written, out.len() % 4), (Written { rows: 5, left_out: 0 }, 0));
}

#[test]
fn copies_are_hex_text_a_shell_command_and_a_program() {
    let view = rows();
    let copy = |how| copy_as(view.iter().skip(1).take(2), how);
    assert_eq!(copy(CopyAs::Hex), format!("61 22 62 3c 0a\n{}", ["ff"; 20].join(" ")));
    assert_eq!(copy_as(view.iter().take(2), CopyAs::Text), "a\"b<\\n");
    assert_eq!(copy_as(view.iter().take(2), CopyAs::Netcat), "printf 'a\"b<\\n' | nc -N 127.0.0.1 7788");
    let python = copy_as(view.iter().take(2), CopyAs::Python);
    assert!(python.contains("s.connect((\"127.0.0.1\", 7788))\n    s.sendall(b\"a\\\"b<\\n\")\n"), "{python}");
    assert_eq!(copy_as(view.iter().take(1), CopyAs::Netcat), "", "no bytes, no command");
    let unix = conn(2, Side::Client, Transport::UnixStream, ["unnamed", "/run/it's"]);
    assert_eq!(
        copy_as([row(&unix, RecordKind::Sent, b"50%\\'\x01")].iter(), CopyAs::Netcat),
        r"printf '50%%\\\047\001' | nc -N -U '/run/it'\''s'"
    );
    let six = conn(2, Side::Server, Transport::Udp, ["[::]:9", "[::1]:50000"]);
    let datagrams = [row(&six, RecordKind::Received, b"1"), row(&six, RecordKind::Received, b"2")];
    let command = copy_as(datagrams.iter(), CopyAs::Netcat);
    assert_eq!(command, "printf '1' | nc -u -w1 ::1 9\nprintf '2' | nc -u -w1 ::1 9");
    assert!(copy_as(datagrams.iter(), CopyAs::Python).contains("socket.AF_INET6, socket.SOCK_DGRAM"));
}

/// The shell's own printf gives the bytes back.
#[cfg(unix)]
#[test]
fn every_byte_survives_the_shell() {
    let all: Vec<u8> = (0..=255).collect();
    let end = conn(1, Side::Client, Transport::Tcp, ["127.0.0.1:5", "127.0.0.1:6"]);
    let command = copy_as([row(&end, RecordKind::Sent, &all)].iter(), CopyAs::Netcat);
    let print = command.strip_suffix(" | nc -N 127.0.0.1 6").unwrap();
    let output = std::process::Command::new("sh").args(["-c", print]).output().unwrap();
    assert_eq!(output.stdout, all);
}
