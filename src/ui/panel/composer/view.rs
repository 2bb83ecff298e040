//! The byte view: offset, hex and text side by side. Typing in either column asks for a splice of the body; the byte under the
//! cursor is marked in both. It holds a cursor, never the bytes.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::text_edit::TextEditState;
use eframe::egui::{
    Color32, Event, EventFilter, IMEPurpose, ImeEvent, Key, Painter, Pos2, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::bytes::{Encoding, TemplateSyntax, parse_hex, to_hex};
use crate::tr;
use crate::ui::theme::{Theme, Type, radius, space};
use crate::ui::{Action, Cx, UiCommand};

use super::keys::{Cursor, Splice, Stroke as Typed, Typing, strike};
use super::sheet::{Author, Glyph, Sheet};

/// Height of a row.
const ROW: f32 = 22.0;
/// Rows that have their place in any case.
const LEAST_ROWS: f32 = 4.0;
/// Bytes that screen readers are told.
const TOLD: usize = 64;

/// A column that takes keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Hex,
    Text,
}

/// Where things lie.
#[derive(Clone, Copy, Debug)]
struct Places {
    digit: f32,
    bytes: usize,
    hex: f32,
    text: f32,
    width: f32,
}

impl Places {
    /// 16 bytes in a row when there is room, else 8.
    fn of(digit: f32, room: f32) -> Self {
        let with = |bytes: usize| {
            let hex = 4.0 * digit + space::S;
            let text = hex + (bytes * 3) as f32 * digit + (bytes / 8 - 1) as f32 * digit + space::S;
            Self { digit, bytes, hex, text, width: text + bytes as f32 * digit + space::S }
        };
        let wide = with(16);
        if wide.width <= room { wide } else { with(8) }
    }

    fn hex_x(&self, i: usize) -> f32 {
        self.hex + (i * 3 + i / 8) as f32 * self.digit
    }

    fn cell(&self, column: Column, at: usize, origin: Pos2) -> Rect {
        let (row, i) = (at / self.bytes, at % self.bytes);
        let (x, width) = match column {
            Column::Hex => (self.hex_x(i) - self.digit * 0.5, self.digit * 3.0),
            Column::Text => (self.text + i as f32 * self.digit, self.digit),
        };
        Rect::from_min_size(origin + vec2(x, row as f32 * ROW), vec2(width, ROW))
    }

    /// The byte at a point of this column.
    fn at(&self, column: Column, point: Pos2, origin: Pos2, len: usize) -> usize {
        let row = ((point.y - origin.y) / ROW).max(0.0) as usize;
        let x = point.x - origin.x;
        let i = match column {
            Column::Hex => (0..self.bytes).rev().find(|i| x >= self.hex_x(*i) - self.digit * 0.5).unwrap_or(0),
            Column::Text => ((x - self.text) / self.digit).clamp(0.0, (self.bytes - 1) as f32) as usize,
        };
        (row * self.bytes + i).min(len)
    }
}

/// View state.
#[derive(Debug, Default)]
pub struct ByteView {
    /// In bytes of the sheet.
    cursor: Cursor,
    typing: Typing,
    /// A key wanted to change what is not the person's.
    refused: bool,
    reveal: bool,
}

impl ByteView {
    /// The byte under the cursor.
    pub fn at(&self) -> usize {
        self.cursor.at
    }

    /// Whether the last key wanted to change what a field, a line ending or the framing wrote.
    pub fn refused(&self) -> bool {
        self.refused
    }

    /// Over or insert.
    pub fn typing(&mut self) -> &mut Typing {
        &mut self.typing
    }

