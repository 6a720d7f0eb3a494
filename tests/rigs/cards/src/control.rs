//! The rig's words, one a line on standard input; each is answered with one line, `ok` or `failed: why`.
//!
//! | word | does |
//! | --- | --- |
//! | `start` | starts pcscd with the reader |
//! | `start-without-reader` | starts pcscd without any |
//! | `start-with-pad` | starts pcscd with the reader, which then has a PIN pad |
//! | `announce HEX` | changes the list of its features into this one |
//! | `properties HEX` | says how many digits it takes, by PC/SC part 10 |
//! | `keys WORD…` | types on the PIN pad: each time that it waits the next word, as [the reader](../src/reader.rs) says |
//! | `unplug` | unplugs the reader with the PIN pad |
//! | `await-pad` | waits until the PIN pad waits once more |
//! | `stop` | kills pcscd, as a crash would |
//! | `insert SLOT APPS NAME [OPTION…]` | puts the card NAME into slot 0 or 1; APPS is `piv`, `openpgp`, `piv,openpgp` or `none`; what the card remembers is in FOLDER/NAME |
//! | `pull SLOT` | pulls the card |
//! | `await SLOT` | waits until the card reached its `stop-at` |
//!
//! The options are those of [`crate::card::Options`]. When standard input ends, everything ends.

use std::error::Error;
use std::fs;
use std::io::{BufRead, Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

type Outcome = Result<(), Box<dyn Error>>;

/// Where the reader's first slot listens; the second is at the next port.
pub const PORT: u16 = 0x8C7B;

/// The reader with the driver at `library`.
fn reader(library: &str) -> String {
    format!(
        "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:{PORT:#X}\nLIBPATH {library}\nCHANNELID {PORT:#X}\n"
    )
}

/// The virtual reader's own driver.
const PLAIN: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
/// The features of a reader with a PIN pad: its properties, and the verification of PINs.
const FEATURES: &str = "120442330012060442330006";

/// Listens to words until there are no more.
pub fn run(folder: &Path) -> Outcome {
    let shared = folder.join("run");
    fs::create_dir_all(&shared)?;
    fs::create_dir_all("/run/pcscd")?;
    done(Command::new("mount").arg("--bind").arg(&shared).arg("/run/pcscd"))?;
    done(Command::new("ip").args(["link", "set", "lo", "up"]))?;

    let mut rig = Rig { folder, service: None, cards: [None, None], typed: 0, asked: 0 };
    for line in stdin().lock().lines() {
        let line = line?;
        let answer = match rig.obey(&line.split_whitespace().collect::<Vec<_>>()) {
            Ok(()) => "ok".to_owned(),
            Err(error) => format!("failed: {error}"),
        };
        writeln!(stdout(), "{answer}")?;
    }
    for child in rig.cards.iter_mut().chain([&mut rig.service]) {
        end(child)?;
    }
    Ok(())
}

struct Rig<'a> {
    folder: &'a Path,
    service: Option<Child>,
    cards: [Option<Child>; 2],
    /// How many words were typed on the PIN pad, and how often it was waited for.
    typed: usize,
    asked: usize,
}

