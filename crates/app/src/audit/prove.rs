//! Proves an entry included, or the log grown from an older size.

use keyreeve_domain::audit::{
    Checkpoint, consistency_proof, inclusion_proof, leaf_hash, root_hash,
};

use crate::api::{AuditProveRequest, AuditProveResponse, ErrorCode};
use crate::error::Error;
use crate::session::UnlockedSession;

/// Makes a proof of RFC 9162 against the log as it is now, with a checkpoint of just that tree.
///
/// # Errors
/// When neither an entry nor an older size is named, or it is not in the log.
pub fn prove_audit(
    session: &UnlockedSession,
    request: &AuditProveRequest,
) -> Result<AuditProveResponse, Error> {
    let tx = session.read()?;
    let frontier = tx.frontier()?;
    let size = frontier.size();
    let mut leaves = Vec::new();
    let mut line = None;
    tx.each_entry(0..size, &mut |seq, entry| {
        leaves.push(leaf_hash(entry));
        if Some(seq) == request.entry {
            line = Some(String::from_utf8_lossy(entry).into_owned());
        }
        Ok(())
    })?;
    let (kind, of, hash, proof) = match (request.entry, request.since_size) {
        (Some(entry), None) => {
            let leaf = usize::try_from(entry).ok().and_then(|at| leaves.get(at).copied());
            let leaf = leaf.ok_or_else(|| beyond("entry", entry, size))?;
            let proof = inclusion_proof(&leaves, entry);
            ("inclusion", entry, leaf, proof.map_err(|error| Error::internal(error.to_string()))?)
        }
        (None, Some(old)) if old >= 1 && old <= size => {
            let older = leaves.iter().copied().take(usize::try_from(old).unwrap_or(usize::MAX));
            let proof = consistency_proof(&leaves, old);
            let proof = proof.map_err(|error| Error::internal(error.to_string()))?;
            ("consistency", old, root_hash(older), proof)
        }
        (None, Some(old)) => return Err(beyond("size", old, size)),
        _ => return Err(Error::invalid("name either an entry or an older size")),
    };
    Ok(AuditProveResponse {
        kind: kind.into(),
        size,
        root: hex::encode(frontier.root()),
        of,
        hash: hex::encode(hash),
        entry: line,
        proof: proof.iter().map(hex::encode).collect(),
        checkpoint: Checkpoint::of(session.vault_id(), &frontier).sign(&session.audit_key()?),
    })
}

fn beyond(what: &str, asked: u64, size: u64) -> Error {
    let message = format!("the log has {size} entries: there is no {what} {asked}");
    Error::new(ErrorCode::NotFound, message)
}
