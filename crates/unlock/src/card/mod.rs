//! Smartcards through PC/SC: any reader and any vendor's card.
//!
//! - [`attendant`]: who waits for a card, and may let go of it.
//! - [`service`]: the smartcard service, its readers, and what its errors mean.
//! - [`link`]: one card, spoken to without another program in between.
//! - [`pad`]: the reader's own keys, on which a PIN can be typed.
//! - [`piv`] and [`openpgp`]: the two applications that hold a decryption key.
//! - [`watch`]: tells when a reader or card comes or goes.
//! - [`guard`]: notices that one card is pulled.
//!
//! A PIN is sent to a card once, and only after the card was found to be the right one and to have
//! tries left. After a PIN was sent the card is reset, so that no other program inherits what the PIN
//! opened; a card that was only looked at is left as it was.

mod attendant;
mod fields;
mod guard;
mod holder;
mod link;
mod openpgp;
mod pad;
mod piv;
mod service;
mod source;
mod watch;

use std::ffi::CString;

use keyreeve_crypto::SecretString;
use keyreeve_domain::ports::{
    ApplicationInfo, CardApplication, CardError, CardKey, CardReader, Cards, NewCardKey,
    PresentCard, choose_card,
};

pub use attendant::Attendant;
use attendant::{AtWork, Attended};
pub use guard::CardGuard;
use link::{After, Link};
pub use pad::PadWatch;
use service::Service;
pub use source::CardSource;
pub use watch::CardWatch;

use crate::wait::NoAnswer;

/// The cards in this computer's readers.
#[derive(Clone, Default)]
pub struct PcscCards {
    attendant: Attendant,
}

impl PcscCards {
    /// Those cards, with someone in front of them.
    #[must_use]
    pub fn attended(attendant: Attendant) -> Self {
        Self { attendant }
    }
}

impl std::fmt::Debug for PcscCards {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PcscCards").finish_non_exhaustive()
    }
}

impl Cards for PcscCards {
    fn readers(&self) -> Result<Vec<CardReader>, CardError> {
        let service = Service::open()?;
        let states = service.states()?;
        let readers = states.iter().map(|state| look(&service, state)).collect();
        // What went wrong at the readers may have gone wrong at all of them at once.
        service.check()?;
        Ok(readers)
    }

    fn make_key(&self, new: &NewCardKey<'_>) -> Result<(String, ApplicationInfo), CardError> {
        let is_it = |card: &ApplicationInfo| card.serial == new.serial;
        let readers = self.readers()?;
        let (reader, card) = choose_card(&readers, new.application, new.serial, is_it)?;
        card.check_pin()?;
        if card.key.is_some() {
            return Err(CardError::KeyExists { serial: card.serial.clone() });
        }
        let name = CString::new(reader.name.as_str()).map_err(|_nul| CardError::ReaderGone)?;
        let (application, kind, serial) = (new.application, new.kind, new.serial.to_owned());
        let (pin, authority) = (owned(new.pin), owned(new.authority));
        let made = self.attendant.attend(move |attended| {
            let (pin, authority) = (&pin, &authority);
            let new = NewCardKey { application, serial: &serial, kind, pin, authority };
            make_key_in(&name, attended, &new)
        });
        match made {
            Ok(made) => self.shown(new, &made?).map_err(|then| unfinished(new, then)),
            Err(NoAnswer::LetGo { goes_through: true }) => Err(unfinished(new, CardError::LetGo)),
            Err(no_answer) => Err(attendant::none(no_answer)),
        }
    }
}

impl PcscCards {
    /// What a card says of itself once it has made a key.
    fn shown(
        &self,
        new: &NewCardKey<'_>,
        made: &CardKey,
    ) -> Result<(String, ApplicationInfo), CardError> {
        let readers = self.readers()?;
        let is_it = |card: &ApplicationInfo| card.serial == new.serial;
        let (reader, card) = choose_card(&readers, new.application, new.serial, is_it)?;
        match &card.key {
            Some(shown) if shown == made => Ok((reader.name.clone(), card.clone())),
            _ => Err(CardError::Garbled { what: "the question which key it made" }),
        }
    }
}

/// Lets the card in a reader make a key.
fn make_key_in(
    reader: &CString,
    attended: Attended,
    new: &NewCardKey<'_>,
) -> Result<CardKey, CardError> {
    let _at_work = AtWork::at(reader, &attended.let_go);
    let service = Service::open()?.attended(attended);
    let link = Link::open(&service, reader, After::Reset)?;
    match new.application {
        CardApplication::Piv => piv::make(link, new),
        CardApplication::Openpgp => openpgp::make(link, new),
    }
}

/// The same secret, for a thread that may outlast whoever gave it.
fn owned(secret: &SecretString) -> SecretString {
    // EXPOSE: into a value that is wiped as well.
    SecretString::new(secret.expose().to_owned())
}

/// What it means that something goes wrong once a card has made its key.
fn unfinished(new: &NewCardKey<'_>, then: CardError) -> CardError {
    CardError::KeyUnfinished { serial: new.serial.into(), then: Box::new(then) }
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
    attendant::require_free(&state.name)?;
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
