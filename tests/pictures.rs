//! Reference pictures: every panel at one moment written down by hand, and the window as it opens, in both themes and both
//! languages. They differ only when the look changes.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test pictures -- --ignored` makes them anew; look at them before they are kept.
//! They are drawn by Mesa's software Vulkan (lavapipe), which is what CI has.
#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "in a test a missing value is the failure")]

#[path = "pictures/moment.rs"]
mod moment;
#[path = "pictures/theatre.rs"]
mod theatre;

use eframe::egui::{Align, Context, Layout, Rect, Ui, UiBuilder, Vec2, pos2, vec2};
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

/// All of a picture.
const WHOLE: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1.0, 1.0) };

/// Panels and all they see.
struct Shown {
    moment: Moment,
    text: Text,
    theme: Theme,
    /// Each with its part of the picture, from 0 to 1.
    panels: Vec<(Box<dyn Panel>, Rect)>,
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
            in_lesson: false,
            own: &[],
            rename: None,
            actions: &mut actions,
        };
        let all = ui.ctx().content_rect();
        ui.painter().rect_filled(all, 0.0, self.theme.colors.line);
        for (n, (panel, part)) in self.panels.iter_mut().enumerate() {
            let all = Rect::from_min_max(all.lerp_inside(part.min.to_vec2()), all.lerp_inside(part.max.to_vec2())).round();
            // Tiles stand a line apart.
            let all = if *part == WHOLE { all } else { all.shrink(1.0) };
            let (head, body) = all.split_top_bottom_at_y(all.top() + size::PANEL_HEAD);
            ui.push_id(n, |ui| {
                ui.set_clip_rect(all);
                ui.painter().rect_filled(all, 0.0, self.theme.colors.panel);
                let builder = UiBuilder::new().max_rect(head.shrink2(vec2(space::S, 0.0))).layout(Layout::right_to_left(Align::Center));
                ui.scope_builder(builder, |ui| panel.head_ui(ui, &mut cx));
                ui.painter().hline(all.x_range(), body.top() + 0.5, (1.0, self.theme.colors.line));
                ui.scope_builder(UiBuilder::new().max_rect(body.with_min_y(body.top() + 1.0)), |ui| {
                    ui.shrink_clip_rect(body);
                    panel.ui(ui, &mut cx);
                });
            });
        }
    }

    /// Draws it and compares.
    fn picture(self, size: Vec2, light: bool, name: String, results: &mut SnapshotResults) {
        let dress = move |ctx: &Context| {
            theme::install_fonts(ctx);
            theme::install(ctx, &colors(light));
        };
        let mut harness = Harness::builder()
            .with_size(size)
            .with_max_steps(16)
            .with_context_setup(dress)
            .wgpu()
            .build_ui_state(|ui, shown: &mut Shown| shown.frame(ui), self);
        harness.run();
        harness.snapshot(name);
        results.extend_harness(&mut harness);
    }
}

fn colors(light: bool) -> Theme {
    if light { Theme::light() } else { Theme::dark() }
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn every_panel() {
    let mut results = SnapshotResults::new();
    for def in PANELS {
        for (language, light, look) in looks() {
            let panels = vec![((def.make)(), WHOLE)];
            let shown = Shown { moment: Moment::new(), text: Text::new(language), theme: colors(light), panels };
            shown.picture(place(def.id), light, format!("{}-{look}", def.id), &mut results);
        }
    }
}

/// The theatre with what stands beside it, as its work space has them: it fills up, it is full and clients send their SYN again, it
/// drains.
#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn the_backlog_at_three_moments() {
    let mut results = SnapshotResults::new();
    let bars = size::TOP_BAR + size::STATUS_BAR;
    for (moment, at_ms) in [("filling", 50), ("full", 4_400), ("draining", 9_900)] {
        // A work space lies between the window's bars.
        for (window, side) in [(vec2(1_280.0, 800.0), size::CONTROLS_WIDTH), (vec2(1_920.0, 1_080.0), size::CONTROLS_WIDTH * 1.3)] {
            let (right, below) = (1.0 - side / window.x, 0.54);
            let tile = |x: [f32; 2], y: [f32; 2]| Rect::from_min_max(pos2(x[0], y[0]), pos2(x[1], y[1]));
            let tiles = [
                ("backlog", tile([0.0, right], [0.0, below])),
                ("arrivals", tile([0.0, right], [below, 1.0])),
                ("door", tile([right, 1.0], [0.0, 1.0])),
            ];
            for (language, light, look) in looks() {
                let make = |id: &str| (PANELS.iter().find(|def| def.id == id).unwrap().make)();
                let panels = tiles.iter().map(|(id, part)| (make(id), *part)).collect();
                let shown = Shown { moment: theatre::shop(at_ms), text: Text::new(language), theme: colors(light), panels };
                let name = format!("theatre-{moment}-{look}-{}", window.x);
                shown.picture(window - vec2(0.0, bars), light, name, &mut results);
            }
        }
    }
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
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
        let bar = Rect::from_min_max(pos2(1_000.0, 875.0), pos2(1_440.0, 900.0));
        harness.mask(bar);
        harness.snapshot(format!("start-{look}"));
        results.extend_harness(&mut harness);
    }
}
