//! The digests of the rows of a key, a certificate and a public key alone, which every audit event about it carries.

use keyreeve_crypto::{Sha256, pre_auth_encode, sha256};

use crate::certificate::{CertificateRecord, KeyVersionId, Revocation};
use crate::description::Description;
use crate::key::KeyRecord;
use crate::known_key::KnownKeyRecord;
use crate::text::{CustomField, WhereUsed};
use crate::version::KeyVersion;

impl KeyRecord {
    /// SHA-256 over a canonical encoding of everything stored about the key, the digests of its
    /// sealed data keys and material included.
    ///
    /// An old page, row or sealed value that is put back gives another digest than the newest
    /// event about the key, and so is found. `last_used_at` is a convenience and left out.
    #[must_use]
    pub fn state_digest(&self) -> Sha256 {
        let tags = list(self.tags.iter().map(|tag| tag.as_str().as_bytes().to_vec()));
        let where_used = list(self.where_used.iter().map(where_used_entry));
        let fields = list(self.fields.iter().map(field));
        let versions = list(self.versions.iter().map(version));
        let policy = [
            Some(self.policy.template.name()),
            self.policy.originator_usage.as_ref().map(|period| period.as_str()),
            self.policy.recipient_usage.as_ref().map(|period| period.as_str()),
            self.policy.overlap.as_ref().map(|period| period.as_str()),
            Some(self.policy.warn_before.as_str()),
            Some(if self.policy.ends_use { "ends-use" } else { "warns" }),
        ];
        let policy = list(policy.iter().map(|part| optional(part.map(str::as_bytes))));
        sha256(&pre_auth_encode(&[
            b"key",
            self.id.as_bytes(),
            self.name.as_str().as_bytes(),
            self.purpose.name().as_bytes(),
            self.algorithm.name().as_bytes(),
            &[u8::from(self.exportable)],
            self.owner.as_str().as_bytes(),
            self.note.as_str().as_bytes(),
            &tags,
            &where_used,
            &fields,
            &policy,
            &time(self.created_at),
            &self.primary_version.to_be_bytes(),
            &self.revision.to_be_bytes(),
            &versions,
        ]))
    }
}

impl CertificateRecord {
    /// SHA-256 over a canonical encoding of everything stored about the certificate. A description
    /// that is empty has no part in it, as before there were any.
    #[must_use]
    pub fn state_digest(&self) -> Sha256 {
        let described = self.description != Description::default();
        let description = described.then(|| description(&self.description));
        let key =
            |id: KeyVersionId| pre_auth_encode(&[id.key.as_bytes(), &id.version.to_be_bytes()]);
        let revoked = |Revocation { at, reason }: Revocation| {
            pre_auth_encode(&[&time(at), reason.name().as_bytes()])
        };
        let own = optional(self.key.map(key).as_deref());
        let issuing = optional(self.issued_by.map(key).as_deref());
        let revoked = optional(self.revoked.map(revoked).as_deref());
        let replaced = optional(self.replaced_by.as_ref().map(|id| id.as_bytes().as_slice()));
        let (from, to, created) =
            (time(self.not_before), time(self.not_after), time(self.created_at));
        let authority = [u8::from(self.authority)];
        let mut parts: Vec<&[u8]> = vec![
            b"certificate",
            self.id.as_bytes(),
            &self.der,
            self.subject.as_bytes(),
            self.issuer.as_bytes(),
            self.serial.as_bytes(),
            &from,
            &to,
            &self.sha256,
            &self.public_key_sha256,
            &authority,
            self.origin.name().as_bytes(),
            &own,
            &issuing,
            &revoked,
            &replaced,
            &created,
        ];
        parts.extend(description.iter().flatten().map(Vec::as_slice));
        sha256(&pre_auth_encode(&parts))
    }
}

impl KnownKeyRecord {
    /// SHA-256 over a canonical encoding of everything stored about the public key.
    #[must_use]
    pub fn state_digest(&self) -> Sha256 {
        let [owner, note, tags] = description(&self.description);
        sha256(&pre_auth_encode(&[
            b"public-key",
            self.id.as_bytes(),
            self.name.as_str().as_bytes(),
            self.algorithm.to_string().as_bytes(),
            &self.public_key,
            &self.sha256,
            self.form.as_bytes(),
            &owner,
            &note,
            &tags,
            &time(self.created_at),
        ]))
    }
}

fn description(of: &Description) -> [Vec<u8>; 3] {
    let tags = list(of.tags.iter().map(|tag| tag.as_str().as_bytes().to_vec()));
    [of.owner.as_str().as_bytes().to_vec(), of.note.as_str().as_bytes().to_vec(), tags]
}

fn version(version: &KeyVersion) -> Vec<u8> {
    let fingerprints = list(
        version
            .fingerprints
            .iter()
            .map(|(name, value)| pre_auth_encode(&[name.as_bytes(), value.as_bytes()])),
    );
    let times = [
        version.activate_at,
        version.activated_at,
        version.suspended_at,
        version.deactivate_at,
        version.deactivated_at,
        version.compromised_at,
        version.destroy_scheduled_at,
        version.destroyed_at,
    ];
    let times =
        list(times.iter().map(|at| optional(at.map(time).as_ref().map(<[u8; 8]>::as_slice))));
    pre_auth_encode(&[
        &version.version.to_be_bytes(),
        version.state.name().as_bytes(),
        &time(version.created_at),
        &times,
        &optional(version.compromise_reason.as_ref().map(String::as_bytes)),
        &optional(version.replaced_by.map(u32::to_be_bytes).as_ref().map(<[u8; 4]>::as_slice)),
        version.origin.name().as_bytes(),
        version.generator.as_bytes(),
        version.creator.as_bytes(),
        &optional(version.public_key.as_deref()),
        &fingerprints,
        &optional(version.kcv.as_ref().map(String::as_bytes)),
        &version.encryptions.to_be_bytes(),
        &optional(version.data_key_digest.as_ref().map(<[u8; 32]>::as_slice)),
        &optional(version.material_digest.as_ref().map(<[u8; 32]>::as_slice)),
    ])
}

fn where_used_entry(entry: &WhereUsed) -> Vec<u8> {
    pre_auth_encode(&[entry.kind.name().as_bytes(), entry.value().as_bytes()])
}

fn field(field: &CustomField) -> Vec<u8> {
    pre_auth_encode(&[field.name().as_bytes(), field.value().as_bytes()])
}

/// Milliseconds since 1970-01-01T00:00:00Z, signed 64-bit big endian.
fn time(at: jiff::Timestamp) -> [u8; 8] {
    at.as_millisecond().to_be_bytes()
}

/// One part, or none: absent and empty differ.
fn optional(part: Option<&[u8]>) -> Vec<u8> {
    part.map_or_else(|| pre_auth_encode(&[]), |part| pre_auth_encode(&[part]))
}

fn list(entries: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let entries: Vec<_> = entries.collect();
    pre_auth_encode(&entries.iter().map(Vec::as_slice).collect::<Vec<_>>())
}
