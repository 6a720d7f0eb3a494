//! What a command works with: the options, the vault, the user.

use keyreeve_app::api::{ErrorCode, SessionView, SlotView, UnlockVaultRequest, VaultPathRequest};
use keyreeve_app::{UnlockedSession, World, vault};
use keyreeve_crypto::SecretString;
use keyreeve_domain::audit::Source;

use crate::args::GlobalArgs;
use crate::failure::Failure;
use crate::output::note;
use crate::progress::{Interrupt, Line};
use crate::secrets::{SecretSource, refuse_shared};
use crate::terminal;

/// Why the log says that the vault was locked.
const DONE: &str = "done";

/// The options, the vault and the user.
pub(crate) struct Context {
    pub(crate) global: GlobalArgs,
    pub(crate) interrupt: Interrupt,
    current: Option<SecretSource>,
    new: Option<SecretSource>,
}

impl Context {
    /// # Errors
    /// When the passphrases' sources contradict each other.
    pub(crate) fn new(global: GlobalArgs, interrupt: Interrupt) -> Result<Self, Failure> {
        let (current, new) = (global.passphrases.current()?, global.passphrases.fresh()?);
        refuse_shared(&[current.as_ref(), new.as_ref()])?;
        Ok(Self { global, interrupt, current, new })
    }

    /// The vault's folder.
    pub(crate) fn vault(&self) -> Result<&str, Failure> {
        self.global.vault.as_deref().filter(|path| !path.is_empty()).ok_or_else(|| {
            Failure::usage("No vault is named.", "Name its folder with --vault or KEYREEVE_VAULT.")
        })
    }

    /// Whether a source for the vault's passphrase was named.
    pub(crate) fn has_passphrase_source(&self) -> bool {
        self.current.is_some()
    }

    /// Refuses a source that already gives the vault's passphrase.
    pub(crate) fn refuse_shared(&self, other: Option<&SecretSource>) -> Result<(), Failure> {
        refuse_shared(&[self.current.as_ref(), other])
    }

    /// Progress on stderr, and Ctrl-C.
    pub(crate) fn line(&self, what: &'static str) -> Line {
        Line::new(what, &self.interrupt)
    }

    /// Unlocks the vault, runs `work`, and locks it again, which the log tells of.
    pub(crate) fn with_session<T>(
        &self,
        world: &World,
        work: impl FnOnce(&UnlockedSession) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let request = self.unlock_request(world)?;
        self.with_unlocked(unlock(world, &request)?, work)
    }

    /// Runs `work` in a vault that is unlocked, and locks it.
    pub(crate) fn with_unlocked<T>(
        &self,
        session: UnlockedSession,
        work: impl FnOnce(&UnlockedSession) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let outcome = self.interrupt.check().and_then(|()| work(&session));
        if let Err(error) = vault::lock_vault(session, DONE) {
            // What was asked for is done or refused, and the keys are wiped: only the log lacks a line.
            note(&format!("The lock could not be logged: {error}."));
        }
        outcome
    }

    /// What unlocks the vault: the passphrase is asked for where no source is named.
    pub(crate) fn unlock_request(&self, world: &World) -> Result<UnlockVaultRequest, Failure> {
        let path = self.vault()?.to_owned();
        // Before anyone types a passphrase in vain.
        let status = vault::vault_status(world, &VaultPathRequest { path: path.clone() })?;
        let slot = match &self.global.slot {
            Some(wanted) => find_slot(&status.slots, wanted)?,
            None => None,
        };
        let prompt = format!("Passphrase of {}", status.name);
        Ok(UnlockVaultRequest {
            path,
            slot,
            passphrase: self.secret(self.current.as_ref(), &prompt, "--passphrase-fd")?,
            accept_clock: self.global.accept_clock,
            accept_rollback: self.global.accept_rollback,
        })
    }

    /// A passphrase that does not exist yet: typed twice, or from its source. A new vault has no
    /// other, so that either source will do for it.
    pub(crate) fn new_passphrase(&self, of: &str, first: bool) -> Result<SecretString, Failure> {
        let source = match (&self.current, &self.new) {
            (Some(_), Some(_)) if first => {
                return Err(Failure::usage(
                    "Two sources are named for the first passphrase.",
                    "Give either --passphrase-… or --new-passphrase-…",
                ));
            }
            (current, None) if first => current.as_ref(),
            (_, new) => new.as_ref(),
        };
        self.twice(source, of, "--new-passphrase-fd")
    }

