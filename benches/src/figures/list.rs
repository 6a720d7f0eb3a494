//! Lists and search as you type: from a keystroke to the rows, in the core.

use keyreeve_app::keys;
use serde_json::{Value, json};

use crate::Outcome;
use crate::samples::{Samples, timed};
use crate::world::{BenchWorld, request};

/// What is typed, letter by letter: names, tags, several words, numbers, what every key has and
/// what none has.
const TYPED: [&str; 8] =
    ["payments", "prod", "ledger staging", "ed25519", "webhooks-1.prod", "000001", "team", "zebra"];
/// Each from a session of its own, which remembers nothing.
const ROUNDS: usize = 3;
/// Pages turned after the first.
const PAGES: usize = 20;

/// What listing took.
pub(crate) struct Figures {
    /// A page of the list, in several orders and with filters.
    pub(crate) page: Samples,
    /// The pages after it.
    pub(crate) next_page: Samples,
    /// From a keystroke to the rows.
    pub(crate) keystroke: Samples,
}

pub(crate) fn measure(world: &BenchWorld) -> Outcome<Figures> {
    let mut figures = Figures {
        page: Samples::default(),
        next_page: Samples::default(),
        keystroke: Samples::default(),
    };
    for _ in 0..ROUNDS {
        let (session, _) = world.unlock()?;
        let list = |question: Value| -> Outcome<_> {
            let question = request(question)?;
            let (page, taken) = timed(|| keys::list_keys(&session, &question));
            Ok((page?, taken))
        };
        // As the window does before anybody can type.
        list(json!({}))?;
        for typed in TYPED {
            for (end, letter) in typed.char_indices() {
                let search = &typed[..end + letter.len_utf8()];
                figures.keystroke.add(list(json!({ "search": search }))?.1);
            }
        }
        for question in [
            json!({ "sortBy": "created_at", "descending": true }),
            json!({ "sortBy": "rotate_by" }),
            json!({ "algorithm": "ed25519" }),
            json!({ "state": "active", "sortBy": "algorithm" }),
            json!({ "tag": "prod", "purpose": "sign" }),
            json!({ "filter": "expiring_soon" }),
        ] {
            figures.page.add(list(question)?.1);
        }
        let mut next = list(json!({ "sortBy": "name" }))?.0.next;
        for _ in 0..PAGES {
            let Some(after) = next else { break };
            let (page, taken) = list(json!({ "sortBy": "name", "after": after }))?;
            figures.next_page.add(taken);
            next = page.next;
        }
    }
    Ok(figures)
}
