//! The forms in which keys come.

use std::fmt;

use serde::Serialize;

macro_rules! forms {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $title:literal;)+) => {
        /// The form in which something was found.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[non_exhaustive]
        pub enum Form {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl Form {
            /// The name for programs.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The name that people read.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

forms! {
    /// PKCS#8 in the clear.
    Pkcs8 = "pkcs8", "PKCS#8";
    /// PKCS#8 under a passphrase.
    EncryptedPkcs8 = "pkcs8-encrypted", "Encrypted PKCS#8";
    /// `RSA PRIVATE KEY` or `RSA PUBLIC KEY`.
    Pkcs1 = "pkcs1", "PKCS#1";
    /// `EC PRIVATE KEY`.
    Sec1 = "sec1", "SEC 1";
    /// A PEM block with a `DEK-Info` header.
    Traditional = "openssl-traditional", "OpenSSL's old encrypted PEM";
    /// OpenSSH's private key file.
    OpenSsh = "openssh", "OpenSSH private key";
    /// A line of a `.pub` or `authorized_keys` file.
    OpenSshPublic = "openssh-public", "OpenSSH public key";
    /// A line of a `…-cert.pub` file.
    SshCertificate = "openssh-certificate", "OpenSSH certificate";
    /// `PUBLIC KEY`.
    Spki = "spki", "Public key";
    /// A JSON Web Key.
    Jwk = "jwk", "JSON Web Key";
    /// A JSON Web Key under a password.
    Jwe = "jwe", "Encrypted JSON Web Key";
    /// Bytes alone.
    Raw = "raw", "Raw bytes";
    /// Hexadecimal digits.
    Hex = "hex", "Hexadecimal";
    /// Base64.
    Base64 = "base64", "Base64";
    /// An age identity.
    Age = "age", "age identity";
    /// PKCS#12.
    Pkcs12 = "pkcs12", "PKCS#12";
    /// A Java keystore of either kind.
    JavaKeystore = "java-keystore", "Java keystore";
    /// PuTTY's private key file.
    Putty = "putty", "PuTTY private key";
    /// A certificate.
    Certificate = "certificate", "Certificate";
    /// A certificate request.
    CertificateRequest = "certificate-request", "Certificate request";
    /// A list of revoked certificates.
    RevocationList = "crl", "Certificate revocation list";
    /// PKCS#7 or CMS.
    Pkcs7 = "pkcs7", "PKCS#7";
    /// OpenPGP.
    OpenPgp = "openpgp", "OpenPGP";
    /// A file that age encrypted.
    AgeEncrypted = "age-encrypted", "File encrypted by age";
    /// minisign's or signify's key.
    Minisign = "minisign", "minisign or signify key";
    /// WireGuard's private key in its configuration.
    WireGuard = "wireguard", "WireGuard key";
    /// RFC 4716.
    Ssh2Public = "ssh2-public", "SSH2 public key";
    /// An exported database of KeePass.
    KeePass = "keepass", "KeePass export";
    /// A backup of a key of Vault's or OpenBao's transit engine.
    TransitBackup = "transit-backup", "Vault transit backup";
    /// A PEM block with another label.
    OtherPem = "pem", "PEM block";
    /// Anything else, such as a file that could not be read.
    Unknown = "unknown", "Unknown";
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}
