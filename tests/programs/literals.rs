//! The languages themselves read the literals that are written for them: every byte comes back.

use std::fmt::Write as _;
use std::process::Stdio;

use socketlab::code::{self, Endpoint, Language, Words};
use socketlab::lab::{Address, Lab, PacketFormat, Transport};

use super::build;

/// Payloads that would end a literal, begin an escape, a trigraph or a comment, or mean something to a printer.
fn hostile() -> Vec<Vec<u8>> {
    let texts = [
        "",
        "\"",
        "\\",
        "\\\"",
        "'\"'",
        "\"\"\"",
        "??/\"",
        "??=",
        "\x00001",
        "\n\r\t",
        "%d%n",
        "{}",
        "{{MESSAGE}}",
        "*/ //",
        "\u{202e}",
        "é9",
    ];
    let mut all: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    all.push((0..=255).collect());
    all.extend((0..=255_u8).map(|byte| vec![byte, b'1', byte, b'f', b'?', byte]));
    all
}

/// What stands behind this in the program of a client that sends it.
fn literal(language: Language, payload: &[u8]) -> String {
    let mut lab = Lab::default();
    let id = lab.add_client(Transport::Tcp, None);
    let mut client = lab.client(id).unwrap().clone();
    client.packet.format = PacketFormat::Hex;
    client.packet.body = payload.iter().fold(String::new(), |mut text, byte| {
        let _ok = write!(text, "{byte:02x}");
        text
    });
    let to = Address::Inet { host: "127.0.0.1".into(), port: 7 };
    let text = code::program(Endpoint::Client(&client, &to), language, Words::En).unwrap().text;
    let begin = match language {
        Language::Python => "MESSAGE = ",
        Language::C => "static const char message[] = ",
        Language::Rust => "const MESSAGE: &[u8] = ",
    };
    let line = text.lines().find_map(|line| line.strip_prefix(begin)).unwrap();
    line.trim_end_matches(';').to_owned()
}

/// See the module.
pub fn check(language: Language) {
    let all = hostile();
    let mut text = match language {
        Language::Python => "import sys\n".to_owned(),
        Language::C => "#include <stdio.h>\n#define SHOW(text) fwrite(text, 1, sizeof text - 1, stdout)\nint main(void)\n{\n".to_owned(),
        Language::Rust => "use std::io::{self, Write};\n\nfn main() -> io::Result<()> {\n    let mut out = io::stdout();\n".to_owned(),
    };
    for payload in &all {
        let literal = literal(language, payload);
        let _ok = match language {
            Language::Python => writeln!(text, "sys.stdout.buffer.write({literal})"),
            Language::C => writeln!(text, "    SHOW({literal});"),
            Language::Rust => writeln!(text, "    out.write_all({literal})?;"),
        };
    }
    text.push_str(match language {
        Language::Python => "",
        Language::C => "}\n",
        Language::Rust => "    out.flush()\n}\n",
    });
    let dir = tempfile::tempdir().unwrap();
    if build::build(language, dir.path(), &[text]) {
        let output = build::command(language, dir.path(), 0).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success() && output.stdout == all.concat(), "{language}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
