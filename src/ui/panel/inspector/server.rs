//! How a server waits, and what it is.

use eframe::egui::{DragValue, Label, Ui};

use super::draft::{Drafts, Field, merge_id};
use super::{accept, row, settings};
use crate::engine::catalog;
use crate::engine::{SessionState, SessionView};
use crate::lab::{Address, AddressError, EndpointId, MAX_BACKLOG, Server, Transport};
use crate::tr;
use crate::ui::panel::models::choice;
use crate::ui::theme::Type;
use crate::ui::widget::controls::{FieldSpec, Segment, combo as combo_box, error_line, section, segmented, with_edge, words};
use crate::ui::{Cx, failure_words};

/// Every model in its group, the one in use, what can be set about it, one sentence, and what a switch does.
pub fn waits_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, drafts: &mut Drafts) {
    let theme = cx.theme;
    section(ui, theme, Some(&tr!(cx.text, "inspector-waits")), |ui| {
        for (group, key) in choice::GROUPS {
            let models: Vec<_> = catalog::models().filter(|m| m.group == group).collect();
            if models.is_empty() {
                continue;
            }
            ui.label(words(tr!(cx.text, key), Type::Caption, theme.colors.text_3));
            let segments: Vec<_> = models
                .iter()
                .map(|model| Segment {
                    label: model.id.to_owned(),
                    tip: choice::tip(cx.text, model, server.transport),
                    enabled: choice::refusal(cx.text, model, server.transport).is_none(),
                    selected: model.id == server.model,
                })
                .collect();
            if let Some(model) = segmented(ui, theme, 4, &segments).and_then(|i| models.get(i)).filter(|m| m.id != server.model) {
                choice::switch(cx, server.id, model);
            }
        }
        ui.add(Label::new(words(choice::about(cx, server), Type::Caption, theme.colors.text_2)).wrap());
        let Some(model) = catalog::models().find(|m| m.id == server.model) else { return };
        // The transport may have changed under a model that was chosen before.
        if let Some(why) = choice::refusal(cx.text, &model, server.transport) {
            error_line(ui, theme, &why);
        }
        settings::ui(ui, cx, server, settings::Of::Model(&model), drafts);
    });
}

/// Transport, address, service, backlog.
pub fn is_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, drafts: &mut Drafts) {
    let theme = cx.theme;
    section(ui, theme, Some(&tr!(cx.text, "inspector-is")), |ui| {
        row(ui, cx, "inspector-transport", |ui, cx| {
            let model = catalog::model(&server.model);
            let refusal = |transport| model.and_then(|model| choice::no_datagrams(cx.text, &model, transport));
            if let Some(transport) = transport_combo(ui, cx, server.transport, refusal) {
                let number = server.id.0 as usize;
                cx.edit("inspector-edit-transport", None, |lab| {
                    if let Some(server) = lab.server_mut(server.id) {
                        if server.transport.is_unix() != transport.is_unix() {
                            server.address = Address::suggestion(transport, number);
                        }
                        server.transport = transport;
                    }
                });
            }
        });
        address_ui(ui, cx, server.id, server.transport, &server.address, drafts, |lab, id, address| {
            if let Some(server) = lab.server_mut(id) {
                server.address = address;
            }
        });
        chosen_port_ui(ui, cx, server);
        if catalog::may_bind(&server.address) == Some(false) {
            ui.add(Label::new(words(tr!(cx.text, "inspector-port-privileged"), Type::Caption, theme.colors.text_2)).wrap());
        }
        row(ui, cx, "inspector-service", |ui, cx| service_combo(ui, cx, server));
        let services = catalog::services().find(|s| s.id == server.service);
        if let Some(catalog::ServiceInfo { id, summary, .. }) = services {
            let key = format!("service-{id}");
            let found = cx.text.get(&key);
            let about = if found == key { summary.to_owned() } else { found.into_owned() };
            ui.add(Label::new(words(about, Type::Caption, theme.colors.text_2)).wrap());
        }
        if let Some(service) = services {
            settings::ui(ui, cx, server, settings::Of::Service(&service), drafts);
        }
        if server.transport.is_stream() {
            row(ui, cx, "inspector-backlog", |ui, cx| backlog_ui(ui, cx, server));
            accept::in_force_ui(ui, cx, server);
        }
    });
}

/// The kinds of socket; answers another one than `now` when it was chosen. What the system lacks, or `refusal` gives a reason
/// against, cannot be.
pub fn transport_combo(ui: &mut Ui, cx: &Cx<'_>, now: Transport, refusal: impl Fn(Transport) -> Option<String>) -> Option<Transport> {
    let word = |t: Transport| tr!(cx.text, &format!("inspector-transport-{}", t.id()));
    let mut chosen = now;
    let combo = combo_box("transport").width(ui.available_width()).selected_text(word(now)).show_ui(ui, |ui| {
        for (transport, missing) in catalog::transports() {
            let button = eframe::egui::Button::selectable(transport == now, word(transport));
            let why = missing.map(|reason| tr!(cx.text, "inspector-missing", reason = reason)).or_else(|| refusal(transport));
            let response = ui.add_enabled(why.is_none(), button);
            if let Some(why) = why {
                response.on_disabled_hover_text(why);
            } else if response.clicked() {
                chosen = transport;
            }
        }
    });
    combo.response.accessible_name(tr!(cx.text, "inspector-transport")).on_hover_text(tr!(cx.text, "inspector-transport-tip"));
    (chosen != now).then_some(chosen)
}

