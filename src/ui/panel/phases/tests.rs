//! What the rows say about a running server.

use std::sync::Arc;

use egui_kittest::kittest::Queryable;

use super::*;
use crate::engine::LaneDoing;
use crate::trace::Call;
use crate::ui::panel::fake::{self, AT, ms};
use crate::ui::panel::stepper::tests::{epoll, looks, picture, window};

fn threads() -> fake::World {
    let mut world = fake::threads();
    let id = world.lab.servers[0].id;
    world.selection = crate::ui::Selection::Endpoint(id);
    let session = world.session(id);
    session.lanes = session.lanes.iter().take(5).cloned().collect();
    world
}

#[test]
fn the_selected_servers_row_says_where_its_threads_stand() {
    let harness = window(threads(), Box::new(Phases), 658.0, 352.0);
    harness.get_by_label("blocking: echo-threads, 4 waiting for data, 0 copying, 0 in own code, 0 held");
    harness.get_by_label("asynchronous");
    let harness = window(epoll(), Box::new(Phases), 658.0, 352.0);
    harness.get_by_label("multiplexing: epoll-lt, 0 waiting for data, 0 copying, 0 in own code, 1 held");
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        picture(&mut window(epoll().look(language, theme.clone()), Box::new(Phases), 658.0, 352.0), &format!("phases-held-{name}"));
        picture(&mut window(threads().look(language, theme.clone()), Box::new(Phases), 658.0, 352.0), &format!("phases-threads-{name}"));
        let mut asleep = epoll().look(language, theme);
        let id = asleep.lab.servers[0].id;
        let session = asleep.session(id);
        let mut lanes = session.lanes.to_vec();
        lanes[0].doing = LaneDoing::InCall { call: Call::EpollWait, fd: 5, since: AT - ms(80) };
        lanes[0].spans = Arc::from(fake::busy_spans());
        session.lanes = lanes.into();
        picture(&mut window(asleep, Box::new(Phases), 500.0, 320.0), &format!("phases-asleep-{name}"));
    }
}
