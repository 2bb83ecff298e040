//! Every deed and every check reads back as it is written; mistakes name their place.

use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn name() -> impl Strategy<Value = String> {
    let words =
        prop::sample::select(vec!["all", "lab", "insight", "no", "sending", "sequence", "and", "of", "address", "3", "within", "hex"]);
    prop_oneof!["[a-z][a-z0-9_-]{0,6}", "[^\\pC]{1,8}", words.prop_map(str::to_owned)]
}

fn time() -> impl Strategy<Value = Duration> {
    (0..=3_600_000_u64).prop_map(Duration::from_millis)
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![Just(Who::All), prop::collection::vec(name(), 1..4).prop_map(Who::These)]
}

fn count() -> impl Strategy<Value = u32> {
    1..=1_000_000_u32
}

fn sent() -> impl Strategy<Value = Sent> {
    let text = prop_oneof![Just("hello\\n".to_owned()), Just("a \"b\" \\x00 {{counter}} \\\\".to_owned()), "[a-z\" ]{0,8}"];
    prop_oneof![Just(Sent::Own), text.prop_map(Sent::Text), Just(Sent::Hex("68 69".into())), name().prop_map(Sent::Saved)]
}

fn change() -> impl Strategy<Value = Change> {
    let plain = prop::sample::select(Key::PLAIN.map(|(_, key)| key).to_vec());
    let inner = "[a-z][a-z_]{0,6}";
    let key = prop_oneof![plain, inner.prop_map(Key::ModelSetting), inner.prop_map(Key::ServiceSetting)];
    (key, prop_oneof!["[a-z0-9_-]{0,8}", Just("delimiter:\\r\\n".to_owned()), Just("127.0.0.1:0".to_owned()), Just("a\"b".to_owned())])
        .prop_map(|(key, value)| Change { key, value })
}

fn deed() -> impl Strategy<Value = Deed> {
    let which = || prop_oneof![Just(Which::All), count().prop_map(Which::Newest)];
    let how = prop::sample::select(vec![Closing::Orderly, Closing::Half, Closing::Reset]);
    let gate = prop_oneof![Just(GateDeed::Hold), count().prop_map(GateDeed::Step), Just(GateDeed::NextWait), Just(GateDeed::Free)];
    let to = prop::option::of(Just("127.0.0.1:9".to_owned()));
    prop_oneof![
        who().prop_map(Deed::Start),
        who().prop_map(Deed::Stop),
        name().prop_map(Deed::Finish),
        name().prop_map(Deed::Crash),
        (name(), count()).prop_map(|(client, count)| Deed::Open { client, count }),
        (name(), which(), how).prop_map(|(of, which, how)| Deed::Close { of, which, how }),
        (name(), which(), sent(), to, prop::option::of(0..=1_000_000_u32), prop::option::of(time())).prop_map(
            |(from, which, what, to, times, every)| Deed::Send { from, which, what, to: to.filter(|_| which == Which::All), times, every }
        ),
        name().prop_map(Deed::StopSending),
        (name(), name()).prop_map(|(sequence, from)| Deed::RunSequence { sequence, from }),
        name().prop_map(Deed::StopSequence),
        (name(), prop::collection::vec(change(), 1..4)).prop_map(|(of, changes)| Deed::Set { of, changes }),
        (name(), name()).prop_map(|(of, other)| Deed::AddressOf { of, other }),
        (name(), count()).prop_map(|(of, count)| Deed::Accept { of, count }),
        name().prop_map(Deed::Pause),
        name().prop_map(Deed::Resume),
        (name(), gate).prop_map(|(of, gate)| Deed::Gate { of, gate }),
        Just(Deed::ClearTraffic),
        time().prop_map(Deed::Wait),
    ]
}

fn figure(is_text: bool) -> impl Strategy<Value = Figure> {
    let plain: Vec<_> = Quantity::PLAIN.iter().map(|(_, what, _)| what.clone()).filter(|what| what.is_text() == is_text).collect();
    let plain = prop::sample::select(plain).boxed();
    let call = || prop::sample::select(CALLS.to_vec());
    let what = if is_text {
        plain
    } else {
        prop_oneof![
            plain,
            call().prop_map(Quantity::LanesIn),
            call().prop_map(Quantity::CallsOf),
            prop::sample::select(ENDS.to_vec()).prop_map(Quantity::Ended),
            prop::sample::select(STATES.to_vec()).prop_map(Quantity::Conns),
            prop::sample::select(TCP_STATES.to_vec()).prop_map(Quantity::Tcp),
            "E[A-Z]{2,8}".prop_map(Quantity::Errors),
        ]
        .boxed()
    };
    (prop_oneof![Just(Whose::Lab), name().prop_map(Whose::Endpoint)], what).prop_map(|(of, what)| Figure { of, what })
}

fn clause() -> impl Strategy<Value = Clause> {
    let number = prop_oneof![(0..1_000_000_u32).prop_map(f64::from), (0..1_000_u32).prop_map(|n| f64::from(n) / 8.0)];
    let numbers = prop::sample::select(vec![Op::Equal, Op::Unequal, Op::Less, Op::AtMost, Op::More, Op::AtLeast]);
    let texts = prop::sample::select(vec![Op::Equal, Op::Unequal, Op::Contains]);
    let of_number = prop_oneof![number.prop_map(Value::Number), figure(false).prop_map(Value::Figure)];
    let of_text = prop_oneof![any::<Vec<u8>>().prop_map(Value::Text), figure(true).prop_map(Value::Figure)];
    prop_oneof![
        (figure(false), numbers, of_number).prop_map(|(left, op, right)| Clause::Compare { left, op, right }),
        (figure(true), texts, of_text).prop_map(|(left, op, right)| Clause::Compare { left, op, right }),
        (prop::sample::select(INSIGHTS.to_vec()), prop::option::of(name()), any::<bool>()).prop_map(|(rule, of, speaks)| Clause::Insight {
            rule,
            of,
            speaks
        }),
    ]
}

