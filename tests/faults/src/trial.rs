//! One command, tried again and again from the same beginning, and what is left each time.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::desk::{Desk, VAULT, WITHOUT, owned};
use crate::scenario::Scenario;
use crate::snapshot::Snapshot;
use crate::trap::{Call, Plan, Ran, Stop, Stopped};
use crate::verdict::{Judge, View, opens};

/// What a try left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Everything as it was.
    Before,
    /// Everything as it shall be.
    After,
    /// These two cannot be told apart: opening the vault again completes what was begun.
    Either,
}

/// Looks at what is left.
type Look = Box<dyn FnMut(&Desk) -> Result<Left, String>>;

/// A command and its desk.
pub struct Trial {
    /// The command.
    pub scenario: Scenario,
    /// Where it is at work.
    pub desk: Desk,
    /// What it starts from.
    pub before: Snapshot,
    /// Of its calls each so many-th is tried: more than 1 where looking takes long.
    pub stride: usize,
    stopped: Stopped,
    look: Look,
    seen: BTreeMap<Snapshot, Left>,
}

impl Trial {
    /// Of a command that changes what the database holds.
    pub fn of_keys(scenario: Scenario) -> Self {
        let desk = Desk::with_keys();
        let mut judge = Judge::of(&desk, scenario.days_ahead);
        let mut stopped = desk.stop_at(&scenario.args, scenario.stop_at, "command");
        let before = desk.snapshot();
        let old = judge.look().unwrap();
        desk.put(&before);
        scenario.complete(&mut stopped);
        let new = judge.look().unwrap();
        let look = Box::new(move |_: &Desk| told_apart(&judge.look()?, &old, &new));
        Self { scenario, desk, before, stride: 1, stopped, look, seen: BTreeMap::new() }
    }

    /// Of a command that changes the slots.
    pub fn of_slots(scenario: Scenario) -> Self {
        let desk = Desk::with_keys();
        let [.., removing] = &Scenario::of_slots()[..] else { unreachable!() };
        if scenario.name == removing.name {
            let [adding, ..] = &Scenario::of_slots()[..] else { unreachable!() };
            let args: Vec<_> = adding.args.iter().map(String::as_str).collect();
            desk.ok(&args);
        }
        let mut judge = Judge::of(&desk, 0);
        let mut stopped = desk.stop_at(&scenario.args, scenario.stop_at, "command");
        let before = desk.snapshot();
        let keys = judge.look().unwrap();
        let mut doors = Doors::default();
        let old = doors.opening(&desk);
        desk.put(&before);
        scenario.complete(&mut stopped);
        let new = doors.opening(&desk);
        assert_ne!(old, new, "{}", scenario.name);
        let look = Box::new(move |desk: &Desk| {
            let headers = desk.snapshot();
            if judge.look()? != keys {
                return Err("the keys are not what they were".into());
            }
            headers.put(&desk.root);
            match doors.opening(desk) {
                opening if opening == old => Ok(Left::Before),
                opening if opening == new => Ok(Left::After),
                opening => Err(format!("what opens is neither {old:?} nor {new:?}: {opening:?}")),
            }
        });
        Self { scenario, desk, before, stride: 1, stopped, look, seen: BTreeMap::new() }
    }

    /// Of opening a vault of an older schema.
    pub fn of_migration() -> Self {
        let scenario = Scenario::migration();
        let desk = Desk::with_older_schema();
        let mut judge = Judge::of(&desk, 0);
        let mut stopped = desk.stop_at(&scenario.args, scenario.stop_at, "command");
        let before = desk.snapshot();
        let keys = judge.look().unwrap();
        assert_eq!(older_copies(&desk.snapshot()).len(), 1, "it is of an older schema");
        desk.put(&before);
        scenario.complete(&mut stopped);
        let look = Box::new(move |desk: &Desk| {
            let left = desk.snapshot();
            let kept = older_copies(&left);
            if judge.look()? != keys {
                return Err("the keys are not what they were".into());
            }
            // Whoever opens it after a migration that came to nothing migrates it, and keeps a copy.
            let migrated = older_copies(&desk.snapshot()).len() == kept.len();
            // A copy that has its name is whole: it opens in the place of the database.
            for copy in kept {
                let mut older = without_database(&left);
                older.0.insert(database(), left.0[&copy].clone());
                desk.put(&older);
                let found = judge.look().map_err(|why| format!("{}: {why}", copy.display()))?;
                if found != keys {
                    return Err(format!("{} holds other keys", copy.display()));
                }
            }
            Ok(if migrated { Left::After } else { Left::Before })
        });
        Self { scenario, desk, before, stride: 1, stopped, look, seen: BTreeMap::new() }
    }

