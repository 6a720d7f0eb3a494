"""Opens packages for clouds' key services as these would, and prints a line for each: the key in hexadecimal.

usage: unwrap_byok.py (TARGET METHOD WRAPPING_KEY_PEM PACKAGE)...
"""

import base64
import json
import sys

from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import padding


def unwrap(target, method, key_file, package_file):
    with open(key_file, "rb") as file:
        key = serialization.load_pem_private_key(file.read(), password=None)
    with open(package_file, "rb") as file:
        package = file.read()

    if target == "azure-key-vault":
        transfer = json.loads(package)
        assert set(transfer) == {"schema_version", "header", "ciphertext", "generator"}, transfer
        assert transfer["schema_version"] == "1.0.0", transfer
        assert transfer["header"] == {
            "kid": "https://example.vault.azure.net/keys/kek/1",
            "alg": "dir",
            "enc": "CKM_RSA_AES_KEY_WRAP",
        }, transfer
        text = transfer["ciphertext"]
        assert "=" not in text, text
        package = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    elif target == "transit":
        package = base64.b64decode(package, validate=True)

    sha1 = target == "azure-key-vault" or "sha_1" in method.lower() or "sha1" in method.lower()
    digest = hashes.SHA1() if sha1 else hashes.SHA256()
    with_aes = target in ("azure-key-vault", "transit") or "AES_KEY_WRAP" in method or "aes-256" in method
    oaep = padding.OAEP(padding.MGF1(digest), digest, None)
    size = key.key_size // 8
    if with_aes:
        kek = key.decrypt(package[:size], oaep)
        assert len(kek) == 32, len(kek)
        return keywrap.aes_key_unwrap_with_padding(kek, package[size:])
    assert len(package) == size, len(package)
    return key.decrypt(package, oaep)


arguments = sys.argv[1:]
for at in range(0, len(arguments), 4):
    print(unwrap(*arguments[at : at + 4]).hex())
