//! Wires the adapters in.

use std::sync::Arc;

use keyreeve_app::{SystemClock, World};
use keyreeve_backup::AgeBackups;
use keyreeve_crypto::Argon2Params;
use keyreeve_store::SqlcipherOpener;
use keyreeve_unlock::{FileHeaders, UserAnchors};

use crate::pad;

/// The real world; new slots cost `params`, or what is measured on this computer.
pub(crate) fn world(params: Option<Argon2Params>) -> World {
    let headers = params.map_or_else(FileHeaders::new, FileHeaders::with_params);
    World {
        stores: Arc::new(SqlcipherOpener),
        headers: Arc::new(headers.attended(&pad::attendant())),
        backups: Arc::new(AgeBackups),
        anchors: Arc::new(UserAnchors::of_user()),
        clock: Arc::new(SystemClock),
    }
}
