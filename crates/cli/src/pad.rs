//! PINs that are typed on a reader's PIN pad, never here.

use std::sync::Arc;

use keyreeve_domain::ports::{PadPin, PadRequest};
use keyreeve_unlock::{PadWatch, PcscCards};

use crate::context::tries;
use crate::output::note;

/// The cards; that a PIN is to be typed on a reader is said when it is.
pub(crate) fn cards() -> PcscCards {
    PcscCards::watched(watch())
}

/// Says so.
pub(crate) fn watch() -> PadWatch {
    Arc::new(|request: Option<&PadRequest>| {
        let Some(PadRequest { reader, pin, tries_left }) = request else { return };
        let pin = match pin {
            PadPin::User => "PIN",
            PadPin::Admin => "admin PIN",
        };
        let tries = tries(*tries_left);
        note(&format!("Type the {pin} on the reader “{reader}”{tries}; its cancel key stops it."));
    })
}
