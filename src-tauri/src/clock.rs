//! A clock that goes on while the computer sleeps.

use std::time::Duration;

/// The time since some moment in the past. It never goes back, and counts the time that the computer slept, so
/// that a vault left open over night is locked in the morning.
pub(crate) fn now() -> Duration {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};

        // macOS counts sleep in the clock that everywhere else leaves it out.
        #[cfg(target_os = "linux")]
        let clock = ClockId::Boottime;
        #[cfg(not(target_os = "linux"))]
        let clock = ClockId::Monotonic;
        let now = clock_gettime(clock);
        let seconds = u64::try_from(now.tv_sec).unwrap_or_default();
        Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or_default())
    }
    #[cfg(not(unix))]
    {
        use std::sync::OnceLock;
        use std::time::Instant;

        // Windows' own clock counts sleep.
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}
