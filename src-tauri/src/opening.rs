//! The vault or backup that the app was started to open: a path in its arguments, as a file manager passes it.

use std::ffi::OsString;
use std::path::Path;

use keyreeve_app::api::Opening;

/// What `arguments` ask for, with a relative path meant from `folder`. Options are the web view's or the toolkit's
/// business, and of several paths the first is taken: there is one window.
pub(crate) fn asked_for(
    arguments: impl IntoIterator<Item = OsString>,
    folder: &Path,
) -> Option<Opening> {
    let argument = arguments
        .into_iter()
        .find(|text| !text.is_empty() && !text.as_encoded_bytes().starts_with(b"-"))?;
    let path = folder.join(argument);
    let is_backup =
        !path.is_dir() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("age"));
    let path = path.to_string_lossy().into_owned();
    Some(if is_backup { Opening::Backup { path } } else { Opening::Vault { path } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str]) -> Option<Opening> {
        asked_for(arguments.iter().map(OsString::from), Path::new("/home/me"))
    }

    #[test]
    fn a_backup_is_told_from_a_vault_by_its_ending() {
        let backup = |path: &str| Some(Opening::Backup { path: path.into() });
        let vault = |path: &str| Some(Opening::Vault { path: path.into() });
        assert_eq!(asked(&["/b/x.keyreeve-backup.age"]), backup("/b/x.keyreeve-backup.age"));
        assert_eq!(asked(&["x.AGE", "y.age"]), backup("/home/me/x.AGE"));
        assert_eq!(
            asked(&["--flag", "-x", "Team vault.keyreeve"]),
            vault("/home/me/Team vault.keyreeve")
        );
        assert_eq!(asked(&["/somewhere/else"]), vault("/somewhere/else"));
    }

    #[test]
    fn a_folder_is_a_vault_whatever_it_is_called() {
        let folder = std::env::temp_dir().join(format!("keyreeve-{}.age", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let path = folder.to_string_lossy().into_owned();
        let found = asked(&[&path]);
        std::fs::remove_dir(&folder).unwrap();
        assert_eq!(found, Some(Opening::Vault { path }));
    }

    #[test]
    fn nothing_is_asked_for_without_a_path() {
        assert_eq!(asked(&[]), None);
        assert_eq!(asked(&["", "--automation"]), None);
    }
}
