//! Keyreeve's cryptography: secrets, sealing and wrapping, key generation, key identification.
//!
//! **Architecture invariant.** This crate knows no file, no clock, no database and no JSON for
//! the window. Randomness comes from the operating system and only `make_*` functions use it;
//! `derive_*` functions are deterministic. No primitive is written here: AES-GCM, HKDF, Argon2
//! and SHA-2 are RustCrypto's, the asymmetric algorithms are AWS-LC's.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod adopt;
mod algorithm;
mod audit_key;
mod card;
mod card_management;
mod card_rsa;
mod derive;
mod digest;
mod fingerprint;
mod foreign;
mod hazmat;
mod header_mac;
mod hierarchy;
mod identity;
mod material;
mod parts;
mod passphrase;
mod pre_auth;
mod random;
mod seal;
mod secret;
mod signing;
mod slot_pair;
mod stack;
mod transport;

pub use adopt::{
    AdoptError, AdoptedKey, AdoptedPublicKey, ForeignKey, ForeignRsa, adopt, adopt_public,
    adopt_public_bytes, adopt_public_rsa,
};
pub use algorithm::{Algorithm, Family, Purpose, UnknownName};
pub use audit_key::{
    AUDIT_SIGNATURE_LEN, AuditPublicKey, AuditSigningKey, SignatureRefused, open_audit_key,
    seal_audit_key,
};
pub use card::{CardAgreement, CardAgreementError, CardCurve, CardScheme, derive_card_key};
pub use card_management::{CardManagementKey, ManagementCipher};
pub use card_rsa::CardRsaKey;
pub use derive::derive_key;
pub use digest::{Sha256, sha256, sha256_parts};
pub use fingerprint::public_fingerprints;
pub use foreign::{
    ForeignAlgorithm, ForeignCurve, ForeignPublicKey, PublicAlgorithm, RecognisedKey,
    known_fingerprints, recognise_public, recognise_public_dsa, recognise_public_rsa,
};
pub use header_mac::MacRefused;
pub use hierarchy::{
    DatabaseKey, HeaderMacKey, MaterialContext, MaterialKeyCheck, RecordKind, VaultKeys,
    open_data_key, open_material, open_next_material_key, seal_data_key, seal_material,
    seal_next_material_key,
};
pub use identity::{IdentifyError, Identity, identify};
pub use material::{MakeKeyError, make_key};
pub use parts::{PrivateParts, PublicParts, RsaPrivateParts};
pub use passphrase::{
    Argon2Params, Argon2ParamsError, MAX_MEMORY_KIB, MAX_TIME_COST, MIN_MEMORY_KIB, MIN_TIME_COST,
    calibrate, derive_passphrase_key,
};
pub use pre_auth::pre_auth_encode;
pub use random::{RandomError, fill_random, make_array};
pub use seal::{OpenError, SealError, SealedBytes, open, seal};
pub use secret::{
    AuditSealKey, DataKey, MaterialKey, SecretBytes, SecretString, SlotKey, SlotPrivateKey,
    VaultKey,
};
pub use signing::{
    SignatureScheme, SigningError, SigningKey, certificate_scheme, verify_signature,
};
pub use slot_pair::{
    RECIPIENT_LEN, SEALED_MATERIAL_KEY_LEN, SlotContext, SlotPairError, SlotPublicKey,
};
pub use stack::wiped_after;
pub use transport::{OaepHash, WrapError, WrappingKey};
