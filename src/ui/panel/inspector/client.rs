//! What a client connects to and how patiently; its connections live.

use eframe::egui::{Checkbox, DragValue, Label, Ui};

use super::draft::{Drafts, Field, merge_id};
use super::server::{address_ui, field_id, transport_combo};
use super::{opening, row};
use crate::engine::catalog;
use crate::engine::{CloseHow, Command, ConnPick, SessionState};
use crate::lab::{Address, AfterEnd, Client, EndpointId, Lab, MAX_CONNECTIONS, MAX_WAIT_MS, Reconnect, Target, Transport};
use crate::tr;
use crate::ui::theme::Type;
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{FieldSpec, combo as combo_box, error_line, section, with_edge, words};
use crate::ui::widget::format;
use crate::ui::{Action, Cx, failure_words};

/// Changes one client of the lab.
fn edit(cx: &mut Cx<'_>, id: EndpointId, what: &'static str, merge: Option<u64>, change: impl FnOnce(&mut Client)) {
    cx.edit(what, merge, |lab| {
        if let Some(client) = lab.client_mut(id) {
            change(client);
        }
    });
}

/// Target, transport, local address, patience.
pub fn is_ui(ui: &mut Ui, cx: &mut Cx<'_>, client: &Client, drafts: &mut Drafts) {
    let theme = cx.theme;
    section(ui, theme, Some(&tr!(cx.text, "inspector-client-is")), |ui| {
        row(ui, cx, "inspector-target", |ui, cx| target_combo(ui, cx, client));
        row(ui, cx, "inspector-transport", |ui, cx| {
            if let Some(transport) = transport_combo(ui, cx, client.transport, |_| None) {
                let lab = cx.lab;
                edit(cx, client.id, "inspector-edit-transport", None, |client| change_transport(lab, client, transport));
            }
        });
        match &client.target {
            Target::Address(address) => address_ui(ui, cx, client.id, client.transport, address, drafts, |lab, id, address| {
                if let Some(client) = lab.client_mut(id) {
                    client.target = Target::Address(address);
                }
            }),
            Target::Server(name) if cx.lab.server_named(name).is_none() => {
                error_line(ui, theme, &tr!(cx.text, "inspector-target-gone", name = name.as_str()));
            }
            Target::Server(_) => {}
            Target::Pair => {
                ui.add(Label::new(words(tr!(cx.text, "inspector-pair-about"), Type::Caption, theme.colors.text_2)).wrap());
                if catalog::no_pairs().is_some() {
                    error_line(ui, theme, &tr!(cx.text, "inspector-pair-missing"));
                }
            }
        }
        let is_pair = client.target == Target::Pair;
        // Nobody binds, and nobody waits for an answer.
        if !is_pair {
            local_ui(ui, cx, client, drafts);
            timeout_ui(ui, cx, client);
        }
        row(ui, cx, "inspector-connections", |ui, cx| {
            let mut count = client.connections;
            let drag = DragValue::new(&mut count).range(0..=MAX_CONNECTIONS).fixed_decimals(0).speed(0.2);
            let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([96.0, 28.0], drag));
            response.accessible_name(tr!(cx.text, "inspector-connections")).on_hover_text(tr!(cx.text, "inspector-connections-tip"));
            if count == 0 {
                ui.add(Label::new(words(tr!(cx.text, "inspector-connections-zero"), Type::Caption, cx.theme.colors.text_2)).wrap());
            }
            if count != client.connections {
                edit(cx, client.id, "inspector-edit-connections", merge_id(client.id, "connections"), |c| c.connections = count);
            }
        });
        if is_pair {
            if client.transport.is_stream() {
                after_end_ui(ui, cx, client);
            }
            return;
        }
        if client.transport.is_stream() {
            after_end_ui(ui, cx, client);
            opening::ui(ui, cx, client);
        }
        let mut again = client.reconnect == Reconnect::Backoff;
        let label = words(tr!(cx.text, "inspector-reconnect"), Type::Body, theme.colors.text_1);
        if ui.add(Checkbox::new(&mut again, label)).on_hover_text(tr!(cx.text, "inspector-reconnect-tip")).changed() {
            let reconnect = if again { Reconnect::Backoff } else { Reconnect::Off };
            edit(cx, client.id, "inspector-edit-reconnect", None, |c| c.reconnect = reconnect);
        }
        let about = tr!(cx.text, if again { "inspector-reconnect-on" } else { "inspector-reconnect-off" });
        ui.add(Label::new(words(about, Type::Caption, theme.colors.text_2)).wrap());
    });
}

