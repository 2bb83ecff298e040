//! Settings of models and services and the life of a server in lab files.

use socketlab::lab::{AcceptPace, Filter, LabErrorKind, Life, MAX_RANGES, parse, write};
use socketlab::settings::{Setting, Settings};

use crate::{DELAY, FULL, KNOWN};

/// A server with everything set that can be.
pub const SET: &str = r#"[[server]]
name = "s"
transport = "tcp"
address = "127.0.0.1:0"
model = "threads"
service = "upper"
model_settings = { workers = 0x10 }   # as many as there are

# What it answers
[server.service_settings]
delimiter = '\r\n'   # as in HTTP
delay_ms = 1_000

[server.life]
requests = 3
poll_interval_ms = 500
idle_timeout_ms = 60_000
allow = [
    "127.0.0.0/8",   # this machine
    "::1",
]
deny = ["127.0.0.2/32"]
accept_pace = "250ms"
defer_accept_s = 1
"#;

#[test]
fn settings_and_life_are_read() {
    let lab = parse(SET, &KNOWN).unwrap();
    let server = &lab.servers[0];
    let chosen = |settings: &Settings| settings.iter().map(|(id, value)| format!("{id}={value}")).collect::<Vec<_>>().join(" ");
    assert_eq!(chosen(&server.model_settings), "workers=16");
    assert_eq!(chosen(&server.service_settings), r"delay_ms=1000 delimiter=\r\n");
    let range = |text| Filter::parse_range(text).unwrap();
    let accept = Filter { allow: vec![range("127.0.0.0/8"), range("::1")], deny: vec![range("127.0.0.2")] };
    let (accept_pace, defer_accept_s) = (AcceptPace::Every(250), 1);
    assert_eq!(server.life, Life { requests: 3, poll_interval_ms: 500, idle_timeout_ms: 60_000, accept, accept_pace, defer_accept_s });
    let plain = &parse(FULL, &KNOWN).unwrap().servers[0];
    assert!(plain.model_settings.is_empty() && plain.service_settings.is_empty() && plain.life == Life::default());
    let dotted = FULL.replacen("backlog = 2", "model_settings.workers = 9\nlife.requests = 1", 1);
    let dotted = parse(&dotted, &KNOWN).unwrap();
    assert_eq!((chosen(&dotted.servers[0].model_settings).as_str(), dotted.servers[0].life.requests), ("workers=9", 1));
}

#[test]
fn wrong_settings_are_refused_with_the_place_the_names_and_the_range() {
    for (line, by, at, words) in [
        ("workers = 0x10", "worker = 1", (7, 20), "model setting 'worker' does not exist. Settings: workers, read_once"),
        ("workers = 0x10", "delay_ms = 1", (7, 20), "model setting 'delay_ms' does not exist. Settings: workers, read_once"),
        ("workers = 0x10", "workers = 0", (7, 30), "'workers' is 0; it may be 1 to 256"),
        ("workers = 0x10", "workers = -9223372036854775808", (7, 30), "'workers' is -9223372036854775808; it may be 1 to 256"),
        ("workers = 0x10", "workers = \"4\"", (7, 30), "'workers' must be a whole number, not string"),
        ("workers = 0x10", "workers = 4.0", (7, 30), "'workers' must be a whole number, not float"),
        ("workers = 0x10", "read_once = 1", (7, 32), "'read_once' must be true or false, not integer"),
        ("workers = 0x10", "workers.many = 1", (7, 20), "'workers' must be a whole number, not inline table"),
        ("{ workers = 0x10 }", "[4]", (7, 18), "'model_settings' must be a table, not array"),
        ("model = \"threads\"", "model = \"iterative\"", (7, 20), "model setting 'workers' does not exist. This model has no settings"),
        ("service = \"upper\"", "service = \"echo\"", (11, 1), "service setting 'delimiter' does not exist. This service has no settings"),
        (r"'\r\n'", "false", (11, 13), "'delimiter' must be a text in quotes, not boolean"),
        (r"'\r\n'", r"'\q'", (11, 13), r"'delimiter': column 1: '\q' is not an escape: write \n \r \t \0 \xHH or \\"),
        (r"'\r\n'", "'123456789'", (11, 13), "'delimiter' has 9 characters; it may have 8"),
        ("1_000", "60_001", (12, 12), "'delay_ms' is 60001; it may be 0 to 60000"),
        (
            "requests = 3",
            "request = 3",
            (15, 1),
            "key 'request' does not exist here. Keys: requests, poll_interval_ms, idle_timeout_ms, allow, deny, accept_pace, defer_accept_s",
        ),
        ("requests = 3", "requests = -1", (15, 12), "'requests' is -1; it may be 0 to 9223372036854775807"),
        ("= 500", "= 86_400_001", (16, 20), "'poll_interval_ms' is 86400001; it may be 0 to 86400000"),
        ("60_000", "true", (17, 19), "'idle_timeout_ms' must be a whole number, not boolean"),
        ("\"::1\"", "\"127.0.0.0/33\"", (20, 5), "'allow': '127.0.0.0/33' is no address range: write 127.0.0.0/8, ::1/128 or one address"),
        ("\"::1\"", "1", (20, 5), "'allow' must be a list of texts in quotes, not integer"),
        ("250ms", "often", (23, 15), "'accept_pace' is 'often'; write eager, paused, or a time such as 250ms or 1s"),
        ("[\"127.0.0.2/32\"]", "\"127.0.0.2\"", (22, 8), "'deny' must be a list of texts in quotes, not string"),
    ] {
        assert!(SET.contains(line), "{line}");
        let error = parse(&SET.replacen(line, by, 1), &KNOWN).unwrap_err();
        assert_eq!((error.line, error.column), at, "{by}: {error}");
        assert_eq!(error.to_string(), format!("line {}: server 's': {words}", at.0));
    }
    let many = format!("deny = [{}]", "'::1',".repeat(MAX_RANGES + 1));
    let error = parse(&SET.replacen("deny = [\"127.0.0.2/32\"]", &many, 1), &KNOWN).unwrap_err();
    assert_eq!(error.kind, LabErrorKind::TooManyRanges { key: "deny", count: MAX_RANGES + 1 });
}

