//! `keyreeve key create`.

use clap::Args;
use keyreeve_app::api::{CreateKeyRequest, CreateKeysResponse, FieldView, WhereUsedView};
use keyreeve_app::keys;
use keyreeve_crypto::{Algorithm, Purpose};

use crate::args;
use crate::commands::key::describe::{PolicyArgs, field, place};
use crate::commands::key::view;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::world::world;

/// Makes a key.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// The name; with a count, what each name begins with
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The algorithm
    #[arg(long, value_name = "ALGORITHM", value_parser = args::algorithm())]
    algorithm: Algorithm,
    /// What the key is for; fixed from then on
    #[arg(long, value_name = "PURPOSE", value_parser = args::purpose())]
    purpose: Purpose,
    /// Lets the material leave the vault later
    #[arg(long)]
    exportable: bool,
    /// When it becomes active; now if not given
    #[arg(long, value_name = "TIME")]
    activate_at: Option<String>,
    /// A tag; may be given several times
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// A note
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    note: String,
    /// Who answers for it
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    owner: String,
    /// Where it is used, as host=…, application=…, path=… or url=…; may be given several times
    #[arg(long, value_name = "KIND=PLACE", value_parser = place)]
    where_used: Vec<WhereUsedView>,
    /// A field of your own; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = field)]
    field: Vec<FieldView>,
    /// Makes N keys, NAME-000001 and so on, in one transaction
    #[arg(long, value_name = "N")]
    count: Option<u32>,
    #[command(flatten)]
    policy: PolicyArgs,
}

pub(super) fn run(context: &Context, args: CreateArgs) -> Result<Answer, Failure> {
    let request = CreateKeyRequest {
        name: args.name,
        algorithm: args.algorithm,
        purpose: args.purpose,
        exportable: args.exportable,
        owner: args.owner,
        note: args.note,
        tags: args.tag,
        where_used: args.where_used,
        fields: args.field,
        policy: args.policy.request().unwrap_or_default(),
        activate_at: args.activate_at,
        count: args.count,
        job: None,
    };
    context.with_session(&world(None), |session| {
        if request.count.is_none() {
            return view::answer(&keys::create_key(session, &request)?);
        }
        let line = context.line("Making keys");
        let response = keys::create_keys(session, &request, &line)?;
        drop(line);
        Answer::new(&response, text(&response))
    })
}

fn text(response: &CreateKeysResponse) -> String {
    let mut text = view::rows(&response.keys);
    let more = response.created as usize - response.keys.len().min(response.created as usize);
    if more > 0 {
        text.push_str(&format!("… and {more} more\n"));
    }
    text.push_str(&format!("\n{} keys were made.\n", response.created));
    text
}
