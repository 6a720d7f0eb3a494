//! Java's own keystores, JKS and JCEKS: keys with their chains, trusted certificates and secret keys.
//!
//! One password is over the whole store, as a digest, and each key has one of its own, which mostly is the
//! same. What the store's password opens is as Java wrote it. A key's password alone is believed where
//! the key proves itself: by the digest that JKS keeps beside it, or as the half of its certificate's key.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use keyreeve_crypto::{AdoptedPublicKey, SecretString};

use super::certificate;
use super::encrypted_pkcs8::EncryptedPkcs8;
use super::form::Form;
use super::item::{Found, Item, Locked, LockedKind, Refusal};
use super::java_object::{self, Sealed};
use super::java_pbe::JavaPbe;
use super::java_record::{Content, Entry, Record, Stored};
use super::pbe::{MAX_ROUNDS, MAX_TOTAL_ROUNDS, Pbe};

pub(super) use super::java_record::is_one;
use crate::text;

const UNVERIFIED: &str = "The keystore's checksum could not be checked with this password: the keystore has \
                          another one than the key, or the file was changed.";

/// A keystore whose costs were looked at.
pub(super) struct JavaKeystore(Arc<[u8]>);

/// A key of an opened keystore, under a password of its own.
pub(super) struct LockedJavaKey {
    alias: String,
    protected: Protected,
    /// The public half, as its certificate has it.
    spki: Option<Vec<u8>>,
    /// The store, as long as nothing has shown that it is as Java wrote it.
    unverified: Option<Arc<[u8]>>,
}

enum Protected {
    Private(EncryptedPkcs8),
    Secret { encryption: Pbe, ciphertext: Vec<u8> },
}

impl fmt::Debug for JavaKeystore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JavaKeystore(..)")
    }
}

impl fmt::Debug for LockedJavaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LockedJavaKey(..)")
    }
}

/// Reads the file; one with an empty password is open at once.
pub(super) fn read(file: &[u8]) -> Vec<Item> {
    let refused = |refusal| vec![Item::refused(Form::JavaKeystore, refusal)];
    let record = match Record::parse(file) {
        Ok(record) => record,
        Err(refusal) => return refused(refusal),
    };
    if record.entries.is_empty() {
        return refused(Refusal::Damaged("the keystore is empty".into()));
    }
    let keys = record.entries.iter().filter_map(|entry| protected(&entry.content)?.ok());
    // Java writes 200,000 for each.
    let rounds: u64 = keys.map(|key: Protected| key.encryption().rounds()).sum();
    if rounds > MAX_TOTAL_ROUNDS {
        return refused(Refusal::TooCostly(format!("{rounds} rounds of a hash")));
    }
    let store = JavaKeystore(file.into());
    let nothing = SecretString::new(String::new());
    // What takes longer than one key may is not done before someone asks for it.
    if rounds <= u64::from(MAX_ROUNDS) && record.verifies(&nothing) {
        return store.items(&record, &nothing, true).0;
    }
    let locked = Locked { kind: LockedKind::JavaKeystore(store), public: None };
    vec![Item::new(Form::JavaKeystore, Found::Locked(locked))]
}

impl JavaKeystore {
    /// What is inside; `None` when the password is neither the store's nor that of a key which proves it.
    pub(super) fn open(&self, password: &SecretString) -> Option<Vec<Item>> {
        let record = Record::parse(&self.0).ok()?;
        let verified = record.verifies(password);
        let (items, opened) = self.items(&record, password, verified);
        (verified || opened).then_some(items)
    }

    /// The items in their order, and whether one of the keys opened. A certificate that stands in several
    /// chains comes once.
    fn items(
        &self,
        record: &Record<'_>,
        password: &SecretString,
        verified: bool,
    ) -> (Vec<Item>, bool) {
        let (mut items, mut opened) = (Vec::new(), false);
        let mut seen = HashSet::new();
        for entry in &record.entries {
            match self.key(entry, verified) {
                Some(Ok(key)) => match key.open_in(password, || verified) {
                    Some(item) => {
                        opened = true;
                        items.push(item);
                    }
                    None => items.push(key.into_item(&entry.content)),
                },
                Some(Err(refusal)) => items
                    .push(Item::refused(Form::JavaKeystore, refusal).with_comment(&entry.alias)),
                None => {}
            }
            for (stored, alias) in certificates(entry) {
                if stored.as_ref().is_ok_and(|der| !seen.insert(*der)) {
                    continue;
                }
                let item = certificate_of(stored).with_comment(alias);
                items.push(item.with_warning((!verified).then_some(UNVERIFIED)));
            }
        }
        (items, opened)
    }

