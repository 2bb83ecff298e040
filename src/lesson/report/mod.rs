//! What a lesson came to as one HTML page that needs nothing else: no script, no network, no second file. Both languages are in it; a
//! switch of plain HTML shows one. Whatever people or labs say is escaped.

mod plot;
mod words;

use std::fmt::Write;

use super::answer::grouped;
use super::{Answer, CheckOutcome, Given, Happened, Language, Otherwise, Outcome, Phrase, PredictOutcome, StepOutcome};
use crate::trial::{Untold, Verdict};
use words::{Say, say};

const STYLE: &str = "
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 20%, Canvas); --good: light-dark(#137333, #81c995); --bad: light-dark(#b3261e, #f2b8b5); --mark: light-dark(#4a4fd1, #a5a8ff) }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
code, pre { font-family: ui-monospace, monospace; font-size: .92em }
pre { white-space: pre-wrap; border: 1px solid var(--line); padding: 1em }
h2 { border-top: 1px solid var(--line); padding-top: .8em; margin-top: 1.6em }
table { border-collapse: collapse } th, td { text-align: left; padding: 2px 16px 2px 0; border-bottom: 1px solid var(--line) }
ul.checks { list-style: none; padding: 0 } .held { color: var(--good) } .failed { color: var(--bad) } .quiet { opacity: .7 }
svg { max-width: 100%; height: auto } svg text { fill: CanvasText; font: 14px system-ui, sans-serif }
.bar { fill: var(--line) } .hit { fill: var(--mark) } .axis { stroke: CanvasText; stroke-width: 1 }
input[name=language] { margin: 0 .4em 0 1em } #pick-en:checked ~ .zh, #pick-zh:checked ~ .en { display: none }
@media print { input, label { display: none } }
";

/// The words of what was seen, which are the window's own: whoever has no others says them in English ([`Display`](std::fmt::Display)).
pub trait Wording {
    /// What became of a check.
    fn verdict(&self, verdict: &Verdict, language: Language) -> String;
    /// Why what happened is not what the lesson says.
    fn otherwise(&self, why: &Otherwise, language: Language) -> String;
    /// Why a figure is not told.
    fn untold(&self, why: &Untold, language: Language) -> String;
}

/// The page, which opens in this language.
pub fn html(outcome: &Outcome, shown: Language, wording: &dyn Wording) -> String {
    let mut page = String::new();
    let title = escaped(&format!("{} · {}", outcome.title.en, outcome.title.zh));
    add(&mut page, format_args!("<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", tag(shown)));
    page.push_str("<meta name=\"generator\" content=\"Socketlab\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n");
    page.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    add(&mut page, format_args!("<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"));
    for (language, name) in [(Language::En, "English"), (Language::Zh, "中文")] {
        let (id, checked) = (language.id(), if language == shown { " checked" } else { "" });
        add(
            &mut page,
            format_args!("<input type=\"radio\" name=\"language\" id=\"pick-{id}\"{checked}><label for=\"pick-{id}\">{name}</label>\n"),
        );
    }
    for language in Language::ALL {
        let lang = tag(language);
        add(&mut page, format_args!("<main class=\"{}\" lang=\"{lang}\">\n", language.id()));
        body(&mut page, outcome, language, wording);
        page.push_str("</main>\n");
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// As HTML names it (BCP 47).
fn tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Zh => "zh-CN",
    }
}

fn body(page: &mut String, outcome: &Outcome, language: Language, wording: &dyn Wording) {
    let title = escaped(language.of(&outcome.title));
    match (outcome.number, language) {
        // An experiment has no number.
        (0, _) => add(page, format_args!("<h1>{title}</h1>\n")),
        (number, Language::En) => add(page, format_args!("<h1>Lesson {number}: {title}</h1>\n")),
        (number, Language::Zh) => add(page, format_args!("<h1>第 {number} 课：{title}</h1>\n")),
    }
    if let Some(day) = outcome.when {
        add(page, format_args!("<p class=\"quiet\">{}</p>\n", day.words(language)));
    }
    for (at, step) in outcome.steps.iter().enumerate() {
        add(page, format_args!("<h2>{}. {}</h2>\n", at + 1, escaped(language.of(&step.title))));
        one_step(page, step, language, wording);
    }
    add(page, format_args!("<h2>{}</h2>\n<pre>{}</pre>\n", say(Say::Lab, language), escaped(&outcome.lab)));
    add(page, format_args!("<p class=\"quiet\">Socketlab {}</p>\n", env!("CARGO_PKG_VERSION")));
}

fn one_step(page: &mut String, step: &StepOutcome, language: Language, wording: &dyn Wording) {
    if !step.visited {
        add(page, format_args!("<p class=\"quiet\">{}</p>\n", say(Say::NotVisited, language)));
        return;
    }
    if !step.checks.is_empty() {
        page.push_str("<ul class=\"checks\">\n");
        step.checks.iter().for_each(|check| one_check(page, check, &wording.verdict(&check.verdict, language)));
        page.push_str("</ul>\n");
    }
    if let Some(predict) = &step.predict {
        question(page, predict, language, wording);
    }
}

fn one_check(page: &mut String, CheckOutcome { line, verdict }: &CheckOutcome, seen: &str) {
    let (class, sign) = match verdict {
        Verdict::Held { .. } => ("held", '✓'),
        Verdict::Failed { .. } => ("failed", '✗'),
        Verdict::Unknown { .. } | Verdict::Pending => ("quiet", '–'),
    };
    let (line, seen) = (escaped(line), escaped(seen));
    add(page, format_args!("<li><span class=\"{class}\">{sign}</span> <code>{line}</code> <span class=\"quiet\">{seen}</span></li>\n"));
}

fn question(page: &mut String, predict: &PredictOutcome, language: Language, wording: &dyn Wording) {
    let colon = colon(language);
    add(page, format_args!("<h3>{}</h3>\n<p>{}</p>\n", say(Say::Question, language), marked(&predict.question, language)));
    let happened = match &predict.happened {
        Happened::NotYet => say(Say::NotRevealed, language).to_owned(),
        Happened::So(answer) => format!("<strong>{}</strong>", escaped(&answer_words(answer, predict, language))),
        Happened::Otherwise(why) => format!("{}{}", say(Say::Otherwise, language), escaped(&wording.otherwise(why, language))),
        Happened::Unknown(why) => format!("{}{}", say(Say::Unknown, language), escaped(&wording.untold(why, language))),
    };
    add(page, format_args!("<p>{}{colon}{happened}</p>\n", say(Say::Happened, language)));
    if predict.given.is_empty() {
        add(page, format_args!("<p class=\"quiet\">{}</p>\n", say(Say::NoAnswers, language)));
        return;
    }
    if let Some(right) = predict.right() {
        add(page, format_args!("<p>{}{colon}{right} / {}</p>\n", say(Say::Right, language), predict.given.len()));
    }
    page.push_str(&plot::svg(predict, language));
    add(page, format_args!("<table>\n<tr><th>{}</th><th>{}</th></tr>\n", say(Say::Who, language), say(Say::Answer, language)));
    for Given { who, answer } in &predict.given {
        let who = who.as_deref().map_or_else(|| say(Say::Anonymous, language).to_owned(), escaped);
        add(page, format_args!("<tr><td>{who}</td><td>{}</td></tr>\n", escaped(&answer_words(answer, predict, language))));
    }
    page.push_str("</table>\n");
}

/// After what stands before a value.
fn colon(language: Language) -> &'static str {
    match language {
        Language::En => ": ",
        Language::Zh => "：",
    }
}

/// As people say it.
fn answer_words(answer: &Answer, predict: &PredictOutcome, language: Language) -> String {
    let choice = |at: &usize| predict.choices.get(*at).map_or_else(String::new, |choice| choice.plain(language));
    match answer {
        Answer::Number(n) => grouped(*n),
        Answer::Choice(at) => choice(at),
        Answer::Order(order) => order.iter().map(choice).collect::<Vec<_>>().join(" → "),
    }
}

fn marked(phrase: &Phrase, language: Language) -> String {
    let mut html = String::new();
    for span in phrase.spans(language) {
        let tag = match (span.code, span.bold, span.emphasis) {
            (true, ..) => "code",
            (_, true, _) => "strong",
            (.., true) => "em",
            (false, false, false) => "span",
        };
        add(&mut html, format_args!("<{tag}>{}</{tag}>", escaped(&span.text)));
    }
    html
}

/// Text that stays text, in an element or an attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(c),
            // Control characters have no meaning in HTML; those that turn the direction of text could hide what a name says.
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

fn add(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _always = page.write_fmt(text);
}
