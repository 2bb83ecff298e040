//! Failures, events and refused input in the person's language. The English of the command line lives with the types; here
//! each variant has a key in `failures.ftl`. Calls and errno stay as in C.

use std::time::Duration;

use crate::bytes::{
    BytesError, BytesErrorKind, FieldKind, FramingError, MAX_DELIMITER, MAX_FIELDS, MAX_MESSAGE, MAX_SUMMED, RenderError, RenderErrorKind,
    StructError,
};
use crate::engine::{Cause, CloseHow, EndReason, Event, EventKind, Failure, Operation, SequenceEnd};
use crate::lab::{AddressError, LabError, LabErrorKind, MAX_ENDPOINTS, MAX_FILE_BYTES, MAX_PACKETS, MAX_RANGES, PATH_MAX, What};
use crate::report::collection::CollectionError;
use crate::tr;
use crate::trace::Unserved;

use super::Text;
use super::panel::models::choice;
use super::script_words::{change_error, script_error};

/// Operation, endpoint, cause and a way out.
pub fn failure(text: &Text, failure: &Failure) -> String {
    let (operation, endpoint) = (operation(text, failure.operation), failure.endpoint.to_string());
    let cause = cause(text, &failure.cause);
    match failure.errno {
        Some(errno) => tr!(text, "failure-line-errno", operation = operation, endpoint = endpoint, cause = cause, errno = errno),
        None => tr!(text, "failure-line", operation = operation, endpoint = endpoint, cause = cause),
    }
}

fn operation(text: &Text, operation: Operation) -> String {
    match operation {
        Operation::SocketFile => tr!(text, "operation-socket-file"),
        Operation::Thread => tr!(text, "operation-thread"),
        Operation::Wait => tr!(text, "operation-wait"),
        Operation::Start => tr!(text, "operation-start"),
        Operation::Serve => tr!(text, "operation-serve"),
        Operation::Framing => tr!(text, "operation-framing"),
        Operation::Join => tr!(text, "operation-join"),
        Operation::Sequence => tr!(text, "operation-sequence"),
        Operation::Resolve
        | Operation::Socket
        | Operation::Bind
        | Operation::Listen
        | Operation::Accept
        | Operation::Connect
        | Operation::Receive
        | Operation::Send
        | Operation::Close => operation.word().to_owned(),
    }
}

/// Why, and what to try.
pub fn cause(text: &Text, cause: &Cause) -> String {
    let key = match cause {
        Cause::AddressInUse => "cause-address-in-use",
        Cause::AddressNotAvailable => "cause-address-not-available",
        Cause::PermissionDenied => "cause-permission-denied",
        Cause::Unreachable => "cause-unreachable",
        Cause::Refused => "cause-refused",
        Cause::TimedOut => "cause-timed-out",
        Cause::Reset => "cause-reset",
        Cause::BrokenPipe => "cause-broken-pipe",
        Cause::NameNotFound => "cause-name-not-found",
        Cause::PathTooLong => "cause-path-too-long",
        Cause::TooManyDescriptors => "cause-too-many-descriptors",
        Cause::NoPortsLeft => "cause-no-ports-left",
        Cause::MessageTooLong => "cause-message-too-long",
        Cause::NoSuchFile => "cause-no-such-file",
        Cause::NoSuchDirectory => "cause-no-such-directory",
        Cause::BroadcastNotAllowed => "cause-broadcast-not-allowed",
        Cause::NotASocket => "cause-not-a-socket",
        Cause::LiveSocketFile => "cause-live-socket-file",
        Cause::ServerNotRunning => "cause-server-not-running",
        Cause::NotAvailable(reason) => return tr!(text, "cause-not-available", reason = reason.to_string()),
        Cause::Unserved(why) => return unserved(text, why),
        Cause::Framing(why) => return framing_error(text, why),
        Cause::NoReply(ms) => return tr!(text, "cause-no-reply", ms = *ms),
        Cause::Other(words) => return words.to_string(),
    };
    tr!(text, key)
}

/// Why the server or its service sent a peer away. The service's own words stay as they are.
fn unserved(text: &Text, why: &Unserved) -> String {
    match why {
        Unserved::TurnedAway => tr!(text, "cause-turned-away"),
        Unserved::Failed(words) => tr!(text, "cause-service-failed", words = words.to_string()),
        Unserved::Panicked(words) => tr!(text, "cause-service-panicked", words = words.to_string()),
        Unserved::TooSlow { limit } => tr!(text, "cause-too-slow", kib = limit / 1_024),
        Unserved::Framing(why) => framing_error(text, why),
    }
}

