//! `keyreeve key export`.

use clap::Args;
use keyreeve_app::api::{ExportKeyRequest, RecipientView};
use keyreeve_app::keys;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::secrets::EncryptPassphraseArgs;
use crate::table::pairs;
use crate::world::world;

/// Takes a key out.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
    /// The version; the primary one if not given
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// The format, such as pkcs8-pem, openssh, jwk, pkcs12, openpgp, raw, hex, spki-pem or openssh-public
    #[arg(long, value_name = "FORMAT")]
    format: String,
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: String,
    /// Takes the public half only
    #[arg(
        long,
        conflicts_with_all = ["plaintext", "to", "encrypt", "encrypt_passphrase_fd", "encrypt_passphrase_file"]
    )]
    public: bool,
    /// Confirms that the key is written in the clear
    #[arg(
        long,
        conflicts_with_all = ["to", "encrypt", "encrypt_passphrase_fd", "encrypt_passphrase_file"]
    )]
    plaintext: bool,
    /// Encrypts it to someone: an age recipient, an SSH public key, or a file with such lines, with a
    /// certificate (X.509 or OpenPGP) or with a public key (RSA, EC or X25519); may be given several times
    #[arg(
        long,
        value_name = "RECIPIENT",
        conflicts_with_all = ["encrypt", "encrypt_passphrase_fd", "encrypt_passphrase_file"]
    )]
    to: Vec<String>,
    /// Protects the file with a passphrase, which is asked for
    #[arg(long)]
    encrypt: bool,
    #[command(flatten)]
    passphrase: EncryptPassphraseArgs,
    /// Stretches that passphrase with scrypt instead of PBKDF2 (PKCS#8 only)
    #[arg(long, conflicts_with_all = ["public", "plaintext", "to"])]
    scrypt: bool,
    /// Whose an OpenPGP key is: a name and, in angle brackets, a mail address; the key's name if not given
    #[arg(long, value_name = "TEXT")]
    user_id: Option<String>,
    /// A file with the key's certificate, and those above it, to go into PKCS#12
    #[arg(long, value_name = "FILE")]
    certificate: Option<String>,
    /// The key's certificate that the vault keeps, with those above it, to go into PKCS#12
    #[arg(long, value_name = "CERTIFICATE", conflicts_with = "certificate")]
    kept_certificate: Option<String>,
    /// Protects PKCS#12 with triple DES and HMAC-SHA-1, for programs that are too old for AES; weaker
    #[arg(long)]
    legacy: bool,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

pub(super) fn run(context: &Context, args: ExportArgs) -> Result<Answer, Failure> {
    let source = args.passphrase.source()?;
    context.refuse_shared(source.as_ref())?;
    context.with_session(&world(None), |session| {
        let encrypt_passphrase = if args.encrypt || source.is_some() {
            let of = "Passphrase for the file";
            Some(context.twice(source.as_ref(), of, "--encrypt-passphrase-fd")?)
        } else {
            None
        };
        let request = ExportKeyRequest {
            key: args.key,
            version: args.version,
            format: args.format,
            out: args.out,
            public: args.public,
            plaintext: args.plaintext,
            encrypt_passphrase,
            to: args.to,
            scrypt: args.scrypt,
            user_id: args.user_id,
            certificate: args.certificate,
            kept_certificate: args.kept_certificate,
            legacy: args.legacy,
            proof: None,
            reason: args.reason,
        };
        let response = keys::export_key(session, &request)?;
        let mut lines = vec![
            ("File", response.file.clone()),
            ("Format", response.format.clone()),
            ("Bytes", response.bytes.to_string()),
        ];
        if let Some(told) = &response.handed_over {
            lines.extend(told.recipients.iter().map(|one| ("For", recipient(one))));
            lines.push(("Opened with", told.opened_with.clone()));
        }
        let also = ["Certificate", "Revocation"];
        lines.extend(also.into_iter().zip(response.beside.iter().cloned()));
        let text = pairs(&lines);
        Answer::new(&response, text)
    })
}

fn recipient(one: &RecipientView) -> String {
    match &one.name {
        Some(name) => format!("{name} ({})", one.fingerprint),
        None => one.fingerprint.clone(),
    }
}
