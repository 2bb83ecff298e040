//! The sentence over a theatre: what an insight says in the person's language, and why. The rules are not here.

use eframe::egui::{Button, Frame, Label, Margin, Popup, Ui};
use fluent_bundle::FluentArgs;

use super::stepper::subject;
use crate::engine::Source;
use crate::insight::{Figure, Insight};
use crate::tr;
use crate::ui::theme::{Theme, Type, icons, space};
use crate::ui::widget::controls::{focus_ring, icon_fill, words};
use crate::ui::{Cx, Text};

/// The one that is shown over the whole lab: of the server that the panels are about, else the most important of all.
pub fn shown<'a>(cx: &Cx<'a>) -> Option<&'a Insight> {
    let here = subject::server(cx.lab, cx.snap, cx.selection).and_then(|server| Insight::foremost(cx.insights, server.id));
    here.or_else(|| cx.insights.iter().min_by_key(|insight| insight.rule))
}

/// The full sentence.
pub fn sentence(text: &Text, insight: &Insight) -> String {
    let mut args = FluentArgs::new();
    args.set("server", insight.name.to_string());
    for (name, figure) in &insight.figures {
        match figure {
            // The number chooses the words, and stands in them as people read it.
            Figure::Count(n) => {
                args.set(*name, *n);
                args.set(format!("{name}_words"), figure.to_string());
            }
            Figure::Bytes(_) | Figure::Amount(_) | Figure::Time(_) | Figure::Name(_) => args.set(*name, figure.to_string()),
        }
    }
    let key = format!("insight-{}", insight.rule.id());
    match insight.mistake {
        Some(setting) => {
            args.set("mistake", setting);
            text.fill(&format!("{key}-mistake"), &args)
        }
        None => text.fill(&key, &args),
    }
}

/// Each figure by its name, and where they come from.
pub fn why(text: &Text, insight: &Insight) -> String {
    let figure = |(name, figure): &(&str, Figure)| {
        tr!(text, "insight-figure", name = text.get(&format!("insight-figure-{name}")).into_owned(), value = figure.to_string())
    };
    let figures: Vec<String> = insight.figures.iter().map(figure).collect();
    let (certainty, place) = match insight.source {
        Source::Measured(place) => ("shell-measured", place),
        Source::Derived(place) => ("shell-derived", place),
    };
    let source = format!("insight-source-{}", insight.rule.id());
    let source = tr!(text, &source, place = place);
    tr!(text, "insight-why-tip", figures = figures.join("\n"), certainty = tr!(text, certainty), source = source)
}

/// Sentence and *Why*, in as many lines as they need.
pub fn line_ui(ui: &mut Ui, theme: &Theme, text: &Text, insight: &Insight) {
    let c = &theme.colors;
    // Rows as high as words, not as controls: under the switch there is room for one line of words.
    ui.spacing_mut().interact_size.y = 16.0;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().button_padding.y = 0.0;
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(icon_fill(icons::INFO, 14.0, c.waiting.text));
        ui.add(Label::new(words(sentence(text, insight), Type::Body, c.text_1)).wrap());
        let why = why(text, insight);
        let button = ui.add(Button::new(words(tr!(text, "insight-why"), Type::Caption, c.accent)).frame(false));
        focus_ring(ui, theme, &button);
        // The pointer need not go there: a press shows the same.
        Popup::menu(&button).show(|ui| ui.label(words(&why, Type::Caption, c.text_1)));
        button.on_hover_text(why);
    });
}

