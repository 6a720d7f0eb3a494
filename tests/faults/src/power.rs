//! What a disk may hold after the power went.
//!
//! What was flushed is there. Of what was not, anything may be missing: bytes that were written,
//! whole or by sectors; lengths; names that were given, changed or taken away. What is missing of
//! one says nothing of the other, so that a later write may be there without an earlier one. This
//! is harsher than any journaling file system is, and as harsh as POSIX allows, with two
//! exceptions: a name moved from one folder to another is never lost in both, and a sector is
//! written whole or not at all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::random::Dice;
use crate::snapshot::Snapshot;
use crate::trace::{Record, Step};

const SECTOR: usize = 512;

/// What survives of what was not flushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Nothing.
    Everything,
    /// All of it.
    Nothing,
    /// What was done before some moment, as if the disk had stopped there.
    After,
    /// Each change by the toss of a coin, and parts of some.
    AtRandom,
    /// Names survive, bytes do not.
    Bytes,
    /// Bytes survive, names do not.
    Names,
}

impl Loss {
    /// Every way to lose.
    pub const ALL: [Self; 6] =
        [Self::Everything, Self::Nothing, Self::After, Self::AtRandom, Self::Bytes, Self::Names];
}

type Id = usize;

#[derive(Debug, Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

#[derive(Debug, Clone, Default)]
struct File {
    durable: Vec<u8>,
    /// With the moment of each.
    pending: Vec<(usize, Change)>,
}

#[derive(Debug, Clone, Default)]
struct Folder {
    now: BTreeMap<String, Id>,
    durable: BTreeMap<String, Id>,
}

#[derive(Debug, Clone)]
enum Node {
    File(File),
    Folder(Folder),
}

/// A change of names: in one folder, or at once in two.
#[derive(Debug, Clone)]
struct Naming {
    moment: usize,
    sets: Vec<(Id, String, Option<Id>)>,
}

/// A disk, with what is on it and what is only on its way there.
#[derive(Debug, Clone)]
pub struct Disk {
    nodes: Vec<Node>,
    /// By the numbers that the system gave them.
    numbers: BTreeMap<u64, Id>,
    namings: Vec<Naming>,
    moment: usize,
    root: Id,
}

impl Disk {
    /// A disk that holds a folder, all of it flushed. `number` tells a name's node number.
    pub fn holding(snapshot: &Snapshot, number: impl Fn(&Path) -> u64) -> Self {
        let root = Node::Folder(Folder::default());
        let mut disk = Self {
            nodes: vec![root],
            numbers: BTreeMap::from([(number(Path::new("")), 0)]),
            namings: Vec::new(),
            moment: 0,
            root: 0,
        };
        for (path, bytes) in &snapshot.0 {
            let node = match bytes {
                Some(bytes) => Node::File(File { durable: bytes.clone(), pending: Vec::new() }),
                None => Node::Folder(Folder::default()),
            };
            let id = disk.add(number(path), node);
            let (folder, name) = disk.place(path);
            let folder = disk.folder(folder);
            folder.now.insert(name.clone(), id);
            folder.durable.insert(name, id);
        }
        disk
    }

    fn add(&mut self, number: u64, node: Node) -> Id {
        self.nodes.push(node);
        let id = self.nodes.len() - 1;
        self.numbers.insert(number, id);
        id
    }

    fn folder(&mut self, id: Id) -> &mut Folder {
        match &mut self.nodes[id] {
            Node::Folder(folder) => folder,
            Node::File(_) => panic!("a file is no folder"),
        }
    }

    fn file(&mut self, number: u64) -> &mut File {
        let id = self.numbers[&number];
        match &mut self.nodes[id] {
            Node::File(file) => file,
            Node::Folder(_) => panic!("a folder is no file"),
        }
    }

