//! What the figures were measured on: a figure without its machine says nothing.

use std::fs;

/// What the figures were measured on.
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gib: Option<u64>,
    pub(crate) kernel: String,
    /// How many programs waited for the processor in the last minute, at the start.
    pub(crate) load: Option<String>,
}

impl Machine {
    pub(crate) fn look() -> Self {
        let file = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let processor = value_of(&file("/proc/cpuinfo"), "model name");
        let memory = value_of(&file("/proc/meminfo"), "MemTotal");
        let kibibytes: Option<u64> =
            memory.and_then(|text| text.split_whitespace().next()?.parse().ok());
        let release = file("/proc/sys/kernel/osrelease");
        let release = release.trim();
        Self {
            processor: processor.unwrap_or_else(|| std::env::consts::ARCH.into()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gib: kibibytes.map(|kibibytes| (kibibytes + (1 << 19)) >> 20),
            kernel: format!("{} {release}", std::env::consts::OS).trim_end().to_owned(),
            load: file("/proc/loadavg").split_whitespace().next().map(str::to_owned),
        }
    }
}

/// The value in the first line `name : value`.
fn value_of(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim_start_matches([' ', '\t', ':']).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_name() {
        let text = "processor\t: 0\nmodel name\t: A CPU: fast\nMemTotal:  24 kB\n";
        assert_eq!(value_of(text, "model name").as_deref(), Some("A CPU: fast"));
        assert_eq!(value_of(text, "MemTotal").as_deref(), Some("24 kB"));
        assert_eq!(value_of(text, "flags"), None);
    }
}
