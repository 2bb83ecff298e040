//! Lessons in the window: the gallery, lessons 2 and 11 step by step by the names of their controls in both languages, answers and what
//! happened, presenter mode, the exported page, and somebody's own lesson while its files are edited.

use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use socketlab::lesson::{Lesson, ShippedLesson, template};
use socketlab::ui::{App, Language, Start};

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

/// Gives an answer as a person does who types the number, the name and Enter.
fn answer(w: &mut Window, words: &Words, who: &str, number: &str) {
    for (field, text) in [(words.number, number), (words.name, who)] {
        w.0.get_by_label(field).focus();
        w.settle();
        w.type_text(text);
    }
    w.key(Modifiers::NONE, Key::Enter);
    w.settle();
    assert!(w.0.get_by_label(words.number).is_focused(), "the next person types a number at once");
    assert!(w.0.get_by_label(words.add).accesskit_node().is_disabled(), "nothing is left in the fields");
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
fn the_gallery_opens_a_lesson_of_ones_own_and_gives_way_to_any_lab() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("greetings");
    template::write(&folder).expect("the template is written");
    let mut w =
        Window::sized(FakeDialogs { path: Some(folder.join("lesson.toml")), ..FakeDialogs::default() }, Language::English, false, SIZE);
    w.click("Open gallery");
    w.click("Open your own…");
    w.until("it is open", |h| seen(h, "A server and a client"));
    assert!(!w.has("Close the gallery"));
    w.key(Modifiers::COMMAND, Key::G);
    assert!(w.has("Close the gallery"));
    w.key(Modifiers::COMMAND, Key::N);
    assert!(!w.has("Close the gallery") && w.names().is_empty(), "the empty lab is seen");
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
    let (lesson, own) = (shipped("listen-backlog"), own(language));
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
    w.until("24 bytes wait", |h| done(h, &lesson, 3, language));
    w.click(t.next);
    assert!(w.has(&title(4)));
    w.until("retries are seen", |h| done(h, &lesson, 4, language));

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
    w.until("everybody is met", |h| done(h, &lesson, 6, language));
    w.key(Modifiers::NONE, Key::Escape);
    assert!(!w.has(t.leave));
    w.picture(&format!("lesson-last-{name}"));

    w.click(t.export);
    w.until("the page is written", |_| path.exists());
    let html = std::fs::read_to_string(&path).expect("it is text");
    assert!(html.contains("Ann") && html.contains(&title(5)) && html.contains("<svg"));

    // After its last step the next lesson follows.
    w.click(if language == Language::English { "Next lesson" } else { "下一课" });
    let next = shipped("group-chat");
    w.until("lesson 12 is open", |h| seen(h, own.of(&next.steps[0].title)));
    assert_eq!(w.0.state().lab().name, next.lab.name);
}

fn shipped(id: &str) -> Lesson {
    ShippedLesson::find(id).expect("it comes along").lesson().expect("it is good")
}

fn own(language: Language) -> socketlab::lesson::Language {
    match language {
        Language::English => socketlab::lesson::Language::En,
        Language::Chinese => socketlab::lesson::Language::Zh,
    }
}

/// Whether nothing of the step's checks is open.
fn done(h: &Harness<'static, App>, lesson: &Lesson, step: usize, language: Language) -> bool {
    let held = if language == Language::English { "holds" } else { "成立" };
    let holds = h.query_all_by_label(held).count();
    seen(h, own(language).of(&lesson.steps[step].title)) && holds == lesson.steps[step].expect.len()
}

/// What a step's choice says.
fn choice(lesson: &Lesson, step: usize, key: &str, language: Language) -> String {
    let predict = lesson.steps[step].predict.as_ref().expect("a question");
    let choice = predict.choices().iter().find(|choice| choice.key == key).expect("such a choice");
    choice.words.plain(own(language))
}

