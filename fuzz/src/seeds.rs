//! What the changes begin with: real files of a real vault.

use std::error::Error;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use keyreeve_app::api::ErrorCode;
use keyreeve_app::{SystemClock, World, audit, backup, keys, slots, vault};
use keyreeve_backup::AgeBackups;
use keyreeve_crypto::{Argon2Params, DatabaseKey, SecretString};
use keyreeve_domain::audit::Source;
use keyreeve_domain::ports::{Credentials, Silent, SlotChoice};
use keyreeve_store::SqlcipherOpener;
use keyreeve_unlock::{FileAnchors, FileHeaders};
use serde_json::{Value, json};

const PASSPHRASE: &str = "ledger brass tulip orbit";

/// What other programs wrote, of keys that were thrown away.
const FOREIGN: [&[u8]; 14] = [
    include_bytes!("../seeds/certificate.der"),
    include_bytes!("../seeds/request.pem"),
    include_bytes!("../seeds/bundle.p7b"),
    include_bytes!("../seeds/plain.ppk"),
    include_bytes!("../seeds/locked.ppk"),
    include_bytes!("../seeds/minisign.key"),
    include_bytes!("../seeds/identity.age"),
    include_bytes!("../seeds/wg.conf"),
    include_bytes!("../seeds/openpgp-v4.pgp"),
    include_bytes!("../seeds/openpgp-v6.pgp"),
    include_bytes!("../seeds/openpgp-locked.pgp"),
    include_bytes!("../seeds/signify.key"),
    include_bytes!("../seeds/keepass.xml"),
    include_bytes!("../../crates/formats/tests/vectors/transit-ecdsa-p256.txt"),
];

/// Encrypted keys that other programs wrote, whose password is `password` and costs next to nothing.
pub const LOCKED: [&[u8]; 5] = [
    include_bytes!("../seeds/locked-pkcs8.pem"),
    include_bytes!("../seeds/locked-traditional.pem"),
    include_bytes!("../seeds/locked.p12"),
    include_bytes!("../../crates/formats/tests/vectors/keytool-17.jks"),
    include_bytes!("../../crates/formats/tests/vectors/keytool-17.jceks"),
];

/// What came of it.
pub type Answer<T> = Result<T, Box<dyn Error>>;

/// Bytes as programs write them, by what they are.
pub struct Seeds {
    /// The vault.
    pub vault: PathBuf,
    /// The key of its database.
    pub database_key: DatabaseKey,
    /// A header, of a passphrase and of recovery shares.
    pub header: Vec<u8>,
    /// The shares.
    pub shares: Vec<String>,
    /// An exported log.
    pub export: Vec<u8>,
    /// A remembered checkpoint.
    pub anchor: Vec<u8>,
    /// The tar inside a backup.
    pub tar: Vec<u8>,
    /// Whom backups are for.
    pub identity: age::x25519::Identity,
    /// Exported keys, in every format that each has.
    pub keys: Vec<Vec<u8>>,
    /// Requests of the window.
    pub requests: Vec<Vec<u8>>,
}

fn request<T: serde::de::DeserializeOwned>(json: Value) -> Answer<T> {
    Ok(serde_json::from_value(json)?)
}

fn only_file(folder: &Path) -> Answer<Vec<u8>> {
    let file = fs::read_dir(folder)?.next().ok_or("no file was made")??;
    Ok(fs::read(file.path())?)
}

