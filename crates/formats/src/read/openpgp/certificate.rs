//! A certificate as someone who encrypts to its owner reads it: what the owner's valid signatures say now, and
//! the key that they give for it.

use keyreeve_crypto::AdoptError;
use keyreeve_domain::Timestamp;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{
    PacketHeader, PublicKey, PublicSubkey, Signature, SignatureType, SubpacketData, UserId,
};
use pgp::types::{KeyVersion, Tag};

use super::public::{Key, Numbers};
use super::said::{Budget, is_by};
use super::{Component, Grouped, Transferable, grouped, is_one};
use crate::read::item::Refusal;
use crate::read::pem;

/// The label of an armoured certificate.
const CERTIFICATE: &str = "PGP PUBLIC KEY BLOCK";
const SECRET: &str = "PGP PRIVATE KEY BLOCK";

/// Whom a message can be encrypted to.
#[derive(Debug)]
pub(crate) struct OpenPgpCertificate {
    /// The primary key's fingerprint, in hexadecimal.
    pub(crate) fingerprint: String,
    /// The user ID, as it stands there; bytes that are no UTF-8 are replaced.
    pub(crate) name: Option<String>,
    /// The key to encrypt to.
    pub(crate) key: PublicSubkey,
    /// Whether its owner's programs read version 2 of encrypted and protected data.
    pub(crate) reads_v2: bool,
}

/// Why nothing can be encrypted to an OpenPGP certificate; it reads on from the file's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenPgpRecipientError {
    /// It does not read to its end.
    #[error(
        "holds an OpenPGP certificate that is damaged or cut short: ask its owner for it again"
    )]
    Damaged,
    /// Another thing of OpenPGP's.
    #[error(
        "holds an OpenPGP message, signature or revocation: ask for the certificate (gpg --export)"
    )]
    NoCertificate,
    /// More than one certificate, or something else beside it.
    #[error(
        "holds several OpenPGP certificates, or other things beside one: give each in a file of its own \
         (gpg --export FINGERPRINT)"
    )]
    Several,
    /// A secret key where a certificate belongs.
    #[error(
        "holds an OpenPGP private key: give the certificate (gpg --export), and keep the private key to its \
         owner"
    )]
    SecretKey,
    /// No signature of its own that counts.
    #[error(
        "holds an OpenPGP certificate without a valid signature of its owner: ask its owner for it again"
    )]
    NotSigned,
    /// The whole certificate was revoked.
    #[error(
        "holds an OpenPGP certificate that its owner has revoked: ask for the one that followed"
    )]
    Revoked,
    /// The whole certificate has expired.
    #[error("holds an OpenPGP certificate that expired on {0}: ask its owner for a renewed one")]
    Expired(Timestamp),
    /// Made after the time that it is here.
    #[error(
        "holds an OpenPGP certificate that is not valid before {0}: check this computer's clock"
    )]
    NotYet(Timestamp),
    /// No key for encryption.
    #[error(
        "holds an OpenPGP certificate without a valid key for encryption: ask its owner to add an encryption \
         subkey"
    )]
    NotForEncryption,
    /// Its keys for encryption were revoked.
    #[error(
        "holds an OpenPGP certificate whose encryption subkey was revoked: ask its owner for one with a new \
         subkey"
    )]
    SubkeyRevoked,
    /// Its keys for encryption have expired.
    #[error(
        "holds an OpenPGP certificate whose encryption subkey expired on {0}: ask its owner for a renewed one"
    )]
    SubkeyExpired(Timestamp),
    /// A key of a kind that is not encrypted to, or a weak one.
    #[error(
        "holds an OpenPGP certificate whose key cannot be used ({0}): ask for one with RSA of at least 2048 \
         bits, X25519 or a NIST curve"
    )]
    Key(String),
    /// So many signatures that a revocation could hide among them.
    #[error(
        "holds an OpenPGP certificate with too many signatures: ask for a smaller one (gpg --export-options \
         export-minimal --export)"
    )]
    TooManySignatures,
}

