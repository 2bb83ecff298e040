//! The program of a server, put together from its parts.

use super::template::{Facts, put};
use super::{Language, NoProgram, Program, Words, columns, facts, finish, values};
use crate::lab::{Server, Transport};
use crate::service;

/// The files of `assets/code`, in the order of a program.
macro_rules! parts {
    ($($file:literal),+ $(,)?) => { &[$(include_str!(concat!("../../assets/code/", $file))),+] };
}

const PYTHON_STREAM_BLOCKING: &[&str] = parts![
    "python/server_head.py",
    "python/server_open.py",
    "python/service_stream.py",
    "python/framing.py",
    "python/blocking.py",
    "python/end.py"
];
const PYTHON_STREAM_LOOP: &[&str] = parts![
    "python/server_head.py",
    "python/server_open.py",
    "python/service_stream.py",
    "python/framing.py",
    "python/loop.py",
    "python/wait.py",
    "python/loop_main.py",
    "python/end.py"
];
const PYTHON_STREAM_ASYNC: &[&str] = parts![
    "python/server_head.py",
    "python/server_open.py",
    "python/service_stream.py",
    "python/framing.py",
    "python/async.py",
    "python/end.py"
];
const PYTHON_DGRAM_LOOP: &[&str] = parts![
    "python/server_head.py",
    "python/server_open.py",
    "python/service_dgram.py",
    "python/dgram.py",
    "python/wait.py",
    "python/dgram_main.py",
    "python/end.py"
];
const PYTHON_DGRAM: &[&str] = parts![
    "python/server_head.py",
    "python/server_open.py",
    "python/service_dgram.py",
    "python/dgram.py",
    "python/dgram_main.py",
    "python/end.py"
];
const PYTHON_DGRAM_ASYNC: &[&str] =
    parts!["python/server_head.py", "python/server_open.py", "python/service_dgram.py", "python/dgram_async.py", "python/end.py"];
const C_STREAM_BLOCKING: &[&str] = parts![
    "c/server_head.c",
    "c/server_open.c",
    "c/blocking.c",
    "c/name.c",
    "c/framing_say.c",
    "c/cycle.c",
    "c/service_stream.c",
    "c/framing_hear.c",
    "c/blocking_main.c"
];
const C_STREAM_LOOP: &[&str] = parts![
    "c/server_head.c",
    "c/server_open.c",
    "c/loop.c",
    "c/wait.c",
    "c/loop_say.c",
    "c/name.c",
    "c/framing_say.c",
    "c/cycle.c",
    "c/service_stream.c",
    "c/framing_hear.c",
    "c/loop_main.c"
];
const C_DGRAM: &[&str] = parts!["c/server_head.c", "c/server_open.c", "c/dgram.c", "c/cycle.c", "c/service_dgram.c", "c/dgram_main.c"];
const C_DGRAM_LOOP: &[&str] =
    parts!["c/server_head.c", "c/server_open.c", "c/loop.c", "c/wait.c", "c/cycle.c", "c/service_dgram.c", "c/dgram_main.c"];
const RUST_STREAM_BLOCKING: &[&str] = parts![
    "rust/server_head.rs",
    "rust/server_open.rs",
    "rust/service_stream.rs",
    "rust/made.rs",
    "rust/framing.rs",
    "rust/blocking.rs",
    "rust/reset.rs"
];
const RUST_STREAM_LOOP: &[&str] = parts![
    "rust/server_head.rs",
    "rust/server_open.rs",
    "rust/service_stream.rs",
    "rust/made.rs",
    "rust/framing.rs",
    "rust/loop.rs",
    "rust/reset.rs",
    "rust/wait.rs",
    "rust/loop_main.rs"
];
const RUST_STREAM_ASYNC: &[&str] = parts![
    "rust/server_head.rs",
    "rust/server_open.rs",
    "rust/service_stream.rs",
    "rust/made.rs",
    "rust/framing.rs",
    "rust/async.rs",
    "rust/reset.rs"
];
const RUST_DGRAM: &[&str] = parts![
    "rust/server_head.rs",
    "rust/server_open.rs",
    "rust/service_dgram.rs",
    "rust/made.rs",
    "rust/dgram_blocking.rs",
    "rust/dgram_main.rs"
];
const RUST_DGRAM_LOOP: &[&str] = parts![
    "rust/server_head.rs",
    "rust/server_open.rs",
    "rust/service_dgram.rs",
    "rust/made.rs",
    "rust/loop.rs",
    "rust/wait.rs",
    "rust/dgram_main.rs"
];
const RUST_DGRAM_ASYNC: &[&str] =
    parts!["rust/server_head.rs", "rust/server_open.rs", "rust/service_dgram.rs", "rust/made.rs", "rust/dgram_main.rs"];

