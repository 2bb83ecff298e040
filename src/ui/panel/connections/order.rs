//! Which connections are listed and in what order. Pure.

use std::cmp::Ordering;

use crate::engine::{ConnState, ConnView, SessionView, Snapshot};

/// What a column sorts by, in the order of the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Key {
    /// Number within the session.
    #[default]
    Number,
    /// Name of the session, then number.
    Session,
    /// The other end's address.
    Peer,
    /// This end's address.
    Local,
    /// Descriptor.
    Fd,
    /// Where it is in its life.
    State,
    /// How long it has been (or was) there.
    Age,
    /// Bytes received.
    Received,
    /// Bytes sent.
    Sent,
    /// Bytes received a second.
    ReceiveRate,
    /// Bytes sent a second.
    SendRate,
    /// Arrived and not yet read.
    Unread,
    /// Sent and not yet taken.
    Unsent,
}

impl Key {
    /// Every column.
    pub const ALL: [Self; 13] = [
        Self::Number,
        Self::Session,
        Self::Peer,
        Self::State,
        Self::Local,
        Self::Fd,
        Self::Age,
        Self::Received,
        Self::Sent,
        Self::ReceiveRate,
        Self::SendRate,
        Self::Unread,
        Self::Unsent,
    ];

    fn compare(self, (sa, a): (&SessionView, &ConnView), (sb, b): (&SessionView, &ConnView)) -> Ordering {
        match self {
            Self::Number => a.info.number.cmp(&b.info.number),
            Self::Session => sa.name.cmp(&sb.name).then(a.info.number.cmp(&b.info.number)),
            Self::Peer => natural(&a.info.peer, &b.info.peer),
            Self::Local => natural(&a.info.local, &b.info.local),
            Self::Fd => a.info.fd.cmp(&b.info.fd),
            Self::State => a.state.cmp(&b.state),
            // A younger one began later.
            Self::Age => b.info.opened.cmp(&a.info.opened),
            Self::Received => a.rx_bytes.cmp(&b.rx_bytes),
            Self::Sent => a.tx_bytes.cmp(&b.tx_bytes),
            Self::ReceiveRate => a.rx_rate.total_cmp(&b.rx_rate),
            Self::SendRate => a.tx_rate.total_cmp(&b.tx_rate),
            Self::Unread => a.unread.cmp(&b.unread),
            Self::Unsent => a.unsent.cmp(&b.unsent),
        }
    }
}

/// Addresses compare by text up to the port, then by the port's number: `:9000` before `:51842`.
fn natural(a: &str, b: &str) -> Ordering {
    let split = |s: &str| s.rsplit_once(':').and_then(|(host, port)| Some((host.len(), port.parse::<u16>().ok()?)));
    match (split(a), split(b)) {
        (Some((ha, pa)), Some((hb, pb))) => a[..ha].cmp(&b[..hb]).then(pa.cmp(&pb)),
        _ => a.cmp(b),
    }
}

/// What is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Lower-case words that must appear (or, after `-`, must not) in names and addresses.
    pub filter: String,
    /// Ended ones too.
    pub ended: bool,
    /// By which column.
    pub key: Key,
    /// Largest first.
    pub descending: bool,
}

/// Where a connection stands in the snapshot: session and place within it.
pub type Place = (usize, usize);

/// The listed connections in order. Equal ones keep the order of the snapshot.
pub fn places(snap: &Snapshot, rules: &Rules) -> Vec<Place> {
    let filter = rules.filter.to_lowercase();
    let words: Vec<(bool, &str)> =
        filter.split_whitespace().map(|w| w.strip_prefix('-').map_or((true, w), |w| (false, w))).filter(|(_, w)| !w.is_empty()).collect();
    let get = |(s, c): Place| (&*snap.sessions[s], &snap.sessions[s].connections[c]);
    let mut places: Vec<Place> = snap
        .sessions
        .iter()
        .enumerate()
        .flat_map(|(s, session)| (0..session.connections.len()).map(move |c| (s, c)))
        .filter(|&place| {
            let (session, conn) = get(place);
            (rules.ended || conn.state != ConnState::Closed)
                && words.iter().all(|&(wanted, word)| {
                    let other = conn.info.other_end.get().map(|(_, _, name)| &**name);
                    let texts = [&*session.name, &*conn.info.peer, &*conn.info.local].into_iter().chain(other);
                    wanted == texts.into_iter().any(|text| text.to_lowercase().contains(word))
                })
        })
        .collect();
    places.sort_by(|&a, &b| {
        let order = rules.key.compare(get(a), get(b));
        if rules.descending { order.reverse() } else { order }
    });
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panel::tables_fake::World;
    use crate::ui::panel::traffic;

    fn order(key: Key, descending: bool, filter: &str, ended: bool) -> Vec<u32> {
        let world = World::running(Box::new(traffic::Traffic::default()));
        let rules = Rules { filter: filter.into(), ended, key, descending };
        places(&world.snap, &rules).into_iter().map(|(s, c)| world.snap.sessions[s].connections[c].info.number).collect()
    }

    #[test]
    fn every_column_sorts_both_ways() {
        assert_eq!(order(Key::Number, false, "", true), [1, 2, 3, 11]);
        assert_eq!(order(Key::Session, false, "", true), [11, 1, 2, 3]);
        assert_eq!(order(Key::Peer, false, "", true), [11, 1, 2, 3], "port 9000 comes before 51841");
        assert_eq!(order(Key::State, false, "", true), [11, 1, 2, 3], "connecting, open, peer ended, closed");
        assert_eq!(order(Key::Received, true, "", true), [11, 3, 2, 1]);
        assert_eq!(order(Key::Sent, true, "", true), [1, 2, 3, 11]);
        assert_eq!(order(Key::Age, true, "", true), [1, 2, 3, 11], "the oldest first");
        assert_eq!(order(Key::ReceiveRate, true, "", true), [1, 2, 3, 11], "equal ones keep their order");
        for key in Key::ALL {
            let (mut up, mut down) = (order(key, false, "", true), order(key, true, "", true));
            up.sort_unstable();
            down.sort_unstable();
            assert_eq!(up, down, "{key:?}");
        }
    }

    #[test]
    fn words_and_ended_ones_are_filtered() {
        assert_eq!(order(Key::Number, false, "echo PHONE", true), [2]);
        assert_eq!(order(Key::Number, false, "-echo", true), [11]);
        assert_eq!(order(Key::Number, false, "51843 -", true), [3]);
        assert_eq!(order(Key::Number, false, "", false), [1, 2, 11]);
    }
}
