//! `keyreeve slot …`.

use clap::{Args, Subcommand};
use keyreeve_app::api::{
    AddPassphraseSlotRequest, ChangePassphraseRequest, RemoveSlotRequest, SlotResponse, SlotView,
    TestSlotRequest, VaultPathRequest,
};
use keyreeve_app::{World, slots, vault};
use keyreeve_crypto::SecretString;

use crate::args::CostArgs;
use crate::context::{Context, find_slot, unlock};
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::{pairs, table};
use crate::world::world;

/// Ways to unlock.
#[derive(Debug, Subcommand)]
pub(crate) enum SlotCommand {
    /// Lists the slots and when each was last used
    List,
    /// Adds a slot
    #[command(subcommand)]
    Add(AddCommand),
    /// Changes a slot's passphrase
    Change(ChangeArgs),
    /// Unlocks with one slot, changes nothing, and logs that
    Test(SlotArgs),
    /// Removes a slot
    Remove(SlotArgs),
}

/// Kinds of slots.
#[derive(Debug, Subcommand)]
pub(crate) enum AddCommand {
    /// Adds a passphrase
    Passphrase(AddArgs),
}

/// Adds a passphrase.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The slot's name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What it lets one do
    #[arg(long, default_value = "operator", value_parser = ["administrator", "operator", "auditor"])]
    role: String,
    /// Takes the passphrase although it is easy to guess
    #[arg(long)]
    accept_weak_passphrase: bool,
    #[command(flatten)]
    cost: CostArgs,
}

/// Changes a passphrase.
#[derive(Debug, Args)]
pub(crate) struct ChangeArgs {
    /// The slot's identifier, the beginning of it, or its name
    #[arg(value_name = "SLOT")]
    wanted: String,
    /// Takes the passphrase although it is easy to guess
    #[arg(long)]
    accept_weak_passphrase: bool,
    #[command(flatten)]
    cost: CostArgs,
}

/// Names a slot.
#[derive(Debug, Args)]
pub(crate) struct SlotArgs {
    /// The slot's identifier, the beginning of it, or its name
    #[arg(value_name = "SLOT")]
    wanted: String,
}

pub(crate) fn run(context: &Context, command: SlotCommand) -> Result<Answer, Failure> {
    match command {
        SlotCommand::List => list(context),
        SlotCommand::Add(AddCommand::Passphrase(args)) => add(context, args),
        SlotCommand::Change(args) => change(context, &args),
        SlotCommand::Test(args) => test(context, &args),
        SlotCommand::Remove(args) => remove(context, &args),
    }
}

/// The slots as people read them.
pub(crate) fn table_of(slots: &[SlotView]) -> String {
    let rows: Vec<_> = slots
        .iter()
        .map(|slot| {
            vec![
                slot.name.clone(),
                slot.kind.clone(),
                slot.role.clone(),
                slot.last_used_at.clone().unwrap_or_else(|| "–".into()),
                slot.id.clone(),
            ]
        })
        .collect();
    table(&["slot", "kind", "role", "last used", "identifier"], &rows)
}

fn list(context: &Context) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| {
        let list = slots::list_slots(session)?;
        Answer::new(&list, table_of(&list.slots))
    })
}

fn add(context: &Context, args: AddArgs) -> Result<Answer, Failure> {
    context.with_session(&world(args.cost.params()), |session| {
        let proof = session.just_authenticated()?;
        let request = AddPassphraseSlotRequest {
            new_passphrase: context.new_passphrase("Passphrase for the new slot", false)?,
            name: args.name,
            role: args.role,
            passphrase: given(),
            accept_weak_passphrase: args.accept_weak_passphrase,
        };
        done(&slots::add_passphrase_slot(session, &request, &proof)?)
    })
}

fn change(context: &Context, args: &ChangeArgs) -> Result<Answer, Failure> {
    let world = world(args.cost.params());
    let slot = resolve(context, &world, &args.wanted)?;
    context.with_session(&world, |session| {
        let proof = session.just_authenticated()?;
        let request = ChangePassphraseRequest {
            slot: slot.id.clone(),
            new_passphrase: context.new_passphrase("The slot's new passphrase", false)?,
            passphrase: given(),
            accept_weak_passphrase: args.accept_weak_passphrase,
        };
        done(&slots::change_passphrase(session, &request, &proof)?)
    })
}

/// The passphrase is that of the slot to be tested; the vault is unlocked with it.
fn test(context: &Context, args: &SlotArgs) -> Result<Answer, Failure> {
    let world = world(None);
    let slot = resolve(context, &world, &args.wanted)?;
    let mut request = context.unlock_request(&world)?;
    request.slot = Some(slot.id.clone());
    let session = unlock(&world, &request)?;
    context.with_unlocked(session, |session| {
        let request = TestSlotRequest { slot: slot.id.clone(), passphrase: request.passphrase };
        done(&slots::test_slot(session, &request)?)
    })
}

fn remove(context: &Context, args: &SlotArgs) -> Result<Answer, Failure> {
    context.can_confirm("Removing a slot")?;
    let world = world(None);
    let slot = resolve(context, &world, &args.wanted)?;
    context.with_session(&world, |session| {
        let proof = session.just_authenticated()?;
        context.confirm(&format!(
            "The slot “{}” ({}, {}) is removed: its passphrase no longer unlocks this vault.\n\
             An older copy of the vault still opens with it.",
            slot.name, slot.kind, slot.role
        ))?;
        let request = RemoveSlotRequest { slot: slot.id.clone(), passphrase: given() };
        done(&slots::remove_slot(session, &request, &proof)?)
    })
}

/// The slot that was named: one, not any of a kind.
fn resolve(context: &Context, world: &World, wanted: &str) -> Result<SlotView, Failure> {
    let path = context.vault()?.to_owned();
    let slots = vault::vault_status(world, &VaultPathRequest { path })?.slots;
    let named: Vec<_> = slots
        .iter()
        .filter(|slot| slot.name == wanted || slot.id == wanted)
        .map(|slot| slot.id.clone())
        .collect();
    let id = match named.as_slice() {
        [id] => Some(id.clone()),
        _ => find_slot(&slots, wanted)?,
    };
    slots.into_iter().find(|slot| Some(&slot.id) == id.as_ref()).ok_or_else(|| {
        Failure::usage(
            "A kind is no slot.",
            "Name one slot by its identifier or name; `keyreeve slot list` shows them.",
        )
    })
}

/// The passphrase was given a moment ago, to unlock.
fn given() -> SecretString {
    SecretString::new(String::new())
}

fn done(response: &SlotResponse) -> Result<Answer, Failure> {
    let slot = &response.slot;
    let text = pairs(&[
        ("Slot", slot.name.clone()),
        ("Identifier", slot.id.clone()),
        ("Kind", slot.kind.clone()),
        ("Role", slot.role.clone()),
        ("Created", slot.created_at.clone()),
        ("Last used", slot.last_used_at.clone().unwrap_or_default()),
        ("Audit event", response.audit_seq.to_string()),
    ]);
    Answer::new(response, text)
}
