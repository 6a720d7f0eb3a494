//! `keyreeve key list`, and the filters that bulk changes share with it.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use keyreeve_app::api::KeyListRequest;
use keyreeve_app::keys;
use keyreeve_crypto::{Algorithm, Purpose};
use keyreeve_domain::{SmartFilter, SortBy, State};
use serde::Deserialize;
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as NameError;

use crate::args;
use crate::commands::key::view;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::world::world;

/// Which keys.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which keys")]
pub(super) struct FilterArgs {
    /// Only keys in this state
    #[arg(long, value_name = "STATE", value_parser = state())]
    state: Option<State>,
    /// Only keys of this algorithm
    #[arg(long, value_name = "ALGORITHM", value_parser = args::algorithm())]
    algorithm: Option<Algorithm>,
    /// Only keys for this purpose
    #[arg(long, value_name = "PURPOSE", value_parser = args::purpose())]
    purpose: Option<Purpose>,
    /// Only keys with this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Only keys in which each of these words begins a word
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// Only keys to be rotated within this period from now (P30D)
    #[arg(long, value_name = "PERIOD")]
    expiring_within: Option<String>,
    /// A ready-made filter
    #[arg(long, value_name = "FILTER", value_parser = filter())]
    filter: Option<SmartFilter>,
}

impl FilterArgs {
    /// Whether no filter is given.
    pub(super) fn is_empty(&self) -> bool {
        self.state.is_none()
            && self.algorithm.is_none()
            && self.purpose.is_none()
            && self.tag.is_none()
            && self.search.is_none()
            && self.expiring_within.is_none()
            && self.filter.is_none()
    }

    /// The question to the list.
    pub(super) fn request(self) -> KeyListRequest {
        KeyListRequest {
            search: self.search,
            state: self.state,
            algorithm: self.algorithm,
            purpose: self.purpose,
            tag: self.tag,
            filter: self.filter,
            expiring_within: self.expiring_within,
            ..KeyListRequest::default()
        }
    }
}

/// Lists keys.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    filter: FilterArgs,
    /// The column to sort by
    #[arg(long, value_name = "COLUMN", value_parser = column())]
    sort_by: Option<SortBy>,
    /// Reverses the order
    #[arg(long)]
    descending: bool,
    /// How many keys at most, up to 1000
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
    /// Where the page before ended
    #[arg(long, value_name = "CURSOR")]
    after: Option<String>,
}

pub(super) fn run(context: &Context, args: ListArgs) -> Result<Answer, Failure> {
    let request = KeyListRequest {
        sort_by: args.sort_by,
        descending: args.descending,
        limit: Some(args.limit),
        after: args.after,
        ..args.filter.request()
    };
    context.with_session(&world(None), |session| {
        let list = keys::list_keys(session, &request)?;
        let mut text = if list.total == 0 {
            "No key fits. `keyreeve key create` makes one.\n".to_owned()
        } else {
            view::rows(&list.keys)
        };
        if let Some(next) = &list.next {
            let shown = list.keys.len();
            text.push_str(&format!("\n{shown} of {}; go on with --after {next}\n", list.total));
        }
        Answer::new(&list, text)
    })
}

fn state() -> impl TypedValueParser<Value = State> {
    args::one_of(State::ALL.iter().map(|state| state.name()))
}

fn filter() -> impl TypedValueParser<Value = SmartFilter> {
    stored(["expiring_soon", "overdue", "expired", "compromised", "scheduled_for_destruction"])
}

fn column() -> impl TypedValueParser<Value = SortBy> {
    stored(["name", "algorithm", "purpose", "state", "rotate_by", "created_at"])
}

/// Takes one of `names`, which are those of the JSON form.
fn stored<T, const N: usize>(names: [&'static str; N]) -> impl TypedValueParser<Value = T>
where
    T: for<'de> Deserialize<'de> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names)
        .try_map(|name| T::deserialize(name.as_str().into_deserializer()).map_err(|e: NameError| e))
}
