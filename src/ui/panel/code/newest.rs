//! Which lines of a program an endpoint is at: those of its newest call that the program makes too, and those of the call that its
//! thread stands in or is held before. A function of the session's log and lanes.

use eframe::egui::Context;

use crate::code::Program;
use crate::engine::{LaneDoing, SessionView};
use crate::tr;
use crate::trace::{Call, CallRecord};
use crate::ui::Text;
use crate::ui::panel::stepper::{call_words, subject};

use super::listing::{Mark, Why};

/// Finished calls that are searched for one that the program makes too: our own clients wait with a selector, theirs need none.
const LOOK_BACK: u64 = 256;

/// What is marked; what a person holds stands before what sleeps, and that before what is over.
pub fn marks(ctx: &Context, text: &Text, session: &SessionView, program: &Program) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(2);
    let stands = subject::shown_lane(ctx, session).and_then(|lane| match lane.doing {
        LaneDoing::AtGate { call, fd, .. } => Some((Why::Held, call, tr!(text, "code-mark-held", call = call_words(call, fd)))),
        LaneDoing::InCall { call, fd, .. } => Some((Why::Inside, call, tr!(text, "code-mark-inside", call = call_words(call, fd)))),
        LaneDoing::Running | LaneDoing::Gone => None,
    });
    if let Some((why, call, words)) = stands {
        push(&mut marks, why, program, call, words);
    }
    if let Some(record) = newest(session, program) {
        let words = tr!(text, "code-mark-newest", call = format!("{} = {}", record.asked(), record.answered()));
        push(&mut marks, Why::Newest, program, record.call, words);
    }
    marks
}

fn push(marks: &mut Vec<Mark>, why: Why, program: &Program, call: Call, words: String) {
    let lines: Vec<_> = program.lines_of(call).collect();
    if !lines.is_empty() {
        marks.push(Mark { why, lines, words });
    }
}

/// The newest call that the program makes too.
fn newest<'a>(session: &'a SessionView, program: &Program) -> Option<&'a CallRecord> {
    let log = &session.calls.log;
    let first = log.end_index().saturating_sub(LOOK_BACK).max(log.first_index());
    let is_made = |record: &&CallRecord| program.lines.iter().any(|(call, _)| *call == record.call);
    (first..log.end_index()).rev().filter_map(|index| log.get(index)).find(is_made)
}
