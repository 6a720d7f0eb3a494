//! A folder with all that is in it, kept in memory.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// What a folder holds, by names relative to it. A folder within has no bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Snapshot(pub BTreeMap<PathBuf, Option<Vec<u8>>>);

impl Snapshot {
    /// What is in `folder` now.
    pub fn of(folder: &Path) -> Self {
        let mut found = BTreeMap::new();
        collect(folder, Path::new(""), &mut found);
        Self(found)
    }

    /// Makes `folder` hold this and nothing else. A file that is there already is written in place,
    /// so that a process that holds it open sees the same.
    pub fn put(&self, folder: &Path) {
        let now = Self::of(folder);
        for (name, bytes) in now.0.iter().rev() {
            let kept = self.0.get(name).is_some_and(|wanted| wanted.is_some() == bytes.is_some());
            match bytes {
                _ if kept => {}
                Some(_) => fs::remove_file(folder.join(name)).unwrap(),
                None => fs::remove_dir(folder.join(name)).unwrap(),
            }
        }
        for (name, wanted) in &self.0 {
            let path = folder.join(name);
            match wanted {
                None if path.is_dir() => {}
                None => {
                    fs::create_dir(&path).unwrap();
                    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
                }
                Some(_) if now.0.get(name) == Some(wanted) => {}
                Some(bytes) => {
                    let mut options = fs::OpenOptions::new();
                    options.write(true).create(true).truncate(true).mode(0o600);
                    options.open(&path).unwrap().write_all(bytes).unwrap();
                }
            }
        }
    }

    /// The bytes of a file.
    pub fn file(&self, name: impl AsRef<Path>) -> Option<&[u8]> {
        self.0.get(name.as_ref())?.as_deref()
    }

    /// Whether a name is there, of a file or a folder.
    pub fn has(&self, name: impl AsRef<Path>) -> bool {
        self.0.contains_key(name.as_ref())
    }
}

fn collect(folder: &Path, below: &Path, found: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
    for entry in fs::read_dir(folder.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = below.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            found.insert(name.clone(), None);
            collect(folder, &name, found);
        } else {
            found.insert(name, Some(fs::read(entry.path()).unwrap()));
        }
    }
}