    fn key(&self, entry: &Entry<'_>, verified: bool) -> Option<Result<LockedJavaKey, Refusal>> {
        let key = |protected| LockedJavaKey {
            alias: entry.alias.clone(),
            protected,
            spki: own_key(&entry.content).map(|(spki, _)| spki),
            unverified: (!verified).then(|| Arc::clone(&self.0)),
        };
        protected(&entry.content).map(|protected| protected.map(key))
    }
}

impl LockedJavaKey {
    /// The key; `None` when the password is wrong, or nothing proves that it is the key that was kept.
    pub(super) fn open(&self, password: &SecretString) -> Option<Item> {
        self.open_in(password, || {
            let Some(file) = &self.unverified else { return true };
            Record::parse(file).is_ok_and(|record| record.verifies(password))
        })
    }

    fn open_in(&self, password: &SecretString, verified: impl FnOnce() -> bool) -> Option<Item> {
        let item = match &self.protected {
            Protected::Private(key) => Item::new(Form::JavaKeystore, key.open(password)?),
            Protected::Secret { encryption, ciphertext } => {
                java_object::key(&encryption.decrypt(password, ciphertext)?)?
            }
        };
        let unverified = (!verified()).then_some(UNVERIFIED);
        if unverified.is_some() && !self.proves(&item) {
            return None;
        }
        let item =
            item.with_comment(&self.alias).with_warning(self.protected.encryption().warning());
        Some(item.with_warning(unverified))
    }

    /// Whether the key is shown to be the right one without the store's digest.
    fn proves(&self, item: &Item) -> bool {
        let Protected::Private(key) = &self.protected else { return false };
        let digested = matches!(key.encryption, Pbe::Java(JavaPbe::Digest));
        let Found::Pair(pair) = &item.found else { return digested };
        digested || self.spki.is_some() && self.spki == pair.identity.public_key
    }

    fn into_item(self, content: &Content<'_>) -> Item {
        let alias = self.alias.clone();
        let public = own_key(content).and_then(|(_, public)| public);
        let locked = Locked { kind: LockedKind::JavaKey(self), public };
        Item::new(Form::JavaKeystore, Found::Locked(locked)).with_comment(&alias)
    }
}

impl Protected {
    fn encryption(&self) -> &Pbe {
        match self {
            Self::Private(key) => &key.encryption,
            Self::Secret { encryption, .. } => encryption,
        }
    }
}

/// The key of an entry, if it has one, or why it is not to be opened.
fn protected(content: &Content<'_>) -> Option<Result<Protected, Refusal>> {
    Some(match content {
        Content::Private { protected, .. } => match EncryptedPkcs8::parse(protected) {
            Ok(key) if !matches!(key.encryption, Pbe::Java(_)) => {
                let what = "Keys in a Java keystore that are encrypted in another way than Java's";
                Err(Refusal::Unread(what.into()))
            }
            key => key.map(Protected::Private),
        },
        Content::Secret(Sealed { parameters, ciphertext }) => {
            JavaPbe::triple_des(parameters).map(|java| Protected::Secret {
                encryption: Pbe::Java(java),
                ciphertext: ciphertext.to_vec(),
            })
        }
        Content::Trusted(_) => return None,
    })
}

/// The certificates of an entry, and what they are called.
fn certificates<'e, 'a>(entry: &'e Entry<'a>) -> Vec<(&'e Stored<'a>, &'e str)> {
    match &entry.content {
        Content::Private { chain, .. } => {
            let names = std::iter::once(entry.alias.as_str()).chain(std::iter::repeat(""));
            chain.iter().zip(names).collect()
        }
        Content::Trusted(stored) => vec![(stored, &entry.alias)],
        Content::Secret(_) => Vec::new(),
    }
}

fn certificate_of(stored: &Stored<'_>) -> Item {
    match stored {
        Ok(der) => certificate::read(der),
        Err(kind) => {
            let what = format!("Certificates of the kind {}", text::one_line(kind));
            Item::refused(Form::Certificate, Refusal::Unread(what))
        }
    }
}

/// The public half of a key as its own certificate has it, and as the vault keeps it.
fn own_key(content: &Content<'_>) -> Option<(Vec<u8>, Option<AdoptedPublicKey>)> {
    let Content::Private { chain, .. } = content else { return None };
    let Found::Certificate(own) = certificate::read(chain.first()?.as_ref().ok()?).found else {
        return None;
    };
    Some((own.spki, own.public_key.ok()))
}
