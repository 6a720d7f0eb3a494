//! An authority of OpenSSH: it issues certificates, and lists what it revoked.

use std::collections::BTreeSet;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::ToSpan as _;
use keyreeve_crypto::{AdoptedPublicKey, make_array};
use keyreeve_domain::audit::{Action, Outcome};
use keyreeve_domain::ports::{AuditQuery, ReadTransaction};
use keyreeve_domain::{KeyVersionId, Timestamp};
use keyreeve_formats::{
    Found, KrlRequest, SshCertificateRequest, SshLimits, SshSubject, read, revoked_keys, ssh_blob,
    ssh_certificate,
};

use super::sign::{OpenKey, UseOfKey, refused, within};
use crate::api::{
    ErrorCode, IssueSshCertificateRequest, SshCertificateResponse, WriteKrlRequest,
    WriteKrlResponse,
};
use crate::error::Error;
use crate::keys::{contents, find_version};
use crate::output;
use crate::session::UnlockedSession;

/// Days of a user's certificate when none are named, and at most; then of a host's.
const USER_DAYS: (u32, u32) = (30, 825);
const HOST_DAYS: (u32, u32) = (90, 825);
/// What a user may do where nothing is said.
const USUAL: &str = "pty";

/// Issues a certificate of OpenSSH with an authority's key, and writes it into a new file. The event is
/// durable before the file is. The certificate itself is not kept: the log tells what was issued.
///
/// # Errors
/// When there is no such key or version, it may not sign for others, the key that it is to be of is none
/// that OpenSSH knows, a name or a limit is none, or the file cannot be written.
pub fn issue_ssh_certificate(
    session: &UnlockedSession,
    request: &IssueSshCertificateRequest,
) -> Result<SshCertificateResponse, Error> {
    let out = output::free_place(&request.out)?;
    let days = within(request.days, if request.host { HOST_DAYS } else { USER_DAYS })?;
    let subject = subject(request)?;
    let of = match (&request.public_key, &request.subject_key) {
        (Some(file), None) => public_key(file)?,
        (None, Some(key)) => own_key(session, key)?,
        _ => return Err(Error::invalid("name one key that the certificate is to be of")),
    };
    let mut open = OpenKey::open(
        session,
        &UseOfKey {
            key: &request.key,
            version: request.version,
            action: Action::KeyIssueSshCertificate,
            for_others: true,
            out: Some(&request.out),
            reason: &request.reason,
        },
    )?;
    let now = open.write.stamp.time;
    let until = now
        .checked_add((24 * i64::from(days)).hours())
        .map_err(|_beyond| Error::invalid("the certificate would be valid for too long"))?;
    let serial = (u64::from_be_bytes(make_array()?) >> 1) | 1;
    let wanted = SshCertificateRequest {
        algorithm: of.algorithm,
        public_key: &of.spki,
        subject: &subject,
        key_id: &request.key_id,
        principals: &request.principals,
        serial,
        now,
        until,
    };
    let line =
        ssh_certificate(&open.key, open.record.algorithm, &open.spki, &wanted).map_err(refused)?;
    open.log([
        ("serial", serial.to_string()),
        ("key_id", request.key_id.clone()),
        ("principals", request.principals.join(",")),
        ("kind", if request.host { "host".into() } else { "user".into() }),
        ("until", until.to_string()),
    ])?;
    open.write.commit()?;
    output::write_new(out, line.as_bytes())?;
    Ok(SshCertificateResponse {
        file: request.out.clone(),
        bytes: line.len() as u64,
        key_id: request.key_id.clone(),
        serial: serial.to_string(),
        principals: request.principals.clone(),
        valid_until: until.to_string(),
    })
}

fn subject(request: &IssueSshCertificateRequest) -> Result<SshSubject, Error> {
    let limits = SshLimits {
        force_command: request.force_command.clone(),
        source_addresses: request.source_addresses.clone(),
        permissions: request.permissions.clone().unwrap_or_else(|| vec![USUAL.into()]),
    };
    if !request.host {
        return Ok(SshSubject::User(limits));
    }
    if request.permissions.is_some()
        || request.force_command.is_some()
        || !request.source_addresses.is_empty()
    {
        return Err(Error::invalid("a host's certificate has neither permissions nor limits"));
    }
    Ok(SshSubject::Host)
}

