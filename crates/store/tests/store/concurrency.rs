//! Several writers: threads and processes wait for each other, for a bounded time.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::thread;

use keyreeve_domain::audit::{Action, leaf_hash, root_hash};
use keyreeve_domain::ports::{StoreError, StoreOpener as _, VaultStore};
use keyreeve_store::SqlcipherOpener;

use crate::support::{Vault, database_key, draft, new_key, stamp};

/// Names the folder that a child process of these tests is to write to.
const CHILD_FOLDER: &str = "KEYREEVE_STORE_TEST_CHILD_FOLDER";

/// The log's root as its entries give it, and as the store keeps it.
fn assert_log_is_whole(store: &dyn VaultStore, size: u64) {
    let read = store.read().unwrap();
    let edge = read.frontier().unwrap();
    assert_eq!(edge.size(), size);
    let mut leaves = Vec::new();
    read.each_entry(0..size, &mut |_, entry| {
        leaves.push(leaf_hash(entry));
        Ok(())
    })
    .unwrap();
    assert_eq!(edge.root(), root_hash(leaves));
}

fn append(store: &dyn VaultStore) -> Result<u64, StoreError> {
    let mut write = store.write()?;
    let seq = write.append(draft(Action::VaultSetting))?;
    write.commit()?;
    Ok(seq)
}

#[test]
fn a_vault_of_today_s_schema_opens_while_another_writes() {
    let vault = Vault::new();
    let writing = vault.store.write().unwrap();
    let opened = SqlcipherOpener.open(vault.folder.path(), &database_key(1)).unwrap();
    assert_eq!(opened.read().unwrap().frontier().unwrap().size(), 1);
    drop(writing);
}

