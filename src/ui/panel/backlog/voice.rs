//! The one sentence over the theatre, and the line below it: what happens now and why, chosen from the facts.

use super::gather::{Facts, Guest, Step};
use crate::lab::AcceptPace;
use crate::tr;
use crate::ui::Text;
use crate::ui::widget::format;

/// The sentence.
pub fn sentence(text: &Text, facts: &Facts<'_>) -> String {
    let places = format::count(facts.places.unwrap_or_default().into());
    let n = format::count(facts.asked.into());
    let waiting = facts.queue.value;
    let refused = facts.lost.iter().any(|g| g.step == Step::Refused);
    let turned_away = !facts.calling.is_empty();
    match (facts.full(), facts.pace) {
        (true, _) if facts.unix() => tr!(text, "backlog-now-unix-full", places = places),
        (true, _) if turned_away => tr!(text, "backlog-now-full"),
        (true, _) if refused => tr!(text, "backlog-now-refuses"),
        (true, AcceptPace::Eager | AcceptPace::Every(_)) => tr!(text, "backlog-now-taken", places = places, n = in_force(facts, n)),
        (true | false, AcceptPace::Paused) if waiting > 0 => tr!(text, "backlog-now-paused"),
        (true | false, AcceptPace::Paused) => tr!(text, "backlog-now-paused-nobody"),
        (false, _) if facts.calling.iter().any(|g| g.sent() > 1) && facts.places.is_some() => tr!(text, "backlog-now-free"),
        (false, _) if waiting == 0 && !facts.half_open.is_empty() => tr!(text, "backlog-now-half-open"),
        (false, AcceptPace::Every(ms)) if waiting > 0 || !facts.serving.is_empty() => {
            tr!(text, "backlog-now-paced", ms = format::count(ms))
        }
        (false, AcceptPace::Eager) if waiting > 0 => tr!(text, "backlog-now-busy", n = waiting, count = format::count(waiting)),
        (false, AcceptPace::Eager | AcceptPace::Every(_)) => tr!(text, "backlog-now-nobody"),
    }
}

/// What stands below it: how many places, who is fooled, who tries again.
pub fn details(text: &Text, facts: &Facts<'_>) -> String {
    let mut parts = vec![places(text, facts)];
    if !facts.queued.is_empty() {
        parts.push(tr!(text, "backlog-believe", n = facts.queued.len(), who = who(text, &facts.queued)));
    } else if facts.strangers > 0 {
        parts.push(tr!(text, "backlog-believe-outside", n = facts.strangers));
    }
    if !facts.calling.is_empty() {
        let sleep = facts.unix() && !facts.calling.iter().any(Guest::asks_again);
        let key = if sleep { "backlog-block-in-connect" } else { "backlog-retry-themselves" };
        parts.push(tr!(text, key, n = facts.calling.len(), who = who(text, &facts.calling)));
    }
    if !facts.lost.is_empty() {
        parts.push(tr!(text, "backlog-gave-up", n = facts.lost.len(), count = format::count(facts.lost.len() as u64)));
    }
    parts.join(&text.get("backlog-between"))
}

/// The n that holds: the one in force where it is known.
fn in_force(facts: &Facts<'_>, asked: String) -> String {
    facts.view.and_then(|v| v.in_force).map_or(asked, |f| format::count(f.value))
}

fn places(text: &Text, facts: &Facts<'_>) -> String {
    let asked = format::count(facts.asked.into());
    let Some(places) = facts.places else { return tr!(text, "backlog-makes-untold", n = asked) };
    let held = facts.view.and_then(|v| Some((v.in_force?, v.clamp?))).filter(|(f, _)| f.value < u64::from(facts.asked));
    match held {
        Some((in_force, clamp)) => tr!(
            text,
            "backlog-makes-clamped",
            asked = asked,
            by = clamp.by,
            n = format::count(in_force.value),
            places = format::count(places.into())
        ),
        None => tr!(text, "backlog-makes", n = asked, places = places, count = format::count(places.into())),
    }
}

/// "Client 5", "Clients 5 to 8", or how many.
fn who(text: &Text, guests: &[Guest<'_>]) -> String {
    let numbers = || guests.iter().filter_map(|g| g.number);
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else { return tr!(text, "backlog-outsider") };
    let count = guests.len() as u64;
    match u64::from(last - first) + 1 {
        1 => tr!(text, "backlog-client", n = format::count(first.into())),
        2 if count == 2 => tr!(text, "backlog-clients-two", a = format::count(first.into()), b = format::count(last.into())),
        span if span == count => tr!(text, "backlog-clients", a = format::count(first.into()), b = format::count(last.into())),
        _ => tr!(text, "backlog-clients-many", count = format::count(count)),
    }
}
