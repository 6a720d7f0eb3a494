//! What certificates are for.

use keyreeve_crypto::{Algorithm, Family};
use keyreeve_domain::named;
use x509_cert::der::flagset::FlagSet;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::oid::db::rfc5280::{
    ID_KP_CLIENT_AUTH, ID_KP_CODE_SIGNING, ID_KP_EMAIL_PROTECTION, ID_KP_SERVER_AUTH,
};
use x509_cert::ext::pkix::KeyUsages;

/// For how many days a key vouches for itself: unless the caller says so, and at most.
pub const SELF_SIGNED_DAYS: (u32, u32) = (365, 3_650);
/// Likewise for an authority's key.
pub const AUTHORITY_DAYS: (u32, u32) = (3_650, 7_300);

named! {
    /// What a key that signs may be said to do.
    Usage {
        /// Prove an identity and sign data.
        DigitalSignature = "digital-signature",
        /// Sign what the signer will be held to.
        ContentCommitment = "content-commitment",
    }
}

named! {
    /// What a certificate is for.
    ExtendedUsage {
        /// TLS servers.
        TlsServer = "tls-server",
        /// TLS clients.
        TlsClient = "tls-client",
        /// Signed programs.
        CodeSigning = "code-signing",
        /// Signed and encrypted mail.
        Email = "email",
    }
}

named! {
    /// What an authority issues; all but the names of the request comes from here.
    CertificateTemplate {
        /// A TLS server.
        TlsServer = "tls-server",
        /// A TLS client.
        TlsClient = "tls-client",
        /// A signer of programs.
        CodeSigning = "code-signing",
        /// A person's mail.
        Smime = "smime",
        /// An authority below this one.
        Intermediate = "intermediate",
    }
}

impl Usage {
    pub(super) const fn bit(self) -> KeyUsages {
        match self {
            Self::DigitalSignature => KeyUsages::DigitalSignature,
            Self::ContentCommitment => KeyUsages::NonRepudiation,
        }
    }
}

impl ExtendedUsage {
    pub(super) const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::TlsServer => ID_KP_SERVER_AUTH,
            Self::TlsClient => ID_KP_CLIENT_AUTH,
            Self::CodeSigning => ID_KP_CODE_SIGNING,
            Self::Email => ID_KP_EMAIL_PROTECTION,
        }
    }
}

impl CertificateTemplate {
    /// For how many days it is valid unless the caller says so, and at most.
    #[must_use]
    pub const fn days(self) -> (u32, u32) {
        match self {
            // What browsers accept of a server.
            Self::TlsServer => (90, 398),
            Self::TlsClient | Self::Smime => (365, 825),
            Self::CodeSigning => (365, 1_185),
            Self::Intermediate => (1_825, 3_650),
        }
    }

    pub(super) const fn extended(self) -> Option<ExtendedUsage> {
        match self {
            Self::TlsServer => Some(ExtendedUsage::TlsServer),
            Self::TlsClient => Some(ExtendedUsage::TlsClient),
            Self::CodeSigning => Some(ExtendedUsage::CodeSigning),
            Self::Smime => Some(ExtendedUsage::Email),
            Self::Intermediate => None,
        }
    }

    pub(super) fn usages(self, key: Algorithm) -> FlagSet<KeyUsages> {
        let signature = KeyUsages::DigitalSignature;
        match (self, key.family()) {
            (Self::Intermediate, _) => authority_usages(),
            // Mail is encrypted to the key, too.
            (Self::Smime, Family::Rsa) => signature | KeyUsages::KeyEncipherment,
            (Self::Smime, Family::Ec) => signature | KeyUsages::KeyAgreement,
            _ => signature.into(),
        }
    }
}

/// What a certificate lets its key do that does not say.
pub(super) fn usual(authority: bool) -> FlagSet<KeyUsages> {
    if authority { authority_usages() } else { KeyUsages::DigitalSignature.into() }
}

pub(super) fn authority_usages() -> FlagSet<KeyUsages> {
    KeyUsages::KeyCertSign | KeyUsages::CRLSign
}
