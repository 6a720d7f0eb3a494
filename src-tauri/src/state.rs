//! What the commands share: the unlocked vault, running jobs, the idle clock and preferences.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use keyreeve_app::api::{ErrorCode, ErrorView, JobProgress, Opening, Preferences, VaultLocked};
use keyreeve_app::vault::lock_vault;
use keyreeve_app::{Error, SystemClock, UnlockedSession, World};
use keyreeve_backup::AgeBackups;
use keyreeve_crypto::{Argon2Params, wiped_after};
use keyreeve_domain::ports::Progress;
use keyreeve_store::SqlcipherOpener;
use keyreeve_unlock::{Attendant, CardGuard, FileHeaders, UserAnchors, Waits};
use tauri::{AppHandle, Emitter as _};

use crate::cards::{CardsSeen, Pads};
use crate::{clock, preferences, window};

/// The answer of every command.
pub(crate) type Answer<T> = Result<T, ErrorView>;

/// Progress is told at most this often: faster than a screen shows helps nobody.
const TELL_EVERY: Duration = Duration::from_millis(50);

/// The state of the running app. It holds a session only while a vault is unlocked.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

struct Shared {
    world: World,
    /// Commands read it while they run; locking takes it away once they have ended.
    session: RwLock<Option<UnlockedSession>>,
    cards: CardsSeen,
    pads: Pads,
    /// Cards and keyrings that commands wait for.
    waits: Waits,
    /// Waits until the card is pulled that opened the vault, where that is to lock it.
    card_guard: Mutex<Option<CardGuard>>,
    /// Held by who opens a vault, one after the other. The session is not: a passphrase may take long
    /// to try, and nothing else may wait for it but locking, which then locks what was opened.
    opening_turn: Mutex<()>,
    jobs: Mutex<HashMap<String, Arc<AtomicBool>>>,
    /// When someone was last there, by [`clock::now`].
    last_input: Mutex<Duration>,
    /// What the app was started to open, until the window takes it.
    opening: Mutex<Option<Opening>>,
    preferences: Mutex<Preferences>,
    preferences_file: PathBuf,
}

impl AppState {
    /// The state of an app whose preferences are kept in `preferences_file`.
    pub(crate) fn new(preferences_file: PathBuf) -> Self {
        let (pads, waits) = (Pads::default(), Waits::default());
        let attendant = Attendant { on_pad: Some(pads.watch()), waits: waits.clone() };
        let world = World {
            stores: Arc::new(SqlcipherOpener),
            headers: Arc::new(headers().attended(&attendant)),
            backups: Arc::new(AgeBackups),
            anchors: Arc::new(UserAnchors::of_user()),
            clock: Arc::new(SystemClock),
        };
        Self(Arc::new(Shared {
            world,
            session: RwLock::new(None),
            cards: CardsSeen::default(),
            pads,
            waits,
            card_guard: Mutex::default(),
            opening_turn: Mutex::new(()),
            jobs: Mutex::default(),
            last_input: Mutex::new(clock::now()),
            opening: Mutex::new(None),
            preferences: Mutex::new(preferences::load(&preferences_file)),
            preferences_file,
        }))
    }

