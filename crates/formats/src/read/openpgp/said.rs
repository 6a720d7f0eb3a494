//! What the owner of a key says of it, in signatures that verify.

use keyreeve_crypto::Purpose;
use pgp::packet::{KeyFlags, Signature, SignatureType, UserId};
use pgp::types::{KeyDetails as _, Tag};

use super::Component;
use super::public::Key;

/// How many signatures of one file are verified: as many as two hundred keys have, and a second's work.
const MAX_VERIFIED: u32 = 500;

/// The verifications that are left for a file.
pub(super) struct Budget(u32);

impl Default for Budget {
    fn default() -> Self {
        Self(MAX_VERIFIED)
    }
}

impl Budget {
    pub(super) fn spend(&mut self) -> bool {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or_default();
        left.is_some()
    }
}

/// What is said of a key.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) purpose: Option<Purpose>,
    pub(super) revoked: bool,
}

impl Said {
    /// Of a primary key: by a signature over itself, or over one of its names.
    pub(super) fn of_primary(
        primary: &Key<'_>,
        component: &Component<'_>,
        names: &[(UserId, Vec<Signature>)],
        budget: &mut Budget,
    ) -> Self {
        let Some(key) = primary.verifier() else { return Self::default() };
        let direct = component.signatures.iter().filter(|signature| {
            is_by(signature, primary) && budget.spend() && signature.verify_key(&key).is_ok()
        });
        let direct: Vec<_> = direct.collect();
        let certified = names.iter().flat_map(|(name, signatures)| {
            signatures.iter().map(move |signature| (name, signature))
        });
        let certified = certified.filter(|(name, signature)| {
            signature.is_certification()
                && is_by(signature, primary)
                && budget.spend()
                && signature.verify_certification(&key, Tag::UserId, name).is_ok()
        });
        let all = certified.map(|(_, signature)| signature).chain(direct.iter().copied());
        Self::latest(all.collect(), SignatureType::KeyRevocation)
    }

    /// Of a subkey: by the signature of its primary key that binds it.
    pub(super) fn of_subkey(
        primary: &Key<'_>,
        subkey: &Key<'_>,
        component: &Component<'_>,
        budget: &mut Budget,
    ) -> Self {
        let (Some(key), Some(subkey)) = (primary.verifier(), subkey.frame()) else {
            return Self::default();
        };
        let bound = component.signatures.iter().filter(|signature| {
            budget.spend() && signature.verify_subkey_binding(&key, &subkey).is_ok()
        });
        Self::latest(bound.collect(), SignatureType::SubkeyRevocation)
    }

    fn latest(signatures: Vec<&Signature>, revocation: SignatureType) -> Self {
        let revoked = signatures.iter().any(|signature| signature.typ() == Some(revocation));
        let binding = signatures.iter().filter(|signature| signature.typ() != Some(revocation));
        let latest = binding.max_by_key(|signature| signature.created());
        Self { purpose: latest.and_then(|signature| purpose(&signature.key_flags())), revoked }
    }
}

/// One key has one purpose here: the first of those that it is marked for.
fn purpose(flags: &KeyFlags) -> Option<Purpose> {
    if flags.sign() {
        Some(Purpose::Sign)
    } else if flags.encrypt_comms() || flags.encrypt_storage() {
        Some(Purpose::Encrypt)
    } else if flags.authentication() {
        Some(Purpose::Authenticate)
    } else {
        flags.certify().then_some(Purpose::Sign)
    }
}

/// Whether a signature says that it is the key's own.
pub(super) fn is_by(signature: &Signature, key: &Key<'_>) -> bool {
    let Some(frame) = key.frame() else { return false };
    signature.issuer_fingerprint().contains(&&frame.fingerprint())
        || signature.issuer_key_id().contains(&&frame.legacy_key_id())
}
