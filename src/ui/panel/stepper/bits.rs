//! The three sets of `select` as what they are: bit arrays, one bit a descriptor, 32 to a word. Hollow was asked, solid was
//! answered. Words in which no bit was asked are left out.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::engine::{Events, ReadyFd, ReadySet};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, space};

/// Bits of a word, as `fd_mask` has at least.
const WORD: i64 = 32;
/// A bit's square, and from one to the next.
const BIT: f32 = 8.0;
const STEP: f32 = 10.0;
/// Room for the name of the set and the number of a word's first bit.
const NAME: f32 = 48.0;
const ROW: f32 = 15.0;

/// One of the three sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Read,
    Write,
    Except,
}

impl Set {
    const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Except];

    fn has(self, events: Events) -> bool {
        match self {
            Self::Read => events.read,
            Self::Write => events.write,
            Self::Except => events.error,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Read => "readfds",
            Self::Write => "writefds",
            Self::Except => "exceptfds",
        }
    }
}

/// First descriptors of the words that a set uses.
fn words_of(set: Set, fds: &[ReadyFd]) -> Vec<i64> {
    let mut words: Vec<i64> = fds.iter().filter(|f| set.has(f.asked) || set.has(f.got)).map(|f| f.fd / WORD * WORD).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Draws them.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, ready: &ReadySet) {
    let c = &cx.theme.colors;
    for set in Set::ALL {
        let words = words_of(set, &ready.fds);
        let count = |of: fn(&ReadyFd) -> Events| ready.fds.iter().filter(|f| set.has(of(f))).count();
        let (asked, got) = (count(|f| f.asked), count(|f| f.got));
        let (head, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let said = tr!(cx.text, "stepper-set", set = set.name(), asked = asked, got = got);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
        ui.painter().text(head.left_center(), Align2::LEFT_CENTER, &said, Type::Data.at(11.5), c.text_3);
        for first in words {
            word_ui(ui, cx, set, first, &ready.fds);
        }
        ui.add_space(space::XS);
    }
}

fn word_ui(ui: &mut Ui, cx: &Cx<'_>, set: Set, first: i64, fds: &[ReadyFd]) {
    let c = &cx.theme.colors;
    let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let step = STEP.min((row.width() - NAME) / WORD as f32);
    let painter = ui.painter();
    painter.text(row.left_center() + vec2(NAME - space::S, 0.0), Align2::RIGHT_CENTER, first, Type::Data.at(11.5), c.text_3);
    let place = |bit: i64| {
        let at = pos2(row.left() + NAME + step * bit as f32, row.center().y - BIT / 2.0);
        Rect::from_min_size(at, vec2(step - 2.0, BIT))
    };
    for bit in 0..WORD {
        let fd = fds.iter().find(|f| f.fd == first + bit);
        let (asked, got) = (fd.is_some_and(|f| set.has(f.asked)), fd.is_some_and(|f| set.has(f.got)));
        match (got, asked) {
            (true, _) => painter.rect(place(bit), 1.0, c.received.mark, Stroke::new(1.0, c.received.text), StrokeKind::Inside),
            (false, true) => painter.rect(place(bit), 1.0, c.panel, Stroke::new(1.0, c.text_2), StrokeKind::Inside),
            (false, false) => painter.rect_filled(place(bit), 1.0, c.hover),
        };
    }
    let pointed = response.hover_pos().map(|at| ((at.x - row.left() - NAME) / step).floor()).filter(|bit| (0.0..WORD as f32).contains(bit));
    if let Some(bit) = pointed {
        let fd = first + bit as i64;
        let found = fds.iter().find(|f| f.fd == fd);
        let key = match (found.is_some_and(|f| set.has(f.got)), found.is_some_and(|f| set.has(f.asked))) {
            (true, _) => "stepper-bit-got",
            (false, true) => "stepper-bit-asked",
            (false, false) => "stepper-bit-off",
        };
        response.on_hover_text(tr!(cx.text, key, fd = fd.to_string(), set = set.name()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_with_a_bit_are_shown() {
        let read = Events { read: true, ..Events::default() };
        let fds = [3, 31, 32, 900].map(|fd| ReadyFd { fd, asked: read, got: Events::default() });
        assert_eq!(words_of(Set::Read, &fds), [0, 32, 896]);
        assert!(words_of(Set::Write, &fds).is_empty());
    }
}
