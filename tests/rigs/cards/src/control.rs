//! The rig's words, one a line on standard input; each is answered with one line, `ok` or `failed: why`.
//!
//! | word | does |
//! | --- | --- |
//! | `start` | starts pcscd with the reader |
//! | `start-without-reader` | starts pcscd without any |
//! | `stop` | kills pcscd, as a crash would |
//! | `insert SLOT APPS NAME [OPTION…]` | puts the card NAME into slot 0 or 1; APPS is `piv`, `openpgp`, `piv,openpgp` or `none`; what the card remembers is in FOLDER/NAME |
//! | `pull SLOT` | pulls the card |
//! | `await SLOT` | waits until the card reached its `stop-at` |
//!
//! The options are those of [`crate::card::Options`]. When standard input ends, everything ends.

use std::error::Error;
use std::fs;
use std::io::{BufRead, Read, Write, stdin, stdout};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

type Outcome = Result<(), Box<dyn Error>>;

/// Where the reader's first slot listens; the second is at the next port.
pub const PORT: u16 = 0x8C7B;

const READER: &str = "FRIENDLYNAME \"Virtual PCD\"
DEVICENAME /dev/null:0x8C7B
LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so
CHANNELID 0x8C7B
";

/// Listens to words until there are no more.
pub fn run(folder: &Path) -> Outcome {
    let shared = folder.join("run");
    fs::create_dir_all(&shared)?;
    fs::create_dir_all("/run/pcscd")?;
    done(Command::new("mount").arg("--bind").arg(&shared).arg("/run/pcscd"))?;
    done(Command::new("ip").args(["link", "set", "lo", "up"]))?;

    let mut rig = Rig { folder, service: None, cards: [None, None] };
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
}

impl Rig<'_> {
    fn obey(&mut self, words: &[&str]) -> Outcome {
        match words {
            ["start"] => self.start(true),
            ["start-without-reader"] => self.start(false),
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

    fn start(&mut self, with_reader: bool) -> Outcome {
        end(&mut self.service)?;
        let socket = Path::new("/run/pcscd/pcscd.comm");
        for left_over in [socket, Path::new("/run/pcscd/pcscd.pid")] {
            if left_over.exists() {
                fs::remove_file(left_over)?;
            }
        }
        let config = self.folder.join("config");
        fs::create_dir_all(&config)?;
        fs::write(config.join("reader"), if with_reader { READER } else { "" })?;
        let log = fs::File::create(self.folder.join("pcscd.log"))?;
        self.service = Some(
            Command::new("/usr/sbin/pcscd")
                .args(["--foreground", "--info", "--config"])
                .arg(&config)
                .stdin(Stdio::null())
                .stdout(log.try_clone()?)
                .stderr(log)
                .spawn()?,
        );
        wait_for("pcscd to listen", || socket.exists())
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
