//! A shelf of saved packets: names that are unique in their folder, the order in which they stand, search. Pure.

use crate::lab::{Packet, SavedPacket};

/// A packet's place on a shelf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Unique in its folder.
    pub name: String,
    /// Folders from the outermost, separated by `/`.
    pub folder: String,
}

impl Name {
    /// As typed, without blanks at the ends and empty folders.
    pub fn typed(name: &str, folder: &str) -> Self {
        let folders: Vec<&str> = folder.split('/').map(str::trim).filter(|f| !f.is_empty()).collect();
        Self { name: name.trim().to_owned(), folder: folders.join("/") }
    }

    /// Whether it is this packet's.
    pub fn is(&self, saved: &SavedPacket) -> bool {
        self.name == saved.name && self.folder == saved.folder
    }
}

/// Whether a packet may be called so: the name is not empty and no other one has it.
pub fn is_free(shelf: &[SavedPacket], name: &Name, but: Option<usize>) -> bool {
    !name.name.is_empty() && !shelf.iter().enumerate().any(|(i, saved)| Some(i) != but && name.is(saved))
}

/// Puts a packet there, under another name when this one is taken; says which.
pub fn add(shelf: &mut Vec<SavedPacket>, name: Name, packet: Packet) -> Name {
    let stem = if name.name.is_empty() { "packet".to_owned() } else { name.name };
    let names = std::iter::once(stem.clone()).chain((2_u32..).map(|n| format!("{stem} {n}")));
    let mut free = names.map(|each| Name { name: each, folder: name.folder.clone() }).filter(|each| is_free(shelf, each, None));
    // There are more numbers than packets.
    let name = free.next().unwrap_or_default();
    shelf.push(SavedPacket { name: name.name.clone(), folder: name.folder.clone(), packet });
    name
}

/// Those that a search finds, as indices: by folder, then as they were put there.
pub fn found(shelf: &[SavedPacket], search: &str) -> Vec<usize> {
    let search = search.trim().to_lowercase();
    let words: Vec<&str> = search.split_whitespace().collect();
    let holds = |saved: &SavedPacket| {
        let all = format!("{}/{} {}", saved.folder, saved.name, saved.packet.body).to_lowercase();
        words.iter().all(|word| all.contains(word))
    };
    let mut found: Vec<usize> = shelf.iter().enumerate().filter(|(_, saved)| holds(saved)).map(|(i, _)| i).collect();
    found.sort_by(|a, b| shelf[*a].folder.cmp(&shelf[*b].folder));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf() -> Vec<SavedPacket> {
        let mut shelf = Vec::new();
        for (folder, name, body) in [("http", "get", "GET /"), ("", "hello", "hi"), ("http", "put", "PUT /x")] {
            add(&mut shelf, Name::typed(name, folder), Packet { body: body.into(), ..Packet::default() });
        }
        shelf
    }

    #[test]
    fn names_are_unique_in_their_folder() {
        let mut shelf = shelf();
        assert_eq!(Name::typed(" get ", " http / /"), Name { name: "get".into(), folder: "http".into() });
        assert_eq!(add(&mut shelf, Name::typed("get", "http"), Packet::default()).name, "get 2");
        assert_eq!(add(&mut shelf, Name::typed("get", ""), Packet::default()).name, "get", "another folder");
        assert_eq!(add(&mut shelf, Name::typed("", ""), Packet::default()).name, "packet");
        assert!(!is_free(&shelf, &Name::typed("put", "http"), None) && is_free(&shelf, &Name::typed("put", "http"), Some(2)));
    }

    #[test]
    fn a_search_finds_names_folders_and_contents() {
        let shelf = shelf();
        assert_eq!(found(&shelf, ""), [1, 0, 2]);
        assert_eq!(found(&shelf, "HTTP put"), [2]);
        assert_eq!(found(&shelf, "hi"), [1]);
        assert!(found(&shelf, "none").is_empty());
    }
}
