//! A version's sealed bytes, checked against what its record says of them.

use keyreeve_crypto::sha256;
use keyreeve_domain::KeyId;
use keyreeve_domain::ports::{SealedVersion, StoreError};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::Fault;

/// A version's digests as its record has them, of its data key and of its material; none once destroyed.
pub(super) type Digests = (Option<[u8; 32]>, Option<[u8; 32]>);

/// A version's sealed data key and material as they are stored.
pub(super) type Sealed = (Option<Vec<u8>>, Option<Vec<u8>>);

/// A version's sealed data key and material; `None` once destroyed, or if there is no such version.
pub(crate) fn sealed(
    connection: &Connection,
    id: KeyId,
    version: u32,
) -> Result<Option<SealedVersion>, Fault> {
    let found: Option<(Digests, Sealed)> = connection
        .prepare_cached(
            "SELECT v.data_key_digest, v.material_digest, s.data_key, s.material
             FROM key_versions AS v
             LEFT JOIN key_sealed AS s ON s.key = v.key AND s.version = v.version
             WHERE v.key = (SELECT key FROM keys WHERE id = ?1) AND v.version = ?2",
        )?
        .query_row(params![id.as_bytes(), version], |row| {
            Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)))
        })
        .optional()?;
    let Some((digests, sealed)) = found else { return Ok(None) };
    as_recorded(id, version, digests, sealed)
}

/// The sealed bytes, if they are those that the record vouches for; both are absent once destroyed.
pub(super) fn as_recorded(
    id: KeyId,
    version: u32,
    digests: Digests,
    sealed: Sealed,
) -> Result<Option<SealedVersion>, Fault> {
    match (digests, sealed) {
        ((None, None), (None, None)) => Ok(None),
        ((Some(of_data_key), Some(of_material)), (Some(data_key), Some(material)))
            if sha256(&data_key) == of_data_key && sha256(&material) == of_material =>
        {
            Ok(Some(SealedVersion { version, data_key, material }))
        }
        _ => Err(StoreError::Tampered { object: format!("version {version} of key {id}") }.into()),
    }
}
