//! Slot keys from a passphrase, by Argon2id.

use std::sync::OnceLock;

use keyreeve_crypto::{Argon2Params, SlotKey, derive_passphrase_key, make_array};
use keyreeve_domain::ports::{Credentials, HeaderError, NewWay, SlotKind};

use crate::cost::measure;
use crate::normal::normalise;
use crate::part::Part;
use crate::slot::{not_its_own, random_error};
use crate::source::{KeySource, Place};

/// Passphrases; new slots cost what was set, or what is measured when the first is made.
#[derive(Debug, Default)]
pub struct PassphraseSource {
    params: OnceLock<Argon2Params>,
}

impl PassphraseSource {
    /// Sets what new slots cost. Parameters outside the accepted range are refused when one is made.
    pub fn set_params(&self, params: Argon2Params) {
        let _ = self.params.set(params);
    }

    /// What new slots cost.
    pub fn params(&self) -> Result<Argon2Params, HeaderError> {
        if let Some(params) = self.params.get() {
            return Ok(*params);
        }
        let measured = measure()?;
        Ok(*self.params.get_or_init(|| measured))
    }
}

impl KeySource for PassphraseSource {
    fn kind(&self) -> SlotKind {
        SlotKind::Passphrase
    }

    fn enrol(&self, _place: Place, way: &NewWay<'_>) -> Result<(Part, SlotKey), HeaderError> {
        let NewWay::Passphrase(passphrase) = way else { return Err(not_its_own(self.kind())) };
        let kdf = self.params()?;
        let salt = make_array().map_err(random_error)?;
        let key = derive_passphrase_key(&normalise(passphrase), &salt, kdf)?;
        Ok((Part::Passphrase { kdf, salt }, key))
    }

    fn key(
        &self,
        _place: Place,
        part: &Part,
        credentials: &Credentials<'_>,
    ) -> Result<SlotKey, HeaderError> {
        let Part::Passphrase { kdf, salt } = part else { return Err(not_its_own(self.kind())) };
        let passphrase = credentials
            .passphrase
            .ok_or(HeaderError::CredentialMissing { what: "a passphrase" })?;
        Ok(derive_passphrase_key(&normalise(passphrase), salt, *kdf)?)
    }
}
