//! The smartcard service and its readers.

use std::ffi::{CStr, CString};
use std::time::{Duration, Instant};

use keyreeve_domain::ports::{CardError, PadPin, PadRequest};
use pcsc::ffi::DWORD;
use pcsc::{Context, Error as Pcsc, PNP_NOTIFICATION, Scope, State};

use super::attendant::Attended;
use super::holder::holder;

/// How long a reader may take to notice that its card was pulled.
const NOTICE: Duration = Duration::from_millis(1_500);

/// A connection to the smartcard service.
#[derive(Clone)]
pub struct Service {
    context: Context,
    attended: Option<Attended>,
}

/// A reader's PIN pad that waits, until this is dropped.
pub struct PadWaits<'a>(&'a Service);

impl Drop for PadWaits<'_> {
    fn drop(&mut self) {
        self.0.tell(None);
    }
}

/// A reader and whether a card is in it.
#[derive(Debug, Clone)]
pub struct ReaderState {
    /// The reader.
    pub name: CString,
    /// Whether a card is in it.
    pub present: bool,
    /// What the card said when it was powered up.
    pub atr: Vec<u8>,
    /// The service's flags, with the number of cards that were put in and pulled until now.
    flags: State,
}

impl ReaderState {
    /// Whether nothing came or went at this reader since `earlier`. Who uses its card, and whether it has
    /// power just now, does not matter.
    pub fn is_as(&self, earlier: &Self) -> bool {
        let passing = State::CHANGED | State::INUSE | State::EXCLUSIVE | State::UNPOWERED;
        self.name == earlier.name && self.flags | passing == earlier.flags | passing
    }
}

impl Service {
    /// Finds the service. Under systemd this starts it.
    pub fn open() -> Result<Self, CardError> {
        match Context::establish(Scope::User) {
            Ok(context) => Ok(Self { context, attended: None }),
            Err(Pcsc::NoService | Pcsc::ServiceStopped | Pcsc::CommError) => {
                Err(CardError::NoService)
            }
            Err(error) => Err(CardError::Failed(error.to_string())),
        }
    }

    /// The same, for work that someone waits for.
    #[must_use]
    pub fn attended(self, attended: Attended) -> Self {
        Self { attended: Some(attended), ..self }
    }

    /// Refuses to go on with what was let go of.
    pub fn require_wanted(&self) -> Result<(), CardError> {
        match &self.attended {
            Some(attended) if attended.let_go.is_so() => Err(CardError::LetGo),
            _ => Ok(()),
        }
    }

    /// Begins what is done to its end whoever lets go, where nobody has.
    pub fn go_through(&self) -> Result<(), CardError> {
        match &self.attended {
            Some(attended) if !attended.let_go.goes_through() => Err(CardError::LetGo),
            _ => Ok(()),
        }
    }

