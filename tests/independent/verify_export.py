"""Verifies an exported audit log (JSON Lines) without Keyreeve and without the vault.

usage: verify_export.py FILE [PUBLIC_KEY_HEX]
"""

import json
import sys

from read_vault import Refused
from transparency import Log, open_checkpoint


def verify(path, expected_key=None):
    with open(path, "rb") as file:
        header = json.loads(file.readline())
        if header["keyreeveAuditExport"] != 1:
            raise Refused("unknown format")
        if expected_key not in (None, header["publicKey"]):
            raise Refused("another key")
        key = bytes.fromhex(header["publicKey"])
        log, covered = Log(), False
        for line in file:
            if not line.endswith(b"\n"):
                raise Refused("cut off")
            covered = line.startswith(b'{"checkpoint":')
            if covered:
                note = json.loads(line)["checkpoint"]
                if open_checkpoint(note, header["vaultId"], key) != (log.tree.size, log.tree.root()):
                    raise Refused("the entries are not those that were signed")
            else:
                log.append(line[:-1])
        if not covered:
            raise Refused("cut off")
    return {"vaultId": header["vaultId"], "size": log.tree.size, "root": log.tree.root().hex()}


if __name__ == "__main__":
    try:
        print(json.dumps(verify(*sys.argv[1:3])))
    except (Refused, KeyError, ValueError) as problem:
        sys.exit(f"refused: {problem}")
