//! Editors that rules and sequences share: which messages, and a packet in one line.

use eframe::egui::{DragValue, Id, Ui};

use crate::lab::{Match, Packet, PacketFormat};
use crate::service::{Matcher, RuleError};
use crate::tr;
use crate::ui::theme::{Type, size};
use crate::ui::widget::controls::{combo as combo_box, with_edge, words};
use crate::ui::{Cx, Text, failure_words};

use super::packet::format_key;
use super::segments;
use super::texts::{Line, Texts};

/// What a kind begins with: what the other kind held, as far as it fits.
fn of_kind(id: &str, was: &Match) -> Match {
    let text = match was {
        Match::Exact(text) | Match::Prefix(text) | Match::Contains(text) => text.clone(),
        // An expression is no text with escapes.
        Match::Any | Match::Regex(_) | Match::Length(..) => String::new(),
    };
    match id {
        "exact" => Match::Exact(text),
        "prefix" => Match::Prefix(text),
        "contains" => Match::Contains(text),
        "regex" => Match::Regex(String::new()),
        "length" => Match::Length(1, 64),
        _ => Match::Any,
    }
}

/// The kind; answers another one.
pub fn kind_ui(ui: &mut Ui, cx: &Cx<'_>, id: Id, name: &str, when: &Match) -> Option<Match> {
    let word = |id: &str| tr!(cx.text, &format!("composer-match-{id}"));
    let mut chosen = None;
    let combo = combo_box(id.with("kind")).width(104.0).selected_text(word(when.id())).show_ui(ui, |ui| {
        for each in Match::IDS {
            if ui.selectable_label(each == when.id(), word(each)).clicked() && each != when.id() {
                chosen = Some(of_kind(each, when));
            }
        }
    });
    combo.response.accessible_name(name).on_hover_text(tr!(cx.text, "composer-match-tip"));
    chosen
}

/// What it looks for; nothing for every message. Answers another one.
pub fn text_ui(ui: &mut Ui, cx: &Cx<'_>, texts: &mut Texts, id: Id, name: &str, when: &Match, width: f32) -> Option<Match> {
    if let Match::Length(from, to) = when {
        let (mut low, mut high) = (*from, *to);
        for (value, least, key) in [(&mut low, 0, "composer-match-from"), (&mut high, *from, "composer-match-to")] {
            ui.label(words(tr!(cx.text, key), Type::Caption, cx.theme.colors.text_3));
            let drag = DragValue::new(value).range(least..=u32::MAX).fixed_decimals(0).speed(0.2).suffix(" B");
            let response = with_edge(ui, cx.theme, false, |ui| ui.add_sized([76.0, size::CONTROL], drag));
            response.accessible_name(format!("{name}: {}", cx.text.get(key))).on_hover_text(tr!(cx.text, "composer-match-length-tip"));
        }
        return ((low, high) != (*from, *to)).then_some(Match::Length(low, high.max(low)));
    }
    let (Match::Exact(text) | Match::Prefix(text) | Match::Contains(text) | Match::Regex(text)) = when else { return None };
    let with = |text: String| match when {
        Match::Exact(_) => Match::Exact(text),
        Match::Prefix(_) => Match::Prefix(text),
        Match::Contains(_) => Match::Contains(text),
        Match::Regex(_) => Match::Regex(text),
        Match::Any | Match::Length(..) => Match::Any,
    };
    let tip = tr!(cx.text, if matches!(when, Match::Regex(_)) { "composer-match-regex-tip" } else { "composer-match-text-tip" });
    let line = Line { id: text_id(id, when), name, tip: &tip, width };
    texts.ui(ui, cx, &line, text, &|typed| wrong(cx.text, &with(typed.to_owned()))).map(with)
}

/// Identity of the field of [`text_ui`].
pub fn text_id(id: Id, when: &Match) -> Id {
    id.with(("when", when.id()))
}

fn wrong(text: &Text, when: &Match) -> Option<String> {
    match Matcher::of(when).err()? {
        RuleError::Text(error) => Some(failure_words::bytes_error(text, &error)),
        // The words of the crate: it points at the place over several lines, and its last one says what is wrong.
        RuleError::Regex(error) => {
            let said = error.to_string();
            let last = said.lines().last().unwrap_or_default().trim_start_matches("error:").trim().to_owned();
            Some(tr!(text, "composer-match-regex-wrong", said = last))
        }
        error @ (RuleError::Reply(_) | RuleError::In(..)) => Some(error.to_string()),
    }
}

/// A packet in one line: how it is written, and what. Answers another one.
pub fn packet_ui(ui: &mut Ui, cx: &Cx<'_>, texts: &mut Texts, id: Id, name: &str, packet: &Packet, width: f32) -> Option<Packet> {
    let mut format = packet.format;
    let combo = combo_box(id.with("format")).width(72.0).selected_text(tr!(cx.text, format_key(format))).show_ui(ui, |ui| {
        for each in [PacketFormat::Text, PacketFormat::Hex, PacketFormat::Base64, PacketFormat::File] {
            ui.selectable_value(&mut format, each, tr!(cx.text, format_key(each)));
        }
    });
    combo.response.accessible_name(tr!(cx.text, "composer-format-of", name = name)).on_hover_text(tr!(cx.text, "composer-format-tip"));
    if format != packet.format {
        let body = segments::rewritten(packet, format).unwrap_or_default();
        return Some(Packet { format, body, ..packet.clone() });
    }
    let tip = tr!(cx.text, "composer-body-tip");
    let line = Line { id: packet_id(id, packet), name, tip: &tip, width: (width - 72.0 - 8.0).max(60.0) };
    let check = |typed: &str| {
        let typed = Packet { body: typed.to_owned(), ..packet.clone() };
        segments::mistake(&typed).map(|error| failure_words::bytes_error(cx.text, &error))
    };
    texts.ui(ui, cx, &line, &packet.body, &check).map(|body| Packet { body, ..packet.clone() })
}

/// Identity of the field of [`packet_ui`].
pub fn packet_id(id: Id, packet: &Packet) -> Id {
    id.with(("packet", format_key(packet.format)))
}