    /// Of rotating the material key: the material itself is taken out each time.
    pub fn of_rotation() -> Self {
        let scenario = Scenario::rotation();
        let desk = Desk::with_keys();
        let mut judge = Judge::of(&desk, 0);
        let export = ["key", "export", "mailbox", "--format", "age", "--plaintext", "--out"];
        let export = [&export[..], &["@taken"]].concat();
        // It has read the header as it was, so it tells what the old one opens.
        let mut with_old = desk.stop_at(&owned(&export), Stop::AT_DATABASE, "export");
        let mut stopped = desk.stop_at(&scenario.args, scenario.stop_at, "command");
        let before = desk.snapshot();
        let header = PathBuf::from(VAULT).join("header.json");
        let old_header = before.file(&header).map(<[u8]>::to_vec);
        let old = judge.look().unwrap();
        desk.put(&before);
        scenario.complete(&mut stopped);
        let new = judge.look().unwrap();
        let look = Box::new(move |desk: &Desk| {
            let now = desk.snapshot();
            let view = judge.look()?;
            now.put(&desk.root);
            let taken = desk.beside("taken");
            let _ = std::fs::remove_file(&taken);
            // Every rotation makes another key, so who read a new header has to read it now.
            let is_old = now.file(&header) == old_header.as_deref();
            let ran = if is_old { with_old.run(&Plan::count(Call(0))) } else { desk.run(&export) };
            let read = |path| std::fs::read_to_string(path).unwrap_or_default();
            if !ran.acknowledged() || read(taken).trim() != read(desk.beside("identity")).trim() {
                return Err(format!("the material is out of reach: {ran:?}"));
            }
            told_apart(&view, &old, &new)
        });
        Self { scenario, desk, before, stride: 1, stopped, look, seen: BTreeMap::new() }
    }

    /// Of making a backup.
    pub fn of_backup() -> Self {
        let scenario = Scenario::backup();
        let desk = Desk::with_keys();
        let mut judge = Judge::of(&desk, 0);
        let mut stopped = desk.stop_at(&scenario.args, scenario.stop_at, "command");
        let before = desk.snapshot();
        let keys = judge.look().unwrap();
        desk.put(&before);
        scenario.complete(&mut stopped);
        let file = "b.keyreeve-backup.age";
        let verify = owned(&[WITHOUT, "backup", "verify", file, "--identity", "@identity"]);
        let mut verify = desk.stop_at(&verify, Stop::AT_FIRST, "backup-verify");
        let look = Box::new(move |desk: &Desk| {
            let there = desk.root.join(file).exists();
            if there {
                let verified = verify.run(&Plan::count(Call(0)));
                if !verified.acknowledged() {
                    return Err(format!("the backup does not verify: {verified:?}"));
                }
            }
            if judge.look()? != keys {
                return Err("the keys are not what they were".into());
            }
            Ok(if there { Left::After } else { Left::Before })
        });
        Self { scenario, desk, before, stride: 1, stopped, look, seen: BTreeMap::new() }
    }

    /// Of a command that makes a vault where there is none: `init`, or restoring a backup.
    pub fn of_founding(scenario: Scenario) -> Self {
        let desk = Desk::with_keys();
        if scenario.name == Scenario::restore().name {
            let args = Scenario::backup().args;
            desk.ok(&args.iter().map(String::as_str).collect::<Vec<_>>());
            let file = "b.keyreeve-backup.age";
            std::fs::copy(desk.root.join(file), desk.beside(file)).unwrap();
        }
        desk.put(&Snapshot::default());
        let mut stopped = desk.stop_at(&scenario.args, scenario.stop_at, "command");
        // No vault, and at most the folder in which one is about to be made.
        let before = desk.snapshot();
        assert!(!before.has(VAULT));
        scenario.complete(&mut stopped);
        // The keys were made before the stop: every try makes the same header.
        let mut judge = Judge::of(&desk, 0);
        let keys = judge.look().unwrap();
        let header =
            desk.snapshot().file(PathBuf::from(VAULT).join("header.json")).unwrap().to_vec();
        let look = Box::new(move |desk: &Desk| {
            let now = desk.snapshot();
            if !now.has(VAULT) {
                return Ok(Left::Before);
            }
            for copy in ["header.json", "header.backup.json"] {
                if now.file(PathBuf::from(VAULT).join(copy)) != Some(&header[..]) {
                    return Err(format!("half a vault: {copy} is not there"));
                }
            }
            if judge.look()? != keys {
                return Err("its keys are not those that it shall have".into());
            }
            Ok(Left::After)
        });
        Self { scenario, desk, before, stride: 1, stopped, look, seen: BTreeMap::new() }
    }

