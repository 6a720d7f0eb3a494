//! The watch on the cards, which runs only while the window shows something of them; and on readers' PIN pads.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use keyreeve_app::World;
use keyreeve_app::api::{CardSightView, PadRequestView};
use keyreeve_app::cards::card_sight;
use keyreeve_domain::ports::{CardSight, PadPin, PadRequest};
use keyreeve_unlock::{CardWatch, PadWatch};
use tauri::{AppHandle, Emitter as _};

/// The watch, and the vault whose slots the window wants to know of.
#[derive(Clone, Default)]
pub(crate) struct CardsSeen(Arc<Mutex<Option<Watch>>>);

struct Watch {
    watch: Arc<CardWatch>,
    vault: Arc<Mutex<Option<PathBuf>>>,
}

/// Tells the window when a reader's PIN pad waits for someone.
#[derive(Clone, Default)]
pub(crate) struct Pads(Arc<OnceLock<AppHandle>>);

impl Pads {
    /// There is a window to tell.
    pub(crate) fn tell(&self, app: &AppHandle) {
        self.0.get_or_init(|| app.clone());
    }

    pub(crate) fn watch(&self) -> PadWatch {
        let told = Arc::clone(&self.0);
        Arc::new(move |request: Option<&PadRequest>| {
            let view = request.map(|request| PadRequestView {
                reader: request.reader.clone(),
                admin: request.pin == PadPin::Admin,
                tries_left: request.tries_left,
            });
            if let Some(app) = told.get() {
                _ = app.emit("pin-pad", view);
            }
        })
    }
}

impl CardsSeen {
    /// Tells the window from now on what is seen of the cards, and answers what is seen now. Where they are watched
    /// already they are read again.
    pub(crate) fn watch(
        &self,
        app: &AppHandle,
        world: &World,
        vault: Option<PathBuf>,
    ) -> CardSightView {
        let (watch, is_new) = {
            let mut running = lock(&self.0);
            let is_new = running.is_none();
            let running = running.get_or_insert_with(|| Watch::start(app, world));
            lock(&running.vault).clone_from(&vault);
            (Arc::clone(&running.watch), is_new)
        };
        let sight = if is_new { watch.sight() } else { watch.look_again() };
        card_sight(world, &sight, vault.as_deref())
    }

    /// Reads the cards again if they are watched: a PIN was tried.
    pub(crate) fn look_again(&self) {
        let watch = lock(&self.0).as_ref().map(|running| Arc::clone(&running.watch));
        if let Some(watch) = watch {
            watch.look_again();
        }
    }

    /// Nothing is shown of the cards any more.
    pub(crate) fn unwatch(&self) {
        lock(&self.0).take();
    }
}

impl Watch {
    fn start(app: &AppHandle, world: &World) -> Self {
        let vault = Arc::<Mutex<Option<PathBuf>>>::default();
        let (app, world, of) = (app.clone(), world.clone(), Arc::clone(&vault));
        let watch = CardWatch::start(move |sight: &CardSight| {
            let vault = lock(&of).clone();
            _ = app.emit("cards-seen", card_sight(&world, sight, vault.as_deref()));
        });
        Self { watch: Arc::new(watch), vault }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
