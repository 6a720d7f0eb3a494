//! What is exported is what is read again, whatever the key is called.

use keyreeve_crypto::{AdoptedKey, Algorithm, SecretBytes, SecretString, identify, make_key};
use keyreeve_formats::{
    Format, Found, Item, Protection, export_private, private_formats_for, read,
};

use crate::seeds::Answer;
use crate::targets::Target;

/// An input is the numbers of a key and of one of its formats, a byte each, and the key's name.
pub fn target() -> Answer<Target> {
    let mut keys = Vec::new();
    for &algorithm in Algorithm::ALL {
        let key = make_key(algorithm)?;
        keys.extend(
            private_formats_for(algorithm)
                .iter()
                .map(|&format| (algorithm, format, key_again(&key))),
        );
    }
    let numbers = 0..u8::try_from(keys.len())?;
    let seeds = numbers.map(|number| [&[number][..], "a key – signé\n".as_bytes()].concat());
    let seeds = seeds.collect();
    Ok(Target::new("key that was exported", seeds, move |bytes| {
        let Some((number, comment)) = bytes.split_first() else { return };
        let (algorithm, format, key) = &keys[usize::from(*number) % keys.len()];
        exported(*algorithm, *format, key, &String::from_utf8_lossy(comment));
    }))
}

fn key_again(key: &SecretBytes) -> SecretBytes {
    // EXPOSE: a copy of a key that guards nothing.
    SecretBytes::new(key.expose().to_vec())
}

fn exported(algorithm: Algorithm, format: Format, key: &SecretBytes, comment: &str) {
    let passphrase = SecretString::new("copper window sable forty".into());
    let protection = match format.needs_passphrase() {
        true => Protection::Passphrase(&passphrase),
        false => Protection::Plain,
    };
    let file = match export_private(algorithm, key, format, protection, comment) {
        Ok(file) => file,
        Err(error) => panic!("{algorithm} as {format}: {error}"),
    };
    let items = match read(&file) {
        Ok(items) => items,
        Err(error) => panic!("{algorithm} as {format}: {error}"),
    };
    let opened = items.iter().filter_map(|item| item.open(&passphrase)).flatten();
    let same = |item: &Item| is(item, algorithm, key);
    let again = items.iter().any(same) || opened.collect::<Vec<_>>().iter().any(same);
    assert!(again, "{algorithm} as {format} was read as {items:?}");
}

/// Whether an item is this key. A pair is told by its public half: some formats keep of the private one only
/// what counts.
fn is(item: &Item, algorithm: Algorithm, key: &SecretBytes) -> bool {
    let pair = |pair: &AdoptedKey| {
        identify(algorithm, key).is_ok_and(|identity| {
            pair.algorithm == algorithm && pair.identity.public_key == identity.public_key
        })
    };
    match &item.found {
        Found::Pair(found) => pair(found),
        // EXPOSE: compared; neither guards anything.
        Found::Symmetric(found) => {
            found.material.expose() == key.expose() || found.pair.as_ref().is_some_and(pair)
        }
        _ => false,
    }
}
