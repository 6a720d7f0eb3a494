//! `keyreeve examine`: looks into files without a vault.

use clap::Args;
use keyreeve_app::api::{
    CertificateView, ErrorCode, ExamineResponse, FoundKind, FoundOutcome, FoundView,
    RevocationListView, SshCertificateView,
};
use keyreeve_app::keys::Examined;
use keyreeve_crypto::SecretString;

use crate::context::Context;
use crate::exit;
use crate::failure::Failure;
use crate::key_files;
use crate::output::{Answer, note};
use crate::secrets::{FilePasswordArgs, SecretSource};
use crate::table::{pairs, table};
use crate::terminal;
use crate::world::world;

/// How often a file's password is asked for.
const TRIES: u32 = 3;

/// Looks into files.
#[derive(Debug, Args)]
pub(crate) struct ExamineArgs {
    /// Files and folders, or - for standard input; their formats are found out
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
    #[command(flatten)]
    password: FilePasswordArgs,
}

pub(crate) fn run(context: &Context, args: ExamineArgs) -> Result<Answer, Failure> {
    let sources = args.password.sources()?;
    context.refuse_shared(&sources)?;
    let request = key_files::request(context, args.files, &sources)?;
    let mut examined = Examined::open(&request, world(None).clock.now(), &context.line("Looking"))?;
    let files = examined.locked_files();
    ask_for_passwords(context, &sources, files, |password| {
        let opened = examined.unlock(&password, &context.line("Opening"))?;
        Ok((opened, examined.locked_files()))
    })?;
    let found = examined.view();
    let bad =
        |item: &FoundView| item.outcome == FoundOutcome::Problem && item.kind != FoundKind::Locked;
    let exit =
        if found.items.is_empty() || found.items.iter().any(bad) { exit::BAD_FILE } else { 0 };
    let text = details(&found);
    Ok(Answer::new(&found, text)?.with_exit(exit))
}

/// The files that a password would tell more of, each once.
pub(super) fn locked_files(found: &ExamineResponse) -> Vec<String> {
    let locked = found
        .items
        .iter()
        .filter(|item| item.kind == FoundKind::Locked && item.outcome == FoundOutcome::Problem);
    let mut files: Vec<_> = locked.map(|item| item.file.clone()).collect();
    files.dedup();
    files
}

/// Gives `open` the passwords from their sources, or asks for one file after the other. A password is
/// tried on all files, so that one that fits many is typed once; an empty one leaves a file closed. `open`
/// answers how much it opened, and which files still hold something encrypted.
pub(super) fn ask_for_passwords(
    context: &Context,
    sources: &[SecretSource],
    mut locked: Vec<String>,
    mut open: impl FnMut(SecretString) -> Result<(u32, Vec<String>), Failure>,
) -> Result<(), Failure> {
    if locked.is_empty() {
        return Ok(());
    }
    if !sources.is_empty() {
        let passwords: Vec<_> = sources.iter().map(SecretSource::read).collect::<Result<_, _>>()?;
        return try_all(&passwords, open);
    }
    if context.global.no_input {
        return Ok(());
    }
    for file in locked.clone() {
        for _ in 0..TRIES {
            if !locked.contains(&file) {
                break;
            }
            let prompt = format!("Password of {file} (none to leave it closed)");
            let Some(password) = terminal::passphrase(&prompt, &context.interrupt)? else {
                return Ok(());
            };
            // EXPOSE: only whether there is one.
            if password.expose().is_empty() {
                break;
            }
            let opened;
            (opened, locked) = open(password)?;
            if locked.contains(&file) {
                note(match opened {
                    0 => "That is not its password.",
                    _ => "Something in it has another password.",
                });
            }
        }
    }
    Ok(())
}

/// Tries each password, and again as long as one of them opens what another one may open something in.
fn try_all(
    passwords: &[SecretString],
    mut open: impl FnMut(SecretString) -> Result<(u32, Vec<String>), Failure>,
) -> Result<(), Failure> {
    let mut any = false;
    loop {
        let mut opened = 0;
        for password in passwords {
            // EXPOSE: a copy, which is wiped like the original.
            let (more, left) = open(SecretString::new(password.expose().to_owned()))?;
            opened += more;
            if left.is_empty() {
                return Ok(());
            }
        }
        any |= opened > 0;
        if opened == 0 || passwords.len() == 1 {
            break;
        }
    }
    if any {
        return Ok(());
    }
    Err(Failure::with_cure(
        ErrorCode::WrongPassphrase,
        match passwords.len() {
            1 => "The password opens none of the files.",
            _ => "None of the passwords opens any of the files.",
        },
        "Check the password and try again; nothing was brought in.",
    ))
}

/// A table of what was found, and why something was not.
pub(super) fn rows(items: &[FoundView], skipped: u32) -> String {
    let row = |item: &FoundView| {
        vec![
            item.name.clone(),
            algorithm(item),
            item.form_title.clone(),
            outcome(item.outcome).into(),
            item.file.clone(),
        ]
    };
    let rows: Vec<_> = items.iter().map(row).collect();
    let mut text = table(&["name", "algorithm", "form", "outcome", "file"], &rows);
    for item in items {
        for said in item.problem.iter().chain(&item.warnings) {
            text.push_str(&format!("{}: {said}\n", item.name));
        }
    }
    if skipped > 0 {
        text.push_str(&format!("{skipped} other files hold no key.\n"));
    }
    text
}

