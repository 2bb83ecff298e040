//! The values of the design tokens.

use eframe::egui::Color32;

/// One colour scheme.
#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    /// Gaps between tiles.
    pub bg: Color32,
    /// Panels, bars, cards on the Stage.
    pub panel: Color32,
    /// Stage, code, text fields, empty slots.
    pub stage: Color32,
    /// Buttons, pop-ups.
    pub raised: Color32,
    /// Pointer over a row or button; the time after now in plots.
    pub hover: Color32,
    /// Selected row, active tab, toggled button.
    pub selected: Color32,
    /// Dividers, plot grid.
    pub line: Color32,
    /// Edge of a control whose label or fill already shows it.
    pub line_control: Color32,
    /// Edge that must be seen by itself.
    pub line_strong: Color32,
    /// What one reads.
    pub text_1: Color32,
    /// Labels, explanations.
    pub text_2: Color32,
    /// Units, times, headings of columns.
    pub text_3: Color32,
    /// Disabled only, never information.
    pub text_disabled: Color32,
    /// One primary button a panel, focus, selection, paused. Never a role.
    pub accent: Color32,
    /// Text on accent.
    pub on_accent: Color32,
    /// Text on a role's mark.
    pub on_mark: Color32,
    /// Text on the server's mark.
    pub on_server: Color32,
    /// Role colours: server.
    pub server: RoleColors,
    /// Role colours: client.
    pub client: RoleColors,
    /// Role colours: received.
    pub received: RoleColors,
    /// Role colours: sent.
    pub sent: RoleColors,
    /// Role colours: waiting.
    pub waiting: RoleColors,
    /// Role colours: running.
    pub running: RoleColors,
    /// Role colours: spinning.
    pub spinning: RoleColors,
    /// Role colours: error.
    pub error: RoleColors,
}

/// The three colours of a role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoleColors {
    /// Words and thin lines.
    pub text: Color32,
    /// Shapes and bars; hatch for waiting.
    pub mark: Color32,
    /// Tinted ground.
    pub soft: Color32,
}

/// Who, which way, in what state: one colour and one shape each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the roles of the design")]
pub enum Role {
    Server,
    Client,
    Received,
    Sent,
    Waiting,
    Running,
    Spinning,
    Error,
}

/// What the window is painted with.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Dark or light.
    pub dark: bool,
    /// Its colours.
    pub colors: Palette,
}

impl Theme {
    /// The dark theme.
    pub fn dark() -> Self {
        Self { dark: true, colors: DARK }
    }

    /// The light theme.
    pub fn light() -> Self {
        Self { dark: false, colors: LIGHT }
    }

    /// The colours of a role.
    pub fn role(&self, role: Role) -> RoleColors {
        match role {
            Role::Server => self.colors.server,
            Role::Client => self.colors.client,
            Role::Received => self.colors.received,
            Role::Sent => self.colors.sent,
            Role::Waiting => self.colors.waiting,
            Role::Running => self.colors.running,
            Role::Spinning => self.colors.spinning,
            Role::Error => self.colors.error,
        }
    }
}

/// Space, on a grid of 4.
#[expect(missing_docs, reason = "names are the tokens")]
pub mod space {
    pub const XS: f32 = 4.0;
    pub const S: f32 = 8.0;
    pub const M: f32 = 12.0;
    pub const L: f32 = 16.0;
    pub const XL: f32 = 24.0;
}

/// Corner radii.
pub mod radius {
    /// Bars and slices.
    pub const BAR: f32 = 2.0;
    /// Chips and slots.
    pub const CHIP: f32 = 4.0;
    /// Controls.
    pub const CONTROL: f32 = 6.0;
    /// Cards and pop-ups.
    pub const CARD: f32 = 8.0;
}

/// Heights and widths.
#[expect(missing_docs, reason = "names are the tokens")]
pub mod size {
    pub const TOP_BAR: f32 = 48.0;
    pub const PANEL_HEAD: f32 = 32.0;
    pub const CONTROL: f32 = 28.0;
    pub const STATUS_BAR: f32 = 26.0;
    pub const ROW_LOG: f32 = 24.0;
    pub const ROW_CLIENT: f32 = 26.0;
    pub const ROW_LIST: f32 = 28.0;
    pub const ROW_SERVER: f32 = 44.0;
    pub const LAB_WIDTH: f32 = 232.0;
    pub const INSPECTOR_WIDTH: f32 = 340.0;
    pub const CONTROLS_WIDTH: f32 = 372.0;
    pub const STEPPER_WIDTH: f32 = 408.0;
    pub const ICON: f32 = 16.0;
    pub const LANE: f32 = 22.0;
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const fn role(text: u32, mark: u32, soft: u32) -> RoleColors {
    RoleColors { text: rgb(text), mark: rgb(mark), soft: rgb(soft) }
}

/// The dark scheme.
pub const DARK: Palette = Palette {
    bg: rgb(0x0b0d10),
    panel: rgb(0x14171c),
    stage: rgb(0x0f1216),
    raised: rgb(0x1b2027),
    hover: rgb(0x222831),
    selected: rgb(0x20294a),
    line: rgb(0x262c35),
    line_control: rgb(0x363e4a),
    line_strong: rgb(0x667283),
    text_1: rgb(0xedf0f4),
    text_2: rgb(0xb4bdc9),
    text_3: rgb(0x8c97a6),
    text_disabled: rgb(0x5f6976),
    accent: rgb(0x9aa5ff),
    on_accent: rgb(0x0b0d10),
    on_mark: rgb(0x0b0d10),
    on_server: rgb(0x0b0d10),
    server: role(0x5bb3f5, 0x5bb3f5, 0x172a3a),
    client: role(0xf2a93b, 0xf2a93b, 0x33270f),
    received: role(0x6fdce0, 0x6fdce0, 0x16312f),
    sent: role(0xd47abd, 0xd47abd, 0x35202f),
    waiting: role(0x8391ab, 0x5d6a82, 0x1d232d),
    running: role(0x3cc48f, 0x3cc48f, 0x12302a),
    spinning: role(0xf2e24b, 0xf2e24b, 0x332f12),
    error: role(0xff7b52, 0xff7b52, 0x3a2019),
};

/// The light scheme.
pub const LIGHT: Palette = Palette {
    bg: rgb(0xe9ecf0),
    panel: rgb(0xffffff),
    stage: rgb(0xf7f9fb),
    raised: rgb(0xffffff),
    hover: rgb(0xeef1f5),
    selected: rgb(0xe6e8fc),
    line: rgb(0xdfe4ea),
    line_control: rgb(0xc3cbd5),
    line_strong: rgb(0x7f8a98),
    text_1: rgb(0x14181d),
    text_2: rgb(0x424c58),
    text_3: rgb(0x5c6774),
    text_disabled: rgb(0x98a2ae),
    accent: rgb(0x4a4fd0),
    on_accent: rgb(0xffffff),
    on_mark: rgb(0x14181d),
    on_server: rgb(0xffffff),
    server: role(0x0067b0, 0x0072b2, 0xe3f0fa),
    client: role(0x8a5000, 0xe69f00, 0xfdf1d8),
    received: role(0x00707e, 0x3dbac6, 0xdff4f6),
    sent: role(0x8a1c6e, 0xb8479a, 0xf7e6f2),
    waiting: role(0x586680, 0xa3afc2, 0xebeef3),
    running: role(0x00754e, 0x009e73, 0xddf3eb),
    spinning: role(0x665d00, 0xf0e442, 0xfbf8d2),
    error: role(0xc03a08, 0xd55e00, 0xfce6db),
};
