//! The controls that a step points at, lit up: the one place that says how each [`Control`] is found in the window. Panels and their
//! tabs are known to the tiles; all others are found by the name that a screen reader says, so that no panel knows of lessons.

use eframe::egui::{Context, FullOutput, Painter, Plugin, Rect, Stroke, StrokeKind, accesskit, pos2};

use crate::engine::catalog;
use crate::lab::Side;
use crate::lesson::Control;
use crate::ui::Text;
use crate::ui::theme::{Theme, radius};

/// More places of one control than this are one place: the models, side by side.
const SEVERAL: usize = 4;
/// Between a control and its ring.
const GAP: f32 = 3.0;

/// How a control is found.
enum Where {
    /// A panel of that id, or its tab.
    Panel(&'static str),
    /// By the name behind these locale keys; what a name is filled with may be anything.
    Named(&'static [&'static str]),
    /// By a model's id.
    Models,
}

fn place(control: Control) -> Where {
    match control {
        Control::StartAll => Where::Named(&["cmd-start-all"]),
        Control::StopAll => Where::Named(&["cmd-stop-all"]),
        Control::Start => Where::Named(&["inspector-start", "inspector-stop"]),
        Control::AddServer | Control::AddClient => Where::Named(&["lab-add"]),
        Control::Model => Where::Models,
        Control::Service => Where::Named(&["inspector-service"]),
        Control::Address => Where::Named(&["inspector-host", "inspector-port", "inspector-path"]),
        Control::Backlog => Where::Named(&["door-backlog", "inspector-backlog"]),
        Control::AcceptPause => Where::Named(&["door-hold", "door-resume"]),
        Control::AcceptPace => Where::Named(&["door-slide", "door-eager", "inspector-pace"]),
        Control::AcceptOne => Where::Named(&["door-one"]),
        Control::OpenOne => Where::Named(&["door-client", "inspector-open-more"]),
        Control::Close => Where::Named(&["inspector-close-n", "inspector-close-all", "inspector-reset-all"]),
        Control::Send => Where::Named(&["inspector-send"]),
        Control::Framing => Where::Named(&["messages-framing"]),
        Control::Wire => Where::Named(&["messages-wire"]),
        Control::Lab => Where::Panel("lab"),
        // The sentence that explains stands on the stage.
        Control::Stage | Control::Insight => Where::Panel("stage"),
        Control::Inspector => Where::Panel("inspector"),
        Control::Theatre => Where::Panel("backlog"),
        // The queue's plot is above the clients on the same clock.
        Control::Arrivals | Control::QueuePlot => Where::Panel("arrivals"),
        Control::Plots => Where::Panel("plots"),
        Control::Connections => Where::Panel("connections"),
        Control::Traffic | Control::Conversation => Where::Panel("traffic"),
        Control::FramingView => Where::Panel("framing"),
        Control::Ladder => Where::Panel("ladder"),
        Control::Composer => Where::Panel("composer"),
        Control::Timeline => Where::Panel("timeline"),
        Control::Phases => Where::Panel("phases"),
        Control::Counters => Where::Panel("counters"),
        Control::Stepper => Where::Panel("stepper"),
        Control::Calls => Where::Panel("calls"),
    }
}

/// The panel that a control is.
pub(super) fn panel(control: Control) -> Option<&'static str> {
    match place(control) {
        Where::Panel(id) => Some(id),
        Where::Named(_) | Where::Models => None,
    }
}

/// The side whose inspector has that control.
pub(super) fn side(control: Control) -> Option<Side> {
    const SERVERS: [Control; 6] =
        [Control::Model, Control::Service, Control::Backlog, Control::AcceptPause, Control::AcceptPace, Control::AcceptOne];
    const CLIENTS: [Control; 3] = [Control::OpenOne, Control::Close, Control::Send];
    match (SERVERS.contains(&control), CLIENTS.contains(&control)) {
        (true, _) => Some(Side::Server),
        (false, true) => Some(Side::Client),
        (false, false) => None,
    }
}

/// What is lit, and where the last frame had it.
#[derive(Default)]
pub(in crate::ui::app) struct Lights {
    controls: Vec<Control>,
    /// Names to look for, each with whether it is only the beginning and end of one.
    names: Vec<Name>,
    found: Vec<(Control, Rect)>,
}

