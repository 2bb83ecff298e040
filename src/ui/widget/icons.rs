//! Code points of the icon font that tables and the inspector use.

#![expect(missing_docs, reason = "each is the icon of that name")]

pub const PLAY: &str = "\u{e3d0}";
pub const STOP: &str = "\u{e46c}";
pub const RESTART: &str = "\u{e036}";
pub const SEND: &str = "\u{e396}";
pub const PLUS: &str = "\u{e3d4}";
pub const CLOSE: &str = "\u{e4f6}";
pub const COPY: &str = "\u{e1ca}";
pub const FUNNEL: &str = "\u{e266}";
pub const ERASER: &str = "\u{e21e}";
pub const EXPORT: &str = "\u{eaf0}";
pub const WARNING: &str = "\u{e4e4}";
pub const CARET_DOWN: &str = "\u{e136}";
pub const ARROW_UP: &str = "\u{e08e}";
pub const ARROW_DOWN: &str = "\u{e03e}";
pub const FILE: &str = "\u{e230}";
