//! What was found in files, before anything is stored.

use std::path::Path;

use jiff::Timestamp;
use keyreeve_crypto::{
    AdoptedPublicKey, Algorithm, ForeignAlgorithm, PublicAlgorithm, Purpose, SecretBytes,
    SecretString, identify, known_fingerprints, public_fingerprints,
};
use keyreeve_domain::KeyName;
use keyreeve_domain::ports::{Progress, StoreError};
use keyreeve_formats::{Form, Found, Item, MAX_ITEMS, ReadError, Refusal, read};

use super::{certificate, gather, ssh_certificate};
use crate::api::{ExamineRequest, ExamineResponse, FoundKind, FoundOutcome, FoundView};
use crate::error::Error;
use crate::known_keys;

/// What a key is called that has no name anywhere.
const NAMELESS: &str = "imported key";
/// What standard input is called where a file's name would stand.
const STDIN: &str = "-";

/// What was found in files. Dropping it wipes the keys.
#[derive(Debug)]
pub struct Examined {
    pub(super) entries: Vec<Entry>,
    skipped: u32,
    /// When it was looked at, which tells what has expired.
    now: Timestamp,
    /// The number of the next entry.
    next: u32,
}

/// Something that was found, where it was, and what the vault says of it.
#[derive(Debug)]
pub(super) struct Entry {
    /// By which a choice names it; it never changes.
    pub(super) number: u32,
    pub(super) file: String,
    pub(super) name: String,
    pub(super) item: Item,
    pub(super) verdict: Option<Verdict>,
}

/// What the vault says of something found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing like it is there.
    New,
    /// It is there, in words.
    Duplicate(String),
}

impl Examined {
    /// Looks into files and folders, or into what was pasted. A named file that holds nothing
    /// recognised is an item that says so; one that is only in a named folder is counted.
    ///
    /// # Errors
    /// When nothing is named, there are too many files or items, or the caller cancels.
    pub fn open(
        request: &ExamineRequest,
        now: Timestamp,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        if request.paths.is_empty() && request.text.is_none() && request.input.is_none() {
            return Err(Error::invalid("name a file or a folder"));
        }
        let mut examined = Self { entries: Vec::new(), skipped: 0, now, next: 0 };
        if let Some(text) = &request.text {
            // EXPOSE: what was pasted is read like a file.
            let bytes = SecretBytes::new(text.expose().as_bytes().to_vec());
            examined.add("", true, Ok(bytes))?;
        }
        if let Some(input) = &request.input {
            examined.add_read(STDIN, true, read(input))?;
        }
        let sources = gather::sources(&request.paths)?;
        let total = sources.len() as u64;
        for (done, source) in (1..).zip(&sources) {
            cancelled(progress)?;
            let file = source.path.to_string_lossy();
            examined.add(&file, source.named, gather::contents(&source.path))?;
            progress.report(done, total);
        }
        Ok(examined)
    }

    fn add(
        &mut self,
        file: &str,
        named: bool,
        contents: Result<SecretBytes, String>,
    ) -> Result<(), Error> {
        match contents {
            Ok(contents) => self.add_read(file, named, read(&contents)),
            Err(why) if named => self.add_items(file, vec![unread(why)]),
            Err(_) => {
                self.skipped += 1;
                Ok(())
            }
        }
    }

    fn add_read(
        &mut self,
        file: &str,
        named: bool,
        items: Result<Vec<Item>, ReadError>,
    ) -> Result<(), Error> {
        let items = match items {
            Ok(items) => items,
            Err(ReadError::NothingFound | ReadError::Empty | ReadError::TooLarge) if !named => {
                self.skipped += 1;
                return Ok(());
            }
            Err(why) => vec![unread(why.to_string())],
        };
        self.add_items(file, items)
    }

    fn add_items(&mut self, file: &str, items: Vec<Item>) -> Result<(), Error> {
        self.bound(items.len())?;
        let alone = items.len() == 1;
        let entries = self.entries_of(file, items, alone);
        self.entries.extend(entries);
        Ok(())
    }

