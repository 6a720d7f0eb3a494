//! `keyreeve key import`.

use clap::Args;
use keyreeve_app::api::{
    FoundOutcome, FoundView, ImportChoice, ImportKeysRequest, UnlockImportRequest,
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

/// Brings keys in.
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
struct Imported {
    items: Vec<FoundView>,
    imported: u32,
}

pub(super) fn run(context: &Context, args: ImportArgs) -> Result<Answer, Failure> {
    let source = args.password.source()?;
    context.refuse_shared(source.as_ref())?;
    let request = key_files::request(context, args.files, source.as_ref())?;
    context.with_session(&world(None), |session| {
        let mut found = keys::stage_import(session, &request, &context.line("Looking"))?;
        ask_for_passwords(context, source.as_ref(), locked_files(&found), |password| {
            let request = UnlockImportRequest { password, job: None };
            let answer = keys::unlock_import(session, &request, &context.line("Opening"))?;
            found = answer.found;
            Ok(locked_files(&found))
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
        let many = choices.len() > 1;
        let mut chosen = Vec::with_capacity(choices.len());
        for (at, (item, algorithm)) in (1..).zip(&mut choices) {
            if let Some(name) = &args.name {
                item.name = if many { format!("{name}-{at}") } else { name.clone() };
            }
            chosen.push(ImportChoice {
                number: item.number,
                name: Some(item.name.clone()),
                algorithm: *algorithm,
                purpose: args.purpose,
            });
        }
        let mut imported = 0;
        if !args.dry_run && !chosen.is_empty() {
            let request = ImportKeysRequest {
                choices: chosen,
                exportable: !args.not_exportable,
                tags: args.tag,
                owner: args.owner,
                policy: args.policy.request().unwrap_or_default(),
                job: None,
            };
            imported = keys::import_keys(session, &request, &context.line("Importing"))?.imported;
        }
        let text = text(&items, found.skipped, imported);
        let exit = exit_code(&items);
        Ok(Answer::new(&Imported { items, imported }, text)?.with_exit(exit))
    })
}

/// What could be brought in was; a bad file among the others still shows in the exit code.
fn exit_code(items: &[FoundView]) -> u8 {
    use FoundOutcome as O;
    let bad = items.iter().any(|item| item.outcome == O::Problem);
    let good = items.iter().any(|item| matches!(item.outcome, O::New | O::Duplicate));
    if bad || !good { exit::BAD_FILE } else { 0 }
}

fn text(items: &[FoundView], skipped: u32, imported: u32) -> String {
    let mut text = rows(items, skipped);
    text.push_str(&match imported {
        0 => "\nNothing was brought in.\n".into(),
        1 => "\n1 key was brought in.\n".to_owned(),
        many => format!("\n{many} keys were brought in.\n"),
    });
    text
}