/// Why a stream, or a message to be sent, breaks its framing.
pub fn framing_error(text: &Text, error: &FramingError) -> String {
    match *error {
        FramingError::TooLong { len, most } => tr!(text, "framing-too-long", len = len, most = most),
        FramingError::ShorterThanItself { len, width } => tr!(text, "framing-shorter-than-itself", len = len, width = width),
        FramingError::Unfinished { have } => tr!(text, "framing-unfinished", have = have),
        FramingError::WrongSize { len, size } => tr!(text, "framing-wrong-size", len = len, size = size),
        FramingError::HoldsDelimiter { at } => tr!(text, "framing-holds-delimiter", at = at as u64),
        FramingError::LengthTooBig { len, width } => tr!(text, "framing-length-too-big", len = len, width = width),
    }
}

/// What happened, as one sentence that begins with the endpoint's name.
pub fn event(text: &Text, event: &Event) -> String {
    let name = event.name.to_string();
    match &event.kind {
        EventKind::Started { local: Some(local) } => tr!(text, "event-started-at", name = name, local = local.to_string()),
        EventKind::Started { local: None } => tr!(text, "event-started", name = name),
        EventKind::ReplacedStaleFile { path } => tr!(text, "event-replaced-stale-file", name = name, path = path.to_string()),
        EventKind::Stopped { closed } => tr!(text, "event-stopped", name = name, closed = *closed),
        EventKind::ModelSwitched { from, to, closed } => {
            tr!(text, "event-model-switched", name = name, from = from.to_string(), to = to.to_string(), closed = *closed)
        }
        EventKind::Failed(why) => tr!(text, "event-failed", name = name, failure = failure(text, why)),
        EventKind::Trouble(why) => tr!(text, "event-trouble", name = name, failure = failure(text, why)),
        EventKind::Retrying { attempt, after } => {
            tr!(text, "event-retrying", name = name, seconds = format!("{:.1}", after.as_secs_f64()), attempt = *attempt)
        }
        EventKind::SendDone { messages } => tr!(text, "event-send-done", name = name, messages = *messages),
        EventKind::SequenceEnded { sequence, end } => {
            let sequence = sequence.to_string();
            match end {
                SequenceEnd::Done => tr!(text, "event-sequence-done", name = name, sequence = sequence),
                SequenceEnd::Stopped => tr!(text, "event-sequence-stopped", name = name, sequence = sequence),
                SequenceEnd::Failed { step, why } => {
                    tr!(text, "event-sequence-failed", name = name, sequence = sequence, step = *step, failure = failure(text, why))
                }
            }
        }
        EventKind::BacklogChanged { from, to } => tr!(text, "event-backlog-changed", name = name, from = *from, to = *to),
        EventKind::ConnectionsClosed { count, how } => {
            let key = match how {
                CloseHow::Orderly => "event-closed-orderly",
                CloseHow::HalfClose => "event-closed-half",
                CloseHow::Reset => "event-closed-reset",
            };
            tr!(text, key, name = name, count = *count)
        }
    }
}

/// Whether what an event announced has come: "tries again in 0.5 s" is true only until then.
pub fn is_over(event: &Event, now: Duration) -> bool {
    match event.kind {
        EventKind::Retrying { after, .. } => now >= event.at + after,
        EventKind::Failed(_)
        | EventKind::Trouble(_)
        | EventKind::Started { .. }
        | EventKind::ReplacedStaleFile { .. }
        | EventKind::Stopped { .. }
        | EventKind::ModelSwitched { .. }
        | EventKind::SendDone { .. }
        | EventKind::SequenceEnded { .. }
        | EventKind::BacklogChanged { .. }
        | EventKind::ConnectionsClosed { .. } => false,
    }
}

/// Whether an event tells of something that went wrong.
pub fn is_bad(event: &Event) -> bool {
    match event.kind {
        EventKind::Failed(_) | EventKind::Trouble(_) | EventKind::SequenceEnded { end: SequenceEnd::Failed { .. }, .. } => true,
        EventKind::Started { .. }
        | EventKind::ReplacedStaleFile { .. }
        | EventKind::Stopped { .. }
        | EventKind::ModelSwitched { .. }
        | EventKind::Retrying { .. }
        | EventKind::SendDone { .. }
        | EventKind::SequenceEnded { .. }
        | EventKind::BacklogChanged { .. }
        | EventKind::ConnectionsClosed { .. } => false,
    }
}

