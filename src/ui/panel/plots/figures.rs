//! The seven figures that the charts show: their order, looks and units.

use super::chart::Mark;
use super::series::{Figure, Join};
use crate::ui::Cx;
use crate::ui::theme::{Role as Hue, RoleColors};
use crate::ui::widget::format;
use crate::ui::widget::shapes::Tip;

/// In the order of `Plots::points` and of `Figure`.
pub const FIGURES: [Figure; 7] =
    [Figure::Open, Figure::Waiting, Figure::Opened, Figure::RxBytes, Figure::TxBytes, Figure::RxMessages, Figure::TxMessages];

/// How its points are joined.
pub fn join(figure: Figure) -> Join {
    match figure {
        Figure::Open | Figure::Waiting | Figure::Opened => Join::Stairs,
        Figure::RxBytes | Figure::TxBytes | Figure::RxMessages | Figure::TxMessages => Join::Line,
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
    }
}

/// A value with its unit.
pub fn words(figure: Figure, value: f64) -> String {
    match figure {
        Figure::Open | Figure::Waiting | Figure::Opened => format::count(value as u64),
        Figure::RxBytes | Figure::TxBytes => format::byte_rate(value),
        Figure::RxMessages | Figure::TxMessages => format::rate(value),
    }
}
