//! The command line as a person meets it: the built program, its output, its exit codes, Ctrl-C.

#![expect(clippy::unwrap_used, reason = "in a test a missing value is the failure")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;
use socketlab::engine::catalog;
use socketlab::lab::Transport;
use support::until;

/// The program without a display, so that no test opens a window.
fn socketlab(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_socketlab"));
    command.args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end.
fn ran(args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = socketlab(args).output().unwrap();
    (status.code().unwrap_or(-1), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A running program that does not outlive its test.
struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    fn start(args: &[&str]) -> Self {
        let mut child = socketlab(args).stderr(Stdio::inherit()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    #[cfg(unix)]
    fn end(&mut self) -> std::process::ExitStatus {
        until("the program to end", || self.child.try_wait().unwrap())
    }

    /// Ctrl-C.
    #[cfg(unix)]
    fn interrupt(&self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already, in a test that passes.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn lab_file(dir: &Path, text: &str) -> String {
    let path = dir.join("lab.toml");
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// A port on which nothing listens.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn help_says_everything_a_man_page_says() {
    let (code, help, _) = ran(&["--help"]);
    assert_eq!(code, 0);
    for part in ["Usage:", "Examples:", "Exit status:", "See also:", "run", "serve", "send", "backlog", "list"] {
        assert!(help.contains(part), "{part} is not in\n{help}");
    }
    for task in ["run", "serve", "send", "backlog"] {
        let (code, help, _) = ran(&[task, "--help"]);
        assert_eq!(code, 0);
        assert!(help.contains("Examples:") && help.contains("Exit status:"), "{help}");
    }
    assert_eq!(ran(&["--version"]), (0, format!("socketlab {}\n", env!("CARGO_PKG_VERSION")), String::new()));
}

#[test]
fn lists_are_aligned_and_read_by_machines() {
    let (code, models, _) = ran(&["list", "models"]);
    assert_eq!(code, 0);
    let head = models.lines().next().unwrap();
    let column = |name: &str| head.find(name).unwrap_or_else(|| panic!("{name} is not in {head}"));
    let (code, json, _) = ran(&["list", "models", "--json"]);
    let json: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!((code, json.len()), (0, catalog::models().count()));
    for (model, row) in catalog::models().zip(&json) {
        let line = models.lines().find(|l| l.starts_with(&format!("{} ", model.id))).unwrap_or_else(|| panic!("{models}"));
        assert_eq!((&row["id"], &row["available"]), (&model.id.into(), &model.missing.is_none().into()));
        for (transport, cell) in Transport::ALL.iter().zip(row["model"]["transports"].as_array().unwrap()) {
            let why = catalog::conflict(*transport, model.id);
            let word = line[column(&transport.id().to_uppercase())..].split(' ').next().unwrap();
            assert_eq!(word, if why.is_none() { "yes" } else { "no" }, "{} {transport}", model.id);
            assert_eq!((&cell["id"], &cell["works"], cell["why_not"].as_str()), (&transport.id().into(), &why.is_none().into(), why));
            assert!(why.is_none_or(|why| models.contains(why)), "the reason is said: {models}");
        }
        assert_eq!(row["settings"].as_array().unwrap().len(), model.settings.len());
    }
    assert_eq!(models.matches(" (default)\n").count(), 1, "{models}");
    assert_eq!(json.iter().filter(|m| m["model"]["is_default"] == true).count(), 1);

    let (_, services, _) = ran(&["list", "services"]);
    for service in catalog::services() {
        assert!(services.lines().any(|l| l.starts_with(&format!("{} ", service.id))), "{services}");
    }
    assert!(services.contains(r"    --set delimiter='\n'  text of at most 32 characters  what ends an item"), "{services}");
    let (_, json, _) = ran(&["list", "services", "--json"]);
    let json: Vec<Value> = serde_json::from_str(&json).unwrap();
    let delayed = json.iter().find(|s| s["id"] == "delayed").unwrap();
    let delay = &delayed["settings"][0];
    assert_eq!((&delay["id"], &delay["kind"], &delay["unit"]), (&"delay_ms".into(), &"number".into(), &"ms".into()));
    assert_eq!((&delay["min"], &delay["max"], &delay["default"]), (&0.into(), &60_000.into(), &1_000.into()));
    let (_, transports, _) = ran(&["list", "transports"]);
    assert_eq!(transports.lines().count(), 4);
    assert_eq!(ran(&["list", "nothing"]).0, 2);
}

#[test]
fn settings_of_the_service_are_set_and_wrong_ones_refused() {
    let (_server, bound) = serve("tcp", "127.0.0.1:0", &["--service", "list-echo", "--set", r"delimiter=;", "--set", "service.max_item=5"]);
    let mut peer = TcpStream::connect(&bound).unwrap();
    peer.set_read_timeout(Some(support::LIMIT)).unwrap();
    peer.write_all(b"one;two;thr").unwrap();
    let mut heard = [0; 8];
    peer.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"one;two;");
    peer.write_all(b"ee;").unwrap();
    peer.read_exact(&mut heard[..6]).unwrap();
    assert_eq!(&heard[..6], b"three;");

    for (args, words) in [
        (&["--set", "max_item=5"][..], "there is no setting 'max_item' here; model 'threads' has"),
        (&["--set", "max_item"], "write NAME=VALUE, such as workers=4"),
        (&["--service", "list-echo", "--set", "max_item=0"], "'max_item' is 0; it may be 1 to 1048576"),
        (&["--service", "list-echo", "--set", r"delimiter=\q"], r"'delimiter': column 1: '\q' is not an escape"),
        (&["--allow", "127.0.0.0/33"], "--allow '127.0.0.0/33' is no address range"),
        (&["--poll-interval", "25h"], "a day is the longest time"),
        (&["--idle-timeout", "10us"], "a millisecond is the smallest step"),
    ] {
        let (code, out, err) = ran(&[&["serve", "tcp", "127.0.0.1:0", "--model", "threads"], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        // The model may come to have settings; what it has not is said either way.
        let words = words.trim_end_matches(" has");
        assert!(err.contains(words), "{args:?}: {err}");
    }
    let (code, _, err) = ran(&["serve", "unix-stream", "/nowhere", "--deny", "::1"]);
    assert_eq!(code, 2);
    assert!(err.contains("--allow and --deny compare IP addresses, and unix-stream peers have none"), "{err}");
}

#[test]
fn a_server_ends_by_itself_after_its_requests() {
    for transport in ["tcp", "udp"] {
        let mut server = Running::start(&["serve", transport, "127.0.0.1:0", "--requests", "2", "--for", "1m"]);
        let line = server.line();
        let bound = line.split(' ').nth(2).unwrap().to_owned();
        for _ in 0..2 {
            let (code, out, err) = ran(&["send", transport, &bound, "once", "--wait", "200ms"]);
            assert_eq!((code, out.as_str()), (0, "once"), "{transport}: {err}");
        }
        let status = until("the server to end", || server.child.try_wait().unwrap());
        assert_eq!(status.code(), Some(0), "{transport}");
        let mut rest = String::new();
        server.lines.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("  ran  "), "{transport}: {rest}");
    }
}

#[test]
fn peers_that_the_filter_does_not_let_in_are_counted_and_idle_ones_leave() {
    let args = ["serve", "tcp", "127.0.0.1:0", "--deny", "127.0.0.0/8", "--for", "700ms", "--json"];
    let mut server = Running::start(&args);
    let bound = until("where it listens", || {
        let line: Value = serde_json::from_str(&server.line()).unwrap();
        line["local"].as_str().map(str::to_owned)
    });
    let mut peer = TcpStream::connect(&bound).unwrap();
    peer.set_read_timeout(Some(support::LIMIT)).unwrap();
    let end = peer.read(&mut [0; 9]);
    assert!(end.as_ref().is_ok_and(|n| *n == 0) || end.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset));
    let mut rest = String::new();
    server.lines.read_to_string(&mut rest).unwrap();
    let summary = summary(&rest);
    assert_eq!((&summary["ok"], &summary["endpoints"][0]["turned_away"]), (&true.into(), &1.into()), "{rest}");

    let (_server, bound) = serve("tcp", "127.0.0.1:0", &["--idle-timeout", "100ms", "--allow", "127.0.0.1"]);
    let mut peer = TcpStream::connect(&bound).unwrap();
    peer.set_read_timeout(Some(support::LIMIT)).unwrap();
    peer.write_all(b"hi").unwrap();
    let mut heard = Vec::new();
    peer.read_to_end(&mut heard).unwrap();
    assert_eq!(heard, b"hi", "the idle connection is closed");
}

#[test]
fn a_model_that_cannot_serve_a_transport_here_is_refused_with_the_reason() {
    for model in catalog::models() {
        for transport in Transport::ALL {
            let Some(why) = catalog::conflict(transport, model.id) else { continue };
            let (code, _, err) = ran(&["serve", transport.id(), "127.0.0.1:0", "--model", model.id, "--for", "0s"]);
            assert_eq!(code, 2, "{} {transport}: {err}", model.id);
            assert!(err.contains(why) && err.contains("socketlab list models"), "{err}");
        }
    }
}

#[test]
fn wrong_use_ends_with_2_and_says_where() {
    let dir = tempfile::tempdir().unwrap();
    let path = lab_file(dir.path(), "[[server]]\nname = \"echo-tcp\"\ntransport = \"tcp\"\naddress = \"127.0.0.1:0\"\nmodel = \"epol\"\n");
    let (code, out, err) = ran(&["run", &path]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("lab.toml: line 5: server 'echo-tcp': model 'epol' does not exist. Models: iterative"), "{err}");

    let (code, _, err) = ran(&["run", "/no/such/lab.toml"]);
    assert!(code == 2 && err.contains("/no/such/lab.toml: "), "{err}");
    fs::write(dir.path().join("lab.toml"), b"name = 'a'\n# \xff\n").unwrap();
    let (code, _, err) = ran(&["run", &path]);
    assert!(code == 2 && err.contains("line 2: this is not UTF-8"), "{err}");
    lab_file(dir.path(), "name = 'empty'");
    assert_eq!(ran(&["run", &path]).0, 2);
    lab_file(dir.path(), "[[server]]\nname = 's'\ntransport = 'tcp'\naddress = '127.0.0.1:0'\n");
    let (code, _, err) = ran(&["run", &path, "--only", "t"]);
    assert!(code == 2 && err.contains("--only 't' does not exist in this lab. Names: s"), "{err}");

    let (code, _, err) = ran(&["serve", "tcp", "127.0.0.1"]);
    assert!(code == 2 && err.contains("a port is missing"), "{err}");
    let (code, _, err) = ran(&["send", "tcp", "127.0.0.1:1", r"a\q"]);
    assert!(code == 2 && err.contains(r"column 2: '\q' is not an escape"), "{err}");
    let (code, _, err) = ran(&["send", "tcp", "127.0.0.1:1", "70 6", "--hex"]);
    assert!(code == 2 && err.contains("column 4: half a byte"), "{err}");
    let (code, _, err) = ran(&["send", "tcp", "127.0.0.1:1", "/no/such/file", "--file"]);
    assert!(code == 2 && err.contains("cannot read '/no/such/file': "), "{err}");
    assert_eq!(ran(&["serve", "sctp", "127.0.0.1:0"]).0, 2);
    assert_eq!(ran(&["run", &path, "--for", "soon"]).0, 2);
    let (code, _, err) = ran(&["srve"]);
    assert!(code == 2 && err.contains("'srve' is neither a lab file nor a command"), "{err}");
}

#[test]
#[cfg(any(not(feature = "gui"), not(any(windows, target_os = "macos"))))]
fn without_a_display_one_sentence_names_the_way_out() {
    let (code, out, err) = ran(&[]);
    assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 1), "{err}");
    assert!(err.contains("socketlab run") && !err.contains("panicked"), "{err}");
}

/// Transports of this system with an address to bind.
fn doors(dir: &Path) -> Vec<(&'static str, String)> {
    let path = |name: &str| dir.join(name).display().to_string();
    let mut doors = vec![("tcp", "127.0.0.1:0".to_owned()), ("tcp", "[::1]:0".to_owned()), ("udp", "127.0.0.1:0".to_owned())];
    for (name, transport) in [("unix-stream", Transport::UnixStream), ("unix-dgram", Transport::UnixDgram)] {
        if catalog::missing(transport).is_none() {
            doors.push((name, path(name)));
        }
    }
    doors
}

/// `serve`, and the address it says it listens on.
fn serve(transport: &str, address: &str, more: &[&str]) -> (Running, String) {
    let mut running = Running::start(&[&["serve", transport, address], more].concat());
    let line = running.line();
    let bound = line.strip_prefix("listening on ").and_then(|l| l.split(" (").next()).unwrap_or_else(|| panic!("{line}"));
    let bound = bound.to_owned();
    (running, bound)
}

#[test]
fn what_is_sent_comes_back_over_every_transport() {
    let dir = tempfile::tempdir().unwrap();
    for (transport, address) in doors(dir.path()) {
        let (mut server, bound) = serve(transport, &address, &["--service", "upper"]);
        assert!(!bound.ends_with(":0"), "the port that was chosen is told: {bound}");
        let sent = socketlab(&["send", transport, &bound, r"hello 中\x00\xff\n", "--wait", "300ms"]).output().unwrap();
        assert_eq!(sent.stdout, b"HELLO \xe4\xb8\xad\x00\xff\n", "{transport}: {}", String::from_utf8_lossy(&sent.stderr));
        assert_eq!(sent.status.code(), Some(0), "{transport}");
        let hex = socketlab(&["send", transport, &bound, "61 62", "--hex", "--times", "3", "--every", "10ms", "--wait", "300ms"]);
        assert_eq!({ hex }.output().unwrap().stdout, b"ABABAB", "{transport}");
        let base64 = socketlab(&["send", transport, &bound, "YWI=", "--format", "base64", "--wait", "300ms"]);
        assert_eq!({ base64 }.output().unwrap().stdout, b"AB", "{transport}");
        #[cfg(unix)]
        {
            server.interrupt();
            assert_eq!(server.end().code(), Some(0), "{transport}");
            assert!(!Path::new(&bound).exists(), "the socket file is removed");
        }
        let _ended_or_killed_on_drop = &mut server;
    }
}

#[test]
fn messages_are_sent_in_an_encoding_and_a_framing_and_come_back_line_by_line() {
    let (_server, bound) = serve("tcp", "127.0.0.1:0", &["--service", "echo"]);
    let send = |data: &str, more: &[&str]| {
        let args = [&["send", "tcp", &bound, data, "--wait", "300ms"], more].concat();
        let Output { status, stdout, stderr } = socketlab(&args).output().unwrap();
        (status.code().unwrap_or(-1), stdout, String::from_utf8(stderr).unwrap())
    };
    let gbk = send("你好", &["--encoding", "gbk", "--framing", r"delimiter:\r\n", "--times", "2", "--every", "5ms"]);
    assert_eq!((gbk.0, gbk.1.as_slice()), (0, &b"\xc4\xe3\xba\xc3\n\xc4\xe3\xba\xc3\n"[..]), "{}", gbk.2);
    let length = send("00 0a ff", &["--format", "hex", "--framing", "length:u16le"]);
    assert_eq!((length.0, length.1.as_slice()), (0, &b"\x00\x0a\xff\n"[..]), "{}", length.2);
    let (code, _, err) = send("é中", &["--encoding", "ascii"]);
    assert!(code == 2 && err.contains("column 1"), "{err}");
    let (code, _, err) = ran(&["send", "udp", "127.0.0.1:1", "x", "--framing", "fixed:1"]);
    assert!(code == 2 && err.contains("about streams"), "{err}");
    assert_eq!(ran(&["send", "tcp", "127.0.0.1:1", "x", "--framing", "lines"]).0, 2);
    assert_eq!(ran(&["send", "tcp", "127.0.0.1:1", "x", "--hex", "--format", "text"]).0, 2);
}

#[test]
fn a_large_file_comes_back_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("large");
    let bytes: Vec<u8> = (0..200_000_u32).flat_map(|n| [n as u8, (n >> 8) as u8 ^ 0x5a]).collect();
    fs::write(&path, &bytes).unwrap();
    let (_server, bound) = serve("tcp", "127.0.0.1:0", &[]);
    let sent = socketlab(&["send", "tcp", &bound, path.to_str().unwrap(), "--file", "--wait", "700ms"]).output().unwrap();
    assert_eq!(sent.status.code(), Some(0), "{}", String::from_utf8_lossy(&sent.stderr));
    assert!(sent.stdout == bytes, "{} of {} bytes came back", sent.stdout.len(), bytes.len());
}

#[test]
fn serve_answers_other_programs_and_says_how_it_waits() {
    let mut server = Running::start(&["serve", "tcp", "127.0.0.1:0", "--model", "threads", "--service", "greeter", "--for", "1m"]);
    let line = server.line();
    assert!(line.ends_with("(tcp, threads, greeter)"), "{line}");
    let bound = line.split(' ').nth(2).unwrap();
    let mut peer = TcpStream::connect(bound).unwrap();
    peer.write_all(b"exit\n").unwrap();
    let mut heard = String::new();
    peer.read_to_string(&mut heard).unwrap();
    assert_eq!(heard, "Welcome!\n");
}

#[test]
fn failures_end_with_1_and_name_operation_address_and_cause() {
    let port = closed_port();
    let (code, out, err) = ran(&["send", "tcp", &format!("127.0.0.1:{port}"), "x"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains(&format!("connect 127.0.0.1:{port}: refused")), "{err}");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, out, err) = ran(&["serve", "tcp", &address]);
    assert_eq!(code, 1, "it ends by itself: {out}{err}");
    assert!(err.contains(&format!("{address}: the address is in use")), "{err}");

    let dir = tempfile::tempdir().unwrap();
    let lab = format!("[[client]]\nname = 'c'\ntransport = 'tcp'\naddress = '127.0.0.1:{port}'\n");
    let (code, out, err) = ran(&["run", &lab_file(dir.path(), &lab), "--for", "1s"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("refused") && out.contains("FAILED"), "{out}");
    let lab = format!("{lab}reconnect = 'backoff'\n");
    let (code, out, _) = ran(&["run", &lab_file(dir.path(), &lab), "--for", "1s", "--json"]);
    let summary = summary(&out);
    assert_eq!((code, &summary["ok"], &summary["endpoints"][0]["ok"]), (1, &false.into(), &false.into()));
    assert_eq!(summary["endpoints"][0]["failure"]["cause"], "refused", "{out}");
}

fn json_lines(out: &str) -> Vec<Value> {
    out.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
}

fn summary(out: &str) -> Value {
    json_lines(out).pop().filter(|l| l["type"] == "summary").unwrap_or_else(|| panic!("no summary at the end of\n{out}"))
}

#[test]
fn a_run_is_told_in_json_lines() {
    let dir = tempfile::tempdir().unwrap();
    let text = "name = 'l'\n[[server]]\nname = 's'\ntransport = 'tcp'\naddress = '127.0.0.1:0'\n[[client]]\nname = 'c'\nserver = 's'\n\
                [client.packet]\nbody = '12345'\ntimes = 4\nevery_ms = 50\non_connect = true\n";
    let (code, out, err) = ran(&["run", &lab_file(dir.path(), text), "--for", "1500ms", "--json"]);
    assert_eq!(code, 0, "{out}{err}");
    let lines = json_lines(&out);
    assert_eq!((&lines[0]["type"], &lines[0]["servers"][0], &lines[0]["clients"][0]), (&"start".into(), &"s".into(), &"c".into()));
    let of_type = |t: &str| lines.iter().filter(|l| l["type"] == t).cloned().collect::<Vec<_>>();
    let started = |name: &str| of_type("event").iter().position(|e| e["event"] == "started" && e["endpoint"] == name).expect(name);
    assert!(started("s") < started("c"), "servers first");
    assert!(of_type("event")[started("s")]["local"].as_str().is_some_and(|l| l.starts_with("127.0.0.1:")));
    let samples = of_type("sample");
    assert!(samples.len() >= 2, "{out}");
    assert_eq!(samples[0]["sessions"].as_array().unwrap().len(), 2);
    let summary = summary(&out);
    assert_eq!(summary["ok"], true);
    for (endpoint, name) in [(0, "s"), (1, "c")] {
        let e = &summary["endpoints"][endpoint];
        assert_eq!((&e["name"], &e["ok"], &e["opened"]), (&name.into(), &true.into(), &1.into()), "{out}");
        assert_eq!((&e["rx_bytes"], &e["tx_bytes"]), (&20.into(), &20.into()), "{out}");
    }
}

#[test]
fn only_some_endpoints_are_started() {
    let dir = tempfile::tempdir().unwrap();
    let server = |n: u8| format!("[[server]]\nname = 's{n}'\ntransport = 'tcp'\naddress = '127.0.0.1:0'\n");
    let path = lab_file(dir.path(), &(server(1) + &server(2)));
    let (code, out, _) = ran(&["run", &path, "--only", "s2", "--for", "100ms"]);
    assert_eq!(code, 0);
    assert!(out.contains("server s2: running at 127.0.0.1:") && !out.contains("s1"), "{out}");
}

#[test]
fn every_example_runs() {
    let dir = tempfile::tempdir().unwrap();
    let examples = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")).unwrap();
    let paths: Vec<PathBuf> = examples.map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    assert!(paths.len() >= 5);
    for path in paths {
        // The one fixed port may be in use on the machine that tests.
        let text = fs::read_to_string(&path).unwrap().replace("127.0.0.1:7788", "127.0.0.1:0");
        let (code, out, err) = ran(&["run", &lab_file(dir.path(), &text), "--for", "1s", "--json"]);
        if cfg!(not(target_os = "linux")) && text.contains("epoll-") {
            assert!(code == 1 && out.contains("\"cause\":\"not-available\""), "{}: {code}\n{out}{err}", path.display());
            continue;
        }
        assert_eq!(code, 0, "{}\n{out}{err}", path.display());
        let summary = summary(&out);
        let endpoints = summary["endpoints"].as_array().unwrap();
        // Where the accept queue is looked at nobody may have to say anything.
        let moved = if text.contains("on_connect = true") { "tx_messages" } else { "opened" };
        assert!(endpoints.iter().filter(|e| e["side"] == "client").all(|e| e[moved].as_u64() > Some(0)), "{}\n{out}", path.display());
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_a_run_cleanly() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("s.sock");
    let text = format!(
        "[[server]]\nname = 's'\ntransport = 'unix-stream'\naddress = '{}'\n[[client]]\nname = 'c'\nserver = 's'\n\
         [client.packet]\ntimes = 0\nevery_ms = 20\non_connect = true\n",
        socket.display()
    );
    let mut running = Running::start(&["run", &lab_file(dir.path(), &text), "--json"]);
    until("a sample with traffic", || {
        let line: Value = serde_json::from_str(&running.line()).unwrap();
        (line["type"] == "sample" && line["totals"]["rx_bytes"].as_u64() > Some(0)).then_some(())
    });
    assert!(socket.exists());
    running.interrupt();
    assert_eq!(running.end().code(), Some(0));
    assert!(!socket.exists(), "the socket file is removed");
    let mut rest = String::new();
    running.lines.read_to_string(&mut rest).unwrap();
    assert_eq!(summary(&rest)["ok"], true);
}

#[test]
fn nobody_reading_ends_it_quietly() {
    let dir = tempfile::tempdir().unwrap();
    let path = lab_file(dir.path(), "[[server]]\nname = 's'\ntransport = 'tcp'\naddress = '127.0.0.1:0'\n");
    let mut child = socketlab(&["run", &path, "--json"]).spawn().unwrap();
    drop(child.stdout.take());
    let status = until("the program to end", || child.try_wait().unwrap());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
}