    /// Runs `work` off the window's thread.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Answer<T> {
        let state = self.clone();
        let done = tauri::async_runtime::spawn_blocking(move || wiped_after(|| work(&state))).await;
        done.unwrap_or_else(|died| Err(Error::internal(died.to_string()))).map_err(|error| {
            if matches!(
                error.code(),
                ErrorCode::PinWrong | ErrorCode::AdminPinWrong | ErrorCode::CardKeyUnfinished
            ) {
                // How many tries are left, or that there is a key, is shown before the next one, and the answer need not wait for that.
                let cards = self.0.cards.clone();
                tauri::async_runtime::spawn_blocking(move || cards.look_again());
            }
            error.view()
        })
    }

    pub(crate) fn pads(&self) -> &Pads {
        &self.0.pads
    }

    /// Who sits in front of the cards.
    pub(crate) fn attendant(&self) -> Attendant {
        Attendant { on_pad: Some(self.0.pads.watch()), waits: self.0.waits.clone() }
    }

    /// Lets go of the card or keyring that a command waits for.
    pub(crate) fn let_go(&self) {
        self.0.waits.let_go();
    }

    pub(crate) fn cards(&self) -> &CardsSeen {
        &self.0.cards
    }

    /// Runs `work` on the unlocked vault, off the window's thread.
    pub(crate) async fn unlocked<T: Send + 'static>(
        &self,
        work: impl FnOnce(&UnlockedSession) -> Result<T, Error> + Send + 'static,
    ) -> Answer<T> {
        self.run(move |state| state.with_session(work)).await
    }

    /// Runs `work` on the unlocked vault, here.
    pub(crate) fn with_session<T>(
        &self,
        work: impl FnOnce(&UnlockedSession) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let session = self.0.session.read().unwrap_or_else(PoisonError::into_inner);
        work(session.as_ref().ok_or_else(Error::locked)?)
    }

    /// Runs `work` on the unlocked vault, if one is.
    pub(crate) fn with_any_session<T>(
        &self,
        work: impl FnOnce(Option<&UnlockedSession>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        work(self.0.session.read().unwrap_or_else(PoisonError::into_inner).as_ref())
    }

    /// Opens a vault by `open` and keeps it; refused while another is unlocked.
    pub(crate) fn open<T>(
        &self,
        open: impl FnOnce(&World) -> Result<UnlockedSession, Error>,
        view: impl FnOnce(&UnlockedSession) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let turn = self.0.opening_turn.lock().unwrap_or_else(PoisonError::into_inner);
        if self.0.session.read().unwrap_or_else(PoisonError::into_inner).is_some() {
            return Err(Error::already_unlocked());
        }
        let session = open(&self.0.world)?;
        let answer = view(&session)?;
        let path = session.path().to_string_lossy().into_owned();
        *self.0.session.write().unwrap_or_else(PoisonError::into_inner) = Some(session);
        drop(turn);
        self.note_input();
        // A path that could not be remembered only has to be chosen again.
        _ = self.change_preferences(|preferences| preferences::put_first(preferences, path));
        Ok(answer)
    }

    /// Locks the vault, after stopping what runs, and tells the window. Says whether one was open. Nobody is waited
    /// for: a PIN that is typed, a card that is touched or a keyring's question that is answered later opens nothing.
    pub(crate) fn lock(&self, app: &AppHandle, why: &str) -> bool {
        self.jobs().values().for_each(|stop| stop.store(true, Ordering::Relaxed));
        let _closed = self.0.waits.close();
        let _turn = self.0.opening_turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = self.0.session.write().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = open.take() else { return false };
        // The keys are wiped either way; a log that cannot be written shows at the next unlock,
        // which then finds no lock before it.
        _ = wiped_after(|| lock_vault(session, why));
        if !window::forget(app) {
            _ = app.emit("vault-locked", VaultLocked { why: why.to_owned() });
        }
        // What is asked meanwhile waits until here: the page that ends is not to show the door for a moment.
        drop(open);
        self.card_guard().take();
        true
    }

    /// Locks the vault from now on when the card is pulled that opened it, if the person wants that.
    /// Says whether its card could be found.
    pub(crate) fn guard_card(&self, app: &AppHandle) -> bool {
        // Held all the while, so that of two calls the later one counts.
        let mut guard = self.card_guard();
        guard.take();
        if !self.preferences().lock_on_card_removal {
            return true;
        }
        let session = self.0.session.read().unwrap_or_else(PoisonError::into_inner);
        let Some(card) = session.as_ref().and_then(|session| session.card().cloned()) else {
            return true;
        };
        drop(session);
        let (state, app) = (self.clone(), app.clone());
        *guard = CardGuard::start(&card, move || _ = state.lock(&app, "card")).ok();
        guard.is_some()
    }

    fn card_guard(&self) -> MutexGuard<'_, Option<CardGuard>> {
        self.0.card_guard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn world(&self) -> &World {
        &self.0.world
    }

    /// Begins a job that tells its progress under `name` and can be stopped by it.
    pub(crate) fn begin_job(&self, app: &AppHandle, name: Option<String>) -> Job {
        let stop = Arc::new(AtomicBool::new(false));
        if let Some(name) = &name {
            self.jobs().insert(name.clone(), Arc::clone(&stop));
        }
        Job { state: self.clone(), app: app.clone(), name, stop, told: Mutex::new(None) }
    }

    /// Asks a job to stop; one that has ended is none of our business.
    pub(crate) fn cancel_job(&self, name: &str) {
        if let Some(stop) = self.jobs().get(name) {
            stop.store(true, Ordering::Relaxed);
        }
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<String, Arc<AtomicBool>>> {
        self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Someone is there: the idle time starts anew.
    pub(crate) fn note_input(&self) {
        *self.0.last_input.lock().unwrap_or_else(PoisonError::into_inner) = clock::now();
    }

    /// Someone asked to have this opened; nothing if `None`.
    pub(crate) fn put_opening(&self, opening: Option<Opening>) {
        if opening.is_some() {
            *self.0.opening.lock().unwrap_or_else(PoisonError::into_inner) = opening;
        }
    }

    /// What is to be opened; asking takes it.
    pub(crate) fn take_opening(&self) -> Option<Opening> {
        self.0.opening.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// How long until the idle lock; `None` while locked.
    pub(crate) fn locks_in(&self) -> Option<Duration> {
        // A session that is being opened or closed is as good as none for a countdown.
        let open = self.0.session.try_read().is_ok_and(|session| session.is_some());
        let limit = idle_limit(self.preferences().idle_lock_minutes);
        let last_input = *self.0.last_input.lock().unwrap_or_else(PoisonError::into_inner);
        open.then(|| limit.saturating_sub(clock::now().saturating_sub(last_input)))
    }

    pub(crate) fn preferences(&self) -> Preferences {
        self.0.preferences.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the preferences and keeps them.
    pub(crate) fn change_preferences(
        &self,
        change: impl FnOnce(&mut Preferences),
    ) -> Result<Preferences, Error> {
        let mut preferences = self.0.preferences.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = preferences.clone();
        change(&mut changed);
        preferences::save(&self.0.preferences_file, &changed)?;
        *preferences = changed.clone();
        Ok(changed)
    }
}

/// The headers of vaults, whose new passphrases cost what is measured on this computer.
///
/// A debug build lets `KEYREEVE_KDF_PASSES` say how many passes over the least memory that is, so that a test knows it. A
/// release build does not look.
fn headers() -> FileHeaders {
    let wanted = || std::env::var("KEYREEVE_KDF_PASSES").ok()?.parse().ok();
    match cfg!(debug_assertions).then(wanted).flatten() {
        Some(time_cost) => {
            FileHeaders::with_params(Argon2Params { time_cost, ..Argon2Params::floor(1) })
        }
        None => FileHeaders::new(),
    }
}

/// How long nobody need be there until the vault locks.
///
/// A debug build lets `KEYREEVE_IDLE_SECONDS` shorten it, so that a test sees the lock without waiting a minute. It can
/// never be longer than what the person chose, and a release build does not look.
fn idle_limit(minutes: u16) -> Duration {
    let chosen = Duration::from_secs(60 * u64::from(minutes));
    if !cfg!(debug_assertions) {
        return chosen;
    }
    let seconds = std::env::var("KEYREEVE_IDLE_SECONDS").ok().and_then(|text| text.parse().ok());
    seconds.map_or(chosen, |seconds| chosen.min(Duration::from_secs(seconds)))
}

/// A running job: tells the window how far it is, and hears when it is to stop.
pub(crate) struct Job {
    state: AppState,
    app: AppHandle,
    name: Option<String>,
    stop: Arc<AtomicBool>,
    told: Mutex<Option<Instant>>,
}

impl Progress for Job {
    fn report(&self, done: u64, total: u64) {
        let Some(name) = &self.name else { return };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if done < total && told.is_some_and(|told| told.elapsed() < TELL_EVERY) {
            return;
        }
        *told = Some(Instant::now());
        _ = self.app.emit("job-progress", JobProgress { job: name.clone(), done, total });
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            self.state.jobs().remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use keyreeve_app::api::ErrorCode;

    use super::*;

    #[test]
    fn while_a_passphrase_is_tried_nothing_else_waits() {
        let state = AppState::new(PathBuf::from("nowhere/preferences.json"));
        let refused = state.open(
            |_| {
                assert!(state.0.session.try_write().is_ok());
                let other = state.with_session(|_| Ok(())).unwrap_err();
                assert_eq!(other.code(), ErrorCode::Locked);
                assert_eq!(state.locks_in(), None);
                Err(Error::internal("hostile"))
            },
            |_| Ok(()),
        );
        assert_eq!(refused.unwrap_err().code(), ErrorCode::Internal);
        assert!(state.0.opening_turn.try_lock().is_ok());
    }
}
