//! Two tiny languages, each one line of text: *deeds* say what is done (`open six 6`), *checks* say what must be seen
//! (`echo.accepted == 3 within 2s`). Experiments and lessons share them. Pure: text to values and back.
//!
//! It must not know what exists: whether an endpoint has that name, a model that id or a system that figure is asked elsewhere.

mod check;
mod deed;
mod error;
mod figure;
mod parse_check;
mod parse_deed;
mod print;
mod scan;
#[cfg(test)]
mod tests;
mod time;

pub use check::{Check, Clause, DEFAULT_WITHIN, Op, Value, Whose};
pub use deed::{Change, Closing, Deed, GateDeed, Key, Sent, Which, Who};
pub use error::{Due, Found, List, Mismatch, ScriptError, ScriptErrorKind};
pub use figure::{CALLS, ENDS, Figure, INSIGHTS, Quantity, STATES, TCP_STATES};
