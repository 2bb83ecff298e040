//! What a run shows, told when it begins and when it is over. The rules are in `insight`.

use super::drive::Style;
use super::out::Out;
use crate::engine::{Snapshot, Source, catalog};
use crate::insight::{Figure, Insight, Watch};
use crate::lab::Lab;
use crate::report::{FigureLine, InsightLine, InsightPhase, Line};

/// The watch, and what was told and is not over.
pub(super) struct Insights {
    watch: Watch,
    told: Vec<Insight>,
}

impl Insights {
    pub(super) fn new() -> Self {
        Self { watch: Watch::new(catalog::descriptor_limit()), told: Vec::new() }
    }

    /// Looks at a snapshot and tells what began and what is over since the last one.
    pub(super) fn look(&mut self, snapshot: &Snapshot, lab: &Lab, style: Style, out: &mut Out) -> std::io::Result<()> {
        let said = self.watch.see(snapshot, lab).to_vec();
        self.change(said, snapshot, style, out)
    }

    /// What the last look found.
    pub(super) fn said(&self) -> &[Insight] {
        self.watch.said()
    }

    /// The run ends, and so does everything it showed.
    pub(super) fn end(&mut self, snapshot: &Snapshot, style: Style, out: &mut Out) -> std::io::Result<()> {
        self.change(Vec::new(), snapshot, style, out)
    }

    fn change(&mut self, said: Vec<Insight>, snapshot: &Snapshot, style: Style, out: &mut Out) -> std::io::Result<()> {
        // The same situation of another run of the server is another one.
        let has = |all: &[Insight], one: &Insight| all.iter().any(|i| (i.rule, i.session, i.began) == (one.rule, one.session, one.began));
        let at = snapshot.at.as_secs_f64();
        let told = std::mem::replace(&mut self.told, said);
        let over = told.iter().filter(|i| !has(&self.told, i)).map(|i| (i, InsightPhase::End));
        let new = self.told.iter().filter(|i| !has(&told, i)).map(|i| (i, InsightPhase::Begin));
        for (insight, phase) in over.chain(new) {
            match (style, phase) {
                (Style::Json, _) => out.json(&Line::Insight(line(insight, at, phase)))?,
                (Style::Words, InsightPhase::Begin) => out.line(&format!("{at:8.3}  {insight}"))?,
                (Style::Serve, InsightPhase::Begin) => out.line(&insight.to_string())?,
                // Words say what is; that it is over is seen in what comes next.
                (Style::Words | Style::Serve, InsightPhase::End) => {}
            }
        }
        Ok(())
    }
}

fn line(insight: &Insight, at: f64, phase: InsightPhase) -> InsightLine {
    let (source, how) = match insight.source {
        Source::Measured(how) => ("measured", how),
        Source::Derived(how) => ("derived", how),
    };
    let figure = |figure: &Figure| match figure {
        Figure::Count(n) | Figure::Bytes(n) => FigureLine::Whole(*n),
        Figure::Amount(n) => FigureLine::rational(*n),
        Figure::Time(time) => FigureLine::rational(time.as_secs_f64()),
        Figure::Name(name) => FigureLine::Words(name.to_string()),
    };
    InsightLine {
        at_secs: (at * 1e3).round() / 1e3,
        endpoint: insight.name.to_string(),
        side: insight.side,
        insight: insight.rule.id(),
        phase,
        words: insight.to_string(),
        connection: insight.conn.map(|conn| conn.0),
        lane: insight.lane,
        mistake: insight.mistake,
        figures: insight.figures.iter().map(|(name, value)| (*name, figure(value))).collect(),
        source,
        how,
    }
}
