//! The bundled fonts and which family uses which. No system font is asked for: text looks the same everywhere and Chinese
//! always renders. It must not decide sizes; those are [`super::Type`].

use std::sync::Arc;

use eframe::egui::{Context, FontData, FontDefinitions, FontFamily};

use super::{ICON, ICON_FILL, MONO_STRONG, STRONG};

macro_rules! fonts {
    ($($name:literal = $file:literal),* $(,)?) => {
        /// Name in egui and bytes of every bundled font.
        const FILES: &[(&str, &[u8])] = &[$(($name, include_bytes!(concat!("../../../assets/fonts/", $file)))),*];
    };
}

fonts! {
    "inter" = "Inter-Regular.ttf",
    "inter-strong" = "Inter-SemiBold.ttf",
    "mono" = "JetBrainsMono-Regular.ttf",
    "mono-strong" = "JetBrainsMono-SemiBold.ttf",
    "sc" = "NotoSansSC-Regular.otf",
    "sc-strong" = "NotoSansSC-Bold.otf",
    "phosphor" = "Phosphor.ttf",
    "phosphor-fill" = "Phosphor-Fill.ttf",
}

/// Gives the fonts to egui; once, at start.
pub fn install_fonts(ctx: &Context) {
    ctx.set_fonts(definitions());
}

/// Every family with its fallbacks: each ends in a Chinese face of its weight, so that no family can show a box.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in FILES {
        fonts.font_data.insert((*name).to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let mut family = |family: FontFamily, faces: &[&str]| {
        fonts.families.insert(family, faces.iter().map(|f| (*f).to_owned()).collect());
    };
    family(FontFamily::Proportional, &["inter", "mono", "sc", "phosphor"]);
    family(FontFamily::Monospace, &["mono", "inter", "sc", "phosphor"]);
    family(FontFamily::Name(STRONG.into()), &["inter-strong", "mono-strong", "sc-strong", "phosphor-fill"]);
    family(FontFamily::Name(MONO_STRONG.into()), &["mono-strong", "inter-strong", "sc-strong", "phosphor-fill"]);
    family(FontFamily::Name(ICON.into()), &["phosphor", "inter", "sc"]);
    family(FontFamily::Name(ICON_FILL.into()), &["phosphor-fill", "inter-strong", "sc-strong"]);
    fonts
}
