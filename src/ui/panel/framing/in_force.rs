//! Which framing was in force when: the snapshot tells the one of now, so changes are known from when they were seen. Pure.

use std::collections::HashMap;
use std::time::Duration;

use crate::bytes::Framing;
use crate::engine::{SessionState, Snapshot};
use crate::lab::EndpointId;

/// Looks so far apart leave open when a change between them was.
const UNSEEN: Duration = Duration::from_secs(1);
/// Changes that are remembered of one endpoint.
const KEPT: usize = 32;

/// From a record of the log on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first record's index.
    pub from: u64,
    /// `None`: it changed here and nobody looked.
    pub framing: Option<Framing>,
}

/// What was seen of one endpoint.
#[derive(Debug)]
struct Seen {
    generation: u64,
    at: Duration,
    end: u64,
    stretches: Vec<Stretch>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct InForce(HashMap<EndpointId, Seen>);

impl InForce {
    /// Looks at a moment; one from before the last look says nothing new.
    pub fn look(&mut self, snap: &Snapshot) {
        let end = snap.traffic.end_index();
        self.0.retain(|id, _| snap.session(*id).is_some());
        for session in snap.sessions.iter().filter(|s| s.state == SessionState::Running && s.transport.is_stream()) {
            let framing = &session.messages.framing;
            let generation = u64::from(session.generation);
            let seen = self.0.entry(session.id).or_insert_with(|| Seen {
                generation,
                at: snap.at,
                end,
                stretches: vec![Stretch { from: 0, framing: Some(framing.clone()) }],
            });
            if snap.at < seen.at {
                continue;
            }
            let last = seen.stretches.last().and_then(|s| s.framing.as_ref());
            if seen.generation != generation {
                // What its connections of before were cut by stays theirs.
                seen.stretches.push(Stretch { from: seen.end, framing: Some(framing.clone()) });
                seen.generation = generation;
            } else if last != Some(framing) {
                if snap.at - seen.at > UNSEEN && end > seen.end {
                    seen.stretches.push(Stretch { from: seen.end, framing: None });
                }
                seen.stretches.push(Stretch { from: end, framing: Some(framing.clone()) });
            }
            seen.stretches.dedup_by(|b, a| a.framing == b.framing);
            while seen.stretches.len() > KEPT {
                seen.stretches.remove(0);
                seen.stretches[0] = Stretch { from: 0, framing: None };
            }
            (seen.at, seen.end) = (snap.at, end);
        }
    }

    /// Those of an endpoint, when more than one was in force; `None` when one was all the time.
    pub fn of(&self, id: EndpointId) -> Option<&[Stretch]> {
        self.0.get(&id).map(|seen| seen.stretches.as_slice()).filter(|s| s.len() > 1)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::bytes::FramingKind;
    use crate::engine::RecordKind;
    use crate::ui::panel::tables_fake::{World, conn, record};

    fn at(world: &mut World, secs: u64, rows: usize, framing: Framing) {
        world.snap.at = Duration::from_secs(secs);
        let end = conn(1, "echo-tcp", None);
        world.snap.traffic = std::iter::repeat_n(record(&end, RecordKind::Received, b"ab"), rows).collect();
        let id = world.server();
        let messages = Arc::make_mut(&mut world.session(id).messages);
        messages.framing = framing;
    }

    #[test]
    fn a_change_that_was_seen_has_its_place_and_another_has_a_gap() {
        let mut world = World::running(Box::new(super::super::FramingPanel::default()));
        let id = world.server();
        let (raw, fixed) = (Framing::Raw, FramingKind::Fixed.usual());
        let mut seen = InForce::default();
        at(&mut world, 10, 5, raw.clone());
        seen.look(&world.snap);
        assert_eq!(seen.of(id), None);
        world.snap.at += Duration::from_millis(30);
        at(&mut world, 10, 7, fixed.clone());
        seen.look(&world.snap);
        let stretch = |from, framing: &Framing| Stretch { from, framing: Some(framing.clone()) };
        assert_eq!(seen.of(id), Some(&[stretch(0, &raw), stretch(7, &fixed)][..]));
        at(&mut world, 9, 6, raw.clone());
        seen.look(&world.snap);
        assert_eq!(seen.of(id).map(<[_]>::len), Some(2), "a frozen moment is no change");
        at(&mut world, 60, 90, raw.clone());
        seen.look(&world.snap);
        let wanted = [stretch(0, &raw), stretch(7, &fixed), Stretch { from: 7, framing: None }, stretch(90, &raw)];
        assert_eq!(seen.of(id), Some(&wanted[..]));
        world.session(id).generation += 1;
        at(&mut world, 61, 95, fixed.clone());
        seen.look(&world.snap);
        assert_eq!(seen.of(id).and_then(<[_]>::last), Some(&stretch(90, &fixed)));
    }
}