    /// A passphrase that is typed twice, because nothing else tells a slip.
    pub(crate) fn twice(
        &self,
        source: Option<&SecretSource>,
        of: &str,
        option: &str,
    ) -> Result<SecretString, Failure> {
        let passphrase = self.secret(source, of, option)?;
        if source.is_none() && self.secret(None, "The same again", option)? != passphrase {
            return Err(Failure::usage("The two do not match.", "Type the same passphrase twice."));
        }
        Ok(passphrase)
    }

    /// A passphrase from its source, or typed.
    pub(crate) fn secret(
        &self,
        source: Option<&SecretSource>,
        prompt: &str,
        option: &str,
    ) -> Result<SecretString, Failure> {
        if let Some(source) = source {
            return source.read();
        }
        let typed = if self.global.no_input {
            None
        } else {
            terminal::passphrase(prompt, &self.interrupt)?
        };
        typed.ok_or_else(|| {
            Failure::with_cure(
                ErrorCode::ReauthenticationNeeded,
                "A passphrase is needed, and nobody can be asked for it.",
                format!("Give it with {option} N or {}file FILE.", option.trim_end_matches("fd")),
            )
        })
    }

    /// Refuses, before anything else is done, what would have to be confirmed by nobody.
    pub(crate) fn can_confirm(&self, what: &str) -> Result<(), Failure> {
        if self.global.yes || (!self.global.no_input && terminal::is_there()) {
            return Ok(());
        }
        Err(Failure::usage(
            format!("{what} needs a confirmation, and nobody can be asked for it."),
            "Confirm it with --yes.",
        ))
    }

    /// Shows what is about to happen and asks; with `--yes` does neither.
    pub(crate) fn confirm(&self, text: &str) -> Result<(), Failure> {
        if self.global.yes || terminal::confirm(text, &self.interrupt)? {
            return Ok(());
        }
        Err(Failure::cancelled())
    }
}

/// Unlocks, and tells of what the user should know before anything else.
pub(crate) fn unlock(
    world: &World,
    request: &UnlockVaultRequest,
) -> Result<UnlockedSession, Failure> {
    let session = vault::unlock_vault(world, request, Source::Cli)?;
    tell(&vault::session_view(&session)?);
    Ok(session)
}

fn tell(view: &SessionView) {
    match view.failed_unlocks {
        0 => {}
        1 => note("One unlock failed since the last good one; see `keyreeve audit list`."),
        many => note(&format!(
            "{many} unlocks failed since the last good one; see `keyreeve audit list`."
        )),
    }
}

/// The slot that `wanted` names: its identifier or the beginning of it, its name, or a kind, which
/// is any slot of that kind.
pub(crate) fn find_slot(slots: &[SlotView], wanted: &str) -> Result<Option<String>, Failure> {
    if slots.iter().any(|slot| slot.kind == wanted) {
        return Ok(None);
    }
    let found: Vec<_> =
        slots.iter().filter(|slot| slot.id.starts_with(wanted) || slot.name == wanted).collect();
    match found.as_slice() {
        [slot] if !wanted.is_empty() => Ok(Some(slot.id.clone())),
        [] | [_] => Err(Failure::of(
            ErrorCode::NoSuchSlot,
            format!("The vault has no slot “{}”.", shown(wanted)),
        )),
        _ => Err(Failure::with_cure(
            ErrorCode::Ambiguous,
            format!("Several slots fit “{}”.", shown(wanted)),
            "Give more characters of the identifier.",
        )),
    }
}

/// At most 60 characters of what someone typed, for a message.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(id: &str, name: &str) -> SlotView {
        SlotView {
            id: id.into(),
            kind: "passphrase".into(),
            name: name.into(),
            role: "administrator".into(),
            created_at: String::new(),
            last_used_at: None,
        }
    }

    #[test]
    fn slots_are_found_by_identifier_beginning_name_and_kind() {
        let slots = [slot("ab12", "Mine"), slot("ab34", "Yours")];
        let found = |wanted| find_slot(&slots, wanted).map_err(|failure| failure.0.code);
        assert_eq!(found("ab12").unwrap(), Some("ab12".into()));
        assert_eq!(found("ab3").unwrap(), Some("ab34".into()));
        assert_eq!(found("Yours").unwrap(), Some("ab34".into()));
        assert_eq!(found("passphrase").unwrap(), None);
        assert_eq!(found("ab").unwrap_err(), ErrorCode::Ambiguous);
        assert_eq!(found("piv").unwrap_err(), ErrorCode::NoSuchSlot);
        assert!(found("").is_err());
        assert!(find_slot(&slots[..1], "").is_err());
    }
}
