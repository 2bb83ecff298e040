//! The figures that the charts show: their order, looks and units.

use super::chart::Mark;
use super::scale::Axis;
use super::series::{self, Figure, Join};
use crate::ui::Cx;
use crate::ui::theme::{Role as Hue, RoleColors};
use crate::ui::widget::format;
use crate::ui::widget::shapes::Tip;

/// In the order of `Plots::points` and of `Figure`.
pub const FIGURES: [Figure; series::FIGURES] = [
    Figure::Open,
    Figure::Waiting,
    Figure::Opened,
    Figure::RxBytes,
    Figure::TxBytes,
    Figure::RxMessages,
    Figure::TxMessages,
    Figure::Calls,
    Figure::Wakeups,
    Figure::Eagain,
    Figure::Switches,
    Figure::Cpu,
];

/// Which three charts are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Connections and what moved over them.
    #[default]
    Traffic,
    /// What that cost: calls, switches, processor.
    Calls,
}

impl Show {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Traffic => Self::Calls,
            Self::Calls => Self::Traffic,
        }
    }

    /// All figures of its charts.
    pub fn figures(self) -> &'static [Figure] {
        match self {
            Self::Traffic => &FIGURES[..7],
            Self::Calls => &FIGURES[7..],
        }
    }

    /// Its charts: locale key, kind of axis, figures.
    pub fn charts(self, opened: bool) -> [(&'static str, Axis, &'static [Figure]); 3] {
        match self {
            Self::Traffic => [
                ("plots-connections", Axis::Count, if opened { &FIGURES[..3] } else { &FIGURES[..2] }),
                ("plots-throughput", Axis::Bytes, &FIGURES[3..5]),
                ("plots-messages", Axis::Rate, &FIGURES[5..7]),
            ],
            Self::Calls => [
                ("plots-calls-chart", Axis::Rate, &FIGURES[7..10]),
                ("plots-switches-chart", Axis::Rate, &FIGURES[10..11]),
                ("plots-cpu-chart", Axis::Percent, &FIGURES[11..]),
            ],
        }
    }
}

/// How its points are joined.
pub fn join(figure: Figure) -> Join {
    match figure {
        Figure::Open | Figure::Waiting | Figure::Opened => Join::Stairs,
        Figure::RxBytes
        | Figure::TxBytes
        | Figure::RxMessages
        | Figure::TxMessages
        | Figure::Calls
        | Figure::Wakeups
        | Figure::Eagain
        | Figure::Switches
        | Figure::Cpu => Join::Line,
    }
}

/// Locale key, colours and shape.
pub fn look(cx: &Cx<'_>, figure: Figure) -> (&'static str, RoleColors, Mark) {
    let role = |hue| cx.theme.role(hue);
    match figure {
        Figure::Open => ("plots-open", role(Hue::Server), Mark::Square),
        Figure::Waiting => ("plots-waiting", role(Hue::Client), Mark::Circle),
        Figure::Opened => ("plots-opened", role(Hue::Waiting), Mark::Ring),
        Figure::RxBytes | Figure::RxMessages => ("plots-received", role(Hue::Received), Mark::Triangle(Tip::Down)),
        Figure::TxBytes | Figure::TxMessages => ("plots-sent", role(Hue::Sent), Mark::Triangle(Tip::Up)),
        Figure::Calls => ("plots-calls", role(Hue::Server), Mark::Square),
        Figure::Wakeups => ("plots-wakeups", role(Hue::Waiting), Mark::Circle),
        Figure::Eagain => ("plots-eagain", role(Hue::Spinning), Mark::Ring),
        Figure::Switches => ("plots-switches", role(Hue::Waiting), Mark::Circle),
        Figure::Cpu => ("plots-cpu", role(Hue::Running), Mark::Square),
    }
}

/// A value with its unit.
pub fn words(figure: Figure, value: f64) -> String {
    match figure {
        Figure::Open | Figure::Waiting | Figure::Opened => format::count(value as u64),
        Figure::RxBytes | Figure::TxBytes => format::byte_rate(value),
        Figure::RxMessages | Figure::TxMessages | Figure::Calls | Figure::Wakeups | Figure::Eagain | Figure::Switches => {
            format::rate(value)
        }
        Figure::Cpu => format!("{value:.0} %"),
    }
}
