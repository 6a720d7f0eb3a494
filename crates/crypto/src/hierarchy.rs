//! The vault's key hierarchy: what is derived from VK, how MK wraps DEKs, what a DEK seals.

use std::fmt;

use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::algorithm::{Algorithm, Purpose};
use crate::derive::derive_key;
use crate::pre_auth::pre_auth_encode;
use crate::seal::{OpenError, SealError, SealedBytes, open, seal};
use crate::secret::{AuditSealKey, DataKey, MaterialKey, SecretBytes, VaultKey};

/// The raw 32-byte key of the SQLCipher database.
#[derive(ZeroizeOnDrop)]
pub struct DatabaseKey(Zeroizing<[u8; 32]>);

impl DatabaseKey {
    /// The key's bytes. Say beside each use, in an `EXPOSE:` comment, why it is needed.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseKey([redacted])")
    }
}

/// The HMAC-SHA-256 key of the vault's header.
#[derive(ZeroizeOnDrop)]
pub struct HeaderMacKey(Zeroizing<[u8; 32]>);

impl HeaderMacKey {
    /// A key that is not derived, for published vectors.
    #[cfg(test)]
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key's bytes. Say beside each use, in an `EXPOSE:` comment, why it is needed.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for HeaderMacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeaderMacKey([redacted])")
    }
}

impl VaultKey {
    /// Derives the database key of the vault `vault_id`.
    #[must_use]
    pub fn derive_database_key(&self, vault_id: &[u8; 16]) -> DatabaseKey {
        // EXPOSE: HKDF's input.
        DatabaseKey(derive_key(self.expose(), "keyreeve/v1/database", &[vault_id]))
    }

    /// Derives the header's HMAC key of the vault `vault_id`.
    #[must_use]
    pub fn derive_header_mac_key(&self, vault_id: &[u8; 16]) -> HeaderMacKey {
        // EXPOSE: HKDF's input.
        HeaderMacKey(derive_key(self.expose(), "keyreeve/v1/header-mac", &[vault_id]))
    }

    /// Derives the key that seals the audit log's signing key of the vault `vault_id`.
    #[must_use]
    pub fn derive_audit_seal_key(&self, vault_id: &[u8; 16]) -> AuditSealKey {
        // EXPOSE: HKDF's input.
        AuditSealKey::from_bytes(&derive_key(self.expose(), "keyreeve/v1/audit-seal", &[vault_id]))
    }
}

/// What tells one MK from another, and nothing of either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaterialKeyCheck(pub [u8; 32]);

impl MaterialKey {
    /// What tells this MK of the vault `vault_id` from others.
    #[must_use]
    pub fn check(&self, vault_id: &[u8; 16]) -> MaterialKeyCheck {
        // EXPOSE: HKDF's input.
        let key = derive_key(self.expose(), "keyreeve/v1/material-key-check", &[vault_id]);
        MaterialKeyCheck(*key)
    }

    fn derive_succession_key(&self, vault_id: &[u8; 16]) -> Zeroizing<[u8; 32]> {
        // EXPOSE: HKDF's input.
        derive_key(self.expose(), "keyreeve/v1/material-key-succession", &[vault_id])
    }
}

/// Seals the MK that follows under the one before it, for the moment in which the database has the
/// new one and the header still the old.
///
/// # Errors
/// When no nonce can be drawn.
pub fn seal_next_material_key(
    before: &MaterialKey,
    next: &MaterialKey,
    vault_id: &[u8; 16],
) -> Result<SealedBytes, SealError> {
    let bound = pre_auth_encode(&[b"next-material-key", vault_id]);
    // EXPOSE: the plaintext of the sealing.
    seal(&before.derive_succession_key(vault_id), &bound, next.expose())
}

/// Opens what [`seal_next_material_key`] made.
///
/// # Errors
/// When it was sealed under another MK, or changed.
pub fn open_next_material_key(
    before: &MaterialKey,
    sealed: &[u8],
    vault_id: &[u8; 16],
) -> Result<MaterialKey, OpenError> {
    let bound = pre_auth_encode(&[b"next-material-key", vault_id]);
    let opened = open(&before.derive_succession_key(vault_id), &bound, sealed)?;
    // EXPOSE: MK's own bytes become its newtype.
    opened.expose().try_into().map(MaterialKey::from_bytes).map_err(|_length| OpenError::Truncated)
}

/// What an unlock slot's payload holds: VK, and MK unless the slot's role is *auditor*.
#[derive(Debug)]
pub struct VaultKeys {
    /// Reads the books.
    pub vault: VaultKey,
    /// Reaches material; `None` for an auditor.
    pub material: Option<MaterialKey>,
}