use OpenPgpRecipientError as E;

/// The one certificate in a file; `None` if the file is not OpenPGP's.
pub(crate) fn certificate(
    bytes: &[u8],
    now: Timestamp,
) -> Option<Result<OpenPgpCertificate, OpenPgpRecipientError>> {
    if is_one(bytes) {
        return Some(of_packets(bytes, now));
    }
    let (blocks, others) = pem::armoured(str::from_utf8(bytes).ok()?);
    let whole = match blocks.as_slice() {
        [] => return None,
        blocks if blocks.iter().any(|(label, _)| *label == SECRET) => Err(E::SecretKey),
        [(CERTIFICATE, Some(packets))] if !others => of_packets(packets, now),
        [(CERTIFICATE, None)] => Err(E::Damaged),
        [(_, _)] if !others => Err(E::NoCertificate),
        _ => Err(E::Several),
    };
    Some(whole)
}

fn of_packets(bytes: &[u8], now: Timestamp) -> Result<OpenPgpCertificate, E> {
    let Grouped { found, broken, .. } = grouped(bytes);
    let mut keys = found.iter().flat_map(|transferable| &transferable.keys);
    if keys.any(|key| matches!(key.tag, Tag::SecretKey | Tag::SecretSubkey)) {
        return Err(E::SecretKey);
    }
    if broken {
        return Err(E::Damaged);
    }
    match found.as_slice() {
        [] => Err(E::NoCertificate),
        [one] => Owner::of(one, now)?.certificate(),
        _ => Err(E::Several),
    }
}

/// A certificate, its primary key, and the time at which it is looked at.
struct Owner<'a> {
    all: &'a Transferable<'a>,
    primary: &'a Component<'a>,
    key: Key<'a>,
    verifier: PublicKey,
    now: i64,
    budget: Budget,
}

/// What the owner says of the primary key.
struct SelfSigned<'a> {
    direct: Option<&'a Signature>,
    name: Option<(&'a UserId, &'a Signature)>,
    newest_name: Option<&'a Signature>,
}

impl<'a> Owner<'a> {
    fn of(all: &'a Transferable<'a>, now: Timestamp) -> Result<Self, E> {
        let primary = all.keys.first().ok_or(E::Damaged)?;
        let key = Key::parse(primary.body, primary.tag).map_err(refused)?;
        // The library takes half of this curve's signatures for wrong, so that a revocation could be missed.
        if matches!(
            key.numbers,
            Numbers::Sign { algorithm: keyreeve_crypto::Algorithm::EcSecp256k1, .. }
        ) {
            return Err(E::Key("its primary key is on secp256k1".into()));
        }
        let verifier = key.verifier().ok_or(E::Damaged)?;
        let now = now.as_second();
        if i64::from(key.created) > now {
            return Err(E::NotYet(time(key.created.into())));
        }
        Ok(Self { all, primary, key, verifier, now, budget: Budget::default() })
    }

    fn certificate(mut self) -> Result<OpenPgpCertificate, E> {
        let said = self.self_signed()?;
        let stated = |signature: Option<&Signature>| {
            signature.and_then(Signature::key_expiration_time).filter(|time| time.as_secs() > 0)
        };
        let lasts = stated(said.direct).or_else(|| stated(said.newest_name));
        if let Some(end) =
            lasts.map(|lasts| i64::from(self.key.created) + i64::from(lasts.as_secs()))
            && end <= self.now
        {
            return Err(E::Expired(time(end)));
        }
        let main = said.direct.into_iter().chain(said.name.map(|(_, signature)| signature));
        let main: Vec<_> = main.collect();
        let features = main.iter().find_map(|signature| signature.features());
        let for_encryption = main.iter().any(|signature| is_for_encryption(signature));
        Ok(OpenPgpCertificate {
            fingerprint: self.key.fingerprint().ok_or(E::Damaged)?,
            name: said.name.map(|(name, _)| String::from_utf8_lossy(name.id()).into_owned()),
            reads_v2: features.is_some_and(pgp::packet::Features::seipd_v2),
            key: self.encryption_key(for_encryption)?,
        })
    }

