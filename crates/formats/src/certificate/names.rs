//! For whom a certificate is: the subject and its alternative names. What a request of a stranger's
//! says is held to the same rules as what its owner types.

use core::net::IpAddr;

use keyreeve_domain::KeyName;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::asn1::{Ia5String, OctetString};
use x509_cert::der::{Tag, Tagged as _};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::Name;

use super::CertificateError;

/// The most alternative names of one certificate.
pub const MAX_ALTERNATIVE_NAMES: usize = 100;
/// The longest subject that is read, in bytes.
const MAX_SUBJECT: usize = 2_000;
/// The longest address of a resource, in bytes.
const MAX_URI: usize = 2_000;
/// The longest name of a host, and of a part of it (RFC 1035).
const MAX_HOST: usize = 253;
const MAX_LABEL: usize = 63;
/// The longest part of a mail address before the `@` (RFC 5321).
const MAX_LOCAL: usize = 64;

/// For whom a certificate is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateNames {
    pub(super) subject: Name,
    pub(super) alternative: Vec<GeneralName>,
}

impl CertificateNames {
    /// Reads a subject as RFC 4514 writes it (`CN=example.org,O=Example`), and alternative names
    /// (`dns:`, `ip:`, `email:` or `uri:` and the name).
    ///
    /// # Errors
    /// [`CertificateError::Invalid`] says which is none, and why.
    pub fn parse(subject: &str, alternative: &[String]) -> Result<Self, CertificateError> {
        let unfit = |why: &str| {
            CertificateError::Invalid(format!(
                "the subject {why}; write one like CN=example.org,O=Example,C=CH"
            ))
        };
        if subject.is_empty() || subject.len() > MAX_SUBJECT {
            return Err(unfit("is empty or too long"));
        }
        let parsed: Name = without_spaces(subject)
            .parse()
            .map_err(|_malformed| unfit("is not one that RFC 4514 knows"))?;
        if alternative.len() > MAX_ALTERNATIVE_NAMES {
            return Err(CertificateError::Invalid(too_many(alternative.len())));
        }
        let alternative = alternative
            .iter()
            .map(|text| alternative_name(text).map_err(CertificateError::Invalid))
            .collect::<Result<_, _>>()?;
        let names = Self { subject: parsed, alternative };
        check_subject(&names.subject).map_err(|why| unfit(&why))?;
        Ok(names)
    }

    /// Takes over what a request says.
    pub(super) fn of_request(
        subject: Name,
        alternative: Option<SubjectAltName>,
    ) -> Result<Self, String> {
        let alternative = alternative.map(|names| names.0).unwrap_or_default();
        if alternative.len() > MAX_ALTERNATIVE_NAMES {
            return Err(format!("has {}", too_many(alternative.len())));
        }
        check_subject(&subject).map_err(|why| format!("has a subject that {why}"))?;
        for name in &alternative {
            check_alternative(name)
                .map_err(|why| format!("has a name that is not right: {why}"))?;
        }
        if subject.is_empty() && alternative.is_empty() {
            return Err("names nobody".into());
        }
        Ok(Self { subject, alternative })
    }
}

/// The subject without the spaces that other programs write after the commas between its parts
/// (`CN=a, O=b`). RFC 4514 lets no value begin with a space that is not escaped, so none of a value's
/// own is lost. A quotation mark would make a comma part of a value to some; such a text stays as it is.
fn without_spaces(subject: &str) -> String {
    let mut kept = String::with_capacity(subject.len());
    let (mut escaped, mut between) = (false, false);
    for c in subject.chars() {
        if c == '"' && !escaped {
            return subject.to_owned();
        }
        if between && c == ' ' {
            continue;
        }
        between = c == ',' && !escaped;
        escaped = c == '\\' && !escaped;
        kept.push(c);
    }
    kept
}

fn too_many(len: usize) -> String {
    format!("{len} alternative names, where {MAX_ALTERNATIVE_NAMES} are the most")
}

