//! One card, spoken to in transactions that no other program comes in between of.

use std::ffi::CString;
use std::sync::{Arc, Mutex, PoisonError};

use card_backend::{CardBackend, CardCaps, CardTransaction, PinType, SmartcardError};
use iso7816::command::CommandBuilder;
use iso7816::command::class::ZERO_CLA;
use keyreeve_domain::ports::{CardError, PadPin};
use pcsc::{Card, Disposition, Error as Pcsc, Transaction};
use zeroize::Zeroizing;

use super::openpgp::{ADMIN_PIN_MIN, PIN_MIN};
use super::pad::{Entry, Pad, VERIFY, refusal};
use super::service::{PadWaits, Service};

/// The longest answer to one command, with its status.
const LONGEST: usize = 65_538;
/// No answer is put together of more pieces: 256 bytes each, far beyond any certificate.
const MOST_PIECES: usize = 64;

/// What is done with a card when its link ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// It stays as it is, under the hands of other programs.
    Leave,
    /// It is reset, and forgets that a PIN was given.
    Reset,
}

/// How a link ends.
struct Ending {
    after: After,
    /// The card was reset already, and was not given anything since.
    is_reset: bool,
}

impl Ending {
    fn with(after: After) -> Self {
        Self { after, is_reset: false }
    }

    /// Ends what no other program came in between of. A card that has to be reset, because `gave_pin`, is reset
    /// before one can. A card that is gone cannot end it, and the last command has said so.
    fn end(&mut self, transaction: Transaction<'_>, gave_pin: bool) {
        let resets = gave_pin && self.after == After::Reset;
        let ended = transaction.end(disposition(resets));
        self.is_reset = resets && ended.is_ok();
    }

    fn let_go(&self, card: Option<Card>) {
        let resets = self.after == After::Reset && !self.is_reset;
        // Where this fails the card is gone, and with it what it knew.
        _ = card.map(|card| card.disconnect(disposition(resets)));
    }
}

fn disposition(resets: bool) -> Disposition {
    if resets { Disposition::ResetCard } else { Disposition::LeaveCard }
}

/// A card.
pub struct Link<'a> {
    service: &'a Service,
    reader: CString,
    card: Option<Card>,
    ending: Ending,
    failure: Failure,
}

/// What is behind an error that only says that there was one.
#[derive(Clone, Default)]
struct Failure(Arc<Mutex<Option<Cause>>>);

/// It.
enum Cause {
    /// The service's error.
    Service(Pcsc),
    /// The service's error while a PIN pad was at work.
    AtThePad(Pcsc),
    /// What a PIN pad said.
    Pad(CardError),
}

impl Failure {
    fn keep(&self, cause: Cause) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause);
    }

    fn take(&self) -> Option<Cause> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A card's answer.
pub struct Answer {
    /// What it says; it may be secret.
    pub data: Zeroizing<Vec<u8>>,
    /// The status word.
    pub status: u16,
}

impl Answer {
    /// Whether it is an answer and no refusal.
    pub fn is_ok(&self) -> bool {
        self.status == 0x9000
    }
}

impl<'a> Link<'a> {
    /// Connects to the card in a reader.
    pub fn open(service: &'a Service, reader: &CString, after: After) -> Result<Self, CardError> {
        let card = service.connect(reader)?;
        let reader = reader.clone();
        let (card, ending) = (Some(card), Ending::with(after));
        Ok(Self { service, reader, card, ending, failure: Failure::default() })
    }

    /// Talks to the card without another program in between.
    pub fn talk<T>(
        &mut self,
        talk: impl FnOnce(&Talk<'_>) -> Result<T, CardError>,
    ) -> Result<T, CardError> {
        let (service, reader) = (self.service, &self.reader);
        let card = self.card.as_mut().ok_or(CardError::Removed)?;
        let transaction = begin(card).map_err(|error| service.explain(reader, error))?;
        let talk_to = Talk { service, reader, transaction };
        let outcome = talk(&talk_to);
        self.ending.end(talk_to.transaction, true);
        outcome
    }

    /// Takes the card for the crate that speaks to OpenPGP cards. What its errors hide is asked of
    /// the second value. Only with `long` data can a card that does not take it in pieces be given more
    /// than 255 bytes.
    pub fn into_backend(mut self, long: bool) -> (Box<dyn CardBackend + Send + Sync>, Explain<'a>) {
        let (ending, failure) = (Ending::with(self.ending.after), self.failure.clone());
        let backend = Backend { card: self.card.take(), ending, long, failure };
        let explain = Explain {
            service: self.service,
            reader: self.reader.clone(),
            failure: self.failure.clone(),
        };
        (Box::new(backend), explain)
    }
}

impl Drop for Link<'_> {
    fn drop(&mut self) {
        self.ending.let_go(self.card.take());
    }
}