fn lesson_two(language: Language) {
    let t = words(language);
    let (lesson, own) = (shipped("tcp-step-by-step"), own(language));
    let asks = |at: usize| lesson.steps[at].predict.as_ref().and_then(|p| p.label.as_ref()).expect("a label").plain(own);
    let mut w = Window::sized(FakeDialogs::default(), language, false, SIZE);
    open(&mut w, &t, &format!("2 {}", own.of(&lesson.title)));
    for (at, step) in lesson.steps.iter().enumerate() {
        assert!(w.has(own.of(&step.title)), "step {}", at + 1);
        if let Some(button) = step.buttons.first() {
            assert!(!done(&w.0, &lesson, at, language), "nothing holds before it is done");
            w.click(&button.label.plain(own));
        }
        w.until("what it checks came true", |h| done(h, &lesson, at, language));
        let right = match step.key.as_str() {
            "handshake" => Some(choice(&lesson, at, "connected", language)),
            "close" => Some(choice(&lesson, at, "zero", language)),
            "refused" => Some(choice(&lesson, at, "refused", language)),
            "data" => {
                answer(&mut w, &t, "Ann", "6");
                answer(&mut w, &t, "", "5");
                w.click(&asks(at));
                w.until("the echo came back", |h| seen(h, &format!("{}6", t.happened)) && seen(h, t.right));
                None
            }
            _ => None,
        };
        if let Some(right) = right {
            w.click(&right);
            w.click(&asks(at));
            w.until("it is seen", |h| seen(h, &format!("{}{right}", t.happened)));
        }
        if let Some(notice) = &step.notice {
            w.until("what to notice is told", |h| seen(h, &notice.plain(own)));
        }
        if at + 1 < lesson.steps.len() {
            w.click(t.next);
        }
    }
    w.picture(if language == Language::English { "lesson-2-last-en" } else { "lesson-2-last-zh" });
}

#[test]
fn lesson_two_from_start_to_end_in_english() {
    lesson_two(Language::English);
}

#[test]
fn lesson_two_from_start_to_end_in_chinese() {
    lesson_two(Language::Chinese);
}

#[test]
fn an_order_is_answered_with_a_name_and_without_plotted_against_what_happened_and_exported() {
    let t = words(Language::English);
    let lesson = shipped("what-a-socket-is");
    let en = socketlab::lesson::Language::En;
    let at = lesson.steps.iter().position(|step| step.key == "talk").expect("its step");
    let asks = lesson.steps[at].predict.as_ref().and_then(|p| p.label.as_ref()).expect("a label").plain(en);
    let page = tempfile::tempdir().expect("a folder");
    let path = page.path().join("result.html");
    let mut w = Window::sized(FakeDialogs { path: Some(path.clone()), ..FakeDialogs::default() }, Language::English, true, SIZE);
    open(&mut w, &t, "1 What a socket is");
    for step in 0..at {
        if let Some(button) = lesson.steps[step].buttons.first() {
            w.click(&button.label.plain(en));
        }
        w.until("the step is done", |h| done(h, &lesson, step, Language::English));
        w.click(t.next);
    }
    let says = |key: &str| choice(&lesson, at, key, Language::English);
    let give = |w: &mut Window, who: &str, order: [&str; 3]| {
        w.0.get_by_label(t.name).focus();
        w.settle();
        w.type_text(who);
        order.iter().for_each(|key| w.click(&says(key)));
        w.click(t.add);
    };
    let (right, wrong) = (["server-recv", "server-send", "client-recv"], ["client-recv", "server-recv", "server-send"]);
    // Half an order is none.
    w.click(&says("client-recv"));
    assert!(w.0.get_by_label(t.add).accesskit_node().is_disabled());
    w.click(&says("client-recv"));
    give(&mut w, "Zoe", wrong);
    give(&mut w, "", wrong);
    give(&mut w, "", wrong);
    assert!(w.has("3 answers: Zoe"));
    w.click("Take back the last answer");
    assert!(w.has("2 answers: Zoe"));
    // Who answers again changes the answer.
    give(&mut w, "Zoe", right);
    assert!(w.has("2 answers: Zoe"));
    w.picture("lesson-order-en");
    w.click(&asks);
    let order = right.map(says).join(" → ");
    w.until("what happened", |h| seen(h, &format!("{}{order}", t.happened)));
    assert!(w.has(t.right));
    assert!(w.has(&format!("{order}: 1 person; this happened")), "its bar");
    assert!(w.has(&format!("{}: 1 person", wrong.map(says).join(" → "))), "the other bar");
    w.picture("lesson-order-revealed-en");
    w.click(t.export);
    w.until("the page is written", |_| path.exists());
    let html = std::fs::read_to_string(&path).expect("it is text");
    assert!(html.contains("Zoe") && html.contains("<svg") && html.contains("[[server]]"), "answers, plot and lab");
}

