//! The field in which a packet is typed: escapes in grey, fields on a ground of their own, the mistake underlined. What has a
//! mistake stays in the field and is not written to the lab.

use std::ops::Range;

use eframe::egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat};
use eframe::egui::text_edit::TextEditState;
use eframe::egui::{Color32, Id, Key, Margin, Modifiers, ScrollArea, Stroke, TextEdit, Ui};

use crate::bytes::{BytesError, BytesErrorKind};
use crate::lab::{EndpointId, Packet, PacketFormat};
use crate::tr;
use crate::ui::Cx;
use crate::ui::panel::inspector::draft::{Drafts, Field, merge_id};
use crate::ui::theme::{Theme, Type};
use crate::ui::widget::controls::with_edge;

use super::message::Composed;
use super::{edit, segments};

/// One of the fields in which the same packet is typed.
pub struct Spec {
    /// Tells its cursor from another's.
    pub salt: &'static str,
    /// Locale key of its name.
    pub name: &'static str,
    /// Rows that are always there.
    pub rows: usize,
}

impl Spec {
    fn id(&self, id: EndpointId) -> Id {
        Id::unique((self.salt, id.0, "body"))
    }
}

/// Draws it; answers whether Ctrl+Enter (⌘+Enter) asked to send.
pub fn ui(ui: &mut Ui, cx: &mut Cx<'_>, id: EndpointId, packet: &Packet, drafts: &mut Drafts, composed: &Composed, spec: &Spec) -> bool {
    let (theme, field) = (cx.theme, spec.id(id));
    let focused = ui.memory(|m| m.has_focus(field));
    let send = focused && ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::Enter));
    let is_file = packet.format == PacketFormat::File;
    let (name, tip) = if is_file { ("inspector-file", "inspector-file-tip") } else { (spec.name, "composer-body-tip") };
    let (name, tip) = (tr!(cx.text, name), tr!(cx.text, tip));
    let body = drafts.text(id, Field::Body, &packet.body);
    let bad = marked(body, composed);
    let mut layouter = |ui: &Ui, text: &dyn eframe::egui::TextBuffer, wrap: f32| {
        let typed = Packet { body: text.as_str().to_owned(), ..packet.clone() };
        // The mark of a text that was composed is wrong for one that has changed since.
        let mistake = segments::mistake(&typed).map(|e| mistake_range(text.as_str(), &e)).or_else(|| bad.clone());
        ui.fonts_mut(|f| f.layout_job(colored(&typed, mistake, theme, wrap)))
    };
    let is_bad = !matches!(composed, Composed::Made(_) | Composed::Reading | Composed::NoFile);
    let changed = with_edge(ui, theme, is_bad, |ui| {
        let edit = if is_file {
            TextEdit::singleline(body).font(Type::Data.font())
        } else {
            TextEdit::multiline(body).desired_rows(spec.rows).layouter(&mut layouter)
        };
        let edit = edit.id(field).margin(Margin::symmetric(8, 6)).desired_width(f32::INFINITY);
        let area = ScrollArea::vertical().id_salt("body").max_height(180.0);
        area.show(ui, |ui| ui.add(edit).accessible_name(name).on_hover_text(tip).changed()).inner
    });
    if changed {
        let body = body.clone();
        write(cx, id, packet, drafts, body);
    }
    send
}

/// Writes a text to the lab unless it has a mistake.
fn write(cx: &mut Cx<'_>, id: EndpointId, packet: &Packet, drafts: &mut Drafts, body: String) {
    if segments::mistake(&Packet { body: body.clone(), ..packet.clone() }).is_none() {
        drafts.taken(id, Field::Body, body.clone());
        edit(cx, id, merge_id(id, "body"), |p| p.body = body);
    }
}

