//! The program of a client.

use super::{Language, NoProgram, Program};
use crate::lab::{Address, Client};

pub(super) fn program(client: &Client, _to: &Address, _language: Language) -> Result<Program, NoProgram> {
    Err(NoProgram::Unknown(client.transport.id().to_owned()))
}
