//! A short private scalar of an ECDSA key, written out to its full length.
//!
//! OpenSSH writes the scalar without leading zeros, as every fourth P-521 key has them. The library
//! that reads the files takes only scalars of full length, so that such a key is put before it once
//! more, in the clear and with the zeros in place. Everything else is left to the library.

use ssh_key::PrivateKey;
use zeroize::Zeroizing;

const MAGIC: &[u8] = b"openssh-key-v1\0";
/// The two numbers before the key, by which a wrong password is noticed.
const CHECK_LEN: usize = 8;
const BLOCK_LEN: usize = 8;

/// The parts of a file that this needs.
pub(super) struct Parts<'a> {
    public: &'a [u8],
    /// The private part, which may be encrypted.
    pub(super) private: &'a [u8],
    /// What follows it: the tag of an authenticated cipher.
    pub(super) tag: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(super) fn of(file: &'a [u8]) -> Option<Self> {
        let mut rest = file.strip_prefix(MAGIC)?;
        let (_cipher, _kdf, _options) =
            (string(&mut rest)?, string(&mut rest)?, string(&mut rest)?);
        rest = rest.strip_prefix(&1_u32.to_be_bytes())?;
        Some(Self { public: string(&mut rest)?, private: string(&mut rest)?, tag: rest })
    }

    /// The key, from the private part in the clear.
    pub(super) fn key(&self, private: &[u8]) -> Option<PrivateKey> {
        let mut rest = private.get(CHECK_LEN..)?;
        let len: usize = match string(&mut rest)? {
            b"ecdsa-sha2-nistp256" => 32,
            b"ecdsa-sha2-nistp384" => 48,
            b"ecdsa-sha2-nistp521" => 66,
            _ => return None,
        };
        let (_curve, _point) = (string(&mut rest)?, string(&mut rest)?);
        let before = private.get(..private.len() - rest.len())?;
        let scalar = string(&mut rest)?;
        let missing = len.checked_sub(scalar.len())?;
        let comment = string(&mut rest)?;

        let mut section = Zeroizing::new(Vec::with_capacity(private.len() + missing + BLOCK_LEN));
        section.extend_from_slice(before);
        section.extend_from_slice(&u32::try_from(len).ok()?.to_be_bytes());
        section.extend(std::iter::repeat_n(0, missing));
        section.extend_from_slice(scalar);
        push_string(&mut section, comment)?;
        let padding = section.len().next_multiple_of(BLOCK_LEN) - section.len();
        section.extend((1..).take(padding));

        let room = MAGIC.len() + self.public.len() + section.len() + 32;
        let mut file = Zeroizing::new(Vec::with_capacity(room));
        file.extend_from_slice(MAGIC);
        for part in [&b"none"[..], b"none", b""] {
            push_string(&mut file, part)?;
        }
        file.extend_from_slice(&1_u32.to_be_bytes());
        push_string(&mut file, self.public)?;
        push_string(&mut file, &section)?;
        PrivateKey::from_bytes(&file).ok()
    }
}

/// Takes a string of SSH's (RFC 4251) off the front: four bytes of length, and its bytes.
fn string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, after) = rest.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
    let (string, after) = after.split_at_checked(len)?;
    *rest = after;
    Some(string)
}

fn push_string(out: &mut Vec<u8>, string: &[u8]) -> Option<()> {
    out.extend_from_slice(&u32::try_from(string.len()).ok()?.to_be_bytes());
    out.extend_from_slice(string);
    Some(())
}
