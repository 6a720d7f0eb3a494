//! Finds the card whose PIN is to be asked for.

use keyreeve_domain::ports::{ApplicationInfo, CardApplication, Cards, choose_card};

use crate::api::CardApplicationView;
use crate::cards::view::application_view;
use crate::error::Error;

/// The card whose PIN is to be asked for: the one with this serial number, or the only one.
///
/// # Errors
/// What stands in the way: no service, no reader, no card, another card, several, a blocked PIN.
pub fn awaited_card(
    cards: &dyn Cards,
    application: &str,
    serial: Option<&str>,
) -> Result<CardApplicationView, Error> {
    let application = application_of(application)?;
    let readers = cards.readers()?;
    let fits = |card: &ApplicationInfo| serial.is_none_or(|serial| card.serial == serial);
    let (reader, card) = choose_card(&readers, application, serial.unwrap_or("wanted"), fits)?;
    card.check_pin()?;
    Ok(application_view(&reader.name, card))
}

pub(crate) fn application_of(name: &str) -> Result<CardApplication, Error> {
    let known = [CardApplication::Piv, CardApplication::Openpgp];
    let found = known.into_iter().find(|application| application.name() == name);
    found.ok_or_else(|| Error::invalid("there is no such application on a card"))
}
