//! What a child process does: takes over the connection it was handed, serves it to its end, and ends.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::frame::{self, Told};
use super::messages::{self, Handed};
use super::relay::Relay;
use crate::lab::{Life, Messages};
use crate::model::control::Control;
use crate::model::link::Link;
use crate::model::{ServerRun, processes};
use crate::service::{self, Ear, Framed, Protocol};
use crate::settings::{Setting, Settings};
use crate::sys::{self, Channel};
use crate::trace::{self, Board, ConnId, Doing, GateMove, Lane, LaneState, Tap};

/// The only argument of a child.
pub const ARGUMENT: &str = "serve-handed-socket";

/// Calls until they are told; see the bounds in `relay.rs`.
const TAP_RING: usize = 4_096;

/// Longer than the way from saying what one enters to entering it.
const ON_ITS_WAY: Duration = Duration::from_millis(5);

/// What the server tells its child first.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Start {
    name: String,
    service: String,
    settings: Vec<(String, Value)>,
    conn: u64,
    /// A socket that was reset before this process looked does not tell it any more.
    peer: String,
    /// The shared clock at the moment that the server's clock calls 0.
    epoch_ns: u64,
    idle_timeout_ms: u64,
    messages: Handed,
    /// Whether it says each message that it hears.
    is_overheard: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Value {
    Switch(bool),
    Number(u64),
    Text(String),
}

impl Start {
    /// `None` for a service that is not on the list.
    pub fn of(run: &ServerRun, lane: &Lane, client: &Link, messages: &Messages) -> Option<Self> {
        let (service, settings) = run.named.as_ref()?;
        let settings = settings.iter().map(|(id, value)| {
            let value = match value {
                Setting::Number(n) => Value::Number(*n),
                Setting::Switch(on) => Value::Switch(*on),
                Setting::Text(text) => Value::Text(text.clone()),
            };
            (id.to_owned(), value)
        });
        Some(Self {
            name: lane.state().name.to_string(),
            service: (*service).to_owned(),
            settings: settings.collect(),
            conn: client.conn.id.0,
            peer: client.conn.peer.to_string(),
            epoch_ns: sys::shared_clock_ns().saturating_sub(lane.tap().now_ns()),
            idle_timeout_ms: run.life.idle_timeout_ms,
            messages: messages.into(),
            is_overheard: run.control.protocol().is_overheard(),
        })
    }

