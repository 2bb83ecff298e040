//! Carrying out what panels asked for, after the frame.

use eframe::egui::Context;

use crate::engine::{self, EngineGone};
use crate::lab::{EndpointId, Lab};
use crate::ui::{Action, ExportData, Selection};

use super::file_flow::Then;
use super::files::Content;
use super::modal::Modal;
use super::session::is_up;
use super::trust::Risk;
use super::{App, Said};

/// An endpoint that is to be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Starting {
    pub id: EndpointId,
    /// Stopped first when it runs.
    pub anew: bool,
    /// A client opens so many connections instead of its own.
    pub by_hand: Option<u32>,
}

impl Starting {
    pub fn new(id: EndpointId) -> Self {
        Self { id, anew: false, by_hand: None }
    }
}

impl App {
    /// Edits first: a start or restart of the same frame must see them.
    pub(super) fn carry_out(&mut self, ctx: &Context, actions: Vec<Action>) {
        let (edits, rest): (Vec<_>, Vec<_>) = actions.into_iter().partition(|a| matches!(a, Action::Edit { .. }));
        for action in edits.into_iter().chain(rest) {
            self.act(ctx, action);
        }
    }

    fn act(&mut self, ctx: &Context, action: Action) {
        match action {
            Action::Ui(command) => self.command(ctx, command),
            Action::Engine(command) => self.tell(command),
            Action::Start(id) => self.start_with_leave(vec![Starting::new(id)]),
            Action::OpenMore { client, count } => self.open_more(client, count),
            Action::OpenLesson(id) => self.leave_lab(ctx, Then::Lesson(id)),
            Action::Stop(id) => self.tell(engine::Command::Stop(id)),
            Action::Restart(id) => self.start_with_leave(vec![Starting { anew: true, ..Starting::new(id) }]),
            Action::Select(selection) => self.selection = selection,
            Action::Edit { lab, what, merge } => self.edit(*lab, what, merge),
            Action::KeepOwn(packets) => self.own.keep(packets),
            Action::ImportPackets => self.import_packets(ctx),
            Action::Record { limit_bytes } => self.save_export(ctx, "traffic.pcapng".to_owned(), Content::Recording(limit_bytes)),
            Action::Say(words) => self.said = Said::Words(words),
            Action::Copy(text) => ctx.copy_text(text),
            Action::Export(name, ExportData::Text(text)) => self.save_export(ctx, name, Content::Text(text)),
            Action::Export(name, ExportData::Rows(rows)) => self.save_export(ctx, name, Content::Rows(rows)),
            Action::Export(name, ExportData::Picture(rect)) => self.take_picture(ctx, name, rect),
        }
    }

    /// More connections of a client; one that does not run is started with these alone.
    fn open_more(&mut self, client: EndpointId, count: u32) {
        if self.is_up(client) {
            self.tell(engine::Command::Open { client, count });
        } else {
            self.start_with_leave(vec![Starting { by_hand: Some(count), ..Starting::new(client) }]);
        }
    }

    /// Hands a command to the engine; a refusal is told, never waited for.
    pub(super) fn tell(&mut self, command: engine::Command) {
        let sent = self.engine.as_ref().map_or(Err(EngineGone::Stopped), |e| e.send(command));
        match sent {
            Ok(()) => {}
            Err(EngineGone::Stopped) => self.said = Said::Key("shell-engine-stopped"),
            Err(EngineGone::Busy) => self.said = Said::Key("shell-engine-busy"),
        }
    }

    /// Starts these, after a question when the lab's file would have other machines notice it. Until it is answered nothing
    /// of the request starts.
    pub(super) fn start_with_leave(&mut self, mut starts: Vec<Starting>) {
        if let Some(Modal::Network { starts: waiting, .. }) = &self.modal {
            starts.splice(0..0, waiting.iter().copied());
        }
        let risks = self.trust.questions(self.doc.lab(), starts.iter().map(|s| s.id));
        if risks.is_empty() {
            self.start_now(&starts);
        } else {
            self.modal = Some(Modal::Network { starts, risks });
        }
    }

    /// The person agreed.
    pub(super) fn start_agreed(&mut self, starts: &[Starting], risks: &[Risk]) {
        self.trust.agree(risks);
        self.start_now(starts);
    }

    fn start_now(&mut self, starts: &[Starting]) {
        for Starting { id, anew, by_hand } in starts.iter().copied() {
            let lab = self.doc.lab();
            let command = match by_hand {
                _ if anew && self.is_up(id) => self.sessions.restart(lab, id),
                None => self.sessions.start(lab, id),
                Some(_) => self.sessions.start_empty(lab, id),
            };
            if let Some(command) = command {
                self.tell(command);
            }
            if let Some(count) = by_hand {
                self.tell(engine::Command::Open { client: id, count });
            }
        }
    }

    /// Whether an endpoint runs now (not in a frozen picture).
    pub(super) fn is_up(&self, id: EndpointId) -> bool {
        self.live.session(id).is_some_and(|s| is_up(s.state))
    }

    fn edit(&mut self, lab: Lab, what: &'static str, merge: Option<u64>) {
        let before = self.doc.lab().clone();
        self.doc.edit(lab, what, merge);
        self.follow(&before);
    }

    /// Changes the lab as one undo step.
    pub(super) fn edit_with<R>(&mut self, what: &'static str, change: impl FnOnce(&mut Lab) -> R) -> R {
        let mut lab = self.doc.lab().clone();
        let answer = change(&mut lab);
        self.edit(lab, what, None);
        answer
    }

    /// Tells the engine how the lab differs from before and lets the selection follow.
    pub(super) fn follow(&mut self, before: &Lab) {
        for command in self.sessions.changes(before, self.doc.lab(), &self.live) {
            self.tell(command);
        }
        let there = |id: EndpointId| self.doc.lab().names().any(|(other, _)| other == id);
        if self.selection.endpoint().is_some_and(|id| !there(id)) {
            self.selection = Selection::None;
        }
    }
}
