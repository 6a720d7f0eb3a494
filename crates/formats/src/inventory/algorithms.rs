//! What CycloneDX says of each algorithm, in the words of its own lists.
//!
//! Security categories are those of NIST's call for post-quantum proposals (FIPS 203 and 204 for the
//! lattices): 1, 3 and 5 are as hard as a search for an AES-128, AES-192 or AES-256 key; 0 is none at all.

use keyreeve_crypto::{Algorithm, Family, ForeignAlgorithm, ForeignCurve, Purpose};
use serde::Serialize;

const CIPHER: &[&str] = &["keygen", "encrypt", "decrypt"];
const SIGNATURE: &[&str] = &["keygen", "sign", "verify"];
const AGREEMENT: &[&str] = &["keygen", "keyderive"];

/// CycloneDX's `algorithmProperties`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AlgorithmProperties {
    primitive: &'static str,
    algorithm_family: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter_set_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elliptic_curve: Option<&'static str>,
    execution_environment: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'static str>,
    crypto_functions: &'static [&'static str],
    classical_security_level: u16,
    nist_quantum_security_level: u8,
}

impl AlgorithmProperties {
    pub(super) fn of(algorithm: Algorithm, purpose: Purpose) -> Self {
        let (primitive, algorithm_family, crypto_functions) = use_of(algorithm, purpose);
        Self {
            primitive,
            algorithm_family,
            parameter_set_identifier: size_bits(algorithm)
                .filter(|_| curve(algorithm).is_none())
                .map(|bits| bits.to_string())
                .or_else(|| lattice(algorithm).map(ToString::to_string)),
            elliptic_curve: curve(algorithm),
            execution_environment: "software-plain-ram",
            mode: matches!(
                algorithm,
                Algorithm::Aes128Gcm | Algorithm::Aes192Gcm | Algorithm::Aes256Gcm
            )
            .then_some("gcm"),
            crypto_functions,
            classical_security_level: algorithm.strength_bits(),
            nist_quantum_security_level: quantum_level(algorithm),
        }
    }
}

impl AlgorithmProperties {
    /// Of a kind of key that the vault makes none of, and that a quantum computer breaks.
    pub(super) fn of_foreign(algorithm: ForeignAlgorithm) -> Self {
        use ForeignAlgorithm as F;
        let (primitive, algorithm_family, crypto_functions) = match algorithm {
            F::Rsa { .. } => ("signature", "RSASSA-PSS", SIGNATURE),
            F::Dsa { .. } => ("signature", "DSA", SIGNATURE),
            F::Ec(_) => ("signature", "ECDSA", SIGNATURE),
            F::Ed448 => ("signature", "EdDSA", SIGNATURE),
            F::X448 => ("key-agree", "ECDH", AGREEMENT),
        };
        let is_sized = matches!(algorithm, F::Rsa { .. } | F::Dsa { .. });
        Self {
            primitive,
            algorithm_family,
            parameter_set_identifier: is_sized.then(|| algorithm.size_bits().to_string()),
            elliptic_curve: foreign_curve(algorithm),
            execution_environment: "software-plain-ram",
            mode: None,
            crypto_functions,
            classical_security_level: algorithm.strength_bits(),
            nist_quantum_security_level: 0,
        }
    }
}

fn foreign_curve(algorithm: ForeignAlgorithm) -> Option<&'static str> {
    use ForeignCurve as C;
    Some(match algorithm {
        ForeignAlgorithm::Ec(C::P192) => "nist/P-192",
        ForeignAlgorithm::Ec(C::P224) => "nist/P-224",
        ForeignAlgorithm::Ec(C::BrainpoolP256r1) => "brainpool/brainpoolP256r1",
        ForeignAlgorithm::Ec(C::BrainpoolP320r1) => "brainpool/brainpoolP320r1",
        ForeignAlgorithm::Ec(C::BrainpoolP384r1) => "brainpool/brainpoolP384r1",
        ForeignAlgorithm::Ec(C::BrainpoolP512r1) => "brainpool/brainpoolP512r1",
        ForeignAlgorithm::Ed448 => "other/Ed448",
        ForeignAlgorithm::X448 => "other/Curve448",
        ForeignAlgorithm::Rsa { .. } | ForeignAlgorithm::Dsa { .. } => return None,
    })
}

