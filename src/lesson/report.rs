//! What a lesson came to as one HTML page that needs nothing else.

use super::Outcome;

/// The page.
pub fn html(outcome: &Outcome) -> String {
    outcome.id.clone()
}
