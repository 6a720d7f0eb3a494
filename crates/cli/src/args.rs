//! The command line: global options and the commands.

use std::process::ExitCode;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use keyreeve_app::api::{ErrorCode, ErrorView};
use keyreeve_crypto::{Algorithm, Argon2Params, Purpose};

use crate::commands::audit::AuditCommand;
use crate::commands::backup::BackupCommand;
use crate::commands::byok::ByokArgs;
use crate::commands::card::CardCommand;
use crate::commands::cert::CertCommand;
use crate::commands::examine::ExamineArgs;
use crate::commands::init::InitArgs;
use crate::commands::inventory::InventoryArgs;
use crate::commands::key::KeyCommand;
use crate::commands::public::PublicCommand;
use crate::commands::shell::{CompletionsArgs, FolderArgs};
use crate::commands::slot::SlotCommand;
use crate::commands::status::StatusArgs;
use crate::exit;
use crate::failure::Failure;
use crate::output;
use crate::secrets::PassphraseArgs;

/// Keyreeve keeps keys: their lifecycle, rotation, policy, audit log and backups, in one encrypted
/// vault.
#[derive(Debug, Parser)]
#[command(
    name = "keyreeve",
    version,
    about,
    long_about = None,
    subcommand_required = true,
    arg_required_else_help = true,
    after_long_help = AFTER_HELP
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  done
  1  refused by state or policy, or cancelled
  2  wrong use
  3  cannot unlock
  4  not found
  5  a bad input file
  6  an integrity or rollback alarm
  7  a device or service is absent
  8  reading or writing failed (disk full, read-only)
  9  the vault is busy

Keys are named by name, identifier, or a unique beginning of the identifier. Times are RFC 3339
(2027-01-31T12:00:00Z), periods ISO 8601 (P1Y, P30D). A passphrase is read from the terminal, a file
descriptor or a file; never from an argument or the environment.";

/// The cure of a wrong use.
const SEE_HELP: &str = "See the command's --help.";

/// What every command understands.
#[derive(Debug, Clone, Args)]
pub(crate) struct GlobalArgs {
    /// The vault's folder
    #[arg(
        long,
        global = true,
        env = "KEYREEVE_VAULT",
        value_name = "DIR",
        hide_env_values = true,
        help_heading = "Common options"
    )]
    pub(crate) vault: Option<String>,
    /// Prints one JSON document on stdout, and nothing else there
    #[arg(long, global = true, help_heading = "Common options")]
    pub(crate) json: bool,
    /// Answers every question with yes
    #[arg(long, short = 'y', global = true, help_heading = "Common options")]
    pub(crate) yes: bool,
    /// Never asks anything; what would need an answer is refused
    #[arg(long, global = true, help_heading = "Common options")]
    pub(crate) no_input: bool,
    /// The unlock slot to use: its identifier, name or kind
    #[arg(long, global = true, value_name = "ID|KIND", help_heading = "Common options")]
    pub(crate) slot: Option<String>,
    /// Goes on although the computer's clock runs behind the audit log; this is logged
    #[arg(long, global = true, help_heading = "Alarms")]
    pub(crate) accept_clock: bool,
    /// Goes on although the vault is older than the one last used here; this is logged
    #[arg(long, global = true, help_heading = "Alarms")]
    pub(crate) accept_rollback: bool,
    /// Asks for a card's PIN here although its reader has a PIN pad
    #[arg(long, global = true, help_heading = "Passphrases")]
    pub(crate) no_pin_pad: bool,
    #[command(flatten)]
    pub(crate) passphrases: PassphraseArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes a vault with a first passphrase
    Init(InitArgs),
    /// Says what the vault is; with a passphrase also what is in it
    Status(StatusArgs),
    /// Makes, lists, changes and takes out keys
    #[command(subcommand)]
    Key(Box<KeyCommand>),
    /// Looks into files of keys without bringing anything in; needs no vault
    Examine(ExamineArgs),
    /// Lists, verifies, exports and proves the audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Makes, verifies, restores and lists backups
    #[command(subcommand)]
    Backup(BackupCommand),
    /// Lists, adds, changes, tests and removes ways to unlock
    #[command(subcommand)]
    Slot(SlotCommand),
    /// Requests, self-signs and issues certificates with keys of the vault
    #[command(subcommand)]
    Cert(CertCommand),
    /// Public keys whose private halves are elsewhere
    #[command(subcommand)]
    Public(PublicCommand),
    /// Looks at smartcards
    #[command(subcommand)]
    Card(CardCommand),
    /// Wraps a key for a cloud's key service, which alone can open it
    Byok(ByokArgs),
    /// Writes an inventory of all keys, never a value
    Inventory(InventoryArgs),
    /// Does what is due: activates, deactivates and destroys
    RunDue,
    /// Asks a running window to lock its vault
    Lock,
    /// Prints a completion script for a shell
    Completions(CompletionsArgs),
    /// Writes the manual pages into a folder
    #[command(hide = true)]
    GenerateMan(FolderArgs),
    /// Writes the completion scripts into a folder
    #[command(hide = true)]
    GenerateCompletions(FolderArgs),
}

