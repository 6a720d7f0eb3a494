//! Readers and cards as the window and `--json` see them.

use keyreeve_domain::ports::{ApplicationInfo, CardReader};

use crate::api::{CardApplicationView, CardReaderView, CardView};
use crate::error::Error;

pub(crate) fn reader_view(reader: CardReader) -> CardReaderView {
    let mut view = CardReaderView { name: reader.name, card: None, problem: None };
    match reader.card {
        None => {}
        Some(Ok(card)) => {
            let of_card = |found| application_view(&view.name, found);
            let applications = card.applications.iter().map(of_card).collect();
            let atr = card.atr.iter().map(|byte| format!("{byte:02x}")).collect();
            view.card = Some(CardView { atr, applications });
        }
        Some(Err(error)) => view.problem = Some(Error::from(error).view()),
    }
    view
}

/// An application on a card, with the name of the reader that it is in.
pub(crate) fn application_view(reader: &str, info: &ApplicationInfo) -> CardApplicationView {
    CardApplicationView {
        application: info.application.name().into(),
        serial: info.serial.clone(),
        pin_set: info.pin_set,
        tries_left: info.tries_left,
        admin_tries_left: info.admin_tries_left,
        makes: info.makes.iter().map(|kind| kind.name().into()).collect(),
        key: info.key.as_ref().map(|key| key.algorithm.clone()),
        usable: info.key.as_ref().is_some_and(|key| !key.public_key.is_empty()),
        touch: info.touch,
        pin_pad: info.pin_pad.then(|| reader.to_owned()),
    }
}