/// The one public key in a file.
fn public_key(path: &str) -> Result<AdoptedPublicKey, Error> {
    let refused =
        |why: String| Error::new(ErrorCode::BadInputFile, format!("the file {path}: {why}"));
    let contents = contents(std::path::Path::new(path)).map_err(refused)?;
    let items = read(&contents).map_err(|error| refused(error.to_string()))?;
    let mut found = items.into_iter().filter_map(|item| match item.found {
        Found::Public(key) => Some(key),
        _ => None,
    });
    match (found.next(), found.next()) {
        (Some(key), None) => Ok(key),
        (Some(_), Some(_)) => Err(refused("several public keys are in it; name one".into())),
        (None, _) => Err(refused("no public key that Keyreeve knows is in it".into())),
    }
}

fn own_key(session: &UnlockedSession, key: &str) -> Result<AdoptedPublicKey, Error> {
    let tx = session.read()?;
    let (record, number) = find_version(&*tx, key, None)?;
    let spki = record.version(number).and_then(|version| version.public_key.clone());
    let none = || Error::invalid(format!("“{}” has no public half", record.name));
    Ok(AdoptedPublicKey { algorithm: record.algorithm, spki: spki.ok_or_else(none)? })
}

/// Revokes what the request names, and writes the list of all that this version of the authority's key
/// revoked so far, as the log tells. The event is durable before the file is.
///
/// # Errors
/// As [`issue_ssh_certificate`]; and when nothing was ever revoked, or a number is 0.
pub fn write_krl(
    session: &UnlockedSession,
    request: &WriteKrlRequest,
) -> Result<WriteKrlResponse, Error> {
    let out = output::free_place(&request.out)?;
    let mut new = Revoked {
        serials: request.serials.iter().copied().collect(),
        key_ids: request.key_ids.iter().cloned().collect(),
        keys: BTreeSet::new(),
    };
    for file in &request.public_keys {
        let key = public_key(file)?;
        new.keys.insert(ssh_blob(key.algorithm, &key.spki).map_err(refused)?);
    }
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

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or_default()
}

/// What an authority revoked.
#[derive(Default)]
struct Revoked {
    serials: BTreeSet<u64>,
    key_ids: BTreeSet<String>,
    keys: BTreeSet<Vec<u8>>,
}

/// What an authority revoked until now, and its newest list's number.
#[derive(Default)]
struct Before {
    revoked: Revoked,
    number: Option<u64>,
}

impl Revoked {
    /// What the log says that this version of the key revoked.
    fn before(tx: &dyn ReadTransaction, id: KeyVersionId) -> Result<Before, Error> {
        let query = AuditQuery {
            object: Some(id.key.to_string()),
            action: Some(Action::KeyWriteKrl),
            limit: u32::MAX,
            ..AuditQuery::default()
        };
        let mut before = Before::default();
        for event in tx.events(&query)? {
            if event.outcome != Outcome::Done || event.version != Some(id.version) {
                continue;
            }
            let said = |name: &str| event.details.get(name).map_or("", String::as_str);
            let read = Self::read(said("serials"), said("key_ids"), said("keys"));
            let read =
                read.ok_or_else(|| Error::internal("an entry of the log is not understood"))?;
            before.revoked = before.revoked.and(&read);
            before.number = before.number.max(said("number").parse().ok());
        }
        Ok(before)
    }

    /// As an entry of the log says it: numbers with commas between, and lists of JSON.
    fn texts(&self) -> Result<[String; 3], Error> {
        let serials: Vec<_> = self.serials.iter().map(u64::to_string).collect();
        let keys: Vec<_> = self.keys.iter().map(|key| BASE64_STANDARD.encode(key)).collect();
        let list = |of: &dyn Fn() -> serde_json::Result<String>| {
            of().map_err(|error| Error::internal(error.to_string()))
        };
        Ok([
            serials.join(","),
            list(&|| serde_json::to_string(&self.key_ids))?,
            list(&|| serde_json::to_string(&keys))?,
        ])
    }

    fn read(serials: &str, key_ids: &str, keys: &str) -> Option<Self> {
        let serials = serials.split(',').filter(|serial| !serial.is_empty());
        let keys: Vec<String> = serde_json::from_str(keys).ok()?;
        Some(Self {
            serials: serials.map(|serial| serial.parse().ok()).collect::<Option<_>>()?,
            key_ids: serde_json::from_str(key_ids).ok()?,
            keys: keys.iter().map(|key| BASE64_STANDARD.decode(key).ok()).collect::<Option<_>>()?,
        })
    }

    fn and(&self, other: &Self) -> Self {
        Self {
            serials: self.serials.union(&other.serials).copied().collect(),
            key_ids: self.key_ids.union(&other.key_ids).cloned().collect(),
            keys: self.keys.union(&other.keys).cloned().collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.serials.is_empty() && self.key_ids.is_empty() && self.keys.is_empty()
    }
}
