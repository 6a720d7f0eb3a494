//! What the disk's own sync costs: no durable answer can come sooner.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use crate::Outcome;
use crate::samples::{Samples, timed};

const ROUNDS: usize = 100;
/// A page of the database.
const PAGE: [u8; 4096] = [0x5A; 4096];

/// Writes a page in place and syncs it.
pub(crate) fn sync(folder: &Path) -> Outcome<Samples> {
    let folder = tempfile::tempdir_in(folder)?;
    let mut file = File::create(folder.path().join("page"))?;
    file.write_all(&PAGE)?;
    file.sync_all()?;
    let mut samples = Samples::default();
    for _ in 0..ROUNDS {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&PAGE)?;
        let (synced, taken) = timed(|| file.sync_data());
        synced?;
        samples.add(taken);
    }
    Ok(samples)
}
