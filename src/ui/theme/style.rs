//! The tokens as egui's own style, so that plain egui widgets look like the rest. Nothing here is chosen; it is all looked up.

use eframe::egui::style::{ScrollStyle, Selection, TextCursorStyle, WidgetVisuals, Widgets};
use eframe::egui::{Color32, Context, CornerRadius, Margin, Shadow, Stroke, Style, TextStyle, ThemePreference, Visuals, vec2};

use super::{Palette, Theme, Type, radius, size, space};

/// Seconds a hover fades.
const HOVER_SECS: f32 = 0.08;
/// Seconds before a tooltip shows.
const TOOLTIP_SECS: f32 = 0.4;

/// Makes egui look like this theme; at start and at each switch.
pub fn install(ctx: &Context, theme: &Theme) {
    let preference = if theme.dark { ThemePreference::Dark } else { ThemePreference::Light };
    ctx.set_theme(preference);
    ctx.all_styles_mut(|style| fill(style, theme));
}

fn fill(style: &mut Style, theme: &Theme) {
    style.text_styles = [
        (TextStyle::Small, Type::Caption.font()),
        (TextStyle::Body, Type::Body.font()),
        (TextStyle::Button, Type::Body.font()),
        (TextStyle::Heading, Type::Title.font()),
        (TextStyle::Monospace, Type::Data.font()),
    ]
    .into();
    style.drag_value_text_style = TextStyle::Monospace;
    style.animation_time = HOVER_SECS;
    style.interaction.tooltip_delay = TOOLTIP_SECS;
    style.interaction.show_tooltips_only_when_still = false;
    // Labels are not text fields: dragging over the window must not select its words.
    style.interaction.selectable_labels = false;
    style.url_in_tooltip = true;

    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(space::S, space::XS);
    spacing.button_padding = vec2(10.0, space::XS);
    spacing.interact_size = vec2(size::CONTROL, size::CONTROL);
    spacing.window_margin = Margin::same(space::L as i8);
    spacing.menu_margin = Margin::same(space::XS as i8);
    spacing.icon_width = size::ICON;
    spacing.icon_width_inner = 8.0;
    spacing.icon_spacing = 6.0;
    spacing.indent = space::L;
    spacing.menu_spacing = space::XS;
    spacing.tooltip_width = 360.0;
    spacing.combo_height = 320.0;
    spacing.scroll = ScrollStyle { floating: true, bar_width: 8.0, floating_width: 4.0, ..ScrollStyle::floating() };

    let base = if theme.dark { Visuals::dark() } else { Visuals::light() };
    style.visuals = visuals(base, theme.dark, &theme.colors);
}

fn visuals(base: Visuals, dark: bool, c: &Palette) -> Visuals {
    let card = CornerRadius::same(radius::CARD as u8);
    Visuals {
        dark_mode: dark,
        override_text_color: None,
        weak_text_color: Some(c.text_3),
        widgets: widgets(c),
        selection: Selection { bg_fill: c.selected, stroke: Stroke::new(2.0, c.accent) },
        hyperlink_color: c.accent,
        faint_bg_color: blend(c.panel, c.text_1, 0.02),
        extreme_bg_color: c.stage,
        text_edit_bg_color: Some(c.stage),
        code_bg_color: c.stage,
        warn_fg_color: c.spinning.text,
        error_fg_color: c.error.text,
        window_corner_radius: card,
        window_shadow: Shadow::NONE,
        window_fill: c.raised,
        window_stroke: Stroke::new(1.0, c.line_control),
        window_highlight_topmost: false,
        menu_corner_radius: card,
        panel_fill: c.panel,
        popup_shadow: Shadow::NONE,
        text_cursor: TextCursorStyle { stroke: Stroke::new(1.5, c.text_1), blink: false, ..TextCursorStyle::default() },
        indent_has_left_vline: false,
        striped: false,
        ..base
    }
}

fn widgets(c: &Palette) -> Widgets {
    let control = CornerRadius::same(radius::CONTROL as u8);
    let look = |fill: Color32, edge: Stroke, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: edge,
        corner_radius: control,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: look(c.panel, Stroke::new(1.0, c.line), c.text_1),
        inactive: look(c.raised, Stroke::new(1.0, c.line_control), c.text_1),
        hovered: look(c.hover, Stroke::new(1.0, c.line_control), c.text_1),
        // egui shows keyboard focus with the same look as a press: hence the ring.
        active: look(c.selected, Stroke::new(2.0, c.accent), c.text_1),
        open: look(c.selected, Stroke::new(1.0, c.line_control), c.text_1),
    }
}

/// A step from one colour towards another.
fn blend(from: Color32, to: Color32, share: f32) -> Color32 {
    from.lerp_to_gamma(to, share)
}
