//! What differs from one family of algorithms to the next. Nothing here is public: the safe
//! functions over it are in `material.rs`, `identity.rs`, `parts.rs` and `adopt.rs`.

pub(crate) mod ec;
pub(crate) mod frame;
pub(crate) mod ml_dsa;
pub(crate) mod ml_kem;
pub(crate) mod oid_names;
pub(crate) mod okp;
pub(crate) mod roca;
pub(crate) mod rsa;
pub(crate) mod symmetric;

use crate::algorithm::Algorithm;

/// An algorithm with all that its family's functions need to know of it.
#[derive(Clone, Copy)]
pub(crate) enum Spec {
    Symmetric(symmetric::Spec),
    Rsa(rsa::Spec),
    Ec(&'static ec::Curve),
    Okp(&'static okp::Curve),
    MlKem(&'static ml_kem::ParameterSet),
    MlDsa(&'static ml_dsa::ParameterSet),
}

pub(crate) fn spec(algorithm: Algorithm) -> Spec {
    use Algorithm as A;
    use symmetric::CheckValue;
    let symmetric = |len, check| Spec::Symmetric(symmetric::Spec { len, check });
    match algorithm {
        A::Aes128Gcm => symmetric(16, CheckValue::Aes),
        A::Aes192Gcm => symmetric(24, CheckValue::Aes),
        A::Aes256Gcm | A::Aes256Kwp => symmetric(32, CheckValue::Aes),
        A::ChaCha20Poly1305 | A::HmacSha256 => symmetric(32, CheckValue::Sha1),
        A::HmacSha384 => symmetric(48, CheckValue::Sha1),
        A::HmacSha512 => symmetric(64, CheckValue::Sha1),
        A::Rsa2048 => Spec::Rsa(rsa::RSA_2048),
        A::Rsa3072 => Spec::Rsa(rsa::RSA_3072),
        A::Rsa4096 => Spec::Rsa(rsa::RSA_4096),
        A::EcP256 => Spec::Ec(&ec::P256),
        A::EcP384 => Spec::Ec(&ec::P384),
        A::EcP521 => Spec::Ec(&ec::P521),
        A::EcSecp256k1 => Spec::Ec(&ec::SECP256K1),
        A::Ed25519 => Spec::Okp(&okp::ED25519),
        A::X25519 => Spec::Okp(&okp::X25519),
        A::MlKem512 => Spec::MlKem(&ml_kem::ML_KEM_512),
        A::MlKem768 => Spec::MlKem(&ml_kem::ML_KEM_768),
        A::MlKem1024 => Spec::MlKem(&ml_kem::ML_KEM_1024),
        A::MlDsa44 => Spec::MlDsa(&ml_dsa::ML_DSA_44),
        A::MlDsa65 => Spec::MlDsa(&ml_dsa::ML_DSA_65),
        A::MlDsa87 => Spec::MlDsa(&ml_dsa::ML_DSA_87),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symmetric_lengths_agree_with_the_algorithm_table() {
        for &algorithm in Algorithm::ALL {
            let len = match spec(algorithm) {
                Spec::Symmetric(symmetric) => Some(symmetric.len),
                _ => None,
            };
            assert_eq!(len, algorithm.symmetric_len(), "{algorithm}");
        }
    }
}
