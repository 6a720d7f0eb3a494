//! `keyreeve slot …`.

mod card;
mod recovery;
mod recovery_page;

use clap::{Args, Subcommand};
use keyreeve_app::api::{
    AddSlotRequest, CardApplicationView, ChangePassphraseRequest, CostView, Credentials, ErrorCode,
    NewSlotPart, RecalibrateSlotRequest, RemoveSlotRequest, RenameSlotRequest,
    RotateMaterialKeyResponse, SlotResponse, SlotView, TestSlotRequest, VaultPathRequest,
};
use keyreeve_app::cards::awaited_card;
use keyreeve_app::{UnlockedSession, World, slots, vault};
use keyreeve_crypto::SecretString;

use self::card::{AddCardArgs, CardArgs};
use crate::args::CostArgs;
use crate::context::{Context, Wanted, find_slot, tries, unlock};
use crate::failure::Failure;
use crate::output::Answer;
use crate::pad;
use crate::table::{pairs, table};
use crate::touch::TouchHint;
use crate::world::world;

/// The kind of a slot that is a passphrase alone.
const PASSPHRASE: &str = "passphrase";

/// What the progress of wrapping keys anew is called.
const REWRAPPING: &str = "Wrapping keys anew";

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
    /// Makes guessing a slot's passphrase as costly as this computer would make it today
    Recalibrate(RecalibrateArgs),
    /// Gives a slot another name
    Rename(RenameArgs),
    /// Unlocks with one slot, changes nothing, and logs that
    Test(SlotArgs),
    /// Removes a slot
    Remove(RemoveArgs),
    /// Makes a new material key, so that a removed slot and an old header reach no material any more
    RotateMaterialKey(RotateMaterialKeyArgs),
}

/// Kinds of slots.
#[derive(Debug, Subcommand)]
pub(crate) enum AddCommand {
    /// Adds a passphrase
    Passphrase(AddArgs),
    /// Adds a secret that the operating system's keyring keeps: any program of yours can ask for it
    OsKeyring(NewSlotArgs),
    /// Adds recovery shares (SLIP-39), or one recovery code, on paper
    Recovery(RecoveryArgs),
    /// Adds a slot that asks for several things at once
    AllOf(AllOfArgs),
    /// Adds the key in slot 9D of a PIV card
    Piv(AddCardArgs),
    /// Adds the decryption key of an OpenPGP card
    OpenpgpCard(AddCardArgs),
}

/// What every new slot has.
#[derive(Debug, Args)]
pub(crate) struct NewSlotArgs {
    /// The slot's name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What it lets one do
    #[arg(long, default_value = "operator", value_parser = ["administrator", "operator", "auditor"])]
    role: String,
}

/// Adds recovery shares or a code.
#[derive(Debug, Args)]
pub(crate) struct RecoveryArgs {
    /// The slot's name
    #[arg(long, value_name = "NAME", default_value = "Recovery")]
    name: String,
    /// What it lets one do
    #[arg(long, default_value = "administrator", value_parser = ["administrator", "operator", "auditor"])]
    role: String,
    /// How many shares are made; 2 to 16
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(2..=16))]
    shares: u8,
    /// How many of them are needed; 2 to all
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=16))]
    threshold: u8,
    /// Makes one code instead of shares
    #[arg(long, conflicts_with_all = ["shares", "threshold"])]
    code: bool,
    /// Removes this slot once the new one is there: the one whose sheets are to open nothing any more
    #[arg(long, value_name = "SLOT")]
    replaces: Option<String>,
    /// The page to print is written into this new file, which only you can read: print it, then delete it
    #[arg(long, value_name = "FILE")]
    out: String,
}

/// Adds a slot of several parts.
#[derive(Debug, Args)]
pub(crate) struct AllOfArgs {
    #[command(flatten)]
    new: NewSlotArgs,
    /// What it asks for
    #[arg(
        long,
        value_name = "KIND,KIND…",
        value_delimiter = ',',
        default_value = "passphrase,os-keyring",
        value_parser = ["passphrase", "piv", "openpgp-card", "os-keyring"]
    )]
    parts: Vec<String>,
    #[command(flatten)]
    card: CardArgs,
    /// Takes the passphrase although it is easy to guess
    #[arg(long)]
    accept_weak_passphrase: bool,
    #[command(flatten)]
    cost: CostArgs,
}