    /// The files that hold something still encrypted, each once.
    #[must_use]
    pub fn locked_files(&self) -> Vec<String> {
        let locked = self.entries.iter().filter(|entry| entry.wants_password());
        let mut files: Vec<_> = locked.map(|entry| entry.file.clone()).collect();
        files.dedup();
        files
    }

    /// Tries a password on everything that is still encrypted; answers how much it opened.
    ///
    /// # Errors
    /// When the caller cancels; what was opened until then stays open.
    pub fn unlock(
        &mut self,
        password: &SecretString,
        progress: &dyn Progress,
    ) -> Result<u32, Error> {
        let total = self.entries.iter().filter(|entry| entry.wants_password()).count() as u64;
        let (mut opened, mut done) = (0, 0);
        let mut at = 0;
        while let Some(entry) = self.entries.get(at) {
            if !entry.wants_password() {
                at += 1;
                continue;
            }
            cancelled(progress)?;
            let inside = entry.item.open(password);
            at += match inside {
                Some(items) => {
                    opened += 1;
                    self.replace(at, items)?
                }
                None => 1,
            };
            done += 1;
            progress.report(done, total);
        }
        Ok(opened)
    }

    /// Puts what was inside an encrypted item in its place; answers how much that is.
    fn replace(&mut self, at: usize, items: Vec<Item>) -> Result<usize, Error> {
        self.bound(items.len())?;
        let file = self.entries.remove(at).file;
        let alone = items.len() == 1 && self.entries.iter().all(|other| other.file != file);
        let entries = self.entries_of(&file, items, alone);
        let len = entries.len();
        self.entries.splice(at..at, entries);
        Ok(len)
    }

    /// `alone` says that nothing else is in the file.
    fn entries_of(&mut self, file: &str, items: Vec<Item>, alone: bool) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(items.len());
        for (which, item) in (1..).zip(items) {
            let place = if file == STDIN { "" } else { file };
            let name = name_of(place, &item, (!alone).then_some(which));
            let (number, file) = (self.next, file.to_owned());
            entries.push(Entry { number, file, name, item, verdict: None });
            self.next += 1;
        }
        entries
    }

    fn bound(&self, more: usize) -> Result<(), Error> {
        if self.entries.len() + more > MAX_ITEMS {
            return Err(Error::invalid(format!("at most {MAX_ITEMS} items are looked at at once")));
        }
        Ok(())
    }

    /// What was found.
    #[must_use]
    pub fn view(&self) -> ExamineResponse {
        ExamineResponse {
            items: self.entries.iter().map(|entry| self.view_of(entry)).collect(),
            skipped: self.skipped,
        }
    }
}

impl Examined {
    fn view_of(&self, entry: &Entry) -> FoundView {
        let mut view = entry.view(self.now);
        if let (Found::Certificate(found), Some(said)) = (&entry.item.found, &mut view.certificate)
        {
            let issuers = self.entries.iter().filter_map(|other| match &other.item.found {
                Found::Certificate(other_found) => Some((other.number, other_found.as_ref())),
                _ => None,
            });
            said.issued_by = certificate::issuer_of(found, issuers);
        }
        view
    }
}

impl Entry {
    /// Whether a password would tell more; one that the vault has already needs none.
    fn wants_password(&self) -> bool {
        self.item.is_locked() && !matches!(self.verdict, Some(Verdict::Duplicate(_)))
    }

