//! File jobs on a real disk, in a folder of their own.

use super::disk::png_bytes;
use super::*;

#[test]
fn a_lab_is_written_whole_and_no_part_stays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("first.toml");
    let lab = Lab::starter("poll");
    let save = |replace| {
        let content = Content::Lab { lab: Box::new(lab.clone()), previous: None };
        run(Job::Save(Place::Path { path: path.clone(), replace }, content), false)
    };
    assert!(matches!(save(false), Done::Saved { .. }));
    assert!(matches!(save(false), Done::Exists { .. }));
    assert!(matches!(save(true), Done::Saved { text: Some(_), .. }));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("echo-tcp"), "{text}");
}

#[test]
fn a_dialog_that_ends_at_once_was_never_shown() {
    let at_once = || Box::pin(std::future::ready(None)) as Answering;
    assert!(matches!(run(Job::Open(Place::Ask(at_once())), true), Done::NoDialog(None)));
    assert!(matches!(run(Job::Open(Place::Ask(at_once())), false), Done::Cancelled));
}

#[test]
fn a_refused_file_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let open = |name: &str| run(Job::Open(Place::Path { path: dir.path().join(name), replace: false }), false);
    assert!(matches!(open("none.toml"), Done::Refused { why: FileError::Io(_), .. }));
    std::fs::write(dir.path().join("bin"), [0xff, 0xfe]).unwrap();
    assert!(matches!(open("bin"), Done::Refused { why: FileError::NotText, .. }));
    std::fs::write(dir.path().join("bad.toml"), "nonsense = 1").unwrap();
    assert!(matches!(open("bad.toml"), Done::Refused { why: FileError::Lab(_), .. }));
}

#[test]
fn a_picture_becomes_a_png() {
    let image = ColorImage::filled([3, 2], eframe::egui::Color32::from_rgb(1, 2, 3));
    let bytes = png_bytes(&image).unwrap();
    let mut reader = png::Decoder::new(io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height, &pixels[..4]), (3, 2, &[1, 2, 3, 255][..]));
}
