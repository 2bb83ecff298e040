//! One connection as a conversation: what came at the left, what left at the right, and a box to reply through it.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align, Align2, Key, Layout, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::{Traffic, row};
use crate::bytes::{Encoding, Moment, Template, TemplateSyntax, TextRun, to_hex};
use crate::engine::{Command, ConnState, ConnView, Outgoing, Record, RecordKind, SendTo};
use crate::lab::EndpointId;
use crate::tr;
use crate::trace::ConnId;
use crate::ui::panel::follow::Follow;
use crate::ui::panel::framing;
use crate::ui::theme::{Type, icons, radius, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{FieldSpec, sentence, words};
use crate::ui::widget::{format, paint, shapes};
use crate::ui::{Action, Cx, failure_words};

use super::row::Writing;

/// A row of the conversation with one line of text.
pub const ROW: f32 = 46.0;
/// A further line of text.
const LINE: f32 = 18.0;
/// Lines of a bubble at most; the rest is in the detail.
const LINES: usize = 4;
/// Of the width, what one side may take.
const SIDE: f32 = 0.72;

/// View state.
#[derive(Debug)]
pub struct Talk {
    /// Which connection, while the panel shows one.
    pub of: Option<(EndpointId, ConnId)>,
    pub follow: Follow,
    typed: String,
    /// The reply goes out as one message of the endpoint's framing.
    framed: bool,
    /// Of this connection, a text needed so many lines. All rows have their height, so that thousands scroll without being measured.
    lines: (Option<ConnId>, usize),
}

impl Talk {
    /// Points of a row.
    fn row(&self) -> f32 {
        ROW + (self.lines.1 - 1) as f32 * LINE
    }
}

impl Default for Talk {
    fn default() -> Self {
        Self { of: None, follow: Follow::with_rows(ROW), typed: String::new(), framed: true, lines: (None, 1) }
    }
}

impl Traffic {
    /// The conversation and its box; the rows are those of one connection.
    pub(super) fn talk_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, gone: usize) {
        let Some((session, conn)) = self.talk.of else { return };
        if self.talk.lines.0 != Some(conn) {
            self.talk.lines = (Some(conn), 1);
        }
        self.talk.follow.set_row(self.talk.row());
        let snap = cx.snap;
        let view = snap.session(session).and_then(|s| s.connections.iter().find(|c| c.info.id == conn));
        let area = ui.max_rect();
        let reply = area.with_min_y(area.bottom() - size::CONTROL - 2.0 * space::S);
        let head = area.with_max_y(area.top() + size::ROW_LIST);
        let middle = Rect::from_min_max(pos2(area.left(), head.bottom()), pos2(area.right(), reply.top()));
        ui.scope_builder(UiBuilder::new().max_rect(head), |ui| self.who_ui(ui, cx, view));
        ui.scope_builder(UiBuilder::new().max_rect(middle), |ui| {
            let rows = self.shown.len(&cx.snap.traffic);
            if rows == 0 {
                return sentence(ui, cx.theme, tr!(cx.text, "traffic-talk-empty"));
            }
            ui.painter().rect_filled(middle, 0.0, cx.theme.colors.stage);
            ui.spacing_mut().item_spacing.y = 0.0;
            let mut follow = std::mem::take(&mut self.talk.follow);
            follow.show(ui, rows, gone, self.shown.passed(), |follow, ui, n| self.line_ui(ui, cx, n, rows, follow));
            self.talk.follow = follow;
        });
        self.talk.follow.jump_ui(ui, cx, middle, self.shown.passed(), "traffic-jump");
        ui.scope_builder(UiBuilder::new().max_rect(reply), |ui| self.reply_ui(ui, cx, session, view));
    }

    fn who_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, view: Option<&ConnView>) {
        let c = &cx.theme.colors;
        let rect = ui.max_rect();
        ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, c.line));
        let mut close = false;
        let inner = rect.shrink2(vec2(space::M, 0.0));
        ui.scope_builder(UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)), |ui| {
            let (name, tip) = (tr!(cx.text, "traffic-talk-close"), tr!(cx.text, "traffic-talk-close-tip"));
            close = ButtonSpec::bare(icons::X, &name, &tip).show(ui, cx.theme).clicked();
            let line = view.map_or_else(
                || tr!(cx.text, "traffic-talk-gone"),
                |v| {
                    let other = v.info.other_end.get().map_or(&v.info.peer, |(_, _, name)| name);
                    tr!(cx.text, "traffic-talk-of", number = v.info.number, here = &*v.info.session_name, there = &**other)
                },
            );
            let rest = ui.available_rect_before_wrap();
            paint::line(ui.painter(), rest, Align::Min, &line, Type::Strong.font(), c.text_1);
            ui.interact(rest, ui.scope_id().with("who"), Sense::hover()).widget_info(|| WidgetInfo::labeled(Role::Label, true, &line));
        });
        if close {
            self.talk.of = None;
        }
    }

    fn line_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, n: usize, rows: usize, follow: &mut Follow) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), self.talk.row()));
        let snap = cx.snap;
        let Some((index, record)) = self.shown.index(n).and_then(|index| Some((index, snap.traffic.get(index)?))) else { return };
        let response = ui.interact(rect, ui.scope_id().with(("line", index)), Sense::click());
        let text = self.plain(cx, index, record);
        response.widget_info(|| {
            let name = format!("{} {}: {text}", row::kind(cx.text, record), format::bytes(record.len.into()));
            WidgetInfo::selected(Role::Row, true, self.detail.as_ref().is_some_and(|d| d.index == index), name)
        });
        let lines = bubble(ui, cx, rect, record, &text, response.hovered());
        if lines > self.talk.lines.1 {
            self.talk.lines.1 = lines;
            ui.ctx().request_repaint();
        }
        if response.has_focus() {
            ui.painter().rect_stroke(rect.shrink(1.0), radius::CHIP, Stroke::new(2.0, cx.theme.colors.accent), StrokeKind::Inside);
        }
        follow.keys(ui, &response, n, rows, self.shown.passed());
        response.context_menu(|ui| self.row_menu(ui, cx, index, record));
        if response.clicked() {
            follow.go_to(n, self.shown.passed());
            self.open(ui.ctx(), cx, index, (record.conn.session, record.conn.id));
        }
    }

    /// A row's data, or what it tells, in one line.
    fn plain(&mut self, cx: &Cx<'_>, index: u64, record: &Record) -> String {
        match &record.kind {
            RecordKind::Opened => tr!(cx.text, "traffic-opened", number = record.conn.number, fd = record.conn.fd),
            RecordKind::Ended(reason) => failure_words::end_reason(cx.text, reason),
            RecordKind::Received | RecordKind::Sent => match self.text_of(cx.snap, index) {
                Some(shown) => shown.runs.iter().map(TextRun::as_str).collect(),
                None => to_hex(&record.data[..record.data.len().min(row::SHOWN_BYTES)], row::SHOWN_BYTES),
            },
        }
    }

    fn reply_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, session: EndpointId, view: Option<&ConnView>) {
        let rect = ui.max_rect();
        ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, cx.theme.colors.line));
        let open = view.is_some_and(|v| matches!(v.state, ConnState::Open | ConnState::PeerEnded | ConnState::Waiting));
        let encoding = match self.look.writing {
            Writing::Text(encoding) => encoding,
            Writing::Hex => Encoding::Utf8,
        };
        let cuts = framing::endpoint_framing(cx, session);
        let syntax = if self.look.writing == Writing::Hex { TemplateSyntax::Hex } else { TemplateSyntax::Text(encoding) };
        let composed = compose(cx, &self.talk.typed, syntax);
        let wrapped = composed.and_then(|bytes| match (self.talk.framed && is_stream(cx, session), &cuts) {
            (true, cuts) => cuts.wrap(&bytes).map_err(|e| framing::error_words(cx.text, e)),
            (false, _) => Ok(bytes),
        });
        let why = match (&wrapped, open) {
            (_, false) => Some(tr!(cx.text, "traffic-reply-closed")),
            (Err(why), true) => Some(why.clone()),
            (Ok(bytes), true) if bytes.is_empty() => Some(tr!(cx.text, "traffic-reply-nothing")),
            (Ok(_), true) => None,
        };
        let inner = rect.shrink2(vec2(space::M, space::S));
        ui.scope_builder(UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)), |ui| {
            let (label, tip) = (tr!(cx.text, "traffic-reply-send"), why.clone().unwrap_or_else(|| tr!(cx.text, "traffic-reply-send-tip")));
            let spec = ButtonSpec { look: Look::Primary, enabled: why.is_none(), ..ButtonSpec::new(&label, &tip) };
            let clicked = spec.with_icon(icons::PAPER_PLANE_RIGHT, cx.theme.colors.on_accent).show(ui, cx.theme).clicked();
            if cuts != crate::bytes::Framing::Raw {
                let label = words(tr!(cx.text, "traffic-reply-framed"), Type::Body, cx.theme.colors.text_1);
                ui.checkbox(&mut self.talk.framed, label).on_hover_text(tr!(cx.text, "traffic-reply-framed-tip"));
            }
            if let Ok(bytes) = &wrapped {
                ui.label(words(format::bytes(bytes.len() as u64), Type::Data, cx.theme.colors.text_3));
            }
            let (name, tip, hint) = (tr!(cx.text, "traffic-reply"), tr!(cx.text, "traffic-reply-tip"), tr!(cx.text, "traffic-reply-hint"));
            let id = ui.scope_id().with("reply");
            let bad = open && wrapped.is_err();
            let width = ui.available_width();
            let field =
                FieldSpec { name: &name, tip: if bad { why.as_deref().unwrap_or(&tip) } else { &tip }, hint: &hint, width, bad, id };
            let response = field.show(ui, cx.theme, &mut self.talk.typed);
            let entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            if let (true, None, Ok(bytes), Some(view)) = (clicked || entered, &why, wrapped, view) {
                let outgoing = Outgoing::once(bytes);
                cx.act(Action::Engine(Command::Send { from: session, to: SendTo::One(view.info.id), outgoing }));
                self.talk.typed.clear();
            }
            if entered {
                response.request_focus();
            }
        });
    }
}

