//! The commands of the window carried out, and their keys. One place: menu, palette, buttons and shortcuts all come here.

use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers, ViewportCommand};

use crate::engine::{self, GateMove, catalog};
use crate::lab::Transport;
use crate::ui::theme::{self, Theme};
use crate::ui::trial_words::transport_lack;
use crate::ui::{Action, Language, Selection, Text, UiCommand};

use super::act::Starting;
use super::file_flow::Then;
use super::layout::Workspace;
use super::lesson::Wish;
use super::palette::Palette;
use super::{App, Said};

/// Zoom steps and limits.
const ZOOM_STEP: f32 = 0.1;
const ZOOM: std::ops::RangeInclusive<f32> = 0.5..=3.0;

impl App {
    pub(super) fn command(&mut self, ctx: &Context, command: UiCommand) {
        if self.refusal(command).is_some() {
            return;
        }
        match command {
            UiCommand::NewLab => self.leave_lab(ctx, Then::New),
            UiCommand::OpenLab => self.leave_lab(ctx, Then::Open),
            UiCommand::OpenPreset(preset) => self.leave_lab(ctx, Then::Preset(preset)),
            UiCommand::Gallery => self.show_gallery(),
            UiCommand::FirstLesson => {
                if let Some(first) = crate::lesson::SHIPPED_LESSONS.first() {
                    self.leave_lab(ctx, Then::Lesson(first.id));
                }
            }
            UiCommand::LessonNext => self.grant(ctx, Wish::Forward),
            UiCommand::LessonPrevious => self.grant(ctx, Wish::Back),
            UiCommand::LessonPresent => self.grant(ctx, Wish::Present),
            UiCommand::LessonExport => self.grant(ctx, Wish::Export),
            UiCommand::LessonClose => self.grant(ctx, Wish::Close),
            UiCommand::SaveLab => self.save_lab(ctx, Then::Stay),
            UiCommand::SaveLabAs => self.save_lab_as(ctx, Then::Stay),
            UiCommand::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            UiCommand::Undo => self.step("shell-undone", super::document::Document::undo),
            UiCommand::Redo => self.step("shell-redone", super::document::Document::redo),
            UiCommand::AddServer(transport) => self.add_server(transport),
            UiCommand::AddClient(transport) => self.add_client(transport),
            UiCommand::Duplicate => self.duplicate(),
            UiCommand::Rename => {
                self.rename = self.selection.endpoint();
                ctx.request_repaint();
            }
            UiCommand::RenameLab => {
                self.rename_lab();
                ctx.request_repaint();
            }
            UiCommand::Remove => {
                if let Some(id) = self.selection.endpoint() {
                    self.edit_with("undo-remove", |lab| lab.remove(id));
                }
            }
            UiCommand::StartAll => self.start_all(),
            UiCommand::StopAll => self.tell(engine::Command::StopAll),
            UiCommand::StartOrStopSelected => {
                if let Some(id) = self.selection.endpoint() {
                    if self.is_up(id) { self.tell(engine::Command::Stop(id)) } else { self.start_with_leave(vec![Starting::new(id)]) }
                }
            }
            UiCommand::FinishSelected => self.finish_selected(),
            UiCommand::PauseLanes => self.gate(ctx, GateMove::Pause),
            UiCommand::StepCall => self.gate(ctx, GateMove::Step),
            UiCommand::StepToWait => self.gate(ctx, GateMove::ToNextWait),
            UiCommand::RunLanes => self.gate(ctx, GateMove::Run),
            UiCommand::Freeze => self.frozen = if self.frozen.is_some() { None } else { Some(self.live.clone()) },
            UiCommand::ClearTraffic => self.tell(engine::Command::ClearTraffic),
            UiCommand::Palette => self.palette = if self.palette.is_some() { None } else { Some(Palette::default()) },
            UiCommand::ToggleLanguage => {
                self.settings.language = match self.settings.language {
                    Language::English => Language::Chinese,
                    Language::Chinese => Language::English,
                };
                self.text = Text::new(self.settings.language);
            }
            UiCommand::ToggleTheme => {
                self.settings.light = !self.settings.light;
                self.theme = if self.settings.light { Theme::light() } else { Theme::dark() };
                theme::install(ctx, &self.theme);
            }
            UiCommand::WorkspaceExplore => self.layouts.shown = Workspace::Explore,
            UiCommand::WorkspaceIoModels => self.layouts.shown = Workspace::IoModels,
            UiCommand::WorkspaceBacklog => self.layouts.shown = Workspace::Backlog,
            UiCommand::WorkspaceTraffic => self.layouts.shown = Workspace::Traffic,
            UiCommand::ShowCode => self.layouts.bring("code"),
            UiCommand::ResetLayout => self.layouts.reset(),
            UiCommand::ZoomIn => zoom(ctx, ctx.zoom_factor() + ZOOM_STEP),
            UiCommand::ZoomOut => zoom(ctx, ctx.zoom_factor() - ZOOM_STEP),
            UiCommand::ZoomReset => zoom(ctx, 1.0),
        }
    }

