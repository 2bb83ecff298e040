//! Labs of the backlog theatre that are ready to press. They are files of `examples/`, built in; opening one starts nothing.

use crate::engine::catalog;
use crate::lab::{self, Lab, LabError};

/// A lab that is ready to press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// One accept a second, ten clients, backlog 3.
    SlowTill,
    /// Accepting is paused.
    Nobody,
    /// `listen(0)`.
    Zero,
    /// A thousand connects at once.
    Burst,
    /// `listen` again with a larger n.
    Raise,
    /// What `tcp_abort_on_overflow` does.
    Reset,
}

impl Preset {
    /// All, in the order of menus.
    pub const ALL: [Self; 6] = [Self::SlowTill, Self::Nobody, Self::Zero, Self::Burst, Self::Raise, Self::Reset];

    /// The name of its lab and of its file in `examples/`.
    pub fn id(self) -> &'static str {
        match self {
            Self::SlowTill => "backlog-3",
            Self::Nobody => "backlog-nobody",
            Self::Zero => "backlog-0",
            Self::Burst => "backlog-burst",
            Self::Raise => "backlog-raise",
            Self::Reset => "backlog-reset",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::SlowTill => include_str!("../../examples/backlog-3.toml"),
            Self::Nobody => include_str!("../../examples/backlog-nobody.toml"),
            Self::Zero => include_str!("../../examples/backlog-0.toml"),
            Self::Burst => include_str!("../../examples/backlog-burst.toml"),
            Self::Raise => include_str!("../../examples/backlog-raise.toml"),
            Self::Reset => include_str!("../../examples/backlog-reset.toml"),
        }
    }

    /// Locale key of its name as a command; `…-tip` is the tooltip's.
    pub fn key(self) -> &'static str {
        match self {
            Self::SlowTill => "preset-backlog-3",
            Self::Nobody => "preset-backlog-nobody",
            Self::Zero => "preset-backlog-0",
            Self::Burst => "preset-backlog-burst",
            Self::Raise => "preset-backlog-raise",
            Self::Reset => "preset-backlog-reset",
        }
    }

    /// Locale key of the sentence that says what to press and what to notice.
    pub fn hint(self) -> &'static str {
        match self {
            Self::SlowTill => "preset-backlog-3-hint",
            Self::Nobody => "preset-backlog-nobody-hint",
            Self::Zero => "preset-backlog-0-hint",
            Self::Burst => "preset-backlog-burst-hint",
            Self::Raise => "preset-backlog-raise-hint",
            Self::Reset => "preset-backlog-reset-hint",
        }
    }

    /// The lab, stopped.
    ///
    /// # Errors
    /// When its file and this program disagree; a test holds that they do not.
    pub fn lab(self) -> Result<Lab, LabError> {
        lab::parse(self.text(), &catalog::known())
    }

    /// The preset that a lab was opened from, by its name.
    pub fn of(lab: &Lab) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.id() == lab.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{AcceptPace, Target, Transport};
    use crate::ui::{Language, Text};

    #[test]
    fn every_preset_is_as_its_name_says_and_stays_on_this_machine() {
        let of = |preset: Preset| {
            let lab = preset.lab().unwrap_or_else(|error| panic!("{preset:?}: {error}"));
            assert_eq!((Preset::of(&lab), lab.servers.len(), lab.clients.len()), (Some(preset), 1, 1));
            let (server, client) = (lab.servers[0].clone(), lab.clients[0].clone());
            assert_eq!((server.transport, &client.target), (Transport::Tcp, &Target::Server(server.name.clone())));
            assert!(server.address.is_loopback(), "{preset:?}");
            (server.backlog, server.life.accept_pace, client.connections, server, client)
        };
        let (backlog, pace, clients, ..) = of(Preset::SlowTill);
        assert_eq!((backlog, pace, clients), (3, AcceptPace::Every(1_000), 10));
        let (_, pace, clients, server, client) = of(Preset::Nobody);
        assert!(pace == AcceptPace::Paused && clients > server.backlog + 1 && client.packet.on_connect);
        assert_eq!(of(Preset::Zero).0, 0);
        let (_, _, clients, _, client) = of(Preset::Burst);
        assert_eq!((clients, client.opening.at_once, client.opening.every_ms), (1_000, 1_000, 0));
        let (backlog, pace, clients, ..) = of(Preset::Raise);
        assert!(pace == AcceptPace::Paused && clients > backlog + 1);
        let (backlog, pace, clients, server, client) = of(Preset::Reset);
        assert_eq!((backlog, pace, clients, client.packet.on_connect), (2, AcceptPace::Paused, 6, false));
        assert!(server.life.defer_accept_s > 0);
    }

    #[test]
    fn each_says_what_to_press_in_both_languages() {
        for text in [Language::English, Language::Chinese].map(Text::new) {
            for preset in Preset::ALL {
                for key in [preset.key().to_owned(), format!("{}-tip", preset.key()), preset.hint().to_owned()] {
                    assert_ne!(text.get(&key), key, "{:?}", text.language());
                }
            }
        }
    }
}
