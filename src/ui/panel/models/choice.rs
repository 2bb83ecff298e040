//! The models as a person may choose them for one server: their groups, a sentence about each, why one cannot be taken, and
//! the switch itself. Shared by the Inspector and the large switch; it draws nothing.

use crate::engine::catalog::{self, ModelGroup, ModelInfo};
use crate::engine::{SessionState, SessionView};
use crate::lab::{EndpointId, Server, Transport};
use crate::tr;
use crate::ui::{Action, Cx, Language, Text};

/// The groups in the order of the editor, with the locale keys of their heads.
pub const GROUPS: [(ModelGroup, &str); 3] = [
    (ModelGroup::Blocking, "inspector-group-blocking"),
    (ModelGroup::Multiplexing, "inspector-group-multiplexing"),
    (ModelGroup::Other, "inspector-group-other"),
];

/// Why a server over this transport cannot take a model; `None` when it can.
pub fn refusal(text: &Text, model: &ModelInfo, transport: Transport) -> Option<String> {
    let missing = model.missing.map(|why| tr!(text, "inspector-missing", reason = reason(text, model.id, "missing", why)));
    missing.or_else(|| no_datagrams(text, model, transport))
}

/// Why a model cannot serve over this transport, on any system; `None` when it can.
pub fn no_datagrams(text: &Text, model: &ModelInfo, transport: Transport) -> Option<String> {
    let why = model.no_datagrams.filter(|_| !transport.is_stream())?;
    Some(tr!(text, "inspector-no-datagrams", model = model.id, reason = reason(text, model.id, "no-datagrams", why)))
}

/// A reason in the person's language; of one without words here, the code's own.
pub fn reason(text: &Text, model: &str, what: &str, said: &str) -> String {
    let key = format!("model-{model}-{what}");
    let found = text.get(&key);
    if found == key { said.to_owned() } else { found.into_owned() }
}

/// What a model says on hover: why not, else what it does.
pub fn tip(text: &Text, model: &ModelInfo, transport: Transport) -> String {
    refusal(text, model, transport).unwrap_or_else(|| sentence(text, model.id, model.summary))
}

/// One sentence about a model; of one without words here, its summary.
pub fn sentence(text: &Text, model: &str, summary: &str) -> String {
    let key = format!("model-{model}");
    let found = text.get(&key);
    if found == key { summary.to_owned() } else { found.into_owned() }
}

/// About the model in force, and what a switch does now.
pub fn about(cx: &Cx<'_>, server: &Server) -> String {
    let summary = catalog::models().find(|m| m.id == server.model).map_or("", |m| m.summary);
    // A Chinese full stop brings its own space.
    let space = match cx.text.language() {
        Language::English => " ",
        Language::Chinese => "",
    };
    let switch = match cx.snap.session(server.id).filter(|s| s.state == SessionState::Running) {
        Some(session) => tr!(cx.text, "inspector-switch-running", count = session.counters.open),
        None => tr!(cx.text, "inspector-switch-stopped"),
    };
    format!("{}{space}{switch}", sentence(cx.text, &server.model, summary))
}

/// Gives a server another model; one that runs is started anew with it.
pub fn switch(cx: &mut Cx<'_>, id: EndpointId, model: &ModelInfo) {
    cx.edit("inspector-edit-model", None, |lab| {
        if let Some(server) = lab.server_mut(id) {
            model.id.clone_into(&mut server.model);
            // What the new one has too is kept; the rest would be refused at the start.
            server.model_settings.keep_valid(model.settings);
        }
    });
    if is_active(cx.snap.session(id).map(|s| &**s)) {
        cx.act(Action::Restart(id));
    }
}

/// Whether it is up or on its way.
pub fn is_active(session: Option<&SessionView>) -> bool {
    session.is_some_and(|s| match s.state {
        SessionState::Starting | SessionState::Running | SessionState::Stopping => true,
        SessionState::Stopped | SessionState::Failed => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_system_first_and_then_the_transport() {
        let text = Text::new(Language::English);
        let some = catalog::models().next().unwrap();
        let stream_only = ModelInfo { id: "made-up", missing: None, no_datagrams: Some("there is no connection to hand over"), ..some };
        assert_eq!(refusal(&text, &stream_only, Transport::Tcp), None);
        assert!(
            refusal(&text, &stream_only, Transport::Udp).unwrap().contains("no connection to hand over"),
            "of a model without words, what the code says"
        );
        let elsewhere = ModelInfo { missing: Some("kqueue exists on macOS"), ..stream_only };
        assert!(refusal(&text, &elsewhere, Transport::Udp).unwrap().contains("macOS"));
        assert_eq!(sentence(&text, "no such model", "a summary"), "a summary");
    }
}
