//! Names of the kinds of keys that other programs make and Keyreeve does not keep.

use pkcs8::ObjectIdentifier;

use crate::adopt::AdoptError;

const NAMES: &[(&str, &str)] = &[
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.10046.2.1", "Diffie-Hellman (X9.42)"),
    ("1.2.840.113549.1.3.1", "Diffie-Hellman"),
    ("1.2.840.113549.1.1.10", "RSA restricted to PSS"),
    ("1.2.840.113549.1.1.7", "RSA restricted to OAEP"),
    ("1.3.101.111", "X448"),
    ("1.3.101.113", "Ed448"),
    ("1.2.643.7.1.1.1.1", "GOST R 34.10-2012 (256 bits)"),
    ("1.2.643.7.1.1.1.2", "GOST R 34.10-2012 (512 bits)"),
    ("1.2.840.10045.3.1.1", "the curve P-192"),
    ("1.3.132.0.33", "the curve P-224"),
    ("1.3.36.3.3.2.8.1.1.7", "the curve brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.11", "the curve brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.13", "the curve brainpoolP512r1"),
    ("1.2.156.10197.1.301", "the curve SM2"),
    ("1.2.840.113549.1.9.16.3.17", "HSS/LMS"),
];

/// The refusal of a key of the kind `oid`, by name where it has one.
pub(crate) fn refuse(oid: ObjectIdentifier) -> AdoptError {
    let text = oid.to_string();
    let known = NAMES.iter().find(|(known, _)| *known == text).map(|(_, name)| *name);
    match known {
        Some("DSA") => AdoptError::Weak(
            "DSA is too weak to be used: OpenSSH and NIST (FIPS 186-5) have dropped it".into(),
        ),
        Some(name) => AdoptError::Unsupported(name.into()),
        None if text.starts_with("2.16.840.1.101.3.4.3.") => {
            AdoptError::Unsupported(format!("SLH-DSA or a variant of it ({text})"))
        }
        None => AdoptError::Unsupported(format!("an algorithm with the identifier {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_is_told_by_its_family_or_its_identifier() {
        let told = |oid: &str| refuse(ObjectIdentifier::new_unwrap(oid)).to_string();
        assert!(told("2.16.840.1.101.3.4.3.20").contains("SLH-DSA"));
        assert!(told("2.16.840.1.101.3.4.1.20").contains("the identifier 2.16.840.1.101.3.4.1.20"));
        assert!(told("1.2.156.10197.1.301").contains("SM2"));
    }
}
