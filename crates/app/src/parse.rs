//! From a request's text to the domain's types.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use keyreeve_crypto::{Algorithm, Purpose};
use keyreeve_domain::ports::{ReadTransaction, SlotKind};
use keyreeve_domain::{
    CustomField, KeyId, KeyName, Period, Policy, PolicyTemplate, Role, SlotId, Tag, TextError,
    WhereUsed,
};

use crate::api::{ErrorCode, FieldView, PolicyRequest, WhereUsedView};
use crate::error::Error;

/// A vault folder's ending.
const VAULT_ENDING: &str = ".keyreeve";
/// The shortest prefix of an identifier that names a key.
const MIN_PREFIX: usize = 4;

pub(crate) fn timestamp(text: &str) -> Result<Timestamp, Error> {
    text.parse().map_err(|_malformed: jiff::Error| {
        Error::invalid(format!(
            "“{}” is not a time; write one like 2027-01-31T12:00:00Z",
            short(text)
        ))
    })
}

pub(crate) fn role(text: &str) -> Result<Role, Error> {
    [Role::Administrator, Role::Operator, Role::Auditor]
        .into_iter()
        .find(|role| role.name() == text)
        .ok_or_else(|| {
            Error::invalid(format!(
                "“{}” is no role; there are administrator, operator and auditor",
                short(text)
            ))
        })
}

pub(crate) fn slot_kind(text: &str) -> Result<SlotKind, Error> {
    SlotKind::named(text).ok_or_else(|| {
        Error::new(ErrorCode::NoSuchSlot, format!("“{}” is no kind of slot", short(text)))
    })
}

pub(crate) fn slot_id(text: &str) -> Result<SlotId, Error> {
    text.parse().map_err(|error: keyreeve_domain::IdError| {
        Error::new(ErrorCode::NoSuchSlot, error.to_string())
    })
}

pub(crate) fn template(text: &str) -> Result<PolicyTemplate, Error> {
    PolicyTemplate::ALL.iter().copied().find(|known| known.name() == text).ok_or_else(|| {
        let known: Vec<_> = PolicyTemplate::ALL.iter().map(|known| known.name()).collect();
        Error::invalid(format!("“{}” is no policy; there are {}", short(text), known.join(", ")))
    })
}

/// A policy from a template and the user's own periods, or from `base` where there is one.
pub(crate) fn policy(
    request: &PolicyRequest,
    base: Option<&Policy>,
    algorithm: Algorithm,
    purpose: Purpose,
) -> Result<Policy, Error> {
    let mut policy = match (&request.template, base) {
        (Some(name), _) => template(name)?.policy(algorithm, purpose),
        (None, Some(base)) => base.clone(),
        (None, None) => PolicyTemplate::NistSp80057.policy(algorithm, purpose),
    };
    let own = |text: &Option<String>, place: &mut Option<Period>| -> Result<(), Error> {
        match text.as_deref() {
            None => {}
            Some("") => *place = None,
            Some(period) => *place = Some(period.parse()?),
        }
        Ok(())
    };
    own(&request.originator_usage, &mut policy.originator_usage)?;
    own(&request.recipient_usage, &mut policy.recipient_usage)?;
    own(&request.overlap, &mut policy.overlap)?;
    if let Some(warn_before) = &request.warn_before {
        policy.warn_before = warn_before.parse()?;
    }
    if let Some(ends_use) = request.ends_use {
        policy.ends_use = ends_use;
    }
    let (start, originator, recipient) =
        (Timestamp::UNIX_EPOCH, &policy.originator_usage, &policy.recipient_usage);
    if let (Some(originator), Some(recipient)) = (originator, recipient)
        && recipient.after(start) < originator.after(start)
    {
        return Err(Error::invalid(
            "the recipient-usage period ends before the originator-usage period",
        ));
    }
    Ok(policy)
}

pub(crate) fn tags(texts: &[String]) -> Result<BTreeSet<Tag>, Error> {
    bounded(texts.len(), 50, "tags")?;
    Ok(texts.iter().map(|text| Tag::parse(text)).collect::<Result<_, _>>()?)
}

/// The name of a key, a slot or a vault.
pub(crate) fn name(text: &str) -> Result<KeyName, Error> {
    KeyName::parse(text).map_err(|error| Error::new(ErrorCode::InvalidName, error.to_string()))
}

pub(crate) fn where_used(entries: &[WhereUsedView]) -> Result<Vec<WhereUsed>, Error> {
    bounded(entries.len(), WhereUsed::MAX, "places of use")?;
    Ok(entries
        .iter()
        .map(|entry| WhereUsed::parse(entry.kind, &entry.value))
        .collect::<Result<_, _>>()?)
}

pub(crate) fn fields(entries: &[FieldView]) -> Result<Vec<CustomField>, Error> {
    bounded(entries.len(), CustomField::MAX, "custom fields")?;
    Ok(entries
        .iter()
        .map(|entry| CustomField::parse(&entry.name, &entry.value))
        .collect::<Result<_, _>>()?)
}

fn bounded(len: usize, max: usize, what: &'static str) -> Result<(), TextError> {
    if len > max { Err(TextError::TooMany { what, len, max }) } else { Ok(()) }
}

/// A vault's folder, with `.keyreeve` appended when missing.
pub(crate) fn new_vault_path(text: &str) -> Result<PathBuf, Error> {
    let text = text.trim_end_matches('/');
    if text.trim().is_empty() {
        return Err(Error::invalid("say where the vault is to be"));
    }
    if text.ends_with(VAULT_ENDING) {
        return Ok(text.into());
    }
    Ok(format!("{text}{VAULT_ENDING}").into())
}

/// The folder of a vault that is there: as it was named, or with the ending that a new one was given.
pub(crate) fn vault_path(text: &str) -> PathBuf {
    match new_vault_path(text) {
        Ok(ended) if !std::path::Path::new(text).exists() && ended.is_dir() => ended,
        _ => text.into(),
    }
}

/// A vault's name: its folder's, without the ending.
pub(crate) fn vault_name(path: &std::path::Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.strip_suffix(VAULT_ENDING).map(str::to_owned).unwrap_or(name)
}

/// Finds a key by name, identifier, or a unique prefix of the identifier, in this order.
pub(crate) fn find_key(tx: &dyn ReadTransaction, text: &str) -> Result<KeyId, Error> {
    let none = || Error::new(ErrorCode::NotFound, format!("there is no key “{}”", short(text)));
    if let Ok(name) = KeyName::parse(text)
        && let Some(id) = tx.key_named(&name.folded())?
    {
        return Ok(id);
    }
    if let Ok(id) = text.parse::<KeyId>() {
        return tx.key(id)?.map(|_| id).ok_or_else(none);
    }
    let prefix = text.to_ascii_lowercase();
    let looks_like_one =
        prefix.len() >= MIN_PREFIX && prefix.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if !looks_like_one {
        return Err(none());
    }
    match tx.keys_with_prefix(&prefix, 2)?.as_slice() {
        [] => Err(none()),
        [id] => Ok(*id),
        _ => Err(Error::new(
            ErrorCode::Ambiguous,
            format!("several keys' identifiers begin with “{}”", short(text)),
        )),
    }
}

/// At most 60 characters of what someone typed, for a message.
pub(crate) fn short(text: &str) -> String {
    let mut out: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if text.chars().count() > 60 {
        out.push('…');
    }
    out
}