/// Begins a transaction. That another program reset the card since it was connected loses nothing:
/// no PIN was given yet.
fn begin(card: &mut Card) -> Result<Transaction<'_>, Pcsc> {
    match card.transaction2() {
        Ok(transaction) => Ok(transaction),
        Err((card, Pcsc::ResetCard)) => {
            card.reconnect(pcsc::ShareMode::Shared, pcsc::Protocols::ANY, Disposition::LeaveCard)?;
            card.transaction()
        }
        Err((_, error)) => Err(error),
    }
}

/// A conversation with a card.
pub struct Talk<'a> {
    service: &'a Service,
    reader: &'a CString,
    transaction: Transaction<'a>,
}

impl Talk<'_> {
    /// Sends a command that is answered with data, and puts the answer together.
    pub fn ask(&self, instruction: u8, p1: u8, p2: u8, data: &[u8]) -> Result<Answer, CardError> {
        let mut answer = self.send([instruction, p1, p2], data, 256)?;
        let mut whole = std::mem::take(&mut answer.data);
        for _ in 0..MOST_PIECES {
            let [kind, length] = answer.status.to_be_bytes();
            if kind != 0x61 {
                return Ok(Answer { data: whole, status: answer.status });
            }
            answer = self.exchange(&[0, 0xC0, 0, 0, length])?;
            whole.extend_from_slice(&answer.data);
        }
        Err(CardError::Garbled { what: "a command" })
    }

    /// Sends a command that is answered with a status alone, and gives the status.
    pub fn tell(&self, instruction: u8, p1: u8, p2: u8, data: &[u8]) -> Result<u16, CardError> {
        Ok(self.send([instruction, p1, p2], data, 0)?.status)
    }

    /// The PIN pad of the card's reader, if it can take such a PIN.
    pub fn pad(&self, entry: Entry) -> Option<Pad> {
        Pad::of(&self.transaction).filter(|pad| pad.takes(entry))
    }

    /// Lets the PIN be typed on the reader's PIN pad, and gives the status with which the card answered it.
    pub fn tell_on_pad(&self, entry: Entry, tries_left: Option<u8>) -> Result<u16, CardError> {
        let pad = self.pad(entry).ok_or_else(|| no_pad(self.reader))?;
        let waits = self.service.pad_waits(self.reader, PadPin::User, tries_left);
        let status = pad.verify(&self.transaction, entry);
        drop(waits);
        // It may have been the right one: the card is reset with it.
        self.service.require_wanted()?;
        let status = status.map_err(|error| self.service.explain_pad(self.reader, error))?;
        refusal(status).map_or(Ok(status), Err)
    }

    /// Refuses to go on with what was let go of.
    pub fn require_wanted(&self) -> Result<(), CardError> {
        self.service.require_wanted()
    }

    /// Begins what is done to its end whoever lets go, where nobody has.
    pub fn go_through(&self) -> Result<(), CardError> {
        self.service.go_through()
    }

    /// Data beyond 255 bytes goes in chained commands, which every card knows.
    fn send(&self, [ins, p1, p2]: [u8; 3], data: &[u8], le: u16) -> Result<Answer, CardError> {
        let mut answer = Answer { data: Zeroizing::default(), status: 0 };
        for piece in CommandBuilder::new_non_extended(ZERO_CLA, ins.into(), p1, p2, data, le, None)
        {
            let mut command = Zeroizing::new(piece.serialize_to_vec());
            answer = self.exchange(&command)?;
            if let [0x6C, exact] = answer.status.to_be_bytes()
                && let Some(length) = command.last_mut()
                && le > 0
            {
                // It says how much it would have answered.
                *length = exact;
                answer = self.exchange(&command)?;
            }
            if !answer.is_ok() {
                break;
            }
        }
        Ok(answer)
    }

    fn exchange(&self, command: &[u8]) -> Result<Answer, CardError> {
        let mut buffer = Zeroizing::new(vec![0; LONGEST]);
        let answer = self
            .transaction
            .transmit(command, &mut buffer)
            .map_err(|error| self.service.explain(self.reader, error))?;
        match answer {
            [data @ .., high, low] => Ok(Answer {
                data: Zeroizing::new(data.to_vec()),
                status: u16::from_be_bytes([*high, *low]),
            }),
            // Not even a status: something in between gave up.
            _ => Err(self.service.explain(self.reader, Pcsc::CommError)),
        }
    }
}

