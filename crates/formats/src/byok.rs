//! Bring your own key: material wrapped for a cloud's key service, as that service takes it.
//!
//! | target | package | source |
//! | --- | --- | --- |
//! | `aws-kms` | the ciphertext | AWS KMS Developer Guide, *Importing key material* |
//! | `google-kms` | the ciphertext | Cloud KMS, *Key wrapping* and *Formatting keys for import* |
//! | `azure-key-vault` | JSON, version 1.0.0 | Key Vault, *Bring your own key specification* |
//! | `transit` | Base64 | HashiCorp Vault and OpenBao, *Transit secrets engine*, *Import key* |
//!
//! Symmetric material goes as its bytes, private keys as PKCS #8 in DER.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use keyreeve_crypto::{Algorithm, Family, OaepHash, Purpose, SecretBytes, WrapError, WrappingKey};
use serde::{Deserialize, Serialize};

use crate::error::ExportError;
use crate::format::Format;
use crate::private::{Protection, export_private};

/// Whose key service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByokTarget {
    /// AWS Key Management Service.
    AwsKms,
    /// Google Cloud Key Management Service.
    GoogleKms,
    /// Azure Key Vault and Managed HSM.
    AzureKeyVault,
    /// The transit engine of HashiCorp Vault and OpenBao.
    Transit,
}

impl ByokTarget {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::AwsKms, Self::GoogleKms, Self::AzureKeyVault, Self::Transit];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwsKms => "aws-kms",
            Self::GoogleKms => "google-kms",
            Self::AzureKeyVault => "azure-key-vault",
            Self::Transit => "transit",
        }
    }

    /// The target of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }

    /// The ways of wrapping that it takes, the better ones first.
    const fn methods(self) -> &'static [Method] {
        match self {
            Self::AwsKms => AWS,
            Self::GoogleKms => GOOGLE,
            Self::AzureKeyVault => AZURE,
            Self::Transit => TRANSIT,
        }
    }

    /// What it calls a key of this algorithm; `None` where it takes none.
    fn kind(self, algorithm: Algorithm, purpose: Purpose) -> Option<&'static str> {
        use Algorithm as A;
        match self {
            Self::AwsKms => Some(match algorithm {
                A::Aes256Gcm => "SYMMETRIC_DEFAULT",
                A::HmacSha256 => "HMAC_256",
                A::HmacSha384 => "HMAC_384",
                A::HmacSha512 => "HMAC_512",
                A::Rsa2048 => "RSA_2048",
                A::Rsa3072 => "RSA_3072",
                A::Rsa4096 => "RSA_4096",
                A::EcP256 => "ECC_NIST_P256",
                A::EcP384 => "ECC_NIST_P384",
                A::EcP521 => "ECC_NIST_P521",
                A::EcSecp256k1 => "ECC_SECG_P256K1",
                _ => return None,
            }),
            Self::GoogleKms => {
                let decrypts = matches!(purpose, Purpose::Encrypt | Purpose::Wrap);
                Some(match algorithm {
                    A::Aes256Gcm => "google-symmetric-encryption",
                    A::HmacSha256 => "hmac-sha256",
                    A::HmacSha384 => "hmac-sha384",
                    A::HmacSha512 => "hmac-sha512",
                    A::Rsa2048 if decrypts => "rsa-decrypt-oaep-2048-sha256",
                    A::Rsa3072 if decrypts => "rsa-decrypt-oaep-3072-sha256",
                    A::Rsa4096 if decrypts => "rsa-decrypt-oaep-4096-sha256",
                    A::Rsa2048 => "rsa-sign-pss-2048-sha256",
                    A::Rsa3072 => "rsa-sign-pss-3072-sha256",
                    A::Rsa4096 => "rsa-sign-pss-4096-sha256",
                    A::EcP256 => "ec-sign-p256-sha256",
                    A::EcP384 => "ec-sign-p384-sha384",
                    A::EcSecp256k1 => "ec-sign-secp256k1-sha256",
                    _ => return None,
                })
            }
            Self::AzureKeyVault => Some(match algorithm {
                A::Rsa2048 | A::Rsa3072 | A::Rsa4096 => "RSA",
                A::EcP256 => "EC --curve P-256",
                A::EcP384 => "EC --curve P-384",
                A::EcP521 => "EC --curve P-521",
                A::EcSecp256k1 => "EC --curve P-256K",
                A::Aes128Gcm | A::Aes192Gcm | A::Aes256Gcm | A::Aes256Kwp => "oct",
                _ => return None,
            }),
            Self::Transit => Some(match algorithm {
                A::Aes128Gcm => "aes128-gcm96",
                A::Aes256Gcm => "aes256-gcm96",
                A::ChaCha20Poly1305 => "chacha20-poly1305",
                A::HmacSha256 | A::HmacSha384 | A::HmacSha512 => "hmac",
                A::Ed25519 => "ed25519",
                A::EcP256 => "ecdsa-p256",
                A::EcP384 => "ecdsa-p384",
                A::EcP521 => "ecdsa-p521",
                A::Rsa2048 => "rsa-2048",
                A::Rsa3072 => "rsa-3072",
                A::Rsa4096 => "rsa-4096",
                _ => return None,
            }),
        }
    }
}

