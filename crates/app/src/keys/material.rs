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
    origin: Origin,
    generator: String,
}

/// Makes material; slow for RSA, so it happens before a transaction begins.
pub(crate) fn make(algorithm: Algorithm) -> Result<Made, Error> {
    let fault = |what: String| Error::internal(format!("the key could not be made: {what}"));
    let material = make_key(algorithm).map_err(|error| fault(error.to_string()))?;
    let identity = identify(algorithm, &material).map_err(|error| fault(error.to_string()))?;
    Ok(Made { material, identity, origin: Origin::Generated, generator: generator() })
}

impl Made {
    /// Takes a copy of material that came from outside, in a file of the form `title`.
    pub(crate) fn imported(
        algorithm: Algorithm,
        material: &SecretBytes,
        title: &str,
    ) -> Result<Self, Error> {
        // EXPOSE: sealed, and wiped after that.
        let material = SecretBytes::new(material.expose().to_vec());
        let identity = identify(algorithm, &material)
            .map_err(|error| Error::new(ErrorCode::BadInputFile, error.to_string()))?;
        let generator = format!("unknown ({title})");
        Ok(Self { material, identity, origin: Origin::Imported, generator })
    }

    /// Seals the material under a new data key, both bound to `context`.
    pub(crate) fn seal(
        self,
        session: &UnlockedSession,
        context: &MaterialContext,
    ) -> Result<(NewVersion, SealedVersion), Error> {
        let data_key = DataKey::make()?;
        let sealed = SealedVersion {
            version: context.version,
            data_key: seal_data_key(session.held().material_key()?, context, &data_key)?,
            material: seal_material(&data_key, context, &self.material)?,
        };
        let new = NewVersion {
            origin: self.origin,
            generator: self.generator,
            creator: session.slot.name.clone(),
            public_key: self.identity.public_key,
            fingerprints: self.identity.fingerprints,
            kcv: self.identity.kcv,
            data_key_digest: sha256(&sealed.data_key),
            material_digest: sha256(&sealed.material),
        };
        Ok((new, sealed))
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
    let held = session.held();
    held.require_current(tx)?;
    let data_key = open_data_key(held.material_key()?, &context, &sealed.data_key)?;
    Ok(open_material(&data_key, &context, &sealed.material)?)
}
