//! The code behind each click: the program of the selected endpoint in one of three languages, with the lines that its newest call
//! is made by; and the calls that it just made as a transcript. It makes no text itself: that is `crate::code`'s.

mod bar;
mod foot;
mod highlight;
mod listing;
mod made;
mod newest;
#[cfg(test)]
mod tests;
mod transcript;
mod words;

use std::time::Duration;

use eframe::egui::{Label, Rect, Ui, UiBuilder};

use super::{Panel, PanelDef, Topic};
use crate::code::Language;
use crate::engine::SessionView;
use crate::lab::{EndpointId, Transport};
use crate::tr;
use crate::ui::theme::{Type, size, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{sentence, words as word};
use crate::ui::widget::format;
use crate::ui::{Action, Cx, Selection, UiCommand};

use bar::run_ui;
use foot::{caption_ui, foot_ui};
use listing::Go;
use made::Made;
use transcript::Transcript;

/// The panel.
pub const DEF: PanelDef = PanelDef { id: "code", topic: Topic::Code, title: "code-title", make: || Box::new(Code::default()) };

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