/// What kind of record sealed bytes are, so that one can never stand in for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordKind {
    /// A wrapped data-encryption key.
    DataKey,
    /// Sealed key material.
    Material,
}

impl RecordKind {
    fn label(self) -> &'static str {
        match self {
            Self::DataKey => "data-key",
            Self::Material => "material",
        }
    }
}

/// What a key version's DEK and material are bound to. None of it can change afterwards.
#[derive(Debug, Clone, Copy)]
pub struct MaterialContext {
    /// The vault.
    pub vault_id: [u8; 16],
    /// The key.
    pub key_id: [u8; 16],
    /// The key's version, from 1.
    pub version: u32,
    /// The key's one purpose.
    pub purpose: Purpose,
    /// The key's algorithm.
    pub algorithm: Algorithm,
    /// Whether policy may ever let the material out.
    pub exportable: bool,
}

impl MaterialContext {
    fn associated_data(&self, kind: RecordKind) -> Vec<u8> {
        pre_auth_encode(&[
            kind.label().as_bytes(),
            &self.vault_id,
            &self.key_id,
            &self.version.to_be_bytes(),
            self.purpose.name().as_bytes(),
            self.algorithm.name().as_bytes(),
            if self.exportable { b"exportable" } else { b"not-exportable" },
        ])
    }

    /// The subkey of MK that wraps this one version's DEK, so that no single AES-GCM key sees
    /// many random nonces.
    fn derive_wrapping_key(&self, material_key: &MaterialKey) -> Zeroizing<[u8; 32]> {
        // EXPOSE: HKDF's input.
        derive_key(
            material_key.expose(),
            "keyreeve/v1/data-key-wrap",
            &[&self.vault_id, &self.key_id, &self.version.to_be_bytes()],
        )
    }
}

/// Wraps `data_key` under MK, bound to `context`.
///
/// # Errors
/// When no nonce can be drawn.
pub fn seal_data_key(
    material_key: &MaterialKey,
    context: &MaterialContext,
    data_key: &DataKey,
) -> Result<SealedBytes, SealError> {
    // EXPOSE: the plaintext of the sealing.
    seal(
        &context.derive_wrapping_key(material_key),
        &context.associated_data(RecordKind::DataKey),
        data_key.expose(),
    )
}

/// Unwraps what [`seal_data_key`] made for the same `context`.
///
/// # Errors
/// When the bytes are not the DEK of exactly this context under this MK.
pub fn open_data_key(
    material_key: &MaterialKey,
    context: &MaterialContext,
    sealed: &[u8],
) -> Result<DataKey, OpenError> {
    let opened = open(
        &context.derive_wrapping_key(material_key),
        &context.associated_data(RecordKind::DataKey),
        sealed,
    )?;
    // EXPOSE: the DEK's own bytes become its newtype.
    opened
        .expose()
        .first_chunk::<32>()
        .filter(|_| opened.len() == 32)
        .map_or(Err(OpenError::Truncated), |bytes| Ok(DataKey::from_bytes(bytes)))
}

/// Seals a version's `material` under its DEK, bound to `context`.
///
/// # Errors
/// When no nonce can be drawn.
pub fn seal_material(
    data_key: &DataKey,
    context: &MaterialContext,
    material: &SecretBytes,
) -> Result<SealedBytes, SealError> {
    // EXPOSE: the sealing key and the plaintext of the sealing.
    seal(data_key.expose(), &context.associated_data(RecordKind::Material), material.expose())
}

