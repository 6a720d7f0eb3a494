//! When a way in on paper was last tried: a sheet that nobody has read for a year may not be there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use keyreeve_domain::ports::{SlotInfo, SlotKind};
use keyreeve_domain::{Period, SlotId};

/// How long a test counts, in years.
const COUNTS_FOR: u16 = 1;

/// The slots with a recovery part that nobody made, tested or used for a year.
pub(crate) fn untested<'a>(
    slots: &'a [SlotInfo],
    uses: &BTreeMap<SlotId, Timestamp>,
    now: Timestamp,
) -> Vec<&'a SlotInfo> {
    let due = |slot: &&SlotInfo| {
        let last = uses.get(&slot.id).copied().unwrap_or(slot.created_at).max(slot.created_at);
        slot.has(SlotKind::Recovery) && Period::years(COUNTS_FOR).after(last) <= now
    };
    slots.iter().filter(due).collect()
}

#[cfg(test)]
mod tests {
    use keyreeve_crypto::Argon2Params;
    use keyreeve_domain::Role;
    use keyreeve_domain::ports::{PartInfo, RecoveryForm};

    use super::*;

    fn slot(id: u8, parts: Vec<PartInfo>) -> SlotInfo {
        SlotInfo {
            id: SlotId::from_bytes([id; 16]),
            kind: SlotKind::Recovery,
            name: id.to_string(),
            role: Role::Administrator,
            created_at: time("2026-02-28T12:00:00Z"),
            parts,
        }
    }

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn paper_is_due_a_year_after_it_was_made_tested_or_used() {
        let paper = PartInfo::Recovery(RecoveryForm::Code);
        let slots = [
            slot(1, vec![paper.clone()]),
            slot(2, vec![PartInfo::Passphrase(Argon2Params::floor(1))]),
            slot(3, vec![PartInfo::Passphrase(Argon2Params::floor(1)), paper]),
        ];
        let due = |uses: &[(u8, &str)], now: &str| {
            let uses: BTreeMap<_, _> =
                uses.iter().map(|(id, at)| (SlotId::from_bytes([*id; 16]), time(at))).collect();
            let due = untested(&slots, &uses, time(now));
            due.iter().map(|slot| slot.name.clone()).collect::<Vec<_>>()
        };
        assert!(due(&[], "2027-02-28T11:59:59Z").is_empty());
        assert_eq!(due(&[], "2027-02-28T12:00:00Z"), ["1", "3"]);
        let tested = (1, "2027-03-01T08:00:00Z");
        assert_eq!(due(&[tested], "2027-03-02T00:00:00Z"), ["3"]);
        assert_eq!(due(&[tested], "2028-03-01T08:00:00Z"), ["1", "3"]);
        // A time before the slot was made is that of another slot's life, or of a wrong clock.
        assert!(due(&[(1, "2020-01-01T00:00:00Z")], "2026-12-01T00:00:00Z").is_empty());
    }
}
