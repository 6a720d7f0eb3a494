"""Checks a Keyreeve vault's audit log and keys without Keyreeve, from docs/vault-format.md alone.

usage: check_vault.py VAULT PASSPHRASE_FILE

The log's entries, tree and checkpoints, and that the rows of every key and certificate are what the log last said.
"""

import json
import struct
import uuid

from read_vault import Refused, main, open_vault, pae, rows, sha256, texts, u32, versions_of
from transparency import Log, open_checkpoint


def read_log(database, vault_id, public_key):
    """Reads the whole log and checks its tree and every checkpoint."""
    log, checkpoints = Log(), {}
    for row in rows(database, "SELECT note FROM checkpoints"):
        size, root = open_checkpoint(row["note"], vault_id, public_key)
        checkpoints.setdefault(size, []).append(root)
    signed = 0
    for row in database.execute("SELECT seq, entry FROM audit_entries ORDER BY seq"):
        log.append(row["entry"])
        for root in checkpoints.pop(log.tree.size, []):
            signed += 1
            if root != log.tree.root():
                raise Refused("the entries are not those that were signed")
    if checkpoints:
        raise Refused("the log was cut off")
    if rows(database, "SELECT edge FROM audit_frontier")[0]["edge"] != log.tree.edge():
        raise Refused("the stored tree is another")
    return log, signed


def time(milliseconds):
    return struct.pack(">q", milliseconds)


def optional(part):
    return pae() if part is None else pae(part)


def state_digest(database, key):
    """SHA-256 over everything stored of a key, as the log's entries carry it."""
    tags = [row["tag"].encode() for row in rows(database, "SELECT tag FROM key_tags WHERE key = ?", key["key"])]
    policy = json.loads(key["policy"])
    policy_parts = texts(
        policy["template"],
        policy["originatorUsage"],
        policy["recipientUsage"],
        policy["overlap"],
        policy["warnBefore"],
        "ends-use" if policy["endsUse"] else "warns",
    )
    pairs = lambda entries, *names: pae(*(pae(*texts(*(e[n] for n in names))) for e in entries))
    return sha256(
        pae(
            b"key",
            key["id"],
            *texts(key["name"], key["purpose"], key["algorithm"]),
            bytes([key["exportable"]]),
            *texts(key["owner"], key["note"]),
            pae(*sorted(tags)),
            pairs(json.loads(key["where_used"]), "kind", "value"),
            pairs(json.loads(key["fields"]), "name", "value"),
            pae(*map(optional, policy_parts)),
            time(key["created_at"]),
            u32(key["primary_version"]),
            struct.pack(">Q", key["revision"]),
            pae(*(version_part(version) for version in versions_of(database, key))),
        )
    )


def version_part(version):
    times = (
        "activate_at activated_at suspended_at deactivate_at deactivated_at"
        " compromised_at destroy_scheduled_at destroyed_at"
    )
    times = [version[name] for name in times.split()]
    fingerprints = sorted(
        (name.encode(), value.encode()) for name, value in json.loads(version["fingerprints"]).items()
    )
    replaced_by = version["replaced_by"]
    return pae(
        u32(version["version"]),
        version["state"].encode(),
        time(version["created_at"]),
        pae(*(optional(None if at is None else time(at)) for at in times)),
        *map(optional, texts(version["compromise_reason"])),
        optional(None if replaced_by is None else u32(replaced_by)),
        *texts(version["origin"], version["generator"], version["creator"]),
        optional(version["public_key"]),
        pae(*(pae(name, value) for name, value in fingerprints)),
        *map(optional, texts(version["kcv"])),
        struct.pack(">Q", version["encryptions"]),
        optional(version["data_key_digest"]),
        optional(version["material_digest"]),
    )


def certificate_digest(database, certificate):
    """SHA-256 over everything stored of a certificate."""

    def key(row, version):
        if row is None:
            return None
        return pae(rows(database, "SELECT id FROM keys WHERE key = ?", row)[0]["id"], u32(version))

    description = description_of(certificate)
    revoked = None
    if certificate["revoked_at"] is not None:
        revoked = pae(time(certificate["revoked_at"]), certificate["revocation_reason"].encode())
    return sha256(
        pae(
            b"certificate",
            certificate["id"],
            certificate["der"],
            *texts(certificate["subject"], certificate["issuer"], certificate["serial"]),
            time(certificate["not_before"]),
            time(certificate["not_after"]),
            certificate["sha256"],
            certificate["public_key_sha256"],
            bytes([certificate["authority"]]),
            *texts(certificate["origin"]),
            optional(key(certificate["key"], certificate["key_version"])),
            optional(key(certificate["issuer_key"], certificate["issuer_version"])),
            optional(revoked),
            optional(certificate["replaced_by"]),
            time(certificate["created_at"]),
            *([] if description == EMPTY else description),
        )
    )


def description_of(row):
    """Owner, note and tags; a row of a schema before 4 has none."""
    if "owner" not in row.keys():
        return EMPTY
    return [*texts(row["owner"], row["note"]), pae(*sorted(tag.encode() for tag in json.loads(row["tags"])))]


EMPTY = [b"", b"", pae()]


def public_key_digest(row):
    """SHA-256 over everything stored of a public key that is kept alone."""
    return sha256(
        pae(
            b"public-key",
            row["id"],
            *texts(row["name"], row["algorithm"]),
            row["public_key"],
            row["sha256"],
            *texts(row["form"]),
            *description_of(row),
            time(row["created_at"]),
        )
    )


def rows_since(database, schema, table):
    """A table's rows; a vault of an older schema has none."""
    if database.execute("PRAGMA user_version").fetchone()[0] < schema:
        return []
    return rows(database, f"SELECT * FROM {table}")


def check(vault, passphrase):
    vault_id, database, _ = open_vault(vault, passphrase)
    public_key = rows(database, "SELECT audit_public_key FROM meta")[0]["audit_public_key"]
    log, checkpoints = read_log(database, vault_id, public_key)
    vouched = {key: digest for key, (_, digest) in log.newest.items()}
    keys = rows(database, "SELECT * FROM keys")
    certificates = rows_since(database, 3, "certificates")
    public_keys = rows_since(database, 4, "public_keys")
    found = {str(uuid.UUID(bytes=key["id"])): state_digest(database, key).hex() for key in keys}
    for certificate in certificates:
        if sha256(certificate["der"]) != certificate["sha256"]:
            raise Refused("a certificate is not the one it says it is")
        found[str(uuid.UUID(bytes=certificate["id"]))] = certificate_digest(database, certificate).hex()
    for public_key in public_keys:
        if sha256(public_key["public_key"]) != public_key["sha256"]:
            raise Refused("a public key is not the one it says it is")
        found[str(uuid.UUID(bytes=public_key["id"]))] = public_key_digest(public_key).hex()
    if vouched != found:
        raise Refused("the keys or certificates are not what the log last said of them")
    return {
        "size": log.tree.size,
        "root": log.tree.root().hex(),
        "checkpoints": checkpoints,
        "keys": len(keys),
        "certificates": len(certificates),
        "public_keys": len(public_keys),
    }


if __name__ == "__main__":
    main(check)