fn check_subject(subject: &Name) -> Result<(), String> {
    for attribute in subject.iter() {
        check_attribute(attribute)?;
    }
    Ok(())
}

fn check_attribute(attribute: &AttributeTypeAndValue) -> Result<(), String> {
    // The attributes that RFC 5280 knows, with its upper bounds in characters.
    let max = match attribute.oid.to_string().as_str() {
        "2.5.4.6" => 2,
        // Name, organization, unit, title, number, surname, given name.
        "2.5.4.3" | "2.5.4.10" | "2.5.4.11" | "2.5.4.12" | "2.5.4.5" | "2.5.4.4" | "2.5.4.42" => 64,
        // Locality, state, street, part of a domain, user.
        "2.5.4.7"
        | "2.5.4.8"
        | "2.5.4.9"
        | "0.9.2342.19200300.100.1.25"
        | "0.9.2342.19200300.100.1.1" => 128,
        // Mail.
        "1.2.840.113549.1.9.1" => 255,
        other => return Err(format!("has the attribute {other}, which Keyreeve does not issue")),
    };
    let value = &attribute.value;
    let text = core::str::from_utf8(value.value()).ok();
    let text = text.filter(|text| match value.tag() {
        Tag::Utf8String => true,
        Tag::Ia5String => text.is_ascii(),
        Tag::PrintableString => {
            text.chars().all(|c| c.is_ascii_alphanumeric() || " '()+,-./:=?".contains(c))
        }
        _ => false,
    });
    // What may deceive in the name of a key may do so in a certificate.
    match text {
        Some(text) if text.chars().count() > max => {
            Err(format!("has a part of more than {max} characters"))
        }
        Some(text) if max != 2 && KeyName::parse(text).is_ok() => Ok(()),
        Some(text)
            if max == 2 && text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) =>
        {
            Ok(())
        }
        Some(_) if max == 2 => Err("has a country that is not two capital letters".into()),
        _ => Err("has a part that is empty, invisible, or not text".into()),
    }
}

fn alternative_name(text: &str) -> Result<GeneralName, String> {
    let unfit = |why: &str| {
        let shown: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
        format!("the alternative name “{shown}” {why}")
    };
    let (kind, name) = text.split_once(':').ok_or_else(|| {
        unfit("does not say what it is: write dns:, ip:, email: or uri: before it")
    })?;
    let ia5 =
        || Ia5String::new(name).map_err(|_not_ascii| unfit("has other than ASCII characters"));
    let found = match kind {
        "dns" => GeneralName::DnsName(ia5()?),
        "email" => GeneralName::Rfc822Name(ia5()?),
        "uri" => GeneralName::UniformResourceIdentifier(ia5()?),
        "ip" => {
            let address = name.parse().map_err(|_malformed| unfit("is no IP address"))?;
            let octets = match address {
                IpAddr::V4(four) => four.octets().to_vec(),
                IpAddr::V6(six) => six.octets().to_vec(),
            };
            let octets = OctetString::new(octets).map_err(|_long| unfit("is no IP address"))?;
            GeneralName::IpAddress(octets)
        }
        _ => return Err(unfit("is of no known kind: there are dns:, ip:, email: and uri:")),
    };
    check_alternative(&found).map_err(|why| unfit(&why))?;
    Ok(found)
}

fn check_alternative(name: &GeneralName) -> Result<(), String> {
    let fit = |fit: bool, why: &str| if fit { Ok(()) } else { Err(why.to_owned()) };
    match name {
        GeneralName::DnsName(host) => {
            let host = host.as_str();
            let why = "is no name of a host (write those of other scripts as xn--…)";
            fit(is_host(host.strip_prefix("*.").unwrap_or(host)), why)
        }
        GeneralName::Rfc822Name(mail) => fit(is_mail(mail.as_str()), "is no mail address"),
        GeneralName::UniformResourceIdentifier(uri) => {
            fit(is_uri(uri.as_str()), "is no address of a resource")
        }
        GeneralName::IpAddress(octets) => {
            fit(matches!(octets.as_bytes().len(), 4 | 16), "is no IP address")
        }
        _ => Err("is of a kind that Keyreeve does not issue".into()),
    }
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= MAX_HOST && host.split('.').all(is_label)
}

