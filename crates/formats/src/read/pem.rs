//! PEM: any mix of blocks in one file, with text around them.

use keyreeve_crypto::{ForeignKey, recognise_public, recognise_public_rsa};
use pkcs8::der::Decode as _;
use zeroize::Zeroizing;

use super::encrypted_pkcs8;
use super::form::Form;
use super::item::{Item, Refusal};
use super::traditional::{self, Body};
use super::{
    MAX_ITEMS, ReadError, age_file, certificate, openpgp, openssh, revocation_list, unread,
};

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
/// How OpenSSL names an entry in the text before it.
const FRIENDLY_NAME: &str = "friendlyName:";

/// A block: its label, the RFC 1421 headers, and the lines of base64.
pub(super) struct Block<'a> {
    label: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    lines: Vec<&'a str>,
    name: Option<&'a str>,
}

pub(super) fn has_block(text: &str) -> bool {
    text.lines().any(|line| label(line).is_some())
}

pub(super) fn read(text: &str) -> Result<Vec<Item>, ReadError> {
    let mut items = Vec::new();
    let mut lines = text.lines();
    let mut name = None;
    while let Some(line) = lines.next() {
        if let Some((_, said)) = line.split_once(FRIENDLY_NAME) {
            name = Some(said.trim());
        }
        let Some(label) = label(line) else { continue };
        if items.len() > MAX_ITEMS {
            return Err(ReadError::TooMany);
        }
        // What one block was called says nothing of the next.
        let name = name.take();
        items.extend(match block(label, name, &mut lines) {
            Some(block) => read_block(&block),
            None => vec![damaged(&format!("the block “{label}” has no end"))],
        });
    }
    Ok(items)
}

/// The blocks of OpenPGP's armour by their labels, decoded where they are whole; and whether there are others too.
pub(super) type Armoured<'a> = (Vec<(&'a str, Option<Zeroizing<Vec<u8>>>)>, bool);

pub(super) fn armoured(text: &str) -> Armoured<'_> {
    let (mut found, mut others) = (Vec::new(), false);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(label) = label(line) else { continue };
        let block = block(label, None, &mut lines);
        if label.starts_with("PGP ") {
            found.push((label, block.and_then(|block| block.decode_armour())));
        } else {
            others = true;
        }
    }
    (found, others)
}

/// The label of a line that begins a block.
fn label(line: &str) -> Option<&str> {
    line.trim().strip_prefix(BEGIN)?.strip_suffix(DASHES)
}

/// Reads on to the block's end; `None` when there is none.
fn block<'a>(
    label: &'a str,
    name: Option<&'a str>,
    lines: &mut std::str::Lines<'a>,
) -> Option<Block<'a>> {
    let mut block = Block { label, headers: Vec::new(), lines: Vec::new(), name };
    for line in lines {
        let line = line.trim();
        if line.strip_prefix("-----END ").and_then(|line| line.strip_suffix(DASHES)) == Some(label)
        {
            return Some(block);
        }
        match line.split_once(':') {
            Some((name, value)) => block.headers.push((name.trim(), value.trim())),
            None if line.is_empty() => {}
            None => block.lines.push(line),
        }
    }
    None
}