    fn self_signed(&mut self) -> Result<SelfSigned<'a>, E> {
        let all = self.all;
        let mut direct = Vec::new();
        for signature in of_type(&self.primary.signatures, SignatureType::Key) {
            if self.is_current(signature) && self.verified(signature, Over::Key)? {
                direct.push(signature);
            }
        }
        let delegates = direct.iter().any(|signature| signature.revocation_key().is_some());
        // Wherever it stands: a revocation counts, and so does one by whom the owner let revoke.
        let named = all.names.iter().flat_map(|(_, signatures)| signatures);
        let everywhere = all.keys.iter().flat_map(|key| &key.signatures).chain(named);
        let revocation = Some(SignatureType::KeyRevocation);
        for signature in everywhere.filter(|signature| signature.typ() == revocation) {
            let by_another = delegates && !is_by(signature, &self.key);
            if by_another || self.verified(signature, Over::Key)? {
                return Err(E::Revoked);
            }
        }
        let mut names = Vec::new();
        for (name, signatures) in &all.names {
            let (mut certified, mut withdrawn) = (None::<&Signature>, None);
            for signature in signatures {
                if !is_by(signature, &self.key) {
                    continue;
                }
                let withdraws = signature.typ() == Some(SignatureType::CertRevocation);
                let counts =
                    withdraws || (signature.is_certification() && self.is_current(signature));
                if !counts || !self.verified(signature, Over::Name(name))? {
                    continue;
                }
                if withdraws {
                    withdrawn = withdrawn.max(signature.created());
                } else if certified.is_none_or(|last| last.created() < signature.created()) {
                    certified = Some(signature);
                }
            }
            let certified = certified.filter(|signature| signature.created() > withdrawn);
            names.extend(certified.map(|signature| (name, signature)));
        }
        let newest = |signature: &&Signature| signature.created();
        let said = SelfSigned {
            direct: direct.into_iter().max_by_key(newest),
            newest_name: names.iter().map(|(_, signature)| *signature).max_by_key(newest),
            name: names.into_iter().max_by_key(|(_, said)| (said.is_primary(), said.created())),
        };
        let is_signed = match self.key.version {
            KeyVersion::V6 => said.direct.is_some(),
            _ => said.direct.is_some() || said.name.is_some(),
        };
        if is_signed { Ok(said) } else { Err(E::NotSigned) }
    }

    /// The newest subkey that is fit; the primary key if there is none and it is for encryption itself.
    fn encryption_key(&mut self, primary_too: bool) -> Result<PublicSubkey, E> {
        let all = self.all;
        let mut best: Option<(u32, PublicSubkey)> = None;
        let mut why_not = E::NotForEncryption;
        for component in all.keys.iter().skip(1) {
            match self.subkey(component) {
                Ok(Some((created, _)))
                    if best.as_ref().is_some_and(|(last, _)| *last > created) => {}
                Ok(Some(found)) => best = Some(found),
                Ok(None) => {}
                Err(E::TooManySignatures) => return Err(E::TooManySignatures),
                Err(why) => why_not = why,
            }
        }
        match best {
            Some((_, key)) => Ok(key),
            None if primary_too && can_encrypt(&self.key) => {
                fit(&self.key)?;
                as_subkey(self.primary.body)
            }
            None => Err(why_not),
        }
    }

    /// A subkey that can be encrypted to now, and when it was made; `None` if it is for something else.
    fn subkey(&mut self, component: &Component<'_>) -> Result<Option<(u32, PublicSubkey)>, E> {
        let key = Key::parse(component.body, component.tag).map_err(refused)?;
        if !can_encrypt(&key) || i64::from(key.created) > self.now {
            return Ok(None);
        }
        let frame = key.frame().ok_or(E::Damaged)?;
        let mut binding = None::<&Signature>;
        for signature in of_type(&component.signatures, SignatureType::SubkeyBinding) {
            let newer = binding.is_none_or(|last| last.created() < signature.created());
            if newer
                && self.is_current(signature)
                && self.verified(signature, Over::Subkey(&frame))?
            {
                binding = Some(signature);
            }
        }
        let Some(binding) = binding.filter(|binding| is_for_encryption(binding)) else {
            return Ok(None);
        };
        for signature in of_type(&component.signatures, SignatureType::SubkeyRevocation) {
            if self.verified(signature, Over::Subkey(&frame))? {
                return Err(E::SubkeyRevoked);
            }
        }
        let lasts = binding.key_expiration_time().map_or(0, |lasts| lasts.as_secs());
        let end = i64::from(key.created) + i64::from(lasts);
        if lasts > 0 && end <= self.now {
            return Err(E::SubkeyExpired(time(end)));
        }
        fit(&key)?;
        Ok(Some((key.created, as_subkey(component.body)?)))
    }

    /// Whether it counts now, if it verifies: made before now and not before the key, not expired, and without a
    /// critical part that is not understood (RFC 9580, section 5.2.3.7).
    fn is_current(&self, signature: &Signature) -> bool {
        let Some(config) = signature.config() else { return false };
        let Some(created) = signature.created().map(|created| i64::from(created.as_secs())) else {
            return false;
        };
        let lasts = signature.signature_expiration_time().map_or(0, |lasts| lasts.as_secs());
        let strange = config.hashed_subpackets().any(|part| {
            part.is_critical
                && matches!(
                    part.data,
                    SubpacketData::Other(..)
                        | SubpacketData::Experimental(..)
                        | SubpacketData::Notation(_)
                )
        });
        let in_time = created <= self.now && (lasts == 0 || created + i64::from(lasts) > self.now);
        in_time && created >= i64::from(self.key.created) && !strange
    }

    fn verified(&mut self, signature: &Signature, over: Over<'_>) -> Result<bool, E> {
        if !self.budget.spend() {
            return Err(E::TooManySignatures);
        }
        let key = &self.verifier;
        let verified = match over {
            Over::Key => signature.verify_key(key),
            Over::Name(name) => signature.verify_certification(key, Tag::UserId, name),
            Over::Subkey(subkey) => signature.verify_subkey_binding(key, subkey),
        };
        Ok(verified.is_ok())
    }
}

