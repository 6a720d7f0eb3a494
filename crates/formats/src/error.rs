//! Why a key could not be written.

use keyreeve_crypto::{Algorithm, IdentifyError, RandomError};

use crate::format::{Format, names, private_formats_for, public_formats_for};

/// Why a key could not be written. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The material, or the public half, is not a sound key of the algorithm.
    #[error("the key was not exported, because it does not pass its own check: {0}")]
    Key(#[from] IdentifyError),
    /// The algorithm's private keys have no such format.
    #[error(
        "a private {algorithm} key cannot be written as {format}; choose one of: {}",
        names(private_formats_for(*.algorithm))
    )]
    Unsupported {
        /// The key's algorithm.
        algorithm: Algorithm,
        /// The format asked for.
        format: Format,
    },
    /// The algorithm's public keys have no such format.
    #[error(
        "the public half of a {algorithm} key cannot be written as {format}; choose one of: {}",
        names(public_formats_for(*.algorithm))
    )]
    UnsupportedPublic {
        /// The key's algorithm.
        algorithm: Algorithm,
        /// The format asked for.
        format: Format,
    },
    /// The format holds public keys only, and a private key was to be written.
    #[error("{0} holds public keys only; ask for the public half, or choose a private format")]
    PublicFormat(Format),
    /// The format has no form in the clear.
    #[error("{0} files are always encrypted; give a passphrase, or choose pkcs8-pem")]
    NeedsPassphrase(Format),
    /// scrypt was asked for, and the format has another way of its own.
    #[error("{0} stretches a passphrase in its own way; choose pkcs8-pem, or leave scrypt out")]
    NoScrypt(Format),
    /// The passphrase has characters that the format cannot spell.
    #[error("{0} cannot hold this passphrase; leave out emoji and other characters beyond U+FFFF")]
    Passphrase(Format),
    /// The certificate that was to go with it does not.
    #[error("the certificate {0}")]
    Certificate(String),
    /// The format has no encryption of its own.
    #[error(
        "{0} has no passphrase encryption; choose a format that has, or encrypt the file for a \
         recipient"
    )]
    NoPassphrase(Format),
    /// The passphrase is empty, which some tools take for no encryption at all.
    #[error("the export passphrase is empty; choose one, or ask for a file in the clear")]
    EmptyPassphrase,
    /// No randomness for a salt.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The encoder failed.
    #[error("the key could not be encoded as {0}; nothing was written")]
    Encoding(Format),
}
