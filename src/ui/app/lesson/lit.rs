//! The controls that a step points at, lit up: the one place that says how each [`Control`] is found in the window. Panels and their
//! tabs are known to the tiles; all others are found by the name that a screen reader says, so that no panel knows of lessons. What is
//! scrolled away is brought to sight once; of what another tab or work space hides, that tab is lit.

use eframe::egui::{Context, Event, FullOutput, Painter, Plugin, RawInput, Rect, Stroke, StrokeKind, accesskit, pos2};

use crate::engine::catalog;
use crate::lab::Side;
use crate::lesson::Control;
use crate::tr;
use crate::ui::Text;
use crate::ui::theme::{Theme, radius};

use super::super::layout::{Layouts, Spot, Stand, Workspace};
use super::super::tiles::panel_def;

/// More places of one control than this are one place: the models, side by side.
const SEVERAL: usize = 4;
/// Between a control and its ring.
const GAP: f32 = 3.0;

/// How a control is found.
enum Where {
    /// A panel of that id, or its tab.
    Panel(&'static str),
    /// By the name behind these locale keys; what a name is filled with may be anything. The panels it may stand in, best first; none
    /// for the bar.
    Named(&'static [&'static str], &'static [&'static str]),
    /// By a model's id, in these panels.
    Models(&'static [&'static str]),
    /// By names in the inspector's part on messages, which is folded as long as it says nothing.
    Folded(&'static [&'static str]),
}

fn place(control: Control) -> Where {
    match control {
        Control::StartAll => Where::Named(&["cmd-start-all"], &[]),
        Control::StopAll => Where::Named(&["cmd-stop-all"], &[]),
        Control::Start => Where::Named(&["inspector-start", "inspector-stop"], &["inspector"]),
        Control::AddServer | Control::AddClient => Where::Named(&["lab-add"], &["lab"]),
        Control::Model => Where::Models(&["models", "inspector"]),
        Control::Service => Where::Named(&["inspector-service"], &["inspector"]),
        Control::Address => Where::Named(&["inspector-host", "inspector-port", "inspector-path"], &["inspector"]),
        Control::Backlog => Where::Named(&["door-backlog", "inspector-backlog"], &["door", "inspector"]),
        Control::AcceptPause => Where::Named(&["door-hold", "door-resume"], &["door"]),
        Control::AcceptPace => Where::Named(&["door-slide", "door-eager", "inspector-pace"], &["door", "inspector"]),
        Control::AcceptOne => Where::Named(&["door-one"], &["door"]),
        Control::OpenOne => Where::Named(&["door-client", "inspector-open-more"], &["door", "inspector"]),
        Control::Close => {
            Where::Named(&["inspector-close-n", "inspector-close-all", "inspector-half-all", "inspector-reset-all"], &["inspector"])
        }
        Control::Send => Where::Named(&["inspector-send"], &["inspector"]),
        Control::Framing => Where::Folded(&["messages-framing"]),
        Control::Wire => Where::Folded(&["messages-recv", "messages-piece"]),
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
        Control::Code => Where::Panel("code"),
    }
}

/// The panel that a control is.
pub(super) fn panel(control: Control) -> Option<&'static str> {
    match place(control) {
        Where::Panel(id) => Some(id),
        Where::Named(..) | Where::Models(_) | Where::Folded(_) => None,
    }
}

/// The panels that a control is, or stands in.
fn hosts(control: Control) -> Vec<&'static str> {
    match place(control) {
        Where::Panel(id) => vec![id],
        Where::Named(_, hosts) | Where::Models(hosts) => hosts.to_vec(),
        Where::Folded(_) => vec!["inspector"],
    }
}

/// Where a control may stand; empty for one of the bar.
pub(super) fn spots(control: Control) -> Vec<Spot<'static>> {
    // Only the inspector shows what is selected.
    let side = |pane: &str| if pane == "inspector" { side(control) } else { None };
    hosts(control).into_iter().map(|pane| Spot { pane, side: side(pane) }).collect()
}

