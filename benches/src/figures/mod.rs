//! The figures: each is measured at several sizes, in a vault of its size.

mod audit;
mod backup;
mod bulk;
mod command_line;
mod disk;
mod inventory;
mod keys_in;
mod list;
mod one_key;
mod open;

use std::path::Path;
use std::time::Duration;

use crate::arguments::Arguments;
use crate::machine::Machine;
use crate::samples::{Samples, timed};
use crate::world::BenchWorld;
use crate::{Outcome, fixture, say};

/// Everything that was measured.
pub(crate) struct Measured {
    pub(crate) machine: Machine,
    pub(crate) sync: Samples,
    pub(crate) vaults: Vec<VaultFigures>,
    pub(crate) logs: Vec<LogFigures>,
    pub(crate) keys_in: keys_in::Figures,
    pub(crate) command_line: Option<command_line::Figures>,
    pub(crate) window: Samples,
}

/// What was measured in a vault of `keys` keys.
pub(crate) struct VaultFigures {
    pub(crate) keys: u32,
    /// Making all its keys.
    pub(crate) made: Duration,
    pub(crate) database_bytes: u64,
    pub(crate) open: open::Figures,
    pub(crate) list: list::Figures,
    pub(crate) on_disk: one_key::Figures,
    /// The same where syncing costs nothing; `None` where there is no such place.
    pub(crate) in_memory: Option<one_key::Figures>,
    pub(crate) audit: audit::Figures,
    pub(crate) backup: backup::Figures,
    /// Writing the inventory as a CycloneDX document.
    pub(crate) inventory: Samples,
    pub(crate) bulk: bulk::Figures,
}

/// What was measured in a log of `events` entries.
pub(crate) struct LogFigures {
    pub(crate) events: u64,
    pub(crate) audit: audit::Figures,
}

/// A file system that lies in memory, where a sync costs nothing.
const MEMORY: &str = "/dev/shm";

/// Measures everything.
pub(crate) fn measure(arguments: &Arguments) -> Outcome<Measured> {
    let machine = Machine::look();
    say(format_args!("the disk's own sync"));
    let sync = disk::sync(&arguments.folder)?;
    let mut vaults = Vec::new();
    for keys in &arguments.sizes {
        vaults.push(vault(&arguments.folder, *keys)?);
    }
    let logs = logs(&arguments.folder, &arguments.events)?;
    say(format_args!("bringing keys in"));
    let keys_in = keys_in::measure(&arguments.folder)?;
    let command_line = match &arguments.cli {
        Some(program) => {
            say(format_args!("the command line"));
            Some(command_line::measure(&arguments.folder, program)?)
        }
        None => None,
    };
    let window = arguments.window.iter().copied().collect();
    Ok(Measured { machine, sync, vaults, logs, keys_in, command_line, window })
}

fn vault(folder: &Path, keys: u32) -> Outcome<VaultFigures> {
    say(format_args!("{keys} keys: making them"));
    let world = BenchWorld::inside(folder)?;
    let (session, made) = timed(|| fixture::vault_of(&world, keys));
    drop(session?);
    let database_bytes = world.database_bytes()?;
    say(format_args!("{keys} keys: opening"));
    let open = open::measure(&world)?;
    say(format_args!("{keys} keys: listing and searching"));
    let list = list::measure(&world)?;
    say(format_args!("{keys} keys: creating and rotating one"));
    let memory = Path::new(MEMORY);
    let in_memory =
        if memory.is_dir() { Some(one_key::measure(&world.copy_to(memory)?)?) } else { None };
    let on_disk = one_key::measure(&world)?;
    let (session, _) = world.unlock()?;
    say(format_args!("{keys} keys: verifying the log and the keys"));
    let audit = audit::measure(&session)?;
    say(format_args!("{keys} keys: backing up"));
    let backup = backup::measure(&world, &session)?;
    say(format_args!("{keys} keys: writing the inventory"));
    let inventory = inventory::measure(&world, &session)?;
    say(format_args!("{keys} keys: rotating many"));
    let bulk = bulk::measure(&session)?;
    Ok(VaultFigures {
        keys,
        made,
        database_bytes,
        open,
        list,
        on_disk,
        in_memory,
        audit,
        backup,
        inventory,
        bulk,
    })
}

/// Logs that grow by changes of the same thousand keys.
fn logs(folder: &Path, sizes: &[u64]) -> Outcome<Vec<LogFigures>> {
    const KEYS: u32 = 500;
    let world = BenchWorld::inside(folder)?;
    let session = fixture::vault_of(&world, KEYS)?;
    let mut logs = Vec::new();
    for events in sizes {
        say(format_args!("{events} audit events: making and verifying them"));
        fixture::grow_log(&session, u64::from(KEYS), *events)?;
        logs.push(LogFigures { events: *events, audit: audit::measure(&session)? });
    }
    Ok(logs)
}
