//! What the process forbids itself before it holds a secret.

use std::io;

/// Keeps the memory of this process, and of the web view's processes, out of core dumps, and on Linux out of reach of
/// other processes of the same user.
///
/// # Errors
/// When the system refuses either setting.
#[cfg(target_os = "linux")]
pub(crate) fn forbid_core_dumps() -> io::Result<()> {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

    // The limit is inherited by the web view's processes, the dumpable flag is not.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// Keeps the memory of this process out of core dumps.
///
/// # Errors
/// When the system refuses the setting.
#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn forbid_core_dumps() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
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

/// Whether there is a screen to open a window on. Without one GTK ends the program with a message of its own.
pub(crate) fn has_display() -> bool {
    if cfg!(target_os = "linux") {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        is_set("WAYLAND_DISPLAY") || is_set("DISPLAY")
    } else {
        true
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn core_dumps_are_off_afterwards() {
        super::forbid_core_dumps().unwrap();
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
