//! The commands of the window: one enum feeds the menu, the palette, shortcuts and tooltips.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};

use crate::lab::Transport;

use super::Preset;

/// A command of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it; words are in the locale files")]
pub enum UiCommand {
    NewLab,
    OpenLab,
    OpenPreset(Preset),
    Gallery,
    FirstLesson,
    LessonNext,
    LessonPrevious,
    LessonPresent,
    LessonExport,
    LessonClose,
    SaveLab,
    SaveLabAs,
    RenameLab,
    Quit,
    Undo,
    Redo,
    AddServer(Transport),
    AddClient(Transport),
    Duplicate,
    Rename,
    Remove,
    StartAll,
    StopAll,
    StartOrStopSelected,
    FinishSelected,
    PauseLanes,
    StepCall,
    StepToWait,
    RunLanes,
    Freeze,
    ClearTraffic,
    Palette,
    ToggleLanguage,
    ToggleTheme,
    WorkspaceExplore,
    WorkspaceIoModels,
    WorkspaceBacklog,
    WorkspaceTraffic,
    ShowCode,
    ResetLayout,
    ZoomIn,
    ZoomOut,
    ZoomReset,
}

impl UiCommand {
    /// Every command, in the order of the palette.
    pub fn all() -> impl Iterator<Item = Self> {
        let plain = [
            Self::StartAll,
            Self::StopAll,
            Self::StartOrStopSelected,
            Self::FinishSelected,
            Self::PauseLanes,
            Self::StepCall,
            Self::StepToWait,
            Self::RunLanes,
            Self::Freeze,
            Self::Gallery,
            Self::FirstLesson,
            Self::LessonNext,
            Self::LessonPrevious,
            Self::LessonPresent,
            Self::LessonExport,
            Self::LessonClose,
            Self::NewLab,
            Self::OpenLab,
            Self::SaveLab,
            Self::SaveLabAs,
            Self::RenameLab,
            Self::Undo,
            Self::Redo,
            Self::Duplicate,
            Self::Rename,
            Self::Remove,
            Self::ClearTraffic,
            Self::Palette,
            Self::ToggleLanguage,
            Self::ToggleTheme,
            Self::WorkspaceExplore,
            Self::WorkspaceIoModels,
            Self::WorkspaceBacklog,
            Self::WorkspaceTraffic,
            Self::ShowCode,
            Self::ResetLayout,
            Self::ZoomIn,
            Self::ZoomOut,
            Self::ZoomReset,
            Self::Quit,
        ];
        let adds = Transport::ALL.into_iter().flat_map(|t| [Self::AddServer(t), Self::AddClient(t)]);
        plain.into_iter().chain(Preset::ALL.map(Self::OpenPreset)).chain(adds)
    }

