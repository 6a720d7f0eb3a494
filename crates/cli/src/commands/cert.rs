//! `keyreeve cert …`: certificates signed by keys of the vault.

use clap::{Args, Subcommand};
use keyreeve_app::api::{
    CertificateResponse, CertificateWish, IssueCertificateRequest, SelfSignKeyRequest,
};
use keyreeve_app::keys;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::pairs;
use crate::world::world;

/// Certificates.
#[derive(Debug, Subcommand)]
pub(crate) enum CertCommand {
    /// Writes a request for a certificate (PKCS#10), signed by the key
    Csr(WishArgs),
    /// Writes a certificate that the key signs for itself
    SelfSign(SelfSignArgs),
    /// Issues a certificate for a request, with the key of a CA
    Issue(IssueArgs),
}

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
    /// The CA's certificate, in PEM or DER
    #[arg(long, value_name = "FILE")]
    ca_certificate: String,
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
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: String,
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

pub(crate) fn run(context: &Context, command: CertCommand) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| match command {
        CertCommand::Csr(args) => {
            let response = keys::request_certificate(session, &args.into())?;
            let text =
                pairs(&[("File", response.file.clone()), ("Bytes", response.bytes.to_string())]);
            Answer::new(&response, text)
        }
        CertCommand::SelfSign(args) => {
            let request = SelfSignKeyRequest {
                wish: args.wish.into(),
                days: args.days,
                authority: args.ca,
                path_length: args.path_length,
            };
            answer(&keys::self_sign(session, &request)?)
        }
        CertCommand::Issue(args) => {
            let request = IssueCertificateRequest {
                key: args.key,
                version: args.version,
                authority_certificate: args.ca_certificate,
                request: args.csr,
                template: args.template,
                days: args.days,
                path_length: args.path_length,
                out: args.out,
                reason: args.reason,
            };
            answer(&keys::issue_certificate(session, &request)?)
        }
    })
}

fn answer(response: &CertificateResponse) -> Result<Answer, Failure> {
    let text = pairs(&[
        ("File", response.file.clone()),
        ("Bytes", response.bytes.to_string()),
        ("Subject", response.subject.clone()),
        ("Serial number", response.serial.clone()),
        ("Valid from", response.not_before.clone()),
        ("Valid until", response.not_after.clone()),
    ]);
    Answer::new(response, text)
}
