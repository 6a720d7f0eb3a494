//! Who sits in front of the cards, and the readers that are still at work when nobody waits for them any more.

use std::ffi::{CStr, CString};
use std::sync::{Mutex, MutexGuard, PoisonError};

use keyreeve_domain::ports::CardError;

use super::pad::PadWatch;
use crate::wait::{LetGo, NoAnswer, Waits};

/// Whoever is to type, to touch, or to wait.
#[derive(Clone, Default)]
pub struct Attendant {
    /// Told when a reader's PIN pad waits for someone.
    pub on_pad: Option<PadWatch>,
    /// By which a card can be let go of.
    pub waits: Waits,
}

/// A card's work, as it sees who waits for it.
#[derive(Clone)]
pub struct Attended {
    /// Told when a reader's PIN pad waits for someone.
    pub on_pad: Option<PadWatch>,
    /// Whether nobody waits any more.
    pub let_go: LetGo,
}

impl Attendant {
    /// Does `work` with a card, and waits for it until it is let go of. What it was about to say of a PIN pad is
    /// taken back then.
    pub fn attend<T: Send + 'static>(
        &self,
        work: impl FnOnce(Attended) -> Result<T, CardError> + Send + 'static,
    ) -> Result<Result<T, CardError>, NoAnswer> {
        let on_pad = self.on_pad.clone();
        let at_work =
            move |let_go: &LetGo| work(Attended { on_pad: on_pad.clone(), let_go: let_go.clone() });
        let answer = self.waits.run(None, at_work);
        if let (Err(NoAnswer::LetGo { .. }), Some(on_pad)) = (&answer, &self.on_pad) {
            on_pad(None);
        }
        answer
    }
}

/// What no answer means, where nothing that was begun matters.
pub fn none(answer: NoAnswer) -> CardError {
    match answer {
        NoAnswer::LetGo { .. } => CardError::LetGo,
        NoAnswer::Late | NoAnswer::Died => CardError::Failed("it ended without an answer".into()),
    }
}

/// The readers that are at work for this process.
static AT_WORK: Mutex<Vec<(CString, LetGo)>> = Mutex::new(Vec::new());

/// A reader that is at work, until this is dropped.
pub struct AtWork(LetGo);

impl AtWork {
    pub fn at(reader: &CStr, let_go: &LetGo) -> Self {
        at_work().push((reader.to_owned(), let_go.clone()));
        Self(let_go.clone())
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        at_work().retain(|(_, let_go)| !let_go.is(&self.0));
    }
}

/// Refuses a reader that is still at work on what was let go of: it would answer only once that is over.
pub fn require_free(reader: &CStr) -> Result<(), CardError> {
    let is_it = |(name, let_go): &(CString, LetGo)| name.as_c_str() == reader && let_go.is_so();
    if at_work().iter().any(is_it) {
        return Err(CardError::StillAtWork { reader: reader.to_string_lossy().into_owned() });
    }
    Ok(())
}

fn at_work() -> MutexGuard<'static, Vec<(CString, LetGo)>> {
    AT_WORK.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_refused_from_when_it_is_let_go_of_until_it_is_done() {
        let (reader, other) = (c"one of the tests", c"another of the tests");
        let waits = Waits::default();
        let at = waits.run(None, move |let_go| AtWork::at(reader, let_go)).unwrap();
        let second = AtWork::at(other, &LetGo::default());
        assert_eq!(require_free(reader), Ok(()));
        at.0.say();
        let refused = require_free(reader).unwrap_err();
        assert_eq!(refused, CardError::StillAtWork { reader: "one of the tests".into() });
        assert_eq!(require_free(other), Ok(()));
        drop(at);
        assert_eq!(require_free(reader), Ok(()));
        assert_eq!(at_work().iter().filter(|(name, _)| name.as_c_str() == other).count(), 1);
        drop(second);
    }
}
