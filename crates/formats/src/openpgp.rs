//! A key as an OpenPGP key of version 4 (RFC 9580), which every program reads: the secret key, its
//! certificate, and the certificate that revokes it.
//!
//! One key has one purpose here, so that there are no subkeys: the key certifies its own name, and signs or
//! authenticates. A key that agrees or decrypts cannot certify, and stays outside. Whatever is signed is
//! signed at the time at which the key was made, so that nothing of it depends on when it leaves.

use keyreeve_crypto::{
    Algorithm, PrivateParts, PublicParts, Purpose, RsaPrivateParts, SecretBytes, identify,
    make_array,
};
use keyreeve_domain::Timestamp;
use pgp::armor::{self, BlockType};
use pgp::composed::{SignedKeyDetails, SignedPublicKey, SignedSecretKey};
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm as Kind;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::errors::Result as PgpResult;
use pgp::packet::{
    Features, KeyFlags, Packet, PubKeyInner, PublicKey, RevocationCode, SecretKey, SignatureConfig,
    SignatureType, Subpacket, SubpacketData, UserId,
};
use pgp::types::{
    KeyDetails as _, KeyVersion, PacketHeaderVersion, Password, PlainSecretParams, PublicParams,
    S2kParams, SecretParams, StringToKey, Tag,
};
use zeroize::Zeroizing;

use crate::error::ExportError;
use crate::format::Format;
use crate::private::Protection;
use crate::text;

/// The most that a passphrase can be stretched in version 4: 65,011,712 bytes are hashed.
const MOST_ROUNDS: u8 = 255;

/// What an OpenPGP key says beside its numbers.
#[derive(Debug, Clone, Copy)]
pub struct OpenPgpIdentity<'a> {
    /// Whose it is, mostly a name and a mail address; control characters become spaces.
    pub user_id: &'a str,
    /// When it was made. It is a part of the fingerprint.
    pub created: Timestamp,
    /// What it is for.
    pub purpose: Purpose,
}

/// An OpenPGP key, armoured.
#[derive(Debug)]
pub struct OpenPgpFiles {
    /// The key with its secret part.
    pub secret: SecretBytes,
    /// The key without it.
    pub certificate: Vec<u8>,
    /// What says that the key is no longer to be used.
    pub revocation: Vec<u8>,
}

/// Whether a key of that algorithm and purpose can be an OpenPGP key by itself.
#[must_use]
pub fn can_be_openpgp(algorithm: Algorithm, purpose: Purpose) -> bool {
    use Algorithm as A;
    matches!(purpose, Purpose::Sign | Purpose::Authenticate)
        && matches!(
            algorithm,
            A::Rsa2048
                | A::Rsa3072
                | A::Rsa4096
                | A::EcP256
                | A::EcP384
                | A::EcP521
                | A::EcSecp256k1
                | A::Ed25519
        )
}

/// Writes the key `material` as an OpenPGP key.
///
/// With a passphrase, the secret part is encrypted by AES-256 in CFB mode with a SHA-1 digest inside, under a key
/// that SHA-256 stretches by the most that version 4 allows.
///
/// # Errors
/// When the material is not a sound key of `algorithm`, or such a key cannot be one of OpenPGP's.
pub fn export_openpgp(
    algorithm: Algorithm,
    material: &SecretBytes,
    protection: Protection<'_>,
    about: &OpenPgpIdentity<'_>,
) -> Result<OpenPgpFiles, ExportError> {
    let format = Format::OpenPgp;
    if !can_be_openpgp(algorithm, about.purpose) {
        return Err(ExportError::Unsupported { algorithm, format });
    }
    let passphrase = match protection {
        Protection::Plain => None,
        Protection::Passphrase(passphrase) => Some(passphrase),
        Protection::Scrypt(_) => return Err(ExportError::NoScrypt(format)),
    };
    // EXPOSE: only whether it is empty.
    if passphrase.is_some_and(|passphrase| passphrase.expose().is_empty()) {
        return Err(ExportError::EmptyPassphrase);
    }
    let identity = identify(algorithm, material)?;
    let spki = identity.public_key.unwrap_or_default();
    let public = PublicParts::from_spki(algorithm, &spki)?;
    let private = PrivateParts::from_material(algorithm, material)?;
    let stretch = match passphrase {
        Some(_) => Some((make_array()?, make_array()?)),
        None => None,
    };
    let key = Fields::of(algorithm, &public, &private).and_then(|fields| fields.key(about).ok());
    let written = key.and_then(|key| {
        let lock = passphrase.zip(stretch);
        // EXPOSE: the passphrase is the KDF's input.
        let lock = lock.map(|(passphrase, (salt, iv))| Lock {
            passphrase: passphrase.expose().as_bytes(),
            salt,
            iv,
        });
        key.files(about, lock).ok()
    });
    written.ok_or(ExportError::Encoding(format))
}

