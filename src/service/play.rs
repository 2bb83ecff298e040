//! One peer's conversation with a service, turn by turn, for the tests of services.

use std::time::{Duration, SystemTime};

use crate::settings::Settings;

use super::{Actions, After, Handler, Pace, Peer, PeerId, PostTo, Service, find};

/// See the module.
pub(super) struct Play {
    service: std::sync::Arc<dyn Service>,
    handler: Box<dyn Handler>,
    out: Actions,
    now: SystemTime,
}

/// What a turn came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Turn {
    pub sent: Vec<Vec<u8>>,
    pub after: After,
    pub timer: Option<Duration>,
    pub more: bool,
    pub posts: Vec<(bool, String)>,
    pub failure: Option<String>,
}

impl Turn {
    /// What a stream peer hears.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.sent.concat()).into_owned()
    }

    /// What goes to all others.
    pub fn posted(&self) -> Vec<&str> {
        assert!(self.posts.iter().all(|(to_others, _)| *to_others), "{self:?}");
        self.posts.iter().map(|(_, text)| text.as_str()).collect()
    }
}

impl Play {
    /// With settings as they are typed.
    pub fn new(id: &str, settings: &[(&str, &str)]) -> Self {
        Self::with_peer(id, settings, 1)
    }

    pub fn with_peer(id: &str, settings: &[(&str, &str)], peer: u64) -> Self {
        let def = find(id).unwrap();
        let mut chosen = Settings::default();
        for (name, value) in settings {
            let setting = def.settings.iter().find(|s| s.id == *name).unwrap();
            chosen.set(name, setting.parse(value).unwrap());
        }
        let service = (def.make)(&chosen);
        let handler = service.connect(&Peer { id: PeerId(peer), address: &format!("127.0.0.1:{peer}") });
        // The first second of RFC 867's own example, in UTC.
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(383_276_263);
        Self { service, handler, out: Actions::default(), now }
    }

    pub fn pace(&self) -> Pace {
        self.service.pace()
    }

    /// Time goes by.
    pub fn later(&mut self, time: Duration) {
        self.now += time;
    }

    pub fn at(&mut self, now: SystemTime) {
        self.now = now;
    }

    pub fn open(&mut self) -> Turn {
        self.turn(|handler, out| handler.on_open(out))
    }

    pub fn hear(&mut self, data: &[u8]) -> Turn {
        self.turn(|handler, out| handler.on_bytes(data, out))
    }

    pub fn timer(&mut self) -> Turn {
        self.turn(|handler, out| handler.on_timer(out))
    }

    pub fn room(&mut self) -> Turn {
        self.turn(|handler, out| handler.on_room(out))
    }

    pub fn end(&mut self) -> Turn {
        self.turn(|handler, out| handler.on_end(out))
    }

    pub fn gone(&mut self) -> Turn {
        self.turn(|handler, out| handler.on_gone(out))
    }

    fn turn(&mut self, play: impl FnOnce(&mut dyn Handler, &mut Actions)) -> Turn {
        self.out.begin(self.now);
        play(&mut *self.handler, &mut self.out);
        Turn {
            sent: self.out.messages().map(<[u8]>::to_vec).collect(),
            after: self.out.after(),
            timer: self.out.timer(),
            more: self.out.wants_room(),
            posts: self.out.posts().iter().map(|p| (p.to == PostTo::Others, String::from_utf8_lossy(&p.bytes).into_owned())).collect(),
            failure: self.out.take_failure(),
        }
    }
}