/// Adds a passphrase.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    new: NewSlotArgs,
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

/// Derives a slot's key anew. The vault is unlocked with that slot.
#[derive(Debug, Args)]
pub(crate) struct RecalibrateArgs {
    #[command(flatten)]
    slot: SlotArgs,
    #[command(flatten)]
    cost: CostArgs,
}

/// Renames a slot.
#[derive(Debug, Args)]
pub(crate) struct RenameArgs {
    /// The slot's identifier, the beginning of it, or its name
    #[arg(value_name = "SLOT")]
    wanted: String,
    /// The new name
    #[arg(long, value_name = "NAME")]
    name: String,
}

/// Removes a slot.
#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    #[command(flatten)]
    slot: SlotArgs,
    /// Rotates the material key too, so that the slot reaches no material with an old header either
    #[arg(long)]
    rotate_material_key: bool,
}

/// Rotates the material key.
#[derive(Debug, Args)]
pub(crate) struct RotateMaterialKeyArgs {
    /// Why, for the log
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
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
        SlotCommand::Add(AddCommand::Passphrase(args)) => {
            let parts = ["passphrase".to_owned()];
            let card = CardArgs::default();
            add(context, args.new, &parts, &card, args.accept_weak_passphrase, &args.cost)
        }
        SlotCommand::Add(AddCommand::OsKeyring(args)) => {
            let (kinds, card) = (["os-keyring".to_owned()], CardArgs::default());
            add(context, args, &kinds, &card, false, &CostArgs::default())
        }
        SlotCommand::Add(AddCommand::AllOf(args)) => {
            let weak = args.accept_weak_passphrase;
            add(context, args.new, &args.parts, &args.card, weak, &args.cost)
        }
        SlotCommand::Add(AddCommand::Recovery(args)) => recovery::add(context, args),
        SlotCommand::Add(AddCommand::Piv(args)) => add_card(context, args, "piv"),
        SlotCommand::Add(AddCommand::OpenpgpCard(args)) => add_card(context, args, "openpgp-card"),
        SlotCommand::Change(args) => change(context, &args),
        SlotCommand::Recalibrate(args) => recalibrate(context, &args),
        SlotCommand::Rename(args) => rename(context, args),
        SlotCommand::Test(args) => test(context, &args),
        SlotCommand::Remove(args) => remove(context, &args),
        SlotCommand::RotateMaterialKey(args) => rotate_material_key(context, &args.reason),
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

fn add_card(context: &Context, args: AddCardArgs, kind: &str) -> Result<Answer, Failure> {
    let kinds = [kind.to_owned()];
    add(context, args.new, &kinds, &args.card, false, &CostArgs::default())
}

/// Where a card is among the parts, the PIN's source is the new slot's, and what unlocks the vault for
/// it is another slot.
fn add(
    context: &Context,
    new: NewSlotArgs,
    kinds: &[String],
    card_args: &CardArgs,
    accept_weak: bool,
    cost: &CostArgs,
) -> Result<Answer, Failure> {
    let world = world(cost.params());
    let with = |card: Option<&CardApplicationView>, session: &UnlockedSession| {
        let proof = session.just_authenticated()?;
        let mut pin = card.map(|card| context.pin_of(card)).transpose()?;
        if let (Some(card), Some(pin)) = (card, &pin) {
            card_args.make_key(context, session, card, pin, &proof)?;
        }
        let part = |kind: &String| part(context, kind, card, &mut pin, accept_weak);
        let parts = kinds.iter().map(part).collect::<Result<_, _>>()?;
        let request = AddSlotRequest { name: new.name, role: new.role, parts, proof: given() };
        let _hint = TouchHint::after(pin_in(&request));
        done(&slots::add_slot(session, &request, &proof)?)
    };
    let Some(application) = kinds.iter().find_map(|kind| application(kind)) else {
        card_args.refuse_without_card()?;
        return context.with_session(&world, |session| with(None, session));
    };
    let request = context.unlock_request_without_card(&world)?;
    // Before the vault is unlocked for nothing.
    let card = awaited_card(&pad::cards(), application, card_args.serial.as_deref())?;
    card_args.check(context, &card)?;
    context.with_unlocked(unlock(&world, &request)?, |session| with(Some(&card), session))
}

/// One part of a new slot, with what it is made of.
fn part(
    context: &Context,
    kind: &str,
    card: Option<&CardApplicationView>,
    pin: &mut Option<SecretString>,
    accept_weak: bool,
) -> Result<NewSlotPart, Failure> {
    let mut pin_of = |card| pin.take().map_or_else(|| context.pin_of(card), Ok);
    Ok(match (kind, card) {
        ("os-keyring", _) => NewSlotPart::OsKeyring {},
        ("piv", Some(card)) => {
            NewSlotPart::PivCard { serial: card.serial.clone(), pin: pin_of(card)? }
        }
        ("openpgp-card", Some(card)) => {
            NewSlotPart::OpenpgpCard { serial: card.serial.clone(), pin: pin_of(card)? }
        }
        _ => NewSlotPart::Passphrase {
            passphrase: context.new_passphrase("Passphrase for the new slot", false)?,
            accept_weak,
        },
    })
}

/// The PIN among the parts of a new slot.
fn pin_in(request: &AddSlotRequest) -> Option<&SecretString> {
    request.parts.iter().find_map(|part| match part {
        NewSlotPart::PivCard { pin, .. } | NewSlotPart::OpenpgpCard { pin, .. } => Some(pin),
        _ => None,
    })
}

/// The card application of a kind of part.
fn application(kind: &str) -> Option<&'static str> {
    match kind {
        "piv" => Some("piv"),
        "openpgp-card" => Some("openpgp"),
        _ => None,
    }
}

