//! `keyreeve key rename|edit`.

use clap::Args;
use keyreeve_app::api::{EditKeyRequest, FieldView, KeyRequest, RenameKeyRequest, WhereUsedView};
use keyreeve_app::{UnlockedSession, keys};

use crate::commands::key::describe::{PolicyArgs, field, place};
use crate::commands::key::view;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::world::world;

/// Renames a key.
#[derive(Debug, Args)]
pub(crate) struct RenameArgs {
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
    /// The new name
    #[arg(value_name = "NAME")]
    name: String,
    /// Refuses when the key has another revision than this
    #[arg(long, value_name = "REVISION")]
    expect_revision: Option<u64>,
}

/// Changes a key's description or policy; what is not named stays.
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
    /// The note
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// A tag to add; may be given several times
    #[arg(long, value_name = "TAG")]
    add_tag: Vec<String>,
    /// A tag to take off; may be given several times
    #[arg(long, value_name = "TAG")]
    remove_tag: Vec<String>,
    /// Where it is used, as host=…, application=…, path=… or url=…, in place of what is there; may
    /// be given several times
    #[arg(long, value_name = "KIND=PLACE", value_parser = place)]
    where_used: Vec<WhereUsedView>,
    /// Forgets where it is used
    #[arg(long, conflicts_with = "where_used")]
    no_where_used: bool,
    /// A field of your own, in place of those that are there; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = field)]
    field: Vec<FieldView>,
    /// Forgets the fields of your own
    #[arg(long, conflicts_with = "field")]
    no_fields: bool,
    /// Refuses when the key has another revision than this
    #[arg(long, value_name = "REVISION")]
    expect_revision: Option<u64>,
    #[command(flatten)]
    policy: PolicyArgs,
}

pub(super) fn rename(context: &Context, args: RenameArgs) -> Result<Answer, Failure> {
    let request = RenameKeyRequest {
        key: args.key,
        expected_revision: args.expect_revision,
        name: args.name,
    };
    context
        .with_session(&world(None), |session| view::answer(&keys::rename_key(session, &request)?))
}

pub(super) fn edit(context: &Context, args: EditArgs) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| {
        let (tags, expected_revision) = tags(session, &args)?;
        let request = EditKeyRequest {
            key: args.key,
            expected_revision,
            owner: args.owner,
            note: args.note,
            tags,
            where_used: given(args.where_used, args.no_where_used),
            fields: given(args.field, args.no_fields),
            policy: args.policy.request(),
            proof: None,
        };
        view::answer(&keys::edit_key(session, &request)?)
    })
}

/// The tags with those added and without those taken off, and the revision that this is true of.
fn tags(
    session: &UnlockedSession,
    args: &EditArgs,
) -> Result<(Option<Vec<String>>, Option<u64>), Failure> {
    if args.add_tag.is_empty() && args.remove_tag.is_empty() {
        return Ok((None, args.expect_revision));
    }
    let key = keys::show_key(session, &KeyRequest { key: args.key.clone() })?.key;
    let mut tags = key.tags;
    tags.retain(|tag| !args.remove_tag.contains(tag));
    tags.extend(args.add_tag.iter().cloned());
    Ok((Some(tags), args.expect_revision.or(Some(key.revision))))
}

fn given<T>(entries: Vec<T>, none: bool) -> Option<Vec<T>> {
    (none || !entries.is_empty()).then_some(entries)
}
