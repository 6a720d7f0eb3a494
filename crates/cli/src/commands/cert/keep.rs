//! `keyreeve cert list|show|import|export|edit|remove|revoke`: what is kept.

use clap::Args;
use keyreeve_app::UnlockedSession;
use keyreeve_app::api::{
    CertificateDetailResponse, CertificateKeyView, CertificateListRequest, CertificateRequest,
    EditCertificateRequest, ExportCertificateRequest, ImportCertificatesRequest,
    KeptCertificateView, RemoveCertificateRequest, RevokeCertificateRequest,
};
use keyreeve_app::certificates;

use crate::commands::describe::DescriptionArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::{pairs, table};

/// Lists certificates.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those in this state: not_yet, valid, expiring_soon, expired, revoked
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// Only those of this key
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Only those with this in their subject, issuer, number, fingerprint, owner, note or tags
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// At most so many: 500 unless given
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
}

/// Shows a certificate.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The certificate: its number, or the beginning of its identifier or fingerprint
    #[arg(value_name = "CERTIFICATE")]
    certificate: String,
}

/// Brings certificates in.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files in PEM, DER or PKCS#7; revocation lists too
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
}

/// Takes a certificate out.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The certificate: its number, or the beginning of its identifier or fingerprint
    #[arg(value_name = "CERTIFICATE")]
    certificate: String,
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: String,
    /// Writes DER; PEM if not given
    #[arg(long)]
    der: bool,
    /// Writes the certificates above it behind it, too
    #[arg(long, conflicts_with = "der")]
    chain: bool,
}

/// Changes what is said of a certificate.
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    /// The certificate: its number, or the beginning of its identifier or fingerprint
    #[arg(value_name = "CERTIFICATE")]
    certificate: String,
    #[command(flatten)]
    description: DescriptionArgs,
}

/// Removes a certificate.
#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// The certificate: its number, or the beginning of its identifier or fingerprint
    #[arg(value_name = "CERTIFICATE")]
    certificate: String,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// Revokes a certificate.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// The certificate: its number, or the beginning of its identifier or fingerprint
    #[arg(value_name = "CERTIFICATE")]
    certificate: String,
    /// Why, as RFC 5280 names it: unspecified, key-compromise, ca-compromise, affiliation-changed,
    /// superseded, cessation-of-operation, privilege-withdrawn, aa-compromise
    #[arg(long, value_name = "CODE")]
    code: String,
    /// Why, in your words
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

pub(super) fn list(session: &UnlockedSession, args: ListArgs) -> Result<Answer, Failure> {
    let request = CertificateListRequest {
        search: args.search,
        state: args.state,
        key: args.key,
        limit: args.limit,
    };
    let response = certificates::list_certificates(session, &request)?;
    let mut text = rows(&response.certificates);
    let shown = response.certificates.len() as u64;
    if response.total > shown {
        text.push_str(&format!("\n{shown} of {} are shown.\n", response.total));
    }
    Answer::new(&response, text)
}

pub(super) fn show(session: &UnlockedSession, args: ShowArgs) -> Result<Answer, Failure> {
    let request = CertificateRequest { certificate: args.certificate };
    let response = certificates::show_certificate(session, &request)?;
    Answer::new(&response, details(&response))
}

pub(super) fn import(session: &UnlockedSession, args: ImportArgs) -> Result<Answer, Failure> {
    let request = ImportCertificatesRequest { paths: args.files };
    let response = certificates::import_certificates(session, &request)?;
    let mut text = rows(&response.certificates);
    text.push_str(&format!(
        "\n{} brought in, {} known already.\n",
        response.certificates.len(),
        response.known
    ));
    for one in &response.revoked {
        let why = one.revocation_reason.as_deref().unwrap_or_default();
        text.push_str(&format!("Revoked by its issuer: {} ({why})\n", one.subject));
    }
    Answer::new(&response, text)
}

pub(super) fn export(session: &UnlockedSession, args: ExportArgs) -> Result<Answer, Failure> {
    let request = ExportCertificateRequest {
        certificate: args.certificate,
        out: args.out,
        der: args.der,
        chain: args.chain,
    };
    let response = certificates::export_certificate(session, &request)?;
    let text = pairs(&[
        ("File", response.file.clone()),
        ("Bytes", response.bytes.to_string()),
        ("Certificates", response.certificates.to_string()),
    ]);
    Answer::new(&response, text)
}

