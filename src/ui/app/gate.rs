//! The gate before a server's calls, and the quiet end of a server: which one a command means. What a gate does is the
//! engine's affair.

use eframe::egui::Context;

use crate::engine::{self, GateMove, SessionState};
use crate::lab::EndpointId;
use crate::ui::panel::stepper::subject;

use super::App;

impl App {
    /// The running server whose lanes are stepped: the one that the Stepper shows.
    pub(super) fn stepped(&self) -> Option<EndpointId> {
        subject::server(self.doc.lab(), self.shown(), self.selection).map(|s| s.id).filter(|id| self.serves(*id))
    }

    /// The selected server, if it runs.
    pub(super) fn running_server_selected(&self) -> Option<EndpointId> {
        self.selection.endpoint().filter(|id| self.doc.lab().server(*id).is_some() && self.serves(*id))
    }

    fn serves(&self, id: EndpointId) -> bool {
        self.live.session(id).is_some_and(|s| s.state == SessionState::Running)
    }

    /// Moves the lane that was chosen in the Stepper, or all of them.
    pub(super) fn gate(&mut self, ctx: &Context, gate: GateMove) {
        let Some(session) = self.stepped() else { return };
        let lane = self.live.session(session).and_then(|s| subject::chosen_lane(ctx, s)).map(|lane| lane.id);
        self.tell(engine::Command::Gate { session, lane, gate });
    }

    pub(super) fn finish_selected(&mut self) {
        if let Some(id) = self.running_server_selected() {
            self.tell(engine::Command::Finish(id));
        }
    }
}