    /// Why a command cannot be done now (worded); `None` when it can.
    pub(super) fn refusal(&self, command: UiCommand) -> Option<String> {
        let unless = |works: bool, key: &str| (!works).then(|| crate::tr!(self.text, key));
        let lab = self.doc.lab();
        match command {
            UiCommand::NewLab
            | UiCommand::OpenLab
            | UiCommand::OpenPreset(_)
            | UiCommand::FirstLesson
            | UiCommand::SaveLab
            | UiCommand::SaveLabAs => unless(!self.files.is_busy(), "shell-no-files-busy"),
            UiCommand::LessonNext
            | UiCommand::LessonPrevious
            | UiCommand::LessonPresent
            | UiCommand::LessonExport
            | UiCommand::LessonClose => unless(self.course.is_some(), "lesson-none"),
            UiCommand::Undo => unless(self.doc.can_undo().is_some(), "shell-no-undo"),
            UiCommand::Redo => unless(self.doc.can_redo().is_some(), "shell-no-redo"),
            UiCommand::Duplicate | UiCommand::Rename | UiCommand::Remove | UiCommand::StartOrStopSelected => {
                unless(self.selection.endpoint().is_some(), "shell-no-selection")
            }
            UiCommand::FinishSelected => unless(self.running_server_selected().is_some(), "shell-no-server-selected"),
            UiCommand::PauseLanes | UiCommand::StepCall | UiCommand::StepToWait | UiCommand::RunLanes => {
                unless(self.stepped().is_some(), "shell-no-server-runs")
            }
            UiCommand::StartAll => unless(lab.names().any(|(id, _)| !self.is_up(id)), "shell-no-stopped"),
            UiCommand::StopAll => unless(lab.names().any(|(id, _)| self.is_up(id)), "shell-no-running"),
            UiCommand::AddServer(t) | UiCommand::AddClient(t) => {
                catalog::missing(t).map(|_| crate::tr!(self.text, "cause-not-available", reason = transport_lack(&self.text, t)))
            }
            UiCommand::Quit
            | UiCommand::Gallery
            | UiCommand::RenameLab
            | UiCommand::Freeze
            | UiCommand::ClearTraffic
            | UiCommand::Palette
            | UiCommand::ToggleLanguage
            | UiCommand::ToggleTheme
            | UiCommand::WorkspaceExplore
            | UiCommand::WorkspaceIoModels
            | UiCommand::WorkspaceBacklog
            | UiCommand::WorkspaceTraffic
            | UiCommand::ShowCode
            | UiCommand::ResetLayout
            | UiCommand::ZoomIn
            | UiCommand::ZoomOut
            | UiCommand::ZoomReset => None,
        }
    }

    /// What a command does, its key, and why it cannot be done now.
    pub(super) fn tip(&self, ctx: &Context, command: UiCommand) -> String {
        let tip_key = format!("{}-tip", command.key());
        let mut tip = self.text.get(&tip_key).into_owned();
        if let Some(shortcut) = command.shortcut() {
            tip = crate::tr!(self.text, "shell-tip-key", tip = tip, key = ctx.format_shortcut(&shortcut));
        }
        match self.refusal(command) {
            Some(why) => crate::tr!(self.text, "shell-tip-refused", tip = tip, why = why),
            None => tip,
        }
    }

    fn step(&mut self, key: &'static str, step: impl FnOnce(&mut super::document::Document) -> Option<&'static str>) {
        let before = self.doc.lab().clone();
        if let Some(what) = step(&mut self.doc) {
            self.follow(&before);
            self.said = Said::Words(crate::tr!(self.text, key, what = self.text.get(what).into_owned()));
        }
    }

    fn add_server(&mut self, transport: Transport) {
        let id = self.edit_with("undo-add-server", |lab| lab.add_server(transport, catalog::default_model()));
        self.selection = Selection::Endpoint(id);
    }

