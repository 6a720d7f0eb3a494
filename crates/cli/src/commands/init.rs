//! `keyreeve init`.

use clap::Args;
use keyreeve_app::api::CreateVaultRequest;
use keyreeve_app::vault;
use keyreeve_domain::audit::Source;
use serde::Serialize;

use crate::args::CostArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::pairs;
use crate::world::world;

/// Makes a vault.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The name of the first unlock slot
    #[arg(long, value_name = "NAME")]
    slot_name: Option<String>,
    /// Takes the passphrase although it is easy to guess
    #[arg(long)]
    accept_weak_passphrase: bool,
    #[command(flatten)]
    pub(crate) cost: CostArgs,
}

#[derive(Serialize)]
struct InitView {
    vault: Vault,
    audit: Audit,
}

#[derive(Serialize)]
struct Vault {
    id: String,
    path: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Audit {
    public_key: String,
}

pub(crate) fn run(context: &Context, args: &InitArgs) -> Result<Answer, Failure> {
    let request = CreateVaultRequest {
        path: context.vault()?.to_owned(),
        passphrase: context.new_passphrase("Passphrase for the new vault", true)?,
        slot_name: args.slot_name.clone(),
        accept_weak_passphrase: args.accept_weak_passphrase,
    };
    context.interrupt.check()?;
    let session = vault::create_vault(&world(args.cost.params()), &request, Source::Cli)?;
    context.with_unlocked(session, |session| {
        let view = vault::session_view(session)?;
        let text = pairs(&[
            ("Vault", view.vault.path.clone()),
            ("Identifier", view.vault.id.clone()),
            ("Audit key", view.audit_public_key.clone()),
        ]);
        let view = InitView {
            vault: Vault { id: view.vault.id, path: view.vault.path },
            audit: Audit { public_key: view.audit_public_key },
        };
        let keep = "Keep the audit key apart from the vault: with it anyone can check the log.\n";
        Answer::new(&view, format!("{text}\n{keep}"))
    })
}
