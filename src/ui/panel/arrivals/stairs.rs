//! The queue over time as stairs: what of a listener's history is painted, at most a few marks for each column of points.
//! Pure.

use crate::engine::{ListenerSample, LogView};

use super::clock::Clock;

/// A column of the chart: the values that the queue had in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Points from the left edge.
    pub x: i32,
    pub least: u32,
    pub most: u32,
    pub last: u32,
}

/// A limit and since when it is in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    pub from: f64,
    pub places: Option<u32>,
}

/// What is painted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stairs {
    pub columns: Vec<Column>,
    pub limits: Vec<Limit>,
    /// The most that waited.
    pub most: u32,
}

/// The index of the last sample up to a moment, or of the first one.
pub fn index_at(series: &LogView<ListenerSample>, at: f64) -> u64 {
    let (mut low, mut high) = (series.first_index(), series.end_index());
    while low < high {
        let middle = low + (high - low) / 2;
        if series.get(middle).is_some_and(|s| s.at_secs <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low.saturating_sub(1).max(series.first_index())
}

/// The stairs of a window that is `width` points wide.
pub fn stairs(series: &LogView<ListenerSample>, clock: &Clock, width: f32) -> Stairs {
    let mut all = Stairs::default();
    let scale = f64::from(width) / (clock.end - clock.start);
    let mut before = 0;
    for sample in series.iter_from(index_at(series, clock.start)) {
        if sample.at_secs > clock.now + 1e-9 {
            break;
        }
        let at = sample.at_secs.max(clock.start);
        let x = ((at - clock.start) * scale) as i32;
        all.most = all.most.max(sample.queue);
        if all.limits.last().is_none_or(|l| l.places != sample.places) {
            all.limits.push(Limit { from: at, places: sample.places });
        }
        match all.columns.last_mut() {
            Some(column) if column.x == x => {
                column.least = column.least.min(sample.queue);
                column.most = column.most.max(sample.queue);
                column.last = sample.queue;
            }
            Some(_) if before == sample.queue => {}
            Some(_) | None => all.columns.push(Column { x, least: sample.queue, most: sample.queue, last: sample.queue }),
        }
        before = sample.queue;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panel::arrivals::clock::Stretch;

    fn sample(n: u64, queue: u32, places: u32) -> ListenerSample {
        ListenerSample { at_secs: n as f64 / 30.0, queue, places: Some(places), ..ListenerSample::default() }
    }

    #[test]
    fn equal_samples_are_one_stair_and_a_new_limit_begins_where_it_came() {
        let series: LogView<_> = (0..120).map(|n| sample(n, if n < 60 { 4 } else { 3 }, if n < 90 { 4 } else { 6 })).collect();
        let clock = Clock::new(Stretch::Auto, 0.0, None, 4.0);
        let stairs = stairs(&series, &clock, 600.0);
        assert_eq!(stairs.columns.iter().map(|c| (c.x, c.last)).collect::<Vec<_>>(), [(0, 4), (200, 3)]);
        assert_eq!(stairs.limits, [Limit { from: 0.0, places: Some(4) }, Limit { from: 3.0, places: Some(6) }]);
        assert_eq!((stairs.most, series.get(index_at(&series, 2.01)).unwrap().queue), (4, 3));
        assert_eq!(index_at(&series, -5.0), 0);
    }

    #[test]
    fn ten_minutes_of_a_busy_queue_are_a_few_marks_for_each_column() {
        let series: LogView<_> = (0..18_000).map(|n| sample(n, (n % 7) as u32, 8)).collect();
        let stairs = stairs(&series, &Clock::new(Stretch::Whole, 0.0, None, 600.0), 900.0);
        assert!(stairs.columns.len() <= 900 && stairs.most == 6);
        assert!(stairs.columns.iter().all(|c| c.least <= c.last && c.last <= c.most));
    }
}