#[test]
fn comments_stay_with_their_settings_and_what_is_default_again_goes() {
    assert_eq!(write(&parse(SET, &KNOWN).unwrap(), Some(SET)), SET, "saving without a change changes nothing");
    let mut lab = parse(SET, &KNOWN).unwrap();
    let server = &mut lab.servers[0];
    server.model_settings.set("workers", Setting::Number(8));
    server.model_settings.set("read_once", Setting::Switch(true));
    server.service_settings.unset("delay_ms");
    server.life.requests = 4;
    server.life.accept.allow.remove(1);
    server.life.accept.allow.push(Filter::parse_range("10.0.0.0/8").unwrap());
    server.life.accept.deny.clear();
    let text = write(&lab, Some(SET));
    for kept in [
        "model_settings = { workers = 8 , read_once = true }   # as many as there are\n",
        "# What it answers\n[server.service_settings]\ndelimiter = '\\r\\n'   # as in HTTP\n\n",
        "requests = 4\npoll_interval_ms = 500\n",
        "    \"127.0.0.0/8\"",
        "\"10.0.0.0/8\"",
        "deny = []\n",
    ] {
        assert!(text.contains(kept), "{kept}\nis not in\n{text}");
    }
    assert!(!text.contains("delay_ms") && !text.contains("::1"), "{text}");
    assert_eq!(parse(&text, &KNOWN).as_ref(), Ok(&lab), "{text}");
    let server = &mut lab.servers[0];
    (server.model_settings, server.service_settings) = (Settings::default(), Settings::default());
    server.life = Life::default();
    let text = write(&lab, Some(&text));
    assert!(!text.contains("settings"), "{text}");
    assert_eq!(parse(&text, &KNOWN), Ok(lab), "{text}");
}

#[test]
fn only_what_was_changed_is_written() {
    let mut lab = parse(SET, &KNOWN).unwrap();
    lab.servers[0].life.poll_interval_ms = 0;
    lab.servers[0].service = "greeter".into();
    lab.servers[0].service_settings.keep_valid(&[DELAY]);
    assert_eq!(
        write(&lab, None),
        "[[server]]\nname = \"s\"\ntransport = \"tcp\"\naddress = \"127.0.0.1:0\"\nmodel = \"threads\"\nservice = \"greeter\"\n\n\
         [server.model_settings]\nworkers = 16\n\n[server.service_settings]\ndelay_ms = 1000\n\n\
         [server.life]\nrequests = 3\nidle_timeout_ms = 60000\nallow = [\"127.0.0.0/8\", \"::1\"]\ndeny = [\"127.0.0.2\"]\n\
         accept_pace = \"250ms\"\ndefer_accept_s = 1\n"
    );
}
