//! The library: packets kept with the lab, and the person's own ones. Changes of the first are edits of the document; the second
//! is handed to the app whole.

use eframe::egui::{Align, Id, Label, Layout, Rect, Sense, Ui, UiBuilder, vec2};

use crate::lab::{Lab, SavedPacket};
use crate::tr;
use crate::ui::panel::inspector::draft::Field;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{FieldSpec, error_line, icon, words};
use crate::ui::{Action, Cx, ExportData};

use super::shelf::{self, Name};
use super::{Composer, Page, Subject, edit};

/// Of a row, what names may take; and never more than this.
const NAME: f32 = 0.36;
const NAME_WIDEST: f32 = 220.0;
/// The column of formats.
const FORMAT: f32 = 64.0;

/// Whose packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shelf {
    Lab,
    Own,
}

impl Shelf {
    fn other(self) -> Self {
        match self {
            Self::Lab => Self::Own,
            Self::Own => Self::Lab,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Lab => "composer-shelf-lab",
            Self::Own => "composer-shelf-own",
        }
    }
}

/// View state.
#[derive(Debug, Default)]
pub struct Library {
    search: String,
    name: String,
    folder: String,
    /// The packet that is being renamed, and what is typed.
    renaming: Option<(Shelf, usize, String, String)>,
    /// The own packets before the last removal.
    removed: Option<Vec<SavedPacket>>,
}

/// What a row asks for.
enum Ask {
    Load(Shelf, usize),
    Rename(Shelf, usize),
    Copy(Shelf, usize),
    Remove(Shelf, usize),
}

/// Hands over a shelf as it should be.
fn keep(cx: &mut Cx<'_>, shelf: Shelf, what: &'static str, change: impl FnOnce(&mut Vec<SavedPacket>)) {
    match shelf {
        Shelf::Lab => cx.edit(what, None, |lab| change(&mut lab.packets)),
        Shelf::Own => {
            let mut own = cx.own.to_vec();
            change(&mut own);
            cx.act(Action::KeepOwn(own));
        }
    }
}

fn packets<'a>(cx: &Cx<'a>, shelf: Shelf) -> &'a [SavedPacket] {
    match shelf {
        Shelf::Lab => &cx.lab.packets,
        Shelf::Own => cx.own,
    }
}

