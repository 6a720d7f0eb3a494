//! Smartcards: what is in the readers.

use keyreeve_domain::ports::{ApplicationInfo, CardReader, Cards};

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
