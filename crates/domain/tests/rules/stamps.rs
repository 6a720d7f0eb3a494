//! Changes become events of the log whole: whose, when, what, why, and the digest of what is there then.

use keyreeve_domain::audit::{Actor, AuditDraft, ObjectKind, Outcome, Source};
use keyreeve_domain::ports::Stamp;

use crate::certificate::issued;
use crate::fixture::start;
use crate::known_key::known;

fn actor() -> Actor {
    Actor { member: "desk".into(), slot: Some("s".into()) }
}

fn stamp() -> Stamp {
    Stamp { time: start(), actor: actor(), source: Source::Cli }
}

/// What every draft has of the stamp; the rest is of the change.
fn is_stamped(draft: &AuditDraft) {
    assert_eq!((draft.time, draft.source, draft.outcome), (start(), Source::Cli, Outcome::Done));
    assert_eq!(draft.actor, actor());
}

#[test]
fn of_a_certificate() {
    let change = issued().keep().with_reason("for the shop");
    let draft = stamp().draft_of_certificate(&change);
    is_stamped(&draft);
    assert_eq!(
        (draft.object_kind, draft.object),
        (ObjectKind::Certificate, issued().id.to_string())
    );
    assert_eq!((draft.action, draft.version), (change.action, None));
    assert_eq!(draft.reason.as_deref(), Some("for the shop"));
    assert_eq!(draft.details, change.details);
    assert_eq!(draft.digest, Some(issued().state_digest()));
}

#[test]
fn of_a_public_key_alone() {
    let change = known().keep().with_reason("for the shop");
    let draft = stamp().draft_of_known_key(&change);
    is_stamped(&draft);
    assert_eq!((draft.object_kind, draft.object), (ObjectKind::KnownKey, known().id.to_string()));
    assert_eq!((draft.action, draft.version), (change.action, None));
    assert_eq!(draft.reason.as_deref(), Some("for the shop"));
    assert_eq!(draft.details, change.details);
    assert_eq!(draft.digest, Some(known().state_digest()));
}
