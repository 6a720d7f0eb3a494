//! Looks at what would open a backup.

use std::path::Path;

use crate::api::{IdentityFileRequest, IdentityFileResponse};
use crate::backup::source::read_identity;
use crate::error::Error;
use crate::world::World;

/// Whether an identity file's private keys are protected by a passphrase, so that it can be asked
/// for before a backup is opened.
///
/// # Errors
/// When the file cannot be read, or holds no private keys.
pub fn examine_identity(
    world: &World,
    request: &IdentityFileRequest,
) -> Result<IdentityFileResponse, Error> {
    let file = read_identity(Path::new(&request.file))?;
    let passphrase_needed = world.backups.identity_needs_passphrase(&file)?;
    Ok(IdentityFileResponse { passphrase_needed })
}
