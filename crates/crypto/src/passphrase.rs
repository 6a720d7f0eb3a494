//! Passphrases become slot keys by Argon2id version 1.3 (RFC 9106).

use std::time::{Duration, Instant};

use argon2::{Algorithm as Argon2Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::secret::{SecretString, SlotKey};

/// The least memory accepted, in KiB: 64 MiB.
pub const MIN_MEMORY_KIB: u32 = 64 * 1024;
/// The most memory accepted, in KiB: 4 GiB.
pub const MAX_MEMORY_KIB: u32 = 4 * 1024 * 1024;
/// The fewest passes accepted.
pub const MIN_TIME_COST: u32 = 3;
/// The most passes accepted.
pub const MAX_TIME_COST: u32 = 64;
/// The most lanes accepted.
const MAX_LANES: u32 = 16;

/// Argon2id's cost parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Argon2Params {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub time_cost: u32,
    /// Lanes.
    pub lanes: u32,
}

/// Cost parameters outside the accepted range. No memory was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the passphrase parameters (memory {} KiB, {} passes, {} lanes) are outside what Keyreeve accepts; \
     the file was made by another program or was changed",
    .0.memory_kib, .0.time_cost, .0.lanes
)]
pub struct Argon2ParamsError(pub Argon2Params);

impl Argon2Params {
    /// The floor: 64 MiB, 3 passes, as many lanes as `cores`, at most 4.
    #[must_use]
    pub fn floor(cores: usize) -> Self {
        let lanes = u32::try_from(cores.clamp(1, 4)).unwrap_or(1);
        Self { memory_kib: MIN_MEMORY_KIB, time_cost: MIN_TIME_COST, lanes }
    }

    /// Checks the range before any memory is taken.
    ///
    /// # Errors
    /// When a parameter is below the floor or above the ceiling.
    pub fn check(self) -> Result<Self, Argon2ParamsError> {
        let fine = (MIN_MEMORY_KIB..=MAX_MEMORY_KIB).contains(&self.memory_kib)
            && (MIN_TIME_COST..=MAX_TIME_COST).contains(&self.time_cost)
            && (1..=MAX_LANES).contains(&self.lanes);
        fine.then_some(self).ok_or(Argon2ParamsError(self))
    }
}

/// Derives a slot key from `passphrase` (its UTF-8 bytes, as given) and `salt`.
///
/// # Errors
/// When `params` are outside the accepted range.
pub fn derive_passphrase_key(
    passphrase: &SecretString,
    salt: &[u8; 32],
    params: Argon2Params,
) -> Result<SlotKey, Argon2ParamsError> {
    // EXPOSE: the key derivation's input.
    derive_unchecked(passphrase.expose().as_bytes(), salt, params.check()?)
        .map_err(|_refused| Argon2ParamsError(params))
}

/// Finds parameters that take about `target` on this computer, never below the floor.
///
/// Memory is doubled first, up to `memory_ceiling_kib`, then passes are added.
///
/// # Errors
/// Never for the floor's own parameters; the type is that of [`derive_passphrase_key`].
pub fn calibrate(
    target: Duration,
    memory_ceiling_kib: u32,
    cores: usize,
) -> Result<Argon2Params, Argon2ParamsError> {
    calibrate_by(target, memory_ceiling_kib, cores, time_once)
}

/// [`calibrate`], where `time` says how long a derivation takes.
fn calibrate_by(
    target: Duration,
    memory_ceiling_kib: u32,
    cores: usize,
    time: impl Fn(Argon2Params) -> Result<Duration, Argon2ParamsError>,
) -> Result<Argon2Params, Argon2ParamsError> {
    let mut params = Argon2Params::floor(cores);
    let mut taken = time(params)?;
    while taken * 2 <= target && params.memory_kib * 2 <= memory_ceiling_kib.min(MAX_MEMORY_KIB) {
        params.memory_kib *= 2;
        taken = time(params)?;
    }
    let per_pass = taken / params.time_cost;
    if !per_pass.is_zero() {
        let passes =
            u32::try_from(target.as_nanos() / per_pass.as_nanos()).unwrap_or(MAX_TIME_COST);
        params.time_cost = passes.clamp(MIN_TIME_COST, MAX_TIME_COST);
    }
    params.check()
}

fn time_once(params: Argon2Params) -> Result<Duration, Argon2ParamsError> {
    let start = Instant::now();
    derive_unchecked(b"calibration", &[0; 32], params)
        .map_err(|_refused| Argon2ParamsError(params))?;
    Ok(start.elapsed())
}

