//! The digest of a key's rows covers everything that is stored of it.

use keyreeve_domain::{
    CustomField, KeyId, KeyName, KeyRecord, KeyVersion, Note, Origin, Owner, Period, Policy,
    PolicyTemplate, State, Tag, Timestamp, WhereUsed, WhereUsedKind,
};

use crate::fixture::{created, days, policy, start};

type Change = (&'static str, fn(&mut KeyRecord));

fn later() -> Option<Timestamp> {
    Some(days(start(), 77))
}

const CHANGES: &[Change] = &[
    ("id", |key| key.id = KeyId::from_bytes([0x23; 16])),
    ("name", |key| key.name = KeyName::parse("Backup key").unwrap()),
    ("purpose", |key| key.purpose = keyreeve_crypto::Purpose::Wrap),
    ("algorithm", |key| key.algorithm = keyreeve_crypto::Algorithm::Aes128Gcm),
    ("exportable", |key| key.exportable = false),
    ("owner", |key| key.owner = Owner::parse("").unwrap()),
    ("note", |key| key.note = Note::parse("rotated yearly").unwrap()),
    ("a tag less", |key| {
        key.tags.pop_first();
    }),
    ("a tag more", |key| {
        key.tags.insert(Tag::parse("x").unwrap());
    }),
    ("place kind", |key| key.where_used[0].kind = WhereUsedKind::Url),
    ("place", |key| {
        key.where_used[0] = WhereUsed::parse(WhereUsedKind::Host, "db2.example").unwrap();
    }),
    ("place order", |key| key.where_used.reverse()),
    ("field name", |key| key.fields[0] = CustomField::parse("issue", "OPS-7").unwrap()),
    ("field value", |key| key.fields[0] = CustomField::parse("ticket", "OPS-8").unwrap()),
    ("field boundary", |key| key.fields[0] = CustomField::parse("ticketO", "PS-7").unwrap()),
    ("no field", |key| key.fields.clear()),
    ("policy template", |key| key.policy.template = PolicyTemplate::Hipaa),
    ("originator usage", |key| key.policy.originator_usage = None),
    ("recipient usage", |key| key.policy.recipient_usage = None),
    ("usages swapped", |key| {
        let Policy { originator_usage, recipient_usage, .. } = &mut key.policy;
        std::mem::swap(originator_usage, recipient_usage);
    }),
    ("overlap", |key| key.policy.overlap = Some(Period::days(1))),
    ("warning time", |key| key.policy.warn_before = Period::days(31)),
    ("ends use", |key| key.policy.ends_use = false),
    ("created", |key| key.created_at = later().unwrap()),
    ("primary version", |key| key.primary_version = 2),
    ("revision", |key| key.revision += 1),
    ("a version more", |key| key.versions.push(key.versions[0].clone())),
    ("no version", |key| key.versions.clear()),
    ("version number", |key| key.versions[0].version = 2),
    ("state", |key| key.versions[0].state = State::Suspended),
    ("version created", |key| key.versions[0].created_at = later().unwrap()),
    ("activate at", |key| key.versions[0].activate_at = later()),
    ("activated", |key| key.versions[0].activated_at = None),
    ("suspended", |key| key.versions[0].suspended_at = later()),
    ("deactivate at", |key| key.versions[0].deactivate_at = later()),
    ("deactivated", |key| key.versions[0].deactivated_at = later()),
    ("compromised", |key| key.versions[0].compromised_at = later()),
    ("compromise reason", |key| key.versions[0].compromise_reason = Some(String::new())),
    ("destruction", |key| key.versions[0].destroy_scheduled_at = later()),
    ("destroyed", |key| key.versions[0].destroyed_at = later()),
    ("replaced by", |key| key.versions[0].replaced_by = Some(0)),
    ("origin", |key| key.versions[0].origin = Origin::Imported),
    ("generator", |key| key.versions[0].generator.push('!')),
    ("creator", |key| key.versions[0].creator.push('!')),
    ("public key", |key| key.versions[0].public_key = Some(Vec::new())),
    ("fingerprint", |key| {
        key.versions[0].fingerprints.insert("kcv".into(), "a1b2c4".into());
    }),
    ("fingerprint name", |key| {
        key.versions[0].fingerprints = [("kcw".into(), "a1b2c3".into())].into();
    }),
    ("check value", |key| key.versions[0].kcv = None),
    ("encryptions", |key| key.versions[0].encryptions = 1),
    ("data key", |key| key.versions[0].data_key_digest = Some([2; 32])),
    ("no data key", |key| key.versions[0].data_key_digest = None),
    ("material", |key| key.versions[0].material_digest = Some([2; 32])),
    ("sealed swapped", |key| {
        let KeyVersion { data_key_digest, material_digest, .. } = &mut key.versions[0];
        std::mem::swap(data_key_digest, material_digest);
    }),
];

#[test]
fn pinned_digest() {
    assert_eq!(
        hex::encode(created(policy()).state_digest()),
        "e71911fe4ccde1a86b213225438b4f8a81aea6e6721801d56a28da217d13cb33"
    );
}

#[test]
fn every_part_changes_the_digest() {
    let mut seen = std::collections::HashMap::from([(created(policy()).state_digest(), "none")]);
    for (what, change) in CHANGES {
        let mut key = created(policy());
        change(&mut key);
        let digest = key.state_digest();
        assert_eq!(seen.insert(digest, what), None, "{what}");
    }
}

#[test]
fn the_last_use_is_left_out() {
    let mut key = created(policy());
    key.last_used_at = later();
    assert_eq!(key.state_digest(), created(policy()).state_digest());
}

/// Fails to compile when a part is added, so that it gets its line in [`CHANGES`].
#[test]
fn no_part_is_forgotten() {
    let KeyRecord {
        id: _,
        name: _,
        purpose: _,
        algorithm: _,
        exportable: _,
        owner: _,
        note: _,
        tags: _,
        where_used: _,
        fields: _,
        policy:
            Policy {
                template: _,
                originator_usage: _,
                recipient_usage: _,
                overlap: _,
                warn_before: _,
                ends_use: _,
            },
        created_at: _,
        last_used_at: _,
        primary_version: _,
        versions,
        revision: _,
    } = created(policy());
    for version in versions {
        let KeyVersion {
            version: _,
            state: _,
            created_at: _,
            activate_at: _,
            activated_at: _,
            suspended_at: _,
            deactivate_at: _,
            deactivated_at: _,
            compromised_at: _,
            compromise_reason: _,
            destroy_scheduled_at: _,
            destroyed_at: _,
            replaced_by: _,
            origin: _,
            generator: _,
            creator: _,
            public_key: _,
            fingerprints: _,
            kcv: _,
            encryptions: _,
            data_key_digest: _,
            material_digest: _,
        } = version;
    }
}
