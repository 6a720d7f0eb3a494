//! `keyreeve public …`: public keys that are kept alone.

use clap::{Args, Subcommand};
use keyreeve_app::api::{
    EditKnownKeyRequest, KnownKeyListRequest, KnownKeyRequest, KnownKeyView, RemoveKnownKeyRequest,
};
use keyreeve_app::known_keys;
use serde::Serialize;

use crate::commands::describe::DescriptionArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::{pairs, table};
use crate::world::world;

/// Public keys whose private halves are elsewhere: an inventory, and never used. `key import` brings
/// them in.
#[derive(Debug, Subcommand)]
pub(crate) enum PublicCommand {
    /// Lists them by name
    List(ListArgs),
    /// Shows one in full
    Show(NameArgs),
    /// Changes its name, owner, note or tags; what is not named stays
    Edit(EditArgs),
    /// Removes it
    Remove(RemoveArgs),
}

/// Lists public keys.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those with this in what is shown of them
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// At most so many: 500 unless given
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
}

/// Names a public key.
#[derive(Debug, Args)]
pub(crate) struct NameArgs {
    /// The public key: its name, or the beginning of its identifier or SHA-256
    #[arg(value_name = "PUBLIC KEY")]
    public_key: String,
}

/// Changes what is said of a public key.
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    #[command(flatten)]
    which: NameArgs,
    /// Its new name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    description: DescriptionArgs,
}

/// Removes a public key.
#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    #[command(flatten)]
    which: NameArgs,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// The one public key that a command was about.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct One {
    public_key: KnownKeyView,
}

pub(crate) fn run(context: &Context, command: PublicCommand) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| match command {
        PublicCommand::List(args) => {
            let request = KnownKeyListRequest { search: args.search, limit: args.limit };
            let response = known_keys::list_known_keys(session, &request)?;
            let mut text = rows(&response.public_keys);
            let shown = response.public_keys.len() as u64;
            if response.total > shown {
                text.push_str(&format!("\n{shown} of {} are shown.\n", response.total));
            }
            Answer::new(&response, text)
        }
        PublicCommand::Show(args) => {
            let request = KnownKeyRequest { public_key: args.public_key };
            one(known_keys::show_known_key(session, &request)?)
        }
        PublicCommand::Edit(args) => {
            let asked = KnownKeyRequest { public_key: args.which.public_key };
            let found = known_keys::show_known_key(session, &asked)?;
            let request = EditKnownKeyRequest {
                public_key: found.id,
                name: args.name,
                description: args.description.request(found.description.tags),
            };
            one(known_keys::edit_known_key(session, &request)?)
        }
        PublicCommand::Remove(args) => {
            let asked = KnownKeyRequest { public_key: args.which.public_key };
            let found = known_keys::show_known_key(session, &asked)?;
            context.confirm(&format!("Remove the public key “{}”?", found.name))?;
            let request = RemoveKnownKeyRequest { public_key: found.id, reason: args.reason };
            one(known_keys::remove_known_key(session, &request)?)
        }
    })
}

fn rows(public_keys: &[KnownKeyView]) -> String {
    let row = |one: &KnownKeyView| {
        vec![
            one.id.chars().take(8).collect(),
            one.name.clone(),
            algorithm(one),
            format!("{} bits", one.strength_bits),
            one.description.owner.clone(),
            one.description.tags.join(", "),
        ]
    };
    let rows: Vec<_> = public_keys.iter().map(row).collect();
    table(&["id", "name", "algorithm", "strength", "owner", "tags"], &rows)
}

/// Its name, marked where such keys are not to be used any more.
fn algorithm(of: &KnownKeyView) -> String {
    let mark = if weakness(of).is_some() { " (weak)" } else { "" };
    format!("{}{mark}", of.algorithm)
}

fn weakness(of: &KnownKeyView) -> Option<String> {
    of.foreign.as_ref()?.weakness.clone()
}

fn one(public_key: KnownKeyView) -> Result<Answer, Failure> {
    let mut all = vec![
        ("Public key", public_key.id.clone()),
        ("Name", public_key.name.clone()),
        ("Algorithm", public_key.algorithm.to_string()),
        ("Strength", format!("{} bits", public_key.strength_bits)),
        ("Weak", weakness(&public_key).unwrap_or_default()),
        ("Owner", public_key.description.owner.clone()),
        ("Tags", public_key.description.tags.join(", ")),
        ("Note", public_key.description.note.clone()),
        ("Came as", public_key.form.clone()),
        ("Kept since", public_key.created_at.clone()),
    ];
    let fingerprints = public_key.fingerprints.iter();
    all.extend(fingerprints.map(|(name, value)| (name.as_str(), value.clone())));
    let text = format!("{}\n{}", pairs(&all), public_key.pem);
    Answer::new(&One { public_key: public_key.clone() }, text)
}