impl Rig<'_> {
    fn obey(&mut self, words: &[&str]) -> Outcome {
        match words {
            ["start"] => self.start(Some(PLAIN)),
            ["start-without-reader"] => self.start(None),
            ["start-with-pad"] => self.start_with_pad(),
            ["announce", hex] => self.write("announced", hex),
            ["properties", hex] => self.write("properties", hex),
            ["keys", words @ ..] => words.iter().try_for_each(|word| self.type_on_pad(word)),
            ["unplug"] => self.write("unplugged", ""),
            ["await-pad"] => self.await_pad(),
            ["stop"] => end(&mut self.service),
            ["insert", slot, applications, name, options @ ..] => {
                self.insert(slot.parse()?, applications, name, options)
            }
            ["pull", slot] => self.pull(slot.parse()?),
            ["await", slot] => {
                let slot: usize = slot.parse()?;
                let card = self.cards.get_mut(slot).and_then(Option::as_mut);
                said(card.ok_or("no card is there")?, "reached")
            }
            _ => Err("no such word".into()),
        }
    }

    fn start(&mut self, driver: Option<&str>) -> Outcome {
        end(&mut self.service)?;
        let socket = Path::new("/run/pcscd/pcscd.comm");
        for left_over in [socket, Path::new("/run/pcscd/pcscd.pid")] {
            if left_over.exists() {
                fs::remove_file(left_over)?;
            }
        }
        let config = self.folder.join("config");
        fs::create_dir_all(&config)?;
        fs::write(config.join("reader"), driver.map(reader).unwrap_or_default())?;
        let log = fs::File::create(self.folder.join("pcscd.log"))?;
        self.service = Some(
            Command::new("/usr/sbin/pcscd")
                .args(["--foreground", "--info", "--config"])
                .arg(&config)
                .env("KEYREEVE_RIG_PAD", self.pad())
                .stdin(Stdio::null())
                .stdout(log.try_clone()?)
                .stderr(log)
                .spawn()?,
        );
        wait_for("pcscd to listen", || socket.exists())
    }

    fn start_with_pad(&mut self) -> Outcome {
        fs::create_dir_all(self.pad().join("keys"))?;
        fs::create_dir_all(self.pad().join("asked"))?;
        self.write("announced", FEATURES)?;
        let driver = std::env::current_exe()?.with_file_name("libkeyreeve_rig_reader.so");
        self.start(Some(driver.to_str().ok_or("its path is no text")?))
    }

    fn pad(&self) -> PathBuf {
        self.folder.join("pad")
    }

    /// Writes a file that the PIN pad reads, so that it is there as a whole.
    fn write(&self, name: &str, text: &str) -> Outcome {
        let unfinished = self.pad().join("unfinished");
        fs::write(&unfinished, text)?;
        Ok(fs::rename(unfinished, self.pad().join(name))?)
    }

    fn type_on_pad(&mut self, word: &str) -> Outcome {
        self.typed += 1;
        self.write(&format!("keys/{:04}", self.typed), word)
    }

    fn await_pad(&mut self) -> Outcome {
        let asked = self.pad().join("asked");
        let times = || fs::read_dir(&asked).map_or(0, Iterator::count);
        wait_for("the PIN pad to wait", || times() > self.asked)?;
        self.asked += 1;
        Ok(())
    }

    /// Pulls a card and waits until pcscd has seen it: it looks some times a second, and would take a card that is put in
    /// in between for the old one.
    fn pull(&mut self, slot: u16) -> Outcome {
        let log = self.folder.join("pcscd.log");
        let removed = format!("Card Removed From Virtual PCD 00 0{slot}");
        let seen = || fs::read_to_string(&log).map_or(0, |log| log.matches(&removed).count());
        let place = self.cards.get_mut(usize::from(slot)).ok_or("no such slot")?;
        // Not of a card that had ended by itself: pcscd may have seen that already.
        let was_in = match place {
            Some(card) => card.try_wait()?.is_none(),
            None => false,
        };
        let before = seen();
        end(place)?;
        if was_in && self.service.is_some() {
            wait_for("pcscd to see that the card is gone", || seen() > before)?;
        }
        Ok(())
    }

    fn insert(&mut self, slot: u16, applications: &str, name: &str, options: &[&str]) -> Outcome {
        if self.service.is_none() {
            return Err("pcscd does not run".into());
        }
        self.pull(slot)?;
        let place = self.cards.get_mut(usize::from(slot)).ok_or("no such slot")?;
        let mut card = Command::new(std::env::current_exe()?)
            .args(["card", applications, &(PORT + slot).to_string()])
            .arg(self.folder.join(name))
            .args(options)
            // The card ends when this pipe does, whatever ends the rig.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        // It says so when pcscd has powered it up.
        let outcome = said(&mut card, "ready");
        *place = Some(card);
        outcome
    }
}

/// Waits until a card says a word.
fn said(card: &mut Child, word: &str) -> Outcome {
    let out = card.stdout.as_mut().ok_or("the card has no output")?;
    let mut line = Vec::new();
    // Byte by byte: what comes later stays in the pipe for the next who asks.
    for byte in out.bytes() {
        match byte? {
            b'\n' => break,
            byte => line.push(byte),
        }
    }
    if line == word.as_bytes() { Ok(()) } else { Err("the card ended".into()) }
}

/// Kills a child and waits until it is gone.
fn end(child: &mut Option<Child>) -> Outcome {
    if let Some(mut child) = child.take() {
        child.kill()?;
        child.wait()?;
    }
    Ok(())
}

fn wait_for(what: &str, met: impl Fn() -> bool) -> Outcome {
    let until = Instant::now() + Duration::from_secs(20);
    while !met() {
        if Instant::now() > until {
            return Err(format!("waited in vain for {what}").into());
        }
        sleep(Duration::from_millis(5));
    }
    Ok(())
}

fn done(command: &mut Command) -> Outcome {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}").into()) }
}
