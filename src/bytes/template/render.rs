//! From parts to the bytes of one message: first everything that has its bytes, then the lengths, then the checksums in the order
//! they stand. What is still to come is zeros for a checksum before it.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::field::{Field, SumForm, TimeForm, TimeUnit};
use super::number::{ascii, binary, digit_width};
use super::random::SplitMix64;
use super::span::Span;
use super::{MAX_MESSAGE, Moment, Part, Template};
use crate::bytes::{Checksum, Utc};

/// A message that cannot be made, and the field that cannot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {kind}")]
pub struct RenderError {
    /// Of the field in the text, in characters from 1.
    pub column: usize,
    /// Why not.
    pub kind: RenderErrorKind,
}

/// The reasons.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderErrorKind {
    /// More than [`MAX_MESSAGE`].
    #[error("the message would have more than {MAX_MESSAGE} bytes")]
    TooLarge,
    /// Checksums over more than [`MAX_SUMMED`] bytes.
    #[error("its checksums would be over more than {MAX_SUMMED} bytes in all")]
    TooMuchSummed,
    /// Nobody has the bytes of this file.
    #[error("the file '{0}' was not read")]
    NoFile(String),
    /// A range that is not inside the message.
    #[error("the range is not inside the message, which has {len} bytes")]
    OutsideMessage {
        /// Bytes of the message.
        len: usize,
    },
    /// A number too large for its field.
    #[error("{number} does not fit the field")]
    DoesNotFit {
        /// The number.
        number: u64,
    },
}

/// Bytes that all checksums of one message may be over: a message with many of them must not take seconds.
pub const MAX_SUMMED: usize = 4 * MAX_MESSAGE;

/// A length or a checksum whose place is held by zeros.
struct Held<'a> {
    field: &'a Field,
    column: usize,
    place: Range<usize>,
}

impl Template {
    /// The bytes of one message.
    ///
    /// # Errors
    /// Names the field.
    pub fn render(&self, moment: &Moment, files: &dyn Fn(&str) -> Option<Arc<[u8]>>) -> Result<Vec<u8>, RenderError> {
        let mut message = Vec::new();
        let mut held = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            let at = message.len();
            let (column, kind) = match part {
                Part::Bytes(bytes) => (1, add(&mut message, bytes)),
                Part::Field { field, column } => {
                    let added = add_field(&mut message, field, moment, index as u64, files);
                    if let (Ok(()), Field::Length { .. } | Field::Checksum { .. }) = (&added, field) {
                        held.push(Held { field, column: *column, place: at..message.len() });
                    }
                    (*column, added)
                }
            };
            kind.map_err(|kind| RenderError { column, kind })?;
        }
        held.iter().try_for_each(|held| held.put_length(&mut message).map_err(|kind| RenderError { column: held.column, kind }))?;
        let mut left = MAX_SUMMED;
        held.iter().try_for_each(|held| held.put_sum(&mut message, &mut left).map_err(|kind| RenderError { column: held.column, kind }))?;
        Ok(message)
    }
}

fn add(message: &mut Vec<u8>, bytes: &[u8]) -> Result<(), RenderErrorKind> {
    room(message, bytes.len())?;
    message.extend_from_slice(bytes);
    Ok(())
}

fn room(message: &[u8], len: usize) -> Result<(), RenderErrorKind> {
    if len > MAX_MESSAGE - message.len() { Err(RenderErrorKind::TooLarge) } else { Ok(()) }
}

/// Adds what the field is in this message, or zeros for what is worked out at the end.
fn add_field(
    message: &mut Vec<u8>,
    field: &Field,
    moment: &Moment,
    index: u64,
    files: &dyn Fn(&str) -> Option<Arc<[u8]>>,
) -> Result<(), RenderErrorKind> {
    match field {
        Field::Counter { from, form } => add(message, &form.wrap(from.wrapping_add(moment.count))),
        Field::Time(form) => add(message, &time(*form, moment.unix)),
        Field::Random(len) => {
            room(message, *len)?;
            let at = message.len();
            message.resize(at + len, 0);
            SplitMix64::of(moment.seed, moment.count, index).fill(&mut message[at..]);
            Ok(())
        }
        Field::Count(len, from) => {
            room(message, *len)?;
            message.extend((0..*len).map(|i| from.wrapping_add(i as u8)));
            Ok(())
        }
        Field::File(path) => match files(path) {
            Some(bytes) => add(message, &bytes),
            None => Err(RenderErrorKind::NoFile(path.clone())),
        },
        Field::Length { form, .. } => add(message, &vec![0; form.width().unwrap_or(0)]),
        Field::Checksum { of, form, .. } => add(message, &vec![0; sum_width(of, *form)]),
    }
}

fn time(form: TimeForm, unix: Duration) -> Vec<u8> {
    match form {
        TimeForm::Date(encoding) => {
            let date = Utc(i64::try_from(unix.as_secs()).unwrap_or(i64::MAX));
            ascii(encoding, &format!("{date}.{:03}Z", unix.subsec_millis()))
        }
        TimeForm::Number(unit, form) => {
            let number = match unit {
                TimeUnit::Seconds => unix.as_secs().into(),
                TimeUnit::Millis => unix.as_millis(),
                TimeUnit::Micros => unix.as_micros(),
                TimeUnit::Nanos => unix.as_nanos(),
            };
            // The low 64 bits: they wrap as narrower numbers do.
            form.wrap(number as u64)
        }
    }
}

fn sum_width(of: &Checksum, form: SumForm) -> usize {
    match form {
        SumForm::Binary(_) => of.width(),
        SumForm::Hex(encoding) | SumForm::HexCapitals(encoding) => 2 * of.width() * digit_width(encoding),
    }
}

impl Held<'_> {
    fn put_length(&self, message: &mut [u8]) -> Result<(), RenderErrorKind> {
        let Field::Length { form, over } = self.field else { return Ok(()) };
        let range = within(*over, self.place.end..message.len(), message.len())?;
        let number = range.len() as u64;
        let bytes = form.write(number).ok_or(RenderErrorKind::DoesNotFit { number })?;
        message[self.place.clone()].copy_from_slice(&bytes);
        Ok(())
    }

    /// Takes the bytes that it is over from those that are left.
    fn put_sum(&self, message: &mut [u8], left: &mut usize) -> Result<(), RenderErrorKind> {
        let Field::Checksum { of, form, over } = self.field else { return Ok(()) };
        let range = within(*over, 0..self.place.start, message.len())?;
        *left = left.checked_sub(range.len()).ok_or(RenderErrorKind::TooMuchSummed)?;
        let sum = of.of(&message[range]);
        let digits = 2 * of.width();
        let bytes = match form {
            SumForm::Binary(order) => binary(sum.into(), of.width(), *order),
            SumForm::Hex(encoding) => ascii(*encoding, &format!("{sum:0digits$x}")),
            SumForm::HexCapitals(encoding) => ascii(*encoding, &format!("{sum:0digits$X}")),
        };
        message[self.place.clone()].copy_from_slice(&bytes);
        Ok(())
    }
}

/// The range that was chosen, or the usual one.
fn within(chosen: Option<Span>, usual: Range<usize>, len: usize) -> Result<Range<usize>, RenderErrorKind> {
    match chosen {
        None => Ok(usual),
        Some(span) => span.within(len).ok_or(RenderErrorKind::OutsideMessage { len }),
    }
}
