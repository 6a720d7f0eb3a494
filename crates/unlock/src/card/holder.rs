//! Which program holds a card for itself alone. PC/SC does not tell; but there is a usual one.

/// GnuPG's program for smartcards, which does not share a card unless it is told to.
const SCDAEMON: &str = "scdaemon";

/// The program that most likely holds a card.
#[cfg(target_os = "linux")]
pub fn holder() -> Option<String> {
    let processes = std::fs::read_dir("/proc").ok()?;
    let runs = processes.flatten().any(|process| {
        let name = std::fs::read_to_string(process.path().join("comm"));
        name.is_ok_and(|name| name.trim_end() == SCDAEMON)
    });
    runs.then(|| format!("GnuPG's {SCDAEMON}"))
}

/// The program that most likely holds a card.
#[cfg(not(target_os = "linux"))]
pub fn holder() -> Option<String> {
    None
}
