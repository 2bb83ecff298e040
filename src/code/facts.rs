//! What the programs of a server depend on, as the conditions of the parts: transport, model, service, framing, options. The values
//! that the languages write differently are put in by [`values`](super::values).

use super::template::Facts;
use super::{Language, NoProgram};
use crate::bytes::Framing;
use crate::lab::{AcceptPace, Address, Messages, Server, Transport};
use crate::service;
use crate::settings::{SettingDef, Settings};

/// Services whose answers are as long as what they hear.
const SAME_LENGTH: [&str; 5] = ["echo", "upper", "delayed", "faulty", "discard"];

/// The conditions of a server's program.
///
/// # Errors
/// When there is no such program in this language.
pub(super) fn of_server(server: &Server, language: Language) -> Result<Facts, NoProgram> {
    let mut facts = Facts::default();
    model(server, language, &mut facts)?;
    transport(server.transport, &server.address, &mut facts);
    behavior(server, &mut facts)?;
    if server.transport.is_stream() {
        framing(&server.messages.framing, &mut facts);
    }
    options(server, &mut facts);
    derived(&mut facts);
    Ok(facts)
}

/// Kind of socket and of address.
pub(super) fn transport(transport: Transport, address: &Address, facts: &mut Facts) {
    facts.flag(transport.id());
    facts.flag(if transport.is_stream() { "stream" } else { "dgram" });
    facts.flag(if transport.is_unix() { "unix" } else { "inet" });
    match address {
        Address::Path(path) if path.starts_with('@') => facts.flag("abstract"),
        Address::Path(_) => facts.flag("path"),
        Address::Inet { .. } => {}
    }
}

/// The framing's kind.
pub(super) fn framing(framing: &Framing, facts: &mut Facts) {
    let kind = match framing {
        Framing::Raw => return,
        Framing::Fixed { .. } => "fixed",
        Framing::Delimiter { .. } => "delimiter",
        Framing::Length { .. } => "length",
        Framing::UntilClose { .. } => "until_close",
    };
    facts.flag("framed");
    facts.flag(kind);
}

fn model(server: &Server, language: Language, facts: &mut Facts) -> Result<(), NoProgram> {
    let id = server.model.as_str();
    let shape = match (id, language) {
        ("iterative" | "threads" | "thread-pool" | "processes", _) => "blocking",
        ("kqueue", Language::Rust) => return Err(NoProgram::NoKqueueInRust),
        ("busy-poll" | "select" | "poll" | "epoll-lt" | "epoll-et" | "kqueue" | "sigio", _) => "loop",
        ("async", Language::C) => return Err(NoProgram::NoCoroutines),
        ("async", Language::Python | Language::Rust) => "async",
        ("io-uring", _) => return Err(NoProgram::NoRing(language)),
        _ => return Err(NoProgram::Unknown(id.to_owned())),
    };
    if !server.transport.is_stream() && matches!(id, "thread-pool" | "processes") {
        return Err(NoProgram::NoDatagrams { transport: server.transport, model: id.to_owned() });
    }
    facts.flag(id);
    // A socket of datagrams that is never read is not waited for either.
    let is_left_alone = !server.transport.is_stream() && server.service == "silent" && shape == "loop";
    facts.flag(if is_left_alone { "blocking" } else { shape });
    Ok(())
}

/// The service as it is set. What a setting makes the same as a simpler service is that one.
fn behavior(server: &Server, facts: &mut Facts) -> Result<(), NoProgram> {
    let id = server.service.as_str();
    let set = &server.service_settings;
    let (is_stream, framing) = (server.transport.is_stream(), &server.messages.framing);
    if service::find(id).is_none() {
        return Err(NoProgram::Unknown(id.to_owned()));
    }
    if is_stream && matches!(framing, Framing::Fixed { .. }) && says(id) && !SAME_LENGTH.contains(&id) {
        return Err(NoProgram::NotFixedSize(id.to_owned()));
    }
    if id == "chat" && server.model == "processes" {
        return Err(NoProgram::NoChatBetweenProcesses);
    }
    let is_echo = match id {
        "list-echo" => text(id, set, "delimiter").is_empty(),
        "delayed" => number(id, set, "delay_ms") == 0,
        "faulty" => text(id, set, "fail_on").is_empty(),
        _ => false,
    };
    facts.flag(if is_echo { "echo" } else { id });
    let pauses = match id {
        "slow-reader" => true,
        "delayed" | "greeter" => number(id, set, "delay_ms") > 0,
        _ => false,
    };
    facts.flag_if("pauses", pauses);
    facts.flag_if("greeting", id == "greeter" && is_stream && !text(id, set, "greeting").is_empty());
    facts.flag_if("goodbye", id == "half-closer" && !text(id, set, "goodbye").is_empty());
    facts.flag_if("at_once", matches!(id, "half-closer" | "resetter") && is_stream && is_on(id, set, "on_open"));
    facts.flag_if("says", says(if is_echo { "echo" } else { id }) && (id != "half-closer" || facts.has("goodbye")));
    Ok(())
}

/// Whether it ever sends.
fn says(service: &str) -> bool {
    !matches!(service, "discard" | "silent" | "slow-reader" | "resetter")
}

