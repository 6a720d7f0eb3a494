//! The list: every page of every order, against a plain sort of the records.

use keyreeve_crypto::{Algorithm, Purpose};
use keyreeve_domain::{
    Counts, KeyId, KeyQuery, KeyRecord, NewKey, Period, SmartFilter, SortBy, State, Tag, TagCount,
    Timestamp,
};
use proptest::prelude::*;

use crate::support::{Vault, at, new_version, plain_key, raw, sealed_version, stamp};

const SORTS: [SortBy; 6] = [
    SortBy::Name,
    SortBy::Algorithm,
    SortBy::Purpose,
    SortBy::State,
    SortBy::RotateBy,
    SortBy::CreatedAt,
];

/// What decides a key's places in the orders.
#[derive(Debug, Clone)]
struct Sample {
    id: [u8; 16],
    kind: usize,
    fate: u8,
    created: i64,
    tags: u8,
    dated: bool,
}

fn sample() -> impl Strategy<Value = Sample> {
    (any::<[u8; 16]>(), 0..5usize, 0..7u8, 0..400i64, 0..4u8, any::<bool>()).prop_map(
        |(id, kind, fate, created, tags, dated)| Sample { id, kind, fate, created, tags, dated },
    )
}

/// A key made by the rules alone, as the domain would let it come to that state.
fn record(sample: &Sample, number: usize) -> KeyRecord {
    let (algorithm, purpose) = [
        (Algorithm::Ed25519, Purpose::Sign),
        (Algorithm::Aes256Gcm, Purpose::Encrypt),
        (Algorithm::Aes256Gcm, Purpose::Wrap),
        (Algorithm::HmacSha256, Purpose::Mac),
        (Algorithm::X25519, Purpose::Agree),
    ][sample.kind];
    let tags = ["prod", "dev"].iter().enumerate().filter(|(bit, _)| sample.tags >> bit & 1 == 1);
    let name = format!("{} {number}", ["ångström", "Web", "web", "Zulu", "مفتاح"][number % 5]);
    let mut new = NewKey {
        algorithm,
        purpose,
        tags: tags.map(|(_, tag)| Tag::parse(tag).unwrap()).collect(),
        ..plain_key(KeyId::from_random(sample.id), &name)
    };
    new.policy.originator_usage = sample.dated.then(|| Period::days(200));
    let created = at(sample.created);
    if sample.fate == 0 {
        new.activate_at = Some(at(1000));
    }
    let sealed = sealed_version(1, 1);
    let record = KeyRecord::create(new, new_version(&sealed), created).unwrap().record;
    let mut record = match sample.fate {
        2 => record.suspend(None, "", created).unwrap().record,
        3 => record.deactivate(None, "", created).unwrap().record,
        4 => record.revoke(None, "lost", created, created).unwrap().record,
        5 => {
            let old = record.deactivate(None, "", created).unwrap().record;
            old.schedule_destruction(None, 30, "", created).unwrap().record
        }
        // Its time ran out, if it has one.
        6 => record.run_due(at(sample.created + 200)).pop().map_or(record, |change| change.record),
        _ => record,
    };
    record.revision = 0;
    record
}

/// A vault with these keys, put in in one transaction.
fn filled(samples: &[Sample]) -> (Vault, Vec<KeyRecord>) {
    let vault = Vault::new();
    let mut records = Vec::new();
    let mut write = vault.store.write().unwrap();
    for (number, sample) in samples.iter().enumerate() {
        let record = record(sample, number);
        let change = keyreeve_domain::KeyChange {
            record: record.clone(),
            action: keyreeve_domain::audit::Action::KeyCreate,
            version: Some(1),
            reason: None,
            details: Default::default(),
            purged: Vec::new(),
        };
        write.save_key(&change, &[sealed_version(1, 1)], &stamp()).unwrap();
        records.push(record);
    }
    write.commit().unwrap();
    (vault, records)
}