/// Puts a text where the cursor of the field stands, and the cursor behind it.
pub fn insert(ui: &Ui, cx: &mut Cx<'_>, spec: &Spec, id: EndpointId, packet: &Packet, drafts: &mut Drafts, text: &str) {
    let field = spec.id(id);
    let body = drafts.text(id, Field::Body, &packet.body);
    let chars = body.chars().count();
    let mut state = TextEditState::load(ui.ctx(), field).unwrap_or_default();
    let at = state.cursor.char_range().map_or(chars, |range| usize::from(range.primary.index)).min(chars);
    let byte = body.char_indices().nth(at).map_or(body.len(), |(i, _)| i);
    // Between pairs of hex digits there is a blank.
    let blank = |touches: bool| if packet.format == PacketFormat::Hex && touches { " " } else { "" };
    let before = blank(body[..byte].ends_with(|c: char| !c.is_whitespace()));
    let after = blank(body[byte..].starts_with(|c: char| !c.is_whitespace()));
    let put = format!("{before}{text}{after}");
    body.insert_str(byte, &put);
    let cursor = CCursor::new(at + put.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::one(cursor)));
    state.store(ui.ctx(), field);
    ui.memory_mut(|m| m.request_focus(field));
    let body = body.clone();
    write(cx, id, packet, drafts, body);
}

/// The stretch that a mistake found while composing is about.
fn marked(body: &str, composed: &Composed) -> Option<Range<usize>> {
    match composed {
        Composed::Bad(error) if error.at <= body.len() && body.is_char_boundary(error.at) => Some(mistake_range(body, error)),
        Composed::Render(error) => {
            let at = body.char_indices().nth(error.column.saturating_sub(1)).map(|(i, _)| i)?;
            let end = body[at..].find("}}").map_or(body.len(), |i| at + i);
            Some(at..end)
        }
        Composed::Bad(_) | Composed::Made(_) | Composed::Framing(_) | Composed::Reading | Composed::NoFile | Composed::File(_) => None,
    }
}

fn mistake_range(text: &str, error: &BytesError) -> Range<usize> {
    let rest = &text[error.at..];
    let chars = match error.kind {
        BytesErrorKind::UnknownEscape(_) | BytesErrorKind::OpenField | BytesErrorKind::TooManyFields => 2,
        BytesErrorKind::ShortHexEscape => 4,
        BytesErrorKind::UnknownField | BytesErrorKind::BadArgument(_) => {
            rest.chars().take_while(|c| !c.is_whitespace() && *c != '}').count().max(1)
        }
        BytesErrorKind::LoneBackslash
        | BytesErrorKind::BadDigit(_)
        | BytesErrorKind::HalfByte(_)
        | BytesErrorKind::NotInEncoding(..)
        | BytesErrorKind::BadBase64(_)
        | BytesErrorKind::ShortBase64 => 1,
    };
    let len: usize = rest.chars().take(chars).map(char::len_utf8).sum();
    error.at..error.at + len
}

/// The text in its colours.
fn colored(packet: &Packet, mistake: Option<Range<usize>>, theme: &Theme, wrap: f32) -> LayoutJob {
    let c = &theme.colors;
    let text = packet.body.as_str();
    let plain = |color: Color32| TextFormat::simple(Type::Data.font(), color);
    let field = TextFormat { background: c.selected, ..plain(c.text_1) };
    let wrong = TextFormat { underline: Stroke::new(2.0, c.error.text), background: c.error.soft, ..plain(c.error.text) };
    let mut job = LayoutJob { keep_trailing_whitespace: true, ..LayoutJob::default() };
    job.wrap.max_width = wrap;
    let mut at = 0;
    for (range, format) in pieces(packet) {
        let format = match format {
            Piece::Plain => plain(c.text_1),
            Piece::Escape => plain(c.text_3),
            Piece::Field => field.clone(),
        };
        // What is wrong cuts through whatever it is.
        let cut = mistake.clone().unwrap_or(0..0);
        for (part, format) in [
            (range.start..range.end.min(cut.start.max(range.start)), &format),
            (range.start.max(cut.start)..range.end.min(cut.end), &wrong),
            (range.start.max(cut.end.min(range.end)).max(at)..range.end, &format),
        ] {
            let part = part.start.max(at)..part.end;
            if part.start < part.end {
                job.append(&text[part.clone()], 0.0, format.clone());
                at = part.end;
            }
        }
    }
    if job.sections.is_empty() {
        // An empty job has no line height: the cursor would have none either.
        job.append("", 0.0, plain(c.text_1));
    }
    job
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Plain,
    Escape,
    Field,
}