    /// The folder that a path lies in, and its name there.
    fn place(&mut self, path: &Path) -> (Id, String) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut at = self.root;
        for part in path.parent().unwrap() {
            at = self.folder(at).now[part.to_str().unwrap()];
        }
        (at, name)
    }

    fn rename(&mut self, sets: Vec<(Id, String, Option<Id>)>) {
        for (folder, name, to) in &sets {
            let now = &mut self.folder(*folder).now;
            match to {
                Some(id) => now.insert(name.clone(), *id),
                None => now.remove(name),
            };
        }
        self.namings.push(Naming { moment: self.moment, sets });
    }

    /// Does what was done.
    pub fn apply(&mut self, record: &Record) {
        self.moment += 1;
        let moment = self.moment;
        match &record.step {
            Step::Create(path) => {
                let id = self.add(record.node, Node::File(File::default()));
                let (folder, name) = self.place(path);
                self.rename(vec![(folder, name, Some(id))]);
            }
            Step::MakeFolder(path) => {
                let id = self.add(record.node, Node::Folder(Folder::default()));
                let (folder, name) = self.place(path);
                self.rename(vec![(folder, name, Some(id))]);
            }
            Step::Write(number, at, bytes) => {
                self.file(*number).pending.push((moment, Change::Write(*at, bytes.clone())));
            }
            Step::Truncate(number, len) => {
                self.file(*number).pending.push((moment, Change::Truncate(*len)));
            }
            Step::Rename(from, to) => {
                let (from, to) = (self.place(from), self.place(to));
                let id = self.folder(from.0).now[&from.1];
                self.rename(vec![(to.0, to.1, Some(id)), (from.0, from.1, None)]);
            }
            Step::Remove(path) => {
                let (folder, name) = self.place(path);
                self.rename(vec![(folder, name, None)]);
            }
            Step::Sync(number) => self.flush(self.numbers[number]),
            // It changed nothing that is known.
            Step::Unflushed(_) => {}
        }
    }

    fn flush(&mut self, id: Id) {
        match &mut self.nodes[id] {
            Node::File(file) => {
                for (_, change) in std::mem::take(&mut file.pending) {
                    make(&mut file.durable, &change, None);
                }
            }
            Node::Folder(_) => {
                let touches = |naming: &Naming| naming.sets.iter().any(|set| set.0 == id);
                let (flushed, left) =
                    std::mem::take(&mut self.namings).into_iter().partition::<Vec<_>, _>(touches);
                self.namings = left;
                for (folder, name, to) in flushed.into_iter().flat_map(|naming| naming.sets) {
                    set(&mut self.folder(folder).durable, name, to);
                }
            }
        }
    }

    /// What is left if the power goes now.
    pub fn after_power_cut(&self, loss: Loss, dice: &mut Dice) -> Snapshot {
        let first = self.first_pending();
        let stop = first + usize::try_from(dice.below((self.moment - first + 2) as u64)).unwrap();
        let mut names: Vec<BTreeMap<String, Id>> = self
            .nodes
            .iter()
            .map(|node| match node {
                Node::Folder(folder) => folder.durable.clone(),
                Node::File(_) => BTreeMap::new(),
            })
            .collect();
        for naming in &self.namings {
            let kept = match loss {
                Loss::Everything | Loss::Names => false,
                Loss::Nothing | Loss::Bytes => true,
                Loss::After => naming.moment < stop,
                Loss::AtRandom => dice.coin(),
            };
            if kept {
                for (folder, name, to) in naming.sets.clone() {
                    set(&mut names[folder], name, to);
                }
            }
        }
        let mut left = Snapshot::default();
        self.collect(self.root, Path::new(""), &names, &mut left, &mut |moment| match loss {
            Loss::Everything | Loss::Bytes => Kept::Not,
            Loss::Nothing | Loss::Names => Kept::Whole,
            Loss::After if moment < stop => Kept::Whole,
            Loss::After if moment == stop => Kept::Sectors(dice.below(u64::MAX)),
            Loss::After => Kept::Not,
            Loss::AtRandom => match dice.below(3) {
                0 => Kept::Not,
                1 => Kept::Whole,
                _ => Kept::Sectors(dice.below(u64::MAX)),
            },
        });
        left
    }

    fn first_pending(&self) -> usize {
        let bytes = self.nodes.iter().filter_map(|node| match node {
            Node::File(file) => file.pending.first().map(|(moment, _)| *moment),
            Node::Folder(_) => None,
        });
        bytes.chain(self.namings.iter().map(|naming| naming.moment)).min().unwrap_or(self.moment)
    }

    fn collect(
        &self,
        folder: Id,
        below: &Path,
        names: &[BTreeMap<String, Id>],
        left: &mut Snapshot,
        kept: &mut impl FnMut(usize) -> Kept,
    ) {
        for (name, &id) in &names[folder] {
            let path: PathBuf = below.join(name);
            match &self.nodes[id] {
                Node::Folder(_) => {
                    left.0.insert(path.clone(), None);
                    self.collect(id, &path, names, left, kept);
                }
                Node::File(file) => {
                    let mut bytes = file.durable.clone();
                    for (moment, change) in &file.pending {
                        match kept(*moment) {
                            Kept::Not => {}
                            Kept::Whole => make(&mut bytes, change, None),
                            Kept::Sectors(which) => make(&mut bytes, change, Some(which)),
                        }
                    }
                    left.0.insert(path, Some(bytes));
                }
            }
        }
    }
}

