//! Makes, seals and opens the material of key versions.

use keyreeve_crypto::{
    Algorithm, DataKey, Identity, MaterialContext, SecretBytes, identify, make_key, open_data_key,
    open_material, seal_data_key, seal_material, sha256,
};
use keyreeve_domain::ports::{ReadTransaction, SealedVersion};
use keyreeve_domain::{KeyRecord, NewVersion, Origin};

use crate::api::ErrorCode;
use crate::error::Error;
use crate::session::UnlockedSession;

/// Made material and what may be known of it.
pub(crate) struct Made {
    material: SecretBytes,
    identity: Identity,
}

/// Makes material; slow for RSA, so it happens before a transaction begins.
pub(crate) fn make(algorithm: Algorithm) -> Result<Made, Error> {
    let fault = |what: String| Error::internal(format!("the key could not be made: {what}"));
    let material = make_key(algorithm).map_err(|error| fault(error.to_string()))?;
    let identity = identify(algorithm, &material).map_err(|error| fault(error.to_string()))?;
    Ok(Made { material, identity })
}

impl Made {
    /// Seals the material under a new data key, both bound to `context`.
    pub(crate) fn seal(
        self,
        session: &UnlockedSession,
        context: &MaterialContext,
        origin: Origin,
    ) -> Result<(NewVersion, SealedVersion), Error> {
        let data_key = DataKey::make()?;
        let sealed = SealedVersion {
            version: context.version,
            data_key: seal_data_key(session.material_key()?, context, &data_key)?,
            material: seal_material(&data_key, context, &self.material)?,
        };
        let new = new_version(session, self.identity, origin, &sealed);
        Ok((new, sealed))
    }
}

fn new_version(
    session: &UnlockedSession,
    identity: Identity,
    origin: Origin,
    sealed: &SealedVersion,
) -> NewVersion {
    NewVersion {
        origin,
        generator: generator(),
        creator: session.slot.name.clone(),
        public_key: identity.public_key,
        fingerprints: identity.fingerprints,
        kcv: identity.kcv,
        data_key_digest: sha256(&sealed.data_key),
        material_digest: sha256(&sealed.material),
    }
}

/// A version as it would be, for showing what a change would do: no material is made.
pub(crate) fn imagined(session: &UnlockedSession) -> NewVersion {
    NewVersion {
        origin: Origin::Generated,
        generator: generator(),
        creator: session.slot.name.clone(),
        public_key: None,
        fingerprints: std::collections::BTreeMap::new(),
        kcv: None,
        data_key_digest: [0; 32],
        material_digest: [0; 32],
    }
}

fn generator() -> String {
    format!("keyreeve {}", env!("CARGO_PKG_VERSION"))
}

/// Opens the material of a version that was loaded and compared with the log.
pub(crate) fn open_material_of(
    session: &UnlockedSession,
    tx: &dyn ReadTransaction,
    record: &KeyRecord,
    version: u32,
) -> Result<SecretBytes, Error> {
    let sealed = tx.sealed(record.id, version)?.ok_or_else(|| {
        Error::new(ErrorCode::RefusedByState, format!("version {version} was destroyed"))
    })?;
    let context = record.material_context(session.vault_id(), version);
    let data_key = open_data_key(session.material_key()?, &context, &sealed.data_key)?;
    Ok(open_material(&data_key, &context, &sealed.material)?)
}