/// What it does when the other side ended.
fn after_end_ui(ui: &mut Ui, cx: &mut Cx<'_>, client: &Client) {
    let mut stays = client.after_end == AfterEnd::Stay;
    let label = words(tr!(cx.text, "inspector-after-end"), Type::Body, cx.theme.colors.text_1);
    if ui.add(Checkbox::new(&mut stays, label)).on_hover_text(tr!(cx.text, "inspector-after-end-tip")).changed() {
        let after_end = if stays { AfterEnd::Stay } else { AfterEnd::Close };
        edit(cx, client.id, "inspector-edit-after-end", None, |c| c.after_end = after_end);
    }
}

fn timeout_ui(ui: &mut Ui, cx: &mut Cx<'_>, client: &Client) {
    row(ui, cx, "inspector-timeout", |ui, cx| {
        let mut ms = client.connect_timeout_ms;
        let drag = DragValue::new(&mut ms).range(0..=MAX_WAIT_MS).fixed_decimals(0).speed(10.0).suffix(" ms");
        let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([96.0, 28.0], drag));
        response.accessible_name(tr!(cx.text, "inspector-timeout")).on_hover_text(tr!(cx.text, "inspector-timeout-tip"));
        if ms == 0 {
            ui.add(Label::new(words(tr!(cx.text, "inspector-timeout-zero"), Type::Caption, cx.theme.colors.text_2)).wrap());
        }
        if ms != client.connect_timeout_ms {
            edit(cx, client.id, "inspector-edit-timeout", merge_id(client.id, "timeout"), |c| c.connect_timeout_ms = ms);
        }
    });
}

fn target_combo(ui: &mut Ui, cx: &mut Cx<'_>, client: &Client) {
    let lab = cx.lab;
    let other = tr!(cx.text, "inspector-target-address");
    let pair = tr!(cx.text, "inspector-target-pair");
    let shown = match &client.target {
        Target::Server(name) => name.clone(),
        Target::Address(_) => other.clone(),
        Target::Pair => pair.clone(),
    };
    let mut chosen = None;
    let combo = combo_box("target").width(ui.available_width()).selected_text(shown).show_ui(ui, |ui| {
        for server in &lab.servers {
            let is = client.target == Target::Server(server.name.clone());
            let line = format!("{} · {}", server.name, server.address);
            if ui.selectable_label(is, line).clicked() {
                chosen = Some((Target::Server(server.name.clone()), server.transport));
            }
        }
        ui.separator();
        let is = matches!(client.target, Target::Address(_));
        if ui.selectable_label(is, &other).clicked() && !is {
            // It keeps the address it had, now by itself.
            let address = match &client.target {
                Target::Server(name) => lab.server_named(name).map(|s| s.address.clone()),
                Target::Address(_) | Target::Pair => None,
            };
            let address = address.unwrap_or_else(|| Address::suggestion(client.transport, 1));
            chosen = Some((Target::Address(address), client.transport));
        }
        if client.transport.is_unix() && ui.selectable_label(client.target == Target::Pair, &pair).clicked() {
            chosen = Some((Target::Pair, client.transport));
        }
    });
    combo.response.accessible_name(tr!(cx.text, "inspector-target")).on_hover_text(tr!(cx.text, "inspector-target-tip"));
    if let Some((target, transport)) = chosen {
        edit(cx, client.id, "inspector-edit-target", None, |client| {
            if client.transport.is_unix() != transport.is_unix() || target == Target::Pair {
                client.local = None;
            }
            (client.target, client.transport) = (target, transport);
        });
    }
}

/// A client's transport is that of its server: with another one it needs another server, or an address.
fn change_transport(lab: &Lab, client: &mut Client, transport: Transport) {
    let old = std::mem::replace(&mut client.transport, transport);
    let fits = |name: &str| lab.server_named(name).is_some_and(|s| s.transport == transport);
    let target = match &client.target {
        Target::Server(name) if fits(name) => None,
        Target::Server(_) => Some(match lab.servers.iter().find(|s| s.transport == transport) {
            Some(server) => Target::Server(server.name.clone()),
            None if transport.is_unix() => Target::Address(Address::suggestion(transport, 1)),
            None => Target::Address(Address::Inet { host: "127.0.0.1".into(), port: 7788 }),
        }),
        Target::Address(_) | Target::Pair if old.is_unix() == transport.is_unix() => None,
        Target::Address(_) if transport.is_unix() => Some(Target::Address(Address::suggestion(transport, 1))),
        Target::Address(_) | Target::Pair => Some(Target::Address(Address::Inet { host: "127.0.0.1".into(), port: 7788 })),
    };
    if let Some(target) = target {
        client.target = target;
    }
    if old.is_unix() != transport.is_unix() {
        client.local = None;
    }
}

