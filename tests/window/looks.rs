//! What a picture shows: nothing overlaps, and pictures for people in `target/window`.

use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use socketlab::engine::SessionState;
use socketlab::ui::Language;

use super::harness::{FakeDialogs, LAB, Window, state};

#[test]
fn totals_and_tabs_fold_before_anything_overlaps() {
    for (language, name) in [(Language::English, "narrow-en"), (Language::Chinese, "narrow-zh")] {
        let mut w = Window::sized(FakeDialogs::default(), language, false, [960.0, 600.0]);
        w.picture(name);
        let buttons: Vec<_> = w.0.get_all_by_role(Role::Button).filter(|n| n.rect().top() < 48.0).map(|n| n.rect()).collect();
        for (i, a) in buttons.iter().enumerate() {
            assert!(a.right() <= 960.0, "{a}");
            assert!(buttons.iter().skip(i + 1).all(|b| !a.shrink(1.0).intersects(b.shrink(1.0))), "{name}");
        }
        // The side panels share one place, so that the stage keeps more than half.
        let tabs: Vec<_> =
            w.0.get_all_by_role(Role::Tab).filter(|n| (48.0..80.0).contains(&n.rect().top())).map(|n| n.rect().left()).collect();
        assert_eq!(tabs.len(), 4, "lab and inspector at the left, the stage and the code beside them");
        assert!(tabs.iter().fold(0.0, |a: f32, b| a.max(*b)) < 0.45 * 960.0, "{tabs:?}");
    }
}

#[test]
fn pictures_for_a_look() {
    for (language, light, name) in [
        (Language::English, false, "explore-dark-en"),
        (Language::English, true, "explore-light-en"),
        (Language::Chinese, false, "explore-dark-zh"),
        (Language::Chinese, true, "explore-light-zh"),
    ] {
        let mut w = Window::open(LAB, language, light);
        w.key(Modifiers::NONE, Key::F5);
        w.until("running", |h| state(h, "phone") == Some(SessionState::Running));
        w.until("the failure is told", |h| state(h, "local") == Some(SessionState::Failed));
        w.until("bytes come back", |h| h.state().snapshot().counters.rx_messages > 50);
        w.picture(name);
        w.key(Modifiers::COMMAND, Key::Num4);
        w.picture(&format!("{name}-traffic"));
    }
    let mut w = Window::plain();
    w.key(Modifiers::COMMAND, Key::K);
    w.picture("palette");
    w.key(Modifiers::NONE, Key::Escape);
    w.click("Menu");
    w.picture("menu");
}

#[test]
fn pictures_of_smaller_windows() {
    for (size, language, name) in [
        ([960.0, 600.0], Language::English, "960-en"),
        ([960.0, 600.0], Language::Chinese, "960-zh"),
        ([1_100.0, 700.0], Language::English, "1100-en"),
        ([1_280.0, 800.0], Language::English, "1280-en"),
        ([1_280.0, 800.0], Language::Chinese, "1280-zh"),
    ] {
        let mut w = Window::open_sized(LAB, language, false, size);
        w.key(Modifiers::NONE, Key::F5);
        w.until("running", |h| state(h, "phone") == Some(SessionState::Running));
        w.until("bytes come back", |h| h.state().snapshot().counters.rx_messages > 5);
        w.picture(name);
        if size[0] < 1_100.0 {
            w.click(if language == Language::English { "Inspector" } else { "检查器" });
            w.click(if language == Language::English { "Freeze" } else { "冻结" });
            w.picture(&format!("{name}-inspector"));
        }
    }
}
