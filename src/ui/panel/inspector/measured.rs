//! Figures of the selected endpoint with their source: ● measured, ○ derived.

use eframe::egui::{Align, Layout, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::engine::{SessionState, Source};
use crate::lab::{EndpointId, Side};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::Type;
use crate::ui::widget::controls::{section, words};
use crate::ui::widget::{format, shapes};

const TAP: Source = Source::Measured("counted at each call (trace)");

/// Draws them while it runs.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, id: EndpointId) {
    let Some(session) = cx.snap.session(id).filter(|s| s.state == SessionState::Running) else { return };
    let none = || "–".to_owned();
    section(ui, cx.theme, Some(&tr!(cx.text, "inspector-measured")), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.spacing_mut().interact_size.y = 22.0;
        if let Some(queue) = session.queue {
            let value = match queue.limit {
                // The kernel's limit n holds n + 1 on Linux.
                Some(limit) => {
                    let places = if cfg!(target_os = "linux") { u64::from(limit) + 1 } else { limit.into() };
                    tr!(cx.text, "inspector-of", n = format::count(queue.waiting.into()), of = format::count(places))
                }
                None => format::count(queue.waiting.into()),
            };
            figure(ui, cx, "inspector-queue", value, queue.source);
        }
        let key = match (session.side, session.transport.is_stream()) {
            (_, true) => "inspector-open",
            (Side::Server | Side::Client, false) => "inspector-peers",
        };
        figure(ui, cx, key, format::count(session.counters.open), TAP);
        figure(ui, cx, "inspector-wakeups", format::rate(session.rates.wakeups), TAP);
        figure(ui, cx, "inspector-calls", format::rate(session.rates.calls), TAP);
        figure(ui, cx, "inspector-eagain", format::rate(session.rates.eagain), TAP);
        let asked: Vec<u32> = session.connections.iter().filter_map(|c| c.unread).collect();
        let unread = if asked.is_empty() { none() } else { format::bytes(asked.iter().map(|&n| u64::from(n)).sum()) };
        figure(ui, cx, "inspector-unread", unread, Source::Measured("FIONREAD / SIOCINQ; at most the first 64 connections"));
    });
}

fn figure(ui: &mut Ui, cx: &Cx<'_>, key: &str, value: String, source: Source) {
    let c = &cx.theme.colors;
    let (measured, place) = match source {
        Source::Measured(place) => (true, place),
        Source::Derived(place) => (false, place),
    };
    let label = tr!(cx.text, key);
    ui.horizontal(|ui| {
        ui.label(words(&label, Type::Caption, c.text_2));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let (rect, dot) = ui.allocate_exact_size(Vec2::splat(12.0), Sense::hover());
            shapes::certainty(ui.painter(), rect.center(), measured, c.text_2);
            let tip = tr!(cx.text, if measured { "inspector-source-measured" } else { "inspector-source-derived" }, place = place);
            dot.widget_info(|| WidgetInfo::labeled(Role::Image, true, &tip));
            dot.on_hover_text(tip);
            ui.label(words(value, Type::Data, c.text_1));
        });
    });
}
