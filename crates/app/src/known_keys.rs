//! Public keys whose private halves are elsewhere: kept for the inventory, never used.

use keyreeve_crypto::{ForeignAlgorithm, PublicAlgorithm, known_fingerprints, make_array, sha256};
use keyreeve_domain::ports::{ReadTransaction, Stamp, WriteTransaction};
use keyreeve_domain::{
    Description, DescriptionEdit, KeyRecord, KnownKeyId, KnownKeyRecord, Note, Owner,
    TransitionError,
};
use keyreeve_formats::{Form, public_pem};

use crate::api::{
    DescriptionRequest, DescriptionView, EditKnownKeyRequest, ErrorCode, ForeignAlgorithmView,
    KnownKeyListRequest, KnownKeyListResponse, KnownKeyRequest, KnownKeyView,
    RemoveKnownKeyRequest,
};
use crate::error::Error;
use crate::parse;
use crate::session::{UnlockedSession, Write};

/// Rows when none are named, and at most.
const LIMITS: (u32, u32) = (500, 10_000);
/// The shortest beginning that names a public key.
const MIN_PREFIX: usize = 4;
/// Characters of a search at most.
const MAX_SEARCH: usize = 500;

/// The public keys that the question has, by name.
///
/// # Errors
/// When the search is too long, or the database fails.
pub fn list_known_keys(
    session: &UnlockedSession,
    request: &KnownKeyListRequest,
) -> Result<KnownKeyListResponse, Error> {
    let search = request.search.as_deref().unwrap_or_default().trim().to_lowercase();
    if search.chars().count() > MAX_SEARCH {
        return Err(Error::invalid(format!("a search has at most {MAX_SEARCH} characters")));
    }
    let kept = session.read()?.known_keys(None)?;
    let found: Vec<_> = kept.iter().filter(|record| says(record, &search)).collect();
    let limit = request.limit.unwrap_or(LIMITS.0).clamp(1, LIMITS.1) as usize;
    Ok(KnownKeyListResponse {
        total: found.len() as u64,
        public_keys: found.into_iter().take(limit).map(view).collect::<Result<_, _>>()?,
    })
}

/// A public key, compared with the log.
///
/// # Errors
/// When there is no such public key, several are called so, or it is not what the log says of it.
pub fn show_known_key(
    session: &UnlockedSession,
    request: &KnownKeyRequest,
) -> Result<KnownKeyView, Error> {
    view(&find(&*session.read()?, &request.public_key)?)
}

/// Changes the name or the description of a public key.
///
/// # Errors
/// As [`show_known_key`]; and when a part is not understood, nothing would change, or the slot's role does
/// not allow it.
pub fn edit_known_key(
    session: &UnlockedSession,
    request: &EditKnownKeyRequest,
) -> Result<KnownKeyView, Error> {
    session.may_change_keys()?;
    let name = request.name.as_deref().map(parse::name).transpose()?;
    let edit = description_edit(&request.description)?;
    let mut write = session.write()?;
    let record = find(&*write.tx, &request.public_key)?;
    let change = record.edit(name, edit).ok_or(TransitionError::NothingToDo)?;
    write.tx.save_known_key(&change, &write.stamp)?;
    write.commit()?;
    view(&change.record)
}

/// Removes a public key. Nothing was ever protected by it here.
///
/// # Errors
/// As [`show_known_key`]; and when the slot's role does not allow it.
pub fn remove_known_key(
    session: &UnlockedSession,
    request: &RemoveKnownKeyRequest,
) -> Result<KnownKeyView, Error> {
    session.may_change_keys()?;
    let mut write = session.write()?;
    let record = find(&*write.tx, &request.public_key)?;
    write.tx.save_known_key(&record.remove().with_reason(&request.reason), &write.stamp)?;
    write.commit()?;
    view(&record)
}

/// Keeps a public key that was found in a file.
///
/// # Errors
/// When its name is none, or the database fails.
pub(crate) fn keep(
    write: &mut Write<'_>,
    name: &str,
    form: Form,
    (algorithm, spki): (PublicAlgorithm, &[u8]),
    description: Description,
) -> Result<(), Error> {
    let record = KnownKeyRecord {
        id: KnownKeyId::from_random(make_array()?),
        name: parse::name(name)?,
        algorithm,
        public_key: spki.to_vec(),
        sha256: sha256(spki),
        form: form.name().into(),
        description,
        created_at: write.stamp.time,
    };
    write.tx.save_known_key(&record.keep(), &write.stamp)?;
    Ok(())
}

