//! `keyreeve key bulk …`.

use clap::{Args, Subcommand};
use keyreeve_app::api::{
    BulkChange, BulkChangeRequest, BulkChangeResponse, BulkSelection, KeyListRequest,
};
use keyreeve_app::{UnlockedSession, keys};

use crate::commands::key::list::FilterArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::world::world;

/// Changes many keys.
#[derive(Debug, Subcommand)]
pub(crate) enum BulkCommand {
    /// Rotates each
    Rotate(BulkArgs),
    /// Retires each
    Deactivate(BulkArgs),
    /// Gives each a tag, or takes one off
    Tag(TagArgs),
}

/// Which keys, and why.
#[derive(Debug, Args)]
pub(crate) struct BulkArgs {
    /// A key; may be given several times
    #[arg(long, value_name = "KEY", help_heading = "Which keys")]
    key: Vec<String>,
    /// All keys
    #[arg(long, help_heading = "Which keys")]
    all: bool,
    #[command(flatten)]
    filter: FilterArgs,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// Tags keys.
#[derive(Debug, Args)]
pub(crate) struct TagArgs {
    #[command(flatten)]
    bulk: BulkArgs,
    /// The tag to give
    #[arg(long, value_name = "TAG", required_unless_present = "remove", conflicts_with = "remove")]
    add: Option<String>,
    /// The tag to take off
    #[arg(long, value_name = "TAG")]
    remove: Option<String>,
}

pub(super) fn run(context: &Context, command: BulkCommand) -> Result<Answer, Failure> {
    let (args, change, question) = match command {
        BulkCommand::Rotate(args) => (args, BulkChange::Rotate, Some("rotated")),
        BulkCommand::Deactivate(args) => (args, BulkChange::Deactivate, Some("deactivated")),
        BulkCommand::Tag(args) => {
            let change = match (args.add, args.remove) {
                (Some(tag), _) => BulkChange::AddTag { tag },
                (None, tag) => BulkChange::RemoveTag { tag: tag.unwrap_or_default() },
            };
            (args.bulk, change, None)
        }
    };
    if question.is_some() {
        context.can_confirm("Changing many keys")?;
    }
    let reason = args.reason.clone();
    let selection = selection(args)?;
    context.with_session(&world(None), |session| {
        if let Some(done) = question.filter(|_| !context.global.yes) {
            let count = count(session, &selection)?;
            context.confirm(&format!("{count} keys are {done}, all of them or none."))?;
        }
        let request = BulkChangeRequest { selection, change, reason, job: None };
        let line = context.line("Changing keys");
        let response = keys::bulk_change(session, &request, &line)?;
        drop(line);
        Answer::new(&response, text(&response))
    })
}

/// Keys by name, or by filter; all of them only when that is said.
fn selection(args: BulkArgs) -> Result<BulkSelection, Failure> {
    match (args.key.is_empty(), args.filter.is_empty(), args.all) {
        (false, true, false) => Ok(BulkSelection::Keys { keys: args.key }),
        (true, false, false) => Ok(BulkSelection::Query { query: args.filter.request() }),
        (true, true, true) => Ok(BulkSelection::Query { query: KeyListRequest::default() }),
        (true, true, false) => Err(Failure::usage(
            "No keys are chosen.",
            "Choose them with --key, with filters such as --tag, or with --all.",
        )),
        _ => Err(Failure::usage(
            "Keys are chosen in two ways at once.",
            "Give either --key, or filters, or --all.",
        )),
    }
}

fn count(session: &UnlockedSession, selection: &BulkSelection) -> Result<u64, Failure> {
    Ok(match selection {
        BulkSelection::Keys { keys } => keys.len() as u64,
        BulkSelection::Query { query } => {
            keys::list_keys(session, &KeyListRequest { limit: Some(1), ..query.clone() })?.total
        }
    })
}

fn text(response: &BulkChangeResponse) -> String {
    let mut text = format!("{} keys were changed.\n", response.changed);
    if response.skipped_total > 0 {
        text.push_str(&format!("{} were left as they are:\n", response.skipped_total));
    }
    for skipped in &response.skipped {
        text.push_str(&format!("  {}: {}\n", skipped.name, skipped.why));
    }
    text
}