struct Name {
    control: Control,
    begin: String,
    end: String,
}

/// From now on these are lit.
pub(super) fn want(ctx: &Context, controls: &[Control]) {
    let handle = ctx.plugin_or_default::<Lights>();
    let mut lights = handle.lock();
    lights.controls = controls.to_vec();
    lights.names.clear();
    lights.found.clear();
}

impl Plugin for Lights {
    fn debug_name(&self) -> &'static str {
        "socketlab lights"
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        if self.names.is_empty() {
            return;
        }
        let Some(update) = &output.platform_output.accesskit_update else { return };
        let mut found = Vec::new();
        for (_, node) in &update.nodes {
            let (Some(label), Some(bounds)) = (node.label(), node.bounds()) else { continue };
            if matches!(node.role(), accesskit::Role::Label | accesskit::Role::Unknown) {
                continue;
            }
            let is = |name: &&Name| match name.end.as_str() {
                "" => label == name.begin,
                end => label.starts_with(&name.begin) && label.ends_with(end),
            };
            let rect = Rect::from_min_max(pos2(bounds.x0 as f32, bounds.y0 as f32), pos2(bounds.x1 as f32, bounds.y1 as f32));
            found.extend(self.names.iter().filter(is).map(|name| (name.control, rect)));
        }
        self.found = found;
    }
}

/// Draws the rings. `pane` says where the tiles have a panel, or its tab.
pub(super) fn ui(ctx: &Context, painter: &Painter, theme: &Theme, text: &Text, pane: impl Fn(&str) -> Option<Rect>) {
    let handle = ctx.plugin_or_default::<Lights>();
    let mut lights = handle.lock();
    lights.names = lights.controls.iter().flat_map(|control| names(*control, text)).collect();
    let mut controls = lights.controls.clone();
    controls.dedup();
    for control in controls {
        let rects: Vec<Rect> = match place(control) {
            Where::Panel(id) => pane(id).into_iter().collect(),
            Where::Named(_) | Where::Models => lights.found.iter().filter(|(of, _)| *of == control).map(|(_, rect)| *rect).collect(),
        };
        let rects = match rects.len() {
            0..=SEVERAL => rects,
            _ => vec![rects.into_iter().fold(Rect::NOTHING, Rect::union)],
        };
        for rect in rects {
            let is_panel = panel(control).is_some();
            let rect = if is_panel { rect.shrink(1.5) } else { rect.expand(GAP) };
            let corner = if is_panel { radius::CHIP } else { radius::CARD };
            // A panel is large: a thin ring is seen. The outer line keeps the ring apart from what lies under it.
            let width = if is_panel { 2.0 } else { 2.5 };
            painter.rect_stroke(rect, corner, Stroke::new(width + 2.0, theme.colors.panel.gamma_multiply(0.6)), StrokeKind::Middle);
            painter.rect_stroke(rect, corner, Stroke::new(width, theme.colors.accent), StrokeKind::Middle);
        }
    }
}

fn names(control: Control, text: &Text) -> Vec<Name> {
    const ANY: &str = "\u{1}";
    let name = |words: &str| match words.split_once(ANY) {
        Some((begin, end)) => Name { control, begin: begin.to_owned(), end: end.to_owned() },
        None => Name { control, begin: words.to_owned(), end: String::new() },
    };
    match place(control) {
        Where::Panel(_) => Vec::new(),
        Where::Named(keys) => keys.iter().map(|key| name(&crate::tr!(text, key, n = ANY))).collect(),
        Where::Models => catalog::models().map(|model| name(model.id)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Language;
    use crate::ui::panel::PANELS;

    #[test]
    fn every_control_is_a_panel_or_has_words_in_both_languages() {
        for text in [Language::English, Language::Chinese].map(Text::new) {
            for control in Control::ALL {
                match place(*control) {
                    Where::Panel(id) => assert!(PANELS.iter().any(|def| def.id == id), "{control:?}"),
                    Where::Named(keys) => keys.iter().for_each(|key| assert_ne!(text.get(key), *key, "{control:?}")),
                    Where::Models => assert!(!names(*control, &text).is_empty()),
                }
            }
        }
    }
}
