//! What the process forbids itself before it holds a secret.

use std::io;

/// Keeps this process's memory out of core dumps, and on Linux out of reach of other processes of
/// the same user.
///
/// # Errors
/// When the system refuses.
#[cfg(unix)]
pub(crate) fn forbid_core_dumps() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// Windows writes no dump of a program that did not ask for one.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub(crate) fn forbid_core_dumps() -> io::Result<()> {
    Ok(())
}
