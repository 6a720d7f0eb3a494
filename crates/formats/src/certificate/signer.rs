//! The vault's keys as `x509-cert` takes signers.

use keyreeve_crypto::{SignatureScheme, SigningKey};
use signature::Keypair;
use x509_cert::der::asn1::{Any, BitString};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{self, Document};
use x509_cert::spki::{
    self, AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, EncodePublicKey,
    SignatureBitStringEncoding,
};

/// The schemes by their object identifiers.
const SCHEMES: [(SignatureScheme, &str); 7] = [
    (SignatureScheme::RsaSha256, "1.2.840.113549.1.1.11"),
    (SignatureScheme::RsaSha384, "1.2.840.113549.1.1.12"),
    (SignatureScheme::RsaSha512, "1.2.840.113549.1.1.13"),
    (SignatureScheme::EcdsaSha256, "1.2.840.10045.4.3.2"),
    (SignatureScheme::EcdsaSha384, "1.2.840.10045.4.3.3"),
    (SignatureScheme::EcdsaSha512, "1.2.840.10045.4.3.4"),
    (SignatureScheme::Ed25519, "1.3.101.112"),
];

/// The scheme that an identifier names, if Keyreeve checks such signatures.
pub(super) fn scheme_of(oid: ObjectIdentifier) -> Option<SignatureScheme> {
    let oid = oid.to_string();
    SCHEMES.into_iter().find(|(_, known)| *known == oid).map(|(scheme, _)| scheme)
}

/// A key that signs, and its public half.
pub(super) struct Signer<'a> {
    pub(super) key: &'a SigningKey,
    /// `SubjectPublicKeyInfo` in DER.
    pub(super) spki: &'a [u8],
}

#[derive(Clone)]
pub(super) struct PublicHalf(Vec<u8>);

pub(super) struct Signed(Vec<u8>);

impl EncodePublicKey for PublicHalf {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        Ok(Document::try_from(self.0.as_slice())?)
    }
}

impl Keypair for Signer<'_> {
    type VerifyingKey = PublicHalf;

    fn verifying_key(&self) -> PublicHalf {
        PublicHalf(self.spki.to_vec())
    }
}

impl DynSignatureAlgorithmIdentifier for Signer<'_> {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        let scheme = self.key.scheme();
        let named = SCHEMES.into_iter().find(|(known, _)| *known == scheme);
        let oid = named.and_then(|(_, oid)| ObjectIdentifier::new(oid).ok());
        let rsa = matches!(
            scheme,
            SignatureScheme::RsaSha256 | SignatureScheme::RsaSha384 | SignatureScheme::RsaSha512
        );
        Ok(AlgorithmIdentifierOwned {
            oid: oid.ok_or(spki::Error::KeyMalformed)?,
            // RFC 4055 wants NULL, the others nothing at all.
            parameters: rsa.then(Any::null),
        })
    }
}

impl signature::Signer<Signed> for Signer<'_> {
    fn try_sign(&self, message: &[u8]) -> Result<Signed, signature::Error> {
        self.key.sign(message).map(Signed).map_err(|_failed| signature::Error::new())
    }
}

impl SignatureBitStringEncoding for Signed {
    fn to_bitstring(&self) -> der::Result<BitString> {
        BitString::from_bytes(&self.0)
    }
}
