//! The lessons that come with the program.

use super::{Folder, Lesson, LessonError};

/// One lesson.
#[derive(Clone, Copy, Debug)]
pub struct ShippedLesson {
    /// The same as in its file.
    pub id: &'static str,
    files: &'static [(&'static str, &'static str)],
}

macro_rules! lessons {
    ($($folder:literal $id:literal [$($file:literal),*],)*) => {
        /// All of them, in their order.
        pub const SHIPPED_LESSONS: &[ShippedLesson] = &[
            $(ShippedLesson {
                id: $id,
                files: &[$(($file, include_str!(concat!("../../assets/lessons/", $folder, "/", $file)))),*],
            },)*
        ];
    };
}

lessons! {
    "01-what-a-socket-is" "what-a-socket-is" ["lesson.toml", "en.md", "zh.md", "sockets.toml"],
    "02-tcp-step-by-step" "tcp-step-by-step" ["lesson.toml", "en.md", "zh.md", "tcp.toml"],
    "03-udp-is-different" "udp-is-different" ["lesson.toml", "en.md", "zh.md", "udp.toml"],
    "04-unix-sockets" "unix-sockets" ["lesson.toml", "en.md", "zh.md", "unix.toml"],
    "05-tcp-is-a-stream" "tcp-is-a-stream" ["lesson.toml", "en.md", "zh.md", "stream.toml"],
    "06-one-client-at-a-time" "one-client-at-a-time" ["lesson.toml", "en.md", "zh.md", "one.toml"],
    "07-threads-and-processes" "threads-and-processes" ["lesson.toml", "en.md", "zh.md", "workers.toml"],
    "08-non-blocking" "non-blocking" ["lesson.toml", "en.md", "zh.md", "polling.toml"],
    "09-select-poll-epoll" "select-poll-epoll" ["lesson.toml", "en.md", "zh.md", "three.toml"],
    "10-edge-and-level" "edge-and-level" ["lesson.toml", "en.md", "zh.md", "edges.toml"],
    "11-listen-backlog" "listen-backlog" ["lesson.toml", "en.md", "zh.md", "queue.toml"],
    "12-group-chat" "group-chat" ["lesson.toml", "en.md", "zh.md", "chat.toml"],
}

impl ShippedLesson {
    /// The lesson with this id.
    pub fn find(id: &str) -> Option<Self> {
        SHIPPED_LESSONS.iter().copied().find(|shipped| shipped.id == id)
    }

    /// Reads it.
    ///
    /// # Errors
    /// When its files and this program disagree; a test holds that they do not.
    pub fn lesson(self) -> Result<Lesson, LessonError> {
        Folder::of(self.files).lesson()
    }
}
