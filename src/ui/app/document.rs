//! The open document: the lab, where it is saved, and the way back. It starts and stops nothing.

use std::path::{Path, PathBuf};

use crate::lab::Lab;

/// Steps back that are kept.
const UNDO_STEPS: usize = 200;

/// A lab with its file and its history.
#[derive(Debug)]
pub(super) struct Document {
    lab: Lab,
    saved: Lab,
    file: Option<File>,
    undo: Vec<Step>,
    redo: Vec<Step>,
    /// The field whose typing the newest undo step stands for.
    typing: Option<u64>,
}

/// Where a lab was read from or written to.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub path: PathBuf,
    /// Its text, so that comments survive the next save.
    pub text: String,
}

/// The lab before a change, and what the change was (a locale key).
#[derive(Debug)]
struct Step {
    lab: Lab,
    what: &'static str,
}

impl Document {
    /// A document without a file; unchanged until it is edited.
    pub fn new(lab: Lab) -> Self {
        Self { saved: lab.clone(), lab, file: None, undo: Vec::new(), redo: Vec::new(), typing: None }
    }

    /// What a file held.
    pub fn opened(lab: Lab, file: File) -> Self {
        Self { file: Some(file), ..Self::new(lab) }
    }

    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    pub fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|f| f.path.as_path())
    }

    /// The text of the file as it was read or written last.
    pub fn file_text(&self) -> Option<&str> {
        self.file.as_ref().map(|f| f.text.as_str())
    }

    /// Whether a close would lose something.
    pub fn is_dirty(&self) -> bool {
        !self.lab.same_document(&self.saved)
    }

    /// This lab is what the file holds now.
    pub fn saved(&mut self, lab: Lab, file: File) {
        self.saved = lab;
        self.file = Some(file);
        self.typing = None;
    }

    /// The lab as it should be now. Edits of one field that follow each other are one step.
    pub fn edit(&mut self, lab: Lab, what: &'static str, merge: Option<u64>) {
        let goes_on = merge.is_some() && merge == self.typing;
        let before = std::mem::replace(&mut self.lab, lab);
        self.lab.never_reusing(&before);
        if !goes_on {
            self.undo.push(Step { lab: before, what });
            if self.undo.len() > UNDO_STEPS {
                self.undo.remove(0);
            }
        }
        self.redo.clear();
        self.typing = merge;
    }

    /// A lesson changed it: nothing of the person's is lost with it.
    pub fn led(&mut self, lab: Lab) {
        let was_dirty = self.is_dirty();
        self.edit(lab, "undo-lesson", None);
        if !was_dirty {
            self.saved = self.lab.clone();
        }
    }

    /// What an undo would take back.
    pub fn can_undo(&self) -> Option<&'static str> {
        self.undo.last().map(|s| s.what)
    }

    /// What a redo would bring.
    pub fn can_redo(&self) -> Option<&'static str> {
        self.redo.last().map(|s| s.what)
    }

    /// One step back; says what was taken back.
    pub fn undo(&mut self) -> Option<&'static str> {
        let step = self.undo.pop()?;
        let what = step.what;
        let back = self.swap(step);
        self.redo.push(back);
        Some(what)
    }

    /// One step forward again.
    pub fn redo(&mut self) -> Option<&'static str> {
        let step = self.redo.pop()?;
        let what = step.what;
        let back = self.swap(step);
        self.undo.push(back);
        Some(what)
    }

    fn swap(&mut self, step: Step) -> Step {
        let Step { lab, what } = step;
        let before = std::mem::replace(&mut self.lab, lab);
        self.lab.never_reusing(&before);
        self.typing = None;
        Step { lab: before, what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Transport;

    #[test]
    fn typing_is_one_step_and_undo_brings_a_removed_server_back_with_its_id() {
        let mut doc = Document::new(Lab::starter("poll"));
        let id = doc.lab().servers[0].id;
        for name in ["e", "ec", "ech"] {
            let mut lab = doc.lab().clone();
            assert!(lab.rename(id, name));
            doc.edit(lab, "undo-rename", Some(7));
        }
        let mut lab = doc.lab().clone();
        assert!(lab.remove(id));
        doc.edit(lab, "undo-remove", None);
        assert!(doc.lab().servers.is_empty() && doc.is_dirty());

        assert_eq!(doc.undo(), Some("undo-remove"));
        assert_eq!((doc.lab().servers[0].id, doc.lab().servers[0].name.as_str()), (id, "ech"));
        assert_eq!(doc.undo(), Some("undo-rename"));
        assert_eq!(doc.lab().servers[0].name, "echo-tcp");
        assert!(!doc.is_dirty() && doc.undo().is_none());
        assert_eq!((doc.redo(), doc.redo(), doc.redo()), (Some("undo-rename"), Some("undo-remove"), None));
    }

    #[test]
    fn an_id_is_not_handed_out_twice_across_undo() {
        let mut doc = Document::new(Lab::starter("poll"));
        let add = |doc: &mut Document| {
            let mut lab = doc.lab().clone();
            let id = lab.add_server(Transport::Udp, "poll");
            doc.edit(lab, "undo-add", None);
            id
        };
        let first = add(&mut doc);
        doc.undo();
        assert_ne!(add(&mut doc), first);
    }
}
