//! PINs that are typed on a reader's PIN pad, never here.

use std::sync::Arc;

use keyreeve_domain::ports::{PadPin, PadRequest};
use keyreeve_unlock::{Attendant, PadWatch, PcscCards, Waits};

use crate::context::tries;
use crate::output::note;
use crate::progress::Interrupt;

/// The cards, in front of which the user sits.
pub(crate) fn cards() -> PcscCards {
    PcscCards::attended(attendant())
}

/// The user, who is told when a PIN is to be typed on a reader, and lets go of a card by Ctrl-C.
pub(crate) fn attendant() -> Attendant {
    let interrupt = Interrupt::of_process();
    Attendant { on_pad: Some(watch()), waits: Waits::until(move || interrupt.wanted()) }
}

fn watch() -> PadWatch {
    Arc::new(|request: Option<&PadRequest>| {
        let Some(PadRequest { reader, pin, tries_left }) = request else { return };
        let pin = match pin {
            PadPin::User => "PIN",
            PadPin::Admin => "admin PIN",
        };
        let tries = tries(*tries_left);
        note(&format!(
            "Type the {pin} on the reader “{reader}”{tries}; its cancel key or Ctrl-C stops it."
        ));
    })
}
