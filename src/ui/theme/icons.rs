//! The icons by name; each is one character of the families [`super::ICON`] and [`super::ICON_FILL`]. The code points are
//! those of `assets/fonts/icons.txt`; a test holds them together.

use eframe::egui::{FontFamily, FontId};

use super::{ICON, ICON_FILL};

/// The font of an icon for an action, at this size.
pub fn font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(ICON.into()))
}

/// The font of an icon for a state, at this size.
pub fn font_fill(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(ICON_FILL.into()))
}

macro_rules! icons {
    ($($name:ident = $text:literal),* $(,)?) => {
        $(#[doc = concat!("The icon `", stringify!($name), "`.")] pub const $name: &str = $text;)*

        #[cfg(test)]
        const ALL: &[(&str, &str)] = &[$((stringify!($name), $text)),*];
    };
}

icons! {
    PLAY = "\u{e3d0}",
    STOP = "\u{e46c}",
    PAUSE = "\u{e39e}",
    SKIP_FORWARD = "\u{e5a6}",
    FAST_FORWARD = "\u{e6a6}",
    PLUS = "\u{e3d4}",
    MINUS = "\u{e32a}",
    X = "\u{e4f6}",
    COPY = "\u{e1ca}",
    TRASH = "\u{e4a6}",
    PENCIL_SIMPLE = "\u{e3b4}",
    ERASER = "\u{e21e}",
    ARROW_COUNTER_CLOCKWISE = "\u{e038}",
    ARROW_CLOCKWISE = "\u{e036}",
    PAPER_PLANE_RIGHT = "\u{e396}",
    CHECK = "\u{e182}",
    DOTS_THREE = "\u{e1fe}",
    DOTS_THREE_VERTICAL = "\u{e208}",
    DOTS_SIX_VERTICAL = "\u{eae2}",
    FILE = "\u{e230}",
    FILE_PLUS = "\u{e236}",
    FOLDER_OPEN = "\u{e256}",
    FLOPPY_DISK = "\u{e248}",
    DOWNLOAD_SIMPLE = "\u{e20c}",
    UPLOAD_SIMPLE = "\u{e4c0}",
    EXPORT = "\u{eaf0}",
    IMAGE = "\u{e2ca}",
    CAMERA = "\u{e10e}",
    FUNNEL = "\u{e266}",
    MAGNIFYING_GLASS = "\u{e30c}",
    MAGNIFYING_GLASS_PLUS = "\u{e310}",
    MAGNIFYING_GLASS_MINUS = "\u{e30e}",
    TRANSLATE = "\u{e4a2}",
    SUN = "\u{e472}",
    MOON = "\u{e330}",
    CIRCLE_HALF = "\u{e18c}",
    GEAR = "\u{e270}",
    KEYBOARD = "\u{e2d8}",
    COMMAND = "\u{e1c4}",
    QUESTION = "\u{e3e8}",
    SLIDERS_HORIZONTAL = "\u{e434}",
    CORNERS_OUT = "\u{e1d0}",
    CORNERS_IN = "\u{e1ce}",
    ARROWS_OUT = "\u{e0a2}",
    ARROWS_IN = "\u{e09a}",
    LIST = "\u{e2f0}",
    LIST_DASHES = "\u{e2f4}",
    LIST_BULLETS = "\u{e2f2}",
    TABLE = "\u{e476}",
    TREE_STRUCTURE = "\u{e67c}",
    GRAPH = "\u{eb58}",
    CHART_LINE = "\u{e154}",
    SIDEBAR_SIMPLE = "\u{ec24}",
    SQUARES_FOUR = "\u{e464}",
    EYE = "\u{e220}",
    EYE_SLASH = "\u{e224}",
    PUSH_PIN = "\u{e3e2}",
    CLOCK_COUNTER_CLOCKWISE = "\u{e1a0}",
    FLASK = "\u{e79e}",
    STACK = "\u{e466}",
    HARD_DRIVES = "\u{e2a0}",
    DESKTOP = "\u{e560}",
    PLUGS = "\u{eb56}",
    PLUGS_CONNECTED = "\u{eb5a}",
    LINK = "\u{e2e2}",
    LINK_BREAK = "\u{e2e4}",
    BROADCAST = "\u{e0f2}",
    CLOCK = "\u{e19a}",
    TIMER = "\u{e492}",
    LIGHTNING = "\u{e2de}",
    CPU = "\u{e610}",
    GAUGE = "\u{e628}",
    USERS = "\u{e4d6}",
    CHECK_CIRCLE = "\u{e184}",
    WARNING = "\u{e4e0}",
    WARNING_OCTAGON = "\u{e4e4}",
    WARNING_CIRCLE = "\u{e4e2}",
    INFO = "\u{e2ce}",
    X_CIRCLE = "\u{e4f8}",
    PROHIBIT = "\u{e3de}",
    SNOWFLAKE = "\u{e5aa}",
    CIRCLE = "\u{e18a}",
    SQUARE = "\u{e45e}",
    DOT_OUTLINE = "\u{ece0}",
    SPINNER_GAP = "\u{e66c}",
    HOURGLASS = "\u{e2b2}",
    BELL = "\u{e0ce}",
    CARET_DOWN = "\u{e136}",
    CARET_UP = "\u{e13c}",
    CARET_LEFT = "\u{e138}",
    CARET_RIGHT = "\u{e13a}",
    CARET_UP_DOWN = "\u{e140}",
    CARET_DOUBLE_RIGHT = "\u{e12a}",
    CARET_DOUBLE_LEFT = "\u{e128}",
    ARROW_UP = "\u{e08e}",
    ARROW_DOWN = "\u{e03e}",
    ARROW_LEFT = "\u{e058}",
    ARROW_RIGHT = "\u{e06c}",
    ARROWS_LEFT_RIGHT = "\u{e0a0}",
    ARROWS_DOWN_UP = "\u{e098}",
    ARROW_SQUARE_OUT = "\u{e5de}",
    ARROW_BEND_DOWN_RIGHT = "\u{e01a}",
    SORT_ASCENDING = "\u{e444}",
    SORT_DESCENDING = "\u{e446}",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_and_code_points_are_those_of_the_font() {
        let file = include_str!("../../../assets/fonts/icons.txt");
        let listed: Vec<(String, char)> = file
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| l.split_once(' '))
            .map(|(name, hex)| {
                let point = u32::from_str_radix(hex.trim(), 16).unwrap();
                (name.to_uppercase().replace('-', "_"), char::from_u32(point).unwrap())
            })
            .collect();
        let here: Vec<(String, char)> = ALL.iter().map(|(n, t)| ((*n).to_owned(), t.chars().next().unwrap())).collect();
        assert_eq!(here, listed);
    }
}