/// How much of a change is kept.
enum Kept {
    Not,
    Whole,
    /// Those sectors whose bit is set.
    Sectors(u64),
}

fn set(names: &mut BTreeMap<String, Id>, name: String, to: Option<Id>) {
    match to {
        Some(id) => names.insert(name, id),
        None => names.remove(&name),
    };
}

fn make(bytes: &mut Vec<u8>, change: &Change, sectors: Option<u64>) {
    match change {
        Change::Truncate(len) => bytes.resize(usize::try_from(*len).unwrap(), 0),
        Change::Write(at, written) => {
            let at = usize::try_from(*at).unwrap();
            let end = at + written.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            for (number, position) in (at..end).enumerate() {
                let sector = (position / SECTOR - at / SECTOR) % 64;
                if sectors.is_none_or(|which| which >> sector & 1 == 1) {
                    bytes[position] = written[number];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: u64 = 7;

    fn disk() -> Disk {
        Disk::holding(&Snapshot::default(), |_| 1)
    }

    fn done(steps: &[(u64, Step)]) -> Disk {
        let mut disk = disk();
        for (node, step) in steps {
            disk.apply(&Record { node: *node, step: step.clone() });
        }
        disk
    }

    fn left(disk: &Disk, loss: Loss) -> Vec<(String, usize)> {
        let snapshot = disk.after_power_cut(loss, &mut Dice::of(1));
        let len = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(0, Vec::len);
        snapshot.0.iter().map(|(path, b)| (path.display().to_string(), len(b))).collect()
    }

    #[test]
    fn what_was_not_flushed_can_be_lost_and_what_was_cannot() {
        let write = (FILE, Step::Write(FILE, 0, vec![1; 600]));
        let create = (FILE, Step::Create("a".into()));
        let unflushed = done(&[create.clone(), write.clone()]);
        assert_eq!(left(&unflushed, Loss::Everything), []);
        assert_eq!(left(&unflushed, Loss::Nothing), [("a".into(), 600)]);
        assert_eq!(left(&unflushed, Loss::Bytes), [("a".into(), 0)]);
        let no_name = done(&[create.clone(), write.clone(), (FILE, Step::Sync(FILE))]);
        assert_eq!(left(&no_name, Loss::Everything), []);
        let flushed = done(&[create, write, (FILE, Step::Sync(FILE)), (1, Step::Sync(1))]);
        for loss in Loss::ALL {
            assert_eq!(left(&flushed, loss), [("a".into(), 600)], "{loss:?}");
        }
    }

    #[test]
    fn a_name_moved_is_the_old_or_the_new_one() {
        let mut disk = done(&[
            (FILE, Step::Create("a".into())),
            (FILE, Step::Write(FILE, 0, vec![1])),
            (FILE, Step::Sync(FILE)),
            (1, Step::Sync(1)),
            (FILE, Step::Rename("a".into(), "b".into())),
        ]);
        assert_eq!(left(&disk, Loss::Everything), [("a".into(), 1)]);
        assert_eq!(left(&disk, Loss::Nothing), [("b".into(), 1)]);
        disk.apply(&Record { node: 1, step: Step::Sync(1) });
        assert_eq!(left(&disk, Loss::Everything), [("b".into(), 1)]);
    }

    #[test]
    fn a_write_can_come_down_in_parts() {
        let disk = done(&[(FILE, Step::Create("a".into())), (1, Step::Sync(1))]);
        let mut torn = std::collections::BTreeSet::new();
        let mut disk = disk;
        disk.apply(&Record { node: FILE, step: Step::Write(FILE, 0, vec![1; 1024]) });
        let mut dice = Dice::of(3);
        for _ in 0..64 {
            let left = disk.after_power_cut(Loss::AtRandom, &mut dice);
            torn.insert(left.file("a").unwrap().to_vec());
        }
        let of = |first: u8, second: u8| [[first; 512], [second; 512]].concat();
        for parts in [vec![], of(1, 1), of(0, 1), of(1, 0)] {
            assert!(torn.contains(&parts));
        }
        assert!(torn.iter().all(|bytes| {
            bytes.chunks(512).all(|sector| sector.iter().all(|&byte| byte == sector[0]))
        }));
    }
}
