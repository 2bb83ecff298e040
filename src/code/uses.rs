//! What a program imports: found by what its code names, so that nothing is missing and nothing is there in vain.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Language;
use super::scan::code_only;

/// Modules of Python's standard library, as the programs name them.
const PYTHON: [&str; 13] =
    ["asyncio", "collections", "fcntl", "os", "random", "select", "signal", "socket", "stat", "struct", "sys", "threading", "time"];

/// What is looked for, the module, and the name in it; `self` is the module itself.
const RUST: &[(&str, &str, &str)] = &[
    ("HashMap", "std::collections", "HashMap"),
    ("HashSet", "std::collections", "HashSet"),
    ("VecDeque", "std::collections", "VecDeque"),
    ("env::", "std::env", "self"),
    ("fs::", "std::fs", "self"),
    ("io::", "std::io", "self"),
    ("mem::", "std::mem", "self"),
    ("process::", "std::process", "self"),
    ("Shutdown", "std::net", "Shutdown"),
    ("TcpListener", "std::net", "TcpListener"),
    ("TcpStream", "std::net", "TcpStream"),
    ("UdpSocket", "std::net", "UdpSocket"),
    (".to_socket_addrs(", "std::net", "ToSocketAddrs"),
    (".as_raw_fd(", "std::os::fd", "AsRawFd"),
    ("AsRawFd", "std::os::fd", "AsRawFd"),
    ("from_raw_fd(", "std::os::fd", "FromRawFd"),
    ("OwnedFd", "std::os::fd", "OwnedFd"),
    ("RawFd", "std::os::fd", "RawFd"),
    ("from_abstract_name(", "std::os::linux::net", "SocketAddrExt"),
    (".is_socket(", "std::os::unix::fs", "FileTypeExt"),
    ("UnixDatagram", "std::os::unix::net", "UnixDatagram"),
    ("UnixListener", "std::os::unix::net", "UnixListener"),
    ("UnixStream", "std::os::unix::net", "UnixStream"),
    ("Path", "std::path", "Path"),
    ("PathBuf", "std::path", "PathBuf"),
    ("ptr::", "std::ptr", "self"),
    ("Arc", "std::sync", "Arc"),
    ("Mutex", "std::sync", "Mutex"),
    ("thread::", "std::thread", "self"),
    ("Duration", "std::time", "Duration"),
    ("Instant", "std::time", "Instant"),
    ("SystemTime", "std::time", "SystemTime"),
    ("UNIX_EPOCH", "std::time", "UNIX_EPOCH"),
];

/// Traits and names that stand for something else under tokio.
const RUST_BLOCKING: &[(&str, &str, &str)] = &[
    (".read(", "std::io", "Read"),
    (".read_to_end(", "std::io", "Read"),
    (".write(", "std::io", "Write"),
    (".write_all(", "std::io", "Write"),
    (".flush(", "std::io", "Write"),
    ("mpsc", "std::sync", "mpsc"),
];
const RUST_TOKIO: &[(&str, &str, &str)] = &[
    (".read(", "tokio::io", "AsyncReadExt"),
    (".write_all(", "tokio::io", "AsyncWriteExt"),
    (".shutdown(", "tokio::io", "AsyncWriteExt"),
    ("mpsc", "tokio::sync", "mpsc"),
    ("Interest", "tokio::io", "Interest"),
];

/// The lines that import what this text names.
pub(super) fn of(language: Language, text: &str) -> String {
    let code = code_only(language, text);
    match language {
        Language::Python => python(&code),
        Language::C => String::new(),
        Language::Rust => rust(&code),
    }
}

fn python(code: &str) -> String {
    let mut lines = String::new();
    for module in PYTHON {
        if names(code, &format!("{module}.")) {
            let _ok = writeln!(lines, "import {module}");
        }
    }
    if names(code, "ThreadPoolExecutor(") {
        lines.push_str("from concurrent.futures import ThreadPoolExecutor\n");
    }
    lines
}

fn rust(code: &str) -> String {
    let is_async = code.contains(".await");
    let more = if is_async { RUST_TOKIO } else { RUST_BLOCKING };
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut add = |module, name| {
        let names = found.entry(module).or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    };
    for &(what, module, name) in RUST.iter().chain(more) {
        if names(code, what) {
            add(module, name);
        }
    }
    if names(code, "SocketAddr") {
        let is_unix = code.contains("UnixDatagram") || code.contains("UnixListener");
        add(if is_unix { "std::os::unix::net" } else { "std::net" }, "SocketAddr");
    }
    let mut lines = String::new();
    for (module, mut names) in found {
        names.sort_unstable_by_key(|name| (*name != "self", *name));
        let _ok = match names.as_slice() {
            ["self"] => writeln!(lines, "use {module};"),
            [name] => writeln!(lines, "use {module}::{name};"),
            all => writeln!(lines, "use {module}::{{{}}};", all.join(", ")),
        };
    }
    lines
}

/// Whether the code has it as a word of its own that no path leads to.
fn names(code: &str, what: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(what).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + what.len()..].chars().next();
        let is_method = what.starts_with('.') || what.starts_with("from_");
        let begins = is_method || !before.is_some_and(|c| is_word(c) || c == ':' || c == '.');
        let ends = what.ends_with(['(', ':', '.']) || !after.is_some_and(is_word);
        begins && ends
    })
}
