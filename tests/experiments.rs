//! Every experiment that comes with the program: read, written back, and played by the built program, which must see what it says.

#![expect(clippy::unwrap_used, reason = "in a test a missing value is the failure")]
#![expect(clippy::print_stdout, reason = "a test that leaves something out says so")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use socketlab::lab::{Address, Cast, Lab, Target, parse, write};
use socketlab::script::{CALLS, Check, Deed, ENDS, INSIGHTS, Quantity, STATES, TCP_STATES};
use socketlab::trial::{SHIPPED, Shipped};

/// How long one may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(180);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn socketlab(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_socketlab"));
    command.args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn ran(args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = socketlab(args).output().unwrap();
    (status.code().unwrap_or(-1), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn lab(shipped: Shipped) -> Lab {
    shipped.lab().unwrap_or_else(|e| panic!("{}: {e}", shipped.id))
}

/// A lab file of this test alone.
fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn each_file_is_shipped_and_says_what_it_is_in_both_languages() {
    let of_files = std::fs::read_dir(root().join("assets/experiments")).unwrap();
    let files: BTreeSet<_> = of_files.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    let shipped: BTreeSet<_> = SHIPPED.iter().map(|s| format!("{}.toml", s.id)).collect();
    assert_eq!(files, shipped);
    for shipped in SHIPPED {
        let lab = lab(*shipped);
        let experiment = lab.experiment.clone().unwrap();
        assert_eq!((experiment.id.as_str(), lab.name.as_str()), (shipped.id, shipped.id));
        assert!(!experiment.code.is_empty() && experiment.minutes > 0, "{}", shipped.id);
        let says = lab.steps.iter().map(|step| &step.says);
        for words in [&experiment.title, &experiment.sentence].into_iter().chain(says) {
            assert!(!words.en.is_empty() && !words.zh.is_empty(), "{}", shipped.id);
            let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            // A name such as kqueue is the same in both.
            assert!((is_chinese(&words.zh) || words.zh == words.en) && !is_chinese(&words.en), "{}: {words:?}", shipped.id);
        }
        assert!(experiment.title.en.len() <= 60 && experiment.title.zh.chars().count() <= 30, "{}", shipped.id);
        assert!(
            !lab.steps.is_empty() && lab.steps.iter().all(|step| !step.expects.is_empty()),
            "{}: each step shows something",
            shipped.id
        );
    }
}

/// Nothing leaves this machine, and two runs never meet: the system chooses every port.
#[test]
fn each_stays_on_this_machine_and_in_nobodys_way() {
    for shipped in SHIPPED {
        let lab = lab(*shipped);
        for server in &lab.servers {
            match &server.address {
                Address::Inet { host, port } => {
                    // RFC 5737: belongs to nobody, so binding it fails. 239.255.0.0/16 with TTL 0 stays here (RFC 2365).
                    let is_here = server.address.is_loopback() || host == "192.0.2.1" || host.starts_with("239.255.");
                    // The echo port of RFC 862: a low one is what that experiment is about.
                    let is_free = *port == 0 || *port == 7 && shipped.id == "privileged-port";
                    assert!(is_here && is_free, "{}: {}", shipped.id, server.address);
                }
                Address::Path(path) => assert!(path.contains("{run}/"), "{}: {path}", shipped.id),
            }
        }
        for client in &lab.clients {
            let name = match &client.target {
                Target::Server(name) => name,
                Target::Pair => continue,
                Target::Address(address) => panic!("{}: {} calls {address}", shipped.id, client.name),
            };
            let address = &lab.server_named(name).unwrap().address;
            let is_group = matches!(address, Address::Inet { host, .. } if host.starts_with("239."));
            let stays = Cast { ttl: Some(0), interface: "127.0.0.1".into(), loopback: Some(true), ..Cast::default() };
            assert!(!is_group || client.messages.cast == stays, "{}: {}", shipped.id, client.name);
        }
    }
}

#[test]
fn each_is_written_back_as_it_was() {
    let known = socketlab::engine::catalog::known();
    for shipped in SHIPPED {
        let lab = lab(*shipped);
        let text = write(&lab, Some(shipped.text));
        assert_eq!(parse(&text, &known).as_ref(), Ok(&lab), "{}", shipped.id);
        // Only the model is added, whose default differs from system to system.
        let models = |text: &str| text.lines().filter(|l| !l.starts_with("model = ")).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(models(&text), models(shipped.text), "{}", shipped.id);
        assert_eq!(parse(&write(&lab, None), &known).as_ref(), Ok(&lab), "{}: from nothing", shipped.id);
    }
}

/// Reading them makes no socket, no thread and no file.
#[test]
#[cfg(target_os = "linux")]
fn opening_one_starts_nothing() {
    let sockets = || {
        let links = std::fs::read_dir("/proc/self/fd").unwrap().filter_map(|e| std::fs::read_link(e.ok()?.path()).ok());
        links.filter(|link| link.to_string_lossy().starts_with("socket:")).count()
    };
    let engines = || {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap().filter_map(|e| std::fs::read_to_string(e.ok()?.path().join("comm")).ok());
        tasks.filter(|name| name.starts_with("socketlab")).count()
    };
    assert_eq!((sockets(), engines()), (0, 0));
    SHIPPED.iter().for_each(|shipped| drop(lab(*shipped)));
    assert_eq!((sockets(), engines()), (0, 0));
}

/// `SOCKETLAB_TESTS_WITHOUT`: names of experiments that a system which only imitates another cannot show, with blanks
/// between them. They are named in what the test prints.
fn left_out() -> BTreeSet<String> {
    let names: BTreeSet<String> =
        std::env::var("SOCKETLAB_TESTS_WITHOUT").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    for name in &names {
        assert!(SHIPPED.iter().any(|shipped| shipped.id == name), "SOCKETLAB_TESTS_WITHOUT: there is no experiment '{name}'");
        println!("left out: {name}");
    }
    names
}

#[test]
fn each_shows_what_it_says() {
    let without = left_out();
    let (next, failed) = (AtomicUsize::new(0), parking_lot::Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(shipped) = SHIPPED.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if without.contains(shipped.id) {
                        continue;
                    }
                    let (code, out, err) = bounded(&["run", shipped.id]);
                    let is_told = out.contains("checks held") || out.contains("– needs");
                    if code != 0 || !is_told || !err.is_empty() && !err.starts_with("socketlab: note:") {
                        failed.lock().push(format!("{}: exit {code}\n{out}{err}", shipped.id));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Runs it to its end, or kills it and says so.
fn bounded(args: &[&str]) -> (i32, String, String) {
    let (out, err) = (tempfile::NamedTempFile::new().unwrap(), tempfile::NamedTempFile::new().unwrap());
    let mut child = socketlab(args).stdout(out.reopen().unwrap()).stderr(err.reopen().unwrap()).spawn().unwrap();
    let begin = Instant::now();
    let code = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code().unwrap_or(-1);
        }
        if begin.elapsed() > LIMIT {
            child.kill().unwrap();
            child.wait().unwrap();
            break -2;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    };
    let text = |file: &tempfile::NamedTempFile| std::fs::read_to_string(file.path()).unwrap();
    (code, text(&out), text(&err))
}

#[test]
fn they_are_listed_by_id_and_title() {
    let (code, out, _) = ran(&["list", "experiments"]);
    let lines: Vec<_> = out.lines().map(|line| line.split_once("  ").unwrap()).collect();
    assert_eq!((code, lines.len()), (0, SHIPPED.len()));
    assert!(lines.iter().any(|(id, title)| *id == "one-client-at-a-time" && title.trim() == "One client at a time"), "{out}");
    let (_, out, _) = ran(&["list", "experiments", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), SHIPPED.len());
    assert!(rows[0]["title"]["zh"].is_string() && rows[0]["code"] == "A1" && rows[0]["needs"][0] == "ipv6", "{}", rows[0]);
}

const ECHO: &str = r#"
[[server]]
name = "echo"
transport = "tcp"
address = "127.0.0.1:0"
[[client]]
name = "phone"
server = "echo"
"#;

#[test]
fn a_false_check_is_named_with_what_was_seen_and_ends_in_1() {
    let lab = file(&format!(
        "{ECHO}[[step]]\ndo = ['start all', 'send phone \"hi\\n\"']\nexpect = ['phone.last == \"hi\\n\"', 'echo.open == 3 and echo.rx_bytes == 3 within 300ms']\n"
    ));
    let (code, out, _) = ran(&["run", lab.path().to_str().unwrap()]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("✓ phone.last == \"hi\\n\": phone.last is \"hi\\n\""), "{out}");
    assert!(out.contains("✗ echo.open == 3 and echo.rx_bytes == 3 within 300ms: echo.open is 1, not 3\n"), "{out}");
    assert!(out.ends_with("1 of 2 checks held\n"), "{out}");
    let (code, out, _) = ran(&["run", lab.path().to_str().unwrap(), "--json"]);
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let verdicts: Vec<_> = lines.iter().filter(|l| l["type"] == "check").map(|l| l["verdict"].as_str().unwrap()).collect();
    assert_eq!((code, verdicts), (1, vec!["held", "failed"]));
    assert!(lines.iter().any(|l| l["type"] == "step" && l["step"] == 1 && l["of"] == 1));
    assert_eq!(lines.last().unwrap()["ok"], false);
}

#[test]
fn without_deeds_everything_is_started_and_what_did_not_last_is_said() {
    let lab = file(&format!("{ECHO}[[step]]\nexpect = ['echo.open == 1 and phone.connected == 1']\n"));
    let (code, out, _) = ran(&["run", lab.path().to_str().unwrap()]);
    assert!(code == 0 && out.contains("1 of 1 checks held"), "{out}");
    let lab = file(&format!(
        "{ECHO}[[step]]\ndo = ['start all', 'send phone \"x\" times 0 every 100ms']\nexpect = ['echo.rx_bytes < 5 for 20s']\n"
    ));
    let (code, out, _) = ran(&["run", lab.path().to_str().unwrap()]);
    assert!(
        code == 1 && out.contains("it held for ") && out.contains(" s only: echo.rx_bytes is ") && out.contains(", not below 5"),
        "{out}"
    );
    // Cut short is not whole.
    let (code, out, _) = ran(&["run", lab.path().to_str().unwrap(), "--for", "100ms"]);
    assert!(code == 1 && out.ends_with("0 of 0 checks held; the run ended before the last step\n"), "{out}");
}

/// Nobody counts SYNs of a Unix socket, on any system.
#[test]
#[cfg(unix)]
fn what_is_not_told_is_neither_and_no_failure() {
    let lab = file(
        r#"
[[server]]
name = "file"
transport = "unix-stream"
address = "{run}/file.sock"
[[step]]
do = ["start file"]
expect = ["file.half_open == 0", "file.half_open == 0 and file.open == 7 within 200ms"]
"#,
    );
    let (code, out, _) = ran(&["run", lab.path().to_str().unwrap()]);
    assert!(out.contains("– file.half_open == 0: cannot be known here: file.half_open: "), "{out}");
    assert!(out.contains("✗ file.half_open == 0 and file.open == 7 within 200ms: file.open is 0, not 7"), "{out}");
    assert!(code == 1 && out.contains("0 of 2 checks held, 1 cannot be known here"), "{out}");
}

#[test]
fn a_bad_line_is_refused_with_its_place() {
    let refused = |step: &str| {
        let (code, out, err) = ran(&["run", file(&format!("{ECHO}[[step]]\n{step}\n")).path().to_str().unwrap()]);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        err.split_once(".toml: ").unwrap().1.trim_end().to_owned()
    };
    assert_eq!(
        refused("do = ['start echo',\n  'open fone']").split(". There").next(),
        Some("line 11: 'do': there is no server or client 'fone'")
    );
    assert_eq!(refused("do = ['open echo']"), "line 10: 'do': 'echo' is a server; 'open' is for a client");
    assert_eq!(refused("do = ['set echo backlog=many']"), "line 10: 'do': 'backlog' cannot be 'many': write a number from 0 to 65535");
    assert_eq!(refused("do = ['send phone packet greeting']"), "line 10: 'do': the lab keeps no packet 'greeting'");
    assert!(refused("do = ['set echo model=psychic']").starts_with("line 10: 'do': 'model' cannot be 'psychic': there are iterative, "));
    assert!(
        refused("expect = ['echo.acepted == 1']").starts_with("line 10: 'expect': column 6: 'acepted' is no figure. There are: state, ")
    );
    assert_eq!(refused("expect = ['eco.open == 1']"), "line 10: 'expect': there is no server or client 'eco'. There are: echo, phone");
    assert_eq!(refused("when = 1"), "line 10: key 'when' does not exist here. Keys: do, expect, says");
}

#[test]
fn the_page_about_deeds_and_checks_is_right() {
    let page = std::fs::read_to_string(root().join("docs/script.md")).unwrap();
    for (id, _, words) in Quantity::PLAIN {
        assert!(page.contains(&format!("| `{id}` | {words} |")), "{id}");
    }
    for id in CALLS.iter().chain(&INSIGHTS).chain(&ENDS).chain(&STATES).chain(&TCP_STATES) {
        assert!(page.contains(&format!("`{id}`")), "{id}");
    }
    let (deeds, checks) = page.split_once("## Checks").unwrap();
    let (verbs, set) = deeds.split_once("| `set` |").unwrap();
    for line in verbs.lines().filter(|l| l.starts_with("| `")) {
        let cell = line.split(" | ").next().unwrap();
        for deed in cell.split('`').skip(1).step_by(2) {
            Deed::parse(deed).unwrap_or_else(|e| panic!("{deed}: {e}"));
        }
    }
    let words = Deed::parse("flirt").unwrap_err().to_string();
    for verb in words.split(": ").last().unwrap().split(", ") {
        assert!(verbs.contains(&format!("`{verb} ")), "{verb}");
    }
    let words = Deed::parse("set a colour=1").unwrap_err().to_string();
    for key in words.split(": ").last().unwrap().split(", ") {
        assert!(set.contains(&format!("`{key}`")), "{key}");
    }
    let block = checks.split("```").nth(1).unwrap();
    block.lines().filter(|l| !l.is_empty()).for_each(|line| drop(Check::parse(line).unwrap_or_else(|e| panic!("{line}: {e}"))));
}
