//! A packet that is made anew for each send: its fields are filled in, its framing is put around it.

use std::sync::Arc;

use super::PacketError;
use super::compose::Body;
use crate::bytes::Framing;
use crate::lab::Packet;

/// See the module. Its files were read when it was made.
#[derive(Debug)]
pub struct Recipe {
    /// As they go out, where each send is the same.
    constant: Option<Arc<[u8]>>,
    body: Body,
    /// Around each send.
    framing: Framing,
}

impl Recipe {
    /// Of this packet. Where it is to be framed, each send goes out as a message of `framing`.
    ///
    /// # Errors
    /// Names the place in the text, the file, or why it is no message of the framing.
    pub fn of(packet: &Packet, framing: &Framing) -> Result<Self, PacketError> {
        let framing = if packet.framed { framing.clone() } else { Framing::Raw };
        let body = Body::of(packet)?;
        let constant = match &body {
            Body::Fixed(bytes) => Some(framing.wrap(bytes)?.into()),
            Body::Made { .. } => None,
        };
        let recipe = Self { constant, body, framing };
        // What cannot be made even once is refused now, not at its first send.
        recipe.render(0)?;
        Ok(recipe)
    }

    /// The same bytes for every send, where no field changes them.
    pub fn constant(&self) -> Option<&Arc<[u8]>> {
        self.constant.as_ref()
    }

    /// The bytes of send `count`, from 0, as they go out now.
    ///
    /// # Errors
    /// When a field has no bytes this time, or they are no message of the framing.
    pub fn render(&self, count: u64) -> Result<Arc<[u8]>, PacketError> {
        match &self.constant {
            Some(bytes) => Ok(Arc::clone(bytes)),
            None => Ok(self.framing.wrap(&self.body.render(count)?)?.into()),
        }
    }

    /// What the first `n` sends would be now.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn preview(&self, n: u64) -> Result<Vec<Arc<[u8]>>, PacketError> {
        (0..n).map(|count| self.render(count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::FramingKind;

    #[test]
    fn each_send_is_made_anew_and_framed() {
        let packet = Packet { body: "n={{counter}}".into(), ..Packet::default() };
        let recipe = Recipe::of(&packet, &FramingKind::Length.usual()).unwrap();
        assert_eq!(recipe.constant(), None);
        let preview: Vec<_> = recipe.preview(3).unwrap().iter().map(|bytes| bytes.to_vec()).collect();
        assert_eq!(preview, [b"\0\0\0\x03n=1", b"\0\0\0\x03n=2", b"\0\0\0\x03n=3"]);
        let bare = Recipe::of(&Packet { framed: false, ..packet }, &FramingKind::Length.usual()).unwrap();
        assert_eq!(&*bare.render(7).unwrap(), b"n=8");
    }

    #[test]
    fn what_never_changes_is_made_once_and_what_cannot_be_a_message_is_refused() {
        let packet = Packet { body: "four".into(), ..Packet::default() };
        let recipe = Recipe::of(&packet, &Framing::Fixed { size: 4 }).unwrap();
        assert_eq!(recipe.constant().map(|bytes| bytes.to_vec()), Some(b"four".to_vec()));
        assert!(matches!(Recipe::of(&packet, &Framing::Fixed { size: 5 }), Err(PacketError::Framing(_))));
        let counted = Packet { body: "four{{counter}}".into(), ..Packet::default() };
        assert!(matches!(Recipe::of(&counted, &Framing::Fixed { size: 4 }), Err(PacketError::Framing(_))));
    }

    #[test]
    fn files_are_read_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("part");
        std::fs::write(&path, b"old").unwrap();
        let body = format!("{{{{counter}}}}:{{{{file {}}}}}", path.display());
        let recipe = Recipe::of(&Packet { body, ..Packet::default() }, &Framing::Raw).unwrap();
        std::fs::write(&path, b"new").unwrap();
        assert_eq!(&*recipe.render(4).unwrap(), b"5:old");
    }
}
