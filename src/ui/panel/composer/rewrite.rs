//! Another way of writing the same packet, for all who edit packets. It keeps what stood there before *File* was chosen.

use std::collections::HashMap;

use crate::lab::{EndpointId, Packet, PacketFormat};
use crate::tr;
use crate::ui::{Action, Cx};

use super::{edit, segments};

/// What stood there before *File* was chosen.
#[derive(Debug, Default)]
pub struct BeforeFile(HashMap<EndpointId, (PacketFormat, String)>);

impl BeforeFile {
    /// The bytes stay the same where the new way can write them; answers whether it could. Fields that it cannot write stay as
    /// they are, and that is said.
    pub fn change_format(&mut self, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet, format: PacketFormat) -> bool {
        let body = match (packet.format, format) {
            (PacketFormat::File, to) => {
                let (from, body) = self.0.remove(&id).unwrap_or_default();
                let was = Packet { format: from, body, ..packet.clone() };
                if from == to { was.body } else { segments::rewritten(&was, to).unwrap_or_default() }
            }
            (from, PacketFormat::File) => {
                self.0.insert(id, (from, packet.body.clone()));
                String::new()
            }
            (_, to) => match segments::rewritten(packet, to) {
                Some(body) => body,
                None => {
                    cx.act(Action::Say(tr!(cx.text, "composer-fields-in-the-way")));
                    return false;
                }
            },
        };
        edit(cx, id, None, |p| (p.format, p.body) = (format, body));
        true
    }
}
