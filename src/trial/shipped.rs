//! The experiments that come with the program, one lab each.

use crate::engine::catalog;
use crate::lab::{self, Lab, LabError};

/// One experiment.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// How it is named: `socketlab run one-at-a-time`. The same as in its file.
    pub id: &'static str,
    /// Its lab file.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($id:literal,)*) => {
        /// All of them, in the order of the list of experiments.
        pub const SHIPPED: &[Shipped] = &[
            $(Shipped { id: $id, text: include_str!(concat!("../../assets/experiments/", $id, ".toml")) },)*
        ];
    };
}

shipped! {
    "one-client-at-a-time",
}

impl Shipped {
    /// The experiment with this id.
    pub fn find(id: &str) -> Option<Self> {
        SHIPPED.iter().copied().find(|shipped| shipped.id == id)
    }

    /// The lab, stopped.
    ///
    /// # Errors
    /// When its file and this program disagree; a test holds that they do not.
    pub fn lab(self) -> Result<Lab, LabError> {
        lab::parse(self.text, &catalog::known())
    }
}