/// The side whose inspector has that control.
fn side(control: Control) -> Option<Side> {
    const SERVERS: [Control; 8] = [
        Control::Model,
        Control::Service,
        Control::Backlog,
        Control::AcceptPause,
        Control::AcceptPace,
        Control::AcceptOne,
        Control::Framing,
        Control::Wire,
    ];
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
    names: Vec<Name>,
    found: Vec<Found>,
    /// Those that were scrolled to: once, then a person scrolls.
    brought: Vec<Control>,
    /// Those whose part was unfolded: once, too.
    opened: Vec<Control>,
    /// What is done to a control with the next frame, as a screen reader would.
    hand: Option<(accesskit::Action, accesskit::NodeId)>,
}

/// A name to look for: whole, or its beginning and end.
struct Name {
    control: Control,
    begin: String,
    end: Option<String>,
    kind: Kind,
}

/// What bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The control.
    Itself,
    /// The tab behind which it is.
    Tab,
    /// The head of the part in which it is folded away.
    Head,
}

struct Found {
    control: Control,
    rect: Rect,
    node: accesskit::NodeId,
    kind: Kind,
}

impl Name {
    fn tab(control: Control, title: String) -> Self {
        Self { control, begin: title, end: None, kind: Kind::Tab }
    }

    fn is(&self, label: &str, role: accesskit::Role) -> bool {
        let is_named = match &self.end {
            None => label == self.begin,
            Some(end) => label.starts_with(&self.begin) && label.ends_with(end.as_str()),
        };
        let is_kind = match role {
            accesskit::Role::Label | accesskit::Role::Unknown => false,
            accesskit::Role::Tab => self.kind == Kind::Tab,
            _ => self.kind != Kind::Tab,
        };
        is_named && is_kind
    }
}

/// From now on these are lit.
pub(super) fn want(ctx: &Context, controls: &[Control]) {
    let handle = ctx.plugin_or_default::<Lights>();
    let mut lights = handle.lock();
    lights.controls = controls.to_vec();
    lights.names.clear();
    lights.found.clear();
    lights.brought.clear();
    lights.opened.clear();
    lights.hand = None;
}

impl Plugin for Lights {
    fn debug_name(&self) -> &'static str {
        "socketlab lights"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        if let Some((action, target_node)) = self.hand.take() {
            let target_tree = accesskit::TreeId::ROOT;
            input.events.push(Event::AccessKitActionRequest(accesskit::ActionRequest { action, target_tree, target_node, data: None }));
        }
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        if self.names.is_empty() {
            return;
        }
        let Some(update) = &output.platform_output.accesskit_update else { return };
        let mut found = Vec::new();
        for (id, node) in &update.nodes {
            let (Some(label), Some(bounds)) = (node.label(), node.bounds()) else { continue };
            let rect = Rect::from_min_max(pos2(bounds.x0 as f32, bounds.y0 as f32), pos2(bounds.x1 as f32, bounds.y1 as f32));
            let names = self.names.iter().filter(|name| name.is(label, node.role()));
            found.extend(names.map(|name| Found { control: name.control, rect, node: *id, kind: name.kind }));
        }
        self.found = found;
    }
}

/// Draws the rings.
pub(super) fn ui(ctx: &Context, painter: &Painter, theme: &Theme, text: &Text, layouts: &mut Layouts) {
    let handle = ctx.plugin_or_default::<Lights>();
    let mut lights = handle.lock();
    let mut controls = lights.controls.clone();
    controls.dedup();
    lights.names = controls.iter().flat_map(|control| names(*control, text, layouts)).collect();
    for control in controls {
        let (rects, is_panel) = lights.places(ctx, control, layouts);
        for rect in rects {
            let rect = if is_panel { rect.shrink(1.5) } else { rect };
            let corner = if is_panel { radius::CHIP } else { radius::CARD };
            // A panel is large: a thin ring is seen. The outer line keeps the ring apart from what lies under it.
            let width = if is_panel { 2.0 } else { 2.5 };
            painter.rect_stroke(rect, corner, Stroke::new(width + 2.0, theme.colors.panel.gamma_multiply(0.6)), StrokeKind::Middle);
            painter.rect_stroke(rect, corner, Stroke::new(width, theme.colors.accent), StrokeKind::Middle);
        }
    }
}

