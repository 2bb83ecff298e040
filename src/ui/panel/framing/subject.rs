//! Which connection the panel is about. It changes nothing and keeps what it found while it still fits.

use std::sync::Arc;

use crate::engine::{ConnInfo, ConnState, ConnView, SessionState, SessionView, Snapshot};
use crate::lab::Side;
use crate::ui::Selection;

/// What was found, and for which selection.
#[derive(Debug, Default)]
pub struct Subject(Option<(Selection, Arc<ConnInfo>)>);

impl Subject {
    /// The selected connection; of a selected endpoint the newest that moved bytes, as long as that lives; with nothing selected
    /// one of a server that runs.
    pub fn find(&mut self, snap: &Snapshot, selection: Selection) -> Option<Arc<ConnInfo>> {
        if let Selection::Conn(session, conn) = selection
            && let Some(found) = snap.session(session).and_then(|s| s.connections.iter().find(|c| c.info.id == conn))
        {
            self.0 = Some((selection, Arc::clone(&found.info)));
        }
        let held = self.0.take().filter(|(of, info)| *of == selection && stays(snap, selection, info));
        self.0 = held.or_else(|| {
            let found = match selection.endpoint() {
                Some(id) => newest(snap.session(id)?),
                None => snap.sessions.iter().filter(|s| s.side == Side::Server && s.state == SessionState::Running).find_map(newest),
            };
            Some((selection, found?))
        });
        self.0.as_ref().map(|(_, info)| Arc::clone(info))
    }
}

/// Whether what was found is still the answer: a chosen connection always, another while it is open and has something to show.
fn stays(snap: &Snapshot, selection: Selection, info: &ConnInfo) -> bool {
    let conns = || snap.session(info.session).into_iter().flat_map(|s| s.connections.iter());
    let open = || conns().any(|c| c.info.id == info.id && c.state != ConnState::Closed && (moved(c) || !conns().any(moved)));
    matches!(selection, Selection::Conn(_, conn) if conn == info.id) || open()
}

fn moved(conn: &ConnView) -> bool {
    conn.rx_bytes + conn.tx_bytes > 0
}

/// The newest open connection that moved bytes, else the newest open one, else the newest of those that ended.
fn newest(session: &Arc<SessionView>) -> Option<Arc<ConnInfo>> {
    let conns = session.connections.iter();
    conns.max_by_key(|c| (c.state != ConnState::Closed, moved(c), c.info.opened, c.info.number)).map(|c| Arc::clone(&c.info))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panel::tables_fake::World;
    use crate::ui::panel::traffic;

    #[test]
    fn the_newest_open_one_is_held_until_it_ends_and_a_chosen_one_for_good() {
        let mut world = World::running(Box::new(traffic::Traffic::default()));
        let server = world.server();
        let mut subject = Subject::default();
        let mut of = |world: &World, selection| subject.find(&world.snap, selection).map(|c| c.number);
        assert_eq!((of(&world, Selection::Endpoint(server)), of(&world, Selection::None)), (Some(2), Some(2)), "3 ended");
        let mut conns = world.session(server).connections.to_vec();
        conns[2].state = ConnState::Open;
        world.session(server).connections = conns.clone().into();
        assert_eq!(of(&world, Selection::None), Some(2), "held");
        conns[1].state = ConnState::Closed;
        world.session(server).connections = conns.clone().into();
        assert_eq!(of(&world, Selection::None), Some(3));
        (conns[2].rx_bytes, conns[2].tx_bytes) = (0, 0);
        world.session(server).connections = conns.clone().into();
        assert_eq!(of(&world, Selection::None), Some(1), "there is nothing to see of 3");
        let chosen = Selection::Conn(server, conns[0].info.id);
        assert_eq!(of(&world, chosen), Some(1));
        world.session(server).connections = Arc::new([]);
        assert_eq!((of(&world, chosen), of(&world, Selection::Endpoint(server))), (Some(1), None));
    }
}