pub(super) fn edit(session: &UnlockedSession, args: EditArgs) -> Result<Answer, Failure> {
    let asked = CertificateRequest { certificate: args.certificate };
    let found = certificates::show_certificate(session, &asked)?.certificate;
    let request = EditCertificateRequest {
        certificate: found.id,
        description: args.description.request(found.description.tags),
    };
    let response = certificates::edit_certificate(session, &request)?;
    Answer::new(&response, pairs(&facts(&response)))
}

pub(super) fn remove(
    context: &Context,
    session: &UnlockedSession,
    args: RemoveArgs,
) -> Result<Answer, Failure> {
    let asked = CertificateRequest { certificate: args.certificate };
    let found = certificates::show_certificate(session, &asked)?.certificate;
    context.confirm(&format!("Remove the certificate of “{}”?", found.subject))?;
    let request = RemoveCertificateRequest { certificate: found.id, reason: args.reason };
    let response = certificates::remove_certificate(session, &request)?;
    Answer::new(&response, pairs(&facts(&response)))
}

pub(super) fn revoke(
    context: &Context,
    session: &UnlockedSession,
    args: RevokeArgs,
) -> Result<Answer, Failure> {
    let asked = CertificateRequest { certificate: args.certificate };
    let found = certificates::show_certificate(session, &asked)?.certificate;
    context.confirm(&format!("Revoke the certificate of “{}” for good?", found.subject))?;
    let request =
        RevokeCertificateRequest { certificate: found.id, code: args.code, reason: args.reason };
    let response = certificates::revoke_certificate(session, &request)?;
    let mut text = pairs(&facts(&response));
    text.push_str("\nWhoever checks certificates hears of it from the next list: cert crl.\n");
    Answer::new(&response, text)
}

fn rows(certificates: &[KeptCertificateView]) -> String {
    let row = |one: &KeptCertificateView| {
        vec![
            one.id.chars().take(8).collect(),
            one.subject.clone(),
            state(&one.state).into(),
            one.not_after.chars().take(10).collect(),
            one.key.as_ref().map(key).unwrap_or_default(),
            one.issuer.clone(),
        ]
    };
    let rows: Vec<_> = certificates.iter().map(row).collect();
    table(&["id", "subject", "state", "ends", "key", "issuer"], &rows)
}

fn state(name: &str) -> &str {
    match name {
        "not_yet" => "not yet valid",
        "expiring_soon" => "expires soon",
        other => other,
    }
}

fn key(of: &CertificateKeyView) -> String {
    format!("{} v{}", of.name, of.version)
}

fn facts(one: &KeptCertificateView) -> Vec<(&'static str, String)> {
    let revoked = one.revoked_at.as_ref().zip(one.revocation_reason.as_ref());
    vec![
        ("Certificate", one.id.clone()),
        ("Subject", one.subject.clone()),
        ("Issuer", one.issuer.clone()),
        ("Serial number", one.serial.clone()),
        ("State", state(&one.state).into()),
        ("Valid from", one.not_before.clone()),
        ("Valid until", one.not_after.clone()),
        ("Revoked", revoked.map(|(at, why)| format!("{at} ({why})")).unwrap_or_default()),
        ("Replaced by", one.replaced_by.clone().unwrap_or_default()),
        ("Key", one.key.as_ref().map(key).unwrap_or_default()),
        ("Issued by key", one.issued_by.as_ref().map(key).unwrap_or_default()),
        ("Owner", one.description.owner.clone()),
        ("Tags", one.description.tags.join(", ")),
        ("Note", one.description.note.clone()),
        ("SHA-256", one.sha256.clone()),
    ]
}

fn details(response: &CertificateDetailResponse) -> String {
    let says = &response.says;
    let mut all = facts(&response.certificate);
    all.extend([
        ("Signed with", says.signature_algorithm.clone()),
        ("Other names", says.alternative_names.join(", ")),
        ("Key usage", says.key_usage.join(", ")),
        ("Purposes", says.extended_key_usage.join(", ")),
        ("CA", if says.authority == Some(true) { "yes".into() } else { String::new() }),
        ("Path length", says.path_length.map(|most| most.to_string()).unwrap_or_default()),
    ]);
    let mut text = pairs(&all);
    text.push_str("\nChain:\n");
    let own = std::iter::once(&response.certificate);
    let down: Vec<_> = response.chain.iter().rev().chain(own).collect();
    if !response.chain_complete {
        text.push_str("  (the vault has no certificate above)\n");
    }
    for (depth, one) in down.iter().enumerate() {
        text.push_str(&format!("{}{}\n", "  ".repeat(depth + 1), one.subject));
    }
    for one in &response.issued {
        let place = "  ".repeat(down.len() + 1);
        text.push_str(&format!("{place}{} ({})\n", one.subject, state(&one.state)));
    }
    text
}