    /// The algorithm; of a symmetric key the likeliest.
    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        match &self.item.found {
            Found::Pair(key) => Some(key.algorithm),
            Found::Symmetric(key) => key.algorithms.first().copied(),
            Found::Public(key) => Some(key.algorithm),
            Found::Certificate(found) => found.public_key.as_ref().ok().map(|key| key.algorithm),
            Found::SshCertificate(found) => found.public_key.as_ref().ok().map(|key| key.algorithm),
            Found::Locked(locked) => locked.public.as_ref().map(|key| key.algorithm),
            _ => None,
        }
    }

    /// The purpose that such a key mostly has.
    pub(super) fn purpose(&self, algorithm: Algorithm) -> Purpose {
        let likely = match self.item.form {
            Form::OpenSsh | Form::OpenSshPublic => Some(Purpose::Authenticate),
            Form::Age => Some(Purpose::Encrypt),
            Form::WireGuard => Some(Purpose::Agree),
            Form::OpenPgp => self.item.openpgp.as_ref().and_then(|said| said.purpose),
            _ => None,
        };
        let usual = algorithm.purposes().first().copied().unwrap_or(Purpose::Derive);
        likely.filter(|purpose| algorithm.serves(*purpose)).unwrap_or(usual)
    }

    /// The public half, where there is one and it is known.
    pub(super) fn public(&self) -> Option<(Algorithm, &[u8])> {
        let known = |key: &'_ AdoptedPublicKey| key.algorithm;
        match &self.item.found {
            Found::Pair(key) => Some((key.algorithm, key.identity.public_key.as_deref()?)),
            Found::Public(key) => Some((known(key), &key.spki)),
            Found::Locked(locked) => {
                locked.public.as_ref().map(|key| (known(key), key.spki.as_slice()))
            }
            _ => None,
        }
    }

    /// The SubjectPublicKeyInfo of a public key that comes in alone, with its algorithm.
    pub(super) fn alone(&self) -> Option<(PublicAlgorithm, &[u8])> {
        match &self.item.found {
            Found::Public(key) => Some((key.algorithm.into(), &key.spki)),
            Found::Foreign(key) => Some((PublicAlgorithm::Foreign(key.algorithm), &key.spki)),
            _ => None,
        }
    }

    fn outcome(&self, now: Timestamp) -> (FoundOutcome, Option<String>) {
        use FoundOutcome as O;
        if let Some(Verdict::Duplicate(twin)) = &self.verdict {
            return (O::Duplicate, Some(twin.clone()));
        }
        match &self.item.found {
            Found::Locked(_) => (O::Problem, Some("encrypted: give its password".into())),
            Found::Refused(refusal) if refusal.is_unsupported() => {
                (O::Unsupported, Some(refusal.to_string()))
            }
            Found::Refused(refusal) => (O::Problem, Some(refusal.to_string())),
            Found::Certificate(found) => certificate::outcome(found, now, self.verdict.is_some()),
            Found::RevocationList(_) if self.verdict.is_some() => (
                O::Unsupported,
                Some("a revocation list is followed where certificates are imported".into()),
            ),
            Found::SshCertificate(found) => {
                ssh_certificate::outcome(found, now, self.verdict.is_some())
            }
            _ if self.verdict.is_none() => (O::Sound, None),
            _ => (O::New, None),
        }
    }

    fn view(&self, now: Timestamp) -> FoundView {
        let algorithm = self.algorithm();
        let (outcome, problem) = self.outcome(now);
        let fingerprints = match &self.item.found {
            Found::Certificate(found) => Some(certificate::fingerprints(found)),
            Found::SshCertificate(found) => found
                .public_key
                .as_ref()
                .ok()
                .and_then(|key| public_fingerprints(key.algorithm, &key.spki).ok()),
            Found::Foreign(_) => {
                self.alone().and_then(|(algorithm, spki)| known_fingerprints(algorithm, spki).ok())
            }
            _ => self
                .public()
                .and_then(|(algorithm, spki)| public_fingerprints(algorithm, spki).ok()),
        };
        let foreign = match &self.item.found {
            Found::Foreign(key) => Some(key.algorithm),
            _ => None,
        };
        let weakness = foreign.and_then(ForeignAlgorithm::weakness);
        let openpgp = self.item.openpgp.as_ref();
        let openpgp = openpgp.map(|said| ("openpgp".to_owned(), said.fingerprint.clone()));
        let (kind, algorithms, kcv) = match &self.item.found {
            Found::Pair(_) => (FoundKind::Private, Vec::new(), None),
            Found::Symmetric(key) => {
                let identity = algorithm.and_then(|first| identify(first, &key.material).ok());
                let mut algorithms = key.algorithms.clone();
                algorithms.extend(key.pair.as_ref().map(|pair| pair.algorithm));
                (FoundKind::Symmetric, algorithms, identity.and_then(|id| id.kcv))
            }
            Found::Public(_) | Found::Foreign(_) => (FoundKind::Public, Vec::new(), None),
            Found::Certificate(found) if found.issued.is_some() => {
                (FoundKind::Certificate, Vec::new(), None)
            }
            Found::Certificate(_) => (FoundKind::CertificateRequest, Vec::new(), None),
            Found::RevocationList(_) => (FoundKind::RevocationList, Vec::new(), None),
            Found::SshCertificate(_) => (FoundKind::SshCertificate, Vec::new(), None),
            Found::Locked(_) => (FoundKind::Locked, Vec::new(), None),
            _ => (FoundKind::Other, Vec::new(), None),
        };
        FoundView {
            number: self.number,
            file: self.file.clone(),
            name: self.name.clone(),
            form: self.item.form.name().into(),
            form_title: self.item.form.title().into(),
            kind,
            outcome,
            problem,
            algorithm,
            foreign: foreign.map(known_keys::foreign),
            algorithms,
            purpose: algorithm.map(|algorithm| self.purpose(algorithm)),
            strength_bits: algorithm
                .map(Algorithm::strength_bits)
                .or(foreign.map(ForeignAlgorithm::strength_bits)),
            comment: self.item.comment.clone(),
            fingerprints: fingerprints.unwrap_or_default().into_iter().chain(openpgp).collect(),
            kcv,
            warnings: self.item.warnings.iter().cloned().chain(weakness).collect(),
            certificate: match &self.item.found {
                Found::Certificate(found) => Some(certificate::view(found, now)),
                _ => None,
            },
            revocation_list: match &self.item.found {
                Found::RevocationList(list) => Some(certificate::list_view(list)),
                _ => None,
            },
            ssh_certificate: match &self.item.found {
                Found::SshCertificate(found) => Some(ssh_certificate::view(found)),
                _ => None,
            },
        }
    }
}

