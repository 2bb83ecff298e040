//! Lessons in the window: the gallery, lesson 11 step by step by the names of its controls in both languages, answers and what
//! happened, presenter mode, the exported page.

use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use socketlab::lesson::ShippedLesson;
use socketlab::ui::{App, Language};

use super::harness::{FakeDialogs, Window};

const SIZE: [f32; 2] = [1_440.0, 900.0];

fn seen(h: &Harness<'static, App>, label: &str) -> bool {
    h.query_all_by_label_contains(label).next().is_some()
}

/// What a person reads and presses, in one language.
struct Words {
    menu: &'static str,
    gallery: &'static str,
    next: &'static str,
    add: &'static str,
    number: &'static str,
    name: &'static str,
    happened: &'static str,
    right: &'static str,
    later: &'static str,
    two: &'static str,
    notice: &'static str,
    present: &'static str,
    leave: &'static str,
    export: &'static str,
}

fn words(language: Language) -> Words {
    match language {
        Language::English => Words {
            menu: "Menu",
            gallery: "Gallery…",
            next: "Next step",
            add: "Add answer",
            number: "Number",
            name: "Name, if you like",
            happened: "What happened: ",
            right: "1 of 2 had it right",
            later: "At its next SYN retransmission",
            two: "2 people",
            notice: "Linux lets n + 1 wait",
            present: "Presenter mode",
            leave: "Leave presenter mode",
            export: "Export the result",
        },
        Language::Chinese => Words {
            menu: "菜单",
            gallery: "实验库……",
            next: "下一步",
            add: "添加回答",
            number: "数字",
            name: "姓名（可不填）",
            happened: "实际结果：",
            right: "2 人中有 1 人答对",
            later: "下一次重传 SYN 时",
            two: "2 人",
            notice: "Linux 允许 n + 1 个连接等待",
            present: "演示模式",
            leave: "退出演示模式",
            export: "导出结果",
        },
    }
}

/// Gives an answer as a person does.
fn answer(w: &mut Window, words: &Words, who: &str, number: &str) {
    for (field, text) in [(words.name, who), (words.number, number)] {
        w.0.get_by_label(field).focus();
        w.settle();
        w.type_text(text);
    }
    w.click(words.add);
}

fn open(w: &mut Window, words: &Words, card: &str) {
    w.click(words.menu);
    w.click(words.gallery);
    w.click(card);
    assert!(w.0.state().snapshot().sessions.is_empty(), "opening starts nothing");
}

#[test]
fn the_gallery_finds_an_experiment_and_its_steps_are_done_and_seen() {
    let mut w = Window::sized(FakeDialogs::default(), Language::English, false, SIZE);
    w.click("Open gallery");
    w.picture("gallery-en");
    w.type_text("greet");
    assert!(!w.has("11 The listen backlog"));
    let card = w.0.get_all_by_label_contains("C2 ").next().map(|card| card.accesskit_node().label()).expect("found").expect("named");
    w.click(&card);
    assert_eq!(w.0.state().lab().experiment.as_ref().map(|e| e.id.as_str()), Some("greeter"));
    assert!(w.0.state().snapshot().sessions.is_empty(), "opening starts nothing");
    assert!(!w.has("Close the gallery"));
    w.click("Do it for me");
    w.until("its check holds", |h| h.query_by_label("holds").is_some());
    w.picture("experiment-en");
    w.click("Close the lesson");
    assert!(!w.has("Do it for me"));
}

#[test]
fn what_is_unsaved_is_asked_about_before_a_lesson_takes_its_place() {
    let mut w = Window::plain();
    w.click("Add");
    w.click("Add UDP server");
    w.key(Modifiers::COMMAND, Key::G);
    w.click("1 What a socket is");
    assert!(w.has("Discard") || w.has("Save"), "it is asked");
    w.key(Modifiers::NONE, Key::Escape);
    assert_eq!(w.names().len(), 3, "nothing is lost");
}

