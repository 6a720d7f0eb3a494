//! Says that a card may be waiting for a touch. Most cards do not tell that they do; one that takes long may.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use keyreeve_crypto::SecretString;

use crate::output::note;

/// A card that waits for nobody has answered by then.
const PATIENCE: Duration = Duration::from_millis(500);

/// Says so once, unless it is dropped before.
pub(crate) struct TouchHint {
    _ends: Sender<()>,
}

impl TouchHint {
    /// Begins to wait if a PIN was given here. While one is typed on a reader it takes long without any touch.
    pub(crate) fn after(pin: Option<&SecretString>) -> Option<Self> {
        pin.filter(|pin| !pin.is_empty()).map(|_| Self::start())
    }

    fn start() -> Self {
        let (ends, end) = channel::<()>();
        thread::spawn(move || {
            if end.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                note("If the card blinks, touch it.");
            }
        });
        Self { _ends: ends }
    }
}
