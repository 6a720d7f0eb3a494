//! `keyreeve key import`.

use clap::Args;
use keyreeve_app::api::{
    FoundKind, FoundOutcome, FoundView, ImportChoice, ImportKeysRequest, UnlockImportRequest,
};
use keyreeve_app::keys;
use keyreeve_crypto::{Algorithm, Purpose};
use serde::Serialize;

use crate::args;
use crate::commands::examine::{ask_for_passwords, locked_files, rows};
use crate::commands::key::describe::PolicyArgs;
use crate::context::Context;
use crate::exit;
use crate::failure::Failure;
use crate::key_files;
use crate::output::Answer;
use crate::secrets::FilePasswordArgs;
use crate::world::world;

/// Brings keys in; a public key alone becomes an item of the inventory.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files and folders, or - for standard input; their formats are found out
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
    /// The key's name; with several new keys NAME-1 and so on. The file's or its own if not given
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// What symmetric keys are for, where their length allows it; the likeliest if not given
    #[arg(long, value_name = "ALGORITHM", value_parser = args::algorithm())]
    algorithm: Option<Algorithm>,
    /// What the keys are for; what such a key mostly is for if not given
    #[arg(long, value_name = "PURPOSE", value_parser = args::purpose())]
    purpose: Option<Purpose>,
    /// Never lets the material leave the vault again
    #[arg(long)]
    not_exportable: bool,
    /// A tag; may be given several times
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Who answers for them
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    owner: String,
    /// Only shows what would be brought in
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    password: FilePasswordArgs,
    #[command(flatten)]
    policy: PolicyArgs,
}

/// What was found, and how much of it was brought in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Imported {
    items: Vec<FoundView>,
    imported: u32,
    certificates: u32,
    public_keys: u32,
}

pub(super) fn run(context: &Context, args: ImportArgs) -> Result<Answer, Failure> {
    let sources = args.password.sources()?;
    context.refuse_shared(&sources)?;
    let request = key_files::request(context, args.files, &sources)?;
    context.with_session(&world(None), |session| {
        let mut found = keys::stage_import(session, &request, &context.line("Looking"))?;
        ask_for_passwords(context, &sources, locked_files(&found), |password| {
            let request = UnlockImportRequest { password, job: None };
            let answer = keys::unlock_import(session, &request, &context.line("Opening"))?;
            found = answer.found;
            Ok((answer.opened, locked_files(&found)))
        })?;
        let mut items = found.items;
        let new = items.iter_mut().filter(|item| item.outcome == FoundOutcome::New);
        let mut choices: Vec<_> = new
            .map(|item| {
                let symmetric = args.algorithm.filter(|wanted| item.algorithms.contains(wanted));
                if symmetric.is_some() {
                    item.algorithm = symmetric;
                }
                (item, symmetric)
            })
            .collect();
        let is_key = |item: &FoundView| item.kind != FoundKind::Certificate;
        let many = choices.iter().filter(|(item, _)| is_key(item)).count() > 1;
        let mut chosen = Vec::with_capacity(choices.len());
        let mut named = 0;
        for (item, algorithm) in &mut choices {
            if let Some(name) = args.name.as_ref().filter(|_| is_key(item)) {
                named += 1;
                item.name = if many { format!("{name}-{named}") } else { name.clone() };
            }
            chosen.push(ImportChoice {
                number: item.number,
                name: Some(item.name.clone()),
                algorithm: *algorithm,
                purpose: args.purpose,
            });
        }
        let (mut imported, mut certificates, mut public_keys) = (0, 0, 0);
        if !args.dry_run && !chosen.is_empty() {
            let request = ImportKeysRequest {
                choices: chosen,
                exportable: !args.not_exportable,
                tags: args.tag,
                owner: args.owner,
                policy: args.policy.request().unwrap_or_default(),
                job: None,
            };
            let done = keys::import_keys(session, &request, &context.line("Importing"))?;
            (imported, certificates) = (done.imported, done.certificates);
            public_keys = done.public_keys;
        }
        let text = text(&items, found.skipped, [imported, certificates, public_keys]);
        let exit = exit_code(&items);
        let answer = Imported { items, imported, certificates, public_keys };
        Ok(Answer::new(&answer, text)?.with_exit(exit))
    })
}

/// What could be brought in was; a bad file among the others still shows in the exit code.
fn exit_code(items: &[FoundView]) -> u8 {
    use FoundOutcome as O;
    let bad = items.iter().any(|item| item.outcome == O::Problem);
    let good = items.iter().any(|item| matches!(item.outcome, O::New | O::Duplicate));
    if bad || !good { exit::BAD_FILE } else { 0 }
}

fn text(items: &[FoundView], skipped: u32, [keys, certificates, public_keys]: [u32; 3]) -> String {
    let mut text = rows(items, skipped);
    let count = |many: u32, what: &str| match many {
        0 => None,
        1 => Some(format!("1 {what} was brought in.\n")),
        many => Some(format!("{many} {what}s were brought in.\n")),
    };
    let said: String = [(keys, "key"), (certificates, "certificate"), (public_keys, "public key")]
        .into_iter()
        .filter_map(|(many, what)| count(many, what))
        .collect();
    text.push('\n');
    text.push_str(if said.is_empty() { "Nothing was brought in.\n" } else { &said });
    text
}