/// The public key that is kept alone and is this one.
pub(crate) fn kept_as(
    tx: &dyn ReadTransaction,
    spki: &[u8],
) -> Result<Option<KnownKeyRecord>, Error> {
    let kept = tx.known_keys(Some(&sha256(spki)))?;
    kept.first().map(|record| trusted(tx, record)).transpose()
}

/// Removes the public keys whose private halves came in as this new key.
pub(crate) fn give_way(
    tx: &mut dyn WriteTransaction,
    stamp: &Stamp,
    record: &KeyRecord,
) -> Result<(), Error> {
    for version in &record.versions {
        let Some(spki) = &version.public_key else { continue };
        if let Some(kept) = kept_as(tx, spki)? {
            tx.save_known_key(&kept.give_way(record.id), stamp)?;
        }
    }
    Ok(())
}

/// What is to be changed of a description.
pub(crate) fn description_edit(request: &DescriptionRequest) -> Result<DescriptionEdit, Error> {
    Ok(DescriptionEdit {
        owner: request.owner.as_deref().map(Owner::parse).transpose()?,
        note: request.note.as_deref().map(Note::parse).transpose()?,
        tags: request.tags.as_deref().map(parse::tags).transpose()?,
    })
}

pub(crate) fn description(of: &Description) -> DescriptionView {
    DescriptionView {
        owner: of.owner.to_string(),
        note: of.note.to_string(),
        tags: of.tags.iter().map(ToString::to_string).collect(),
    }
}

fn view(record: &KnownKeyRecord) -> Result<KnownKeyView, Error> {
    let algorithm = record.algorithm;
    let pem = public_pem(&record.public_key).map_err(|error| Error::internal(error.to_string()))?;
    Ok(KnownKeyView {
        id: record.id.to_string(),
        name: record.name.to_string(),
        algorithm,
        foreign: algorithm.foreign().map(foreign),
        strength_bits: algorithm.strength_bits(),
        quantum_safe: algorithm.is_quantum_safe(),
        fingerprints: known_fingerprints(algorithm, &record.public_key).unwrap_or_default(),
        pem,
        form: record.form.clone(),
        description: description(&record.description),
        created_at: record.created_at.to_string(),
    })
}

/// A kind of key that the vault makes none of.
pub(crate) fn foreign(algorithm: ForeignAlgorithm) -> ForeignAlgorithmView {
    ForeignAlgorithmView {
        name: algorithm.to_string(),
        title: algorithm.title(),
        weakness: algorithm.weakness(),
    }
}

/// Whether a public key has `search`, which is in lower case, in what is shown of it.
fn says(record: &KnownKeyRecord, search: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(search);
    let Description { owner, note, tags } = &record.description;
    search.is_empty()
        || has(record.name.as_str())
        || has(&record.algorithm.to_string())
        || record.algorithm.foreign().is_some_and(|foreign| has(&foreign.title()))
        || has(owner.as_str())
        || has(note.as_str())
        || tags.iter().any(|tag| has(tag.as_str()))
        || has(&record.id.to_string())
        || known_fingerprints(record.algorithm, &record.public_key)
            .unwrap_or_default()
            .values()
            .any(|fingerprint| has(fingerprint))
}

/// The public key with this name, or whose identifier or SHA-256 begins so, compared with the log.
fn find(tx: &dyn ReadTransaction, text: &str) -> Result<KnownKeyRecord, Error> {
    let shown = parse::short(text);
    let kept = tx.known_keys(None)?;
    let prefix: String = text.to_lowercase().replace(['-', ':'], "");
    let is_prefix = prefix.len() >= MIN_PREFIX && prefix.chars().all(|c| c.is_ascii_hexdigit());
    let begins = |record: &KnownKeyRecord| {
        hex::encode(record.id.as_bytes()).starts_with(&prefix)
            || hex::encode(record.sha256).starts_with(&prefix)
    };
    let mut found: Vec<_> = kept.iter().filter(|record| record.name.as_str() == text).collect();
    if found.is_empty() && is_prefix {
        found = kept.iter().filter(|record| begins(record)).collect();
    }
    match found.as_slice() {
        [] => Err(Error::new(
            ErrorCode::NotFound,
            format!("there is no public key “{shown}” that is kept alone"),
        )),
        [one] => trusted(tx, one),
        _ => Err(Error::new(
            ErrorCode::Ambiguous,
            format!(
                "several public keys are called “{shown}”: give the beginning of an identifier"
            ),
        )),
    }
}

fn trusted(tx: &dyn ReadTransaction, listed: &KnownKeyRecord) -> Result<KnownKeyRecord, Error> {
    let record = tx.trusted_known_key(listed.id)?;
    record.ok_or_else(|| Error::internal("the public key vanished"))
}
