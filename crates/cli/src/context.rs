//! What a command works with: the options, the vault, the user.

use keyreeve_app::api::{
    CardApplicationView, Credentials, ErrorCode, SessionView, SlotView, UnlockVaultRequest,
    VaultPathRequest, VaultStatus,
};
use keyreeve_app::cards::awaited_card;
use keyreeve_app::{UnlockedSession, World, vault};
use keyreeve_crypto::SecretString;
use keyreeve_domain::audit::Source;

use crate::args::GlobalArgs;
use crate::failure::Failure;
use crate::output::note;
use crate::pad;
use crate::progress::{Interrupt, Line};
use crate::secrets::{SecretSource, refuse_shared};
use crate::terminal;
use crate::touch::TouchHint;

/// What is to be done once a vault was opened with shares or a code.
const AFTER_RECOVERY: &str = "The vault was opened with recovery. Give it a passphrase that you know (`keyreeve slot change SLOT`), \
     then make new sheets in the place of those that were taken out (`keyreeve slot add recovery --replaces SLOT`).";
/// Why the log says that the vault was locked.
const DONE: &str = "done";
/// The kind of slot that most vaults have.
const PASSPHRASE: &str = "passphrase";

/// The options, the vault and the user.
pub(crate) struct Context {
    pub(crate) global: GlobalArgs,
    pub(crate) interrupt: Interrupt,
    current: Option<SecretSource>,
    new: Option<SecretSource>,
    pin: Option<SecretSource>,
    recovery: Option<SecretSource>,
}

/// What `--slot` names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// One slot, by its identifier.
    Slot(String),
    /// Any slot of this kind.
    Kind(String),
}

impl Context {
    /// # Errors
    /// When the passphrases' sources contradict each other.
    pub(crate) fn new(global: GlobalArgs, interrupt: Interrupt) -> Result<Self, Failure> {
        let (current, new) = (global.passphrases.current()?, global.passphrases.fresh()?);
        let (pin, recovery) = (global.passphrases.pin()?, global.passphrases.recovery()?);
        let sources = [current.as_ref(), new.as_ref(), pin.as_ref(), recovery.as_ref()];
        refuse_shared(&sources)?;
        Ok(Self { global, interrupt, current, new, pin, recovery })
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

    /// Refuses sources that are one, or that already give the vault's passphrase.
    pub(crate) fn refuse_shared<'a>(
        &'a self,
        others: impl IntoIterator<Item = &'a SecretSource>,
    ) -> Result<(), Failure> {
        let own = [&self.current, &self.pin, &self.recovery].map(Option::as_ref);
        let all: Vec<_> = own.into_iter().chain(others.into_iter().map(Some)).collect();
        refuse_shared(&all)
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
        if session.was_recovered() {
            note(AFTER_RECOVERY);
        }
        if let Err(error) = vault::lock_vault(session, DONE) {
            // What was asked for is done or refused, and the keys are wiped: only the log lacks a line.
            note(&format!("The lock could not be logged: {error}."));
        }
        outcome
    }

    /// What unlocks the vault: what the slot asks for is asked for where no source is named.
    pub(crate) fn unlock_request(&self, world: &World) -> Result<UnlockVaultRequest, Failure> {
        let status = self.status(world)?;
        let wanted = match &self.global.slot {
            Some(wanted) => Some(find_slot(&status.slots, wanted)?),
            None => None,
        };
        self.request_for(&status, wanted)
    }

    /// What unlocks the vault while the source of a PIN is kept for a card that becomes a slot.
    pub(crate) fn unlock_request_without_card(
        &self,
        world: &World,
    ) -> Result<UnlockVaultRequest, Failure> {
        let status = self.status(world)?;
        let wanted = match &self.global.slot {
            Some(wanted) => Some(find_slot(&status.slots, wanted)?),
            None => Some(Wanted::Kind(PASSPHRASE.into())),
        };
        self.request_for(&status, wanted)
    }

