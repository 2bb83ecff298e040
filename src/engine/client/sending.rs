//! Send schedules: the person's, to one or all connections, and each connection's own, which begins as it opens.
//!
//! With a pause, all connections take a round together; without, each goes as fast as the kernel takes its bytes. Memory is
//! bounded: a connection that still holds messages is passed over in a round.

use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::transport;
use crate::engine::{Outgoing, PacketError, SendProgress, SendTo};
use crate::trace::{Call, Conn, ConnId};

use super::ClientNote;
use super::driver::Driver;
use super::link::{Beat, Flow, Link, Message, Tally};
use super::timers::{Due, Key};

/// Messages a connection may hold and still take part in a round.
const HELD: usize = 1;
/// Late rounds, and lateness, that are made up for, so that a busy machine does not slow a schedule down; more is left out, and the
/// schedule goes on in its grid.
const CATCH_UP: u32 = 3;
const CATCH_UP_TIME: Duration = Duration::from_millis(250);
/// During a flood the progress is published this often.
const PUBLISH: Duration = Duration::from_millis(20);

/// The schedules of a client.
#[derive(Debug, Default)]
pub(super) struct Sending {
    pub person: Option<Schedule>,
    /// Of the connections' own schedules; one tally for all of them.
    own: Option<Rc<Tally>>,
    pub own_rounds: u64,
    own_asked: u64,
    /// Of the last schedule with a pause.
    pub beat: Option<Beat>,
    /// An address that is sent to without a connection, as a peer on the board.
    pub apart: Option<Arc<Conn>>,
    published: Option<Instant>,
}

/// The person's schedule.
#[derive(Debug)]
pub(super) struct Schedule {
    pub to: SendTo,
    pub outgoing: Outgoing,
    pub done: u64,
    pub due: Instant,
    pub timer: Option<Key>,
    pub tally: Rc<Tally>,
}

impl Schedule {
    pub fn has_rounds_left(&self) -> bool {
        self.outgoing.times == 0 || self.done < u64::from(self.outgoing.times)
    }

    fn is_for(&self, id: ConnId) -> bool {
        is_for(&self.to, id)
    }
}

pub(super) fn is_for(to: &SendTo, id: ConnId) -> bool {
    match to {
        SendTo::One(one) => *one == id,
        SendTo::These(these) => these.contains(&id),
        SendTo::All => true,
        // Through one socket, and to nobody that it is connected to: see `apart.rs`.
        SendTo::Address(_) => false,
    }
}

/// Whether each send would be of no bytes.
fn is_nothing(outgoing: &Outgoing) -> bool {
    outgoing.payload.constant().is_some_and(|bytes| bytes.is_empty())
}

/// When the round after `due` is due: on the grid, without bunching more than a few late ones.
pub(super) fn next_due(due: Instant, every: Duration, now: Instant) -> Instant {
    let next = due + every;
    let late = now.saturating_duration_since(next);
    if late <= (every * CATCH_UP).max(CATCH_UP_TIME) {
        return next;
    }
    let into = Duration::from_nanos((late.as_nanos() % every.as_nanos().max(1)) as u64);
    now + (every - into)
}

