//! Which server, and which of its lanes, the panels of the I/O models work space are about. One answer for the panels, the
//! keys and the palette. It changes nothing but the choice itself, which is view state of the window.

use eframe::egui::{Context, Id};

use crate::engine::{LaneDoing, LaneView, SessionState, SessionView, Snapshot};
use crate::lab::{EndpointId, Lab, Server, Target};
use crate::ui::Selection;

/// The selected server, or the one that the selected client talks to; with neither, the first that runs, or the first.
pub fn server<'a>(lab: &'a Lab, snap: &Snapshot, selection: Selection) -> Option<&'a Server> {
    let selected = selection.endpoint().and_then(|id| {
        let of_client = || match &lab.client(id)?.target {
            Target::Server(name) => lab.server_named(name),
            Target::Address(_) | Target::Pair => None,
        };
        lab.server(id).or_else(of_client)
    });
    let runs = |s: &&Server| snap.session(s.id).is_some_and(|s| s.state == SessionState::Running);
    selected.or_else(|| lab.servers.iter().find(runs)).or_else(|| lab.servers.first())
}

fn choice_id(server: EndpointId) -> Id {
    Id::unique(("stepped lane", server.0))
}

/// Chooses a lane of a server; `None` is the whole server.
pub fn choose_lane(ctx: &Context, server: EndpointId, lane: Option<u32>) {
    ctx.data_mut(|data| data.insert_temp(choice_id(server), lane));
}

/// The lane that was chosen, as long as it is alive; `None` is the whole server.
pub fn chosen_lane<'a>(ctx: &Context, session: &'a SessionView) -> Option<&'a LaneView> {
    let id = ctx.data(|data| data.get_temp::<Option<u32>>(choice_id(session.id))).flatten()?;
    session.lanes.iter().find(|lane| lane.id == id && lane.doing != LaneDoing::Gone)
}

/// The lane whose line is shown: the chosen one; of a whole server the one held longest, else the first that lives.
pub fn shown_lane<'a>(ctx: &Context, session: &'a SessionView) -> Option<&'a LaneView> {
    let held = |lane: &&LaneView| match lane.doing {
        LaneDoing::AtGate { since, .. } => Some(since),
        LaneDoing::Running | LaneDoing::InCall { .. } | LaneDoing::Gone => None,
    };
    let alive = || session.lanes.iter().filter(|lane| lane.doing != LaneDoing::Gone);
    chosen_lane(ctx, session).or_else(|| alive().filter(|l| held(l).is_some()).min_by_key(held)).or_else(|| alive().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Transport;
    use crate::trace::Call;
    use crate::ui::panel::fake::{AT, World, ms};

    #[test]
    fn a_client_means_its_server_and_nothing_means_what_runs() {
        let mut world = World::empty();
        let idle = world.server("idle", Transport::Tcp, "127.0.0.1:1", "poll");
        let echo = world.server("echo", Transport::Tcp, "127.0.0.1:2", "poll");
        let client = world.client("phone", idle);
        world.session(echo);
        let of = |world: &World, selection| server(&world.lab, &world.snap, selection).map(|s| s.id);
        assert_eq!(of(&world, Selection::Endpoint(client)), Some(idle));
        assert_eq!(of(&world, Selection::Endpoint(echo)), Some(echo));
        assert_eq!(of(&world, Selection::None), Some(echo));
        assert_eq!(of(&World::empty(), Selection::None), None);
    }

    #[test]
    fn the_lane_held_longest_is_shown_until_one_is_chosen_and_a_gone_one_is_forgotten() {
        let mut world = World::empty();
        let echo = world.server("echo", Transport::Tcp, "127.0.0.1:2", "threads");
        let held = |for_ms| LaneDoing::AtGate { call: Call::Recv, fd: 9, since: AT - ms(for_ms) };
        for (name, doing) in [("main", LaneDoing::Running), ("worker-1", held(5)), ("worker-2", held(9))] {
            world.lane(echo, name, doing, Vec::new());
        }
        let ctx = Context::default();
        let shown = |world: &mut World| shown_lane(&ctx, world.session(echo)).map(|l| l.id);
        assert_eq!(shown(&mut world), Some(2));
        choose_lane(&ctx, echo, Some(0));
        assert_eq!(shown(&mut world), Some(0));
        let mut lanes = world.session(echo).lanes.to_vec();
        lanes[0].doing = LaneDoing::Gone;
        world.session(echo).lanes = lanes.into();
        assert_eq!((shown(&mut world), chosen_lane(&ctx, world.session(echo)).is_none()), (Some(2), true));
    }
}
