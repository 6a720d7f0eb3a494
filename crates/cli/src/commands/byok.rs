//! `keyreeve byok`: a key for a cloud's key service.

use clap::Args;
use keyreeve_app::api::ByokRequest;
use keyreeve_app::keys;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::pairs;
use crate::world::world;

/// Wraps a key for a cloud's key service, which alone can open it.
#[derive(Debug, Args)]
pub(crate) struct ByokArgs {
    /// The service; `transit` is the engine of HashiCorp Vault and OpenBao
    #[arg(value_name = "TARGET", value_parser = ["aws-kms", "google-kms", "azure-key-vault", "transit"])]
    target: String,
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
    /// The version; the primary one if not given
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// The file with the wrapping key that the service gave out, in PEM or DER; of AWS also the JSON that
    /// `aws kms get-parameters-for-import` prints, whose import token is written beside the package
    #[arg(long, value_name = "FILE")]
    wrapping_key: String,
    /// How to wrap, in the service's words, such as RSAES_OAEP_SHA_256; the best way that fits if not given
    #[arg(long, value_name = "NAME")]
    method: Option<String>,
    /// What the service calls its wrapping key; Azure's package names it
    #[arg(long, value_name = "ID")]
    key_identifier: Option<String>,
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: String,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

pub(crate) fn run(context: &Context, args: ByokArgs) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| {
        let request = ByokRequest {
            key: args.key,
            version: args.version,
            target: args.target,
            wrapping_key: args.wrapping_key,
            method: args.method,
            key_identifier: args.key_identifier,
            out: args.out,
            proof: None,
            reason: args.reason,
        };
        let response = keys::byok(session, &request)?;
        let method = match response.legacy {
            true => format!("{}, which is outdated: the service offers better", response.method),
            false => response.method.clone(),
        };
        let mut lines = vec![("File", response.file.clone())];
        lines.extend(response.beside.clone().map(|file| ("Import token", file)));
        lines.extend([
            ("Bytes", response.bytes.to_string()),
            ("Wrapped by", method),
            ("Wrapping key", format!("SHA-256 {}", response.wrapping_key)),
            ("Import with", response.command.clone()),
        ]);
        Answer::new(&response, pairs(&lines))
    })
}
