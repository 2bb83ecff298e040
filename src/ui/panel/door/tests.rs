//! The panel from hand-made moments: its controls edit the lab or ask the engine, its figures say where they come from, and a
//! prediction goes from question to answer.

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::*;
use crate::engine::{Command, SessionState};
use crate::lab::Lab;
use crate::ui::panel::backlog::fake::{self, Run};
use crate::ui::panel::fake::{AT, World, ms};
use crate::ui::panel::stepper::tests::{looks, picture, window};

type Shown = Harness<'static, (World, Box<dyn Panel>)>;

fn shown(world: World) -> Shown {
    window(world, Box::new(Door::new()), 372.0, 826.0)
}

fn click(harness: &mut Shown, label: &str) {
    // As a screen reader does, which also reaches what is scrolled away.
    harness.get_by_label(label).click_accesskit();
    harness.run_steps(3);
}

/// The lab that was asked for last.
fn edited(harness: &Shown) -> &Lab {
    let edit = |action: &Action| matches!(action, Action::Edit { .. });
    match harness.state().0.actions.iter().rfind(|a| edit(a)) {
        Some(Action::Edit { lab, .. }) => lab,
        other => panic!("{other:?}"),
    }
}

/// As the app does it: the edit becomes the lab.
fn take(harness: &mut Shown) {
    let lab = edited(harness).clone();
    let world = &mut harness.state_mut().0;
    world.lab = lab;
    world.actions.clear();
    harness.run_steps(2);
}

#[test]
fn the_backlog_goes_up_and_down_and_says_its_places_and_its_limit() {
    let mut harness = shown(fake::full());
    harness.get_by_label("gives 4 places");
    harness.get_by_label("asked 3, in force 3; at most 4,096 (net.core.somaxconn)");
    click(&mut harness, "One place more");
    assert_eq!(edited(&harness).servers[0].backlog, 4);
    take(&mut harness);
    click(&mut harness, "One place fewer");
    assert_eq!(edited(&harness).servers[0].backlog, 3);
    let cut = shown(fake::long_queue(5_000));
    cut.get_by_label("asked 5,000, cut to 4,096 by net.core.somaxconn (4,096)");
}

#[test]
fn pause_remembers_the_pace_and_accept_one_asks_the_engine() {
    let mut harness = shown(fake::full());
    click(&mut harness, "Pause accepting");
    assert_eq!(edited(&harness).servers[0].life.accept_pace, AcceptPace::Paused);
    take(&mut harness);
    click(&mut harness, "Accept 1");
    let door = harness.state().0.lab.servers[0].id;
    assert!(matches!(harness.state().0.actions.last(), Some(Action::Engine(Command::AcceptOne(id))) if *id == door));
    click(&mut harness, "Resume accepting");
    assert_eq!(edited(&harness).servers[0].life.accept_pace, AcceptPace::Every(1_000));
    take(&mut harness);
    click(&mut harness, "as it can");
    take(&mut harness);
    assert!(harness.get_by_label("Accept 1").accesskit_node().is_disabled(), "it accepts as fast as it can");
}

#[test]
fn one_client_more_and_a_burst_come_from_the_labs_client_or_from_a_new_one() {
    let mut harness = shown(fake::full());
    let crowd = harness.state().0.lab.clients[0].id;
    click(&mut harness, "Client");
    click(&mut harness, "Burst of 10");
    let asked: Vec<(EndpointId, u32)> = harness
        .state()
        .0
        .actions
        .iter()
        .filter_map(|a| if let Action::OpenMore { client, count } = a { Some((*client, *count)) } else { None })
        .collect();
    assert_eq!(asked, [(crowd, 1), (crowd, 10)]);

    let mut world = World::empty();
    world.server("door", crate::lab::Transport::Tcp, "127.0.0.1:7788", "poll");
    let mut harness = shown(world);
    click(&mut harness, "Client");
    let added = &edited(&harness).clients[0];
    assert_eq!(added.connections, 0, "opened by hand");
    assert!(matches!(harness.state().0.actions.last(), Some(Action::OpenMore { client, count: 1 }) if *client == added.id));
}

#[test]
fn each_figure_says_its_value_and_where_it_comes_from_and_what_is_not_told_its_reason() {
    let harness = shown(fake::full());
    for said in [
        "accept queue (tcpi_unacked): 4, measured: TCP_INFO, tcpi_unacked",
        "its limit (tcpi_sacked + 1): 4, measured: TCP_INFO, tcpi_sacked",
        "connects − accepts: 8 − 4 = 4, derived: connects completed − accepts",
        "accept rate: 1.0 /s, measured: counted at each accept()",
    ] {
        harness.get_by_label(said);
    }
    assert_eq!(harness.query_all_by_label_contains("ListenDrops").count(), 1);
    let told = shown(fake::derived());
    told.get_by_label("SYN_RECV, half-open: –, Not told here: this system does not tell the states of its sockets");
    let totals = counters::totals(&fake::full().lab, &fake::full().snap, crate::ui::Selection::None);
    assert_eq!((totals.queue, totals.places, totals.calling, totals.drops), (4, Some(4), 4, Some(30)));
}

