"""The audit log as docs/vault-format.md describes it: tree, signed notes, entries.

A second implementation, written from the document and sharing nothing with Keyreeve.
"""

import base64
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from read_vault import Refused, sha256


class Tree:
    """The Merkle tree of RFC 9162 section 2.1, growing: the roots of its perfect subtrees."""

    def __init__(self):
        self.size = 0
        self.subtrees = []  # (number of leaves, root), largest first

    def append(self, entry):
        node = (1, sha256(b"\x00" + entry))
        while self.subtrees and self.subtrees[-1][0] == node[0]:
            leaves, left = self.subtrees.pop()
            node = (2 * leaves, sha256(b"\x01" + left + node[1]))
        self.subtrees.append(node)
        self.size += 1

    def root(self):
        if not self.subtrees:
            return sha256(b"")
        root = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            root = sha256(b"\x01" + left + root)
        return root

    def edge(self):
        return self.size.to_bytes(8, "big") + b"".join(root for _, root in self.subtrees)


def open_note(note, name, public_key):
    """Checks a signed note (c2sp.org/signed-note) and answers its text."""
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise Refused("no signed note")
    text += "\n"
    key_id = sha256(name.encode() + b"\n\x01" + public_key)[:4]
    signed = False
    for line in signatures[:-1].split("\n"):
        dash, signer, blob = line.split(" ")
        blob = base64.b64decode(blob, validate=True)
        if dash != "—":
            raise Refused("no signature line")
        if signer == name and blob[:4] == key_id:
            try:
                Ed25519PublicKey.from_public_bytes(public_key).verify(blob[4:], text.encode())
            except InvalidSignature:
                raise Refused("bad signature") from None
            signed = True
    if not signed:
        raise Refused(f"not signed by {name}")
    return text


def open_checkpoint(note, vault_id, public_key):
    """Checks a checkpoint (c2sp.org/tlog-checkpoint) and answers its size and root."""
    origin = f"keyreeve/{vault_id}"
    lines = open_note(note, origin, public_key).split("\n")
    if len(lines) != 4 or lines[0] != origin or str(int(lines[1])) != lines[1]:
        raise Refused("no checkpoint of this log")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


class Log:
    """A log that is read from its first entry on."""

    def __init__(self):
        self.tree = Tree()
        self.newest = {}  # object -> (sequence number, digest)
        self.time = ""

    def append(self, line):
        entry = json.loads(line)
        if entry["v"] != 1 or entry["seq"] != self.tree.size:
            raise Refused(f"entry {self.tree.size} is not at its place")
        if entry["time"] < self.time:
            raise Refused(f"time goes back at entry {self.tree.size}")
        self.time = entry["time"]
        if entry["objectKind"] in ("key", "certificate", "public_key") and "digest" in entry:
            if entry["action"] in ("certificate.remove", "public_key.remove"):
                self.newest.pop(entry["object"], None)
            else:
                self.newest[entry["object"]] = (entry["seq"], entry["digest"])
        self.tree.append(line)
        return entry
