//! The two serialized objects that stand for a secret key in a JCEKS keystore. Java's serialization can
//! describe any object; here each shape is the bytes that Java writes for it, with gaps for its values,
//! and everything else is named and refused.

use keyreeve_crypto::{AdoptError, Algorithm, SecretBytes};

use super::form::Form;
use super::item::{Item, Refusal};
use super::java_fields::Fields;
use super::symmetric;
use crate::text;

/// What every object begins with: the stream's beginning, an object, the description of its class.
const OBJECT: &[u8] = b"\xac\xed\0\x05sr";
/// `SealedObjectForKeyProtector`, as far as its first value.
const SEALED: &[u8] = b"\xac\xed\0\x05sr\0\x33com.sun.crypto.provider.SealedObjectForKeyProtector\
    \xcd\x57\xca\x59\xe7\x30\xbb\x53\x02\0\0xr\0\x19javax.crypto.SealedObject\
    \x3e\x36\x3d\xa6\xc3\xb7\x54\x70\x02\0\x04[\0\x0dencodedParamst\0\x02[B[\0\x10encryptedContentq\0~\0\x02\
    L\0\x09paramsAlgt\0\x12Ljava/lang/String;L\0\x07sealAlgq\0~\0\x03xp";
/// An array of bytes whose class is described, and one of the class described before.
const BYTES: &[u8] = b"ur\0\x02[B\xac\xf3\x17\xf8\x06\x08T\xe0\x02\0\0xp";
const MORE_BYTES: &[u8] = b"uq\0~\0\x05";
/// The text that stands before.
const SAME_TEXT: &[u8] = b"q\0~\0\x08";
const CIPHER: &str = "PBEWithMD5AndTripleDES";

/// `SecretKeySpec`, as far as its first value.
const SPEC: &[u8] = b"\xac\xed\0\x05sr\0\x1fjavax.crypto.spec.SecretKeySpec\
    \x5b\x47\x0b\x66\xe2\x30\x61\x4d\x02\0\x02L\0\x09algorithmt\0\x12Ljava/lang/String;[\0\x03keyt\0\x02[Bxp";
/// `KeyRep`, which stands for the classes of single algorithms, as far as its first value.
const REP: &[u8] = b"\xac\xed\0\x05sr\0\x14java.security.KeyRep\
    \xbd\xf9\x4f\xb3\x88\x9a\xa5\x43\x02\0\x04L\0\x09algorithmt\0\x12Ljava/lang/String;[\0\x07encodedt\0\x02[B\
    L\0\x06formatq\0~\0\x01L\0\x04typet\0\x1bLjava/security/KeyRep$Type;xp";
/// The rest of a `KeyRep`: bytes alone, of a secret key.
const RAW_SECRET: &[u8] = b"t\0\x03RAW~r\0\x19java.security.KeyRep$Type\0\0\0\0\0\0\0\0\x12\0\0\
    xr\0\x0ejava.lang.Enum\0\0\0\0\0\0\0\0\x12\0\0xpt\0\x06SECRET";

/// The classes whose shapes these are: one that differs is damaged, and not another one.
const SEALED_KEY: &str = "com.sun.crypto.provider.SealedObjectForKeyProtector";
const KEYS: [&str; 2] = ["javax.crypto.spec.SecretKeySpec", "java.security.KeyRep"];

/// The longest name of a class or an algorithm that is shown, in characters.
const MAX_NAME: usize = 60;

/// A key that is encrypted.
#[derive(Debug)]
pub(super) struct Sealed<'a> {
    /// The salt and the rounds, in DER.
    pub(super) parameters: &'a [u8],
    pub(super) ciphertext: &'a [u8],
}