impl Composer {
    /// Draws it.
    pub(super) fn kept_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        self.keep_ui(ui, cx, subject);
        self.search_ui(ui, cx);
        let mut ask = None;
        for shelf in [Shelf::Lab, Shelf::Own] {
            self.shelf_ui(ui, cx, shelf, &mut ask);
        }
        match ask {
            Some(Ask::Load(shelf, i)) => self.load(cx, subject, shelf, i),
            Some(Ask::Rename(shelf, i)) => {
                self.kept.renaming = packets(cx, shelf).get(i).map(|saved| (shelf, i, saved.name.clone(), saved.folder.clone()));
            }
            Some(Ask::Copy(shelf, i)) => {
                let Some(saved) = packets(cx, shelf).get(i).cloned() else { return };
                keep(cx, shelf.other(), "composer-edit-keep", |list| {
                    shelf::add(list, Name { name: saved.name, folder: saved.folder }, saved.packet);
                });
            }
            Some(Ask::Remove(shelf, i)) => {
                self.kept.removed = (shelf == Shelf::Own).then(|| cx.own.to_vec());
                keep(cx, shelf, "composer-edit-remove", |list| drop(list.remove(i)));
            }
            None => {}
        }
    }

    /// The packet as it is now goes on a shelf.
    fn keep_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, subject: &Subject<'_>) {
        ui.horizontal_wrapped(|ui| {
            for (key, text, width) in
                [("composer-keep-name", &mut self.kept.name, 130.0), ("composer-keep-folder", &mut self.kept.folder, 130.0)]
            {
                let (name, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
                FieldSpec { name: &name, tip: &tip, hint: &name, width, bad: false, id: Id::unique(("library", key)) }
                    .show(ui, cx.theme, text);
            }
            for (shelf, key) in [(Shelf::Lab, "composer-keep-lab"), (Shelf::Own, "composer-keep-own")] {
                let (label, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
                if ButtonSpec::new(&label, &tip).with_icon(icons::PLUS, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
                    let typed = if self.kept.name.trim().is_empty() { subject.name } else { self.kept.name.as_str() };
                    let name = Name::typed(typed, &self.kept.folder);
                    let packet = subject.packet.clone();
                    keep(cx, shelf, "composer-edit-keep", |list| drop(shelf::add(list, name, packet)));
                    self.kept.name.clear();
                }
            }
        });
    }

    fn search_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal_wrapped(|ui| {
            ui.label(icon(icons::MAGNIFYING_GLASS, size::ICON, cx.theme.colors.text_3));
            let (name, tip) = (tr!(cx.text, "composer-search"), tr!(cx.text, "composer-search-tip"));
            let spec = FieldSpec { name: &name, tip: &tip, hint: &name, width: 180.0, bad: false, id: Id::unique("library search") };
            spec.show(ui, cx.theme, &mut self.kept.search);
            let (label, tip) = (tr!(cx.text, "composer-import"), tr!(cx.text, "composer-import-tip"));
            if ButtonSpec::new(&label, &tip).with_icon(icons::UPLOAD_SIMPLE, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
                cx.act(Action::ImportPackets);
            }
            let (label, tip) = (tr!(cx.text, "composer-export"), tr!(cx.text, "composer-export-tip"));
            let export = ButtonSpec { enabled: !cx.own.is_empty(), ..ButtonSpec::new(&label, &tip) };
            if export.with_icon(icons::DOWNLOAD_SIMPLE, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
                let file = crate::lab::write(&Lab::of_packets(cx.own.to_vec()), None);
                cx.act(Action::Export("packets.toml".to_owned(), ExportData::Text(file)));
            }
            if let Some(before) = &self.kept.removed {
                let (label, tip) = (tr!(cx.text, "composer-undo-remove"), tr!(cx.text, "composer-undo-remove-tip"));
                let back = ButtonSpec::new(&label, &tip).with_icon(icons::ARROW_COUNTER_CLOCKWISE, cx.theme.colors.text_2);
                if back.show(ui, cx.theme).clicked() {
                    cx.act(Action::KeepOwn(before.clone()));
                    self.kept.removed = None;
                }
            }
        });
    }

    fn shelf_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, shelf: Shelf, ask: &mut Option<Ask>) {
        let c = &cx.theme.colors;
        let list = packets(cx, shelf);
        ui.add_space(space::XS);
        let title = tr!(cx.text, shelf.title(), count = list.len() as u64);
        ui.label(words(title, Type::Strong, c.text_1)).on_hover_text(tr!(cx.text, &format!("{}-tip", shelf.title())));
        let found = shelf::found(list, &self.kept.search);
        if found.is_empty() {
            let key = if list.is_empty() { "composer-shelf-empty" } else { "composer-shelf-none" };
            ui.add(Label::new(words(tr!(cx.text, key), Type::Caption, c.text_3)).wrap());
        }
        let mut folder = "";
        for i in found {
            let saved = &list[i];
            if saved.folder != folder {
                folder = &saved.folder;
                ui.horizontal(|ui| {
                    ui.spacing_mut().interact_size.y = 20.0;
                    ui.label(icon(icons::FOLDER_OPEN, 13.0, c.text_3));
                    ui.add(Label::new(words(folder, Type::Caption, c.text_2)).truncate());
                });
            }
            if self.kept.renaming.as_ref().is_some_and(|(of, at, ..)| (*of, *at) == (shelf, i)) {
                self.rename_ui(ui, cx, shelf, i);
            } else {
                row_ui(ui, cx, shelf, i, saved, ask);
            }
        }
    }

    fn rename_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, shelf: Shelf, i: usize) {
        let Some((_, _, name, folder)) = &mut self.kept.renaming else { return };
        let wanted = Name::typed(name, folder);
        let is_free = shelf::is_free(packets(cx, shelf), &wanted, Some(i));
        let mut done = false;
        ui.horizontal(|ui| {
            for (key, text) in [("composer-new-name", name), ("composer-new-folder", folder)] {
                let (label, tip) = (tr!(cx.text, key), tr!(cx.text, key));
                let id = Id::unique(("rename packet", key));
                let response =
                    FieldSpec { name: &label, tip: &tip, hint: &label, width: 130.0, bad: !is_free, id }.show(ui, cx.theme, text);
                done |= response.lost_focus() && ui.input(|input| input.key_pressed(eframe::egui::Key::Enter));
            }
            let (label, tip) = (tr!(cx.text, "composer-rename-done"), tr!(cx.text, "composer-rename-done-tip"));
            done |= (ButtonSpec { enabled: is_free, look: Look::Plain, ..ButtonSpec::new(&label, &tip) }).show(ui, cx.theme).clicked();
        });
        if !is_free {
            error_line(ui, cx.theme, &tr!(cx.text, "composer-name-taken"));
        } else if done {
            self.kept.renaming = None;
            keep(cx, shelf, "composer-edit-rename", |list| {
                if let Some(saved) = list.get_mut(i) {
                    (saved.name, saved.folder) = (wanted.name, wanted.folder);
                }
            });
        }
    }

    fn load(&mut self, cx: &mut Cx<'_>, subject: &Subject<'_>, shelf: Shelf, i: usize) {
        let Some(saved) = packets(cx, shelf).get(i).cloned() else { return };
        self.drafts.forget(subject.id, Field::Body);
        edit(cx, subject.id, None, |p| *p = saved.packet);
        self.page = Page::Packet;
    }
}

