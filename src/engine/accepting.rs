//! What a person does to a running listener: another backlog, another pace, one client more. Every command returns at once.

use std::sync::Arc;

use super::control::Core;
use super::session::Link;
use super::{Cause, EventKind, Failure, Operation, Spec};
use crate::lab::{AcceptPace, EndpointId};
use crate::model::Control;

impl Core {
    /// `listen(n)` again. What was asked for is shown from then on; what is in force is the probe's to find.
    pub(super) fn set_backlog(&mut self, id: EndpointId, backlog: u32) {
        let Some(control) = self.listener(id, Operation::Listen) else { return };
        let listened = control.listen(backlog);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let endpoint = session.local.clone().unwrap_or_else(|| Arc::clone(&session.name));
        if let Err(error) = listened {
            let failure = match (error.kind(), error.raw_os_error()) {
                (std::io::ErrorKind::Unsupported, None) => {
                    Failure::because(Operation::Listen, endpoint, Cause::NotAvailable(error.to_string().into()))
                }
                _ => Failure::new(Operation::Listen, endpoint, &error),
            };
            return self.emit(id, EventKind::Trouble(failure));
        }
        let Spec::Server(server) = &mut *session.spec else { return };
        let from = std::mem::replace(&mut server.backlog, backlog);
        session.shown.stale = true;
        if from != backlog {
            self.emit(id, EventKind::BacklogChanged { from, to: backlog });
        }
    }

    pub(super) fn set_pace(&mut self, id: EndpointId, pace: AcceptPace) {
        let Some(control) = self.listener(id, Operation::Accept) else { return };
        control.set_pace(pace);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if let Spec::Server(server) = &mut *session.spec {
            server.life.accept_pace = pace;
        }
        session.shown.stale = true;
    }

    pub(super) fn accept_one(&mut self, id: EndpointId) {
        if let Some(control) = self.listener(id, Operation::Accept) {
            control.accept_one();
        }
    }

    /// The way to a running server that listens; else the answer why there is none.
    fn listener(&mut self, id: EndpointId, operation: Operation) -> Option<Arc<Control>> {
        let (control, stream, name) = match self.sessions.get(&id) {
            Some(session) => match &session.link {
                Link::Server { control: Some(control), .. } => {
                    (Arc::clone(control), session.transport.is_stream(), Arc::clone(&session.name))
                }
                Link::Server { control: None, .. } | Link::Client { .. } | Link::None => {
                    self.not_running(id, operation);
                    return None;
                }
            },
            None => {
                self.not_running(id, operation);
                return None;
            }
        };
        if !stream {
            let words = "datagram sockets neither listen nor accept";
            self.emit(id, EventKind::Trouble(Failure::because(operation, name, Cause::Other(words.into()))));
            return None;
        }
        Some(control)
    }
}
