//! `packets.ini` as Qt's QSettings writes it: a section that lists names, and one for each packet. Names of sections are
//! percent-encoded; values may be quoted and have the escapes of C.

use std::collections::BTreeMap;

use super::Raw;

/// The section of keys that stand in none; a section that is really called so is written `%General`.
const DEFAULT: &str = "General";

/// Whether a file is meant to be one: sections, and bytes of a packet in one of them.
pub fn is(file: &[u8]) -> bool {
    let begins = |what: &[u8]| {
        file.split(|b| *b == b'\n').any(|line| {
            let line = line.trim_ascii_start();
            line.len() >= what.len() && line[..what.len()].eq_ignore_ascii_case(what)
        })
    };
    begins(b"[") && begins(b"hexString=")
}

/// A section: its name and its keys in small letters.
type Section = (Option<String>, Raw);

/// The packets, those of the list first and in its order.
pub fn read(file: &[u8]) -> Vec<Raw> {
    // Older versions of Qt write Latin-1 where they do not escape.
    let text = std::str::from_utf8(file).map_or_else(|_| file.iter().map(|b| char::from(*b)).collect(), str::to_owned);
    let sections = sections(&text);
    let order = listed(&sections);
    let mut packets: Vec<(usize, Raw)> = Vec::new();
    for (name, mut keys) in sections {
        let Some(name) = name.filter(|_| keys.contains_key("hexstring")) else { continue };
        let place = order.get(name.as_str()).copied().unwrap_or(usize::MAX);
        if keys.get("name").is_none_or(|n| n.trim().is_empty()) {
            keys.insert("name".to_owned(), name);
        }
        packets.push((place, keys));
    }
    packets.sort_by_key(|(place, _)| *place);
    packets.into_iter().map(|(_, keys)| keys).collect()
}

/// The names that array sections list (`1\name=…`), with their places.
fn listed(sections: &[Section]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (_, keys) in sections.iter().filter(|(_, keys)| keys.contains_key("size")) {
        for (key, name) in keys {
            let place = key.split_once('\\').filter(|(_, of)| *of == "name").and_then(|(n, _)| n.parse().ok());
            if let Some(place) = place {
                found.insert(name.clone(), place);
            }
        }
    }
    found
}

fn sections(text: &str) -> Vec<Section> {
    let mut found: Vec<Section> = vec![(None, Raw::new())];
    let mut lines = text.lines();
    while let Some(first) = lines.next() {
        let mut line = first.trim_start().to_owned();
        if line.is_empty() || line.starts_with([';', '#']) {
            continue;
        }
        // A backslash at the end goes on in the next line; two are one that is escaped.
        while line.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1 {
            line.pop();
            match lines.next() {
                Some(more) => line.push_str(more),
                None => break,
            }
        }
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end().trim_end_matches(']');
            found.push((section_name(header), Raw::new()));
        } else if let Some((key, written)) = line.split_once('=')
            && let Some((_, keys)) = found.last_mut()
        {
            keys.insert(percent(key.trim()).to_ascii_lowercase(), value(written));
        }
    }
    found
}

/// `None` for the default section.
fn section_name(header: &str) -> Option<String> {
    if header.eq_ignore_ascii_case(DEFAULT) {
        return None;
    }
    if header.strip_prefix('%').is_some_and(|rest| rest.eq_ignore_ascii_case(DEFAULT)) {
        return Some(header[1..].to_owned());
    }
    Some(percent(header))
}

/// `%XX` is a character of Latin-1, `%UXXXX` one of UTF-16; what is neither stands for itself.
fn percent(text: &str) -> String {
    let mut units = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let code = |skip: usize, digits: usize| {
            let hex = rest.get(skip..skip + digits).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()))?;
            Some((u16::from_str_radix(hex, 16).ok()?, skip + digits))
        };
        let coded = match (c, rest[c.len_utf8()..].starts_with(['U', 'u'])) {
            ('%', true) => code(2, 4),
            ('%', false) => code(1, 2),
            _ => None,
        };
        match coded {
            Some((unit, len)) => {
                units.push(unit);
                rest = &rest[len..];
            }
            None => {
                units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    String::from_utf16_lossy(&units)
}

/// A value: quotes taken away, escapes made characters, blanks at the ends dropped where nothing quotes them.
fn value(written: &str) -> String {
    let mut units: Vec<u16> = Vec::with_capacity(written.len());
    // Up to here blanks are meant.
    let mut kept = 0;
    let mut quoted = false;
    let mut chars = written.trim_start().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                quoted = !quoted;
                kept = units.len();
            }
            '\\' => {
                match chars.next() {
                    Some('x') => units.push(digits(&mut chars, 16, 4)),
                    Some(octal @ '0'..='7') => {
                        let first = octal.to_digit(8).unwrap_or(0) as u16;
                        let more = chars.peek().is_some_and(|c| c.is_digit(8));
                        units.push(if more { first * 64 + digits(&mut chars, 8, 2) } else { first });
                    }
                    Some(named) => {
                        let meant = match named {
                            'a' => '\x07',
                            'b' => '\x08',
                            'f' => '\x0c',
                            'n' => '\n',
                            'r' => '\r',
                            't' => '\t',
                            'v' => '\x0b',
                            other => other,
                        };
                        units.extend_from_slice(meant.encode_utf16(&mut [0; 2]));
                    }
                    None => {}
                }
                kept = units.len();
            }
            c => {
                units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
                if quoted || !c.is_whitespace() {
                    kept = units.len();
                }
            }
        }
    }
    units.truncate(kept);
    let text = String::from_utf16_lossy(&units);
    // `@` begins values that are no text (`@DateTime(…)`); a text that begins so has two.
    if let Some(rest) = text.strip_prefix("@@") {
        return format!("@{rest}");
    }
    text.strip_prefix("@ByteArray(").and_then(|rest| rest.strip_suffix(')')).map_or(text.clone(), str::to_owned)
}

/// So many digits at most, as one unit of UTF-16.
fn digits(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, radix: u32, most: usize) -> u16 {
    let mut unit = 0_u32;
    for _ in 0..most {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else { break };
        unit = unit * radix + digit;
        chars.next();
    }
    // Four hex digits at most.
    unit as u16
}
