//! From what was found to new keys: staged in the session, then stored in one transaction.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use keyreeve_crypto::{Algorithm, PublicAlgorithm, make_array};
use keyreeve_domain::ports::{Progress, SealedVersion};
use keyreeve_domain::{CustomField, Description, KeyChange, KeyId, KeyRecord, NewKey, Note, Owner};
use keyreeve_formats::{Found, SymmetricKey};

use super::OPENPGP_CREATED;
use super::examined::{Entry, Examined, cancelled};
use super::judge::{judge, twin};
use crate::api::{
    ErrorCode, ExamineRequest, ExamineResponse, ImportChoice, ImportKeysRequest,
    ImportKeysResponse, UnlockImportRequest, UnlockImportResponse,
};
use crate::certificates;
use crate::error::Error;
use crate::keys::material::Made;
use crate::keys::view;
use crate::known_keys;
use crate::parse;
use crate::session::{UnlockedSession, Write};

/// How many of the new keys the answer shows.
const SHOWN: usize = 100;

/// Looks into files, compares what is found with the vault, and keeps it for [`import_keys`].
/// Nothing is stored. What was kept before is dropped.
///
/// # Errors
/// When the slot's role does not allow it, nothing is named, there is too much, or the caller
/// cancels.
pub fn stage_import(
    session: &UnlockedSession,
    request: &ExamineRequest,
    progress: &dyn Progress,
) -> Result<ExamineResponse, Error> {
    session.may_change_keys()?;
    let mut examined = Examined::open(request, session.now(), progress)?;
    judge(session, &*session.read()?, &mut examined, progress)?;
    let view = examined.view();
    *staged(session) = Some(examined);
    Ok(view)
}

/// Looks into files for their own sake, and keeps what is found for [`unlock_import`]. Whoever may
/// bring keys in is told too what the vault has of it.
///
/// # Errors
/// When nothing is named, there is too much, or the caller cancels.
pub fn examine_files(
    session: &UnlockedSession,
    request: &ExamineRequest,
    progress: &dyn Progress,
) -> Result<ExamineResponse, Error> {
    let mut examined = Examined::open(request, session.now(), progress)?;
    compare(session, &mut examined, progress)?;
    let view = examined.view();
    *staged(session) = Some(examined);
    Ok(view)
}

/// An auditor's slot opens no material to compare with.
fn compare(
    session: &UnlockedSession,
    examined: &mut Examined,
    progress: &dyn Progress,
) -> Result<(), Error> {
    match session.may_change_keys() {
        Ok(()) => judge(session, &*session.read()?, examined, progress),
        Err(_an_auditor) => Ok(()),
    }
}

/// Tries a password on everything staged that is still encrypted.
///
/// # Errors
/// When nothing is staged, or the caller cancels; what was opened until then stays open.
pub fn unlock_import(
    session: &UnlockedSession,
    request: &UnlockImportRequest,
    progress: &dyn Progress,
) -> Result<UnlockImportResponse, Error> {
    let mut place = staged(session);
    let examined = place.as_mut().ok_or_else(nothing_staged)?;
    let opened = examined.unlock(&request.password, progress)?;
    compare(session, examined, progress)?;
    Ok(UnlockImportResponse { opened, found: examined.view() })
}

/// Brings the chosen keys in, each with its event, in one transaction: all of them, or none. What
/// was staged is dropped when it is done.
///
/// # Errors
/// When nothing is staged, a chosen item is no key or came into the vault meanwhile, an algorithm
/// cannot serve a purpose, a name is taken, the policy refuses, or the caller cancels: then nothing
/// was stored, and what was staged stays.
pub fn import_keys(
    session: &UnlockedSession,
    request: &ImportKeysRequest,
    progress: &dyn Progress,
) -> Result<ImportKeysResponse, Error> {
    session.may_change_keys()?;
    let mut place = staged(session);
    let examined = place.as_ref().ok_or_else(nothing_staged)?;
    if request.choices.is_empty() {
        return Err(Error::invalid("no key is chosen"));
    }
    let entries: BTreeMap<_, _> =
        examined.entries.iter().map(|entry| (entry.number, entry)).collect();
    let mut write = session.write()?;
    let total = request.choices.len() as u64;
    let mut keys = Vec::new();
    let mut found_certificates = Vec::new();
    let mut public_keys = 0;
    for (done, choice) in (1..).zip(&request.choices) {
        cancelled(progress)?;
        let entry = entries
            .get(&choice.number)
            .copied()
            .ok_or_else(|| Error::invalid("there is no such item"))?;
        if let Found::Certificate(found) = &entry.item.found {
            found_certificates.push(found.as_ref());
            continue;
        }
        if let Some(found) = entry.alone() {
            keep_public(session, &mut write, request, choice, entry, found)?;
            public_keys += 1;
            progress.report(done, total);
            continue;
        }
        let (change, sealed) = change(session, &write, request, choice, entry)?;
        write.tx.save_key(&change, &[sealed], &write.stamp)?;
        certificates::attach_waiting(&mut *write.tx, &write.stamp, &change.record)?;
        known_keys::give_way(&mut *write.tx, &write.stamp, &change.record)?;
        if keys.len() < SHOWN {
            keys.push(view::row_of(&change.record));
        }
        progress.report(done, total);
    }
    // After the keys, to which they are attached.
    found_certificates.sort_by_key(|found| certificates::above_first(found));
    let kept = count(found_certificates.len());
    for found in found_certificates {
        certificates::keep_found(&mut write, found, described(request)?)?;
    }
    write.commit()?;
    *place = None;
    let imported = count(request.choices.len()).saturating_sub(kept + public_keys);
    Ok(ImportKeysResponse { keys, imported, certificates: kept, public_keys })
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Drops what was staged.
pub fn discard_import(session: &UnlockedSession) {
    *staged(session) = None;
}

fn staged(session: &UnlockedSession) -> MutexGuard<'_, Option<Examined>> {
    session.staged.lock().unwrap_or_else(PoisonError::into_inner)
}

