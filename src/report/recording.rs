//! A recording to disk, as a summary tells it.

use serde::Serialize;

use crate::engine::{RecordingState, RecordingView};

/// What became of a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordingLine {
    /// The file.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Rows that it tells of.
    pub records: u64,
    /// Rows that are not in it.
    pub lost: u64,
    /// `running`, `ending`, `done`, `full` or `failed`.
    pub state: &'static str,
    /// What the system said, when it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl From<&RecordingView> for RecordingLine {
    fn from(view: &RecordingView) -> Self {
        let (state, failure) = match &view.state {
            RecordingState::Running => ("running", None),
            RecordingState::Ending => ("ending", None),
            RecordingState::Done => ("done", None),
            RecordingState::Full => ("full", None),
            RecordingState::Failed(why) => ("failed", Some(why.to_string())),
        };
        let path = view.path.display().to_string();
        Self { path, bytes: view.bytes, records: view.records, lost: view.lost, state, failure }
    }
}

impl RecordingLine {
    /// One line in English.
    pub fn words(&self) -> String {
        let Self { path, bytes, records, lost, .. } = self;
        let mut words = match &self.failure {
            Some(why) => format!("recording to {path} failed: {why}; {records} rows are in it"),
            None => format!("recorded {records} rows in {path} ({bytes} bytes)"),
        };
        if self.state == "full" {
            words.push_str(", which has reached its size");
        }
        if *lost > 0 {
            words.push_str(&format!("; {lost} rows are not in it"));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_says_what_it_has_and_what_it_lacks() {
        let view = |state| RecordingView {
            path: std::path::Path::new("out.pcapng").into(),
            limit_bytes: 100,
            bytes: 90,
            records: 3,
            lost: u64::from(state == RecordingState::Full) * 7,
            state,
        };
        let words = |state| RecordingLine::from(&view(state)).words();
        assert_eq!(words(RecordingState::Done), "recorded 3 rows in out.pcapng (90 bytes)");
        let full = "recorded 3 rows in out.pcapng (90 bytes), which has reached its size; 7 rows are not in it";
        assert_eq!(words(RecordingState::Full), full);
        let failed = "recording to out.pcapng failed: no space left on device; 3 rows are in it";
        assert_eq!(words(RecordingState::Failed("no space left on device".into())), failed);
    }
}