fn matches(record: &KeyRecord, query: &KeyQuery, now: Timestamp) -> bool {
    let rotate_by = record.rotate_by();
    let smart = |filter| match filter {
        SmartFilter::ExpiringSoon => rotate_by.is_some_and(|end| {
            let warn = end - jiff::Span::new().hours(24 * 30);
            warn <= now && end > now
        }),
        SmartFilter::Overdue => rotate_by.is_some_and(|end| end <= now),
        SmartFilter::Expired => record.has_expired(),
        SmartFilter::Compromised => record.state() == State::Compromised,
        SmartFilter::ScheduledForDestruction => {
            record.versions.iter().any(|version| version.destroy_scheduled_at.is_some())
        }
    };
    query.state.is_none_or(|state| record.state() == state)
        && query.algorithm.is_none_or(|algorithm| record.algorithm == algorithm)
        && query.purpose.is_none_or(|purpose| record.purpose == purpose)
        && query.tag.as_ref().is_none_or(|tag| record.tags.contains(tag))
        && query.filter.is_none_or(smart)
        && query.rotate_before.is_none_or(|end| rotate_by.is_some_and(|by| by <= end))
        && query.search.as_deref().is_none_or(|word| record.name.as_str().contains(word))
}

/// The identifiers that `query` has, in its order, by sorting records.
fn expected(records: &[KeyRecord], query: &KeyQuery, now: Timestamp) -> Vec<KeyId> {
    let mut found: Vec<_> = records.iter().filter(|record| matches(record, query, now)).collect();
    if query.sort_by == SortBy::RotateBy {
        // Keys without a date come last in both directions.
        found.sort_by_key(|record| {
            let by = record.rotate_by().map(|by| by.as_millisecond());
            (by.is_none(), if query.descending { by.map(|by| -by) } else { by }, record.id)
        });
        return found.into_iter().map(|record| record.id).collect();
    }
    let value = |record: &KeyRecord| match query.sort_by {
        SortBy::Name => (record.name.folded(), 0),
        SortBy::Algorithm => (record.algorithm.name().to_owned(), 0),
        SortBy::Purpose => (record.purpose.name().to_owned(), 0),
        SortBy::State => (record.state().name().to_owned(), 0),
        SortBy::RotateBy | SortBy::CreatedAt => (String::new(), record.created_at.as_millisecond()),
    };
    found.sort_by_key(|record| (value(record), record.id));
    if query.descending {
        found.reverse();
    }
    found.into_iter().map(|record| record.id).collect()
}

/// All pages of `query`, one after the other.
fn paged(vault: &Vault, query: &KeyQuery, now: Timestamp) -> (Vec<KeyId>, u64) {
    let mut query = query.clone();
    let mut ids = Vec::new();
    loop {
        let page = vault.store.read().unwrap().list(&query, now).unwrap();
        assert!(page.rows.len() <= query.limit as usize);
        ids.extend(page.rows.iter().map(|row| row.id));
        assert_eq!(
            page.next.as_ref().map(|next| next.id),
            page.next.as_ref().and(ids.last().copied())
        );
        // A cursor may travel as JSON.
        let Some(next) = page.next else { return (ids, page.total) };
        let text = serde_json::to_string(&next).unwrap();
        query.after = Some(serde_json::from_str(&text).unwrap());
        assert!(ids.len() as u64 <= page.total, "a page came twice");
    }
}

fn assert_pages(vault: &Vault, records: &[KeyRecord], query: &KeyQuery, now: Timestamp) {
    let expected = expected(records, query, now);
    let (ids, total) = paged(vault, query, now);
    assert_eq!(ids, expected, "{query:?}");
    assert_eq!(total, expected.len() as u64);
    assert_eq!(vault.store.read().unwrap().ids(query, now).unwrap(), expected);
}