fn local_ui(ui: &mut Ui, cx: &mut Cx<'_>, client: &Client, drafts: &mut Drafts) {
    let id = client.id;
    let lab_says = client.local.as_ref().map(ToString::to_string).unwrap_or_default();
    let parse = |text: &str| match text.trim() {
        "" => Ok(None),
        text => Address::parse(client.transport, text).map(Some),
    };
    let mut changed = false;
    row(ui, cx, "inspector-local", |ui, cx| {
        let draft = drafts.text(id, Field::Local, &lab_says);
        let bad = parse(draft).is_err();
        let (name, tip, hint) =
            (tr!(cx.text, "inspector-local"), tr!(cx.text, "inspector-local-tip"), tr!(cx.text, "inspector-local-hint"));
        let spec = FieldSpec { name: &name, tip: &tip, hint: &hint, width: ui.available_width(), bad, id: field_id(id, "local") };
        changed = spec.show(ui, cx.theme, draft).changed();
    });
    match parse(drafts.text(id, Field::Local, &lab_says)) {
        Ok(local) if changed => {
            drafts.taken(id, Field::Local, local.as_ref().map(ToString::to_string).unwrap_or_default());
            edit(cx, id, "inspector-edit-local", merge_id(id, "local"), |c| c.local = local);
        }
        Ok(_) => {}
        Err(error) => error_line(ui, cx.theme, &failure_words::address_error(cx.text, &error)),
    }
}

/// What is open now, and more or fewer of it.
pub fn connections_ui(ui: &mut Ui, cx: &mut Cx<'_>, client: &Client, count: &mut u32) {
    let Some(session) = cx.snap.session(client.id).filter(|s| s.state == SessionState::Running) else { return };
    let (theme, id) = (cx.theme, client.id);
    let counters = session.counters;
    let retry = session.retry;
    *count = (*count).clamp(1, MAX_CONNECTIONS);
    section(ui, theme, Some(&tr!(cx.text, "inspector-live")), |ui| {
        let (open, waiting) = (format::count(counters.open), format::count(counters.waiting));
        ui.label(words(tr!(cx.text, "inspector-live-line", open = open, waiting = waiting), Type::Body, theme.colors.text_1));
        if let Some(retry) = retry {
            let left = format::span(cx.text, retry.at.saturating_sub(cx.snap.at));
            ui.label(words(tr!(cx.text, "inspector-retry", attempt = retry.attempt, span = left), Type::Caption, theme.colors.text_2));
        }
        let live = counters.open + counters.waiting;
        let room = u64::from(MAX_CONNECTIONS).saturating_sub(live);
        ui.horizontal_wrapped(|ui| {
            let drag = DragValue::new(count).range(1..=MAX_CONNECTIONS).fixed_decimals(0).speed(0.2);
            let response = with_edge(ui, theme, false, |ui| ui.add_sized([72.0, 28.0], drag));
            response.accessible_name(tr!(cx.text, "inspector-count")).on_hover_text(tr!(cx.text, "inspector-count-tip"));
            let n = u64::from(*count);
            let (label, tip) = (
                tr!(cx.text, "inspector-open-more", n = format::count(n)),
                tr!(cx.text, "inspector-open-more-tip", max = format::count(MAX_CONNECTIONS.into())),
            );
            if (ButtonSpec { enabled: n <= room, ..ButtonSpec::new(&label, &tip) }).show(ui, theme).clicked() {
                cx.act(Action::Engine(Command::Open { client: id, count: *count }));
            }
            let (label, tip) = (tr!(cx.text, "inspector-close-n", n = format::count(n)), tr!(cx.text, "inspector-close-n-tip"));
            if (ButtonSpec { enabled: live > 0, ..ButtonSpec::new(&label, &tip) }).show(ui, theme).clicked() {
                cx.act(Action::Engine(Command::Close { session: id, pick: ConnPick::Newest(*count), how: CloseHow::Orderly }));
            }
        });
        ui.horizontal_wrapped(|ui| {
            for (how, key) in [
                (CloseHow::Orderly, "inspector-close-all"),
                (CloseHow::HalfClose, "inspector-half-all"),
                (CloseHow::Reset, "inspector-reset-all"),
            ] {
                let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
                if (ButtonSpec { enabled: live > 0, ..ButtonSpec::new(&label, &tip) }).show(ui, theme).clicked() {
                    cx.act(Action::Engine(Command::Close { session: id, pick: ConnPick::All, how }));
                }
            }
        });
    });
}
