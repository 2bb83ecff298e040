//! Chinese programs: every comment has its Chinese, the code is that of the English program line by line, and values stay as typed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::super::scan::Piece;
use super::super::words::entries;
use super::*;
use crate::bytes::{ByteOrder, LengthHeader};
use crate::lab::{AcceptPace, Reconnect};
use crate::service::SERVICES;

const MODELS: [&str; 12] =
    ["iterative", "threads", "thread-pool", "processes", "busy-poll", "select", "poll", "epoll-lt", "epoll-et", "kqueue", "sigio", "async"];

/// The files of `assets/code`.
fn parts() -> Vec<(Language, String, String)> {
    let of = |language: Language| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/code").join(language.id());
        fs::read_dir(dir).unwrap().map(move |file| {
            let path = file.unwrap().path();
            (language, path.display().to_string(), fs::read_to_string(&path).unwrap())
        })
    };
    Language::ALL.into_iter().flat_map(of).collect()
}

fn comments_of(language: Language, text: &str) -> Vec<&str> {
    comments::lines(language, text).into_iter().map(|range| &text[range]).collect()
}

fn is_chinese(text: &str) -> bool {
    text.contains(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// `{{NAME}}` and the like, in no order.
fn places(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|place| place.split_once("}}")).map(|(name, _)| name).collect()
}

#[test]
fn every_comment_of_every_part_has_its_chinese() {
    let (parts, known) = (parts(), entries().map(|(english, _)| english).collect::<BTreeSet<_>>());
    assert!(parts.len() > 45, "{}", parts.len());
    let mut lacking = Vec::new();
    for (language, file, text) in &parts {
        lacking.extend(
            comments_of(*language, text).into_iter().filter(|words| !known.contains(words)).map(|words| format!("{file}: {words}")),
        );
    }
    assert!(lacking.is_empty(), "assets/code/zh.txt lacks:\n{}", lacking.join("\n"));
}

#[test]
fn no_entry_is_unused_and_each_has_its_places_and_is_no_longer() {
    let parts = parts();
    let used: BTreeSet<&str> = parts.iter().flat_map(|(language, _, text)| comments_of(*language, text)).collect();
    let summaries: BTreeSet<&str> = SERVICES.iter().map(|service| service.summary).collect();
    let sources = [
        include_str!("../client.rs"),
        include_str!("../server.rs"),
        include_str!("../facts.rs"),
        include_str!("../finish.rs"),
        include_str!("../pair.rs"),
    ];
    let mut seen = BTreeSet::new();
    for (english, chinese) in entries() {
        assert!(seen.insert(english), "twice: {english}");
        let is_ours = || sources.iter().any(|source| source.contains(&format!("\"{english}\"")));
        assert!(used.contains(english) || summaries.contains(english) || is_ours(), "nothing says: {english}");
        assert_eq!(places(english), places(chinese), "{english}");
        assert!(is_chinese(chinese), "{chinese}");
        assert!(columns(chinese) <= columns(english), "{chinese} takes more columns than {english}");
        // What would end a comment, or be read as something else in one.
        assert!(!["*/", "/*", "\"\"\"", "\\", "\t", "%"].iter().any(|mark| chinese.contains(mark)), "{chinese}");
    }
    assert!(summaries.is_subset(&seen), "a service has no Chinese: {:?}", summaries.difference(&seen));
    assert!(seen.len() > 200, "{}", seen.len());
}

fn without_comments(language: Language, text: &str) -> String {
    let code = |(piece, range): (Piece, Range<usize>)| match piece {
        Piece::Code | Piece::Literal => text[range].to_owned(),
        Piece::Comment => "\n".repeat(text[range].matches('\n').count()),
    };
    let kept: String = scan::pieces(language, text).into_iter().map(code).collect();
    kept.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Two English words in a row, commands aside.
fn english_in(line: &str) -> Option<&str> {
    let is_word = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let words: Vec<&str> = line.split(' ').collect();
    let found = words.windows(2).any(|two| is_word(two[0]) && is_word(two[1]));
    (found && !line.contains("cargo run")).then_some(line)
}

/// Holds the Chinese program against the English one; whether there is one.
fn same(endpoint: Endpoint<'_>, language: Language) -> bool {
    let [english, chinese] = Words::ALL.map(|words| program(endpoint, language, words));
    let (english, chinese) = match (english, chinese) {
        (Ok(english), Ok(chinese)) => (english, chinese),
        (english, chinese) => {
            assert_eq!(english, chinese);
            return false;
        }
    };
    assert_eq!(without_comments(language, &english.text), without_comments(language, &chinese.text), "{language} {}", english.text);
    assert_eq!((&english.lines, &english.file_name), (&chinese.lines, &chinese.file_name));
    let commands = |program: &Program| program.how_to_run.lines().filter(|l| !l.starts_with("# ")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(commands(&english), commands(&chinese));
    for (before, after) in english.text.lines().zip(chinese.text.lines()) {
        assert!(columns(after) <= columns(before), "{after}\nis longer than\n{before}");
    }
    let lines: Vec<&str> = chinese.text.lines().collect();
    for comment in comments::lines(language, &english.text) {
        let at = english.text[..comment.start].matches('\n').count();
        assert!(is_chinese(lines[at]), "{language}: '{}' has no Chinese", &english.text[comment]);
    }
    for comment in comments_of(language, &chinese.text) {
        assert_eq!(english_in(comment), None, "{language} {}", chinese.text);
    }
    true
}

#[test]
fn the_code_of_a_chinese_server_is_that_of_the_english_one() {
    let header = LengthHeader { width: 2, order: ByteOrder::Little, counts_itself: true };
    let framings = [
        Framing::Raw,
        Framing::Fixed { size: 3 },
        Framing::Delimiter { bytes: b"\r\n".to_vec(), most: 1_000 },
        Framing::Length { header, most: 1_000 },
        Framing::UntilClose { most: 1_000 },
    ];
    let mut made = 0;
    for (transport, model) in Transport::ALL.into_iter().flat_map(|transport| MODELS.map(|model| (transport, model))) {
        for service in SERVICES {
            let mut server = server(transport, model, service.id);
            server.life.idle_timeout_ms = 500;
            server.life.accept_pace = AcceptPace::Every(5);
            server.messages.wire.nagle = false;
            // Framing is a part of its own: one service that is heard whole, and one that keeps a rest, have it.
            let is_framed = transport.is_stream() && ["upper", "chat"].contains(&service.id);
            for framing in framings.iter().filter(|framing| is_framed || **framing == Framing::Raw) {
                server.messages.framing = framing.clone();
                made += Language::ALL.into_iter().filter(|language| same(Endpoint::Server(&server), *language)).count();
            }
            // What a setting changes in words.
            server.messages.framing = Framing::Raw;
            server.service_settings.set("on_open", Setting::Switch(true));
            server.service_settings.set("delay_ms", Setting::Number(0));
            made += Language::ALL.into_iter().filter(|language| same(Endpoint::Server(&server), *language)).count();
        }
    }
    assert!(made > 3_000, "{made}");
}

#[test]
fn the_code_of_a_chinese_client_is_that_of_the_english_one() {
    let mut made = 0;
    for (transport, times) in Transport::ALL.into_iter().flat_map(|transport| [0, 1, 5].map(|times| (transport, times))) {
        let to = if transport.is_unix() { Address::Path("@a".into()) } else { Address::Inet { host: "h".into(), port: 7 } };
        let mut client = client(transport);
        for (every_ms, framing) in
            [(0, Framing::Raw), (9, Framing::UntilClose { most: 1_000 }), (9, Framing::Delimiter { bytes: vec![0], most: 1_000 })]
        {
            (client.packet.times, client.packet.every_ms, client.messages.framing) = (times, every_ms, framing);
            (client.connections, client.connect_timeout_ms) = (1 + times, every_ms * 100);
            client.messages.cast.broadcast = transport == Transport::Udp;
            made += Language::ALL.into_iter().filter(|language| same(Endpoint::Client(&client, &to), *language)).count();
        }
    }
    assert!(made > 90, "{made}");
}

#[test]
fn what_is_left_out_is_said_in_chinese() {
    let mut server = server(Transport::Tcp, "poll", "echo");
    (server.life.requests, server.life.idle_timeout_ms, server.life.poll_interval_ms) = (3, 1, 1);
    (server.life.accept_pace, server.messages.wire.cork) = (AcceptPace::Paused, true);
    server.messages.wire.piece_bytes = 1;
    server.life.accept.deny.extend(crate::lab::Filter::parse_range("::1"));
    let left_out = "本程序没有：TCP_CORK、分片发送、达到请求数后结束、空闲超时、单次等待的时限、accept 过滤、手动 accept。";
    let mut client = client(Transport::UnixStream);
    (client.reconnect, client.opening.at_once, client.opening.syn_retries) = (Reconnect::Backoff, 1, 1);
    (client.packet.every_ms, client.packet.bytes_per_s, client.connect_timeout_ms, client.packet.body) = (0, 1, 1, "{{counter}}".into());
    let of_client = "本程序没有：重新连接、同时连接的数量、SYN 重传次数、每秒字节数的上限、";
    let to = Address::Path("/tmp/a".into());
    for language in Language::ALL {
        let text = program(Endpoint::Server(&server), language, Words::Zh).unwrap().text;
        assert!(text.contains(left_out), "{text}");
        let text = program(Endpoint::Client(&client, &to), language, Words::Zh).unwrap().text;
        assert!(text.contains(of_client) && text.contains("只按第一次的样子发送。"), "{text}");
        assert_eq!(text.contains("连接的时限、"), language == Language::Rust, "{text}");
        assert!(same(Endpoint::Client(&client, &to), language) && same(Endpoint::Server(&server), language));
    }
}

#[test]
fn what_people_typed_is_not_translated() {
    let ours = "# seconds\n/* One connection. */ // nobody\n{{TITLE}} \"\"\"thrown away\"\"\"";
    let mut client = client(Transport::UnixStream);
    client.packet.format = PacketFormat::Hex;
    client.packet.body = ours.bytes().map(|byte| format!("{byte:02x}")).collect();
    client.messages.framing = Framing::Raw;
    let to = Address::Path("/tmp/# seconds /* nobody */".into());
    for language in Language::ALL {
        let text = program(Endpoint::Client(&client, &to), language, Words::Zh).unwrap().text;
        assert!(text.contains(&literal::bytes(language, ours.as_bytes())), "{text}");
        assert!(text.contains("/tmp/# seconds /* nobody */"), "{text}");
        assert!(same(Endpoint::Client(&client, &to), language));
    }
}
