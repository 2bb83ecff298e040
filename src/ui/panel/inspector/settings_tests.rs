//! Editors of settings and life cycle by the names of their controls, on a service made up for this.

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::draft::Drafts;
use super::tests::set;
use super::{Inspector, settings};
use crate::engine::catalog::ServiceInfo;
use crate::engine::{Command, catalog};
use crate::settings::{Setting, SettingDef, Unit};
use crate::ui::panel::Panel;
use crate::ui::panel::tables_fake::{World, looks, picture};
use crate::ui::widget::controls::section;
use crate::ui::{Action, Cx, Language, Selection, Text};

static DEFS: [SettingDef; 4] = [
    SettingDef::number("delay_ms", (1, 50, 1_000), Unit::Millis, "how long it thinks"),
    SettingDef::switch("read_once", "one read for each event"),
    SettingDef::text("delimiter", "\\n", 4, "what ends an item"),
    SettingDef::number("no_words_for_this", (0, 4, 9), Unit::Count, "something new"),
];
const SERVICE: ServiceInfo = ServiceInfo { id: "made-up", summary: "", settings: &DEFS };

#[derive(Default)]
struct Editors(Drafts);

impl Panel for Editors {
    fn ui(&mut self, ui: &mut eframe::egui::Ui, cx: &mut Cx<'_>) {
        let lab = cx.lab;
        section(ui, cx.theme, Some("Service"), |ui| settings::ui(ui, cx, &lab.servers[0], settings::Of::Service(&SERVICE), &mut self.0));
    }
}

fn editors() -> Harness<'static, World> {
    World::stopped(Box::new(Editors::default())).window(356.0, 400.0)
}

fn value(harness: &Harness<'_, World>, id: &str) -> Option<Setting> {
    harness.state().lab.servers[0].service_settings.get(id).cloned()
}

#[test]
fn a_changed_setting_is_marked_and_goes_back_to_its_default() {
    let mut harness = editors();
    assert!(harness.query_by_label("Back to the default").is_none());
    harness.get_by_role_and_label(eframe::egui::Role::CheckBox, "read once per event").click();
    harness.run_steps(3);
    assert_eq!(value(&harness, "read_once"), Some(Setting::Switch(true)));
    harness.get_by_label("Back to the default").click();
    harness.run_steps(3);
    assert_eq!(value(&harness, "read_once"), None, "the default is not written");
    assert!(harness.query_by_label("Back to the default").is_none());
    harness.get_by_role_and_label(eframe::egui::Role::SpinButton, "something new");
}

#[test]
fn a_text_that_makes_no_sense_stays_in_its_field() {
    let mut harness = editors();
    set(&mut harness, "delimiter", r"\q");
    assert_eq!(value(&harness, "delimiter"), None);
    set(&mut harness, "delimiter", "abcde");
    harness.get_by_label("5 characters; at most 4");
    set(&mut harness, "delimiter", r"\r\n");
    assert_eq!(value(&harness, "delimiter"), Some(Setting::Text(r"\r\n".into())));
    let merges: Vec<_> =
        harness.state().actions.iter().filter_map(|a| if let Action::Edit { merge, .. } = a { Some(*merge) } else { None }).collect();
    assert!(!merges.is_empty() && merges.iter().all(|m| m.is_some() && *m == merges[0]), "typing is one undo step");
}

#[test]
fn a_number_shows_its_unit_and_is_kept_in_its_range() {
    let mut harness = editors();
    let number = |h: &Harness<'_, World>| h.get_by_role_and_label(eframe::egui::Role::SpinButton, "delay").accesskit_node().numeric_value();
    assert_eq!(number(&harness), Some(50.0));
    harness.get_by_role_and_label(eframe::egui::Role::SpinButton, "delay").focus();
    harness.run_steps(2);
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::A);
    harness.event(eframe::egui::Event::Text("7000".into()));
    harness.run_steps(2);
    harness.key_press(eframe::egui::Key::Enter);
    harness.run_steps(3);
    assert_eq!(value(&harness, "delay_ms"), Some(Setting::Number(1_000)));
}

#[test]
fn every_setting_of_every_model_and_service_has_words_in_both_languages() {
    for language in [Language::English, Language::Chinese] {
        let text = Text::new(language);
        let models = catalog::models().map(|m| (m.id, m.settings));
        for (item, defs) in models.chain(catalog::services().map(|s| (s.id, s.settings))) {
            for key in defs.iter().flat_map(|def| [format!("setting-{}", def.id), format!("setting-{}-tip", def.id)]) {
                assert_ne!(text.get(&key), key, "{item} in {language:?}");
            }
        }
    }
}

fn inspector() -> World {
    let mut world = World::running(Box::new(Inspector::default()));
    world.selection = Selection::Endpoint(world.server());
    world
}

#[test]
fn whom_it_lets_in_is_checked_while_it_is_typed() {
    let mut harness = inspector().window(356.0, 1_200.0);
    harness.get_by_label("Life cycle").click();
    harness.run_steps(8);
    set(&mut harness, "Allow", "127.0.0.0/8 ::1");
    assert_eq!(harness.state().lab.servers[0].life.accept.allow.len(), 2);
    set(&mut harness, "Deny", "127.0.0.2, there");
    harness.get_by_label_contains("“there” is no address or range");
    assert!(harness.state().lab.servers[0].life.accept.deny.is_empty(), "the mistake is not written to the lab");
    set(&mut harness, "Deny", "127.0.0.2");
    assert_eq!(harness.state().lab.servers[0].life.accept.deny.len(), 1);
}

#[test]
fn a_server_finishes_what_runs_when_it_is_asked_to() {
    let mut harness = inspector().window(356.0, 1_200.0);
    harness.get_by_label("Finish").click();
    harness.run_steps(2);
    let id = harness.state().server();
    assert!(matches!(harness.state().actions[..], [Action::Engine(Command::Finish(asked))] if asked == id));
}

#[test]
fn a_new_model_or_service_keeps_only_the_settings_it_has() {
    let mut world = inspector();
    let Some(model) = catalog::models().find(|m| m.missing.is_none() && m.id != "epoll-lt" && m.settings.is_empty()) else { return };
    let server = &mut world.lab.servers[0];
    server.model_settings.set("read_once", Setting::Switch(true));
    let mut harness = world.window(356.0, 1_200.0);
    harness.get_by_label(model.id).click();
    harness.run_steps(2);
    assert!(harness.state().lab.servers[0].model_settings.is_empty());
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        let mut world = World::stopped(Box::new(Editors::default())).look(language, theme.clone());
        let settings = &mut world.lab.servers[0].service_settings;
        settings.set("read_once", Setting::Switch(true));
        settings.set("delay_ms", Setting::Number(200));
        settings.set("delimiter", Setting::Text("END".into()));
        picture(&mut world.window(356.0, 260.0), &format!("settings-{name}"));
        picture(&mut inspector().look(language, theme).window(356.0, 1_000.0), &format!("inspector-tall-{name}"));
    }
}
