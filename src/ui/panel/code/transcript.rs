//! The calls that an endpoint just made, as a POSIX transcript. It is written again only when there are newer ones, and not while
//! it is held.

use crate::code::{self, Language};
use crate::engine::SessionView;
use crate::lab::EndpointId;
use crate::trace::{Call, CallRecord};
use crate::ui::theme::Theme;

use super::listing::Listing;

/// Calls in one transcript at most: the newest.
pub const NEWEST: u64 = 500;

/// The transcript as it was written last.
#[derive(Debug, Default)]
pub struct Transcript {
    /// Whose, which start of it, and up to which call.
    of: Option<(EndpointId, u32, u64)>,
    pub text: String,
    /// How many calls it has.
    pub calls: usize,
    listing: Option<Listing>,
}

impl Transcript {
    /// Writes it again if there are newer calls. One that is `held` stays as long as it is this session's.
    pub fn update(&mut self, session: &SessionView, held: bool) {
        let log = &session.calls.log;
        let of = (session.id, session.generation, log.end_index());
        let stays = self.of.is_some_and(|was| was == of || held && (was.0, was.1) == (of.0, of.1));
        if stays {
            return;
        }
        let first = log.end_index().saturating_sub(NEWEST).max(log.first_index());
        // A person who holds a lane is no call.
        let mut records: Vec<CallRecord> = log.iter_from(first).filter(|record| record.call != Call::Gate).copied().collect();
        // Lanes are emptied one after the other.
        records.sort_by_key(CallRecord::end_ns);
        *self = Self { of: Some(of), text: code::calls(&records), calls: records.len(), listing: None };
    }

    /// Nothing was called.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Its lines in the colours of this theme. Calls are written as C writes them.
    pub fn listing(&mut self, theme: &Theme) -> &Listing {
        let (text, kept) = (&self.text, self.listing.take().filter(|listing| listing.is_of(theme)));
        self.listing.insert(kept.unwrap_or_else(|| Listing::new(theme, Language::C, text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Transport;
    use crate::ui::panel::fake::World;
    use crate::ui::panel::timeline::fake::record;

    #[test]
    fn the_newest_calls_are_written_and_a_held_transcript_stays() {
        let mut world = World::empty();
        let id = world.server("echo", Transport::Tcp, "127.0.0.1:7788", "poll");
        world.session(id).calls.log =
            (0..700).map(|n| record(0, Call::Recv, 3, n * 20, 10)).chain([record(0, Call::Gate, 3, 20_000, 1)]).collect();
        let mut shown = Transcript::default();
        shown.update(world.session(id), false);
        assert_eq!((shown.calls, shown.text.lines().count()), (499, 499));
        world.session(id).calls.log = [record(0, Call::Send, 7, 30_000, 5)].into_iter().collect();
        shown.update(world.session(id), true);
        assert_eq!(shown.calls, 499);
        shown.update(world.session(id), false);
        assert!(shown.text.starts_with("send(7, "), "{}", shown.text);
        world.session(id).calls.log = Default::default();
        world.session(id).generation += 1;
        shown.update(world.session(id), true);
        assert_eq!(shown.text, "", "another run has other calls");
    }
}
