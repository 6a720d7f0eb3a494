//! The real command on real vaults.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../../../../tests/rigs/card_rig.rs"]
mod card_rig;
mod desk;
#[path = "../../../../tests/rigs/keyring_others.rs"]
mod keyring_others;
#[path = "../../../../tests/rigs/keyring_rig.rs"]
mod keyring_rig;
#[path = "../../../../tests/rigs/openbao_rig.rs"]
mod openbao_rig;

mod backups;
mod bad_files;
mod bad_names;
mod bad_places;
mod bad_vaults;
mod byok;
mod card_keys;
mod card_pads;
mod card_slots;
mod card_table;
mod cards;
mod certificates;
mod clock;
mod exports;
mod guide;
mod hand_over;
mod imports;
mod inventory;
mod kept_certificates;
mod keyring;
mod keyring_fails;
mod keyring_session;
mod life;
mod locking;
mod openpgp;
mod passphrases;
mod program;
mod public_keys;
mod recovery;
mod slots;
mod ssh_certificates;
mod terminal;
mod transit;
