//! The program of a server.

use super::{Language, NoProgram, Program};
use crate::lab::Server;

pub(super) fn program(server: &Server, _language: Language) -> Result<Program, NoProgram> {
    Err(NoProgram::Unknown(server.model.clone()))
}
