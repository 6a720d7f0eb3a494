//! What a run did to the disk, call by call, as the library wrote it down.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::trap::Call;

/// A call that succeeded, or a flush that was made to fail.
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
    /// A file or folder not flushed: the flush was made to fail.
    Unflushed(u64),
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
            Call::UNFLUSHED => Step::Unflushed(node),
            Call::RENAME => Step::Rename(path(name), path(other)),
            Call::REMOVE => Step::Remove(path(name)),
            Call::MKDIR => Step::MakeFolder(path(name)),
            other => panic!("a call that nothing is known of: {other:?} {node}"),
        };
        records.push(Record { node, step });
    }
    records
}

/// The first file of which a flush was believed that could not be: an earlier one had failed, and what it
/// was to flush was not written again since. The system may have dropped that, and then answers the
/// second flush as if nothing were wrong.
pub fn believed_wrongly(records: &[Record]) -> Option<u64> {
    // What was written to each file since it was last flushed, and of that what a failed flush may have lost.
    let mut written: BTreeMap<u64, BTreeSet<(u64, u64)>> = BTreeMap::new();
    let mut lost: BTreeMap<u64, BTreeSet<(u64, u64)>> = BTreeMap::new();
    for Record { step, .. } in records {
        match step {
            Step::Write(node, at, bytes) => {
                let range = (*at, bytes.len() as u64);
                written.entry(*node).or_default().insert(range);
                lost.entry(*node).or_default().remove(&range);
            }
            Step::Truncate(node, length) => {
                for ranges in [&mut written, &mut lost] {
                    ranges.entry(*node).or_default().retain(|(at, _)| at < length);
                }
            }
            Step::Unflushed(node) => {
                let unsure = written.remove(node).unwrap_or_default();
                lost.entry(*node).or_default().extend(unsure);
            }
            Step::Sync(node) if lost.get(node).is_some_and(|lost| !lost.is_empty()) => {
                return Some(*node);
            }
            Step::Sync(node) => drop(written.remove(node)),
            Step::Create(_) | Step::Rename(..) | Step::Remove(_) | Step::MakeFolder(_) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn believed(steps: &[Step]) -> Option<u64> {
        let record = |step: &Step| Record { node: 7, step: step.clone() };
        believed_wrongly(&steps.iter().map(record).collect::<Vec<_>>())
    }

    #[test]
    fn a_flush_after_a_failed_one_is_believed_of_what_was_written_again_alone() {
        let write = |at| Step::Write(7, at, vec![1; 4]);
        let (failed, flushed) = (Step::Unflushed(7), Step::Sync(7));
        let begin = [write(0), write(4), failed.clone()];
        let then = |more: &[Step]| believed(&[&begin[..], more].concat());
        assert_eq!(then(std::slice::from_ref(&flushed)), Some(7));
        assert_eq!(then(&[write(0), flushed.clone()]), Some(7));
        assert_eq!(then(&[write(0), Step::Truncate(7, 4), flushed.clone()]), None);
        assert_eq!(then(&[write(0), write(4), flushed.clone()]), None);
        assert_eq!(then(&[write(0), write(4), failed.clone(), flushed.clone()]), Some(7));
        assert_eq!(believed(&[write(0), flushed.clone(), failed, flushed]), None);
    }
}
