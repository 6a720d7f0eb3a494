//! The machine under the card applications: files for what a card keeps, the operating system's randomness, a button.

use std::path::Path;

use rand_chacha::ChaCha8Rng;
use rand_core::{OsRng, SeedableRng};
use trussed::platform;
use trussed::virt::{StorageConfig, Store, StoreConfig, UserInterface};

/// One card's machine.
pub struct Platform<'a> {
    random: ChaCha8Rng,
    store: Store<'a>,
    button: UserInterface,
}

impl<'a> Platform<'a> {
    /// A machine over a store. Unlike Trussed's own, it is not seeded with a constant: two cards must not hold the same
    /// keys.
    pub fn new(store: Store<'a>) -> Result<Self, rand_core::Error> {
        Ok(Self { random: ChaCha8Rng::from_rng(OsRng)?, store, button: UserInterface::new() })
    }
}

impl<'a> platform::Platform for Platform<'a> {
    type R = ChaCha8Rng;
    type S = Store<'a>;
    type UI = UserInterface;

    fn rng(&mut self) -> &mut ChaCha8Rng {
        &mut self.random
    }

    fn store(&self) -> Store<'a> {
        self.store
    }

    fn user_interface(&mut self) -> &mut UserInterface {
        &mut self.button
    }
}

/// What the card keeps, in a folder; it forgets the rest when its power goes.
pub fn storage(folder: &Path) -> StoreConfig<'static> {
    StoreConfig {
        internal: StorageConfig::filesystem(folder.join("internal")),
        external: StorageConfig::filesystem(folder.join("external")),
        volatile: StorageConfig::ram(),
    }
}