/// The whole text, piece by piece.
fn pieces(packet: &Packet) -> Vec<(Range<usize>, Piece)> {
    let text = packet.body.as_str();
    let Some(syntax) = segments::syntax(packet) else { return vec![(0..text.len(), Piece::Plain)] };
    let mut found = Vec::new();
    let mut at = 0;
    for field in segments::fields(text, syntax) {
        escapes(text, at..field.start, packet.format, &mut found);
        found.push((field.clone(), Piece::Field));
        at = field.end;
    }
    escapes(text, at..text.len(), packet.format, &mut found);
    found
}

fn escapes(text: &str, range: Range<usize>, format: PacketFormat, found: &mut Vec<(Range<usize>, Piece)>) {
    let (mut from, mut at) = (range.start, range.start);
    while format == PacketFormat::Text
        && let Some(back) = text[at..range.end].find('\\').map(|i| at + i)
    {
        let chars = if text[back + 1..].starts_with('x') { 4 } else { 2 };
        let len: usize = text[back..range.end].chars().take(chars).map(char::len_utf8).sum();
        found.push((from..back, Piece::Plain));
        found.push((back..back + len, Piece::Escape));
        (from, at) = (back + len, back + len);
    }
    found.push((from..range.end, Piece::Plain));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_grey_fields_have_a_ground_and_the_mistake_is_marked() {
        let theme = Theme::dark();
        let pieces = |body: &str, format| {
            let packet = Packet { body: body.into(), format, ..Packet::default() };
            let mistake = segments::mistake(&packet).map(|e| mistake_range(body, &e));
            let job = colored(&packet, mistake, &theme, 100.0);
            let piece = |s: &eframe::egui::text::LayoutSection| {
                (job.text[s.byte_range.start.0..s.byte_range.end.0].to_owned(), s.format.color, s.format.background != Color32::TRANSPARENT)
            };
            let found = job.sections.iter().map(piece).filter(|(t, ..)| !t.is_empty()).collect::<Vec<_>>();
            assert_eq!(found.iter().map(|(t, ..)| t.as_str()).collect::<String>(), body, "nothing is lost");
            found
        };
        let (one, three, bad) = (theme.colors.text_1, theme.colors.text_3, theme.colors.error.text);
        let p = |text: &str, color, ground| (text.to_owned(), color, ground);
        let (text, hex) = (PacketFormat::Text, PacketFormat::Hex);
        assert_eq!(pieces(r"a中\x0a\n!", text), [p("a中", one, false), p(r"\x0a\n", three, false), p("!", one, false)]);
        assert_eq!(pieces(r"中\q more", text), [p("中", one, false), p(r"\q", bad, true), p(" more", one, false)]);
        assert_eq!(pieces("a{{counter}}b", text), [p("a", one, false), p("{{counter}}", one, true), p("b", one, false)]);
        assert_eq!(pieces("{{none 3}}", text), [p("{{", one, true), p("none", bad, true), p(" 3}}", one, true)]);
        assert_eq!(pieces("7g 00", hex), [p("7", one, false), p("g", bad, true), p(" 00", one, false)]);
        assert_eq!(pieces(r"C:\new", PacketFormat::File), [p(r"C:\new", one, false)]);
        assert_eq!(pieces("a{{", text), [p("a", one, false), p("{{", bad, true)]);
    }
}
