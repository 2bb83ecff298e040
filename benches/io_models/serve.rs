//! Our server in a process of its own, on the engine's face that the window uses, with traffic recording on. It says where it is
//! bound once the tap's level is in force, counts allocations when asked (`count`, `read`), and ends with its standard input.

use std::io::BufRead;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use crossbeam_channel::bounded;
use socketlab::engine::{Command, Engine, EngineConfig, EventKind, Spec, catalog};
use socketlab::lab::{Lab, Transport};
use socketlab::settings::Setting;
use socketlab::trace::TapLevel;

use crate::allocations;
use crate::plan::LIMIT;

/// The levels by the names that the command line uses.
pub const LEVELS: [(&str, TapLevel); 3] = [("off", TapLevel::Off), ("counters", TapLevel::Counters), ("full", TapLevel::Full)];

/// Settings of any model that serve `workers` connections at once.
const ROOM: [&str; 2] = ["workers", "most"];

pub fn main(model: &str, level: &str, workers: u64) -> Result<()> {
    allocations::stand_aside();
    let level = LEVELS.iter().find(|(name, _)| *name == level).context("no such level")?.1;
    let (woken, wakes) = bounded(1);
    let engine = Engine::spawn(EngineConfig::default(), move || {
        // The engine's thread; it does so again and again, which costs nothing.
        allocations::stand_aside();
        let _already_told = woken.try_send(());
    })?;
    let mut lab = Lab::default();
    let id = lab.add_server(Transport::Tcp, model);
    let mut server = lab.server(id).context("the server just added")?.clone();
    for def in catalog::model_settings(model).iter().filter(|def| ROOM.contains(&def.id)) {
        server.model_settings.set(def.id, Setting::Number(workers));
    }
    engine.send(Command::Start(Box::new(Spec::Server(server))))?;
    let local: Arc<str> = loop {
        let event = engine.next_event(LIMIT).context("the engine does not start the server")?;
        match event.kind {
            EventKind::Started { local } => break local.context("a server without an address")?.to_string().into(),
            EventKind::Failed(failure) => bail!("{failure:?}"),
            _ => {}
        }
    };
    engine.send(Command::SetTap(id, level))?;
    while engine.snapshot().sessions.iter().all(|session| session.id != id || session.calls.level != level) {
        wakes.recv_timeout(LIMIT).context("the engine does not set the level")?;
    }
    println!("{local}");
    for line in std::io::stdin().lock().lines() {
        match line?.as_str() {
            "count" => {
                allocations::begin();
                println!("counting");
            }
            "read" => {
                let [serving, aside] = allocations::counts();
                println!("{serving} {aside}");
            }
            other => bail!("what is {other:?}?"),
        }
    }
    engine.shutdown();
    Ok(())
}
