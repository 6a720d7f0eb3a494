//! Notices that a card is pulled, without touching it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use keyreeve_domain::ports::{CardError, CardInfo};

use super::look;
use super::service::{ReaderState, Service};

/// The longest wait at the service without looking up.
const LOOK_UP: Duration = Duration::from_secs(1);

/// Waits until one card is gone, or this is dropped.
pub struct CardGuard(Arc<Guarded>);

struct Guarded {
    dropped: AtomicBool,
    service: Mutex<Option<Service>>,
}

impl CardGuard {
    /// Begins to wait on a thread of its own. `gone` is called once when the card is pulled, its reader
    /// is unplugged, or the service ends, which can no longer tell. The card is read once, to know where
    /// it is.
    ///
    /// # Errors
    /// When it is not there now.
    pub fn start(card: &CardInfo, gone: impl FnOnce() + Send + 'static) -> Result<Self, CardError> {
        let service = Service::open()?;
        let place = find(&service, card)?;
        let guarded = Arc::new(Guarded {
            dropped: AtomicBool::new(false),
            service: Mutex::new(Some(service.clone())),
        });
        let waiting = Arc::clone(&guarded);
        thread::spawn(move || {
            loop {
                if waiting.dropped.load(Ordering::Relaxed) {
                    return;
                }
                if !is_in(&service, &place) {
                    break;
                }
            }
            lock(&waiting.service).take();
            if !waiting.dropped.load(Ordering::Relaxed) {
                gone();
            }
        });
        Ok(Self(guarded))
    }
}

impl Drop for CardGuard {
    fn drop(&mut self) {
        self.0.dropped.store(true, Ordering::Relaxed);
        if let Some(service) = lock(&self.0.service).take() {
            service.interrupt();
        }
    }
}

/// The reader with the card; else one whose card cannot be read now, because another program has just
/// taken it.
fn find(service: &Service, card: &CardInfo) -> Result<ReaderState, CardError> {
    let mut unreadable = None;
    for state in service.states()? {
        match look(service, &state).card {
            Some(Ok(present)) if present.applications.iter().any(|found| card.is_on(found)) => {
                return Ok(state);
            }
            Some(Err(_)) => unreadable = unreadable.or(Some(state)),
            _ => {}
        }
    }
    unreadable.ok_or(CardError::NoCard)
}

/// Waits a while, and says whether the card is still in, and was all the time.
fn is_in(service: &Service, place: &ReaderState) -> bool {
    let states = service.states().unwrap_or_default();
    let is_there = states.iter().any(|state| state.present && state.is_as(place));
    is_there && service.wait(&states, LOOK_UP).is_ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
