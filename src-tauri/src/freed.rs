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

/// With this set the program was started anew already.
const ANEW: &str = "KEYREEVE_STARTED_ANEW";

/// Has all that libraries free in this process overwritten. Both settings are read before `main`, so the program starts
/// itself anew, in this same process; the second time it goes on. To be called first of all, while there is one thread.
///
/// The web view's processes get neither setting: they keep the allocator that they have, for it keeps apart what an attack
/// on a page would want to have side by side, and with freed memory overwritten WebKitGTK 2.50 now and then gave a script's
/// answer back damaged. A lock ends them.
///
/// # Errors
/// When the program cannot be started anew, or the system takes the settings away, as it does from a program with rights
/// of its own. Nothing is changed then.
pub(crate) fn overwrite_always() -> io::Result<()> {
    let given = env::var_os(TUNABLES).unwrap_or_default();
    match next(&given.to_string_lossy(), env::var_os(ANEW).is_some()) {
        Step::GoOn { own } => {
            glib::unsetenv(ANEW);
            glib::unsetenv(WEB_VIEW);
            match own.as_str() {
                "" => glib::unsetenv(TUNABLES),
                own => _ = glib::setenv(TUNABLES, own, true),
            }
            Ok(())
        }
        Step::StartAnew { tunables } => Err(start_anew(&tunables)),
        Step::Refuse => Err(io::Error::other("the system takes the C library's settings away")),
    }
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// The settings hold; these other ones were there before.
    GoOn { own: String },
    /// They do not yet; these make them.
    StartAnew { tunables: String },
    /// They were made, and do not hold: another start would be followed by the next one for ever.
    Refuse,
}

fn next(given: &str, started_anew: bool) -> Step {
    match given.strip_suffix(WIPE) {
        Some(own) if started_anew => Step::GoOn { own: own.trim_end_matches(':').to_owned() },
        None if started_anew => Step::Refuse,
        _ if given.is_empty() => Step::StartAnew { tunables: WIPE.to_owned() },
        _ => Step::StartAnew { tunables: format!("{given}:{WIPE}") },
    }
}

/// Does not come back, but with the reason.
fn start_anew(tunables: &str) -> io::Error {
    let program = match env::current_exe() {
        Ok(program) => program,
        Err(error) => return error,
    };
    let mut arguments = env::args_os();
    let mut again = Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    again.args(arguments).envs([(TUNABLES, tunables), (WEB_VIEW, "1"), (ANEW, "1")]).exec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "glibc.malloc.arena_max=1";

    #[test]
    fn the_program_is_started_anew_once_and_what_was_set_before_stays() {
        for own in ["", OWN] {
            let Step::StartAnew { tunables } = next(own, false) else { panic!("{own}") };
            assert!(tunables.starts_with(own) && tunables.ends_with(WIPE), "{tunables}");
            assert_eq!(next(&tunables, true), Step::GoOn { own: own.into() });
        }
    }

    #[test]
    fn who_set_the_same_already_is_started_anew_for_the_web_view() {
        assert!(matches!(next(WIPE, false), Step::StartAnew { .. }));
    }

    #[test]
    fn where_the_settings_are_taken_away_it_is_not_started_for_ever() {
        for given in ["", OWN] {
            assert_eq!(next(given, true), Step::Refuse);
        }
    }
}
