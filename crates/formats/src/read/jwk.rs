//! JSON Web Keys and sets of them (RFC 7517).

use std::borrow::Cow;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use keyreeve_crypto::{
    AdoptError, Algorithm, ForeignKey, ForeignRsa, SecretBytes, adopt_public_bytes,
    recognise_public_rsa,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Item, Refusal};
use super::{MAX_ITEMS, ReadError, symmetric};

/// A set, as RFC 7517 has it.
#[derive(Deserialize)]
struct Set<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

/// The members that say what a key is. They borrow from the file, so that no copy is left behind.
#[derive(Deserialize)]
struct Jwk<'a> {
    #[serde(borrow)]
    kty: Cow<'a, str>,
    #[serde(borrow)]
    kid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    alg: Option<Cow<'a, str>>,
    #[serde(borrow)]
    crv: Option<Cow<'a, str>>,
    #[serde(borrow)]
    n: Option<Cow<'a, str>>,
    #[serde(borrow)]
    e: Option<Cow<'a, str>>,
    #[serde(borrow)]
    x: Option<Cow<'a, str>>,
    #[serde(borrow)]
    y: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "pub")]
    public: Option<Cow<'a, str>>,
    #[serde(borrow)]
    d: Option<Cow<'a, str>>,
    #[serde(borrow)]
    p: Option<Cow<'a, str>>,
    #[serde(borrow)]
    q: Option<Cow<'a, str>>,
    #[serde(borrow)]
    qi: Option<Cow<'a, str>>,
    #[serde(borrow)]
    oth: Option<&'a RawValue>,
    #[serde(borrow, rename = "priv")]
    private: Option<Cow<'a, str>>,
    #[serde(borrow)]
    k: Option<Cow<'a, str>>,
}

type Bytes = Zeroizing<Vec<u8>>;

pub(super) fn read(text: &str) -> Result<Vec<Item>, ReadError> {
    let keys = if let Ok(set) = serde_json::from_str::<Set<'_>>(text) {
        set.keys
    } else if let Ok(keys) = serde_json::from_str::<Vec<&RawValue>>(text) {
        keys
    } else if let Ok(key) = serde_json::from_str::<&RawValue>(text) {
        vec![key]
    } else if text.contains("\"kty\"") {
        let damaged = Refusal::Damaged("the JSON is damaged or cut short".into());
        return Ok(vec![Item::refused(Form::Jwk, damaged)]);
    } else {
        return Err(ReadError::NothingFound);
    };
    // JSON that speaks of no key is no damaged key.
    if !keys.iter().any(|key| key.get().contains("\"kty\"")) {
        return Err(ReadError::NothingFound);
    }
    if keys.len() > MAX_ITEMS {
        return Err(ReadError::TooMany);
    }
    Ok(keys.into_iter().map(|key| read_key(key.get())).collect())
}

fn read_key(json: &str) -> Item {
    let jwk: Jwk<'_> = match serde_json::from_str(json) {
        Ok(jwk) => jwk,
        Err(_malformed) => {
            let damaged = "the JSON Web Key is damaged: a member is missing, doubled or no text";
            return Item::refused(Form::Jwk, Refusal::Damaged(damaged.into()));
        }
    };
    let item = item(&jwk).unwrap_or_else(|refusal| Item::refused(Form::Jwk, refusal));
    item.with_comment(jwk.kid.as_deref().unwrap_or_default())
}

fn item(jwk: &Jwk<'_>) -> Result<Item, Refusal> {
    match &*jwk.kty {
        "RSA" => rsa(jwk),
        "EC" => ec(jwk),
        "OKP" => seed(jwk, jwk.crv.as_deref(), jwk.x.as_ref(), jwk.d.as_ref()),
        "AKP" => seed(jwk, jwk.alg.as_deref(), jwk.public.as_ref(), jwk.private.as_ref()),
        "oct" => {
            let key = needed(jwk.k.as_ref(), "k")?;
            Ok(symmetric::item(Form::Jwk, SecretBytes::from(key), hint(jwk)))
        }
        other => Err(unsupported(&format!("a JSON Web Key of the type “{}”", cut(other)))),
    }
}

