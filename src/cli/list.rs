//! `socketlab list`: what exists on this system.

use serde::Serialize;

use super::Problem;
use super::args::{ListArgs, Listed};
use super::out::{Out, aligned};
use crate::engine::catalog;
use crate::lab::Transport;

#[derive(Serialize)]
struct Row {
    id: &'static str,
    available: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'static str>,
    summary: &'static str,
}

pub(super) fn list(args: &ListArgs) -> Result<bool, Problem> {
    let row = |id, missing: Option<&'static str>, summary| Row { id, available: missing.is_none(), missing, summary };
    let rows: Vec<Row> = match args.what {
        Listed::Models => catalog::models().map(|m| row(m.id, m.missing, m.summary)).collect(),
        Listed::Services => catalog::services().map(|s| row(s.id, None, s.summary)).collect(),
        Listed::Transports => catalog::transports().map(|(t, missing)| row(t.id(), missing, summary(t))).collect(),
    };
    let mut out = Out::new(false);
    if args.json {
        out.json(&rows)?;
        return Ok(true);
    }
    let cells: Vec<_> = rows
        .iter()
        .map(|r| {
            let mark = if !r.available {
                "missing"
            } else if matches!(args.what, Listed::Models) && r.id == catalog::default_model() {
                "default"
            } else {
                "yes"
            };
            let words = r.missing.map_or_else(|| r.summary.to_owned(), |reason| format!("{} ({reason})", r.summary));
            [r.id.to_owned(), mark.to_owned(), words]
        })
        .collect();
    aligned(&cells).try_for_each(|line| out.line(&line))?;
    Ok(true)
}

fn summary(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "byte stream over IPv4 or IPv6 (RFC 9293); address host:port",
        Transport::Udp => "datagrams over IPv4 or IPv6 (RFC 768); address host:port",
        Transport::UnixStream => "byte stream within this machine (unix(7)); address a path",
        Transport::UnixDgram => "datagrams within this machine (unix(7)); address a path",
    }
}
