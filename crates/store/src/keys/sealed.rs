//! A version's sealed bytes, checked against what its record says of them.

use keyreeve_crypto::sha256;
use keyreeve_domain::KeyId;
use keyreeve_domain::ports::{SealedVersion, StoreError};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::Answer;

type Digest = Option<[u8; 32]>;
type Bytes = Option<Vec<u8>>;

/// A version's sealed data key and material; `None` once destroyed, or if there is no such version.
pub(crate) fn sealed(
    connection: &Connection,
    id: KeyId,
    version: u32,
) -> Answer<Option<SealedVersion>> {
    let found: Option<(Digest, Digest, Bytes, Bytes)> = connection
        .prepare_cached(
            "SELECT v.data_key_digest, v.material_digest, s.data_key, s.material
             FROM key_versions AS v
             LEFT JOIN key_sealed AS s ON s.key = v.key AND s.version = v.version
             WHERE v.key = (SELECT key FROM keys WHERE id = ?1) AND v.version = ?2",
        )?
        .query_row(params![id.as_bytes(), version], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    match found {
        None | Some((None, None, None, None)) => Ok(None),
        Some((Some(data_key_digest), Some(material_digest), Some(data_key), Some(material)))
            if sha256(&data_key) == data_key_digest && sha256(&material) == material_digest =>
        {
            Ok(Some(SealedVersion { version, data_key, material }))
        }
        Some(_) => {
            Err(StoreError::Tampered { object: format!("version {version} of key {id}") }.into())
        }
    }
}
