//! Judges one check from snapshots: it must become true in its time, and may have to stay true for a while.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::Scene;
use super::heard::Heard;
use super::seen::{Seen, Shown, Subject, Untold, Wanted};
use super::worth::{self, Worth, endpoint, is_heard};
use crate::lab::EndpointId;
use crate::script::{Check, Clause, Figure, Op, Value};

/// What became of a check.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Its time is not over.
    Pending,
    /// It held.
    Held {
        /// What was seen, clause by clause.
        seen: Vec<Seen>,
    },
    /// It did not.
    Failed {
        /// What was seen instead: the clauses that did not hold.
        seen: Vec<Seen>,
        /// When it held and did not stay so: for how long it did at most.
        after: Option<Duration>,
    },
    /// It cannot be known here: this system does not tell.
    Unknown {
        /// Why.
        why: Untold,
    },
}

/// See the module.
#[derive(Debug)]
pub struct Watcher {
    check: Check,
    heard: BTreeMap<EndpointId, Heard>,
    /// When it was first asked.
    begun: Option<Duration>,
    /// Since when it holds.
    holds: Option<Duration>,
    /// For how long it held at most, when it did not stay so.
    longest: Option<Duration>,
    verdict: Verdict,
}

/// What one look gave.
enum Look {
    Holds(Vec<Seen>),
    Not(Vec<Seen>),
    Untold(Untold),
}

impl Watcher {
    /// Of this check; its time begins with the first look.
    pub fn new(check: Check) -> Self {
        Self { check, heard: BTreeMap::new(), begun: None, holds: None, longest: None, verdict: Verdict::Pending }
    }

    /// The check.
    pub fn check(&self) -> &Check {
        &self.check
    }

    /// The last answer.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Looks; once it has answered it does not look again. `now` is any clock that goes on: snapshots stop when nothing runs.
    pub fn see(&mut self, now: Duration, scene: Scene<'_>) -> &Verdict {
        if self.verdict == Verdict::Pending {
            let begun = *self.begun.get_or_insert(now);
            let look = self.look(scene);
            self.verdict = self.judge(now, begun, look);
        }
        &self.verdict
    }

    fn judge(&mut self, now: Duration, begun: Duration, look: Look) -> Verdict {
        let is_late = now.saturating_sub(begun) >= self.check.patience();
        match look {
            Look::Holds(seen) => {
                let since = *self.holds.get_or_insert(now);
                let lasted = now.saturating_sub(since) >= self.check.lasting.unwrap_or_default();
                if lasted { Verdict::Held { seen } } else { Verdict::Pending }
            }
            Look::Not(seen) => {
                // It was true, but not long enough, and may still become so.
                if let Some(since) = self.holds.take() {
                    self.longest = self.longest.max(Some(now.saturating_sub(since)));
                }
                if is_late { Verdict::Failed { seen, after: self.longest } } else { Verdict::Pending }
            }
            // What the system tells may come a little later than the rest.
            Look::Untold(why) if is_late && now.saturating_sub(begun) >= UNTOLD => Verdict::Unknown { why },
            Look::Untold(_) => Verdict::Pending,
        }
    }

    fn look(&mut self, scene: Scene<'_>) -> Look {
        for figure in self.check.figures().filter(|figure| is_heard(&figure.what)) {
            if let Some(id) = endpoint(figure, scene) {
                self.heard.entry(id).or_default().listen(id, scene.snapshot);
            }
        }
        let (mut seen, mut untold) = (Vec::new(), None);
        for clause in &self.check.clauses {
            match self.clause(clause, scene) {
                Ok(one) => seen.push(one),
                Err(why) => untold = untold.or(Some(why)),
            }
        }
        let wrong: Vec<Seen> = seen.iter().filter(|seen| !seen.holds).cloned().collect();
        match untold {
            _ if !wrong.is_empty() => Look::Not(wrong),
            Some(why) => Look::Untold(why),
            None => Look::Holds(seen),
        }
    }

