//! What the desktop tells: that the computer is about to sleep, that the screen was locked, that
//! somebody else sits down at it.

#[cfg(target_os = "linux")]
mod logind;
#[cfg(target_os = "linux")]
mod screen_saver;
#[cfg(all(test, target_os = "linux"))]
mod test_bus;
#[cfg(all(test, target_os = "linux"))]
#[path = "../../../../tests/rigs/logind_rig.rs"]
mod test_logind;

/// Something after which a vault ought not to stay open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesktopEvent {
    /// The computer is about to sleep. It waits for whoever handles this, if not for long.
    Sleep,
    /// The screen was locked.
    ScreenLocked,
    /// Another person's session is the one in front.
    UserSwitched,
}

/// Watches for as long as the program runs, in threads of its own, and calls `on` with what happens.
///
/// Linux only: logind and the screen savers of the session's bus are asked. Where neither is there,
/// nothing is ever told. On Windows and macOS nothing is watched yet.
pub fn watch_desktop(on: impl Fn(DesktopEvent) + Clone + Send + 'static) {
    #[cfg(target_os = "linux")]
    {
        let both = on.clone();
        keep("logind", move || logind::watch(&zbus::blocking::Connection::system()?, &both));
        keep("screen-saver", move || {
            screen_saver::watch(&zbus::blocking::Connection::session()?, &on)
        });
    }
    #[cfg(not(target_os = "linux"))]
    drop(on);
}

/// Watches, and begins anew some time after the bus went away.
#[cfg(target_os = "linux")]
fn keep(name: &str, watch: impl Fn() -> zbus::Result<()> + Send + 'static) {
    const PAUSE: std::time::Duration = std::time::Duration::from_secs(10);
    let kept = std::thread::Builder::new().name(name.into()).spawn(move || {
        loop {
            // A desktop without this bus, or one that is being restarted.
            _ = watch();
            std::thread::sleep(PAUSE);
        }
    });
    // Without a thread nothing is watched, as on a desktop without a bus.
    drop(kept);
}