/// Why a connection ended.
pub fn end_reason(text: &Text, reason: &EndReason) -> String {
    match reason {
        EndReason::Orderly => tr!(text, "end-orderly"),
        EndReason::Reset => tr!(text, "end-reset"),
        EndReason::Here => tr!(text, "end-here"),
        EndReason::Service => tr!(text, "end-service"),
        EndReason::Idle => tr!(text, "end-idle"),
        EndReason::Framing(why) => tr!(text, "end-framing", why = framing_error(text, why)),
        EndReason::Failed(why) => failure(text, why),
    }
}

/// Why a text is not an address.
pub fn address_error(text: &Text, error: &AddressError) -> String {
    match error {
        AddressError::Empty => tr!(text, "address-empty"),
        AddressError::NoPort => tr!(text, "address-no-port"),
        AddressError::BadPort(port) => tr!(text, "address-bad-port", port = port.as_str()),
        AddressError::NeedsBrackets => tr!(text, "address-needs-brackets"),
        AddressError::BadHost(host) => tr!(text, "address-bad-host", host = host.as_str()),
        AddressError::PathTooLong(bytes) => tr!(text, "address-path-too-long", bytes = *bytes, max = PATH_MAX),
        AddressError::NulInPath => tr!(text, "address-nul-in-path"),
    }
}

/// Why a text or hex string is not bytes, with the place.
pub fn bytes_error(text: &Text, error: &BytesError) -> String {
    tr!(text, "bytes-at", what = bytes_kind(text, error.kind), column = error.column)
}

/// The same without its place.
pub fn bytes_kind(text: &Text, kind: BytesErrorKind) -> String {
    match kind {
        BytesErrorKind::UnknownEscape(c) => tr!(text, "bytes-unknown-escape", found = c.escape_debug().to_string()),
        BytesErrorKind::LoneBackslash => tr!(text, "bytes-lone-backslash"),
        BytesErrorKind::ShortHexEscape => tr!(text, "bytes-short-hex-escape"),
        BytesErrorKind::BadDigit(c) => tr!(text, "bytes-bad-digit", found = c.escape_debug().to_string()),
        BytesErrorKind::HalfByte(c) => tr!(text, "bytes-half-byte", found = c.to_string()),
        BytesErrorKind::BadBase64(c) => tr!(text, "bytes-bad-base64", found = c.escape_debug().to_string()),
        BytesErrorKind::ShortBase64 => tr!(text, "bytes-short-base64"),
        BytesErrorKind::NotInEncoding(c, encoding) => {
            tr!(text, "bytes-not-in-encoding", found = c.escape_debug().to_string(), encoding = encoding.id())
        }
        BytesErrorKind::OpenField => tr!(text, "bytes-open-field"),
        BytesErrorKind::UnknownField => tr!(text, "bytes-unknown-field", names = FieldKind::names()),
        BytesErrorKind::BadArgument(kind) => tr!(text, "bytes-bad-argument", usage = kind.usage()),
        BytesErrorKind::TooManyFields => tr!(text, "bytes-too-many-fields", max = MAX_FIELDS),
    }
}

/// Why a message cannot be made of its payload, with the place of the field.
pub fn render_error(text: &Text, error: &RenderError) -> String {
    let what = match &error.kind {
        RenderErrorKind::TooLarge => tr!(text, "render-too-large", max = MAX_MESSAGE),
        RenderErrorKind::TooMuchSummed => tr!(text, "render-too-much-summed", max = MAX_SUMMED),
        RenderErrorKind::NoFile(path) => tr!(text, "render-no-file", path = path.as_str()),
        RenderErrorKind::OutsideMessage { len } => tr!(text, "render-outside-message", len = *len),
        RenderErrorKind::DoesNotFit { number } => tr!(text, "render-does-not-fit", number = number.to_string()),
    };
    tr!(text, "bytes-at", what = what, column = error.column)
}

/// Why a value is none of its field of a struct.
pub fn struct_error(text: &Text, error: &StructError) -> String {
    match error {
        StructError::NoNumber => tr!(text, "struct-no-number"),
        StructError::OutOfRange { min, max } => tr!(text, "struct-out-of-range", min = min.to_string(), max = max.to_string()),
        StructError::NoFloat => tr!(text, "struct-no-float"),
        StructError::Bytes(error) => bytes_error(text, error),
        StructError::WrongSize { have, size } => tr!(text, "struct-wrong-size", have = *have, size = *size),
    }
}