/// The primitive, the family and the functions of an algorithm that serves `purpose`.
fn use_of(
    algorithm: Algorithm,
    purpose: Purpose,
) -> (&'static str, &'static str, &'static [&'static str]) {
    let signs = matches!(purpose, Purpose::Sign | Purpose::Authenticate);
    match (algorithm.family(), algorithm) {
        (Family::Symmetric, _) if purpose == Purpose::Derive => ("kdf", "HKDF", AGREEMENT),
        (Family::Symmetric, Algorithm::ChaCha20Poly1305) => ("ae", "ChaCha20", CIPHER),
        (Family::Symmetric, Algorithm::Aes256Kwp) => ("key-wrap", "AES", CIPHER),
        (
            Family::Symmetric,
            Algorithm::HmacSha256 | Algorithm::HmacSha384 | Algorithm::HmacSha512,
        ) => ("mac", "HMAC", &["keygen", "tag"]),
        (Family::Symmetric, _) => ("ae", "AES", CIPHER),
        (Family::Rsa, _) if signs => ("signature", "RSASSA-PSS", SIGNATURE),
        (Family::Rsa, _) => ("pke", "RSAES-OAEP", CIPHER),
        (Family::Ec, _) if signs => ("signature", "ECDSA", SIGNATURE),
        (Family::Okp, Algorithm::Ed25519) => ("signature", "EdDSA", SIGNATURE),
        (Family::Ec | Family::Okp, _) => ("key-agree", "ECDH", AGREEMENT),
        (Family::MlKem, _) => ("kem", "ML-KEM", &["keygen", "encapsulate", "decapsulate"]),
        (Family::MlDsa, _) => ("signature", "ML-DSA", SIGNATURE),
    }
}

/// The key's length in bits as its own standard counts it; none for lattices, whose parameter sets have names.
pub(super) fn size_bits(algorithm: Algorithm) -> Option<u32> {
    use Algorithm as A;
    match algorithm {
        A::Rsa2048 => Some(2048),
        A::Rsa3072 => Some(3072),
        A::Rsa4096 => Some(4096),
        A::EcP256 | A::EcSecp256k1 | A::Ed25519 | A::X25519 => Some(256),
        A::EcP384 => Some(384),
        A::EcP521 => Some(521),
        _ => algorithm.symmetric_len().and_then(|bytes| u32::try_from(bytes * 8).ok()),
    }
}

fn lattice(algorithm: Algorithm) -> Option<&'static str> {
    use Algorithm as A;
    Some(match algorithm {
        A::MlKem512 => "512",
        A::MlKem768 => "768",
        A::MlKem1024 => "1024",
        A::MlDsa44 => "44",
        A::MlDsa65 => "65",
        A::MlDsa87 => "87",
        _ => return None,
    })
}

fn curve(algorithm: Algorithm) -> Option<&'static str> {
    use Algorithm as A;
    Some(match algorithm {
        A::EcP256 => "nist/P-256",
        A::EcP384 => "nist/P-384",
        A::EcP521 => "nist/P-521",
        A::EcSecp256k1 => "secg/secp256k1",
        A::Ed25519 => "other/Ed25519",
        A::X25519 => "other/Curve25519",
        _ => return None,
    })
}

fn quantum_level(algorithm: Algorithm) -> u8 {
    use Algorithm as A;
    match algorithm {
        A::Aes128Gcm | A::MlKem512 => 1,
        A::MlDsa44 => 2,
        A::Aes192Gcm | A::MlKem768 | A::MlDsa65 => 3,
        A::Aes256Gcm
        | A::ChaCha20Poly1305
        | A::Aes256Kwp
        | A::HmacSha256
        | A::HmacSha384
        | A::HmacSha512
        | A::MlKem1024
        | A::MlDsa87 => 5,
        A::Rsa2048
        | A::Rsa3072
        | A::Rsa4096
        | A::EcP256
        | A::EcP384
        | A::EcP521
        | A::EcSecp256k1
        | A::Ed25519
        | A::X25519 => 0,
    }
}

/// The object identifier by which the algorithm is registered; of a curve's key that of its curve.
pub(super) fn oid(algorithm: Algorithm, purpose: Purpose) -> &'static str {
    use Algorithm as A;
    match algorithm {
        A::Aes128Gcm => "2.16.840.1.101.3.4.1.6",
        A::Aes192Gcm => "2.16.840.1.101.3.4.1.26",
        A::Aes256Gcm => "2.16.840.1.101.3.4.1.46",
        A::ChaCha20Poly1305 => "1.2.840.113549.1.9.16.3.18",
        A::Aes256Kwp => "2.16.840.1.101.3.4.1.48",
        A::HmacSha256 => "1.2.840.113549.2.9",
        A::HmacSha384 => "1.2.840.113549.2.10",
        A::HmacSha512 => "1.2.840.113549.2.11",
        A::Rsa2048 | A::Rsa3072 | A::Rsa4096 => match purpose {
            Purpose::Sign | Purpose::Authenticate => "1.2.840.113549.1.1.10",
            _ => "1.2.840.113549.1.1.7",
        },
        A::EcP256 => "1.2.840.10045.3.1.7",
        A::EcP384 => "1.3.132.0.34",
        A::EcP521 => "1.3.132.0.35",
        A::EcSecp256k1 => "1.3.132.0.10",
        A::Ed25519 => "1.3.101.112",
        A::X25519 => "1.3.101.110",
        A::MlKem512 => "2.16.840.1.101.3.4.4.1",
        A::MlKem768 => "2.16.840.1.101.3.4.4.2",
        A::MlKem1024 => "2.16.840.1.101.3.4.4.3",
        A::MlDsa44 => "2.16.840.1.101.3.4.3.17",
        A::MlDsa65 => "2.16.840.1.101.3.4.3.18",
        A::MlDsa87 => "2.16.840.1.101.3.4.3.19",
    }
}
