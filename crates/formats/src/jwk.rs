//! JSON Web Keys: members in the order of the RFC that defines them.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use keyreeve_crypto::{Algorithm, PrivateParts, PublicParts, SecretBytes};
use zeroize::Zeroizing;

use crate::text::SecretText;

pub(crate) fn private(
    algorithm: Algorithm,
    parts: &PrivateParts<'_>,
    spki: Option<&[u8]>,
    kid: &str,
) -> Option<SecretBytes> {
    let public = match spki {
        Some(spki) => Some(PublicParts::from_spki(algorithm, spki).ok()?),
        None => None,
    };
    Some(write(public.as_ref(), Some(parts), kid)?.into_secret())
}

pub(crate) fn public(parts: &PublicParts<'_>, kid: &str) -> Option<Vec<u8>> {
    let written = write(Some(parts), None, kid)?.into_secret();
    // EXPOSE: a public key is no secret.
    Some(written.expose().to_vec())
}

/// Members as name and value; a value is text as it stands or bytes for base64url.
enum Value<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
}

fn write(
    public: Option<&PublicParts<'_>>,
    private: Option<&PrivateParts<'_>>,
    kid: &str,
) -> Option<SecretText> {
    let mut members = Vec::new();
    members.extend(public_members(public, private)?);
    members.extend(private.map(private_members).unwrap_or_default());

    let kid = serde_json::to_string(kid).ok()?;
    let room: usize = members.iter().map(|(name, value)| name.len() + value.room()).sum();
    let mut out = SecretText::with_capacity(room + kid.len() + 16);
    // `kty` comes first, and `kid` after it, as in every example of RFC 7517.
    let mut members = members.into_iter();
    let (_, kty) = members.next()?;
    out.push("{\"kty\":\"")?;
    kty.write(&mut out)?;
    out.push("\",\"kid\":")?;
    out.push(&kid)?;
    for (name, value) in members {
        out.push(",\"")?;
        out.push(name)?;
        out.push("\":\"")?;
        value.write(&mut out)?;
        out.push("\"")?;
    }
    out.push("}\n")?;
    Some(out)
}

type Members<'a> = Vec<(&'static str, Value<'a>)>;

fn public_members<'a>(
    public: Option<&PublicParts<'a>>,
    private: Option<&PrivateParts<'a>>,
) -> Option<Members<'a>> {
    use Value::{Bytes, Text};
    Some(match (public, private) {
        // RFC 7518, section 6.3.
        (Some(PublicParts::Rsa { modulus, public_exponent }), _) => {
            vec![("kty", Text("RSA")), ("n", Bytes(modulus)), ("e", Bytes(public_exponent))]
        }
        // RFC 7518, section 6.2; RFC 8812 for secp256k1.
        (Some(PublicParts::Ec { curve, point }), _) => {
            let coordinates = point.get(1..)?;
            let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
            vec![("kty", Text("EC")), ("crv", Text(curve)), ("x", Bytes(x)), ("y", Bytes(y))]
        }
        // RFC 8037, section 2.
        (Some(PublicParts::Okp { curve, key }), _) => {
            vec![("kty", Text("OKP")), ("crv", Text(curve)), ("x", Bytes(*key))]
        }
        // RFC 9964, section 3.
        (Some(PublicParts::MlDsa { name, key }), _) => {
            vec![("kty", Text("AKP")), ("alg", Text(name)), ("pub", Bytes(key))]
        }
        // RFC 7518, section 6.4.
        (None, Some(PrivateParts::Symmetric(_))) => vec![("kty", Text("oct"))],
        _ => return None,
    })
}

fn private_members<'a>(private: &PrivateParts<'a>) -> Members<'a> {
    use Value::Bytes;
    match private {
        PrivateParts::Symmetric(key) => vec![("k", Bytes(key))],
        PrivateParts::Rsa(rsa) => vec![
            ("d", Bytes(rsa.private_exponent)),
            ("p", Bytes(rsa.prime1)),
            ("q", Bytes(rsa.prime2)),
            ("dp", Bytes(rsa.exponent1)),
            ("dq", Bytes(rsa.exponent2)),
            ("qi", Bytes(rsa.coefficient)),
        ],
        PrivateParts::Ec { scalar, .. } => vec![("d", Bytes(scalar))],
        PrivateParts::Okp(secret) => vec![("d", Bytes(*secret))],
        PrivateParts::MlDsa(seed) => vec![("priv", Bytes(*seed))],
        _ => Vec::new(),
    }
}

impl Value<'_> {
    /// The most bytes it can take, with its quotes, colon and comma.
    fn room(&self) -> usize {
        8 + match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len().div_ceil(3) * 4,
        }
    }

    fn write(&self, out: &mut SecretText) -> Option<()> {
        match self {
            Self::Text(text) => out.push(text),
            Self::Bytes(bytes) => {
                let mut digits = Zeroizing::new(vec![0; bytes.len().div_ceil(3) * 4]);
                let len = BASE64_URL_SAFE_NO_PAD.encode_slice(bytes, digits.as_mut_slice()).ok()?;
                out.push(std::str::from_utf8(digits.get(..len)?).ok()?)
            }
        }
    }
}
