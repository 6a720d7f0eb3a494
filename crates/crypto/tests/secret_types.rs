//! What a secret's type must not be able to do. None of this runs: it compiles, or it does not.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use keyreeve_crypto::{
    AuditSealKey, AuditSigningKey, DataKey, DatabaseKey, HeaderMacKey, MaterialKey, PrivateParts,
    SecretBytes, SecretString, SlotKey, SlotPrivateKey, VaultKey, VaultKeys,
};

/// Does not compile when the type has one of the traits: a call with two candidates is ambiguous.
macro_rules! lacks {
    ($($type:ty),+ => $($trait:path),+) => { lacks!(@types ($($type),+) ($($trait),+)); };
    (@types ($($type:ty),+) $traits:tt) => { $(lacks!(@one $type, $traits);)+ };
    (@one $type:ty, ($($trait:path),+)) => {$(
        const _: fn() = || {
            trait OneOrTwo<Candidate> {
                fn only() {}
            }
            impl<T: ?Sized> OneOrTwo<()> for T {}
            struct Has;
            impl<T: ?Sized + $trait> OneOrTwo<Has> for T {}
            <$type as OneOrTwo<_>>::only();
        };
    )+};
}

lacks!(
    AuditSealKey, AuditSigningKey, DataKey, DatabaseKey, HeaderMacKey, MaterialKey, SecretBytes,
    SecretString, SlotKey, SlotPrivateKey, VaultKey, VaultKeys
    => Clone, std::fmt::Display, serde::Serialize, AsRef<[u8]>, std::hash::Hash, PartialOrd,
    PartialEq<[u8]>, PartialEq<str>, PartialEq<Vec<u8>>
);
// Nothing compares these, so they have no comparison that could take its time by the first
// different byte.
lacks!(DatabaseKey, HeaderMacKey, VaultKeys, PrivateParts<'static> => PartialEq);

/// The comparisons there are, all by hand over `subtle`: equal is equal, and every bit counts.
#[test]
fn every_bit_of_a_secret_counts_when_compared() {
    macro_rules! check {
        ($($type:ident),+) => {$(
            for bit in 0..256 {
                let mut other = [7; 32];
                other[bit / 8] ^= 1 << (bit % 8);
                assert!($type::from_bytes(&[7; 32]) != $type::from_bytes(&other), "bit {bit}");
            }
            assert!($type::from_bytes(&[7; 32]) == $type::from_bytes(&[7; 32]));
        )+};
    }
    check!(AuditSealKey, DataKey, MaterialKey, SlotKey, SlotPrivateKey, VaultKey);
    for bit in 0..256 {
        let mut other = [7; 32];
        other[bit / 8] ^= 1 << (bit % 8);
        assert!(AuditSigningKey::from_seed(&[7; 32]) != AuditSigningKey::from_seed(&other));
    }
    let bytes = |bytes: &[u8]| SecretBytes::new(bytes.to_vec());
    assert!(bytes(b"ab") == bytes(b"ab") && bytes(b"ab") != bytes(b"aB"));
    assert!(bytes(b"ab") != bytes(b"abc") && bytes(b"") != bytes(b"a"));
    let text = |text: &str| SecretString::new(text.to_owned());
    assert!(text("ab") == text("ab") && text("ab") != text("aB") && text("ab") != text("abc"));
}
