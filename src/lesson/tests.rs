//! Markdown becomes a tree or is refused; a lesson that is given goes on by what is seen; a page is safe.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use super::text::{Block, line, page, plain};
use super::*;
use crate::engine::{Engine, EngineConfig, Snapshot};
use crate::script::Deed;
use crate::trial::{DeedError, Scene, Untold, Verdict};

const TOML: &str = r#"
id = "try"
number = 1
lab = "lab.toml"
[[step]]
key = "one"
points_at = ["send", "stage"]
expect = ["echo.state == stopped", "echo.accepted == 1"]
do = [{ label = { en = "Go", zh = "开始" }, deeds = ["wait 10ms", "clear traffic"] }]
[step.predict]
kind = "number"
question = { en = "How **many** with `accept()`?", zh = "`accept()` 几次？" }
answer = "echo.accepted"
when = ["echo.state == stopped"]
[[step]]
key = "two"
notice = { en = "See.", zh = "看。" }
[step.predict]
kind = "choice"
question = { en = "Which?", zh = "哪个？" }
when = ["echo.state == running within 1s"]
answer = "b"
choice = [{ key = "a", en = "A", zh = "甲" }, { key = "b", en = "B", zh = "乙" }]
"#;
const EN: &str = "# Try\n\nHello\nall.\n\n## One {#one}\n\nText.\n\n## Two {#two}\n\n- a\n- b\n";
const ZH: &str = "# 试一试\n\n## 一 {#one}\n\n文字，\n换行。\n\n## 二 {#two}\n\n1. 甲\n2. 乙\n";
const LAB: &str = "[[server]]\nname = \"echo\"\ntransport = \"tcp\"\naddress = \"127.0.0.1:0\"\n";

/// The words of the command line.
struct English;

impl report::Wording for English {
    fn verdict(&self, verdict: &Verdict, _: Language) -> String {
        verdict.to_string()
    }

    fn otherwise(&self, why: &Otherwise, _: Language) -> String {
        why.to_string()
    }

    fn untold(&self, why: &Untold, _: Language) -> String {
        why.to_string()
    }
}

fn folder(toml: &str, en: &str, zh: &str) -> Result<Lesson, LessonError> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("lesson.toml", toml), ("en.md", en), ("zh.md", zh), ("lab.toml", LAB)] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    Folder::open(dir.path())?.lesson()
}

fn lesson() -> Arc<Lesson> {
    Arc::new(folder(TOML, EN, ZH).unwrap())
}

/// Of an engine that was asked for nothing.
fn nothing_ran() -> Arc<Snapshot> {
    Engine::spawn(EngineConfig::default(), || {}).unwrap().shutdown()
}

/// Asks until nothing is to be done; gives what was to be done.
fn turns(playing: &mut Playing, from: Duration, to: Duration) -> Vec<Deed> {
    let (lesson, snapshot) = (Arc::clone(playing.lesson()), nothing_ran());
    let scene = Scene { lab: &lesson.lab, snapshot: &snapshot, said: &[] };
    let (mut now, mut deeds) = (from, Vec::new());
    while now <= to {
        if let Turn::Do(deed) = playing.turn(now, scene, &snapshot) {
            deeds.push(deed);
        }
        now += Duration::from_millis(20);
    }
    deeds
}

#[test]
fn a_lesson_is_read_in_both_languages() {
    let lesson = lesson();
    assert_eq!((lesson.title.en.as_str(), lesson.title.zh.as_str(), lesson.steps.len()), ("Try", "试一试", 2));
    let [Block::Paragraph(hello)] = lesson.intro(Language::En) else { panic!("{:?}", lesson.intro) };
    assert_eq!(plain(hello), "Hello all.");
    let [Block::Paragraph(text)] = lesson.steps[0].text(Language::Zh) else { panic!() };
    assert_eq!(plain(text), "文字，换行。", "a line's end between Chinese characters is no blank");
    assert_eq!(lesson.steps[0].points_at, [Control::Send, Control::Stage]);
    let question = &lesson.steps[0].predict.as_ref().unwrap().question;
    assert_eq!(question.plain(Language::En), "How many with accept()?");
    assert!(question.en[1].bold && question.en[3].code);
    let [Block::List { first: Some(1), items }] = lesson.steps[1].text(Language::Zh) else { panic!() };
    assert_eq!(items.len(), 2);
    let rehearsal = lesson.rehearsal();
    assert_eq!(rehearsal.of, [0, 0, 1, 1]);
    assert_eq!(rehearsal.steps.iter().map(|s| (s.does.len(), s.expects.len())).collect::<Vec<_>>(), [(2, 2), (0, 2), (0, 0), (0, 1)]);
}

