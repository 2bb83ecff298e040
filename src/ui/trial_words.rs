//! What was seen of checks, what this system lacks, and deeds that were refused, in the person's language.

use crate::engine::{PacketError, SessionState, Unavailable};
use crate::lab::Transport;
use crate::lesson::{Otherwise, Refusal};
use crate::script::{Figure, Quantity, Whose};
use crate::tr;
use crate::trial::{DeedError, Lack, Seen, SequenceWord, Shown, Subject, Untold, Verdict, Why, Word};

use super::Text;
use super::failure_words::{bytes_error, failure, framing_error, render_error};
use super::panel::models::choice;
use super::panel::{accept_pace, framing_kind};
use super::script_words::change_error;
use super::widget::format::{self, count};

/// `echo, accepted connections`.
pub fn figure(text: &Text, figure: &Figure) -> String {
    let of = match &figure.of {
        Whose::Lab => tr!(text, "figure-all"),
        Whose::Endpoint(name) => name.clone(),
    };
    let what = match &figure.what {
        Quantity::LanesIn(call) => tr!(text, "figure-lanes-in", name = *call),
        Quantity::CallsOf(call) => tr!(text, "figure-calls-of", name = *call),
        Quantity::Ended(how) => tr!(text, &format!("figure-ended-{how}")),
        Quantity::Conns(state) => tr!(text, &format!("figure-conns-{state}")),
        Quantity::Tcp(state) => tr!(text, "figure-tcp", state = *state),
        Quantity::Errors(errno) => tr!(text, "figure-errors", name = errno.as_str()),
        plain => tr!(text, &format!("figure-{}", plain.to_string().replace('_', "-"))),
    };
    tr!(text, "figure-of", of = of, what = what)
}

/// What was seen, clause by clause.
pub fn seen(text: &Text, all: &[Seen]) -> String {
    all.iter().map(|one| one_seen(text, one)).collect::<Vec<_>>().join(&tr!(text, "seen-and"))
}

fn one_seen(text: &Text, seen: &Seen) -> String {
    let subject = match &seen.subject {
        Subject::Figure(of) => figure(text, of),
        Subject::Insight(rule) => tr!(text, "seen-insight", rule = tr!(text, &format!("rule-{rule}"))),
    };
    match &seen.value {
        Some(value) => tr!(text, "seen-is", figure = subject, value = shown(text, value)),
        None => tr!(text, "seen-none", figure = subject),
    }
}

fn shown(text: &Text, value: &Shown) -> String {
    match value {
        Shown::Number(n) => format::number(*n),
        Shown::Word(said) => word(text, said),
        Shown::Texts { texts, more } => {
            let one = |(cut, words): &(bool, String)| format!("“{}{words}”", if *cut { "…" } else { "" });
            let all = texts.iter().map(one).collect::<Vec<_>>().join(&tr!(text, "seen-texts-and"));
            if *more { format!("{all} …") } else { all }
        }
        Shown::Speaks(true) => tr!(text, "seen-speaks"),
        Shown::Speaks(false) => tr!(text, "seen-silent"),
    }
}

fn word(text: &Text, word: &Word) -> String {
    let key = match word {
        Word::Framing(kind) => return framing_kind(text, *kind),
        Word::Pace(pace) => return accept_pace(text, *pace),
        Word::Failure(why) => return failure(text, why),
        Word::State(SessionState::Starting) => "lab-state-starting",
        Word::State(SessionState::Running) => "lab-state-running",
        Word::State(SessionState::Stopping) => "lab-state-stopping",
        Word::State(SessionState::Stopped) => "lab-state-stopped",
        Word::State(SessionState::Failed) => "lab-state-failed",
        Word::Sequence(SequenceWord::Running) => "sequence-running",
        Word::Sequence(SequenceWord::Waiting) => "sequence-waiting",
        Word::Sequence(SequenceWord::Paused) => "sequence-paused",
        Word::Sequence(SequenceWord::Done) => "sequence-done",
        Word::Sequence(SequenceWord::Stopped) => "sequence-stopped",
        Word::Sequence(SequenceWord::Failed) => "sequence-failed",
    };
    tr!(text, key)
}

/// What became of a check: what was seen, or why it cannot be known.
pub fn verdict(text: &Text, verdict: &Verdict) -> String {
    match verdict {
        Verdict::Pending => tr!(text, "lesson-check-pending"),
        Verdict::Held { seen: all } | Verdict::Failed { seen: all, after: None } => seen(text, all),
        Verdict::Failed { seen: all, after: Some(after) } => {
            tr!(text, "seen-held-only", time = format::span(text, *after), seen = seen(text, all))
        }
        Verdict::Unknown { why } => tr!(text, "lesson-check-unknown", seen = untold(text, why)),
    }
}

/// Which figure is not told, and why.
pub fn untold(text: &Text, untold: &Untold) -> String {
    let why = match untold.why {
        Why::Unavailable(why) => unavailable(text, why),
        Why::Silent => tr!(text, "untold-silent"),
        Why::Switches => tr!(text, "untold-switches"),
        Why::Cpu => tr!(text, "untold-cpu"),
        Why::Buffers => tr!(text, "untold-buffers"),
        Why::NoRule => tr!(text, "untold-no-rule"),
        Why::NoEpipe => tr!(text, "untold-no-epipe"),
        Why::NoNumber => tr!(text, "untold-no-number"),
    };
    tr!(text, "untold-of", figure = figure(text, &untold.figure), why = why)
}

