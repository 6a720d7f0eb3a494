//! Vaults of a given size, as the use cases make them.

use keyreeve_app::{UnlockedSession, keys};
use keyreeve_domain::ports::Silent;
use serde_json::json;

use crate::Outcome;
use crate::world::{BenchWorld, request};

/// What keys are for. Each has keys in each place and of each kind.
const SERVICES: [&str; 10] = [
    "payments", "billing", "ledger", "gateway", "identity", "mail", "reports", "storage", "search",
    "webhooks",
];
/// Where they are used.
const PLACES: [&str; 2] = ["prod", "staging"];
/// The kinds of keys, with a purpose each. Kinds that are slow to make are few in real vaults too.
const KINDS: [(&str, &str); 5] = [
    ("aes-256-gcm", "encrypt"),
    ("hmac-sha256", "mac"),
    ("ed25519", "sign"),
    ("x25519", "agree"),
    ("ec-p256", "sign"),
];

/// A vault with `count` keys of many names and kinds, which stays unlocked.
pub(crate) fn vault_of(world: &BenchWorld, count: u32) -> Outcome<UnlockedSession> {
    let session = world.create()?;
    let batches = SERVICES.len() * PLACES.len() * KINDS.len();
    let batches = u32::try_from(batches)?;
    let mut batch = 0;
    for service in SERVICES {
        for place in PLACES {
            for (algorithm, purpose) in KINDS {
                // The remainder goes to the first ones.
                let share = count / batches + u32::from(batch < count % batches);
                batch += 1;
                if share == 0 {
                    continue;
                }
                let create = json!({
                    "name": format!("{service}/{place} {algorithm}"),
                    "algorithm": algorithm,
                    "purpose": purpose,
                    "exportable": true,
                    "owner": format!("{service} team"),
                    "tags": [place, service],
                    "whereUsed": [{
                        "kind": "host",
                        "value": format!("{service}-1.{place}.example.org"),
                    }],
                    "count": share,
                });
                keys::create_keys(&session, &request(create)?, &Silent)?;
            }
        }
    }
    Ok(session)
}

/// Lets every key of the vault change until its log has `events` entries.
pub(crate) fn grow_log(session: &UnlockedSession, keys: u64, events: u64) -> Outcome<()> {
    let mut size = keyreeve_app::vault::session_view(session)?.audit_size;
    let mut tagged = false;
    while size + keys <= events {
        let kind = if tagged { "remove_tag" } else { "add_tag" };
        let change = json!({
            "selection": { "kind": "query", "query": {} },
            "change": { "kind": kind, "tag": "reviewed" },
            "reason": "yearly review of what is still in use",
        });
        size += u64::from(keys::bulk_change(session, &request(change)?, &Silent)?.changed);
        tagged = !tagged;
    }
    Ok(())
}