/// A way in which a service takes a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByokWay {
    /// How it is wrapped, as the service calls it.
    pub method: &'static str,
    /// Whether the service offers better.
    pub legacy: bool,
    /// What the service gives out its wrapping key with; words in capitals stand for what only its owner knows.
    pub wrapping_key_command: String,
}

/// A way of wrapping.
struct Method {
    /// As the service calls it.
    name: &'static str,
    hash: OaepHash,
    /// Whether an AES key stands between.
    aes: bool,
    /// The lengths of the wrapping key, in bits.
    bits: &'static [usize],
    /// Whether the service offers better.
    legacy: bool,
}

const fn method(name: &'static str, hash: OaepHash, aes: bool, bits: &'static [usize]) -> Method {
    Method { name, hash, aes, bits, legacy: false }
}

const fn legacy(name: &'static str, aes: bool, bits: &'static [usize]) -> Method {
    Method { name, hash: OaepHash::Sha1, aes, bits, legacy: true }
}

const ANY: &[usize] = &[2048, 3072, 4096];

const AWS: &[Method] = &[
    method("RSAES_OAEP_SHA_256", OaepHash::Sha256, false, ANY),
    method("RSA_AES_KEY_WRAP_SHA_256", OaepHash::Sha256, true, ANY),
    legacy("RSAES_OAEP_SHA_1", false, ANY),
    legacy("RSA_AES_KEY_WRAP_SHA_1", true, ANY),
];

const GOOGLE: &[Method] = &[
    method("rsa-oaep-3072-sha256-aes-256", OaepHash::Sha256, true, &[3072]),
    method("rsa-oaep-4096-sha256-aes-256", OaepHash::Sha256, true, &[4096]),
    method("rsa-oaep-3072-sha256", OaepHash::Sha256, false, &[3072]),
    method("rsa-oaep-4096-sha256", OaepHash::Sha256, false, &[4096]),
    legacy("rsa-oaep-3072-sha1-aes-256", true, &[3072]),
    legacy("rsa-oaep-4096-sha1-aes-256", true, &[4096]),
];

// The only one there is, so it is not marked as outdated: nobody has a choice.
const AZURE: &[Method] = &[method("CKM_RSA_AES_KEY_WRAP", OaepHash::Sha1, true, ANY)];

const TRANSIT: &[Method] = &[method("rsa-4096-aes-256-kwp", OaepHash::Sha256, true, &[4096])];

impl Method {
    /// Whether a key of this algorithm is taken so, wrapped by one of this length.
    fn takes(&self, target: ByokTarget, algorithm: Algorithm, bits: usize) -> bool {
        let taken = match (target, algorithm.family()) {
            // RSA keys are too long for OAEP alone, and AWS wants symmetric ones so and not otherwise.
            (_, Family::Rsa) => self.aes,
            (ByokTarget::AwsKms, _) if !algorithm.is_asymmetric() => !self.aes,
            // As are those on P-521 for the shortest wrapping key.
            _ if algorithm == Algorithm::EcP521 && bits == 2048 => self.aes,
            _ => true,
        };
        taken && self.bits.contains(&bits)
    }
}

/// The ways in which a service takes keys of an algorithm, the better ones first; none where it takes none.
#[must_use]
pub fn byok_ways(target: ByokTarget, algorithm: Algorithm, purpose: Purpose) -> Vec<ByokWay> {
    if target.kind(algorithm, purpose).is_none() {
        return Vec::new();
    }
    let way = |method: &Method| {
        // The longest wrapping key: services make one of any length as quickly.
        let mut lengths = method.bits.iter().rev().copied();
        let bits = lengths.find(|&bits| method.takes(target, algorithm, bits))?;
        Some(ByokWay {
            method: method.name,
            legacy: method.legacy,
            wrapping_key_command: wrapping_key_command(target, method.name, bits),
        })
    };
    target.methods().iter().filter_map(way).collect()
}

fn wrapping_key_command(target: ByokTarget, method: &str, bits: usize) -> String {
    match target {
        ByokTarget::AwsKms => format!(
            "aws kms get-parameters-for-import --key-id KEY_ID --wrapping-algorithm {method} \
             --wrapping-key-spec RSA_{bits} --output json > parameters.json"
        ),
        ByokTarget::GoogleKms => "gcloud kms import-jobs describe IMPORT_JOB --location LOCATION \
             --keyring KEY_RING --format='value(publicKey.pem)' > wrapping-key.pem"
            .into(),
        ByokTarget::AzureKeyVault => "az keyvault key download --vault-name VAULT --name KEK \
             --file wrapping-key.pem"
            .into(),
        ByokTarget::Transit => {
            "vault read -field=public_key transit/wrapping_key > wrapping-key.pem".into()
        }
    }
}