    /// Draws it, at most `most` high; answers what is to be done with the body (in bytes of the body).
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, sheet: &Sheet, encoding: Encoding, editable: bool, most: f32) -> Option<Splice> {
        let font = Type::Data.font();
        let digit = ui.fonts_mut(|f| f.glyph_width(&font, '0'));
        let places = Places::of(digit, ui.available_width());
        let len = sheet.bytes.len();
        self.cursor.at = self.cursor.at.min(len);
        let rows = len / places.bytes + 1;
        let height = (rows as f32 * ROW).clamp(LEAST_ROWS * ROW, most);
        let mut asked = None;
        let area = ScrollArea::both().id_salt("bytes").max_height(height).min_scrolled_height(height).auto_shrink([false, false]);
        area.show_viewport(ui, |ui, seen| {
            let (rect, _) = ui.allocate_exact_size(vec2(places.width.max(ui.available_width()), rows as f32 * ROW), Sense::hover());
            let origin = rect.min;
            let from = (seen.top() / ROW).max(0.0) as usize;
            let to = ((seen.bottom() / ROW).ceil().max(0.0) as usize).min(rows);
            let mut focused = None;
            let columns =
                [(Column::Hex, places.hex - digit * 0.5, places.text - space::S), (Column::Text, places.text - 2.0, places.width)];
            let mut responses = Vec::with_capacity(2);
            for (column, left, right) in columns {
                let area = Rect::from_x_y_ranges(rect.left() + left..=rect.left() + right, rect.y_range());
                let response = self.column_ui(ui, cx, column, area, sheet, encoding);
                if response.has_focus() {
                    focused = Some(column);
                }
                if (response.clicked() || response.dragged())
                    && let Some(point) = response.interact_pointer_pos()
                {
                    self.cursor = Cursor::at(places.at(column, point, origin, len));
                    self.refused = false;
                }
                responses.push((column, response));
            }
            if let Some(column) = focused {
                asked = self.keys(ui, cx, column, sheet, encoding, editable, places.bytes);
            }
            let painter = ui.painter().with_clip_rect(ui.clip_rect());
            self.paint(&painter, cx.theme, sheet, places, origin, from..to, focused);
            let cell = places.cell(focused.unwrap_or(Column::Hex), self.cursor.at, origin);
            if focused == Some(Column::Text) {
                let ime = eframe::egui::output::IMEOutput {
                    purpose: IMEPurpose::default(),
                    rect,
                    cursor_rect: cell,
                    should_interrupt_composition: false,
                };
                ui.output_mut(|o| o.ime = Some(ime));
            }
            if std::mem::take(&mut self.reveal) {
                ui.scroll_to_rect(cell, None);
            }
        });
        asked
    }

    fn column_ui(&self, ui: &Ui, cx: &Cx<'_>, column: Column, area: Rect, sheet: &Sheet, encoding: Encoding) -> Response {
        let (key, salt) = match column {
            Column::Hex => ("composer-hex", "hex column"),
            Column::Text => ("composer-text", "text column"),
        };
        let response = ui.interact(area, ui.scope_id().with(salt), Sense::click_and_drag()).on_hover_cursor(eframe::egui::CursorIcon::Text);
        if response.clicked() || response.drag_started() {
            response.request_focus();
        }
        let name = tr!(cx.text, key);
        response.widget_info(|| {
            let shown = &sheet.bytes[..sheet.bytes.len().min(TOLD)];
            let value = match column {
                Column::Hex => to_hex(&sheet.bytes, TOLD),
                Column::Text => TemplateSyntax::Text(encoding).spell(shown),
            };
            WidgetInfo { current_text_value: Some(value), ..WidgetInfo::labeled(Role::TextInput, true, &name) }
        });
        if response.has_focus() {
            let keys = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|m| m.set_focus_lock_filter(response.id, keys));
            // It is a text field for the window's shortcuts: Delete takes a byte here and never the selected endpoint.
            TextEditState::default().store(ui.ctx(), response.id);
        }
        response
    }

    /// What the keys of this frame ask for; at most one splice, as people type.
    #[expect(clippy::too_many_arguments, reason = "one frame's values, passed down once")]
    fn keys(
        &mut self,
        ui: &Ui,
        cx: &mut Cx<'_>,
        column: Column,
        sheet: &Sheet,
        encoding: Encoding,
        editable: bool,
        page: usize,
    ) -> Option<Splice> {
        let events =
            ui.input(|i| i.filtered_events(&EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() }));
        let len = sheet.bytes.len();
        let mut body = sheet.bytes[sheet.body.clone()].to_vec();
        let mut whole: Option<Splice> = None;
        for event in events {
            let strokes: Vec<Typed> = match event {
                Event::Text(typed) | Event::Ime(ImeEvent::Commit(typed)) => typed_strokes(column, &typed, encoding),
                Event::Paste(pasted) => pasted_stroke(column, &pasted, encoding).into_iter().collect(),
                Event::Copy => {
                    let copied = match column {
                        Column::Hex => to_hex(&body, usize::MAX),
                        Column::Text => TemplateSyntax::Text(encoding).spell(&body),
                    };
                    cx.act(Action::Copy(copied));
                    continue;
                }
                Event::Key { key, pressed: true, modifiers, .. } => match key {
                    Key::Backspace => vec![Typed::Back],
                    Key::Delete => vec![Typed::Delete],
                    Key::Z if modifiers.command => {
                        let command = if modifiers.shift { UiCommand::Redo } else { UiCommand::Undo };
                        cx.act(Action::Ui(command));
                        continue;
                    }
                    Key::Insert => {
                        self.typing = if self.typing == Typing::Over { Typing::Insert } else { Typing::Over };
                        continue;
                    }
                    key => {
                        self.step(key, modifiers.command, len, page);
                        continue;
                    }
                },
                _ => continue,
            };
            for stroke in strokes {
                // What was typed in this frame already moved the end of the body; only the first may stand anywhere.
                let cursor = Cursor { at: self.cursor.at.saturating_sub(sheet.body.start).min(body.len()), ..self.cursor };
                let before = self.cursor.at < sheet.body.start || (whole.is_none() && self.cursor.at > sheet.body.end);
                let Some((splice, next)) = strike(&body, cursor, self.typing, &stroke) else { continue };
                let after = splice.applied(&body);
                let both = whole.as_ref().map_or_else(|| splice.clone(), |first| first.then(&splice, &after));
                let on_sheet = both.range.start + sheet.body.start..both.range.end + sheet.body.start;
                self.refused = !editable || before || !sheet.may_change(&on_sheet);
                if self.refused {
                    break;
                }
                (body, whole) = (after, Some(both));
                self.cursor = Cursor { at: next.at + sheet.body.start, ..next };
                self.reveal = true;
            }
        }
        whole
    }

    fn step(&mut self, key: Key, far: bool, len: usize, row: usize) {
        let at = self.cursor.at;
        let to = match key {
            Key::ArrowLeft => at.saturating_sub(1),
            Key::ArrowRight => at + 1,
            Key::ArrowUp if at >= row => at - row,
            Key::ArrowDown if at + row <= len => at + row,
            Key::PageUp => at.saturating_sub(row * 8),
            Key::PageDown => at + row * 8,
            Key::Home if far => 0,
            Key::End if far => len,
            Key::Home => at - at % row,
            Key::End => at - at % row + row - 1,
            _ => return,
        };
        self.cursor = Cursor::at(to.min(len));
        (self.refused, self.reveal) = (false, true);
    }

    #[expect(clippy::too_many_arguments, reason = "one frame's values, passed down once")]
    fn paint(
        &self,
        painter: &Painter,
        theme: &Theme,
        sheet: &Sheet,
        places: Places,
        origin: Pos2,
        rows: std::ops::Range<usize>,
        focused: Option<Column>,
    ) {
        let c = &theme.colors;
        let font = Type::Data.font();
        for row in rows {
            let start = row * places.bytes;
            let line = &sheet.bytes[start.min(sheet.bytes.len())..(start + places.bytes).min(sheet.bytes.len())];
            let y = origin.y + row as f32 * ROW;
            let middle = |x: f32| pos2(origin.x + x, y + ROW / 2.0);
            painter.text(middle(0.0), eframe::egui::Align2::LEFT_CENTER, format!("{start:04x}"), font.clone(), c.text_3);
            let mut hex = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
            for (i, byte) in line.iter().enumerate() {
                let at = start + i;
                let author = sheet.author(at);
                ground(painter, theme, author, places.cell(Column::Hex, at, origin));
                ground(painter, theme, author, places.cell(Column::Text, at, origin));
                let gap = if i == 0 {
                    ""
                } else if i % 8 == 0 {
                    "  "
                } else {
                    " "
                };
                let color = if author == Author::Added { c.text_2 } else { c.text_1 };
                hex.append(&format!("{gap}{byte:02x}"), 0.0, TextFormat::simple(font.clone(), color));
            }
            let galley = painter.layout_job(hex);
            painter.galley(pos2(origin.x + places.hex, y + (ROW - galley.size().y) / 2.0), galley, c.text_1);
            for (i, glyph) in sheet.glyphs.iter().skip(start).take(line.len()).enumerate() {
                let (shown, color) = match glyph {
                    Glyph::Char(shown) => (*shown, c.text_1),
                    Glyph::Byte => ('·', c.text_3),
                    Glyph::Rest => continue,
                };
                let at = middle(places.text + i as f32 * places.digit);
                painter.text(at, eframe::egui::Align2::LEFT_CENTER, shown, font.clone(), color);
            }
        }
        for column in [Column::Hex, Column::Text] {
            let rect = places.cell(column, self.cursor.at, origin).shrink2(vec2(if column == Column::Hex { 2.0 } else { -1.0 }, 1.0));
            let (width, color) = if focused == Some(column) { (2.0, c.accent) } else { (1.0, c.line_strong) };
            painter.rect_stroke(rect, radius::BAR, Stroke::new(width, color), StrokeKind::Middle);
            if focused == Some(column) && column == Column::Hex && self.cursor.half {
                let under = rect.with_min_x(rect.center().x).shrink2(vec2(1.0, 2.0));
                painter.hline(under.x_range(), under.bottom(), Stroke::new(2.0, c.accent));
            }
        }
    }
}

