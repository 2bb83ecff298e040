//! `socketlab backlog` on a listener of another program: of this one.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

use crate::stage::{At, Door, ss_listener};

pub fn backlog(args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_socketlab")).arg("backlog").args(args).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A watch that goes on; it does not outlive its test.
pub struct Watching {
    child: Child,
    lines: BufReader<ChildStdout>,
}

pub fn watching(name: &str) -> Watching {
    let mut command = Command::new(env!("CARGO_BIN_EXE_socketlab"));
    let mut child = command.args(["backlog", name, "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    Watching { child, lines }
}

impl Watching {
    /// Its next look.
    pub fn next(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"))
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // Ended already, in some tests.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// One look.
pub fn look(name: &str) -> Value {
    let (code, out, err) = backlog(&[name, "--json", "--for", "0s"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(out.lines().count(), 1, "{out}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn it_tells_what_ss_tells_of_any_listener() {
    let dir = tempfile::tempdir().unwrap();
    for at in At::all(dir.path()) {
        let door = Door::open(&at, 2);
        let _clients = [door.call().unwrap(), door.call().unwrap()];
        let line = look(&door.name());
        assert_eq!((line["accept_queue"].as_u64(), line["accept_queue_limit"].as_u64()), (Some(2), Some(2)), "{line}");
        assert_eq!(ss_listener(&door.at), (2, 2));
        assert_eq!((&line["places"], &line["address"], &line["source"]), (&3.into(), &door.name().into(), &"measured".into()));
        let is_tcp = matches!(at, At::Inet(_));
        for counter in ["half_open", "listen_overflows", "listen_drops"] {
            assert_eq!(line[counter].is_u64(), is_tcp, "{line}");
        }
    }
}

#[test]
fn a_relative_path_an_abstract_name_and_a_listener_on_all_addresses_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let door = Door::open(&At::Unix(dir.path().join("door.sock")), 1);
    let dotted = dir.path().join(".").join("door.sock").display().to_string();
    assert_eq!(look(&dotted)["address"], door.name());

    let name = format!("socketlab-test-{}", std::process::id());
    let socket = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
    socket.bind(&socket2::SockAddr::unix(format!("\0{name}")).unwrap()).unwrap();
    socket.listen(7).unwrap();
    assert_eq!(look(&format!("@{name}"))["accept_queue_limit"], 7);

    let all = Door::open(&At::Inet("[::]:0".parse().unwrap()), 4);
    let port = all.inet().port();
    for asked in ["127.0.0.1", "[::1]", "localhost"] {
        let line = look(&format!("{asked}:{port}"));
        assert_eq!((&line["address"], &line["accept_queue_limit"]), (&format!("[::]:{port}").into(), &4.into()));
    }
}

#[test]
fn looks_come_as_often_as_asked_and_end_in_time() {
    let door = Door::open(&At::Inet("127.0.0.1:0".parse().unwrap()), 2);
    let (code, out, _) = backlog(&[&door.name(), "--json", "--for", "1s", "--every", "100ms"]);
    assert_eq!(code, 0);
    let times: Vec<f64> = out.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["at_secs"].as_f64().unwrap()).collect();
    // A busy machine leaves looks out, but never makes more.
    assert!((3..=11).contains(&times.len()) && times.is_sorted() && times[0] < 0.1 && times[times.len() - 1] < 1.1, "{times:?}");
    let (code, out, err) = backlog(&[&door.name(), "--for", "200ms"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with(&format!("watching {}; measured\n", door.name())), "{out}");
    assert!(out.contains("s · queue 0 of 3 places (n = 2) · 0 half-open · ") && out.contains("\n  longest queue  0 of 3 places"), "{out}");
}

#[test]
fn nobody_there_is_said_with_what_was_looked_for() {
    let dir = tempfile::tempdir().unwrap();
    let door = Door::open(&At::Inet("127.0.0.1:0".parse().unwrap()), 2);
    let closed = Door::open(&At::Inet("127.0.0.1:0".parse().unwrap()), 2).name();
    let (code, out, err) = backlog(&[&closed, "--for", "1s"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.starts_with(&format!("socketlab: backlog {closed}: nobody listens there; TCP listeners of this machine: ")), "{err}");
    drop(door);

    let path = dir.path().join("door.sock");
    let name = path.display().to_string();
    let (code, _, err) = backlog(&[&name]);
    assert!(code == 1 && err.ends_with("nobody listens there; there is no such file\n"), "{err}");
    drop(Door::open(&At::Unix(path), 1));
    let (code, _, err) = backlog(&[&name]);
    assert!(code == 1 && err.ends_with("the file is there, but no process listens behind it\n"), "{err}");

    for (args, words) in [
        (&["127.0.0.1:0"][..], "nobody listens on port 0"),
        (&["127.0.0.1:x"], "'x' is not a port"),
        (&["127.0.0.1:1", "--every", "0s"], "a millisecond is the shortest pause"),
        (&["127.0.0.1:1", "--for", "soon"], "write a number and a unit"),
        (&[], "required"),
    ] {
        let (code, out, err) = backlog(args);
        assert!(code == 2 && out.is_empty() && err.contains(words), "{args:?}: {err}");
    }
    let (code, help, _) = backlog(&["--help"]);
    assert_eq!(code, 0);
    for part in ["Examples:", "JSON lines:", "accept_queue_limit", "Exit status:", "See also:", "--every"] {
        assert!(help.contains(part), "{part} is not in\n{help}");
    }
}

#[test]
fn a_listener_that_goes_away_ends_the_watch() {
    let door = Door::open(&At::Inet("127.0.0.1:0".parse().unwrap()), 2);
    let name = door.name();
    let mut watching = watching(&name);
    watching.next();
    drop(door);
    let mut rest = String::new();
    watching.lines.read_to_string(&mut rest).unwrap();
    let mut err = String::new();
    watching.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    let status = watching.child.wait().unwrap();
    assert_eq!((status.code(), err), (Some(1), format!("socketlab: backlog {name}: nobody listens there any more\n")));
}
