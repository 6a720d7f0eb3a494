//! Tells when a reader or card comes or goes.
//!
//! A thread of its own waits at the smartcard service. A card is read once when it is put in, so that
//! other programs that use it are not disturbed, and again only when [`CardWatch::look_again`] is called.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use keyreeve_domain::ports::{CardError, CardReader, CardSight};

use super::look;
use super::service::{ReaderState, Service};

/// The longest wait at the service without looking up: for what it does not tell of, and for a card
/// that another program may have let go of.
const LOOK_UP: Duration = Duration::from_secs(1);
/// How long until a service that is not there is looked for again.
const AGAIN: Duration = Duration::from_millis(500);

/// Watches the readers until it is dropped.
pub struct CardWatch(Arc<Watched>);

struct Watched {
    tell: Box<dyn Fn(&CardSight) + Send + Sync>,
    seen: Mutex<Seen>,
    /// The service at which the thread waits.
    service: Mutex<Option<Service>>,
    stopped: Mutex<bool>,
    stop: Condvar,
}

/// What was seen last.
#[derive(Default)]
struct Seen {
    readers: Vec<(ReaderState, CardReader)>,
    told: Option<CardSight>,
}

impl CardWatch {
    /// Begins to watch, and tells what is seen now and whenever that changes. Nothing is told any more
    /// once this is dropped.
    pub fn start(tell: impl Fn(&CardSight) + Send + Sync + 'static) -> Self {
        let watched = Arc::new(Watched {
            tell: Box::new(tell),
            seen: Mutex::default(),
            service: Mutex::default(),
            stopped: Mutex::default(),
            stop: Condvar::new(),
        });
        let watching = Arc::clone(&watched);
        thread::spawn(move || watching.run());
        Self(watched)
    }

    /// What is seen now. It is told too, if it is something else than what was told last.
    #[must_use]
    pub fn sight(&self) -> CardSight {
        self.0.sight(false)
    }

    /// Reads all cards again, for what changes on a card while it is in: how many tries are left.
    pub fn look_again(&self) -> CardSight {
        self.0.sight(true)
    }
}

impl Drop for CardWatch {
    fn drop(&mut self) {
        *lock(&self.0.stopped) = true;
        self.0.stop.notify_all();
        if let Some(service) = lock(&self.0.service).take() {
            service.interrupt();
        }
    }
}

impl Watched {
    fn run(&self) {
        while !self.is_stopped() {
            match Service::open() {
                Ok(service) => self.follow(service),
                Err(error) => _ = self.see_nothing(error),
            }
            let stopped = lock(&self.stopped);
            drop(self.stop.wait_timeout_while(stopped, AGAIN, |stopped| !*stopped));
        }
    }

    /// Watches until the service goes away.
    fn follow(&self, service: Service) {
        *lock(&self.service) = Some(service.clone());
        while !self.is_stopped() {
            let waited = service.states().and_then(|states| {
                let readers = states.clone();
                self.see(&service, states, false);
                service.wait(&readers, LOOK_UP)
            });
            if let Err(error) = waited {
                self.see_nothing(error);
                break;
            }
        }
        lock(&self.service).take();
    }

    fn sight(&self, again: bool) -> CardSight {
        let seen = Service::open().and_then(|service| Ok((service.states()?, service)));
        match seen {
            Ok((states, service)) => self.see(&service, states, again),
            Err(error) => self.see_nothing(error),
        }
    }

    /// Reads the cards that are new, or all of them.
    fn see(&self, service: &Service, states: Vec<ReaderState>, again: bool) -> CardSight {
        let mut seen = lock(&self.seen);
        let before = std::mem::take(&mut seen.readers);
        let known = |state: &ReaderState| {
            let found = before.iter().find(|(earlier, _)| state.is_as(earlier));
            found.map(|(_, reader)| reader)
        };
        let is_new = |state: &ReaderState| state.present && known(state).is_none();
        if states.iter().any(is_new) {
            let meanwhile = |state: &ReaderState| known(state).cloned().unwrap_or(empty(state));
            let readers = Ok(states.iter().map(meanwhile).collect());
            self.told(&mut seen, CardSight { readers, reading: true });
        }
        let readers: Vec<_> = states
            .into_iter()
            .map(|state| match known(&state) {
                Some(reader) if !again && !may_have_passed(reader) => (state, reader.clone()),
                _ => {
                    let reader = look(service, &state);
                    (state, reader)
                }
            })
            .collect();
        let sight = match service.check() {
            Ok(()) => Ok(readers.iter().map(|(_, reader)| reader.clone()).collect()),
            // What went wrong at the readers went wrong at all of them at once.
            Err(error) => Err(error),
        };
        if sight.is_ok() {
            seen.readers = readers;
        }
        self.told(&mut seen, CardSight { readers: sight, reading: false })
    }

    fn see_nothing(&self, error: CardError) -> CardSight {
        let mut seen = lock(&self.seen);
        seen.readers.clear();
        self.told(&mut seen, CardSight { readers: Err(error), reading: false })
    }

    /// Tells of what is seen if it is not what was told last.
    fn told(&self, seen: &mut Seen, sight: CardSight) -> CardSight {
        if seen.told.as_ref() != Some(&sight) {
            seen.told = Some(sight.clone());
            if !self.is_stopped() {
                (self.tell)(&sight);
            }
        }
        sight
    }

    fn is_stopped(&self) -> bool {
        *lock(&self.stopped)
    }
}

fn empty(state: &ReaderState) -> CardReader {
    CardReader { name: state.name.to_string_lossy().into_owned(), card: None }
}

/// Whether what kept a card from being read may have passed by itself.
fn may_have_passed(reader: &CardReader) -> bool {
    matches!(
        reader.card,
        Some(Err(CardError::Held { .. }
            | CardError::Disturbed
            | CardError::StillAtWork { .. }
            | CardError::Failed(_)))
    )
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