/// Makes a vault in `folder`, uses it, and keeps what it wrote.
pub fn make(folder: &Path) -> Answer<Seeds> {
    let world = World {
        stores: Arc::new(SqlcipherOpener),
        headers: Arc::new(FileHeaders::with_params(Argon2Params::floor(1))),
        backups: Arc::new(AgeBackups),
        anchors: Arc::new(FileAnchors::in_folder(folder.join("anchors"))),
        clock: Arc::new(SystemClock),
    };
    let path = folder.join("v.keyreeve");
    let create = json!({ "path": path, "passphrase": PASSPHRASE });
    let session = vault::create_vault(&world, &request(create)?, Source::Cli)?;
    let fresh = session.just_authenticated()?;
    let wanted = json!({ "shares": 3, "threshold": 2, "proof": {} });
    let sheet = slots::make_recovery(&session, &request(wanted)?, &fresh)?;
    let sheet = serde_json::to_value(&sheet)?;
    let shares: Vec<String> = serde_json::from_value(sheet["texts"].clone())?;
    let part = json!({ "kind": "recovery", "texts": shares });
    let add = json!({ "name": "Paper", "role": "operator", "parts": [part], "proof": {} });
    slots::add_slot(&session, &request(add.clone())?, &fresh)?;

    let identity = age::x25519::Identity::generate();
    let mut found = Vec::new();
    for (algorithm, purpose) in
        [("ed25519", "sign"), ("ec-p256", "sign"), ("x25519", "agree"), ("aes-256-gcm", "encrypt")]
    {
        let create = json!({
            "name": algorithm, "algorithm": algorithm, "purpose": purpose, "exportable": true
        });
        keys::create_key(&session, &request(create)?)?;
        for format in
            ["pkcs8-pem", "pkcs8-der", "sec1-pem", "openssh", "jwk", "raw", "base64", "age"]
        {
            let out = folder.join(format!("{algorithm}.{format}"));
            let export =
                json!({ "key": algorithm, "format": format, "out": out, "plaintext": true });
            match keys::export_key(&session, &request(export)?) {
                Ok(_) => found.push(fs::read(&out)?),
                Err(error) if error.code() == ErrorCode::FormatUnsupported => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    found.extend(FOREIGN.map(<[u8]>::to_vec));
    let export = folder.join("export.jsonl");
    audit::export_audit(&session, &request(json!({ "out": export }))?, &Silent)?;
    let out = folder.join("b.keyreeve-backup.age");
    let recipients = [identity.to_public().to_string()];
    let create = json!({ "out": out, "recipients": recipients });
    backup::create_backup(&session, &request(create)?, &Silent)?;
    let mut tar = Vec::new();
    age::Decryptor::new(fs::File::open(&out)?)?
        .decrypt(std::iter::once(&identity as &dyn age::Identity))?
        .read_to_end(&mut tar)?;
    let requests = [
        json!({ "path": path, "passphrase": PASSPHRASE, "acceptWeakPassphrase": true }),
        json!({ "path": path, "credentials": { "passphrase": PASSPHRASE, "recovery": shares } }),
        json!({ "key": "ed25519", "expectedRevision": 3, "proof": { "pin": "1234" } }),
        json!({ "key": "a", "owner": "o", "note": "n", "tags": ["t"], "fields": [],
            "whereUsed": [{ "kind": "host", "value": "h" }], "policy": { "template": "none" } }),
        json!({ "search": "x", "filter": "overdue", "sortBy": "name", "limit": 50, "after": "y" }),
        json!({ "selection": { "ids": ["a"] }, "change": { "kind": "rotate" }, "dryRun": true }),
        json!({ "name": "n", "algorithm": "ed25519", "purpose": "sign", "count": 3 }),
        json!({ "out": out, "recipients": recipients, "withStandardFiles": true }),
        add,
    ];
    let passphrase = SecretString::new(PASSPHRASE.into());
    let shown = Credentials { passphrase: Some(&passphrase), ..Credentials::default() };
    let unlocked = world.headers.unlock(&path, &SlotChoice::Any, &shown)?;
    let vault_id = *unlocked.header.vault_id.as_bytes();
    Ok(Seeds {
        database_key: unlocked.keys.vault.derive_database_key(&vault_id),
        header: fs::read(path.join("header.json"))?,
        vault: path.clone(),
        shares,
        export: fs::read(export)?,
        anchor: only_file(&folder.join("anchors"))?,
        tar,
        identity,
        keys: found,
        requests: requests.iter().map(|json| json.to_string().into_bytes()).collect(),
    })
}