#[test]
fn an_own_lesson_follows_its_files_and_stays_usable_when_they_break() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("greetings");
    template::write(&folder).expect("the template is written");
    let (toml, page) = (folder.join("lesson.toml"), folder.join("en.md"));
    let read = |path: &std::path::Path| std::fs::read_to_string(path).expect("it is text");
    let save = |path: &std::path::Path, text: &str| std::fs::write(path, text).expect("it is written");
    let mut w = Window::start(Start { dialogs: Box::new(FakeDialogs::default()), open: Some(toml.clone()), ..Start::default() }, SIZE);
    w.until("it is open", |h| seen(h, "A server and a client"));
    assert!(w.0.state().snapshot().sessions.is_empty(), "opening starts nothing");

    save(&page, &read(&page).replace("gets **one** client", "greets **one** client"));
    w.until("the new text is there", |h| seen(h, "greets one client"));

    let good = read(&toml);
    save(&toml, &good.replace("\"stage\"", "\"stag\""));
    let line = good.lines().position(|line| line.contains("\"stage\"")).expect("it points at the stage") + 1;
    w.until("file, line and what was expected", |h| {
        seen(h, &format!("lesson.toml, line {line}: “stag” is no control. There are: start-all"))
    });
    w.picture("lesson-broken-en");
    assert!(w.has("greets one client"), "the lesson before it is there");
    w.click("Start both");
    w.until("and works", |h| seen(h, "holds"));
    assert!(w.has("“stag” is no control"), "the mistake is still told");
    w.click("Next step");
    assert!(w.has("What comes back"));

    // Mended, it goes on at the step.
    save(&toml, &good);
    w.until("the mistake is gone", |h| !seen(h, "“stag” is no control"));
    assert!(w.has("What comes back") && !w.has("greets one client"));

    // A folder that is no lesson says where.
    save(&page, &read(&page).replace("{#start}", "{#begin}"));
    let line = read(&page).lines().position(|line| line.contains("{#begin}")).expect("its heading") + 1;
    let mut other = Window::start(Start { dialogs: Box::new(FakeDialogs::default()), open: Some(toml), ..Start::default() }, SIZE);
    other.until("it is refused", |h| seen(h, &format!("en.md, line {line}")));
}

/// By hand: `cargo test --test window pictures_of_lessons -- --ignored`, then look at `target/window/look-*`.
#[test]
#[ignore = "pictures for people, by hand"]
fn pictures_of_lessons() {
    let sizes = [(1_440, 900), (1_280, 800), (1_920, 1_080)];
    for (width, height) in sizes {
        for (language, light) in
            [(Language::English, false), (Language::Chinese, true), (Language::English, true), (Language::Chinese, false)]
        {
            if (width, height) != sizes[0] && light == (language == Language::English) {
                continue;
            }
            let t = words(language);
            let own = own(language);
            let lesson = shipped("listen-backlog");
            let of = format!("{}-{}-{width}", own.id(), if light { "light" } else { "dark" });
            let mut w = Window::sized(FakeDialogs::default(), language, light, [width as f32, height as f32]);
            w.click(t.menu);
            w.click(t.gallery);
            w.picture(&format!("look-gallery-{of}"));
            w.click(&format!("11 {}", own.of(&lesson.title)));
            w.click(&lesson.steps[0].buttons[0].label.plain(own));
            w.until("it listens", |h| done(h, &lesson, 0, language));
            let asks = |at: usize| lesson.steps[at].predict.as_ref().and_then(|p| p.label.as_ref()).expect("a label").plain(own);
            for at in [1, 2] {
                w.click(t.next);
                answer(&mut w, &t, "Ann", "4");
                answer(&mut w, &t, "", "6");
                if at == 2 {
                    w.picture(&format!("look-asked-{of}"));
                }
                w.click(&asks(at));
                w.until("it is seen", |h| seen(h, t.happened));
            }
            w.until("a SYN is sent again", |h| h.state().snapshot().sessions.iter().any(|s| s.name.as_ref() == "customers"));
            w.picture(&format!("look-full-{of}"));
            w.click(t.present);
            w.settle();
            w.click(if language == Language::English { "Freeze" } else { "冻结" });
            w.settle();
            w.picture(&format!("look-presenter-{of}"));
        }
    }
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
