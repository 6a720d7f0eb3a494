//! Locks a vault.

use keyreeve_domain::audit::{Action, ObjectKind};

use crate::error::Error;
use crate::session::UnlockedSession;

/// Logs the lock with a checkpoint and drops the session, which wipes its keys and closes the
/// database. The session is gone even where the log could not be written.
///
/// # Errors
/// When the event could not be written; the vault is locked all the same.
pub fn lock_vault(session: UnlockedSession, why: &str) -> Result<(), Error> {
    let mut write = session.write()?;
    let vault = session.vault_id().to_string();
    let mut locked = write.draft(Action::VaultLock, ObjectKind::Vault, vault);
    locked.details.insert("why".into(), why.into());
    write.tx.append(locked)?;
    write.commit_with_checkpoint()?;
    Ok(())
}
