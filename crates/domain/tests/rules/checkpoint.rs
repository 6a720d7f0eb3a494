//! Checkpoints against `signed_note`, an implementation of signed notes that is not ours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyreeve_crypto::{AuditPublicKey, AuditSigningKey, sha256};
use keyreeve_domain::VaultId;
use keyreeve_domain::audit::{
    Checkpoint, CheckpointError, Frontier, NoteError, checkpoint_origin, leaf_hash, verifier_key,
};
use proptest::prelude::*;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};

const SEED: [u8; 32] = [7; 32];

fn key() -> AuditSigningKey {
    AuditSigningKey::from_seed(&SEED)
}

fn checkpoint() -> Checkpoint {
    let mut frontier = Frontier::default();
    (0..5_u8).for_each(|n| frontier.push(leaf_hash(&[n])));
    Checkpoint::of(VaultId::from_bytes([0x11; 16]), &frontier)
}

#[test]
fn pinned_note() {
    let note = checkpoint().sign(&key());
    assert_eq!(
        note,
        "keyreeve/11111111-1111-1111-1111-111111111111\n\
         5\n\
         uFW0LWww9bCH4FJmeD+9bjlPe5JgE8yqZ3AKiwxaWW8=\n\
         \n\
         — keyreeve/11111111-1111-1111-1111-111111111111 sSd3zvXaKzgHtC2rWq+ovOk++EaA59qC9EjRf9UdLkMx1+l04FQ2AjCWAHkN8WzOjHjnzbISZt600RkOxug2K8Z1bAQ=\n"
    );
    assert_eq!(Checkpoint::verify(&note, &key().public()), Ok(checkpoint()));
}

#[test]
fn another_verifier_accepts_our_notes_under_our_verifier_key() {
    let note = checkpoint().sign(&key());
    let verifier = verifier_key(&checkpoint().origin, &key().public());
    let known = VerifierList::new(vec![Box::new(StandardVerifier::new(&verifier).unwrap())]);
    let opened = Note::from_bytes(note.as_bytes()).unwrap();
    let (verified, unverified) = opened.verify(&known).unwrap();
    assert_eq!((verified.len(), unverified.len()), (1, 0));
    assert_eq!(opened.text(), checkpoint().body().as_bytes());

    let changed = note.replace("\n5\n", "\n6\n");
    assert!(Note::from_bytes(changed.as_bytes()).unwrap().verify(&known).is_err());
}

#[test]
fn we_accept_what_another_signer_signs() {
    let origin = checkpoint().origin;
    let verifier = verifier_key(&origin, &key().public());
    let id = verifier.split('+').nth(1).unwrap();
    let seed = STANDARD.encode([&[1][..], &SEED].concat());
    let signer = StandardSigner::new(&format!("PRIVATE+KEY+{origin}+{id}+{seed}")).unwrap();
    let mut note = Note::new(checkpoint().body().as_bytes(), &[]).unwrap();
    note.add_sigs(&[&signer]).unwrap();
    let note = String::from_utf8(note.to_bytes()).unwrap();
    assert_eq!(Checkpoint::verify(&note, &key().public()), Ok(checkpoint()));
    assert_eq!(note, checkpoint().sign(&key()));
}

#[test]
fn another_key_is_named() {
    let note = checkpoint().sign(&key());
    let other = AuditSigningKey::from_seed(&[8; 32]).public();
    let name = checkpoint_origin(VaultId::from_bytes([0x11; 16]));
    assert_eq!(
        Checkpoint::verify(&note, &other),
        Err(CheckpointError::Note(NoteError::NotSigned { name }))
    );
    assert!(Checkpoint::verify(&note, &AuditPublicKey([0xff; 32])).is_err());
}

#[test]
fn signed_texts_that_are_no_checkpoints_are_refused() {
    let root = STANDARD.encode(sha256(b""));
    let good = format!("log\n5\n{root}\n");
    let signed = |body: &str| sign_text(body, "log");
    assert!(Checkpoint::verify(&signed(&good), &key().public()).is_ok());
    for bad in [
        "log\n".to_owned(),
        "log\n5\n".to_owned(),
        format!("log\n5\n{root}\nan extension\n"),
        format!("log\n05\n{root}\n"),
        format!("log\n+5\n{root}\n"),
        format!("log\n-5\n{root}\n"),
        format!("log\n5 \n{root}\n"),
        format!("log\n٥\n{root}\n"),
        format!("log\n18446744073709551616\n{root}\n"),
        format!("log\n5\n{}\n", &root[4..]),
        format!("log\n5\n{}\n", root.trim_end_matches('=')),
        format!("log\n5\n{}\n", root.replace('=', "==")),
        format!("a log\n5\n{root}\n"),
        format!("a+log\n5\n{root}\n"),
        format!("\n5\n{root}\n"),
    ] {
        assert!(
            matches!(
                Checkpoint::verify(&signed(&bad), &key().public()),
                Err(CheckpointError::Malformed(_))
            ),
            "{bad:?}"
        );
    }
}

/// Signs any text the way a note is signed.
fn sign_text(text: &str, name: &str) -> String {
    let verifier = verifier_key(name, &key().public());
    let mut signature = hex::decode(verifier.split('+').nth(1).unwrap()).unwrap();
    signature.extend_from_slice(&key().sign(text.as_bytes()));
    format!("{text}\n— {name} {}\n", STANDARD.encode(signature))
}

proptest! {
    #[test]
    fn every_checkpoint_survives_its_note(size in any::<u64>(), root in any::<[u8; 32]>(), vault in any::<[u8; 16]>()) {
        let origin = checkpoint_origin(VaultId::from_bytes(vault));
        let checkpoint = Checkpoint { origin, size, root };
        let note = checkpoint.sign(&key());
        prop_assert_eq!(Checkpoint::verify(&note, &key().public()), Ok(checkpoint));
    }

    #[test]
    fn no_changed_note_is_accepted(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let note = checkpoint().sign(&key());
        let mut bytes = note.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(changed) = String::from_utf8(bytes) {
            prop_assume!(changed != note);
            prop_assert!(Checkpoint::verify(&changed, &key().public()).is_err());
        }
    }

    #[test]
    fn hostile_notes_never_panic(note in "\\PC{0,200}|([a-z— +/=\n]){0,300}") {
        prop_assert!(Checkpoint::verify(&note, &key().public()).is_err());
    }
}
