//! A card that becomes a way in, and the key that it may make for it first.

use clap::Args;
use keyreeve_app::api::{CardApplicationView, Credentials, ErrorCode, MakeCardKeyRequest};
use keyreeve_app::cards::make_card_key;
use keyreeve_app::{Fresh, UnlockedSession};
use keyreeve_crypto::SecretString;

use super::NewSlotArgs;
use crate::context::{Context, on_pad, typed};
use crate::failure::Failure;
use crate::output::note;
use crate::pad;
use crate::secrets::CardAuthorityArgs;

/// Adds a card. Unless it is to make a key, nothing on it is changed.
#[derive(Debug, Args)]
pub(crate) struct AddCardArgs {
    #[command(flatten)]
    pub(super) new: NewSlotArgs,
    #[command(flatten)]
    pub(super) card: CardArgs,
}

/// Which card, and whether it is to make a key.
#[derive(Debug, Default, Args)]
pub(crate) struct CardArgs {
    /// The card's serial number, where several are in readers; `keyreeve card list` shows them
    #[arg(long = "card", value_name = "SERIAL")]
    pub(super) serial: Option<String>,
    /// Lets the card make a key of this kind first, where it has none; such a key has no copy anywhere
    #[arg(
        long,
        value_name = "KIND",
        value_parser = ["x25519", "p256", "p384", "p521", "rsa-2048", "rsa-3072", "rsa-4096"]
    )]
    pub(super) make_key: Option<String>,
    #[command(flatten)]
    pub(super) authority: CardAuthorityArgs,
}

impl CardArgs {
    /// Refuses a key that no card is to make.
    pub(super) fn refuse_without_card(&self) -> Result<(), Failure> {
        match &self.make_key {
            None => Ok(()),
            Some(_) => Err(Failure::usage(
                "None of the parts is a card that could make a key.",
                "Name `piv` or `openpgp-card` among them, or leave out --make-key.",
            )),
        }
    }

    /// Refuses, before anything is asked, what the card cannot make; and asks whether it may.
    pub(super) fn check(
        &self,
        context: &Context,
        card: &CardApplicationView,
    ) -> Result<(), Failure> {
        let Some(kind) = &self.make_key else { return Ok(()) };
        if card.key.is_some() {
            return Err(Failure::of(
                ErrorCode::CardKeyExists,
                format!(
                    "The card {} has a key there already, and none is ever overwritten.",
                    card.serial
                ),
            ));
        }
        if !card.makes.contains(kind) {
            let makes = match card.makes.as_slice() {
                [] => "none that could unlock a vault, or does not show that its place is empty"
                    .into(),
                kinds => kinds.join(", "),
            };
            return Err(Failure::with_cure(
                ErrorCode::CardKeyUnsupported,
                format!("The card {} makes no key of the kind {kind}.", card.serial),
                format!("It makes {makes}."),
            ));
        }
        context.can_confirm("Making a key on a card")?;
        context.confirm(&format!(
            "The card {} makes a {kind} key. It cannot be copied off the card, and no backup holds it:\n\
             keep another way in, for the day on which the card is lost or broken.",
            card.serial
        ))
    }

    /// Lets the card make the key. What it needs beside the PIN is asked for once it is known how many tries
    /// that has.
    pub(super) fn make_key(
        &self,
        context: &Context,
        session: &UnlockedSession,
        card: &CardApplicationView,
        pin: &SecretString,
        proof: &Fresh,
    ) -> Result<(), Failure> {
        let Some(kind) = &self.make_key else { return Ok(()) };
        let authority = self.authority_of(context, card)?;
        note("The card makes its key; RSA takes it up to some minutes. If it blinks, touch it.");
        let request = MakeCardKeyRequest {
            application: card.application.clone(),
            serial: card.serial.clone(),
            kind: kind.clone(),
            // EXPOSE: the same PIN then opens the new slot once.
            pin: SecretString::new(pin.expose().to_owned()),
            authority,
            proof: Credentials::default(),
        };
        make_card_key(session, &pad::cards(), &request, proof)?;
        Ok(())
    }

    /// What lets one change the card.
    fn authority_of(
        &self,
        context: &Context,
        card: &CardApplicationView,
    ) -> Result<SecretString, Failure> {
        if card.application == "piv" {
            let prompt = format!(
                "Management key of the card {} (empty: the one that it keeps under its PIN, or cards come with)",
                card.serial
            );
            let source = self.authority.management_key()?;
            context.refuse_shared(source.as_ref())?;
            return context.secret(source.as_ref(), &prompt, "--management-key-fd");
        }
        let source = self.authority.admin_pin()?;
        if context.is_on_pad(card, source.as_ref()) {
            return Ok(on_pad());
        }
        context.refuse_shared(source.as_ref())?;
        let tries = super::tries(card.admin_tries_left);
        let prompt = format!("Admin PIN of the card {}{tries}", card.serial);
        let pin = context.secret(source.as_ref(), &prompt, "--admin-pin-fd")?;
        typed(pin, ErrorCode::AdminPinWrong)
    }
}