/// What a signature is about.
enum Over<'a> {
    Key,
    Name(&'a UserId),
    Subkey(&'a PublicKey),
}

fn of_type(all: &[Signature], kind: SignatureType) -> impl Iterator<Item = &Signature> {
    all.iter().filter(move |signature| signature.typ() == Some(kind))
}

fn is_for_encryption(signature: &Signature) -> bool {
    let flags = signature.key_flags();
    flags.encrypt_comms() || flags.encrypt_storage()
}

fn can_encrypt(key: &Key<'_>) -> bool {
    match key.numbers {
        Numbers::Rsa { .. } => key.algorithm != PublicKeyAlgorithm::RSASign,
        Numbers::Agree { .. } => true,
        Numbers::Sign { .. } => false,
    }
}

fn fit(key: &Key<'_>) -> Result<(), E> {
    key.adopt_public().map(drop).map_err(|error: AdoptError| E::Key(error.to_string()))
}

fn refused(why: Refusal) -> E {
    match why {
        Refusal::Damaged(_) => E::Damaged,
        other => E::Key(other.to_string()),
    }
}

/// A key's fingerprint does not depend on which of the two packets it stands in.
fn as_subkey(body: &[u8]) -> Result<PublicSubkey, E> {
    let len = u32::try_from(body.len()).map_err(|_too_long| E::Damaged)?;
    let header = PacketHeader::new_fixed(Tag::PublicSubkey, len);
    PublicSubkey::try_from_reader(header, body).map_err(|_malformed| E::Damaged)
}

fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}
