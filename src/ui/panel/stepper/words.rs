//! What a lane does, and calls, in words. Names of calls and files stay as they are in C and in the source.

use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{Color32, FontId};

use crate::engine::catalog::ModelInfo;
use crate::engine::{CallRecord, LaneDoing, LaneView};
use crate::tr;
use crate::trace::Call;
use crate::ui::Text;
use crate::ui::theme::Type;

/// `recv(21)`; a call on no descriptor is `socket()`.
pub fn call(call: Call, fd: i64) -> String {
    if fd < 0 { format!("{}()", call.name()) } else { format!("{}({fd})", call.name()) }
}

/// Where a lane stands, in a few words.
pub fn stands(text: &Text, lane: &LaneView) -> String {
    match lane.doing {
        LaneDoing::AtGate { call: c, fd, .. } => tr!(text, "stepper-before", call = call(c, fd)),
        LaneDoing::InCall { call: c, fd, .. } => tr!(text, "stepper-in", call = call(c, fd)),
        LaneDoing::Running => tr!(text, "stepper-running"),
        LaneDoing::Gone => tr!(text, "stepper-gone"),
    }
}

/// A finished call with its answer: `epoll_wait(5) = 2`, `recv(21) = EAGAIN`.
pub fn answered(text: &Text, record: &CallRecord) -> String {
    let call = call(record.call, record.fd);
    match (record.again, record.errno) {
        (true, _) => format!("{call} = EAGAIN"),
        (false, 0) => format!("{call} = {}", record.result),
        (false, errno) => tr!(text, "stepper-errno", call = call, errno = errno.to_string()),
    }
}

/// `model/epoll_lt.rs` of `src/model/epoll_lt.rs`, on every system.
pub fn file(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.rsplit_once("src/").map_or(path.as_str(), |(_, name)| name).to_owned()
}

/// Whether a line is of the model's own file.
pub fn is_own(model: &ModelInfo, at: &str) -> bool {
    file(at) == model.file
}

/// Words with names of calls between back-ticks set in mono.
pub fn with_calls(words: &str, font: FontId, ink: Color32, width: f32) -> LayoutJob {
    let mut job = LayoutJob { wrap: TextWrapping::wrap_at_width(width), ..LayoutJob::default() };
    for (n, part) in words.split('`').enumerate() {
        let font = if n % 2 == 1 { Type::Data.at(font.size) } else { font.clone() };
        job.append(part, 0.0, TextFormat { line_height: Some(18.0), ..TextFormat::simple(font, ink) });
    }
    job
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::catalog;

    #[test]
    fn a_model_names_the_file_whose_text_it_has() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        for model in catalog::models() {
            assert_eq!(std::fs::read_to_string(root.join(model.file)).unwrap(), model.source, "{}", model.id);
        }
    }

    #[test]
    fn a_line_of_another_file_is_not_the_models_own() {
        let [epoll, poll] = ["epoll-lt", "poll"].map(|id| catalog::model(id).unwrap());
        assert!(is_own(&epoll, "src/model/epoll_lt.rs") && is_own(&epoll, "src\\model\\epoll_lt.rs"));
        assert!(is_own(&poll, "/home/x/src/model/poll.rs") && !is_own(&poll, "src/sys/poll.rs"));
        assert_eq!(
            (file("src/model/door.rs"), call(Call::Recv, 21), call(Call::Socket, -1)),
            ("model/door.rs".into(), "recv(21)".into(), "socket()".into())
        );
    }

    #[test]
    fn calls_between_back_ticks_are_mono() {
        let job = with_calls("next `epoll_wait` again", Type::Body.font(), Color32::WHITE, 100.0);
        assert_eq!((job.text.as_str(), job.sections.len()), ("next epoll_wait again", 3));
        assert_eq!(job.sections[1].format.font_id.family, eframe::egui::FontFamily::Monospace);
    }
}