fn details(found: &ExamineResponse) -> String {
    let one = |item: &FoundView| {
        let mut parts = vec![
            ("File", item.file.clone()),
            ("Form", item.form_title.clone()),
            ("Kind", kind(item.kind).into()),
            ("Algorithm", algorithm(item)),
            (
                "Strength",
                item.strength_bits.map_or_else(String::new, |bits| format!("{bits} bits")),
            ),
            ("Comment", item.comment.clone().unwrap_or_default()),
            ("Check value", item.kcv.clone().unwrap_or_default()),
        ];
        parts.extend(item.certificate.iter().flat_map(certificate));
        parts.extend(item.revocation_list.iter().flat_map(revocation_list));
        parts.extend(item.ssh_certificate.iter().flat_map(ssh_certificate));
        parts.extend(item.fingerprints.iter().map(|(name, value)| (name.as_str(), value.clone())));
        parts.push(("Problem", item.problem.clone().unwrap_or_default()));
        parts.extend(item.warnings.iter().map(|said| ("Warning", said.clone())));
        pairs(&parts)
    };
    let mut text = found.items.iter().map(one).collect::<Vec<_>>().join("\n");
    if found.skipped > 0 {
        text.push_str(&format!("\n{} other files hold no key.\n", found.skipped));
    }
    text
}

/// What a certificate or a request says, line by line.
fn certificate(said: &CertificateView) -> Vec<(&str, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let authority = match (said.authority, said.path_length) {
        (Some(true), Some(length)) => format!("yes, with {length} below it"),
        (Some(true), None) => "yes".into(),
        (Some(false), _) => "no".into(),
        (None, _) => String::new(),
    };
    let mut lines = vec![
        ("Subject", said.subject.clone()),
        ("Issuer", text(&said.issuer)),
        ("Serial number", text(&said.serial)),
        ("Valid from", text(&said.not_before)),
        ("Valid until", text(&said.not_after)),
        ("Signed with", said.signature_algorithm.clone()),
    ];
    lines.extend(said.alternative_names.iter().map(|name| ("Other name", name.clone())));
    lines.extend([
        ("Key usage", said.key_usage.join(", ")),
        ("For", said.extended_key_usage.join(", ")),
        ("Authority", authority),
        ("Key identifier", text(&said.subject_key_id)),
        ("Issuer's key", text(&said.authority_key_id)),
    ]);
    lines.extend(said.other_extensions.iter().map(|other| {
        let critical = if other.critical { " (critical)" } else { "" };
        ("Extension", format!("{}{critical}", other.name))
    }));
    lines
}

/// What a list of revoked certificates says, line by line.
fn revocation_list(said: &RevocationListView) -> Vec<(&str, String)> {
    let mut lines = vec![
        ("Issuer", said.issuer.clone()),
        ("Made", said.this_update.clone()),
        ("Next list by", said.next_update.clone().unwrap_or_default()),
        ("Number", said.number.clone().unwrap_or_default()),
        ("Certificates", said.total.to_string()),
    ];
    lines.extend(said.revoked.iter().map(|one| ("Revoked", one.clone())));
    lines
}

/// What a certificate of OpenSSH says, line by line.
fn ssh_certificate(said: &SshCertificateView) -> Vec<(&str, String)> {
    let principals = match said.principals.as_slice() {
        [] => "everyone".into(),
        some => some.join(", "),
    };
    vec![
        ("For", if said.host { "host" } else { "user" }.into()),
        ("Identifier", said.key_id.clone()),
        ("Serial number", said.serial.clone()),
        ("Principals", principals),
        ("Valid from", said.valid_after.clone().unwrap_or_else(|| "always".into())),
        ("Valid until", said.valid_before.clone().unwrap_or_else(|| "for ever".into())),
        ("Limits", said.critical_options.join("; ")),
        ("Permits", said.extensions.join(", ")),
        ("Authority's key", said.authority.clone()),
    ]
}

fn algorithm(item: &FoundView) -> String {
    let foreign = item.foreign.as_ref().map(|foreign| foreign.name.clone());
    item.algorithm.map(|algorithm| algorithm.to_string()).or(foreign).unwrap_or_default()
}

fn kind(kind: FoundKind) -> &'static str {
    match kind {
        FoundKind::Private => "private key",
        FoundKind::Symmetric => "symmetric key",
        FoundKind::Public => "public key",
        FoundKind::Certificate => "certificate",
        FoundKind::CertificateRequest => "certificate request",
        FoundKind::RevocationList => "revocation list",
        FoundKind::SshCertificate => "certificate of OpenSSH",
        FoundKind::Locked => "encrypted private key",
        FoundKind::Other => "",
    }
}

fn outcome(outcome: FoundOutcome) -> &'static str {
    match outcome {
        FoundOutcome::Sound => "sound",
        FoundOutcome::New => "new",
        FoundOutcome::Duplicate => "duplicate",
        FoundOutcome::Problem => "problem",
        FoundOutcome::Unsupported => "unsupported",
    }
}