impl<'a> Sealed<'a> {
    /// The object that `fields` begin with; `None` when it is damaged.
    ///
    /// # Errors
    /// When it is of another class, or encrypted in another way: where it ends is not known then.
    pub(super) fn take(fields: &mut Fields<'a>) -> Result<Option<Self>, Refusal> {
        if fields.skip(SEALED).is_none() {
            let class = class_of(fields).filter(|class| class != SEALED_KEY);
            return class.map_or(Ok(None), |class| Err(Refusal::Unread(other(&class))));
        }
        let values = |fields: &mut Fields<'a>| {
            fields.skip(BYTES)?;
            let parameters = fields.long_bytes()?;
            fields.skip(MORE_BYTES)?;
            let ciphertext = fields.long_bytes()?;
            let cipher = string(fields)?;
            let again = fields.skip(SAME_TEXT).map(|()| cipher.clone());
            let again = again.or_else(|| string(fields))?;
            Some((Self { parameters, ciphertext }, cipher, again))
        };
        match values(fields) {
            Some((sealed, cipher, again)) if cipher == CIPHER && again == CIPHER => {
                Ok(Some(sealed))
            }
            Some((_, cipher, _)) => {
                Err(Refusal::Unread(format!("Secret keys of Java under {}", shown(&cipher))))
            }
            None => Ok(None),
        }
    }
}

fn other(class: &str) -> String {
    format!(
        "Secret keys that Java keeps as objects of the class {class} (make a PKCS#12 file of it: keytool \
         -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype PKCS12)"
    )
}

/// The key in an opened object; `None` when it is no object, so that the password was wrong.
pub(super) fn key(plaintext: &[u8]) -> Option<Item> {
    if !plaintext.starts_with(OBJECT) {
        return None;
    }
    if let Some((algorithm, material)) = values(&mut Fields(plaintext)) {
        return Some(secret_key(Form::JavaKeystore, &algorithm, material));
    }
    let class = class_of(&mut Fields(plaintext)).filter(|class| !KEYS.contains(&class.as_str()));
    let refusal = class.map_or_else(
        || Refusal::Damaged("the secret key is damaged".into()),
        |class| Refusal::Unread(other(&class)),
    );
    Some(Item::refused(Form::JavaKeystore, refusal))
}

fn values(fields: &mut Fields<'_>) -> Option<(String, SecretBytes)> {
    let rep = fields.skip(REP).is_some();
    if !rep {
        fields.skip(SPEC)?;
    }
    let algorithm = string(fields)?;
    fields.skip(BYTES)?;
    let material = SecretBytes::new(fields.long_bytes()?.to_vec());
    if rep {
        fields.skip(RAW_SECRET)?;
    }
    fields.is_empty().then_some((algorithm, material))
}

/// The key of Java's name for its algorithm.
pub(super) fn secret_key(form: Form, algorithm: &str, material: SecretBytes) -> Item {
    use Algorithm as A;
    let kinds: &[A] = match algorithm.to_ascii_uppercase().as_str() {
        "AES" => &[A::Aes128Gcm, A::Aes192Gcm, A::Aes256Gcm],
        "CHACHA20" | "CHACHA20-POLY1305" => &[A::ChaCha20Poly1305],
        "HMACSHA256" => &[A::HmacSha256],
        "HMACSHA384" => &[A::HmacSha384],
        "HMACSHA512" => &[A::HmacSha512],
        _ => &[],
    };
    let len = material.len();
    match kinds.iter().find(|kind| kind.symmetric_len() == Some(len)) {
        Some(kind) => symmetric::item(form, material, Some(*kind)),
        None => {
            let what =
                format!("a secret key of Java's kind {}, {len} bytes long", shown(algorithm));
            Item::refused(form, AdoptError::Unsupported(what))
        }
    }
}

fn string(fields: &mut Fields<'_>) -> Option<String> {
    fields.skip(b"t")?;
    fields.text()
}

fn class_of(fields: &mut Fields<'_>) -> Option<String> {
    fields.skip(OBJECT)?;
    fields.text().map(|class| shown(&class))
}

