//! Text of a field while it is typed: what does not make sense stays in the field and never reaches the lab.

use std::collections::HashMap;

use crate::lab::EndpointId;

/// One field of one endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Host of an address.
    Host,
    /// Port of an address.
    Port,
    /// A socket path.
    Path,
    /// A client's local address.
    Local,
    /// What is sent.
    Body,
    /// Whom a server lets in.
    Allow,
    /// Whom it does not.
    Deny,
    /// A text setting of this model or service.
    Setting(&'static str, &'static str),
}

#[derive(Clone, Debug, Default)]
struct Draft {
    text: String,
    /// What the lab said when `text` was last the same.
    base: String,
}

/// The texts being typed.
#[derive(Debug, Default)]
pub struct Drafts(HashMap<(EndpointId, Field), Draft>);

impl Drafts {
    /// The text to edit, given what the lab says now. A lab changed elsewhere (undo, another panel) wins.
    pub fn text(&mut self, id: EndpointId, field: Field, lab: &str) -> &mut String {
        let draft = self.0.entry((id, field)).or_insert_with(|| Draft { text: lab.to_owned(), base: lab.to_owned() });
        if draft.base != lab {
            lab.clone_into(&mut draft.text);
            lab.clone_into(&mut draft.base);
        }
        &mut draft.text
    }

    /// The text made sense and the lab is about to say this.
    pub fn taken(&mut self, id: EndpointId, field: Field, lab: String) {
        self.0.entry((id, field)).or_default().base = lab;
    }

    /// Forgets endpoints that left the lab.
    pub fn keep(&mut self, there: impl Fn(EndpointId) -> bool) {
        self.0.retain(|(id, _), _| there(*id));
    }

    /// Throws a text away; the field shows what the lab says.
    pub fn forget(&mut self, id: EndpointId, field: Field) {
        self.0.remove(&(id, field));
    }
}

/// Identity of a field for undo: typing in one field is one step.
pub fn merge_id(id: EndpointId, what: &'static str) -> Option<u64> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    ("inspector", id, what).hash(&mut hasher);
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_text_stays_until_the_lab_changes_elsewhere() {
        let mut drafts = Drafts::default();
        let id = EndpointId(1);
        assert_eq!(drafts.text(id, Field::Port, "7788"), "7788");
        *drafts.text(id, Field::Port, "7788") = "77x".into();
        assert_eq!(drafts.text(id, Field::Port, "7788"), "77x", "kept");
        *drafts.text(id, Field::Port, "7788") = "080".into();
        drafts.taken(id, Field::Port, "80".into());
        assert_eq!(drafts.text(id, Field::Port, "80"), "080", "what was typed, while it means the same");
        assert_eq!(drafts.text(id, Field::Port, "7788"), "7788", "undone");
        drafts.keep(|_| false);
        assert_eq!(drafts.text(id, Field::Port, "1"), "1");
        assert_ne!(merge_id(id, "port"), merge_id(id, "host"));
    }
}
