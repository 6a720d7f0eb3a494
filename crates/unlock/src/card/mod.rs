//! Smartcards through PC/SC: any reader and any vendor's card.
//!
//! - [`service`]: the smartcard service, its readers, and what its errors mean.
//! - [`link`]: one card, spoken to without another program in between.
//! - [`piv`] and [`openpgp`]: the two applications that hold a decryption key.
//! - [`watch`]: tells when a reader or card comes or goes.
//! - [`guard`]: notices that one card is pulled.
//!
//! A PIN is sent to a card once, and only after the card was found to be the right one and to have
//! tries left. After a PIN was sent the card is reset, so that no other program inherits what the PIN
//! opened; a card that was only looked at is left as it was.

mod fields;
mod guard;
mod holder;
mod link;
mod openpgp;
mod piv;
mod service;
mod source;
mod watch;

use std::ffi::CString;

use keyreeve_domain::ports::{
    ApplicationInfo, CardApplication, CardError, CardReader, Cards, NewCardKey, PresentCard,
    choose_card,
};

pub use guard::CardGuard;
use link::{After, Link};
use service::Service;
pub use source::CardSource;
pub use watch::CardWatch;

/// The cards in this computer's readers.
#[derive(Debug, Clone, Copy, Default)]
pub struct PcscCards;

impl Cards for PcscCards {
    fn readers(&self) -> Result<Vec<CardReader>, CardError> {
        let service = Service::open()?;
        let states = service.states()?;
        let readers = states.iter().map(|state| look(&service, state)).collect();
        // What went wrong at the readers may have gone wrong at all of them at once.
        service.check()?;
        Ok(readers)
    }

    fn make_key(&self, new: &NewCardKey<'_>) -> Result<ApplicationInfo, CardError> {
        let is_it = |card: &ApplicationInfo| card.serial == new.serial;
        let readers = self.readers()?;
        let (reader, card) = choose_card(&readers, new.application, new.serial, is_it)?;
        card.check_pin()?;
        if card.key.is_some() {
            return Err(CardError::KeyExists { serial: card.serial.clone() });
        }
        let service = Service::open()?;
        let name = CString::new(reader.name.as_str()).map_err(|_nul| CardError::ReaderGone)?;
        let link = Link::open(&service, &name, After::Reset)?;
        let made = match new.application {
            CardApplication::Piv => piv::make(link, new)?,
            CardApplication::Openpgp => openpgp::make(link, new)?,
        };
        let readers = self.readers()?;
        let (_, card) = choose_card(&readers, new.application, new.serial, is_it)?;
        match &card.key {
            Some(shown) if *shown == made => Ok(card.clone()),
            _ => Err(CardError::Garbled { what: "the question which key it made" }),
        }
    }
}

/// A reader, and what is in it.
fn look(service: &Service, state: &service::ReaderState) -> CardReader {
    let card = || {
        let applications = applications(service, state)?;
        Ok(PresentCard { atr: state.atr.clone(), applications })
    };
    CardReader { name: state.name.to_string_lossy().into_owned(), card: state.present.then(card) }
}

/// The applications of a card. Another card's failure to answer one of them does not hide the other.
fn applications(
    service: &Service,
    state: &service::ReaderState,
) -> Result<Vec<ApplicationInfo>, CardError> {
    let mut found = Vec::new();
    let mut link = Link::open(service, &state.name, After::Leave)?;
    let mut failure = None;
    for looked in [piv::look(&mut link), openpgp::look(link)] {
        match looked {
            Ok(application) => found.extend(application),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    match failure {
        Some(error) if found.is_empty() => Err(error),
        _ => Ok(found),
    }
}
