//! List echo: cuts what it receives at a delimiter and sends back complete items only, each with its delimiter; the unfinished
//! rest is kept until it is complete. One item is one message, so over datagrams each comes in a datagram of its own.
//!
//! With an empty delimiter, what one `recv` returned is an item.

use std::sync::Arc;

use super::items::{Items, TooLong};
use super::{Actions, Handler, Peer, Service, ServiceDef};
use crate::settings::{SettingDef, Unit};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "list-echo",
    summary: "sends back complete items, cut at a delimiter; keeps the unfinished rest",
    settings: &[DELIMITER, MAX_ITEM],
    make: |settings| {
        let delimiter = settings.bytes(&DELIMITER);
        let most = usize::try_from(settings.number(&MAX_ITEM)).unwrap_or(usize::MAX);
        Arc::new(ListEcho { items: Items::new(&delimiter, most), delimiter: delimiter.into(), most })
    },
};

const DELIMITER: SettingDef = SettingDef::text("delimiter", "\\n", 32, "what ends an item; empty: what one recv returned is an item");
const MAX_ITEM: SettingDef =
    SettingDef::number("max_item", (1, 16_384, 1 << 20), Unit::Bytes, "longest item; a longer one ends its connection");

#[derive(Clone)]
struct ListEcho {
    items: Items,
    delimiter: Arc<[u8]>,
    most: usize,
}

impl Service for ListEcho {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(self.clone())
    }
}

impl Handler for ListEcho {
    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        match self.items.take(data, |item| out.send_parts(&[item, &self.delimiter])) {
            Ok(()) => {}
            Err(TooLong) => out.fail(format!("an item has more than {} bytes (max_item)", self.most)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::play::Play;
    use crate::service::After;

    #[test]
    fn two_items_in_one_segment_and_one_item_over_two() {
        let mut play = Play::new("list-echo", &[]);
        assert_eq!(play.hear(b"one\ntwo\nthr").sent, [b"one\n", b"two\n"]);
        assert_eq!(play.hear(b"ee").sent, Vec::<Vec<u8>>::new());
        assert_eq!(play.hear(b"\n\n").sent, [&b"three\n"[..], b"\n"]);
        play.hear(b"unfinished");
        let end = play.end();
        assert_eq!((end.sent, end.after), (vec![], After::Close), "only what is complete is answered");
    }

    #[test]
    fn the_delimiter_is_any_bytes_and_an_empty_one_means_each_recv() {
        let mut play = Play::new("list-echo", &[("delimiter", "\\r\\n")]);
        assert_eq!(play.hear(b"a\nb\r").sent, Vec::<Vec<u8>>::new());
        assert_eq!(play.hear(b"\nc\r\n").sent, [b"a\nb\r\n".to_vec(), b"c\r\n".to_vec()]);
        let mut each = Play::new("list-echo", &[("delimiter", "")]);
        assert_eq!(each.hear(b"a\nb").sent, [b"a\nb"]);
    }

    #[test]
    fn an_item_that_is_too_long_fails_in_clear_words_after_those_before_it() {
        let mut play = Play::new("list-echo", &[("max_item", "4")]);
        assert_eq!(play.hear(b"1234").failure, None);
        let turn = play.hear(b"\n12345");
        assert_eq!((turn.sent, turn.failure.as_deref()), (vec![b"1234\n".to_vec()], Some("an item has more than 4 bytes (max_item)")));
    }
}