    /// For the selected server if it speaks this transport, else for the first that does.
    fn add_client(&mut self, transport: Transport) {
        let selected = self.selection.endpoint();
        let id = self.edit_with("undo-add-client", |lab| {
            let speaks = || lab.servers.iter().filter(|s| s.transport == transport);
            let server = speaks().find(|s| Some(s.id) == selected).or_else(|| speaks().next()).map(|s| s.name.clone());
            lab.add_client(transport, server.as_deref())
        });
        self.selection = Selection::Endpoint(id);
    }

    fn duplicate(&mut self) {
        if let Some(id) = self.selection.endpoint()
            && let Some(copy) = self.edit_with("undo-duplicate", |lab| lab.duplicate(id))
        {
            self.trust.copied(self.doc.lab(), id, copy);
            self.selection = Selection::Endpoint(copy);
        }
    }

    /// Servers first, so that clients find them.
    fn start_all(&mut self) {
        let starts = self.doc.lab().names().map(|(id, _)| id).filter(|id| !self.is_up(*id)).map(Starting::new).collect();
        self.start_with_leave(starts);
    }

    /// Keys of commands, unless something else has the keyboard.
    pub(super) fn shortcuts(&mut self, ctx: &Context, actions: &mut Vec<Action>) {
        if self.modal.is_some() {
            return;
        }
        let typing = ctx.text_edit_focused();
        let at_name = ctx.memory(|m| m.has_focus(super::lab_name::name_id()));
        let mut commands: Vec<(KeyboardShortcut, UiCommand)> = UiCommand::all().filter_map(|c| Some((c.shortcut()?, c))).collect();
        // The key of `+` needs no Shift here: Ctrl and `=` is what people press.
        commands.push((KeyboardShortcut::new(Modifiers::COMMAND, Key::Equals), UiCommand::ZoomIn));
        // Shift is ignored by a shortcut that does not name it: those that do go first.
        commands.sort_by_key(|(s, _)| !s.modifiers.shift);
        for (shortcut, command) in commands {
            // Without a lesson these keys are the panels' own.
            let is_idle = matches!(command, UiCommand::LessonNext | UiCommand::LessonPrevious) && self.course.is_none();
            let is_elsewhere = is_idle || (typing && belongs_to_typing(command));
            if !is_elsewhere && ctx.input_mut(|i| i.consume_shortcut(&shortcut)) {
                let command = if command == UiCommand::Rename && at_name { UiCommand::RenameLab } else { command };
                actions.push(Action::Ui(command));
            }
        }
    }
}

/// What a text field does itself while it has the keyboard, and what acts on the selection: typing must never start, copy
/// or remove an endpoint. Files, views and *everything* (F5) have keys that no field knows.
fn belongs_to_typing(command: UiCommand) -> bool {
    match command {
        UiCommand::Undo
        | UiCommand::Redo
        | UiCommand::Remove
        | UiCommand::Duplicate
        | UiCommand::Rename
        | UiCommand::RenameLab
        | UiCommand::StartOrStopSelected => true,
        UiCommand::FinishSelected
        | UiCommand::PauseLanes
        | UiCommand::StepCall
        | UiCommand::StepToWait
        | UiCommand::RunLanes
        | UiCommand::NewLab
        | UiCommand::OpenLab
        | UiCommand::OpenPreset(_)
        | UiCommand::Gallery
        | UiCommand::FirstLesson
        | UiCommand::LessonNext
        | UiCommand::LessonPrevious
        | UiCommand::LessonPresent
        | UiCommand::LessonExport
        | UiCommand::LessonClose
        | UiCommand::SaveLab
        | UiCommand::SaveLabAs
        | UiCommand::Quit
        | UiCommand::AddServer(_)
        | UiCommand::AddClient(_)
        | UiCommand::StartAll
        | UiCommand::StopAll
        | UiCommand::Freeze
        | UiCommand::ClearTraffic
        | UiCommand::Palette
        | UiCommand::ToggleLanguage
        | UiCommand::ToggleTheme
        | UiCommand::WorkspaceExplore
        | UiCommand::WorkspaceIoModels
        | UiCommand::WorkspaceBacklog
        | UiCommand::WorkspaceTraffic
        | UiCommand::ShowCode
        | UiCommand::ResetLayout
        | UiCommand::ZoomIn
        | UiCommand::ZoomOut
        | UiCommand::ZoomReset => false,
    }
}

fn zoom(ctx: &Context, factor: f32) {
    ctx.set_zoom_factor((factor * 10.0).round().clamp(ZOOM.start() * 10.0, ZOOM.end() * 10.0) / 10.0);
}