fn change(context: &Context, args: &ChangeArgs) -> Result<Answer, Failure> {
    let world = world(args.cost.params());
    let slot = resolve(context, &world, &args.wanted)?;
    context.with_session(&world, |session| {
        let proof = session.just_authenticated()?;
        let request = ChangePassphraseRequest {
            slot: slot.id.clone(),
            new_passphrase: context.new_passphrase("The slot's new passphrase", false)?,
            proof: given(),
            accept_weak_passphrase: args.accept_weak_passphrase,
        };
        done(&slots::change_passphrase(session, &request, &proof)?)
    })
}

fn recalibrate(context: &Context, args: &RecalibrateArgs) -> Result<Answer, Failure> {
    let world = world(args.cost.params());
    let slot = resolve(context, &world, &args.slot.wanted)?;
    if slot.kind != PASSPHRASE {
        return Err(Failure::of(
            ErrorCode::InvalidRequest,
            format!("The slot “{}” is no passphrase: nothing is derived from it.", slot.name),
        ));
    }
    let request = context.unlock_request_with(&world, &slot)?;
    let session = unlock(&world, &request)?;
    context.with_unlocked(session, |session| {
        let passphrase = request.credentials.passphrase;
        let passphrase =
            passphrase.ok_or_else(|| Failure::usage("No passphrase was given.", ""))?;
        let request = RecalibrateSlotRequest { slot: slot.id.clone(), passphrase };
        let done = slots::recalibrate_slot(session, &request)?;
        let cost =
            |cost: CostView| format!("{} MiB, {} passes", cost.memory_kib / 1_024, cost.passes);
        let event = |seq: u64| seq.to_string();
        let text = pairs(&[
            ("Slot", done.slot.name.clone()),
            ("Before", cost(done.before)),
            ("Now", cost(done.now)),
            ("Audit event", done.audit_seq.map_or_else(|| "none: it stays as it is".into(), event)),
        ]);
        Answer::new(&done, text)
    })
}

