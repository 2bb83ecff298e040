//! The look, as tokens. No colour, size or space is written anywhere else in `ui`.

mod tokens;

pub use tokens::{DARK, LIGHT, Palette, Role, RoleColors, Theme, radius, size, space};

use eframe::egui::{FontFamily, FontId};

/// Inter 600.
pub const STRONG: &str = "strong";
/// JetBrains Mono 600.
pub const MONO_STRONG: &str = "mono-strong";
/// Phosphor Regular: icons for actions.
pub const ICON: &str = "icon";
/// Phosphor Fill: icons for states.
pub const ICON_FILL: &str = "icon-fill";

/// Text styles of the design; every text in the window uses one of these or a Stage size through [`Type::at`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// 11.5: units, status bar, group heads; the smallest.
    Caption,
    /// 13: all controls and text.
    Body,
    /// 13, 600: names, panel heads, buttons.
    Strong,
    /// 16, 600: the name of the selected thing.
    Title,
    /// 22, 600: the one sentence over a theatre.
    Sentence,
    /// Mono 12: logs, code, addresses, calls.
    Data,
    /// Mono 600, 15: counters.
    Figure,
}

impl Type {
    /// Font and size at this style.
    pub fn font(self) -> FontId {
        self.at(match self {
            Self::Caption => 11.5,
            Self::Body | Self::Strong => 13.0,
            Self::Title => 16.0,
            Self::Sentence => 22.0,
            Self::Data => 12.0,
            Self::Figure => 15.0,
        })
    }

    /// The font of this style at another size (Stage words: 13 to 18).
    pub fn at(self, size: f32) -> FontId {
        let family = match self {
            Self::Caption | Self::Body => FontFamily::Proportional,
            Self::Strong | Self::Title | Self::Sentence => FontFamily::Name(STRONG.into()),
            Self::Data => FontFamily::Monospace,
            Self::Figure => FontFamily::Name(MONO_STRONG.into()),
        };
        FontId::new(size, family)
    }
}
