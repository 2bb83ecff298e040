//! How a blocking worker serves one connection: `recv`, answer, `send`, until the end. Each call sleeps until it is done.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::service::{After, Handler, Peer, PeerId};
use crate::sys::SendFlags;
use crate::trace::{Call, ConnStage, End, Lane};

use super::ServerRun;
use super::desk::{Desk, end_of};
use super::link::Link;

/// Serves this connection to its end, and closes it.
pub(super) fn serve_one(lane: &Lane, run: &ServerRun, link: Arc<Link>, desk: &mut Desk) {
    let mut handler = run.service.connect(&Peer { id: PeerId(link.conn.id.0), address: &link.conn.peer });
    let end = converse(lane, run, &link, &mut *handler, desk).unwrap_or_else(|end| end);
    desk.out.clear();
    run.control.finish(lane, link, end);
}

fn converse(lane: &Lane, run: &ServerRun, link: &Link, handler: &mut dyn Handler, desk: &mut Desk) -> Result<End, End> {
    handler.on_open(&mut desk.out);
    let mut after = answer(lane, run, link, desk)?;
    while after < After::Close {
        let n = match link.sock().recv(lane, &mut desk.buf) {
            _ if is_called_off(run, link) => return Ok(End::Here),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(end_of(Call::Recv, error)),
        };
        if n == 0 {
            run.board.half_ended(&link.conn, ConnStage::PeerEnded);
            handler.on_end(&mut desk.out);
            if answer(lane, run, link, desk)? < After::Close {
                // The service stays for others' words; nothing more can be heard from this peer.
                while !is_called_off(run, link) && !link.is_local_ended() {
                    run.control.links().wait_for_change(Duration::from_secs(1), || is_called_off(run, link) || link.is_local_ended());
                }
            }
            return Ok(End::Orderly);
        }
        run.board.received(&link.conn, &desk.buf[..n], false);
        handler.on_bytes(&desk.buf[..n], &mut desk.out);
        after = answer(lane, run, link, desk)?;
    }
    Ok(End::Service)
}

/// Sends what the handler left on the desk, all of it.
fn answer(lane: &Lane, run: &ServerRun, link: &Link, desk: &mut Desk) -> Result<After, End> {
    let mut rest = desk.out.stream();
    while !rest.is_empty() && !link.is_local_ended() {
        let sent = link.while_sending(|| {
            if is_called_off(run, link) {
                return None;
            }
            Some(link.sock().send(lane, rest, SendFlags::None))
        });
        match sent {
            None => return Err(End::Here),
            Some(Ok(n)) => {
                run.board.sent(&link.conn, &rest[..n]);
                rest = &rest[n..];
            }
            Some(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            // An operator ended our side while this was on its way.
            Some(Err(_)) if link.is_local_ended() => break,
            Some(Err(error)) => return Err(end_of(Call::Send, error)),
        }
    }
    let after = desk.out.after();
    desk.out.clear();
    if after == After::HalfClose {
        link.half_close(lane, &run.board);
    }
    Ok(after)
}

/// A person closed the connection, or the server stops.
fn is_called_off(run: &ServerRun, link: &Link) -> bool {
    link.is_leaving() || run.control.is_stopping()
}
