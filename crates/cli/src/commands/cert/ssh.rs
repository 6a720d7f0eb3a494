//! `keyreeve cert ssh|ssh-list|krl`: an authority of OpenSSH.

use clap::Args;
use keyreeve_app::UnlockedSession;
use keyreeve_app::api::{
    IssueSshCertificateRequest, IssuedSshCertificateView, SshCertificateListRequest,
    SshCertificateState, WriteKrlRequest,
};
use keyreeve_app::certificates;

use crate::failure::Failure;
use crate::output::Answer;
use crate::table::{pairs, table};

/// Issues a certificate of OpenSSH.
#[derive(Debug, Args)]
pub(crate) struct SshArgs {
    /// The authority's key
    #[arg(value_name = "CA")]
    key: String,
    /// Its version; the primary one if not given
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// The file with the public key that it is to be of
    #[arg(long, value_name = "FILE", required_unless_present = "subject_key")]
    public_key: Option<String>,
    /// The key of the vault that it is to be of, in place of a file
    #[arg(long, value_name = "KEY", conflicts_with = "public_key")]
    subject_key: Option<String>,
    /// Makes it a host's; a user's if not given
    #[arg(long)]
    host: bool,
    /// What servers write into their logs
    #[arg(long, value_name = "TEXT")]
    id: String,
    /// A user or host that it may stand for; may be given several times
    #[arg(long, value_name = "NAME", required = true)]
    principal: Vec<String>,
    /// For how many days: 30 unless given, 90 of a host, at most 825
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// What it permits: pty (alone, unless given), port-forwarding, agent-forwarding, X11-forwarding,
    /// user-rc, or none; may be given several times
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    permit: Vec<String>,
    /// The one command that it runs
    #[arg(long, value_name = "COMMAND")]
    force_command: Option<String>,
    /// A network that it may come from, such as 192.0.2.0/24; may be given several times
    #[arg(long, value_name = "NETWORK", value_delimiter = ',')]
    source_address: Vec<String>,
    /// The file to write, by custom NAME-cert.pub; it must not exist
    #[arg(long, value_name = "FILE")]
    out: String,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

/// Lists what a CA issued and revoked.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// The authority's key
    #[arg(value_name = "CA")]
    key: String,
    /// Its version; the primary one if not given
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// Only certificates with this in their identifier, number, principals or key's fingerprint
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// At most so many: 100 unless given
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
}

/// Revokes, and writes the list.
#[derive(Debug, Args)]
pub(crate) struct KrlArgs {
    /// The authority's key
    #[arg(value_name = "CA")]
    key: String,
    /// Its version; the primary one if not given
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// The number of a certificate to revoke; may be given several times
    #[arg(long, value_name = "N")]
    serial: Vec<String>,
    /// The identifier of certificates to revoke; may be given several times
    #[arg(long, value_name = "TEXT")]
    id: Vec<String>,
    /// A file with a public key to revoke, whichever certificate it comes with; may be given several
    /// times
    #[arg(long, value_name = "FILE")]
    public_key: Vec<String>,
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: String,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

pub(super) fn issue(session: &UnlockedSession, args: SshArgs) -> Result<Answer, Failure> {
    let permissions = match args.permit.as_slice() {
        [] => None,
        [none] if none == "none" => Some(Vec::new()),
        _ => Some(args.permit),
    };
    let request = IssueSshCertificateRequest {
        key: args.key,
        version: args.version,
        public_key: args.public_key,
        subject_key: args.subject_key,
        host: args.host,
        key_id: args.id,
        principals: args.principal,
        days: args.days,
        force_command: args.force_command,
        source_addresses: args.source_address,
        permissions,
        out: args.out,
        reason: args.reason,
    };
    let response = certificates::issue_ssh_certificate(session, &request)?;
    let text = pairs(&[
        ("File", response.file.clone()),
        ("Identifier", response.key_id.clone()),
        ("Serial number", response.serial.clone()),
        ("Principals", response.principals.join(", ")),
        ("Valid until", response.valid_until.clone()),
    ]);
    Answer::new(&response, text)
}

pub(super) fn list(session: &UnlockedSession, args: ListArgs) -> Result<Answer, Failure> {
    let request = SshCertificateListRequest {
        key: args.key,
        version: args.version,
        search: args.search,
        limit: args.limit,
    };
    let response = certificates::list_ssh_certificates(session, &request)?;
    let rows: Vec<_> = response.certificates.iter().map(row).collect();
    let mut text = table(&["identifier", "principals", "of a", "number", "ends", "state"], &rows);
    let shown = rows.len() as u64;
    if response.total > shown {
        text.push_str(&format!("\n{shown} of {} are shown.\n", response.total));
    }
    let revoked = &response.revoked;
    text.push('\n');
    text.push_str(&pairs(&[
        ("List number", revoked.number.clone().unwrap_or_else(|| "none written yet".into())),
        ("Revoked numbers", revoked.serials.join(", ")),
        ("Revoked identifiers", revoked.key_ids.join(" · ")),
        ("Revoked keys", revoked.keys.join(", ")),
    ]));
    Answer::new(&response, text)
}

fn row(one: &IssuedSshCertificateView) -> Vec<String> {
    let state = match one.state {
        SshCertificateState::Valid => "valid",
        SshCertificateState::Expired => "expired",
        SshCertificateState::Revoked => "revoked",
    };
    vec![
        one.key_id.clone(),
        one.principals.join(", "),
        if one.host { "host" } else { "user" }.into(),
        one.serial.clone(),
        one.valid_until.chars().take(10).collect(),
        state.into(),
    ]
}

pub(super) fn krl(session: &UnlockedSession, args: KrlArgs) -> Result<Answer, Failure> {
    let request = WriteKrlRequest {
        key: args.key,
        version: args.version,
        serials: args.serial,
        key_ids: args.id,
        public_keys: args.public_key,
        out: args.out,
        reason: args.reason,
    };
    let response = certificates::write_krl(session, &request)?;
    let text = pairs(&[
        ("File", response.file.clone()),
        ("List number", response.number.clone()),
        ("Serial numbers", response.serials.to_string()),
        ("Identifiers", response.key_ids.to_string()),
        ("Keys", response.keys.to_string()),
    ]);
    Answer::new(&response, text)
}