/// What is in a block: one thing, several, or nothing of interest.
fn read_block(block: &Block<'_>) -> Vec<Item> {
    let body = || block.decode();
    let item = match block.label {
        "EC PARAMETERS" | "DH PARAMETERS" | "X9.42 DH PARAMETERS" | "DSA PARAMETERS" => {
            return Vec::new();
        }
        "PRIVATE KEY" => private(Form::Pkcs8, body(), |der| ForeignKey::Pkcs8(der)),
        "ENCRYPTED PRIVATE KEY" => body().map(|der| encrypted_pkcs8::read(&der)),
        "RSA PRIVATE KEY" => plain_or_locked(block, Form::Pkcs1, Body::Pkcs1),
        "EC PRIVATE KEY" => plain_or_locked(block, Form::Sec1, Body::Sec1),
        "DSA PRIVATE KEY" => Some(Item::refused(Form::OtherPem, traditional::dsa())),
        "OPENSSH PRIVATE KEY" => body().map(|bytes| openssh::read_private(&bytes)),
        "PUBLIC KEY" => body().map(|der| Item::of_recognised(Form::Spki, recognise_public(&der))),
        "RSA PUBLIC KEY" => body().map(|der| rsa_public(&der)),
        "CERTIFICATE" | "X509 CERTIFICATE" => body().map(|der| certificate::read(&der)),
        "TRUSTED CERTIFICATE" => Some(unread::of(Form::Certificate)),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            body().map(|der| certificate::read_request(&der))
        }
        "X509 CRL" => body().map(|der| revocation_list::read(&der)),
        "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => {
            return match body() {
                Some(der) => certificate::read_pkcs7(&der),
                None => vec![damaged_block(block)],
            };
        }
        "AGE ENCRYPTED FILE" => body().map(|bytes| age_file::read(&bytes)),
        "PGP PRIVATE KEY BLOCK" | "PGP PUBLIC KEY BLOCK" => {
            return match block.decode_armour() {
                Some(packets) => openpgp::read(&packets),
                None => vec![openpgp::damaged()],
            };
        }
        label if label.starts_with("PGP ") => Some(unread::of(Form::OpenPgp)),
        label => {
            let label: String = label.chars().take(60).collect();
            Some(Item::refused(Form::OtherPem, Refusal::Unread(format!("PEM blocks “{label}”"))))
        }
    };
    let item = item.unwrap_or_else(|| damaged_block(block));
    vec![match block.name {
        Some(name) if item.comment.is_none() => item.with_comment(name),
        _ => item,
    }]
}

fn damaged_block(block: &Block<'_>) -> Item {
    damaged(&format!("the block “{}” is damaged: its base64 does not decode", block.label))
}

fn private(
    form: Form,
    der: Option<Zeroizing<Vec<u8>>>,
    key: impl Fn(&[u8]) -> ForeignKey<'_>,
) -> Option<Item> {
    der.map(|der| Item::of_key(form, &key(&der)))
}

/// OpenSSL's traditional blocks are encrypted when they have a `DEK-Info` header.
fn plain_or_locked(block: &Block<'_>, form: Form, body: Body) -> Option<Item> {
    let der = block.decode()?;
    let header = block.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("DEK-Info"));
    Some(match header {
        Some((_, info)) => traditional::read(info, body, &der),
        None => Item::of_key(form, &body.key(&der)),
    })
}

fn rsa_public(der: &[u8]) -> Item {
    let key = pkcs1::RsaPublicKeyRef::from_der(der)
        .map_err(|_malformed| keyreeve_crypto::AdoptError::Malformed);
    Item::of_recognised(
        Form::Pkcs1,
        key.and_then(|key| {
            recognise_public_rsa(key.modulus.as_bytes(), key.public_exponent.as_bytes())
        }),
    )
}

fn damaged(what: &str) -> Item {
    Item::refused(Form::OtherPem, Refusal::Damaged(what.into()))
}

impl Block<'_> {
    /// The block as RFC 7468 strictly has it, without headers and with all base64 in one line.
    fn normal(&self) -> Option<Zeroizing<String>> {
        let len: usize = self.lines.iter().map(|line| line.len()).sum();
        if len == 0 {
            return None;
        }
        let mut pem =
            Zeroizing::new(String::with_capacity(len + 2 * (self.label.len() + BEGIN.len() + 8)));
        pem.push_str(BEGIN);
        pem.push_str(self.label);
        pem.push_str("-----\n");
        self.lines.iter().for_each(|line| pem.push_str(line));
        pem.push_str("\n-----END ");
        pem.push_str(self.label);
        pem.push_str("-----\n");
        Some(pem)
    }

    /// OpenPGP's armour has a line more, whose sum nobody is to look at (RFC 9580, section 6.1).
    fn decode_armour(&self) -> Option<Zeroizing<Vec<u8>>> {
        let lines = self.lines.iter().copied().filter(|line| !line.starts_with('='));
        Self { label: self.label, headers: Vec::new(), lines: lines.collect(), name: None }.decode()
    }

    fn decode(&self) -> Option<Zeroizing<Vec<u8>>> {
        let pem = self.normal()?;
        let mut decoder = pem_rfc7468::Decoder::new_detect_wrap(pem.as_bytes()).ok()?;
        let mut der = Zeroizing::new(vec![0; decoder.remaining_len()]);
        decoder.decode(&mut der).ok()?;
        decoder.is_finished().then_some(der)
    }
}
