//! CycloneDX 1.7: keys as related cryptographic material, and the algorithms that they refer to.
//!
//! <https://cyclonedx.org/docs/1.7/json/>

use keyreeve_crypto::{Algorithm, Purpose};
use keyreeve_domain::{KeyRecord, KeyVersion, State, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use super::InventoryHead;
use super::algorithms::{AlgorithmProperties, oid, size_bits};

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
            "timestamp": about.created_at,
            "tools": { "components": [{
                "type": "application", "name": "Keyreeve", "version": about.app_version,
            }] },
            "component": {
                "type": "data", "bom-ref": format!("vault/{}", about.vault), "name": about.name,
            },
        },
    })
}

/// A component: an algorithm or a version of a key.
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
    oid: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Material {
    r#type: &'static str,
    id: String,
    state: &'static str,
    creation_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<Fingerprint>,
    related_cryptographic_assets: [Related; 1],
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
                oid: oid(algorithm, purpose),
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
            state: state_name(version.state),
            creation_date: version.created_at.to_string(),
            activation_date: text(version.activated_at),
            expiration_date: text(version.originator_usage_end(&record.policy)),
            size: size_bits(record.algorithm),
            fingerprint: digest.map(|hex| Fingerprint { alg: "SHA-256", content: hex.clone() }),
            related_cryptographic_assets: [Related {
                r#type: "algorithm",
                r#ref: algorithm_ref(record.algorithm, record.purpose),
            }],
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
                oid: oid(record.algorithm, record.purpose),
            },
            properties: properties(record, version),
        }
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
