//! CycloneDX 1.7: keys as related cryptographic material, certificates, and the algorithms that they refer
//! to.
//!
//! <https://cyclonedx.org/docs/1.7/json/>

use keyreeve_crypto::{Algorithm, ForeignAlgorithm, Purpose};
use keyreeve_domain::{
    CertificateRecord, CertificateState, Description, KeyRecord, KeyVersion, KnownKeyRecord, State,
    Timestamp,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::InventoryHead;
use super::algorithms::{AlgorithmProperties, oid, size_bits};
use crate::read::Certificate;

const SCHEMA: &str = "http://cyclonedx.org/schema/bom-1.7.schema.json";

/// Everything before the components.
pub(super) fn head(about: &InventoryHead) -> Value {
    json!({
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": format!("urn:uuid:{}", about.serial),
        "version": 1,
        "metadata": {
            "timestamp": about.created_at.to_string(),
            "tools": { "components": [{
                "type": "application", "name": "Keyreeve", "version": about.app_version,
            }] },
            "component": {
                "type": "data", "bom-ref": format!("vault/{}", about.vault), "name": about.name,
            },
        },
    })
}

/// A component: an algorithm, a version of a key, a certificate or a public key alone.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Component<'r> {
    r#type: &'static str,
    #[serde(rename = "bom-ref")]
    bom_ref: String,
    name: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    crypto_properties: CryptoProperties,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property<'r>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CryptoProperties {
    asset_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    algorithm_properties: Option<AlgorithmProperties>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related_crypto_material_properties: Option<Material>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_properties: Option<CertificateProperties>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oid: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateProperties {
    serial_number: String,
    subject_name: String,
    issuer_name: String,
    not_valid_before: String,
    not_valid_after: String,
    certificate_format: &'static str,
    fingerprint: Fingerprint,
    certificate_state: [CertificateStateOf; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation_date: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_cryptographic_assets: Vec<Related>,
}

#[derive(Debug, Serialize)]
struct CertificateStateOf {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Material {
    r#type: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creation_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<Fingerprint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_cryptographic_assets: Vec<Related>,
}

#[derive(Debug, Serialize)]
struct Fingerprint {
    alg: &'static str,
    content: String,
}

#[derive(Debug, Serialize)]
struct Related {
    r#type: &'static str,
    r#ref: String,
}

#[derive(Debug, Serialize)]
struct Property<'r> {
    name: &'static str,
    value: std::borrow::Cow<'r, str>,
}

impl<'r> Component<'r> {
    pub(super) fn of_algorithm(algorithm: Algorithm, purpose: Purpose) -> Self {
        Self {
            r#type: "cryptographic-asset",
            bom_ref: algorithm_ref(algorithm, purpose),
            name: algorithm.name(),
            version: None,
            crypto_properties: CryptoProperties {
                asset_type: "algorithm",
                algorithm_properties: Some(AlgorithmProperties::of(algorithm, purpose)),
                related_crypto_material_properties: None,
                certificate_properties: None,
                oid: Some(oid(algorithm, purpose).into()),
            },
            properties: Vec::new(),
        }
    }

    pub(super) fn of_version(record: &'r KeyRecord, version: &KeyVersion) -> Self {
        let secret = if record.algorithm.is_asymmetric() { "private-key" } else { "secret-key" };
        let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
        // The one that is a plain digest, as CycloneDX wants it.
        let digest = version.fingerprints.get("spki-sha256");
        let material = Material {
            r#type: secret,
            id: record.id.to_string(),
            state: Some(state_name(version.state)),
            creation_date: Some(version.created_at.to_string()),
            activation_date: text(version.activated_at),
            expiration_date: text(version.originator_usage_end(&record.policy)),
            size: size_bits(record.algorithm),
            fingerprint: digest.map(|hex| Fingerprint { alg: "SHA-256", content: hex.clone() }),
            related_cryptographic_assets: related(Some((record.algorithm, record.purpose))),
        };
        Self {
            r#type: "cryptographic-asset",
            bom_ref: format!("key/{}/{}", record.id, version.version),
            name: record.name.as_str(),
            version: Some(version.version.to_string()),
            crypto_properties: CryptoProperties {
                asset_type: "related-crypto-material",
                algorithm_properties: None,
                related_crypto_material_properties: Some(material),
                certificate_properties: None,
                oid: Some(oid(record.algorithm, record.purpose).into()),
            },
            properties: properties(record, version),
        }
    }

    /// A certificate; `said` is what it says, `algorithm` that of its key with what it is mostly for.
    pub(super) fn of_certificate(
        record: &'r CertificateRecord,
        said: Option<&Certificate>,
        algorithm: Option<(Algorithm, Purpose)>,
        now: Timestamp,
    ) -> Self {
        let of_key = record
            .key
            .map(|id| Related { r#type: "key", r#ref: format!("key/{}/{}", id.key, id.version) });
        let properties = CertificateProperties {
            serial_number: record.serial.clone(),
            subject_name: record.subject.clone(),
            issuer_name: record.issuer.clone(),
            not_valid_before: record.not_before.to_string(),
            not_valid_after: record.not_after.to_string(),
            certificate_format: "X.509",
            fingerprint: Fingerprint { alg: "SHA-256", content: hex::encode(record.sha256) },
            certificate_state: [CertificateStateOf {
                state: certificate_state(record.state(now)),
                reason: record.revoked.map(|revoked| revoked.reason.name()),
            }],
            revocation_date: record.revoked.map(|revoked| revoked.at.to_string()),
            related_cryptographic_assets: related(algorithm).into_iter().chain(of_key).collect(),
        };
        let mut more = described(&record.description);
        let signed = said.map(|said| said.signature_algorithm.clone()).unwrap_or_default();
        for (name, value) in
            [("keyreeve:origin", record.origin.name().to_owned()), ("keyreeve:signed-with", signed)]
        {
            if !value.is_empty() {
                more.push(Property { name, value: value.into() });
            }
        }
        // A certificate may name nobody.
        let name = if record.subject.is_empty() { &record.serial } else { &record.subject };
        Self {
            r#type: "cryptographic-asset",
            bom_ref: format!("certificate/{}", record.id),
            name,
            version: None,
            crypto_properties: CryptoProperties {
                asset_type: "certificate",
                algorithm_properties: None,
                related_crypto_material_properties: None,
                certificate_properties: Some(properties),
                oid: None,
            },
            properties: more,
        }
    }

    /// A public key alone, and what such a key is mostly for. Its state is not known here, nor is its age.
    pub(super) fn of_known_key(
        record: &'r KnownKeyRecord,
        algorithm: Option<(Algorithm, Purpose)>,
    ) -> Self {
        let size = record.algorithm.own().and_then(size_bits);
        let oid = algorithm.map(|(algorithm, purpose)| oid(algorithm, purpose).into());
        Self::of_public(record, size, oid, related(algorithm))
    }

    /// A public key of a kind that the vault makes no keys of.
    pub(super) fn of_foreign_key(record: &'r KnownKeyRecord, algorithm: ForeignAlgorithm) -> Self {
        let related = Related { r#type: "algorithm", r#ref: foreign_ref(algorithm) };
        let size = Some(algorithm.size_bits().into());
        let mut made = Self::of_public(record, size, Some(algorithm.oid()), vec![related]);
        let weakness = algorithm.weakness();
        let weakness = weakness.map(|why| Property { name: "keyreeve:weak", value: why.into() });
        made.properties.extend(weakness);
        made
    }

    /// A kind of key that the vault makes none of.
    pub(super) fn of_foreign_algorithm(algorithm: ForeignAlgorithm, name: &'r str) -> Self {
        Self {
            r#type: "cryptographic-asset",
            bom_ref: foreign_ref(algorithm),
            name,
            version: None,
            crypto_properties: CryptoProperties {
                asset_type: "algorithm",
                algorithm_properties: Some(AlgorithmProperties::of_foreign(algorithm)),
                related_crypto_material_properties: None,
                certificate_properties: None,
                oid: Some(algorithm.oid()),
            },
            properties: Vec::new(),
        }
    }

    fn of_public(
        record: &'r KnownKeyRecord,
        size: Option<u32>,
        oid: Option<String>,
        related: Vec<Related>,
    ) -> Self {
        let material = Material {
            r#type: "public-key",
            id: record.id.to_string(),
            state: None,
            creation_date: None,
            activation_date: None,
            expiration_date: None,
            size,
            fingerprint: Some(Fingerprint { alg: "SHA-256", content: hex::encode(record.sha256) }),
            related_cryptographic_assets: related,
        };
        let mut properties = described(&record.description);
        let since = record.created_at.to_string().into();
        properties.push(Property { name: "keyreeve:kept-since", value: since });
        Self {
            r#type: "cryptographic-asset",
            bom_ref: format!("public-key/{}", record.id),
            name: record.name.as_str(),
            version: None,
            crypto_properties: CryptoProperties {
                asset_type: "related-crypto-material",
                algorithm_properties: None,
                related_crypto_material_properties: Some(material),
                certificate_properties: None,
                oid,
            },
            properties,
        }
    }
}

fn foreign_ref(algorithm: ForeignAlgorithm) -> String {
    format!("algorithm/{algorithm}")
}

fn related(algorithm: Option<(Algorithm, Purpose)>) -> Vec<Related> {
    let to = |(algorithm, purpose)| Related {
        r#type: "algorithm",
        r#ref: algorithm_ref(algorithm, purpose),
    };
    algorithm.map(to).into_iter().collect()
}

/// Owner and tags; a note may say anything, and stays.
fn described(description: &Description) -> Vec<Property<'_>> {
    let owner = Some(description.owner.as_str()).filter(|owner| !owner.is_empty());
    let owner = owner.map(|owner| Property { name: "keyreeve:owner", value: owner.into() });
    let tags = description.tags.iter();
    let tags = tags.map(|tag| Property { name: "keyreeve:tag", value: tag.as_str().into() });
    owner.into_iter().chain(tags).collect()
}

/// CycloneDX's word for a certificate's state.
fn certificate_state(state: CertificateState) -> &'static str {
    match state {
        CertificateState::NotYet => "pre-activation",
        CertificateState::Valid | CertificateState::ExpiringSoon => "active",
        CertificateState::Expired => "deactivated",
        CertificateState::Revoked => "revoked",
    }
}

/// What CycloneDX has no member for.
fn properties<'r>(record: &'r KeyRecord, version: &KeyVersion) -> Vec<Property<'r>> {
    let mut properties = Vec::new();
    let mut add = |name, value: std::borrow::Cow<'r, str>| {
        if !value.is_empty() {
            properties.push(Property { name, value });
        }
    };
    let primary = version.version == record.primary_version;
    add("keyreeve:purpose", record.purpose.name().into());
    add("keyreeve:primary", primary.to_string().into());
    add("keyreeve:exportable", record.exportable.to_string().into());
    add("keyreeve:origin", version.origin.name().into());
    add("keyreeve:owner", record.owner.as_str().into());
    add("keyreeve:kcv", version.kcv.clone().unwrap_or_default().into());
    for (name, at) in [
        ("keyreeve:deactivated-at", version.deactivated_at),
        ("keyreeve:compromised-at", version.compromised_at),
        ("keyreeve:destroyed-at", version.destroyed_at),
    ] {
        add(name, at.map(|at| at.to_string()).unwrap_or_default().into());
    }
    for tag in &record.tags {
        add("keyreeve:tag", tag.as_str().into());
    }
    for place in &record.where_used {
        add("keyreeve:used-at", format!("{} {}", place.kind.name(), place.value()).into());
    }
    properties
}

fn algorithm_ref(algorithm: Algorithm, purpose: Purpose) -> String {
    format!("algorithm/{algorithm}/{purpose}")
}

/// CycloneDX's word for a state.
fn state_name(state: State) -> &'static str {
    match state {
        State::PreActive => "pre-activation",
        State::Active => "active",
        State::Suspended => "suspended",
        State::Deactivated => "deactivated",
        State::Compromised => "compromised",
        State::Destroyed => "destroyed",
    }
}
