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

lessons! {}

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