/// Host and port, or a path, checked while typing.
pub fn address_ui(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    id: EndpointId,
    transport: Transport,
    address: &Address,
    drafts: &mut Drafts,
    write: impl FnOnce(&mut crate::lab::Lab, EndpointId, Address),
) {
    let (host, port, path) = match address {
        Address::Inet { host, port } => (host.clone(), port.to_string(), String::new()),
        Address::Path(path) => (String::new(), String::new(), path.clone()),
    };
    let theme = cx.theme;
    let mut changed = false;
    let parsed = if transport.is_unix() {
        row(ui, cx, "inspector-path", |ui, cx| {
            let draft = drafts.text(id, Field::Path, &path);
            let bad = Address::path(draft).is_err();
            let (name, tip) = (tr!(cx.text, "inspector-path"), tr!(cx.text, "inspector-path-tip"));
            let spec = FieldSpec { name: &name, tip: &tip, hint: "", width: ui.available_width(), bad, id: field_id(id, "path") };
            changed = spec.show(ui, theme, draft).changed();
        });
        Address::path(drafts.text(id, Field::Path, &path))
    } else {
        row(ui, cx, "inspector-address", |ui, cx| {
            let typed = (drafts.text(id, Field::Host, &host).clone(), drafts.text(id, Field::Port, &port).clone());
            let bad = Address::inet(&typed.0, &typed.1).err();
            let bad_port = matches!(bad, Some(AddressError::BadPort(_)));
            let bad_host = bad.is_some() && !bad_port;
            let (name, tip) = (tr!(cx.text, "inspector-host"), tr!(cx.text, "inspector-host-tip"));
            let width = ui.available_width() - 64.0 - ui.spacing().item_spacing.x;
            let spec = FieldSpec { name: &name, tip: &tip, hint: "", width, bad: bad_host, id: field_id(id, "host") };
            changed |= spec.show(ui, theme, drafts.text(id, Field::Host, &host)).changed();
            let (name, tip) = (tr!(cx.text, "inspector-port"), tr!(cx.text, "inspector-port-tip"));
            let spec = FieldSpec { name: &name, tip: &tip, hint: "", width: 64.0, bad: bad_port, id: field_id(id, "port") };
            changed |= spec.show(ui, theme, drafts.text(id, Field::Port, &port)).changed();
        });
        let typed = (drafts.text(id, Field::Host, &host).clone(), drafts.text(id, Field::Port, &port).clone());
        Address::inet(&typed.0, &typed.1)
    };
    match parsed {
        Ok(new) if changed => {
            match &new {
                Address::Inet { host, port } => {
                    drafts.taken(id, Field::Host, host.clone());
                    drafts.taken(id, Field::Port, port.to_string());
                }
                Address::Path(path) => drafts.taken(id, Field::Path, path.clone()),
            }
            cx.edit("inspector-edit-address", merge_id(id, "address"), |lab| write(lab, id, new));
        }
        Ok(_) => {}
        Err(error) => error_line(ui, theme, &failure_words::address_error(cx.text, &error)),
    }
}

/// Identity of a field's cursor.
pub fn field_id(id: EndpointId, what: &'static str) -> eframe::egui::Id {
    eframe::egui::Id::unique(("inspector", id.0, what))
}

/// Port 0: which one the system chose.
fn chosen_port_ui(ui: &mut Ui, cx: &Cx<'_>, server: &Server) {
    if !matches!(server.address, Address::Inet { port: 0, .. }) {
        return;
    }
    let running = |s: &SessionView| s.state == SessionState::Running;
    let port = cx.snap.session(server.id).filter(|s| running(s)).and_then(|s| s.local.as_deref()?.rsplit_once(':')).map(|(_, port)| port);
    let line = match port {
        Some(port) => tr!(cx.text, "inspector-port-chosen", port = port),
        None => tr!(cx.text, "inspector-port-zero"),
    };
    ui.label(words(line, Type::Caption, cx.theme.colors.text_2));
}

fn service_combo(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server) {
    let mut chosen = None;
    let combo = combo_box("service").width(ui.available_width()).selected_text(&server.service).show_ui(ui, |ui| {
        for service in catalog::services() {
            if ui.selectable_label(service.id == server.service, service.id).on_hover_text(service.summary).clicked() {
                chosen = Some(service);
            }
        }
    });
    combo.response.accessible_name(tr!(cx.text, "inspector-service")).on_hover_text(tr!(cx.text, "inspector-service-tip"));
    if let Some(service) = chosen {
        cx.edit("inspector-edit-service", None, |lab| {
            if let Some(server) = lab.server_mut(server.id) {
                service.id.clone_into(&mut server.service);
                server.service_settings.keep_valid(service.settings);
            }
        });
    }
}

fn backlog_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server) {
    let mut backlog = server.backlog;
    let drag = DragValue::new(&mut backlog).range(0..=MAX_BACKLOG).fixed_decimals(0).speed(0.1);
    let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([80.0, 28.0], drag));
    response.accessible_name(tr!(cx.text, "inspector-backlog")).on_hover_text(tr!(cx.text, "inspector-backlog-tip"));
    // Linux completes n + 1 (net/ipv4: sk_acceptq_is_full compares with >); other systems round or scale n.
    let line = if cfg!(target_os = "linux") {
        tr!(cx.text, "inspector-backlog-linux", n = backlog, places = u64::from(backlog) + 1)
    } else {
        tr!(cx.text, "inspector-backlog-other", n = backlog)
    };
    ui.add(Label::new(words(line, Type::Caption, cx.theme.colors.text_2)).wrap());
    if backlog != server.backlog {
        cx.edit("inspector-edit-backlog", merge_id(server.id, "backlog"), |lab| {
            if let Some(server) = lab.server_mut(server.id) {
                server.backlog = backlog;
            }
        });
    }
}