    pub fn to_json(&self) -> String {
        // Strings, numbers and lists of them: nothing in it can fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Serves the connection that this process was handed. The caller ends the process after it.
pub fn main() -> io::Result<()> {
    let (sock, Channel { mut from, to }) = sys::handed()?;
    let to = frame::greet(to)?;
    let Some(Told::Start(json)) = frame::told(&mut from)? else { return Err(io::Error::other("the server said nothing")) };
    let start: Start = serde_json::from_str(&json).map_err(io::Error::other)?;
    let def = service::find(&start.service).ok_or_else(|| io::Error::other(format!("there is no service '{}'", start.service)))?;
    let mut settings = Settings::default();
    for (id, value) in start.settings {
        settings.set(
            &id,
            match value {
                Value::Switch(on) => Setting::Switch(on),
                Value::Number(n) => Setting::Number(n),
                Value::Text(text) => Setting::Text(text),
            },
        );
    }
    // The server's clock, so that times agree.
    let epoch = Instant::now() - Duration::from_nanos(sys::shared_clock_ns().saturating_sub(start.epoch_ns));
    let board = Board::new(epoch);
    let tap = Tap::new(epoch, TAP_RING);
    let lane = tap.lane(start.name.as_str());
    // Peers are named alike in all processes of the server.
    trace::continue_conn_ids_at(ConnId(start.conn));
    // `Control` acts on a server's own socket; the only one here is the connection.
    let whole = Arc::new(sock.duplicate()?);
    let control = Control::new(&start.name, Arc::clone(&whole), true, Arc::clone(&tap), Arc::clone(&board))?;
    let client = control.admit_as(sock, start.peer);
    change(&control, start.messages.into_messages())?;
    let relay = Arc::new(Relay::new(to, Arc::clone(&tap), Arc::clone(&board), Arc::clone(&client.conn), Arc::clone(control.protocol())));
    if start.is_overheard {
        overhear(&control, &relay, true);
    }
    let run = ServerRun {
        socket: whole,
        stream: true,
        service: Framed::around((def.make)(&settings), Arc::clone(control.protocol()), true),
        settings: Settings::default(),
        life: Life { idle_timeout_ms: start.idle_timeout_ms, ..Life::default() },
        board,
        control,
        named: None,
        relay: Some(Arc::clone(&relay)),
    };
    let (tells, its) = (Arc::clone(&relay), Arc::clone(lane.state()));
    let teller = std::thread::Builder::new().name("worker-teller".to_owned()).spawn(move || tells.tell_now_and_then(&its))?;
    let (gate_control, state, hears) = (Arc::clone(&run.control), Arc::clone(lane.state()), Arc::clone(&relay));
    // Not joined: it sleeps until the server says something, and ends with this process.
    std::thread::Builder::new()
        .name("worker-gate".to_owned())
        .spawn(move || heed_server(&mut from, &tap, &state, &hears, &gate_control))?;
    processes::converse(&lane, &run, client);
    relay.close();
    // A panic was reported where it happened; the last words are said.
    let _panicked = teller.join();
    Ok(())
}

/// What stands between bytes and service, from now on. The options of the socket are the server's part: it is the same socket.
fn change(control: &Control, messages: Messages) -> io::Result<()> {
    let protocol = Protocol::of(&messages, true).map_err(io::Error::other)?;
    control.set_messages(messages, protocol, false);
    Ok(())
}

/// Each message goes to the server too, from now on or no more.
fn overhear(control: &Control, relay: &Arc<Relay>, on: bool) {
    let protocol = control.protocol();
    match (on, protocol.is_overheard()) {
        (true, true) | (false, false) => {}
        (true, false) => {
            let hears = Arc::clone(relay);
            protocol.add_ear(Ear::new(move |message| hears.heard(message)));
        }
        (false, true) => protocol.end_ears(),
    }
}

/// Does what the server says about the gate, until that is gone: then nobody is served for.
fn heed_server(from: &mut dyn Read, tap: &Tap, lane: &LaneState, relay: &Arc<Relay>, control: &Control) {
    while let Ok(Some(told)) = frame::told(from) {
        match told {
            Told::Gate(GateMove::Pause) => {
                tap.gate(None, GateMove::Pause);
                // It may have said what it enters just before the gate closed in front of it.
                let soon = Instant::now() + ON_ITS_WAY;
                while lane.doing() == Doing::Running && Instant::now() < soon {
                    std::thread::yield_now();
                }
                if let Doing::AtGate(call, fd, since) = lane.doing() {
                    relay.held(call, fd, lane.at().unwrap_or_default(), since.as_nanos() as u64);
                }
            }
            Told::Gate(gate) => {
                relay.released(tap.now_ns());
                tap.gate(None, gate);
            }
            Told::Leave => {
                for link in control.links().all() {
                    link.mark_leaving();
                    // Nothing is sent by this; the server says what the peer is told.
                    link.interrupt(sys::Shutdown::Read);
                }
                // Whoever stands at the gate would not notice.
                tap.open_gates();
            }
            Told::Messages(json) => {
                // The server has made the same of it before.
                if let Some(messages) = messages::from_json(&json) {
                    let _made = change(control, messages);
                }
            }
            Told::Ear(on, number) => {
                overhear(control, relay, on);
                relay.listens(number);
            }
            Told::Start(_) => {}
        }
    }
    tap.open_gates();
    control.stop();
}
