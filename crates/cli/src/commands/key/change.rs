//! `keyreeve key rotate|activate|suspend|resume|deactivate|cancel-destroy|revoke|destroy`.

use clap::Args;
use jiff::Timestamp;
use keyreeve_app::api::{
    ChangeKeyRequest, DestroyKeyRequest, KeyRequest, KeyResponse, KeyView, ResumeKeyRequest,
    RevokeKeyRequest,
};
use keyreeve_app::{Error, UnlockedSession, keys};
use keyreeve_domain::{DEFAULT_DESTRUCTION_WAIT_DAYS, Period};

use crate::commands::key::view;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::world::world;

/// Names a key that is to be changed.
#[derive(Debug, Args)]
struct Target {
    /// The key
    #[arg(value_name = "KEY")]
    key: String,
    /// The version; the primary one, or all that apply, if not given
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// Refuses when the key has another revision than this
    #[arg(long, value_name = "REVISION")]
    expect_revision: Option<u64>,
}

/// Changes a key.
#[derive(Debug, Args)]
pub(crate) struct ChangeArgs {
    #[command(flatten)]
    target: Target,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// Changes nothing; shows what would come of it
    #[arg(long)]
    dry_run: bool,
}

/// Reports a version compromised.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    #[command(flatten)]
    target: Target,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// When it happened; now if not given
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// Schedules a destruction.
#[derive(Debug, Args)]
pub(crate) struct DestroyArgs {
    #[command(flatten)]
    target: Target,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// How long to wait, P7D to P90D; P30D if not given
    #[arg(long, value_name = "PERIOD", value_parser = days)]
    after: Option<u16>,
}

type UseCase = fn(&UnlockedSession, &ChangeKeyRequest) -> Result<KeyResponse, Error>;

/// A change that can be undone, or that takes nothing away.
pub(super) fn plain(
    context: &Context,
    args: ChangeArgs,
    use_case: UseCase,
) -> Result<Answer, Failure> {
    let request = args.request();
    context.with_session(&world(None), |session| view::answer(&use_case(session, &request)?))
}

/// Who came in by the passphrase for this one operation need not enter it a second time.
pub(super) fn resume(context: &Context, args: ChangeArgs) -> Result<Answer, Failure> {
    let ChangeKeyRequest { key, version, expected_revision, reason, dry_run } = args.request();
    let request =
        ResumeKeyRequest { key, version, expected_revision, reason, dry_run, proof: None };
    context
        .with_session(&world(None), |session| view::answer(&keys::resume_key(session, &request)?))
}

pub(super) fn deactivate(context: &Context, args: ChangeArgs) -> Result<Answer, Failure> {
    if args.dry_run {
        return plain(context, args, keys::deactivate_key);
    }
    context.can_confirm("Deactivating a key")?;
    let mut request = args.request();
    context.with_session(&world(None), |session| {
        let what = "It protects nothing new from then on, and is never active again.";
        request.expected_revision =
            confirm(context, session, &request.key, args.target.expect_revision, what)?;
        view::answer(&keys::deactivate_key(session, &request)?)
    })
}

pub(super) fn revoke(context: &Context, args: RevokeArgs) -> Result<Answer, Failure> {
    context.can_confirm("Revoking a key")?;
    context.with_session(&world(None), |session| {
        let what = "It is reported compromised: that cannot be taken back.";
        let target = args.target;
        let expected = confirm(context, session, &target.key, target.expect_revision, what)?;
        let request = RevokeKeyRequest {
            key: target.key,
            version: target.version,
            expected_revision: expected,
            reason: args.reason,
            at: args.at,
        };
        view::answer(&keys::revoke_key(session, &request)?)
    })
}

pub(super) fn destroy(context: &Context, args: DestroyArgs) -> Result<Answer, Failure> {
    context.can_confirm("Destroying a key")?;
    context.with_session(&world(None), |session| {
        let days = args.after.unwrap_or(DEFAULT_DESTRUCTION_WAIT_DAYS);
        let what = format!(
            "Its material is destroyed in {days} days. Until then nothing can use it, and \
             `keyreeve key cancel-destroy` takes it back."
        );
        let target = args.target;
        let expected = confirm(context, session, &target.key, target.expect_revision, &what)?;
        let request = DestroyKeyRequest {
            key: target.key,
            version: target.version,
            expected_revision: expected,
            wait_days: args.after,
            reason: args.reason,
        };
        view::answer(&keys::destroy_key(session, &request)?)
    })
}

impl ChangeArgs {
    fn request(&self) -> ChangeKeyRequest {
        ChangeKeyRequest {
            key: self.target.key.clone(),
            version: self.target.version,
            expected_revision: self.target.expect_revision,
            reason: self.reason.clone(),
            dry_run: self.dry_run,
        }
    }
}

/// Shows what a change hits and asks. What was confirmed is what is then changed: the revision
/// seen is the one to expect.
fn confirm(
    context: &Context,
    session: &UnlockedSession,
    key: &str,
    expected: Option<u64>,
    what: &str,
) -> Result<Option<u64>, Failure> {
    if context.global.yes {
        return Ok(expected);
    }
    let seen = keys::show_key(session, &KeyRequest { key: key.to_owned() })?.key;
    context.confirm(&hit(&seen, what))?;
    Ok(expected.or(Some(seen.revision)))
}

fn hit(key: &KeyView, what: &str) -> String {
    let mut text =
        format!("“{}”, {} for {}: {}\n", key.name, key.algorithm, key.purpose, key.state);
    for place in &key.where_used {
        text.push_str(&format!("  used at {} {}\n", place.kind.name(), place.value));
    }
    let last_used = key.last_used_at.as_deref().unwrap_or("never");
    text.push_str(&format!("  last used {last_used}\n"));
    let mut files: Vec<_> =
        key.versions.iter().flat_map(|version| &version.backups).map(|held| &held.file).collect();
    files.sort();
    files.dedup();
    for file in files {
        text.push_str(&format!("  in the backup {file}\n"));
    }
    text.push_str(what);
    text
}

/// A waiting period in whole days.
fn days(text: &str) -> Result<u16, String> {
    let period: Period =
        text.parse().map_err(|error: keyreeve_domain::PeriodError| error.to_string())?;
    let start = Timestamp::UNIX_EPOCH;
    let hours = period.after(start).duration_since(start).as_hours();
    u16::try_from(hours / 24).map_err(|_beyond| "it is too long".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_periods_are_whole_days() {
        assert_eq!(days("P7D").unwrap(), 7);
        assert_eq!(days("P2W").unwrap(), 14);
        assert_eq!(days("P90D").unwrap(), 90);
        assert!(days("30").is_err());
        assert!(days("PT1H").is_err());
        assert!(days("P0D").is_err());
    }
}