#[test]
fn mistakes_name_file_line_and_what_was_expected() {
    let toml = |from: &str, to: &str| folder(&TOML.replacen(from, to, 1), EN, ZH).unwrap_err().to_string();
    assert_eq!(
        toml("points_at", "point_at"),
        "lesson.toml, line 7: unknown key 'point_at'. Keys: key, points_at, do, expect, predict, notice"
    );
    assert!(toml("\"stage\"]", "\"stag\"]").starts_with("lesson.toml, line 7: 'stag' is no control. There are: start-all, "));
    assert!(
        toml("echo.accepted == 1", "echo.acepted == 1").starts_with("lesson.toml, line 8: in 'expect': column 6: 'acepted' is no figure.")
    );
    assert!(toml("echo.accepted == 1", "door.accepted == 1").starts_with("lesson.toml, line 8: in 'expect': "));
    assert!(toml("clear traffic", "start door").starts_with("lesson.toml, line 9: in 'deeds': "));
    assert_eq!(toml("answer = \"b\"", "answer = \"c\""), "lesson.toml, line 22: 'c' is no choice. There are: a, b");
    assert_eq!(
        toml("when = [\"echo.state == running within 1s\"]", ""),
        "lesson.toml, line 18: 'when' must say what is seen, so that the answer is what happened"
    );
    assert_eq!(toml("zh = \"看。\"", "zh = \" \""), "lesson.toml, line 17: 'notice' has no text in zh");
    assert_eq!(toml("key = \"two\"", "key = \"one\""), "lesson.toml, line 16: 'one' stands twice; each needs a key of its own");
    assert_eq!(
        toml("lab = \"lab.toml\"", "lab = \"../lab.toml\""),
        "lesson.toml, line 4: '../lab.toml' must be the name of a file in the lesson's folder"
    );
    assert!(toml("id = ", "id ").starts_with("lesson.toml, line 2: "));
    let en = |from: &str, to: &str| folder(TOML, &EN.replacen(from, to, 1), ZH).unwrap_err().to_string();
    assert_eq!(en("{#two}", "{#three}"), "en.md, line 10: lesson.toml has no step 'three'");
    assert_eq!(
        en("## Two {#two}\n\n- a\n- b\n", ""),
        "en.md, line 9: the heading {#two} was expected here, not the end of the file; the steps stand in the order of lesson.toml"
    );
    assert_eq!(en(" {#one}", ""), "en.md, line 6: a step's heading ends with its key, such as {#first-step}");
    assert_eq!(en("Text.", "<b>Text</b>"), "en.md, line 8: HTML means nothing in a lesson; write `<…>` as code");
    assert_eq!(en("# Try", "Try"), "en.md, line 1: the file begins with its title: # Title");
    assert!(en("Text.", "**Text。**then").starts_with("en.md, line 8: these ** mark nothing"));
    assert!(line("a\n\nb").is_err() && line("![x](https://a/b.png)").is_err());
}

#[test]
fn lists_may_be_tight_loose_and_nested() {
    let page = page("- a `c`\n  - b\n- d\n\nafter\n\n1. x\n\n   y\n").unwrap();
    let [Block::List { first: None, items }, Block::Paragraph(after), Block::List { first: Some(1), items: loose }] = &page.intro[..]
    else {
        panic!("{page:?}")
    };
    assert_eq!((items.len(), plain(after).as_str(), loose[0].len()), (2, "after", 2));
    assert!(matches!(&items[0][..], [Block::Paragraph(_), Block::List { .. }]));
}

#[test]
fn a_lesson_goes_on_by_what_is_seen() {
    let mut playing = Playing::new(lesson());
    assert!(playing.checks().all(|check| check.verdict == Verdict::Pending));
    turns(&mut playing, Duration::ZERO, Duration::from_secs(4));
    let verdicts: Vec<bool> = playing.checks().map(|check| matches!(check.verdict, Verdict::Held { .. })).collect();
    assert_eq!(verdicts, [true, false], "{:?}", playing.checks().collect::<Vec<_>>());
    assert!(!playing.is_done(0) && !playing.press(1) && playing.press(0) && !playing.press(0));
    let deeds = turns(&mut playing, Duration::from_secs(5), Duration::from_secs(8));
    assert_eq!(deeds.iter().map(ToString::to_string).collect::<Vec<_>>(), ["wait 10ms", "clear traffic"]);

    assert_eq!(playing.answer(Some("Ann"), Answer::Choice(0)), Err(AnswerError::Unfit));
    assert_eq!(playing.answer(Some("Ann"), Answer::Number(f64::NAN)), Err(AnswerError::Unfit));
    for (who, n) in [(Some("Ann"), 1.0), (None, 0.0), (Some(" Ann "), 2.0), (Some("  "), 0.0)] {
        playing.answer(who, Answer::Number(n)).unwrap();
    }
    assert_eq!(playing.given().len(), 3, "a name answers once, nobody as often as they like");
    assert_eq!(playing.given()[0], Given { who: Some("Ann".into()), answer: Answer::Number(2.0) });
    assert!(playing.reveal() && !playing.reveal());
    turns(&mut playing, Duration::from_secs(9), Duration::from_secs(12));
    assert_eq!(playing.revealed(), Some(&Reveal::Done(Happened::So(Answer::Number(0.0)))));
    assert_eq!(playing.answer(None, Answer::Number(0.0)), Err(AnswerError::Late));

    assert_eq!(playing.left_out(), None, "before the first step there is none");
    assert!(playing.forward() && !playing.forward());
    assert_eq!(playing.left_out(), Some(0), "one of its checks never held");
    playing.answer(None, Answer::Choice(1)).unwrap();
    assert!(playing.reveal());
    turns(&mut playing, Duration::from_secs(13), Duration::from_secs(18));
    let Some(Reveal::Done(Happened::Otherwise(why))) = playing.revealed() else { panic!("{:?}", playing.revealed()) };
    assert!(why.to_string().contains("echo.state is \"stopped\", not \"running\""), "what was seen, never what was claimed: {why}");

    let outcome = playing.outcome(&playing.lesson().lab, None);
    assert_eq!(outcome.steps[0].predict.as_ref().unwrap().right(), Some(2));
    assert_eq!(outcome.steps[1].predict.as_ref().unwrap().right(), None);
    assert!(playing.back() && !playing.back());
    playing.ask_again();
    assert_eq!((playing.revealed(), playing.given().len()), (Some(&Reveal::Open), 3));
    playing.take_back(1);
    assert_eq!(playing.given().len(), 2);
    assert!(playing.reveal());
    let why = Refusal::Deed { deed: Deed::ClearTraffic, error: Arc::new(DeedError::NoAddress("door".into())) };
    playing.refused(why.clone());
    assert_eq!(playing.revealed(), Some(&Reveal::Done(Happened::Otherwise(Otherwise::Refused(why)))));
}