/// One packet: its name loads it.
fn row_ui(ui: &mut Ui, cx: &Cx<'_>, shelf: Shelf, i: usize, saved: &SavedPacket, ask: &mut Option<Ask>) {
    let c = &cx.theme.colors;
    let row = vec2(ui.available_width(), size::ROW_LIST);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let copy = match shelf {
            Shelf::Lab => ("composer-to-own", icons::ARROW_DOWN),
            Shelf::Own => ("composer-to-lab", icons::ARROW_UP),
        };
        for (glyph, key, what) in [
            (icons::TRASH, "composer-packet-remove", Ask::Remove(shelf, i)),
            (copy.1, copy.0, Ask::Copy(shelf, i)),
            (icons::PENCIL_SIMPLE, "composer-packet-rename", Ask::Rename(shelf, i)),
        ] {
            let (label, tip) = (tr!(cx.text, key, name = saved.name.as_str()), tr!(cx.text, &format!("{key}-tip")));
            if ButtonSpec::bare(glyph, &label, &tip).show(ui, cx.theme).clicked() {
                *ask = Some(what);
            }
        }
        let (label, tip) = (tr!(cx.text, "composer-load"), tr!(cx.text, "composer-load-tip", name = saved.name.as_str()));
        let load = ButtonSpec::new(&label, &tip).show(ui, cx.theme);
        load.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, true, &tip));
        if load.clicked() {
            *ask = Some(Ask::Load(shelf, i));
        }
        let format = tr!(cx.text, super::packet::format_key(saved.packet.format));
        // Names, formats and bodies stand below each other.
        let room = ui.available_rect_before_wrap();
        let indent = if saved.folder.is_empty() { 0.0 } else { 13.0 + space::S };
        let name = (room.width() * NAME).min(NAME_WIDEST);
        let cells = [
            (indent..name - space::S, words(&saved.name, Type::Body, c.text_1), &saved.name),
            (name..name + FORMAT - space::S, words(&format, Type::Caption, c.text_3), &format),
            (name + FORMAT..room.width() - space::S, words(&saved.packet.body, Type::Data, c.text_2), &saved.packet.body),
        ];
        for (x, words, said) in cells {
            let cell = Rect::from_x_y_ranges(room.left() + x.start..=room.left() + x.end.max(x.start), room.y_range());
            ui.scope_builder(UiBuilder::new().max_rect(cell).layout(Layout::left_to_right(Align::Center)), |ui| {
                ui.add(Label::new(words).truncate().sense(Sense::hover())).on_hover_text(said);
            });
        }
    });
}