/// The ground of a byte that is not the person's, with a line below: solid for what was added, dashed for a field.
pub fn ground(painter: &Painter, theme: &Theme, author: Author, cell: Rect) {
    let c = &theme.colors;
    let rect = cell.shrink2(vec2(0.0, 2.0));
    let line = |color: Color32| Stroke::new(1.0, color);
    match author {
        Author::Body => {}
        Author::Added => {
            painter.rect_filled(rect, 0.0, c.hover);
            painter.hline(rect.x_range(), rect.bottom() - 0.5, line(c.line_strong));
        }
        Author::Field => {
            painter.rect_filled(rect, 0.0, c.selected);
            let y = rect.bottom() - 0.5;
            painter.extend(eframe::egui::Shape::dashed_line(&[pos2(rect.left(), y), pos2(rect.right(), y)], line(c.accent), 3.0, 2.0));
        }
    }
}

fn typed_strokes(column: Column, typed: &str, encoding: Encoding) -> Vec<Typed> {
    match column {
        Column::Hex => typed.chars().filter_map(|c| u8::try_from(c.to_digit(16)?).ok()).map(Typed::Digit).collect(),
        Column::Text => typed.chars().filter_map(|c| encoding.encode(c.encode_utf8(&mut [0; 4])).ok()).map(Typed::Character).collect(),
    }
}

fn pasted_stroke(column: Column, pasted: &str, encoding: Encoding) -> Option<Typed> {
    match column {
        Column::Hex => parse_hex(pasted.trim()).ok().map(Typed::Paste),
        Column::Text => encoding.encode(pasted).ok().map(Typed::Paste),
    }
}
