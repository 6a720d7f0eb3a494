"""Reads a Keyreeve vault without Keyreeve, from docs/vault-format.md alone.

usage: read_vault.py VAULT PASSPHRASE_FILE [KEY_NAME [VERSION]]

PASSPHRASE_FILE holds a passphrase, or recovery shares one on a line, or a recovery code.

Checks the header's checksum and HMAC, every page and every sealed value. Prints the keys and, where
one is named, its material in hexadecimal. PASSPHRASE_FILE may be `-`, the standard input.
"""

import hashlib
import hmac
import json
import os
import re
import struct
import sys
import unicodedata
import urllib.parse
import uuid

import shamir_mnemonic
import sqlcipher3
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Refused(Exception):
    """Something does not fit."""


def sha256(data):
    return hashlib.sha256(data).digest()


def pae(*parts):
    out = b"\x01" + struct.pack("<Q", len(parts))
    return out + b"".join(struct.pack("<Q", len(part)) + part for part in parts)


def derive(key, label, *context):
    return HKDF(SHA256(), 32, salt=None, info=pae(label.encode(), *context)).derive(key)


def unseal(key, bound_to, sealed):
    if sealed[0] != 1:
        raise Refused("unknown version of sealed bytes")
    return AESGCM(key).decrypt(sealed[1:13], sealed[13:], bound_to)


def u32(number):
    return struct.pack(">I", number)


# ---- The header ---------------------------------------------------------------------------------


def read_header(vault):
    """The newest of the two copies whose checksum is right: its body's bytes and its HMAC."""
    found = []
    for name in ("header.json", "header.backup.json"):
        try:
            with open(os.path.join(vault, name), "rb") as file:
                text = file.read()
        except FileNotFoundError:
            continue
        parts = re.fullmatch(
            rb'\{"body":(\{.*\}),"sha256":"([0-9a-f]{64})","hmac":"([0-9a-f]{64})"\}\n', text, re.S
        )
        if parts is None:
            continue
        body, checksum, mac = parts.groups()
        if hashlib.sha256(body + mac).hexdigest().encode() == checksum:
            found.append((json.loads(body)["sequence"], body, mac))
    if not found:
        raise Refused("no valid header")
    return max(found)[1:]


BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def read_code(text):
    """The 32 bytes of a recovery code; None where it is none."""
    text = re.sub(r"[\s-]", "", text).lower()
    if not text.startswith("krv1") or not set(text[4:]) <= set(BECH32):
        return None
    values = [BECH32.index(c) for c in text[4:]]
    check = 1
    for value in [ord(c) >> 5 for c in "krv"] + [0] + [ord(c) & 31 for c in "krv"] + values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    if check != 0x2BC830A3:
        return None
    bits = "".join(f"{value:05b}" for value in values[:-6])
    return int(bits[:256], 2).to_bytes(32, "big") if len(bits) // 8 == 32 else None


def slot_key(header, slot, typed):
    """The key of a slot from what was typed; None where the slot asks for something else."""
    salt = bytes.fromhex(slot.get("salt", ""))
    if slot["kind"] == "passphrase":
        kdf = slot["kdf"]
        cost = (kdf["timeCost"], kdf["memoryKib"], kdf["lanes"])
        passphrase = unicodedata.normalize("NFC", typed).encode()
        return hash_secret_raw(passphrase, salt, *cost, 32, Type.ID, 0x13)
    if slot["kind"] != "recovery":
        return None
    if slot["recovery"]["form"] == "code":
        secret = read_code(typed)
    else:
        try:
            secret = shamir_mnemonic.combine_mnemonics([line for line in typed.splitlines() if line.strip()])
        except shamir_mnemonic.MnemonicError:
            secret = None
    if secret is None:
        return None
    place = (uuid.UUID(header["vaultId"]).bytes, uuid.UUID(slot["id"]).bytes)
    return derive(secret, "keyreeve/v1/slot/recovery", *place, salt)


def parameters(slot):
    """What a slot's sealing is bound to beside its place, kind and role."""
    salt = bytes.fromhex(slot["salt"])
    if slot["kind"] == "passphrase":
        kdf = slot["kdf"]
        return u32(kdf["memoryKib"]) + u32(kdf["timeCost"]) + u32(kdf["lanes"]), salt
    form = slot["recovery"]
    numbers = struct.pack(">BBH", form.get("shares", 1), form.get("threshold", 1), form.get("set", 0))
    return form["form"].encode(), numbers, salt


def unlock(header, typed):
    """VK and MK (None for an auditor) from the first slot that opens."""
    for slot in header["slots"]:
        key = slot_key(header, slot, typed)
        if key is None:
            continue
        bound_to = pae(
            b"slot-with-pair" if "materialKey" in slot else b"slot",
            uuid.UUID(header["vaultId"]).bytes,
            uuid.UUID(slot["id"]).bytes,
            slot["kind"].encode(),
            slot["role"].encode(),
            *parameters(slot),
        )
        try:
            payload = unseal(key, bound_to, bytes.fromhex(slot["sealed"]))
        except InvalidTag:
            continue
        if "materialKey" in slot:
            return payload[:32], open_pair(header, slot, payload[32:])
        return payload[:32], payload[32:] or None
    raise Refused("it opens no slot")