/// What AWS gives out for one import: its answer to `GetParametersForImport`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameters {
    key_id: String,
    public_key: String,
    import_token: String,
}

/// A wrapping key with what has to come back beside the package.
#[derive(Debug, PartialEq, Eq)]
pub struct AwsParameters {
    /// The key in the service into which the material goes.
    pub key_id: String,
    /// The wrapping key, in DER.
    pub wrapping_key: Vec<u8>,
    /// What the service asks back, and takes within a day.
    pub import_token: Vec<u8>,
}

impl AwsParameters {
    /// What the command line of AWS printed in JSON; `None` when it is something else.
    ///
    /// # Errors
    /// When a part of it is not Base64.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, base64::DecodeError> {
        let Ok(parameters) = serde_json::from_slice::<Parameters>(bytes) else { return Ok(None) };
        Ok(Some(Self {
            key_id: parameters.key_id,
            wrapping_key: STANDARD.decode(parameters.public_key)?,
            import_token: STANDARD.decode(parameters.import_token)?,
        }))
    }
}

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ByokError {
    /// The service takes no such keys.
    #[error("{target} takes no keys of the algorithm {algorithm}", target = .target.name())]
    Algorithm {
        /// The service.
        target: ByokTarget,
        /// The key's.
        algorithm: Algorithm,
    },
    /// It takes them, and not with so many bytes.
    #[error("{target} takes keys of {kind} with {wanted} bytes, and this one has {found}", target = .target.name())]
    Length {
        /// The service.
        target: ByokTarget,
        /// What it calls them.
        kind: &'static str,
        /// How many bytes they have there.
        wanted: usize,
        /// How many this one has.
        found: usize,
    },
    /// It has no such way of wrapping, or not for this.
    #[error("{target} takes this key, with a wrapping key of {bits} bits, by {known}", target = .target.name())]
    Method {
        /// The service.
        target: ByokTarget,
        /// The wrapping key's length.
        bits: usize,
        /// What there is.
        known: String,
    },
    /// No way of wrapping fits.
    #[error("{target} gives out no wrapping keys of {bits} bits for a key of the algorithm {algorithm}", target = .target.name())]
    WrappingKey {
        /// The service.
        target: ByokTarget,
        /// The wrapping key's length.
        bits: usize,
        /// The key's.
        algorithm: Algorithm,
    },
    /// The package names the wrapping key, and nobody said its name.
    #[error("the package for {target} names the key that wraps it: its key identifier is needed", target = .0.name())]
    KeyIdentifier(ByokTarget),
    /// Wrapping.
    #[error(transparent)]
    Wrap(#[from] WrapError),
    /// Writing the key as PKCS #8.
    #[error(transparent)]
    Export(#[from] ExportError),
}

/// What is asked for.
#[derive(Debug)]
pub struct ByokRequest<'a> {
    /// Whose key service.
    pub target: ByokTarget,
    /// The key's algorithm.
    pub algorithm: Algorithm,
    /// Its purpose.
    pub purpose: Purpose,
    /// The key.
    pub material: &'a SecretBytes,
    /// The service's key.
    pub wrapping_key: &'a WrappingKey,
    /// How, in the service's words; the best that fits if not said.
    pub method: Option<&'a str>,
    /// What the service calls its key.
    pub key_identifier: Option<&'a str>,
    /// Where the package will lie, for the command.
    pub file: &'a str,
    /// The key of the service into which it goes, and where what has to come back beside it will lie, for the command.
    pub into: Option<(&'a str, &'a str)>,
}

/// A package.
#[derive(Debug)]
pub struct Package {
    /// What the file holds.
    pub bytes: Vec<u8>,
    /// How the key was wrapped, in the service's words.
    pub method: &'static str,
    /// Whether the service offers a better way.
    pub legacy: bool,
    /// What imports it, with words in capitals for what only its owner knows.
    pub command: String,
}

/// Wraps a key for a key service.
///
/// # Errors
/// When the service takes no such key, or not so wrapped, or the wrapping key does not fit.
pub fn byok(request: &ByokRequest<'_>) -> Result<Package, ByokError> {
    let &ByokRequest { target, algorithm, purpose, material, wrapping_key, .. } = request;
    let kind = target.kind(algorithm, purpose).ok_or(ByokError::Algorithm { target, algorithm })?;
    if let Some(wanted) = symmetric_len(algorithm) {
        // EXPOSE: only its length.
        let found = material.expose().len();
        if found != wanted {
            return Err(ByokError::Length { target, kind, wanted, found });
        }
    }
    let method = method_for(request)?;
    let identifier = request.key_identifier.filter(|text| !text.trim().is_empty());
    if target == ByokTarget::AzureKeyVault && identifier.is_none() {
        return Err(ByokError::KeyIdentifier(target));
    }
    let pkcs8;
    let plain = match algorithm.is_asymmetric() {
        true => {
            pkcs8 = export_private(algorithm, material, Format::Pkcs8Der, Protection::Plain, "")?;
            &pkcs8
        }
        false => material,
    };
    let wrapped = match method.aes {
        true => wrapping_key.oaep_and_aes_kwp(method.hash, plain)?,
        false => wrapping_key.oaep(method.hash, plain)?,
    };
    let bytes = match target {
        ByokTarget::AwsKms | ByokTarget::GoogleKms => wrapped,
        ByokTarget::Transit => STANDARD.encode(wrapped).into_bytes(),
        ByokTarget::AzureKeyVault => azure(identifier.unwrap_or_default().trim(), &wrapped),
    };
    let command = command(target, kind, &quoted(request.file), request.into);
    Ok(Package { bytes, method: method.name, legacy: method.legacy, command })
}

/// How many bytes a symmetric key has wherever it is taken; `None` of others.
fn symmetric_len(algorithm: Algorithm) -> Option<usize> {
    use Algorithm as A;
    Some(match algorithm {
        A::Aes128Gcm => 16,
        A::Aes192Gcm => 24,
        A::Aes256Gcm | A::Aes256Kwp | A::ChaCha20Poly1305 | A::HmacSha256 => 32,
        A::HmacSha384 => 48,
        A::HmacSha512 => 64,
        _ => return None,
    })
}

fn method_for(request: &ByokRequest<'_>) -> Result<&'static Method, ByokError> {
    let &ByokRequest { target, algorithm, wrapping_key, .. } = request;
    let bits = wrapping_key.bits();
    let fitting: Vec<_> =
        target.methods().iter().filter(|method| method.takes(target, algorithm, bits)).collect();
    let Some(best) = fitting.first() else {
        return Err(ByokError::WrappingKey { target, bits, algorithm });
    };
    let Some(asked) = request.method else { return Ok(best) };
    fitting.iter().find(|method| method.name.eq_ignore_ascii_case(asked)).copied().ok_or_else(
        || {
            let known = fitting.iter().map(|method| method.name).collect::<Vec<_>>().join(", ");
            ByokError::Method { target, bits, known }
        },
    )
}

/// Key Vault's transfer file.
fn azure(key_identifier: &str, wrapped: &[u8]) -> Vec<u8> {
    #[derive(Serialize)]
    struct Header<'a> {
        kid: &'a str,
        alg: &'static str,
        enc: &'static str,
    }
    #[derive(Serialize)]
    struct Transfer<'a> {
        schema_version: &'static str,
        header: Header<'a>,
        ciphertext: String,
        generator: &'static str,
    }
    let transfer = Transfer {
        schema_version: "1.0.0",
        header: Header { kid: key_identifier, alg: "dir", enc: "CKM_RSA_AES_KEY_WRAP" },
        ciphertext: URL_SAFE_NO_PAD.encode(wrapped),
        generator: concat!("Keyreeve ", env!("CARGO_PKG_VERSION")),
    };
    // Strings alone: nothing in it can fail to be written.
    serde_json::to_vec_pretty(&transfer).unwrap_or_default()
}