    /// Locale key of its name; `…-tip` is the tooltip's.
    pub fn key(self) -> &'static str {
        match self {
            Self::NewLab => "cmd-new-lab",
            Self::OpenLab => "cmd-open-lab",
            Self::OpenPreset(preset) => preset.key(),
            Self::Gallery => "cmd-gallery",
            Self::FirstLesson => "cmd-first-lesson",
            Self::LessonNext => "cmd-lesson-next",
            Self::LessonPrevious => "cmd-lesson-previous",
            Self::LessonPresent => "cmd-lesson-present",
            Self::LessonExport => "cmd-lesson-export",
            Self::LessonClose => "cmd-lesson-close",
            Self::SaveLab => "cmd-save-lab",
            Self::SaveLabAs => "cmd-save-lab-as",
            Self::RenameLab => "cmd-rename-lab",
            Self::Quit => "cmd-quit",
            Self::Undo => "cmd-undo",
            Self::Redo => "cmd-redo",
            Self::AddServer(Transport::Tcp) => "cmd-add-server-tcp",
            Self::AddServer(Transport::Udp) => "cmd-add-server-udp",
            Self::AddServer(Transport::UnixStream) => "cmd-add-server-unix-stream",
            Self::AddServer(Transport::UnixDgram) => "cmd-add-server-unix-dgram",
            Self::AddClient(Transport::Tcp) => "cmd-add-client-tcp",
            Self::AddClient(Transport::Udp) => "cmd-add-client-udp",
            Self::AddClient(Transport::UnixStream) => "cmd-add-client-unix-stream",
            Self::AddClient(Transport::UnixDgram) => "cmd-add-client-unix-dgram",
            Self::Duplicate => "cmd-duplicate",
            Self::Rename => "cmd-rename",
            Self::Remove => "cmd-remove",
            Self::StartAll => "cmd-start-all",
            Self::StopAll => "cmd-stop-all",
            Self::StartOrStopSelected => "cmd-start-or-stop",
            Self::FinishSelected => "cmd-finish",
            Self::PauseLanes => "cmd-pause-lanes",
            Self::StepCall => "cmd-step-call",
            Self::StepToWait => "cmd-step-to-wait",
            Self::RunLanes => "cmd-run-lanes",
            Self::Freeze => "cmd-freeze",
            Self::ClearTraffic => "cmd-clear-traffic",
            Self::Palette => "cmd-palette",
            Self::ToggleLanguage => "cmd-language",
            Self::ToggleTheme => "cmd-theme",
            Self::WorkspaceExplore => "cmd-workspace-explore",
            Self::WorkspaceIoModels => "cmd-workspace-io-models",
            Self::WorkspaceBacklog => "cmd-workspace-backlog",
            Self::WorkspaceTraffic => "cmd-workspace-traffic",
            Self::ShowCode => "cmd-show-code",
            Self::ResetLayout => "cmd-reset-layout",
            Self::ZoomIn => "cmd-zoom-in",
            Self::ZoomOut => "cmd-zoom-out",
            Self::ZoomReset => "cmd-zoom-reset",
        }
    }

    /// Its shortcut; `COMMAND` is Ctrl, on a Mac ⌘.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let plain = |key| Some(KeyboardShortcut::new(Modifiers::NONE, key));
        let command = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        let shift = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key));
        let only_shift = |key| Some(KeyboardShortcut::new(Modifiers::SHIFT, key));
        match self {
            Self::NewLab => command(Key::N),
            Self::OpenLab => command(Key::O),
            Self::Gallery => command(Key::G),
            // What presenters in the hand send.
            Self::LessonNext => plain(Key::PageDown),
            Self::LessonPrevious => plain(Key::PageUp),
            Self::LessonPresent => plain(Key::F7),
            Self::SaveLab => command(Key::S),
            Self::SaveLabAs => shift(Key::S),
            Self::Quit => command(Key::Q),
            Self::Undo => command(Key::Z),
            Self::Redo => shift(Key::Z),
            Self::Duplicate => command(Key::D),
            Self::Rename => plain(Key::F2),
            Self::Remove => plain(Key::Delete),
            Self::StartAll => plain(Key::F5),
            Self::StopAll => only_shift(Key::F5),
            Self::StartOrStopSelected => command(Key::Enter),
            // The keys that debuggers have for it.
            Self::PauseLanes => plain(Key::F6),
            Self::RunLanes => only_shift(Key::F6),
            Self::StepCall => plain(Key::F11),
            Self::StepToWait => only_shift(Key::F11),
            Self::ShowCode => plain(Key::F12),
            Self::Freeze => plain(Key::F8),
            Self::Palette => command(Key::K),
            Self::ToggleLanguage => plain(Key::F9),
            Self::ToggleTheme => plain(Key::F10),
            Self::WorkspaceExplore => command(Key::Num1),
            Self::WorkspaceIoModels => command(Key::Num2),
            Self::WorkspaceBacklog => command(Key::Num3),
            Self::WorkspaceTraffic => command(Key::Num4),
            Self::ZoomIn => command(Key::Plus),
            Self::ZoomOut => command(Key::Minus),
            Self::ZoomReset => command(Key::Num0),
            Self::OpenPreset(_)
            | Self::FirstLesson
            | Self::LessonExport
            | Self::LessonClose
            | Self::FinishSelected
            | Self::RenameLab
            | Self::AddServer(_)
            | Self::AddClient(_)
            | Self::ClearTraffic
            | Self::ResetLayout => None,
        }
    }
}
