//! Which files of keys are to be looked at; `-` stands for standard input.

use std::io::{self, Read as _};

use keyreeve_app::api::{ErrorCode, ExamineRequest};
use keyreeve_app::keys::MAX_KEY_FILE_LEN;
use keyreeve_crypto::SecretBytes;
use zeroize::Zeroizing;

use crate::context::Context;
use crate::failure::Failure;
use crate::secrets::SecretSource;

/// The request for `files`, with what standard input holds where it is named.
///
/// # Errors
/// When standard input cannot be read, is named twice, or gives a secret already.
pub(crate) fn request(
    context: &Context,
    files: Vec<String>,
    passwords: &[SecretSource],
) -> Result<ExamineRequest, Failure> {
    let (stdin, paths): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file == "-");
    let input = match stdin.len() {
        0 => None,
        1 => {
            context.refuse_shared(passwords.iter().chain([&SecretSource::Stdin]))?;
            Some(read().map_err(|error| {
                Failure::with_cure(
                    ErrorCode::BadInputFile,
                    format!("Standard input could not be read: {error}."),
                    "Name the file instead; nothing was brought in.",
                )
            })?)
        }
        _ => return Err(Failure::usage("Standard input is named twice.", "Name it once.")),
    };
    Ok(ExamineRequest { paths, input, ..ExamineRequest::default() })
}

/// One byte more than any file of keys has at most, which the reader then refuses.
fn read() -> io::Result<SecretBytes> {
    // One buffer of its final size: nothing is left behind by growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_KEY_FILE_LEN + 1));
    let bound = u64::try_from(MAX_KEY_FILE_LEN + 1).unwrap_or(u64::MAX);
    io::stdin().lock().take(bound).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}