fn rsa(jwk: &Jwk<'_>) -> Result<Item, Refusal> {
    let (n, e) = (needed(jwk.n.as_ref(), "n")?, needed(jwk.e.as_ref(), "e")?);
    let Some(d) = decode(jwk.d.as_ref(), "d")? else {
        return Ok(Item::of_recognised(Form::Jwk, recognise_public_rsa(&n, &e)));
    };
    if jwk.oth.is_some() {
        return Err(unsupported("RSA with more than two primes"));
    }
    if jwk.p.is_none() && jwk.q.is_none() {
        return Err(unsupported("an RSA key without its primes"));
    }
    let (p, q) = (needed(jwk.p.as_ref(), "p")?, needed(jwk.q.as_ref(), "q")?);
    let qi = needed(jwk.qi.as_ref(), "qi")?;
    let key = ForeignKey::Rsa(ForeignRsa {
        modulus: &n,
        public_exponent: &e,
        private_exponent: &d,
        prime1: &p,
        prime2: &q,
        coefficient: &qi,
    });
    Ok(Item::of_key(Form::Jwk, &key))
}

fn ec(jwk: &Jwk<'_>) -> Result<Item, Refusal> {
    let (algorithm, len) = match jwk.crv.as_deref() {
        Some("P-256") => (Algorithm::EcP256, 32),
        Some("P-384") => (Algorithm::EcP384, 48),
        Some("P-521") => (Algorithm::EcP521, 66),
        Some("secp256k1") => (Algorithm::EcSecp256k1, 32),
        other => {
            let curve = cut(other.unwrap_or("without a name"));
            return Err(unsupported(&format!("a JSON Web Key on the curve {curve}")));
        }
    };
    let mut point = vec![4];
    for (coordinate, name) in [(jwk.x.as_ref(), "x"), (jwk.y.as_ref(), "y")] {
        let coordinate = needed(coordinate, name)?;
        if coordinate.len() != len {
            return Err(damaged(name));
        }
        point.extend_from_slice(&coordinate);
    }
    Ok(match decode(jwk.d.as_ref(), "d")? {
        Some(scalar) => {
            let key = ForeignKey::Ec { algorithm, scalar: &scalar, point: Some(&point) };
            Item::of_key(Form::Jwk, &key)
        }
        None => Item::of_public(Form::Jwk, adopt_public_bytes(algorithm, &point)),
    })
}

/// A key that is 32 secret bytes and its public half.
fn seed(
    jwk: &Jwk<'_>,
    name: Option<&str>,
    public: Option<&Cow<'_, str>>,
    secret: Option<&Cow<'_, str>>,
) -> Result<Item, Refusal> {
    let algorithm = match name {
        Some("Ed25519") => Algorithm::Ed25519,
        Some("X25519") => Algorithm::X25519,
        Some("ML-DSA-44") => Algorithm::MlDsa44,
        Some("ML-DSA-65") => Algorithm::MlDsa65,
        Some("ML-DSA-87") => Algorithm::MlDsa87,
        other => {
            let name = cut(other.unwrap_or("without a name"));
            let kty = &jwk.kty;
            return Err(unsupported(&format!("a JSON Web Key of the type {kty}, {name}")));
        }
    };
    let public = needed(public, "x” or “pub")?;
    Ok(match decode(secret, "d” or “priv")? {
        Some(secret) => {
            let key = ForeignKey::Seed { algorithm, secret: &secret, public: Some(&public) };
            Item::of_key(Form::Jwk, &key)
        }
        None => Item::of_public(Form::Jwk, adopt_public_bytes(algorithm, &public)),
    })
}

/// What a symmetric key's `alg` says that it is.
fn hint(jwk: &Jwk<'_>) -> Option<Algorithm> {
    Some(match jwk.alg.as_deref()? {
        "A128GCM" | "A128GCMKW" => Algorithm::Aes128Gcm,
        "A192GCM" | "A192GCMKW" => Algorithm::Aes192Gcm,
        "A256GCM" | "A256GCMKW" => Algorithm::Aes256Gcm,
        "C20P" | "C20PKW" => Algorithm::ChaCha20Poly1305,
        "A256KW" => Algorithm::Aes256Kwp,
        "HS256" => Algorithm::HmacSha256,
        "HS384" => Algorithm::HmacSha384,
        "HS512" => Algorithm::HmacSha512,
        _ => return None,
    })
}

fn needed(member: Option<&Cow<'_, str>>, name: &str) -> Result<Bytes, Refusal> {
    decode(member, name)?.ok_or_else(|| damaged(name))
}

fn decode(member: Option<&Cow<'_, str>>, name: &str) -> Result<Option<Bytes>, Refusal> {
    member
        .map(|text| BASE64_URL_SAFE_NO_PAD.decode(text.as_bytes()).map(Zeroizing::new))
        .transpose()
        .map_err(|_malformed| damaged(name))
}

fn damaged(name: &str) -> Refusal {
    Refusal::Damaged(format!("the JSON Web Key is damaged: its member “{name}” is not right"))
}

fn unsupported(what: &str) -> Refusal {
    Refusal::Key(AdoptError::Unsupported(what.into()))
}

fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}
