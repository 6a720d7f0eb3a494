//! What the vault says of what was found: whether it is there already.

use std::collections::{BTreeMap, BTreeSet};

use keyreeve_crypto::{Algorithm, SecretBytes, identify, public_fingerprints};
use keyreeve_domain::ports::{Progress, ReadTransaction};
use keyreeve_domain::{KeyId, KeyName, KeyQuery, KeyRecord, KeyVersion, State};
use keyreeve_formats::{Found, SymmetricKey};

use super::examined::{Entry, Examined, Verdict, cancelled};
use crate::certificates::kept_twin;
use crate::error::Error;
use crate::keys::material::open_material_of;
use crate::known_keys::kept_as;
use crate::session::UnlockedSession;

/// The fingerprint by which a public half is looked up.
const FINGERPRINT: &str = "spki-sha256";

/// Compares everything found with the vault and with each other, and gives names that are free.
pub(super) fn judge(
    session: &UnlockedSession,
    tx: &dyn ReadTransaction,
    examined: &mut Examined,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let total = examined.entries.len() as u64;
    let private = private_halves(examined);
    let mut seen = Seen::default();
    let mut names = BTreeSet::new();
    for (done, entry) in (1..).zip(&mut examined.entries) {
        cancelled(progress)?;
        let verdict = match twin(session, tx, entry, None)? {
            Some(name) => Verdict::Duplicate(format!("the vault has it as “{name}”")),
            None => seen.verdict(entry, &private),
        };
        if verdict == Verdict::New
            && matches!(entry.item.found, Found::Pair(_) | Found::Symmetric(_))
        {
            entry.name = free_name(tx, &mut names, &entry.name)?;
        }
        entry.verdict = Some(verdict);
        progress.report(done, total);
    }
    Ok(())
}

/// The public halves of the private keys that were found.
fn private_halves(examined: &Examined) -> BTreeMap<Vec<u8>, String> {
    let pairs = examined
        .entries
        .iter()
        .filter(|entry| matches!(entry.item.found, Found::Pair(_) | Found::Locked(_)));
    pairs.filter_map(|entry| Some((entry.public()?.1.to_vec(), entry.name.clone()))).collect()
}

/// What stood in the files before.
#[derive(Default)]
struct Seen {
    public: BTreeSet<Vec<u8>>,
    /// The fingerprints of certificates.
    certificates: BTreeSet<String>,
    /// Check values, and where else the material was; by it the few alike are found.
    symmetric: BTreeMap<String, Vec<SecretBytes>>,
}

impl Seen {
    fn verdict(&mut self, entry: &Entry, private: &BTreeMap<Vec<u8>, String>) -> Verdict {
        let twice = || Verdict::Duplicate("it stands twice in what was given".into());
        if let Found::Public(key) = &entry.item.found
            && let Some(name) = private.get(&key.spki)
        {
            return Verdict::Duplicate(format!("the public half of “{name}”"));
        }
        let spki = entry.public().map(|(_, spki)| spki);
        if let Some(spki) = spki.or(entry.alone().map(|(_, spki)| spki)) {
            return if self.public.insert(spki.to_vec()) { Verdict::New } else { twice() };
        }
        if let Found::Certificate(found) = &entry.item.found {
            let new = self.certificates.insert(found.sha256.clone());
            return if new { Verdict::New } else { twice() };
        }
        if let Found::Symmetric(key) = &entry.item.found {
            let kcv = check_values(&key.algorithms, &key.material).into_iter().next();
            let alike = self.symmetric.entry(kcv.unwrap_or_default()).or_default();
            if alike.contains(&key.material) {
                return twice();
            }
            // EXPOSE: kept for the comparison, and wiped with it.
            alike.push(SecretBytes::new(key.material.expose().to_vec()));
        }
        Verdict::New
    }
}

