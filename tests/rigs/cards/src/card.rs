//! One virtual card: its applications, its power, and its way into the reader's slot.

use std::error::Error;
use std::fs;
use std::io::{Read, Write, stdin, stdout};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::thread::{self, sleep};
use std::time::Duration;

use heapless::VecView;
use iso7816::command::CommandView;
use iso7816::{Instruction, Status};
use opcard::Card as OpenPgp;
use piv_authenticator::Authenticator as Piv;
use trussed::pipe::TrussedChannel;
use trussed::virt::{Client, Runner};
use vpicc::{Connection, VSmartCard};

use crate::apdu::{LONGEST, Pieces, Step, status};
use crate::platform::{Platform, storage};
use crate::trussed_client::{BACKENDS, Dispatch};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What a card is to be.
pub struct Options {
    piv: bool,
    openpgp: bool,
    port: u16,
    folder: PathBuf,
    /// `serial=0A0B0C0D`: the OpenPGP application's serial, and the beginning of PIV's card identifier.
    serial: [u8; 4],
    /// `pull-at=87`: the card is pulled in the moment it is given this instruction.
    pull_at: Option<Instruction>,
}

impl Options {
    /// Reads `APPS PORT FOLDER [OPTION…]`.
    pub fn parse(words: &[&str]) -> Outcome<Self> {
        let [applications, port, folder, options @ ..] = words else {
            return Err("usage: card APPS PORT FOLDER [OPTION…]".into());
        };
        let applications: Vec<_> = applications.split(',').collect();
        let mut parsed = Self {
            piv: applications.contains(&"piv"),
            openpgp: applications.contains(&"openpgp"),
            port: port.parse()?,
            folder: folder.into(),
            serial: [0, 0, 0, 1],
            pull_at: None,
        };
        for option in options {
            match option.split_once('=') {
                Some(("serial", hex)) => {
                    parsed.serial = u32::from_str_radix(hex, 16)?.to_be_bytes()
                }
                Some(("pull-at", hex)) => {
                    parsed.pull_at = Some(u8::from_str_radix(hex, 16)?.into());
                }
                _ => return Err(format!("no such option: {option}").into()),
            }
        }
        Ok(parsed)
    }

    fn uuid(&self) -> [u8; 16] {
        let mut uuid = *b"....keyreeve-rig";
        uuid[..4].copy_from_slice(&self.serial);
        uuid
    }
}

/// Is the card until it is pulled.
pub fn run(options: &Options) -> Outcome<()> {
    fs::create_dir_all(&options.folder)?;
    thread::spawn(|| {
        // The rig is gone when this ends.
        let _ = stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let mut said = false;
    loop {
        let stream = connect(options.port);
        let mut connection = Connection::from(stream.try_clone()?);
        // It stays in the reader while pcscd is restarted.
        while powered(options, &stream, &mut connection, &mut said).is_ok() {}
    }
}

/// pcscd's reader takes a moment to see that the slot's last card is gone; or pcscd is.
fn connect(port: u16) -> TcpStream {
    loop {
        match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
            Ok(stream) => return stream,
            Err(_) => sleep(Duration::from_millis(5)),
        }
    }
}

/// One stretch of power. The applications start afresh in each: a PIN that was verified is so no more.
fn powered(
    options: &Options,
    stream: &TcpStream,
    connection: &mut Connection,
    said: &mut bool,
) -> Outcome<()> {
    let mut storage = storage(&options.folder);
    storage.with_store(|store| {
        let channels = [TrussedChannel::new(), TrussedChannel::new()];
        let mut runner = Runner::new();
        let mut client = |channel: usize, name| {
            let (requester, responder) = channels[channel].split().ok_or("a channel was split")?;
            runner.add_endpoint(responder, name, BACKENDS);
            Ok::<_, Box<dyn Error>>(Client::<Dispatch>::new(requester, runner.syscall(), None))
        };
        let piv = Piv::new(
            client(0, "piv")?,
            piv_authenticator::Options::new().uuid(Some(options.uuid())),
        );
        let mut openpgp_options = opcard::Options::default();
        openpgp_options.serial = options.serial;
        openpgp_options.button_available = true;
        let openpgp = OpenPgp::new(client(1, "opcard")?, openpgp_options);
        let mut card = Card {
            options,
            piv,
            openpgp,
            selected: None,
            pieces: Pieces::default(),
            powered: true,
        };
        runner.run(Platform::new(store)?, Dispatch::default(), || {
            while card.powered {
                // Else the kernel waits 40 ms before it acknowledges, and the reader for that before it goes on.
                rustix::net::sockopt::set_tcp_quickack(stream, true)?;
                connection.poll(&mut card)?;
                if !std::mem::replace(said, true) {
                    writeln!(stdout(), "ready")?;
                }
            }
            Ok(())
        })
    })
}

#[derive(Clone, Copy)]
enum Application {
    Piv,
    OpenPgp,
}

struct Card<'a> {
    options: &'a Options,
    piv: Piv<Client<'a, Dispatch>>,
    openpgp: OpenPgp<Client<'a, Dispatch>>,
    selected: Option<Application>,
    pieces: Pieces,
    powered: bool,
}

impl Card<'_> {
    fn ask(&mut self, command: CommandView<'_>) -> Vec<u8> {
        let before = self.selected;
        if command.instruction() == Instruction::Select && command.p1 == 4 {
            use iso7816::App;
            self.selected = if self.options.piv && self.piv.aid().matches(command.data()) {
                Some(Application::Piv)
            } else if self.options.openpgp && self.openpgp.aid().matches(command.data()) {
                Some(Application::OpenPgp)
            } else {
                return status(Status::NotFound);
            };
        }
        let mut answer = heapless::Vec::<u8, LONGEST>::new();
        let view: &mut VecView<u8> = &mut answer;
        let outcome = match self.selected {
            Some(Application::Piv) => self.piv.respond(command, view),
            Some(Application::OpenPgp) => self.openpgp.handle(command, view),
            None => Err(Status::NotFound),
        };
        match outcome {
            Ok(()) => self.pieces.answer(command.expected(), command.extended, &answer),
            Err(refusal) => {
                if command.instruction() == Instruction::Select {
                    self.selected = before;
                }
                status(refusal)
            }
        }
    }
}

impl VSmartCard for Card<'_> {
    fn power_off(&mut self) {
        self.powered = false;
    }

    fn reset(&mut self) {
        self.powered = false;
    }

    fn execute(&mut self, bytes: &[u8]) -> Vec<u8> {
        if let (Some(last), Ok(command)) = (self.options.pull_at, CommandView::try_from(bytes))
            && command.instruction() == last
        {
            std::process::exit(0);
        }
        match self.pieces.take(bytes) {
            Step::Answer(answer) => answer,
            Step::Ask(command) => self.ask(command.as_view()),
        }
    }
}
