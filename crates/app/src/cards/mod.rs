//! Smartcards: what is in the readers, and what that means for a vault's slots.

mod awaited;
mod list;
mod make_key;
mod sight;
mod view;

pub use awaited::awaited_card;
pub use list::list_cards;
pub use make_key::make_card_key;
pub use sight::card_sight;
