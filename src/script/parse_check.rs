//! Reading a check.

use super::check::{Check, Clause, Op, Value, Whose};
use super::error::{Due, List, Mismatch, ScriptError, ScriptErrorKind};
use super::figure::{CALLS, ENDS, Figure, INSIGHTS, Quantity, STATES, TCP_STATES};
use super::scan::{Reader, Token};

type Read<T> = Result<T, ScriptError>;

/// The largest number a check compares with: more is not exact in a float.
const LARGEST: f64 = 9e15;

impl Check {
    /// Reads one line.
    ///
    /// # Errors
    /// With the column of the first mistake and what would have been right.
    pub fn parse(line: &str) -> Read<Self> {
        let mut from = Reader::new(line)?;
        let mut clauses = vec![clause(&mut from)?];
        while from.takes("and") {
            clauses.push(clause(&mut from)?);
        }
        let within = if from.takes("within") { Some(from.time()?) } else { None };
        let lasting = if from.takes("for") { Some(from.time()?) } else { None };
        if !from.is_over() {
            return from.expected(Due::MoreOrEnd);
        }
        Ok(Self { clauses, within, lasting })
    }
}

fn clause(from: &mut Reader) -> Read<Clause> {
    let is_figure = matches!(from.second(), Some(Token::Sign(".")));
    if !is_figure && (from.is_at("insight") || from.is_at("no")) {
        return insight(from);
    }
    let left = figure(from)?;
    let column = from.column();
    let op = op(from)?;
    let place = from.column();
    let right = value(from)?;
    let is_text = match &right {
        Value::Number(_) => false,
        Value::Text(_) => true,
        Value::Figure(figure) => figure.what.is_text(),
    };
    let refuse = |column, words| Err(ScriptError { column, kind: ScriptErrorKind::Compare(words) });
    match (left.what.is_text(), op) {
        (true, Op::Less | Op::AtMost | Op::More | Op::AtLeast) => refuse(column, Mismatch::TextBySize),
        (false, Op::Contains) => refuse(column, Mismatch::NumberContains),
        (true, Op::Equal | Op::Unequal | Op::Contains) if !is_text => refuse(place, Mismatch::TextWithNumber),
        (false, _) if is_text => refuse(place, Mismatch::NumberWithText),
        (true | false, _) => Ok(Clause::Compare { left, op, right }),
    }
}

fn insight(from: &mut Reader) -> Read<Clause> {
    let speaks = !from.takes("no");
    if !from.takes("insight") {
        return from.expected(Due::Exactly("insight"));
    }
    let rule = from.one_of(List::Insight, &INSIGHTS.map(|id| (id, id)))?;
    let of = if from.takes("of") { Some(from.name(Due::Endpoint)?) } else { None };
    Ok(Clause::Insight { rule, of, speaks })
}

fn op(from: &mut Reader) -> Read<Op> {
    for (sign, op) in Op::ALL {
        if from.takes_sign(sign) || from.takes(sign) {
            return Ok(op);
        }
    }
    from.expected(Due::Operator)
}

fn figure(from: &mut Reader) -> Read<Figure> {
    let quoted = matches!(from.peek(), Some(Token::Quoted(_)));
    let name = from.name(Due::Figure)?;
    let of = if !quoted && name == "lab" { Whose::Lab } else { Whose::Endpoint(name) };
    from.sign(".")?;
    Ok(Figure { of, what: quantity(from)? })
}

fn quantity(from: &mut Reader) -> Read<Quantity> {
    if matches!(from.second(), Some(Token::Sign("."))) {
        if from.takes("errors") {
            from.sign(".")?;
            return errno(from).map(Quantity::Errors);
        }
        type Make = fn(&'static str) -> Quantity;
        let groups: [(&str, (&'static [&'static str], Make)); 5] = [
            ("lanes", (&CALLS, Quantity::LanesIn)),
            ("calls", (&CALLS, Quantity::CallsOf)),
            ("ended", (&ENDS, Quantity::Ended)),
            ("conns", (&STATES, Quantity::Conns)),
            ("tcp", (&TCP_STATES, Quantity::Tcp)),
        ];
        let (known, make) = from.one_of(List::FigureGroup, &groups)?;
        from.sign(".")?;
        let known: Vec<_> = known.iter().map(|id| (*id, *id)).collect();
        return from.one_of(List::Figure, &known).map(make);
    }
    let at: Vec<_> = Quantity::PLAIN.iter().enumerate().map(|(at, (id, ..))| (*id, at)).collect();
    from.one_of(List::Figure, &at).map(|at| Quantity::PLAIN[at].1.clone())
}

fn errno(from: &mut Reader) -> Read<String> {
    let is_one = |word: &str| word.starts_with('E') && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    match from.peek() {
        Some(Token::Word(word)) if is_one(word) => from.word(Due::Errno),
        _ => from.expected(Due::Errno),
    }
}

fn value(from: &mut Reader) -> Read<Value> {
    match (from.peek(), from.second()) {
        (Some(Token::Word(_) | Token::Quoted(_)), Some(Token::Sign("."))) => figure(from).map(Value::Figure),
        (Some(Token::Quoted(_)), _) => from.bytes().map(Value::Text),
        (Some(Token::Word(word)), _) if word.starts_with(|c: char| c.is_ascii_digit()) => number(from),
        // Ids are words: `echo.state == running`.
        (Some(Token::Word(_)), _) => from.word(Due::Value).map(|word| Value::Text(word.into_bytes())),
        _ => from.expected(Due::Comparand),
    }
}

fn number(from: &mut Reader) -> Read<Value> {
    let column = from.column();
    let word = from.word(Due::Number)?;
    let plain = word.replace('_', "");
    let digits = plain.chars().all(|c| c.is_ascii_digit() || c == '.');
    match plain.parse::<f64>().ok().filter(|n| digits && *n <= LARGEST) {
        Some(number) => Ok(Value::Number(number)),
        None => Err(ScriptError { column, kind: ScriptErrorKind::Number(word, LARGEST as u64) }),
    }
}
