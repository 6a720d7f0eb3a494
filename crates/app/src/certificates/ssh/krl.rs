//! Revokes, and writes the list of what was revoked.

use std::collections::BTreeSet;

use keyreeve_domain::Timestamp;
use keyreeve_domain::audit::Action;
use keyreeve_formats::{KrlRequest, check_key_id, revoked_keys, ssh_blob};

use super::super::sign::{OpenKey, UseOfKey, refused};
use super::public_key;
use super::revoked::Revoked;
use crate::api::{WriteKrlRequest, WriteKrlResponse};
use crate::error::Error;
use crate::output;
use crate::parse;
use crate::session::UnlockedSession;

/// Revokes what the request names, and writes the list of all that this version of the authority's key
/// revoked so far, as the log tells. The event is durable before the file is.
///
/// # Errors
/// As [`super::issue_ssh_certificate`]; and when nothing was ever revoked, a number is none or 0, or an
/// identifier is none.
pub fn write_krl(
    session: &UnlockedSession,
    request: &WriteKrlRequest,
) -> Result<WriteKrlResponse, Error> {
    let out = output::free_place(&request.out)?;
    let new = named(request)?;
    let mut open = OpenKey::open(
        session,
        &UseOfKey {
            key: &request.key,
            version: request.version,
            action: Action::KeyWriteKrl,
            for_others: true,
            out: Some(&request.out),
            reason: &request.reason,
        },
    )?;
    let before = Revoked::before(&*open.write.tx, open.id())?;
    let all = before.revoked.and(&new);
    if all.is_empty() {
        return Err(Error::invalid("nothing was revoked: name a number, an identifier or a key"));
    }
    let now = open.write.stamp.time;
    let number = before.number.map_or(0, |last| last.saturating_add(1)).max(seconds(now));
    let wanted = KrlRequest {
        algorithm: open.record.algorithm,
        authority: &open.spki,
        number,
        now,
        serials: &all.serials,
        key_ids: &all.key_ids,
        keys: &all.keys,
    };
    let list = revoked_keys(&wanted).map_err(refused)?;
    let [serials, key_ids, keys] = new.texts()?;
    open.log([
        ("number", number.to_string()),
        ("serials", serials),
        ("key_ids", key_ids),
        ("keys", keys),
    ])?;
    open.write.commit()?;
    output::write_new(out, &list)?;
    Ok(WriteKrlResponse {
        file: request.out.clone(),
        bytes: list.len() as u64,
        number: number.to_string(),
        serials: all.serials.len() as u64,
        key_ids: all.key_ids.len() as u64,
        keys: all.keys.len() as u64,
    })
}

/// What the request revokes anew.
fn named(request: &WriteKrlRequest) -> Result<Revoked, Error> {
    let serials = request.serials.iter().map(|text| serial(text)).collect::<Result<_, _>>()?;
    // With a zero byte in one of them OpenSSH takes the list for damaged, and lets nobody in.
    for key_id in &request.key_ids {
        check_key_id(key_id).map_err(refused)?;
    }
    let mut keys = BTreeSet::new();
    for file in &request.public_keys {
        let key = public_key(file)?;
        keys.insert(ssh_blob(key.algorithm, &key.spki).map_err(refused)?);
    }
    Ok(Revoked { serials, key_ids: request.key_ids.iter().cloned().collect(), keys })
}

fn serial(text: &str) -> Result<u64, Error> {
    text.trim().parse().map_err(|_malformed: std::num::ParseIntError| {
        let shown = parse::short(text);
        Error::invalid(format!("“{shown}” is no number of a certificate; one has 1 to 20 digits"))
    })
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or_default()
}