/// Why packets of another program cannot be read.
pub fn collection_error(text: &Text, error: &CollectionError) -> String {
    match error {
        CollectionError::Json { line, column, said } => tr!(text, "collection-json", line = *line, column = *column, said = said.as_str()),
        CollectionError::Hex { packet, error } => {
            tr!(text, "collection-hex", name = packet.as_str(), why = bytes_error(text, error))
        }
        CollectionError::Repeat { packet, said } => tr!(text, "collection-repeat", name = packet.as_str(), said = said.as_str()),
        CollectionError::TooMany => tr!(text, "collection-too-many", most = MAX_PACKETS),
    }
}

/// Why a lab file was refused, with the place.
pub fn lab_error(text: &Text, error: &LabError) -> String {
    let what = lab_error_kind(text, &error.kind);
    let (line, column) = (error.line, error.column);
    match &error.endpoint {
        Some(name) => tr!(text, "labfile-line-endpoint", line = line, column = column, endpoint = name.as_str(), what = what),
        None => tr!(text, "labfile-line", line = line, column = column, what = what),
    }
}

fn lab_error_kind(text: &Text, kind: &LabErrorKind) -> String {
    match kind {
        LabErrorKind::TooLarge(bytes) => tr!(text, "labfile-too-large", bytes = *bytes, max = MAX_FILE_BYTES),
        LabErrorKind::TooManyEndpoints(count) => tr!(text, "labfile-too-many", count = *count, max = MAX_ENDPOINTS),
        LabErrorKind::TooMany { key, count, most } => tr!(text, "labfile-too-many-of", key = *key, count = *count, max = *most),
        LabErrorKind::Folder(folder) => tr!(text, "labfile-folder", folder = folder.as_str()),
        LabErrorKind::Delimiter(len) => tr!(text, "labfile-delimiter", len = *len, max = MAX_DELIMITER),
        LabErrorKind::Group(group) => tr!(text, "labfile-group", group = group.as_str()),
        LabErrorKind::TwoMatches { first, second } => tr!(text, "labfile-two-matches", first = *first, second = *second),
        LabErrorKind::Lengths { from, to } => tr!(text, "labfile-lengths", from = *from, to = *to),
        LabErrorKind::Regex(said) => tr!(text, "labfile-regex", said = said.as_str()),
        LabErrorKind::ExperimentId(id) => tr!(text, "labfile-experiment-id", id = id.as_str()),
        LabErrorKind::Line { key, error } => tr!(text, "labfile-script", key = *key, said = script_error(text, error)),
        LabErrorKind::Deed { key, error } => tr!(text, "labfile-script", key = *key, said = change_error(text, error)),
        LabErrorKind::Step => tr!(text, "labfile-step"),
        LabErrorKind::Syntax(said) => tr!(text, "labfile-syntax", said = said.as_str()),
        LabErrorKind::UnknownKey { key, known } => tr!(text, "labfile-unknown-key", key = key.as_str(), known = known.join(", ")),
        LabErrorKind::Missing(key) => tr!(text, "labfile-missing", key = *key),
        LabErrorKind::WrongType { key, expected, found } => {
            tr!(text, "labfile-wrong-type", key = key.as_str(), expected = *expected, found = *found)
        }
        LabErrorKind::BadName => tr!(text, "labfile-bad-name"),
        LabErrorKind::DuplicateName { first_line } => tr!(text, "labfile-duplicate-name", first = *first_line),
        LabErrorKind::Unknown { what, name, known } if known.is_empty() => {
            tr!(text, "labfile-unknown", name = name.as_str(), what = what_word(text, *what))
        }
        LabErrorKind::Unknown { what, name, known } => {
            // A file may name a thousand servers; nobody reads more than a few.
            let mut list = known.iter().take(20).cloned().collect::<Vec<_>>().join(", ");
            if known.len() > 20 {
                list.push_str(", …");
            }
            tr!(text, "labfile-unknown-known", name = name.as_str(), what = what_word(text, *what), known = list)
        }
        LabErrorKind::OutOfRange { key, value, min, max } => {
            tr!(text, "labfile-out-of-range", key = key.as_str(), value = value.to_string(), min = min.to_string(), max = max.to_string())
        }
        LabErrorKind::TooLong { key, len, most } => tr!(text, "labfile-too-long", key = key.as_str(), len = *len, most = *most),
        LabErrorKind::Escape { key, error } => tr!(text, "labfile-escape", key = key.as_str(), error = bytes_error(text, error)),
        LabErrorKind::Pace(written) => tr!(text, "labfile-pace", written = written.as_str()),
        LabErrorKind::Range { key, range } => tr!(text, "labfile-range", key = *key, range = range.as_str()),
        LabErrorKind::TooManyRanges { key, count } => tr!(text, "labfile-too-many-ranges", key = *key, count = *count, max = MAX_RANGES),
        LabErrorKind::Address { key, error } => tr!(text, "labfile-address", key = *key, error = address_error(text, error)),
        LabErrorKind::PortZero => tr!(text, "labfile-port-zero"),
        LabErrorKind::NoTarget => tr!(text, "labfile-no-target"),
        LabErrorKind::TwoTargets => tr!(text, "labfile-two-targets"),
        LabErrorKind::PairTransport(transport) => tr!(text, "labfile-pair-transport", transport = transport.id()),
        LabErrorKind::PairLocal => tr!(text, "labfile-pair-local"),
        LabErrorKind::TransportMismatch { client, server, server_transport } => {
            tr!(text, "labfile-transport-mismatch", client = client.id(), server = server.as_str(), other = server_transport.id())
        }
        LabErrorKind::NoDatagrams { model, transport, reason } => {
            let reason = choice::reason(text, model, "no-datagrams", reason);
            tr!(text, "labfile-no-datagrams", model = model.as_str(), transport = transport.id(), reason = reason)
        }
        LabErrorKind::Body(error) => tr!(text, "labfile-body", error = bytes_error(text, error)),
    }
}

