//! One row of the tree: a server on two lines, a client on one. Painted by hand so that it keeps the height of the design.

use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align2, Color32, EventFilter, FontId, Id, Key, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, TextFormat, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use crate::engine::{ConnState, SessionState, SessionView};
use crate::lab::{Client, EndpointId, Server, Side, Target, Transport};
use crate::tr;
use crate::ui::theme::{Type, icons, radius, size, space};
use crate::ui::widget::controls::FieldSpec;
use crate::ui::widget::shapes::{self, Standing};
use crate::ui::{Action, Cx, Selection, UiCommand, failure_words};

use super::Renaming;

/// Width of the bar at the left of the selected row.
const SELECTION_BAR: f32 = 3.0;

/// The row of an endpoint, for the keyboard.
pub(super) fn row_id(id: EndpointId) -> Id {
    Id::unique(("lab row", id.0))
}

/// A server: name, model and state; transport and address or errno below.
pub(super) fn server_ui(ui: &mut Ui, cx: &mut Cx<'_>, server: &Server, renaming: &mut Option<Renaming>) {
    let session = cx.snap.session(server.id).cloned();
    let failed = session.as_deref().is_some_and(|s| s.state == SessionState::Failed);
    let address = server_address(server, session.as_deref());
    let state = state_words(cx, server.id, session.as_deref());
    let name = tr!(cx.text, "lab-row-server", name = server.name.as_str(), state = state.as_str(), address = address.as_str());
    let (rect, response) = row(ui, cx, server.id, Side::Server, size::ROW_SERVER, &name, renaming);
    let c = &cx.theme.colors;
    let first = rect.top() + 15.0;
    shapes::server(
        ui.painter(),
        cx.theme,
        pos2(rect.left() + space::M + 6.0, first),
        12.0,
        Standing::of(session.as_deref().map(|s| s.state)),
    );

    let text_left = rect.left() + space::M + 20.0;
    let right = rect.right() - space::M;
    state_icon(ui, cx, pos2(right, first), server.id, session.as_deref());
    if !rename_ui(ui, cx, server.id, Rect::from_min_max(pos2(text_left, rect.top() + 2.0), pos2(right - 22.0, rect.top() + 28.0)), renaming)
    {
        let badge = ui.painter().layout_no_wrap(server.model.clone(), Type::Data.at(11.0), c.text_2);
        let badge_size = badge.size() + vec2(10.0, 3.0);
        let room = right - 24.0 - text_left - badge_size.x - space::S;
        let end = line(ui, pos2(text_left, first), room, &server.name, Type::Strong.font(), c.text_1);
        let badge_rect = Rect::from_center_size(pos2(end + space::S + badge_size.x / 2.0, first), badge_size);
        ui.painter().rect_stroke(badge_rect, radius::CHIP, Stroke::new(1.0, c.line_control), StrokeKind::Inside);
        ui.painter().galley(badge_rect.center() - badge.size() / 2.0, badge, c.text_2);
    }
    let selected = cx.selection.endpoint() == Some(server.id);
    let ink = if failed {
        c.error.text
    } else if selected {
        c.text_2
    } else {
        c.text_3
    };
    // What went wrong, or is to do, stands at the right where the address leaves room; the octagon and the tooltip tell it too.
    let errno = session.as_deref().filter(|_| failed).and_then(|s| s.failure.as_ref()).map(|f| f.errno.unwrap_or("×").to_owned());
    let note = errno.or_else(|| cx.stale(server.id).then(|| tr!(cx.text, "lab-stale")));
    let second = pos2(right, rect.top() + 33.0);
    let words = format!("{} {address}", transport_word(server.transport));
    let end = line(ui, pos2(text_left, second.y), right - text_left, &words, Type::Data.at(11.5), ink);
    if let Some(note) = note {
        let ink = if failed { c.error.text } else { c.accent };
        let galley = ui.painter().layout_no_wrap(note, Type::Data.at(11.5), ink);
        if end + space::S + galley.size().x <= right {
            ui.painter().galley(second - vec2(galley.size().x, galley.size().y / 2.0), galley, ink);
        }
    }
    tooltip(cx, response, session.as_deref());
}

/// A client: number, name, and where it is connected or why it is not.
pub(super) fn client_ui(ui: &mut Ui, cx: &mut Cx<'_>, client: &Client, number: usize, renaming: &mut Option<Renaming>) {
    let session = cx.snap.session(client.id).cloned();
    let (words, bad) = client_words(cx, client, session.as_deref());
    let name = tr!(cx.text, "lab-row-client", name = client.name.as_str(), state = words.as_str());
    let (rect, response) = row(ui, cx, client.id, Side::Client, size::ROW_CLIENT, &name, renaming);
    let c = &cx.theme.colors;
    let middle = rect.center().y;
    let standing = Standing::of(session.as_deref().map(|s| s.state));
    shapes::client(ui.painter(), cx.theme, pos2(rect.left() + space::M + 8.5, middle), 8.5, standing.into(), &number.to_string());
    let (left, right) = (rect.left() + space::M + 25.0, rect.right() - space::M);
    if !rename_ui(ui, cx, client.id, Rect::from_min_max(pos2(left - 4.0, rect.top()), pos2(right, rect.bottom())), renaming) {
        // The name first; what is left tells the state, at the right.
        let end = line(ui, pos2(left, middle), (right - left) * 0.6, &client.name, Type::Body.font(), c.text_1);
        let ink = if bad { c.error.text } else { c.text_3 };
        line_right(ui, pos2(right, middle), right - end - space::S, &words, Type::Data.at(11.5), ink);
    }
    tooltip(cx, response, session.as_deref());
}

