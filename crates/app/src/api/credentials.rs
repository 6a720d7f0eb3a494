//! What someone who wants in can show.

use keyreeve_crypto::SecretString;
use keyreeve_domain::ports;
use serde::Deserialize;
use ts_rs::TS;

/// What someone who wants in can show: to unlock, and to prove again who is there.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Credentials {
    /// A passphrase.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// A card's PIN. An empty one says: it is typed on the reader's PIN pad.
    #[ts(as = "Option<String>", optional)]
    pub pin: Option<SecretString>,
    /// The card to use, by its serial number; the one that fits, if absent.
    #[ts(optional)]
    pub card: Option<String>,
    /// Recovery shares in any order, or one recovery code.
    #[ts(as = "Option<Vec<String>>", optional)]
    pub recovery: Vec<SecretString>,
    /// Whether the operating system's keyring may be asked.
    #[ts(as = "Option<bool>", optional)]
    pub keyring: bool,
}

impl Credentials {
    /// A passphrase and nothing else.
    #[must_use]
    pub fn of_passphrase(passphrase: SecretString) -> Self {
        Self { passphrase: Some(passphrase), ..Self::default() }
    }

    /// As the header takes them.
    #[must_use]
    pub fn shown(&self) -> ports::Credentials<'_> {
        ports::Credentials {
            passphrase: self.passphrase.as_ref(),
            pin: self.pin.as_ref(),
            card: self.card.as_deref(),
            recovery: &self.recovery,
            keyring: self.keyring,
        }
    }
}
