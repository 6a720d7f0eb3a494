//! `keyreeve key distribution`.

use clap::Args;
use keyreeve_app::api::{
    DistributionItem, DistributionRequest, DistributionResponse, NoteRollOutRequest,
};
use keyreeve_app::keys;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::table;
use crate::world::world;

/// Who has a key.
#[derive(Debug, Args)]
pub(crate) struct DistributionArgs {
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
    /// Notes that this holder has the version now
    #[arg(long, value_name = "HOLDER", conflicts_with = "ended")]
    done: Option<String>,
    /// Notes that this holder needs the key no more
    #[arg(long, value_name = "HOLDER")]
    ended: Option<String>,
    /// The version; the primary one if not given
    #[arg(long, value_name = "N", requires = "done")]
    version: Option<u32>,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

pub(super) fn run(context: &Context, args: DistributionArgs) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| {
        let ended = args.ended.is_some();
        let response = match args.done.or(args.ended) {
            None => keys::distribution(session, &DistributionRequest { key: args.key })?,
            Some(holder) => {
                let request = NoteRollOutRequest {
                    key: args.key,
                    holder,
                    version: args.version,
                    ended,
                    reason: args.reason,
                };
                keys::note_roll_out(session, &request)?
            }
        };
        Answer::new(&response, words(&response))
    })
}

fn words(response: &DistributionResponse) -> String {
    if response.holders.is_empty() {
        return "Nobody is known to have this key: it was not handed over, and no place of use is \
                written down.\n"
            .into();
    }
    let rows: Vec<_> = response.holders.iter().map(row).collect();
    let summary = match response.behind {
        0 => format!("All have version {}.\n", response.primary_version),
        behind => {
            let all = response.holders.len();
            format!(
                "{behind} of {all} are not known to have version {}.\n",
                response.primary_version
            )
        }
    };
    table(&["holder", "name", "version", "how", "since"], &rows) + &summary
}

fn row(holder: &DistributionItem) -> Vec<String> {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    vec![
        holder.id.clone(),
        or_none(&holder.name),
        holder.version.map_or_else(|| "-".into(), |version| version.to_string()),
        or_none(&holder.how),
        or_none(&holder.time),
    ]
}
