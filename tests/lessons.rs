//! Lessons: those that come along are whole in both languages and hold when they are played with real sockets; a lesson that is wrong
//! names file and line, a check that is false fails; the page about them is right.

#![expect(clippy::unwrap_used, reason = "in a test a missing value is the failure")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use socketlab::lab::Target;
use socketlab::lesson::{Control, Folder, Language, LessonErrorKind, SHIPPED_LESSONS};

/// Runs the program to its end, without a display.
fn ran(args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_socketlab"));
    command.args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET").stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn at_root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn twelve_lessons_are_whole_in_both_languages() {
    let mut ids = BTreeSet::new();
    for (at, shipped) in SHIPPED_LESSONS.iter().enumerate() {
        let lesson = shipped.lesson().unwrap_or_else(|e| panic!("{}: {e}", shipped.id));
        assert_eq!((lesson.id.as_str(), lesson.number as usize), (shipped.id, at + 1));
        assert!(ids.insert(lesson.id.clone()) && lesson.minutes > 0);
        assert!((4..=7).contains(&lesson.steps.len()), "{}: {} steps", lesson.id, lesson.steps.len());
        assert!(lesson.steps.iter().any(|step| step.predict.is_some()), "{} asks something", lesson.id);
        assert!(lesson.lab.servers.iter().all(|server| server.address.is_loopback()));
        assert!(lesson.lab.clients.iter().all(|client| matches!(client.target, Target::Server(_))), "nothing leaves this machine");
        for language in Language::ALL {
            assert!(!lesson.intro(language).is_empty(), "{} {}", lesson.id, language.id());
            assert!(lesson.steps.iter().all(|step| !step.text(language).is_empty() && !language.of(&step.title).is_empty()));
        }
        for step in &lesson.steps {
            assert!(!step.points_at.is_empty(), "{} {}", lesson.id, step.key);
            let is_seen = !step.expect.is_empty() || step.predict.as_ref().is_some_and(|predict| !predict.proof().is_empty());
            assert!(is_seen, "{} {}: what it says is checked", lesson.id, step.key);
            assert!(step.title.zh.contains(|c: char| c > '\u{2e80}') || step.title.zh.is_ascii(), "{}", step.title.zh);
        }
    }
    assert_eq!(ids.len(), 12);
}

#[test]
fn every_file_of_the_folders_is_part_of_the_program() {
    let folders: Vec<_> = fs::read_dir(at_root("assets/lessons")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(folders.len(), SHIPPED_LESSONS.len());
    for folder in folders {
        let on_disk = Folder::open(&folder).unwrap().lesson().unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let shipped = SHIPPED_LESSONS.iter().find(|shipped| shipped.id == on_disk.id).unwrap();
        assert_eq!(shipped.lesson().unwrap(), on_disk);
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.starts_with(&format!("{:02}-", on_disk.number)), "{name}");
    }
}

#[test]
fn all_lessons_hold_when_they_are_played() {
    let (code, out, err) = ran(&["lesson", "check", "--all"]);
    assert_eq!(code, 0, "{out}\n{err}");
    assert!(out.contains("12 of 12 lessons are good") && !out.contains('✗'), "{out}");
}

