//! Reading a deed.

use super::deed::{Change, Closing, Deed, GateDeed, Key, Sent, Which, Who};
use super::error::{Due, Found, List, ScriptError, ScriptErrorKind};
use super::scan::{Reader, Token};
use crate::bytes::{Encoding, Template, TemplateSyntax};

type Read<T> = Result<T, ScriptError>;

/// Most of anything that is counted.
const MOST: u64 = 1_000_000;

impl Deed {
    /// Reads one line.
    ///
    /// # Errors
    /// With the column of the first mistake and what would have been right.
    pub fn parse(line: &str) -> Read<Self> {
        let mut from = Reader::new(line)?;
        let deed = deed(&mut from)?;
        from.end()?;
        Ok(deed)
    }
}

/// Reads what comes after the first word.
type Rest = fn(&mut Reader) -> Read<Deed>;

/// The first words of deeds.
const VERBS: [(&str, Rest); 19] = [
    ("start", |from| who(from).map(Deed::Start)),
    ("stop", stop),
    ("finish", |from| endpoint(from).map(Deed::Finish)),
    ("crash", |from| endpoint(from).map(Deed::Crash)),
    ("open", |from| Ok(Deed::Open { client: endpoint(from)?, count: some(from)? })),
    ("close", close),
    ("reset", |from| Ok(Deed::Close { of: endpoint(from)?, which: which(from)?, how: Closing::Reset })),
    ("send", send),
    ("run", run),
    ("set", set),
    ("accept", |from| Ok(Deed::Accept { of: endpoint(from)?, count: some(from)? })),
    ("pause", |from| endpoint(from).map(Deed::Pause)),
    ("resume", |from| endpoint(from).map(Deed::Resume)),
    ("hold", |from| gate(from, GateDeed::Hold)),
    ("step", |from| Ok(Deed::Gate { of: endpoint(from)?, gate: GateDeed::Step(some(from)?) })),
    ("next", next_wait),
    ("free", |from| gate(from, GateDeed::Free)),
    ("clear", |from| keyword(from, "traffic").map(|()| Deed::ClearTraffic)),
    ("wait", |from| from.time().map(Deed::Wait)),
];

fn deed(from: &mut Reader) -> Read<Deed> {
    let read = from.one_of(List::Deed, &VERBS)?;
    read(from)
}

fn keyword(from: &mut Reader, word: &'static str) -> Read<()> {
    if from.takes(word) { Ok(()) } else { from.expected(Due::Exactly(word)) }
}

fn endpoint(from: &mut Reader) -> Read<String> {
    from.name(Due::Endpoint)
}

/// A number from 1, or nothing for 1.
fn some(from: &mut Reader) -> Read<u32> {
    if !from.is_count() {
        return Ok(1);
    }
    let column = from.column();
    match small(from)? {
        0 => Err(ScriptError { column, kind: ScriptErrorKind::Expected { expected: Due::FromOne, found: Found::Word("0".into()) } }),
        count => Ok(count),
    }
}

fn small(from: &mut Reader) -> Read<u32> {
    from.count(MOST).map(|n| u32::try_from(n).unwrap_or(u32::MAX))
}

fn who(from: &mut Reader) -> Read<Who> {
    if from.takes("all") {
        return Ok(Who::All);
    }
    let mut names = vec![endpoint(from)?];
    while from.takes_sign(",") {
        names.push(endpoint(from)?);
    }
    Ok(Who::These(names))
}

/// `stop sending` alone stops an endpoint of that name.
fn stop(from: &mut Reader) -> Read<Deed> {
    let more = matches!(from.second(), Some(Token::Word(_) | Token::Quoted(_)));
    if more && from.takes("sending") {
        return endpoint(from).map(Deed::StopSending);
    }
    if more && from.takes("sequence") {
        return endpoint(from).map(Deed::StopSequence);
    }
    who(from).map(Deed::Stop)
}

fn which(from: &mut Reader) -> Read<Which> {
    if from.takes("all") || !from.is_count() {
        return Ok(Which::All);
    }
    some(from).map(Which::Newest)
}

fn close(from: &mut Reader) -> Read<Deed> {
    let (of, which) = (endpoint(from)?, which(from)?);
    let how = if from.takes("half") { Closing::Half } else { Closing::Orderly };
    Ok(Deed::Close { of, which, how })
}

fn send(from: &mut Reader) -> Read<Deed> {
    let sender = endpoint(from)?;
    let which = if from.is_count() { Which::Newest(some(from)?) } else { Which::All };
    let what = if matches!(from.peek(), Some(Token::Quoted(_))) {
        Sent::Text(body(from, TemplateSyntax::Text(Encoding::Utf8))?)
    } else if from.takes("hex") {
        Sent::Hex(body(from, TemplateSyntax::Hex)?)
    } else if from.takes("packet") {
        Sent::Saved(from.name(Due::Packet)?)
    } else {
        Sent::Own
    };
    // An address of datagrams is of no connection.
    let to = if which == Which::All && from.takes("to") { Some(from.text()?) } else { None };
    let times = if from.takes("times") { Some(small(from)?) } else { None };
    let every = if from.takes("every") { Some(from.time()?) } else { None };
    Ok(Deed::Send { from: sender, which, what, to, times, every })
}

fn body(from: &mut Reader, syntax: TemplateSyntax) -> Read<String> {
    let column = from.column();
    let body = from.text()?;
    match Template::parse(&body, syntax) {
        Ok(_) => Ok(body),
        Err(error) => Err(ScriptError { column, kind: ScriptErrorKind::Bytes(error) }),
    }
}

fn run(from: &mut Reader) -> Read<Deed> {
    keyword(from, "sequence")?;
    let sequence = from.name(Due::Sequence)?;
    keyword(from, "of")?;
    Ok(Deed::RunSequence { sequence, from: endpoint(from)? })
}

fn next_wait(from: &mut Reader) -> Read<Deed> {
    keyword(from, "wait")?;
    gate(from, GateDeed::NextWait)
}

fn gate(from: &mut Reader, gate: GateDeed) -> Read<Deed> {
    Ok(Deed::Gate { of: endpoint(from)?, gate })
}

fn set(from: &mut Reader) -> Read<Deed> {
    let of = endpoint(from)?;
    if from.is_at("address") && matches!(from.second(), Some(Token::Word(_))) {
        from.takes("address");
        keyword(from, "of")?;
        return Ok(Deed::AddressOf { of, other: endpoint(from)? });
    }
    let mut changes = vec![change(from)?];
    while !from.is_over() {
        changes.push(change(from)?);
    }
    Ok(Deed::Set { of, changes })
}

fn change(from: &mut Reader) -> Read<Change> {
    let inner = matches!(from.second(), Some(Token::Sign("."))) && (from.is_at("model") || from.is_at("service"));
    let key = if inner {
        let of_model = from.takes("model") || !from.takes("service");
        from.sign(".")?;
        let id = from.word(Due::SettingName)?;
        if of_model { Key::ModelSetting(id) } else { Key::ServiceSetting(id) }
    } else {
        let at: Vec<_> = Key::PLAIN.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
        let at = from.one_of(List::Setting, &at)?;
        Key::PLAIN[at].1.clone()
    };
    from.sign("=")?;
    Ok(Change { key, value: from.value()? })
}
