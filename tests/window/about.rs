//! *What is this?* in the heads of panels: opened, read, closed and followed to its lesson, by the names of its controls.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use socketlab::lesson::ShippedLesson;
use socketlab::ui::Language;

use super::harness::{FakeDialogs, Window};

const SIZES: [[f32; 2]; 2] = [[1_280.0, 800.0], [1_440.0, 900.0]];

/// What stands before the panel's name.
const NAMES: [(Language, &str); 2] = [(Language::English, "What is this? "), (Language::Chinese, "这是什么？")];

fn titles(id: &str) -> [String; 2] {
    let lesson = ShippedLesson::find(id).expect("it comes along").lesson().expect("it is good");
    [format!("Open lesson {}: {}", lesson.number, lesson.title.en), format!("打开第 {} 课：{}", lesson.number, lesson.title.zh)]
}

#[test]
fn a_panel_says_what_it_is_and_opens_its_lesson() {
    let mut w = Window::plain();
    w.key(Modifiers::COMMAND, Key::Num3);
    let [lesson, _] = titles("listen-backlog");
    w.click("What is this? Backlog theatre");
    assert!(w.has("The theatre shows what the kernel does") && w.has(&lesson));
    w.key(Modifiers::NONE, Key::Escape);
    assert!(!w.has(&lesson), "Escape closes it");
    assert!(w.0.get_by_label("What is this? Backlog theatre").accesskit_node().is_focused(), "and the keyboard is where it was");
    // By the keyboard alone: it opens, and its button has the keyboard.
    w.key(Modifiers::NONE, Key::Space);
    assert!(w.0.get_by_label(&lesson).accesskit_node().is_focused());
    w.key(Modifiers::NONE, Key::Enter);
    assert!(!w.has(&lesson) && w.has("Close the lesson"));
    assert!(w.0.state().snapshot().sessions.is_empty(), "opening starts nothing");
}

#[test]
fn what_is_unsaved_is_asked_about_before_the_lesson_opens() {
    let mut w = Window::new(FakeDialogs::default(), Language::Chinese);
    w.click("添加");
    w.click("添加 UDP 服务器");
    let [_, lesson] = titles("what-a-socket-is");
    w.click("这是什么？舞台");
    assert!(w.has("画面没有虚构"));
    w.click(&lesson);
    assert!(!w.has("关闭课程"), "it is asked first");
    w.key(Modifiers::NONE, Key::Escape);
    assert_eq!(w.names().len(), 3, "nothing is lost");
}

#[test]
fn every_head_has_it_in_sight_and_nothing_lies_over_it() {
    for size in SIZES {
        for (language, name) in NAMES {
            for light in [false, true] {
                let mut w = Window::sized(FakeDialogs::default(), language, light, size);
                for (key, place) in [(Key::Num1, "explore"), (Key::Num2, "models"), (Key::Num3, "backlog"), (Key::Num4, "traffic")] {
                    w.key(Modifiers::COMMAND, key);
                    w.key(Modifiers::NONE, Key::F5);
                    let own: Vec<_> = w.0.get_all_by_label_contains(name).map(|n| n.rect()).collect();
                    assert!(own.len() >= 3, "{place}: one for each tile, {}", own.len());
                    let tabs = w.0.get_all_by_role(Role::Tab).map(|n| n.rect());
                    let others: Vec<_> =
                        w.0.get_all_by_role(Role::Button).map(|n| n.rect()).filter(|r| !own.contains(r)).chain(tabs).collect();
                    for rect in own {
                        assert!(rect.right() <= size[0] && rect.width() >= 20.0, "{place}: {rect}");
                        let hidden = others.iter().find(|other| other.shrink(2.0).intersects(rect.shrink(2.0)));
                        assert!(hidden.is_none(), "{place} {size:?}: {rect} under {hidden:?}");
                    }
                    let look = if light { "light" } else { "dark" };
                    w.picture(&format!("about-{place}-{look}-{}-{}", if name.is_ascii() { "en" } else { "zh" }, size[0]));
                }
            }
        }
    }
}
