//! Changes a key's descriptive parts or policy.

use keyreeve_domain::{Edit, Note, Owner};

use crate::api::{EditKeyRequest, KeyResponse};
use crate::error::Error;
use crate::keys::change::apply;
use crate::parse;
use crate::session::UnlockedSession;

/// Changes what may be changed of a key apart from its name and states.
///
/// # Errors
/// When there is no such key, it was changed meanwhile, a part is not understood, nothing would
/// change, or the slot's role may not change policies. Another policy needs the passphrase again.
pub fn edit_key(session: &UnlockedSession, request: &EditKeyRequest) -> Result<KeyResponse, Error> {
    let policy = match &request.policy {
        None => None,
        Some(policy) => {
            session.may_administer()?;
            session.fresh(request.proof.as_ref())?;
            let tx = session.read()?;
            let id = parse::find_key(&*tx, &request.key)?;
            let record = tx.trusted_key(id)?.ok_or_else(|| Error::internal("the key vanished"))?;
            let (algorithm, purpose) = (record.algorithm, record.purpose);
            Some(parse::policy(policy, Some(&record.policy), algorithm, purpose)?)
        }
    };
    let edit = Edit {
        owner: request.owner.as_deref().map(Owner::parse).transpose()?,
        note: request.note.as_deref().map(Note::parse).transpose()?,
        tags: request.tags.as_deref().map(parse::tags).transpose()?,
        where_used: request.where_used.as_deref().map(parse::where_used).transpose()?,
        fields: request.fields.as_deref().map(parse::fields).transpose()?,
        policy,
        exportable: None,
    };
    apply(session, &request.key, request.expected_revision, false, |record, _now| record.edit(edit))
}
