//! The preferences, in a file of the user's configuration folder. They hold no secret.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use keyreeve_app::Error;
use keyreeve_app::api::Preferences;

/// Vaults remembered at most.
const MAX_RECENT: usize = 10;
/// The idle time's bounds, in minutes.
const IDLE_MINUTES: std::ops::RangeInclusive<u16> = 1..=240;
/// No file of preferences is larger.
const MAX_LEN: u64 = 256 * 1024;

/// Reads the preferences; those of a file that is missing or unreadable are the defaults.
pub(crate) fn load(file: &Path) -> Preferences {
    let fits = fs::metadata(file).is_ok_and(|found| found.len() <= MAX_LEN);
    let text = fits.then(|| fs::read(file).ok()).flatten();
    let read = text.and_then(|text| serde_json::from_slice(&text).ok());
    bounded(read.unwrap_or_default())
}

/// Writes the preferences: complete or not at all.
///
/// # Errors
/// When the file system fails; the old ones then stay.
pub(crate) fn save(file: &Path, preferences: &Preferences) -> Result<(), Error> {
    write(file, preferences)
        .map_err(|error| Error::internal(format!("the preferences could not be kept: {error}")))
}

fn write(file: &Path, preferences: &Preferences) -> std::io::Result<()> {
    let text = serde_json::to_vec_pretty(&bounded(preferences.clone()))?;
    let new = file.with_extension("json.new");
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut out = fs::File::create(&new)?;
    out.write_all(&text)?;
    out.sync_all()?;
    fs::rename(&new, file)
}

/// Puts a vault at the head of those that were open.
pub(crate) fn put_first(preferences: &mut Preferences, path: String) {
    preferences.recent_vaults.retain(|known| *known != path);
    preferences.recent_vaults.insert(0, path);
    preferences.recent_vaults.truncate(MAX_RECENT);
}

fn bounded(mut preferences: Preferences) -> Preferences {
    let minutes = preferences.idle_lock_minutes;
    preferences.idle_lock_minutes = minutes.clamp(*IDLE_MINUTES.start(), *IDLE_MINUTES.end());
    preferences.recent_vaults.truncate(MAX_RECENT);
    preferences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_loaded_and_nonsense_is_the_default() {
        let folder =
            std::env::temp_dir().join(format!("keyreeve-preferences-{}", std::process::id()));
        let file = folder.join("preferences.json");
        assert_eq!(load(&file), Preferences::default());
        let mut preferences = Preferences { idle_lock_minutes: 9_999, ..Preferences::default() };
        (0..20).for_each(|n| put_first(&mut preferences, format!("/vault-{n}")));
        save(&file, &preferences).unwrap();
        let loaded = load(&file);
        assert_eq!(loaded.idle_lock_minutes, 240);
        assert_eq!(loaded.recent_vaults.len(), MAX_RECENT);
        assert_eq!(loaded.recent_vaults[0], "/vault-19");
        for nonsense in ["", "{", "[]", r#"{"theme":"pink"}"#] {
            fs::write(&file, nonsense).unwrap();
            assert_eq!(load(&file), Preferences::default(), "{nonsense}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
