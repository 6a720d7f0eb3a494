//! `keyreeve backup …`.

use clap::{Args, Subcommand};
use keyreeve_app::api::{
    BackupView, CreateBackupRequest, IdentityFileRequest, RestoreBackupRequest, VerifyBackupRequest,
};
use keyreeve_app::{World, backup};
use keyreeve_crypto::SecretString;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::secrets::{BackupPassphraseArgs, IdentityPassphraseArgs};
use crate::table::{pairs, table};
use crate::world::world;

/// The option that names a backup passphrase's source.
const OPTION: &str = "--backup-passphrase-fd";
/// The option that names the source of an identity file's passphrase.
const IDENTITY_OPTION: &str = "--identity-passphrase-fd";

/// Backups.
#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Writes an encrypted backup and proves it by a restore
    Create(CreateArgs),
    /// Restores a backup into a scratch folder and checks it; with a passphrase of the vault the
    /// log and keys in it too
    Verify(ReadArgs),
    /// Makes a new vault, at the folder that --vault names, of a backup
    Restore(ReadArgs),
    /// Lists the backups that the vault knows of
    List,
}

/// Makes a backup.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// The file to write; it must not exist. `.keyreeve-backup.age` is appended when missing
    #[arg(long, value_name = "FILE")]
    out: String,
    /// Encrypts to this recipient (age1…, ssh-ed25519 …, ssh-rsa …), and to each other one named
    #[arg(long, value_name = "RECIPIENT")]
    to: Vec<String>,
    /// Puts every exportable key inside as a standard file too
    #[arg(long)]
    with_standard_files: bool,
    #[command(flatten)]
    passphrase: BackupPassphraseArgs,
}

/// Reads a backup.
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    file: String,
    /// An age identity file or an SSH private key
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["backup_passphrase_fd", "backup_passphrase_file"]
    )]
    identity: Option<String>,
    #[command(flatten)]
    identity_passphrase: IdentityPassphraseArgs,
    #[command(flatten)]
    passphrase: BackupPassphraseArgs,
}

/// The passphrases that open a backup: of the backup itself, or of the identity file.
#[derive(Default)]
struct Passphrases {
    backup: Option<SecretString>,
    identity: Option<SecretString>,
}

pub(crate) fn run(context: &Context, command: BackupCommand) -> Result<Answer, Failure> {
    match command {
        BackupCommand::Create(args) => create(context, args),
        BackupCommand::Verify(args) => verify(context, args),
        BackupCommand::Restore(args) => restore(context, args),
        BackupCommand::List => list(context),
    }
}

fn create(context: &Context, args: CreateArgs) -> Result<Answer, Failure> {
    let source = args.passphrase.source()?;
    context.refuse_shared(source.as_ref())?;
    context.with_session(&world(None), |session| {
        let backup_passphrase = if args.to.is_empty() || source.is_some() {
            Some(context.twice(source.as_ref(), "Passphrase for the backup", OPTION)?)
        } else {
            None
        };
        let request = CreateBackupRequest {
            out: args.out,
            recipients: args.to,
            backup_passphrase,
            with_standard_files: args.with_standard_files,
            proof: None,
            job: None,
        };
        let line = context.line("Backing up");
        let response = backup::create_backup(session, &request, &line)?;
        drop(line);
        let text = pairs(&[
            ("Backup", response.file.clone()),
            ("Bytes", response.bytes.to_string()),
            ("Keys", response.keys.to_string()),
            ("Verified", "by a restore".into()),
        ]);
        Answer::new(&response, text)
    })
}

fn verify(context: &Context, args: ReadArgs) -> Result<Answer, Failure> {
    let world = world(None);
    let Passphrases { backup, identity } = opening(context, &world, &args)?;
    let request = VerifyBackupRequest {
        file: args.file,
        backup_passphrase: backup,
        identity_file: args.identity,
        identity_passphrase: identity,
        job: None,
    };
    let line = context.line("Restoring");
    let response = if context.has_passphrase_source() {
        context.with_session(&world, |session| {
            Ok(backup::verify_backup(&world, Some(session), &request, &line)?)
        })?
    } else {
        backup::verify_backup(&world, None, &request, &line)?
    };
    drop(line);
    let text = pairs(&[
        ("Backup", response.file.clone()),
        ("Of vault", response.vault_id.clone()),
        ("Made", response.created_at.clone()),
        ("Keys", response.keys.to_string()),
        ("Audit events", response.audit_size.to_string()),
        ("Verified", "by a restore".into()),
    ]);
    Answer::new(&response, text)
}

fn restore(context: &Context, args: ReadArgs) -> Result<Answer, Failure> {
    let path = context.vault()?.to_owned();
    let world = world(None);
    let Passphrases { backup, identity } = opening(context, &world, &args)?;
    let request = RestoreBackupRequest {
        file: args.file,
        backup_passphrase: backup,
        identity_file: args.identity,
        identity_passphrase: identity,
        path,
        job: None,
    };
    let line = context.line("Restoring");
    let response = backup::restore_backup(&world, &request, &line)?;
    drop(line);
    let text = pairs(&[
        ("Vault", response.vault.path.clone()),
        ("Identifier", response.vault.id.clone()),
        ("Keys", response.keys.to_string()),
    ]);
    let how = "It opens with the passphrases it had when the backup was made.\n";
    Answer::new(&response, format!("{text}\n{how}"))
}

/// The backup's passphrase; or that of the identity file, where it has one.
fn opening(context: &Context, world: &World, args: &ReadArgs) -> Result<Passphrases, Failure> {
    let Some(file) = &args.identity else {
        let source = args.passphrase.source()?;
        context.refuse_shared(source.as_ref())?;
        let passphrase = context.secret(source.as_ref(), "The backup's passphrase", OPTION)?;
        return Ok(Passphrases { backup: Some(passphrase), ..Passphrases::default() });
    };
    let source = args.identity_passphrase.source()?;
    context.refuse_shared(source.as_ref())?;
    let request = IdentityFileRequest { file: file.clone() };
    if !backup::examine_identity(world, &request)?.passphrase_needed {
        return Ok(Passphrases::default());
    }
    let prompt = format!("Passphrase of {file}");
    let passphrase = context.secret(source.as_ref(), &prompt, IDENTITY_OPTION)?;
    Ok(Passphrases { identity: Some(passphrase), ..Passphrases::default() })
}

fn list(context: &Context) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| {
        let list = backup::list_backups(session)?;
        let mut text = if list.backups.is_empty() {
            "No backup was made of this vault yet.\n".to_owned()
        } else {
            let rows: Vec<_> = list.backups.iter().map(row).collect();
            table(&["made", "keys", "bytes", "there", "for", "file"], &rows)
        };
        text.push_str(&format!("\nChanges of keys since the newest: {}\n", list.events_since));
        Answer::new(&list, text)
    })
}

fn row(backup: &BackupView) -> Vec<String> {
    vec![
        backup.time.clone(),
        backup.keys.to_string(),
        backup.bytes.to_string(),
        if backup.present { "yes" } else { "no" }.into(),
        backup.recipients.join(", "),
        backup.file.clone(),
    ]
}
