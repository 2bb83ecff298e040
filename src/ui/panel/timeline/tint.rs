//! What a stretch of a lane's life looks like: asleep, spinning, or running in a call of some hue. Pure.
//!
//! A blocked call that moved bytes slept first and copied then, in one call: the record has only the whole time. The split is
//! derived here, and whoever shows it says so.

use crate::engine::{CallKind, LaneSlice};
use crate::trace::{Call, CallRecord};
use crate::ui::theme::Role;

/// A blocking call that took longer than this slept. The kernel's own work for one call on loopback stays below it.
pub const SLEPT_NS: u64 = 50_000;
/// What the running end of a call that slept is taken to need: entering and leaving the kernel …
const COPY_NS: u64 = 4_000;
/// … and this many bytes copied in a nanosecond.
const COPY_BYTES_PER_NS: u64 = 4;

/// How a stretch of time is drawn: pattern and hue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// Hatch: off its core, waiting.
    Asleep,
    /// Fence: asks again and again, answered `EAGAIN`.
    Spinning,
    /// Solid, takes bytes in.
    Received,
    /// Solid, hands bytes out.
    Sent,
    /// Solid, a client comes or goes.
    Client,
    /// Solid, code of its own or another call.
    Own,
}

impl Tint {
    /// Every tint, in the order of [`Tint::at`].
    pub const ALL: [Self; 6] = [Self::Asleep, Self::Spinning, Self::Received, Self::Sent, Self::Client, Self::Own];

    /// Its place in sums.
    pub fn at(self) -> usize {
        self as usize
    }

    /// Whose colours it has.
    pub fn role(self) -> Role {
        match self {
            Self::Asleep => Role::Waiting,
            Self::Spinning => Role::Spinning,
            Self::Received => Role::Received,
            Self::Sent => Role::Sent,
            Self::Client => Role::Client,
            Self::Own => Role::Running,
        }
    }
}

/// Nanoseconds spent in each tint, by [`Tint::at`].
pub type Spent = [f32; Tint::ALL.len()];

/// The hue of a call while it runs.
pub fn hue(call: Call) -> Tint {
    match CallKind::from(call) {
        CallKind::Receive => Tint::Received,
        CallKind::Send => Tint::Sent,
        CallKind::Accept | CallKind::Connect => Tint::Client,
        CallKind::Wait | CallKind::Sleep => Tint::Asleep,
        CallKind::Other => Tint::Own,
    }
}

/// Whether a call can put its lane to sleep when its socket is blocking.
pub fn can_block(call: Call) -> bool {
    match CallKind::from(call) {
        CallKind::Receive | CallKind::Send | CallKind::Accept | CallKind::Connect | CallKind::Wait | CallKind::Sleep => true,
        CallKind::Other => matches!(call, Call::GetAddrInfo | Call::WaitPid),
    }
}

/// Whether the sockets of a lane block, as far as its calls so far tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sockets {
    /// Nothing says otherwise.
    #[default]
    Blocking,
    /// It waits for readiness, or was answered `EAGAIN` at once: its `recv`, `send` and `accept` never sleep.
    NonBlocking,
}

impl Sockets {
    /// What one more call tells.
    pub fn learn(&mut self, call: &CallRecord) {
        let at_once = call.again && call.took_ns / u64::from(call.count.max(1)) <= SLEPT_NS;
        if at_once || call.call.is_readiness_wait() {
            *self = Self::NonBlocking;
        }
    }
}

/// How one finished call is drawn: its tint, and for how long at its end. What comes before that end was slept.
pub fn finished(call: &CallRecord, sockets: Sockets) -> (Tint, u64) {
    let took = call.took_ns;
    let each = took / u64::from(call.count.max(1));
    let slept = can_block(call.call) && sockets == Sockets::Blocking && each > SLEPT_NS;
    match CallKind::from(call.call) {
        CallKind::Wait | CallKind::Sleep => (Tint::Asleep, 0),
        // A time limit on a blocking socket also ends in EAGAIN.
        _ if call.again && slept => (Tint::Asleep, 0),
        _ if call.again => (Tint::Spinning, took),
        _ if slept && call.errno != 0 => (Tint::Asleep, 0),
        CallKind::Receive | CallKind::Send | CallKind::Accept | CallKind::Connect if slept => {
            (hue(call.call), copy_ns(call.bytes).min(took))
        }
        CallKind::Other if slept => (Tint::Own, COPY_NS.min(took)),
        CallKind::Receive | CallKind::Send | CallKind::Accept | CallKind::Connect | CallKind::Other => (hue(call.call), took),
    }
}

