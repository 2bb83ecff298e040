//! What `socketlab run` tells of accept queues, connects and insights, in the built program.

#![expect(clippy::unwrap_used, reason = "in a test a missing value is the failure")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs it to its end, by way of `wrapper` if there is one. No test opens a window.
fn ran_by(wrapper: &[&str], args: &[&str]) -> (i32, String, String) {
    let all: Vec<&str> = wrapper.iter().copied().chain([env!("CARGO_BIN_EXE_socketlab")]).chain(args.iter().copied()).collect();
    let mut command = Command::new(all[0]);
    command.args(&all[1..]).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET").stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap_or(-1), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn ran(args: &[&str]) -> (i32, String, String) {
    ran_by(&[], args)
}

fn lab_file(dir: &Path, text: &str) -> String {
    let path = dir.join("lab.toml");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn json_lines(out: &str) -> Vec<Value> {
    out.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
}

fn summary(out: &str) -> Value {
    json_lines(out).pop().filter(|l| l["type"] == "summary").unwrap_or_else(|| panic!("no summary at the end of\n{out}"))
}

#[test]
fn a_run_tells_of_accept_queues_and_connects() {
    let dir = tempfile::tempdir().unwrap();
    // One thread that serves one client alone: the others stand in its queue.
    let text = "name = 'l'\n[[server]]\nname = 's'\ntransport = 'tcp'\naddress = '127.0.0.1:0'\nmodel = 'iterative'\nbacklog = 1\n\
                [[client]]\nname = 'c'\nserver = 's'\nconnections = 3\n";
    let path = lab_file(dir.path(), text);
    let (_, out, err) = ran(&["run", &path, "--for", "2s", "--json"]);
    let lines = json_lines(&out);
    let samples: Vec<_> = lines.iter().filter(|l| l["type"] == "sample").collect();
    let last = samples.last().unwrap_or_else(|| panic!("{out}{err}"));
    let (server, client) = (&last["sessions"][0], &last["sessions"][1]);
    assert_eq!((&server["accept_queue"], &server["established_not_accepted"], &server["accepted"]), (&2.into(), &2.into(), &1.into()));
    if cfg!(target_os = "linux") {
        let (limit, places) = (&server["accept_queue_limit"], &server["places"]);
        assert_eq!((limit, places, &server["source"]), (&1.into(), &2.into(), &"measured".into()));
        assert!(["half_open", "listen_overflows", "listen_drops"].iter().all(|name| server[*name].is_u64()), "{server}");
    }
    let connects = client["connects"].as_array().unwrap();
    assert_eq!(connects.len(), 3, "{client}");
    assert!(connects.iter().all(|c| c["connect_ms"].as_f64().is_some_and(|ms| ms > 0.0) && c["retries"].is_u64()), "{client}");
    let states: Vec<_> = connects.iter().map(|c| c["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["open", "waiting", "waiting"]);
    assert_eq!(summary(&out)["endpoints"][0]["accept_queue_max"], 2, "{out}");
    let (_, out, _) = ran(&["run", &path, "--for", "2s"]);
    let words = out.lines().find(|l| l.contains("s accept queue: 2 waiting")).unwrap_or_else(|| panic!("{out}"));
    assert!(words.contains("accepted 1"), "{words}");
}

#[cfg(target_os = "linux")]
#[test]
fn in_a_network_of_its_own_each_dropped_syn_is_counted_once() {
    let dir = tempfile::tempdir().unwrap();
    for host in ["127.0.0.1", "[::1]"] {
        let text = format!(
            "name = 'l'\n[[server]]\nname = 's'\ntransport = 'tcp'\naddress = '{host}:0'\nbacklog = 3\n\
             [server.life]\naccept_pace = 'paused'\n[[client]]\nname = 'c'\nserver = 's'\nconnections = 10\n"
        );
        // A network namespace has counters of its own, and nobody else there (unshare(1), no privileges needed).
        let alone = ["unshare", "-rn", "sh", "-c", "ip link set lo up && exec \"$0\" \"$@\""];
        // The SYNs leave at 0 and again at 1.0 and 2.0 s.
        let (_, out, err) = ran_by(&alone, &["run", &lab_file(dir.path(), &text), "--for", "1600ms", "--json"]);
        let summary = summary(&out);
        let (server, client) = (&summary["endpoints"][0], &summary["endpoints"][1]);
        assert_eq!((&server["accept_queue"], &server["places"]), (&4.into(), &4.into()), "{out}{err}");
        let calling: Vec<_> = client["connects"].as_array().unwrap().iter().filter(|c| c["state"] == "connecting").collect();
        let sent: u64 = calling.iter().map(|c| 1 + c["retries"].as_u64().unwrap()).sum();
        assert_eq!((&server["listen_drops"], &server["listen_overflows"]), (&sent.into(), &sent.into()), "{out}");
        assert!(calling.len() == 6 && sent == 12 && calling.iter().all(|c| c["next_try_secs"].is_f64()), "{out}");
    }
}

#[test]
fn an_insight_is_told_when_it_begins_and_when_it_is_over() {
    let dir = tempfile::tempdir().unwrap();
    let text = "[[server]]\nname = 'one'\ntransport = 'tcp'\naddress = '127.0.0.1:0'\nmodel = 'iterative'\n\
                [[client]]\nname = 'crowd'\nserver = 'one'\nconnections = 3\n";
    let path = lab_file(dir.path(), text);
    let (code, out, err) = ran(&["run", &path, "--for", "5s", "--json"]);
    assert_eq!(code, 0, "{out}{err}");
    let told: Vec<Value> = json_lines(&out).into_iter().filter(|l| l["type"] == "insight").collect();
    let [begin, end] = &told[..] else { panic!("{out}") };
    let brief = |l: &Value| format!("{} {} {} {}", l["endpoint"], l["insight"], l["phase"], l["figures"]["waiting"]);
    assert_eq!(brief(begin), r#""one" "second-waits" "begin" 2"#);
    assert_eq!(brief(end), r#""one" "second-waits" "end" 2"#);
    let source = if cfg!(target_os = "linux") { "measured" } else { "derived" };
    assert!(
        begin["source"] == source && begin["words"].as_str().is_some_and(|w| w.starts_with("2 clients wait behind crowd: ")),
        "{begin}"
    );
    let (code, out, _) = ran(&["run", &path, "--for", "5s"]);
    assert!(code == 0 && out.contains("  2 clients wait behind crowd: the only thread of one "), "{out}");
}
