//! The window's own work per frame: building the picture (measured each time) and turning it into triangles (measured once a
//! second on a copy, because eframe does the real one after the app's turn). Painting by the graphics driver is not counted.

use std::time::{Duration, Instant};

use eframe::egui::Context;

/// Frames that the percentile looks back on.
const FRAMES: usize = 300;
/// Between two samples of the tessellation.
const SAMPLE_EVERY: Duration = Duration::from_secs(1);

/// The last frames' work.
#[derive(Debug, Default)]
pub(super) struct FrameTime {
    work: Vec<f32>,
    next: usize,
    tessellation: Duration,
    sampled: Option<Instant>,
    /// p99 in milliseconds, worked out with each sample.
    p99: f32,
}

impl FrameTime {
    /// A frame that began then is built.
    pub fn end_frame(&mut self, ctx: &Context, began: Instant) {
        let built = began.elapsed();
        if self.sampled.is_none_or(|at| at.elapsed() >= SAMPLE_EVERY) {
            let shapes = ctx.graphics(Clone::clone).drain(&[], &Default::default());
            let began = Instant::now();
            let triangles = ctx.tessellate(shapes, ctx.pixels_per_point());
            self.tessellation = began.elapsed();
            drop(triangles);
            self.p99 = percentile_99(&self.work);
            self.sampled = Some(Instant::now());
        }
        let millis = (built + self.tessellation).as_secs_f32() * 1e3;
        if self.work.len() < FRAMES {
            self.work.push(millis);
        } else {
            self.work[self.next] = millis;
        }
        self.next = (self.next + 1) % FRAMES;
    }

    /// Milliseconds of the newest frame.
    pub fn last(&self) -> Option<f32> {
        let newest = (self.next + FRAMES - 1) % FRAMES;
        self.work.get(newest.min(self.work.len().saturating_sub(1))).copied()
    }

    /// Milliseconds that 99 of 100 of the last frames stay under.
    pub fn p99(&self) -> f32 {
        self.p99
    }
}

fn percentile_99(work: &[f32]) -> f32 {
    let mut sorted = work.to_vec();
    sorted.sort_by(f32::total_cmp);
    let at = (sorted.len() * 99).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_percentile_is_a_frame_that_was() {
        let work: Vec<f32> = (1..=300).map(|n| n as f32).collect();
        assert_eq!(percentile_99(&work), 297.0);
        assert_eq!(percentile_99(&[5.0]), 5.0);
        assert_eq!(percentile_99(&[]), 0.0);
    }
}
