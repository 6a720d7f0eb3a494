//! Lists the readers and their cards.

use keyreeve_domain::ports::Cards;

use crate::api::CardListResponse;
use crate::cards::view::reader_view;
use crate::error::Error;

/// Every reader and what is in it. No vault is needed, no PIN asked, and nothing changed on a card.
///
/// # Errors
/// When there is no smartcard service. What is wrong with one card is said at its reader.
pub fn list_cards(cards: &dyn Cards) -> Result<CardListResponse, Error> {
    let readers = cards.readers()?.into_iter().map(reader_view).collect();
    Ok(CardListResponse { readers })
}
