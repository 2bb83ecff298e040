//! The watch: it is shown each new snapshot, remembers the last seconds, and answers which situations there are. A rule speaks
//! only after its situation has lasted, and goes silent only after it has been over for a while, so that no sentence flickers.

use std::collections::BTreeMap;
use std::time::Duration;

use super::moment::{Moment, Past};
use super::{Found, Insight, Rule};
use crate::engine::{SessionState, SessionView, Snapshot};
use crate::lab::{EndpointId, Lab};
use crate::settings::Settings;

/// See the module. Kept by whoever shows insights.
#[derive(Debug)]
pub struct Watch {
    limit: Option<u64>,
    seen: Option<u64>,
    watched: BTreeMap<EndpointId, Watched>,
    said: Vec<Insight>,
}

/// One run of one session.
#[derive(Debug, Default)]
struct Watched {
    generation: u32,
    settings: Settings,
    past: Past,
    states: [State; Rule::ALL.len()],
}

/// How far one rule is.
#[derive(Clone, Debug, Default)]
enum State {
    #[default]
    Silent,
    /// Its situation is there since then.
    Waits(Duration),
    /// It speaks since then; the situation was last there then.
    Speaks { since: Duration, last: Duration, found: Found },
}

impl State {
    fn next(self, rule: Rule, at: Duration, found: Option<Found>) -> Self {
        let (begins, ends) = rule.patience();
        match (self, found) {
            (Self::Silent, None) | (Self::Waits(_), None) => Self::Silent,
            (Self::Silent, Some(found)) if begins.is_zero() => Self::Speaks { since: at, last: at, found },
            (Self::Silent, Some(_)) => Self::Waits(at),
            (Self::Waits(since), Some(found)) if at >= since + begins => Self::Speaks { since: at, last: at, found },
            (Self::Waits(since), Some(_)) => Self::Waits(since),
            (Self::Speaks { since, .. }, Some(found)) => Self::Speaks { since, last: at, found },
            (Self::Speaks { last, .. }, None) if at >= last + ends => Self::Silent,
            (speaks @ Self::Speaks { .. }, None) => speaks,
        }
    }
}

impl Watch {
    /// Nothing was seen yet. `limit`: descriptors that this process may have open, where the system has such a limit.
    pub fn new(limit: Option<u64>) -> Self {
        Self { limit, seen: None, watched: BTreeMap::new(), said: Vec::new() }
    }

    /// Looks at a newer snapshot; the same one changes nothing. Every situation there is, the most important first. `lab` says
    /// what was set about the models; it is asked when a session is seen to have begun.
    pub fn see(&mut self, snap: &Snapshot, lab: &Lab) -> &[Insight] {
        if self.seen.replace(snap.seq) == Some(snap.seq) {
            return &self.said;
        }
        self.watched.retain(|id, _| snap.session(*id).is_some_and(|s| runs(s)));
        let mut said = Vec::new();
        for session in snap.sessions.iter().filter(|s| runs(s)) {
            let watched = self.watched.entry(session.id).or_default();
            if watched.generation != session.generation {
                let settings = lab.server(session.id).map(|s| s.model_settings.clone()).unwrap_or_default();
                *watched = Watched { generation: session.generation, settings, ..Watched::default() };
            }
            watched.past.note(snap.at, session);
            let Watched { settings, past, states, .. } = watched;
            for (rule, state) in Rule::ALL.into_iter().zip(states) {
                let speaks = matches!(state, State::Speaks { .. });
                let found = rule.look(&Moment { snap, session, past, settings, limit: self.limit, speaks });
                *state = std::mem::take(state).next(rule, snap.at, found);
                if let State::Speaks { since, found, .. } = state {
                    said.push(insight(rule, session, *since, found));
                }
            }
        }
        said.sort_by_key(|i| (i.rule, i.session));
        self.said = said;
        &self.said
    }

    /// What the last look found.
    pub fn said(&self) -> &[Insight] {
        &self.said
    }
}

fn runs(session: &SessionView) -> bool {
    session.state == SessionState::Running
}

fn insight(rule: Rule, session: &SessionView, began: Duration, found: &Found) -> Insight {
    let Found { conn, lane, mistake, figures, source } = found.clone();
    Insight { rule, session: session.id, name: session.name.clone(), side: session.side, began, conn, lane, mistake, figures, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Source;
    use crate::insight::fake::ms;

    fn found(there: bool) -> Option<Found> {
        there.then(|| Found::new(Source::Measured(""), Vec::new()))
    }

    #[test]
    fn a_rule_waits_before_it_speaks_and_before_it_is_silent_again() {
        let rule = Rule::SecondWaits;
        let mut state = State::Silent;
        let mut after = |at: u64, there: bool| {
            state = std::mem::take(&mut state).next(rule, ms(at), found(there));
            matches!(state, State::Speaks { .. })
        };
        assert!(!after(0, true) && !after(900, true), "not yet");
        assert!(!after(950, false) && !after(1_000, true) && !after(1_950, true), "it was interrupted");
        assert!(after(2_000, true) && after(2_500, false), "a gap is not its end");
        assert!(after(2_600, true) && after(3_100, false), "counted from when it was last there");
        assert!(!after(3_200, false) && !after(3_300, true));
    }

    #[test]
    fn patience_of_zero_is_at_once() {
        let state = State::Silent.next(Rule::CutOff, ms(5), found(true));
        assert!(matches!(state, State::Speaks { since, .. } if since == ms(5)));
        assert!(matches!(state.next(Rule::CutOff, ms(6), None), State::Silent));
    }
}
