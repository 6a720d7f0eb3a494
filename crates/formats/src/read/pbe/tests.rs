//! Project Wycheproof's vectors of PBES2. What they encrypt is no key, so they are decrypted here and not read as files.

use pkcs8::pkcs5::pbes2::{EncryptionScheme as Encryption, Parameters, Pbkdf2Params};
use wycheproof::pbes2::{TestName, TestSet};

use super::*;

/// The two names that a set's name is made of: `PbeWithHmacSha256AndAes128`.
fn ways(name: &str) -> (Pbkdf2Prf, fn([u8; 16]) -> Encryption) {
    let (prf, cipher) = name.strip_prefix("PbeWithHmac").unwrap().split_once("And").unwrap();
    let prf = match prf {
        "Sha1" => Pbkdf2Prf::HmacWithSha1,
        "Sha224" => Pbkdf2Prf::HmacWithSha224,
        "Sha256" => Pbkdf2Prf::HmacWithSha256,
        "Sha384" => Pbkdf2Prf::HmacWithSha384,
        "Sha512" => Pbkdf2Prf::HmacWithSha512,
        other => panic!("{other}"),
    };
    let cipher: fn([u8; 16]) -> Encryption = match cipher {
        "Aes128" => |iv| Encryption::Aes128Cbc { iv },
        "Aes192" => |iv| Encryption::Aes192Cbc { iv },
        "Aes256" => |iv| Encryption::Aes256Cbc { iv },
        other => panic!("{other}"),
    };
    (prf, cipher)
}

#[test]
fn every_prf_and_cipher_of_pbes2_decrypts() {
    let (mut opened, mut skipped) = (0, 0);
    for name in TestName::all() {
        let (prf, cipher) = ways(&format!("{name:?}"));
        for test in TestSet::load(name).unwrap().test_groups.into_iter().flat_map(|g| g.tests) {
            // A password is text here: whoever types one has no other.
            let Ok(password) = String::from_utf8(test.password.to_vec()) else {
                skipped += 1;
                continue;
            };
            let rounds = u32::try_from(test.iteration_count).unwrap();
            let mut kdf = Pbkdf2Params::hmac_sha256(rounds, &test.salt).unwrap();
            kdf.prf = prf;
            let encryption = cipher(test.iv.as_slice().try_into().unwrap());
            let scheme = EncryptionScheme::Pbes2(Parameters { kdf: kdf.into(), encryption });
            let der = scheme.to_der().unwrap();
            let pbe = Pbe::of(AlgorithmIdentifierRef::from_der(&der).unwrap()).unwrap();
            let text = pbe.decrypt(&SecretString::new(password), &test.ct).unwrap();
            assert_eq!(text.as_slice(), test.msg.as_slice(), "{name:?} {}", test.tc_id);
            opened += 1;
        }
    }
    assert_eq!((opened, skipped), (945, 315));
}