/// Explains what the crate for OpenPGP cards knows only as words.
pub struct Explain<'a> {
    service: &'a Service,
    reader: CString,
    failure: Failure,
}

impl Explain<'_> {
    /// What happened, if it happened between here and the card.
    pub fn failure(&self) -> Option<CardError> {
        self.failure.take().map(|cause| match cause {
            Cause::Service(error) => self.service.explain(&self.reader, error),
            Cause::AtThePad(error) => self.service.explain_pad(&self.reader, error),
            Cause::Pad(said) => said,
        })
    }

    /// Refuses to go on with what was let go of.
    pub fn require_wanted(&self) -> Result<(), CardError> {
        self.service.require_wanted()
    }

    /// Begins what is done to its end whoever lets go, where nobody has.
    pub fn go_through(&self) -> Result<(), CardError> {
        self.service.go_through()
    }

    /// Tells that the reader's PIN pad waits.
    pub fn pad_waits(&self, pin: PadPin, tries_left: Option<u8>) -> PadWaits<'_> {
        self.service.pad_waits(&self.reader, pin, tries_left)
    }

    /// What it means that a PIN was to be typed on the reader, and cannot be.
    pub fn no_pad(&self) -> CardError {
        no_pad(&self.reader)
    }
}

fn no_pad(reader: &CString) -> CardError {
    CardError::NoPad { reader: reader.to_string_lossy().into_owned() }
}

/// A card, for the crate that speaks to OpenPGP cards.
struct Backend {
    card: Option<Card>,
    ending: Ending,
    long: bool,
    failure: Failure,
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.ending.let_go(self.card.take());
    }
}

impl CardBackend for Backend {
    fn limit_card_caps(&self, card_caps: CardCaps) -> CardCaps {
        // Chained commands and answers in pieces work with every reader; extended ones do not.
        CardCaps::new(
            self.long && !card_caps.chaining_support() && card_caps.ext_support(),
            card_caps.chaining_support(),
            card_caps.max_cmd_bytes(),
            card_caps.max_rsp_bytes(),
            card_caps.pw1_max_len(),
            card_caps.pw3_max_len(),
        )
    }

    fn transaction(
        &mut self,
        reselect_application: Option<&[u8]>,
    ) -> Result<Box<dyn CardTransaction + Send + Sync + '_>, SmartcardError> {
        let card = self.card.as_mut().ok_or(SmartcardError::NoReaderFoundError)?;
        let transaction = begin(card).map_err(|error| note(&self.failure, error))?;
        let (ending, failure) = (&mut self.ending, self.failure.clone());
        let transaction = Some(transaction);
        let mut exchange = Exchange { transaction, gave_pin: false, ending, failure };
        if let Some(application) = reselect_application {
            exchange.select(application)?;
        }
        Ok(Box::new(exchange))
    }
}

fn note(failure: &Failure, error: Pcsc) -> SmartcardError {
    failure.keep(Cause::Service(error));
    SmartcardError::Error(error.to_string())
}

/// A conversation with a card, for that crate.
struct Exchange<'a> {
    /// There until this is dropped.
    transaction: Option<Transaction<'a>>,
    /// Whether the card was given a PIN, right or wrong.
    gave_pin: bool,
    ending: &'a mut Ending,
    failure: Failure,
}

impl Exchange<'_> {
    fn transaction(&self) -> Result<&Transaction<'_>, Pcsc> {
        self.transaction.as_ref().ok_or(Pcsc::NotTransacted)
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        if let Some(transaction) = self.transaction.take() {
            self.ending.end(transaction, self.gave_pin);
        }
    }
}

