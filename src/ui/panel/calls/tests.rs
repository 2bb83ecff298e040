//! The call log by its accessible names.

use eframe::egui::{Modifiers, PointerButton, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::trace::{Call, CallRecord};
use crate::ui::UiCommand;
use crate::ui::panel::fake::World;
use crate::ui::panel::timeline::fake::{self, record};

fn harness(world: World) -> Harness<'static, (World, Calls)> {
    let mut harness = Harness::builder()
        .with_size(vec2(760.0, 360.0))
        .build_ui_state(|ui, (world, calls): &mut (World, Calls)| world.show(calls, ui), (world, Calls::default()));
    harness.run_steps(4);
    harness
}

#[test]
fn an_empty_log_says_what_to_do() {
    let mut harness = harness(fake::world());
    harness.get_by_label_contains("Start a server");
    harness.get_by_label("Start all").click();
    harness.run_steps(2);
    assert!(matches!(harness.state().0.actions[..], [Action::Ui(UiCommand::StartAll)]));
}

#[test]
fn calls_read_like_strace_and_a_click_selects_the_connection() {
    let mut harness = harness(fake::two_models());
    let row = harness.query_all_by_label_contains("epoll-lt · epoll-1 recv(19,").next().unwrap();
    row.click();
    harness.run_steps(3);
    let selected = harness.state().0.actions.iter().any(|a| matches!(a, Action::Select(Selection::Conn(..))));
    assert!(selected, "{:?}", harness.state().0.actions);
}

#[test]
fn terms_filter_and_chips_take_them_away() {
    let mut harness = harness(fake::two_models());
    harness.get_by_label("Filter calls").focus();
    harness.get_by_label("Filter calls").type_text("call:accept session:epoll errno:EAGAIN");
    harness.run_steps(3);
    assert_eq!(harness.query_all_by_label_contains("epoll-1 ").count(), 1);
    harness.get_by_label_contains("EAGAIN <0.000006>");
    harness.get_by_label("Remove errno:EAGAIN").click();
    harness.run_steps(3);
    assert_eq!(harness.query_all_by_label_contains("epoll-1 ").count(), 2);
    harness.get_by_label("Filter calls").focus();
    harness.get_by_label("Filter calls").type_text(" fd:x");
    harness.run_steps(3);
    harness.get_by_label_contains("fd:x");
    assert_eq!(harness.query_all_by_label_contains("epoll-1 ").count(), 2, "the filter before stays");
}

#[test]
fn a_right_click_makes_terms_of_a_row() {
    let mut harness = harness(fake::two_models());
    let at = harness.query_all_by_label_contains("epoll-1 recv(19,").next().unwrap().rect().center();
    harness.hover_at(at);
    for pressed in [true, false] {
        let modifiers = Modifiers::NONE;
        harness.event(Event::PointerButton { pos: at, button: PointerButton::Secondary, pressed, modifiers });
    }
    harness.run_steps(3);
    harness.get_by_label("Only fd:19").click();
    harness.run_steps(3);
    assert_eq!(harness.state().1.filter.typed(), "fd:19");
    assert_eq!(harness.query_all_by_label_contains("epoll-1 ").count(), 2, "its recv and its send");
}

#[test]
fn picked_rows_and_all_rows_are_copied_as_text() {
    let mut harness = harness(fake::two_models());
    let copied = |harness: &Harness<'_, (World, Calls)>| {
        harness
            .state()
            .0
            .actions
            .iter()
            .rev()
            .find_map(|a| if let Action::Copy(text) = a { Some(text.clone()) } else { None })
            .unwrap_or_default()
    };
    harness.get_by_label("More about calls").click();
    harness.run_steps(3);
    harness.get_by_label("Copy all shown").click();
    harness.run_steps(2);
    let all = copied(&harness);
    assert_eq!(all.lines().count(), 24, "{all}");
    assert!(all.contains("[epoll-lt · epoll-1] recv("), "{all}");
    let rows: Vec<_> = harness.query_all_by_label_contains("epoll-1 ").map(|n| n.rect().center()).collect();
    for (at, modifiers) in [(rows[rows.len() - 3], Modifiers::NONE), (rows[rows.len() - 1], Modifiers::SHIFT)] {
        harness.hover_at(at);
        harness.event(Event::ModifiersChanged(modifiers));
        for pressed in [true, false] {
            harness.event(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers });
        }
        harness.run_steps(2);
    }
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    harness.event(Event::Copy);
    harness.run_steps(2);
    let picked = copied(&harness);
    assert!(picked.lines().count() >= 3 && all.contains(&picked), "{picked}");
}

#[test]
fn scrolling_up_holds_and_the_button_goes_back() {
    let mut world = fake::world();
    let id = fake::server(&mut world, "threads");
    fake::calls(&mut world, id, (0..300).map(|n| record(0, Call::Recv, 3, n * 1_000, 10)));
    let mut harness = harness(world);
    assert!(harness.query_by_label_contains("Jump to newest").is_none());
    harness.hover_at(pos2(200.0, 200.0));
    harness.event(Event::MouseWheel {
        unit: eframe::egui::MouseWheelUnit::Point,
        delta: vec2(0.0, 300.0),
        modifiers: Modifiers::NONE,
        phase: eframe::egui::TouchPhase::Move,
        source: eframe::egui::MouseWheelSource::Wheel,
    });
    harness.run_steps(12);
    fake::calls(&mut harness.state_mut().0, id, (0..1_612).map(|n| record(0, Call::Recv, if n < 300 { 3 } else { 77 }, n * 1_000, 10)));
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("recv(77").is_none(), "the rows one looks at stay");
    harness.get_by_label("Jump to newest · +1,312").click();
    harness.run_steps(4);
    assert!(harness.query_all_by_label_contains("recv(77").count() > 5);
}

#[test]
fn half_a_million_calls_are_built_only_where_seen() {
    let mut world = fake::world();
    let id = fake::server(&mut world, "threads");
    fake::calls(&mut world, id, (0..500_000).map(|n| CallRecord { bytes: 64, ..record(0, Call::Recv, 33, n * 1_000, 10) }));
    let mut harness = harness(world);
    harness.get_by_label_contains("filtering");
    harness.run_steps(30);
    assert!(harness.query_by_label_contains("filtering").is_none());
    let visible = harness.query_all_by_label_contains("recv(33").count();
    assert!((8..20).contains(&visible), "{visible}");
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in fake::looks() {
        let mut harness = harness(fake::two_models().look(language, theme));
        fake::picture(&mut harness, &format!("calls-{name}"));
        harness.state_mut().1.toggle("session:epoll");
        harness.state_mut().1.toggle("-call:epoll_wait");
        harness.run_steps(2);
        fake::picture(&mut harness, &format!("calls-filter-{name}"));
        harness.get_by_label(&format!("{} -call:epoll_wait", if name.starts_with("en") { "Remove" } else { "移除" }));
    }
}
