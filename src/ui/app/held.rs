//! What the status bar says while a lane is held at the gate: which one, and with which keys it goes on. It moves nothing.

use eframe::egui::{Context, Label, RichText, Sense, Ui};

use crate::engine::{LaneDoing, SessionView};
use crate::lab::EndpointId;
use crate::tr;
use crate::ui::panel::stepper::{call_words, subject};
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::format;
use crate::ui::{Action, Selection, UiCommand};

use super::App;

/// Held lanes of one session.
struct Held<'a> {
    session: &'a SessionView,
    /// The one that has stood longest, and before what.
    lane: &'a str,
    call: String,
    count: usize,
}

impl<'a> Held<'a> {
    fn of(session: &'a SessionView) -> Option<Self> {
        let held = session.lanes.iter().filter_map(|lane| match lane.doing {
            LaneDoing::AtGate { call, fd, since } => Some((since, lane, call, fd)),
            LaneDoing::Running | LaneDoing::InCall { .. } | LaneDoing::Gone => None,
        });
        let count = held.clone().count();
        let (_, lane, call, fd) = held.min_by_key(|(since, ..)| *since)?;
        Some(Self { session, lane: &lane.name, call: call_words(call, fd), count })
    }
}

impl App {
    /// The sentence about what is held, and which server to select for the keys to mean it (`None`: they do already).
    fn held_words(&self, ctx: &Context) -> Option<(String, EndpointId)> {
        let snap = self.shown();
        let stepped = subject::server(self.doc.lab(), snap, self.selection).map(|server| server.id);
        let mut held: Vec<Held<'_>> = snap.sessions.iter().filter_map(|session| Held::of(session)).collect();
        // First the one that the keys mean.
        held.sort_by_key(|held| Some(held.session.id) != stepped);
        let (first, others) = held.split_first()?;
        let key = |command: UiCommand| command.shortcut().map_or_else(String::new, |shortcut| ctx.format_shortcut(&shortcut));
        let (server, call) = (first.session.name.to_string(), first.call.clone());
        let mut words = match first.count {
            // A thread that serves alone has the server's name.
            1 if *first.lane == *server => tr!(self.text, "shell-held-server", server = server, call = call),
            1 => tr!(self.text, "shell-held-one", server = server, lane = first.lane.to_owned(), call = call),
            n => tr!(self.text, "shell-held-many", server = server, n = n, figure = format::count(n as u64)),
        };
        if !others.is_empty() {
            words = tr!(self.text, "shell-held-others", held = words, n = others.len());
        }
        let (step, run) = (key(UiCommand::StepCall), key(UiCommand::RunLanes));
        let go_on = if Some(first.session.id) == stepped { "shell-held-keys" } else { "shell-held-select" };
        Some((tr!(self.text, go_on, held = words, step = step, run = run), first.session.id))
    }

    /// Says it, with the sign of a pause. A click selects the server. `false` when nothing is held.
    pub(super) fn held_ui(&self, ui: &mut Ui, actions: &mut Vec<Action>) -> bool {
        let Some((words, server)) = self.held_words(ui.ctx()) else { return false };
        let accent = self.theme.colors.accent;
        let between = std::mem::replace(&mut ui.spacing_mut().item_spacing.x, space::XS);
        ui.label(RichText::new(icons::PAUSE).font(icons::font_fill(13.0)).color(accent));
        let label = Label::new(RichText::new(&words).font(Type::Caption.font()).color(accent)).truncate().sense(Sense::click());
        let tip = tr!(self.text, "shell-held-tip", held = words);
        if ui.add(label).on_hover_text(tip).clicked() {
            actions.push(Action::Select(Selection::Endpoint(server)));
        }
        ui.spacing_mut().item_spacing.x = between;
        true
    }
}
