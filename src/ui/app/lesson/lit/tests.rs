//! Every control has a place, and every step of every shipped lesson finds all that it points at in the window.

use std::time::{Duration, Instant};

use egui_kittest::Harness;

use super::*;
use crate::lesson::{Reveal, SHIPPED_LESSONS, ShippedLesson};
use crate::ui::app::lesson::Wish;
use crate::ui::panel::PANELS;
use crate::ui::{App, Language, Start};

const LIMIT: Duration = Duration::from_secs(40);

#[test]
fn every_control_is_a_panel_or_has_words_in_both_languages_and_a_panel_to_stand_in() {
    for text in [Language::English, Language::Chinese].map(Text::new) {
        for control in Control::ALL {
            assert!(hosts(*control).iter().all(|id| PANELS.iter().any(|def| def.id == *id)), "{control:?}");
            match place(*control) {
                Where::Panel(_) => {}
                Where::Named(keys, _) | Where::Folded(keys) => keys.iter().for_each(|key| assert_ne!(text.get(key), *key, "{control:?}")),
                Where::Models(_) => assert!(!names(*control, &text, &mut Layouts::default()).is_empty()),
            }
        }
    }
}

type Window = Harness<'static, App>;

/// Frames until this holds; false when it never does.
fn until(h: &mut Window, limit: Duration, mut holds: impl FnMut(&mut Window) -> bool) -> bool {
    let limit = Instant::now() + limit;
    loop {
        h.run_ok();
        if holds(h) {
            return true;
        }
        if Instant::now() >= limit {
            return false;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

/// What of this step is not lit now, and rings that are larger than their window.
fn dark(h: &mut Window) -> Vec<Control> {
    let ctx = h.ctx.clone();
    let whole = ctx.content_rect();
    let app = h.state_mut();
    let mut controls = app.course.as_ref().map(|course| course.points_at().to_vec()).unwrap_or_default();
    let handle = ctx.plugin_or_default::<Lights>();
    controls.retain(|control| {
        let (rects, _) = handle.lock().places(&ctx, *control, &mut app.layouts);
        !rects.iter().any(|rect| rect.is_positive() && whole.contains_rect(rect.shrink(GAP)))
    });
    controls
}

fn grant(h: &mut Window, wish: Wish) {
    let ctx = h.ctx.clone();
    h.state_mut().grant(&ctx, wish);
    h.run_ok();
}

/// Gives the lesson from its first step to its last, as a person does who presses what it offers.
fn lights_of(lesson: ShippedLesson, language: Language, size: [f32; 2]) -> Vec<String> {
    let start = Start { language, ..Start::default() };
    let build = |cc: &mut eframe::CreationContext<'_>| App::new(&cc.egui_ctx, None, start).unwrap();
    let mut h: Window = Harness::builder().with_size(size).with_max_steps(8).build_eframe(build);
    h.run_ok();
    let ctx = h.ctx.clone();
    h.state_mut().open_lesson(&ctx, lesson.id);
    let mut missed = Vec::new();
    let steps = lesson.lesson().unwrap().steps;
    for (at, step) in steps.iter().enumerate() {
        until(&mut h, Duration::from_secs(2), |h| dark(h).is_empty());
        let at_first = dark(&mut h);
        if !step.buttons.is_empty() {
            grant(&mut h, Wish::Press(0));
        }
        let is_done = |h: &mut Window| h.state().course.as_ref().is_some_and(|course| course.playing.is_done(at));
        assert!(until(&mut h, LIMIT, is_done), "{} step {}: its checks do not hold", lesson.id, at + 1);
        // What closes a connection is there once the step's button has opened one.
        if !at_first.is_empty() && !until(&mut h, Duration::from_secs(2), |h| dark(h).iter().all(|control| !at_first.contains(control))) {
            let shown = h.state_mut().layouts.shown;
            missed.push(format!("{} step {} ({}) in {shown:?}: {at_first:?}", lesson.id, at + 1, step.key));
        }
        if step.predict.is_some() {
            grant(&mut h, Wish::Reveal);
            let over = |h: &mut Window| {
                h.state().course.as_ref().is_some_and(|course| !matches!(course.playing.revealed(), Some(Reveal::Open | Reveal::UnderWay)))
            };
            assert!(until(&mut h, LIMIT, over), "{} step {}: nothing is revealed", lesson.id, at + 1);
        }
        grant(&mut h, Wish::Forward);
    }
    missed
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "some lessons need what only Linux has")]
fn all_that_a_shipped_step_points_at_is_lit() {
    let missed: Vec<String> = SHIPPED_LESSONS.iter().flat_map(|lesson| lights_of(*lesson, Language::English, [1_440.0, 900.0])).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "some lessons need what only Linux has")]
fn in_chinese_and_in_a_smaller_window_too() {
    for id in ["tcp-step-by-step", "listen-backlog"] {
        let lesson = ShippedLesson::find(id).unwrap();
        let missed = lights_of(lesson, Language::Chinese, [1_280.0, 800.0]);
        assert!(missed.is_empty(), "{missed:#?}");
    }
}
