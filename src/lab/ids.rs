//! Ids that are never handed out twice within one run, also across undo and opened files: the engine knows sessions by them.

use super::{EndpointId, Lab};

impl Lab {
    /// An older version of a lab (undo), which must not hand out again what a newer one did.
    pub fn never_reusing(&mut self, newer: &Self) {
        self.next_id = self.next_id.max(newer.next_id);
    }

    /// Another lab that takes the place of `before`: every endpoint gets an id that `before` never had.
    pub fn renumber_after(&mut self, before: &Self) {
        let shift = before.next_id;
        let up = |id: &mut EndpointId| id.0 += shift;
        self.servers.iter_mut().for_each(|s| up(&mut s.id));
        self.clients.iter_mut().for_each(|c| up(&mut c.id));
        self.next_id += shift;
    }

    /// Whether a file of one would read the same as a file of the other.
    pub fn same_document(&self, other: &Self) -> bool {
        let mut twin = self.clone();
        twin.next_id = other.next_id;
        let ids = other.servers.iter().map(|s| s.id);
        twin.servers.iter_mut().zip(ids).for_each(|(s, id)| s.id = id);
        let ids = other.clients.iter().map(|c| c.id);
        twin.clients.iter_mut().zip(ids).for_each(|(c, id)| c.id = id);
        twin == *other
    }
}

#[cfg(test)]
mod tests {
    use crate::lab::{Lab, Transport};

    #[test]
    fn an_undone_lab_and_an_opened_one_get_fresh_ids() {
        let mut lab = Lab::starter("poll");
        let before = lab.clone();
        let added = lab.add_server(Transport::Udp, "poll");
        let mut undone = before.clone();
        undone.never_reusing(&lab);
        assert!(undone.same_document(&before) && undone != before);
        assert_ne!(undone.add_server(Transport::Udp, "poll"), added);

        let mut opened = Lab::starter("poll");
        opened.renumber_after(&lab);
        assert!(opened.names().all(|(id, _)| lab.names().all(|(other, _)| other != id)));
        assert!(opened.same_document(&Lab::starter("poll")));
    }
}