fn nothing_staged() -> Error {
    Error::invalid("there is nothing to bring in: choose the files again")
}

/// Keeps a public key whose private half is elsewhere.
fn keep_public(
    session: &UnlockedSession,
    write: &mut Write<'_>,
    request: &ImportKeysRequest,
    choice: &ImportChoice,
    entry: &Entry,
    found: (PublicAlgorithm, &[u8]),
) -> Result<(), Error> {
    let named = choice.name.as_deref().unwrap_or(&entry.name);
    if let Some(twin) = twin(session, &*write.tx, entry, None)? {
        return Err(in_vault(named, &twin));
    }
    let description = Description { note: note(entry, named)?, ..described(request)? };
    known_keys::keep(write, named, entry.item.form, found, description)
}

/// What is said of all that comes in.
fn described(request: &ImportKeysRequest) -> Result<Description, Error> {
    Ok(Description {
        owner: Owner::parse(&request.owner)?,
        note: Note::default(),
        tags: parse::tags(&request.tags)?,
    })
}

fn in_vault(named: &str, twin: &str) -> Error {
    let message = format!("“{}” is in the vault as “{twin}”", parse::short(named));
    Error::new(ErrorCode::Exists, message)
}

fn change(
    session: &UnlockedSession,
    write: &Write<'_>,
    request: &ImportKeysRequest,
    choice: &ImportChoice,
    entry: &Entry,
) -> Result<(KeyChange, SealedVersion), Error> {
    let named = choice.name.as_deref().unwrap_or(&entry.name);
    let (algorithm, made) = material(choice, entry)?;
    // The vault may have got it since it was looked at; and nothing is chosen twice.
    if let Some(twin) = twin(session, &*write.tx, entry, Some(algorithm))? {
        return Err(in_vault(named, &twin));
    }
    let purpose = choice.purpose.unwrap_or_else(|| entry.purpose(algorithm));
    // What was said of the public half while it was kept alone goes over to the key.
    let kept = entry.public().map(|(_, spki)| known_keys::kept_as(&*write.tx, spki)).transpose()?;
    let said = kept.flatten().map(|kept| kept.description).unwrap_or_default();
    let asked = described(request)?;
    let note = note(entry, named)?;
    let new = NewKey {
        id: KeyId::from_random(make_array()?),
        name: parse::name(named)?,
        purpose,
        algorithm,
        exportable: request.exportable,
        owner: if asked.owner == Owner::default() { said.owner } else { asked.owner },
        note: if note == Note::default() { said.note } else { note },
        tags: asked.tags.into_iter().chain(said.tags).collect(),
        where_used: Vec::new(),
        fields: fields(entry)?,
        policy: parse::policy(&request.policy, None, algorithm, purpose)?,
        activate_at: None,
    };
    new.check()?;
    let context = new.material_context(session.vault_id());
    let (version, sealed) = made.seal(session, &context)?;
    let mut change = KeyRecord::create(new, version, write.stamp.time)?;
    change.details.insert("form".into(), entry.item.form.name().into());
    if !entry.file.is_empty() {
        change.details.insert("file".into(), entry.file.clone());
    }
    Ok((change, sealed))
}

fn material(choice: &ImportChoice, entry: &Entry) -> Result<(Algorithm, Made), Error> {
    let title = entry.item.form.title();
    match &entry.item.found {
        Found::Pair(key) => {
            Ok((key.algorithm, Made::imported(key.algorithm, &key.material, title)?))
        }
        Found::Symmetric(SymmetricKey { pair: Some(key), .. })
            if choice.algorithm == Some(key.algorithm) =>
        {
            Ok((key.algorithm, Made::imported(key.algorithm, &key.material, title)?))
        }
        Found::Symmetric(key) => {
            let algorithm = match choice.algorithm {
                Some(wanted) if !key.algorithms.contains(&wanted) => {
                    let fit: Vec<_> = key.algorithms.iter().map(|fit| fit.name()).collect();
                    return Err(Error::invalid(format!(
                        "“{}” cannot be a key of {wanted}; by its length it is one of {}",
                        entry.name,
                        fit.join(", ")
                    )));
                }
                wanted => wanted.or(entry.algorithm()).ok_or_else(nothing_staged)?,
            };
            Ok((algorithm, Made::imported(algorithm, &key.material, title)?))
        }
        _ => Err(Error::invalid(format!("“{}” is no key that can be brought in", entry.name))),
    }
}

/// What another program's format keeps of a key beside its numbers, and would miss.
fn fields(entry: &Entry) -> Result<Vec<CustomField>, Error> {
    let said = entry.item.openpgp.iter();
    said.map(|said| Ok(CustomField::parse(OPENPGP_CREATED, &said.created.to_string())?)).collect()
}

/// What the file says of the key, unless its name says it already.
fn note(entry: &Entry, named: &str) -> Result<Note, Error> {
    let comment = entry.item.comment.as_deref().filter(|comment| *comment != named);
    // A comment that a note must not have is no reason to leave the key outside.
    comment.map_or_else(
        || Ok(Note::parse("")?),
        |comment| Note::parse(comment).or_else(|_deceiving| Ok(Note::parse("")?)),
    )
}
