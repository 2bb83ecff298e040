//! The three rows, painted: blocks on one axis, the cuts of each row drawn on to its neighbour.

use std::collections::VecDeque;

use eframe::egui::{Align, Align2, Color32, Painter, Rangef, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::axis::Window;
use super::gather::{Gathered, Message, Piece};
use crate::bytes::to_text_string;
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{RoleColors, Type, radius};
use crate::ui::widget::controls::{focus_ring, words as styled};
use crate::ui::widget::{format, paint};

/// Blocks of a row that are each a widget; more are drawn as a band with its cuts.
const MOST: usize = 240;
/// Bytes of a block that can be read in it.
const SHOWN: u64 = 64;
/// A narrower block has no words.
const LEAST_WORDS: f32 = 14.0;
/// Cuts closer than this are one line.
const CUT_STEP: f32 = 3.0;

/// Which row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// What the peer's application gave to `send`.
    Sent,
    /// What each `recv` returned.
    Received,
    /// What the framing made of it.
    Messages,
}

impl Row {
    /// From top to bottom.
    pub const ALL: [Self; 3] = [Self::Sent, Self::Received, Self::Messages];

    /// Its blocks.
    pub fn blocks(self, gathered: &Gathered) -> Blocks<'_> {
        match self {
            Self::Sent => Blocks::Pieces(&gathered.sent),
            Self::Received => Blocks::Pieces(&gathered.received),
            Self::Messages => Blocks::Messages(&gathered.messages),
        }
    }
}

/// The blocks of a row, in order of the stream.
#[derive(Clone, Copy, Debug)]
pub enum Blocks<'a> {
    /// Of calls.
    Pieces(&'a VecDeque<Piece>),
    /// Of the framing.
    Messages(&'a VecDeque<Message>),
}

impl Blocks<'_> {
    /// How many.
    pub fn len(self) -> usize {
        match self {
            Self::Pieces(pieces) => pieces.len(),
            Self::Messages(messages) => messages.len(),
        }
    }

    /// One of them.
    pub fn get(self, n: usize) -> Option<Message> {
        match self {
            Self::Pieces(pieces) => pieces.get(n).map(|piece| Message { piece: *piece, front: 0, len: piece.to - piece.from }),
            Self::Messages(messages) => messages.get(n).copied(),
        }
    }

    /// Those that reach into this stretch.
    pub fn within(self, from: f64, to: f64) -> std::ops::Range<usize> {
        let (ends, begins) = (|p: &Piece| p.to as f64 <= from && p.to > p.from, |p: &Piece| (p.from as f64) < to);
        match self {
            Self::Pieces(pieces) => pieces.partition_point(ends)..pieces.partition_point(begins),
            Self::Messages(m) => m.partition_point(|m| ends(&m.piece))..m.partition_point(|m| begins(&m.piece)),
        }
    }
}

/// What is painted, and where.
pub struct Sheet<'a> {
    /// The streams.
    pub gathered: &'a Gathered,
    /// The stretch that is shown.
    pub window: Window,
    /// After the newest record of the moment that is shown.
    pub until: u64,
    /// The record picked in any panel.
    pub picked: Option<u64>,
}

/// Draws a row; answers the record of the block that was clicked.
pub fn row_ui(ui: &mut Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, row: Row, rect: Rect, colors: RoleColors) -> Option<u64> {
    let c = &cx.theme.colors;
    ui.painter().rect_filled(rect, radius::BAR, c.stage);
    let blocks = row.blocks(sheet.gathered);
    let mut seen = blocks.within(sheet.window.from, sheet.window.to);
    while seen.end > seen.start && blocks.get(seen.end - 1).is_some_and(|m| m.piece.index >= sheet.until) {
        seen.end -= 1;
    }
    if seen.len() > MOST {
        band(ui, cx, sheet, blocks, seen, rect, colors);
        return None;
    }
    let mut clicked = None;
    for n in seen {
        let Some(message) = blocks.get(n) else { continue };
        if block_ui(ui, cx, sheet, row, message, rect, colors) {
            clicked = Some(message.piece.index);
        }
    }
    clicked
}

fn place(window: &Window, rect: Rect, from: u64, to: u64) -> Rect {
    let x = Rangef::new(window.x(from).max(rect.left() - 4.0), window.x(to).min(rect.right() + 4.0));
    // A gap of two points is the cut; an empty datagram is a line.
    let x = Rangef::new(x.min + 1.0, (x.max - 1.0).max(x.min + 2.0));
    Rect::from_x_y_ranges(x, rect.y_range())
}