    /// Tells that a reader's PIN pad waits.
    pub fn pad_waits(&self, reader: &CStr, pin: PadPin, tries_left: Option<u8>) -> PadWaits<'_> {
        let reader = reader.to_string_lossy().into_owned();
        self.tell(Some(&PadRequest { reader, pin, tries_left }));
        PadWaits(self)
    }

    fn tell(&self, request: Option<&PadRequest>) {
        // Who let go is told nothing more.
        let attended = self.attended.as_ref().filter(|attended| !attended.let_go.is_so());
        if let Some(on_pad) = attended.and_then(|attended| attended.on_pad.as_ref()) {
            on_pad(request);
        }
    }

    /// Whether the service is still there.
    pub fn check(&self) -> Result<(), CardError> {
        self.context.is_valid().map_err(|_gone| CardError::ServiceStopped)
    }

    /// The readers; none is no error.
    pub fn states(&self) -> Result<Vec<ReaderState>, CardError> {
        let names = match self.context.list_readers_owned() {
            Ok(names) => names,
            Err(Pcsc::NoReadersAvailable) => Vec::new(),
            Err(_) => {
                self.check()?;
                return Err(CardError::ServiceStopped);
            }
        };
        let mut states: Vec<_> =
            names.into_iter().map(|name| pcsc::ReaderState::new(name, State::UNAWARE)).collect();
        if states.is_empty() {
            return Ok(Vec::new());
        }
        if let Err(error) = self.context.get_status_change(Duration::ZERO, &mut states)
            && error != Pcsc::Timeout
        {
            self.check()?;
            return Err(CardError::ReaderGone);
        }
        Ok(states
            .iter()
            .map(|state| ReaderState {
                name: state.name().to_owned(),
                present: state.event_state().contains(State::PRESENT),
                atr: state.atr().to_vec(),
                flags: counted(state.event_state(), state.event_count()),
            })
            .collect())
    }

    /// Waits until a reader or card comes or goes, someone begins or ends using one, [`interrupt`](Self::interrupt)
    /// is called, or the time is over.
    pub fn wait(&self, readers: &[ReaderState], time: Duration) -> Result<(), CardError> {
        let known =
            readers.iter().map(|known| pcsc::ReaderState::new(known.name.clone(), known.flags));
        let mut states: Vec<_> = known.collect();
        // macOS has no such reader, and tells of new ones only to who asks again.
        if !cfg!(target_os = "macos") {
            let number = counted(State::UNAWARE, u32::try_from(readers.len()).unwrap_or(0));
            states.push(pcsc::ReaderState::new(PNP_NOTIFICATION(), number));
        } else if readers.is_empty() {
            std::thread::sleep(time);
        }
        match self.context.get_status_change(time, &mut states) {
            Ok(())
            | Err(
                Pcsc::Timeout | Pcsc::Cancelled | Pcsc::UnknownReader | Pcsc::ReaderUnavailable,
            ) => Ok(()),
            Err(_) => Err(CardError::ServiceStopped),
        }
    }

    /// Ends a wait that is under way.
    pub fn interrupt(&self) {
        // Where it fails, nobody waits, or the service is gone, which ends the wait too.
        _ = self.context.cancel();
    }

    /// Connects to the card in a reader, shared with other programs.
    pub fn connect(&self, reader: &CStr) -> Result<pcsc::Card, CardError> {
        self.context
            .connect(reader, pcsc::ShareMode::Shared, pcsc::Protocols::ANY)
            .map_err(|error| self.explain(reader, error))
    }

    /// What an error of the service means. Some say only that something is wrong; then it is looked at
    /// what is still there.
    pub fn explain(&self, reader: &CStr, error: Pcsc) -> CardError {
        let name = || reader.to_string_lossy().into_owned();
        match error {
            Pcsc::SharingViolation => CardError::Held { holder: holder() },
            Pcsc::NoSmartcard => CardError::NoCard,
            Pcsc::RemovedCard => CardError::Removed,
            Pcsc::ResetCard => CardError::Disturbed,
            Pcsc::UnresponsiveCard | Pcsc::UnpoweredCard => CardError::Mute { reader: name() },
            Pcsc::ProtoMismatch | Pcsc::UnsupportedCard => {
                CardError::Unsupported { reader: name() }
            }
            Pcsc::NoService | Pcsc::ServiceStopped => CardError::ServiceStopped,
            Pcsc::UnknownReader | Pcsc::ReaderUnavailable => CardError::ReaderGone,
            error => match self.what_is_gone(reader) {
                Some(gone) => gone,
                None => CardError::Failed(error.to_string()),
            },
        }
    }

    /// What a failure of a reader's PIN pad means.
    pub fn explain_pad(&self, reader: &CStr, error: Pcsc) -> CardError {
        match self.explain(reader, error) {
            CardError::Failed(answer) => CardError::PadFailed { answer: format!("“{answer}”") },
            explained => explained,
        }
    }

    /// Which of service, reader and card is gone. A reader notices that its card is gone only when it
    /// next looks.
    fn what_is_gone(&self, reader: &CStr) -> Option<CardError> {
        let mut states = [pcsc::ReaderState::new(reader, State::UNAWARE)];
        let until = Instant::now() + NOTICE;
        loop {
            if let Err(error) = self.check() {
                return Some(error);
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.context.get_status_change(left, &mut states) {
                Ok(()) => {}
                Err(Pcsc::Timeout) => return None,
                Err(Pcsc::UnknownReader | Pcsc::ReaderUnavailable) => {
                    return Some(CardError::ReaderGone);
                }
                Err(_) => return Some(CardError::ServiceStopped),
            }
            let [state] = &mut states;
            let seen = state.event_state();
            if seen.intersects(State::UNKNOWN | State::UNAVAILABLE) {
                return Some(CardError::ReaderGone);
            }
            if !seen.contains(State::PRESENT) {
                return Some(CardError::Removed);
            }
            state.sync_current_state();
        }
    }
}

/// Flags with a count where the service puts it: in the upper half.
fn counted(flags: State, count: u32) -> State {
    State::from_bits_retain(flags.bits() | (DWORD::from(count) << 16))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(name: &CStr, flags: State) -> ReaderState {
        ReaderState { name: name.to_owned(), present: true, atr: Vec::new(), flags }
    }

    #[test]
    fn who_uses_a_card_does_not_change_it_and_another_count_does() {
        let in_it = State::PRESENT | State::from_bits_retain(3 << 16);
        assert_eq!(counted(State::PRESENT, 3).bits(), in_it.bits());
        let known = state(c"reader", in_it);
        for passing in [State::CHANGED, State::INUSE, State::EXCLUSIVE, State::UNPOWERED] {
            let used = state(c"reader", in_it | passing);
            assert!(used.is_as(&known) && known.is_as(&used), "{passing:?}");
        }
        for other in [counted(State::PRESENT, 4), counted(State::EMPTY, 3)] {
            assert!(!state(c"reader", other).is_as(&known), "{other:?}");
        }
        assert!(!state(c"another reader", in_it).is_as(&known));
    }
}
