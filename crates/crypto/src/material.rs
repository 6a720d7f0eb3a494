//! Making key material, and its encoding.

use crate::algorithm::Algorithm;
use crate::hazmat::{Spec, spec};
use crate::random::RandomError;
use crate::secret::SecretBytes;

/// Why no key could be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MakeKeyError {
    /// The operating system gave no random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The cryptographic library could not make or encode the key.
    #[error("no {0} key could be made; nothing was changed, try again")]
    Library(Algorithm),
}

/// Makes new key material for `algorithm`.
///
/// RSA-4096 may take seconds, smaller RSA keys a good part of one; every other algorithm takes
/// milliseconds or less.
///
/// # Material encoding, version 1
/// What a key version's sealed material holds, by algorithm. Each frame has exactly one form, and
/// [`identify`](crate::identify) refuses every other; only RSA's numbers leave a choice (p and q
/// either way round), and are kept as they came.
///
/// | algorithm | material |
/// | --- | --- |
/// | AES, ChaCha20-Poly1305, HMAC | the key's raw bytes, as many as [`Algorithm::symmetric_len`] says |
/// | RSA | PKCS#8 v1: `rsaEncryption` with `NULL`, `RSAPrivateKey` of RFC 8017 with two primes |
/// | EC | PKCS#8 v1: `id-ecPublicKey` with the named curve, `ECPrivateKey` of RFC 5915 with the scalar at its full length, no parameters, and the uncompressed public point |
/// | Ed25519, X25519 | PKCS#8 v1 as in RFC 8410: `OCTET STRING` of the 32-byte seed or scalar |
/// | ML-KEM | PKCS#8 v1 as in RFC 9935: the `expandedKey` choice, FIPS 203's dk = dk_pke ‖ ek ‖ H(ek) ‖ z |
/// | ML-DSA | PKCS#8 v1 as in RFC 9881: the `seed` choice, 32 bytes |
///
/// PKCS#8 v1 means RFC 5958's `OneAsymmetricKey` with version 0, no attributes and no public key
/// field, in DER: what OpenSSL 3.0 and every other reader accept.
///
/// # Errors
/// When there are no random bytes or the cryptographic library fails.
pub fn make_key(algorithm: Algorithm) -> Result<SecretBytes, MakeKeyError> {
    let made = match spec(algorithm) {
        Spec::Symmetric(symmetric) => Some(SecretBytes::make(symmetric.len)?),
        Spec::Rsa(rsa) => rsa.make(),
        Spec::Ec(curve) => curve.make(),
        Spec::Okp(curve) => curve.make()?,
        Spec::MlKem(set) => set.make(),
        Spec::MlDsa(set) => set.make()?,
    };
    made.ok_or(MakeKeyError::Library(algorithm))
}
