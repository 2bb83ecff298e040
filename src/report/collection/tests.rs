//! Both formats by samples that were written by hand, and any packet through either of them.

use proptest::prelude::*;

use super::*;

const JSON: &[u8] = include_bytes!("../../../tests/packets/packet-sender.json");
const INI: &[u8] = include_bytes!("../../../tests/packets/packet-sender.ini");

fn lines(found: &Collection) -> Vec<(String, String, u64, u32)> {
    let line = |p: &SavedPacket| (format!("{} | {}", p.folder, p.name), p.packet.body.clone(), p.packet.every_ms, p.packet.times);
    found.packets.iter().map(line).collect()
}

fn line(place: &str, body: &str, every_ms: u64) -> (String, String, u64, u32) {
    (place.to_owned(), body.to_owned(), every_ms, u32::from(every_ms == 0))
}

#[test]
fn the_json_sample_is_read() {
    let found = read(JSON).unwrap().unwrap();
    let wanted = [
        line("Packet Sender/TCP 127.0.0.1:7788 | hello", "48 65 6c 6c 6f", 0),
        line("Packet Sender/UDP [::1]:502 | read ten registers", "01 03 00 00 00 0a c5 cd", 250),
        line("Packet Sender/SSL example.org:443 | 你好 / héllo", "ff 00", 1_500),
    ];
    assert_eq!(lines(&found), wanted);
    assert_eq!((found.http, found.encrypted), (1, 1));
    assert!(found.packets.iter().all(|p| p.packet.format == PacketFormat::Hex && !p.packet.framed));
}

#[test]
fn the_ini_sample_is_read_in_the_order_of_its_list() {
    let found = read(INI).unwrap().unwrap();
    let wanted = [
        line("Packet Sender/TCP 127.0.0.1:7788 | My packet", "01 02", 10),
        line("Packet Sender/SSL [::1]:7788 | 你好, \"world\"", "e4 bd a0 e5 a5 bd", 0),
        line("Packet Sender/UDP 127.0.0.1:9 | General", "47 45 4e", 0),
        line("Packet Sender/TCP | € sign", "e2 82 ac", 2_000),
    ];
    assert_eq!(lines(&found), wanted);
    assert_eq!((found.http, found.encrypted), (1, 1));
}

#[test]
fn mistakes_name_the_packet_and_the_place() {
    let said = |file: &str| read(file.as_bytes()).unwrap().unwrap_err().to_string();
    let odd = said(r#"[{"name": "odd", "hexstring": "48 6"}]"#);
    assert!(odd.starts_with("packet 'odd', hex column 4: half a byte"), "{odd}");
    let no_digit = said("[a]\nhexString=48 zz\n");
    assert!(no_digit.starts_with("packet 'a', hex column 4: 'z' is not a hex digit"), "{no_digit}");
    assert!(said(r#"[{"name": "n", "hexstring": "", "repeat": "soon"}]"#).contains("'soon'"));
    assert!(said(r#"[{"name": "n", "repeat": "-1"}]"#).contains("'-1'"));
    assert!(said("[{\"name\": \"n\",\n}]").starts_with("line 2, column 1: "));
    let many = format!("[{}]", vec![r#"{"hexstring": "00"}"#; MAX_PACKETS + 1].join(","));
    assert_eq!(read(many.as_bytes()).unwrap(), Err(CollectionError::TooMany));
}

#[test]
fn other_files_are_none_of_these() {
    let lab = "name = \"lab\"\n[[packet]]\nname = \"a\"\nbody = \"hexString=\"\n";
    for other in ["", "[", "[1, 2]", "{}", lab, "[section]\nkey=1\n", "hexString=00\n"] {
        assert!(read(other.as_bytes()).is_none(), "{other}");
    }
    assert_eq!(read(b"[]"), Some(Ok(Collection::default())));
}

#[test]
fn what_is_missing_has_a_name_and_latin_1_is_read() {
    let found = read(b"[{\"hexstring\": \"\"}, {\"name\": \"a\\nb\", \"hexstring\": \"00\"}]").unwrap().unwrap();
    assert_eq!(found.packets.iter().map(|p| (&*p.name, &*p.folder)).collect::<Vec<_>>(), [("packet", FOLDER), ("a b", FOLDER)]);
    let found = read(b"[caf%E9]\nhexString=@ByteArray(00)\n[x]\nname=@@caf\xe9\nhexString=\n").unwrap().unwrap();
    assert_eq!(found.packets.iter().map(|p| (&*p.name, &*p.packet.body)).collect::<Vec<_>>(), [("café", "00"), ("@café", "")]);
}

/// As QSettings writes the name of a section.
fn header(name: &str) -> String {
    let mut text = String::new();
    for unit in name.encode_utf16() {
        match u8::try_from(unit) {
            Ok(b) if b.is_ascii_alphanumeric() || b"_-.".contains(&b) => text.push(char::from(b)),
            Ok(b) => text.push_str(&format!("%{b:02X}")),
            Err(_) => text.push_str(&format!("%U{unit:04X}")),
        }
    }
    text
}

/// As it writes a value: quoted, and everything beyond ASCII escaped. After `\x…` a hex digit is escaped too.
fn quoted(value: &str) -> String {
    let (mut text, mut after_escape) = (String::from("\""), false);
    for unit in value.encode_utf16() {
        match u8::try_from(unit).map(char::from) {
            Ok(c @ ('"' | '\\')) => text.extend(['\\', c]),
            Ok(c) if (' '..='~').contains(&c) && !(after_escape && c.is_ascii_hexdigit()) => text.push(c),
            _ => {
                text.push_str(&format!("\\x{unit:x}"));
                after_escape = true;
                continue;
            }
        }
        after_escape = false;
    }
    text.push('"');
    text
}

proptest! {
    #[test]
    fn a_packet_comes_back_from_both_formats(name in "[ -~一-龥é€😀]{1,24}", bytes: Vec<u8>, ms in 0_u64..100_000) {
        prop_assume!(!name.trim().is_empty() && !name.starts_with('@'));
        let hex: String = bytes.iter().map(|b| format!("{b:02X} ")).collect();
        let repeat = ms as f64 / 1e3;
        let json = serde_json::json!([{"name": name, "hexstring": hex, "repeat": repeat.to_string(), "tcporudp": "TCP"}]).to_string();
        let ini = format!(
            "[{}]\nhexString={hex}\nname={}\nrepeat={repeat}\ntcpOrUdp=TCP\n",
            header(&name), quoted(&name)
        );
        let wanted = line(&format!("Packet Sender/TCP | {}", name.trim()), &to_hex(&bytes, usize::MAX), ms);
        for file in [json, ini] {
            let found = read(file.as_bytes()).unwrap().unwrap();
            prop_assert_eq!(lines(&found), vec![wanted.clone()]);
        }
        let headed = ini::read(format!("[{}]\nhexString=00\n", header(&name)).as_bytes());
        prop_assert_eq!(headed[0]["name"].trim(), name.trim());
    }

    #[test]
    fn any_file_is_read_or_refused(file: Vec<u8>, text in "[\\[\\]{}\":,%U\\\\x0-9a-f=;\n hexString]{0,80}") {
        let _any = (read(&file), read(text.as_bytes()), ini::read(text.as_bytes()));
    }
}
