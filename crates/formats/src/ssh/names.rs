//! What a certificate of OpenSSH may be named and limited to.

use core::net::IpAddr;

use crate::certificate::CertificateError;

/// The longest name, in bytes.
const MAX_NAME: usize = 255;
/// Principals at most.
const MAX_PRINCIPALS: usize = 100;

/// What a user's certificate may permit, without OpenSSH's `permit-`.
pub const SSH_PERMISSIONS: &[&str] =
    &["pty", "port-forwarding", "agent-forwarding", "X11-forwarding", "user-rc"];

/// What a user's certificate is limited to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SshLimits {
    /// The one command that it runs, if only one.
    pub force_command: Option<String>,
    /// The networks that it may come from; all if empty.
    pub source_addresses: Vec<String>,
    /// What it permits, of [`SSH_PERMISSIONS`].
    pub permissions: Vec<String>,
}

/// Checks the names of those for whom a certificate is.
///
/// # Errors
/// When there is none, there are too many, or one cannot be a principal.
pub(super) fn check_principals(principals: &[String]) -> Result<(), CertificateError> {
    let invalid = |said: String| Err(CertificateError::Invalid(said));
    if principals.is_empty() {
        // To OpenSSH that means everyone.
        return invalid(
            "name at least one principal: without one it would be valid for all".into(),
        );
    }
    if principals.len() > MAX_PRINCIPALS {
        return invalid(format!("a certificate names at most {MAX_PRINCIPALS} principals"));
    }
    for name in principals {
        let fits = |c: char| c.is_ascii_graphic() && !matches!(c, ',' | '"' | '\\');
        if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(fits) {
            return invalid(format!(
                "“{}” is no principal: a name of 1 to {MAX_NAME} letters, digits and signs but \
                 commas, quotes and backslashes",
                shown(name)
            ));
        }
    }
    Ok(())
}

/// Checks the identifier that servers write into their logs.
///
/// # Errors
/// When it is empty, too long, or has control characters.
pub fn check_key_id(key_id: &str) -> Result<(), CertificateError> {
    if key_id.is_empty() || key_id.len() > MAX_NAME || key_id.chars().any(char::is_control) {
        return Err(CertificateError::Invalid(format!(
            "the identifier of a certificate has 1 to {MAX_NAME} bytes without control characters"
        )));
    }
    Ok(())
}

impl SshLimits {
    /// The critical options, by name.
    ///
    /// # Errors
    /// When a command or a network is none.
    pub(super) fn options(&self) -> Result<Vec<(&'static str, String)>, CertificateError> {
        let mut options = Vec::new();
        if let Some(command) = &self.force_command {
            if command.trim().is_empty() || command.chars().any(char::is_control) {
                let said = "the command is empty, or has control characters";
                return Err(CertificateError::Invalid(said.into()));
            }
            options.push(("force-command", command.clone()));
        }
        if !self.source_addresses.is_empty() {
            for network in &self.source_addresses {
                check_network(network)?;
            }
            options.push(("source-address", self.source_addresses.join(",")));
        }
        Ok(options)
    }

    /// The extensions, by name.
    ///
    /// # Errors
    /// When a permission is not known.
    pub(super) fn extensions(&self) -> Result<Vec<String>, CertificateError> {
        let known = |name: &String| {
            if SSH_PERMISSIONS.contains(&name.as_str()) {
                return Ok(format!("permit-{name}"));
            }
            Err(CertificateError::Invalid(format!(
                "“{}” is no permission; there are {}",
                shown(name),
                SSH_PERMISSIONS.join(", ")
            )))
        };
        let mut names: Vec<_> = self.permissions.iter().map(known).collect::<Result<_, _>>()?;
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}

/// An address, or one with the length of a prefix behind it.
fn check_network(network: &str) -> Result<(), CertificateError> {
    let (address, length) = network.split_once('/').unwrap_or((network, ""));
    let fits = address.parse::<IpAddr>().is_ok_and(|address| {
        let most = if address.is_ipv4() { 32 } else { 128 };
        length.is_empty() != network.contains('/')
            && (length.is_empty() || length.parse::<u8>().is_ok_and(|length| length <= most))
    });
    if fits {
        return Ok(());
    }
    Err(CertificateError::Invalid(format!(
        "“{}” is no network: write one like 192.0.2.0/24 or 2001:db8::/32",
        shown(network)
    )))
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_deceive_a_server_are_refused() {
        let one = |name: &str| check_principals(&[name.to_owned()]);
        for good in ["ann", "www.example.org", "role:ops", "*.example.org", "a@b"] {
            one(good).unwrap();
        }
        for bad in ["", "a,b", "a b", "a\nb", "a\0", "zoë", "a\"b", &"a".repeat(256)] {
            one(bad).unwrap_err();
        }
        assert!(check_principals(&[]).unwrap_err().to_string().contains("all"));
        check_principals(&vec!["a".to_owned(); 101]).unwrap_err();
        check_key_id("Ann’s laptop").unwrap();
        for bad in ["", "a\nb", &"a".repeat(256)] {
            check_key_id(bad).unwrap_err();
        }
    }

    #[test]
    fn limits_are_written_as_openssh_writes_them() {
        let limits = SshLimits {
            force_command: Some("/usr/bin/rrsync /srv".into()),
            source_addresses: vec!["192.0.2.0/24".into(), "2001:db8::1".into()],
            permissions: ["pty", "agent-forwarding", "pty"].map(str::to_owned).into(),
        };
        assert_eq!(
            limits.options().unwrap(),
            [
                ("force-command", "/usr/bin/rrsync /srv".to_owned()),
                ("source-address", "192.0.2.0/24,2001:db8::1".to_owned())
            ]
        );
        assert_eq!(limits.extensions().unwrap(), ["permit-agent-forwarding", "permit-pty"]);
        for bad in ["", "192.0.2.0/33", "2001:db8::/129", "192.0.2.1/", "host", "1.2.3.4,5.6.7.8"] {
            let limits =
                SshLimits { source_addresses: vec![bad.to_owned()], ..SshLimits::default() };
            assert!(limits.options().is_err(), "{bad}");
        }
        for bad in ["", " ", "a\nb"] {
            let limits = SshLimits { force_command: Some(bad.to_owned()), ..SshLimits::default() };
            assert!(limits.options().is_err(), "{bad}");
        }
        let limits = SshLimits { permissions: vec!["everything".into()], ..SshLimits::default() };
        assert!(limits.extensions().unwrap_err().to_string().contains("user-rc"));
    }
}
