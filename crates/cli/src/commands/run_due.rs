//! `keyreeve run-due`.

use keyreeve_app::api::{DueDone, RunDueResponse};
use keyreeve_app::vault;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::table::table;
use crate::world::world;

pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    context.with_session(&world(None), |session| {
        // Unlocking does what is due; only what fell due since then is left.
        let mut done = vault::session_view(session)?.done_at_unlock;
        done.extend(vault::run_due(session)?.done);
        let text = text(&done);
        Answer::new(&RunDueResponse { done }, text)
    })
}

fn text(done: &[DueDone]) -> String {
    if done.is_empty() {
        return "Nothing was due.".into();
    }
    let rows: Vec<_> = done
        .iter()
        .map(|done| vec![done.name.clone(), done.version.to_string(), done.action.clone()])
        .collect();
    table(&["key", "version", "done"], &rows)
}