pub(super) fn program(server: &Server, language: Language, words: Words) -> Result<Program, NoProgram> {
    let mut facts = facts::of_server(server, language)?;
    facts.flag_if("backlog", language == Language::Rust && facts.has("stream") && server.backlog != 128);
    values::of_server(server, language, &mut facts);
    let name = format!("{}_server", server.service.replace('-', "_"));
    titles(server, language, words, &mut facts);
    words.put_not_shown(&facts::not_shown(server, &facts), &mut facts);
    let parts = parts(language, &facts);
    Ok(finish::program((language, words), &name, parts, facts))
}

fn parts(language: Language, facts: &Facts) -> &'static [&'static str] {
    let (is_stream, is_loop, is_async) = (facts.has("stream"), facts.has("loop"), facts.has("async"));
    match (language, is_stream, is_loop, is_async) {
        (Language::Python, true, true, _) => PYTHON_STREAM_LOOP,
        (Language::Python, true, false, true) => PYTHON_STREAM_ASYNC,
        (Language::Python, true, false, false) => PYTHON_STREAM_BLOCKING,
        (Language::Python, false, false, true) => PYTHON_DGRAM_ASYNC,
        (Language::Python, false, true, _) => PYTHON_DGRAM_LOOP,
        (Language::Python, false, false, false) => PYTHON_DGRAM,
        (Language::C, true, true, _) => C_STREAM_LOOP,
        (Language::C, true, false, _) => C_STREAM_BLOCKING,
        (Language::C, false, true, _) => C_DGRAM_LOOP,
        (Language::C, false, false, _) => C_DGRAM,
        (Language::Rust, true, true, _) => RUST_STREAM_LOOP,
        (Language::Rust, true, false, true) => RUST_STREAM_ASYNC,
        (Language::Rust, true, false, false) => RUST_STREAM_BLOCKING,
        (Language::Rust, false, true, _) => RUST_DGRAM_LOOP,
        (Language::Rust, false, false, true) => RUST_DGRAM_ASYNC,
        (Language::Rust, false, false, false) => RUST_DGRAM,
    }
}

/// The first line, and the line over the model with the dashes that fill it.
fn titles(server: &Server, language: Language, words: Words, facts: &mut Facts) {
    let service = service::find(&server.service).map_or("", |service| service.summary);
    let model = words.of(model_title(server));
    facts.value("TRANSPORT_TITLE", words.of(transport_title(server.transport)));
    facts.value("MODEL_TITLE", model);
    facts.value("SERVICE_TITLE", words.of(service));
    facts.value("TITLE", put(words.of("A server over {{TRANSPORT_TITLE}}, {{MODEL_TITLE}}. It {{SERVICE_TITLE}}."), facts));
    let (before, _) = words.of("model: {{MODEL_TITLE}} {{RULE}}").split_once("{{").unwrap_or_default();
    let mark = if language == Language::Python { "# --- " } else { "/* --- " };
    facts.value("RULE", "-".repeat(115_usize.saturating_sub(mark.len() + columns(before) + columns(model))));
}

fn transport_title(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
        Transport::UnixStream => "Unix stream sockets",
        Transport::UnixDgram => "Unix datagram sockets",
    }
}

fn model_title(server: &Server) -> &'static str {
    match server.model.as_str() {
        "iterative" => "one client at a time",
        "threads" => "a thread for each connection",
        "thread-pool" => "threads that take turns",
        "processes" => "a process for each connection",
        "busy-poll" => "asking every socket again and again",
        "select" => "one wait for all in select",
        "poll" => "one wait for all in poll",
        "epoll-lt" => "one wait for all in epoll, level-triggered",
        "epoll-et" => "one wait for all in epoll, edge-triggered",
        "kqueue" => "one wait for all in kqueue",
        "sigio" => "a signal for each change",
        _ => "a task for each connection",
    }
}
