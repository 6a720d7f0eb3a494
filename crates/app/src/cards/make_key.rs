//! Lets a card make a key.

use keyreeve_domain::audit::{Action, ObjectKind};
use keyreeve_domain::ports::{CardError, CardKeyKind, Cards, NewCardKey};

use crate::api::{ErrorCode, MakeCardKeyRequest, MakeCardKeyResponse};
use crate::cards::awaited::application_of;
use crate::cards::view::application_view;
use crate::error::Error;
use crate::session::{Fresh, UnlockedSession};

/// Lets a card make a key in its empty place for one, and logs that. It becomes a way in when it is added as
/// one, as any key on a card. The log's turn is taken first: where it is busy or refused, no key is made.
///
/// # Errors
/// When the session's slot is no administrator's, the log is busy, or the card is absent, refuses, or holds a
/// key already. [`ErrorCode::CardKeyUnfinished`] says that the key was made, which is logged, and what failed then;
/// [`ErrorCode::SlotNotLogged`] that the key was made and the log could not tell of it.
pub fn make_card_key(
    session: &UnlockedSession,
    cards: &dyn Cards,
    request: &MakeCardKeyRequest,
    _proof: &Fresh,
) -> Result<MakeCardKeyResponse, Error> {
    session.may_administer()?;
    let application = application_of(&request.application)?;
    let kind = CardKeyKind::named(&request.kind)
        .ok_or_else(|| Error::invalid("there is no such kind of key for a card"))?;
    let mut write = session.write()?;
    let made = cards.make_key(&NewCardKey {
        application,
        serial: &request.serial,
        kind,
        pin: &request.pin,
        authority: &request.authority,
    });
    let made = match made {
        // The key is there all the same.
        Ok(_) | Err(CardError::KeyUnfinished { .. }) => made,
        Err(error) => return Err(error.into()),
    };
    let vault = session.vault_id().to_string();
    let mut draft = write.draft(Action::CardMakeKey, ObjectKind::Vault, vault);
    draft.details.insert("application".into(), application.name().into());
    draft.details.insert("card".into(), request.serial.clone());
    draft.details.insert("algorithm".into(), kind.name().into());
    let logged = write.tx.append(draft).map_err(Error::from).and_then(|seq| {
        write.commit()?;
        Ok(seq)
    });
    let audit_seq = logged.map_err(|error| {
        let message =
            format!("the card {} made a key, but the log could not tell of it", request.serial);
        Error::caused(ErrorCode::SlotNotLogged, message, error)
    })?;
    let (reader, card) = made?;
    let card = application_view(&reader, &card);
    Ok(MakeCardKeyResponse { card, audit_seq })
}
