//! Bringing keys in: looking into many files, and storing many keys at once.

use std::fs;
use std::path::Path;

use keyreeve_app::api::ExamineResponse;
use keyreeve_app::{UnlockedSession, keys};
use keyreeve_crypto::{Algorithm, make_key};
use keyreeve_domain::ports::Silent;
use keyreeve_formats::{Format, Protection, export_private};
use serde_json::json;

use crate::Outcome;
use crate::samples::{Samples, timed};
use crate::world::{BenchWorld, request};

const ROUNDS: usize = 5;
const FILES: usize = 1_000;
const KEYS: usize = 10_000;
/// How many keys are in each file of those that are stored.
const KEYS_IN_A_FILE: usize = 1_000;

/// Kinds of files without a passphrase, in equal parts.
const MIXED: [(Algorithm, Format); 10] = [
    (Algorithm::Ed25519, Format::OpenSsh),
    (Algorithm::Ed25519, Format::Jwk),
    (Algorithm::Ed25519, Format::Putty),
    (Algorithm::EcP256, Format::Pkcs8Pem),
    (Algorithm::EcP384, Format::Sec1Pem),
    (Algorithm::EcP521, Format::OpenSsh),
    (Algorithm::X25519, Format::Pkcs8Der),
    (Algorithm::Rsa2048, Format::Pkcs8Pem),
    (Algorithm::MlDsa65, Format::Pkcs8Pem),
    (Algorithm::Aes256Gcm, Format::Hex),
];

/// What it took.
pub(crate) struct Figures {
    /// Looking into the files, with what the vault has to say of each key.
    pub(crate) preview: Samples,
    /// Storing the keys in one transaction.
    pub(crate) import: Samples,
}

pub(crate) fn measure(folder: &Path) -> Outcome<Figures> {
    let world = BenchWorld::inside(folder)?;
    let found = world.folder().join("found");
    fs::create_dir(&found)?;
    for (number, (algorithm, format)) in MIXED.iter().cycle().take(FILES).enumerate() {
        fs::write(found.join(format!("{number}")), file(*algorithm, *format)?)?;
    }
    let session = world.create()?;
    let mut preview = Samples::default();
    for _ in 0..ROUNDS {
        let (staged, taken) = timed(|| stage(&session, &found));
        expect(FILES, staged?.items.len())?;
        preview.add(taken);
        keys::discard_import(&session);
    }

    let many = world.folder().join("many");
    fs::create_dir(&many)?;
    for number in 0..KEYS / KEYS_IN_A_FILE {
        let pem = (0..KEYS_IN_A_FILE).map(|_| file(Algorithm::Ed25519, Format::Pkcs8Pem));
        fs::write(many.join(format!("{number}")), pem.collect::<Outcome<Vec<_>>>()?.concat())?;
    }
    let import = (0..ROUNDS).map(|_| import(folder, &many)).collect::<Outcome<Samples>>()?;
    Ok(Figures { preview, import })
}

/// Into a new vault, because the second time they would be there.
fn import(folder: &Path, many: &Path) -> Outcome<std::time::Duration> {
    let world = BenchWorld::inside(folder)?;
    let session = world.create()?;
    let staged = stage(&session, many)?;
    expect(KEYS, staged.items.len())?;
    let choices: Vec<_> = staged
        .items
        .iter()
        .map(|item| json!({ "number": item.number, "name": format!("imported {}", item.number) }))
        .collect();
    let wanted = request(json!({ "choices": choices, "exportable": true }))?;
    let (done, taken) = timed(|| keys::import_keys(&session, &wanted, &Silent));
    expect(KEYS, usize::try_from(done?.imported)?)?;
    Ok(taken)
}

fn stage(session: &UnlockedSession, folder: &Path) -> Outcome<ExamineResponse> {
    Ok(keys::stage_import(session, &request(json!({ "paths": [folder] }))?, &Silent)?)
}

fn file(algorithm: Algorithm, format: Format) -> Outcome<Vec<u8>> {
    let material = make_key(algorithm)?;
    let file = export_private(algorithm, &material, format, Protection::Plain, "bench")?;
    // EXPOSE: a key that is good for nothing.
    Ok(file.expose().to_vec())
}

/// A figure of fewer keys than it is for would be none.
fn expect(wanted: usize, there: usize) -> Outcome<()> {
    if there == wanted { Ok(()) } else { Err(format!("{there} keys instead of {wanted}").into()) }
}