impl Lights {
    /// Where a control is lit, and whether it is a whole panel.
    fn places(&mut self, ctx: &Context, control: Control, layouts: &mut Layouts) -> (Vec<Rect>, bool) {
        let hosts = hosts(control);
        let panes: Vec<Rect> =
            hosts.iter().filter_map(|id| if let Stand::Shown(rect) = layouts.stand(id) { Some(rect) } else { None }).collect();
        if panel(control).is_some() && !panes.is_empty() {
            return (panes, true);
        }
        let of = |kind: Kind| self.found.iter().filter(move |found| found.control == control && found.kind == kind);
        // Only what is in sight of its panel; the bar has no panel.
        let cut = |rect: Rect| match hosts.is_empty() {
            true => Some(rect.expand(GAP)),
            false => panes.iter().find(|pane| pane.intersects(rect)).map(|pane| rect.expand(GAP).intersect(pane.shrink(1.0))),
        };
        let rects: Vec<Rect> = of(Kind::Itself).filter_map(|found| cut(found.rect)).collect();
        let tabs: Vec<Rect> = of(Kind::Tab).map(|found| found.rect.shrink(1.0)).collect();
        let is_whole = |found: &Found| hosts.is_empty() || panes.iter().any(|pane| pane.contains_rect(found.rect));
        let hidden = of(Kind::Itself).next().filter(|_| !of(Kind::Itself).any(is_whole)).map(|found| found.node);
        let folded = of(Kind::Head).next().filter(|_| of(Kind::Itself).next().is_none()).map(|found| found.node);
        if let Some(node) = hidden
            && !self.brought.contains(&control)
        {
            self.brought.push(control);
            self.hand = Some((accesskit::Action::ScrollIntoView, node));
            ctx.request_repaint();
        } else if let Some(node) = folded
            && !self.opened.contains(&control)
        {
            self.opened.push(control);
            self.hand = Some((accesskit::Action::Click, node));
            ctx.request_repaint();
        }
        let rects = match rects.len() {
            0 => tabs,
            1..=SEVERAL => rects,
            _ => vec![rects.into_iter().fold(Rect::NOTHING, Rect::union)],
        };
        (rects, false)
    }
}

/// The names to look for: of the control, and of the tab behind which it is.
fn names(control: Control, text: &Text, layouts: &mut Layouts) -> Vec<Name> {
    const ANY: &str = "\u{1}";
    let name = |words: &str| match words.split_once(ANY) {
        Some((begin, end)) => Name { control, begin: begin.to_owned(), end: Some(end.to_owned()), kind: Kind::Itself },
        None => Name { control, begin: words.to_owned(), end: None, kind: Kind::Itself },
    };
    let mut names: Vec<Name> = match place(control) {
        Where::Panel(_) => Vec::new(),
        Where::Named(keys, _) => keys.iter().map(|key| name(&tr!(text, key, n = ANY))).collect(),
        Where::Models(_) => catalog::models().map(|model| name(model.id)).collect(),
        Where::Folded(keys) => {
            let head = Name { kind: Kind::Head, ..name(&tr!(text, "messages-title")) };
            keys.iter().map(|key| name(&tr!(text, key))).chain(std::iter::once(head)).collect()
        }
    };
    let stands: Vec<(&str, Stand)> = hosts(control).into_iter().map(|id| (id, layouts.stand(id))).collect();
    let is_shown = stands.iter().any(|(_, stand)| matches!(stand, Stand::Shown(_)));
    let behind = stands.iter().find(|(_, stand)| *stand == Stand::Behind).and_then(|(id, _)| panel_def(id));
    let elsewhere = stands.iter().find_map(|(_, stand)| if let Stand::Elsewhere(workspace) = stand { Some(*workspace) } else { None });
    match (is_shown, behind, elsewhere) {
        (true, ..) | (false, None, None) => {}
        (false, Some(def), _) => names.push(Name::tab(control, text.get(def.title).into_owned())),
        (false, None, Some(workspace)) => names.extend(workspace_tabs(control, workspace, text, layouts)),
    }
    names
}

/// The tab of a work space; where the bar has no room for tabs, the button that lists them, which has the name of the one at hand.
fn workspace_tabs(control: Control, workspace: Workspace, text: &Text, layouts: &Layouts) -> [Name; 2] {
    let folded = Name { kind: Kind::Itself, ..Name::tab(control, tr!(text, layouts.shown.key())) };
    [Name::tab(control, tr!(text, workspace.key())), folded]
}

#[cfg(test)]
mod tests;
