//! The filter's words, its places of mistakes, what it offers, and that print and parse agree.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::engine::{ConnId, ConnInfo, EndReason, RecordKind};
use crate::lab::{EndpointId, Side, Transport};

fn row(kind: RecordKind, data: &[u8]) -> Record {
    let conn = ConnInfo {
        id: ConnId(9),
        session: EndpointId(1),
        side: Side::Server,
        transport: Transport::Tcp,
        session_name: "Échos TCP".into(),
        number: 3,
        fd: 5,
        local: "127.0.0.1:7788".into(),
        peer: "127.0.0.1:51843".into(),
        opened: Duration::ZERO,
        other_end: OnceLock::from((EndpointId(2), ConnId(10), Arc::from("phone"))),
    };
    Record { at: Duration::from_millis(1_500), conn: Arc::new(conn), kind, data: data.into(), len: data.len() as u32, cut: false }
}

fn passes(filter: &str, record: &Record) -> bool {
    Filter::parse(filter).unwrap_or_else(|e| panic!("{filter}: {e}")).matches(record)
}

#[test]
fn each_kind_of_term_and_its_opposite() {
    let row = row(RecordKind::Received, "Ping 中文\r\n".as_bytes());
    for yes in [
        "",
        "ping",
        "中文",
        "phone",
        "échos",
        "\"ping 中\"",
        "127.0.0.1:7788",
        "dir:rx",
        "-dir:tx",
        "!dir:tx",
        "not dir:tx",
        "DIR:RX",
        "kind:data",
        "len>5",
        "len<=13",
        "len:13",
        "len!=12",
        "len:10..13",
        "conn:3",
        "time>1.4",
        "time:1500ms",
        "text:PING",
        r#"text:"g 中""#,
        r"text:\r\n",
        "hex:0d0a",
        "hex:\"0D 0a\"",
        "-hex:00",
        "from:phone",
        "to:echo or to:ÉCHOS",
        "to:\"échos tcp\"",
        "end:tcp",
        "peer::51843",
        "local:7788",
        "addr:51843",
        "side:server",
        "transport:tcp",
        "ping -lamp",
        "lamp or ping",
        "lamp ping or dir:rx",
        "dir:rx (lamp or ping)",
        "not (lamp or conn:4) and len>1",
        "kind:data && (a=b || len>5)",
    ] {
        assert!(passes(yes, &row), "{yes}");
    }
    for no in [
        "-ping",
        "lamp",
        "dir:tx",
        "kind:open",
        "len>13",
        "len!=13",
        "len:14..20",
        "conn:4",
        "time<1.5",
        "hex:0d0b",
        "ping lamp",
        "not (lamp or ping)",
        "from:échos",
        "to:phone",
        "end:phone",
        "is:cut",
        "is:cropped",
        "side:client",
        "dir:tx or lamp",
    ] {
        assert!(!passes(no, &row), "{no}");
    }
}

#[test]
fn rows_that_open_and_end_have_kinds_and_no_length() {
    let (open, reset) = (row(RecordKind::Opened, b""), row(RecordKind::Ended(EndReason::Reset), b""));
    assert!(passes("kind:open", &open) && !passes("kind:end", &open) && !passes("len:0", &open) && !passes("from:phone", &open));
    assert!(passes("kind:end kind:reset -kind:failed phone", &reset));
    let cropped = Record { len: 9, ..row(RecordKind::Sent, b"abc") };
    assert!(passes("is:cropped len:9 from:échos to:phone", &cropped));
    assert!(passes("is:cut", &Record { cut: true, ..row(RecordKind::Received, b"abc") }));
}

