//! A vault's header and its unlock slots.