#[test]
fn a_worker_that_sleeps_in_accept_is_told_of_when_the_pace_holds_it() {
    use crate::engine::LaneDoing;
    use crate::trace::Call;
    let mut world = fake::paused();
    let door = world.lab.servers[0].id;
    world.lane(door, "accept", LaneDoing::InCall { call: Call::Accept, fd: 12, since: AT - ms(900) }, Vec::new());
    shown(world).get_by_label_contains("it takes one more client before the gate holds it");
    assert!(shown(fake::paused()).query_by_label_contains("it takes one more client").is_none());
}

/// The run as the app would carry it out: everything is stopped, then started.
fn restart(harness: &mut Shown, to: World) {
    for session in &mut harness.state_mut().0.snap.sessions {
        std::sync::Arc::make_mut(session).state = SessionState::Stopped;
    }
    harness.run_steps(2);
    let world = &mut harness.state_mut().0;
    let starts = world.actions.iter().filter(|a| matches!(a, Action::Start(_))).count();
    assert_eq!(starts, 2, "server and client: {:?}", world.actions);
    world.snap = to.snap;
    // They began after the run was asked for.
    world.snap.sessions.iter_mut().for_each(|s| std::sync::Arc::make_mut(s).since = AT);
    harness.run_steps(3);
}

#[test]
fn several_people_answer_and_the_run_shows_what_was_measured() {
    let moment = || Run { pace: AcceptPace::Paused, now_ms: 1_300, ..Run::default() }.world();
    let mut harness = shown(moment());
    harness.get_by_label("How many of these 12 clients will connect at once, after listen(3)?");
    click(&mut harness, "Add an answer");
    for (label, typed) in [("Answer 1", "3"), ("Name of answer 2", "Ada"), ("Answer 2", "4")] {
        harness.get_by_label(label).focus();
        harness.run_steps(2);
        harness.event(eframe::egui::Event::Text(typed.into()));
        harness.run_steps(2);
    }
    harness.get_by_label("2 answers");
    click(&mut harness, "Run and reveal");
    let stops = harness.state().0.actions.iter().filter(|a| matches!(a, Action::Stop(_))).count();
    assert_eq!(stops, 2);
    assert!(harness.get_by_label("Run and reveal").accesskit_node().is_disabled());
    restart(&mut harness, moment());
    for said in ["First question, revealed", "3", "4", "Ada", "Linux lets n + 1 in: it refuses only when the queue is longer than n."] {
        assert!(harness.query_all_by_label(said).next().is_some(), "{said}");
    }
    // The second question is about the first who stands outside.
    harness.get_by_label("A place becomes free. When does client 5 get in?");
    click(&mut harness, "Never");
    harness.get_by_label("Never: person 1");
    harness.get_by_label("Choose again for person 1");
    click(&mut harness, "At its next SYN retry");
    harness.get_by_label("At its next SYN retry: Ada");
    click(&mut harness, "Choose again for person 1");
    click(&mut harness, "At its next SYN retry: Ada");
    harness.get_by_label("At its next SYN retry: person 1, Ada");
    let late = Run { now_ms: 1_300, ..Run::default() }.world();
    let mut snap = late.snap;
    let ids: Vec<_> = harness.state().0.snap.sessions.iter().map(|s| s.connections.clone()).collect();
    assert_eq!(ids.len(), snap.sessions.len());
    harness.state_mut().0.snap.sessions.clear();
    std::mem::swap(&mut harness.state_mut().0.snap, &mut snap);
    harness.run_steps(2);
    assert!(harness.query_all_by_label_contains("person 1").next().is_some(), "answers stay");
    click(&mut harness, "Clear the answers");
    assert!(harness.query_by_label("Ada").is_none());
    click(&mut harness, "Run again");
    assert!(harness.state().0.actions.iter().any(|a| matches!(a, Action::Stop(_))));
}

#[test]
fn the_note_of_a_preset_says_what_to_press_until_it_is_put_away() {
    let mut world = World::empty();
    world.lab = Preset::Reset.lab().unwrap();
    let mut harness = shown(world);
    harness.get_by_label_contains("then Clients send");
    harness.get_by_label_contains("tcp_abort_on_overflow");
    click(&mut harness, "Hide this note");
    assert!(harness.query_by_label_contains("then Clients send").is_none());
    click(&mut harness, "Presets");
    click(&mut harness, "Open preset: backlog 0");
    assert!(matches!(harness.state().0.actions.last(), Some(Action::Ui(UiCommand::OpenPreset(Preset::Zero)))));
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        let look = |world: World| world.look(language, theme.clone());
        picture(&mut shown(look(fake::full())), &format!("door-full-{name}"));
        let mut harness = shown(look(Run { pace: AcceptPace::Paused, now_ms: 1_300, ..Run::default() }.world()));
        let [run, number] = match language {
            crate::ui::Language::English => ["Run and reveal", "Answer 1"],
            crate::ui::Language::Chinese => ["运行并揭晓", "第 1 个答案"],
        };
        harness.get_by_label(number).focus();
        harness.run_steps(2);
        harness.event(eframe::egui::Event::Text("3".into()));
        harness.run_steps(2);
        click(&mut harness, run);
        restart(&mut harness, Run { pace: AcceptPace::Paused, now_ms: 1_300, ..Run::default() }.world());
        picture(&mut harness, &format!("door-revealed-{name}"));
        let mut world = look(World::empty());
        world.lab = Preset::Reset.lab().unwrap();
        picture(&mut shown(world), &format!("door-preset-{name}"));
    }
}
