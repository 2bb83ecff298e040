//! The timeline by its accessible names, its pictures, and its cost.

use eframe::egui::Vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::ui::Language;
use crate::ui::panel::fake::World;
use crate::ui::theme::Theme;

fn harness(world: World, size: Vec2) -> Harness<'static, (World, Timeline)> {
    let mut harness = Harness::builder()
        .with_size(size)
        .build_ui_state(|ui, (world, timeline): &mut (World, Timeline)| world.show(timeline, ui), (world, Timeline::default()));
    harness.run_steps(3);
    harness
}

/// The timeline at the mock-up's 500 µs.
fn mock_up(language: Language, theme: Theme, size: Vec2) -> Harness<'static, (World, Timeline)> {
    let world = fake::two_models().look(language, theme);
    let now = world.snap.at.as_nanos() as f64;
    let mut harness = harness(world, size);
    harness.state_mut().1.view.show(now - 500e3, now, now);
    harness.run_steps(3);
    harness
}

#[cfg(feature = "picture-tests")]
fn picture<S>(harness: &mut Harness<'_, S>, name: &str) {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/timeline");
    std::fs::create_dir_all(&dir).unwrap();
    harness.render().unwrap().save(dir.join(format!("{name}.png"))).unwrap();
}

#[test]
#[cfg_attr(not(feature = "picture-tests"), ignore = "draws, which needs a Vulkan driver: --features picture-tests")]
fn pictures() {
    let looks = [
        (Language::English, Theme::dark(), "en-dark"),
        (Language::English, Theme::light(), "en-light"),
        (Language::Chinese, Theme::dark(), "zh-dark"),
        (Language::Chinese, Theme::light(), "zh-light"),
    ];
    for (language, theme, name) in looks {
        let harness = mock_up(language, theme, vec2(1_031.0, 470.0));
        harness.get_by_label_contains("epoll-1");
        #[cfg(feature = "picture-tests")]
        picture(&mut harness, name);
        let _: &str = name;
    }
}