fn what_word(text: &Text, what: What) -> String {
    let key = match what {
        What::Transport => "labfile-what-transport",
        What::Model => "labfile-what-model",
        What::ModelSetting => "labfile-what-model-setting",
        What::Service => "labfile-what-service",
        What::ServiceSetting => "labfile-what-service-setting",
        What::Server => "labfile-what-server",
        What::Reconnect => "labfile-what-reconnect",
        What::Format => "labfile-what-format",
        What::LineEnding => "labfile-what-line-ending",
        What::Encoding => "labfile-what-encoding",
        What::Framing => "labfile-what-framing",
        What::LengthHeader => "labfile-what-length-header",
        What::Need => "labfile-what-need",
        What::To => "labfile-what-to",
        What::AfterEnd => "labfile-what-after-end",
    };
    tr!(text, key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Language;

    fn words(language: Language, kind: EventKind) -> String {
        let event_value =
            Event { at: Duration::ZERO, session: Default::default(), name: "echo".into(), side: crate::lab::Side::Server, kind };
        event(&Text::new(language), &event_value)
    }

    #[test]
    fn a_retry_is_announced_until_it_is_due() {
        let kind = EventKind::Retrying { attempt: 1, after: Duration::from_millis(500) };
        let at = Duration::from_secs(3);
        let mut event = Event { at, session: Default::default(), name: "load".into(), side: crate::lab::Side::Client, kind };
        assert!(!is_over(&event, Duration::from_millis(3_499)));
        assert!(is_over(&event, Duration::from_millis(3_500)));
        event.kind = EventKind::SendDone { messages: 1 };
        assert!(!is_over(&event, Duration::from_secs(60)), "what was done stays said");
    }

    #[test]
    fn a_failure_names_operation_endpoint_cause_and_errno() {
        // EACCES, WSAEACCES
        let refused = std::io::Error::from_raw_os_error(if cfg!(windows) { 10_013 } else { 13 });
        let why = Failure::new(Operation::Bind, "127.0.0.1:80", &refused);
        let english = words(Language::English, EventKind::Failed(why.clone()));
        assert!(english.starts_with("echo failed: bind 127.0.0.1:80: permission denied"), "{english}");
        assert!(english.ends_with("(EACCES)"), "{english}");
        assert!(words(Language::Chinese, EventKind::Failed(why)).contains("权限不足"));
    }

    #[test]
    fn counts_have_their_plural() {
        assert_eq!(words(Language::English, EventKind::Stopped { closed: 0 }), "echo stopped");
        assert_eq!(words(Language::English, EventKind::Stopped { closed: 1 }), "echo stopped and closed 1 connection");
        assert_eq!(words(Language::English, EventKind::Stopped { closed: 2 }), "echo stopped and closed 2 connections");
        assert_eq!(words(Language::Chinese, EventKind::Stopped { closed: 2 }), "echo 已停止，关闭了 2 个连接");
    }

    #[test]
    fn mistakes_in_text_keep_their_backslashes_and_place() {
        let text = Text::new(Language::English);
        let error = crate::bytes::parse_text("ab\\q").unwrap_err();
        assert_eq!(bytes_error(&text, &error), "“\\q” is not an escape: write \\n \\r \\t \\0 \\xHH or \\\\, at character 3");
    }
}