#[test]
fn a_saved_lesson_goes_on_where_it_was() {
    let mut playing = Playing::new(lesson());
    playing.answer(Some("Ann"), Answer::Number(1.0)).unwrap();
    playing.forward();
    playing.answer(None, Answer::Choice(0)).unwrap();
    // A step before it, and another question.
    let new = "[[step]]\nkey = \"zero\"\n[[step]]\nkey = \"one\"";
    let toml = TOML.replacen("[[step]]\nkey = \"one\"", new, 1).replace("Which?", "Which one?");
    let (en, zh) = (EN.replace("## One", "## Zero {#zero}\n\nText.\n\n## One"), ZH.replace("## 一", "## 零 {#zero}\n\n文字。\n\n## 一"));
    playing.reread(Arc::new(folder(&toml, &en, &zh).unwrap()));
    assert_eq!((playing.step(), playing.given().len()), (2, 0), "what was answered was another question");
    assert!(playing.back());
    assert_eq!(playing.given(), [Given { who: Some("Ann".into()), answer: Answer::Number(1.0) }]);
}

#[test]
fn a_page_holds_both_languages_and_no_word_breaks_out() {
    let mut playing = Playing::new(lesson());
    let hostile = "<script>alert('x')</script>\"\u{202e}& 王芳";
    playing.answer(Some(hostile), Answer::Number(7.0)).unwrap();
    playing.answer(None, Answer::Number(0.0)).unwrap();
    assert!(playing.reveal());
    turns(&mut playing, Duration::ZERO, Duration::from_secs(3));
    let mut lab = playing.lesson().lab.clone();
    lab.name = "</pre><img src=x onerror=alert(1)>".into();
    let page = report::html(&playing.outcome(&lab, Some(Day { year: 2026, month: 11, day: 21 })), Language::Zh, &English);
    assert!(page.contains("<html lang=\"zh-CN\">") && page.contains("id=\"pick-zh\" checked"), "it opens in the language it was made in");
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    for word in ["<script", "<img", "<i>", "onerror=alert(1)>", "\u{202e}", "http://", "https://", "url(", "@import"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;\u{fffd}&amp; 王芳"));
    for words in [
        "21 November 2026",
        "2026年11月21日",
        "第 1 课：试一试",
        "What happened",
        "实际结果",
        "<svg",
        "[[server]]",
        "试一试",
        "echo.accepted == 1",
        "Right: 1 / 2",
        "匿名",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let count = |what: &str| page.matches(what).count();
    for tag in ["main", "table", "svg", "ul", "h2", "pre", "code", "span", "text"] {
        assert_eq!(count(&format!("<{tag}>")) + count(&format!("<{tag} ")), count(&format!("</{tag}>")), "{tag}");
    }
}

#[test]
fn a_saved_file_is_noticed_once() {
    let dir = tempfile::tempdir().unwrap();
    template::write(dir.path()).unwrap();
    let mut watched = Watched::new(dir.path());
    assert!(!watched.changed());
    fs::write(dir.path().join("notes.txt"), "not of the lesson").unwrap();
    assert!(!watched.changed());
    let path = dir.path().join("en.md");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + "\nMore.\n").unwrap();
    assert!(watched.changed() && !watched.changed());
    fs::remove_file(&path).unwrap();
    assert!(watched.changed() && !watched.changed());
    assert!(template::write(dir.path()).is_err(), "nothing is overwritten");
}
