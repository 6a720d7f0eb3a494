//! The one canonical encoding of every list of byte strings that is hashed, MACed or bound as
//! associated data.

/// The version that starts every encoding made by [`pre_auth_encode`].
const ENCODING_VERSION: u8 = 1;

/// Encodes `parts` so that no two different lists give the same bytes.
///
/// The layout is one version byte (`0x01`) and then the pre-authentication encoding of the PASETO
/// specification: the number of parts, then for each part its length and its bytes; numbers are
/// unsigned 64-bit little endian.
#[must_use]
pub fn pre_auth_encode(parts: &[&[u8]]) -> Vec<u8> {
    let size = 9 + parts.iter().map(|part| 8 + part.len()).sum::<usize>();
    let mut out = Vec::with_capacity(size);
    out.push(ENCODING_VERSION);
    out.extend_from_slice(&(parts.len() as u64).to_le_bytes());
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_le_bytes());
        out.extend_from_slice(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinned_vector() {
        assert_eq!(
            hex::encode(pre_auth_encode(&[b"ab", b""])),
            "01020000000000000002000000000000006162\
             0000000000000000"
        );
    }

    /// A list that grows leaves a copy of its bytes behind.
    #[test]
    fn its_length_is_known_from_the_start() {
        for parts in [&[][..], &[&b"ab"[..]], &[b"", b"", &[7; 100]]] {
            let encoded = pre_auth_encode(parts);
            assert_eq!(encoded.capacity(), encoded.len());
        }
    }

    #[test]
    fn moving_a_byte_between_parts_changes_the_encoding() {
        assert_ne!(pre_auth_encode(&[b"ab", b"c"]), pre_auth_encode(&[b"a", b"bc"]));
        assert_ne!(pre_auth_encode(&[b"ab"]), pre_auth_encode(&[b"ab", b""]));
    }
}
