//! `socketlab list`: what exists on this system, and what can be set about it.

use serde::Serialize;

use super::Problem;
use super::args::{ListArgs, Listed};
use super::experiments::list_experiments;
use super::lessons::list_lessons;
use super::out::{Out, aligned};
use crate::engine::catalog::{self, ModelGroup, ModelInfo};
use crate::lab::Transport;
use crate::settings::{Setting, SettingDef, SettingKind};

/// One line of JSON for one item.
#[derive(Serialize)]
struct Row {
    id: &'static str,
    available: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'static str>,
    summary: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<ModelRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<Vec<SettingRow>>,
}

#[derive(Serialize)]
struct ModelRow {
    group: &'static str,
    is_default: bool,
    transports: Vec<TransportRow>,
}

/// A model with a transport.
#[derive(Serialize)]
struct TransportRow {
    id: &'static str,
    works: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<&'static str>,
}

#[derive(Serialize)]
struct SettingRow {
    id: &'static str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_characters: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    default: Value,
    summary: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    Number(u64),
    Switch(bool),
    Text(String),
}

pub(super) fn list(args: &ListArgs) -> Result<bool, Problem> {
    if matches!(args.what, Listed::Experiments) {
        return list_experiments(args.json);
    }
    if matches!(args.what, Listed::Lessons) {
        return list_lessons(args.json);
    }
    let mut out = Out::new(false);
    if args.json {
        out.json(&rows(args.what))?;
    } else {
        lines(args.what).iter().try_for_each(|line| out.line(line))?;
    }
    Ok(true)
}

fn rows(what: Listed) -> Vec<Row> {
    let row = |id, missing: Option<&'static str>, summary| Row {
        id,
        available: missing.is_none(),
        missing,
        summary,
        model: None,
        settings: None,
    };
    let settings = |defs: &[SettingDef]| Some(defs.iter().map(SettingRow::of).collect());
    match what {
        Listed::Models => catalog::models()
            .map(|m| Row { model: Some(ModelRow::of(&m)), settings: settings(m.settings), ..row(m.id, m.missing, m.summary) })
            .collect(),
        Listed::Services => catalog::services().map(|s| Row { settings: settings(s.settings), ..row(s.id, None, s.summary) }).collect(),
        Listed::Transports => catalog::transports().map(|(t, missing)| row(t.id(), missing, summary(t))).collect(),
        // They have words of their own.
        Listed::Experiments | Listed::Lessons => Vec::new(),
    }
}

fn lines(what: Listed) -> Vec<String> {
    match what {
        Listed::Models => models(),
        Listed::Services => {
            let services: Vec<_> = catalog::services().collect();
            let cells: Vec<_> = services.iter().map(|s| [s.id.to_owned(), s.summary.to_owned()]).collect();
            aligned(&cells).zip(&services).flat_map(|(line, s)| std::iter::once(line).chain(settings(s.settings))).collect()
        }
        Listed::Transports => {
            let cells: Vec<_> = catalog::transports()
                .map(|(t, missing)| {
                    let words = missing.map_or_else(|| summary(t).to_owned(), |reason| format!("{} ({reason})", summary(t)));
                    [t.id().to_owned(), if missing.is_none() { "yes" } else { "missing" }.to_owned(), words]
                })
                .collect();
            aligned(&cells).collect()
        }
        Listed::Experiments | Listed::Lessons => Vec::new(),
    }
}

/// The matrix of this system: each model with each transport; under it why not, and what can be set.
fn models() -> Vec<String> {
    let models: Vec<_> = catalog::models().collect();
    let head = ["MODEL", "GROUP", "TCP", "UDP", "UNIX-STREAM", "UNIX-DGRAM", "HOW IT WAITS"].map(str::to_owned);
    let row = |m: &ModelInfo| {
        let works = |t| if catalog::conflict(t, m.id).is_none() { "yes" } else { "no" }.to_owned();
        let [tcp, udp, stream, dgram] = Transport::ALL.map(works);
        let summary = if m.id == catalog::default_model() { format!("{} (default)", m.summary) } else { m.summary.to_owned() };
        [m.id.to_owned(), group(m.group).to_owned(), tcp, udp, stream, dgram, summary]
    };
    let cells: Vec<_> = std::iter::once(head).chain(models.iter().map(row)).collect();
    let mut table = aligned(&cells);
    let mut lines: Vec<String> = table.next().into_iter().collect();
    for (line, model) in table.zip(&models) {
        lines.push(line);
        lines.extend(why_not(model));
        lines.extend(settings(model.settings));
    }
    lines
}

/// Each reason once, with the transports that it keeps out.
fn why_not(model: &ModelInfo) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for transport in Transport::ALL {
        let Some(reason) = catalog::conflict(transport, model.id) else { continue };
        match reasons.iter_mut().find(|(other, _)| *other == reason) {
            Some((_, ids)) => ids.push(transport.id()),
            None => reasons.push((reason, vec![transport.id()])),
        }
    }
    let words = |(reason, ids): (&str, Vec<&str>)| match ids.len() {
        n if n == Transport::ALL.len() => format!("    not here: {reason}"),
        _ => format!("    not over {}: {reason}", ids.join(", ")),
    };
    reasons.into_iter().map(words).collect()
}

/// One line for each: what to write after `--set` for its default, what it may be, what it is.
fn settings(defs: &[SettingDef]) -> Vec<String> {
    let cells: Vec<_> = defs
        .iter()
        .map(|def| [format!("    --set {}={}", def.id, quoted(&def.default())), def.kind.to_string(), def.summary.to_owned()])
        .collect();
    aligned(&cells).collect()
}

/// Quoted where a shell would read it differently.
fn quoted(value: &Setting) -> String {
    let text = value.to_string();
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./:".contains(&b));
    if is_plain && !text.is_empty() { text } else { format!("'{text}'") }
}

fn group(group: ModelGroup) -> &'static str {
    match group {
        ModelGroup::Blocking => "blocking",
        ModelGroup::Multiplexing => "multiplexing",
        ModelGroup::Other => "other",
    }
}

impl ModelRow {
    fn of(model: &ModelInfo) -> Self {
        let transport = |t: Transport| {
            let why_not = catalog::conflict(t, model.id);
            TransportRow { id: t.id(), works: why_not.is_none(), why_not }
        };
        let transports = Transport::ALL.into_iter().map(transport).collect();
        Self { group: group(model.group), is_default: model.id == catalog::default_model(), transports }
    }
}

impl SettingRow {
    fn of(def: &SettingDef) -> Self {
        let default = match def.default() {
            Setting::Number(value) => Value::Number(value),
            Setting::Switch(on) => Value::Switch(on),
            Setting::Text(text) => Value::Text(text),
        };
        let row = Self { id: def.id, kind: "", min: None, max: None, max_characters: None, unit: None, default, summary: def.summary };
        match def.kind {
            SettingKind::Number { min, max, unit, .. } => {
                let unit = Some(unit.sign()).filter(|sign| !sign.is_empty());
                Self { kind: "number", min: Some(min), max: Some(max), unit, ..row }
            }
            SettingKind::Switch { .. } => Self { kind: "switch", ..row },
            SettingKind::Text { most, .. } => Self { kind: "text", max_characters: Some(most), ..row },
        }
    }
}

fn summary(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "byte stream over IPv4 or IPv6 (RFC 9293); address host:port",
        Transport::Udp => "datagrams over IPv4 or IPv6 (RFC 768); address host:port",
        Transport::UnixStream => "byte stream within this machine (unix(7)); address a path",
        Transport::UnixDgram => "datagrams within this machine (unix(7)); address a path",
    }
}
