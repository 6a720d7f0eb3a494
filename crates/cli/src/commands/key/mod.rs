//! `keyreeve key …`.

mod bulk;
mod change;
mod create;
mod describe;
mod distribution;
mod edit;
mod export;
mod import;
mod list;
mod view;

use clap::{Args, Subcommand};
use keyreeve_app::api::KeyRequest;
use keyreeve_app::keys;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::world::world;

/// Keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Makes a key, or many alike
    Create(create::CreateArgs),
    /// Lists keys
    List(list::ListArgs),
    /// Shows a key in full; its material stays sealed
    Show(ShowArgs),
    /// Makes a new primary version; the one before is retired as the policy says
    Rotate(change::ChangeArgs),
    /// Activates a key before its date
    Activate(change::ChangeArgs),
    /// Pauses the use of a version
    Suspend(change::ChangeArgs),
    /// Takes the use of a suspended version up again
    Resume(change::ChangeArgs),
    /// Retires a version: it only processes what was protected before
    Deactivate(change::ChangeArgs),
    /// Reports a version compromised
    Revoke(change::RevokeArgs),
    /// Schedules the destruction of a key's material
    Destroy(change::DestroyArgs),
    /// Cancels a scheduled destruction
    CancelDestroy(change::ChangeArgs),
    /// Gives a key another name
    Rename(edit::RenameArgs),
    /// Changes a key's description or policy
    Edit(edit::EditArgs),
    /// Takes a key, or its public half, out into a file
    Export(export::ExportArgs),
    /// Tells who and what has a key, and in which version; or notes that a holder has it
    Distribution(distribution::DistributionArgs),
    /// Brings keys in from files of other programs
    Import(import::ImportArgs),
    /// Changes many keys in one transaction: all of them, or none
    #[command(subcommand)]
    Bulk(bulk::BulkCommand),
}

/// Shows a key.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
    /// Only this version
    #[arg(long, value_name = "N")]
    version: Option<u32>,
}

pub(crate) fn run(context: &Context, command: KeyCommand) -> Result<Answer, Failure> {
    use KeyCommand as K;
    match command {
        K::Create(args) => create::run(context, args),
        K::List(args) => list::run(context, args),
        K::Show(args) => show(context, args),
        K::Rotate(args) => change::plain(context, args, keys::rotate_key),
        K::Activate(args) => change::plain(context, args, keys::activate_key),
        K::Suspend(args) => change::plain(context, args, keys::suspend_key),
        K::Resume(args) => change::resume(context, args),
        K::CancelDestroy(args) => change::plain(context, args, keys::cancel_destroy_key),
        K::Deactivate(args) => change::deactivate(context, args),
        K::Revoke(args) => change::revoke(context, args),
        K::Destroy(args) => change::destroy(context, args),
        K::Rename(args) => edit::rename(context, args),
        K::Edit(args) => edit::edit(context, args),
        K::Export(args) => export::run(context, args),
        K::Distribution(args) => distribution::run(context, args),
        K::Import(args) => import::run(context, args),
        K::Bulk(command) => bulk::run(context, command),
    }
}

fn show(context: &Context, args: ShowArgs) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| {
        let mut response = keys::show_key(session, &KeyRequest { key: args.key })?;
        if let Some(number) = args.version {
            view::keep_version(&mut response.key, number)?;
        }
        view::answer(&response)
    })
}