#[test]
fn mistakes_have_their_place_and_say_what_exists() {
    for (text, at, end, words) in [
        ("ok size:3", 3, 7, "there is no field 'size'; fields: dir kind conn"),
        ("conn:x", 5, 6, "'x' is nothing for 'conn': it takes a number such as 3, or 3..7"),
        ("中 dir:up", 8, 10, "it is rx, tx"),
        ("len>", 0, 4, "'len' has no value: it takes a number"),
        ("len>3..5", 4, 8, "number"),
        ("hex:0d0", 4, 7, "half a byte"),
        ("dir>rx", 0, 6, "'dir' is no figure"),
        ("text:\"abc", 5, 9, "quote is not closed"),
        (r#"a "b\q""#, 4, 6, r"'\q' is not an escape"),
        ("\"a\"b", 3, 4, "blank is missing"),
        ("(a or b", 0, 1, "parenthesis is not closed"),
        ("a)", 1, 2, "nothing was opened"),
        ("a or", 4, 4, "a term is missing"),
        ("and a", 0, 0, "a term is missing"),
        ("()", 1, 1, "a term is missing"),
        ("-", 1, 1, "a term is missing"),
        ("transport:sctp", 10, 14, "it is tcp, udp, unix-stream, unix-dgram"),
    ] {
        let error = Filter::parse(text).unwrap_err();
        assert_eq!((error.at, error.end), (at, end), "{text}: {error}");
        assert!(error.to_string().contains(words), "{text}: {error}");
        assert_eq!(error.column, text[..at].chars().count() + 1);
    }
    assert_eq!(Filter::parse(&"(".repeat(10_000)).unwrap_err().kind, FilterErrorKind::TooDeep);
    assert_eq!(Filter::parse("  "), Ok(Filter::default()));
}

#[test]
fn the_text_says_whether_bytes_are_read() {
    for (text, reads) in [("", false), ("dir:rx len>3", false), ("dir:rx or (kind:open -hex:00)", true), ("ping", true)] {
        let filter = Filter::parse(text).unwrap();
        assert_eq!((filter.reads_data(), filter.is_empty()), (reads, text.is_empty()), "{text}");
    }
}

fn offers(text: &str, cursor: usize) -> Vec<(String, String)> {
    let names = Names { endpoints: &["server 1", "phone"], addresses: &["127.0.0.1:7788"], connections: &[1, 12] };
    let after = |c: &Completion| format!("{}{}{}", &text[..c.replaces.start], c.text, &text[c.replaces.end..]);
    complete(text, cursor, &names).into_iter().map(|c| (c.text.clone(), after(&c))).collect()
}

#[test]
fn fields_values_and_names_are_offered_where_they_fit() {
    let texts = |text: &str| offers(text, text.len()).into_iter().map(|(offer, _)| offer).collect::<Vec<_>>();
    assert_eq!(texts("tr"), ["transport:"]);
    assert_eq!(texts("-di"), ["dir:"]);
    assert_eq!(texts("len>3 o"), ["or", "phone"]);
    assert_eq!(texts("(dir:"), ["rx", "tx"]);
    assert_eq!(texts("dir:r"), ["rx"]);
    assert_eq!(texts("dir:rx"), Vec::<String>::new());
    assert_eq!(texts("from:"), ["\"server 1\"", "phone"]);
    assert_eq!(texts("from:\"serv"), ["\"server 1\""]);
    assert_eq!(texts("conn:1"), ["12"]);
    assert_eq!(texts("peer:77"), ["\"127.0.0.1:7788\""]);
    assert_eq!(texts("text:\"a b"), Vec::<String>::new());
    assert_eq!(texts("server"), ["\"server 1\""]);
    assert_eq!(texts("").len(), Field::ALL.len() + 1);
    let (_, after) = &offers("ki len>3", 2)[0];
    assert_eq!(after, "kind: len>3");
    let (_, after) = &offers("from:ph or x", 7)[0];
    assert_eq!(after, "from:phone or x");
}

/// Texts made of what filters are made of.
fn texts() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("dir:rx".to_owned()),
        Just("len>".to_owned()),
        Just("conn:3..7".to_owned()),
        Just("time<=0.25s".to_owned()),
        Just("and".to_owned()),
        Just("or".to_owned()),
        Just("not".to_owned()),
        Just("-".to_owned()),
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("\"".to_owned()),
        Just("kind:reset".to_owned()),
        "(text|from|end|hex|size|peer):\"?[a-zA-Z0-9中É\\\\ \"]{0,6}\"?",
        "\\PC{0,8}",
    ];
    proptest::collection::vec((word, "[ ]{0,2}"), 0..12).prop_map(|words| words.into_iter().map(|(a, b)| a + &b).collect())
}

proptest! {
    #[test]
    fn any_text_is_a_filter_or_has_a_place(text in prop_oneof![any::<String>(), texts()], cursor in 0..100_usize) {
        match Filter::parse(&text) {
            Ok(filter) => {
                let printed = filter.to_string();
                prop_assert_eq!(Filter::parse(&printed), Ok(filter), "{}", printed);
            }
            Err(e) => {
                prop_assert!(text.is_char_boundary(e.at) && text.is_char_boundary(e.end) && e.at <= e.end);
                prop_assert_eq!(e.column, text[..e.at].chars().count() + 1);
            }
        }
        for offer in complete(&text, cursor, &Names { endpoints: &["a b", "é"], ..Names::default() }) {
            prop_assert!(text.get(offer.replaces.clone()).is_some());
        }
    }

    #[test]
    fn a_filter_answers_as_its_words_do(text in texts(), data: Vec<u8>) {
        if let Ok(filter) = Filter::parse(&text) {
            let again = Filter::parse(&filter.to_string()).unwrap();
            for row in [row(RecordKind::Received, &data), row(RecordKind::Sent, b"ping"), row(RecordKind::Opened, b"")] {
                prop_assert_eq!(filter.matches(&row), again.matches(&row));
            }
        }
    }

    #[test]
    fn any_bytes_are_found_where_they_stand(front: Vec<u8>, bytes in proptest::collection::vec(any::<u8>(), 1..9), back: Vec<u8>) {
        let row = row(RecordKind::Sent, &[front, bytes.to_ascii_uppercase(), back].concat());
        let text = format!("text:{}", print::in_quotes(&crate::bytes::to_text_string(&bytes)));
        prop_assert!(passes(&text, &row), "{}", text);
        let hex = format!("hex:\"{}\"", crate::bytes::to_hex(&bytes.to_ascii_uppercase(), 99));
        prop_assert!(passes(&hex, &row), "{}", hex);
    }
}