fn options(server: &Server, facts: &mut Facts) {
    let (is_stream, is_tcp) = (server.transport.is_stream(), server.transport == Transport::Tcp);
    let is_blocking = facts.has("blocking");
    facts.flag_if("nodelay", is_tcp && !server.messages.wire.nagle);
    facts.flag_if("idle", is_stream && is_blocking && server.life.idle_timeout_ms > 0);
    facts.flag_if("paced", is_stream && is_blocking && server.life.accept_pace.pause().is_some());
    facts.flag_if("defer", is_tcp && server.life.defer_accept_s > 0);
    let set = |name: &str| server.model_settings.get(name);
    facts.flag_if("read_once", server.model == "epoll-et" && set("read_once") == Some(&crate::settings::Setting::Switch(true)));
    facts.flag_if("accept_once", server.model == "epoll-et" && set("accept_once") == Some(&crate::settings::Setting::Switch(true)));
    facts.flag_if("busy_pause", server.model == "busy-poll" && model_number(server, "pause_us", 0) > 0);
}

/// What follows from the rest.
fn derived(facts: &mut Facts) {
    let has = |name: &str, facts: &Facts| facts.has(name);
    let stream = facts.has("stream");
    let any = |names: &[&str], facts: &Facts| names.iter().any(|name| has(name, facts));
    facts.flag_if("stuck", facts.has("silent"));
    facts.flag_if("endless", stream && facts.has("chargen"));
    facts.flag_if("once", stream && (facts.has("daytime") || facts.has("resetter") && facts.has("at_once")));
    facts.flag_if("opens", stream && any(&["daytime", "greeting", "chat", "at_once"], facts));
    facts.flag_if("hears", stream && !any(&["stuck", "endless", "once"], facts));
    facts.flag_if("rest", stream && any(&["list-echo", "chat"], facts));
    facts.flag_if("is_done", stream && facts.has("half-closer") && !facts.has("at_once"));
    facts.flag_if("named", stream && any(&["chat", "manual", "faulty"], facts));
    facts.flag_if("half_closing", stream && facts.has("half-closer"));
    facts.flag_if("resets", stream && facts.has("resetter"));
    facts.flag_if("cuts", facts.has("framed") && facts.has("hears"));
    let frames_may_be_wrong = facts.has("cuts") && !facts.has("fixed");
    let leaves = any(&["daytime", "list-echo", "greeter", "chat", "faulty"], facts) || frames_may_be_wrong;
    let is_asked = facts.has("loop") || !facts.has("once");
    facts.flag_if("leaves", stream && leaves && is_asked);
    facts.flag_if("chat_lock", stream && facts.has("chat") && any(&["threads", "thread-pool"], facts));
    facts.flag_if("clients", stream && facts.has("loop") && !facts.has("stuck"));
    facts.flag_if("edge", any(&["epoll-et", "sigio"], facts));
    facts.flag_if("watched", facts.has("clients") && any(&["epoll-lt", "epoll-et", "kqueue", "sigio"], facts));
    facts.flag_if("kernel_list", facts.has("clients") && any(&["epoll-lt", "kqueue"], facts) && !facts.has("endless"));
    let later = !stream && facts.has("pauses") && !facts.has("slow-reader");
    facts.flag_if("says_later", later);
    facts.flag_if("later", later && facts.has("loop"));
    facts.flag_if("timed", facts.has("later") || facts.has("clients") && facts.has("pauses"));
}

/// What is set and not in the program, in words; empty when all is there.
pub(super) fn not_shown(server: &Server, facts: &Facts) -> Vec<&'static str> {
    let (life, is_stream) = (&server.life, server.transport.is_stream());
    let mut left_out = messages_not_shown(&server.messages, is_stream);
    left_out.extend(
        [
            (life.requests > 0, "the end after a number of requests"),
            (life.idle_timeout_ms > 0 && is_stream && !facts.has("idle"), "the idle time-out"),
            (life.poll_interval_ms > 0, "the limit of one wait"),
            (!life.accept.is_open(), "the accept filter"),
            (is_stream && life.accept_pace == AcceptPace::Paused, "accepting by hand"),
            (is_stream && life.accept_pace.pause().is_some() && !facts.has("paced"), "the pause after accept"),
        ]
        .into_iter()
        .filter_map(|(is_set, words)| is_set.then_some(words)),
    );
    left_out
}

/// The same of what servers and clients both have.
pub(super) fn messages_not_shown(messages: &Messages, is_stream: bool) -> Vec<&'static str> {
    [
        (messages.rules.iter().any(|rule| rule.is_on), "answers by rule"),
        (messages.wire.cork && is_stream, "TCP_CORK"),
        (messages.wire.piece_bytes > 0, "sends in pieces"),
        (!messages.cast.groups.is_empty() || messages.cast.ttl.is_some() || messages.cast.loopback.is_some(), "multicast"),
    ]
    .into_iter()
    .filter_map(|(is_set, words)| is_set.then_some(words))
    .collect()
}

fn def(service: &str, name: &str) -> Option<&'static SettingDef> {
    service::find(service)?.settings.iter().find(|def| def.id == name)
}

/// A number of a service, in force.
pub(super) fn number(service: &str, set: &Settings, name: &str) -> u64 {
    def(service, name).map_or(0, |def| set.number(def))
}

/// The bytes that a text of a service says.
pub(super) fn text(service: &str, set: &Settings, name: &str) -> Vec<u8> {
    def(service, name).map_or_else(Vec::new, |def| set.bytes(def))
}

fn is_on(service: &str, set: &Settings, name: &str) -> bool {
    def(service, name).is_some_and(|def| set.is_on(def))
}

/// A number of a model; the registry of models is not for this room, so its default comes along.
pub(super) fn model_number(server: &Server, name: &str, default: u64) -> u64 {
    match server.model_settings.get(name) {
        Some(crate::settings::Setting::Number(number)) => *number,
        _ => default,
    }
}