#[test]
fn threads_and_stores_that_write_at_once_lose_nothing() {
    let vault = Vault::new();
    let second = SqlcipherOpener.open(vault.folder.path(), &database_key(1)).unwrap();
    let mut sequence: Vec<u64> = thread::scope(|scope| {
        let writers: Vec<_> = [&vault.store, &second, &vault.store, &second]
            .into_iter()
            .map(|store| {
                scope.spawn(move || {
                    let once = || loop {
                        match append(store.as_ref()) {
                            Err(StoreError::Busy) => {}
                            answer => break answer.unwrap(),
                        }
                    };
                    (0..15).map(|_| once()).collect::<Vec<_>>()
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    sequence.sort_unstable();
    assert_eq!(sequence, (1..=60).collect::<Vec<_>>());
    assert_log_is_whole(vault.store.as_ref(), 61);
    assert_log_is_whole(second.as_ref(), 61);
}

#[test]
fn a_reader_sees_one_moment_while_others_write() {
    let vault = Vault::new();
    vault.add(1, "first");
    let read = vault.store.read().unwrap();
    assert_eq!(read.frontier().unwrap().size(), 2);
    // Another reader, of the same thread, is not kept waiting.
    assert_eq!(vault.store.read().unwrap().frontier().unwrap().size(), 2);
    thread::scope(|scope| {
        let writer = scope.spawn(|| vault.add(2, "second"));
        assert_eq!(read.frontier().unwrap().size(), 2);
        drop(read);
        writer.join().unwrap();
    });
    assert_eq!(vault.store.read().unwrap().frontier().unwrap().size(), 3);
}

#[test]
fn a_long_read_makes_a_commit_busy_and_the_change_undone() {
    let vault = Vault::new();
    let (change, sealed) = new_key(1, "kept waiting");
    let read = vault.store.read().unwrap();
    let mut write = vault.store.write().unwrap();
    write.save_key(&change, std::slice::from_ref(&sealed), &stamp()).unwrap();
    let refused = write.commit();
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    assert_eq!(read.key(change.record.id).unwrap(), None);
    drop(read);
    vault.save(&change, &[sealed]).unwrap();
    assert_log_is_whole(vault.store.as_ref(), 2);
}

/// Says to such a process that it is to answer how a write went, and to hold nothing.
const CHILD_TRIES: &str = "KEYREEVE_STORE_TEST_CHILD_TRIES";

/// A process of its own that opens the vault, begins to write, says so, and commits when told.
struct OtherProcess(Child);

impl OtherProcess {
    fn holding(vault: &Vault) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["concurrency::the_other_process", "--exact", "--nocapture"])
            .env(CHILD_FOLDER, vault.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().ends_with("holding")));
        // What it prints further goes to a thread, so that it never waits for a reader.
        thread::spawn(move || lines.for_each(drop));
        Self(child)
    }

    /// What a process of its own is told that wants to write now.
    fn answer(vault: &Vault) -> String {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["concurrency::the_other_process", "--exact", "--nocapture"])
            .env(CHILD_FOLDER, vault.folder.path())
            .env(CHILD_TRIES, "")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    fn commit(mut self) {
        self.0.stdin.take().unwrap().write_all(b"commit\n").unwrap();
        assert!(self.0.wait().unwrap().success());
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// What the other process runs; a test of nothing when it was not asked for.
#[test]
fn the_other_process() {
    let Some(folder) = std::env::var_os(CHILD_FOLDER) else {
        return;
    };
    let store = SqlcipherOpener.open(folder.as_ref(), &database_key(1)).unwrap();
    if std::env::var_os(CHILD_TRIES).is_some() {
        writeln!(std::io::stdout(), "answer: {:?}", append(store.as_ref())).unwrap();
        return;
    }
    let (change, sealed) = new_key(200, "from the other process");
    let mut write = store.write().unwrap();
    write.save_key(&change, &[sealed], &stamp()).unwrap();
    writeln!(std::io::stdout(), "holding").unwrap();
    let mut told = String::new();
    std::io::stdin().read_line(&mut told).unwrap();
    assert_eq!(told, "commit\n");
    write.commit().unwrap();
}

/// How many threads of a new process make its first vaults at the same moment.
const FIRST_THREADS: usize = 8;

/// Asks a new process to use the store for the first time from many threads.
const FIRST_USE: &str = "KEYREEVE_STORE_TEST_FIRST_USE";

/// SQLite takes itself for started a moment before SQLCipher is. One new process seldom meets that
/// moment; a hundred do.
#[test]
fn the_first_threads_of_a_process_all_get_their_vault() {
    for _ in 0..100 {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["concurrency::the_first_use_of_a_process", "--exact", "--nocapture"])
            .env(FIRST_USE, "")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}{errors}", output.status);
        assert_eq!(said.matches("made a vault").count(), FIRST_THREADS, "{said}");
    }
}

/// What the new process runs; a test of nothing when it was not asked for.
#[test]
fn the_first_use_of_a_process() {
    if std::env::var_os(FIRST_USE).is_none() {
        return;
    }
    let together = Barrier::new(FIRST_THREADS);
    thread::scope(|scope| {
        let first = || {
            together.wait();
            drop(Vault::new());
            writeln!(std::io::stdout(), "made a vault").unwrap();
        };
        let threads: Vec<_> = (0..FIRST_THREADS).map(|_| scope.spawn(first)).collect();
        // A scope ends while its threads still clean up after themselves; a join waits for that too. The process must not
        // end meanwhile: what OpenSSL has for each thread would be cleaned up from two sides.
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn a_writer_waits_for_another_process() {
    let vault = Vault::new();
    let other = OtherProcess::holding(&vault);
    // Reading goes on meanwhile.
    assert_eq!(vault.store.read().unwrap().frontier().unwrap().size(), 1);
    thread::scope(|scope| {
        let writer = scope.spawn(|| append(vault.store.as_ref()));
        other.commit();
        assert_eq!(writer.join().unwrap().unwrap(), 2);
    });
    let read = vault.store.read().unwrap();
    let id = read.key_named("from the other process").unwrap().unwrap();
    assert!(read.trusted_key(id).unwrap().is_some());
    drop(read);
    assert_log_is_whole(vault.store.as_ref(), 3);
}

#[test]
fn a_writer_that_another_process_keeps_waiting_is_told_busy() {
    let vault = Vault::new();
    let other = OtherProcess::holding(&vault);
    let refused = append(vault.store.as_ref());
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    other.commit();
    assert_eq!(append(vault.store.as_ref()).unwrap(), 2);
}

#[test]
fn a_process_killed_in_the_middle_leaves_nothing_behind() {
    let vault = Vault::new();
    OtherProcess::holding(&vault).kill();
    assert_eq!(append(vault.store.as_ref()).unwrap(), 1);
    let vault = vault.reopened();
    let read = vault.store.read().unwrap();
    assert_eq!(read.key_named("from the other process").unwrap(), None);
    drop(read);
    vault.store.check_integrity().unwrap();
}

/// A process that closes any handle of a file loses all its POSIX locks on it, also those of other
/// handles. So opening a vault a second time must not look at its file by itself.
#[test]
fn opening_a_vault_again_keeps_the_locks_that_the_process_holds() {
    let vault = Vault::new();
    let mut write = vault.store.write().unwrap();
    write.append(draft(Action::VaultSetting)).unwrap();
    for _ in 0..2 {
        drop(SqlcipherOpener.open(vault.folder.path(), &database_key(1)).unwrap());
    }
    let answer = OtherProcess::answer(&vault);
    assert!(answer.contains("answer: Err(Busy)"), "{answer}");
    write.commit().unwrap();
    let answer = OtherProcess::answer(&vault);
    assert!(answer.contains("answer: Ok(2)"), "{answer}");
    assert_log_is_whole(vault.store.as_ref(), 3);
}
