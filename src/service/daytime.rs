//! Daytime: tells the time and leaves (RFC 867). The format is free there; this is RFC 3339 in UTC, one line ended by CR LF:
//! `2026-11-21T06:01:00Z`.
//!
//! What a stream peer sends is thrown away; each datagram is answered.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Actions, Handler, Peer, Service, ServiceDef};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "daytime",
    summary: "tells the time (UTC) and closes; answers each datagram with it (RFC 867)",
    settings: &[],
    make: |_settings| Arc::new(Daytime { is_stream: false }),
};

/// The last second of the year 9999, where RFC 3339 ends.
const LAST: Duration = Duration::from_secs(253_402_300_799);

#[derive(Clone)]
struct Daytime {
    is_stream: bool,
}

impl Service for Daytime {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(self.clone())
    }
}

impl Handler for Daytime {
    fn on_open(&mut self, out: &mut Actions) {
        self.is_stream = true;
        tell(out);
        out.close();
    }

    fn on_bytes(&mut self, _data: &[u8], out: &mut Actions) {
        if !self.is_stream {
            tell(out);
        }
    }
}

fn tell(out: &mut Actions) {
    // A clock may be set to anything; what has no RFC 3339 form is told as the nearest that has.
    let since = out.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().min(LAST);
    let line = format!("{}\r\n", humantime::format_rfc3339_seconds(SystemTime::UNIX_EPOCH + since));
    out.send(line.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::super::play::Play;
    use super::*;
    use crate::service::After;

    #[test]
    fn a_stream_hears_the_time_once_and_a_datagram_each_time() {
        let mut stream = Play::new("daytime", &[]);
        let told = stream.open();
        assert_eq!((told.text().as_str(), told.after), ("1982-02-23T01:37:43Z\r\n", After::Close));
        assert_eq!(stream.hear(b"thrown away").sent, Vec::<Vec<u8>>::new());
        let mut datagrams = Play::new("daytime", &[]);
        assert_eq!(datagrams.hear(b"").sent, [b"1982-02-23T01:37:43Z\r\n"]);
        datagrams.later(Duration::from_secs(17));
        let told = datagrams.hear(b"?");
        assert_eq!((told.sent, told.after), (vec![b"1982-02-23T01:38:00Z\r\n".to_vec()], After::Stay));
    }

    #[test]
    fn a_clock_set_to_nonsense_is_told_without_a_panic() {
        let mut play = Play::new("daytime", &[]);
        play.at(SystemTime::UNIX_EPOCH - Duration::from_secs(1));
        assert_eq!(play.hear(b"").text(), "1970-01-01T00:00:00Z\r\n");
        play.at(SystemTime::UNIX_EPOCH + LAST + Duration::from_secs(1));
        assert_eq!(play.hear(b"").text(), "9999-12-31T23:59:59Z\r\n");
    }
}
