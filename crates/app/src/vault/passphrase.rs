//! How good a passphrase is, by zxcvbn.

use keyreeve_crypto::SecretString;

use crate::api::{CheckPassphraseRequest, ErrorCode, PassphraseStrength};
use crate::error::Error;

/// The least score for an administrator slot: over 10⁸ guesses.
const ACCEPTABLE_SCORE: u8 = 3;
/// zxcvbn's work grows with the length; what is beyond this many characters adds nothing to the
/// score that matters here.
const MAX_MEASURED: usize = 100;
/// The longest passphrase accepted, in bytes.
const MAX_BYTES: usize = 4_096;

/// Says how good a passphrase is.
#[must_use]
pub fn check_passphrase(request: &CheckPassphraseRequest) -> PassphraseStrength {
    measure(&request.passphrase)
}

fn measure(passphrase: &SecretString) -> PassphraseStrength {
    // EXPOSE: the estimator reads it; it keeps no copy beyond its own working memory.
    let text = passphrase.expose();
    let end = text.char_indices().nth(MAX_MEASURED).map_or(text.len(), |(at, _)| at);
    let entropy = zxcvbn::zxcvbn(&text[..end], &["keyreeve"]);
    let score = u8::from(entropy.score());
    let feedback = entropy.feedback();
    PassphraseStrength {
        score,
        acceptable: score >= ACCEPTABLE_SCORE,
        warning: feedback.and_then(|f| f.warning()).map(|warning| warning.to_string()),
        suggestions: feedback
            .map(|f| f.suggestions().iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
        guess_time: entropy.crack_times().offline_slow_hashing_1e4_per_second().to_string(),
    }
}

/// Refuses a passphrase that is empty, absurdly long, or weak and not accepted by name.
pub(crate) fn require_strong(passphrase: &SecretString, accept_weak: bool) -> Result<(), Error> {
    // EXPOSE: its length is looked at.
    match passphrase.expose().len() {
        0 => return Err(Error::new(ErrorCode::WeakPassphrase, "the passphrase is empty")),
        len if len > MAX_BYTES => {
            return Err(Error::invalid(format!("the passphrase is longer than {MAX_BYTES} bytes")));
        }
        _ => {}
    }
    let strength = measure(passphrase);
    if accept_weak || strength.acceptable {
        return Ok(());
    }
    let why = strength.warning.unwrap_or_else(|| "it is too easy to guess".into());
    let why = why.trim_end_matches('.').to_owned();
    Err(Error::new(ErrorCode::WeakPassphrase, format!("the passphrase is weak: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::new(text.into())
    }

    #[test]
    fn weak_ones_are_refused_unless_accepted_by_name() {
        for weak in ["password1", "keyreeve", "qwertz123"] {
            assert_eq!(
                require_strong(&secret(weak), false).unwrap_err().code(),
                ErrorCode::WeakPassphrase
            );
            assert!(require_strong(&secret(weak), true).is_ok());
        }
        assert!(require_strong(&secret("ledger brass tulip orbit"), false).is_ok());
    }

    #[test]
    fn an_empty_one_is_refused_even_when_weak_ones_are_accepted() {
        assert!(require_strong(&secret(""), true).is_err());
    }

    #[test]
    fn a_huge_one_is_refused_without_work() {
        assert!(require_strong(&secret(&"ä🔑".repeat(1_000_000)), true).is_err());
    }
}
