//! The ladder as an SVG 1.1 file: a picture for papers and slides, in the light theme. Pure.

use std::fmt::Write as _;

use eframe::egui::Color32;

use super::gather::{Gathered, Row, What, Who};
use crate::lab::Side;
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::LIGHT;
use crate::ui::widget::format;

/// Rows at most: the newest.
pub const ROWS: u64 = 2_000;
const ROW: f64 = 24.0;
const TOP: f64 = 44.0;
const LEFT: f64 = 190.0;
const STEP: f64 = 280.0;

/// The newest rows that are shown.
pub fn drawing(cx: &Cx<'_>, gathered: &Gathered) -> String {
    let until = cx.snap.traffic.end_index();
    let end = gathered.gone + gathered.rows.partition_point(|r| r.index < until) as u64;
    let first = end.saturating_sub(ROWS).max(gathered.gone);
    let order = gathered.places();
    let mut xs = vec![LEFT; order.len()];
    for (at, line) in order.iter().enumerate() {
        xs[*line] = LEFT + at as f64 * STEP;
    }
    let width = LEFT + (order.len().max(2) - 1) as f64 * STEP + 90.0;
    let height = TOP + (end - first) as f64 * ROW + 16.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"JetBrains Mono, monospace\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n",
        hex(LIGHT.stage)
    );
    for (who, x) in gathered.lines.iter().zip(&xs) {
        let name = match who {
            Who::Ours(_, _, name) | Who::Outside(name) => escape(name),
        };
        let grey = hex(LIGHT.line_strong);
        put(
            &mut svg,
            format_args!(
                "<line x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{}\" stroke=\"{grey}\" stroke-width=\"1.5\"/>",
                TOP - 8.0,
                height - 8.0
            ),
        );
        let ink = hex(LIGHT.text_1);
        put(&mut svg, format_args!("<text x=\"{x}\" y=\"24\" text-anchor=\"middle\" font-weight=\"600\" fill=\"{ink}\">{name}</text>"));
    }
    let y = |number: u64| TOP + (number as f64 - first as f64 + 0.5) * ROW;
    for arrow in gathered.touching(first..end).filter(|a| a.from.min(a.to) >= first && a.from.max(a.to) < end) {
        let (Some(from), Some(to)) = (gathered.row(arrow.from), gathered.row(arrow.to)) else { continue };
        let what = if to.what == What::Broken { What::Broken } else { from.what };
        let words = match what {
            What::Sent | What::Received => format::bytes(arrow.len),
            What::Opened => tr!(cx.text, "ladder-connect"),
            What::Closed => tr!(cx.text, "ladder-close"),
            What::Broken => tr!(cx.text, "ladder-reset"),
        };
        let words = format!("{words} · {} ms", format::millis(to.at.saturating_sub(from.at)));
        let ends = [(xs[from.line], y(arrow.from)), (xs[to.line], y(arrow.to))];
        line(&mut svg, ends, ink(gathered, what, from.line), false, &words);
    }
    for number in first..end {
        if let Some(row) = gathered.row(number) {
            point(&mut svg, gathered, row, &xs, y(number));
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn point(svg: &mut String, gathered: &Gathered, row: &Row, xs: &[f64], y: f64) {
    let (x, color) = (xs[row.line], ink(gathered, row.what, row.line));
    let grey = hex(LIGHT.text_3);
    put(svg, format_args!("<text x=\"12\" y=\"{}\" fill=\"{grey}\">{}</text>", y + 4.0, format::clock(row.at)));
    if !row.joined && matches!(row.what, What::Sent | What::Received) {
        let there = if row.both { x + (xs[row.other] - x) * 0.4 } else { xs[row.other] };
        let ends = if row.what == What::Sent { [(x, y), (there, y)] } else { [(there, y), (x, y)] };
        line(svg, ends, color, true, &format::bytes(row.len.into()));
    }
    let fill = hex(color);
    match row.what {
        What::Sent | What::Received => put(svg, format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"3.5\" fill=\"{fill}\"/>")),
        What::Opened | What::Closed => {
            put(svg, format_args!("<path d=\"M{x} {} l5 5 l-5 5 l-5 -5 z\" fill=\"{fill}\"/>", y - 5.0));
        }
        What::Broken => {
            let (left, top) = (x - 4.0, y - 4.0);
            put(svg, format_args!("<path d=\"M{left} {top} l8 8 m0 -8 l-8 8\" stroke=\"{fill}\" stroke-width=\"2\"/>"));
        }
    }
}

fn line(svg: &mut String, [from, to]: [(f64, f64); 2], color: Color32, dashed: bool, words: &str) {
    let stroke = hex(color);
    let dash = if dashed { " stroke-dasharray=\"4 3\"" } else { "" };
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let long = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / long, dy / long);
    let tip = (to.0 - ux * 5.0, to.1 - uy * 5.0);
    put(
        svg,
        format_args!(
            "<line x1=\"{}\" y1=\"{}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{stroke}\" stroke-width=\"1.5\"{dash}/>",
            from.0, from.1, tip.0, tip.1
        ),
    );
    let back = (tip.0 - ux * 8.0, tip.1 - uy * 8.0);
    let (sx, sy) = (-uy * 3.2, ux * 3.2);
    put(
        svg,
        format_args!(
            "<path d=\"M{:.1} {:.1} L{:.1} {:.1} L{:.1} {:.1} z\" fill=\"{stroke}\"/>",
            tip.0,
            tip.1,
            back.0 + sx,
            back.1 + sy,
            back.0 - sx,
            back.1 - sy
        ),
    );
    let (x, y) = (from.0 + dx * 0.38, from.1 + dy * 0.38 - 4.0);
    let text = hex(LIGHT.text_1);
    put(svg, format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\" fill=\"{text}\">{}</text>", escape(words)));
}

fn ink(gathered: &Gathered, what: What, line: usize) -> Color32 {
    match what {
        What::Sent | What::Received => match gathered.lines.get(line) {
            Some(Who::Ours(_, Side::Client, _)) => LIGHT.client.text,
            Some(Who::Ours(_, Side::Server, _)) => LIGHT.server.text,
            Some(Who::Outside(_)) | None => LIGHT.text_2,
        },
        What::Opened => LIGHT.running.text,
        What::Closed => LIGHT.text_2,
        What::Broken => LIGHT.error.text,
    }
}

fn hex(color: Color32) -> String {
    format!("#{:02x}{:02x}{:02x}", color.r(), color.g(), color.b())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn put(svg: &mut String, part: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _infallible = writeln!(svg, "{part}");
}
