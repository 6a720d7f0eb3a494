//! The command line on a vault of ten keys: from its start to its end.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use keyreeve_app::vault;
use keyreeve_crypto::{Argon2Params, derive_passphrase_key};

use crate::samples::{Samples, timed};
use crate::world::{BenchWorld, PASSPHRASE, secret};
use crate::{Outcome, fixture};

const ROUNDS: usize = 15;
const KEYS: u32 = 10;

/// What the command line took.
pub(crate) struct Figures {
    /// `keyreeve key list --json`, without deriving the key from the passphrase.
    pub(crate) key_list: Samples,
    /// `keyreeve --version`: starting a process.
    pub(crate) nothing: Samples,
}

pub(crate) fn measure(folder: &Path, program: &Path) -> Outcome<Figures> {
    let world = BenchWorld::inside(folder)?;
    vault::lock_vault(fixture::vault_of(&world, KEYS)?, "bench")?;
    let passphrase = world.folder().join("passphrase");
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create_new(true).open(&passphrase)?.write_all(PASSPHRASE.as_bytes())?;
    let home = world.folder().join("home");
    fs::create_dir(&home)?;
    let keyreeve = |words: &[&str]| -> Outcome<Duration> {
        let mut command = Command::new(program);
        command.args(words).env("KEYREEVE_VAULT", world.vault());
        for variable in ["HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
            command.env(variable, &home);
        }
        command.stdout(Stdio::null());
        let (status, taken) = timed(|| command.status());
        if !status?.success() {
            return Err(format!("keyreeve {} failed", words.join(" ")).into());
        }
        Ok(taken)
    };
    let mut figures = Figures { key_list: Samples::default(), nothing: Samples::default() };
    let passphrase = passphrase.to_string_lossy();
    let list = ["key", "list", "--json", "--passphrase-file", &passphrase];
    keyreeve(&list)?;
    for _ in 0..ROUNDS {
        let key_list = keyreeve(&list)?;
        // Beside each other, so that both see the same machine.
        let (derived, kdf) =
            timed(|| derive_passphrase_key(&secret(PASSPHRASE), &[7; 32], Argon2Params::floor(1)));
        derived?;
        figures.key_list.add(key_list.saturating_sub(kdf));
        figures.nothing.add(keyreeve(&["--version"])?);
    }
    Ok(figures)
}