/// A strip of its own over a theatre, when there is something to say.
pub fn strip_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some(insight) = shown(cx) else { return };
    let frame = Frame::new().fill(cx.theme.colors.panel).inner_margin(Margin::symmetric(space::M as i8, 4));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        line_ui(ui, cx.theme, cx.text, insight);
    });
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::insight::Rule;
    use crate::lab::{EndpointId, Side};
    use crate::ui::Language;
    use crate::ui::panel::fake::World;
    use crate::ui::panel::models::Models;
    use crate::ui::panel::stage::Stage;
    use crate::ui::panel::stepper::tests::{epoll, looks, picture, window};

    fn figures(rule: Rule) -> Vec<(&'static str, Figure)> {
        let (count, name) = (Figure::Count, |n: &str| Figure::name(n));
        let time = Figure::Time(Duration::from_millis(12_300));
        match rule {
            Rule::LaneHeld => vec![("clients", count(3)), ("thread", name("epoll-1")), ("call", name("recv(7)")), ("time", time)],
            Rule::SecondWaits => vec![("waiting", count(2)), ("served", name("phone")), ("time", time), ("call", name("recv(7)"))],
            Rule::QueueFull => vec![("waiting", count(4)), ("places", count(4))],
            Rule::Unmet => vec![("clients", count(2)), ("waiting", count(0))],
            Rule::EdgeUnread => {
                vec![("unread", Figure::Bytes(600)), ("peer", name("phone")), ("call", name("epoll_wait(4)")), ("time", time)]
            }
            Rule::EdgeAccept => vec![("waiting", count(9)), ("call", name("epoll_wait(4)")), ("time", time)],
            Rule::WriteInterest => vec![("wakeups", count(50_000)), ("call", name("epoll_wait")), ("fd", name("9"))],
            Rule::Descriptors => vec![("used", count(940)), ("limit", count(1_024)), ("percent", count(91)), ("held", count(930))],
            Rule::CutOff => vec![("peer", name("phone")), ("limit", Figure::Bytes(1 << 20))],
            Rule::Herd => vec![("lanes", count(4)), ("each", Figure::Amount(3.9)), ("accepts", count(40)), ("switches", count(160))],
            Rule::BusyPolling => vec![("eagain", count(812_345)), ("cores", name("0.99"))],
            Rule::ManyThreads => vec![("threads", count(1_024)), ("open", count(1_023)), ("shown", count(256)), ("asleep", count(255))],
        }
    }

    fn insight(rule: Rule, session: EndpointId, mistake: Option<&'static str>) -> Insight {
        let (figures, source) = (figures(rule), Source::Measured("TCP_INFO, tcpi_unacked"));
        let (conn, lane, began) = (None, None, Duration::ZERO);
        Insight { rule, session, name: "echo".into(), side: Side::Server, began, conn, lane, mistake, figures, source }
    }

    #[test]
    fn the_window_says_in_english_what_the_command_line_says_and_has_all_words_in_both() {
        let [english, chinese] = [Language::English, Language::Chinese].map(Text::new);
        for rule in Rule::ALL {
            let mistakes: &[_] = match rule {
                Rule::EdgeUnread => &[None, Some("read_once")],
                Rule::EdgeAccept => &[None, Some("accept_once")],
                _ => &[None],
            };
            for mistake in mistakes {
                let mut said = insight(rule, EndpointId(1), *mistake);
                assert_eq!(sentence(&english, &said), format!("{said}."));
                for text in [&english, &chinese] {
                    let all = format!("{}{}", sentence(text, &said), why(text, &said));
                    assert!(!all.contains("insight-") && !all.contains(['{', '}']), "{all}");
                }
                assert!(sentence(&chinese, &said).ends_with('。'));
                // One of them is worded for itself.
                if let Some((_, figure @ Figure::Count(_))) = said.figures.first_mut() {
                    *figure = Figure::Count(1);
                    assert_eq!(sentence(&english, &said), format!("{said}."));
                }
            }
        }
    }

    fn world() -> World {
        let mut world = epoll();
        let id = world.lab.servers[0].id;
        world.insights = vec![insight(Rule::BusyPolling, id, None), insight(Rule::SecondWaits, id, None)];
        world
    }

    #[test]
    fn the_most_important_sentence_stands_under_the_switch_and_over_the_stage_and_says_why() {
        let words = "2 clients wait behind phone: the only thread of echo has served it alone for 12 s and is in recv(7).";
        for (panel, height) in [(Box::new(Models) as Box<dyn super::super::Panel>, 126.0), (Box::new(Stage::new()), 480.0)] {
            let mut harness = window(world(), panel, 1_031.0, height);
            harness.get_by_label(words);
            assert!(harness.query_by_label_contains("in vain").is_none(), "one at a time");
            harness.get_by_label("Why").click();
            harness.run_steps(3);
            harness.get_by_label_contains("In the accept queue: 2");
            harness.state_mut().0.insights.clear();
            harness.run_steps(3);
            assert!(harness.query_by_label(words).is_none());
        }
    }

    #[test]
    #[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
    fn pictures() {
        for (language, theme, name) in looks() {
            let world = || world().look(language, theme.clone());
            picture(&mut window(world(), Box::new(Models), 1_031.0, 126.0), &format!("insight-models-{name}"));
            picture(&mut window(world(), Box::new(Stage::new()), 640.0, 300.0), &format!("insight-stage-{name}"));
        }
    }
}
