//! The large switch by the names of its boxes.

use egui_kittest::kittest::{NodeT as _, Queryable};

use super::*;
use crate::lab::Transport;
use crate::settings::Setting;
use crate::ui::panel::fake::World;
use crate::ui::panel::stepper::tests::{epoll, looks, picture, window};

#[test]
fn a_click_switches_a_running_server_and_restarts_it() {
    let mut world = epoll();
    world.lab.servers[0].model_settings.set("no_such", Setting::Switch(true));
    let mut harness = window(world, Box::new(Models), 1_031.0, 120.0);
    harness.get_by_label("poll").click();
    harness.run_steps(2);
    let actions = &harness.state().0.actions;
    let [Action::Edit { lab, .. }, Action::Restart(_)] = &actions[..] else { panic!("{actions:?}") };
    assert_eq!((lab.servers[0].model.as_str(), lab.servers[0].model_settings.is_empty()), ("poll", true));
}

#[test]
fn what_this_system_lacks_stands_there_and_cannot_be_chosen() {
    let Some(missing) = catalog::models().find(|m| m.missing.is_some()) else { return };
    let mut harness = window(epoll(), Box::new(Models), 1_031.0, 120.0);
    assert!(harness.get_by_label(missing.id).accesskit_node().is_disabled());
    harness.get_by_label(missing.id).click();
    harness.run_steps(2);
    assert!(harness.state().0.actions.is_empty());
}

#[test]
fn the_head_chooses_another_server() {
    let mut world = epoll();
    let other = world.server("other", Transport::Tcp, "127.0.0.1:1", "poll");
    let mut harness = window(world, Box::new(Models), 1_031.0, 160.0);
    harness.get_by_role_and_label(Role::ComboBox, "Server").click();
    harness.run_steps(3);
    harness.get_by_label("other").click();
    harness.run_steps(2);
    assert!(matches!(harness.state().0.actions[..], [Action::Select(Selection::Endpoint(id))] if id == other));
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        picture(&mut window(epoll().look(language, theme.clone()), Box::new(Models), 1_031.0, 120.0), &format!("models-{name}"));
        picture(&mut window(World::empty().look(language, theme), Box::new(Models), 600.0, 120.0), &format!("models-empty-{name}"));
    }
}
