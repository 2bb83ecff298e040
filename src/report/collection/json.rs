//! The JSON export: an array of objects whose values are strings.

use serde_json::Value;

use super::{CollectionError, Raw};

/// Whether a file is meant to be one.
pub fn is(file: &[u8]) -> bool {
    let mut ahead = file.iter().copied().filter(|b| !b.is_ascii_whitespace());
    ahead.next() == Some(b'[') && matches!(ahead.next(), Some(b'{' | b']'))
}

/// Its packets.
pub fn read(file: &[u8]) -> Result<Vec<Raw>, CollectionError> {
    let objects: Vec<serde_json::Map<String, Value>> = serde_json::from_slice(file).map_err(|error| {
        let said = error.to_string();
        // The place is told beside it.
        let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said).to_owned();
        CollectionError::Json { line: error.line(), column: error.column(), said }
    })?;
    Ok(objects.into_iter().map(raw).collect())
}

fn raw(object: serde_json::Map<String, Value>) -> Raw {
    let text = |value: Value| match value {
        Value::String(text) => Some(text),
        // Other versions may write a port or a flag as what it is.
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    object.into_iter().filter_map(|(key, value)| Some((key.to_ascii_lowercase(), text(value)?))).collect()
}