fn block_ui(ui: &mut Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, row: Row, message: Message, rect: Rect, colors: RoleColors) -> bool {
    let (c, piece) = (&cx.theme.colors, message.piece);
    let block = place(&sheet.window, rect, piece.from, piece.to);
    let response = ui.interact(block.intersect(rect), ui.scope_id().with(("block", row as u8, piece.from, piece.index)), Sense::click());
    let content = content(cx, sheet.gathered, row, message);
    let len = format::bytes(message.len);
    response.widget_info(|| {
        let what = match row {
            Row::Sent => tr!(cx.text, "framing-block-sent", len = len.clone(), at = format::count(piece.from)),
            Row::Received => tr!(cx.text, "framing-block-received", len = len.clone(), at = format::count(piece.from)),
            Row::Messages => tr!(cx.text, "framing-block-message", len = len.clone(), at = format::count(piece.from)),
        };
        WidgetInfo::selected(Role::Button, true, sheet.picked == Some(piece.index), format!("{what}: {content}"))
    });
    let picked = sheet.picked == Some(piece.index);
    let painter = ui.painter().with_clip_rect(rect.expand(1.0).intersect(ui.clip_rect()));
    let ground = match (picked, response.hovered()) {
        (true, _) => c.selected,
        (false, true) => c.hover,
        (false, false) => colors.soft,
    };
    painter.rect_filled(block, radius::BAR, ground);
    extra(&painter, cx, sheet, message, block);
    let edge = if picked { Stroke::new(2.5, c.accent) } else { Stroke::new(1.5, colors.text) };
    painter.rect_stroke(block, radius::BAR, edge, StrokeKind::Inside);
    inside(&painter, cx, message, block.intersect(rect), colors, &content);
    focus_ring(ui, cx.theme, &response);
    let response = response.on_hover_ui(|ui| tip(ui, cx, row, message, &content));
    response.clicked()
}

/// Header and delimiter: hatched, they are no part of the message.
fn extra(painter: &Painter, cx: &Cx<'_>, sheet: &Sheet<'_>, message: Message, block: Rect) {
    let piece = message.piece;
    let (head, tail) = (piece.from + message.front, piece.from + message.front + message.len);
    for (from, to) in [(piece.from, head), (tail, piece.to)] {
        let x = Rangef::new(sheet.window.x(from).max(block.left()), sheet.window.x(to).min(block.right()));
        if to > from && x.span() > 1.0 {
            paint::hatch(painter, Rect::from_x_y_ranges(x, block.y_range()).shrink(1.0), cx.theme.colors.waiting, 0.0);
        }
    }
}

/// The length, and below it the bytes where there is room.
fn inside(painter: &Painter, cx: &Cx<'_>, message: Message, block: Rect, colors: RoleColors, content: &str) {
    if block.width() < LEAST_WORDS {
        return;
    }
    let c = &cx.theme.colors;
    let size = (block.height() * 0.34).clamp(12.0, 20.0);
    let two = block.height() > 50.0 && block.width() > 34.0 && !content.is_empty();
    let middle = block.center() - vec2(0.0, if two { block.height() * 0.16 } else { 0.0 });
    let (long, short) = (format::bytes(message.len), format::count(message.len));
    for words in [long, short] {
        let galley = painter.layout_no_wrap(words, Type::Figure.at(size), c.text_1);
        if galley.size().x + 4.0 <= block.width() {
            let at = Align2::CENTER_CENTER.anchor_size(middle, galley.size()).min;
            // The length is read also over a hatch.
            painter.rect_filled(Rect::from_min_size(at, galley.size()).expand2(vec2(2.0, -2.0)), radius::BAR, colors.soft);
            painter.galley(at, galley, c.text_1);
            break;
        }
    }
    if two {
        let line = block.with_min_y(block.center().y + block.height() * 0.08).shrink2(vec2(4.0, 0.0));
        paint::line(painter, line, Align::Center, content, Type::Data.at((size * 0.72).max(11.0)), c.text_2);
    }
}