/// What guessing a new slot's passphrase costs.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct CostArgs {
    /// Memory that deriving a key from the passphrase takes, in KiB, instead of what is measured
    /// on this computer; 65536 to 4194304
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(65_536..=4_194_304),
        help_heading = "For experts"
    )]
    kdf_memory_kib: Option<u32>,
    /// Passes over that memory; 3 to 64
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(3..=64),
        help_heading = "For experts"
    )]
    kdf_passes: Option<u32>,
}

impl CostArgs {
    /// The cost; `None` when it is to be measured.
    pub(crate) fn params(&self) -> Option<Argon2Params> {
        if self.kdf_memory_kib.is_none() && self.kdf_passes.is_none() {
            return None;
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let floor = Argon2Params::floor(cores);
        Some(Argon2Params {
            memory_kib: self.kdf_memory_kib.unwrap_or(floor.memory_kib),
            time_cost: self.kdf_passes.unwrap_or(floor.time_cost),
            ..floor
        })
    }
}

/// Takes an algorithm by name.
pub(crate) fn algorithm() -> impl TypedValueParser<Value = Algorithm> {
    one_of(Algorithm::ALL.iter().map(|known| known.name()))
}

/// Takes a purpose by name.
pub(crate) fn purpose() -> impl TypedValueParser<Value = Purpose> {
    one_of(Purpose::ALL.iter().map(|known| known.name()))
}

/// Takes one of `names` as a `T`.
pub(crate) fn one_of<T>(
    names: impl Iterator<Item = &'static str>,
) -> impl TypedValueParser<Value = T>
where
    T: FromStr + Clone + Send + Sync + 'static,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    PossibleValuesParser::new(names.collect::<Vec<_>>()).try_map(|name| name.parse())
}

/// Answers a command line that was not understood, or that asked for help.
pub(crate) fn refuse(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::print(&error.render().to_string(), 0)
        }
        _ if std::env::args_os().any(|arg| arg == "--json") => output::refuse(true, &view(error)),
        _ => {
            output::note(error.render().to_string().trim_end());
            ExitCode::from(exit::USAGE)
        }
    }
}

/// clap's words, without its advice.
fn view(error: &clap::Error) -> ErrorView {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand
    ) {
        return Failure::usage("No command is named.", SEE_HELP).0;
    }
    let text = error.render().to_string();
    let said = text.split("\n\n").next().unwrap_or_default();
    let said = said.trim_start_matches("error: ").trim();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = said.trim_end_matches('.').chars();
    let first: String = rest.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    ErrorView {
        code: ErrorCode::InvalidRequest,
        message: format!("{first}{}.", rest.as_str()),
        cure: SEE_HELP.into(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_cost_that_is_taken_is_one_that_unlocks() {
        let params = |memory: &str, passes: &str| {
            let words = ["keyreeve", "init", "--kdf-memory-kib", memory, "--kdf-passes", passes];
            let Ok(Cli { command: Command::Init(args), .. }) = Cli::try_parse_from(words) else {
                return None;
            };
            Some(args.cost.params().unwrap())
        };
        for (memory, passes) in [("65536", "3"), ("4194304", "64")] {
            assert!(params(memory, passes).unwrap().check().is_ok());
        }
        for (memory, passes) in [("65535", "3"), ("4194305", "3"), ("65536", "2"), ("65536", "65")]
        {
            assert!(params(memory, passes).is_none(), "{memory} {passes}");
        }
    }

    #[test]
    fn no_argument_takes_a_secret() {
        fn all(command: &clap::Command, into: &mut Vec<String>) {
            into.extend(command.get_arguments().map(|arg| arg.get_id().to_string()));
            command.get_subcommands().for_each(|inner| all(inner, into));
        }
        let mut ids = Vec::new();
        all(&Cli::command(), &mut ids);
        let secret = ids.iter().filter(|id| {
            (id.contains("passphrase") || id.contains("password")) && !id.contains("accept")
        });
        for id in secret {
            assert!(id.ends_with("_fd") || id.ends_with("_file"), "{id} would be in argv");
        }
    }
}