/// Filters of each kind, alone and together.
fn filters() -> Vec<KeyQuery> {
    let all = KeyQuery::default;
    let smart = |filter| KeyQuery { filter: Some(filter), ..all() };
    let tag = Some(Tag::parse("prod").unwrap());
    vec![
        all(),
        KeyQuery { state: Some(State::Active), ..all() },
        KeyQuery { algorithm: Some(Algorithm::Aes256Gcm), ..all() },
        KeyQuery { purpose: Some(Purpose::Wrap), tag: tag.clone(), ..all() },
        KeyQuery { tag: tag.clone(), ..all() },
        KeyQuery { rotate_before: Some(at(350)), ..all() },
        KeyQuery { search: Some("web".into()), ..all() },
        KeyQuery { search: Some("Zulu".into()), tag, state: Some(State::Active), ..all() },
        KeyQuery { search: Some("nowhere".into()), ..all() },
        smart(SmartFilter::ExpiringSoon),
        smart(SmartFilter::Overdue),
        smart(SmartFilter::Expired),
        smart(SmartFilter::Compromised),
        smart(SmartFilter::ScheduledForDestruction),
    ]
}

#[test]
fn a_page_that_is_just_full_is_the_last() {
    let vault = Vault::new();
    for number in 1..=3 {
        vault.add(number, &format!("key {number}"));
    }
    let read = vault.store.read().unwrap();
    let next = |limit| {
        let query = KeyQuery { limit, ..KeyQuery::default() };
        read.list(&query, at(0)).unwrap().next
    };
    assert!(next(2).is_some());
    assert_eq!(next(3), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn every_page_of_every_order_has_every_row_once(
        samples in prop::collection::vec(sample(), 0..40),
        limit in 1..9u32,
        now in 0..700i64,
    ) {
        let (vault, records) = filled(&samples);
        for filter in filters() {
            // "web" finds "Web" too, which the plain comparison does not.
            if filter.search.as_deref() == Some("web") {
                continue;
            }
            for sort_by in SORTS {
                for descending in [false, true] {
                    let query = KeyQuery { sort_by, descending, limit, ..filter.clone() };
                    assert_pages(&vault, &records, &query, at(now));
                }
            }
        }
    }

    #[test]
    fn counts_are_what_counting_records_gives(
        samples in prop::collection::vec(sample(), 0..60),
        now in 0..700i64,
    ) {
        let (vault, records) = filled(&samples);
        let counts = vault.store.read().unwrap().counts(at(now)).unwrap();
        prop_assert_eq!(counts, counted(&records, at(now)));
    }
}

#[test]
fn what_is_due_when_a_month_begins_counts_in_that_month() {
    // 200 days after it is the first of August, at midnight.
    let created = 12;
    let sample = Sample { id: [1; 16], kind: 0, fate: 1, created, tags: 0, dated: true };
    let (vault, records) = filled(&[sample]);
    assert_eq!(records[0].rotate_by(), Some(at(212)));
    let counts = vault.store.read().unwrap().counts(at(created)).unwrap();
    let august = 7;
    assert_eq!(counts.rotations_by_month, std::array::from_fn(|month| u64::from(month == august)));
}

/// Enough rows that a filtered page is cut from the order of all keys.
#[test]
fn large_results_are_paged_alike() {
    let samples: Vec<_> = (0..1500u32)
        .map(|n| {
            let hash = keyreeve_crypto::sha256(&n.to_be_bytes());
            Sample {
                id: std::array::from_fn(|i| hash[i]),
                kind: hash[16] as usize % 5,
                fate: if hash[17] < 200 { 1 } else { hash[17] % 6 },
                created: i64::from(hash[18]),
                tags: hash[19] % 4,
                dated: hash[20] < 128,
            }
        })
        .collect();
    let (vault, records) = filled(&samples);
    for filter in filters() {
        if filter.search.as_deref() == Some("web") {
            continue;
        }
        for sort_by in SORTS {
            for descending in [false, true] {
                let query = KeyQuery { sort_by, descending, limit: 173, ..filter.clone() };
                assert_pages(&vault, &records, &query, at(200));
            }
        }
    }
    // A page that nothing asked for, and one larger than all.
    let none = KeyQuery { limit: 0, ..KeyQuery::default() };
    let page = vault.store.read().unwrap().list(&none, at(0)).unwrap();
    assert_eq!((page.rows.len(), page.total, page.next), (0, 1500, None));
    let most = KeyQuery { limit: u32::MAX, ..KeyQuery::default() };
    assert_eq!(vault.store.read().unwrap().list(&most, at(0)).unwrap().rows.len(), 1500);
}

#[test]
fn a_cursor_of_another_order_is_no_error() {
    let samples: Vec<_> = (0..20)
        .map(|n| Sample { id: [n; 16], kind: 0, fate: 1, created: 1, tags: 1, dated: true })
        .collect();
    let (vault, _) = filled(&samples);
    let read = vault.store.read().unwrap();
    let by = |sort_by, after| KeyQuery { sort_by, after, limit: 5, ..KeyQuery::default() };
    for made_by in SORTS {
        let cursor = read.list(&by(made_by, None), at(1)).unwrap().next;
        assert!(cursor.is_some());
        for used_by in SORTS {
            read.list(&by(used_by, cursor.clone()), at(1)).unwrap();
            let tag = Some(Tag::parse("prod").unwrap());
            read.list(&KeyQuery { tag, ..by(used_by, cursor.clone()) }, at(1)).unwrap();
        }
    }
}

fn counted(records: &[KeyRecord], now: Timestamp) -> Counts {
    let count = |filter| {
        let query = KeyQuery { filter: Some(filter), ..KeyQuery::default() };
        records.iter().filter(|record| matches(record, &query, now)).count() as u64
    };
    let mut counts = Counts {
        total: records.len() as u64,
        expiring_soon: count(SmartFilter::ExpiringSoon),
        overdue: count(SmartFilter::Overdue),
        expired: count(SmartFilter::Expired),
        compromised: count(SmartFilter::Compromised),
        scheduled_for_destruction: count(SmartFilter::ScheduledForDestruction),
        ..Counts::default()
    };
    let mut algorithms = std::collections::BTreeMap::<&str, (Algorithm, u64)>::new();
    let mut tags = std::collections::BTreeMap::<&str, u64>::new();
    let zoned = |at: Timestamp| at.to_zoned_datetime(jiff::tz::TimeZone::UTC);
    let month = |at: Timestamp| i32::from(zoned(at).year()) * 12 + i32::from(zoned(at).month());
    for record in records {
        let place = State::ALL.iter().position(|state| *state == record.state()).unwrap();
        counts.by_state[place] += 1;
        algorithms.entry(record.algorithm.name()).or_insert((record.algorithm, 0)).1 += 1;
        record.tags.iter().for_each(|tag| *tags.entry(tag.as_str()).or_default() += 1);
        if let Some(by) = record.rotate_by() {
            let months = (month(by) - month(now)).max(0) as usize;
            if let Some(count) = counts.rotations_by_month.get_mut(months) {
                *count += 1;
            }
        }
    }
    counts.by_algorithm = algorithms.into_values().collect();
    counts.tags =
        tags.into_iter().map(|(tag, count)| TagCount { tag: tag.into(), count }).collect();
    counts.tags.sort_by_key(|tag| std::cmp::Reverse(tag.count));
    counts
}

/// A vault as it was before the rows said which keys have expired.
#[test]
fn a_vault_of_schema_1_learns_which_keys_have_expired() {
    let samples = [(1, 6), (2, 3), (3, 1)].map(|(n, fate)| Sample {
        id: [n; 16],
        kind: 0,
        fate,
        created: 1,
        tags: 0,
        dated: true,
    });
    let (vault, records) = filled(&samples);
    raw(&vault.file())
        .execute_batch(
            "DROP TABLE certificates; DROP TABLE public_keys; DROP INDEX keys_by_expiry; ALTER TABLE keys DROP COLUMN expired;
             PRAGMA user_version = 1;",
        )
        .unwrap();
    let vault = vault.reopened();
    let read = vault.store.read().unwrap();
    let expired = KeyQuery { filter: Some(SmartFilter::Expired), ..KeyQuery::default() };
    let page = read.list(&KeyQuery { limit: 5, ..expired }, at(300)).unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [records[0].id]);
    assert_eq!(read.counts(at(300)).unwrap().expired, 1);
    // The rows are still what the log vouches for.
    for record in &records {
        assert!(read.trusted_key(record.id).unwrap().is_some());
    }
}
