//! What signs `keyreeve cert csr|self-sign|issue|renew|crl`.

use clap::Args;
use keyreeve_app::UnlockedSession;
use keyreeve_app::api::{
    CertificateResponse, CertificateWish, IssueCertificateRequest, RenewCertificateRequest,
    SelfSignKeyRequest, WriteCrlRequest,
};
use keyreeve_app::certificates;

use crate::failure::Failure;
use crate::output::Answer;
use crate::table::pairs;

/// What a certificate is to say.
#[derive(Debug, Args)]
pub(crate) struct WishArgs {
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
    /// The version; the primary one if not given
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// For whom, such as CN=example.org,O=Example,C=CH
    #[arg(long, value_name = "NAME")]
    subject: String,
    /// Another name: dns:HOST, ip:ADDRESS, email:ADDRESS or uri:ADDRESS; may be given several times
    #[arg(long = "san", value_name = "KIND:NAME")]
    alternative_names: Vec<String>,
    /// What the key may do: digital-signature (the default), content-commitment
    #[arg(long, value_name = "USAGE", value_delimiter = ',')]
    key_usage: Vec<String>,
    /// What it is for: tls-server, tls-client, code-signing, email
    #[arg(long, value_name = "USAGE", value_delimiter = ',')]
    extended_key_usage: Vec<String>,
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: String,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// A certificate of the key's own.
#[derive(Debug, Args)]
pub(crate) struct SelfSignArgs {
    #[command(flatten)]
    wish: WishArgs,
    /// For how many days it is valid: 365 unless given, 3650 of a CA
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// Makes it a CA, which may issue others
    #[arg(long)]
    ca: bool,
    /// How many CAs may stand below it, one under the other; any number if not given
    #[arg(long, value_name = "N", requires = "ca")]
    path_length: Option<u8>,
}

/// A certificate for another key.
#[derive(Debug, Args)]
pub(crate) struct IssueArgs {
    /// The CA's key
    #[arg(value_name = "CA_KEY")]
    key: String,
    /// Its version; the primary one if not given
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// The CA's certificate, in PEM or DER; the one that the vault keeps if not given
    #[arg(long, value_name = "FILE")]
    ca_certificate: Option<String>,
    /// The request, in PEM or DER; only its subject and alternative names are taken over
    #[arg(long, value_name = "FILE")]
    csr: String,
    /// What the certificate is for: tls-server, tls-client, code-signing, smime, intermediate
    #[arg(long, value_name = "TEMPLATE")]
    template: String,
    /// For how many days it is valid; as the template says if not given
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// How many CAs may stand below an intermediate one; none if not given
    #[arg(long, value_name = "N")]
    path_length: Option<u8>,
    /// Where the CA's revocation list is found (http or https); it stands in the certificate
    #[arg(long, value_name = "URL")]
    crl_url: Option<String>,
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: String,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// A newer certificate in the place of an older one.
#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// The certificate: its number, or the beginning of its identifier or fingerprint
    #[arg(value_name = "CERTIFICATE")]
    certificate: String,
    /// Keeps the version of the key that it has, and does not take the primary one
    #[arg(long)]
    same_key: bool,
    /// For how many days it is valid; as many as the older one if not given
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// A file to write it to, too; it must not exist
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// A list of revoked certificates.
#[derive(Debug, Args)]
pub(crate) struct CrlArgs {
    /// The CA's key
    #[arg(value_name = "CA_KEY")]
    key: String,
    /// Its version; the primary one if not given
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// In how many days you write the next list at the latest: 7 unless given
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: String,
    /// Writes DER, as web servers hand lists out; PEM if not given
    #[arg(long)]
    der: bool,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

impl From<WishArgs> for CertificateWish {
    fn from(args: WishArgs) -> Self {
        Self {
            key: args.key,
            version: args.version,
            subject: args.subject,
            alternative_names: args.alternative_names,
            key_usage: args.key_usage,
            extended_key_usage: args.extended_key_usage,
            out: args.out,
            reason: args.reason,
        }
    }
}

pub(super) fn csr(session: &UnlockedSession, args: WishArgs) -> Result<Answer, Failure> {
    let response = certificates::request_certificate(session, &args.into())?;
    let text = pairs(&[("File", response.file.clone()), ("Bytes", response.bytes.to_string())]);
    Answer::new(&response, text)
}

pub(super) fn self_sign(session: &UnlockedSession, args: SelfSignArgs) -> Result<Answer, Failure> {
    let request = SelfSignKeyRequest {
        wish: args.wish.into(),
        days: args.days,
        authority: args.ca,
        path_length: args.path_length,
    };
    answer(&certificates::self_sign(session, &request)?)
}

pub(super) fn issue(session: &UnlockedSession, args: IssueArgs) -> Result<Answer, Failure> {
    let request = IssueCertificateRequest {
        key: args.key,
        version: args.version,
        authority_certificate: args.ca_certificate,
        request: args.csr,
        template: args.template,
        days: args.days,
        path_length: args.path_length,
        crl_url: args.crl_url,
        out: args.out,
        reason: args.reason,
    };
    answer(&certificates::issue_certificate(session, &request)?)
}

pub(super) fn renew(session: &UnlockedSession, args: RenewArgs) -> Result<Answer, Failure> {
    let request = RenewCertificateRequest {
        certificate: args.certificate,
        same_key: args.same_key,
        days: args.days,
        out: args.out,
        reason: args.reason,
    };
    answer(&certificates::renew_certificate(session, &request)?)
}

pub(super) fn crl(session: &UnlockedSession, args: CrlArgs) -> Result<Answer, Failure> {
    let request = WriteCrlRequest {
        key: args.key,
        version: args.version,
        days: args.days,
        out: args.out,
        der: args.der,
        reason: args.reason,
    };
    let response = certificates::write_crl(session, &request)?;
    let text = pairs(&[
        ("File", response.file.clone()),
        ("Bytes", response.bytes.to_string()),
        ("Issuer", response.issuer.clone()),
        ("Number", response.number.clone()),
        ("Revoked", response.revoked.to_string()),
        ("Next list by", response.next_update.clone()),
    ]);
    Answer::new(&response, text)
}

fn answer(response: &CertificateResponse) -> Result<Answer, Failure> {
    let text = pairs(&[
        ("Certificate", response.certificate.clone()),
        ("File", response.file.clone().unwrap_or_default()),
        ("Bytes", response.bytes.to_string()),
        ("Subject", response.subject.clone()),
        ("Serial number", response.serial.clone()),
        ("Valid from", response.not_before.clone()),
        ("Valid until", response.not_after.clone()),
    ]);
    Answer::new(response, text)
}