    /// A card's PIN: how many tries it has left is said before it is asked for. Empty where it is typed on the
    /// reader.
    pub(crate) fn pin_of(&self, card: &CardApplicationView) -> Result<SecretString, Failure> {
        if self.is_on_pad(card, self.pin.as_ref()) {
            return Ok(on_pad());
        }
        let tries = tries(card.tries_left);
        let pin = self.secret(
            self.pin.as_ref(),
            &format!("PIN of the card {}{tries}", card.serial),
            "--pin-fd",
        )?;
        let pin = typed(pin, ErrorCode::PinLength)?;
        if card.touch {
            note("Touch the card when it blinks.");
        }
        Ok(pin)
    }

    /// Whether a PIN that no source is named for is typed on the PIN pad of the card's reader.
    pub(crate) fn is_on_pad(
        &self,
        card: &CardApplicationView,
        source: Option<&SecretSource>,
    ) -> bool {
        let may_ask = !self.global.no_input && !self.global.no_pin_pad;
        source.is_none() && card.pin_pad.is_some() && may_ask
    }

    /// What unlocks the vault with this very slot.
    pub(crate) fn unlock_request_with(
        &self,
        world: &World,
        slot: &SlotView,
    ) -> Result<UnlockVaultRequest, Failure> {
        self.request_for(&self.status(world)?, Some(Wanted::Slot(slot.id.clone())))
    }

    /// What the header says, before anyone types a secret in vain.
    fn status(&self, world: &World) -> Result<VaultStatus, Failure> {
        let path = self.vault()?.to_owned();
        Ok(vault::vault_status(world, &VaultPathRequest { path })?)
    }

    fn request_for(
        &self,
        status: &VaultStatus,
        wanted: Option<Wanted>,
    ) -> Result<UnlockVaultRequest, Failure> {
        let credentials = self.credentials(status, wanted.as_ref())?;
        let (slot, kind) = match wanted {
            Some(Wanted::Slot(id)) => (Some(id), None),
            Some(Wanted::Kind(kind)) => (None, Some(kind)),
            None => (None, None),
        };
        Ok(UnlockVaultRequest {
            path: status.path.clone(),
            slot,
            kind,
            credentials,
            accept_clock: self.global.accept_clock,
            accept_rollback: self.global.accept_rollback,
        })
    }

    /// What the wanted slot asks for. Where none is named, the sources that are named decide, and
    /// then a passphrase where one opens the vault at all.
    fn credentials(
        &self,
        status: &VaultStatus,
        wanted: Option<&Wanted>,
    ) -> Result<Credentials, Failure> {
        let asked = match wanted {
            Some(Wanted::Slot(id)) => status.slots.iter().find(|slot| slot.id == *id),
            Some(Wanted::Kind(kind)) => status.slots.iter().find(|slot| slot.kind == *kind),
            None if self.current.is_some() || self.pin.is_some() || self.recovery.is_some() => None,
            None => {
                let passphrase = status.slots.iter().find(|slot| slot.kind == PASSPHRASE);
                passphrase.or_else(|| status.slots.first())
            }
        };
        let mut shown = Credentials::default();
        let Some(slot) = asked else {
            shown.passphrase = self.current.as_ref().map(SecretSource::read).transpose()?;
            let pin = self.pin.as_ref().map(SecretSource::read).transpose()?;
            shown.pin = pin.map(|pin| typed(pin, ErrorCode::PinLength)).transpose()?;
            shown.recovery = self.recovery.as_ref().map_or(Ok(Vec::new()), |s| s.read_lines())?;
            return Ok(shown);
        };
        for part in &slot.parts {
            match part.kind.as_str() {
                PASSPHRASE => {
                    let prompt = format!("Passphrase of {}", status.name);
                    let passphrase =
                        self.secret(self.current.as_ref(), &prompt, "--passphrase-fd")?;
                    shown.passphrase = Some(passphrase);
                }
                "os_keyring" => shown.keyring = true,
                "recovery" => shown.recovery = self.recovery_texts(part.threshold)?,
                kind => {
                    let application = if kind == "piv_card" { "piv" } else { "openpgp" };
                    // No PIN is asked for that no card is there to take.
                    let card = awaited_card(&pad::cards(), application, part.serial.as_deref())?;
                    shown.pin = Some(self.pin_of(&card)?);
                    shown.card.clone_from(&part.serial);
                }
            }
        }
        Ok(shown)
    }