fn is_stream(cx: &Cx<'_>, session: EndpointId) -> bool {
    cx.snap.session(session).is_some_and(|s| s.transport.is_stream())
}

/// The bytes of what was typed.
fn compose(cx: &Cx<'_>, typed: &str, syntax: TemplateSyntax) -> Result<Vec<u8>, String> {
    let template = Template::parse(typed, syntax).map_err(|e| failure_words::bytes_error(cx.text, &e))?;
    let unix = (cx.snap.started + cx.snap.at).duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap_or_default();
    let moment = Moment { count: 0, unix, seed: cx.snap.seq };
    template.render(&moment, &|_| None).map_err(|e| failure_words::render_error(cx.text, &e))
}

/// Answers how many lines it has or would have with more room.
fn bubble(ui: &Ui, cx: &Cx<'_>, rect: Rect, record: &Record, text: &str, hovered: bool) -> usize {
    let c = &cx.theme.colors;
    let painter = ui.painter_at(rect);
    let colors = match &record.kind {
        RecordKind::Received => c.received,
        RecordKind::Sent => c.sent,
        RecordKind::Opened | RecordKind::Ended(_) => {
            let bad = matches!(&record.kind, RecordKind::Ended(reason) if !row::ended_well(reason));
            let ink = if bad { c.error.text } else { c.text_2 };
            let line = format!("{} · {text}", format::clock(record.at));
            paint::line(&painter, rect.shrink2(vec2(space::L, 0.0)), Align::Center, &line, Type::Caption.font(), ink);
            return 1;
        }
    };
    let sent = record.kind == RecordKind::Sent;
    let most = rect.width() * SIDE;
    let mut job = LayoutJob::simple(text.to_owned(), Type::Data.at(13.0), c.text_1, most - 2.0 * space::S);
    job.wrap = TextWrapping { max_width: most - 2.0 * space::S, max_rows: LINES, break_anywhere: true, overflow_character: Some('…') };
    let galley = painter.layout_job(job);
    let lines = galley.rows.len().clamp(1, LINES);
    // Its row grows in the next frame.
    let fits = 1 + ((rect.height() - ROW) / LINE).max(0.0).round() as usize;
    let about = format!("{} · {}", format::clock(record.at), format::bytes(record.len.into()));
    let about = painter.layout_no_wrap(about, Type::Caption.font(), c.text_3);
    let more = (galley.elided || record.data.len() > row::SHOWN_BYTES)
        .then(|| painter.layout_no_wrap(tr!(cx.text, "traffic-talk-more"), Type::Caption.font(), c.accent));
    let below = about.size().x + 16.0 + more.as_ref().map_or(0.0, |m| m.size().x + space::M);
    let width = (galley.size().x.max(below) + 2.0 * space::S).min(most);
    let x = if sent { rect.right() - space::M - width } else { rect.left() + space::M };
    let height = ROW - 6.0 + (lines.min(fits) - 1) as f32 * LINE;
    let block = Rect::from_min_size(pos2(x, rect.top() + 3.0), vec2(width, height));
    painter.rect(block, radius::CARD, if hovered { c.hover } else { colors.soft }, Stroke::new(1.0, colors.text), StrokeKind::Inside);
    let inside = block.shrink2(vec2(space::S, 3.0));
    painter.with_clip_rect(inside.intersect(painter.clip_rect())).galley(inside.min, galley, c.text_1);
    let mark = pos2(inside.left() + 4.0, inside.bottom() - 8.0);
    shapes::triangle(&painter, mark, 7.0, if sent { shapes::Tip::Up } else { shapes::Tip::Down }, colors);
    let at = Align2::LEFT_CENTER.anchor_size(mark + vec2(8.0, 0.0), about.size()).min;
    let after = at + vec2(about.size().x + space::M, 0.0);
    painter.galley(at, about, c.text_3);
    if let Some(more) = more {
        painter.galley(after, more, c.accent);
    }
    lines
}
