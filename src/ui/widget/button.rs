//! Buttons of the tokens: plain, primary, toggled on, and bare ones for bars and panel heads. Each has a name, a tooltip that
//! also says why it is disabled, and a focus ring.

use eframe::egui::{Button, Color32, Response, Role, Stroke, Ui, WidgetInfo, vec2};

use super::controls::{focus_ring, icon, icon_fill, words};
use crate::ui::theme::{Theme, Type, icons, radius, size};

/// What a button looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Raised ground.
    Plain,
    /// The one action a panel is for.
    Primary,
    /// A toggle that is on.
    On,
    /// No ground until the pointer is over it.
    Bare,
}

/// A button: what it shows and whether it works.
#[derive(Clone, Copy, Debug)]
pub struct ButtonSpec<'a> {
    /// Icon, with its colour; before the words unless `icon_last`.
    pub icon: Option<(&'a str, Color32)>,
    /// The icon stands after the words: it says where the button leads.
    pub icon_last: bool,
    /// Its words; for an icon-only button its name.
    pub label: &'a str,
    /// Only the icon is drawn.
    pub icon_only: bool,
    /// Shown on hover; when it is disabled, why.
    pub tip: &'a str,
    /// Whether it works now.
    pub enabled: bool,
    /// How it looks.
    pub look: Look,
}

impl<'a> ButtonSpec<'a> {
    /// A plain button with words.
    pub fn new(label: &'a str, tip: &'a str) -> Self {
        Self { icon: None, icon_last: false, label, icon_only: false, tip, enabled: true, look: Look::Plain }
    }

    /// A bare button that shows only an icon; `name` is for screen readers.
    pub fn bare(glyph: &'a str, name: &'a str, tip: &'a str) -> Self {
        // The look gives the colour.
        Self { icon: Some((glyph, Color32::PLACEHOLDER)), look: Look::Bare, icon_only: true, ..Self::new(name, tip) }
    }

    /// With an icon before the words.
    pub fn with_icon(self, glyph: &'a str, color: Color32) -> Self {
        Self { icon: Some((glyph, color)), ..self }
    }

    /// Draws it.
    pub fn show(self, ui: &mut Ui, theme: &Theme) -> Response {
        let c = &theme.colors;
        // A set fill overrides the hover ground, which plain and bare buttons want to show.
        let (fill, edge, ink) = match (self.look, self.enabled) {
            (Look::Bare, false) => (None, Color32::TRANSPARENT, c.text_disabled),
            (Look::Plain | Look::Primary | Look::On, false) => (Some(c.raised), c.line_control, c.text_disabled),
            (Look::Plain, true) => (None, c.line_control, c.text_1),
            (Look::Primary, true) => (Some(c.accent), c.accent, c.on_accent),
            (Look::On, true) => (Some(c.selected), c.accent, c.accent),
            (Look::Bare, true) => (None, Color32::TRANSPARENT, c.text_2),
        };
        let glyph = self.icon.map(|(glyph, color)| {
            let color = if self.enabled && self.look == Look::Plain { color } else { ink };
            // Regular for actions, filled for running, stopped and frozen and for the primary one.
            let filled = self.look == Look::Primary || [icons::PLAY, icons::STOP, icons::PAUSE].contains(&glyph);
            if filled { icon_fill(glyph, size::ICON, color) } else { icon(glyph, size::ICON, color) }
        });
        let label = words(self.label, Type::Strong, ink);
        let button = match (glyph, self.icon_only) {
            (Some(glyph), true) => Button::new(glyph),
            (Some(glyph), false) if self.icon_last => Button::new((label, glyph)),
            (Some(glyph), false) => Button::new((glyph, label)),
            (None, _) => Button::new(label),
        };
        let button = button.corner_radius(radius::CONTROL).min_size(vec2(size::CONTROL, size::CONTROL)).gap(6.0);
        let button = match (self.look, fill) {
            (Look::Bare, _) => button.frame_when_inactive(false),
            (Look::Plain | Look::Primary | Look::On, Some(fill)) => button.fill(fill).stroke(Stroke::new(1.0, edge)),
            (Look::Plain | Look::Primary | Look::On, None) => button.stroke(Stroke::new(1.0, edge)),
        };
        let response = if self.icon_only {
            let add = |ui: &mut Ui| {
                ui.spacing_mut().button_padding.x = (size::CONTROL - size::ICON) / 2.0;
                ui.add_enabled(self.enabled, button)
            };
            ui.scope(add).inner
        } else {
            // Not in a scope: a row that wraps must know how wide it is.
            ui.add_enabled(self.enabled, button)
        };
        // egui would put the icon's code point before the name.
        response.widget_info(|| match self.look {
            Look::On => WidgetInfo::selected(Role::Button, self.enabled, true, self.label),
            Look::Plain | Look::Primary | Look::Bare => WidgetInfo::labeled(Role::Button, self.enabled, self.label),
        });
        focus_ring(ui, theme, &response);
        response.on_hover_text(self.tip).on_disabled_hover_text(self.tip)
    }
}