fn command(target: ByokTarget, kind: &str, file: &str, into: Option<(&str, &str)>) -> String {
    match target {
        ByokTarget::AwsKms => {
            let (key, token) = match into {
                Some((key, token)) => (quoted(key), quoted(token)),
                None => ("KEY_ID".into(), "IMPORT_TOKEN_FILE".into()),
            };
            format!(
                "aws kms import-key-material --key-id {key} \
                 --encrypted-key-material fileb://{file} --import-token fileb://{token} \
                 --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE"
            )
        }
        ByokTarget::GoogleKms => format!(
            "gcloud kms keys versions import --location LOCATION --keyring KEY_RING --key KEY \
             --import-job IMPORT_JOB --algorithm {kind} --wrapped-key-file {file}"
        ),
        ByokTarget::AzureKeyVault if kind == "oct" => format!(
            "az keyvault key import --hsm-name MANAGED_HSM --name NAME --kty oct --byok-file {file}"
        ),
        ByokTarget::AzureKeyVault => format!(
            "az keyvault key import --vault-name VAULT --name NAME --kty {kind} --byok-file {file}"
        ),
        ByokTarget::Transit => format!(
            "vault write transit/keys/NAME/import type={kind} hash_function=SHA256 \
             ciphertext=@{file}"
        ),
    }
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}
