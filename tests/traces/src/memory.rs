//! The memory of a process.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;

/// The kernel's unit, and that of its map of pages.
const PAGE: u64 = 4096;
/// So much is read at once at most.
const STRETCH: u64 = 8 * 1024 * 1024;
/// Stretches overlap by this, so that nothing is missed between two.
const OVERLAP: u64 = PAGE;

/// The kernel's `ESRCH`: what is read of a process that has ended.
const NO_SUCH_PROCESS: i32 = 3;

/// Looks at every page of `process` that is there, its name and the mapping's as the place. Says whether it was there:
/// one that has ended holds nothing any more.
pub fn of(process: u32, look: &mut impl FnMut(&str, &[u8])) -> io::Result<bool> {
    match of_running(process, look) {
        Ok(()) => Ok(true),
        Err(error)
            if error.kind() == io::ErrorKind::NotFound
                || error.raw_os_error() == Some(NO_SUCH_PROCESS) =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

fn of_running(process: u32, look: &mut impl FnMut(&str, &[u8])) -> io::Result<()> {
    let folder = format!("/proc/{process}");
    let name = fs::read_to_string(format!("{folder}/comm"))?.trim().to_owned();
    let memory = File::open(format!("{folder}/mem"))?;
    let pages = File::open(format!("{folder}/pagemap"))?;
    for line in fs::read_to_string(format!("{folder}/maps"))?.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
        let what = words.nth(3).unwrap_or("anonymous");
        // What lies behind the kernel's own pages cannot be read, and holds nothing of the process.
        if !rights.starts_with('r') || what == "[vvar]" || what == "[vsyscall]" {
            continue;
        }
        let Some((start, end)) = range.split_once('-').and_then(|(start, end)| {
            Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
        }) else {
            continue;
        };
        let place = format!("{name} {what}");
        for (from, to) in stretches(&pages, start, end)? {
            let mut bytes = vec![0; usize::try_from(to - from).unwrap_or(0)];
            // A page may have gone since it was listed.
            if memory.read_exact_at(&mut bytes, from).is_ok() {
                look(&place, &bytes);
            }
        }
    }
    Ok(())
}

/// The parts of a mapping that are in memory or in swap.
fn stretches(pages: &File, start: u64, end: u64) -> io::Result<Vec<(u64, u64)>> {
    let mut found: Vec<(u64, u64)> = Vec::new();
    let mut at = start;
    let mut entries = vec![0; usize::try_from(STRETCH / PAGE * 8).unwrap_or(0)];
    while at < end {
        let read = pages.read_at(&mut entries, at / PAGE * 8)?;
        if read < 8 {
            break;
        }
        for entry in entries[..read].chunks_exact(8) {
            if at >= end {
                break;
            }
            // The two topmost bits: present, swapped.
            if entry[7] >> 6 != 0 {
                match found.last_mut() {
                    Some((from, to)) if *to == at && at - *from < STRETCH => *to = at + PAGE,
                    Some((_, to)) if *to == at => found.push((at - OVERLAP, at + PAGE)),
                    _ => found.push((at, at + PAGE)),
                }
            }
            at += PAGE;
        }
    }
    Ok(found)
}