fn lesson_eleven(language: Language) {
    let t = words(language);
    let lesson = ShippedLesson::find("listen-backlog").expect("it comes along").lesson().expect("it is good");
    let own = if language == Language::English { socketlab::lesson::Language::En } else { socketlab::lesson::Language::Zh };
    let title = |at: usize| own.of(&lesson.steps[at].title).to_owned();
    let button = |at: usize| lesson.steps[at].buttons[0].label.plain(own);
    let asks = |at: usize| lesson.steps[at].predict.as_ref().and_then(|p| p.label.as_ref()).expect("a label").plain(own);
    let name = if language == Language::English { "en" } else { "zh" };

    let page = tempfile::tempdir().expect("a folder");
    let path = page.path().join("result.html");
    let dialogs = FakeDialogs { path: Some(path.clone()), ..FakeDialogs::default() };
    let mut w = Window::sized(dialogs, language, false, SIZE);
    open(&mut w, &t, &format!("11 {}", own.of(&lesson.title)));
    assert!(w.has(&title(0)));
    w.picture(&format!("lesson-first-{name}"));

    // 1: the server listens.
    w.click(&button(0));
    w.until("it listens and that is seen", |h| seen(h, t.notice));
    w.picture(&format!("lesson-listen-{name}"));

    // 2: three clients; one person of two is right.
    w.click(t.next);
    assert!(w.has(&title(1)));
    answer(&mut w, &t, "Ann", "0");
    answer(&mut w, &t, "", "3");
    w.click(&asks(1));
    w.until("what happened", |h| seen(h, &format!("{}3", t.happened)) && seen(h, t.right));
    w.picture(&format!("lesson-revealed-{name}"));

    // 3: nobody but four come in.
    w.key(Modifiers::NONE, Key::PageDown);
    assert!(w.has(&title(2)));
    w.click(&asks(2));
    w.until("four of six", |h| seen(h, &format!("{}4", t.happened)));
    w.key(Modifiers::NONE, Key::PageUp);
    assert!(w.has(&title(1)));
    w.key(Modifiers::NONE, Key::PageDown);

    // 4 and 5: bytes that nobody reads, and retries.
    w.click(t.next);
    w.click(&button(3));
    w.until("24 bytes wait", |h| done(h, 3, own, language));
    w.click(t.next);
    assert!(w.has(&title(4)));
    w.until("retries are seen", |h| done(h, 4, own, language));

    // 6: in presenter mode, as a class sees it.
    w.click(t.next);
    w.click(t.present);
    assert!(w.has(&title(5)) && w.has(t.leave));
    w.click(t.later);
    w.click(t.later);
    assert_eq!(w.0.get_by_label(t.later).accesskit_node().value().as_deref(), Some(t.two));
    w.picture(&format!("presenter-{name}"));
    w.click(&asks(5));
    w.until("it comes with its next SYN", |h| seen(h, &format!("{}{}", t.happened, t.later)));
    w.picture(&format!("presenter-revealed-{name}"));

    // 7: accepting goes on.
    w.key(Modifiers::NONE, Key::PageDown);
    w.click(&button(6));
    w.until("everybody is met", |h| done(h, 6, own, language));
    w.key(Modifiers::NONE, Key::Escape);
    assert!(!w.has(t.leave));
    w.picture(&format!("lesson-last-{name}"));

    w.click(t.export);
    w.until("the page is written", |_| path.exists());
    let html = std::fs::read_to_string(&path).expect("it is text");
    assert!(html.contains("Ann") && html.contains(&title(5)) && html.contains("<svg"));
}

/// Whether nothing of the step's checks is open.
fn done(h: &Harness<'static, App>, step: usize, own: socketlab::lesson::Language, language: Language) -> bool {
    let lesson = ShippedLesson::find("listen-backlog").expect("it comes along").lesson().expect("it is good");
    let held = if language == Language::English { "holds" } else { "成立" };
    let holds = h.query_all_by_label(held).count();
    seen(h, own.of(&lesson.steps[step].title)) && holds == lesson.steps[step].expect.len()
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "how many places listen(n) gives, and which SYN is dropped, is Linux's affair")]
fn lesson_eleven_from_start_to_end_in_english() {
    lesson_eleven(Language::English);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "how many places listen(n) gives, and which SYN is dropped, is Linux's affair")]
fn lesson_eleven_from_start_to_end_in_chinese() {
    lesson_eleven(Language::Chinese);
}
