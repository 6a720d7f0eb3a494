//! What a new slot's key derivation costs.

use std::time::Duration;

use keyreeve_crypto::{Argon2Params, Argon2ParamsError, calibrate};

/// How long a new slot's key derivation is to take.
const KDF_TARGET: Duration = Duration::from_millis(700);
/// The most memory a new slot may ask for, in KiB: 1 GiB.
const KDF_MEMORY_KIB: u32 = 1024 * 1024;
/// The most memory where this computer's is not known, in KiB: 256 MiB.
const KDF_MEMORY_UNKNOWN_KIB: u32 = 256 * 1024;

/// Measures what takes about 0.7 s on this computer.
pub fn measure() -> Result<Argon2Params, Argon2ParamsError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    calibrate(KDF_TARGET, memory_ceiling_kib(), cores)
}

fn memory_ceiling_kib() -> u32 {
    let meminfo = std::fs::read_to_string("/proc/meminfo").ok();
    ceiling_of(meminfo.as_deref().and_then(total_memory_kib))
}

/// At most a quarter of the computer's memory, so that an unlock never pushes other programs out.
fn ceiling_of(total_kib: Option<u64>) -> u32 {
    total_kib.map_or(KDF_MEMORY_UNKNOWN_KIB, |total| {
        u32::try_from(total / 4).unwrap_or(u32::MAX).min(KDF_MEMORY_KIB)
    })
}

fn total_memory_kib(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_is_a_quarter_of_the_memory_and_at_most_1_gib() {
        let kib = |total: u64| ceiling_of(Some(total));
        assert_eq!(kib(2 * 1024 * 1024), 512 * 1024);
        assert_eq!(kib(64 * 1024 * 1024), 1024 * 1024);
        assert_eq!(kib(u64::MAX), 1024 * 1024);
        assert_eq!(ceiling_of(None), 256 * 1024);
    }

    #[test]
    fn memory_is_read_from_meminfo() {
        assert_eq!(total_memory_kib("MemTotal:       16384 kB\nMemFree: 1 kB\n"), Some(16_384));
        for odd in ["", "MemTotal: many kB", "MemTotal: 5 MB", "MemFree: 1 kB"] {
            assert_eq!(total_memory_kib(odd), None, "{odd}");
        }
    }
}
