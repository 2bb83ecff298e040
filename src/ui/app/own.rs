//! The person's own packets: a lab file of packets alone, kept beside the window's other settings. Files of others are read in
//! `file_flow`.

use crate::engine::catalog;
use crate::lab::{self, Lab, SavedPacket};

/// Key in the window's storage.
const KEY: &str = "socketlab-packets";

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Own {
    packets: Vec<SavedPacket>,
    /// What was stored and could not be read, by an older or a newer version: it is kept until there is something to store.
    unread: Option<String>,
}

impl Own {
    /// Those of the last run.
    pub fn restored(storage: Option<&dyn eframe::Storage>) -> Self {
        storage.and_then(|s| s.get_string(KEY)).map_or_else(Self::default, |text| Self::read(&text))
    }

    fn read(text: &str) -> Self {
        match lab::parse(text, &catalog::known()) {
            Ok(lab) => Self { packets: lab.packets, unread: None },
            Err(_) => Self { packets: Vec::new(), unread: Some(text.to_owned()) },
        }
    }

    pub fn packets(&self) -> &[SavedPacket] {
        &self.packets
    }

    /// These from now on.
    pub fn keep(&mut self, packets: Vec<SavedPacket>) {
        self.packets = packets;
    }

    /// Puts these to them; a name that is taken gets a number.
    pub fn add(&mut self, packets: Vec<SavedPacket>) {
        for saved in packets {
            crate::ui::panel::add_to_shelf(&mut self.packets, saved);
        }
    }

    pub fn store(&self, storage: &mut dyn eframe::Storage) {
        storage.set_string(KEY, self.text());
    }

    fn text(&self) -> String {
        match &self.unread {
            Some(text) if self.packets.is_empty() => text.clone(),
            Some(_) | None => lab::write(&Lab::of_packets(self.packets.clone()), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{Packet, PacketFormat};

    #[test]
    fn they_are_the_same_after_the_next_start_and_nothing_unread_is_lost() {
        let packet = Packet { body: "{{counter}} 0a".into(), format: PacketFormat::Hex, ..Packet::default() };
        let saved = SavedPacket { name: "tick".into(), folder: "lab/a".into(), packet };
        let mut own = Own::default();
        own.add(vec![saved.clone(), saved.clone()]);
        assert_eq!(own.packets().iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["tick", "tick 2"]);
        let again = Own::read(&own.text());
        assert_eq!(again.packets(), own.packets());
        let mut unread = Own::read("nonsense = 1");
        assert_eq!(unread.text(), "nonsense = 1");
        unread.keep(vec![saved]);
        assert_eq!(Own::read(&unread.text()).packets().len(), 1);
    }
}
