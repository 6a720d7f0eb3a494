//! The terminal: passphrases without echo, and questions.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use keyreeve_crypto::SecretString;

use crate::failure::Failure;
use crate::progress::Interrupt;

#[cfg(unix)]
const INPUT: &str = "/dev/tty";
#[cfg(unix)]
const OUTPUT: &str = "/dev/tty";
#[cfg(not(unix))]
const INPUT: &str = "CONIN$";
#[cfg(not(unix))]
const OUTPUT: &str = "CONOUT$";

/// How often a waiting question looks for Ctrl-C.
const LOOK: Duration = Duration::from_millis(50);

/// Whether someone can be asked.
pub(crate) fn is_there() -> bool {
    File::open(INPUT).is_ok() && File::options().write(true).open(OUTPUT).is_ok()
}

/// Asks for a passphrase without showing it; `None` where there is no terminal.
///
/// # Errors
/// When Ctrl-C was pressed.
pub(crate) fn passphrase(
    prompt: &str,
    interrupt: &Interrupt,
) -> Result<Option<SecretString>, Failure> {
    if !is_there() {
        return Ok(None);
    }
    // Whoever is interrupted while typing gets the terminal back with its echo.
    let _echo = Settings::kept();
    let prompt = format!("{prompt}: ");
    let typed = wait_for(interrupt, || rpassword::prompt_password(prompt).map(SecretString::new))?;
    match typed {
        Ok(passphrase) => Ok(Some(passphrase)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(Failure::cancelled()),
        Err(_gone) => Ok(None),
    }
}

/// Shows `text` and asks whether to go on; anything but yes is no.
///
/// # Errors
/// When Ctrl-C was pressed, or the terminal is gone.
pub(crate) fn confirm(text: &str, interrupt: &Interrupt) -> Result<bool, Failure> {
    let answer = ask(&format!("{text}\nGo on? [y/N] "), interrupt)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Reads a line.
fn ask(prompt: &str, interrupt: &Interrupt) -> Result<String, Failure> {
    let gone = |_error: io::Error| Failure::cancelled();
    let mut output = File::options().write(true).open(OUTPUT).map_err(gone)?;
    output.write_all(prompt.as_bytes()).map_err(gone)?;
    let input = File::open(INPUT).map_err(gone)?;
    let read = move || {
        let mut line = String::new();
        BufReader::new(input).read_line(&mut line).map(|_len| line)
    };
    wait_for(interrupt, read)?.map_err(gone)
}

/// Waits for `read` or for Ctrl-C. A read goes on through a signal, so another thread does it.
fn wait_for<T: Send + 'static>(
    interrupt: &Interrupt,
    read: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        // The asker may have gone meanwhile.
        _ = sender.send(read());
    });
    loop {
        interrupt.check()?;
        match receiver.recv_timeout(LOOK) {
            Ok(answer) => return Ok(answer),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(Failure::cancelled()),
        }
    }
}

/// The terminal's settings, put back at the end.
#[cfg(unix)]
struct Settings(Option<(File, rustix::termios::Termios)>);

#[cfg(unix)]
impl Settings {
    fn kept() -> Self {
        let kept = File::open(INPUT).ok().and_then(|terminal| {
            let settings = rustix::termios::tcgetattr(&terminal).ok()?;
            Some((terminal, settings))
        });
        Self(kept)
    }
}

#[cfg(unix)]
impl Drop for Settings {
    fn drop(&mut self) {
        if let Some((terminal, settings)) = &self.0 {
            // A terminal that is gone needs none.
            _ = rustix::termios::tcsetattr(
                terminal,
                rustix::termios::OptionalActions::Now,
                settings,
            );
        }
    }
}

#[cfg(not(unix))]
struct Settings;

#[cfg(not(unix))]
impl Settings {
    fn kept() -> Self {
        Self
    }
}
