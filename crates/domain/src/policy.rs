//! Policies: cryptoperiods, overlap, waiting periods, and the algorithms allowed.

use keyreeve_crypto::{Algorithm, Family, Purpose};
use serde::{Deserialize, Serialize};

use crate::period::Period;

/// A shipped set of rules from which a key's policy is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyTemplate {
    /// Cryptoperiods of SP 800-57 Part 1 Rev. 5, table 1.
    #[serde(rename = "nist-sp-800-57")]
    NistSp80057,
    /// PCI DSS 4.0.1, requirements 3.6, 3.7 and 12.3.3: yearly rotation.
    PciDss,
    /// HIPAA's technical safeguards: yearly rotation, long recipient use.
    Hipaa,
    /// CNSA 2.0: ML-KEM-1024, ML-DSA-87, AES-256 and SHA-384/512 only.
    #[serde(rename = "cnsa-2.0")]
    Cnsa20,
    /// Long periods; warns, and never takes a key out of use by itself.
    Personal,
}

impl PolicyTemplate {
    /// Every template; the first is the default.
    pub const ALL: &[Self] =
        &[Self::NistSp80057, Self::PciDss, Self::Hipaa, Self::Cnsa20, Self::Personal];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NistSp80057 => "nist-sp-800-57",
            Self::PciDss => "pci-dss",
            Self::Hipaa => "hipaa",
            Self::Cnsa20 => "cnsa-2.0",
            Self::Personal => "personal",
        }
    }

    /// The name people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NistSp80057 => "NIST SP 800-57",
            Self::PciDss => "PCI DSS 4.0.1",
            Self::Hipaa => "HIPAA safeguard",
            Self::Cnsa20 => "CNSA 2.0",
            Self::Personal => "Personal",
        }
    }

    /// The policy this template gives a key of `algorithm` for `purpose`.
    #[must_use]
    pub fn policy(self, algorithm: Algorithm, purpose: Purpose) -> Policy {
        let (originator_usage, recipient_usage) = match self {
            Self::NistSp80057 | Self::Cnsa20 => nist_cryptoperiods(algorithm, purpose),
            Self::PciDss => (Period::years(1), recipient(algorithm, purpose, 4)),
            Self::Hipaa => (Period::years(1), recipient(algorithm, purpose, 7)),
            Self::Personal => (Period::years(5), None),
        };
        Policy {
            template: self,
            originator_usage: Some(originator_usage),
            recipient_usage,
            overlap: None,
            warn_before: Period::days(30),
            ends_use: self != Self::Personal,
        }
    }
}

/// Originator-usage and recipient-usage periods of SP 800-57 Part 1 Rev. 5, table 1.
fn nist_cryptoperiods(algorithm: Algorithm, purpose: Purpose) -> (Period, Option<Period>) {
    let originator = match purpose {
        Purpose::Sign => Period::years(3),
        Purpose::Derive => Period::years(1),
        Purpose::Authenticate
        | Purpose::Agree
        | Purpose::Encrypt
        | Purpose::Wrap
        | Purpose::Mac => Period::years(2),
    };
    (originator, recipient(algorithm, purpose, 5))
}

/// Only symmetric keys that protect data have a recipient-usage period, counted from activation.
fn recipient(algorithm: Algorithm, purpose: Purpose, years: u16) -> Option<Period> {
    let protects = matches!(purpose, Purpose::Encrypt | Purpose::Wrap | Purpose::Mac);
    (protects && algorithm.family() == Family::Symmetric).then(|| Period::years(years))
}

/// A key's own policy: a template's values, or the user's in their place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The template it was made from.
    pub template: PolicyTemplate,
    /// How long a version protects, from its activation.
    pub originator_usage: Option<Period>,
    /// How long a version processes, from its activation.
    pub recipient_usage: Option<Period>,
    /// How long the replaced version stays active after a rotation.
    pub overlap: Option<Period>,
    /// How long before a period's end to warn.
    pub warn_before: Period,
    /// Whether the end of the originator-usage period deactivates the version by itself.
    pub ends_use: bool,
}

/// What a policy refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the policy “{policy}” does not allow {algorithm}; it allows: {allowed}")]
pub struct PolicyViolation {
    /// The policy's title.
    pub policy: &'static str,
    /// The algorithm asked for.
    pub algorithm: Algorithm,
    /// The algorithms it allows.
    pub allowed: String,
}

impl Policy {
    /// Whether the policy allows `algorithm`.
    ///
    /// # Errors
    /// When it does not.
    pub fn check_algorithm(&self, algorithm: Algorithm) -> Result<(), PolicyViolation> {
        let allowed = |candidate: &Algorithm| self.template.allows(*candidate);
        if allowed(&algorithm) {
            return Ok(());
        }
        let names: Vec<_> =
            Algorithm::ALL.iter().copied().filter(allowed).map(Algorithm::name).collect();
        Err(PolicyViolation { policy: self.template.title(), algorithm, allowed: names.join(", ") })
    }
}

impl PolicyTemplate {
    /// Whether keys under this template may be of `algorithm`.
    #[must_use]
    pub fn allows(self, algorithm: Algorithm) -> bool {
        use Algorithm as A;
        match self {
            Self::Cnsa20 => matches!(
                algorithm,
                A::Aes256Gcm
                    | A::Aes256Kwp
                    | A::HmacSha384
                    | A::HmacSha512
                    | A::MlKem1024
                    | A::MlDsa87
            ),
            Self::PciDss | Self::Hipaa | Self::NistSp80057 => algorithm.strength_bits() >= 112,
            Self::Personal => true,
        }
    }
}
