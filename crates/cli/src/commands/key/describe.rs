//! The options that describe a key, shared by making and editing.

use clap::Args;
use clap::builder::PossibleValuesParser;
use keyreeve_app::api::{FieldView, PolicyRequest, WhereUsedView};
use keyreeve_domain::{PolicyTemplate, WhereUsedKind};

/// The kinds of places that `--where-used` takes.
const PLACES: [WhereUsedKind; 4] =
    [WhereUsedKind::Host, WhereUsedKind::Application, WhereUsedKind::Path, WhereUsedKind::Url];

/// What a key's policy is to be.
#[derive(Debug, Args)]
#[command(next_help_heading = "Policy")]
pub(super) struct PolicyArgs {
    /// The policy to start from
    #[arg(long, value_name = "NAME", value_parser = templates())]
    policy: Option<String>,
    /// How long a version protects (P1Y); empty for no end
    #[arg(long, value_name = "PERIOD")]
    originator_usage: Option<String>,
    /// How long a version processes (P3Y); empty for no end
    #[arg(long, value_name = "PERIOD")]
    recipient_usage: Option<String>,
    /// How long a replaced version stays active (P7D); empty for not at all
    #[arg(long, value_name = "PERIOD")]
    overlap: Option<String>,
    /// How long before the end to warn (P30D)
    #[arg(long, value_name = "PERIOD")]
    warn_before: Option<String>,
    /// Whether the end of the period deactivates the version by itself
    #[arg(long, value_name = "true|false")]
    ends_use: Option<bool>,
}

impl PolicyArgs {
    /// The policy asked for; `None` when no option names one.
    pub(super) fn request(self) -> Option<PolicyRequest> {
        let request = PolicyRequest {
            template: self.policy,
            originator_usage: self.originator_usage,
            recipient_usage: self.recipient_usage,
            overlap: self.overlap,
            warn_before: self.warn_before,
            ends_use: self.ends_use,
        };
        (request != PolicyRequest::default()).then_some(request)
    }
}

fn templates() -> PossibleValuesParser {
    PossibleValuesParser::new(PolicyTemplate::ALL.iter().map(|known| known.name()))
}

/// Takes `host=db-1`, `application=…`, `path=…` or `url=…`.
pub(super) fn place(text: &str) -> Result<WhereUsedView, String> {
    let (kind, value) = text.split_once('=').ok_or("write it as KIND=PLACE")?;
    let kind = PLACES.into_iter().find(|known| known.name() == kind);
    let kind = kind.ok_or("its kind is none of host, application, path, url")?;
    Ok(WhereUsedView { kind, value: value.into() })
}

/// Takes `name=value`.
pub(super) fn field(text: &str) -> Result<FieldView, String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok(FieldView { name: name.into(), value: value.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_fields_are_split_at_the_first_equals_sign() {
        assert_eq!(place("url=https://a/?b=c").unwrap().value, "https://a/?b=c");
        assert_eq!(field("cost centre=a=b").unwrap().value, "a=b");
        assert!(place("moon=x").is_err());
        assert!(place("host").is_err());
        assert!(field("x").is_err());
    }
}
