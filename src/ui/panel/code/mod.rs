//! The code behind each click: the program of the selected endpoint in one of three languages, with the lines that its newest call
//! is made by; and the calls that it just made as a transcript. It makes no text itself: that is `crate::code`'s.

mod highlight;
mod listing;
mod made;
mod newest;
#[cfg(test)]
mod tests;
mod transcript;
mod words;

use std::time::Duration;

use eframe::egui::{Align, Label, Layout, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::{Panel, PanelDef};
use crate::code::Language;
use crate::engine::SessionView;
use crate::lab::{EndpointId, Transport};
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{Segment, segmented, sentence, words as word};
use crate::ui::widget::format;
use crate::ui::{Action, Cx, ExportData, Selection, UiCommand};

use listing::{Go, Mark};
use made::Made;
use transcript::Transcript;

/// The panel.
pub const DEF: PanelDef = PanelDef { id: "code", title: "code-title", make: || Box::new(Code::default()) };

/// One choice of the row of languages.
const CHOICE: f32 = 84.0;
/// Under this width, copy and save are icons alone.
const ROOM_FOR_WORDS: f32 = 640.0;
/// A line stays in sight so long before another is scrolled to: a busy server changes its line at every look.
const REST: Duration = Duration::from_millis(400);

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Program(Language),
    Calls,
}

impl Page {
    const ALL: [Self; 4] = [Self::Program(Language::Python), Self::Program(Language::C), Self::Program(Language::Rust), Self::Calls];
}

/// View state of one Code panel.
pub struct Code {
    page: Page,
    /// Scrolls to what is newest.
    follow: bool,
    made: Option<Made>,
    /// Whose program and the line that was scrolled to last, and when.
    seen: Option<(EndpointId, Page, usize, Duration)>,
    transcript: Transcript,
}

impl Default for Code {
    fn default() -> Self {
        Self { page: Page::Program(Language::Python), follow: true, made: None, seen: None, transcript: Transcript::default() }
    }
}

impl Panel for Code {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let whose = cx.selection.endpoint().and_then(|id| cx.lab.names().find(|(other, _)| *other == id));
        if let Some((_, name)) = whose {
            ui.add(Label::new(word(name, Type::Data, cx.theme.colors.text_3)).truncate()).on_hover_text(tr!(cx.text, "code-whose-tip"));
        }
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let snap = cx.snap;
        let there = |id: &EndpointId| cx.lab.names().any(|(other, _)| other == *id);
        let Some(id) = cx.selection.endpoint().filter(there) else {
            nothing_ui(ui, cx);
            return;
        };
        let session = snap.session(id).map(|session| &**session);
        let mut area = ui.max_rect();
        match self.page {
            Page::Program(language) => Made::update(&mut self.made, cx.lab, snap, id, (language, words::of_comments(cx.text))),
            Page::Calls => match session {
                Some(session) => self.transcript.update(session, !self.follow),
                None => self.transcript.clear(),
            },
        }
        let bar = area.with_max_y(area.top() + size::CONTROL + 2.0 * space::S);
        area.min.y = bar.bottom();
        let chosen = self.bar_ui(ui, cx, bar);
        match self.page {
            Page::Program(_) => self.program_ui(ui, cx, area, id, session),
            Page::Calls => self.calls_ui(ui, cx, area),
        }
        // What this frame shows was made for the page as it was.
        if let Some(page) = chosen {
            self.page = page;
            ui.ctx().request_repaint();
        }
    }
}

