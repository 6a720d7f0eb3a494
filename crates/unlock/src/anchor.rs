//! Anchors in files of the user's state folder: one line each, `SIZE ROOT seen|restored`.
//!
//! A file is named after the vault's identifier and a digest of the vault's path, so that a copy
//! put elsewhere on purpose has a story of its own. Whoever can write this folder can also take
//! an anchor away; what that means is said in the threat model.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use keyreeve_crypto::sha256;
use keyreeve_domain::VaultId;
use keyreeve_domain::ports::{Anchor, AnchorError, Anchors};

/// No anchor is longer.
const MAX_LEN: u64 = 256;

/// Anchors in files of one folder.
#[derive(Debug, Clone)]
pub struct FileAnchors {
    folder: Option<PathBuf>,
}

impl FileAnchors {
    /// Anchors in `folder`, which is made when first needed.
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder: Some(folder) }
    }

    /// Anchors in the user's state folder; none at all where there is no such folder.
    #[must_use]
    pub fn of_user() -> Self {
        Self { folder: state_folder().map(|state| state.join("keyreeve").join("anchors")) }
    }

    fn file(&self, vault: VaultId, path: &Path) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(name(vault, path)))
    }
}

impl Anchors for FileAnchors {
    fn load(&self, vault: VaultId, path: &Path) -> Result<Vec<Anchor>, AnchorError> {
        let Some(file) = self.file(vault, path) else { return Ok(Vec::new()) };
        let file = match File::open(file) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut text = String::new();
        file.take(MAX_LEN).read_to_string(&mut text)?;
        Ok(vec![parse(&text).ok_or(io::ErrorKind::InvalidData).map_err(io::Error::from)?])
    }

    fn store(&self, vault: VaultId, path: &Path, anchor: &Anchor) -> Result<(), AnchorError> {
        let (Some(folder), Some(file)) = (&self.folder, self.file(vault, path)) else {
            return Ok(());
        };
        make_folder(folder)?;
        let mut new = file.clone().into_os_string();
        new.push(format!(".{}.new", std::process::id()));
        let new = PathBuf::from(new);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options
            .open(&new)
            .and_then(|mut out| out.write_all(line(anchor).as_bytes()))
            .and_then(|()| fs::rename(&new, &file));
        if written.is_err() {
            // The failure to write is what to tell.
            _ = fs::remove_file(&new);
        }
        Ok(written?)
    }
}

/// What the anchor of the vault at `path` goes by.
pub(crate) fn name(vault: VaultId, path: &Path) -> String {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let place = sha256(path.as_os_str().as_encoded_bytes());
    format!("{vault}-{}", hex::encode(&place[..8]))
}

pub(crate) fn line(anchor: &Anchor) -> String {
    let what = if anchor.restored { "restored" } else { "seen" };
    format!("{} {} {what}\n", anchor.size, hex::encode(anchor.root))
}

pub(crate) fn parse(text: &str) -> Option<Anchor> {
    let mut parts = text.strip_suffix('\n')?.split(' ');
    let size = parts.next()?.parse().ok()?;
    let root = hex::decode(parts.next()?).ok()?.try_into().ok()?;
    let restored = match parts.next()? {
        "seen" => false,
        "restored" => true,
        _ => return None,
    };
    parts.next().is_none().then_some(Anchor { size, root, restored })
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Where programs keep state that is not configuration: `$XDG_STATE_HOME` (XDG Base Directory
/// Specification), on macOS and Windows their like (not tested there).
fn state_folder() -> Option<PathBuf> {
    let absolute =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return absolute("LOCALAPPDATA");
    }
    if cfg!(target_os = "macos") {
        return Some(absolute("HOME")?.join("Library").join("Application Support"));
    }
    absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local").join("state")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: [u8; 16] = [7; 16];
    const ANCHOR: Anchor = Anchor { size: 12, root: [3; 32], restored: false };

    #[test]
    fn each_path_has_its_own_anchor() {
        let folder = tempfile::tempdir().unwrap();
        let anchors = FileAnchors::in_folder(folder.path().join("a/b"));
        let vault = VaultId::from_bytes(VAULT);
        assert_eq!(anchors.load(vault, Path::new("/one")).unwrap(), []);
        anchors.store(vault, Path::new("/one"), &ANCHOR).unwrap();
        let restored = Anchor { restored: true, ..ANCHOR };
        anchors.store(vault, Path::new("/two"), &restored).unwrap();
        assert_eq!(anchors.load(vault, Path::new("/one")).unwrap(), [ANCHOR]);
        assert_eq!(anchors.load(vault, Path::new("/two")).unwrap(), [restored]);
    }

    #[test]
    fn a_damaged_anchor_is_an_error_and_not_none() {
        let folder = tempfile::tempdir().unwrap();
        let anchors = FileAnchors::in_folder(folder.path().into());
        let vault = VaultId::from_bytes(VAULT);
        anchors.store(vault, Path::new("/one"), &ANCHOR).unwrap();
        let file = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
        for bad in ["", "12", "12 00 seen\n", "x\n", &"9".repeat(10_000)] {
            fs::write(&file, bad).unwrap();
            assert!(anchors.load(vault, Path::new("/one")).is_err(), "{bad:?}");
        }
    }
}