fn shown(name: &str) -> String {
    text::one_line(name).chars().take(MAX_NAME).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::item::Found;
    use super::*;

    /// `ObjectOutputStream.writeObject` of OpenJDK 17, of a `SecretKeySpec` for HMAC and of a Triple DES key.
    const MAC: &str = "aced00057372001f6a617661782e63727970746f2e737065632e5365637265744b6579537065635b470b66e230614d0200024c0009616c676f726974686d7400124c6a6176612f6c616e672f537472696e673b5b00036b65797400025b42787074000a486d6163534841333834757200025b42acf317f8060854e00200007870000000309fc7c625fdfe471810f132c4d7399349226c9f51bc3b9fe0c6a690982951460e7d0690a26f3df92d3986980e55470f2b";
    const TRIPLE_DES: &str = "aced0005737200146a6176612e73656375726974792e4b6579526570bdf94fb3889aa5430200044c0009616c676f726974686d7400124c6a6176612f6c616e672f537472696e673b5b0007656e636f6465647400025b424c0006666f726d617471007e00014c00047479706574001b4c6a6176612f73656375726974792f4b657952657024547970653b7870740006444553656465757200025b42acf317f8060854e00200007870000000187c049dd34fe60dcbd6cead1c623df143baa4cdce3d7045917400035241577e7200196a6176612e73656375726974792e4b6579526570245479706500000000000000001200007872000e6a6176612e6c616e672e456e756d00000000000000001200007870740006534543524554";

    fn refusal(plaintext: &[u8]) -> Refusal {
        match key(plaintext).unwrap().found {
            Found::Refused(refusal) => refusal,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_key_in_each_of_the_two_shapes() {
        let mac = hex::decode(MAC).unwrap();
        let Found::Symmetric(found) = key(&mac).unwrap().found else { panic!("no key") };
        assert_eq!(found.algorithms, [Algorithm::HmacSha384]);
        assert!(found.material == SecretBytes::new(mac[mac.len() - 48..].to_vec()));
        let triple_des = hex::decode(TRIPLE_DES).unwrap();
        let said = refusal(&triple_des);
        assert!(said.is_unsupported() && said.to_string().contains("DESede, 24 bytes"), "{said}");
    }

    #[test]
    fn everything_else_is_refused() {
        for whole in [MAC, TRIPLE_DES].map(|digits| hex::decode(digits).unwrap()) {
            for len in 0..whole.len() {
                let cut = key(&whole[..len]).map(|item| item.found);
                assert!(cut.is_none() || matches!(cut, Some(Found::Refused(_))), "{len}: {cut:?}");
            }
            assert!(matches!(refusal(&[whole.as_slice(), b"p"].concat()), Refusal::Damaged(_)));
            for at in 0..whole.len() {
                for blown in [[0xff; 4], [0x7f, 0xff, 0xff, 0xff]] {
                    let mut damaged = whole.clone();
                    let end = whole.len().min(at + 4);
                    damaged[at..end].copy_from_slice(&blown[..end - at]);
                    // Of its numbers alone nothing tells that they were others; the store's digest does.
                    if let Some(Found::Symmetric(found)) = key(&damaged).map(|item| item.found) {
                        assert!(at + 48 >= whole.len() && found.material.len() == 48, "{at}");
                    }
                }
            }
        }
        let class = b"\xac\xed\0\x05sr\0\x11java.util.HashMap\x05\x07\xda\xc1\xc3\x16\x60\xd1";
        let said = refusal(class);
        assert!(said.is_unsupported() && said.to_string().contains("java.util.HashMap"), "{said}");
        // Objects in objects: no more than the first one's name is looked at.
        let nested = [class.as_slice(), &b"sr\0\x01A".repeat(100_000)].concat();
        assert_eq!(refusal(&nested), said);
        let long = [OBJECT, &[0xff, 0xff], &[b'a'; 0xffff]].concat();
        assert!(refusal(&long).to_string().len() < 300);
        assert!(key(b"\xac\xed\0\x05").is_none() && key(b"").is_none());
    }
}