impl Code {
    /// Languages and calls, and what can be done with the text. Answers the page that was chosen.
    fn bar_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, place: Rect) -> Option<Page> {
        let inside = place.shrink2(vec2(space::M, space::S));
        let wide = place.width() >= ROOM_FOR_WORDS;
        let builder = UiBuilder::new().max_rect(inside).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            self.buttons_ui(ui, cx, wide);
            let width = ui.available_width().min(CHOICE * Page::ALL.len() as f32);
            let left = Rect::from_min_size(inside.min, vec2(width, size::CONTROL));
            let mut ui = ui.new_child(UiBuilder::new().max_rect(left).layout(Layout::top_down(Align::Min)));
            let segments = Page::ALL.map(|page| {
                let (label, tip) = match page {
                    Page::Program(language @ Language::Python) => (format!("{language} 3"), tr!(cx.text, "code-python-tip")),
                    Page::Program(language @ Language::C) => (language.to_string(), tr!(cx.text, "code-c-tip")),
                    Page::Program(language @ Language::Rust) => (language.to_string(), tr!(cx.text, "code-rust-tip")),
                    Page::Calls => (tr!(cx.text, "code-calls"), tr!(cx.text, "code-calls-tip", rows = format::count(transcript::NEWEST))),
                };
                Segment { label, tip, enabled: true, selected: page == self.page }
            });
            segmented(&mut ui, cx.theme, segments.len(), &segments).and_then(|n| Page::ALL.get(n)).copied()
        })
        .inner
    }

    fn buttons_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, wide: bool) {
        let c = &cx.theme.colors;
        let is_there = self.text().is_some();
        let spec = |key: &str, glyph| {
            let tip = if is_there { tr!(cx.text, &format!("{key}-tip")) } else { tr!(cx.text, "code-no-text") };
            (tr!(cx.text, key), tip, glyph)
        };
        let [save, copy] = [spec("code-save", icons::FLOPPY_DISK), spec("code-copy", icons::COPY)].map(|(name, tip, glyph)| {
            let button = if wide { ButtonSpec::new(&name, &tip).with_icon(glyph, c.text_2) } else { ButtonSpec::bare(glyph, &name, &tip) };
            ButtonSpec { enabled: is_there, ..button }.show(ui, cx.theme).clicked()
        });
        let (name, tip) = (tr!(cx.text, "code-follow"), tr!(cx.text, "code-follow-tip"));
        let look = if self.follow { Look::On } else { Look::Plain };
        if (ButtonSpec { look, ..ButtonSpec::new(&name, &tip) }).show(ui, cx.theme).clicked() {
            self.follow = !self.follow;
            self.seen = None;
        }
        let Some((file, text)) = self.text() else { return };
        if copy {
            let said = tr!(cx.text, "code-copied", file = file.as_str());
            cx.act(Action::Copy(text));
            cx.act(Action::Say(said));
        } else if save {
            cx.act(Action::Export(file, ExportData::Text(text)));
        }
    }

    /// The name and the text of what is shown.
    fn text(&self) -> Option<(String, String)> {
        match self.page {
            Page::Program(_) => {
                let program = self.made.as_ref()?.program.as_ref().ok()?;
                Some((program.file_name.clone(), program.text.clone()))
            }
            Page::Calls => (self.transcript.calls > 0).then(|| ("calls.txt".to_owned(), self.transcript.text.clone())),
        }
    }

    fn program_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, area: Rect, id: EndpointId, session: Option<&SessionView>) {
        let Some(made) = &mut self.made else {
            return in_place(ui, area, |ui| sentence(ui, cx.theme, tr!(cx.text, "code-no-server")));
        };
        let program = match &made.program {
            Ok(program) => program,
            Err(why) => {
                let why = words::no_program(cx.text, why);
                return in_place(ui, area, |ui| sentence(ui, cx.theme, why));
            }
        };
        let ctx = ui.ctx().clone();
        let marks = session.map(|session| newest::marks(&ctx, cx.text, session, program)).unwrap_or_default();
        let run = area.with_max_y(area.top() + size::ROW_LOG);
        run_ui(ui, cx, run, &words::how_to_run(program), &program.how_to_run);
        let foot = area.with_min_y(area.bottom() - size::ROW_LOG);
        let calls_elsewhere = session.is_some_and(|session| !session.calls.log.is_empty());
        foot_ui(ui, cx, foot, &marks, calls_elsewhere);

        // What is newest is followed; with nothing newer, where the thread stands.
        let target = marks.last().and_then(|mark| mark.lines.first()).map(|lines| lines.start);
        let held = marks.first().filter(|mark| mark.why == listing::Why::Held).and_then(|mark| mark.lines.first()).map(|lines| lines.start);
        let go = match held.or(target).filter(|_| self.follow) {
            Some(line) if self.is_time_for(id, line, cx.snap.at) => {
                self.seen = Some((id, self.page, line, cx.snap.at));
                Go::Line(line)
            }
            Some(_) | None => Go::Stay,
        };
        let place = Rect::from_min_max(run.left_bottom(), foot.right_top());
        let salt = if let Page::Program(language) = self.page { language.id() } else { "" };
        let Some(listing) = self.made.as_mut().and_then(|made| made.listing(cx.theme)) else { return };
        in_place(ui, place, |ui| listing.ui(ui, cx.theme, salt, &marks, go));
    }

    /// Another program's line at once, another line of this one after a rest.
    fn is_time_for(&self, id: EndpointId, line: usize, at: Duration) -> bool {
        self.seen.is_none_or(|(of, page, was, since)| (of, page) != (id, self.page) || was != line && at.abs_diff(since) >= REST)
    }

    fn calls_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, area: Rect) {
        if self.transcript.calls == 0 {
            return in_place(ui, area, |ui| sentence(ui, cx.theme, tr!(cx.text, "code-calls-none")));
        }
        let foot = area.with_min_y(area.bottom() - size::ROW_LOG);
        let calls = self.transcript.calls as u64;
        let key = if self.follow { "code-calls-said" } else { "code-calls-held" };
        let said = tr!(cx.text, key, n = calls, figure = format::count(calls));
        caption_ui(ui, cx, foot, &said);
        let go = if self.follow { Go::End } else { Go::Stay };
        let listing = self.transcript.listing(cx.theme);
        in_place(ui, area.with_max_y(foot.top()), |ui| listing.ui(ui, cx.theme, "calls", &[], go));
    }
}

