//! Says what the cards that are seen mean for a vault's slots.

use std::path::Path;

use keyreeve_domain::ports::{
    ApplicationInfo, CardApplication, CardError, CardInfo, CardReader, CardSight, SlotInfo,
    choose_card,
};

use crate::api::{CardSightView, SlotCardView};
use crate::cards::view::{application_view, reader_view};
use crate::error::Error;
use crate::world::World;

/// What is seen of the cards, and for each slot of `vault` that asks for one, whether its card is
/// there or what stands in the way. A vault that cannot be read has no slots here: its door says why.
#[must_use]
pub fn card_sight(world: &World, sight: &CardSight, vault: Option<&Path>) -> CardSightView {
    let slots = vault.and_then(|vault| world.headers.read(vault).ok()).map(|header| header.slots);
    let slot = |slot: &SlotInfo| Some(slot_card(sight, slot, slot.card()?));
    CardSightView {
        readers: sight.readers.iter().flatten().cloned().map(reader_view).collect(),
        reading: sight.reading,
        problem: nothing(sight).map(|error| Error::from(error).view()),
        slots: slots.iter().flatten().filter_map(slot).collect(),
    }
}

/// Why there is no card at all.
fn nothing(sight: &CardSight) -> Option<CardError> {
    match &sight.readers {
        Err(error) => Some(error.clone()),
        Ok(readers) if readers.is_empty() => Some(CardError::NoReader),
        Ok(readers) if !sight.reading && readers.iter().all(|reader| reader.card.is_none()) => {
            Some(CardError::NoCard)
        }
        Ok(_) => None,
    }
}

fn slot_card(sight: &CardSight, slot: &SlotInfo, wanted: &CardInfo) -> SlotCardView {
    let (card, problem) = match found(sight, wanted) {
        Ok((reader, card)) => {
            let problem = card.check_pin().err();
            (
                Some(application_view(&reader.name, card)),
                problem.map(|error| Error::from(error).view()),
            )
        }
        // It may be the one that is being read.
        Err(_) if sight.reading => (None, None),
        Err(error) => (None, Some(Error::from(error).view())),
    };
    SlotCardView { slot: slot.id.to_string(), card, problem }
}

/// The slot's card, as an unlock would find it.
fn found<'a>(
    sight: &'a CardSight,
    wanted: &CardInfo,
) -> Result<(&'a CardReader, &'a ApplicationInfo), CardError> {
    let readers = sight.readers.as_ref().map_err(Clone::clone)?;
    let application = CardApplication::of_slot(wanted.kind).ok_or(CardError::NoCard)?;
    choose_card(readers, application, &wanted.serial, |card| wanted.is_on(card))
}
