//! Smartcards: what is in the readers.

use keyreeve_domain::ports::{
    ApplicationInfo, CardApplication, CardError, CardReader, Cards, choose_card,
};

use crate::api::{CardApplicationView, CardListResponse, CardReaderView, CardView};
use crate::error::Error;

/// Every reader and what is in it. No vault is needed, no PIN asked, and nothing changed on a card.
///
/// # Errors
/// When there is no smartcard service. What is wrong with one card is said at its reader.
pub fn list_cards(cards: &dyn Cards) -> Result<CardListResponse, Error> {
    let readers = cards.readers()?.into_iter().map(reader_view).collect();
    Ok(CardListResponse { readers })
}

/// The card whose PIN is to be asked for: the one with this serial number, or the only one.
///
/// # Errors
/// What stands in the way: no service, no reader, no card, another card, several, a blocked PIN.
pub fn awaited_card(
    cards: &dyn Cards,
    application: &str,
    serial: Option<&str>,
) -> Result<CardApplicationView, Error> {
    let application = match application {
        "piv" => CardApplication::Piv,
        "openpgp" => CardApplication::Openpgp,
        _ => return Err(Error::invalid("there is no such application on a card")),
    };
    let readers = cards.readers()?;
    let fits = |card: &ApplicationInfo| serial.is_none_or(|serial| card.serial == serial);
    let (_, card) = choose_card(&readers, application, serial.unwrap_or("wanted"), fits)?;
    if card.tries_left == Some(0) {
        return Err(CardError::PinBlocked.into());
    }
    Ok(application_view(card))
}

fn reader_view(reader: CardReader) -> CardReaderView {
    let mut view = CardReaderView { name: reader.name, card: None, problem: None };
    match reader.card {
        None => {}
        Some(Ok(card)) => {
            let applications = card.applications.iter().map(application_view).collect();
            let atr = card.atr.iter().map(|byte| format!("{byte:02x}")).collect();
            view.card = Some(CardView { atr, applications });
        }
        Some(Err(error)) => view.problem = Some(Error::from(error).view()),
    }
    view
}

fn application_view(info: &ApplicationInfo) -> CardApplicationView {
    CardApplicationView {
        application: info.application.name().into(),
        serial: info.serial.clone(),
        tries_left: info.tries_left,
        key: info.key.as_ref().map(|key| key.algorithm.clone()),
        usable: info.key.as_ref().is_some_and(|key| !key.public_key.is_empty()),
        touch: info.touch,
    }
}
