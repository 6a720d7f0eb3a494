//! Opening a vault: from the passphrase's key to the first page on the screen.

use keyreeve_app::{keys, vault};
use serde_json::json;

use crate::Outcome;
use crate::samples::{Samples, timed};
use crate::world::{BenchWorld, request};

const ROUNDS: usize = 7;

/// What opening took.
pub(crate) struct Figures {
    /// Unlocking, without deriving the key from the passphrase; with its audit event, a signed
    /// checkpoint and the anchor on the disk.
    pub(crate) unlock: Samples,
    /// Opening the database, a part of the former.
    pub(crate) database: Samples,
    /// The first page of the list and the sidebar's numbers, afterwards.
    pub(crate) first_page: Samples,
}

pub(crate) fn measure(world: &BenchWorld) -> Outcome<Figures> {
    let mut figures = Figures {
        unlock: Samples::default(),
        database: Samples::default(),
        first_page: Samples::default(),
    };
    for _ in 0..ROUNDS {
        let (session, time) = world.unlock()?;
        figures.unlock.add(time.beyond_kdf);
        figures.database.add(time.database);
        let first = request(json!({}))?;
        let (shown, taken) = timed(|| {
            keys::list_keys(&session, &first)?;
            keys::counts(&session)
        });
        shown?;
        figures.first_page.add(taken);
        vault::lock_vault(session, "bench")?;
    }
    Ok(figures)
}
