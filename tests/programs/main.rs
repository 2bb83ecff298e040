//! The programs of `socketlab::code` are real: they are written out, compiled or run, and talked to over loopback, from plain peers and
//! from our client to their server, and from their client to our server.
//!
//! `cargo test --test programs` takes every transport × model with echo and every service with one model of each kind; the whole
//! matrix is `cargo test --test programs -- --ignored`, which CI runs too. It needs Python 3, `cc` (else the C part says that it was
//! left out) and the toolchain that built this. Linux: the models are its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test a missing value is the failure")]

#[path = "../support/mod.rs"]
mod support;

mod build;
mod case;
mod chat;
mod clients;
mod literals;
mod talk;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use socketlab::code::Language;

use build::Built;
use case::Case;

/// Programs that run at the same time; most of the time they wait.
const AT_ONCE: usize = 4;

fn check(language: Language, cases: Vec<Case>) {
    let Some(built) = Built::of(language, cases) else { return };
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = built.cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let number = built.number(case);
                    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| talk::talk(&built, number, case)));
                    if outcome.is_err() {
                        failed.lock().unwrap().push(case.name());
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} of {} programs in {language} failed:\n{}", failed.len(), built.cases.len(), failed.join("\n"));
}

#[test]
fn servers_in_python_do_what_ours_do() {
    check(Language::Python, case::usual(Language::Python));
}

#[test]
fn servers_in_c_do_what_ours_do() {
    check(Language::C, case::usual(Language::C));
}

#[test]
fn servers_in_rust_do_what_ours_do() {
    check(Language::Rust, case::usual(Language::Rust));
}

#[test]
#[ignore = "the whole matrix takes minutes"]
fn every_transport_model_and_service_in_python() {
    check(Language::Python, case::all(Language::Python));
}

#[test]
#[ignore = "the whole matrix takes minutes"]
fn every_transport_model_and_service_in_c() {
    check(Language::C, case::all(Language::C));
}

#[test]
#[ignore = "the whole matrix takes minutes"]
fn every_transport_model_and_service_in_rust() {
    check(Language::Rust, case::all(Language::Rust));
}

#[test]
fn clients_in_python_talk_to_our_servers() {
    clients::check(Language::Python);
}

#[test]
fn clients_in_c_talk_to_our_servers() {
    clients::check(Language::C);
}

#[test]
fn clients_in_rust_talk_to_our_servers() {
    clients::check(Language::Rust);
}

#[test]
fn every_byte_of_a_literal_is_read_by_its_language() {
    Language::ALL.into_iter().for_each(literals::check);
}

#[test]
fn the_command_line_prints_programs_and_says_why_there_is_none() {
    let run = |args: &[&str]| std::process::Command::new(env!("CARGO_BIN_EXE_socketlab")).arg("code").args(args).output().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let lab = dir.path().join("lab.toml");
    let text = "name = \"t\"\n[[server]]\nname = \"a\"\ntransport = \"tcp\"\naddress = \"127.0.0.1:7788\"\n\
                [[client]]\nname = \"b\"\nserver = \"a\"\n";
    std::fs::write(&lab, text).unwrap();
    let (lab, file) = (lab.to_str().unwrap(), dir.path().join("b.c"));
    let server = run(&[lab, "a", "--lang", "python"]);
    assert!(server.status.success(), "{}", String::from_utf8_lossy(&server.stderr));
    let described = run(&["serve", "tcp", "127.0.0.1:7788", "--lang", "python"]);
    assert_eq!(server.stdout, described.stdout, "the same server, described by arguments");
    let client = run(&[lab, "b", "--lang", "c", "-o", file.to_str().unwrap()]);
    assert!(client.status.success() && client.stdout.is_empty());
    assert!(std::fs::read_to_string(&file).unwrap().contains("PORT[] = \"7788\""), "it follows its server");
    let chinese = run(&[lab, "a", "--lang", "python", "--words", "zh"]);
    let [chinese, english] = [chinese, server].map(|made| String::from_utf8(made.stdout).unwrap());
    assert!(chinese.contains("# 一次 recv 最多返回的字节数") && !english.contains("字节"), "{chinese}");
    assert_eq!(run(&[lab, "a", "--lang", "python", "--words", "la"]).status.code(), Some(2), "no such words");
    let none = run(&["serve", "tcp", "127.0.0.1:7788", "--model", "io-uring", "--lang", "rust"]);
    assert_eq!((none.status.code(), none.stdout.as_slice()), (Some(1), &b""[..]));
    assert!(String::from_utf8_lossy(&none.stderr).contains("io_uring"));
    assert_eq!(run(&[lab, "nobody", "--lang", "c"]).status.code(), Some(2));
    assert_eq!(run(&[lab, "a"]).status.code(), Some(2), "a language is needed");
}