    /// Tries the command by a plan.
    pub fn run(&mut self, plan: &Plan) -> Ran {
        self.desk.put(&self.before);
        self.stopped.run(&plan.days_ahead(self.scenario.days_ahead))
    }

    /// The same, and SIGKILL after a while.
    pub fn run_and_kill(&mut self, after: std::time::Duration) -> Ran {
        self.desk.put(&self.before);
        let plan = Plan::count(Call::CHANGES).days_ahead(self.scenario.days_ahead);
        self.stopped.run_and_kill(&plan, after)
    }

    /// Where the command writes down what it does.
    pub fn trace(&self) -> &std::path::Path {
        &self.stopped.trace
    }

    /// Looks at what is left now.
    ///
    /// # Errors
    /// In words, when that is neither what was nor what shall be.
    pub fn left(&mut self) -> Result<Left, String> {
        let now = self.desk.snapshot();
        if let Some(left) = self.seen.get(&now) {
            return Ok(*left);
        }
        let left = (self.look)(&self.desk)?;
        self.seen.insert(now, left);
        Ok(left)
    }

    /// What lies beside the vault that was not there before and is no result.
    pub fn litter(&self) -> Vec<PathBuf> {
        let now = self.desk.snapshot();
        let expected = |name: &PathBuf| {
            ["v.keyreeve", "state", "b.keyreeve-backup.age"].iter().any(|top| name.starts_with(top))
                && name.extension().is_none_or(|ending| ending != "new")
        };
        now.0.into_keys().filter(|name| !expected(name)).collect()
    }
}

impl Scenario {
    /// Runs to the end with nothing in the way.
    fn complete(&self, stopped: &mut Stopped) {
        let plan = Plan::count(Call::CHANGES).days_ahead(self.days_ahead);
        let whole = stopped.run(&plan);
        assert!(whole.acknowledged(), "{}: {whole:?}", self.name);
    }
}

fn database() -> PathBuf {
    PathBuf::from(VAULT).join("vault.db")
}

/// The copies of an older database that a migration kept.
fn older_copies(desk: &Snapshot) -> Vec<PathBuf> {
    let kept = |name: &&PathBuf| {
        name.file_name().is_some_and(|name| name.to_string_lossy().starts_with("vault.v1"))
    };
    desk.0.keys().filter(kept).cloned().collect()
}

/// The vault without its database and what lies beside that, where it was never seen.
fn without_database(desk: &Snapshot) -> Snapshot {
    let mut vault = desk.clone();
    vault
        .0
        .retain(|name, _| name.starts_with(VAULT) && !name.to_string_lossy().contains("/vault."));
    vault
}

fn told_apart(now: &View, old: &View, new: &View) -> Result<Left, String> {
    match (now == old, now == new) {
        (true, true) => Ok(Left::Either),
        (true, false) => Ok(Left::Before),
        (false, true) => Ok(Left::After),
        (false, false) => Err(format!("neither\n{old:?}\nnor\n{new:?}\nbut\n{now:?}")),
    }
}

/// Which passphrases open a vault, remembered by its header: the derivation is slow.
#[derive(Default)]
struct Doors(BTreeMap<[Option<Vec<u8>>; 2], (bool, bool)>);

impl Doors {
    /// Whether the first and the second passphrase open the vault on the desk, which stays as it is.
    fn opening(&mut self, desk: &Desk) -> (bool, bool) {
        let now = desk.snapshot();
        let copy = |name: &str| now.file(PathBuf::from(VAULT).join(name)).map(<[u8]>::to_vec);
        let headers = [copy("header.json"), copy("header.backup.json")];
        *self.0.entry(headers).or_insert_with(|| {
            let opened = |file: &str| {
                let opened = opens(desk, file);
                desk.put(&now);
                opened
            };
            (opened("@passphrase"), opened("@other"))
        })
    }
}