fn tip(ui: &mut Ui, cx: &Cx<'_>, row: Row, message: Message, content: &str) {
    let c = &cx.theme.colors;
    let piece = message.piece;
    let (len, from, to) = (format::count(message.len), format::count(piece.from), format::count(piece.to));
    let call = cx.snap.traffic.get(piece.index).map_or_else(String::new, |r| match row {
        Row::Sent => format!("send({}) = {}", r.conn.fd, r.len),
        Row::Received => format!("recv({}) = {}", r.conn.fd, r.len),
        Row::Messages => tr!(cx.text, "framing-tip-complete", fd = r.conn.fd),
    });
    ui.label(styled(tr!(cx.text, "framing-tip-stretch", len = len, from = from, to = to), Type::Strong, c.text_1));
    let extra = piece.to - piece.from - message.len;
    if extra > 0 {
        ui.label(styled(tr!(cx.text, "framing-tip-extra", bytes = format::count(extra)), Type::Caption, c.text_2));
    }
    ui.label(styled(call, Type::Data, c.text_1));
    let clock = format!("{} · {} UTC", format::clock(piece.at), format::utc(cx.snap.started, piece.at));
    ui.label(styled(clock, Type::Data, c.text_2));
    ui.label(styled(content, Type::Data, c.text_1));
    ui.label(styled(tr!(cx.text, "framing-tip-click"), Type::Caption, c.text_2));
}

/// The first bytes of a block as text.
fn content(cx: &Cx<'_>, gathered: &Gathered, row: Row, message: Message) -> String {
    let piece = message.piece;
    let cut = |data: &[u8], more: bool| format!("{}{}", to_text_string(data), if more { " …" } else { "" });
    match row {
        Row::Sent | Row::Received => cx.snap.traffic.get(piece.index).map_or_else(String::new, |r| {
            let shown = r.data.len().min(SHOWN as usize);
            cut(&r.data[..shown], shown < r.data.len())
        }),
        Row::Messages => {
            let (from, to) = (piece.from + message.front, piece.from + message.front + message.len);
            let mut bytes = Vec::new();
            let first = gathered.received.partition_point(|p| p.to <= from);
            for part in gathered.received.range(first..).take_while(|p| p.from < to && p.from < from + SHOWN) {
                let Some(record) = cx.snap.traffic.get(part.index) else { break };
                let begin = (from.max(part.from) - part.from) as usize;
                let end = (to.min(from + SHOWN).min(part.to) - part.from) as usize;
                bytes.extend_from_slice(record.data.get(begin..end).unwrap_or_default());
            }
            cut(&bytes, to - from > SHOWN)
        }
    }
}

/// Too many blocks to tell apart: one ground, and the cuts that can be.
fn band(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, blocks: Blocks<'_>, seen: std::ops::Range<usize>, rect: Rect, colors: RoleColors) {
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let (Some(first), Some(last)) = (blocks.get(seen.start), blocks.get(seen.end - 1)) else { return };
    let x = Rangef::new(sheet.window.x(first.piece.from).max(rect.left()), sheet.window.x(last.piece.to).min(rect.right()));
    painter.rect_filled(Rect::from_x_y_ranges(x, rect.y_range()), radius::BAR, colors.soft);
    let mut at = x.min;
    while at < x.max {
        let byte = sheet.window.byte(at);
        let next = blocks.within(byte, f64::INFINITY).start;
        let Some(cut) = blocks.get(next).map(|m| sheet.window.x(m.piece.to)) else { break };
        painter.vline(cut, rect.y_range(), Stroke::new(1.0, colors.text));
        at = cut.max(at) + CUT_STEP;
    }
    let words = tr!(cx.text, "framing-many", count = format::count(seen.len() as u64));
    let galley = painter.layout_no_wrap(words.clone(), Type::Strong.font(), cx.theme.colors.text_1);
    let place = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size());
    painter.rect_filled(place.expand2(vec2(6.0, 2.0)), radius::CHIP, cx.theme.colors.raised);
    painter.galley(place.min, galley, Color32::PLACEHOLDER);
    let label = ui.interact(place, ui.scope_id().with(("many", rect.top() as i32)), Sense::hover());
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
}

/// The cuts of a row, as lines through the gap to its neighbour and a little into that.
pub fn cuts(painter: &Painter, sheet: &Sheet<'_>, row: Row, gap: Rangef, color: Color32) {
    let blocks = row.blocks(sheet.gathered);
    let seen = blocks.within(sheet.window.from, sheet.window.to);
    if seen.len() > MOST {
        return;
    }
    for piece in seen.filter_map(|n| blocks.get(n)).map(|m| m.piece).filter(|p| p.index < sheet.until) {
        for byte in [piece.from, piece.to] {
            let x = sheet.window.x(byte);
            if sheet.window.x.contains(x) {
                paint::dashed(painter, &[pos2(x, gap.min), pos2(x, gap.max)], Stroke::new(1.5, color), 3.0, 3.0);
            }
        }
    }
}
