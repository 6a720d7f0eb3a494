//! What a stranger put into a backup: encrypted to us, so that nothing before it refuses it.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use keyreeve_backup::{Identity, Manifest, OpenError};
use keyreeve_crypto::AuditSigningKey;
use keyreeve_domain::ports::Silent;

use crate::seeds::Answer;
use crate::targets::{Target, secret, written};

/// Names and bytes.
type Files = Vec<(PathBuf, Vec<u8>)>;

/// A backup that is made anew for each input.
struct Backup {
    file: PathBuf,
    recipient: age::x25519::Recipient,
    identity: Identity,
}

impl Backup {
    fn new(file: PathBuf, identity: &age::x25519::Identity) -> Answer<Self> {
        let own = age::secrecy::ExposeSecret::expose_secret(&identity.to_string()).to_owned();
        let recipient = identity.to_public();
        Ok(Self { file, recipient, identity: Identity::parse(&secret(own.as_bytes()), None)? })
    }

    /// Verifies a backup with this inside.
    fn verify(&self, inside: &[u8]) -> Result<Manifest, OpenError> {
        match self.encrypted(inside) {
            Ok(sealed) => written(&self.file, &sealed),
            Err(error) => panic!("{error}"),
        }
        Ok(keyreeve_backup::verify(&self.file, &self.identity, &Silent)?.manifest)
    }

    fn encrypted(&self, inside: &[u8]) -> Answer<Vec<u8>> {
        let recipients = std::iter::once(&self.recipient as &dyn age::Recipient);
        let mut sealed = Vec::new();
        let mut stream = age::Encryptor::with_recipients(recipients)?.wrap_output(&mut sealed)?;
        stream.write_all(inside)?;
        stream.finish()?;
        Ok(sealed)
    }
}

/// The tar, and the manifest with a right signature.
pub fn targets(
    folder: &Path,
    tar: Vec<u8>,
    identity: age::x25519::Identity,
) -> Answer<[Target; 2]> {
    // Only what stands before the database, and its beginning: what follows is hashed and no more.
    let start = tar[..tar.len().min(16 * 1024)].to_vec();
    let cut = Backup::new(folder.join("cut.keyreeve-backup.age"), &identity)?;
    let cut = Target::new("tar in a backup", vec![start], move |bytes| {
        assert!(cut.verify(bytes).is_err(), "a backup that was cut off was taken for whole");
    });

    let signer = AuditSigningKey::make()?;
    let (manifest, files) = manifest_and_files(&tar)?;
    let mut ours: Manifest = serde_json::from_slice(&manifest)?;
    ours.audit.public_key = signer.public().0;
    let seed = serde_json::to_vec_pretty(&ours)?;
    let backup = Backup::new(folder.join("signed.keyreeve-backup.age"), &identity)?;
    backup.verify(&with_manifest(&seed, &signer, &files)?)?;
    let signed = Target::new("manifest with a right signature", vec![seed], move |bytes| {
        match with_manifest(bytes, &signer, &files) {
            // What is believed is what stands there, and the files are those that it names.
            Ok(tar) => match backup.verify(&tar) {
                Ok(read) => {
                    let written: Option<Manifest> = serde_json::from_slice(bytes).ok();
                    assert_eq!(Some(&read), written.as_ref());
                    assert_eq!(read.files, ours.files);
                }
                Err(_refused) => {}
            },
            Err(error) => panic!("{error}"),
        }
    });
    Ok([cut, signed])
}

/// The manifest, and the names and bytes of the files that follow its signature.
fn manifest_and_files(tar: &[u8]) -> Answer<(Vec<u8>, Files)> {
    let mut entries = Vec::new();
    for entry in tar::Archive::new(tar).entries()? {
        let mut entry = entry?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        entries.push((entry.path()?.into_owned(), bytes));
    }
    let files = entries.split_off(2);
    Ok((entries.swap_remove(0).1, files))
}

fn with_manifest(manifest: &[u8], signer: &AuditSigningKey, files: &Files) -> Answer<Vec<u8>> {
    use base64::Engine as _;

    let signed = [b"keyreeve-backup-manifest-v1\n", manifest].concat();
    let line = base64::engine::general_purpose::STANDARD.encode(signer.sign(&signed)) + "\n";
    let mut tar = tar::Builder::new(Vec::new());
    let mut put = |name: &Path, bytes: &[u8]| -> Answer<()> {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        Ok(tar.append_data(&mut header, name, bytes)?)
    };
    put(Path::new("manifest.json"), manifest)?;
    put(Path::new("manifest.json.sig"), line.as_bytes())?;
    files.iter().try_for_each(|(name, bytes)| put(name, bytes))?;
    Ok(tar.into_inner()?)
}
