//! Reference pictures: every panel at one moment written down by hand, and the window as it opens, in both themes and both
//! languages. They differ only when the look changes.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --features picture-tests --test pictures` makes them anew; look at them before they are kept.
//! They are drawn by Mesa's software Vulkan (lavapipe), which is what CI has.
#![cfg(feature = "picture-tests")]
#![expect(clippy::unwrap_used, reason = "in a test a missing value is the failure")]

#[path = "pictures/moment.rs"]
mod moment;

use eframe::egui::{Align, Context, Layout, Rect, Ui, UiBuilder, Vec2, vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotResults};
use moment::Moment;
use socketlab::ui::panel::{PANELS, Panel};
use socketlab::ui::theme::{self, Theme, size, space};
use socketlab::ui::{App, Cx, Language, Selection, Start, Text};

/// Both themes in both languages, with their part of a picture's name.
fn looks() -> [(Language, bool, &'static str); 4] {
    [
        (Language::English, false, "dark-en"),
        (Language::English, true, "light-en"),
        (Language::Chinese, false, "dark-zh"),
        (Language::Chinese, true, "light-zh"),
    ]
}

/// The place a panel has in the window at 1440 × 900; a panel that is new gets the largest.
fn place(id: &str) -> Vec2 {
    match id {
        "lab" => vec2(size::LAB_WIDTH, 420.0),
        "plots" => vec2(306.0, 340.0),
        "inspector" => vec2(size::INSPECTOR_WIDTH, 800.0),
        "traffic" | "connections" => vec2(560.0, 340.0),
        "models" => vec2(1_031.0, 122.0),
        "phases" => vec2(658.0, 352.0),
        "counters" => vec2(372.0, 352.0),
        "door" => vec2(size::CONTROLS_WIDTH, 794.0),
        "arrivals" => vec2(1_067.0, 380.0),
        "stepper" => vec2(size::STEPPER_WIDTH, 824.0),
        _ => vec2(868.0, 486.0),
    }
}

/// One panel and all it sees.
struct Shown {
    moment: Moment,
    text: Text,
    theme: Theme,
    panel: Box<dyn Panel>,
}

impl Shown {
    /// One frame, as the tiles do: head, line, content.
    fn frame(&mut self, ui: &mut Ui) {
        let selected = self.moment.lab.servers.first().map_or(Selection::None, |s| Selection::Endpoint(s.id));
        let mut actions = Vec::new();
        let mut cx = Cx {
            theme: &self.theme,
            text: &self.text,
            lab: &self.moment.lab,
            snap: &self.moment.snap,
            frozen: false,
            selection: selected,
            still: true,
            stale: &[],
            insights: &[],
            own: &[],
            rename: None,
            actions: &mut actions,
        };
        let all = ui.ctx().content_rect();
        ui.set_clip_rect(all);
        ui.painter().rect_filled(all, 0.0, self.theme.colors.panel);
        let (head, body) = all.split_top_bottom_at_y(all.top() + size::PANEL_HEAD);
        let builder = UiBuilder::new().max_rect(head.shrink2(vec2(space::S, 0.0))).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(builder, |ui| self.panel.head_ui(ui, &mut cx));
        ui.painter().hline(all.x_range(), body.top() + 0.5, (1.0, self.theme.colors.line));
        ui.scope_builder(UiBuilder::new().max_rect(body.with_min_y(body.top() + 1.0)), |ui| {
            ui.shrink_clip_rect(body);
            self.panel.ui(ui, &mut cx);
        });
    }
}

fn colors(light: bool) -> Theme {
    if light { Theme::light() } else { Theme::dark() }
}

#[test]
fn every_panel() {
    let mut results = SnapshotResults::new();
    for def in PANELS {
        for (language, light, look) in looks() {
            let shown = Shown { moment: Moment::new(), text: Text::new(language), theme: colors(light), panel: (def.make)() };
            let dress = move |ctx: &Context| {
                theme::install_fonts(ctx);
                theme::install(ctx, &colors(light));
            };
            let mut harness = Harness::builder()
                .with_size(place(def.id))
                .with_max_steps(16)
                .with_context_setup(dress)
                .wgpu()
                .build_ui_state(|ui, shown: &mut Shown| shown.frame(ui), shown);
            harness.run();
            harness.snapshot(format!("{}-{look}", def.id));
            results.extend_harness(&mut harness);
        }
    }
}

#[test]
fn the_window_as_it_opens() {
    let mut results = SnapshotResults::new();
    for (language, light, look) in looks() {
        let mut harness = Harness::builder().with_size([1_440.0, 900.0]).with_max_steps(16).wgpu().build_eframe(|cc| {
            let start = Start { language, light, ..Start::default() };
            App::new(&cc.egui_ctx, None, start).unwrap()
        });
        harness.run_ok();
        // The time a frame took is the one figure that is not the same each time, and its width moves its neighbours.
        let frame: Vec<Rect> = harness.query_all_by_label_contains("ms").map(|n| n.rect()).filter(|r| r.top() > 870.0).collect();
        assert_eq!(frame.len(), 1, "{look}: the frame time in the status bar, {frame:?}");
        let bar = Rect::from_min_max(eframe::egui::pos2(1_000.0, 875.0), eframe::egui::pos2(1_440.0, 900.0));
        harness.mask(bar);
        harness.snapshot(format!("start-{look}"));
        results.extend_harness(&mut harness);
    }
}