fn derive_unchecked(
    passphrase: &[u8],
    salt: &[u8; 32],
    params: Argon2Params,
) -> Result<SlotKey, argon2::Error> {
    let built = Params::new(params.memory_kib, params.time_cost, params.lanes, Some(32))?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Argon2Algorithm::Argon2id, Version::V0x13, built).hash_password_into(
        passphrase,
        salt,
        key.as_mut(),
    )?;
    Ok(SlotKey::from_bytes(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_taken_up_to_their_bounds() {
        let floor = Argon2Params::floor(1);
        for (least, most, with) in [
            (65_536, 4_194_304, (|memory_kib, floor| Argon2Params { memory_kib, ..floor }) as Set),
            (3, 64, |time_cost, floor| Argon2Params { time_cost, ..floor }),
            (1, 16, |lanes, floor| Argon2Params { lanes, ..floor }),
        ] {
            for fine in [least, most] {
                assert_eq!(with(fine, floor).check(), Ok(with(fine, floor)));
            }
            for bad in [least - 1, most + 1] {
                assert_eq!(with(bad, floor).check(), Err(Argon2ParamsError(with(bad, floor))));
            }
        }
        assert_eq!([0, 1, 3, 4, 64].map(|cores| Argon2Params::floor(cores).lanes), [1, 1, 3, 4, 4]);
    }

    /// One parameter at another value.
    type Set = fn(u32, Argon2Params) -> Argon2Params;

    /// On a computer that takes a millisecond for each pass over a mebibyte.
    #[test]
    fn memory_grows_first_and_then_the_passes() {
        let time = |params: Argon2Params| {
            Ok(Duration::from_millis(u64::from(params.memory_kib / 1024 * params.time_cost)))
        };
        let found = |target_ms: u64, ceiling_mib: u32| {
            let target = Duration::from_millis(target_ms);
            let found = calibrate_by(target, ceiling_mib * 1024, 2, time).unwrap();
            assert_eq!(found.lanes, 2);
            (found.memory_kib / 1024, found.time_cost)
        };
        // Never below the floor.
        assert_eq!(
            (found(0, 1024), found(191, 1024), found(383, 1024)),
            ((64, 3), (64, 3), (64, 5))
        );
        assert_eq!((found(384, 1024), found(1_000, 1024)), ((128, 3), (256, 3)));
        // Where memory may not grow, passes do, up to their bound.
        assert_eq!(
            (found(4_000, 256), found(384, 127), found(384, 128)),
            ((256, 15), (64, 6), (128, 3))
        );
        assert_eq!(found(1_000_000, 64), (64, 64));
        assert_eq!(found(100_000_000, u32::MAX / 1024), (4_096, 64));
    }

    #[test]
    fn a_computer_that_takes_no_time_gets_all_memory_and_the_fewest_passes() {
        let at_once = |_: Argon2Params| Ok(Duration::ZERO);
        let found = calibrate_by(Duration::from_secs(1), 1024 * 1024, 1, at_once).unwrap();
        assert_eq!((found.memory_kib, found.time_cost), (1024 * 1024, 3));
    }

    #[test]
    fn parameters_outside_the_range_are_refused_before_work() {
        let floor = Argon2Params::floor(2);
        for bad in [
            Argon2Params { memory_kib: MIN_MEMORY_KIB - 1, ..floor },
            Argon2Params { memory_kib: u32::MAX, ..floor },
            Argon2Params { time_cost: 2, ..floor },
            Argon2Params { time_cost: u32::MAX, ..floor },
            Argon2Params { lanes: 0, ..floor },
            Argon2Params { lanes: 255, ..floor },
        ] {
            let refused = derive_passphrase_key(&SecretString::new("x".into()), &[0; 32], bad);
            assert_eq!(refused.unwrap_err(), Argon2ParamsError(bad));
        }
    }

    /// RFC 9106's own vectors use a secret, associated data and 32 KiB of memory, all of which a slot
    /// has not; these are from the reference implementation in C (argon2-cffi 25.1.0).
    #[test]
    fn agrees_with_the_reference_implementation() {
        let salt = std::array::from_fn(|at| u8::try_from(at).unwrap());
        for (text, params, expected) in [
            (
                "correct horse",
                Argon2Params { memory_kib: 65_536, time_cost: 3, lanes: 1 },
                "5ae5814e91d65faf404b210f2e803dfb6dc636ba6bd666d9d2012acee1bc54b9",
            ),
            (
                "Schlüssel 🗝",
                Argon2Params { memory_kib: 65_536, time_cost: 4, lanes: 4 },
                "eafea1a3d6317007ddb7cea59b3a42a163bc684f4ff3ecf8fde27584e6e1801f",
            ),
        ] {
            let key = derive_passphrase_key(&SecretString::new(text.into()), &salt, params);
            // EXPOSE: a test's key.
            assert_eq!(hex::encode(key.unwrap().expose()), expected);
        }
    }

    #[test]
    fn passphrase_salt_and_cost_all_matter() {
        let floor = Argon2Params::floor(1);
        let derive = |text: &str, salt, params| {
            derive_passphrase_key(&SecretString::new(text.into()), &[salt; 32], params).unwrap()
        };
        let key = derive("correct horse", 1, floor);
        assert_eq!(key, derive("correct horse", 1, floor));
        assert_ne!(key, derive("correct horsf", 1, floor));
        assert_ne!(key, derive("correct horse", 2, floor));
        assert_ne!(key, derive("correct horse", 1, Argon2Params { time_cost: 4, ..floor }));
    }
}