impl Driver<'_> {
    /// A person sends. Replaces the person's schedule, and the own ones of the connections it goes to.
    pub fn start_sending(&mut self, to: SendTo, outgoing: Outgoing) {
        self.end_schedule();
        for link in self.links.iter_mut().filter(|(id, _)| is_for(&to, **id)).map(|(_, link)| link) {
            link.drop_flow(&mut self.timers);
        }
        let (every, nothing) = (outgoing.every, self.stream && is_nothing(&outgoing));
        let is_apart = matches!(to, SendTo::Address(_));
        self.sending.beat = Beat::new(every);
        self.sending.person = Some(Schedule { to, outgoing, done: 0, due: Instant::now(), timer: None, tally: Rc::default() });
        if nothing {
            // A stream carries no empty message, and endless ones would spin.
            self.end_schedule();
        } else if is_apart {
            self.round_apart();
        } else if every.is_zero() {
            let ids: Vec<ConnId> = self.links.iter().filter(|(_, link)| link.can_send()).map(|(id, _)| *id).collect();
            ids.into_iter().for_each(|id| self.join_flow(id));
        } else {
            self.round();
        }
    }

    pub fn stop_sending(&mut self) {
        for link in self.links.values_mut() {
            link.drop_flow(&mut self.timers);
            // A message that began is finished, or the peer would see half of it.
            link.pending.retain(|message| message.at > 0 || Rc::ptr_eq(&message.tally, &self.answers));
        }
        self.end_schedule();
    }

    /// Sends these bytes once, besides any schedule.
    pub fn post(&mut self, to: &SendTo, bytes: &Arc<[u8]>) {
        if let SendTo::Address(address) = to {
            return self.post_apart(address, bytes);
        }
        let mut reached = Vec::new();
        for (id, link) in self.links.iter_mut().filter(|(id, link)| is_for(to, **id) && link.can_send()) {
            link.pending.push_back(Message::new(bytes, &self.answers));
            reached.push(*id);
        }
        if reached.is_empty() {
            self.run.board.trouble(Call::Send, self.run.target.words(), transport::not_connected());
        }
        reached.into_iter().for_each(|id| self.enqueue(id));
    }

    /// A connection opened: its own schedule begins, or it joins the person's.
    pub fn begin_flow(&mut self, id: ConnId) {
        match self.run.first.clone().filter(|first| !(self.stream && is_nothing(first))) {
            None => self.join_flow(id),
            Some(first) => {
                // Each connection has a beat of its own: that of the first is measured.
                let beat = if self.sending.own.is_none() && self.sending.person.is_none() { Beat::new(first.every) } else { None };
                let tally = Rc::clone(self.sending.own.get_or_insert_default());
                if beat.is_some() {
                    self.sending.beat.clone_from(&beat);
                }
                let Some(link) = self.links.get_mut(&id) else { return };
                self.sending.own_asked += u64::from(first.times);
                let every = first.every;
                link.flow = Some(Flow::new(first, 0, true, Instant::now(), &tally).on(beat));
                if every.is_zero() { self.enqueue(id) } else { self.own_round(id) }
            }
        }
    }

    /// One round of a connection's own schedule with pauses.
    pub fn own_round(&mut self, id: ConnId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let can_send = link.can_send();
        let Some(flow) = &mut link.flow else { return };
        flow.timer = None;
        if can_send && link.pending.len() <= HELD {
            let bytes = match flow.outgoing.payload.render(flow.done) {
                Ok(bytes) => bytes,
                Err(error) => return self.not_made(id, &error),
            };
            flow.done += 1;
            self.sending.own_rounds += 1;
            link.pending.push_back(Message::new(&bytes, &flow.tally).on(flow.beat.clone()));
        }
        if flow.is_complete() || !can_send {
            link.drop_flow(&mut self.timers);
        } else {
            flow.due = next_due(flow.due, flow.outgoing.every, Instant::now());
            flow.timer = Some(self.timers.at(flow.due, Due::OwnRound(id)));
        }
        self.enqueue(id);
    }

    /// One round of the person's schedule with pauses. A round that reaches nobody because all still hold messages is not
    /// counted.
    pub fn round(&mut self) {
        let Some(schedule) = &mut self.sending.person else { return };
        if matches!(schedule.to, SendTo::Address(_)) {
            return self.round_apart();
        }
        schedule.timer = None;
        let (mut able, mut reached) = (false, Vec::new());
        // One beat for all: the first whom a round reaches keeps it.
        let mut beat = self.sending.beat.clone();
        let mut failed = None;
        for (id, link) in self.links.iter_mut().filter(|(id, link)| is_for(&schedule.to, **id) && link.can_send()) {
            able = true;
            if link.pending.len() <= HELD {
                match schedule.outgoing.payload.render(schedule.done) {
                    Ok(bytes) => link.pending.push_back(Message::new(&bytes, &schedule.tally).on(beat.take())),
                    Err(error) => {
                        failed = Some(error);
                        break;
                    }
                }
                reached.push(*id);
            }
        }
        if let Some(error) = failed {
            self.tell_not_made(&error);
            return self.end_schedule();
        }
        schedule.done += u64::from(!reached.is_empty());
        if schedule.has_rounds_left() {
            schedule.due = next_due(schedule.due, schedule.outgoing.every, Instant::now());
            schedule.timer = Some(self.timers.at(schedule.due, Due::Round));
        }
        reached.into_iter().for_each(|id| self.enqueue(id));
        if !able && !self.somebody_may_come() {
            self.nobody_there();
        }
    }

    /// This connection takes its share of a person's schedule without pauses.
    fn join_flow(&mut self, id: ConnId) {
        let Some(schedule) = self.sending.person.as_ref().filter(|s| s.outgoing.every.is_zero() && s.is_for(id)) else { return };
        let Some(link) = self.links.get_mut(&id) else { return };
        let flow = Flow::new(schedule.outgoing.clone(), schedule.done, false, schedule.due, &schedule.tally);
        if !flow.is_complete() {
            link.flow = Some(flow);
            self.enqueue(id);
        }
    }

    /// A schedule without pauses that no connection takes part in yet: those that opened since, and are done with what they send
    /// as they open (or would never be), take it.
    fn hand_over(&mut self) {
        let Some(to) = self.sending.person.as_ref().map(|schedule| schedule.to.clone()) else { return };
        let mut open = self.links.iter_mut().filter(|(id, link)| is_for(&to, **id) && link.can_send()).peekable();
        if open.peek().is_none() {
            if !self.somebody_may_come() {
                self.nobody_there();
            }
            return;
        }
        let mut free = Vec::new();
        for (id, link) in open {
            if link.flow.as_ref().is_none_or(|flow| flow.outgoing.times == 0) {
                link.drop_flow(&mut self.timers);
                free.push(*id);
            }
        }
        free.into_iter().for_each(|id| self.join_flow(id));
    }

    /// Whether a schedule with nobody to send to should wait: a connection it is for may still open.
    pub fn somebody_may_come(&self) -> bool {
        match self.sending.person.as_ref().map(|schedule| &schedule.to) {
            Some(SendTo::One(id)) => self.links.get(id).is_some_and(Link::is_calling),
            Some(SendTo::These(these)) => these.iter().any(|id| self.links.get(id).is_some_and(Link::is_calling)),
            Some(SendTo::All | SendTo::Address(_)) => self.connecting > 0 || self.to_open > 0 || self.backoff.lost > 0,
            None => false,
        }
    }

    /// A field had no bytes, or they were no message of the framing: this connection's own schedule ends.
    pub fn not_made(&mut self, id: ConnId, error: &PacketError) {
        self.tell_not_made(error);
        if let Some(link) = self.links.get_mut(&id) {
            link.drop_flow(&mut self.timers);
        }
    }

    pub fn tell_not_made(&self, error: &PacketError) {
        self.run.board.trouble(Call::Send, self.run.target.words(), io::Error::other(error.to_string()));
    }

    pub fn nobody_there(&mut self) {
        self.run.board.trouble(Call::Send, self.run.target.words(), transport::not_connected());
        self.end_schedule();
    }

    /// Drops a schedule whose messages cannot be sent, with all of them.
    pub fn abandon(&mut self, tally: &Rc<Tally>) {
        for link in self.links.values_mut() {
            if link.flow.as_ref().is_some_and(|flow| Rc::ptr_eq(&flow.tally, tally)) {
                link.drop_flow(&mut self.timers);
            }
            link.pending.retain(|message| !Rc::ptr_eq(&message.tally, tally));
        }
        if self.sending.person.as_ref().is_some_and(|schedule| Rc::ptr_eq(&schedule.tally, tally)) {
            self.end_schedule();
        }
    }

    pub fn end_schedule(&mut self) {
        if let Some(schedule) = self.sending.person.take() {
            self.timers.cancel(schedule.timer);
            self.leave_apart();
            for link in self.links.values_mut() {
                if link.flow.as_ref().is_some_and(|flow| Rc::ptr_eq(&flow.tally, &schedule.tally)) {
                    link.drop_flow(&mut self.timers);
                }
            }
            // Whoever hears that it ended finds its whole period.
            self.publish_period();
            self.note(ClientNote::SendDone { messages: schedule.tally.taken.get() });
        }
    }

    /// Ends schedules that are done and publishes how far the running one is.
    pub fn settle(&mut self) {
        if let Some(schedule) = &self.sending.person {
            let tally = &schedule.tally;
            let idle = tally.waiting.get() == 0 && tally.flows.get() == 0;
            if idle && (!schedule.has_rounds_left() || tally.completed.get() > 0) {
                self.end_schedule();
            } else if idle && schedule.outgoing.every.is_zero() && !matches!(schedule.to, SendTo::Address(_)) {
                self.hand_over();
            }
        }
        if let Some(own) = &self.sending.own
            && own.waiting.get() == 0
            && own.flows.get() == 0
            && self.connecting == 0
            && self.to_open == 0
        {
            self.note(ClientNote::SendDone { messages: own.taken.get() });
            self.sending.own = None;
            (self.sending.own_rounds, self.sending.own_asked) = (0, 0);
        }
        self.publish();
    }

    fn publish_period(&self) {
        self.run.control.set_period(self.sending.beat.as_ref().map(|beat| (beat.asked, beat.measured.get())));
    }

    fn publish(&mut self) {
        let now = Instant::now();
        if !self.work.is_empty() && self.sending.published.is_some_and(|at| now < at + PUBLISH) {
            return;
        }
        self.sending.published = Some(now);
        if let Some(schedule) = self.sending.person.as_mut().filter(|schedule| schedule.outgoing.every.is_zero()) {
            // A round is done when the slowest connection did it.
            let flows = self.links.values().filter_map(|link| link.flow.as_ref()).filter(|flow| !flow.own);
            schedule.done = flows.map(|flow| flow.done).min().unwrap_or(schedule.done);
        }
        let person = self.sending.person.as_ref().map(|s| SendProgress { done: s.done, of: u64::from(s.outgoing.times) });
        let own = self.sending.own.as_ref().map(|_| SendProgress { done: self.sending.own_rounds, of: self.sending.own_asked });
        self.run.control.set_progress(person.or(own));
        self.publish_period();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_stay_on_their_grid_and_late_ones_do_not_bunch() {
        let start = Instant::now();
        let ms = Duration::from_millis;
        assert_eq!(next_due(start, ms(10), start + ms(3)), start + ms(10), "early");
        assert_eq!(next_due(start, ms(10), start + ms(31)), start + ms(10), "a little late: made up for");
        assert_eq!(next_due(start, ms(10), start + ms(1_004)), start + ms(1_010), "very late: back to the grid");
    }
}