fn is_mail(mail: &str) -> bool {
    let is_local = |local: &str| {
        (1..=MAX_LOCAL).contains(&local.len())
            && local
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
    };
    mail.rsplit_once('@').is_some_and(|(local, host)| is_local(local) && is_host(host))
}

pub(super) fn is_uri(uri: &str) -> bool {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    };
    uri.len() <= MAX_URI
        && uri.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b))
        && uri.split_once(':').is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(subject: &str, names: &[&str]) -> Result<CertificateNames, CertificateError> {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        CertificateNames::parse(subject, &names)
    }

    #[test]
    fn names_that_people_use_are_taken() {
        for subject in
            ["CN=example.org", "CN=a\\, b,O=Zoë & Søn,C=DK", "CN=x+OU=y", "UID=me,DC=org"]
        {
            parse(subject, &[]).unwrap();
        }
        parse(
            "CN=a",
            &[
                "dns:localhost",
                "dns:*.example.org",
                "dns:xn--bcher-kva.example",
                "ip:127.0.0.1",
                "ip:2001:db8::1",
                "email:a.b+c@example.org",
                "uri:https://example.org/a?b=c#d",
                "uri:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            ],
        )
        .unwrap();
    }

    #[test]
    fn spaces_after_commas_are_nothing_and_those_of_values_stay() {
        let names = |subject| parse(subject, &[]).unwrap();
        assert_eq!(names("CN=a, O=b,  C=CH"), names("CN=a,O=b,C=CH"));
        let inside = names("CN=a\\, b, O=c\\\\, C=CH");
        assert_eq!(inside, names("CN=a\\, b,O=c\\\\,C=CH"));
        assert_eq!(inside.subject.len(), 3);
    }

    #[test]
    fn names_that_deceive_are_refused() {
        let long = format!("CN={}", "a".repeat(65));
        for subject in [
            "",
            ",",
            "CN",
            "CN=",
            "=a",
            "CN=a,",
            "CN=a\nb",
            "CN=a\0b",
            "CN=\\00",
            "CN=#0500",
            "C=ch",
            "C=CHE",
            "2.5.29.17=a",
            "CN=a\u{202e}b",
            "CN=\\",
            "CN=#zz",
            "id-ce-keyUsage=x",
            "CN=#0c03ff",
            "emailAddress=ä",
            &long,
        ] {
            assert!(parse(subject, &[]).is_err(), "{subject:?}");
        }
        for subject in ["CN=a, ", "CN=\"a, O=b\""] {
            assert!(parse(subject, &[]).is_err(), "{subject:?}");
        }
        let long = format!("dns:{}", "a.".repeat(200));
        for name in [
            "",
            "example.org",
            "dns:",
            "dns:a..b",
            "dns:.a",
            "dns:a.",
            "dns:a\nb",
            "dns:a\0.org",
            "dns:a b",
            "dns:*",
            "dns:a.*.org",
            "dns:**.org",
            "dns:-a",
            "dns:bücher.example",
            "ip:",
            "ip:1.2.3",
            "ip:1.2.3.4/8",
            "ip:1.2.3.4\0",
            "email:a",
            "email:@a",
            "email:a@",
            "email:a b@c",
            "email:a@b\r\nBcc:c@d",
            "uri:",
            "uri:a",
            "uri:1:b",
            "uri:a:b c",
            "uri:a:\0",
            "DNS:a",
            "other:a",
            &long,
        ] {
            assert!(parse("CN=a", &[name]).is_err(), "{name:?}");
        }
        let many = vec!["dns:a"; MAX_ALTERNATIVE_NAMES + 1];
        assert!(parse("CN=a", &many).is_err());
        assert!(parse("CN=a", &many[1..]).is_ok());
    }
}