/// The name of the key in the vault that has the same public half or the same material; `chosen` says
/// which of the kinds it may be it is.
pub(super) fn twin(
    session: &UnlockedSession,
    tx: &dyn ReadTransaction,
    entry: &Entry,
    chosen: Option<Algorithm>,
) -> Result<Option<String>, Error> {
    if let Some((algorithm, spki)) = entry.public() {
        let twin = public_twin(session, tx, algorithm, spki)?;
        let is_alone = matches!(entry.item.found, Found::Public(_));
        // A private key takes the place of its public half.
        return match twin {
            None if is_alone => Ok(kept_as(tx, spki)?.map(|kept| kept.name.to_string())),
            twin => Ok(twin),
        };
    }
    match &entry.item.found {
        Found::Foreign(key) => Ok(kept_as(tx, &key.spki)?.map(|kept| kept.name.to_string())),
        Found::Certificate(found) => kept_twin(tx, found),
        Found::Symmetric(SymmetricKey { pair: Some(key), .. }) if chosen == Some(key.algorithm) => {
            let spki = key.identity.public_key.as_deref().unwrap_or_default();
            public_twin(session, tx, key.algorithm, spki)
        }
        Found::Symmetric(key) => symmetric_twin(session, tx, &key.algorithms, &key.material),
        _ => Ok(None),
    }
}

fn public_twin(
    session: &UnlockedSession,
    tx: &dyn ReadTransaction,
    algorithm: Algorithm,
    spki: &[u8],
) -> Result<Option<String>, Error> {
    let fingerprints = public_fingerprints(algorithm, spki).unwrap_or_default();
    let Some(fingerprint) = fingerprints.get(FINGERPRINT) else { return Ok(None) };
    for id in found_by(session, tx, fingerprint)? {
        let Some(record) = tx.key(id)? else { continue };
        if with_material(&record).any(|version| version.public_key.as_deref() == Some(spki)) {
            return Ok(Some(record.name.to_string()));
        }
    }
    Ok(None)
}

/// A check value only says which keys might be the same; the material itself decides.
fn symmetric_twin(
    session: &UnlockedSession,
    tx: &dyn ReadTransaction,
    algorithms: &[Algorithm],
    material: &SecretBytes,
) -> Result<Option<String>, Error> {
    for kcv in check_values(algorithms, material) {
        for id in found_by(session, tx, &kcv)? {
            let Some(record) = tx.trusted_key(id)? else { continue };
            let alike: Vec<_> = with_material(&record)
                .filter(|version| version.kcv.as_deref() == Some(kcv.as_str()))
                .map(|version| version.version)
                .collect();
            for version in alike {
                if open_material_of(session, tx, &record, version)? == *material {
                    return Ok(Some(record.name.to_string()));
                }
            }
        }
    }
    Ok(None)
}

/// The check values that the material has as a key of each of `algorithms`.
fn check_values(algorithms: &[Algorithm], material: &SecretBytes) -> BTreeSet<String> {
    let identities = algorithms.iter().filter_map(|algorithm| identify(*algorithm, material).ok());
    identities.filter_map(|identity| identity.kcv).collect()
}

fn with_material(record: &KeyRecord) -> impl Iterator<Item = &KeyVersion> {
    record.versions.iter().filter(|version| version.state != State::Destroyed)
}

fn found_by(
    session: &UnlockedSession,
    tx: &dyn ReadTransaction,
    word: &str,
) -> Result<Vec<KeyId>, Error> {
    let query = KeyQuery { search: Some(word.to_owned()), ..KeyQuery::default() };
    Ok(tx.ids(&query, session.now())?)
}

/// `proposed`, or with a number behind it where that name is taken.
fn free_name(
    tx: &dyn ReadTransaction,
    names: &mut BTreeSet<String>,
    proposed: &str,
) -> Result<String, Error> {
    let numbered = (2..).map(|number| format!("{proposed} ({number})"));
    for name in std::iter::once(proposed.to_owned()).chain(numbered) {
        let folded = KeyName::parse(&name)?.folded();
        if !names.contains(&folded) && tx.key_named(&folded)?.is_none() {
            names.insert(folded);
            return Ok(name);
        }
    }
    Err(Error::internal("the names ran out"))
}
