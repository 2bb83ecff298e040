//! `socketlab serve`: one server.

use std::time::Duration;

use super::Problem;
use super::args::{ServeArgs, ServerArgs};
use super::drive::{How, Style, drive};
use super::set::{Offers, choose};
use crate::engine::catalog;
use crate::lab::{AcceptPace, Address, EndpointId, Filter, Lab, Life, MAX_RANGES, Transport};

pub(super) fn serve(args: ServeArgs) -> Result<bool, Problem> {
    let transport = args.server.transport;
    let (lab, id) = lab(args.server)?;
    let model = lab.server(id).map_or("", |server| &server.model);
    if let Some(why) = catalog::conflict(transport, model) {
        return Err(Problem::Usage(format!("{transport} under model '{model}': {why}; see 'socketlab list models'")));
    }
    let style = if args.json { Style::Json } else { Style::Serve };
    drive(&lab, &lab, How { limit: args.limit, style, plays: false, recording: args.record.recording() })
}

/// A lab with this one server.
pub(super) fn lab(args: ServerArgs) -> Result<(Lab, EndpointId), Problem> {
    let address = Address::parse(args.transport, &args.address).map_err(|e| Problem::Usage(format!("address '{}': {e}", args.address)))?;
    let life = life(&args)?;
    let model = args.model.unwrap_or_else(|| catalog::default_model().to_owned());
    let offers =
        Offers { model: (&model, catalog::model_settings(&model)), service: (&args.service, catalog::service_settings(&args.service)) };
    let (model_settings, service_settings) = choose(offers, &args.set)?;
    let mut lab = Lab::default();
    lab.name = "serve".into();
    let id = lab.add_server(args.transport, &model);
    if let Some(server) = lab.server_mut(id) {
        (server.address, server.service, server.backlog) = (address, args.service, args.backlog);
        (server.model_settings, server.service_settings, server.life) = (model_settings, service_settings, life);
    }
    Ok((lab, id))
}

fn life(args: &ServerArgs) -> Result<Life, Problem> {
    let has_filter = !args.allow.is_empty() || !args.deny.is_empty();
    if has_filter && args.transport.is_unix() {
        return Err(Problem::Usage(format!("--allow and --deny compare IP addresses, and {} peers have none", args.transport)));
    }
    if args.accept_pace != AcceptPace::Eager && !args.transport.is_stream() {
        return Err(Problem::Usage(format!("--accept-pace is about accept, and {} sockets have no connections", args.transport)));
    }
    if args.defer_accept.is_some() && args.transport != Transport::Tcp {
        return Err(Problem::Usage(format!("--defer-accept is an option of tcp, and this is {}", args.transport)));
    }
    let ranges = |option: &str, texts: &[String]| {
        if texts.len() > MAX_RANGES {
            return Err(Problem::Usage(format!("{option} was given {} times; it may be {MAX_RANGES}", texts.len())));
        }
        let range = |text: &String| {
            let words = || format!("{option} '{text}' is no address range: write 127.0.0.0/8, ::1/128 or one address");
            Filter::parse_range(text).ok_or_else(|| Problem::Usage(words()))
        };
        texts.iter().map(range).collect()
    };
    Ok(Life {
        requests: args.requests,
        poll_interval_ms: millis(args.poll_interval),
        idle_timeout_ms: millis(args.idle_timeout),
        accept: Filter { allow: ranges("--allow", &args.allow)?, deny: ranges("--deny", &args.deny)? },
        accept_pace: args.accept_pace,
        // Checked when it was read.
        defer_accept_s: args.defer_accept.map_or(0, |time| u32::try_from(time.as_secs()).unwrap_or(u32::MAX)),
    })
}

/// Whole milliseconds, as the arguments were checked to be; none is no limit.
fn millis(time: Option<Duration>) -> u64 {
    time.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}
