//! `keyreeve inventory`: what the vault holds, for other tools.

use clap::Args;
use keyreeve_app::api::InventoryRequest;
use keyreeve_app::export_inventory;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::pairs;
use crate::world::world;

/// Writes an inventory of all keys, certificates and public keys, never a value.
#[derive(Debug, Args)]
pub(crate) struct InventoryArgs {
    /// How: a CycloneDX 1.7 bill of materials, a table for spreadsheets, JSON, or reminders for a calendar
    #[arg(long, value_name = "FORMAT", value_parser = ["cdx", "csv", "json", "ics"])]
    format: String,
    /// The new file
    #[arg(long, value_name = "FILE")]
    out: String,
}

pub(crate) fn run(context: &Context, args: InventoryArgs) -> Result<Answer, Failure> {
    let request = InventoryRequest { format: args.format, out: args.out, job: None };
    context.with_session(&world(None), |session| {
        let line = context.line("Writing");
        let response = export_inventory(session, &request, &line)?;
        drop(line);
        let mut lines = vec![
            ("File", response.file.clone()),
            ("Keys", response.keys.to_string()),
            ("Certificates", response.certificates.to_string()),
            ("Public keys", response.public_keys.to_string()),
        ];
        lines.extend(response.reminders.map(|count| ("Reminders", count.to_string())));
        lines.push(("Bytes", response.bytes.to_string()));
        let text = pairs(&lines);
        Answer::new(&response, text)
    })
}
