//! A key in words.

use keyreeve_app::api::{ErrorCode, KeyResponse, KeyRowView, KeyView, VersionView};

use crate::failure::Failure;
use crate::output::Answer;
use crate::table::{pairs, table};

/// A key that was made, changed or looked at.
pub(super) fn answer(response: &KeyResponse) -> Result<Answer, Failure> {
    let mut text = key(&response.key);
    if let Some(seq) = response.audit_seq {
        text.push_str(&format!("\nAudit event {seq}\n"));
    }
    Answer::new(response, text)
}

/// Leaves only one version in `key`.
pub(super) fn keep_version(key: &mut KeyView, number: u32) -> Result<(), Failure> {
    key.versions.retain(|version| version.version == number);
    if key.versions.is_empty() {
        return Err(Failure::of(
            ErrorCode::NotFound,
            format!("“{}” has no version {number}.", key.name),
        ));
    }
    Ok(())
}

/// A page of the list.
pub(super) fn rows(keys: &[KeyRowView]) -> String {
    let rows: Vec<_> = keys.iter().map(row).collect();
    table(&["name", "algorithm", "purpose", "state", "version", "rotate by", "id"], &rows)
}

fn row(key: &KeyRowView) -> Vec<String> {
    let mut state = words(key.state.name());
    if key.destroy_scheduled_at.is_some() {
        state.push_str(", to be destroyed");
    }
    vec![
        key.name.clone(),
        key.algorithm.name().into(),
        key.purpose.name().into(),
        state,
        key.primary_version.to_string(),
        key.rotate_by.as_deref().map_or("–", day).into(),
        key.id.chars().take(8).collect(),
    ]
}

fn key(key: &KeyView) -> String {
    let where_used: Vec<_> = key
        .where_used
        .iter()
        .map(|place| format!("{} {}", place.kind.name(), place.value))
        .collect();
    let mut text = pairs(&[
        ("Name", key.name.clone()),
        ("Identifier", key.id.clone()),
        ("Algorithm", format!("{} ({} bits of strength)", key.algorithm, key.strength_bits)),
        ("Purpose", key.purpose.to_string()),
        ("State", words(key.state.name())),
        ("Exportable", if key.exportable { "yes" } else { "no" }.into()),
        ("Owner", key.owner.clone()),
        ("Tags", key.tags.join(", ")),
        ("Note", key.note.replace('\n', " ")),
        ("Used at", where_used.join(", ")),
        ("Policy", key.policy.title.clone()),
        ("Created", key.created_at.clone()),
        ("Last used", or_empty(&key.last_used_at)),
        ("Rotate by", or_empty(&key.rotate_by)),
        ("Revision", key.revision.to_string()),
    ]);
    for field in &key.fields {
        text.push_str(&format!("{}: {}\n", field.name, field.value));
    }
    for version in &key.versions {
        text.push('\n');
        text.push_str(&self::version(version, version.version == key.primary_version));
    }
    text
}

fn version(version: &VersionView, primary: bool) -> String {
    let mark = if primary { ", primary" } else { "" };
    let mut text = format!("Version {}: {}{mark}\n", version.version, words(version.state.name()));
    let held: Vec<_> = version.backups.iter().map(|backup| backup.file.clone()).collect();
    let mut lines = vec![
        ("  Created", version.created_at.clone()),
        ("  To be activated", or_empty(&version.activate_at)),
        ("  Activated", or_empty(&version.activated_at)),
        ("  Suspended", or_empty(&version.suspended_at)),
        ("  To be deactivated", or_empty(&version.deactivate_at)),
        ("  Deactivated", or_empty(&version.deactivated_at)),
        ("  Compromised", or_empty(&version.compromised_at)),
        ("  Because", or_empty(&version.compromise_reason)),
        ("  To be destroyed", or_empty(&version.destroy_scheduled_at)),
        ("  Destroyed", or_empty(&version.destroyed_at)),
        ("  Replaced by", version.replaced_by.map(|by| by.to_string()).unwrap_or_default()),
        ("  In backups", held.join(", ")),
        ("  Check value", or_empty(&version.kcv)),
    ];
    let fingerprints: Vec<_> = version
        .fingerprints
        .iter()
        .filter(|(_, value)| Some(*value) != version.kcv.as_ref())
        .map(|(name, value)| (format!("  {name}"), value.clone()))
        .collect();
    lines.extend(fingerprints.iter().map(|(name, value)| (name.as_str(), value.clone())));
    text.push_str(&pairs(&lines));
    if let Some(public_key) = &version.public_key {
        text.push_str(public_key);
    }
    text
}

fn words(state: &str) -> String {
    state.replace('_', "-")
}

fn or_empty(text: &Option<String>) -> String {
    text.clone().unwrap_or_default()
}

/// The day of a time: enough for a list.
fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}
