//! Does what is due: activates, deactivates and destroys.

use keyreeve_domain::Role;
use keyreeve_domain::audit::Source;
use keyreeve_domain::ports::Stamp;

use crate::api::{DueDone, RunDueResponse};
use crate::error::Error;
use crate::session::{UnlockedSession, Write};

/// How many keys one look at the due ones takes.
const BATCH: u32 = 1_000;

/// Does what is due, in one transaction.
///
/// # Errors
/// When the vault cannot be written, or a key is not what the log says of it.
pub fn run_due(session: &UnlockedSession) -> Result<RunDueResponse, Error> {
    session.may_change_keys()?;
    let now = session.now();
    if session.read()?.due(now, 1)?.is_empty() {
        return Ok(RunDueResponse { done: Vec::new() });
    }
    let mut write = session.write()?;
    let done = run_due_in(&mut write, session.slot.role)?;
    write.commit()?;
    Ok(RunDueResponse { done })
}

/// Does what is due as part of `write`; an auditor's session leaves it to others.
pub(crate) fn run_due_in(write: &mut Write<'_>, role: Role) -> Result<Vec<DueDone>, Error> {
    let mut done = Vec::new();
    if !role.may_change_keys() {
        return Ok(done);
    }
    let stamp = Stamp { source: Source::Scheduler, ..write.stamp.clone() };
    loop {
        let due = write.tx.due(stamp.time, BATCH)?;
        if due.is_empty() {
            return Ok(done);
        }
        for id in due {
            let Some(record) = write.tx.trusted_key(id)? else { continue };
            for change in record.run_due(stamp.time) {
                write.tx.save_key(&change, &[], &stamp)?;
                done.push(DueDone {
                    action: change.action.name().into(),
                    key: id.to_string(),
                    name: change.record.name.to_string(),
                    version: change.version.unwrap_or(change.record.primary_version),
                });
            }
        }
    }
}
