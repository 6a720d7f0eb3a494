//! What libraries free: the window's toolkit, and the web view's code in this process.
//!
//! The program's own allocator wipes what Rust frees. It has no say in what the C library hands to others, nor in the
//! allocator that the web view brings along. The web view tells the input method the text around the caret, so what is
//! typed or pasted into a field that shows it goes through both.

use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::{env, io};

/// Where the C library looks for its settings, once, before `main`.
const TUNABLES: &str = "GLIBC_TUNABLES";
/// Freed memory is overwritten, at once and always: what is kept ready for the next use of the same size would not be.
const WIPE: &str = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0";
/// With this set the web view's code uses the C library's allocator instead of its own. It looks once, before `main`.
const WEB_VIEW: &str = "Malloc";

/// Has all that libraries free in this process overwritten. Both settings are read before `main`, so the program starts
/// itself anew, in this same process; the second time it goes on. To be called first of all, while there is one thread.
///
/// The web view's processes get neither setting: they keep the allocator that they have, for it keeps apart what an attack
/// on a page would want to have side by side, and with freed memory overwritten WebKitGTK 2.50 now and then gave a script's
/// answer back damaged. A lock ends them.
///
/// # Errors
/// When the program cannot be started anew. Nothing is changed then.
pub(crate) fn overwrite_always() -> io::Result<()> {
    let given = env::var_os(TUNABLES).unwrap_or_default();
    if given.to_string_lossy().contains(WIPE) {
        glib::unsetenv(WEB_VIEW);
        glib::unsetenv(TUNABLES);
        let own = given.to_string_lossy().replace(WIPE, "");
        if !own.is_empty() {
            _ = glib::setenv(TUNABLES, own.trim_end_matches(':'), true);
        }
        return Ok(());
    }
    let mut tunables = given;
    if !tunables.is_empty() {
        tunables.push(":");
    }
    tunables.push(WIPE);
    let mut arguments = env::args_os();
    let mut again = Command::new(env::current_exe()?);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    again.args(arguments).env(TUNABLES, tunables).env(WEB_VIEW, "1");
    // Comes back only when it failed.
    Err(again.exec())
}
