//! `keyreeve status`.

use clap::Args;
use keyreeve_app::api::{CountsView, SessionView, VaultPathRequest, VaultStatus};
use keyreeve_app::{keys, vault};
use keyreeve_domain::State;
use serde::Serialize;

use crate::commands::slot;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::pairs;
use crate::world::world;

/// Looks at a vault.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Asks for the passphrase and also says what is in the vault; a passphrase's source does too
    #[arg(long)]
    unlock: bool,
}

/// What the header says; the rest is `null` unless the vault was unlocked.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusView {
    version: &'static str,
    vault: VaultStatus,
    counts: Option<CountsView>,
    audit_size: Option<u64>,
    audit_public_key: Option<String>,
    last_backup_at: Option<String>,
    recovery_untested: Option<Vec<String>>,
}

pub(crate) fn run(context: &Context, args: &StatusArgs) -> Result<Answer, Failure> {
    let world = world(None);
    if !args.unlock && !context.has_passphrase_source() {
        let path = context.vault()?.to_owned();
        let vault = vault::vault_status(&world, &VaultPathRequest { path })?;
        return answer(vault, None);
    }
    context.with_session(&world, |session| {
        let counts = keys::counts(session)?;
        let view = vault::session_view(session)?;
        answer(view.vault.clone(), Some((view, counts)))
    })
}

fn answer(
    vault: VaultStatus,
    inside: Option<(SessionView, CountsView)>,
) -> Result<Answer, Failure> {
    let (session, counts) = inside.unzip();
    let mut text = pairs(&[
        ("Vault", vault.path.clone()),
        ("Identifier", vault.id.clone()),
        ("Format", vault.format.to_string()),
        ("Created", vault.created_at.clone()),
        ("Keys", counts.as_ref().map(keys_in_words).unwrap_or_default()),
        ("Audit events", session.as_ref().map(|s| s.audit_size.to_string()).unwrap_or_default()),
        ("Audit key", session.as_ref().map(|s| s.audit_public_key.clone()).unwrap_or_default()),
        ("Last backup", session.as_ref().map(last_backup).unwrap_or_default()),
    ]);
    for name in session.iter().flat_map(|session| &session.recovery_untested) {
        text.push_str(&format!(
            "\n“{name}” was not tried for over a year: `keyreeve slot test \"{name}\"` shows that the paper is there.\n"
        ));
    }
    text.push('\n');
    text.push_str(&slot::table_of(&vault.slots));
    let view = StatusView {
        version: env!("CARGO_PKG_VERSION"),
        vault,
        counts,
        audit_size: session.as_ref().map(|session| session.audit_size),
        audit_public_key: session.as_ref().map(|session| session.audit_public_key.clone()),
        last_backup_at: session.as_ref().and_then(|session| session.last_backup_at.clone()),
        recovery_untested: session.map(|session| session.recovery_untested),
    };
    Answer::new(&view, text)
}

fn keys_in_words(counts: &CountsView) -> String {
    let by_state = State::ALL.iter().zip(&counts.by_state).filter(|(_, count)| **count > 0);
    let by_state: Vec<_> = by_state
        .map(|(state, count)| format!("{count} {}", state.name().replace('_', "-")))
        .collect();
    match by_state.as_slice() {
        [] => "none".into(),
        states => format!("{} ({})", counts.total, states.join(", ")),
    }
}

fn last_backup(session: &SessionView) -> String {
    session.last_backup_at.clone().unwrap_or_else(|| "never".into())
}
