//! Buttons of the tokens: plain, primary, toggled on, and bare ones for bars and panel heads. Each has a name, a tooltip that
//! also says why it is disabled, and a focus ring.

use eframe::egui::{Button, Color32, Response, RichText, Role, Stroke, Ui, WidgetInfo, vec2};

use crate::ui::theme::{Theme, Type, icons, radius, size};

use super::controls::focus_ring;

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

/// A button about to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    name: &'a str,
    tip: &'a str,
    icon: Option<(&'a str, Option<Color32>)>,
    filled: bool,
    look: Look,
    enabled: bool,
    worded: bool,
}

impl<'a> Press<'a> {
    /// A plain button with these words.
    pub fn new(name: &'a str, tip: &'a str) -> Self {
        Self { name, tip, icon: None, filled: true, look: Look::Plain, enabled: true, worded: true }
    }

    /// A bare button that shows only an icon; `name` is for screen readers.
    pub fn icon(glyph: &'a str, name: &'a str, tip: &'a str) -> Self {
        Self { icon: Some((glyph, None)), look: Look::Bare, filled: false, worded: false, ..Self::new(name, tip) }
    }

    /// A state icon before the words, in its own colour.
    pub fn with_icon(mut self, glyph: &'a str, color: Color32) -> Self {
        self.icon = Some((glyph, Some(color)));
        self
    }

    /// Another look.
    pub fn look(mut self, look: Look) -> Self {
        self.look = look;
        self
    }

    /// Whether it works now.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Whether the words are drawn beside the icon.
    pub fn worded(mut self, worded: bool) -> Self {
        self.worded = worded;
        self
    }

    /// Draws it.
    pub fn show(self, ui: &mut Ui, theme: &Theme) -> Response {
        let c = &theme.colors;
        let (fill, edge, ink) = match self.look {
            _ if !self.enabled && self.look == Look::Bare => (None, Color32::TRANSPARENT, c.text_disabled),
            _ if !self.enabled => (Some(c.raised), c.line, c.text_disabled),
            Look::Plain => (None, c.line_control, c.text_1),
            Look::Primary => (Some(c.accent), c.accent, c.on_accent),
            Look::On => (Some(c.selected), c.accent, c.accent),
            Look::Bare => (None, Color32::TRANSPARENT, c.text_2),
        };
        let glyph = self.icon.map(|(glyph, color)| {
            let color = if self.enabled && self.look == Look::Plain { color.unwrap_or(ink) } else { ink };
            let font = if self.filled { icons::font_fill(14.0) } else { icons::font(size::ICON) };
            RichText::new(glyph).font(font).color(color)
        });
        let words = RichText::new(self.name).font(Type::Strong.at(12.5)).color(ink);
        let button = match glyph {
            Some(glyph) if self.worded => Button::new((glyph, words)),
            Some(glyph) => Button::new(glyph),
            None => Button::new(words),
        };
        let mut button = button.min_size(vec2(size::CONTROL, size::CONTROL)).corner_radius(radius::CONTROL).gap(6.0);
        if self.look == Look::Bare {
            button = button.frame_when_inactive(false);
        }
        if let Some(fill) = fill {
            button = button.fill(fill).stroke(Stroke::new(1.0, edge));
        }
        let response = ui
            .scope(|ui| {
                if !self.worded {
                    ui.spacing_mut().button_padding.x = (size::CONTROL - size::ICON) / 2.0;
                }
                ui.add_enabled(self.enabled, button)
            })
            .inner;
        let (name, enabled) = (self.name, self.enabled);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
        focus_ring(ui, theme, &response);
        response.on_hover_text(self.tip).on_disabled_hover_text(self.tip)
    }
}
