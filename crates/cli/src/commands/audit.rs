//! `keyreeve audit …`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use keyreeve_app::api::{
    AuditExportRequest, AuditProveRequest, AuditVerifyResponse, EventListRequest, EventView,
    JobRequest,
};
use keyreeve_app::audit;
use keyreeve_domain::audit::Action;
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as NameError;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::{pairs, table};
use crate::world::world;

/// The audit log.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Lists events, newest first
    List(ListArgs),
    /// Verifies the log and every key against it; or an exported file, with no vault
    Verify(VerifyArgs),
    /// Writes the whole log into a file that anyone can verify
    Export(ExportArgs),
    /// Proves that an event is in the log, or that the log only grew
    Prove(ProveArgs),
}

/// Lists events.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only events about this key
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Only events of this action, such as key.rotate
    #[arg(long, value_name = "ACTION", value_parser = action, hide_possible_values = true)]
    action: Option<Action>,
    /// Only events at or after this time
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only events before this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Only events before this sequence number: the last one of the page before
    #[arg(long, value_name = "SEQ")]
    before: Option<u64>,
    /// How many events at most, up to 1000
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
}

/// Verifies.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// An exported log; the vault's own when none is named
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Exports.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: String,
}

/// Proves.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ProveArgs {
    /// The sequence number of the event to prove included
    #[arg(long, value_name = "SEQ")]
    entry: Option<u64>,
    /// The older size of the log that it must have grown from
    #[arg(long, value_name = "SIZE")]
    since_size: Option<u64>,
}

pub(crate) fn run(context: &Context, command: AuditCommand) -> Result<Answer, Failure> {
    match command {
        AuditCommand::List(args) => list(context, args),
        AuditCommand::Verify(args) => match &args.file {
            Some(file) => verified(&audit::verify_audit_file(Path::new(file))?),
            None => verify(context),
        },
        AuditCommand::Export(args) => export(context, args),
        AuditCommand::Prove(args) => prove(context, &args),
    }
}

fn action(name: &str) -> Result<Action, String> {
    Action::deserialize(name.into_deserializer()).map_err(|_unknown: NameError| {
        let known: Vec<_> = Action::ALL.iter().map(|action| action.name()).collect();
        format!("it is none of {}", known.join(" "))
    })
}

fn list(context: &Context, args: ListArgs) -> Result<Answer, Failure> {
    let request = EventListRequest {
        key: args.key,
        action: args.action,
        since: args.since,
        until: args.until,
        before_seq: args.before,
        limit: Some(args.limit),
    };
    context.with_session(&world(None), |session| {
        let list = audit::list_events(session, &request)?;
        let rows: Vec<_> = list.events.iter().map(row).collect();
        let text = table(&["seq", "time", "actor", "action", "object", "outcome"], &rows);
        Answer::new(&list, text)
    })
}

fn row(event: &EventView) -> Vec<String> {
    let mut object = event.object_name.clone().unwrap_or_else(|| event.object.clone());
    if let Some(version) = event.version {
        object.push_str(&format!(" v{version}"));
    }
    vec![
        event.seq.to_string(),
        event.time.clone(),
        event.actor.clone(),
        event.action.name().into(),
        object,
        format!("{:?}", event.outcome).to_lowercase(),
    ]
}

fn verify(context: &Context) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| {
        let line = context.line("Verifying");
        let response = audit::verify_audit(session, &JobRequest::default(), &line)?;
        drop(line);
        verified(&response)
    })
}

fn verified(response: &AuditVerifyResponse) -> Result<Answer, Failure> {
    let mut text = pairs(&[
        ("Audit log", "verified".into()),
        ("Events", response.size.to_string()),
        ("Root", response.root.clone()),
        ("Checkpoints", response.checkpoints.to_string()),
        ("Keys", response.keys.map(|keys| keys.to_string()).unwrap_or_default()),
    ]);
    if let Some(checkpoint) = &response.checkpoint {
        text.push_str(&format!("\n{checkpoint}"));
    }
    Answer::new(response, text)
}

fn export(context: &Context, args: ExportArgs) -> Result<Answer, Failure> {
    let request = AuditExportRequest { out: args.out, job: None };
    context.with_session(&world(None), |session| {
        let line = context.line("Writing");
        let response = audit::export_audit(session, &request, &line)?;
        drop(line);
        let text = pairs(&[
            ("File", response.file.clone()),
            ("Events", response.entries.to_string()),
            ("Bytes", response.bytes.to_string()),
        ]);
        Answer::new(&response, text)
    })
}

fn prove(context: &Context, args: &ProveArgs) -> Result<Answer, Failure> {
    let request = AuditProveRequest { entry: args.entry, since_size: args.since_size };
    context.with_session(&world(None), |session| {
        let proof = audit::prove_audit(session, &request)?;
        let mut text = pairs(&[
            ("Proof", proof.kind.clone()),
            ("Of", proof.of.to_string()),
            ("Hash", proof.hash.clone()),
            ("Log size", proof.size.to_string()),
            ("Root", proof.root.clone()),
            ("Event", proof.entry.clone().unwrap_or_default()),
        ]);
        for node in &proof.proof {
            text.push_str(&format!("node {node}\n"));
        }
        text.push_str(&format!("\n{}", proof.checkpoint));
        Answer::new(&proof, text)
    })
}