impl CardTransaction for Exchange<'_> {
    fn transmit(&mut self, command: &[u8], _expected: usize) -> Result<Vec<u8>, SmartcardError> {
        self.gave_pin |= command.get(1) == Some(&VERIFY);
        let mut buffer = Zeroizing::new(vec![0; LONGEST]);
        let answer = self.transaction().and_then(|card| card.transmit(command, &mut buffer));
        match answer {
            Ok(answer) if answer.len() >= 2 => Ok(answer.to_vec()),
            // Not even a status: something in between gave up.
            Ok(_) => Err(note(&self.failure, Pcsc::CommError)),
            Err(error) => Err(note(&self.failure, error)),
        }
    }

    fn feature_pinpad_verify(&self) -> bool {
        let user = entry(&PinType::User, None);
        self.transaction().ok().and_then(|card| Pad::of(card)).is_some_and(|pad| pad.takes(user))
    }

    fn feature_pinpad_modify(&self) -> bool {
        false
    }

    fn pinpad_verify(
        &mut self,
        pin: PinType,
        caps: &Option<CardCaps>,
    ) -> Result<Vec<u8>, SmartcardError> {
        self.gave_pin = true;
        let entry = entry(&pin, caps.as_ref());
        let status = self
            .transaction()
            .and_then(|card| Pad::of(card).ok_or(Pcsc::UnsupportedFeature)?.verify(card, entry));
        let cause = match status.map(|status| (status, refusal(status))) {
            Ok((status, None)) => return Ok(status.to_be_bytes().to_vec()),
            Ok((_, Some(said))) => Cause::Pad(said),
            Err(error) => Cause::AtThePad(error),
        };
        self.failure.keep(cause);
        Err(SmartcardError::Error("the PIN pad gave no PIN".into()))
    }

    fn pinpad_modify(
        &mut self,
        _pin: PinType,
        _caps: &Option<CardCaps>,
    ) -> Result<Vec<u8>, SmartcardError> {
        Err(SmartcardError::Error("no PIN is changed here".into()))
    }

    fn was_reset(&self) -> bool {
        false
    }
}

/// How an OpenPGP card takes a PIN.
fn entry(pin: &PinType, caps: Option<&CardCaps>) -> Entry {
    let (min, max) = match pin {
        PinType::Admin => (ADMIN_PIN_MIN, caps.map(CardCaps::pw3_max_len)),
        PinType::User | PinType::Sign => (PIN_MIN, caps.map(CardCaps::pw1_max_len)),
    };
    Entry { reference: pin.id(), min, max: max.unwrap_or(u8::MAX), filled: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether long commands are used, by what the card can and whether they are needed.
    fn long_commands(card_chains: bool, card_takes_long: bool, needed: bool) -> bool {
        let ending = Ending::with(After::Leave);
        let backend = Backend { card: None, ending, long: needed, failure: Failure::default() };
        let can = CardCaps::new(card_takes_long, card_chains, 1, 2, 3, 4);
        let limited = backend.limit_card_caps(can);
        assert_eq!(limited.chaining_support(), card_chains);
        assert_eq!((limited.max_cmd_bytes(), limited.max_rsp_bytes()), (1, 2));
        assert_eq!((limited.pw1_max_len(), limited.pw3_max_len()), (3, 4));
        limited.ext_support()
    }

    #[test]
    fn long_commands_are_for_a_card_that_takes_nothing_in_pieces() {
        for (card_chains, card_takes_long, needed) in
            [(true, true, true), (false, false, true), (false, true, false), (true, false, true)]
        {
            assert!(!long_commands(card_chains, card_takes_long, needed));
        }
        assert!(long_commands(false, true, true));
    }

    #[test]
    fn a_pin_is_as_long_as_the_card_says() {
        let caps = CardCaps::new(false, true, 255, 255, 64, 32);
        let lengths = |pin, caps| {
            let Entry { reference, min, max, filled } = entry(&pin, caps);
            (reference, min, max, filled)
        };
        assert_eq!(lengths(PinType::User, Some(&caps)), (0x82, 6, 64, 0));
        assert_eq!(lengths(PinType::Admin, Some(&caps)), (0x83, 8, 32, 0));
        assert_eq!(lengths(PinType::User, None), (0x82, 6, 255, 0));
    }

    #[test]
    fn without_a_card_nothing_is_said_and_no_pin_is_ever_changed() {
        let (mut ending, failure) = (Ending::with(After::Leave), Failure::default());
        let mut exchange = Exchange {
            transaction: None,
            gave_pin: false,
            ending: &mut ending,
            failure: failure.clone(),
        };
        assert!(exchange.transmit(&[0, VERIFY, 0, 0x82], 0).is_err());
        assert!(matches!(failure.take(), Some(Cause::Service(Pcsc::NotTransacted))));
        assert!(exchange.gave_pin, "it counts before it is known whether it came to the card");
        assert!(!exchange.feature_pinpad_verify() && !exchange.feature_pinpad_modify());
        exchange.gave_pin = false;
        assert!(exchange.pinpad_verify(PinType::User, &None).is_err());
        assert!(matches!(failure.take(), Some(Cause::AtThePad(Pcsc::NotTransacted))));
        assert!(exchange.gave_pin, "the reader may have given it one");
        assert!(exchange.pinpad_modify(PinType::User, &None).is_err());
        assert!(!exchange.was_reset());
    }
}