/// Opens what [`seal_material`] made for the same `context`.
///
/// # Errors
/// When the bytes are not the material of exactly this context under this DEK.
pub fn open_material(
    data_key: &DataKey,
    context: &MaterialContext,
    sealed: &[u8],
) -> Result<SecretBytes, OpenError> {
    // EXPOSE: the opening key.
    open(data_key.expose(), &context.associated_data(RecordKind::Material), sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> MaterialContext {
        MaterialContext {
            vault_id: [1; 16],
            key_id: [2; 16],
            version: 3,
            purpose: Purpose::Encrypt,
            algorithm: Algorithm::Aes256Gcm,
            exportable: false,
        }
    }

    /// The values are of an HKDF in Python that gives RFC 5869's test case 3: other ones would lock everybody out.
    #[test]
    fn keys_of_version_1_are_pinned() {
        let vault_key = VaultKey::from_bytes(&[9; 32]);
        let material_key = MaterialKey::from_bytes(&[5; 32]);
        let vault = [1; 16];
        let MaterialKeyCheck(check) = material_key.check(&vault);
        for (key, pinned) in [
            (
                vault_key.derive_database_key(&vault).expose(),
                "f17729fea4812ed0b42a4f5c9084d1297384ae7382e7f0887a4e4c5750c6913b",
            ),
            (
                vault_key.derive_header_mac_key(&vault).expose(),
                "3dc73f53b1839574364586e9a161a016021db72ce07ba00303c09d62365e9bb4",
            ),
            (
                vault_key.derive_audit_seal_key(&vault).expose(),
                "ec60f1b108720baee14d117842e3fe74228103561fc950c071f44b47915e42a4",
            ),
            (&check, "df737a74c53102401e2db93614864d07b1db84fd88728eff96d92b9ea4940d2a"),
            (
                &*material_key.derive_succession_key(&vault),
                "d3cc3f66ca67b6fd4aa6e0d2ce677d1ac6a72017b91fb84e7e26b49784387724",
            ),
            (
                &*context().derive_wrapping_key(&material_key),
                "ee869a52ea388febdf0ac6b75378b29e6299137448c24fd3abc83376b4769fb8",
            ),
        ] {
            assert_eq!(hex::encode(key), pinned);
        }
    }

    #[test]
    fn debug_shows_no_key() {
        let vault_key = VaultKey::from_bytes(&[9; 32]);
        let shown = format!(
            "{:?} {:?}",
            vault_key.derive_database_key(&[1; 16]),
            vault_key.derive_header_mac_key(&[1; 16])
        );
        assert_eq!(shown, "DatabaseKey([redacted]) HeaderMacKey([redacted])");
    }

    #[test]
    fn another_material_key_opens_no_data_key() {
        let sealed = seal_data_key(
            &MaterialKey::from_bytes(&[5; 32]),
            &context(),
            &DataKey::from_bytes(&[6; 32]),
        );
        let other = MaterialKey::from_bytes(&[4; 32]);
        assert!(open_data_key(&other, &context(), &sealed.unwrap()).is_err());
    }

    #[test]
    fn material_opens_only_in_its_own_context() {
        let material_key = MaterialKey::from_bytes(&[5; 32]);
        let data_key = DataKey::from_bytes(&[6; 32]);
        let material = SecretBytes::new(b"secret".to_vec());
        let sealed_key = seal_data_key(&material_key, &context(), &data_key).unwrap();
        let sealed = seal_material(&data_key, &context(), &material).unwrap();
        assert_eq!(open_data_key(&material_key, &context(), &sealed_key).unwrap(), data_key);
        assert_eq!(open_material(&data_key, &context(), &sealed).unwrap(), material);

        let others = [
            MaterialContext { vault_id: [9; 16], ..context() },
            MaterialContext { key_id: [9; 16], ..context() },
            MaterialContext { version: 4, ..context() },
            MaterialContext { purpose: Purpose::Wrap, ..context() },
            MaterialContext { algorithm: Algorithm::Aes128Gcm, ..context() },
            MaterialContext { exportable: true, ..context() },
        ];
        for other in others {
            assert!(open_data_key(&material_key, &other, &sealed_key).is_err(), "{other:?}");
            assert!(open_material(&data_key, &other, &sealed).is_err(), "{other:?}");
        }
    }

    #[test]
    fn the_next_material_key_opens_under_the_one_before_it_alone() {
        let (before, next) = (MaterialKey::from_bytes(&[5; 32]), MaterialKey::from_bytes(&[6; 32]));
        let sealed = seal_next_material_key(&before, &next, &[1; 16]).unwrap();
        assert_eq!(open_next_material_key(&before, &sealed, &[1; 16]).unwrap(), next);
        assert!(open_next_material_key(&next, &sealed, &[1; 16]).is_err());
        assert!(open_next_material_key(&before, &sealed, &[2; 16]).is_err());
        assert_eq!(next.check(&[1; 16]), MaterialKey::from_bytes(&[6; 32]).check(&[1; 16]));
        assert_ne!(next.check(&[1; 16]), before.check(&[1; 16]));
        assert_ne!(next.check(&[1; 16]), next.check(&[2; 16]));
    }

    #[test]
    fn material_cannot_stand_in_for_a_data_key() {
        let material_key = MaterialKey::from_bytes(&[5; 32]);
        let wrapping = context().derive_wrapping_key(&material_key);
        let as_material =
            seal(&wrapping, &context().associated_data(RecordKind::Material), &[6; 32]).unwrap();
        assert!(open_data_key(&material_key, &context(), &as_material).is_err());
    }
}