pub(super) fn cancelled(progress: &dyn Progress) -> Result<(), Error> {
    if progress.cancelled() { Err(StoreError::Cancelled.into()) } else { Ok(()) }
}

/// A file that tells nothing else.
fn unread(why: String) -> Item {
    Item {
        form: Form::Unknown,
        comment: None,
        warnings: Vec::new(),
        found: Found::Refused(Refusal::Damaged(why)),
        openpgp: None,
    }
}

/// A name for the key: its file's for one that is alone in it, else what the file calls it.
fn name_of(file: &str, item: &Item, number: Option<u32>) -> String {
    let stem = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let stem = stem.filter(|stem| !stem.is_empty());
    let proposed = match (number, &item.comment, stem) {
        (None, _, Some(stem)) => stem,
        (_, Some(comment), _) => comment.clone(),
        (Some(number), None, Some(stem)) => format!("{stem} {number}"),
        (Some(number), None, None) => format!("{NAMELESS} {number}"),
        (None, None, None) => NAMELESS.into(),
    };
    parsable(&proposed)
}

/// The proposed name without what a name must not have.
fn parsable(proposed: &str) -> String {
    const MAX: usize = 180;
    let cut: String = proposed.chars().filter(|c| !c.is_control()).take(MAX).collect();
    match KeyName::parse(&cut) {
        Ok(name) => name.to_string(),
        Err(_deceiving) => {
            let plain: String = cut.chars().filter(char::is_ascii_graphic).collect();
            KeyName::parse(&plain).map_or_else(|_| NAMELESS.into(), |name| name.to_string())
        }
    }
}