def open_pair(header, slot, private):
    """MK, which is sealed to the slot's key pair."""
    place = (uuid.UUID(header["vaultId"]).bytes, uuid.UUID(slot["id"]).bytes)
    sealed = bytes.fromhex(slot["materialKey"])
    private = X25519PrivateKey.from_private_bytes(private)
    secret = private.exchange(X25519PublicKey.from_public_bytes(sealed[:32]))
    public = private.public_key().public_bytes_raw()
    key = derive(secret, "keyreeve/v1/slot/material-key", public, sealed[:32], *place)
    role = slot["role"].encode()
    material_key = unseal(key, pae(b"slot-material-key", *place, role), sealed[32:])
    named = derive(material_key, "keyreeve/v1/slot/recipient", *place)
    if unseal(named, pae(b"slot-recipient", *place, role), bytes.fromhex(slot["recipient"])) != public:
        raise Refused("the slot names another recipient")
    return material_key


def settle(database, vault_id, material_key):
    """The MK that the database has: the slot's, or the one that follows it."""
    stored = rows(database, "SELECT value FROM settings WHERE name = 'materialKey'")
    if material_key is None or not stored:
        return material_key
    stored = json.loads(stored[0]["value"])

    def check(key):
        return derive(key, "keyreeve/v1/material-key-check", vault_id).hex() == stored["check"]

    if not check(material_key) and "sealed" in stored:
        key = derive(material_key, "keyreeve/v1/material-key-succession", vault_id)
        material_key = unseal(key, pae(b"next-material-key", vault_id), bytes.fromhex(stored["sealed"]))
    if not check(material_key):
        raise Refused("the header is older than the database's material key")
    return material_key


# ---- The database -------------------------------------------------------------------------------


def open_database(vault, key, mode="ro"):
    path = urllib.parse.quote(os.path.abspath(os.path.join(vault, "vault.db")))
    database = sqlcipher3.connect(f"file:{path}?mode={mode}", uri=True)
    database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    database.execute("PRAGMA cipher_compatibility = 4")
    database.row_factory = sqlcipher3.Row
    if database.execute("PRAGMA application_id").fetchone()[0] != 0x4B525645:
        raise Refused("not a vault's database")
    if database.execute("PRAGMA user_version").fetchone()[0] not in (1, 2, 3, 4, 5):
        raise Refused("unknown schema")
    return database


def rows(database, query, *values):
    return database.execute(query, values).fetchall()


# ---- Keys ---------------------------------------------------------------------------------------


def versions_of(database, key):
    return rows(database, "SELECT * FROM key_versions WHERE key = ? ORDER BY version", key["key"])


def texts(*parts):
    return [None if part is None else part.encode() for part in parts]


def open_version(database, vault_id, material_key, key, version):
    """The key that wraps a version's data key, the data key, and the material."""
    stored = rows(database, "SELECT * FROM key_versions WHERE key = ? AND version = ?", key["key"], version)
    sealed = rows(database, "SELECT * FROM key_sealed WHERE key = ? AND version = ?", key["key"], version)
    if not stored or not sealed:
        raise Refused("there is no such version, or it was destroyed")
    stored, sealed = stored[0], sealed[0]
    if sha256(sealed["data_key"]) != stored["data_key_digest"]:
        raise Refused("another data key")
    if sha256(sealed["material"]) != stored["material_digest"]:
        raise Refused("other material")
    place = (vault_id, key["id"], u32(version))
    bound_to = (*place, *texts(key["purpose"], key["algorithm"]))
    bound_to += (b"exportable" if key["exportable"] else b"not-exportable",)
    wrapping_key = derive(material_key, "keyreeve/v1/data-key-wrap", *place)
    data_key = unseal(wrapping_key, pae(b"data-key", *bound_to), sealed["data_key"])
    return wrapping_key, data_key, unseal(data_key, pae(b"material", *bound_to), sealed["material"])


def open_vault(vault, passphrase):
    """The vault's identifier, its database and MK (None for an auditor)."""
    body, mac = read_header(vault)
    header = json.loads(body)
    if header["format"] != 1:
        raise Refused("unknown format")
    vault_id = uuid.UUID(header["vaultId"])
    vault_key, material_key = unlock(header, passphrase)
    mac_key = derive(vault_key, "keyreeve/v1/header-mac", vault_id.bytes)
    if not hmac.compare_digest(hmac.new(mac_key, body, "sha256").hexdigest().encode(), mac):
        raise Refused("the header was changed")

    database = open_database(vault, derive(vault_key, "keyreeve/v1/database", vault_id.bytes))
    meta = rows(database, "SELECT * FROM meta")[0]
    if meta["vault_id"] != vault_id.bytes:
        raise Refused("the database of another vault")
    return vault_id, database, settle(database, vault_id.bytes, material_key)


def read(vault, passphrase, key_name=None, version=None):
    vault_id, database, material_key = open_vault(vault, passphrase)
    keys = rows(database, "SELECT * FROM keys ORDER BY id")
    result = {
        "vaultId": str(vault_id),
        "keys": [
            {"id": str(uuid.UUID(bytes=key["id"]))}
            | {name: key[name] for name in ("name", "algorithm", "purpose", "state", "primary_version", "revision")}
            | {"versions": [version["state"] for version in versions_of(database, key)]}
            for key in keys
        ],
    }
    if key_name is not None:
        key = next((key for key in keys if key["name"] == key_name), None)
        if key is None or material_key is None:
            raise Refused("no such key, or a slot that reaches no material")
        number = key["primary_version"] if version is None else int(version)
        result["material"] = open_version(database, vault_id.bytes, material_key, key, number)[-1].hex()
    return result


def main(do):
    try:
        with open(0 if sys.argv[2] == "-" else sys.argv[2], encoding="utf-8") as file:
            typed = file.read().removesuffix("\n")
        print(json.dumps(do(sys.argv[1], typed, *sys.argv[3:5]), ensure_ascii=False))
    except Refused as problem:
        sys.exit(f"refused: {problem}")


if __name__ == "__main__":
    main(read)