/// Ground, selection, clicks and menu that both kinds share.
fn row(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    id: EndpointId,
    side: Side,
    height: f32,
    name: &str,
    renaming: &mut Option<Renaming>,
) -> (Rect, Response) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    let response = ui.interact(rect, row_id(id), Sense::click());
    let selected = cx.selection.endpoint() == Some(id);
    response.widget_info(|| WidgetInfo::selected(Role::TreeItem, true, selected, name));
    let c = &cx.theme.colors;
    let ground = match (selected, response.hovered()) {
        (true, _) => c.selected,
        (false, true) => c.hover,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, 0.0, ground);
    if selected {
        let bar = Rect::from_min_size(rect.min, vec2(SELECTION_BAR, rect.height()));
        ui.painter().rect_filled(bar, 0.0, c.accent);
    }
    if response.has_focus() {
        let keys = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, keys));
        ui.painter().rect_stroke(rect.shrink(1.0), radius::BAR, Stroke::new(2.0, c.accent), StrokeKind::Inside);
    }
    if response.clicked() {
        response.request_focus();
    }
    if response.clicked() || response.secondary_clicked() {
        cx.act(Action::Select(Selection::Endpoint(id)));
    }
    if response.double_clicked() {
        *renaming = Renaming::of(id, cx);
    }
    response.context_menu(|ui| menu_ui(ui, cx, id, side));
    (rect, response)
}

/// Start or stop, duplicate, rename, remove. The row was selected by the click that opened it.
fn menu_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, side: Side) {
    ui.set_min_width(160.0);
    let up = cx.snap.session(id).is_some_and(|s| matches!(s.state, SessionState::Starting | SessionState::Running));
    let start_tip = match side {
        Side::Server => "lab-start-tip-server",
        Side::Client => "lab-start-tip-client",
    };
    let (key, tip, action) = if up { ("lab-stop", "lab-stop-tip", Action::Stop(id)) } else { ("lab-start", start_tip, Action::Start(id)) };
    if ui.button(tr!(cx.text, key)).on_hover_text(tr!(cx.text, tip)).clicked() {
        cx.act(action);
    }
    ui.separator();
    for command in [UiCommand::Duplicate, UiCommand::Rename, UiCommand::Remove] {
        let tip = cx.text.get(&format!("{}-tip", command.key())).into_owned();
        if ui.button(tr!(cx.text, command.key())).on_hover_text(tip).clicked() {
            cx.act(Action::Select(Selection::Endpoint(id)));
            cx.act(Action::Ui(command));
        }
    }
}

/// The field over the name while it is typed; false when this row is not being renamed.
fn rename_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, rect: Rect, renaming: &mut Option<Renaming>) -> bool {
    let Some(typing) = renaming.as_mut().filter(|r| r.id == id) else { return false };
    let name = tr!(cx.text, "lab-rename-name");
    let refused = tr!(cx.text, "lab-rename-taken");
    let tip = if typing.refused { &refused } else { &name };
    let field_id = Id::unique(("rename", id.0));
    let response = ui
        .scope_builder(UiBuilder::new().max_rect(rect), |ui| {
            let spec = FieldSpec { name: &name, tip, hint: "", width: rect.width(), bad: typing.refused, id: field_id };
            spec.show(ui, cx.theme, &mut typing.typed)
        })
        .inner;
    if typing.fresh {
        response.request_focus();
        typing.fresh = false;
        return true;
    }
    if response.changed() {
        typing.refused = false;
    }
    if typing.refused {
        response.show_tooltip_text(refused);
    }
    let (enter, escape) = ui.input(|i| (i.key_pressed(Key::Enter), i.key_pressed(Key::Escape)));
    if escape {
        *renaming = None;
    } else if response.lost_focus() {
        let wanted = typing.typed.clone();
        let mut probe = cx.lab.clone();
        if probe.rename(id, &wanted) {
            cx.edit("undo-rename", None, |lab| {
                lab.rename(id, &wanted);
            });
            *renaming = None;
        } else if enter {
            typing.refused = true;
            response.request_focus();
        } else {
            *renaming = None;
        }
    }
    true
}

fn state_words(cx: &Cx<'_>, id: EndpointId, session: Option<&SessionView>) -> String {
    let key = match session.map(|s| s.state) {
        None => "lab-state-idle",
        Some(SessionState::Starting) => "lab-state-starting",
        Some(SessionState::Running) if cx.stale(id) => "lab-stale",
        Some(SessionState::Running) => "lab-state-running",
        Some(SessionState::Stopping) => "lab-state-stopping",
        Some(SessionState::Stopped) => "lab-state-stopped",
        Some(SessionState::Failed) => "lab-state-failed",
    };
    tr!(cx.text, key)
}

