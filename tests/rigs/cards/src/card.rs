//! One virtual card: its applications, its power, and its way into the reader's slot.

use std::cell::Cell;
use std::error::Error;
use std::fs;
use std::io::{Read, Write, stdin, stdout};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::str::FromStr;
use std::thread::{self, sleep};
use std::time::Duration;

use des::TdesEde3;
use des::cipher::{BlockEncrypt, KeyInit};
use heapless::VecView;
use iso7816::command::CommandView;
use iso7816::{Instruction, Status};
use opcard::Card as OpenPgp;
use piv_authenticator::Authenticator as Piv;
use trussed::pipe::TrussedChannel;
use trussed::virt::{Client, Runner};
use vpicc::{Connection, VSmartCard};
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::der::Encode;
use x509_cert::der::asn1::{Any, BitString, ObjectIdentifier, SequenceOf, UintRef};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::Validity;

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
    /// `piv-key=p256`, `piv-key=p384` or `piv-key=rsa2048`: a new key in PIV's slot 9D with a certificate, made before the card is put in.
    piv_key: Option<PivKey>,
    /// `certificate=none`: without the certificate; `certificate=alone`: a certificate in the slot 9D without a key.
    certificate: Option<Certificate>,
    /// `management-key=aes256`: PIV's management key is the byte A5, 32 times, and no longer the one cards come with.
    aes_management_key: bool,
    /// `management-key=kept`: the same, and the card keeps it under its PIN, as a YubiKey does; `management-key=lost`:
    /// the card only says so.
    kept: Option<Kept>,
    /// `key=x25519`, `key=p256`, `key=p384`, `key=p521` or `key=rsa2048`: a new OpenPGP decryption key, made before the
    /// card is put in.
    key: Option<Vec<u8>>,
    /// `terminated`: the OpenPGP application was reset and not set up again: it is in its initialisation state.
    terminated: bool,
    /// `answer=20:6984`: the card answers each command of this instruction with these bytes, the last two its status;
    /// may be given for several.
    answers: Vec<(Instruction, Vec<u8>)>,
    /// `mute`: the card powers up, and what it says of itself makes no sense.
    mute: bool,
    /// `pull-at=87`: the card is pulled in the moment it is given this instruction.
    pull_at: Option<Instruction>,
    /// `stop-at=87`: the card says `reached` when it is given this instruction, and never answers it.
    stop_at: Option<Instruction>,
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
            piv_key: None,
            certificate: None,
            aes_management_key: false,
            kept: None,
            key: None,
            terminated: false,
            answers: Vec::new(),
            mute: false,
            pull_at: None,
            stop_at: None,
        };
        for option in options {
            match option.split_once('=') {
                Some(("serial", hex)) => {
                    parsed.serial = u32::from_str_radix(hex, 16)?.to_be_bytes()
                }
                Some(("piv-key", "p256")) => parsed.piv_key = Some(PivKey::P256),
                Some(("piv-key", "p384")) => parsed.piv_key = Some(PivKey::P384),
                Some(("piv-key", "rsa2048")) => parsed.piv_key = Some(PivKey::Rsa2048),
                Some(("certificate", "none")) => parsed.certificate = Some(Certificate::Never),
                Some(("certificate", "alone")) => parsed.certificate = Some(Certificate::Alone),
                Some(("management-key", how)) => {
                    parsed.aes_management_key = true;
                    parsed.kept = match how {
                        "aes256" => None,
                        "kept" => Some(Kept::There),
                        "lost" => Some(Kept::Lost),
                        _ => return Err(format!("no such option: {option}").into()),
                    };
                }
                Some(("key", "x25519")) => {
                    parsed.key = Some(hex("122B060104019755010501")?);
                }
                Some(("key", "p256")) => parsed.key = Some(hex("122A8648CE3D030107")?),
                Some(("key", "p384")) => parsed.key = Some(hex("122B81040022")?),
                Some(("key", "p521")) => parsed.key = Some(hex("122B81040023")?),
                Some(("key", "rsa2048")) => parsed.key = Some(hex("010800002000")?),
                Some(("key", "rsa3072")) => parsed.key = Some(hex("010C00002000")?),
                Some(("key", "rsa4096")) => parsed.key = Some(hex("011000002000")?),
                Some(("answer", answer)) => {
                    let (instruction, bytes) = answer.split_once(':').ok_or("answer=INS:BYTES")?;
                    let instruction = u8::from_str_radix(instruction, 16)?.into();
                    parsed.answers.push((instruction, hex(bytes)?));
                }
                None if *option == "mute" => parsed.mute = true,
                None if *option == "terminated" => parsed.terminated = true,
                Some(("pull-at", hex)) => {
                    parsed.pull_at = Some(u8::from_str_radix(hex, 16)?.into());
                }
                Some(("stop-at", hex)) => {
                    parsed.stop_at = Some(u8::from_str_radix(hex, 16)?.into());
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

/// What no card says of itself: it is longer than anything may be.
const NO_ATR: [u8; 40] = [0x3B; 40];

/// A key in PIV's slot 9D.
#[derive(Clone, Copy)]
enum PivKey {
    P256,
    P384,
    Rsa2048,
}

/// What a card that says that it keeps its management key under its PIN does.
#[derive(Clone, Copy, PartialEq)]
enum Kept {
    There,
    Lost,
}

/// GET DATA for what Yubico's tools note of the management key, and the note that it is kept under the PIN.
const GET_ADMIN_DATA: [u8; 10] = [0, 0xCB, 0x3F, 0xFF, 5, 0x5C, 3, 0x5F, 0xFF, 0x00];
const ADMIN_DATA: [u8; 9] = [0x53, 5, 0x80, 3, 0x81, 1, 2, 0x90, 0];

/// What is unusual about the certificate beside that key.
#[derive(Clone, Copy, PartialEq)]
enum Certificate {
    Never,
    Alone,
}

/// Is the card until it is pulled.
pub fn run(options: &Options) -> Outcome<()> {
    fs::create_dir_all(&options.folder)?;
    thread::spawn(|| {
        // The rig is gone when this ends.
        let _ = stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let (mut said, mut made) = (false, false);
    loop {
        let stream = connect(options.port);
        let mut connection = Connection::from(stream.try_clone()?);
        // It stays in the reader while pcscd is restarted.
        while powered(options, &stream, &mut connection, &mut said, &mut made).is_ok() {}
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
    made: &mut bool,
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
        let card = Card {
            options,
            piv,
            openpgp,
            selected: None,
            pieces: Pieces::default(),
            powered: true,
            up: false,
            named: Cell::new(false),
        };
        runner.run(Platform::new(store)?, Dispatch::default(), || {
            // The applications clean up when they end, while there is still someone to ask.
            let mut card = card;
            if !std::mem::replace(made, true) {
                card.personalise()?;
                if let Some(attributes) = options.key.as_deref() {
                    card.make_key(attributes)?;
                }
                if options.terminated {
                    card.terminate()?;
                }
            }
            while card.powered {
                // Else the kernel waits 40 ms before it acknowledges, and the reader for that before it goes on.
                rustix::net::sockopt::set_tcp_quickack(stream, true)?;
                connection.poll(&mut card)?;
                if card.named.get() && !std::mem::replace(said, true) {
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
    /// pcscd powered it up, and then asked what it is: now it is listed.
    up: bool,
    named: Cell<bool>,
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

impl Card<'_> {
    /// Makes of PIV what is wanted, as a card's issuer would.
    fn personalise(&mut self) -> Outcome<()> {
        let wanted = self.options;
        if wanted.piv_key.is_none() && wanted.certificate.is_none() && !wanted.aes_management_key {
            return Ok(());
        }
        self.become_manager()?;
        if let Some(kind) = wanted.piv_key {
            let public = self.make_piv_key(kind)?;
            if wanted.certificate != Some(Certificate::Never) {
                self.put_certificate(public)?;
            }
        } else if wanted.certificate == Some(Certificate::Alone) {
            let elsewhere = p256::ecdsa::SigningKey::random(&mut rand_core::OsRng);
            let point = elsewhere.verifying_key().to_encoded_point(false);
            self.put_certificate(ec_public_key("1.2.840.10045.3.1.7", point.as_bytes())?)?;
        }
        if wanted.kept == Some(Kept::There) {
            let kept = tlv(0x53, &tlv(0x88, &tlv(0x89, &[0xA5; 32])?)?)?;
            let object = [hex("5C035FC109")?, kept].concat();
            let length = u16::try_from(object.len())?.to_be_bytes();
            self.done(&[&hex("00DB3FFF00")?[..], &length, &object].concat())?;
        }
        if wanted.aes_management_key {
            self.done(&[hex("00FFFFFF230C9B20")?, vec![0xA5; 32]].concat())?;
        }
        Ok(())
    }

    fn become_manager(&mut self) -> Outcome<()> {
        self.done(&hex("00A404000BA000000308000010000100")?)?;
        // The management key of a new card proves itself by encrypting the card's challenge.
        let challenge = self.done(&hex("0087039B047C02810000")?)?;
        let mut block: [u8; 8] = challenge.get(4..12).ok_or("no challenge")?.try_into()?;
        let key = hex("010203040506070801020304050607080102030405060708")?;
        let cipher = TdesEde3::new_from_slice(&key).map_err(|_| "not a key")?;
        cipher.encrypt_block((&mut block).into());
        self.done(&[hex("0087039B0C7C0A8208")?, block.to_vec(), vec![0]].concat())?;
        Ok(())
    }

    /// Makes a key in slot 9D.
    fn make_piv_key(&mut self, kind: PivKey) -> Outcome<SubjectPublicKeyInfoOwned> {
        Ok(match kind {
            PivKey::P256 | PivKey::P384 => {
                let (command, curve) = match kind {
                    PivKey::P384 => ("0047009D05AC0380011400", "1.3.132.0.34"),
                    _ => ("0047009D05AC0380011100", "1.2.840.10045.3.1.7"),
                };
                let answer = self.done(&hex(command)?)?;
                // 7F49 LL, 86 LL, the point.
                ec_public_key(curve, answer.get(5..).ok_or("no point")?)?
            }
            PivKey::Rsa2048 => {
                let answer = self.done(&hex("0047009D05AC0380010700")?)?;
                // 7F49 82 LLLL, 81 82 0100, the modulus, 82 LL, the exponent.
                let modulus = answer.get(9..265).ok_or("no modulus")?;
                rsa_public_key(modulus, answer.get(267..).ok_or("no exponent")?)?
            }
        })
    }

    fn put_certificate(&mut self, public: SubjectPublicKeyInfoOwned) -> Outcome<()> {
        let certificate = certificate(public)?;
        let inner = [tlv(0x70, &certificate)?, hex("710100FE00")?].concat();
        let object = [hex("5C035FC10B")?, tlv(0x53, &inner)?].concat();
        let length = u16::try_from(object.len())?.to_be_bytes();
        self.done(&[&hex("00DB3FFF00")?[..], &length, &object].concat())?;
        Ok(())
    }

    fn done(&mut self, command: &[u8]) -> Outcome<Vec<u8>> {
        let (mut whole, mut answer) = (Vec::new(), self.execute(command));
        loop {
            match answer.as_slice() {
                [last @ .., 0x90, 0] => return Ok([&whole, last].concat()),
                [piece @ .., 0x61, length] => {
                    whole.extend_from_slice(piece);
                    answer = self.execute(&[0, 0xC0, 0, 0, *length]);
                }
                refusal => {
                    return Err(format!("{command:02X?} was answered with {refusal:02X?}").into());
                }
            }
        }
    }

    /// TERMINATE DF, as its owner would to reset it, and no ACTIVATE FILE.
    fn terminate(&mut self) -> Outcome<()> {
        self.done(&hex("00A4040006D27600012401")?)?;
        self.done(&[hex("0020008308")?, b"12345678".to_vec()].concat())?;
        self.done(&hex("00E60000")?)?;
        Ok(())
    }

    /// Makes a decryption key with these algorithm attributes, as its owner would.
    fn make_key(&mut self, attributes: &[u8]) -> Outcome<()> {
        let length = u8::try_from(attributes.len())?;
        for command in [
            hex("00A4040006D27600012401")?,
            // The admin PIN of a new card.
            [hex("0020008308")?, b"12345678".to_vec()].concat(),
            [hex("00DA00C2")?, vec![length], attributes.to_vec()].concat(),
            hex("0047800002B80000")?,
        ] {
            self.done(&command)?;
        }
        Ok(())
    }
}

/// By RFC 5480.
fn ec_public_key(curve: &str, point: &[u8]) -> Outcome<SubjectPublicKeyInfoOwned> {
    Ok(SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned {
            oid: ObjectIdentifier::new("1.2.840.10045.2.1")?,
            parameters: Some(Any::encode_from(&ObjectIdentifier::new(curve)?)?),
        },
        subject_public_key: BitString::from_bytes(point)?,
    })
}

/// By RFC 3279.
fn rsa_public_key(modulus: &[u8], exponent: &[u8]) -> Outcome<SubjectPublicKeyInfoOwned> {
    let mut numbers = SequenceOf::<UintRef<'_>, 2>::new();
    numbers.add(UintRef::new(modulus)?)?;
    numbers.add(UintRef::new(exponent)?)?;
    Ok(SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned {
            oid: ObjectIdentifier::new("1.2.840.113549.1.1.1")?,
            parameters: Some(Any::null()),
        },
        subject_public_key: BitString::from_bytes(&numbers.to_der()?)?,
    })
}

/// A certificate for a key, by an issuer that nobody knows.
fn certificate(key: SubjectPublicKeyInfoOwned) -> Outcome<Vec<u8>> {
    let issuer = p256::ecdsa::SigningKey::random(&mut rand_core::OsRng);
    let builder = CertificateBuilder::new(
        Profile::Root,
        SerialNumber::from(1_u32),
        Validity::from_now(Duration::from_secs(86_400))?,
        Name::from_str("CN=keyreeve-rig")?,
        key,
        &issuer,
    )?;
    Ok(builder.build::<p256::ecdsa::DerSignature>()?.to_der()?)
}

fn tlv(tag: u8, value: &[u8]) -> Outcome<Vec<u8>> {
    let [high, low] = u16::try_from(value.len())?.to_be_bytes();
    Ok([&[tag, 0x82, high, low], value].concat())
}

fn hex(digits: &str) -> Outcome<Vec<u8>> {
    let pairs = (0..digits.len()).step_by(2);
    Ok(pairs.map(|at| u8::from_str_radix(&digits[at..at + 2], 16)).collect::<Result<_, _>>()?)
}

impl VSmartCard for Card<'_> {
    fn atr(&self) -> &[u8] {
        self.named.set(self.up);
        if self.options.mute { &NO_ATR } else { vpicc::DEFAULT_ATR }
    }

    fn power_on(&mut self) {
        self.up = true;
    }

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
        if let (Some(last), Ok(command)) = (self.options.stop_at, CommandView::try_from(bytes))
            && command.instruction() == last
        {
            _ = writeln!(stdout(), "reached");
            loop {
                thread::park();
            }
        }
        if let Ok(command) = CommandView::try_from(bytes)
            && let Some((_, answer)) =
                self.options.answers.iter().find(|(asked, _)| *asked == command.instruction())
        {
            return answer.clone();
        }
        if self.options.kept.is_some() && bytes.starts_with(&GET_ADMIN_DATA) {
            return ADMIN_DATA.to_vec();
        }
        match self.pieces.take(bytes) {
            Step::Answer(answer) => answer,
            Step::Ask(command) => self.ask(command.as_view()),
        }
    }
}
