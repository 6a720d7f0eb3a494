//! Issues certificates.

use jiff::ToSpan as _;
use keyreeve_crypto::{AdoptedPublicKey, make_array};
use keyreeve_domain::audit::Action;
use keyreeve_formats::{
    SshCertificateRequest, SshLimits, SshSubject, ssh_blob, ssh_certificate, ssh_fingerprint,
};

use super::super::sign::{OpenKey, UseOfKey, refused, within};
use super::public_key;
use crate::api::{IssueSshCertificateRequest, SshCertificateResponse};
use crate::error::Error;
use crate::keys::find_version;
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
    let of = ssh_blob(of.algorithm, &of.spki).and_then(|blob| ssh_fingerprint(&blob));
    open.log([
        ("serial", serial.to_string()),
        ("key_id", request.key_id.clone()),
        ("public_key", of.map_err(refused)?),
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

fn own_key(session: &UnlockedSession, key: &str) -> Result<AdoptedPublicKey, Error> {
    let tx = session.read()?;
    let (record, number) = find_version(&*tx, key, None)?;
    let spki = record.version(number).and_then(|version| version.public_key.clone());
    let none = || Error::invalid(format!("“{}” has no public half", record.name));
    Ok(AdoptedPublicKey { algorithm: record.algorithm, spki: spki.ok_or_else(none)? })
}