/// Play, stop, octagon; starting and stopping say so in words on the second line's tooltip.
fn state_icon(ui: &Ui, cx: &Cx<'_>, right: Pos2, id: EndpointId, session: Option<&SessionView>) {
    let c = &cx.theme.colors;
    let (glyph, font, ink): (&str, FontId, Color32) = match session.map(|s| s.state) {
        Some(SessionState::Running) if cx.stale(id) => (icons::ARROW_CLOCKWISE, icons::font(13.0), c.accent),
        Some(SessionState::Running) => (icons::PLAY, icons::font_fill(11.0), c.running.text),
        Some(SessionState::Failed) => (icons::WARNING_OCTAGON, icons::font_fill(13.0), c.error.text),
        Some(SessionState::Starting | SessionState::Stopping) => (icons::SPINNER_GAP, icons::font(13.0), c.text_2),
        None | Some(SessionState::Stopped) => (icons::STOP, icons::font(11.0), c.text_3),
    };
    ui.painter().text(right, Align2::RIGHT_CENTER, glyph, font, ink);
}

/// The address that is in force, else the one that is written.
fn server_address(server: &Server, session: Option<&SessionView>) -> String {
    let local = session.filter(|s| s.state == SessionState::Running).and_then(|s| s.local.as_deref());
    local.map_or_else(|| server.address.to_string(), str::to_owned)
}

/// Where a client stands, in few words, and whether that is an error.
fn client_words(cx: &Cx<'_>, client: &Client, session: Option<&SessionView>) -> (String, bool) {
    let target = match &client.target {
        Target::Server(name) => name.clone(),
        Target::Address(address) => address.to_string(),
        Target::Pair => tr!(cx.text, "lab-client-pair"),
    };
    let Some(session) = session else { return (tr!(cx.text, "lab-client-to", target = target), false) };
    if let Some(retry) = &session.retry {
        let left = retry.at.saturating_sub(cx.snap.at).as_secs_f64();
        return (tr!(cx.text, "lab-client-retry", seconds = format!("{left:.1}")), false);
    }
    match session.state {
        SessionState::Failed => {
            let errno = session.failure.as_ref().and_then(|f| f.errno);
            (errno.map_or_else(|| tr!(cx.text, "lab-state-failed"), str::to_owned), true)
        }
        SessionState::Starting => (tr!(cx.text, "lab-state-starting"), false),
        SessionState::Stopping => (tr!(cx.text, "lab-state-stopping"), false),
        SessionState::Stopped => (tr!(cx.text, "lab-state-stopped"), false),
        SessionState::Running => {
            let some = |state| session.connections.iter().any(|conn| conn.state == state);
            let open = session.counters.open;
            let words = if open > 1 {
                tr!(cx.text, "lab-client-many", n = open, target = target)
            } else if some(ConnState::Waiting) {
                tr!(cx.text, "lab-client-queued")
            } else if open == 0 && some(ConnState::Connecting) {
                tr!(cx.text, "lab-client-connecting")
            } else if let Some(failure) = session.failure.as_ref().filter(|_| open == 0) {
                return (failure.errno.map_or_else(|| tr!(cx.text, "lab-state-failed"), str::to_owned), true);
            } else {
                tr!(cx.text, "lab-client-to", target = target)
            };
            (words, false)
        }
    }
}

/// TCP, UDP, Unix: as people write it.
fn transport_word(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
        Transport::UnixStream => "Unix",
        Transport::UnixDgram => "Unix dgram",
    }
}

fn tooltip(cx: &Cx<'_>, response: Response, session: Option<&SessionView>) {
    let failure = session.and_then(|s| s.failure.as_ref()).map(|f| {
        let said = failure_words::failure(cx.text, f);
        f.errno.map_or(said.clone(), |errno| if said.contains(errno) { said.clone() } else { format!("{errno}: {said}") })
    });
    let help = tr!(cx.text, "lab-row-tip");
    response.on_hover_text(failure.map_or(help.clone(), |f| format!("{f}\n{help}")));
}

/// One line cut with `…`; answers where it ends.
fn line(ui: &Ui, left: Pos2, room: f32, text: &str, font: FontId, ink: Color32) -> f32 {
    let galley = cut(ui, room, text, font, ink);
    let end = left.x + galley.size().x;
    ui.painter().galley(left - vec2(0.0, galley.size().y / 2.0), galley, ink);
    end
}

/// The same, ending at the right; answers where it starts.
fn line_right(ui: &Ui, right: Pos2, room: f32, text: &str, font: FontId, ink: Color32) -> f32 {
    let galley = cut(ui, room, text, font, ink);
    let start = right.x - galley.size().x;
    ui.painter().galley(pos2(start, right.y - galley.size().y / 2.0), galley, ink);
    start
}

fn cut(ui: &Ui, room: f32, text: &str, font: FontId, ink: Color32) -> std::sync::Arc<eframe::egui::Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, ink));
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(room.max(0.0));
    ui.painter().layout_job(job)
}