/// Why the kernel does not tell.
pub fn unavailable(text: &Text, why: Unavailable) -> String {
    tr!(text, &format!("unavailable-{}", why.id()))
}

/// What this system lacks.
pub fn lack(text: &Text, lack: &Lack) -> String {
    match lack {
        Lack::Linux => tr!(text, "lack-linux"),
        Lack::Ipv6 => tr!(text, "lack-ipv6"),
        Lack::SocketPair { .. } => tr!(text, "lack-socketpair"),
        Lack::Transport { transport, .. } => transport_lack(text, *transport),
        Lack::Descriptors { limit, count: needed } => {
            tr!(text, "lack-descriptors", limit = count(*limit), count = count((*needed).into()))
        }
        Lack::NoModel(model) => tr!(text, "lack-no-model", model = model.as_str()),
        Lack::Model { model, why } => tr!(text, "lack-model", model = model.as_str(), why = choice::reason(text, model, "missing", why)),
    }
}

/// Why a transport that is not there is not there.
pub fn transport_lack(text: &Text, transport: Transport) -> String {
    match transport {
        Transport::UnixDgram => tr!(text, "lack-unix-dgram"),
        Transport::UnixStream => tr!(text, "lack-unix-stream"),
        Transport::Tcp | Transport::Udp => tr!(text, "lack-transport", transport = transport.id()),
    }
}

/// Why what happened is not what the lesson says.
pub fn otherwise(text: &Text, why: &Otherwise) -> String {
    match why {
        Otherwise::Seen(of) => verdict(text, of),
        Otherwise::Refused(why) => refusal(text, why),
    }
}

/// Why a deed was not done.
pub fn refusal(text: &Text, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Deed { deed, error } => tr!(text, "deed-refused", deed = deed.to_string(), why = deed_error(text, error)),
        Refusal::AsksFirst => tr!(text, "lesson-asks-first"),
    }
}

fn deed_error(text: &Text, error: &DeedError) -> String {
    match error {
        DeedError::Change(error) => change_error(text, error),
        DeedError::NoAddress(name) => tr!(text, "deed-no-address", name = name.as_str()),
        DeedError::Packet(PacketError::Bytes(error)) => bytes_error(text, error),
        DeedError::Packet(PacketError::Framing(error)) => framing_error(text, error),
        DeedError::Packet(PacketError::Render(error)) => render_error(text, error),
        DeedError::Packet(PacketError::File { path, why }) => tr!(text, "deed-file", path = path.as_str(), said = why.to_string()),
        DeedError::Packet(PacketError::TooLarge { path, limit }) => {
            tr!(text, "deed-file-too-large", path = path.as_str(), limit = count(*limit))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::script::{ENDS, INSIGHTS, Op, STATES};
    use crate::trial::Wanted;
    use crate::ui::Language;

    fn of(what: Quantity) -> Figure {
        Figure { of: Whose::Endpoint("echo".into()), what }
    }

    #[test]
    fn every_figure_rule_and_reason_has_words_in_both_languages() {
        for language in [Language::English, Language::Chinese] {
            let text = Text::new(language);
            let plain = Quantity::PLAIN.iter().map(|(_, what, _)| what.clone());
            let grouped = ENDS.into_iter().map(Quantity::Ended).chain(STATES.into_iter().map(Quantity::Conns));
            for what in plain.chain(grouped).chain([Quantity::LanesIn("recv"), Quantity::CallsOf("recv"), Quantity::Errors("EPIPE".into())])
            {
                let said = figure(&text, &of(what));
                assert!(said.starts_with("echo") && !said.contains("figure-"), "{said}");
            }
            let rules = INSIGHTS.iter().map(|rule| tr!(text, &format!("rule-{rule}")));
            let reasons = Unavailable::ALL.iter().map(|why| unavailable(&text, *why));
            for said in rules.chain(reasons) {
                assert!(!said.starts_with("rule-") && !said.starts_with("unavailable-"), "{said}");
            }
        }
    }

    #[test]
    fn what_was_seen_is_said_in_the_language_of_the_window() {
        let state = Seen {
            subject: Subject::Figure(of(Quantity::State)),
            value: Some(Shown::Word(Word::State(SessionState::Stopped))),
            op: Some(Op::Equal),
            wanted: Wanted::Written("\"running\"".into()),
            holds: false,
        };
        let number = Seen { subject: Subject::Figure(of(Quantity::RxBytes)), value: Some(Shown::Number(12_345.0)), ..state.clone() };
        let nothing = Seen { subject: Subject::Figure(of(Quantity::Queue)), value: None, ..state.clone() };
        assert_eq!(state.to_string(), "echo.state is \"stopped\", not \"running\"", "the command line keeps the check's own words");
        let all = Verdict::Failed { seen: vec![state, number, nothing], after: Some(Duration::from_secs(2)) };
        let said = [Language::English, Language::Chinese].map(|language| verdict(&Text::new(language), &all));
        assert_eq!(
            said[0],
            "it held for 2.00 s only – echo, state: stopped · echo, bytes received: 12,345 · echo, connections in the accept queue: none"
        );
        assert_eq!(said[1], "只成立了 2.00 秒：echo 状态：已停止 · echo 接收的字节数：12,345 · echo 已连接队列中的连接数：无");
        let why = Untold { figure: of(Quantity::HalfOpen), why: Why::Unavailable(Unavailable::SockDiag) };
        assert_eq!(untold(&Text::new(Language::Chinese), &why), "echo SYN 队列中的连接数：内核没有应答 sock_diag");
    }
}
