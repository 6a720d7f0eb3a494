//! Waiting for what may take long: a card, who is to touch it or to type a PIN on its reader, and the question
//! that a keyring asks.
//!
//! Nothing stops a command that a card, a reader or a keyring has begun to work on. So it runs on a thread of
//! its own, and who asked for it can let go of it: it is told at once that no answer comes, and what is
//! answered later is wiped unseen.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use keyreeve_crypto::wiped_after;

/// How often it is looked whether someone let go.
const LOOK_UP: Duration = Duration::from_millis(20);

/// What is waited for, all of which can be let go of. Clones are the same.
#[derive(Clone, Default)]
pub struct Waits(Arc<Shared>);

#[derive(Default)]
struct Shared {
    going: Mutex<Going>,
    unwanted: Option<Box<dyn Fn() -> bool + Send + Sync>>,
}

#[derive(Default)]
struct Going {
    waits: Vec<LetGo>,
    closed: usize,
}

/// Whether someone let go of a piece of work.
#[derive(Debug, Clone, Default)]
pub struct LetGo(Arc<AtomicU8>);

/// Someone let go of it.
const LET_GO: u8 = 1;
/// It is done to its end.
const GOES_THROUGH: u8 = 2;

impl LetGo {
    /// Whether it was let go of.
    pub fn is_so(&self) -> bool {
        self.0.load(Ordering::SeqCst) & LET_GO != 0
    }

    /// The work now begins what is done to its end, whoever lets go; not where someone has. Says whether it does.
    pub fn goes_through(&self) -> bool {
        self.0.compare_exchange(0, GOES_THROUGH, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// Whether both are the same piece of work.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn say(&self) {
        self.0.fetch_or(LET_GO, Ordering::SeqCst);
    }

    fn no_answer(&self) -> NoAnswer {
        NoAnswer::LetGo { goes_through: self.0.load(Ordering::SeqCst) & GOES_THROUGH != 0 }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// It was let go of.
    LetGo {
        /// Whether it had begun what is done to its end all the same.
        goes_through: bool,
    },
    /// There was none in time.
    Late,
    /// The thread ended without one.
    Died,
}

/// While this is there, everything new is let go of at once.
pub struct Closed(Waits);

impl Drop for Closed {
    fn drop(&mut self) {
        let mut going = self.0.going();
        going.closed = going.closed.saturating_sub(1);
    }
}

impl std::fmt::Debug for Waits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waits").finish_non_exhaustive()
    }
}

impl Waits {
    /// Waits that end as soon as `unwanted` says so.
    pub fn until(unwanted: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        let unwanted = Some(Box::new(unwanted) as Box<dyn Fn() -> bool + Send + Sync>);
        Self(Arc::new(Shared { going: Mutex::default(), unwanted }))
    }

    /// Lets go of all that is waited for now.
    pub fn let_go(&self) {
        self.going().waits.iter().for_each(LetGo::say);
    }

    /// Lets go of all that is waited for, and of what begins while the answer is kept.
    #[must_use]
    pub fn close(&self) -> Closed {
        let mut going = self.going();
        going.closed += 1;
        going.waits.iter().for_each(LetGo::say);
        drop(going);
        Closed(self.clone())
    }