    /// As many shares as are needed, or the one code.
    fn recovery_texts(&self, threshold: Option<u8>) -> Result<Vec<SecretString>, Failure> {
        if let Some(source) = &self.recovery {
            return source.read_lines();
        }
        let Some(threshold) = threshold else {
            return Ok(vec![self.secret(None, "Recovery code", "--recovery-fd")?]);
        };
        (1..=threshold)
            .map(|which| {
                let prompt = format!("Recovery share {which} of {threshold}, in any order");
                self.secret(None, &prompt, "--recovery-fd")
            })
            .collect()
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
                "A passphrase, PIN or recovery share is needed, and nobody can be asked for it.",
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

/// What says that a PIN is typed on the reader.
pub(crate) fn on_pad() -> SecretString {
    SecretString::new(String::new())
}

/// A PIN that was given here: an empty one would say that it is typed on the reader.
pub(crate) fn typed(pin: SecretString, code: ErrorCode) -> Result<SecretString, Failure> {
    if pin.is_empty() {
        return Err(Failure::of(code, "The PIN is empty; nothing was sent to the card."));
    }
    Ok(pin)
}

/// How many tries a PIN has left, after its prompt.
pub(crate) fn tries(left: Option<u8>) -> String {
    match left {
        None => String::new(),
        Some(1) => " (one try left)".into(),
        Some(left) => format!(" ({left} tries left)"),
    }
}

/// Unlocks, and tells of what the user should know before anything else.
pub(crate) fn unlock(
    world: &World,
    request: &UnlockVaultRequest,
) -> Result<UnlockedSession, Failure> {
    let hint = TouchHint::after(request.credentials.pin.as_ref());
    let session = vault::unlock_vault(world, request, Source::Cli)?;
    drop(hint);
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

/// What `wanted` names: a slot by its identifier or the beginning of it or its name, or a kind, with
/// dashes or as it is stored.
pub(crate) fn find_slot(slots: &[SlotView], wanted: &str) -> Result<Wanted, Failure> {
    let kind = wanted.replace('-', "_");
    if slots.iter().any(|slot| slot.kind == kind) {
        return Ok(Wanted::Kind(kind));
    }
    let found: Vec<_> =
        slots.iter().filter(|slot| slot.id.starts_with(wanted) || slot.name == wanted).collect();
    match found.as_slice() {
        [slot] if !wanted.is_empty() => Ok(Wanted::Slot(slot.id.clone())),
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
            kind: "os_keyring".into(),
            parts: Vec::new(),
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
        assert_eq!(found("ab12").unwrap(), Wanted::Slot("ab12".into()));
        assert_eq!(found("ab3").unwrap(), Wanted::Slot("ab34".into()));
        assert_eq!(found("Yours").unwrap(), Wanted::Slot("ab34".into()));
        assert_eq!(found("os_keyring").unwrap(), Wanted::Kind("os_keyring".into()));
        assert_eq!(found("os-keyring").unwrap(), Wanted::Kind("os_keyring".into()));
        assert_eq!(found("ab").unwrap_err(), ErrorCode::Ambiguous);
        assert_eq!(found("piv").unwrap_err(), ErrorCode::NoSuchSlot);
        assert!(found("").is_err());
        assert!(find_slot(&slots[..1], "").is_err());
    }
}
