//! `socketlab serve`: one server.

use super::Problem;
use super::args::ServeArgs;
use super::drive::{Style, drive};
use crate::engine::catalog;
use crate::lab::{Address, Lab};

pub(super) fn serve(args: ServeArgs) -> Result<bool, Problem> {
    let address = Address::parse(args.transport, &args.address).map_err(|e| Problem::Usage(format!("address '{}': {e}", args.address)))?;
    let model = args.model.unwrap_or_else(|| catalog::default_model().to_owned());
    let mut lab = Lab::default();
    lab.name = "serve".into();
    let id = lab.add_server(args.transport, &model);
    if let Some(server) = lab.server_mut(id) {
        (server.address, server.service, server.backlog) = (address, args.service, args.backlog);
    }
    drive(&lab, &lab, args.limit, if args.json { Style::Json } else { Style::Serve })
}
