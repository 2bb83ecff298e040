//! When a server takes its clients, as the command line says it: `serve --accept-pace`, `--defer-accept`, and clients that open
//! nothing by themselves.

#![expect(clippy::unwrap_used, reason = "in a test a missing value is the failure")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

/// Nothing here takes longer unless it is broken.
const LIMIT: Duration = Duration::from_secs(10);

/// The program without a display, so that no test opens a window.
fn socketlab(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_socketlab"));
    command.args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET").stdin(Stdio::null());
    command
}

/// Runs it to its end.
fn ran(args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = socketlab(args).output().unwrap();
    (status.code().unwrap_or(-1), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A running `serve tcp` that does not outlive its test.
struct Serving {
    child: Child,
    address: String,
    /// Kept open, or its next line would end the program.
    _lines: BufReader<ChildStdout>,
}

impl Serving {
    fn with(options: &[&str]) -> Self {
        let mut child = socketlab(&[&["serve", "tcp", "127.0.0.1:0"], options].concat()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        // "listening on ADDRESS (…"
        let address =
            first.strip_prefix("listening on ").and_then(|rest| rest.split(' ').next()).unwrap_or_else(|| panic!("'{first}'")).to_owned();
        Self { child, address, _lines: lines }
    }

    /// Sends a word and reads it back, for so long.
    fn answers(&self, limit: Duration) -> bool {
        let mut peer = TcpStream::connect(&self.address).unwrap();
        peer.set_read_timeout(Some(limit)).unwrap();
        peer.write_all(b"hello").unwrap();
        peer.read_exact(&mut [0; 5]).is_ok()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Ended already, in a test that passes.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

#[test]
fn a_paused_server_connects_its_clients_and_answers_none() {
    let server = Serving::with(&["--accept-pace", "paused", "--backlog", "0"]);
    assert!(!server.answers(Duration::from_millis(300)));
}

#[test]
fn a_slow_and_a_deferring_server_answer_everybody() {
    let server = Serving::with(&["--accept-pace", "10ms", "--defer-accept", "1s"]);
    assert!((0..3).all(|_| server.answers(LIMIT)));
}

#[test]
fn what_makes_no_sense_is_refused_with_the_reason() {
    for (args, words) in [
        (["tcp", "127.0.0.1:0", "--accept-pace", "slow"], "write eager, paused, or a time such as 250ms or 1s"),
        (["tcp", "127.0.0.1:0", "--defer-accept", "1500ms"], "a second is the smallest step"),
        (["tcp", "127.0.0.1:0", "--defer-accept", "2h"], "3600 s is the longest time"),
        (["udp", "127.0.0.1:0", "--accept-pace", "1s"], "--accept-pace is about accept, and udp sockets have no connections"),
        (["unix-stream", "/nowhere", "--defer-accept", "1s"], "--defer-accept is an option of tcp, and this is unix-stream"),
    ] {
        let (code, out, err) = ran(&[&["serve"], &args[..]].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(words), "{args:?}: {err}");
    }
}

#[test]
fn a_client_whose_connections_are_opened_by_hand_runs_without_any() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lab.toml");
    let text = "[[server]]\nname = 's'\ntransport = 'tcp'\naddress = '127.0.0.1:0'\n\
                [[client]]\nname = 'c'\nserver = 's'\nconnections = 0\n";
    std::fs::write(&path, text).unwrap();
    let (code, out, err) = ran(&["run", &path.display().to_string(), "--for", "300ms"]);
    assert_eq!(code, 0, "{out}{err}");
}
