//! Opening the window on this system: renderer, size, icon, language. It must not know what the window shows.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use eframe::egui::{IconData, ViewportBuilder};
use eframe::{NativeOptions, Renderer};

use super::app::{App, Start};
use super::{Language, SystemDialogs};

/// Names the folder of the settings and the window to the desktop.
const APP_ID: &str = "socketlab";

/// Opens the window and returns when it is closed.
///
/// # Errors
/// When no renderer could open a window: no display, or no graphics at all.
pub fn run(path: Option<PathBuf>) -> anyhow::Result<()> {
    // OpenGL starts faster and works on more Linux machines; elsewhere the system's own interface is the safe one.
    let order = if cfg!(target_os = "linux") { [Renderer::Glow, Renderer::Wgpu] } else { [Renderer::Wgpu, Renderer::Glow] };
    let mut first = None;
    for renderer in order {
        let path = path.clone();
        match eframe::run_native(APP_ID, options(renderer), Box::new(move |cc| Ok(Box::new(app(cc, path)?)))) {
            Ok(()) => return Ok(()),
            Err(error) => first = first.or(Some(error)),
        }
    }
    let error = first.map_or_else(|| anyhow!("no renderer"), |e| anyhow!("{e}"));
    Err(error).context("the window could not be opened")
}

fn app(cc: &eframe::CreationContext<'_>, open: Option<PathBuf>) -> std::io::Result<App> {
    let start = Start { dialogs: Box::new(SystemDialogs), language: system_language(), light: false, open };
    App::new(&cc.egui_ctx, cc.storage, start)
}

fn options(renderer: Renderer) -> NativeOptions {
    let viewport = ViewportBuilder::default()
        .with_title("Socketlab")
        .with_app_id(APP_ID)
        .with_inner_size([1_440.0, 900.0])
        .with_min_inner_size([960.0, 600.0])
        .with_clamp_size_to_monitor_size(true)
        .with_drag_and_drop(true);
    let viewport = match icon() {
        Some(icon) => viewport.with_icon(icon),
        None => viewport,
    };
    // eframe brings a remembered position back onto a monitor that is still there.
    NativeOptions { viewport, renderer, persist_window: true, centered: true, ..NativeOptions::default() }
}

fn icon() -> Option<IconData> {
    eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon/socketlab-256.png")).ok()
}

/// Chinese where the system speaks Chinese (the POSIX locale variables, in their order); English otherwise.
fn system_language() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    if locale.is_some_and(|l| l.starts_with("zh")) { Language::Chinese } else { Language::English }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_icon_is_a_picture() {
        assert_eq!(super::icon().map(|i| (i.width, i.height)), Some((256, 256)));
    }
}
