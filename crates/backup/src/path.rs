//! Which names a file may have inside a backup.

/// What starts the names of the files that are unpacked.
pub const VAULT: &str = "vault/";
/// The first entry.
pub const MANIFEST: &str = "manifest.json";
/// The second entry.
pub const SIGNATURE: &str = "manifest.json.sig";

/// Whether `path` stays inside the folder it is unpacked in, on every system, and says what it is.
pub fn is_safe(path: &str) -> bool {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && part.len() <= 255;
    path.split('/').all(plain)
        && !path.chars().any(|c| c.is_control() || matches!(c, '\\' | ':'))
        && path != MANIFEST
        && path != SIGNATURE
        && path.strip_prefix(VAULT).is_none_or(is_vault_name)
        && tar::Header::new_ustar().set_path(path).is_ok()
}

/// The name of a file that is unpacked, without its folder; `None` for all others.
pub fn vault_name(path: &str) -> Option<&str> {
    path.strip_prefix(VAULT).filter(|name| is_vault_name(name))
}

fn is_vault_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 100
        && !name.starts_with('.')
        && !name.ends_with('.')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_stay_inside_are_safe() {
        for path in [
            "vault/vault.db",
            "vault/header.json",
            "plain/Schlüssel 🗝/key.pem",
            "inventory.cdx.json",
        ] {
            assert!(is_safe(path), "{path}");
        }
        assert_eq!(vault_name("vault/vault.db"), Some("vault.db"));
        assert_eq!(vault_name("plain/vault.db"), None);
    }

    #[test]
    fn names_that_lead_elsewhere_are_not() {
        let long = format!("plain/{}", "n".repeat(256));
        let deep = "d/".repeat(200) + "end";
        for path in [
            "",
            "/etc/passwd",
            "../up",
            "vault/../../up",
            "vault/..",
            "plain/./x",
            "plain//x",
            "plain/",
            "C:\\Windows",
            "C:x",
            "plain\\x",
            "plain/\0",
            "plain/new\nline",
            "manifest.json",
            "manifest.json.sig",
            "vault/",
            "vault/a/b",
            "vault/.hidden",
            "vault/ümlaut",
            "vault/CON.",
            &long,
            &deep,
        ] {
            assert!(!is_safe(path), "{path:?}");
        }
    }
}