/// The numbers of a key as OpenPGP writes them.
struct Fields {
    kind: Kind,
    public: Vec<u8>,
    secret: Zeroizing<Vec<u8>>,
}

/// What a secret part is encrypted by.
struct Lock<'a> {
    passphrase: &'a [u8],
    salt: [u8; 8],
    iv: [u8; 16],
}

/// A key, open.
struct Key {
    public: PublicKey,
    secret: SecretKey,
}

impl Fields {
    fn of(
        algorithm: Algorithm,
        public: &PublicParts<'_>,
        private: &PrivateParts<'_>,
    ) -> Option<Self> {
        let (kind, public) = match public {
            PublicParts::Rsa { modulus, public_exponent } => {
                (Kind::RSA, [integer(modulus)?, integer(public_exponent)?].concat())
            }
            PublicParts::Ec { point, .. } => {
                let curve = match algorithm {
                    Algorithm::EcP256 => ECCCurve::P256,
                    Algorithm::EcP384 => ECCCurve::P384,
                    Algorithm::EcP521 => ECCCurve::P521,
                    Algorithm::EcSecp256k1 => ECCCurve::Secp256k1,
                    _ => return None,
                };
                (Kind::ECDSA, [named(&curve)?, integer(point)?].concat())
            }
            PublicParts::Okp { curve: "Ed25519", key } => {
                let point = [&[0x40][..], key.as_slice()].concat();
                (Kind::EdDSALegacy, [named(&ECCCurve::Ed25519Legacy)?, integer(&point)?].concat())
            }
            _ => return None,
        };
        let secret = match private {
            PrivateParts::Rsa(numbers) => rsa_secret(numbers)?,
            PrivateParts::Ec { scalar, .. } => integers(&[scalar])?,
            PrivateParts::Okp(seed) => integers(&[seed.as_slice()])?,
            _ => return None,
        };
        Some(Self { kind, public, secret })
    }

    fn key(&self, about: &OpenPgpIdentity<'_>) -> PgpResult<Key> {
        let params = PublicParams::try_from_reader(self.kind, None, self.public.as_slice())?;
        let version = KeyVersion::V4;
        let plain = PlainSecretParams::try_from_reader_no_checksum(
            self.secret.as_slice(),
            version,
            self.kind,
            &params,
        )?;
        let inner = PubKeyInner::new(version, self.kind, seconds(about.created)?, None, params)?;
        let public = PublicKey::from_inner(inner)?;
        let secret = SecretKey::new(public.clone(), SecretParams::Plain(plain))?;
        Ok(Key { public, secret })
    }
}

impl Key {
    fn files(self, about: &OpenPgpIdentity<'_>, lock: Option<Lock<'_>>) -> PgpResult<OpenPgpFiles> {
        let name = text::one_line(about.user_id);
        let name = UserId::from_str(PacketHeaderVersion::New, name)?;
        let certification = self.certification(about.purpose)?.sign_certification(
            &self.secret,
            &self.public,
            &Password::empty(),
            Tag::UserId,
            &name,
        )?;
        let revocation = self.signed(
            SignatureType::KeyRevocation,
            vec![SubpacketData::RevocationReason(RevocationCode::NoReason, Vec::new().into())],
        )?;
        let revocation = revocation.sign_key(&self.secret, &Password::empty(), &self.public)?;
        let names = vec![name.into_signed(certification)];
        let details = SignedKeyDetails::new(Vec::new(), Vec::new(), names, Vec::new());
        let certificate = SignedPublicKey::new(self.public.clone(), details.clone(), Vec::new());
        let secret = match lock {
            Some(lock) => self.locked(&lock)?,
            None => self.secret,
        };
        let secret = SignedSecretKey::new(secret, details, Vec::new(), Vec::new());
        Ok(OpenPgpFiles {
            secret: SecretBytes::new(armoured(&secret, BlockType::PrivateKey)?),
            certificate: armoured(&certificate, BlockType::PublicKey)?,
            revocation: armoured(&Packet::Signature(revocation), BlockType::PublicKey)?,
        })
    }

