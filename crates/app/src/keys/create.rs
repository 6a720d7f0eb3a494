//! Creates keys.

use keyreeve_crypto::make_array;
use keyreeve_domain::ports::SealedVersion;
use keyreeve_domain::ports::{Progress, StoreError};
use keyreeve_domain::{KeyId, KeyName, KeyRecord, NewKey, NewVersion, Note, Owner};

use crate::api::{CreateKeyRequest, CreateKeysResponse, KeyResponse};
use crate::error::Error;
use crate::keys::material::{Made, make};
use crate::keys::view;
use crate::parse;
use crate::session::UnlockedSession;

/// The most keys one request makes.
const MAX_COUNT: u32 = 1_000_000;
/// How many of the made keys the answer shows.
const SHOWN: u32 = 100;

/// Makes a key.
///
/// # Errors
/// When a part of the request is not understood, the algorithm cannot serve the purpose, the
/// policy refuses, or the name is taken.
pub fn create_key(
    session: &UnlockedSession,
    request: &CreateKeyRequest,
) -> Result<KeyResponse, Error> {
    session.may_change_keys()?;
    let new = new_key(request, parse::name(&request.name)?)?;
    check(&new)?;
    let made = make(new.algorithm)?;
    let mut write = session.write()?;
    let (record_of, sealed) = seal(session, new, made)?;
    let change = KeyRecord::create(record_of.0, record_of.1, write.stamp.time)?;
    let seq = write.tx.save_key(&change, &[sealed], &write.stamp)?;
    let response = view::response(&*write.tx, &change.record, Some(seq), write.stamp.time)?;
    write.commit()?;
    Ok(response)
}

/// Makes `count` keys alike in one transaction: all of them, or none. Their names are the
/// request's with `-000001` and so on.
///
/// # Errors
/// As [`create_key`]; when the caller cancels.
pub fn create_keys(
    session: &UnlockedSession,
    request: &CreateKeyRequest,
    progress: &dyn Progress,
) -> Result<CreateKeysResponse, Error> {
    session.may_change_keys()?;
    let count = request.count.unwrap_or(1);
    if !(1..=MAX_COUNT).contains(&count) {
        return Err(Error::invalid(format!("make between 1 and {MAX_COUNT} keys at once")));
    }
    let name = |number: u32| parse::name(&format!("{}-{number:06}", request.name));
    // Everything but the material is checked before the first key is made.
    check(&new_key(request, name(count)?)?)?;
    let slow = request.algorithm.is_asymmetric();
    let total = u64::from(count);
    let mut made = Vec::new();
    for number in 1..=if slow { count } else { 0 } {
        cancelled(progress)?;
        made.push(make(request.algorithm)?);
        progress.report(u64::from(number), total * 2);
    }
    let mut made = made.into_iter();
    let mut write = session.write()?;
    let mut keys = Vec::new();
    for number in 1..=count {
        cancelled(progress)?;
        let material = made.next().map_or_else(|| make(request.algorithm), Ok)?;
        let ((new, version), sealed) = seal(session, new_key(request, name(number)?)?, material)?;
        let change = KeyRecord::create(new, version, write.stamp.time)?;
        write.tx.save_key(&change, &[sealed], &write.stamp)?;
        if number <= SHOWN {
            keys.push(view::row_of(&change.record));
        }
        let done = u64::from(number);
        if slow {
            progress.report(total + done, total * 2);
        } else {
            progress.report(done, total);
        }
    }
    write.commit()?;
    Ok(CreateKeysResponse { keys, created: count })
}

fn cancelled(progress: &dyn Progress) -> Result<(), Error> {
    if progress.cancelled() { Err(StoreError::Cancelled.into()) } else { Ok(()) }
}

fn new_key(request: &CreateKeyRequest, name: KeyName) -> Result<NewKey, Error> {
    Ok(NewKey {
        id: KeyId::from_random(make_array()?),
        name,
        purpose: request.purpose,
        algorithm: request.algorithm,
        exportable: request.exportable,
        owner: Owner::parse(&request.owner)?,
        note: Note::parse(&request.note)?,
        tags: parse::tags(&request.tags)?,
        where_used: parse::where_used(&request.where_used)?,
        fields: parse::fields(&request.fields)?,
        policy: parse::policy(&request.policy, None, request.algorithm, request.purpose)?,
        activate_at: request.activate_at.as_deref().map(parse::timestamp).transpose()?,
    })
}

/// The rules on what may be made, before material is made for it.
fn check(new: &NewKey) -> Result<(), Error> {
    Ok(new.check()?)
}

fn seal(
    session: &UnlockedSession,
    new: NewKey,
    made: Made,
) -> Result<((NewKey, NewVersion), SealedVersion), Error> {
    let context = new.material_context(session.vault_id());
    let (version, sealed) = made.seal(session, &context)?;
    Ok(((new, version), sealed))
}