/// What the running end of a call that slept is taken to need.
pub fn copy_ns(bytes: u32) -> u64 {
    COPY_NS + u64::from(bytes) / COPY_BYTES_PER_NS
}

/// The shares of a tenth of a second that only sums tell of. Derived: what blocking calls took beyond [`SLEPT_NS`] each is
/// taken as sleep, unless the lane waits for readiness or was answered `EAGAIN`.
pub fn summed(slice: &LaneSlice) -> Spent {
    let ns = |kind: usize| slice.spent[kind] as f32 * 1e3;
    let mut spent = Spent::default();
    let mut in_calls = 0.0;
    let waits = CallKind::ALL.iter().zip(slice.spent).any(|(kind, us)| *kind == CallKind::Wait && us > 0);
    for (i, kind) in CallKind::ALL.into_iter().enumerate() {
        let time = ns(i);
        in_calls += time;
        let (tint, awake) = match kind {
            CallKind::Wait | CallKind::Sleep => (Tint::Asleep, 0.0),
            CallKind::Receive | CallKind::Send | CallKind::Accept | CallKind::Connect => {
                let tint = match kind {
                    CallKind::Receive => Tint::Received,
                    CallKind::Send => Tint::Sent,
                    _ => Tint::Client,
                };
                let most = slice.calls as f32 * SLEPT_NS as f32;
                (tint, if waits || slice.eagain > 0 { time } else { time.min(most) })
            }
            CallKind::Other => (Tint::Own, time),
        };
        let spun = if slice.calls > 0 && tint != Tint::Asleep { awake * slice.eagain as f32 / slice.calls as f32 } else { 0.0 };
        spent[Tint::Spinning.at()] += spun;
        spent[tint.at()] += awake - spun;
        spent[Tint::Asleep.at()] += time - awake;
    }
    spent[Tint::Own.at()] += (slice.len.as_nanos() as f32 - in_calls).max(0.0);
    spent
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::ui::panel::timeline::fake::record;

    #[test]
    fn a_blocked_recv_slept_first_and_copied_then() {
        let call = CallRecord { bytes: 64, ..record(0, Call::Recv, 33, 0, 300_000) };
        assert_eq!(finished(&call, Sockets::Blocking), (Tint::Received, 4_016));
        assert_eq!(finished(&call, Sockets::NonBlocking), (Tint::Received, 300_000), "a non-blocking socket never sleeps");
        let short = CallRecord { took_ns: 7_000, ..call };
        assert_eq!(finished(&short, Sockets::Blocking), (Tint::Received, 7_000));
        let failed = CallRecord { errno: 104, bytes: 0, ..call };
        assert_eq!(finished(&failed, Sockets::Blocking), (Tint::Asleep, 0));
    }

    #[test]
    fn an_eagain_at_once_spins_and_one_after_a_time_limit_slept() {
        let mut sockets = Sockets::default();
        let limit = CallRecord { again: true, errno: 11, ..record(0, Call::Recv, 33, 0, 100_000_000) };
        sockets.learn(&limit);
        assert_eq!((sockets, finished(&limit, sockets)), (Sockets::Blocking, (Tint::Asleep, 0)));
        let spin = CallRecord { again: true, errno: 11, count: 1_000, ..record(0, Call::Recv, 33, 0, 400_000) };
        sockets.learn(&spin);
        assert_eq!((sockets, finished(&spin, sockets)), (Sockets::NonBlocking, (Tint::Spinning, 400_000)));
        assert_eq!(finished(&record(0, Call::EpollWait, 5, 0, 10), sockets), (Tint::Asleep, 0));
    }

    #[test]
    fn sums_add_up_to_their_time() {
        let slice = LaneSlice {
            lane: 0,
            start: Duration::ZERO,
            len: Duration::from_millis(100),
            spent: [90_000, 5_000, 0, 0, 0, 0, 1_000],
            calls: 20,
            eagain: 0,
        };
        let spent = summed(&slice);
        assert!((spent.iter().sum::<f32>() - 1e8).abs() < 1e3, "{spent:?}");
        assert_eq!(spent[Tint::Received.at()], 1e6, "20 calls of 50 µs at the most");
        let spinning = summed(&LaneSlice { eagain: 10, ..slice });
        assert_eq!((spinning[Tint::Asleep.at()], spinning[Tint::Received.at()]), (0.0, 4.5e7));
    }
}
