"""Prints every secret of a Keyreeve vault, in hexadecimal by name, for tests that look where none may be left.

usage: secrets_of_vault.py VAULT PASSPHRASE_FILE
"""

import hashlib
import json

from cryptography.hazmat.primitives.serialization import load_der_private_key
from read_vault import (
    derive,
    main,
    open_vault,
    open_version,
    pae,
    read_header,
    rows,
    slot_key,
    unlock,
    unseal,
    versions_of,
)

# FIPS 203: how long the private key of each parameter set is, and its first part, which is secret.
ML_KEM = {"ml-kem-512": (1632, 768), "ml-kem-768": (2400, 1152), "ml-kem-1024": (3168, 1536)}


def parts_of(algorithm, material):
    """What of a version's material is secret: public halves and names of algorithms are in it too."""
    if algorithm.startswith("rsa-"):
        key = load_der_private_key(material, None).private_numbers()
        numbers = {"p": key.p, "q": key.q, "d": key.d, "dp": key.dmp1, "dq": key.dmq1, "qi": key.iqmp}
        return {name: number.to_bytes((number.bit_length() + 7) // 8, "big") for name, number in numbers.items()}
    if algorithm.startswith("ec-"):
        key = load_der_private_key(material, None)
        return {"scalar": key.private_numbers().private_value.to_bytes((key.key_size + 7) // 8, "big")}
    if algorithm in ML_KEM:
        length, secret = ML_KEM[algorithm]
        return {"dk": material[-length:][:secret], "z": material[-32:]}
    if algorithm in ("ed25519", "x25519") or algorithm.startswith("ml-dsa-"):
        return {"seed": material[-32:]}
    return {"key": material}


def page_mac_key(database_key, vault):
    """SQLCipher's: it authenticates each page. Its salt is the database's, which begins the file."""
    with open(f"{vault}/vault.db", "rb") as file:
        salt = bytes(byte ^ 0x3A for byte in file.read(16))
    return hashlib.pbkdf2_hmac("sha512", database_key, salt, 2, 32)


def secrets(vault, passphrase):
    vault_id, database, material_key = open_vault(vault, passphrase)
    header = json.loads(read_header(vault)[0])
    vault_key, _ = unlock(header, passphrase)
    found = {"passphrase": passphrase.encode(), "VK": vault_key, "MK": material_key}
    for slot in header["slots"]:
        found[f"slot key of {slot['name']}"] = slot_key(header, slot, passphrase)
    for name in ("database", "header-mac", "audit-seal"):
        found[f"{name} key"] = derive(vault_key, f"keyreeve/v1/{name}", vault_id.bytes)
    found["page MAC key"] = page_mac_key(found["database key"], vault)
    sealed = rows(database, "SELECT sealed_audit_key FROM meta")[0][0]
    found["audit key"] = unseal(found["audit-seal key"], pae(b"audit-signing-key", vault_id.bytes), sealed)
    for key in rows(database, "SELECT * FROM keys"):
        for version in versions_of(database, key):
            if version["data_key_digest"] is None:
                continue
            number = version["version"]
            name = f"{key['name']} {number}"
            place = (vault_id.bytes, material_key, key, number)
            found[f"{name} wrapping key"], found[f"{name} DEK"], material = open_version(database, *place)
            for part, value in parts_of(key["algorithm"], material).items():
                found[f"{name} {part}"] = value
    return {name: value.hex() for name, value in found.items() if value is not None}


if __name__ == "__main__":
    main(secrets)