    fn clause(&self, clause: &Clause, scene: Scene<'_>) -> Result<Seen, Untold> {
        let (left, op, right) = match clause {
            Clause::Compare { left, op, right } => (left, *op, right),
            Clause::Insight { rule, of, speaks } => {
                let of = of.as_deref().and_then(|name| scene.lab.endpoint_named(name).ok()).map(|(id, _)| id);
                let said = scene.said.iter().any(|i| i.rule.id() == *rule && of.is_none_or(|of| of == i.session));
                return Ok(Seen {
                    subject: Subject::Insight(rule),
                    value: Some(Shown::Speaks(said)),
                    op: None,
                    wanted: Wanted::Speaks(*speaks),
                    holds: said == *speaks,
                });
            }
        };
        let is = self.worth(left, scene)?;
        let (other, wanted) = match right {
            Value::Number(n) => (Worth::Number(*n), Wanted::Written(right.to_string())),
            Value::Text(bytes) => (Worth::Texts(vec![bytes.clone()]), Wanted::Written(right.to_string())),
            Value::Figure(figure) => {
                let other = self.worth(figure, scene)?;
                let wanted = Wanted::Figure(figure.clone(), shown(&other));
                (other, wanted)
            }
        };
        Ok(Seen { subject: Subject::Figure(left.clone()), value: shown(&is), op: Some(op), wanted, holds: holds(&is, op, &other) })
    }

    fn worth(&self, figure: &Figure, scene: Scene<'_>) -> Result<Worth, Untold> {
        let heard = endpoint(figure, scene).and_then(|id| self.heard.get(&id));
        match worth::worth(figure, scene, heard) {
            Worth::Untold(why) => Err(Untold { figure: figure.clone(), why }),
            other => Ok(other),
        }
    }
}

/// How long a figure may be missing before that is the answer.
const UNTOLD: Duration = Duration::from_secs(1);

fn holds(is: &Worth, op: Op, other: &Worth) -> bool {
    // A word is compared as a check writes it.
    if let Worth::Word(word) = is {
        return holds(&word.as_text(), op, other);
    }
    if let Worth::Word(word) = other {
        return holds(is, op, &word.as_text());
    }
    match (is, other) {
        (Worth::Number(a), Worth::Number(b)) => match op {
            Op::Equal => (a - b).abs() < f64::EPSILON,
            Op::Unequal => (a - b).abs() >= f64::EPSILON,
            Op::Less => a < b,
            Op::AtMost => a <= b,
            Op::More => a > b,
            Op::AtLeast => a >= b,
            Op::Contains => false,
        },
        (Worth::Texts(all), Worth::Texts(others)) => {
            let any = |fits: &dyn Fn(&[u8], &[u8]) -> bool| all.iter().any(|a| others.iter().any(|b| fits(a, b)));
            match op {
                Op::Equal => any(&|a, b| a == b),
                Op::Unequal => !any(&|a, b| a == b),
                Op::Contains => any(&|a, b| b.is_empty() || a.windows(b.len()).any(|w| w == b)),
                Op::Less | Op::AtMost | Op::More | Op::AtLeast => false,
            }
        }
        (_, Worth::Nothing) | (Worth::Nothing, _) => op == Op::Unequal,
        (Worth::Number(_) | Worth::Texts(_) | Worth::Word(_) | Worth::Untold(_), _) => false,
    }
}

fn shown(worth: &Worth) -> Option<Shown> {
    match worth {
        Worth::Number(n) => Some(Shown::Number(*n)),
        Worth::Word(word) => Some(Shown::Word(word.clone())),
        Worth::Texts(all) => Some(Shown::texts(all)),
        Worth::Nothing | Worth::Untold(_) => None,
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = |f: &mut fmt::Formatter<'_>, seen: &[Seen]| {
            seen.iter().enumerate().try_for_each(|(at, seen)| write!(f, "{}{seen}", if at == 0 { "" } else { " and " }))
        };
        match self {
            Self::Pending => f.write_str("not yet known"),
            Self::Held { seen } => all(f, seen),
            Self::Failed { seen, after: None } => all(f, seen),
            Self::Failed { seen, after: Some(after) } => {
                write!(f, "it held for {:.1} s only: ", after.as_secs_f64())?;
                all(f, seen)
            }
            Self::Unknown { why } => write!(f, "cannot be known here: {why}"),
        }
    }
}