proptest! {
    #[test]
    fn deeds_read_back(deed in deed()) {
        let line = deed.to_string();
        prop_assert_eq!(Deed::parse(&line), Ok(deed), "{}", line);
    }

    #[test]
    fn checks_read_back(clauses in prop::collection::vec(clause(), 1..4), within in prop::option::of(time()), lasting in prop::option::of(time())) {
        let check = Check { clauses, within, lasting };
        let line = check.to_string();
        prop_assert_eq!(Check::parse(&line), Ok(check), "{}", line);
    }

    #[test]
    fn no_line_is_a_panic(line in "\\PC{0,40}") {
        let _any = (Deed::parse(&line), Check::parse(&line));
    }
}

#[test]
fn lines_as_people_write_them() {
    for (line, printed) in [
        ("start all", "start all"),
        ("  start echo ,six ", "start echo, six"),
        ("open six 6", "open six 6"),
        ("open six", "open six 1"),
        ("close six all half", "close six half"),
        ("reset six 2", "reset six 2"),
        (r#"send phone "say \"hi\"\n" times 3 every 0.2s"#, r#"send phone "say \"hi\"\n" times 3 every 200ms"#),
        (r#"send "my phone" packet "folder/a""#, r#"send "my phone" packet "folder/a""#),
        ("send 电话", "send 电话"),
        ("stop sending phone", "stop sending phone"),
        ("stop sending", r#"stop "sending""#),
        (r#"run sequence "log in" of phone"#, r#"run sequence "log in" of phone"#),
        (
            r#"set echo model=epoll-lt service.delay_ms=500 framing="delimiter:\r\n""#,
            r#"set echo model=epoll-lt service.delay_ms=500 framing="delimiter:\r\n""#,
        ),
        ("set late address of echo", "set late address of echo"),
        ("next wait echo", "next wait echo"),
    ] {
        assert_eq!(Deed::parse(line).map(|deed| deed.to_string()).as_deref(), Ok(printed), "{line}");
    }
    for (line, printed) in [
        ("echo.accepted==3 and six.connected == 6 within 2s", "echo.accepted == 3 and six.connected == 6 within 2s"),
        (r#"phone.last contains "hi\n" for 0.5s"#, r#"phone.last contains "hi\n" for 500ms"#),
        ("echo.state == running", r#"echo.state == "running""#),
        ("a.rx_bytes >= b.tx_bytes within 1s for 2s", "a.rx_bytes >= b.tx_bytes within 1s for 2s"),
        ("no insight busy-polling of echo and insight herd", "no insight busy-polling of echo and insight herd"),
        ("echo.lanes.accept == 1 and lab.open > 1_000", "echo.lanes.accept == 1 and lab.open > 1000"),
        ("late.errors.ECONNREFUSED == 1", "late.errors.ECONNREFUSED == 1"),
    ] {
        assert_eq!(Check::parse(line).map(|check| check.to_string()).as_deref(), Ok(printed), "{line}");
    }
}

#[test]
fn mistakes_name_their_place() {
    let deed = |line| Deed::parse(line).unwrap_err().to_string();
    let check = |line| Check::parse(line).unwrap_err().to_string();
    assert!(deed("begin echo").starts_with("column 1: 'begin' is no deed. There are: start, stop, finish"), "{}", deed("begin echo"));
    assert_eq!(deed("start"), "column 6: the name of a server or a client was expected, not the end");
    assert_eq!(deed("open 六 0"), "column 8: a number from 1 was expected, not '0'");
    assert_eq!(deed("wait 2h"), "column 6: '2h' is no time: write 500ms, 2s or 1m; an hour is the longest");
    assert_eq!(deed("send a \"b"), "column 8: the quotation has no end: write \" after it");
    assert_eq!(deed(r#"send a "\q""#), r"column 8: in the text, column 1: '\q' is not an escape: write \n \r \t \0 \xHH or \\");
    assert_eq!(deed("pause a b"), "column 9: the end of the line was expected, not 'b'");
    assert_eq!(deed("set a colour=red").split(". There").next(), Some("column 7: 'colour' is no setting"));
    assert_eq!(deed("start a; b"), "column 8: ';' means nothing here; texts and odd names stand in double quotes");
    assert_eq!(check("echo.accepted"), "column 14: one of == != < <= > >= contains was expected, not the end");
    assert_eq!(check("echo.acepted == 1").split(". There").next(), Some("column 6: 'acepted' is no figure"));
    assert_eq!(check("echo.last > 3"), "column 11: a text is compared with ==, != or contains");
    assert_eq!(check("echo.open contains 3"), "column 11: only a text can contain something");
    assert_eq!(check("echo.open == \"3\""), "column 14: a number is compared with a number");
    assert_eq!(check("echo.open == 3 or a.open == 1"), "column 16: 'and', 'within', 'for' or the end of the line was expected, not 'or'");
    assert_eq!(check("a.errors.refused > 0"), "column 10: an error of the system such as ECONNREFUSED was expected, not 'refused'");
    assert_eq!(check("insight boredom").split(". There").next(), Some("column 9: 'boredom' is no insight"));
}