    fn certification(&self, purpose: Purpose) -> PgpResult<SignatureConfig> {
        let mut flags = KeyFlags::default();
        flags.set_certify(true);
        flags.set_sign(purpose == Purpose::Sign);
        flags.set_authentication(purpose == Purpose::Authenticate);
        let mut features = Features::new();
        features.set_seipd_v1(true);
        let said = vec![
            SubpacketData::KeyFlags(flags),
            SubpacketData::Features(features),
            SubpacketData::IsPrimary(true),
        ];
        self.signed(SignatureType::CertPositive, said)
    }

    /// A signature to be made, with what each has: its time, and by whom it is.
    fn signed(&self, kind: SignatureType, said: Vec<SubpacketData>) -> PgpResult<SignatureConfig> {
        let hash = self.hash();
        let mut config = SignatureConfig::v4(kind, self.public.algorithm(), hash);
        let always = [
            SubpacketData::SignatureCreationTime(self.public.created_at()),
            SubpacketData::IssuerFingerprint(self.public.fingerprint()),
        ];
        let hashed = always.into_iter().chain(said).map(Subpacket::regular);
        config.hashed_subpackets = hashed.collect::<PgpResult<_>>()?;
        let id = SubpacketData::IssuerKeyId(self.public.legacy_key_id());
        config.unhashed_subpackets = vec![Subpacket::regular(id)?];
        Ok(config)
    }

    /// The digest that fits the key, and is never shorter than SHA-256's.
    fn hash(&self) -> HashAlgorithm {
        self.public.public_params().hash_alg()
    }

    fn locked(&self, lock: &Lock<'_>) -> PgpResult<SecretKey> {
        let salt = lock.salt;
        let hash_alg = HashAlgorithm::Sha256;
        let params = S2kParams::Cfb {
            sym_alg: SymmetricKeyAlgorithm::AES256,
            s2k: StringToKey::IteratedAndSalted { hash_alg, salt, count: MOST_ROUNDS },
            iv: lock.iv.to_vec().into(),
        };
        let SecretParams::Plain(plain) = self.secret.secret_params() else {
            return Err(pgp::errors::Error::InvalidKeyLength);
        };
        let locked = plain.encrypt(lock.passphrase, params, &self.public, Some(Tag::SecretKey))?;
        SecretKey::new(self.public.clone(), SecretParams::Encrypted(locked))
    }
}

fn armoured(source: &impl pgp::ser::Serialize, kind: BlockType) -> PgpResult<Vec<u8>> {
    // Room for all of it: a buffer that grows leaves its old bytes behind.
    let mut out = Vec::with_capacity(256 + source.write_len() * 3 / 2);
    armor::write(source, kind, &mut out, None, true)?;
    Ok(out)
}

/// PKCS#1's coefficient is q⁻¹ mod p, OpenPGP's p⁻¹ mod q: the primes change places.
fn rsa_secret(numbers: &RsaPrivateParts<'_>) -> Option<Zeroizing<Vec<u8>>> {
    let (p, q) = (numbers.prime2, numbers.prime1);
    integers(&[numbers.private_exponent, p, q, numbers.coefficient])
}

fn integers(numbers: &[&[u8]]) -> Option<Zeroizing<Vec<u8>>> {
    let len = numbers.iter().map(|number| number.len() + 2).sum();
    let mut all = Zeroizing::new(Vec::with_capacity(len));
    for number in numbers {
        push_integer(&mut all, number)?;
    }
    Some(all)
}

fn integer(number: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    push_integer(&mut out, number)?;
    Some(out)
}

/// RFC 9580, section 3.2: the length in bits, then the bytes without leading zeros.
fn push_integer(out: &mut Vec<u8>, number: &[u8]) -> Option<()> {
    let start = number.iter().position(|byte| *byte != 0)?;
    let number = number.get(start..)?;
    let zeros = number.first()?.leading_zeros();
    let bits = u32::try_from(number.len()).ok()? * 8 - zeros;
    out.extend_from_slice(&u16::try_from(bits).ok()?.to_be_bytes());
    out.extend_from_slice(number);
    Some(())
}

/// A curve by its number, behind the number's length.
fn named(curve: &ECCCurve) -> Option<Vec<u8>> {
    let oid = curve.oid();
    let len = u8::try_from(oid.len()).ok()?;
    Some([&[len][..], &oid].concat())
}

fn seconds(time: Timestamp) -> PgpResult<pgp::types::Timestamp> {
    let seconds = u32::try_from(time.as_second());
    seconds.map(pgp::types::Timestamp::from_secs).map_err(Into::into)
}