fn in_place(ui: &mut Ui, place: Rect, add: impl FnOnce(&mut Ui)) {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place));
    ui.shrink_clip_rect(place);
    add(&mut ui);
}

/// How the program is run.
fn run_ui(ui: &mut Ui, cx: &mut Cx<'_>, place: Rect, line: &str, whole: &str) {
    let c = &cx.theme.colors;
    let builder = UiBuilder::new().max_rect(place.shrink2(vec2(space::M, 0.0))).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.label(word(tr!(cx.text, "code-run"), Type::Caption, c.text_3));
        let response = ui.add(Label::new(word(line, Type::Data, c.text_1)).truncate().sense(Sense::hover()));
        response.on_hover_ui(|ui| {
            ui.label(word(tr!(cx.text, "code-run-tip"), Type::Caption, c.text_2));
            ui.label(word(whole.trim_end(), Type::Data, c.text_1));
        });
    });
    ui.painter().hline(place.x_range(), place.bottom() - 0.5, Stroke::new(1.0, c.line));
}

/// What is marked, with the shape of its bar; or why nothing is.
fn foot_ui(ui: &mut Ui, cx: &Cx<'_>, place: Rect, marks: &[Mark], calls_elsewhere: bool) {
    let c = &cx.theme.colors;
    if marks.is_empty() {
        let key = if calls_elsewhere { "code-mark-elsewhere" } else { "code-mark-none" };
        return caption_ui(ui, cx, place, &tr!(cx.text, key));
    }
    let builder = UiBuilder::new().max_rect(place.shrink2(vec2(space::M, 0.0))).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.shrink_clip_rect(place);
        ui.spacing_mut().item_spacing.x = space::S;
        // The newest call comes first: it is what a person just did.
        for mark in marks.iter().rev() {
            let (rect, _) = ui.allocate_exact_size(vec2(6.0, 14.0), Sense::hover());
            listing::bar(ui.painter(), cx.theme, mark.why, rect);
            let lines: Vec<String> = mark.lines.iter().map(|lines| (lines.start + 1).to_string()).collect();
            let said = tr!(cx.text, "code-mark", n = lines.len() as u64, what = mark.words.as_str(), lines = lines.join(", "));
            ui.add(Label::new(word(said, Type::Data, c.text_2)).truncate());
            ui.add_space(space::S);
        }
    });
    ui.painter().hline(place.x_range(), place.top() + 0.5, Stroke::new(1.0, c.line));
}

fn caption_ui(ui: &Ui, cx: &Cx<'_>, place: Rect, said: &str) {
    let c = &cx.theme.colors;
    let galley = ui.painter().layout_no_wrap(said.to_owned(), Type::Caption.font(), c.text_3);
    let at = pos2(place.left() + space::M, place.center().y - galley.size().y / 2.0);
    let rect = Rect::from_min_size(at, galley.size());
    ui.painter().with_clip_rect(place).galley(at, galley, c.text_3);
    let response = ui.interact(rect.intersect(place), ui.scope_id().with("code foot"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said));
    response.on_hover_text(said);
    ui.painter().hline(place.x_range(), place.top() + 0.5, Stroke::new(1.0, c.line));
}

/// Nothing is selected.
fn nothing_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let first = cx.lab.names().next().map(|(id, name)| (id, name.to_owned()));
    ui.add_space((ui.available_height() * 0.3).max(space::L));
    ui.vertical_centered(|ui| {
        let key = if first.is_some() { "code-nothing" } else { "code-nothing-yet" };
        ui.label(word(tr!(cx.text, key), Type::Body, cx.theme.colors.text_2));
        ui.add_space(space::M);
        let (label, tip) = match &first {
            Some((_, name)) => (tr!(cx.text, "code-show", name = name.as_str()), tr!(cx.text, "code-show-tip")),
            None => (tr!(cx.text, "inspector-add-server"), tr!(cx.text, "inspector-add-server-tip")),
        };
        if ButtonSpec::new(&label, &tip).show(ui, cx.theme).clicked() {
            cx.act(match first {
                Some((id, _)) => Action::Select(Selection::Endpoint(id)),
                None => Action::Ui(UiCommand::AddServer(Transport::Tcp)),
            });
        }
    });
}