#[test]
fn they_are_listed() {
    let (code, out, _) = ran(&["list", "lessons"]);
    assert_eq!((code, out.lines().count()), (0, 12));
    assert!(out.lines().any(|line| line.starts_with("listen-backlog ") && line.ends_with(" The listen backlog")), "{out}");
    let (code, out, _) = ran(&["list", "lessons", "--json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    assert_eq!((code, rows.len()), (0, 12));
    assert_eq!((rows[10]["number"].as_u64(), rows[10]["title"]["zh"].as_str()), (Some(11), Some("监听队列 listen backlog")));
}

#[test]
fn a_new_lesson_is_good_and_a_wrong_one_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("My lesson");
    let name = folder.to_str().unwrap();
    let (code, out, err) = ran(&["lesson", "new", name]);
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, _) = ran(&["lesson", "check", name]);
    assert_eq!(code, 0, "{out}");
    assert!(out.starts_with("lesson my-lesson: A lesson of your own\n") && out.ends_with("3 of 3 checks held\n"), "{out}");
    let (code, _, err) = ran(&["lesson", "new", name]);
    assert_eq!(code, 1);
    assert!(err.contains("is there already"), "{err}");

    // A check that is false.
    let path = folder.join("lesson.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("echo.accepted == 1", "echo.accepted == 2 within 500ms")).unwrap();
    let (code, out, _) = ran(&["lesson", "check", name]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("  ✗ ") && out.contains("echo.accepted is 1, not 2") && out.contains("2 of 3 checks held"), "{out}");

    // A file that is wrong.
    fs::write(&path, text.replace("\"stage\"", "\"stag\"")).unwrap();
    let (code, out, _) = ran(&["lesson", "check", name, "what-a-socket-is"]);
    assert_eq!(code, 1);
    let line = text.lines().position(|line| line.contains("\"stage\"")).unwrap() + 1;
    assert!(out.contains(&format!("My lesson: lesson.toml, line {line}: 'stag' is no control. There are: ")), "{out}");
    assert!(out.contains("1 of 2 lessons are good"), "{out}");
    let (code, out, _) = ran(&["lesson", "check", "no-such-folder"]);
    assert_eq!((code, out.starts_with("✗ no-such-folder: ")), (1, true), "{out}");
}

#[test]
fn the_page_about_lessons_is_right() {
    let page = fs::read_to_string(at_root("docs/lessons.md")).unwrap();
    let block = |kind: &str| page.split(&format!("```{kind}\n")).nth(1).unwrap().split("```").next().unwrap().to_owned();
    let lab =
        "[[server]]\nname = \"till\"\ntransport = \"tcp\"\naddress = \"127.0.0.1:0\"\n[[client]]\nname = \"late\"\nserver = \"till\"\n";
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    put("lesson.toml", &block("toml"));
    put("en.md", &block("markdown"));
    put("zh.md", &block("markdown"));
    put("lab.toml", lab);
    let lesson = Folder::open(dir.path()).unwrap().lesson().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((lesson.number, lesson.needs.len(), lesson.steps.len()), (11, 1, 1));
    put("lesson.toml", &block("toml").replace("lab = \"lab.toml\"", "experiment = \"accept-queue\""));
    let other = Folder::open(dir.path()).unwrap().lesson().unwrap_err();
    assert!(matches!(*other.kind, LessonErrorKind::Deed { .. }), "that experiment exists, with other names: {other}");

    // Every control, and every key of every table, as the refusal of a wrong one lists them.
    for control in Control::ALL {
        assert!(page.contains(&format!("| `{}` | {} |", control.id(), control.words(Language::En))), "{}", control.id());
    }
    assert_eq!(page.matches("\n| `").count(), Control::ALL.len() + 2, "no control more");
    let words: Vec<&str> = page.split(|c: char| !c.is_ascii_lowercase() && c != '_').collect();
    for (at, strange) in [
        ("id = ", "strange = 1\n"),
        ("[[step.do]]", "strange = 1\n"),
        ("label = { en = \"Start\"", "strange = 1\n"),
        ("kind = ", "strange = 1\n"),
    ] {
        put("lesson.toml", &block("toml").replacen(at, &format!("{strange}{at}"), 1));
        let error = Folder::open(dir.path()).unwrap().lesson().unwrap_err();
        let LessonErrorKind::UnknownKey { known, .. } = &*error.kind else { panic!("{error}") };
        let missing: Vec<_> = known.iter().filter(|key| !words.contains(*key)).collect();
        assert!(missing.is_empty(), "the page does not name {missing:?}");
    }
}