fn rename(context: &Context, args: RenameArgs) -> Result<Answer, Failure> {
    let world = world(None);
    let slot = resolve(context, &world, &args.wanted)?;
    context.with_session(&world, |session| {
        let request = RenameSlotRequest { slot: slot.id.clone(), name: args.name };
        done(&slots::rename_slot(session, &request)?)
    })
}

/// The vault is unlocked with the slot that is to be tested.
fn test(context: &Context, args: &SlotArgs) -> Result<Answer, Failure> {
    let world = world(None);
    let slot = resolve(context, &world, &args.wanted)?;
    let request = context.unlock_request_with(&world, &slot)?;
    let session = unlock(&world, &request)?;
    context.with_unlocked(session, |session| {
        let request = TestSlotRequest { slot: slot.id.clone(), credentials: request.credentials };
        let _hint = TouchHint::after(request.credentials.pin.as_ref());
        done(&slots::test_slot(session, &request)?)
    })
}

fn remove(context: &Context, args: &RemoveArgs) -> Result<Answer, Failure> {
    context.can_confirm("Removing a slot")?;
    let world = world(None);
    let slot = resolve(context, &world, &args.slot.wanted)?;
    context.with_session(&world, |session| {
        let proof = session.just_authenticated()?;
        let more = if args.rotate_material_key {
            "The material key is rotated: with an old copy of header.json the slot opens the vault's books, and no material."
        } else {
            "With an old copy of header.json it still reaches the material: --rotate-material-key ends that."
        };
        context.confirm(&format!(
            "The slot “{}” ({}, {}) is removed: it no longer unlocks this vault.\n\
             An older copy of the whole vault still opens with it.\n{more}",
            slot.name, slot.kind, slot.role
        ))?;
        let request = RemoveSlotRequest {
            slot: slot.id.clone(),
            rotate_material_key: args.rotate_material_key,
            proof: given(),
            job: None,
        };
        let removed = slots::remove_slot(session, &request, &proof, &context.line(REWRAPPING))?;
        let mut text = words_of(&removed.slot, removed.audit_seq);
        text.extend(removed.material_key.as_ref().map(words_of_rotation));
        Answer::new(&removed, text)
    })
}

fn rotate_material_key(context: &Context, reason: &str) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| {
        let proof = session.just_authenticated()?;
        let line = context.line(REWRAPPING);
        let rotated = slots::rotate_material_key(session, reason, &proof, &line)?;
        Answer::new(&rotated, words_of_rotation(&rotated))
    })
}

fn words_of_rotation(rotated: &RotateMaterialKeyResponse) -> String {
    pairs(&[
        ("Material key", format!("number {}", rotated.number)),
        ("Wrapped anew", format!("{} versions of {} keys", rotated.versions, rotated.keys)),
        ("Rotated", rotated.rotated_at.clone()),
        ("Audit event", rotated.audit_seq.to_string()),
    ])
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
        [id] => Wanted::Slot(id.clone()),
        _ => find_slot(&slots, wanted)?,
    };
    slots.into_iter().find(|slot| matches!(&id, Wanted::Slot(id) if *id == slot.id)).ok_or_else(
        || {
            Failure::usage(
                "A kind is no slot.",
                "Name one slot by its identifier or name; `keyreeve slot list` shows them.",
            )
        },
    )
}

/// Who is there was shown a moment ago, to unlock.
fn given() -> Credentials {
    Credentials::default()
}

fn done(response: &SlotResponse) -> Result<Answer, Failure> {
    Answer::new(response, words_of(&response.slot, response.audit_seq))
}

fn words_of(slot: &SlotView, audit_seq: u64) -> String {
    pairs(&[
        ("Slot", slot.name.clone()),
        ("Identifier", slot.id.clone()),
        ("Kind", slot.kind.clone()),
        ("Role", slot.role.clone()),
        ("Created", slot.created_at.clone()),
        ("Last used", slot.last_used_at.clone().unwrap_or_default()),
        ("Audit event", audit_seq.to_string()),
    ])
}
