//! What a run did to the disk, call by call, as the library wrote it down.

use std::fs;
use std::path::{Path, PathBuf};

use crate::trap::Call;

/// A call that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A new file.
    Create(PathBuf),
    /// Bytes at a place in a file. The file is named by its node, because its name may have changed.
    Write(u64, u64, Vec<u8>),
    /// Another length.
    Truncate(u64, u64),
    /// A file or folder flushed.
    Sync(u64),
    /// Another name.
    Rename(PathBuf, PathBuf),
    /// A name removed.
    Remove(PathBuf),
    /// A new folder.
    MakeFolder(PathBuf),
}

/// A call, and the node it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The node's number.
    pub node: u64,
    /// What was done.
    pub step: Step,
}

/// Reads what was written down into `file`. Names become relative to `root`.
///
/// # Panics
/// When the program did something that no power cut is worked out for.
pub fn read(file: &Path, root: &Path) -> Vec<Record> {
    let bytes = fs::read(file).unwrap_or_default();
    let mut rest = &bytes[..];
    let mut records = Vec::new();
    while !rest.is_empty() {
        let (head, after) = rest.split_at(32);
        let word = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().unwrap());
        let long = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().unwrap());
        let [name_len, other_len, data_len] = [4, 8, 12].map(|at| word(at) as usize);
        let (name, after) = after.split_at(name_len);
        let (other, after) = after.split_at(other_len);
        let (data, after) = after.split_at(data_len);
        rest = after;
        let path = |bytes: &[u8]| {
            let path = Path::new(std::str::from_utf8(bytes).unwrap());
            path.strip_prefix(root).unwrap().to_owned()
        };
        let (node, offset) = (long(16), long(24));
        let step = match Call(word(0)) {
            Call::OPEN => Step::Create(path(name)),
            Call::WRITE => Step::Write(node, offset, data.to_vec()),
            Call::TRUNCATE => Step::Truncate(node, offset),
            Call::SYNC => Step::Sync(node),
            Call::RENAME => Step::Rename(path(name), path(other)),
            Call::REMOVE => Step::Remove(path(name)),
            Call::MKDIR => Step::MakeFolder(path(name)),
            other => panic!("a call that nothing is known of: {other:?} {node}"),
        };
        records.push(Record { node, step });
    }
    records
}
