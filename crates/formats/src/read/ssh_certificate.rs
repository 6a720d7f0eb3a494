//! Certificates of OpenSSH (PROTOCOL.certkeys), as a line of a `…-cert.pub` file has them.

use keyreeve_crypto::AdoptedPublicKey;
use keyreeve_domain::Timestamp;
use ssh_key_ppk::certificate::CertType;
use ssh_key_ppk::{Certificate, HashAlg, PublicKey};

use super::form::Form;
use super::item::{Found, Item, Refusal};
use super::openssh::read_key;
use crate::text;

/// What the name of a certificate's kind has in it.
const KIND: &str = "-cert-v01@openssh.com";
/// The longest text shown of it, in characters.
const MAX_TEXT: usize = 500;

/// What a certificate of OpenSSH says.
#[derive(Debug)]
pub struct SshCertificate {
    /// Whether it is a host's; else a user's.
    pub host: bool,
    /// What servers write into their logs.
    pub key_id: String,
    /// Its number; 0 where it has none.
    pub serial: u64,
    /// The users or hosts that it may stand for; none at all stands for everyone.
    pub principals: Vec<String>,
    /// From when it is valid; always if absent.
    pub valid_after: Option<Timestamp>,
    /// Until when; for ever if absent.
    pub valid_before: Option<Timestamp>,
    /// What limits it, by name.
    pub critical_options: Vec<(String, String)>,
    /// What it permits.
    pub extensions: Vec<String>,
    /// The key that it is of, or why that is none that Keyreeve takes.
    pub public_key: Result<AdoptedPublicKey, Refusal>,
    /// The fingerprint of the authority's key.
    pub authority: String,
    /// Whether that key's signature holds.
    pub signature_holds: bool,
}

/// The part of a line that is a certificate, if it is of one.
pub(super) fn in_line(line: &str) -> Option<&str> {
    let at = line.split_whitespace().find(|word| word.ends_with(KIND))?;
    line.find(at).and_then(|start| line.get(start..))
}

pub(super) fn read(line: &str) -> Item {
    let Ok(certificate) = Certificate::from_openssh(line) else {
        let damaged =
            "the certificate of OpenSSH is damaged, or of a kind that Keyreeve does not know";
        return Item::refused(Form::SshCertificate, Refusal::Damaged(damaged.into()));
    };
    let comment = certificate.comment().to_owned();
    let item = Item::new(Form::SshCertificate, Found::SshCertificate(Box::new(said(&certificate))));
    item.with_comment(&comment)
}

fn said(certificate: &Certificate) -> SshCertificate {
    let authority = certificate.signature_key().fingerprint(HashAlg::Sha256);
    // At its own beginning, so that only the signature decides.
    let checked = certificate.validate_at(certificate.valid_after(), [&authority]);
    let own = PublicKey::new(certificate.public_key().clone(), "").to_bytes();
    let public_key = own.ok().and_then(|bytes| read_key(&bytes)).unwrap_or_else(|| {
        Err(Refusal::Damaged("the key in the certificate cannot be read".into()))
    });
    SshCertificate {
        host: certificate.cert_type() == CertType::Host,
        key_id: shown(certificate.key_id()),
        serial: certificate.serial(),
        principals: certificate.valid_principals().iter().map(|name| shown(name)).collect(),
        valid_after: Some(certificate.valid_after()).filter(|after| *after != 0).map(time),
        valid_before: Some(certificate.valid_before())
            .filter(|before| *before != u64::MAX)
            .map(time),
        critical_options: certificate
            .critical_options()
            .iter()
            .map(|(name, value)| (shown(name), shown(value)))
            .collect(),
        extensions: certificate.extensions().keys().map(|name| shown(name)).collect(),
        public_key,
        authority: authority.to_string(),
        signature_holds: checked.is_ok(),
    }
}

/// A time in seconds, or the last there is.
fn time(seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

fn shown(said: &str) -> String {
    text::one_line(said).chars().take(MAX_TEXT).collect()
}