    /// Does `work` on another thread and waits for it, at most for `limit`.
    ///
    /// # Errors
    /// When it was let go of, took too long, or died.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        limit: Option<Duration>,
        work: impl FnOnce(&LetGo) -> T + Send + 'static,
    ) -> Result<T, NoAnswer> {
        let let_go = self.begin()?;
        let (tell, told) = channel();
        let at_work = let_go.clone();
        let started = thread::Builder::new().name("waited for".into()).spawn(move || {
            // Nobody may be waiting any more; the answer is then dropped, and wiped.
            _ = wiped_after(|| tell.send(work(&at_work)));
        });
        let answer = match started {
            Ok(_) => self.wait(&let_go, limit, &told),
            Err(_) => Err(NoAnswer::Died),
        };
        self.going().waits.retain(|wait| !wait.is(&let_go));
        // One that comes at the same time as the wish to have none is none.
        answer.and_then(|answer| if let_go.is_so() { Err(let_go.no_answer()) } else { Ok(answer) })
    }

    fn wait<T>(
        &self,
        let_go: &LetGo,
        limit: Option<Duration>,
        told: &Receiver<T>,
    ) -> Result<T, NoAnswer> {
        let began = Instant::now();
        loop {
            if self.0.unwanted.as_ref().is_some_and(|unwanted| unwanted()) {
                let_go.say();
            }
            if let_go.is_so() {
                return Err(let_go.no_answer());
            }
            match told.recv_timeout(LOOK_UP) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Err(NoAnswer::Died),
                Err(RecvTimeoutError::Timeout)
                    if limit.is_some_and(|limit| began.elapsed() >= limit) =>
                {
                    let_go.say();
                    return Err(NoAnswer::Late);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn begin(&self) -> Result<LetGo, NoAnswer> {
        let mut going = self.going();
        let wait = LetGo::default();
        if going.closed > 0 {
            return Err(wait.no_answer());
        }
        going.waits.push(wait.clone());
        Ok(wait)
    }

    fn going(&self) -> MutexGuard<'_, Going> {
        self.0.going.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::sync::mpsc::Sender;

    use super::*;

    const NO_ANSWER: NoAnswer = NoAnswer::LetGo { goes_through: false };

    /// Work that ends when its sender is dropped, and tells then whether it was let go of.
    fn stuck() -> (Sender<()>, Receiver<bool>, impl FnOnce(&LetGo) -> u8 + Send + 'static) {
        let ((end, ends), (tell, told)) = (channel::<()>(), channel());
        let work = move |let_go: &LetGo| {
            _ = ends.recv();
            _ = tell.send(let_go.is_so());
            7
        };
        (end, told, work)
    }

    #[test]
    fn an_answer_is_given() {
        assert_eq!(Waits::default().run(None, |let_go| let_go.is_so()), Ok(false));
    }

    #[test]
    fn who_lets_go_waits_no_longer_and_the_work_learns_of_it() {
        let waits = Waits::default();
        let (end, told, work) = stuck();
        let other = waits.clone();
        let letting_go = thread::spawn(move || {
            while other.going().waits.is_empty() {
                thread::yield_now();
            }
            other.let_go();
        });
        assert_eq!(waits.run(None, work), Err(NO_ANSWER));
        letting_go.join().unwrap();
        drop(end);
        assert!(told.recv().unwrap());
        let too_late = LetGo::default();
        too_late.say();
        assert!(!too_late.goes_through());
        assert_eq!(waits.run(None, |_| 1), Ok(1), "what comes later is waited for again");
    }

    #[test]
    fn while_it_is_closed_nothing_begins() {
        let waits = Waits::default();
        let closed = [waits.close(), waits.close()];
        let (_end, told, work) = stuck();
        assert_eq!(waits.run(None, work), Err(NO_ANSWER));
        assert!(told.recv().is_err(), "it was begun");
        for closed in closed {
            assert_eq!(waits.run(None, |_| 1), Err(NO_ANSWER));
            drop(closed);
        }
        assert_eq!(waits.run(None, |_| 1), Ok(1));
    }

    #[test]
    fn it_ends_when_it_is_not_wanted_any_more() {
        let (_end, _told, work) = stuck();
        let began = Instant::now();
        let waits = Waits::until(move || began.elapsed() > Duration::from_millis(100));
        assert_eq!(waits.run(None, work), Err(NO_ANSWER));
    }

    #[test]
    fn what_is_late_is_let_go_of() {
        let (end, told, work) = stuck();
        assert_eq!(Waits::default().run(Some(LOOK_UP), work), Err(NoAnswer::Late));
        drop(end);
        assert!(told.recv().unwrap());
    }

    #[test]
    fn who_lets_go_learns_that_it_is_done_to_its_end() {
        let begun = Arc::new(AtomicBool::new(false));
        let (_end, _told, work) = stuck();
        let begins = Arc::clone(&begun);
        let waits = Waits::until(move || begins.load(Ordering::SeqCst));
        let goes_through = move |let_go: &LetGo| {
            assert!(let_go.goes_through());
            begun.store(true, Ordering::SeqCst);
            work(let_go)
        };
        let let_go = NoAnswer::LetGo { goes_through: true };
        assert_eq!(waits.run(None, goes_through), Err(let_go));
    }

    #[test]
    fn a_thread_that_dies_is_no_answer() {
        let died = Waits::default().run(None, |_| std::panic::resume_unwind(Box::new("hostile")));
        assert_eq!(died, Err::<(), _>(NoAnswer::Died));
    }
}
